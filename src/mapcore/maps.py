"""Folium layers: a base map that never changes, and the zones of one proposal that are exchanged on it."""

from __future__ import annotations

import csv
import html
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import folium
import geopandas as gpd
import numpy as np
import shapely
from branca.element import MacroElement
from folium.map import Layer
from jinja2 import Template

from mapcore import boundaries
from mapcore.areas import Measured, Range
from mapcore.scenario import Status, load_statuses
from mapcore.schema import AREA_CRS, MAP_CRS
from mapcore.sources import data_version, geo_path
from mapcore.theme import HOLDER_WORDS, RECOGNITION_WORDS, REGIME_WORDS, Units, area_text, range_text
from mapcore.zones import display_zones

#: The folder of the map's own script and style.
WEB_DIR: Final = Path(__file__).parent / "web"
#: OpenStreetMap's tiles, an extra that the viewer switches on; nothing else comes from outside.
TILES: Final = {
    "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "attribution": '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors',
}
#: What the buttons say with which a viewer draws an outline; `{}` stands for a number.
DRAW_WORDS: Final = {
    "start": "Draw a zone",
    "how": "Click three corners or more",
    "corners": "{} corners",
    "back": "Undo corner",
    "finish": "Finish",
    "cancel": "Cancel",
}
#: Decimals of a degree in display geometry: 4 is about 11 m.
_DIGITS = 4


def use_local_scripts(leaflet: str, web: str) -> None:
    """
    Make every map load Leaflet and mapcore's script from addresses of the app itself, instead of a CDN.

    Parameters
    ----------
    leaflet, web
        Addresses, ending in a slash, of the folder of Leaflet and of `WEB_DIR`.
    """
    images = f"L.Icon.Default.imagePath='{leaflet}images/';"
    folium.Map.default_js = [
        ("leaflet", f"{leaflet}leaflet.js"),
        ("images", f"data:text/javascript,{quote(images)}"),
        ("mapcore", f"{web}map.js"),
        ("mapcore_draw", f"{web}draw.js"),
    ]
    folium.Map.default_css = [
        ("leaflet_css", f"{leaflet}leaflet.css"),
        ("mapcore_css", f"{web}map.css"),
        ("mapcore_draw_css", f"{web}draw.css"),
    ]


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


def _collection(shapes: gpd.GeoSeries) -> dict[str, Any]:
    """Return shapes in any CRS as GeoJSON, rounded for display."""
    degrees = shapely.transform(shapes.to_crs(MAP_CRS).to_numpy(), lambda xy: np.round(xy, _DIGITS))
    content: dict[str, Any] = json.loads(gpd.GeoSeries(degrees, index=shapes.index, crs=MAP_CRS).to_json())
    for feature in content["features"]:
        feature.pop("bbox", None)
        feature["properties"] = {}
    content.pop("bbox", None)
    return content


@cache
def base_content() -> dict[str, Any]:
    """
    Return what lies under and over every proposal, as GeoJSON in EPSG:4326.

    Returns
    -------
    content
        `context` (neighbouring land), `outlines` (Ukraine), `border` (its recognised border), `places` (city labels).
    """
    country = boundaries.load_oblasts().dissolve(method="coverage").geometry
    outline = country.simplify(700)
    with geo_path("labels.csv").open(encoding="utf-8", newline="") as rows:
        places = [
            {
                "name": row["name_en"],
                "lat": float(row["lat"]),
                "lon": float(row["lon"]),
                "rank": int(row["rank"]),
                "capital": row["name_en"] == "Kyiv",
            }
            for row in csv.DictReader(rows)
        ]
    return {
        "context": _collection(gpd.read_file(geo_path("context.geojson")).geometry),
        "outlines": _collection(outline),
        "border": _collection(outline.boundary),
        "places": places,
    }


def base_map(url: str) -> folium.Map:
    """
    Return the map under every proposal; no tiles, nothing from outside.

    Its script is the same for every viewer and proposal, so that the frame is never made anew.

    Parameters
    ----------
    url
        Where the browser finds `base_content`.
    """
    drawn = folium.Map([48.4, 31.2], zoom_start=6, tiles=None, min_zoom=3, max_zoom=14, zoom_snap=0.25, zoom_delta=1)
    statuses = [
        {"id": status.id, "colour": status.colour, "colour_dark": status.colour_dark, "hatch": status.hatch}
        for status in load_statuses().values()
        if status.id != "retained"
    ]
    drawn.add_child(_Start({"url": url, "statuses": statuses}))
    return drawn


def _tooltip(row: Any, measured: Measured, status: Status, units: Units) -> str:
    figure = Range(row.area_km2, row.low_km2, row.high_km2)
    share = f"{row.share_of_oblast:.1%} of {html.escape(oblast_names()[row.oblast])}"
    lines = [
        f"<b>{html.escape(status.label)}</b>",
        f"{area_text(row.area_km2, units)}, {share}",
    ]
    if round(figure.low) != round(figure.high):
        lines.append(f"Range: {range_text(figure, units)}")
    lines += [
        f"Held now by {HOLDER_WORDS[row.held_by]}; under this text by {HOLDER_WORDS[status.holder]}",
        f"Recognised as: {RECOGNITION_WORDS[status.recognised]}",
        f"Military regime: {REGIME_WORDS[status.regime]}",
    ]
    if row.clause:
        lines.append(f"Clause {html.escape(row.clause)} of: {html.escape(measured.proposal.title)}")
    return "<br>".join(lines)


@cache
def oblast_names() -> dict[str, str]:
    """Return the English name of each first-level unit by its ISO code."""
    oblasts = boundaries.load_oblasts()
    return dict(zip(oblasts["iso"], oblasts["name_en"], strict=True))


def _ids(measured: Measured) -> list[str]:
    """Return an id for each zone: oblast and present holder, as `links.View.zone` has it, numbered where they recur."""
    seen: dict[str, int] = {}
    ids = []
    for row in measured.zones.itertuples():
        key = f"{row.oblast}.{row.held_by}"
        seen[key] = seen.get(key, 0) + 1
        ids.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return ids


def zone_shapes(measured: Measured) -> dict[str, Any]:
    """
    Return the zones of a measured proposal and its line of contact as GeoJSON in EPSG:4326, each feature with its id.

    The last feature is the line of contact. Proposals whose zones follow oblasts and holders alone share
    their shapes.
    """
    content = _collection(display_zones(measured.zones).geometry)
    for feature, zone_id in zip(content["features"], _ids(measured), strict=True):
        feature["id"] = zone_id
    line = gpd.GeoSeries([measured.control.line.simplify(300)], crs=AREA_CRS)
    content["features"].append(_collection(line)["features"][0] | {"id": "line"})
    return content


def zone_words(measured: Measured, *, units: Units) -> dict[str, dict[str, str]]:
    """Return the `status` and the escaped tooltip `tip` of each zone, by its id in `zone_shapes`."""
    statuses = load_statuses()
    return {
        zone_id: {"status": row.status, "tip": _tooltip(row, measured, statuses[row.status], units)}
        for zone_id, row in zip(_ids(measured), measured.zones.itertuples(), strict=True)
    }


def zone_download(measured: Measured) -> dict[str, Any]:
    """
    Return the zones of a measured proposal at full precision as GeoJSON in EPSG:4326, for a reader's own use.

    Each feature has its oblast, present holder, status, clause, areas in km² and share; the collection says which
    proposal, parameters, line of contact, data version, attribution and licence it comes from.
    """
    content: dict[str, Any] = json.loads(measured.zones.to_crs(MAP_CRS).to_json())
    control = measured.control
    content["mapcore"] = {
        "proposal": measured.proposal.id,
        "title": measured.proposal.title,
        "parameters": dict(measured.parameters),
        "control": control.id,
        "line_error_km": control.error_km,
        "data_version": data_version(),
        "attribution": f"{control.attribution}. Boundaries: Natural Earth (public domain)",
        "licence": control.licence,
    }
    return content


def zones_shown(
    shapes_url: str,
    words_url: str,
    measured: Measured,
    *,
    theme: str,
    zone: str = "",
    tiles: bool = False,
    draw: Mapping[str, str] | None = None,
) -> folium.FeatureGroup:
    """
    Return the group that puts zones on the map; built anew at each call, since st_folium renames it.

    Parameters
    ----------
    shapes_url, words_url
        Where the browser finds `zone_shapes` and `zone_words`.
    theme
        ``light`` or ``dark``.
    zone
        Id of the zone to mark, or nothing.
    tiles
        Whether to show background tiles from outside.
    draw
        `DRAW_WORDS` where the viewer may draw an outline.
    """
    group = folium.FeatureGroup(name="proposal", control=False)
    group.add_child(
        _Show(
            {
                "shapes": shapes_url,
                "words": words_url,
                "name": measured.proposal.id,
                "theme": theme,
                "zone": zone,
                "tiles": TILES if tiles else None,
                "draw": dict(draw) if draw else None,
                "version": data_version(),
                "attribution": html.escape(f"Boundaries: Natural Earth. Line of contact: {measured.control.as_of}"),
            }
        )
    )
    return group
