"""What the API answers to a question, as bytes; no request and no header comes by here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from mapcore.analysis.claims import check_claims
from mapcore.analysis.compare import compare
from mapcore.analysis.place_answers import under_proposal
from mapcore.analysis.place_search import search_places
from mapcore.app.server.api_question import Question
from mapcore.app.server.api_resources import METADATA
from mapcore.base.data_files import shipped_controls
from mapcore.base.language import speaking
from mapcore.base.memory import Memory, working_for
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import list_controls, load_control
from mapcore.measurement.areas import Measured
from mapcore.measurement.likely import likely_ranges
from mapcore.proposals.shipped import load_proposals
from mapcore.publish import answer_metadata, answer_tables, answers, effect_answers
from mapcore.publish.answer_tables import COLUMNS, columns_of
from mapcore.publish.tables_out import geojson, zone_table
from mapcore.publish.view_content import Chosen, Subject

#: The media type of each form, as its header says it.
MEDIA: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8; header=present",
    "geojson": "application/geo+json",
    METADATA: "application/json",
}


@dataclass(frozen=True)
class Answer:
    """
    An answer in one form.

    Attributes
    ----------
    total
        Of a list that is given in parts: how many there are in all.
    """

    content: bytes
    total: int | None = None


def of_a_visitors_own(question: Question) -> AbstractContextManager[None]:
    """
    Keep what is computed for a question apart, where it is about something that a visitor chose freely.

    What is measured for everybody are the proposals as they ship; a stranger who asks for a thousand depths must not
    push those out, and a viewer's own proposal is remembered for nobody.
    """
    return working_for(Memory()) if question.own or question.parameters else nullcontext()


def make_answer(question: Question, form: str) -> Answer:
    """Return the answer to a question in one of its resource's forms, or what stands beside it (`METADATA`)."""
    with speaking(question.lang), of_a_visitors_own(question):
        return _MAKERS[question.resource](question, form)


def json_bytes(content: Any) -> bytes:
    """Return content as the command line prints it."""
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _proposals(_: Question, form: str) -> Answer:
    content = answers.proposals_content(load_proposals())
    return _listed("proposals", content, form, lambda: answer_metadata.of_proposals(COLUMNS["proposals"]))


def _controls(_: Question, form: str) -> Answer:
    lines = [load_control(control_id) for control_id in list_controls() if control_id in shipped_controls()]
    content = list(map(answers.line_content, lines))
    return _listed("controls", content, form, lambda: answer_metadata.of_controls(lines, COLUMNS["controls"]))


def _claims(question: Question, form: str) -> Answer:
    control = load_control(question.control)
    content = answers.claims_content(check_claims(control=control)) if form != METADATA else []
    return _listed("claims", content, form, lambda: answer_metadata.of_claims(control, COLUMNS["claims"]))


def _listed(table: str, content: list[dict[str, Any]], form: str, about: Callable[[], dict[str, Any]]) -> Answer:
    if form == METADATA:
        return Answer(json_bytes(about()))
    if form == "csv":
        return Answer(answer_tables.csv_bytes(answer_tables.list_table(table, content)))
    return Answer(json_bytes(content))


def _measured(question: Question) -> list[Measured]:
    control: Control = load_control(question.control)
    return answers.measure_together(question.load_proposals(), control=control, parameters=dict(question.parameters))


def _areas(question: Question, form: str) -> Answer:
    measured = _measured(question)[0]
    likely = likely_ranges(measured) if question.likely else None
    if form == "json":
        return Answer(json_bytes(answers.areas_content(measured, likely)))
    rows = answer_tables.areas_table(measured, None if likely is None else likely.by_status)
    return _tabled("areas", measured, rows, form)


def _ledger(question: Question, form: str) -> Answer:
    measured = _measured(question)
    if form == METADATA:
        return Answer(json_bytes(answer_metadata.of_ledgers(measured, COLUMNS["ledger"])))
    if form == "csv":
        return Answer(answer_tables.csv_bytes(answer_tables.ledger_table(measured)))
    return Answer(json_bytes(answers.ledgers_content(measured)))


def _effects(question: Question, form: str) -> Answer:
    measured = _measured(question)
    if form == METADATA:
        return Answer(json_bytes(answer_metadata.of_effects(measured, COLUMNS["effects"])))
    if form == "csv":
        return Answer(answer_tables.csv_bytes(effect_answers.effects_table(measured)))
    return Answer(json_bytes(effect_answers.effects_content(measured)))


def _compare(question: Question, form: str) -> Answer:
    comparison, over = compare(*_measured(question)), question.question
    if form == "json":
        return Answer(json_bytes(answers.compare_content(comparison, over)))
    return _tabled("compare", comparison, answer_tables.compare_table(comparison, over), form, Chosen(over=over))


def _tabled(table: str, subject: Subject, rows: pd.DataFrame, form: str, chosen: Chosen | None = None) -> Answer:
    if form == METADATA:
        return Answer(json_bytes(answer_metadata.of_view(subject, columns_of(table, rows), chosen)))
    return Answer(answer_tables.csv_bytes(rows))


def _zones(question: Question, form: str) -> Answer:
    measured, chosen = _measured(question), Chosen(over=question.question)
    subject = compare(*measured) if len(measured) > 1 else measured[0]
    if form == "geojson":
        return Answer(geojson(subject, chosen))
    rows = zone_table(subject, over=chosen.over)
    return _tabled("changes" if len(measured) > 1 else "zones", subject, rows, form, chosen)


def _places(question: Question, form: str) -> Answer:
    measured = _measured(question)
    if form == METADATA:
        return Answer(json_bytes(answer_metadata.of_places(measured, COLUMNS["places"])))
    found, under = answers.find_places(measured, name=question.name, oblast=question.oblast, status=question.status)
    part = slice(question.offset, question.offset + question.limit)
    return Answer(_places_bytes(measured, found[part], [rows[part] for rows in under], form), total=len(found))


def _place(question: Question, form: str) -> Answer:
    measured = _measured(question)
    if form == METADATA:
        return Answer(json_bytes(answer_metadata.of_places(measured, COLUMNS["places"])))
    found = search_places(question.name, oblast=question.oblast, limit=question.limit)
    under = [under_proposal(measured_proposal).loc[found.index] for measured_proposal in measured]
    return Answer(_places_bytes(measured, found, under, form))


def _places_bytes(
    measured: Sequence[Measured], places: pd.DataFrame, under: Sequence[pd.DataFrame], form: str
) -> bytes:
    if form == "csv":
        return answer_tables.csv_bytes(answer_tables.places_table(measured, places, under))
    return json_bytes(answers.places_content(measured, places))


_MAKERS: Final[dict[str, Callable[[Question, str], Answer]]] = {
    "proposals": _proposals,
    "controls": _controls,
    "areas": _areas,
    "ledger": _ledger,
    "effects": _effects,
    "compare": _compare,
    "claims": _claims,
    "place": _place,
    "places": _places,
    "zones": _zones,
}
