"""Territorial proposals for ending Russia's war against Ukraine: derived as map layers, measured, sourced."""

from mapcore.areas import Ledger, Measured, Range, measure, measure_proposal
from mapcore.boundaries import load_oblasts
from mapcore.control import Control, draw_control, list_controls, load_control, split_by_holder
from mapcore.errors import (
    BoundariesError,
    CRSMismatchError,
    DataFileError,
    MapcoreError,
    ParameterError,
    ProposalError,
    UnknownIdError,
)
from mapcore.scenario import Proposal, load_proposal, load_proposals, load_statuses, read_proposal
from mapcore.zones import build_zones, display_zones

__all__ = [
    "BoundariesError",
    "CRSMismatchError",
    "Control",
    "DataFileError",
    "Ledger",
    "MapcoreError",
    "Measured",
    "ParameterError",
    "Proposal",
    "ProposalError",
    "Range",
    "UnknownIdError",
    "build_zones",
    "display_zones",
    "draw_control",
    "list_controls",
    "load_control",
    "load_oblasts",
    "load_proposal",
    "load_proposals",
    "load_statuses",
    "measure",
    "measure_proposal",
    "read_proposal",
    "split_by_holder",
]
