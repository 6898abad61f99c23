"""The map of a sheet on paper: land, zones with their hatch, recognised border, line of contact, cities, scale bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.geometry import simplify_coverage
from mapcore.base.language import tr
from mapcore.base.schema import AREA_CRS
from mapcore.base.units import SQ_KM_PER_SQ_MI
from mapcore.land import boundaries
from mapcore.present.rivers import load_rivers
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.publish.frame_style import palette
from mapcore.publish.print_layout import drawn_fill, halo_text, text_width
from mapcore.publish.print_names import draw_names, metres_a_point
from mapcore.publish.view_content import Extent, Sheet, Theme

#: How much closer than a pixel of a large print vertices may lie, and of a small map, in metres.
_TOLERANCE_M: Final = 250.0
_SMALL_TOLERANCE_M: Final = 1_500.0
#: Land around the country that is shown with it, as a share of its width and height; in the east, room for names.
_MARGIN: Final = 0.03
_EAST_MARGIN: Final = 0.085
#: Further than this from any neighbour's land the border is the coast.
_COAST_M: Final = 4_000.0
#: The small map of the country: its width and height as shares of the map's width, and its distance from the edges.
_LOCATOR: Final = (0.2, 0.145, 0.012)
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
        The land that the map is framed on, with a small map of the country in its corner; None for the whole country.
    names
        Whether settlements are named; a small map has room for none.
    """

    theme: Theme = "light"
    units: Units = "km2"
    words: float = 7.5
    focus: Extent | None = None
    names: bool = True
    pin: tuple[float, float, str] | None = None

    @property
    def tolerance(self) -> float:
        """How much closer than a pixel of its print vertices may lie, in metres."""
        return _TOLERANCE_M if self.names else _SMALL_TOLERANCE_M


@memory.shared(maxsize=2)
def _base(tolerance: float = _TOLERANCE_M) -> dict[str, Any]:
    """Return what lies under and over every proposal, in `AREA_CRS`, without what is smaller than that many metres."""
    country = boundaries.load_oblasts().to_crs(AREA_CRS).dissolve(method="coverage").geometry.iloc[0]
    country = shapely.simplify(country, tolerance)
    context = gpd.read_file(geo_path("context.geojson")).geometry.to_crs(AREA_CRS).simplify(2 * tolerance)
    rivers = load_rivers()
    courses = rivers.geometry.to_crs(AREA_CRS).simplify(tolerance).to_numpy()
    border = shapely.boundary(country)
    neighbours = shapely.buffer(shapely.union_all(context.to_numpy()), _COAST_M)
    return {
        "context": context.to_numpy(),
        "country": country,
        "rivers": courses[rivers["rank"] == 1],
        "streams": courses[rivers["rank"] > 1],
        "border": shapely.intersection(border, neighbours),
        "coast": shapely.difference(border, neighbours),
    }


def _path(shape: Any) -> Path:
    """Return a polygon or line of any kind as one path; holes stay holes, since rings are wound as OGC has them."""
    parts = []
    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        parts += [Path(shapely.get_coordinates(ring), closed=part.geom_type == "Polygon") for ring in rings]
    return Path.make_compound_path(*parts)


def _draw(axes: Axes, shapes: Any, order: float, layer: str, **look: Any) -> None:
    paths = [_path(shapely.normalize(shape)) for shape in shapes if not shape.is_empty]
    axes.add_collection(PathCollection(paths, zorder=order, gid=layer, **look), autolim=False)


def draw_map(axes: Axes, sheet: Sheet, look: Look) -> None:
    """Draw the map of a sheet so that what it is framed on fills the axes; one unit is a metre of `AREA_CRS`."""
    colours = palette(look.theme)
    _frame(axes, look.focus or shapely.bounds(_base()["country"]))
    axes.set_facecolor(colours["sea"])
    for spine in axes.spines.values():
        spine.set(color=colours["edge"], linewidth=0.6)
    _land(axes, sheet, look)
    taken = [_scale(axes, look)] if look.names else []
    if look.focus and look.names:
        taken.append(_locator(axes, sheet, look))
    if look.names:
        named = look.pin[2] if look.pin else ""
        taken += _pin(axes, look)
        draw_names(
            axes, sheet, words=look.words, zoomed=bool(look.focus), border=_base()["border"], taken=taken,
            left_out=named, colours=colours,
        )  # fmt: skip
    _viewers_mark(axes, sheet, look)


def _land(axes: Axes, sheet: Sheet, look: Look) -> None:
    """Draw the neighbours, the country, its zones, its border and the line of contact."""
    colours, base = palette(look.theme), _base(look.tolerance)
    thin = 1.0 if look.names else 0.6
    ink, bare = colours["ink"], {"facecolor": "none", "capstyle": "round"}
    _draw(axes, base["context"], 1, "neighbours|", facecolor=colours["land"], edgecolor=colours["edge"], linewidth=0.4)
    _draw(axes, [base["country"]], 2, "country|", facecolor=colours["ground"], edgecolor="none")
    _zones(axes, sheet, look)
    water = {"edgecolor": colours["water"], "alpha": 0.8, **bare}
    _draw(axes, base["rivers"], 4, "rivers|", linewidth=0.7 * thin, **water)
    if look.names:
        _draw(axes, base["streams"], 4, "rivers|", linewidth=0.45, **water)
    _draw(axes, [base["coast"]], 5, "coast|", edgecolor=ink, linewidth=0.4 * thin, **bare)
    _draw(axes, [base["border"]], 5, "recognised-border|", edgecolor=ink, linewidth=0.9 * thin, **bare)
    line = sheet.control.line.simplify(look.tolerance)
    _draw(axes, [line], 6, "line-of-contact|", edgecolor=colours["halo"], linewidth=3.0 * thin, **bare)
    _draw(axes, [line], 6, "line-of-contact|", edgecolor=ink, linewidth=1.8 * thin, **bare)


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


@memory.kept(maxsize=32)
def _simplified(shapes: tuple[BaseGeometry, ...], tolerance: float) -> NDArray[np.object_]:
    """Return pieces of land as a map shows them, once for every language and size in which they are drawn."""
    return np.asarray(simplify_coverage(gpd.GeoSeries(shapes, crs=AREA_CRS), tolerance=tolerance))


def _zones(axes: Axes, sheet: Sheet, look: Look) -> None:
    shapes = sheet.shapes
    simple = _simplified(tuple(shapes.geometry), look.tolerance)
    for fill, figure in sheet.legend:
        filled = simple[[piece_fill == fill for piece_fill in shapes["fill"]]]
        _draw(axes, filled, 3, f"zones|{figure.label}", edgecolor="none", **drawn_fill(fill, look.theme))
    _draw(axes, simple, 4, "oblasts|", facecolor="none", edgecolor=palette(look.theme)["inner"], linewidth=0.35)


@memory.kept(maxsize=32)
def _joined(shapes: tuple[BaseGeometry, ...]) -> BaseGeometry:
    """Return pieces of land as one, near enough to see where a map has least of it."""
    joined: BaseGeometry = shapely.union_all(shapely.simplify(list(shapes), 2_000))
    return joined


def _locator(axes: Axes, sheet: Sheet, look: Look) -> Polygon:
    """Draw a small map of the country with the part that is shown, where the map has least; return its room."""
    colours = palette(look.theme)
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    wide, high, gap = ((east - west) * share for share in _LOCATOR)
    corners = [(x, y) for y in (north - gap - high, south + gap) for x in (west + gap, east - gap - wide)]
    # The bar of the scale stands in the last one.
    rooms = [shapely.box(x, y, x + wide, y + high) for x, y in corners[:3]]
    filled = _joined(tuple(sheet.shapes.geometry[sheet.shapes["fill"].notna()]))
    least = [(shapely.area(shapely.intersection(filled, room)), place) for place, room in enumerate(rooms)]
    x, y, *_ = rooms[min(least)[1]].bounds
    small = axes.inset_axes((x, y, wide, high), transform=axes.transData, zorder=9.5, gid="locator|")
    small.set_xticks([])
    small.set_yticks([])
    small.set_facecolor(colours["paper"])
    for spine in small.spines.values():
        spine.set(color=colours["edge"], linewidth=0.6)
    _frame(small, shapely.bounds(_base()["country"]))
    _draw(small, [_base()["country"]], 1, "locator-country|", facecolor=colours["land"], edgecolor="none")
    _draw(small, [_base()["country"]], 3, "locator-border|", facecolor="none", edgecolor=colours["ink"], linewidth=0.5)
    within = (*small.get_xlim(), *small.get_ylim())
    edge = 0.02 * (within[1] - within[0])
    room = shapely.box(within[0] + edge, within[2] + edge, within[1] - edge, within[3] - edge)
    shown = shapely.intersection(shapely.box(west, south, east, north), room)
    _draw(small, [shown], 4, "locator-part|", facecolor="none", edgecolor=colours["ink"], linewidth=1.3)
    return shapely.box(x, y, x + wide, y + high)


def _pin(axes: Axes, look: Look) -> list[Polygon]:
    """Draw a ring around the settlement that the map is about, with its name on a plate above; return their room."""
    if look.pin is None:
        return []
    colours, (x, y, name) = palette(look.theme), look.pin
    for width, colour in ((4.4, colours["halo"]), (2.2, colours["ink"])):
        axes.plot(
            x, y, "o", markersize=look.words * 1.3, markerfacecolor="none", markeredgecolor=colour,
            markeredgewidth=width, zorder=10, gid="place|",
        )  # fmt: skip
    axes.annotate(
        name, (x, y), (0, look.words * 1.35), textcoords="offset points", ha="center", va="bottom",
        size=look.words * 1.25, weight="bold", color=colours["paper"], zorder=11, parse_math=False, gid="place|",
        bbox={"facecolor": colours["ink"], "edgecolor": "none", "pad": 2.5},
    )  # fmt: skip
    metres = look.words * metres_a_point(axes)
    across = 1.25 * text_width(name, 1, "bold") * metres + 5
    return [shapely.box(x - across / 2, y - 0.8 * metres, x + across / 2, y + 3.2 * metres)]


def _scale(axes: Axes, look: Look) -> Polygon:
    """
    Draw a bar of 200 km or 100 miles, or less, and return its room.

    The projection keeps areas, and lengths to about half a per cent.
    """
    colours = palette(look.theme)
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    length, word = _bar(east - west, look.units)
    x, y, tick = east - (east - west) * 0.025 - length, south + (north - south) * 0.035, (north - south) * 0.012
    bar = Path([(x, y + tick), (x, y), (x + length, y), (x + length, y + tick)])
    axes.add_collection(
        PathCollection([bar], facecolor="none", edgecolor=colours["ink"], linewidth=1.1, zorder=9, gid="scale|"),
        autolim=False,
    )
    up = look.words * metres_a_point(axes)
    at = (x + length / 2, y + 0.3 * up)
    halo_text(axes, word, at, size=look.words, colours=colours, zorder=9, gid="scale|", ha="center")
    return shapely.box(x, y - 0.3 * up, x + length, y + 1.4 * up)


def _bar(across: float, units: Units) -> tuple[float, str]:
    """Return the length in metres and the words of the longest bar that takes at most a quarter of the map's width."""
    bars = (
        [(200_000.0, tr("200 km")), (100_000.0, tr("100 km")), (50_000.0, tr("50 km")), (10_000.0, tr("10 km"))]
        if units == "km2"
        else [
            (100_000 * _KM_PER_MILE, tr("100 miles")),
            (50_000 * _KM_PER_MILE, tr("50 miles")),
            (10_000 * _KM_PER_MILE, tr("10 miles")),
        ]
    )
    return next((bar for bar in bars if bar[0] <= across / 4), bars[-1])


def _viewers_mark(axes: Axes, sheet: Sheet, look: Look) -> None:
    """Write on the map itself that it shows a viewer's own proposal, since a map is cut out of its page."""
    if not sheet.viewers_mark:
        return
    colours = palette(look.theme)
    axes.annotate(
        tr(viewer.MARK), (0, 1), (look.words * 0.9, -look.words * 0.9), xycoords="axes fraction",
        textcoords="offset points", va="top", size=look.words * 1.25, weight="bold", color=colours["ink"], zorder=10,
        gid="mark|", parse_math=False,
        bbox={"facecolor": colours["paper"], "edgecolor": colours["ink"], "linewidth": 0.8},
    )  # fmt: skip
