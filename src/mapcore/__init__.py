"""Territorial proposals for ending Russia's war against Ukraine: derived as map layers, measured, sourced."""

from mapcore.areas import Ledger, Measured, Range, measure, measure_proposal
from mapcore.boundaries import load_oblasts
from mapcore.claims import CheckedClaim, Claim, check_claims, check_figure, load_claims
from mapcore.compare import Comparison, compare, display_changes
from mapcore.control import Control, draw_control, list_controls, load_control, split_by_holder
from mapcore.errors import (
    BoundariesError,
    ComparisonError,
    CRSMismatchError,
    DataFileError,
    MapcoreError,
    ParameterError,
    ProposalError,
    UnknownIdError,
)
from mapcore.matrix import Matrix, build_matrix
from mapcore.places import load_places, moved_places, places_in
from mapcore.proposal_writer import to_toml
from mapcore.quantities import Quantity, evaluate, quantities
from mapcore.references import Reference, load_references
from mapcore.scenario import Proposal, load_proposal, load_proposals, load_statuses, read_proposal
from mapcore.timeline import Entry, load_timeline
from mapcore.zones import build_zones, display_zones

__all__ = [
    "BoundariesError",
    "CRSMismatchError",
    "CheckedClaim",
    "Claim",
    "Comparison",
    "ComparisonError",
    "Control",
    "DataFileError",
    "Entry",
    "Ledger",
    "MapcoreError",
    "Matrix",
    "Measured",
    "ParameterError",
    "Proposal",
    "ProposalError",
    "Quantity",
    "Range",
    "Reference",
    "UnknownIdError",
    "build_matrix",
    "build_zones",
    "check_claims",
    "check_figure",
    "compare",
    "display_changes",
    "display_zones",
    "draw_control",
    "evaluate",
    "list_controls",
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
    "places_in",
    "quantities",
    "read_proposal",
    "split_by_holder",
    "to_toml",
]
