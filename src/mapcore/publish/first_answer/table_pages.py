"""The pages of a first answer that have no map: all proposals, claims, the timeline, the lines of contact."""

from __future__ import annotations

import html
from typing import Final

from mapcore.analysis.claims import CheckedClaim, check_claims
from mapcore.analysis.history import held_over_time
from mapcore.analysis.timeline import Entry, load_timeline
from mapcore.base.language import date_text, mark, short_date_text, tr
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import list_controls, load_control
from mapcore.measurement.areas import measure_proposal
from mapcore.present import claim_figures, line_words, matrix, wording
from mapcore.present.matrix import Cell
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal
from mapcore.publish.first_answer import linked_view, parts
from mapcore.publish.first_answer.linked_view import Linked
from mapcore.publish.first_answer.page import Page

#: Lines in the table; more of them would not be read, and each must be measured.
_MOST_LINES: Final = 6
_KIND_WORDS: Final = {
    "proposal": mark("Proposal"),
    "talks": mark("Talks"),
    "statement": mark("Statement"),
    "line": mark("Along the line"),
}


def of_matrix(linked: Linked) -> Page:
    """Return the table of all proposals, narrowed as the link says."""
    view, control = linked.view, linked.control
    chosen = {view.compare: view.compare_parameters, view.proposal: view.parameters}
    columns = [
        measure_proposal(proposal, control=control, parameters=chosen.get(one))
        for one, proposal in linked_view.proposals(linked).items()
        if not view.columns or one in view.columns
    ]
    rows = [
        row
        for row in matrix.build_matrix(columns, units=linked.units).rows
        if not view.rows or row.section in view.rows
    ]
    title = tr("All proposals")
    deck = tr(
        "What each text says on each question. Rows on oblasts are computed from the same rules as the "
        "map; the others are the texts' own terms, abbreviated."
    )
    head = [tr("Question"), *(viewer.title_of(one.proposal) for one in columns)]
    cells = [[f"<b>{html.escape(row.label)}</b>", *map(_cell, row.cells)] for row in rows]
    table = parts.table(tr("All proposals by question"), head, cells)
    body = parts.headline(title, deck, parts.line_in_use(control)) + f'<div class="a-matrix">{table}</div>'
    return Page(title, deck, body)


def _cell(cell: Cell) -> str:
    silent = "" if cell.specified else ' class="a-silent"'
    sources = " ".join(
        f'<a href="{html.escape(url)}" rel="noopener">{html.escape(tr("source"))}</a>' for url in cell.sources[:1]
    )
    return f"<div{silent}>{'<br>'.join(map(html.escape, cell.lines))}</div>{sources}"


def of_claims(linked: Linked) -> Page:
    """Return published figures against ours."""
    control, wanted = linked.control, linked.view.choice("verdict")
    title = tr("Claims: published figures against ours")
    deck = tr(
        "Each figure as its source gives it, and the same quantity as measured here. Verdicts are "
        "computed from the two. A figure that differs is not necessarily wrong; it usually measures "
        "something else."
    )
    checked = [
        one for one in check_claims(control=control)
        if not wanted or one.check.verdict == claim_figures.VERDICTS[wanted]
    ]  # fmt: skip
    head = [tr("Statement"), tr("Published"), tr("Ours"), tr("Verdict")]
    table = parts.table(tr("Published figures"), head, [_claim(one, linked.units) for one in checked])
    return Page(title, deck, parts.headline(title, deck, parts.line_in_use(control)) + table)


def _claim(checked: CheckedClaim, units: Units) -> list[str]:
    claim, computed = checked.claim, checked.check.computed
    ours = tr("none")
    if computed:
        decimals = claim_figures.decimals_of(claim.stated)
        ours = claim_figures.amount(computed.value, claim.unit, units, decimals=decimals)
        bounds = claim_figures.span(computed, claim.unit, units, decimals=decimals)
        ours = f"{ours} ({bounds})" if bounds else ours
    said = parts.linked_source(f"{tr(claim.source_title)}, {date_text(claim.date)}.", claim.source)
    return [
        f"{html.escape(tr(claim.statement))}<br><small>{said}</small>",
        f"<b>{html.escape(claim_figures.stated(claim))}</b>",
        html.escape(ours),
        html.escape(tr(claim_figures.WORDS[checked.check.verdict])),
    ]


def of_timeline(linked: Linked) -> Page:
    """Return the proposals and talks by date."""
    title = tr("Timeline of proposals and talks")
    deck = tr(
        "November and December 2025: what was put forward, what was said about it, and what changed against the text "
        "before. Each entry has its source; those with a proposal lead to it on the map."
    )
    events = "".join(_event(entry, linked) for entry in load_timeline())
    return Page(title, deck, f'{parts.headline(title, deck)}<ol class="a-events">{events}</ol>')


def _event(entry: Entry, linked: Linked) -> str:
    changed = (
        f"<p><b>{html.escape(tr('What changed:'))}</b> {html.escape(tr(entry.changed))}</p>" if entry.changed else ""
    )
    led = ""
    if entry.proposal:
        words = tr("On the map: {title}").format(title=tr(load_proposal(entry.proposal).title))
        led = f"<p>{parts.link(linked.query(page='map', proposal=entry.proposal), words)}</p>"
    return (
        f'<li><time datetime="{entry.date}">{short_date_text(entry.date)}</time><article>'
        f'<p class="meta">{html.escape(tr(_KIND_WORDS[entry.kind]))}</p><h2>{html.escape(tr(entry.title))}</h2>'
        f"<p>{parts.linked_source(tr(entry.text), entry.source)}</p>{changed}{led}</article></li>"
    )


def of_lines(linked: Linked) -> Page:
    """Return the lines of contact that there are, with the land that Russia holds on each."""
    title = tr("Lines of contact")
    deck = tr(
        "Every figure rests on a line of contact. Lines differ by date and by source; this page shows "
        "them side by side."
    )
    wanted = dict.fromkeys([linked.view.control, *list_controls()])
    controls = sorted(map(load_control, list(wanted)[:_MOST_LINES]), key=lambda one: (one.as_of, one.id), reverse=True)
    held = tr("Held by Russia, {unit}").format(unit=wording.unit_labels()[linked.units])
    head = [tr("Date of the line"), tr("Source"), tr("Licence"), tr("Error, km"), tr("In use"), held]
    rows = [[html.escape(cell) for cell in _line(one, linked)] for one in controls]
    table = parts.table(title, head, rows, numbers=frozenset({3, 5}))
    return Page(title, deck, parts.headline(title, deck, parts.line_in_use(linked.control)) + table)


def _line(control: Control, linked: Linked) -> list[str]:
    said = control.provenance
    held_km2 = float(held_over_time([(control.as_of, control)])["held_km2"].sum())
    return [
        date_text(control.as_of),
        tr(said.source),
        tr(said.licence or "not stated"),
        line_words.km_text(said.error_km),
        tr("yes") if control.id == linked.view.control else "",
        wording.area_number(held_km2, linked.units),
    ]
