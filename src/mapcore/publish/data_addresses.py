"""Where a view's figures and shapes are answered for programs: the API's files, by media type."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from mapcore.base.data_files import shipped_controls
from mapcore.present.links import View
from mapcore.proposals import viewer


def of_view(view: View, base: str = "") -> dict[str, str]:
    """
    Return the address of each file of a view of shipped proposals on a shipped line, by its media type.

    Nothing where a viewer's own proposal is shown, or a line that is not passed on.

    Parameters
    ----------
    base
        The dashboard's address with a slash at its end; without one the addresses are relative to it.
    """
    shown = {view.proposal, view.compare} if view.page == "compare" else {view.proposal}
    if view.page == "own" or viewer.LINK_ID in shown or view.control not in shipped_controls():
        return {}
    query = {"proposal": view.proposal, "control": view.control, "lang": view.lang, **_numbers(view.parameters)}
    resource = "areas"
    if view.page == "compare":
        resource, query = "compare", query | {"compare": view.compare, **_numbers(view.compare_parameters)}
        query |= {"question": view.question} if view.question != "all" else {}
    asked = urlencode(query)
    return {
        media: f"{base}api/v1/{name}.{ending}?{asked}"
        for media, name, ending in (
            ("text/csv", resource, "csv"),
            ("application/json", resource, "json"),
            ("application/geo+json", "zones", "geojson"),
        )
    }


def _numbers(parameters: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{value:g}" for name, value in parameters.items()}
