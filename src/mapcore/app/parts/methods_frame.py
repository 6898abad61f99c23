"""The frame of the page on methods: its contents, the questions that readers ask, and the corrections."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from mapcore.analysis.claims import VERDICT_WORDS, check_claims
from mapcore.analysis.corrections import Correction, load_corrections
from mapcore.app.parts import page_elements
from mapcore.base.language import date_text, mark, tr
from mapcore.land.contact_line import Control
from mapcore.present import claim_figures, links
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_proposal
from mapcore.publish.corrections_feed import feed_address

#: The parts of the page by their anchor, in order.
PARTS: Final = {
    "questions": mark("Why the figures are not those that you have read"),
    "held": mark("What “held” means, and what it does not"),
    "dates": mark("Up to which day the sources go"),
    "line": mark("The line of contact"),
    "ranges": mark("Areas and ranges"),
    "areas": mark("Official and measured areas"),
    "statuses": mark("What each status means"),
    "files": mark("Data files, origins, licences"),
    "limits": mark("What this map does not show"),
    "corrections": mark("Corrections"),
    "behind": mark("Who is behind it"),
}
#: Published figures that readers hold against ours first.
_ASKED: Final = ("afp-donetsk-left", "afp-net", "deepstate-donetsk")


def head(part: str) -> None:
    """Draw the head of a part, to which the contents lead."""
    st.header(tr(PARTS[part]), anchor=part)


def contents() -> str:
    """Return links to the parts of the page."""
    links_in = ((part, html.escape(tr(words))) for part, words in PARTS.items())
    items = "".join(f'<li><a href="#{part}" target="_self">{words}</a></li>' for part, words in links_in)
    return f'<nav aria-label="{html.escape(tr("Contents"))}"><ol class="prose contents">{items}</ol></nav>'


def questions(control: Control, units: Units) -> str:
    """Return what a reader asks who has read another figure elsewhere, with the answer that its claim gives."""
    checked = {checked_claim.claim.id: checked_claim for checked_claim in check_claims(control=control)}
    asked = []
    for checked_claim in (checked[claim_id] for claim_id in _ASKED):
        claim, ours = checked_claim.claim, checked_claim.check.computed
        if not ours:
            continue
        decimals = claim_figures.decimals_of(claim.stated)
        question = tr("Why {ours} here, when {stated} was published ({source})?").format(
            ours=claim_figures.amount(ours.value, claim.unit, units, decimals=decimals),
            source=tr(claim.source_title),
            stated=claim_figures.stated(claim),
        )
        # Where both agree, the reader still wants to know how each came about.
        answer = [
            tr(claim.definition),
            checked_claim.reason or tr(VERDICT_WORDS[checked_claim.check.verdict]),
            tr(claim.differs_because),
        ]
        words = page_elements.linked(" ".join(dict.fromkeys(answer)), claim.source)
        asked.append(
            f"<dt><b>{html.escape(question)}</b></dt><dd><i>{html.escape(tr(claim.statement))}</i> {words}</dd>"
        )
    return f'<dl class="prose">{"".join(asked)}</dl>'


def corrections(view: links.View) -> str:
    """Return the corrections, each with what was said and what is said now, and the address of their feed."""
    deck = tr(
        "Each figure or statement of the data that was corrected, newest first. Figures that move because the data or "
        "the method changed are listed too. A link holds the version of the data and says when any file has changed."
    )
    feed = f'<a href="{html.escape(feed_address(""))}">{html.escape(tr("Feed of corrections (Atom)"))}</a>'
    items = "".join(_correction(row, view) for row in load_corrections())
    return f'<div class="prose"><p>{html.escape(deck)} {feed}.</p><ul>{items}</ul></div>'


def _correction(row: Correction, view: links.View) -> str:
    before, after = row.words
    lines = [f"<b>{html.escape(tr(row.title))}</b>", html.escape(before), page_elements.linked(after, row.source)]
    if row.proposal:
        there = urlencode(links.to_query(replace(view, page="map", proposal=row.proposal, parameters={}, zone="")))
        title = html.escape(tr(load_proposal(row.proposal).title))
        lines.append(f'<a href="?{html.escape(there)}" target="_self">{title}</a>')
    day = f'<time datetime="{row.date}">{date_text(row.date)}</time>'
    return f'<li id="correction-{html.escape(row.id)}">{"<br>".join([day, *lines])}</li>'
