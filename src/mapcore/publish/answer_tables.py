"""
The answers to programs as tables: one header row, one row a thing, the unit in the name of each column.

Such a table pastes into a chart tool or a spreadsheet as it is; what is to be said of it stands beside it, in
`answer_metadata`. Values are those of `answers`, with names in the language in use and ranges beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from mapcore.analysis.compare import Comparison, Over
from mapcore.base.csv_file import ENCODING, csv_text
from mapcore.base.language import mark, tr
from mapcore.land.boundaries import oblast_names
from mapcore.measurement.areas import Measured
from mapcore.present.wording import ledger_words
from mapcore.proposals.shipped import load_statuses
from mapcore.publish.answers import changed_rows, ledgers_content, rounded
from mapcore.publish.view_content import named


@dataclass(frozen=True)
class Column:
    """
    A column of a table, or a key of an answer in JSON.

    Attributes
    ----------
    kind
        A type of JSON; an empty cell of the table is null.
    meaning
        In English, for `tr`.
    """

    name: str
    kind: str
    meaning: str
    may_be_empty: bool = False


_AREA: Final = (
    Column("area_km2", "number", mark("Geodesic area on WGS 84, km².")),
    Column("low_km2", "number", mark("The least that it can be within the error of the line of contact, km².")),
    Column("high_km2", "number", mark("The most that it can be within the error of the line of contact, km².")),
)
_CONTESTED: Final = Column(
    "contested_km2", "number",
    mark("How much of it was fought over on the day of the line, km²; empty where that is not known."),
    may_be_empty=True,
)  # fmt: skip
_SHARE: Final = Column("share_of_oblast", "number", mark("Share of the oblast as measured here, from 0 to 1."))
_OBLAST: Final = Column("oblast", "string", mark("First-level unit, ISO 3166-2 code."))
_OBLAST_NAME: Final = Column("oblast_name", "string", mark("Its name in the language asked for."))
_PROPOSAL: Final = Column("proposal", "string", mark("Id of the proposal."))
_CONTROL: Final = Column("control", "string", mark("Id of the line of contact."))
_STATUS: Final = Column("status", "string", mark("What the proposal makes of the land, an id of a status."))
_STATUS_LABEL: Final = Column("status_label", "string", mark("The status in words, in the language asked for."))
_HELD_BY: Final = Column("held_by", "string", mark("Who holds the land on the date of the line: ukraine or russia."))
#: What likely ranges add to a table of areas.
LIKELY: Final = (
    Column(
        "likely_low_km2", "number", mark("Low end of the range that 90 % of randomly displaced lines fall into, km².")
    ),
    Column(
        "likely_high_km2", "number", mark("High end of the range that 90 % of randomly displaced lines fall into, km².")
    ),
)
#: What a status answers.
_ANSWER: Final = (
    Column("holder", "string", mark("Who would hold the land.")),
    Column("recognised", "string", mark("Whose it would be recognised as.")),
    Column("regime", "string", mark("Which military regime would apply.")),
)
#: Each question's answers under A (from) and B (to), in the order of `zone_table`.
_ANSWERS: Final = tuple(
    Column(f"{question}_{side}", "string", meaning)
    for question, meaning in ((column.name, column.meaning) for column in _ANSWER)
    for side in ("from", "to")
)

#: The columns of each table by its name, in order.
COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "proposals": (
        Column("id", "string", mark("Id of the proposal.")),
        Column("title", "string", mark("Its title, in English.")),
        Column("by", "string", mark("Who put it forward, in English.")),
        Column("date", "string", mark("When, as YYYY-MM-DD.")),
        Column("standing", "string", mark("What became of it: live, superseded, rejected or constructed.")),
        Column("outcome", "string", mark("The same in a sentence, by what and when, in English.")),
    ),
    "controls": (
        Column("id", "string", mark("Id of the line of contact.")),
        Column("as_of", "string", mark("The date that it is of, as YYYY-MM-DD.")),
        Column("source", "string", mark("Who drew it, and from what, in English.")),
        Column("error_km", "number", mark("How far it may be off on average, km.")),
    ),
    "areas": (_PROPOSAL, _CONTROL, _OBLAST, _OBLAST_NAME, _STATUS, _STATUS_LABEL, *_AREA, _CONTESTED, _SHARE),
    "ledger": (
        _PROPOSAL,
        Column("title", "string", mark("Title of the proposal in the language asked for.")),
        _CONTROL,
        Column("figure", "string", mark("The row of the ledger, an id.")),
        Column("figure_label", "string", mark("The same in words, in the language asked for.")),
        *(replace(column, may_be_empty=True) for column in _AREA), _CONTESTED,
    ),
    "compare": (
        Column("a", "string", mark("Id of the proposal compared, A.")),
        Column("b", "string", mark("Id of the proposal that it is compared with, B.")),
        _CONTROL, _OBLAST, _OBLAST_NAME,
        Column("from", "string", mark("Status of the land under A.")),
        Column("from_label", "string", mark("The same in words, in the language asked for.")),
        Column("to", "string", mark("Status of the land under B.")),
        Column("to_label", "string", mark("The same in words, in the language asked for.")),
        *_AREA,
    ),
    "claims": (
        Column("id", "string", mark("Id of the published figure.")),
        Column("statement", "string", mark("What was stated, in our words, in English.")),
        Column("stated", "number", mark("The figure as published, in the unit of the row.")),
        Column("unit", "string", mark("The unit of all figures of the row.")),
        Column("computed", "number", mark("Ours in that unit; empty where it cannot be computed."), may_be_empty=True),
        Column("low", "number", mark("Its low bound."), may_be_empty=True),
        Column("high", "number", mark("Its high bound."), may_be_empty=True),
        Column("difference", "number", mark("Our figure less the stated one."), may_be_empty=True),
        Column("verdict", "string", mark("agrees, differs or cannot be computed: whether our range includes it.")),
        Column("source", "string", mark("Where it was published.")),
    ),
    "effects": (
        _PROPOSAL, _CONTROL,
        Column("measure", "string", mark("What is counted or measured, an id.")),
        Column("measure_label", "string", mark("The same in words, in the language asked for.")),
        Column("of", "string", mark("Of what: a holder, a status, a distance in km, a kind of object, or empty.")),
        Column("of_label", "string", mark("The same in words, in the language asked for.")),
        Column("when", "string", mark("now, after, or empty for what comes of the proposal.")),
        Column("unit", "string", mark("The unit of the row's figures: count, km, km2 or people.")),
        Column("value", "number", mark("The figure; empty where the text does not specify it."), may_be_empty=True),
        Column("low", "number", mark("Its low bound."), may_be_empty=True),
        Column("high", "number", mark("Its high bound."), may_be_empty=True),
        Column("lat", "number", mark("Where it is, if at one place: latitude on WGS 84, degrees."), may_be_empty=True),
        Column("lon", "number", mark("Where it is, if at one place: longitude on WGS 84, degrees."), may_be_empty=True),
        Column("start_lat", "number", mark("Where a distance from the line starts: latitude."), may_be_empty=True),
        Column("start_lon", "number", mark("Where a distance from the line starts: longitude."), may_be_empty=True),
    ),
    "zones": (
        _OBLAST, _OBLAST_NAME, _HELD_BY, _STATUS, _STATUS_LABEL,
        *_ANSWER,
        Column("clause", "string", mark("The clause of the text behind it; empty where none names the land.")),
        *_AREA, _CONTESTED, _SHARE,
    ),
    "changes": (
        _OBLAST, _OBLAST_NAME, _HELD_BY,
        Column("from_status", "string", mark("Status of the land under A.")),
        Column("to_status", "string", mark("Status of the land under B.")),
        Column("from_label", "string", mark("The same in words, in the language asked for.")),
        Column("to_label", "string", mark("The same in words, in the language asked for.")),
        *_ANSWERS,
        Column("changed", "boolean", mark("Whether A and B answer the question of the table differently.")),
        *_AREA,
    ),
    "places": (
        Column("id", "integer", mark("Id of the settlement in GeoNames.")),
        Column("katottg", "string", mark("Its code in Ukraine's register of settlements; empty where it is open.")),
        Column("name_en", "string", mark("Its name in Latin letters, by the national rules of Ukraine.")),
        Column("name_uk", "string", mark("Its name in Ukrainian, as in the register.")),
        Column("former_names", "string", mark("Its former names in Ukrainian, separated by semicolons.")),
        _OBLAST, _OBLAST_NAME,
        Column("raion", "string", mark("First six signs of its raion's code in the register; empty where it is open.")),
        Column("lat", "number", mark("Latitude on WGS 84, degrees.")),
        Column("lon", "number", mark("Longitude on WGS 84, degrees.")),
        Column("population", "integer", mark("Inhabitants; empty without a count."), may_be_empty=True),
        _HELD_BY, _CONTROL, _PROPOSAL, _STATUS, _STATUS_LABEL, *_ANSWER,
        Column("moves", "boolean", mark("Whether another would hold it than now.")),
        Column("sure", "boolean", mark("False where the status may be another within the line's error.")),
        Column("distance_km", "number", mark(
            "To the nearest land that another would hold, so to the line that the proposal draws or, across water, a "
            "shore, km; empty where one holds all land."
        ), may_be_empty=True),
    ),
}  # fmt: skip


def columns_of(table: str, rows: pd.DataFrame) -> tuple[Column, ...]:
    """Return what there is to say of the columns of a table, in its order."""
    known = {column.name: column for column in (*COLUMNS[table], *LIKELY)}
    return tuple(known[name] for name in rows.columns)


def csv_bytes(rows: pd.DataFrame) -> bytes:
    """Return a table as CSV with a byte-order mark and no comment."""
    return csv_text(rows).encode(ENCODING)


def list_table(table: str, content: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a list of `answers` as its table."""
    return pd.DataFrame(content, columns=[column.name for column in COLUMNS[table]])


def _labelled(rows: pd.DataFrame, *statuses: str) -> pd.DataFrame:
    """Put words beside ids, in the language in use: the oblast's name and the label of each status."""
    words = {"oblast_name": rows["oblast"].map(oblast_names())}
    for key in statuses:
        words[f"{key}_label"] = rows[key].map(lambda status: tr(load_statuses()[status].label))
    return rows.assign(**words)


def areas_table(measured: Measured, likely: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the zones of a measured proposal by oblast and status, with likely ranges beside if given."""
    rows = measured.by_status
    if likely is not None:
        rows = rows.merge(likely.drop(columns="area_km2"), on=["oblast", "status"])
    named = _labelled(rows, "status").assign(proposal=measured.proposal.id, control=measured.control.id)
    return _in_order("areas", named)


def ledger_table(measured: Sequence[Measured]) -> pd.DataFrame:
    """Return the ledgers of measured proposals, a row for each line; without figures where the text leaves it open."""
    rows = pd.DataFrame(ledgers_content(measured))
    titles = {measurement.proposal.id: named(measurement) for measurement in measured}
    labels = {key: label for key, (label, _) in ledger_words().items()}
    return _in_order("ledger", rows.assign(title=rows["proposal"].map(titles), figure_label=rows["figure"].map(labels)))


def compare_table(comparison: Comparison, over: Over = "all") -> pd.DataFrame:
    """Return the land for which two proposals answer a question otherwise, with ranges."""
    ids = {"a": comparison.a.proposal.id, "b": comparison.b.proposal.id, "control": comparison.a.control.id}
    return _in_order("compare", _labelled(changed_rows(comparison, over), "from", "to").assign(**ids))


def places_table(measured: Sequence[Measured], places: pd.DataFrame, under: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return settlements, a row for each of them and each proposal, as `answers.find_places` returns both."""
    counted = places.assign(population=places["population"].astype("Int64").where(places["population"] > 0))
    parts = [
        counted.assign(proposal=measurement.proposal.id, control=measurement.control.id, **rows)
        for measurement, rows in zip(measured, under, strict=True)
    ]
    together = pd.concat(parts).sort_index(kind="stable").loc[list(dict.fromkeys(places.index))]
    answered = {
        column.name: together["status"].map(lambda status, name=column.name: getattr(load_statuses()[status], name))
        for column in _ANSWER
    }
    far = together["distance_km"].round(1)
    return _in_order("places", _labelled(together.assign(**answered, distance_km=far), "status"))


def _in_order(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    names = [column.name for column in (*COLUMNS[table], *LIKELY) if column.name in rows.columns]
    return pd.DataFrame(rows[names]).map(rounded)
