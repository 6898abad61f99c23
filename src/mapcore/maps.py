"""Folium layers: a base map that never changes, and a group per proposal that is exchanged on it."""

from __future__ import annotations

import html
import json
from functools import cache
from typing import Any
from urllib.parse import quote

import folium
import geopandas as gpd
from branca.element import MacroElement
from jinja2 import Template

from mapcore import boundaries
from mapcore.areas import Measured, Range
from mapcore.scenario import Status, load_statuses
from mapcore.schema import MAP_CRS, UNITS
from mapcore.sources import geo_path
from mapcore.theme import HOLDER_WORDS, RECOGNITION_WORDS, REGIME_WORDS, Units, area_text, range_text
from mapcore.zones import display_zones

#: One SVG hatch for land that no army enters; Leaflet draws into one svg per pane.
_HATCH = Template(
    """
    {% macro script(this, kwargs) %}
    var {{ this.get_name() }} = L.layerGroup();
    {{ this.get_name() }}.onAdd = function (map) {
        var svg = map.getPane('overlayPane').querySelector('svg');
        if (!svg || svg.querySelector('#hatch-{{ this.colour }}')) { return; }
        svg.insertAdjacentHTML('afterbegin', '<defs><pattern id="hatch-{{ this.colour }}" width="7" height="7"'
            + ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            + '<rect width="7" height="7" fill="#{{ this.colour }}" fill-opacity="0.25"></rect>'
            + '<rect width="3" height="7" fill="#{{ this.colour }}"></rect></pattern></defs>');
    };
    {% endmacro %}
    """
)


class _Hatch(MacroElement):
    _template = _HATCH

    def __init__(self, colour: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Hatch"
        self.colour = colour.lstrip("#")


def use_local_leaflet(base: str) -> None:
    """
    Make every map load Leaflet from `base`, an address of the app itself, instead of a CDN.

    folium's other default scripts are left out; popups need only a small stand-in for jQuery.
    """
    boot = (
        f"L.Icon.Default.imagePath='{base}images/';"
        "window.$=h=>{const t=document.createElement('template');"
        "t.innerHTML=String(h).trim();return [t.content.firstElementChild]}"
    )
    style = (
        "html,body{margin:0}.leaflet-container{background:#c9d8e2;font:13px/1.4 'Source Sans Pro',Arial,sans-serif}"
        ".leaflet-tooltip{white-space:normal;width:230px}"
    )
    folium.Map.default_js = [("leaflet", f"{base}leaflet.js"), ("boot", f"data:text/javascript,{quote(boot)}")]
    folium.Map.default_css = [("leaflet_css", f"{base}leaflet.css"), ("style", f"data:text/css,{quote(style)}")]


@cache
def _context() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(geo_path("context.geojson").read_text(encoding="utf-8"))
    for index, feature in enumerate(content["features"]):
        feature["id"] = f"context-{index}"
    return content


@cache
def _outlines() -> dict[str, Any]:
    oblasts = boundaries.load_oblasts()[["iso", "geometry"]]
    oblasts["geometry"] = oblasts.simplify_coverage(900)
    content: dict[str, Any] = json.loads(oblasts.to_crs(MAP_CRS).set_index("iso").to_json(drop_id=False))
    return content


def base_map(*, lat: float, lon: float, zoom: int) -> folium.Map:
    """Return the map under every proposal: neighbouring land, Ukraine, its oblasts; no tiles, nothing from outside."""
    drawn = folium.Map([lat, lon], zoom_start=zoom, tiles=None, min_zoom=4, max_zoom=12, zoom_snap=0.5)
    folium.GeoJson(
        _context(),
        control=False,
        interactive=False,
        style_function=lambda _: {"color": "#c3c0b8", "weight": 0.6, "fillColor": "#eceae4", "fillOpacity": 1},
    ).add_to(drawn)
    folium.GeoJson(
        _outlines(),
        control=False,
        style_function=lambda _: {"color": "#b4b4b0", "weight": 0.7, "fillColor": "#f7f7f4", "fillOpacity": 1},
    ).add_to(drawn)
    return drawn


def _style(status: Status) -> dict[str, Any]:
    fill = f"url(#hatch-{status.colour.lstrip('#')})" if status.hatch else status.colour
    quiet = status.id == "retained"
    return {
        "color": "#8d8d89",
        "weight": 0.6,
        "fillColor": fill,
        "fillOpacity": 0 if quiet else 0.92,
    }


def _tooltip(row: Any, measured: Measured, status: Status, units: Units) -> str:
    clause = measured.proposal.clause(row.clause)
    figure = Range(row.area_km2, row.low_km2, row.high_km2)
    lines = [
        f"<b>{html.escape(UNITS[row.oblast])}</b>: {html.escape(status.label)}",
        f"{area_text(row.area_km2, units)} ({range_text(figure, units)}), {row.share_of_oblast:.1%} of the oblast",
        f"Held now by {HOLDER_WORDS[row.held_by]}; after: {HOLDER_WORDS[status.holder]}",
        f"Recognised as: {RECOGNITION_WORDS[status.recognised]}",
        f"Military regime: {REGIME_WORDS[status.regime]}",
    ]
    if clause:
        lines.append(f"Clause {html.escape(clause.id)}: {html.escape(clause.text)}")
    return "<br>".join(lines)


@cache
def zone_features(measured: Measured, units: Units) -> dict[str, Any]:
    """Return the zones of a measured proposal as GeoJSON for a map; each feature has an id, a style and a tooltip."""
    statuses = load_statuses()
    shown = display_zones(measured.zones)
    collection: dict[str, Any] = json.loads(shown[["oblast", "held_by", "status", "geometry"]].to_json())
    for feature, row in zip(collection["features"], shown.itertuples(), strict=True):
        status = statuses[row.status]
        feature["id"] = f"{row.oblast}-{row.held_by}-{row.status}"
        feature["properties"]["tip"] = _tooltip(row, measured, status, units)
        feature["properties"]["style"] = _style(status)
    return collection


@cache
def _border() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        boundaries.load_oblasts().dissolve(method="coverage").simplify(700).boundary.to_crs(MAP_CRS).to_json()
    )
    return content


@cache
def _contact_line(measured: Measured) -> dict[str, Any]:
    line = gpd.GeoSeries([measured.control.line.simplify(300)], crs=boundaries.load_oblasts().crs).to_crs(MAP_CRS)
    content: dict[str, Any] = json.loads(line.to_json())
    return content


def proposal_layer(measured: Measured, *, units: Units) -> folium.FeatureGroup:
    """Return the layers of one proposal, built anew at each call: st_folium renames what it is given."""
    group = folium.FeatureGroup(name="proposal", control=False)
    for status in load_statuses().values():
        if status.hatch:
            group.add_child(_Hatch(status.colour))
    folium.GeoJson(
        zone_features(measured, units),
        control=False,
        style_function=lambda feature: feature["properties"]["style"],
        highlight_function=lambda _: {"weight": 2, "color": "#222"},
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
    ).add_to(group)
    for content, colour, weight in ((_contact_line(measured), "#1c1c1c", 2.2), (_border(), "#2b2b2b", 1.4)):
        folium.GeoJson(
            content,
            control=False,
            interactive=False,
            style_function=lambda _, colour=colour, weight=weight: {"color": colour, "weight": weight, "fill": False},
        ).add_to(group)
    return group
