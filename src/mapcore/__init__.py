"""Territorial proposals for ending Russia's war against Ukraine: derived as map layers, measured, sourced."""

import importlib.metadata
import importlib.util
import sys
from typing import TYPE_CHECKING, Any

from mapcore.analysis.claims import CheckedClaim, Claim, check_claims, check_figure, load_claims
from mapcore.analysis.compare import Comparison, compare, display_changes
from mapcore.analysis.history import (
    AtThisPace,
    ControlChange,
    Pace,
    at_this_pace,
    change_between,
    held_over_time,
    pace_between,
    pace_over,
)
from mapcore.analysis.known_areas import KnownArea, load_known_areas
from mapcore.analysis.line_agreement import agreement, disagreement, spread
from mapcore.analysis.quantities import Quantity, evaluate, quantities
from mapcore.analysis.settlements import load_places, moved_places, places_in
from mapcore.analysis.timeline import Entry, load_timeline
from mapcore.base.errors import (
    BoundariesError,
    ComparisonError,
    CRSMismatchError,
    DataFileError,
    ExportError,
    FetchError,
    LineFileError,
    MapcoreError,
    ParameterError,
    ProposalError,
    TermsError,
    UnknownIdError,
)
from mapcore.base.limits import Limits
from mapcore.land.boundaries import load_oblasts
from mapcore.land.contact_line import Control, draw_control, split_by_holder
from mapcore.land.provenance import Provenance
from mapcore.lines.catalogue import list_controls, load_control
from mapcore.lines.importing import About, Reading, import_bytes, import_file
from mapcore.lines.user_lines import remove_control, save_control
from mapcore.measure.areas import Ledger, Measured, ledger_figure, measure, measure_proposal
from mapcore.measure.likely import LikelyRanges, likely_ranges
from mapcore.measure.ranges import Range
from mapcore.measure.zones import build_zones, display_zones
from mapcore.outside.archive import OpenArchive
from mapcore.outside.archive_forms import open_archive
from mapcore.outside.download_terms import Archive, load_archives
from mapcore.outside.snapshot_download import fetch_control
from mapcore.present.matrix import Matrix, build_matrix
from mapcore.proposals.shipped import Proposal, load_proposal, load_proposals, load_statuses, read_proposal
from mapcore.proposals.writer import to_toml

__all__ = [
    "About",
    "Archive",
    "AtThisPace",
    "BoundariesError",
    "CRSMismatchError",
    "CheckedClaim",
    "Claim",
    "Comparison",
    "ComparisonError",
    "Control",
    "ControlChange",
    "DataFileError",
    "Entry",
    "ExportError",
    "FetchError",
    "KnownArea",
    "Ledger",
    "LikelyRanges",
    "Limits",
    "LineFileError",
    "MapcoreError",
    "Matrix",
    "Measured",
    "OpenArchive",
    "Pace",
    "ParameterError",
    "Proposal",
    "ProposalError",
    "Provenance",
    "Quantity",
    "Range",
    "Reading",
    "TermsError",
    "UnknownIdError",
    "agreement",
    "at_this_pace",
    "build_matrix",
    "build_zones",
    "change_between",
    "check_claims",
    "check_figure",
    "compare",
    "disagreement",
    "display_changes",
    "display_zones",
    "draw_control",
    "evaluate",
    "fetch_control",
    "held_over_time",
    "import_bytes",
    "import_file",
    "ledger_figure",
    "likely_ranges",
    "list_controls",
    "load_archives",
    "load_claims",
    "load_control",
    "load_known_areas",
    "load_oblasts",
    "load_places",
    "load_proposal",
    "load_proposals",
    "load_statuses",
    "load_timeline",
    "measure",
    "measure_proposal",
    "moved_places",
    "open_archive",
    "pace_between",
    "pace_over",
    "places_in",
    "quantities",
    "read_proposal",
    "remove_control",
    "save_control",
    "split_by_holder",
    "spread",
    "to_toml",
]

try:
    __version__ = importlib.metadata.version("mapcore")
except importlib.metadata.PackageNotFoundError:
    __version__ = "not installed"

# A function that has the name of its module hides it; what else is in the module is reached through the function, so
# that `mapcore.spread.agreement` is what it says.
for _function in (compare, quantities, spread):
    _beside = vars(sys.modules[_function.__module__]).items()
    vars(_function).update({_name: _value for _name, _value in _beside if not _name.startswith("_")})

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Load a module when it is first named: `import mapcore` is enough for `mapcore.publish.export.export`."""
        if name.startswith("_") or importlib.util.find_spec(f"{__name__}.{name}") is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return importlib.import_module(f"{__name__}.{name}")
