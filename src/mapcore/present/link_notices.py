"""What is said of a link that cannot be followed to the letter, as messages for `tr`."""

from __future__ import annotations

from typing import Final

from mapcore.base.language import exact_text, mark, tr

#: What is said of a link that names something else than the answers of a key, by the key.
REFUSED: Final = {
    "proposal": mark("The link names a proposal that is not here; the US 28-point plan is shown."),
    "page": mark("The link names a page that is not here; the map is shown."),
    "compare": mark("The link names a proposal to compare with that is not here; the line as it stands is used."),
    "control": mark("The link names a line of contact that is not here; the default line is used."),
    "units": mark("The link names a unit that is not known; km² is used."),
    "lang": mark("The link names a language that is not here; English is used."),
    "question": mark("The link names a question that is not known; all three are shown."),
    "zone": mark("The link names a piece of land that is not known; none is picked."),
    "tiles": mark("The link names a value for the background that is not known; it stays off."),
    "frame": mark("The link names a frame of the map that is not known; the map shows what the page is about."),
}
APART: Final = mark("The link's place on the map needs lat, lon and zoom together; it is left out.")
MOVED: Final = mark("This link was made with another version of the data; figures may have moved since.")


def refused_number(key: str, low: float, high: float) -> str:
    """Say that a link's number is none, or out of bounds."""
    sentence = tr("The link's {key} is not a number from {low} to {high}; its default is shown.")
    return sentence.format(key=key, low=exact_text(low), high=exact_text(high))
