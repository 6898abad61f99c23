"""One TOML file to one checked proposal; every mistake in it is named with its key and the way out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from mapcore.base.data_files import display_path, parse_toml, toml_bytes
from mapcore.base.errors import DataFileError, ProposalError
from mapcore.base.language import tr
from mapcore.base.memory import current
from mapcore.base.schema import LINK_KEYS
from mapcore.base.table_reader import on_one_line
from mapcore.proposals.model import (
    Clause,
    Parameter,
    Proposal,
    PublishedSource,
    Reaction,
    Side,
    Standing,
    Term,
    Version,
)
from mapcore.proposals.rule_reader import MAX_DISTANCE_KM, RuleReader

#: The keys of a file: a proposal's fields, of which its rules are the tables `[[zones]]`.
_KEYS: Final = {field.name for field in fields(Proposal)} - {"memory", "rules"} | {"zones"}
_REQUIRED: Final = ("id", "title", "by", "date", "order", "summary")
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATES: Final = ("date", "reviewed_on")
#: A file is named after its id.
_LONGEST_ID: Final = 100
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


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

    Examples
    --------
    >>> import mapcore, tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "line-as-is.toml")
    >>> size = file.write_text(mapcore.to_toml(mapcore.load_proposal("line-as-is")), encoding="utf-8")
    >>> mapcore.read_proposal(file).id
    'line-as-is'
    """
    return read_proposal_file(content_of(path), path)


def content_of(path: Path) -> bytes:
    """
    Return what is in a proposal's file, not looked at.

    Raises
    ------
    ProposalError
        If it cannot be read.
    """
    try:
        return toml_bytes(path)
    except DataFileError as refusal:
        raise ProposalError(*refusal.problems) from refusal


def read_proposal_file(text: bytes, path: Path) -> Proposal:
    """Read what is in the file at a path; refuses what `read_proposal` does."""
    return _settled(_Reader(path), _tables(text, display_path(path)))


def _tables(text: bytes, name: str) -> dict[str, Any]:
    try:
        return parse_toml(text, name=name)
    except DataFileError as refusal:
        raise ProposalError(*refusal.problems) from refusal


def read_proposal_text(text: bytes, *, name: str) -> Proposal:
    """
    Read a proposal that no file of this machine holds, such as one that a viewer brings; refuses what `read_proposal`
    does, apart from an id that is not the file's name. Messages call it `name`.
    """
    return check_content(_tables(text, on_one_line(name)), name=name)


def dated(content: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the dates, which JSON has as text, into dates; what is none stays for `check_content` to refuse."""
    turned = _with_dates(content)
    if isinstance(turned.get("versions"), list):
        turned["versions"] = [
            _with_dates(version) if isinstance(version, dict) else version for version in turned["versions"]
        ]
    return turned


def _with_dates(table: Mapping[str, Any]) -> dict[str, Any]:
    turned = dict(table)
    for key in _DATES:
        with suppress(KeyError, TypeError, ValueError):
            turned[key] = date.fromisoformat(turned[key])
    return turned


def check_content(content: dict[str, Any], *, name: str, draft: bool = False) -> Proposal:
    """
    Return the proposal that tables as in a file make; refuses what `read_proposal_text` does.

    A draft may have rules that earlier rules leave no land, and parameters that no rule uses.
    """
    return _settled(_Reader(Path(on_one_line(name).replace("/", "?")), named=False, draft=draft), content)


def _settled(reader: _Reader, content: dict[str, Any]) -> Proposal:
    proposal = reader.proposal(content)
    if proposal is None:
        raise ProposalError(*reader.problems, more=reader.more)
    return proposal


class _Reader(RuleReader):
    """Reads a whole proposal."""

    def __init__(self, path: Path, *, named: bool = True, draft: bool = False) -> None:
        super().__init__(path, draft=draft)
        self.named = named

    def proposal(self, content: dict[str, Any]) -> Proposal | None:
        self.known_keys(content, _KEYS, "")
        for key in _REQUIRED:
            if key not in content:
                self.missing(key)
        head = {key: self.text(content, key, key) for key in ("id", "title", "by", "summary", "status_note", "outcome")}
        side, standing = (
            self.one_of(content, "side", get_args(Side)),
            self.one_of(content, "standing", get_args(Standing)),
        )
        self._check_id(head["id"])
        when, order = self.date(content.get("date")), self.order(content.get("order"))
        parameters = self._parameters(content)
        clauses = self.records(content, "clauses", Clause)
        self.unique([clause.id for clause in clauses], "clauses")
        rules = self.rules(content, parameters, {clause.id for clause in clauses})
        found = Proposal(
            **head,
            date=when or date.min,
            order=order or 0,
            parameters=parameters,
            rules=rules,
            clauses=clauses,
            terms=self.records(content, "terms", Term),
            unspecified=self.sentences(content, "unspecified"),
            sources=self.records(content, "sources", PublishedSource),
            notes=self.notes(content),
            reactions=self.records(content, "reactions", Reaction),
            reviewed_on=self.date(content.get("reviewed_on"), "reviewed_on"),
            side=side,
            standing=standing,
            versions=self.records(content, "versions", Version),
            memory=current(),
        )
        return None if self.problems else found

    def _check_id(self, proposal_id: str) -> None:
        if proposal_id and (not _ID.fullmatch(proposal_id) or len(proposal_id) > _LONGEST_ID):
            problem = tr("'{word}' is not an id").format(word=on_one_line(proposal_id))
            self.note("id", problem, tr("write small letters, digits and single hyphens"))
        elif proposal_id and self.named and proposal_id != self.path.stem:
            self._refuse_name(proposal_id)

    def _refuse_name(self, name: str) -> None:
        twin, stem = self.path.with_name(f"{name}.toml"), self.path.stem
        if twin.is_file():
            problem = tr("'{id}' is not the file's name, and is the id of {file}")
            self.note("id", problem.format(id=name, file=display_path(twin)), tr('write id = "{id}"').format(id=stem))
        else:
            way_out = tr('write id = "{id}", or rename the file to {file}').format(id=stem, file=twin.name)
            self.note("id", tr("'{id}' is not the file's name").format(id=name), way_out)

    def _parameters(self, content: Mapping[str, Any]) -> dict[str, Parameter]:
        tables = content.get("parameters", {})
        if not isinstance(tables, dict):
            self.note("parameters", tr("must be tables"), tr("write each under [parameters.name]"))
            return {}
        return {name: self._parameter(name, table) for name, table in tables.items()}

    def _parameter(self, name: str, row: Any) -> Parameter:
        where = f"parameters.{on_one_line(name)}"
        if not _NAME.fullmatch(name) or name in LINK_KEYS:
            way_out = tr("write small letters, such as depth_km; links use {keys}")
            keys = ", ".join(sorted(LINK_KEYS))
            self.note(where, tr("is not a name for a parameter"), way_out.format(keys=keys))
        table = {"step": 1, "unit": "km"} | self.known_keys(
            row, {"label", "default", "min", "max", "step", "unit", "named"}, where
        )
        for key in sorted({"label", "default", "min", "max"} - set(table)):
            self.missing(f"{where}.{key}")
        numbers = {
            key: self.number({"default": 1, "min": 1, "max": 1} | table, key, f"{where}.{key}")
            for key in ("default", "min", "max", "step")
        }
        named = self.rows(table, "named")
        parameter = Parameter(
            name,
            self.text(table, "label", f"{where}.label"),
            unit=self.text(table, "unit", f"{where}.unit"),
            named=tuple(
                self.number({"named": value}, "named", f"{where}.named[{at}]") for at, value in enumerate(named)
            ),
            **numbers,
        )
        if not any(math.isnan(number) for number in numbers.values()):
            self._check_limits(parameter, where)
        return parameter

    def _check_limits(self, parameter: Parameter, where: str) -> None:
        if parameter.unit != "km":
            problem = tr("'{word}' is not a unit of distance here").format(word=on_one_line(parameter.unit))
            self.note(f"{where}.unit", problem, tr("write km"))
        low, high = f"{parameter.min:g}", f"{parameter.max:g}"
        if not 0 < parameter.min <= parameter.max <= MAX_DISTANCE_KM:
            way_out = tr("stay from above 0 to {limit}").format(limit=MAX_DISTANCE_KM)
            self.note(f"{where}.min", tr("{low} to {high} is not a range").format(low=low, high=high), way_out)
        elif not parameter.min <= parameter.default <= parameter.max:
            problem = tr("{value} is outside {low} to {high}")
            shown = problem.format(value=f"{parameter.default:g}", low=low, high=high)
            self.note(f"{where}.default", shown, tr("choose a default within them"))
        for value in parameter.named:
            if not parameter.min <= value <= parameter.max:
                problem = tr("{value} is outside {low} to {high}")
                self.note(f"{where}.named", problem.format(value=f"{value:g}", low=low, high=high), tr("delete it"))
        if not parameter.step > 0:
            problem = tr("{value} cannot be a step").format(value=f"{parameter.step:g}")
            self.note(f"{where}.step", problem, tr("write a number above 0"))
