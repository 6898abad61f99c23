"""Drawn outlines: points of longitude and latitude that make an area, checked."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import shapely

from mapcore.base.errors import Problem, ProposalError
from mapcore.base.language import tr
from mapcore.proposals.model import Ring

#: Where a drawn outline may run: Ukraine and some way past its border, as west, south, east, north.
DRAWN_BOUNDS: Final = (20.0, 43.0, 42.0, 54.0)
#: Points of one outline.
MAX_POINTS: Final = 400
#: Decimals of a degree that a drawn outline keeps: about 1 m.
_DIGITS: Final = 5


class Mistake(NamedTuple):
    """What is wrong with an outline, and the way out, in the language in use."""

    problem: str
    way_out: str


def is_point(value: Any) -> bool:
    """Whether a value is a list of two numbers."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(part, int | float) and not isinstance(part, bool) and abs(part) < 1e6 for part in value)
    )


def as_ring(value: Any) -> Ring | Mistake:
    """Return a list of points as an outline, or what is wrong with it."""
    if isinstance(value, list) and len(value) > MAX_POINTS:
        return _too_many(len(value))
    if not isinstance(value, list) or not value or not all(map(is_point, value)):
        way_out = tr("write [[longitude, latitude], ...], the first point again at the end")
        return Mistake(tr("is not a list of points"), way_out)
    ring = tuple((round(float(lon), _DIGITS), round(float(lat), _DIGITS)) for lon, lat in value)
    return _mistake(ring) or ring


def _too_many(count: int) -> Mistake:
    problem = tr("has {count} points, more than {limit}").format(count=count, limit=MAX_POINTS)
    return Mistake(problem, tr("draw it with fewer"))


def _mistake(ring: Ring) -> Mistake | None:
    west, south, east, north = DRAWN_BOUNDS
    outside = [point for point in ring if not (west <= point[0] <= east and south <= point[1] <= north)]
    if outside:
        problem = tr("has a point at [{lon}, {lat}], outside {west} to {east} east and {south} to {north} north")
        names = ("lon", "lat", "west", "south", "east", "north")
        degrees = (f"{value:g}" for value in (*outside[0], *DRAWN_BOUNDS))
        shown = problem.format(**dict(zip(names, degrees, strict=True)))
        return Mistake(shown, tr("write the longitude first, in degrees"))
    if ring[0] != ring[-1]:
        return Mistake(tr("is not closed"), tr("repeat its first point at the end"))
    if len(set(ring)) < 3:
        return Mistake(tr("has fewer than three points"), tr("add one"))
    if not shapely.is_valid(shapely.Polygon(ring)):
        return Mistake(tr("crosses or touches itself"), tr("move its points, or make two outlines of it"))
    return None


def check_ring(points: Any, *, name: str) -> Ring:
    """
    Return one drawn outline, from points of longitude and latitude, as a file has it.

    Raises
    ------
    ProposalError
        If it is not closed, crosses itself, has too few points or too many, or lies elsewhere.
    """
    found = as_ring(points)
    if isinstance(found, Mistake):
        raise ProposalError(Problem(name, "", *found))
    return found
