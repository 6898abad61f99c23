"""Units of figures: how large they are, and their signs."""

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
