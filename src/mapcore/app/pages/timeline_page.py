"""The proposals and talks of November and December 2025 on a time axis."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from mapcore.analysis.timeline import KINDS, Entry, load_timeline
from mapcore.app.parts import page_elements
from mapcore.app.session import lines, web_files
from mapcore.base.language import date_text, mark, short_date_text, tr
from mapcore.present import links
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_proposal

_KIND_WORDS: Final = {
    "proposal": (mark("Proposals"), mark("Proposal")),
    "talks": (mark("Talks"), mark("Talks")),
    "statement": (mark("Statements"), mark("Statement")),
    "line": (mark("Along the line"), mark("Along the line")),
}
#: Days between two marks of one row, so that each is 24 pixels wide: on a wide page, and on a narrow one.
_GAP_DAYS: Final = 2
_NARROW_GAP_DAYS: Final = 4

STYLE: Final = web_files.style("timeline.css")


def draw(view: links.View, units: Units) -> None:  # noqa: ARG001
    """Draw the page."""
    entries = load_timeline()
    theme = "dark" if page_elements.is_dark() else "light"
    st.title(tr("Timeline of proposals and talks"), anchor=False)
    deck = tr(
        "November and December 2025: what was put forward, what was said about it, and what changed against the text "
        "before. Each entry has its source; those with a proposal lead to it on the map."
    )
    st.html(
        f"{STYLE}<p class='deck'>{html.escape(deck)}</p>"
        f'<div class="{theme}">{_axis(entries, lines.load(view.control).as_of)}{_events(entries, view)}</div>'
    )
    note = tr("What only one side says is given as its statement. Entries are in our own words.")
    st.html(f"<p class='meta'>{html.escape(note)}</p>")


def _at(day: date, first: date, last: date) -> str:
    return f"{100 * (day - first).days / (last - first).days:.2f}%"


def _rows(days: Sequence[date], gap_days: int) -> list[int]:
    """Return for each day, in order, the first row in which it is far enough from the one before for a finger."""
    last: list[date] = []
    rows = []
    for day in days:
        free = (row for row, before in enumerate(last) if (day - before).days >= gap_days)
        row = next(free, len(last))
        last[row : row + 1] = [day]
        rows.append(row)
    return rows


def _axis(entries: tuple[Entry, ...], line: date) -> str:
    """Return one lane a kind, with a link to each entry, over a common axis of days."""
    first, last = entries[0].date - timedelta(days=3), entries[-1].date + timedelta(days=2)
    line_mark = f'<span class="rule-day" style="left:{_at(line, first, last)}"></span>' if first < line < last else ""
    lanes = []
    for kind in KINDS:
        own = [entry for entry in entries if entry.kind == kind]
        wide, narrow = (_rows([entry.date for entry in own], gap) for gap in (_GAP_DAYS, _NARROW_GAP_DAYS))
        dots = "".join(
            f'<a href="#event-{html.escape(entry.id)}" target="_self" '
            f'style="left:{_at(entry.date, first, last)};--wide:{row};--narrow:{narrow_row}" '
            f'title="{html.escape(label)}" aria-label="{html.escape(label)}"><i class="k-{kind}"></i></a>'
            for entry, row, narrow_row in zip(own, wide, narrow, strict=True)
            for label in [f"{short_date_text(entry.date, 'MMMMd')}: {tr(entry.title)}"]
        )
        rows = f"--wide:{max(wide) + 1};--narrow:{max(narrow) + 1}"
        name = html.escape(tr(_KIND_WORDS[kind][0]))
        lanes.append(f'<span class="name">{name}</span><div class="lane" style="{rows}">{line_mark}{dots}</div>')
    days = [first + timedelta(days=step) for step in range((last - first).days)]
    ticks = "".join(
        f'<b style="left:{_at(day, first, last)}">{short_date_text(day, "MMMd")}</b>'
        for day in days
        if day.day in {1, 10, 20}
    )
    dashed = tr("Dashed: the date of the line of contact, {date}.").format(date=date_text(line))
    note = html.escape(dashed) if line_mark else ""
    return (
        f'<div class="axis-box">{"".join(lanes)}<span></span><div class="days" aria-hidden="true">{ticks}</div></div>'
        f'<p class="meta">{note}</p>'
    )


def address(view: links.View, proposal_id: str, *, embedded: bool) -> str:
    """Return the link to a proposal on the map that keeps the viewer's other choices."""
    there = replace(view, page="map", proposal=proposal_id, parameters={}, zone="", lat=None, lon=None, zoom=None)
    query = links.to_query(there)
    return "?" + urlencode({"embed": "true", **query} if embedded else query)


def _events(entries: tuple[Entry, ...], view: links.View) -> str:
    embedded = bool(st.context.is_embedded)
    days = []
    for day, of_day in groupby(entries, key=lambda entry: entry.date):
        articles = "".join(_event(entry, view, embedded=embedded) for entry in of_day)
        days.append(f'<li><time datetime="{day}">{short_date_text(day)}</time><div>{articles}</div></li>')
    return f'<ol class="events">{"".join(days)}</ol>'


def _event(entry: Entry, view: links.View, *, embedded: bool) -> str:
    head = html.escape(tr("What changed:"))
    changed = f'<p class="changed"><b>{head}</b> {html.escape(tr(entry.changed))}</p>' if entry.changed else ""
    led = ""
    if entry.proposal:
        words = html.escape(tr("On the map: {title}").format(title=tr(load_proposal(entry.proposal).title)))
        href = html.escape(address(view, entry.proposal, embedded=embedded))
        led = f'<p><a href="{href}" target="_self">{words}</a></p>'
    return (
        f'<article id="event-{html.escape(entry.id)}"><div class="kind"><i class="k-{entry.kind}"></i>'
        f"{html.escape(tr(_KIND_WORDS[entry.kind][1]))}</div><h2>{html.escape(tr(entry.title))}</h2>"
        f"<p>{page_elements.linked(tr(entry.text), entry.source, *entry.also)}</p>{changed}{led}</article>"
    )
