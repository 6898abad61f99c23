"""The pages of a first answer that have maps: one proposal, two compared, a viewer's own, people and places."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from mapcore.analysis.compare import Comparison
from mapcore.analysis.settlements import places_in
from mapcore.base.fill import Fill
from mapcore.base.language import date_text, number_text, tr
from mapcore.base.schema import DEFAULT_STATUS
from mapcore.measurement.areas import Measured
from mapcore.present import difference_classes, map_geometry, settlement_marks, wording
from mapcore.present.difference_classes import ALIKE, row_class
from mapcore.present.land_in_question import frame_of, zone_of
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_statuses
from mapcore.publish import embedded_view, first_screen
from mapcore.publish.build_content import make_sheet
from mapcore.publish.findings import finding
from mapcore.publish.first_answer import geometry, linked_view, map_svg, parts, place
from mapcore.publish.first_answer.linked_view import Linked
from mapcore.publish.first_answer.page import Page
from mapcore.publish.view_content import Chosen, Sheet

_GROUND = DEFAULT_STATUS["ukraine"]


def of_proposal(linked: Linked) -> Page:
    """Return the page of one proposal: map, legend, lead figures."""
    measured = linked_view.measured(linked)
    proposal = measured.proposal
    title, deck = viewer.title_of(proposal), viewer.shown_summary(proposal)
    bar = parts.bar(linked, {"proposal": tr("Proposal")}, find=place.search(linked))
    head = bar + first_screen.headline(measured, linked.units)
    return _of_map(linked, measured, head, f"{title}: {finding(measured, linked.units)}", deck)


def of_own(linked: Linked) -> Page:
    """Return the page of a viewer's own proposal."""
    measured = linked_view.measured(linked)
    proposal = measured.proposal
    bar = parts.bar(linked, mark=tr("Viewer's own, not put forward by any party"))
    head, deck = bar + first_screen.headline(measured, linked.units), viewer.shown_summary(proposal)
    return _of_map(linked, measured, head, f"{viewer.title_of(proposal)}: {finding(measured, linked.units)}", deck)


def _of_map(linked: Linked, measured: Measured, head: str, title: str, deck: str) -> Page:
    fills = [_fill(status) for status in measured.zones["status"]]
    drawn = geometry.drawn(measured.zones.geometry, measured.control, fills)
    used = _used(fills)
    found = place.answer(linked) if linked.view.page == "map" else None
    frame = map_svg.Frame(
        viewer.title_of(measured.proposal), place=_place(linked), mark=map_svg.own_mark(measured.proposal),
        legend=not linked.is_embedded, contested=bool(drawn.contested), **_about(linked, measured),
    )  # fmt: skip
    frame = place.framed(frame, found)
    shown = map_svg.map_html(frame, drawn.filled[0], measured.control)
    sheet = make_sheet(measured, _chosen(linked))
    legend = parts.legend(measured, linked.units)
    if linked.is_embedded:
        heading = parts.headline(viewer.title_of(measured.proposal))
        body = f"{heading}{map_svg.shared_shapes(drawn, used)}{shown}{legend}{_below(linked, sheet)}"
        return Page(title, deck, body, fills=_with_ground(used), maps=1, sheet=sheet)
    kind = " a-own" if linked.view.page == "own" else ""
    # As the live page has it, whose tools stand where the rest of another page's ledger does.
    parts_shown: first_screen.Parts = ("lead",) if kind and linked.view.viewers_proposal else first_screen.PARTS
    figures = first_screen.ledger(measured, linked.units, parts=parts_shown)
    beside = f"{figures}{parts.settings(linked)}{parts.files(linked)}{parts.line_in_use(measured.control)}"
    body = (
        f"{head}{map_svg.shared_shapes(drawn, used)}"
        f'<div class="a-first{kind}"><div class="a-box">{shown}{legend}</div>'
        f'<div class="a-beside">{place.card(linked, found)}{beside}</div></div>'
        f'<p class="deck">{html.escape(deck)}</p>{parts.date_choice(linked)}'
    )
    return place.about(Page(title, deck, body, fills=_with_ground(used), maps=1, sheet=sheet), linked, found)


def _about(linked: Linked, *measured: Measured) -> dict[str, Any]:
    """Return what a frame shows of the country at first, and the link to the whole of it or back."""
    query = linked.query() | ({} if linked.view.whole else {"frame": "country"})
    return {"fit": frame_of(*measured), "whole": linked.view.whole, "there": f"?{urlencode(query)}"}


def _below(linked: Linked, sheet: Sheet) -> str:
    """Return what stands below the map on another page."""
    query = {key: text for key, text in linked.query().items() if not key.startswith("embed")}
    return embedded_view.below_map(sheet, query)


def of_people(linked: Linked) -> Page:
    """Return the page of settlements: marks on the map, and how many change their holder."""
    measured = linked_view.measured(linked)
    proposal = measured.proposal
    title = tr("People and places: {title}").format(title=viewer.title_of(proposal))
    fills = [_fill(status) for status in measured.zones["status"]]
    drawn, used = geometry.drawn(measured.zones.geometry, measured.control, fills), _used(fills)
    zone = zone_of(measured)[1]
    lon, lat = map_geometry.middle(zone)
    frame = map_svg.Frame(
        viewer.title_of(proposal), place=_place(linked),
        **{**_about(linked, measured), "fit": map_geometry.bounds(zone, lon=lon, lat=lat)}, legend=True,
        marks=settlement_marks.place_marks(measured), mark=map_svg.own_mark(proposal), contested=bool(drawn.contested),
    )  # fmt: skip
    found = place.answer(linked)
    frame = place.framed(frame, found)
    entries = _settlements(measured)
    bar = parts.bar(linked, {"proposal": tr("Proposal")}, find=place.search(linked))
    head = bar + first_screen.settlements(measured)
    shown = map_svg.map_html(frame, drawn.filled[0], measured.control)
    body = (
        f"{head}{map_svg.shared_shapes(drawn, used)}"
        f'<div class="a-first"><div class="a-box">{shown}{parts.legend(measured, linked.units)}</div>'
        f'<div class="a-beside">{place.card(linked, found)}{parts.figures(entries)}</div></div>'
        f"{parts.line_in_use(measured.control)}"
    )
    deck = " ".join(f"{label}: {count}. {below}".strip() for label, count, below in entries)
    page = Page(title, deck, body, fills=_with_ground(used), maps=1, sheet=make_sheet(measured, _chosen(linked)))
    return place.about(page, linked, found)


def _settlements(measured: Measured) -> list[tuple[str, str, str]]:
    entries = []
    for words, rows, count in settlement_marks.counted(places_in(measured)):
        people = number_text(int(rows["population"].sum()))
        below = tr("Pre-war population in all: {count}.").format(count=people) if len(rows) else ""
        entries.append((words, count, below))
    return entries


def of_comparison(linked: Linked) -> Page:
    """Return the page of two proposals: a map of each, what differs, and how much."""
    comparison = linked_view.compared(linked)
    a, b, over = comparison.a, comparison.b, linked.view.question
    changes = comparison.changes
    ours, theirs = ([_fill(status) for status in changes[column]] for column in ("from_status", "to_status"))
    by_class = {(change.a, change.b): change for change in difference_classes.classes(comparison, over)}
    found = [by_class.get(row_class(row, over)) for row in changes.itertuples()]  # type: ignore[arg-type]
    between = [
        change.fill if change else ALIKE[held][1] for change, held in zip(found, changes["held_by"], strict=True)
    ]
    drawn = geometry.drawn(changes.geometry, a.control, ours, theirs, between)
    used = _used([*ours, *theirs, *between])
    sides = "".join(
        _side(letter, measured, filled, linked, _about(linked, a, b))
        for letter, measured, filled in zip("AB", (a, b), drawn.filled, strict=False)
    )
    question = tr("Difference map: {question}").format(question=tr(difference_classes.OVER_WORDS[over]))
    difference = map_svg.map_html(
        map_svg.Frame(
            question, mark=map_svg.own_mark(a.proposal, b.proposal), contested=bool(drawn.contested),
            **_about(linked, a, b),
        ), drawn.filled[2], a.control,
    )  # fmt: skip
    classes = [
        (change.fill, f"{_pair(change.a_words, change.b_words)}: {wording.figure_text(change.area_km2, linked.units)}")
        for change in by_class.values()
    ]
    alike = tr("A and B are measured on the same boundaries and the same line.")
    sheet, entries = make_sheet(comparison, _chosen(linked)), _sums(comparison, linked)
    classes += [
        (ALIKE[holder][1], f"{difference_classes.alike_words()[holder]}: {wording.figure_text(area, linked.units)}")
        for holder, area in difference_classes.alike_by_holder(comparison, over).items()
    ]
    legend = _classes(classes, wording.contested_legend(a.control))
    body = (
        f"{parts.bar(linked, {'proposal': 'A', 'compare': 'B'})}"
        f"{first_screen.difference(comparison, over, linked.units)}{_asked(linked)}"
        f"{map_svg.shared_shapes(drawn, used)}"
        f'<div class="a-first a-difference"><div class="a-box">{difference}</div>'
        f'<div class="a-beside"><h2>{html.escape(question)}</h2>{legend}'
        f"{parts.line_in_use(a.control, before=alike)}</div></div><div class=a-sides>{sides}</div>"
        f"<h2>{html.escape(tr('What differs'))}</h2>{parts.figures(entries)}"
    )
    if linked.is_embedded:
        heading = parts.headline(sheet.title)
        legend = embedded_view.legend(sheet, parts.swatch)
        body = f"{heading}{map_svg.shared_shapes(drawn, used)}{difference}{legend}{_below(linked, sheet)}"
    deck = " ".join(f"{label}: {figure}. {below}" for label, figure, below in entries)
    title = f"{sheet.title}: {entries[0][0]} {entries[0][1]}"
    maps = 1 if linked.is_embedded else 2
    return Page(title, deck, body, fills=_with_ground(used), maps=maps, sheet=sheet)


def _asked(linked: Linked) -> str:
    """Return the choice of a question, and a link that swaps A and B."""
    asked = [
        (linked.query(question=question), tr(words), question == linked.view.question)
        for question, words in difference_classes.OVER_WORDS.items()
    ]
    swapped = linked.query(proposal=linked.view.compare, compare=linked.view.proposal)
    label, words = tr("Show differences in"), tr("Swap A and B")
    return f"<div class=a-asked>{parts.choices(label, 'a-row', asked)}{parts.link(swapped, words)}</div>"


def _classes(classes: Sequence[tuple[Fill, str]], contested: str) -> str:
    """Return the classes of a difference map as a list, with what contested land on it is called, if any is drawn."""
    listed = "".join(f"<li>{parts.swatch(fill)}<div>{html.escape(words)}</div></li>" for fill, words in classes)
    if contested:
        listed += f'<li><i class="swatch contested"></i><div>{html.escape(contested)}</div></li>'
    return f'<ul class="changes">{listed}</ul>'


def _side(
    letter: str, measured: Measured, filled: Sequence[tuple[Fill, str]], linked: Linked, about: Mapping[str, Any]
) -> str:
    proposal = measured.proposal
    title = viewer.title_of(proposal)
    frame = map_svg.Frame(
        f"{letter}: {title}", place=_place(linked), mark=map_svg.own_mark(proposal),
        contested=bool(wording.contested_legend(measured.control)), **about,
    )  # fmt: skip
    said_by = f"{html.escape(tr(proposal.by))}, {date_text(proposal.date)}"
    return (
        f'<section><h2 class="a-side"><b class="a-letter">{letter}</b>{html.escape(title)}</h2>'
        f'<p class="meta">{said_by}</p>'
        f"{map_svg.map_html(frame, filled, measured.control)}{parts.legend(measured, linked.units)}</section>"
    )


def _sums(comparison: Comparison, linked: Linked) -> list[tuple[str, str, str]]:
    differ, alike = difference_classes.totals(comparison, linked.view.question)
    return [
        (label, figure.text, tr("Range {bounds}.").format(bounds=figure.bounds) if figure.bounds else "")
        for label, figure in (
            (tr("A and B differ on"), wording.figure_text(differ, linked.units)),
            (tr("A and B treat alike"), wording.figure_text(alike, linked.units)),
        )
    ]


def _pair(a_words: str, b_words: str) -> str:
    return tr("A: {a}; B: {b}").format(a=a_words, b=b_words)


def _fill(status: str) -> Fill | None:
    return None if status == _GROUND else load_statuses()[status].fill


def _used(fills: Sequence[Fill | None]) -> list[Fill]:
    return [fill for fill in dict.fromkeys(fills) if fill is not None]


def _with_ground(fills: Sequence[Fill]) -> list[Fill]:
    """Return the fills of a page and its legend, which has the ground too."""
    return list(dict.fromkeys([*fills, load_statuses()[_GROUND].fill]))


def _place(linked: Linked) -> tuple[float, float, float] | None:
    view = linked.view
    if view.lat is None or view.lon is None or view.zoom is None:
        return None
    return view.lat, view.lon, view.zoom


def _chosen(linked: Linked) -> Chosen:
    return Chosen(units=linked.units, over=linked.view.question)
