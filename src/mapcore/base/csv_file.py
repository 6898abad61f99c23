"""
Tables as CSV that spreadsheets and programs read alike.

UTF-8 with a byte-order mark, from which Excel knows Cyrillic; what the table says of itself stands before its header in
lines that start with ``#``; every text is in quotes, so that a reader who leaves out comments
(``pandas.read_csv(path, comment="#")``) keeps a ``#`` within a text.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TextIO

import pandas as pd

#: The codec that writes the byte-order mark, and takes it off again.
ENCODING: Final = "utf-8-sig"
#: A cell that starts with one of these is a formula to a spreadsheet.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class CsvFile:
    """A table that is written a part at a time."""

    def __init__(self, file: TextIO, columns: Iterable[str], facts: Mapping[str, str] | None = None) -> None:
        """Write metadata and header; `file` is open for text in `ENCODING` and leaves line ends as they are."""
        file.writelines(f"# {key}: {' '.join(value.split())}\n" for key, value in (facts or {}).items())
        csv.writer(file, lineterminator="\n").writerow(columns)
        self._rows = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)

    def add(self, rows: Iterable[Iterable[Any]]) -> None:
        """Write rows; texts that a spreadsheet would take for a formula get an apostrophe before them."""
        self._rows.writerows(map(_cell, row) for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    missing = value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))
    return "" if missing else value


def open_csv(path: Path) -> TextIO:
    """Open a file for a `CsvFile`."""
    return path.open("w", encoding=ENCODING, newline="")


def csv_text(rows: pd.DataFrame, facts: Mapping[str, str] | None = None) -> str:
    """Return a table, without its index, as the text of a file; encode it in `ENCODING`."""
    text = io.StringIO(newline="")
    CsvFile(text, rows.columns, facts).add(rows.itertuples(index=False, name=None))
    return text.getvalue()
