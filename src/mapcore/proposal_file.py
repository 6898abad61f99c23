"""One TOML file to one checked proposal; every mistake in it is named with its key and the way out."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import shapely

from mapcore.errors import DataFileError, Problem, ProposalError, did_you_mean
from mapcore.proposal import (
    Clause,
    Parameter,
    Proposal,
    Reference,
    Ring,
    Rule,
    Term,
    load_statuses,
    shadowed_rules,
)
from mapcore.schema import HOLDERS, LINK_KEYS, UNITS
from mapcore.sources import display_path, parse_toml, read_toml

_KEYS: Final = {field.name for field in fields(Proposal)}
_REQUIRED: Final = ("id", "title", "by", "date", "order", "summary")
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_MAX_DISTANCE_KM: Final = 500
#: Where a drawn outline may run: Ukraine and some way past its border, as west, south, east, north.
DRAWN_BOUNDS: Final = (20.0, 43.0, 42.0, 54.0)
#: Points of one outline, and outlines of one rule.
MAX_POINTS: Final = 400
MAX_RINGS: Final = 20
#: Decimals of a degree that a drawn outline keeps: about 1 m.
_RING_DIGITS: Final = 5
#: Characters that reverse the direction of text, and so make a file read otherwise than it looks.
_DIRECTION: Final = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def read_proposal(path: Path) -> Proposal:
    """
    Read one proposal file.

    Raises
    ------
    ProposalError
        If the file cannot be read or holds a mistake: `problems` has each with its key and the way out. Refused are
        keys that are unknown or missing, values of the wrong type, units, holders, statuses, clauses and parameters
        that do not exist, numbers out of range, parameters that no rule uses, a rule that earlier rules leave no
        land, one clause id twice, text with control characters, and an id that is not the file's name.
    """
    try:
        content = read_toml(path)
    except DataFileError as refusal:
        raise ProposalError(*refusal.problems) from refusal
    return _settled(_Reader(path), content)


def read_proposal_text(text: bytes, *, name: str) -> Proposal:
    """
    Read a proposal that no file of this machine holds, such as one that a viewer brings; refuses what `read_proposal`
    does, apart from an id that is not the file's name. Messages call it `name`.
    """
    try:
        content = parse_toml(text, name=_plain(name))
    except DataFileError as refusal:
        raise ProposalError(*refusal.problems) from refusal
    return check_content(content, name=name)


def check_content(content: dict[str, Any], *, name: str, draft: bool = False) -> Proposal:
    """
    Return the proposal that tables as in a file make; refuses what `read_proposal_text` does.

    A draft may have rules that earlier rules leave no land, and parameters that no rule uses.
    """
    return _settled(_Reader(Path(_plain(name).replace("/", "?")), named=False, draft=draft), content)


def check_ring(points: Any, *, name: str) -> Ring:
    """
    Return one drawn outline, from points of longitude and latitude, as a file has it.

    Raises
    ------
    ProposalError
        If it is not closed, crosses itself, has too few points or too many, or lies elsewhere.
    """
    reader = _Reader(Path(name), named=False)
    ring = reader.ring(points, "")
    if ring is None:
        raise ProposalError(*reader.problems)
    return ring


def _settled(reader: _Reader, content: dict[str, Any]) -> Proposal:
    proposal = reader.proposal(content)
    if proposal is None:
        raise ProposalError(*reader.problems)
    return proposal


class _Reader:
    """Turns tables into values; notes every mistake in `problems` and goes on, so that one run names them all."""

    def __init__(self, path: Path, *, named: bool = True, draft: bool = False) -> None:
        self.path = path
        self.named = named
        self.draft = draft
        self.problems: list[Problem] = []

    def note(self, key: str, problem: str, way_out: str) -> None:
        self.problems.append(Problem(display_path(self.path), key, problem, way_out))

    def proposal(self, content: dict[str, Any]) -> Proposal | None:
        self.known_keys(content, _KEYS, "")
        for key in _REQUIRED:
            if key not in content:
                self.note(key, "is missing", "add it")
        head = {key: self.text(content, key, key) for key in ("id", "title", "by", "summary", "status_note")}
        self.check_id(head["id"])
        when, order = self.date(content.get("date")), self.order(content.get("order"))
        parameters = self.parameters(content)
        clauses = self.records(content, "clauses", Clause)
        self.unique([clause.id for clause in clauses], "clauses")
        rules = self.rules(content, parameters, {clause.id for clause in clauses})
        found = Proposal(
            **head,
            date=when or date.min,
            order=order or 0,
            parameters=parameters,
            zones=rules,
            clauses=clauses,
            terms=self.records(content, "terms", Term),
            unspecified=self.sentences(content, "unspecified"),
            sources=self.records(content, "sources", Reference),
            notes=self.notes(content),
        )
        return None if self.problems else found

    def known_keys(self, table: Any, allowed: Iterable[str], where: str) -> dict[str, Any]:
        if not isinstance(table, dict):
            self.note(where, "must be a table", "write it as { key = value }")
            return {}
        allowed = sorted(allowed)
        for key in table:
            if key not in allowed:
                self.note(f"{where}.{_plain(key)}".lstrip("."), "unknown key", did_you_mean(key, allowed)[2:])
        return table

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.note(where, "must be text", "put it in quotes")
            return ""
        if key in table and not value.strip() and key != "status_note":
            self.note(where, "is empty", "write it out, or delete the key")
        odd = sorted(
            {f"U+{ord(sign):04X}" for sign in value if unicodedata.category(sign) in {"Cc", "Cs"} or sign in _DIRECTION}
        )
        if odd:
            self.note(where, f"has control characters ({', '.join(odd)})", "write plain text on one line")
        return value

    def check_id(self, found: str) -> None:
        if found and not _ID.fullmatch(found):
            self.note("id", f"'{_plain(found)}' is not an id", "write small letters, digits and single hyphens")
        elif found and self.named and found != self.path.stem:
            twin = self.path.with_name(f"{found}.toml")
            taken = f", and is the id of {display_path(twin)}" if twin.is_file() else ""
            way_out = f'write id = "{self.path.stem}"' + ("" if taken else f", or rename the file to {found}.toml")
            self.note("id", f"'{found}' is not the file's name{taken}", way_out)

    def date(self, value: Any) -> date | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.note("date", "must be a date", "write it without quotes and time, such as 2025-11-20")
        return None

    def order(self, value: Any) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not None:
            self.note("order", "must be a whole number", "write its place in the list, such as 90")
        return None

    def number(self, table: Mapping[str, Any], key: str, where: str) -> float:
        value = table[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9:
            self.note(where, "must be a number", "write it without quotes, such as 30")
            return math.nan
        return float(value)

    def rows(self, content: Mapping[str, Any], key: str) -> list[Any]:
        value = content.get(key, [])
        if not isinstance(value, list):
            self.note(key, "must be a list", f"write each entry under [[{key}]]")
            return []
        return value

    def sentences(self, content: Mapping[str, Any], key: str) -> tuple[str, ...]:
        rows = self.rows(content, key)
        return tuple(self.text({"text": row}, "text", f"{key}[{index}]") for index, row in enumerate(rows))

    def notes(self, content: Mapping[str, Any]) -> tuple[str, ...]:
        tables = [
            self.known_keys(row, ["text"], f"notes[{index}]") for index, row in enumerate(self.rows(content, "notes"))
        ]
        return tuple(self.text(table, "text", f"notes[{index}].text") for index, table in enumerate(tables))

    def records(self, content: Mapping[str, Any], key: str, kind: type[Any]) -> tuple[Any, ...]:
        rows = self.rows(content, key)
        return tuple(self.record(kind, row, f"{key}[{index}]") for index, row in enumerate(rows))

    def record(self, kind: type[Any], row: Any, where: str) -> Any:
        names = [field.name for field in fields(kind)]
        table = self.known_keys(row, names, where)
        table = {key: str(value) if _is_date(value) else value for key, value in table.items()}
        for field in fields(kind):
            if field.name not in table and field.default is MISSING:
                self.note(f"{where}.{field.name}", "is missing", "add it")
        values = {name: self.text(table, name, f"{where}.{name}") for name in names}
        for name in {"source", "url"} & set(names):
            if values[name] and not re.fullmatch(r"https?://[^\s\"'<>]+", values[name]):
                self.note(f"{where}.{name}", "is not an address", "write one that starts with https://")
        return kind(**values)

    def unique(self, ids: list[str], where: str) -> None:
        for index, found in enumerate(ids):
            if found and found in ids[:index]:
                first = f"'{_plain(found)}' is already the id of {where}[{ids.index(found)}]"
                self.note(f"{where}[{index}].id", first, "give each its own")

    def parameters(self, content: Mapping[str, Any]) -> dict[str, Parameter]:
        tables = content.get("parameters", {})
        if not isinstance(tables, dict):
            self.note("parameters", "must be tables", "write each under [parameters.name]")
            return {}
        return {name: self.parameter(name, table) for name, table in tables.items()}

    def parameter(self, name: str, row: Any) -> Parameter:
        where = f"parameters.{_plain(name)}"
        if not _NAME.fullmatch(name) or name in LINK_KEYS:
            self.note(
                where,
                "is not a name for a parameter",
                "write small letters, such as depth_km; links use " + ", ".join(sorted(LINK_KEYS)),
            )
        table = {"step": 1, "unit": "km"} | self.known_keys(
            row, {"label", "default", "min", "max", "step", "unit"}, where
        )
        for key in {"label", "default", "min", "max"} - set(table):
            self.note(f"{where}.{key}", "is missing", "add it")
        numbers = {
            key: self.number({"default": 1, "min": 1, "max": 1} | table, key, f"{where}.{key}")
            for key in ("default", "min", "max", "step")
        }
        found = Parameter(
            name, self.text(table, "label", f"{where}.label"), unit=self.text(table, "unit", f"{where}.unit"), **numbers
        )
        if not any(math.isnan(number) for number in numbers.values()):
            self.check_limits(found, where)
        return found

    def check_limits(self, found: Parameter, where: str) -> None:
        if found.unit != "km":
            self.note(f"{where}.unit", f"'{_plain(found.unit)}' is not a unit of distance here", "write km")
        if not 0 < found.min <= found.max <= _MAX_DISTANCE_KM:
            self.note(
                f"{where}.min",
                f"{found.min:g} to {found.max:g} is not a range",
                f"stay from above 0 to {_MAX_DISTANCE_KM}",
            )
        elif not found.min <= found.default <= found.max:
            self.note(
                f"{where}.default",
                f"{found.default:g} is outside {found.min:g} to {found.max:g}",
                "choose a default within them",
            )
        if not found.step > 0:
            self.note(f"{where}.step", f"{found.step:g} is no step", "write a number above 0")

    def rules(
        self, content: Mapping[str, Any], parameters: Mapping[str, Parameter], clauses: set[str]
    ) -> tuple[Rule, ...]:
        before = len(self.problems)
        rows = self.rows(content, "zones")
        rules = tuple(self.rule(row, f"zones[{index}]", parameters, clauses) for index, row in enumerate(rows))
        if self.draft or len(self.problems) > before:
            return rules
        for index in shadowed_rules(rules, parameters):
            self.note(
                f"zones[{index}]", "can never match: earlier rules take all of its land", "move it up or delete it"
            )
        for name in sorted(set(parameters) - {rule.within_km for rule in rules}):
            self.note(f"parameters.{name}", "no rule uses it", "name it in within_km_of_line or delete it")
        return rules

    def rule(self, row: Any, where: str, parameters: Mapping[str, Parameter], clauses: set[str]) -> Rule:
        table = self.known_keys(row, {"status", "clause", "where", "note"}, where)
        for key in sorted({"status", "where"} - set(table)):
            self.note(f"{where}.{key}", "is missing", "add it")
        status, clause, note = (self.text(table, key, f"{where}.{key}") for key in ("status", "clause", "note"))
        if status and status not in load_statuses():
            self.note(
                f"{where}.status", f"'{_plain(status)}' is not a status", did_you_mean(status, load_statuses())[2:]
            )
        if clause and clause not in clauses:
            self.note(
                f"{where}.clause", f"'{_plain(clause)}' is not among the clauses", did_you_mean(clause, clauses)[2:]
            )
        keys = {"oblasts", "held_by", "within_km_of_line", "inside"}
        place = self.known_keys(table.get("where", {}), keys, f"{where}.where")
        if "where" in table and not keys & set(place):
            self.note(f"{where}.where", "names nothing", "name oblasts, held_by, within_km_of_line or inside")
        return Rule(
            status=status,
            clause=clause,
            oblasts=self.units(place.get("oblasts"), f"{where}.where.oblasts"),
            held_by=self.holder(place.get("held_by"), f"{where}.where.held_by"),
            within_km=self.distance(place.get("within_km_of_line"), f"{where}.where.within_km_of_line", parameters),
            note=note,
            inside=self.rings(place.get("inside"), f"{where}.where.inside"),
        )

    def units(self, value: Any, where: str) -> tuple[str, ...] | None:
        if value is None:
            return None
        if not isinstance(value, list) or not value:
            self.note(where, "must be a list", "write ISO 3166-2 codes, such as ['UA-14']")
            return None
        codes = [str(code) for code in value]
        for index, code in enumerate(codes):
            if code not in UNITS:
                self.note(where, f"'{_plain(code)}' is not a first-level unit", _nearest_unit(code))
            elif code in codes[:index]:
                self.note(where, f"'{code}' stands there twice", "delete one")
        return tuple(codes)

    def holder(self, value: Any, where: str) -> str | None:
        if value is not None and value not in HOLDERS:
            self.note(where, f"'{_plain(value)}' is not a holder", "write 'ukraine' or 'russia'")
        return None if value is None else str(value)

    def distance(self, value: Any, where: str, parameters: Mapping[str, Parameter]) -> float | str | None:
        if value is None or (isinstance(value, str) and value in parameters):
            return value
        if isinstance(value, str):
            way_out = f"add [parameters.{_plain(value)}]"
            self.note(where, f"'{_plain(value)}' is not a parameter of this proposal", way_out)
        elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _MAX_DISTANCE_KM:
            way_out = f"write km from above 0 to {_MAX_DISTANCE_KM}, or a parameter's name"
            self.note(where, "must be a number of km", way_out)
        else:
            return float(value)
        return None

    def rings(self, value: Any, where: str) -> tuple[Ring, ...] | None:
        """Read one outline, or a list of them, each an area of its own."""
        if value is None:
            return None
        several = isinstance(value, list) and bool(value) and not any(map(_is_point, value))
        rows = value if several else [value]
        if len(rows) > MAX_RINGS:
            self.note(where, f"has {len(rows)} outlines, more than {MAX_RINGS}", "make several rules of them")
            return None
        found = [self.ring(row, f"{where}[{index}]" if several else where) for index, row in enumerate(rows)]
        return tuple(ring for ring in found if ring)

    def ring(self, value: Any, where: str) -> Ring | None:
        if not isinstance(value, list) or not value or not all(map(_is_point, value)):
            way_out = "write [[longitude, latitude], ...], the first point again at the end"
            self.note(where, "is not a list of points", way_out)
            return None
        ring = tuple((round(float(lon), _RING_DIGITS), round(float(lat), _RING_DIGITS)) for lon, lat in value)
        mistake = _ring_mistake(ring)
        if mistake:
            self.note(where, *mistake)
        return None if mistake else ring


def _is_point(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(part, int | float) and not isinstance(part, bool) and abs(part) < 1e6 for part in value)
    )


def _ring_mistake(ring: Ring) -> tuple[str, str] | None:
    """Return what is wrong with an outline and the way out, or None."""
    west, south, east, north = DRAWN_BOUNDS
    outside = [point for point in ring if not (west <= point[0] <= east and south <= point[1] <= north)]
    if len(ring) > MAX_POINTS:
        return f"has {len(ring)} points, more than {MAX_POINTS}", "draw it with fewer"
    if outside:
        lon, lat = outside[0]
        limits = f"{west:g} to {east:g} east and {south:g} to {north:g} north"
        return f"has a point at [{lon:g}, {lat:g}], outside {limits}", "write the longitude first, in degrees"
    if ring[0] != ring[-1]:
        return "is not closed", "repeat its first point at the end"
    if len(set(ring)) < 3:
        return "has fewer than three points", "add one"
    if not shapely.is_valid(shapely.Polygon(ring)):
        return "crosses or touches itself", "move its points, or make two outlines of it"
    return None


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _plain(value: object) -> str:
    """Return a value for a message: on one line, without control characters, not endless."""
    shown = "".join(sign if unicodedata.category(sign)[0] != "C" else "?" for sign in str(value))
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _nearest_unit(code: str) -> str:
    names = {name.casefold(): iso for iso, name in UNITS.items()}
    named = difflib.get_close_matches(code.casefold(), names, n=1)
    close = names[named[0]] if named else max(UNITS, key=lambda iso: difflib.SequenceMatcher(None, iso, code).ratio())
    return f"did you mean '{close}' ({UNITS[close]})?"
