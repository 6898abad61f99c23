"""The proposals and talks of November and December 2025, day by day."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from mapcore.base import memory
from mapcore.base.data_files import geo_path, read_toml
from mapcore.base.errors import DataFileError, wrong_keys
from mapcore.base.language import tr
from mapcore.proposals.shipped import load_proposals

KINDS: Final = ("proposal", "talks", "statement", "line")


@dataclass(frozen=True)
class Entry:
    """
    One event.

    Attributes
    ----------
    kind
        One of `KINDS`: a proposal, talks, a statement, or a change along the line.
    proposal
        The id of the proposal that it leads to, or empty.
    changed
        What changed against the one before, or empty.
    """

    id: str
    date: date
    kind: str
    title: str
    text: str
    source: str
    proposal: str = ""
    changed: str = ""


@memory.shared
def load_timeline() -> tuple[Entry, ...]:
    """
    Return the events in order of date, those of one day in the order of `geo/timeline.toml`.

    Raises
    ------
    DataFileError
        If a key is missing or unknown, or an entry leads to a proposal that is not there.
    """
    known = {field.name for field in fields(Entry)}
    needed = known - {"proposal", "changed"}
    rows = read_toml(geo_path("timeline.toml")).get("entry", [])
    for index, row in enumerate(rows):
        where = f"geo/timeline.toml: entry[{index}]"
        odd = sorted((set(row) - known) | (needed - set(row)))
        if odd:
            raise wrong_keys(where, odd)
        if row["kind"] not in KINDS:
            sentence = tr("{where}: kind: '{word}' is not known; use one of: {words}")
            raise DataFileError(sentence.format(where=where, word=row["kind"], words=", ".join(KINDS)))
        if row.get("proposal") and row["proposal"] not in {found.id for found in load_proposals()}:
            sentence = tr("{where}: proposal: there is no '{id}'; correct it or delete the key")
            raise DataFileError(sentence.format(where=where, id=row["proposal"]))
    return tuple(sorted((Entry(**row) for row in rows), key=lambda entry: entry.date))
