"""Territorial proposals for ending Russia's war against Ukraine: derived as map layers, measured, sourced."""

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

from mapcore.archive import OpenArchive, Origin, open_archive
from mapcore.archives import Archive, load_archives
from mapcore.areas import Ledger, Measured, Range, ledger_figure, measure, measure_proposal
from mapcore.boundaries import load_oblasts
from mapcore.claims import CheckedClaim, Claim, check_claims, check_figure, load_claims
from mapcore.compare import Comparison, compare, display_changes
from mapcore.control import Control, draw_control, split_by_holder
from mapcore.errors import (
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
from mapcore.fetch import fetch_control
from mapcore.history import (
    AtThisPace,
    Change,
    Pace,
    at_this_pace,
    change_between,
    held_over_time,
    pace_between,
    pace_over,
)
from mapcore.imports import About, Reading, import_bytes, import_file
from mapcore.limits import Limits
from mapcore.matrix import Matrix, build_matrix
from mapcore.places import load_places, moved_places, places_in
from mapcore.proposal_writer import to_toml
from mapcore.quantities import Quantity, evaluate, quantities
from mapcore.ranges import LikelyRanges, likely_ranges
from mapcore.references import Reference, load_references
from mapcore.scenario import Proposal, load_proposal, load_proposals, load_statuses, read_proposal
from mapcore.snapshots import list_controls, load_control
from mapcore.spread import agreement, disagreement, spread
from mapcore.store import remove_control, save_control
from mapcore.timeline import Entry, load_timeline
from mapcore.zones import build_zones, display_zones

__all__ = [
    "About",
    "Archive",
    "AtThisPace",
    "BoundariesError",
    "CRSMismatchError",
    "Change",
    "CheckedClaim",
    "Claim",
    "Comparison",
    "ComparisonError",
    "Control",
    "DataFileError",
    "Entry",
    "ExportError",
    "FetchError",
    "Ledger",
    "LikelyRanges",
    "Limits",
    "LineFileError",
    "MapcoreError",
    "Matrix",
    "Measured",
    "OpenArchive",
    "Origin",
    "Pace",
    "ParameterError",
    "Proposal",
    "ProposalError",
    "Quantity",
    "Range",
    "Reading",
    "Reference",
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
    "load_oblasts",
    "load_places",
    "load_proposal",
    "load_proposals",
    "load_references",
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

# A function that has the name of its module hides it; what else is in the module is reached through the function, so
# that `mapcore.spread.agreement` is what it says.
for _function in (compare, quantities, spread):
    _beside = vars(sys.modules[_function.__module__]).items()
    vars(_function).update({_name: _value for _name, _value in _beside if not _name.startswith("_")})

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Load a module when it is first named: `import mapcore` is enough for `mapcore.export.export`."""
        if name.startswith("_") or importlib.util.find_spec(f"{__name__}.{name}") is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return importlib.import_module(f"{__name__}.{name}")
