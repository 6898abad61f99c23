"""Units of figures: how large they are, their signs, and how far a figure is rounded."""

from __future__ import annotations

from typing import Final, Literal

from mapcore.base.language import mark

Unit = Literal["km2", "mi2", "percent", "km", "people"]
SQ_KM_PER_SQ_MI: Final = 2.589988110336
#: How many of each unit make one of its kind's own unit (the first of each kind).
UNITS_OF: Final[dict[str, dict[Unit, float]]] = {
    "area": {"km2": 1.0, "mi2": SQ_KM_PER_SQ_MI},
    "share": {"percent": 1.0},
    "length": {"km": 1.0},
    "people": {"people": 1.0},
}
#: The sign of each unit, as it stands after a number: messages for `tr`.
UNIT_SIGNS: Final[dict[Unit, str]] = {
    "km2": mark("km²"),
    "mi2": mark("sq mi"),
    "percent": "%",
    "km": mark("km"),
    "people": mark("people"),
}


def readable(value: float) -> float:
    """
    Return a figure as a reader sees it, rounded to what the line of contact supports: tens from 1,000 on, ones below.

    Every area that is shown is rounded here, once, from its full value: 5,414.7 is 5,410, and 5,415 would be 5,420.
    """
    return round(value, -1 if abs(value) >= 1000 else 0) + 0.0


def written(value: float) -> float:
    """Return a figure as data have it, where only noise is left out: 1e-6 km² is a square metre."""
    return round(value, 6) + 0.0
