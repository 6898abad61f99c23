"""One page of a first answer, and what of it goes into the head of the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mapcore.base.fill import Fill
from mapcore.base.language import tr
from mapcore.measurement.areas import Measured, ledger_figure
from mapcore.measurement.ranges import Range
from mapcore.present import wording
from mapcore.present.wording import Units
from mapcore.publish.view_content import Sheet


@dataclass(frozen=True, eq=False)
class Page:
    """
    A page in the language in use.

    Attributes
    ----------
    title
        What the page finds, in one line, for the head of the document.
    deck
        A sentence or two, for the same.
    body
        HTML below the header.
    fills
        How the land on its maps and in its legends is filled.
    maps
        How many maps the live page must have drawn before it takes the place of this one.
    sheet
        What an export of the view says; None for a page about no view.
    """

    title: str
    deck: str
    body: str
    fills: Sequence[Fill] = field(default=())
    maps: int = 0
    sheet: Sheet | None = None


def finding(measured: Measured, units: Units) -> str:
    """Return in a sentence without a full stop what a proposal would move, with its range, or what is held now."""
    sentences = {
        "ukraine_leaves": tr("Ukraine would leave {area}"),
        "russia_leaves": tr("Russia would leave {area}"),
        "held_by_russia_now": tr("Russia holds {area} now"),
    }
    for key, sentence in sentences.items():
        figure = ledger_figure(measured, key)
        if figure is not None and wording.number(figure.value) != wording.number(0):
            return sentence.format(area=_with_range(figure, units))
    return tr("Not specified")


def _with_range(figure: Range, units: Units) -> str:
    """Return an area and, where the line's error matters, its range: the unit stands once."""
    shown = wording.area_text(figure.value, units)
    low, high = (wording.area_number(bound, units) for bound in (figure.low, figure.high))
    if low == high:
        return shown
    return tr("{area} ({low} to {high})").format(area=shown, low=low, high=high)
