"""Daily files by the date in their names, in any usual form: 20251202, 2025-12-02, 02.12.2025."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from glob import glob
from pathlib import Path, PurePosixPath
from typing import Final, TypeVar

from mapcore.base.dates import dates_in, shown_order
from mapcore.base.errors import DataFileError, Problem
from mapcore.base.language import mark, tr
from mapcore.base.safe_text import file_name
from mapcore.outside.archive import Skipped

_File = TypeVar("_File")
_NO_DATE: Final = mark("has no file with a date in its name")
_UNDATED: Final = mark("has no date in its name")
_UNSURE_DATE: Final = mark("has a name whose date can be read in more than one way; name it like 2025-12-02")
_NAMES: Final = mark("name the files like deepstatemap_data_20251202.geojson")


def files_in(where: str | Path) -> list[tuple[str, Path]]:
    """Return the files of a folder, or those that a pattern such as ``data/*.geojson`` names, with their names."""
    folder = Path(where)
    paths = sorted(folder.iterdir() if folder.is_dir() else map(Path, glob(str(where))))  # noqa: PTH207, a pattern with its folder
    return [(path.name, path) for path in paths if path.is_file()]


def by_date(
    files: Sequence[tuple[str, _File]], where: str
) -> tuple[dict[date, tuple[str, _File]], tuple[Skipped, ...]]:
    """
    Sort files by the date in their names.

    Parameters
    ----------
    files
        Names, of which hidden ones are passed over, and what is kept for each.
    where
        What messages call the folder or file that they are in.

    Returns
    -------
    found
        By date the harmless name of its file, and what was kept for it.
    skipped
        Files without a date in their name, or with one that is not sure.

    Raises
    ------
    DataFileError
        If no file has a date, or two have the same.
    """
    found: dict[date, tuple[str, _File]] = {}
    skipped: list[Skipped] = []
    shown = [(name, file, dates_in(PurePosixPath(name).stem)) for name, file in files if not name.startswith(".")]
    order = shown_order(dated for _, _, dates in shown for dated in dates)
    for name, file, dates in shown:
        days = {dated.settled(order) for dated in dates}
        day = days.pop() if len(days) == 1 else None
        if day is None:
            skipped.append(Skipped(None, file_name(name), tr(_UNSURE_DATE) if dates else tr(_UNDATED)))
            continue
        if day in found:
            sentence = tr("has the same date ({date}) as {name}")
            raise DataFileError(
                Problem(file_name(name), "", sentence.format(date=day, name=found[day][0]), tr("keep one file a day"))
            )
        found[day] = file_name(name), file
    if not found:
        raise DataFileError(Problem(where, "", tr(_NO_DATE), tr(_NAMES)))
    return found, tuple(skipped)


def date_of(name: str) -> date | None:
    """Return the date in the name of a single file, if it is sure."""
    days = {dated.settled(None) for dated in dates_in(PurePosixPath(name).stem)}
    return days.pop() if len(days) == 1 else None
