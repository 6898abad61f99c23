"""Folium layers: a base map that never changes, and the zones of one proposal that are exchanged on it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import folium
from branca.element import MacroElement
from folium.map import Layer
from jinja2 import Template

from mapcore.base.language import mark, tr
from mapcore.base.sources import data_version
from mapcore.land.contact_line import Control
from mapcore.present.map_settings import map_credit, map_words, place_digits, status_fills

#: OpenStreetMap's tiles, an extra that the viewer switches on; nothing else comes from outside.
TILES: Final = {
    "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "attribution": mark('&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors'),
}


class _Start(MacroElement):
    """Calls the map's script once, with what the base consists of."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "mapcore.start({{ this._parent.get_name() }}, {{ this.options|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Start"
        self.options = dict(options)


class _Show(Layer):
    """Asks the map's script to show the zones at an address; the layer itself stays empty."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = L.layerGroup(); mapcore.show({{ this.options|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(name="zones", control=False)
        self._name = "Show"
        self.options = dict(options)


def base_map(url: str) -> folium.Map:
    """
    Return the map under every proposal; no tiles, nothing from outside.

    Its script is the same for every viewer of one language and every proposal, so that the frame is only made anew
    when the language changes.

    Parameters
    ----------
    url
        Where the browser finds `base_content`.
    """
    drawn = folium.Map([48.4, 31.2], zoom_start=6, tiles=None, min_zoom=3, max_zoom=14, zoom_snap=0.25, zoom_delta=1)
    drawn.add_child(_Start({"url": url, "statuses": status_fills(), "words": map_words(), "place": place_digits()}))
    return drawn


@dataclass(frozen=True)
class Overlay:
    """
    What a page lays over the zones.

    Attributes
    ----------
    places, overlay
        Where the browser finds `place_marks` and `laid_area`, or nothing.
    fit
        The corners of what the map shows unless the viewer has moved it; None for the whole country.
    whole
        Whether the map opens on the whole country all the same.
    legend
        Whether the page has its legend over the left of the map.
    draw
        What `map_settings.draw_options` returns, where the viewer may draw an outline.
    found
        The settlement that the viewer searched for, as `place_frame.on_map` has it.
    """

    places: str = ""
    overlay: str = ""
    fit: list[list[float]] | None = None
    whole: bool = False
    legend: bool = False
    draw: Mapping[str, Any] | None = None
    found: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Together:
    """
    A frame's part among several on one page.

    Attributes
    ----------
    channel
        The name that the frames share; their views follow each other.
    writes
        Whether this frame leads at first and writes the place on the map into the link; one of them does.
    """

    channel: str
    writes: bool


def _tiles() -> dict[str, str]:
    credited = TILES["attribution"]
    return {**TILES, "attribution": tr(credited)}


def zones_shown(
    shapes_url: str,
    words_url: str,
    *controls: Control,
    name: str,
    theme: str,
    title: str = "",
    zone: str = "",
    tiles: bool = False,
    placed: bool = False,
    over: Overlay | None = None,
    together: Together | None = None,
) -> dict[str, Any]:
    """
    Return what the map's script is to show, as `shown_group` and the script take it.

    Parameters
    ----------
    shapes_url, words_url
        Where the browser finds `zone_shapes` and `zone_words`, or those of changes.
    controls
        The line on the map, and further lines that the shapes come from: each is credited.
    name
        What is shown, such as a proposal's id; the frame's page bears it once it is drawn.
    theme
        ``light`` or ``dark``.
    title
        What is shown in words, for a reader who does not see it.
    zone
        Id of the zone to mark, or nothing.
    tiles
        Whether to show background tiles from outside.
    placed
        Whether the viewer's link names a place, at which the map then opens.
    over
        What lies over the zones, if anything.
    together
        The frame's part among several on one page; alone, it writes its place into the link.
    """
    return {
        "shapes": shapes_url,
        "words": words_url,
        "name": name,
        "title": title,
        "theme": theme,
        "zone": zone,
        "tiles": _tiles() if tiles else None,
        "placed": placed,
        "version": data_version(),
        "attribution": html.escape(map_credit(*controls, settlements=bool(over and over.places))),
        "channel": together.channel if together else "",
        "writes": together is None or together.writes,
        **(asdict(over) if over else {}),
    }


def shown_group(options: Mapping[str, Any]) -> folium.FeatureGroup:
    """Return the group that has the map's script show what `zones_shown` says."""
    group = folium.FeatureGroup(name="proposal", control=False)
    group.add_child(_Show(options))
    return group
