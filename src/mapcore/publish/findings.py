"""What a view finds, as a headline says it: one figure with its range, or that nothing is specified."""

from __future__ import annotations

from dataclasses import dataclass

from mapcore.analysis.compare import Comparison, Over
from mapcore.base.language import tr
from mapcore.measurement.areas import Measured, ledger_figure
from mapcore.measurement.ranges import Range
from mapcore.present import difference_classes, wording
from mapcore.present.wording import Units
from mapcore.publish.view_content import Chosen, Subject, named


@dataclass(frozen=True)
class Finding:
    """
    The lead figure of a view.

    Attributes
    ----------
    sentence
        In the language in use, with ``{area}`` in the place of the figure and no full stop.
    figure
        None where nothing is specified; then the sentence has no place for it.
    """

    sentence: str
    figure: Range | None


def lead(measured: Measured) -> Finding:
    """Return what a proposal would move, or what is held now where it moves nothing."""
    sentences = {
        "ukraine_leaves": tr("Ukraine would withdraw from {area}"),
        "russia_leaves": tr("Russia would withdraw from {area}"),
        "held_by_russia_now": tr("Russia holds {area} now"),
    }
    for key, sentence in sentences.items():
        figure = ledger_figure(measured, key)
        if figure is not None and wording.number(figure.value) != wording.number(0):
            return Finding(sentence, figure)
    return Finding(tr("Not specified"), None)


def lead_difference(comparison: Comparison, over: Over) -> Finding:
    """Return on how much land two proposals give other answers."""
    return Finding(tr("A and B differ on {area}"), difference_classes.totals(comparison, over)[0])


def finding(measured: Measured, units: Units) -> str:
    """Return in a sentence without a full stop what a proposal would move, with its range, or what is held now."""
    found = lead(measured)
    return found.sentence if found.figure is None else found.sentence.format(area=_with_range(found.figure, units))


def difference(comparison: Comparison, units: Units) -> str:
    """Return in a sentence without a full stop on how much land two proposals give other answers, with its range."""
    found = lead_difference(comparison, "all")
    return found.sentence if found.figure is None else found.sentence.format(area=_with_range(found.figure, units))


def _with_range(figure: Range, units: Units) -> str:
    """Return an area and, where the line's error matters, its range: the unit stands once."""
    shown = wording.area_text(figure.value, units)
    low, high = (wording.area_number(bound, units) for bound in (figure.low, figure.high))
    if low == high:
        return shown
    return tr("{area} ({low} to {high})").format(area=shown, low=low, high=high)


def headline(subject: Subject, chosen: Chosen) -> str:
    """Return what a view is and what it finds, in one line without a full stop."""
    if isinstance(subject, Measured):
        return f"{named(subject)}: {finding(subject, chosen.units)}"
    found = lead_difference(subject, chosen.over)
    title = tr("“{a}” compared with “{b}”").format(a=named(subject.a), b=named(subject.b))
    figure = _with_range(found.figure, chosen.units) if found.figure else ""
    return f"{title}: {found.sentence.format(area=figure)}"
