"""The table of an archive's days on disk: a part for each day, joined in the end, each file written whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mapcore.analysis.series_day import COLUMNS, Job
from mapcore.base.csv_file import CsvFile, open_csv
from mapcore.base.errors import DataFileError, Problem
from mapcore.base.language import tr
from mapcore.base.sources import data_version
from mapcore.outside.archive import Skipped

_TYPES = [pa.date32(), *4 * [pa.string()], pa.float64()]
_SCHEMA = pa.schema(list(zip(COLUMNS, _TYPES, strict=True)))
#: Raise when the same file would give other rows: what was kept is then computed anew.
_FORMAT = b"2"


class Parts:
    """The folder of a run: a part for each day, and in the end the table."""

    def __init__(self, folder: Path, days: Path, job: Job) -> None:
        self.folder, self.days = folder, days
        self.question = hashlib.sha256(
            _FORMAT + data_version().encode() + repr((job.reading, job.limits, job.proposals)).encode()
        ).digest()
        self.found: dict[date, Path] = {}
        for directory in (folder, days):
            with _writing(directory):
                directory.mkdir(parents=True, exist_ok=True)
                for left in directory.glob("*.tmp"):
                    if not _is_written(left):
                        left.unlink(missing_ok=True)

    def has(self, day: date, content: bytes) -> bool:
        """Say whether a day with this content was measured; from here on it belongs to the table."""
        key = hashlib.sha256(self.question + content).hexdigest()[:16]
        self.found[day] = self.days / f"{day:%Y%m%d}-{key}.parquet"
        return self.found[day].is_file()

    def drop(self, day: date) -> None:
        """Leave a day out of the table."""
        self.found.pop(day, None)

    def keep(self, day: date, rows: pd.DataFrame) -> None:
        """Write one day; a file of this name is always whole."""
        with _writing(self.days), _whole(self.found[day]) as unfinished:
            pq.write_table(pa.Table.from_pandas(rows, schema=_SCHEMA, preserve_index=False), unfinished)

    def write(self, skipped: Sequence[Skipped], *, size: int, facts: Mapping[str, str]) -> tuple[Path, Path]:
        """Join the parts, one at a time, with what the table says of itself, and list what was skipped."""
        with _writing(self.folder), _whole(self.folder / "skipped.csv") as unfinished, open_csv(unfinished) as file:
            CsvFile(file, ["date", "file", "reason"]).add([entry.date, entry.name, entry.reason] for entry in skipped)
        if not self.found:
            if not skipped:
                sentence = tr("{folder}: there is no day to measure; choose another folder or other dates")
                raise DataFileError(sentence.format(folder=self.folder))
            sentence = tr("{folder}: none of {count} days could be measured; the first: {reason}")
            raise DataFileError(sentence.format(folder=self.folder, count=size, reason=skipped[0].reason))
        written = self.folder / "series.parquet", self.folder / "series.csv"
        parts = [self.found[day] for day in sorted(self.found)]
        with _writing(self.folder), _whole(written[0]) as columns, _whole(written[1]) as lines:
            _join(parts, columns, lines, facts)
        return written


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Say in a sentence that a folder cannot be written: the disk is full, or the folder gone."""
    try:
        yield
    except OSError as problem:
        reason = tr("cannot be written ({reason})").format(reason=problem.strerror or problem)
        raise DataFileError(Problem(str(folder), "", reason, tr("choose another folder"))) from problem


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """
    Give a name to write a file under that takes the place of `path` when it is whole, and is gone when it is not.

    Nobody reads a part of it, and no other process writes it.
    """
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _is_written(unfinished: Path) -> bool:
    """Whether the process that began a file is still there, on this machine; only POSIX can ask."""
    try:
        if os.name != "posix":
            return False
        os.kill(int(unfinished.suffixes[-2][1:]), 0)
    except (IndexError, ValueError, ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _join(parts: list[Path], parquet: Path, table: Path, facts: Mapping[str, str]) -> None:
    described = _SCHEMA.with_metadata({f"mapcore:{key}": value for key, value in facts.items()})
    with pq.ParquetWriter(parquet, described) as writer, open_csv(table) as file:
        text = CsvFile(file, _SCHEMA.names, facts)
        for part in parts:
            rows = pq.read_table(part, schema=_SCHEMA)
            writer.write_table(rows.cast(described))
            text.add(rows.to_pandas().itertuples(index=False, name=None))


def read_series(path: Path | str, *, proposal: str = "") -> pd.DataFrame:
    """Read the table that `run` wrote, from its Parquet file; with a proposal's id its rows alone."""
    only = [("proposal", "=", proposal)] if proposal else None
    table: pd.DataFrame = pq.read_table(path, schema=_SCHEMA, filters=only).to_pandas()
    return table
