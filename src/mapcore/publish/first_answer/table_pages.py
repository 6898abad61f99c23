"""The pages of a first answer that have no map of land: all proposals, claims, the timeline, the lines, the methods."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from mapcore.analysis.claims import CheckedClaim, check_claims
from mapcore.analysis.history import held_over_time
from mapcore.analysis.timeline import Entry, chosen_entries
from mapcore.base.language import date_text, short_date_text, tr
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import line_meta, list_controls, load_control
from mapcore.measurement.areas import measure_proposal
from mapcore.present import claim_figures, held_by_lines, line_notice, line_words, matrix, timeline_axis, wording
from mapcore.present.matrix import Cell
from mapcore.present.page_names import PAGE_NAMES
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal
from mapcore.publish import first_screen, overview_cards, overview_content
from mapcore.publish.first_answer import geometry, linked_view, map_svg, parts
from mapcore.publish.first_answer.linked_view import Linked
from mapcore.publish.first_answer.page import Page
from mapcore.publish.frame_style import Wanted
from mapcore.publish.web_page import web_file

#: Lines in the table; more of them would not be read, and each must be measured.
_MOST_LINES: Final = 6
#: A rule of the axis for the live page's dark theme, without what says so.
_DARK_RULE: Final = re.compile(r"^\.dark (\.[\w-]+ \{.*?\})", re.DOTALL | re.MULTILINE)


def of_matrix(linked: Linked) -> Page:
    """Return the table of all proposals, narrowed as the link says."""
    view, control = linked.view, linked.control
    chosen = {view.compare: view.compare_parameters, view.proposal: view.parameters}
    columns = [
        measure_proposal(proposal, control=control, parameters=chosen.get(proposal_id))
        for proposal_id, proposal in linked_view.proposals(linked).items()
        if not view.columns or proposal_id in view.columns
    ]
    rows = [
        row
        for row in matrix.build_matrix(columns, units=linked.units).rows
        if not view.rows or row.section in view.rows
    ]
    deck = tr(
        "Rows on oblasts and on what it does to the land are computed from the same rules as the map; the others are "
        "the texts' own terms, abbreviated."
    )
    title = tr("All proposals")
    every = [measured for group in overview_content.measure_all(control).values() for measured in group]
    net = html.escape(tr("Net: Ukraine's withdrawal minus Russia's."))
    found = overview_content.headline(every)
    top = parts.bar(linked) + first_screen.headed(found, net, of=title) + parts.line_in_use(control)
    top += overview_cards.cards(
        control,
        linked.units,
        lambda proposal_id: f"?{urlencode(linked.query(page='map', proposal=proposal_id))}",
        maps=False,
    )
    about = f'<h2>{html.escape(tr("What each text says on each question"))}</h2><p class="meta">{html.escape(deck)}</p>'
    head = [tr("Question"), *(viewer.title_of(column.proposal) for column in columns)]
    cells = [[f"<b>{html.escape(row.label)}</b>", *map(_cell, row.cells)] for row in rows]
    table = parts.table(tr("All proposals by question"), head, cells)
    fills = tuple(dict.fromkeys(fill for row in rows for cell in row.cells for line in cell.fills for fill in line))
    body = f'{top}{about}<div class="a-matrix">{table}</div>'
    return Page(title, f"{found}. {deck}", body, fills=fills, style=_table_style() + _cards_style())


def _table_style() -> str:
    return web_file("answer/tables.css").replace("\n", "")


def _cards_style() -> str:
    """Return the live page's style of the cards."""
    rules = web_file("app/matrix.css")
    return f"#first-answer{{{rules[: rules.index('.matrix {')]}}}".replace("\n", "")


def _cell(cell: Cell) -> str:
    silent = "" if cell.specified else ' class="a-silent"'
    sources = " ".join(
        f'<a href="{html.escape(url)}" rel="noopener">{html.escape(tr("source"))}</a>' for url in cell.sources[:1]
    )
    fills = cell.fills or ((),) * len(cell.lines)
    text = "<br>".join(
        f"{''.join(map(parts.swatch, fill))}{html.escape(line)}" for line, fill in zip(cell.lines, fills, strict=True)
    )
    return f"<div{silent}>{text}</div>{sources}"


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
        claim for claim in check_claims(control=control)
        if not wanted or claim.check.verdict == claim_figures.VERDICTS[wanted]
    ]  # fmt: skip
    head = [tr("Statement"), tr("Published"), tr("Ours"), tr("Verdict")]
    table = parts.table(tr("Published figures"), head, [_claim(claim, linked.units) for claim in checked])
    return Page(
        title, deck, parts.titled(linked, title, deck, parts.line_in_use(control)) + table, style=_table_style()
    )


def _claim(checked: CheckedClaim, units: Units) -> list[str]:
    claim, computed = checked.claim, checked.check.computed
    ours = tr("none")
    if computed:
        decimals = claim_figures.decimals_of(claim.stated)
        ours = claim_figures.amount(computed.value, claim.unit, units, decimals=decimals)
        bounds = claim_figures.span(computed, claim.unit, units, decimals=decimals)
        ours = f"{ours} ({bounds})" if bounds else ours
    source = parts.linked_source(f"{tr(claim.source_title)}, {date_text(claim.date)}.", claim.source)
    return [
        f"{html.escape(tr(claim.statement))}<br><small>{source}</small>",
        (
            f"<b>{html.escape(claim_figures.stated(claim))}</b>"
            f"<br><small>{html.escape(tr('Read as'))} {html.escape(claim_figures.read_as(claim))}</small>"
        ),
        html.escape(ours),
        html.escape(tr(claim_figures.WORDS[checked.check.verdict])),
    ]


def of_timeline(linked: Linked) -> Page:
    """Return the proposals and talks by date."""
    title = tr("Timeline of proposals and talks")
    deck = tr(
        "November 2025 to July 2026: what was put forward, what was said about it, and what changed against the text "
        "before. Each entry has its source; those with a proposal lead to it on the map."
    )
    chosen = {key: set(filter(None, linked.view.choice(key).split(","))) for key in ("kinds", "actors")}
    entries = chosen_entries(**chosen)
    kinds = {kind: words for kind, (words, _) in timeline_axis.KIND_WORDS.items()}
    filters = _filter(linked, tr("Kinds (all unless chosen)"), "kinds", kinds)
    filters += _filter(linked, tr("Who (all unless chosen)"), "actors", timeline_axis.ACTOR_WORDS)
    events = "".join(_event(entry, linked) for entry in entries)
    none = f"<p>{html.escape(tr('No event is of such a kind with such actors.'))}</p>"
    drawn = timeline_axis.axis(entries, linked.control.as_of) if entries else none
    body = f'{parts.titled(linked, title, deck)}{filters}{drawn}<ol class="a-events">{events}</ol>'
    return Page(title, deck, body, style=_table_style() + _axis_style(linked.theme))


def _filter(linked: Linked, label: str, key: str, messages: Mapping[str, str]) -> str:
    """Return one of the timeline's filters as links, each to the events of one kind or actor, or to all again."""
    shown = linked.view.choice(key).split(",")
    options = []
    for value, words in messages.items():
        choices = {**linked.view.choices, key: "" if value in shown else value}
        options.append(
            (linked.query(choices={name: text for name, text in choices.items() if text}), tr(words), value in shown)
        )
    return f'<p class="meta">{html.escape(label)}</p>{parts.choices(label, "a-row", options)}'


def _axis_style(theme: Wanted) -> str:
    """Return the live page's style of the axis, with its colours of the dark theme where that is shown."""
    rules = web_file("app/timeline_axis.css")
    dark = "".join(_DARK_RULE.findall(rules))
    shown = {"light": "", "dark": dark}.get(theme, f"@media (prefers-color-scheme:dark){{{dark}}}")
    return f"#first-answer{{{_DARK_RULE.sub('', rules)}{shown}}}".replace("\n", "")


def _event(entry: Entry, linked: Linked) -> str:
    changed = (
        f"<p><b>{html.escape(tr('What changed:'))}</b> {html.escape(tr(entry.changed))}</p>" if entry.changed else ""
    )
    led = ""
    if entry.proposal:
        words = tr("On the map: {title}").format(title=tr(load_proposal(entry.proposal).title))
        led = f"<p>{parts.link(linked.query(page='map', proposal=entry.proposal), words)}</p>"
    return (
        f'<li id="event-{html.escape(entry.id)}"><time datetime="{entry.date}">{short_date_text(entry.date)}</time>'
        f'<article><p class="meta">{html.escape(tr(timeline_axis.KIND_WORDS[entry.kind][1]))}</p>'
        f"<h2>{html.escape(tr(entry.title))}</h2>"
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
    controls = sorted(
        map(load_control, list(wanted)[:_MOST_LINES]), key=lambda control: (control.as_of, control.id), reverse=True
    )
    held = tr("Held by Russia, {unit}").format(unit=wording.unit_labels()[linked.units])
    head = [tr("Date of the line"), tr("Source"), tr("Licence"), tr("Error, km"), tr("In use"), held]
    rows = [[html.escape(cell) for cell in _line(control, linked)] for control in controls]
    table = parts.table(title, head, rows, numbers=frozenset({3, 5}))
    body = parts.titled(linked, title, deck, parts.line_in_use(linked.control, before=line_notice.daily())) + table
    other = _other_line(linked)
    page = Page(title, deck, body, style=_table_style())
    return _with_change(page, linked, other) if other else page


def of_methods(linked: Linked) -> Page:
    """Return what the page on methods is about; all else of it comes with the live page."""
    title, about = tr(PAGE_NAMES["methods"]), tr(wording.METHODS)
    return Page(title, about, f"{parts.bar(linked, title=title)}<p>{html.escape(about)}</p>")


def _other_line(linked: Linked) -> Control | None:
    """Return the line that the link has the one in use compared with, or that of the nearest date, as the live page."""
    others = [control_id for control_id in list_controls() if control_id != linked.control.id]
    if not others:
        return None
    wanted = linked.view.choice("against")
    if wanted in others:
        return load_control(wanted)
    return load_control(min(others, key=lambda control_id: abs(line_meta(control_id).as_of - linked.control.as_of)))


def _with_change(page: Page, linked: Linked, other: Control) -> Page:
    """Return the page with a map of what differs between two lines."""
    before, after = sorted((linked.control, other), key=lambda control: control.as_of)
    zones, classes = held_by_lines.zones((before, after)), held_by_lines.changes(before, after)
    fills = [classes[held].fill if held in classes else None for held in zones["held_in"]]
    drawn = geometry.drawn(zones.geometry, after, fills)
    used = [land.fill for land in classes.values()]
    title = tr("What differs from another line")
    frame = map_svg.Frame(title, earlier=geometry.line_path(before))
    shown = map_svg.map_html(frame, drawn.filled[0], after, before)
    entries = [
        (land.fill, f"{land.words}: {wording.area_text(land.area_km2, linked.units)}") for land in classes.values()
    ]
    lines = [(kind, tr("Line of {date}").format(date=held_by_lines.short(control))) for kind, control in (
        ("a-rule a-earlier", before), ("a-rule", after),
    )]  # fmt: skip
    body = (
        f"{page.body}<h2>{html.escape(title)}</h2>{map_svg.shared_shapes(drawn, used)}"
        f'<div class="a-lines">{shown}{parts.legend_of(entries, lines)}</div>'
    )
    return replace(page, body=body, fills=used, maps=1)


def _line(control: Control, linked: Linked) -> list[str]:
    provenance = control.provenance
    held_km2 = float(held_over_time([(control.as_of, control)])["held_km2"].sum())
    return [
        date_text(control.as_of),
        tr(provenance.source),
        tr(provenance.licence or "not stated"),
        line_words.km_text(provenance.error_km),
        tr("yes") if control.id == linked.view.control else "",
        wording.area_number(held_km2, linked.units),
    ]
