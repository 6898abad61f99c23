"""Folium layers: a base map that never changes, and the zones of one proposal that are exchanged on it."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from branca.element import MacroElement
from folium.map import Layer
from jinja2 import Template

from mapcore.analysis.compare import QUESTIONS, Comparison, Over, display_changes
from mapcore.analysis.known_areas import known_area, to_scale
from mapcore.analysis.settlements import local_names, places_in
from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.geometry import counterclockwise
from mapcore.base.language import cached, language, mark, number_text, percent_text, tr, trn
from mapcore.base.schema import AREA_CRS, MAP_CRS, PLACE
from mapcore.base.sources import data_version
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.measure.areas import Measured
from mapcore.measure.ranges import Range
from mapcore.measure.zones import display_zones
from mapcore.present.difference_classes import ALIKE, OVER_WORDS, classes, row_class, words_of
from mapcore.present.wording import (
    Units,
    area_text,
    figure_text,
    holder_words,
    range_text,
    recognition_words,
    regime_words,
)
from mapcore.proposals import viewer
from mapcore.proposals.shipped import Status, load_statuses

#: The folder of the map's own script and style.
WEB_DIR: Final = Path(__file__).parents[1] / "web"
#: The map's scripts and styles in `WEB_DIR`, in the order in which they are loaded.
MAP_SCRIPTS: Final = (
    "loading", "paint", "scale", "labels", "marks", "view", "together", "access", "gestures", "print", "map",
)  # fmt: skip
MAP_STYLES: Final = ("map", "labels", "gestures", "print")
#: The typeface of names, pages and pictures, rebuilt by `scripts/build_typeface.py`.
TYPEFACE_DIR: Final = WEB_DIR / "typeface"
#: OpenStreetMap's tiles, an extra that the viewer switches on; nothing else comes from outside.
TILES: Final = {
    "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "attribution": mark('&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors'),
}
#: What the map's own buttons and its scale say, and what stands on it while the tiles cannot be reached.
MAP_WORDS: Final = {
    "map": mark(
        "Map of Ukraine. Plus and minus enlarge and reduce it, arrow keys move it; on a piece of land they lead to its "
        "neighbours, and Enter chooses it. The tables on this page carry every figure."
    ),
    "zoom_in": mark("Zoom in"),
    "zoom_out": mark("Zoom out"),
    "two_fingers": mark("Use two fingers to move the map"),
    "ctrl_wheel": mark("Hold Ctrl and scroll to zoom the map"),
    "command_wheel": mark("Hold ⌘ and scroll to zoom the map"),
    "km": mark("km"),
    "m": mark("m"),
    "no_tiles": mark("The background tiles cannot be reached; the map works without them."),
}
#: What the buttons say with which a viewer draws an outline; `{}` stands for a number.
DRAW_WORDS: Final = {
    "start": mark("Draw a zone"),
    "how": mark("Click three corners or more"),
    "corners": mark("Corners: {}"),
    "back": mark("Undo corner"),
    "finish": mark("Finish"),
    "cancel": mark("Cancel"),
}
#: Least population of each size of a place's mark, the largest first; smaller places have the last size.
PLACE_SIZES: Final = (500_000, 100_000, 50_000, 10_000, 2_000, 0)
#: Places whose holder stays Russia are drawn from this population on, or they would hide those that the text moves.
STAYING_FROM: Final = 5_000
#: How many of the places that the text moves have their name written beside them.
_NAMED = 8
#: Degrees that a name takes up on a map of one oblast, and how many moved places are too many to name.
_NAME_LAT, _NAME_LON, _CROWD = 0.06, 0.3, 200
#: Decimals of a degree in display geometry: 4 is about 11 m.
_DIGITS = 4


def use_local_scripts(leaflet: str, gestures: str, web: str) -> None:
    """
    Make every map load Leaflet and mapcore's script from addresses of the app itself, instead of a CDN.

    Parameters
    ----------
    leaflet, gestures, web
        Addresses, ending in a slash, of the folders of Leaflet and of Leaflet.GestureHandling, and of `WEB_DIR`.
    """
    folium.Map.default_js = [
        ("leaflet", f"{leaflet}leaflet.js"),
        ("gestures", f"{gestures}leaflet-gesture-handling.min.js"),
        *((f"mapcore_{name}", f"{web}map/{name}.js") for name in (*MAP_SCRIPTS, "draw")),
    ]
    folium.Map.default_css = [
        ("leaflet_css", f"{leaflet}leaflet.css"),
        *((f"mapcore_{name}_css", f"{web}map/{name}.css") for name in (*MAP_STYLES, "draw")),
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
    """Return shapes in any CRS as GeoJSON, rounded for display, wound as RFC 7946 has them."""
    degrees = shapely.transform(shapes.to_crs(MAP_CRS).to_numpy(), lambda xy: np.round(xy, _DIGITS))
    degrees = counterclockwise(degrees)
    content: dict[str, Any] = json.loads(gpd.GeoSeries(degrees, index=shapes.index, crs=MAP_CRS).to_json())
    for feature in content["features"]:
        feature.pop("bbox", None)
        feature["properties"] = {}
    content.pop("bbox", None)
    return content


@memory.shared
def _labels() -> pd.DataFrame:
    """Return the cities whose names stand on every map: `id`, `name_en`, `name_uk`, `lat`, `lon`, `rank`."""
    return pd.read_csv(geo_path("labels.csv")).rename(columns={"geonameid": "id"})


@cached(maxsize=8)
def base_content() -> dict[str, Any]:
    """
    Return what lies under and over every proposal, as GeoJSON in EPSG:4326.

    Returns
    -------
    content
        `context` (neighbouring land), `outlines` (Ukraine), `border` (its recognised border), `places` (city labels,
        in the language in use).
    """
    country = boundaries.load_oblasts().dissolve(method="coverage").geometry
    outline = country.simplify(700)
    labels = _labels()
    places = [
        {"name": name, "lat": row.lat, "lon": row.lon, "rank": row.rank, "capital": row.name_en == "Kyiv"}
        for name, row in zip(local_names(labels), labels.itertuples(), strict=True)
    ]
    return {
        "context": _collection(gpd.read_file(geo_path("context.geojson")).geometry),
        "outlines": _collection(outline),
        "border": _collection(outline.boundary),
        "places": places,
    }


def status_fills() -> list[dict[str, Any]]:
    """Return the fill of each status for the map's script; land that stays with Ukraine is the ground."""
    return [status.fill.for_map(status.id) for status in load_statuses().values() if status.id != "retained"]


def map_words() -> dict[str, Any]:
    """Return what the map's script says in the language in use, whose code is under ``lang``."""
    counts = {"one": 1, "few": 2, "many": 5}
    return {
        "lang": language(),
        **{key: tr(words) for key, words in MAP_WORDS.items()},
        "mi": {form: trn("mi", "mi", count) for form, count in counts.items()},
        "ft": {form: trn("ft", "ft", count) for form, count in counts.items()},
    }


def place_digits() -> dict[str, dict[str, int]]:
    """Return with how many decimals a link writes each part of a place on the map."""
    return {key: {"digits": part.digits} for key, part in PLACE.items()}


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


def _tooltip(row: Any, status: Status, units: Units) -> str:
    share, oblast = percent_text(row.share_of_oblast, 1), boundaries.oblast_names()[row.oblast]
    lines = [tr("{area}, {share} of {oblast}").format(area=area_text(row.area_km2, units), share=share, oblast=oblast)]
    bounds = figure_text(Range.of(row), units).bounds
    if bounds:
        lines.append(tr("Range: {bounds}").format(bounds=bounds))
    lines += [
        tr("Held now by {holder}").format(holder=holder_words()[row.held_by]),
        tr("Recognised as: {recognition}").format(recognition=recognition_words()[status.recognised]),
        tr("Military regime: {regime}").format(regime=regime_words()[status.regime]),
    ]
    return "<br>".join([f"<b>{html.escape(tr(status.label))}</b>", *map(html.escape, lines)])


def piece_ids(zones: gpd.GeoDataFrame) -> list[str]:
    """
    Return an id for each zone: oblast and present holder, as `links.View.zone` has it, numbered where they recur.

    Rows of `spread.agreement` have the number of lines in place of a holder.
    """
    seen: dict[str, int] = {}
    ids = []
    for oblast, held in zip(zones["oblast"], zones["held_by" if "held_by" in zones else "lines"], strict=True):
        key = f"{oblast}.{held}"
        seen[key] = seen.get(key, 0) + 1
        ids.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return ids


def zone_shapes(measured: Measured) -> dict[str, Any]:
    """
    Return the zones of a measured proposal and its line of contact as GeoJSON in EPSG:4326, each feature with its id.

    The last two features are the light casing of the line of contact and the line itself. Proposals whose zones follow
    oblasts and holders alone share their shapes.
    """
    return _shapes(display_zones(measured.zones), measured.control)


def change_shapes(comparison: Comparison) -> dict[str, Any]:
    """Return the pieces of a comparison and the line of contact, as `zone_shapes` does; often they are the same."""
    return _shapes(display_changes(comparison), comparison.a.control)


def line_shapes(zones: gpd.GeoDataFrame, control: Control, *, before: Control | None = None) -> dict[str, Any]:
    """Return the rows of `spread.agreement` and a line over them, as `zone_shapes` does; an earlier line is dashed."""
    content = _shapes(display_zones(zones), control)
    if before is not None:
        earlier = _collection(gpd.GeoSeries([before.line.simplify(300)], crs=AREA_CRS))["features"][0]
        content["features"].insert(len(zones), earlier | {"id": "earlier"})
    return content


def _shapes(display: gpd.GeoDataFrame, control: Control) -> dict[str, Any]:
    content = _collection(display.geometry)
    for feature, zone_id in zip(content["features"], piece_ids(display), strict=True):
        feature["id"] = zone_id
    line = gpd.GeoSeries([control.line.simplify(300)], crs=AREA_CRS)
    drawn = _collection(line)["features"][0]
    content["features"] += [drawn | {"id": "casing"}, drawn | {"id": "line"}]
    return content


def zone_words(measured: Measured, *, units: Units) -> dict[str, dict[str, str]]:
    """Return the `status` and the escaped tooltip `tip` of each zone, by its id in `zone_shapes`."""
    statuses = load_statuses()
    return {
        zone_id: {"status": row.status, "tip": _tooltip(row, statuses[row.status], units)}
        for zone_id, row in zip(piece_ids(measured.zones), measured.zones.itertuples(), strict=True)
    }


def change_words(comparison: Comparison, over: Over, *, units: Units) -> dict[str, dict[str, Any]]:
    """
    Return the class and the escaped tooltip of each piece of a comparison, by its id in `change_shapes`.

    A piece that A and B treat alike has the status ``alike``; any other brings the fill of its class as `style`.
    """
    found = {(change.a, change.b): change for change in classes(comparison, over)}
    words: dict[str, dict[str, Any]] = {}
    for piece, row in zip(piece_ids(comparison.changes), comparison.changes.itertuples(), strict=True):
        pair = row_class(row, over)
        tip = _change_tip(row, comparison, over, units, alike=pair is None)
        if pair is None:
            words[piece] = {"status": ALIKE, "tip": tip}
        else:
            change = found[pair]
            words[piece] = {"status": change.id, "tip": tip, "style": change.fill.for_map(change.id)}
    return words


def _change_tip(row: Any, comparison: Comparison, over: Over, units: Units, *, alike: bool) -> str:
    place = tr("{oblast}, held now by {holder}").format(
        oblast=boundaries.oblast_names()[row.oblast], holder=holder_words()[row.held_by]
    )
    head = f"<b>{html.escape(place)}</b>"
    if alike:
        answer = words_of("all", row.from_status) if over == "all" else _answer(row, over, "from")
        lines = [tr("A and B alike: {answer}").format(answer=answer), area_text(row.area_km2, units)]
        return "<br>".join([head, *map(html.escape, lines)])
    area, bounds = area_text(row.area_km2, units), range_text(Range.of(row), units)
    lines = [tr("{area} (range {bounds})").format(area=area, bounds=bounds)]
    for letter, side, one in (("A", "from", comparison.a), ("B", "to", comparison.b)):
        status = words_of("all", getattr(row, f"{side}_status"))
        lines.append(f"{letter}, {viewer.title_of(one.proposal)}: {status}")
    for question in QUESTIONS:
        ours, theirs = _answer(row, question, "from"), _answer(row, question, "to")
        if ours != theirs:
            lines.append(f"{tr(OVER_WORDS[question])}: {ours} (A), {theirs} (B)")
    return "<br>".join([head, *map(html.escape, lines)])


def _answer(row: Any, question: Over, side: str) -> str:
    return words_of(question, getattr(row, f"{question}_{side}"))


Fate = Literal["ukraine_leaves", "russia_leaves", "stays_russia"]
#: What becomes of a place under a text, for legends, which look it up with `tr`; places that stay with Ukraine are not
#: drawn.
FATE_WORDS: Final[dict[Fate, str]] = {
    "ukraine_leaves": mark("Ukraine would leave"),
    "russia_leaves": mark("Russia would leave"),
    "stays_russia": mark("Held by Russia, now and after"),
}


def fates(places: pd.DataFrame) -> pd.Series:
    """Return for each row of `places_in` one of `FATE_WORDS`, or nothing for a place that stays with Ukraine."""
    now, moves = places["held_by"], places["moves"]
    fate = pd.Series("", index=places.index, name="fate")
    return (
        fate.mask((now == "ukraine") & moves, "ukraine_leaves")
        .mask((now == "russia") & moves, "russia_leaves")
        .mask((now == "russia") & ~moves, "stays_russia")
    )


def population_text(population: int) -> str:
    """Return a count of people, or say that there is none."""
    return number_text(population) if population else tr("no count")


def place_marks(measured: Measured) -> list[dict[str, Any]]:
    """
    Return the settlements to draw over the zones: each that changes its holder, and the larger ones that Russia keeps.

    Returns
    -------
    marks
        Those that stay first, then the largest first, so that none hides what it is about: `name`, `lat`, `lon`,
        `size` (index of `PLACE_SIZES`), `fate` (of `FATE_WORDS`), `rank` (how early its name is written beside it
        as the map is enlarged, 1 first; 0 for never) and `tip`, lines of plain text for a tooltip.
    """
    places = places_in(measured)
    places = places.assign(fate=fates(places))
    drawn = places[places["moves"] | ((places["fate"] != "") & (places["population"] >= STAYING_FROM))]
    drawn = drawn.sort_values(["moves", "population", "id"], ascending=[True, False, True])
    drawn = drawn.assign(name=local_names(drawn))
    labels = _labels().assign(name=local_names).set_index("name_en")
    ranks = labels["rank"].to_dict()
    labelled = drawn[drawn["name_en"].isin(ranks)].drop_duplicates("name_en")
    # The same letters as on the base, whose own label makes way for this one.
    drawn.loc[labelled.index, "name"] = labelled["name_en"].map(labels["name"])
    named = _apart(labelled, drawn[drawn["moves"]]) if drawn["moves"].sum() < _CROWD else set()
    labelled_ids = set(labelled["id"])
    statuses = load_statuses()
    return [
        {
            "name": row.name,
            "lat": row.lat,
            "lon": row.lon,
            "size": next(size for size, least in enumerate(PLACE_SIZES) if row.population >= least),
            "fate": row.fate,
            "rank": ranks[row.name_en] if row.id in labelled_ids else 3 if row.id in named else 0,
            "tip": _place_tip(row, statuses[row.status]),
        }
        for row in drawn.itertuples()
    ]


def _place_tip(row: Any, status: Status) -> list[str]:
    held = tr("Held now by {holder}; within the line's error") if row.near_line else tr("Held now by {holder}")
    return [
        row.name,
        tr("{oblast} oblast").format(oblast=boundaries.oblast_names()[row.oblast]),
        tr("Pre-war population: {count}").format(count=population_text(row.population)),
        held.format(holder=holder_words()[row.held_by]),
        tr("Under this text: {status}").format(status=tr(status.label)),
    ]


def _apart(labelled: pd.DataFrame, moved: pd.DataFrame) -> set[int]:
    """Return the ids of the largest of the places that a text moves whose names hide neither each other nor others."""
    taken, named = list(zip(labelled["lat"], labelled["lon"], strict=True)), set[int]()
    others = moved[~moved["name_en"].isin(labelled["name_en"])]
    for place, lat, lon in zip(others["id"], others["lat"], others["lon"], strict=True):
        if len(named) < _NAMED and all(abs(lat - y) > _NAME_LAT or abs(lon - x) > _NAME_LON for y, x in taken):
            taken.append((lat, lon))
            named.add(int(place))
    return named


def middle(zones: gpd.GeoDataFrame) -> tuple[float, float]:
    """Return longitude and latitude of the centre of the largest connected part of zones, each rounded for display."""
    parts = gpd.GeoSeries(shapely.get_parts(shapely.union_all(zones.geometry.to_numpy())), crs=zones.crs)
    centre = parts.loc[[parts.area.idxmax()]].centroid.to_crs(MAP_CRS).iloc[0]
    return round(centre.x, _DIGITS), round(centre.y, _DIGITS)


def laid_area(area_id: str, *, lon: float, lat: float) -> dict[str, Any]:
    """Return a reference laid over a point to its published area: `shape` as GeoJSON, and its `name`."""
    return {"name": tr(known_area(area_id).name), "shape": _collection(to_scale(area_id, lon=lon, lat=lat))}


def bounds(zones: gpd.GeoDataFrame, area_id: str = "", *, lon: float, lat: float) -> list[list[float]]:
    """Return the corners around zones, and around a reference laid over a point, each as latitude and longitude."""
    shapes = [zones.geometry.to_crs(MAP_CRS), *([to_scale(area_id, lon=lon, lat=lat)] if area_id else [])]
    west, south, east, north = pd.concat(shapes).total_bounds
    return [[round(south, 2), round(west, 2)], [round(north, 2), round(east, 2)]]


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
    draw
        `DRAW_WORDS` where the viewer may draw an outline.
    """

    places: str = ""
    overlay: str = ""
    fit: list[list[float]] | None = None
    draw: dict[str, str] | None = None


def _laid_over(over: Overlay) -> dict[str, Any]:
    draw = {key: tr(words) for key, words in over.draw.items()} if over.draw else None
    return asdict(over) | {"draw": draw}


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


def line_credit(control: Control) -> str:
    """Return the credit of the line for the corner of the map: that of an imported one in full."""
    if control.origin:
        return tr(control.provenance.attribution)
    return tr("Line of contact: {date}").format(date=control.as_of)


def map_credit(*controls: Control, settlements: bool = False) -> str:
    """Return the credits of what is on the map, in plain text."""
    credited = [tr("Boundaries: Natural Earth"), *dict.fromkeys(map(line_credit, controls))]
    return ". ".join([*credited, tr("Settlements: GeoNames")] if settlements else credited)


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
) -> folium.FeatureGroup:
    """
    Return the group that puts zones on the map; built anew at each call, since st_folium renames it.

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
        Whether the viewer's link names a place, so that the map does not open on the whole country.
    over
        What lies over the zones, if anything.
    together
        The frame's part among several on one page; alone, it writes its place into the link.
    """
    group = folium.FeatureGroup(name="proposal", control=False)
    group.add_child(
        _Show(
            {
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
                **(_laid_over(over) if over else {}),
            }
        )
    )
    return group
