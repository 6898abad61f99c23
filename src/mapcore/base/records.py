"""Records: frozen values whose fields are the keys of a table in a file, those of a value within it among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar, get_type_hints

_Record = TypeVar("_Record")


def kinds_of(record: Any, *, apart: Iterable[str] = ()) -> dict[str, Any]:
    """Return the type of each key of a record's table, in the order of its fields; those `apart` are one key each."""
    hints = get_type_hints(record)
    kinds: dict[str, Any] = {}
    for field in fields(record):
        kind = hints[field.name]
        kinds |= kinds_of(kind) if is_dataclass(kind) and field.name not in apart else {field.name: kind}
    return kinds


def needed_by(record: Any, *, apart: Iterable[str] = ()) -> set[str]:
    """Return the keys that a record's table must have, since its fields have no default."""
    hints = get_type_hints(record)
    needed: set[str] = set()
    for field in fields(record):
        if is_dataclass(hints[field.name]) and field.name not in apart:
            needed |= needed_by(hints[field.name])
        elif field.default is MISSING and field.default_factory is MISSING:
            needed.add(field.name)
    return needed


def table_of(record: Any) -> dict[str, Any]:
    """Return a record as the table that a file has of it."""
    table: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        table |= table_of(value) if is_dataclass(value) else {field.name: value}
    return table


def record_of(kind: type[_Record], table: Mapping[str, Any]) -> _Record:
    """Return the record that a table makes; keys that it has not stand at their defaults."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name in table:
            values[field.name] = table[field.name]
        elif is_dataclass(hints[field.name]):
            values[field.name] = record_of(hints[field.name], table)
    return kind(**values)
