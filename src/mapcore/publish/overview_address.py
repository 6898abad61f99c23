"""Where a server answers the sheet of all proposals and the small map of one, relative to the dashboard's page."""

from __future__ import annotations

from urllib.parse import urlencode

from mapcore.base.language import language
from mapcore.base.sources import data_version
from mapcore.present.links import View, to_query
from mapcore.present.wording import Units


def sheet(control_id: str, form: str, units: Units) -> str:
    """Return the address of the sheet on a line that the server has, in the language in use."""
    asked = to_query(View(control=control_id, units=units, lang=language()))
    return _address(f"overview/{data_version()}.{form}", asked)


def small_map(control_id: str, proposal_id: str) -> str:
    """Return the address of the small map of a built-in proposal on a line that the server has."""
    return _address(f"overview/{data_version()}/{proposal_id}.png", to_query(View(control=control_id)))


def _address(path: str, query: dict[str, str]) -> str:
    asked = urlencode({key: value for key, value in query.items() if key != "v"})
    return f"{path}?{asked}" if asked else path
