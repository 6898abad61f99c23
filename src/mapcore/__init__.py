"""Territorial proposals for ending Russia's war against Ukraine: derived as map layers, measured, sourced."""

from mapcore.areas import Ledger, Measured, Range, measure, measure_proposal
from mapcore.boundaries import load_oblasts
from mapcore.control import Control, list_controls, load_control
from mapcore.errors import MapcoreError
from mapcore.scenario import Proposal, load_proposal, load_proposals, load_statuses
from mapcore.zones import build_zones, display_zones

__all__ = [
    "Control",
    "Ledger",
    "MapcoreError",
    "Measured",
    "Proposal",
    "Range",
    "build_zones",
    "display_zones",
    "list_controls",
    "load_control",
    "load_oblasts",
    "load_proposal",
    "load_proposals",
    "load_statuses",
    "measure",
    "measure_proposal",
]
