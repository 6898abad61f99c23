"""The proposals and talks from November 2025 on, day by day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.table_reader import read_records
from mapcore.proposals.shipped import check_proposal

Kind = Literal["proposal", "talks", "statement", "line"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Actor = Literal["ukraine", "russia", "united_states", "europe"]
ACTORS: Final[tuple[Actor, ...]] = get_args(Actor)


@dataclass(frozen=True)
class Entry:
    """
    One event.

    Attributes
    ----------
    kind
        One of `KINDS`: a proposal, talks, a statement, or a change along the line.
    actors
        Who takes part, speaks, or holds other land than before.
    proposal
        The id of the proposal that it leads to, or empty.
    changed
        What changed against the one before, or empty.
    also
        Addresses of further sources.
    """

    id: str
    date: date
    kind: Kind
    actors: tuple[Actor, ...]
    title: str
    text: str
    source: str
    proposal: str = ""
    changed: str = ""
    also: tuple[str, ...] = ()


def chosen_entries(kinds: Collection[str], actors: Collection[str]) -> tuple[Entry, ...]:
    """Return the events of some kinds with some actors, by date; none of either stands for all."""
    return tuple(
        entry
        for entry in load_timeline()
        if (not kinds or entry.kind in kinds) and (not actors or set(entry.actors) & set(actors))
    )


@memory.shared
def load_timeline() -> tuple[Entry, ...]:
    """
    Return the events in order of date, those of one day in the order of `geo/timeline.toml`.

    Raises
    ------
    DataFileError
        If a key is missing, unknown or of another type, or an entry leads to a proposal that is not there.
    """
    entries = read_records(geo_path("timeline.toml"), "entry", Entry)
    for entry in entries:
        check_proposal("geo/timeline.toml", entry.id, entry.proposal)
    return tuple(sorted(entries, key=lambda entry: entry.date))
