"""What the map's script starts with beside shapes: fills of the statuses, its own words, credits."""

from __future__ import annotations

from typing import Any, Final

from mapcore.base.language import language, mark, tr, trn
from mapcore.base.schema import PLACE
from mapcore.land.contact_line import Control
from mapcore.present.wording import Units, area, unit_labels
from mapcore.proposals.model import Ring
from mapcore.proposals.shipped import load_statuses

#: The map's scripts and styles in `WEB_DIR`, in the order in which they are loaded.
MAP_SCRIPTS: Final = (
    "loading", "panes", "paint", "scale", "band", "front", "labels", "marks", "found", "home", "view", "locator",
    "together", "access", "gestures", "print", "names", "rivers", "towns", "map",
)  # fmt: skip
#: Those with which a viewer draws; only a page with a server behind it has them.
DRAW_SCRIPTS: Final = ("outline", "draw")
MAP_STYLES: Final = ("map", "labels", "marks", "names", "found", "locator", "gestures", "print")
#: What the map's own buttons and its scale say, and what stands on it while the tiles cannot be reached.
MAP_WORDS: Final = {
    "map": mark(
        "Map of Ukraine. Plus and minus enlarge and reduce it, arrow keys move it; on a piece of land they lead to its "
        "neighbours, and Enter chooses it. The tables on this page carry every figure."
    ),
    "whole": mark("Whole country"),
    "closer": mark("Closer"),
    "zoom_in": mark("Zoom in"),
    "zoom_out": mark("Zoom out"),
    "two_fingers": mark("Use two fingers to move the map"),
    "ctrl_wheel": mark("Hold Ctrl and scroll to zoom the map"),
    "command_wheel": mark("Hold ⌘ and scroll to zoom the map"),
    "band": mark("Line known to ±\u00a0{}"),
    "km": mark("km"),
    "m": mark("m"),
    "no_tiles": mark("The background tiles cannot be reached; the map works without them."),
}
#: What the buttons say with which a viewer draws an outline, and what is said of it; `{}` stands for a number.
DRAW_WORDS: Final = {
    "start": mark("Draw a zone"),
    "move": mark("Move corners"),
    "how": mark("Click three corners or more"),
    "corners": mark("Corners: {}"),
    "corner": mark("Corner {}. Arrow keys move it, Delete takes it away."),
    "crossed": mark("The outline crosses itself."),
    "back": mark("Undo step"),
    "finish": mark("Finish"),
    "cancel": mark("Cancel"),
}


def draw_options(units: Units, outline: tuple[int, Ring] | None = None) -> dict[str, Any]:
    """
    Return what the script for drawing is given: its words, the reader's unit of area in km², and what can be edited.

    Parameters
    ----------
    outline
        The index of a rule that is an outline, and this outline.
    """
    about = tr("About {number} {unit}").format(number="{}", unit=unit_labels()[units])
    rule = {"rule": outline[0], "ring": outline[1][:-1]} if outline else None
    words = {key: tr(words) for key, words in DRAW_WORDS.items()}
    return {"words": words | {"area": about}, "unit": 1 / area(1.0, units), "rule": rule}


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


def line_credit(control: Control) -> str:
    """Return the credit of the line for the corner of the map: that of an imported one in full."""
    if control.origin:
        return tr(control.provenance.attribution)
    return tr("Line of contact: {date}").format(date=control.as_of)


def map_credit(*controls: Control, settlements: bool = False) -> str:
    """Return the credits of what is on the map, in plain text."""
    credited = [tr("Boundaries: Natural Earth"), *dict.fromkeys(map(line_credit, controls))]
    return ". ".join([*credited, tr("Settlements: GeoNames; names: KATOTTG")] if settlements else credited)
