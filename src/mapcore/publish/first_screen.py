"""What a page about land says first, as HTML: headline, lead figures, legend. The first answer has the same."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from mapcore.analysis.compare import Comparison, Over
from mapcore.analysis.settlements import places_in
from mapcore.base.fill import Fill
from mapcore.base.language import date_text, number_text, tr, trn
from mapcore.measurement.areas import Measured
from mapcore.measurement.likely import LikelyRanges
from mapcore.present import wording
from mapcore.present.difference_classes import OVER_WORDS
from mapcore.present.legends import status_areas
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.publish import findings

#: Parts of the ledger, in their order.
Parts: TypeAlias = tuple[Literal["lead", "rest"], ...]
PARTS: Final[Parts] = ("lead", "rest")


def headline(measured: Measured, units: Units) -> str:
    """Return what a proposal finds in a sentence, and below it which proposal that is."""
    return headed(findings.withdrawals(measured, units), _named(measured), of=viewer.title_of(measured.proposal))


def _named(measured: Measured) -> str:
    """Return which proposal it is, who put it forward and when, and what became of it."""
    proposal = measured.proposal
    title, when = viewer.title_of(proposal), wording.put_forward(proposal)
    if viewer.is_viewers(proposal):
        when = tr("Begun on {date}.").format(date=date_text(proposal.date))
    return f"<b>{html.escape(title)}</b>. {html.escape(when)}"


def headed(sentence: str, said: str, *, of: str) -> str:
    """Return a headline that tells a reader who does not see the page what it is of, and a line, escaped already."""
    unseen = f'<span class="unseen">{html.escape(of)}: </span>'
    return f'<div class="headline"><h1>{unseen}{html.escape(sentence)}</h1><p class="of">{said}</p></div>'


def difference(comparison: Comparison, over: Over, units: Units) -> str:
    """Return in a headline on how much land two proposals differ over a question, and below it which they are."""
    found = findings.lead_difference(comparison, over)
    figure = wording.area_text(found.figure.value, units) if found.figure else ""
    titles = [viewer.title_of(side.proposal) for side in (comparison.a, comparison.b)]
    caption = f"{tr('A: {a}; B: {b}').format(a=titles[0], b=titles[1])}. {tr(OVER_WORDS[over])}."
    return headed(found.sentence.format(area=figure), html.escape(caption), of=tr("Compare"))


def settlements(measured: Measured) -> str:
    """Return in a headline how many settlements would change hands under a proposal, and below it which that is."""
    count = int(places_in(measured)["moves"].sum())
    pattern = trn("{count} settlement would change hands", "{count} settlements would change hands", count)
    sentence = pattern.format(count=number_text(count)) if count else tr("No settlement would change hands")
    of = tr("People and places: {title}").format(title=viewer.title_of(measured.proposal))
    return headed(sentence, _named(measured), of=of)


def ledger(measured: Measured, units: Units, *, likely_ranges: LikelyRanges | None = None, parts: Parts = PARTS) -> str:
    """
    Return the ledger: each sum with its ranges, the likely ones when given, and what the text leaves open.

    What would change leads; what is held, recognised and demilitarised is the rest, and follows smaller.
    """
    entries, likely = {}, likely_ranges.ledger if likely_ranges else {}
    for key, (label, _) in wording.ledger_words().items():
        shown, beside = wording.ledger_text(measured, key, units, likely=likely.get(key))
        entries[key] = _entry(key, wording.lead_words().get(key, label), shown, beside)
    lead = wording.lead_words()
    shown_parts = {
        "lead": "".join(entries[key] for key in lead),
        "rest": "".join(entry for key, entry in entries.items() if key not in lead),
    }
    return "".join(f'<dl class="ledger {part}">{shown_parts[part]}</dl>' for part in parts)


def _entry(key: str, label: str, figure: str, small: str) -> str:
    below = f"<small>{html.escape(small)}</small>" if small else ""
    return f'<div data-key="{key}"><dt>{html.escape(label)}</dt><dd>{html.escape(figure)}{below}</dd></div>'


def legend(measured: Measured, units: Units, swatch: Callable[[Fill], str]) -> str:
    """
    Return the legend of the zones that the map shows, each with its area, and of its lines.

    Parameters
    ----------
    swatch
        What makes the small square of a class of land.
    """
    items = [
        f"<span>{swatch(status.fill)}<span>{html.escape(tr(status.label))}</span> "
        f"<b>{html.escape(wording.area_text(area_km2, units))}</b></span>"
        for status, area_km2 in status_areas(measured)
    ]
    if contested := wording.contested_legend(measured.control):
        items.append(f'<span><i class="swatch contested"></i><span>{html.escape(contested)}</span></span>')
    lines = (("rule", "3.5px", tr("Line of contact")), ("rule border", "1.5px", tr("Recognised border of Ukraine")))
    items += [
        f'<span><i class="{kind}" style="border-width:{width}"></i><span>{html.escape(words)}</span></span>'
        for kind, width, words in lines
    ]
    # A stop of the Tab key, since on a phone it reaches past the screen and is moved aside.
    about = f'role="group" tabindex="0" aria-label="{html.escape(tr("Legend"))}"'
    return f'<div class="legend" {about}>{"".join(items)}</div>'
