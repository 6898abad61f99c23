"""
Names of settlements on a map on paper: each with its dot, off the line of contact and off what the map is about.

Cities come first, then what lies near the front, then the largest. A name takes the first of eight places around its
dot where it hides no other name, no dot and no front; where there is none, name and dot are both left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from mapcore.analysis.settlements import load_places, local_names, place_points
from mapcore.base.geometry import prepared
from mapcore.base.language import cached
from mapcore.present.map_geometry import city_labels
from mapcore.publish.print_layout import halo_text, text_width
from mapcore.publish.view_content import Sheet

#: Smaller settlements are named on no picture.
_LEAST_PEOPLE: Final = 8_000
#: How much more a settlement counts that lies this near the front, in metres.
_NEAR_FRONT: Final = (4.0, 30_000.0)
#: Points² of paper to a name, and to one of the cities on a map of the whole country.
_ROOM: Final = 3_600.0
#: The share (a twelfth) of a connected piece of the land in question that a name may cover.
_COVERED: Final = 0.08
#: How much rather a name covers that share of the land in question than the recognised border.
_BORDER: Final = 0.05
#: Where a name stands from its dot, the best place first: to the right (1), the left (-1) or midway (0), and above it.
_SIDES: Final = ((1, 0.0), (-1, 0.0), (1, 0.55), (1, -0.55), (-1, 0.55), (-1, -0.55), (0, 0.95), (0, -0.95))


#: West, south, east and north in metres.
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Place:
    name: str
    x: float
    y: float
    size: float
    weight: str


@cached(maxsize=8)
def _known() -> pd.DataFrame:
    """Return the settlements that may be named: `name` in the language in use, `x` and `y`, `rank` (0: no city)."""
    labels = city_labels()
    ranks = labels.set_index("id")["rank"]
    places = load_places()
    x, y = shapely.get_coordinates(place_points()).T
    found = pd.DataFrame(places.drop(columns="geometry")).assign(x=x, y=y, rank=places["id"].map(ranks).fillna(0))
    found = found[(found["rank"] > 0) | (found["population"] >= _LEAST_PEOPLE)]
    known = found.assign(name=local_names(found))
    cities = pd.Series(local_names(labels).to_numpy(), index=labels["id"])
    return known.assign(name=known["id"].map(cities).fillna(known["name"]))


def draw_names(
    axes: Axes, sheet: Sheet, *, words: float, zoomed: bool, border: BaseGeometry, taken: Sequence[Polygon],
    left_out: str, colours: Mapping[str, str],
) -> None:  # fmt: skip
    """
    Draw the names that a map has room for, each with its dot.

    Parameters
    ----------
    words
        Size of letters, in points.
    zoomed
        Whether the map shows a part of the country, and so others than cities too.
    border
        Of the country, which names rather keep off.
    taken
        Parts of the map that names keep off: its bar, its small map of the country.
    left_out
        The name of the settlement that the map marks in its own way, or nothing.
    """
    metres = metres_a_point(axes)
    front = shapely.buffer(sheet.control.line.simplify(500), 1.6 * metres)
    pieces = shapely.get_parts(shapely.union_all(shapely.simplify(sheet.in_question, 500)))
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    rooms = [part.bounds for part in taken]
    frame = (west, south, east, north)
    kept_free = _Obstacles(frame, prepared(front), prepared(border), pieces, rooms, [], 0.3 * words * metres)
    for place in _wanted(axes, sheet, words, metres, zoomed=zoomed):
        if place.name == left_out:
            continue
        found = kept_free.room_for(place, words, metres)
        if found is None:
            continue
        axes.plot(
            place.x, place.y, "o", markersize=words * 0.36, color=colours["ink"], markeredgecolor=colours["halo"],
            markeredgewidth=0.5, zorder=8, gid=f"names|{place.name}",
        )  # fmt: skip
        halo_text(
            axes, place.name, found, size=place.size, weight=place.weight, colours=colours, zorder=9,
            gid=f"names|{place.name}",
        )  # fmt: skip


def metres_a_point(axes: Axes) -> float:
    """Return the metres of the land that a point of the paper takes."""
    (west, east), box = axes.get_xlim(), axes.get_window_extent()
    return float((east - west) / box.width * axes.get_figure(root=True).dpi / 72)  # type: ignore[union-attr]


def _wanted(axes: Axes, sheet: Sheet, words: float, metres: float, *, zoomed: bool) -> Iterator[_Place]:
    """Yield the settlements in the frame, the most telling first, as many as would fill it."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    known = _known()
    within = known["x"].between(west, east) & known["y"].between(south, north)
    found = known[within & (zoomed | (known["rank"] > 0))]
    points = shapely.points(found["x"], found["y"])
    more, near = _NEAR_FRONT
    close = shapely.dwithin(points, sheet.control.line.simplify(2_000), near)
    counted = found["population"] * np.where(close, more, 1.0)
    order = found.assign(counted=counted, rank=found["rank"].replace(0, 3))
    order = order.sort_values(["rank", "counted", "id"], ascending=[True, False, True])
    most = int((east - west) * (north - south) / metres**2 / _ROOM * (7.5 / words) ** 2) if zoomed else len(order)
    sizes = {1: (words * 1.08, "bold"), 2: (words * 0.98, "normal")}
    chosen = order.head(max(most, 12))
    for name, x, y, rank in zip(*(chosen[key].tolist() for key in ("name", "x", "y", "rank")), strict=True):
        yield _Place(name, x, y, *sizes.get(rank, (words * 0.86, "normal")))


@dataclass
class _Obstacles:
    """What a name may not hide, on one map; grows with the names that are set."""

    frame: _Box
    front: BaseGeometry
    border: BaseGeometry
    pieces: NDArray[np.object_]
    rooms: list[_Box]
    dots: list[_Box]
    apart: float

    def __post_init__(self) -> None:
        self._bounds, self._areas = shapely.bounds(self.pieces).reshape(-1, 4), shapely.area(self.pieces)

    def room_for(self, place: _Place, words: float, metres: float) -> tuple[float, float] | None:
        """Return where the name of a place starts on its baseline, and keep its room and its dot's free; or None."""
        radius = words * 0.24 * metres
        dot = (place.x - radius, place.y - radius, place.x + radius, place.y + radius)
        if not self._is_inside(dot) or any(_meet(dot, room) for room in self.rooms):
            return None
        across, up = text_width(place.name, place.size, place.weight) * metres, place.size * metres
        gap = words * 0.38 * metres
        rooms = [self._room(place, side, above, (across, up), gap) for side, above in _SIDES]
        free = [(room, shapely.box(*room)) for room in rooms if self._is_free(room)]
        free = [(room, shape) for room, shape in free if not shapely.intersects(self.front, shape)]
        covered = [(self._covered(room, shape), order, shape) for order, (room, shape) in enumerate(free)]
        fit = [(share + _BORDER * bool(shapely.intersects(self.border, shape)), order)
               for share, order, shape in covered if share <= _COVERED]  # fmt: skip
        if not fit:
            return None
        room = free[min(fit)[1]][0]
        self.rooms.append(room)
        self.dots.append(dot)
        west, south, _, north = room
        return west, south + 0.22 * (north - south)

    @staticmethod
    def _room(place: _Place, side: int, above: float, extent: tuple[float, float], gap: float) -> _Box:
        across, up = extent
        west = {1: place.x + gap, -1: place.x - gap - across, 0: place.x - across / 2}[side]
        middle = place.y + above * up
        return west, middle - 0.5 * up, west + across, middle + 0.5 * up

    def _is_inside(self, room: _Box) -> bool:
        return (
            self.frame[0] < room[0] and room[2] < self.frame[2] and self.frame[1] < room[1] and room[3] < self.frame[3]
        )

    def _is_free(self, room: _Box) -> bool:
        west, south, east, north = room
        apart = (west - self.apart, south, east + self.apart, north)
        return self._is_inside(room) and not any(_meet(apart, other) for other in (*self.rooms, *self.dots))

    def _covered(self, room: _Box, shape: Polygon) -> float:
        """Return the largest share of a piece of the land in question that a name would cover."""
        west, south, east, north = self._bounds.T
        near = (west <= room[2]) & (east >= room[0]) & (south <= room[3]) & (north >= room[1])
        shares = shapely.area(shapely.intersection(self.pieces[near], shape)) / self._areas[near]
        return round(float(shares.max()), 3) if len(shares) else 0.0


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
