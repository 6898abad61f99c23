"""Values out of the tables of a file; every mistake is named with its key and the way out."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from mapcore.base.data_files import display_path
from mapcore.base.errors import Problem, did_you_mean
from mapcore.base.language import number_text, tr

#: Characters that reverse the direction of text, and so make a file read otherwise than it looks.
_DIRECTION: Final = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


#: Mistakes of a file that are told; the others are counted.
MAX_TOLD: Final = 20
#: Entries of a list, such as clauses or sources.
MAX_ROWS: Final = 500


def on_one_line(value: object) -> str:
    """Return a value for a message: on one line, without control characters, not endless."""
    begin = str(value)[:61]
    shown = "".join(sign if unicodedata.category(sign)[0] != "C" else "?" for sign in begin)
    return shown if len(shown) <= 60 else shown[:57] + "..."


class TableReader:
    """
    Turns tables into values; notes every mistake and goes on, so that one run names them all.

    `problems` has the first `MAX_TOLD`; `more` counts the others.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.more = 0

    def note(self, key: str, problem: str, way_out: str) -> None:
        """Note a mistake, both texts in the language in use."""
        if self._is_full:
            self.more += 1
        else:
            self.problems.append(Problem(display_path(self.path), key, problem, way_out))

    def note_unknown(self, key: str, problem: str, word: object, known: Iterable[str]) -> None:
        """Note a name that there is not, with the nearest one that there is; looking for that takes a while."""
        self.note(key, problem, "" if self._is_full else did_you_mean(word, known)[2:])

    @property
    def _is_full(self) -> bool:
        return len(self.problems) >= MAX_TOLD

    def missing(self, key: str) -> None:
        """Note that a key is missing."""
        self.note(key, tr("is missing"), tr("add it"))

    def known_keys(self, table: Any, allowed: Iterable[str], where: str) -> dict[str, Any]:
        """Return a table; a key that it may not have is noted."""
        if not isinstance(table, dict):
            self.note(where, tr("must be a table"), tr("write it as { key = value }"))
            return {}
        allowed = sorted(allowed)
        for key in table:
            if key not in allowed:
                place = f"{where}.{on_one_line(key)}".lstrip(".")
                self.note_unknown(place, tr("unknown key"), key, allowed)
        return table

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        """Return plain text on one line; nothing where the key is missing."""
        value = table.get(key, "")
        if not isinstance(value, str):
            self.note(where, tr("must be text"), tr("put it in quotes"))
            return ""
        if key in table and not value.strip() and key != "status_note":
            self.note(where, tr("is empty"), tr("write it out, or delete the key"))
        odd = sorted(
            {f"U+{ord(sign):04X}" for sign in value if unicodedata.category(sign) in {"Cc", "Cs"} or sign in _DIRECTION}
        )
        if odd:
            problem = tr("has control characters ({signs})").format(signs=", ".join(odd))
            self.note(where, problem, tr("write plain text on one line"))
        return value

    def date(self, value: Any) -> date | None:
        """Return a date without a time."""
        if _is_date(value):
            return date(value.year, value.month, value.day)
        if value is not None:
            self.note("date", tr("must be a date"), tr("write it without quotes and time, such as 2025-11-20"))
        return None

    def order(self, value: Any) -> int | None:
        """Return a place in a list."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not None:
            self.note("order", tr("must be a whole number"), tr("write its place in the list, such as 90"))
        return None

    def number(self, table: Mapping[str, Any], key: str, where: str) -> float:
        """Return a number, or NaN."""
        value = table[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9:
            self.note(where, tr("must be a number"), tr("write it without quotes, such as 30"))
            return math.nan
        return float(value)

    def rows(self, content: Mapping[str, Any], key: str, *, most: int = MAX_ROWS) -> list[Any]:
        """Return a list of at most so many entries; an empty one where the key is missing."""
        value = content.get(key, [])
        if not isinstance(value, list):
            self.note(key, tr("must be a list"), tr("write each entry under [[{key}]]").format(key=key))
            return []
        if len(value) > most:
            sentence = tr("has {count} entries, more than {limit}")
            self.note(key, sentence.format(count=number_text(len(value)), limit=number_text(most)), tr("shorten it"))
            return []
        return value

    def sentences(self, content: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        rows = self.rows(content, key)
        return tuple(self.text({"text": row}, "text", f"{key}[{index}]") for index, row in enumerate(rows))

    def notes(self, content: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the texts of the tables under `notes`."""
        tables = [
            self.known_keys(row, ["text"], f"notes[{index}]") for index, row in enumerate(self.rows(content, "notes"))
        ]
        return tuple(self.text(table, "text", f"notes[{index}].text") for index, table in enumerate(tables))

    def records(self, content: Mapping[str, Any], key: str, kind: type[Any]) -> tuple[Any, ...]:
        """Return a list of tables as values of a class whose fields are all text."""
        rows = self.rows(content, key)
        return tuple(self._record(kind, row, f"{key}[{index}]") for index, row in enumerate(rows))

    def _record(self, kind: type[Any], row: Any, where: str) -> Any:
        names = [field.name for field in fields(kind)]
        table = self.known_keys(row, names, where)
        table = {key: str(value) if _is_date(value) else value for key, value in table.items()}
        for field in fields(kind):
            if field.name not in table and field.default is MISSING:
                self.missing(f"{where}.{field.name}")
        values = {name: self.text(table, name, f"{where}.{name}") for name in names}
        for name in {"source", "url"} & set(names):
            if values[name] and not re.fullmatch(r"https?://[^\s\"'<>]+", values[name]):
                self.note(f"{where}.{name}", tr("is not an address"), tr("write one that starts with https://"))
        return kind(**values)

    def unique(self, ids: list[str], where: str) -> None:
        """Note each id that stands there a second time."""
        first: dict[str, int] = {}
        for index, found in enumerate(ids):
            if found and first.setdefault(found, index) != index:
                problem = tr("'{id}' is already the id of {place}")
                message = problem.format(id=on_one_line(found), place=f"{where}[{first[found]}]")
                self.note(f"{where}[{index}].id", message, tr("give each its own"))


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
