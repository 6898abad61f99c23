"""What a view finds, as a headline says it: one figure with its range, or that nothing is specified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from mapcore.analysis.compare import Comparison, Over
from mapcore.base import memory
from mapcore.base.language import cached, tr
from mapcore.land import boundaries
from mapcore.measurement.areas import KEPT, Measured, ledger_figure, left_open_km2
from mapcore.measurement.ranges import Range
from mapcore.present import difference_classes, wording
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_statuses
from mapcore.publish.view_content import Chosen, Subject, named

#: Oblasts that a headline names at most on each side; of more it names none.
_MOST_NAMED: Final = 4


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


def differing(comparison: Comparison, over: Over, units: Units) -> str:
    """Return in a sentence without a full stop on how much land two proposals, by name, give other answers."""
    found = lead_difference(comparison, over).figure
    if found is None or wording.number(found.value) == wording.number(0):
        sentence = tr("“{a}” and “{b}” treat all land alike")
    else:
        sentence = tr("“{a}” and “{b}” differ on {area}")
    area = wording.area_text(found.value, units) if found else ""
    return sentence.format(a=named(comparison.a), b=named(comparison.b), area=area)


@cached(maxsize=64)
def withdrawals(measured: Measured, units: Units) -> str:
    """Return in a sentence without a full stop who would withdraw from how much land, and from where."""
    ours, theirs = (_withdrawal(measured, holder, units) for holder in ("ukraine", "russia"))
    held = wording.area_text(measured.ledger.held_by_russia_now.value, units)
    sentences = {
        ("some", "some"): tr("Ukraine would withdraw from {ours}; Russia from {theirs}"),
        ("some", "none"): tr("Ukraine would withdraw from {ours}; Russia from none of what it holds"),
        ("some", "open"): tr("Ukraine would withdraw from {ours}; for Russia, not specified"),
        ("none", "some"): tr("Russia would withdraw from {theirs}; Ukraine from none of what it holds"),
        ("none", "none"): tr("Neither side would withdraw: Russia would keep the {held} that it holds now"),
        ("none", "open"): tr("Ukraine would withdraw from no land; for Russia, not specified"),
        ("open", "some"): tr("Russia would withdraw from {theirs}; for Ukraine, not specified"),
        ("open", "none"): tr("Russia would withdraw from no land; for Ukraine, not specified"),
        ("open", "open"): tr("Not specified who would withdraw from where; Russia holds {held} now"),
    }
    sentence = sentences[ours[0], theirs[0]].format(ours=ours[1], theirs=theirs[1], held=held)
    left_open = left_open_km2(measured).get("russia_leaves", 0.0)
    if theirs[0] == "open" or not left_open:
        return sentence
    area = wording.area_text(left_open, units)
    return tr("{sentence}; not specified for a further {area}").format(sentence=sentence, area=area)


def _withdrawal(measured: Measured, holder: str, units: Units) -> tuple[str, str]:
    """Return whether a side would withdraw from some land, from none, or it is open; and the land, with its oblasts."""
    figure = ledger_figure(measured, f"{holder}_leaves")
    if figure is None:
        return "open", ""
    if wording.number(figure.value) == wording.number(0):
        return "none", ""
    names = boundaries.oblast_names()
    named = [names[oblast] for oblast in _left_by(measured, holder)]
    shown = wording.area_text(figure.value, units)
    if not 0 < len(named) <= _MOST_NAMED:
        return "some", shown
    return "some", tr("{area} ({oblasts})").format(area=shown, oblasts=", ".join(named))


@memory.kept(maxsize=2 * KEPT)
def _left_by(measured: Measured, holder: str) -> tuple[str, ...]:
    """Return the oblasts in which a side would withdraw from a km² at least, the most land first."""
    statuses, zones = load_statuses(), measured.zones
    moves = zones["status"].map(lambda status: statuses[status].holder) != zones["held_by"]
    areas: pd.Series = zones[moves & (zones["held_by"] == holder)].groupby("oblast")["area_km2"].sum()
    return tuple(areas[areas >= 1].sort_values(ascending=False).index)
