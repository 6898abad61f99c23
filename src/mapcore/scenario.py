"""Proposals and statuses: TOML read into frozen, checked values. No geometry."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from mapcore.errors import MapcoreError, ParameterError, ProposalError, UnknownIdError
from mapcore.schema import DEFAULT_STATUS, HOLDERS, UNITS
from mapcore.sources import display_path, geo_dir, geo_path, read_toml


@dataclass(frozen=True)
class Status:
    """What a proposal makes of a piece of land: who holds it, as whose it is recognised, which regime applies."""

    id: str
    label: str
    holder: str
    recognised: str
    regime: str
    colour: str
    colour_dark: str
    hatch: bool
    sentence: str


@dataclass(frozen=True)
class Parameter:
    """A number that a viewer may set, with its default and limits."""

    id: str
    label: str
    default: float
    min: float
    max: float
    step: float
    unit: str


@dataclass(frozen=True)
class Rule:
    """One rule of a proposal; `within_km` is a number or the name of a parameter."""

    status: str
    clause: str
    oblasts: tuple[str, ...] | None
    held_by: str | None
    within_km: float | str | None
    note: str


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
class Reference:
    """A published source of a proposal."""

    title: str
    url: str
    date: str = ""


@dataclass(frozen=True, eq=False)
class Proposal:
    """One proposal: an ordered list of rules, of which the first that matches a piece of land gives its status."""

    id: str
    title: str
    by: str
    date: date
    order: int
    summary: str
    status_note: str
    parameters: Mapping[str, Parameter]
    zones: tuple[Rule, ...]
    clauses: tuple[Clause, ...]
    terms: tuple[Term, ...]
    unspecified: tuple[str, ...]
    sources: tuple[Reference, ...]
    notes: tuple[str, ...]

    def clause(self, clause_id: str) -> Clause | None:
        """Return the clause with this id, or None for land that no clause names."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)


_KEYS = {
    "id", "title", "by", "date", "order", "summary", "status_note", "parameters", "zones", "clauses", "terms",
    "unspecified", "sources", "notes",
}  # fmt: skip


class _Reader:
    """Reads one proposal file and refuses with file, key, reason and the way out."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse(self, key: str, reason: str) -> ProposalError:
        return ProposalError(f"{display_path(self.path)}: {key}: {reason}")

    def known_keys(self, table: Any, allowed: Iterable[str], where: str) -> dict[str, Any]:
        if not isinstance(table, dict):
            raise self.refuse(where, "must be a table")
        allowed = sorted(allowed)
        for key in table:
            if key not in allowed:
                raise self.refuse(f"{where}.{key}".lstrip("."), f"unknown key{_hint(key, allowed)}")
        return table

    def record(self, kind: type[Any], table: Any, where: str) -> Any:
        table = self.known_keys(table, [field.name for field in fields(kind)], where)
        for field in fields(kind):
            if field.name not in table and field.default is MISSING:
                raise self.refuse(f"{where}.{field.name}", "is missing; add it")
            if not isinstance(table.get(field.name, ""), str | date):
                raise self.refuse(f"{where}.{field.name}", "must be text in quotes")
        return kind(**{key: str(value) for key, value in table.items()})

    def parameter(self, name: str, table: Any) -> Parameter:
        where = f"parameters.{name}"
        names = {field.name for field in fields(Parameter)} - {"id"}
        table = self.known_keys(table, names, where)
        for key in names - {"step", "unit"}:
            if key not in table:
                raise self.refuse(f"{where}.{key}", "is missing; add it")
        for key in {"default", "min", "max", "step"} & set(table):
            if isinstance(table[key], bool) or not isinstance(table[key], int | float):
                raise self.refuse(f"{where}.{key}", "must be a number")
        found = Parameter(id=name, **{"step": 1, "unit": "km"} | table)
        if not 0 < found.min <= found.default <= found.max:
            raise self.refuse(f"{where}.default", f"{found.default:g} is outside {found.min:g} to {found.max:g}")
        return found

    def rule(self, table: Any, where: str, parameters: Mapping[str, Parameter], clauses: set[str]) -> Rule:
        table = self.known_keys(table, {"status", "clause", "where", "note"}, where)
        status = table.get("status")
        if status not in load_statuses():
            raise self.refuse(f"{where}.status", f"'{status}' is not a status{_hint(status, load_statuses())}")
        clause = table.get("clause", "")
        if clause and clause not in clauses:
            raise self.refuse(f"{where}.clause", f"'{clause}' is not among the clauses{_hint(clause, clauses)}")
        place = self.known_keys(table.get("where"), {"oblasts", "held_by", "within_km_of_line"}, f"{where}.where")
        if not place:
            raise self.refuse(f"{where}.where", "names nothing; name oblasts, held_by or within_km_of_line")
        return Rule(
            status=status,
            clause=clause,
            oblasts=self.units(place.get("oblasts"), f"{where}.where.oblasts"),
            held_by=self.holder(place.get("held_by"), f"{where}.where.held_by"),
            within_km=self.distance(place.get("within_km_of_line"), f"{where}.where.within_km_of_line", parameters),
            note=str(table.get("note", "")),
        )

    def units(self, value: Any, where: str) -> tuple[str, ...] | None:
        if value is None:
            return None
        if not isinstance(value, list) or not value:
            raise self.refuse(where, "must be a list of ISO 3166-2 codes, such as ['UA-14']")
        for code in value:
            if code not in UNITS:
                close = difflib.get_close_matches(str(code), UNITS, n=1, cutoff=0.1)
                names = f"; did you mean '{close[0]}' ({UNITS[close[0]]})?" if close else ""
                raise self.refuse(where, f"'{code}' is not a first-level unit{names}")
        return tuple(value)

    def holder(self, value: Any, where: str) -> str | None:
        if value is not None and value not in HOLDERS:
            raise self.refuse(where, f"'{value}' is not a holder; write 'ukraine' or 'russia'")
        return None if value is None else str(value)

    def distance(self, value: Any, where: str, parameters: Mapping[str, Parameter]) -> float | str | None:
        if value is None or (isinstance(value, str) and value in parameters):
            return value
        if isinstance(value, str):
            raise self.refuse(where, f"'{value}' is not a parameter of this proposal; add [parameters.{value}]")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 500:
            raise self.refuse(where, "must be a number of km from 0 to 500, or the name of a parameter")
        return float(value)

    def reachable(self, rules: tuple[Rule, ...]) -> None:
        """Refuse a rule that can never match because earlier ones take all of its land."""
        taken: set[tuple[str, str]] = set()
        for index, rule in enumerate(rules):
            cells = {
                (unit, holder)
                for unit in rule.oblasts or UNITS
                for holder in ([rule.held_by] if rule.held_by else HOLDERS)
            }
            if cells <= taken:
                raise self.refuse(
                    f"zones[{index}]", "can never match: earlier rules take all of its land; move it up or delete it"
                )
            if rule.within_km is None:
                taken |= cells

    def read(self) -> Proposal:
        content = self.known_keys(read_toml(self.path), _KEYS, "")
        for key in ("id", "title", "by", "date", "order", "summary"):
            if key not in content:
                raise self.refuse(key, "is missing; add it")
        for key in ("id", "title", "by", "summary"):
            if not isinstance(content[key], str) or not content[key].strip():
                raise self.refuse(key, "must be text in quotes")
        if not isinstance(content["date"], date):
            raise self.refuse("date", "must be a date without quotes, such as 2025-11-20")
        if isinstance(content["order"], bool) or not isinstance(content["order"], int):
            raise self.refuse("order", "must be a whole number")
        parameters = {name: self.parameter(name, table) for name, table in self.table(content, "parameters").items()}
        clauses = self.records(content, "clauses", Clause)
        ids = {clause.id for clause in clauses}
        rules = tuple(
            self.rule(table, f"zones[{index}]", parameters, ids)
            for index, table in enumerate(self.rows(content, "zones"))
        )
        self.reachable(rules)
        used = {rule.within_km for rule in rules}
        for name in parameters:
            if name not in used:
                raise self.refuse(f"parameters.{name}", "no rule uses it; name it in within_km_of_line or delete it")
        return Proposal(
            id=content["id"],
            title=content["title"],
            by=content["by"],
            date=content["date"],
            order=content["order"],
            summary=content["summary"],
            status_note=str(content.get("status_note", "")),
            parameters=parameters,
            zones=rules,
            clauses=clauses,
            terms=self.records(content, "terms", Term),
            unspecified=tuple(str(item) for item in self.rows(content, "unspecified")),
            sources=self.records(content, "sources", Reference),
            notes=tuple(str(table.get("text", "")) for table in self.rows(content, "notes")),
        )

    def table(self, content: dict[str, Any], key: str) -> dict[str, Any]:
        value = content.get(key, {})
        if not isinstance(value, dict):
            raise self.refuse(key, f"must be tables, written [{key}.name]")
        return value

    def rows(self, content: dict[str, Any], key: str) -> list[Any]:
        value = content.get(key, [])
        if not isinstance(value, list):
            raise self.refuse(key, f"must be a list, written [[{key}]]")
        return value

    def records(self, content: dict[str, Any], key: str, kind: type[Any]) -> tuple[Any, ...]:
        rows = self.rows(content, key)
        return tuple(self.record(kind, table, f"{key}[{index}]") for index, table in enumerate(rows))


def _hint(word: Any, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(word), list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else f"; there are: {', '.join(sorted(known))}"


@cache
def load_statuses() -> Mapping[str, Status]:
    """Return every status by its id, in the order of `geo/statuses.toml`, which is also the legend's."""
    rows = read_toml(geo_path("statuses.toml"))["status"]
    return {row["id"]: Status(**row) for row in rows}


def read_proposal(path: Path) -> Proposal:
    """
    Read and check one proposal file.

    Raises
    ------
    ProposalError
        With file, key, reason and the way out, for any mistake in it.
    """
    return _Reader(path).read()


@cache
def scan_proposals() -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    """
    Read all shipped proposals.

    Returns
    -------
    proposals, problems
        Those that are sound, in their order; and one sentence for each file that is refused. Two files with one id
        are both refused; the others go on working.
    """
    return scan_folder(geo_dir() / "scenarios")


def scan_folder(folder: Path) -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    """Read all proposals of a folder; see `scan_proposals`."""
    sound: dict[Path, Proposal] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            sound[path] = read_proposal(path)
        except MapcoreError as problem:
            problems.append(str(problem))
    ids = [proposal.id for proposal in sound.values()]
    for path, proposal in list(sound.items()):
        if ids.count(proposal.id) > 1:
            problems.append(f"{display_path(path)}: id: '{proposal.id}' stands in two files; give each its own id")
            del sound[path]
    return tuple(sorted(sound.values(), key=lambda proposal: (proposal.order, proposal.id))), tuple(problems)


def load_proposals() -> tuple[Proposal, ...]:
    """Return the sound proposals in the order of the dashboard."""
    return scan_proposals()[0]


def load_proposal(proposal_id: str) -> Proposal:
    """
    Return one proposal.

    Raises
    ------
    UnknownIdError
        If there is none with this id, or its file is refused.
    """
    for proposal in load_proposals():
        if proposal.id == proposal_id:
            return proposal
    known = [proposal.id for proposal in load_proposals()]
    raise UnknownIdError(f"no proposal '{proposal_id}'{_hint(proposal_id, known)}")


def settle_parameters(proposal: Proposal, chosen: Mapping[str, float] | None = None) -> dict[str, float]:
    """
    Return a value for each parameter of the proposal: the chosen one, or its default.

    Raises
    ------
    ParameterError
        If a name is not a parameter of this proposal, or a value is out of range.
    """
    chosen = dict(chosen or {})
    for name, value in chosen.items():
        found = proposal.parameters.get(name)
        if found is None:
            known = ", ".join(proposal.parameters) or "none"
            raise ParameterError(f"{name}: '{proposal.id}' has no such parameter; it has: {known}")
        if not found.min <= value <= found.max:
            raise ParameterError(
                f"{name}: {value:g} {found.unit} is out of range; choose from {found.min:g} to {found.max:g}"
            )
    return {name: float(chosen.get(name, found.default)) for name, found in proposal.parameters.items()}


def default_status() -> Status:
    """Return the status of land that no rule matches."""
    return load_statuses()[DEFAULT_STATUS]
