"""All proposals side by side: territorial questions from their rules, the other terms from their texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

from mapcore.base.fill import Fill
from mapcore.base.language import date_text, mark, tr
from mapcore.land.boundaries import oblast_names
from mapcore.measurement.areas import Measured, ledger_figure, zone_records
from mapcore.present.effect_words import EffectRow, effect_rows
from mapcore.present.wording import Units, figure_text, standing_word
from mapcore.proposals.shipped import Proposal, load_statuses

#: Oblasts that some proposal treats in its own way, in the order of the rows.
OBLASTS: Final = ("UA-43", "UA-40", "UA-09", "UA-14", "UA-23", "UA-65", "UA-63", "UA-59", "UA-12", "UA-48")
NOT_SPECIFIED: Final = mark("not specified")
NOTHING: Final = mark("nothing")
#: The rows on what texts do to the land, by their ids in `effect_words`, in order.
_EFFECT_ROWS: Final = {
    "line": mark("Line inside Ukraine"),
    "pieces": mark("Connected pieces of land, and pockets"),
    "back": mark("How far the line moves back"),
    "moved": mark("Settlements that change hands, and their people"),
    "towns": mark("Towns of 10,000 and more near the line, held by Ukraine"),
    "objects": mark("Civil objects that change hands"),
}
_HELD_WORDS: Final = {
    "russia": mark("Held by Russia now: {statuses}"),
    "ukraine": mark("Held by Ukraine now: {statuses}"),
}
#: Land smaller than this in a cell (km²) is the line's error and not a proposal's answer.
_SLIVER_KM2: Final = 1.0
#: Statuses that settle nothing about an oblast.
_SILENT: Final = {"open", "retained"}

Section = Literal["text", "territory", "effects", "places", "terms"]
#: The groups of rows, in their order: messages for `tr`.
SECTIONS: Final[dict[Section, str]] = {
    "text": mark("The text"),
    "territory": mark("Territory"),
    "effects": mark("What it does to the land"),
    "places": mark("Plant, spit, dam"),
    "terms": mark("Other terms"),
}


@dataclass(frozen=True)
class Topic:
    """What terms of proposals are about: a message for `tr`, and where it lies, if anywhere."""

    label: str
    section: Section = "terms"
    oblasts: tuple[str, ...] = ()


#: The topics of the terms of shipped proposals, in the order of the rows.
TOPICS: Final = {
    "nuclear_plant": Topic(mark("Nuclear plant at Enerhodar"), "places", ("UA-23",)),
    "kinburn": Topic(mark("Kinburn spit"), "places", ("UA-48",)),
    "kakhovka_dam": Topic(mark("Kakhovka dam"), "places", ("UA-65",)),
    "army": Topic(mark("Ukraine's army")),
    "guarantees": Topic(mark("Security guarantees")),
    "alliances": Topic(mark("Alliances")),
    "assets": Topic(mark("Assets and sanctions")),
    "monitoring": Topic(mark("Monitoring")),
    "elections": Topic(mark("Elections")),
}


def topic_name(topic: str) -> str:
    """Return the name of a term's topic in the language in use; one that is not among `TOPICS` as its file has it."""
    return tr(TOPICS[topic].label) if topic in TOPICS else topic.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Cell:
    """
    What one proposal says on one question, in the language in use.

    Attributes
    ----------
    lines
        Short answers; for an oblast one a part, such as "Held by Russia now: held by Russia, not recognised".
    sources
        Where each clause or term comes from, without repeats.
    specified
        False where the text is silent.
    oblasts
        Where a map should look, or empty.
    fills
        Of an oblast, for each of `lines` the fills on the map of the land that it is about; else nothing.
    """

    lines: tuple[str, ...]
    sources: tuple[str, ...]
    specified: bool
    oblasts: tuple[str, ...] = ()
    fills: tuple[tuple[Fill, ...], ...] = ()

    @property
    def text(self) -> str:
        """All lines in one."""
        return "; ".join(self.lines)


@dataclass(frozen=True)
class Row:
    """One question, in the language in use, with a cell for each proposal, in the order of `Matrix.columns`."""

    id: str
    label: str
    section: Section
    cells: tuple[Cell, ...]


@dataclass(frozen=True, eq=False)
class Matrix:
    """Questions by proposals."""

    columns: tuple[Proposal, ...]
    rows: tuple[Row, ...]


def build_matrix(measured: Iterable[Measured], *, units: Units = "km2") -> Matrix:
    """
    Set measured proposals side by side, in the order given, with areas in `units`.

    Territorial cells say what the proposal's rules make of the land, for the part that each side holds now; they are
    computed from the statuses, so that map and matrix cannot disagree. Other cells are the proposal's own terms.
    """
    columns = tuple(measured)
    rows = [
        Row("standing", tr("What became of it"), "text", tuple(_standing_cell(column.proposal) for column in columns))
    ]
    lands = [_land(column) for column in columns]
    rows += [
        Row(oblast, oblast_names()[oblast], "territory", tuple(map(partial(_oblast_cell, oblast), columns, lands)))
        for oblast in OBLASTS
    ]
    rows.append(
        Row("buffer", tr("Land without armies"), "territory", tuple(_buffer_cell(column, units) for column in columns))
    )
    effects = [() if column.settles_nothing else effect_rows(column, units) for column in columns]
    rows += [
        Row(row, tr(label), "effects", tuple(map(partial(_effect_cell, row), columns, effects)))
        for row, label in _EFFECT_ROWS.items()
    ]
    rows += [
        Row(topic, topic_name(topic), about.section, tuple(_term_cell(column.proposal, topic) for column in columns))
        for topic, about in TOPICS.items()
    ]
    return Matrix(tuple(column.proposal for column in columns), tuple(rows))


def _sources(proposal: Proposal, clauses: Iterable[str]) -> tuple[str, ...]:
    named = [proposal.clause(clause) for clause in clauses]
    return tuple(dict.fromkeys(clause.source for clause in named if clause))


def _standing_cell(proposal: Proposal) -> Cell:
    lines = (standing_word(proposal), tr(proposal.outcome)) if proposal.standing else (tr(NOT_SPECIFIED),)
    others = tuple(
        tr("Also {title}, {date}: {standing}").format(
            title=tr(version.title), date=date_text(version.date), standing=_lower(standing_word(version))
        )
        for version in proposal.versions
    )
    addresses = [reaction.source for reaction in proposal.reactions if reaction.source] + [
        version.source for version in proposal.versions
    ]
    sources = addresses or [source.url for source in proposal.sources[:1]]
    return Cell((*lines, *others), tuple(dict.fromkeys(sources)), bool(proposal.standing))


def _land(measured: Measured) -> dict[str, list[Any]]:
    """Return the zones of each oblast, of each holder the largest first."""
    land: dict[str, list[Any]] = defaultdict(list)
    for zone in sorted(zone_records(measured), key=lambda zone: (zone.held_by, -zone.area_km2)):
        if zone.area_km2 >= _SLIVER_KM2:
            land[zone.oblast].append(zone)
    return land


def _oblast_cell(oblast: str, measured: Measured, land: Mapping[str, list[Any]]) -> Cell:
    zones = land.get(oblast, [])
    statuses = tuple(dict.fromkeys(zone.status for zone in zones))
    answers: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for zone in zones:
        answers[zone.held_by] += (zone.status,)
    settled = not set(statuses) <= _SILENT
    lines = _oblast_lines(answers) if settled else {tr(NOT_SPECIFIED): statuses}
    fills = tuple(tuple(load_statuses()[status].fill for status in shown) for shown in lines.values())
    return Cell(tuple(lines), _sources(measured.proposal, (zone.clause for zone in zones)), settled, (oblast,), fills)


def _oblast_lines(answers: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """
    Say what becomes of the part that each side holds; what Ukraine keeps is named only beside what it leaves.

    The value of each line are the statuses that it is about.
    """
    if len(set(answers.values())) == 1:
        return {tr(load_statuses()[status].label): (status,) for status in next(iter(answers.values()))}
    changing = {holder: statuses for holder, statuses in answers.items() if statuses != ("retained",)}
    words = {holder: [_lower(tr(load_statuses()[status].label)) for status in changing[holder]] for holder in changing}
    return {tr(_HELD_WORDS[holder]).format(statuses=", ".join(words[holder])): changing[holder] for holder in words}


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]


def _buffer_cell(measured: Measured, units: Units) -> Cell:
    """Say how much land no army would enter: the line of the ledger, where it is, and its statuses."""
    figure, zones = ledger_figure(measured, "demilitarised"), measured.zones
    free = zones[zones["status"].map(lambda status: load_statuses()[status].regime) == "demilitarised"]
    if figure is None:
        return Cell((tr(NOT_SPECIFIED),), (), specified=False)
    if free.empty:
        return Cell((str(figure_text(figure, units)),), _sources(measured.proposal, zones["clause"]), specified=True)
    where = ", ".join(oblast_names()[oblast] for oblast in dict.fromkeys(free["oblast"]))
    line = tr("{oblasts}: {area}").format(oblasts=where, area=figure_text(figure, units))
    kinds = tuple(tr(load_statuses()[status].label) for status in dict.fromkeys(free["status"]))
    sources = _sources(measured.proposal, free["clause"])
    return Cell((line, *kinds), sources, specified=True, oblasts=tuple(dict.fromkeys(free["oblast"])))


def _effect_cell(row: str, measured: Measured, effects: Iterable[EffectRow]) -> Cell:
    """Say what a text does to the land in one respect: the rows of its own table, in short."""
    if measured.settles_nothing:
        return Cell((tr(NOT_SPECIFIED),), (), specified=False)
    found = [effect for effect in effects if effect.row == row and effect.after]
    lines = tuple(tr("{label}: {figure}").format(label=effect.label, figure=effect.after) for effect in found)
    return Cell(lines or (tr(NOTHING),), _sources(measured.proposal, measured.zones["clause"]), specified=True)


def _term_cell(proposal: Proposal, topic: str) -> Cell:
    terms = [term for term in proposal.terms if term.topic == topic]
    statements = tuple(tr(term.text) for term in terms if term.text.strip().lower() != NOT_SPECIFIED)
    sources = tuple(dict.fromkeys(term.source for term in terms if term.source))
    return Cell(statements or (tr(NOT_SPECIFIED),), sources, bool(statements), TOPICS[topic].oblasts)
