"""The map of a sheet on paper: land, zones with their hatch, recognised border, line of contact, cities, scale bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from pyproj import Transformer

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.geometry import simplify_coverage
from mapcore.base.language import tr
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.base.units import SQ_KM_PER_SQ_MI
from mapcore.land import boundaries
from mapcore.present import map_geometry
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.publish.frame_style import palette
from mapcore.publish.print_layout import drawn_fill, text_width
from mapcore.publish.view_content import Sheet, Theme

#: How much closer than a pixel of a large print vertices may lie, as a distance in metres.
_TOLERANCE_M: Final = 250.0
#: Land around the country that is shown with it, as a share of its width and height; in the east, room for names.
_MARGIN: Final = 0.03
_EAST_MARGIN: Final = 0.085
_KM_PER_MILE: Final = SQ_KM_PER_SQ_MI**0.5


@dataclass(frozen=True)
class Look:
    """
    How a map is drawn: theme, units of the scale bar, size of its words in points, and what fills the frame.

    Attributes
    ----------
    pin
        A settlement to mark: its place in `AREA_CRS` and its name; or nothing.
    focus
        West, south, east and north of the land that the map is framed on, in `AREA_CRS`; None for the whole country.
    """

    theme: Theme = "light"
    units: Units = "km2"
    words: float = 7.5
    focus: tuple[float, float, float, float] | None = None
    pin: tuple[float, float, str] | None = None


@memory.shared
def _base() -> dict[str, Any]:
    """Return what lies under and over every proposal, in `AREA_CRS`."""
    country = boundaries.load_oblasts().to_crs(AREA_CRS).dissolve(method="coverage").geometry.iloc[0]
    country = shapely.simplify(country, _TOLERANCE_M)
    context = gpd.read_file(geo_path("context.geojson")).geometry.to_crs(AREA_CRS).simplify(2 * _TOLERANCE_M)
    return {
        "context": context.to_numpy(),
        "country": country,
        "border": shapely.boundary(country),
    }


def _places() -> list[dict[str, Any]]:
    """Return the city labels in the language in use, each with its `x` and `y` in `AREA_CRS`."""
    places = map_geometry.base_content()["places"]
    east, north = Transformer.from_crs(MAP_CRS, AREA_CRS, always_xy=True).transform(
        [place["lon"] for place in places], [place["lat"] for place in places]
    )
    return [place | {"x": x, "y": y} for place, x, y in zip(places, east, north, strict=True)]


def _path(shape: Any) -> Path:
    """Return a polygon or line of any kind as one path; holes stay holes, since rings are wound as OGC has them."""
    parts = []
    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        parts += [Path(shapely.get_coordinates(ring), closed=part.geom_type == "Polygon") for ring in rings]
    return Path.make_compound_path(*parts)


def _draw(axes: Axes, shapes: Any, order: int, **look: Any) -> None:
    paths = [_path(shapely.normalize(shape)) for shape in shapes if not shape.is_empty]
    axes.add_collection(PathCollection(paths, zorder=order, **look), autolim=False)


def draw_map(axes: Axes, sheet: Sheet, look: Look) -> None:
    """Draw the map of a sheet so that what it is framed on fills the axes; one unit is a metre of `AREA_CRS`."""
    colours, base = palette(look.theme), _base()
    _frame(axes, look.focus or shapely.bounds(base["country"]))
    axes.set_facecolor(colours["sea"])
    for spine in axes.spines.values():
        spine.set(color=colours["edge"], linewidth=0.6)
    _draw(axes, base["context"], 1, facecolor=colours["land"], edgecolor=colours["edge"], linewidth=0.4)
    _draw(axes, [base["country"]], 2, facecolor=colours["ground"], edgecolor="none")
    _zones(axes, sheet, look)
    line = sheet.control.line.simplify(_TOLERANCE_M)
    _draw(axes, [line], 5, facecolor="none", edgecolor=colours["ink"], linewidth=1.7, capstyle="round")
    _draw(axes, [base["border"]], 6, facecolor="none", edgecolor=colours["ink"], linewidth=0.9)
    _cities(axes, look)
    _pin(axes, look)
    _scale(axes, look)
    _viewers_mark(axes, sheet, look)


def _frame(axes: Axes, bounds: Sequence[float]) -> None:
    west, south, east, north = bounds
    west, east = west - (east - west) * _MARGIN, east + (east - west) * _EAST_MARGIN
    across, up = east - west, (north - south) * (1 + 2 * _MARGIN)
    box = axes.get_window_extent()
    ratio = box.width / box.height
    across, up = max(across, up * ratio), max(up, across / ratio)
    middle = ((west + east) / 2, (south + north) / 2)
    axes.set_xlim(middle[0] - across / 2, middle[0] + across / 2)
    axes.set_ylim(middle[1] - up / 2, middle[1] + up / 2)


def _zones(axes: Axes, sheet: Sheet, look: Look) -> None:
    shapes = sheet.shapes
    simple = np.asarray(simplify_coverage(shapes.geometry, tolerance=_TOLERANCE_M))
    for fill, _ in sheet.legend:
        filled = simple[[one == fill for one in shapes["fill"]]]
        _draw(axes, filled, 3, edgecolor="none", **drawn_fill(fill, look.theme))
    _draw(axes, simple, 4, facecolor="none", edgecolor=palette(look.theme)["inner"], linewidth=0.35)


def _cities(axes: Axes, look: Look) -> None:
    colours = palette(look.theme)
    halo = [withStroke(linewidth=2.0, foreground=colours["halo"])]
    taken: list[tuple[float, float, float, float]] = []
    for place in sorted(_places(), key=lambda one: one["rank"]):
        axes.plot(
            place["x"], place["y"], "o", markersize=look.words * 0.36, color=colours["ink"],
            markeredgecolor=colours["halo"], markeredgewidth=0.5, zorder=8,
        )  # fmt: skip
        size, weight = (look.words * 1.08, "bold") if place["rank"] == 1 else (look.words * 0.92, "normal")
        if look.pin and place["name"] == look.pin[2]:
            continue
        room = _room(axes, place, size, weight)
        if not _within(axes, room) or any(_overlap(room, other) for other in taken):
            continue
        taken.append(room)
        axes.annotate(
            place["name"], (place["x"], place["y"]), (look.words * 0.42, look.words * 0.1),
            textcoords="offset points", size=size, weight=weight,
            color=colours["ink"], path_effects=halo, zorder=9, parse_math=False,
        )  # fmt: skip


def _pin(axes: Axes, look: Look) -> None:
    """Draw a ring around the settlement that the map is about, with its name on a plate above."""
    if look.pin is None:
        return
    colours, (x, y, name) = palette(look.theme), look.pin
    for width, colour in ((4.4, colours["halo"]), (2.2, colours["ink"])):
        axes.plot(
            x, y, "o", markersize=look.words * 1.3, markerfacecolor="none", markeredgecolor=colour,
            markeredgewidth=width, zorder=10,
        )  # fmt: skip
    axes.annotate(
        name, (x, y), (0, look.words * 1.35), textcoords="offset points", ha="center", va="bottom",
        size=look.words * 1.25, weight="bold", color=colours["paper"], zorder=11, parse_math=False,
        bbox={"facecolor": colours["ink"], "edgecolor": "none", "pad": 2.5},
    )  # fmt: skip


def _room(axes: Axes, place: Mapping[str, Any], size: float, weight: str) -> tuple[float, float, float, float]:
    """Return the left, lower, right and upper edge of a city's name on the map, in metres."""
    (west, east), box = axes.get_xlim(), axes.get_window_extent()
    metres = (east - west) / box.width * axes.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    wide, high = text_width(place["name"], size, weight) * metres, size * metres
    return place["x"], place["y"] - 0.2 * high, place["x"] + wide + 0.4 * high, place["y"] + 0.9 * high


def _within(axes: Axes, room: tuple[float, float, float, float]) -> bool:
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    return west <= room[0] and room[2] <= east and south <= room[1] and room[3] <= north


def _overlap(ours: tuple[float, float, float, float], theirs: tuple[float, float, float, float]) -> bool:
    return ours[0] < theirs[2] and theirs[0] < ours[2] and ours[1] < theirs[3] and theirs[1] < ours[3]


def _scale(axes: Axes, look: Look) -> None:
    """Draw a bar of 200 km or 100 miles, or less; the projection keeps areas, and lengths to about half a per cent."""
    colours = palette(look.theme)
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    length, word = _bar(east - west, look.units)
    x, y, tick = west + (east - west) * 0.025, south + (north - south) * 0.035, (north - south) * 0.012
    bar = Path([(x, y + tick), (x, y), (x + length, y), (x + length, y + tick)])
    axes.add_collection(
        PathCollection([bar], facecolor="none", edgecolor=colours["ink"], linewidth=1.1, zorder=9), autolim=False
    )
    axes.annotate(
        word, (x + length / 2, y), (0, look.words * 0.3), textcoords="offset points", ha="center",
        size=look.words, color=colours["ink"], zorder=9, parse_math=False,
        path_effects=[withStroke(linewidth=2.0, foreground=colours["halo"])],
    )  # fmt: skip


def _bar(across: float, units: Units) -> tuple[float, str]:
    """Return the length in metres and the words of the longest bar that takes at most a third of the map's width."""
    bars = (
        [(200_000.0, tr("200 km")), (100_000.0, tr("100 km")), (50_000.0, tr("50 km")), (10_000.0, tr("10 km"))]
        if units == "km2"
        else [
            (100_000 * _KM_PER_MILE, tr("100 miles")),
            (50_000 * _KM_PER_MILE, tr("50 miles")),
            (10_000 * _KM_PER_MILE, tr("10 miles")),
        ]
    )
    return next((bar for bar in bars if bar[0] <= across / 3), bars[-1])


def _viewers_mark(axes: Axes, sheet: Sheet, look: Look) -> None:
    """Write on the map itself that it shows a viewer's own proposal, since a map is cut out of its page."""
    if not sheet.viewers_mark:
        return
    colours = palette(look.theme)
    axes.annotate(
        tr(viewer.MARK), (0, 1), (look.words * 0.9, -look.words * 0.9), xycoords="axes fraction",
        textcoords="offset points", va="top", size=look.words * 1.25, weight="bold", color=colours["ink"], zorder=10,
        parse_math=False, bbox={"facecolor": colours["paper"], "edgecolor": colours["ink"], "linewidth": 0.8},
    )  # fmt: skip
