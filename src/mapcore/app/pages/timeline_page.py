"""The proposals and talks since November 2025 on a time axis."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from mapcore.analysis.timeline import Entry, chosen_entries
from mapcore.app.parts import bar, page_elements
from mapcore.app.session import lines, web_files
from mapcore.base.language import short_date_text, tr
from mapcore.present import links
from mapcore.present.timeline_axis import ACTOR_WORDS, KIND_WORDS, axis
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_proposal

STYLE: Final = web_files.style("timeline_axis.css") + web_files.style("timeline.css")


def draw(view: links.View, units: Units) -> None:  # noqa: ARG001
    """Draw the page."""
    entries = chosen_entries(*(set(filter(None, view.choice(key).split(","))) for key in ("kinds", "actors")))
    theme = "dark" if page_elements.is_dark() else "light"
    bar.draw(view, title=tr("Timeline of proposals and talks"))
    deck = tr(
        "November 2025 to July 2026: what was put forward, what was said about it, and what changed against the text "
        "before. Each entry has its source; those with a proposal lead to it on the map."
    )
    st.html(f"{STYLE}<p class='deck'>{html.escape(deck)}</p>")
    _filter(tr("Kinds (all unless chosen)"), "kinds", {kind: words for kind, (words, _) in KIND_WORDS.items()})
    _filter(tr("Who (all unless chosen)"), "actors", ACTOR_WORDS)
    if not entries:
        st.html(f"<p>{html.escape(tr('No event is of such a kind with such actors.'))}</p>")
        return
    st.html(f'<div class="{theme}">{axis(entries, lines.load(view.control).as_of)}{_events(entries, view)}</div>')
    note = tr("What only one side says is given as its statement. Entries are in our own words.")
    st.html(f"<p class='meta'>{html.escape(note)}</p>")


def _filter(label: str, key: str, messages: Mapping[str, str]) -> None:
    words = {choice: tr(message) for choice, message in messages.items()}
    st.pills(label, list(words), format_func=words.__getitem__, selection_mode="multi", key=key)


def address(view: links.View, proposal_id: str, *, embedded: bool) -> str:
    """Return the link to a proposal on the map that keeps the viewer's other choices."""
    there = replace(links.unplaced(view), page="map", proposal=proposal_id, parameters={}, zone="")
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
        f"{html.escape(tr(KIND_WORDS[entry.kind][1]))}</div><h2>{html.escape(tr(entry.title))}</h2>"
        f"<p>{page_elements.linked(tr(entry.text), entry.source, *entry.also)}</p>{changed}{led}</article>"
    )
