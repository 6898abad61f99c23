"""Values and records out of the tables of a file; every mistake is named with its key and the way out."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

from mapcore.base.data_files import display_path, read_toml
from mapcore.base.errors import DataFileError, Problem, did_you_mean
from mapcore.base.language import number_text, tr
from mapcore.base.records import kinds_of, needed_by, record_of

#: Characters that reverse the direction of text, and so make a file read otherwise than it looks.
_DIRECTION: Final = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_Record = TypeVar("_Record")
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

    `problems` has the first `MAX_TOLD`; `more` counts the others. Of a proposal, no text but its note may be empty, and
    sources are addresses.
    """

    def __init__(self, path: Path, *, of_proposal: bool = True) -> None:
        self.path = path
        self.of_proposal = of_proposal
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
        if self.of_proposal and key in table and not value.strip() and key != "status_note":
            self.note(where, tr("is empty"), tr("write it out, or delete the key"))
        odd = sorted(
            {f"U+{ord(sign):04X}" for sign in value if unicodedata.category(sign) in {"Cc", "Cs"} or sign in _DIRECTION}
        )
        if odd:
            problem = tr("has control characters ({signs})").format(signs=", ".join(odd))
            self.note(where, problem, tr("write plain text on one line"))
        return value

    def date(self, value: Any, where: str = "date") -> date | None:
        """Return a date without a time."""
        if _is_date(value):
            return date(value.year, value.month, value.day)
        if value is not None:
            self.note(where, tr("must be a date"), tr("write it without quotes and time, such as 2025-11-20"))
        return None

    def order(self, value: Any) -> int | None:
        """Return a place in a list."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not None:
            self.note("order", tr("must be a whole number"), tr("write its place in the list, such as 90"))
        return None

    def one_of(self, table: Mapping[str, Any], key: str, known: tuple[Any, ...]) -> Any:
        """Return one of the words that a key may have; nothing where it is missing."""
        value = table.get(key, "")
        if value != "" and value not in known:
            self.note_unknown(key, tr("'{word}' is not known").format(word=on_one_line(value)), value, known)
        return value

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

    def records(
        self, content: Mapping[str, Any], key: str, kind: type[_Record], *, needed: Iterable[str] = ()
    ) -> tuple[_Record, ...]:
        """Return a list of tables as records; see `record`."""
        rows = self.rows(content, key)
        return tuple(self.record(row, kind, f"{key}[{index}]", needed=needed) for index, row in enumerate(rows))

    def record(
        self, row: Any, kind: type[_Record], where: str, *, needed: Iterable[str] = (), apart: Iterable[str] = ()
    ) -> _Record:
        """
        Return a table as a record, whose fields say which keys it has and of which types.

        Keys without a default are needed, and so are those in `needed`. Values of keys in `apart` are taken as they
        are. A record with a mistake is not sound: its values may be of other types than its fields.
        """
        kinds, needed = kinds_of(kind, apart=apart), {*needed, *needed_by(kind, apart=apart)}
        table = self.known_keys(row, kinds, where)
        values: dict[str, Any] = {}
        for name, field_kind in kinds.items():
            place = f"{where}.{name}".lstrip(".")
            if name in table:
                values[name] = table[name] if name in apart else self._value(table, name, field_kind, place)
            elif name in needed:
                self.missing(place)
                values[name] = ""
        return record_of(kind, values)

    def _value(self, table: Mapping[str, Any], key: str, kind: Any, where: str) -> Any:
        value = table[key]
        if kind is str:
            return self._words(str(value) if _is_date(value) else value, key, where)
        if kind is date:
            return self.date(value, where)
        if get_origin(kind) is tuple:
            return self._several(value, key, get_args(kind)[0], where)
        if get_origin(kind) is Literal:
            if value not in get_args(kind):
                problem = tr("'{word}' is not known").format(word=on_one_line(value))
                self.note_unknown(where, problem, value, get_args(kind))
        elif kind is bool:
            if not isinstance(value, bool):
                self.note(where, tr("must be true or false"), tr("write it without quotes"))
        elif kind is int and type(value) is not int:
            self.note(where, tr("must be a whole number"), tr("write it without quotes, such as 30"))
        else:
            self.number(table, key, where)
        return value

    def _words(self, value: Any, key: str, where: str) -> str:
        text = self.text({key: value}, key, where)
        if self.of_proposal and key in {"source", "url"} and text and not re.fullmatch(r"https?://[^\s\"'<>]+", text):
            self.note(where, tr("is not an address"), tr("write one that starts with https://"))
        return text

    def _several(self, value: Any, key: str, kind: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            self.note(where, tr("must be a list"), tr("put it in square brackets"))
            return ()
        places = [f"{where}[{index}]" for index in range(len(value))]
        if is_dataclass(kind):
            record: Any = kind
            return tuple(self.record(row, record, place) for row, place in zip(value, places, strict=True))
        return tuple(self._value({key: item}, key, kind, place) for item, place in zip(value, places, strict=True))

    def finish(self) -> None:
        """Refuse the file, if it has a mistake, with `DataFileError`."""
        if self.problems:
            raise DataFileError(*self.problems, more=self.more)

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


def read_records(path: Path, key: str, kind: type[_Record], *, needed: Iterable[str] = ()) -> tuple[_Record, ...]:
    """
    Return the tables of a data file, each under ``[[key]]``, as records; see `TableReader.record`.

    Raises
    ------
    DataFileError
        If the file cannot be read, or a key is missing, unknown, or of another type: `problems` has each mistake.
    """
    reader = TableReader(path, of_proposal=False)
    found = reader.records(reader.known_keys(read_toml(path), [key], ""), key, kind, needed=needed)
    reader.finish()
    return found
