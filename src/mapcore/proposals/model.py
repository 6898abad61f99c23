"""What a proposal and a status are: frozen values, and the statuses that ship. No geometry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.errors import ParameterError
from mapcore.base.fill import Fill
from mapcore.base.language import tr
from mapcore.base.memory import Memory, current
from mapcore.base.table_reader import read_records
from mapcore.base.weight import weight


@dataclass(frozen=True)
class Status:
    """What a proposal makes of a piece of land: who holds it, as whose it is recognised, which regime applies."""

    id: str
    label: str
    holder: str
    recognised: str
    regime: str
    sentence: str
    fill: Fill


@dataclass(frozen=True)
class Parameter:
    """
    A number that a viewer may set, with its default and limits.

    Attributes
    ----------
    named
        Values that the text or the debate about it names.
    """

    id: str
    label: str
    default: float
    min: float
    max: float
    step: float
    unit: str
    named: tuple[float, ...] = ()


#: A date by another name, since that of a field hides it.
Day = date
#: A whole day; a source may name a month or nothing.
_DAY: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")

#: A drawn outline: points of longitude and latitude in EPSG:4326, the first one again at the end.
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Rule:
    """
    One rule of a proposal.

    Attributes
    ----------
    within_km
        Distance from the line: a number, or the name of a parameter.
    inside
        Drawn outlines, each an area of its own; edges are straight in longitude and latitude.
    """

    status: str
    clause: str
    oblasts: tuple[str, ...] | None
    held_by: str | None
    within_km: float | str | None
    note: str
    inside: tuple[Ring, ...] | None = None


@dataclass(frozen=True)
class Clause:
    """A territorial clause, in our words, with its source."""

    id: str
    text: str
    source: str
    quote: str = ""


@dataclass(frozen=True)
class Term:
    """What a proposal says on another topic, or that it does not specify it."""

    topic: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class Reaction:
    """What a side has said of a proposal, in our words; `source` is empty where none of its words was found."""

    by: str
    text: str
    source: str = ""
    date: str = ""


@dataclass(frozen=True)
class PublishedSource:
    """A published source of a proposal."""

    title: str
    url: str
    date: str = ""


#: Who put a text forward, as the chooser groups them.
Side = Literal["united_states", "united_states_ukraine", "europe", "ukraine", "russia", "talks", "constructed"]
#: What became of a text: nobody has withdrawn or replaced it; another took its place; those whom it needed refused it;
#: it was never put forward.
Standing = Literal["live", "superseded", "rejected", "constructed"]


@dataclass(frozen=True)
class Version:
    """
    Another text with the same map: a later or earlier statement of a proposal, or a document that differs in words.

    Attributes
    ----------
    text
        What it says on land and how it differs, in our words.
    outcome
        What became of it, by what and when.
    """

    title: str
    by: str
    side: Side
    date: Day
    text: str
    source: str
    standing: Standing
    outcome: str


@memory.handing_out("parameters")
@dataclass(frozen=True, eq=False, repr=False)
class Proposal:
    """
    One proposal: an ordered list of rules, of which the first that matches a piece of land gives its status.

    Attributes
    ----------
    reviewed_on
        The day on which the file was last held against its sources, or None.
    side, standing, outcome
        Who put it forward, what became of it, and in a sentence by what and when; all empty for a viewer's own.
    versions
        Other texts that this map shows too.
    memory
        That of the visitor who alone has the proposal, if any.
    """

    id: str
    title: str
    by: str
    date: date
    order: int
    summary: str
    status_note: str
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    clauses: tuple[Clause, ...]
    terms: tuple[Term, ...]
    unspecified: tuple[str, ...]
    sources: tuple[PublishedSource, ...]
    notes: tuple[str, ...]
    reactions: tuple[Reaction, ...] = ()
    reviewed_on: Day | None = None
    side: Side | Literal[""] = ""
    standing: Standing | Literal[""] = ""
    outcome: str = ""
    versions: tuple[Version, ...] = ()
    memory: Memory | None = field(default_factory=current)

    def __repr__(self) -> str:
        return f"<Proposal {self.id}: {self.title}, {self.by}, {self.date}>"

    def weight(self) -> int:
        """Return the bytes that it takes."""
        return weight((self.rules, self.clauses, self.terms, self.summary, self.notes, self.versions))

    def row(self) -> dict[str, Any]:
        """Return its cells in a table of proposals."""
        named = {"id": self.id, "title": self.title, "by": self.by, "date": self.date}
        return named | {"standing": self.standing, "outcome": self.outcome}

    @property
    def newest_source(self) -> Day | None:
        """The day of the newest source that says which day it is of: up to then the file speaks; None without one."""
        days = [source.date for source in self.sources] + [reaction.date for reaction in self.reactions]
        days += [str(text.date) for text in self.versions]
        return max((Day.fromisoformat(day) for day in days if _DAY.fullmatch(day)), default=None)

    def clause(self, clause_id: str) -> Clause | None:
        """Return the clause with this id, or None for land that no clause names."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)


@memory.shared
def load_statuses() -> Mapping[str, Status]:
    """Return every status by its id, in the order of `geo/statuses.toml`, which is also the legend's."""
    return MappingProxyType({status.id: status for status in read_records(geo_path("statuses.toml"), "status", Status)})


def settle_parameters(proposal: Proposal, chosen: Mapping[str, float] | None = None) -> dict[str, float]:
    """
    Return a value for each parameter of the proposal: the chosen one, or its default.

    Raises
    ------
    ParameterError
        If a name is not a parameter of this proposal, or a value is not a number or out of range.
    """
    chosen = dict(chosen or {})
    for name in chosen:
        if name not in proposal.parameters:
            sentence = tr("{name}: '{proposal}' has no such parameter; it has: {parameters}")
            known = ", ".join(proposal.parameters) or tr("none")
            raise ParameterError(sentence.format(name=name, proposal=proposal.id, parameters=known))
    return {
        name: _within(parameter, chosen[name]) if name in chosen else float(parameter.default)
        for name, parameter in proposal.parameters.items()
    }


def _within(parameter: Parameter, value: object) -> float:
    limits = {"low": f"{parameter.min:g}", "high": f"{parameter.max:g}"}
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise ParameterError(
            tr("{name}: {value} is not a number; choose from {low} to {high}").format(
                name=parameter.id, value=repr(value), **limits
            )
        )
    if not parameter.min <= value <= parameter.max:
        raise ParameterError(
            tr("{name}: {value} {unit} is out of range; choose from {low} to {high}").format(
                name=parameter.id, value=f"{value:g}", unit=tr(parameter.unit), **limits
            )
        )
    return float(value)
