"""How land is coloured: in a light and a dark theme, plain or with a hatch."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Fill:
    """
    How a class of land looks wherever it is drawn.

    A hatch rises to the right on a pale ground of its hue, as `web/map/paint.js` and `publish.print_layout` draw it.

    Attributes
    ----------
    colour, colour_dark
        Such as ``#62addf``, in the light and in the dark theme.
    """

    colour: str
    colour_dark: str
    hatch: bool = False

    def hue(self, *, dark: bool) -> str:
        """Return the colour of a theme."""
        return self.colour_dark if dark else self.colour

    def css(self, *, dark: bool) -> str:
        """Return the fill as a CSS background."""
        hue = self.hue(dark=dark)
        return f"repeating-linear-gradient(135deg,{hue} 0 3px,{hue}48 3px 7px)" if self.hatch else hue

    def for_map(self, class_id: str) -> dict[str, Any]:
        """Return the fill as the map's script takes it, which calls it by the id of its class of land."""
        return {"id": class_id, **asdict(self)}
