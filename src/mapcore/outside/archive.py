"""An archive of lines of many dates, opened without loading them: daily files, a zip of them, or one combined file."""

from __future__ import annotations

import threading
import weakref
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from glob import glob
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, TypeVar

from mapcore.base.dates import dates_in, shown_order
from mapcore.base.errors import DataFileError, Problem, UnknownIdError
from mapcore.base.language import mark, number_text, tr, trn
from mapcore.base.limits import Limits
from mapcore.base.safe_text import file_name
from mapcore.land.contact_line import Control
from mapcore.land.provenance import Provenance
from mapcore.lines.file_kind import open_zip, read_bytes, refusal, zip_faults
from mapcore.lines.importing import About, Reading
from mapcore.outside.combined_file import Combined, read_combined
from mapcore.outside.confined_lines import import_bytes

#: Lines of single days that an archive keeps in memory, those asked for last.
MOST_KEPT: Final = 4
_File = TypeVar("_File")
_NO_DATE: Final = mark("has no file with a date in its name")
_UNDATED: Final = mark("has no date in its name")
_UNSURE_DATE: Final = mark("has a name whose date can be read in more than one way; name it like 2025-12-02")
_NAMES: Final = mark("name the files like deepstatemap_data_20251202.geojson")


@dataclass(frozen=True)
class Skipped:
    """A day that could not be read, and why; without a date where that is what could not be read."""

    date: date | None
    name: str
    reason: str


@dataclass(frozen=True, eq=False)
class OpenArchive:
    """
    Lines of many dates, each of which is read only when it is asked for.

    Attributes
    ----------
    name
        Of the file or folder, harmless.
    days
        The dates that there are, sorted. A file may still turn out to be broken when it is read.
    skipped
        What was left out when the archive was opened.
    provenance, reading, limits
        What is said about its lines (their source is the archive's own name where none is named), how they are read,
        and what is refused.
    """

    name: str
    days: tuple[date, ...]
    skipped: tuple[Skipped, ...]
    provenance: Provenance
    reading: Reading
    limits: Limits
    _names: dict[date, str]
    _content: Callable[[date], bytes]
    _kept: OrderedDict[date, Control] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def file_name(self, day: date) -> str:
        """Return the name of a day's file, for messages."""
        return self._names[self._known(day)]

    def content(self, day: date) -> bytes:
        """
        Return the file of a day as it came; of a combined archive its features of that date, as a file.

        Raises
        ------
        UnknownIdError
            If there is no such day.
        LineFileError
            If it cannot be read.
        """
        return self._content(self._known(day))

    def control(self, day: date) -> Control:
        """
        Return the line of a day, as an import of its file gives it: mended, and without slivers.

        The lines asked for last are kept, and are the same values; all others are read anew.

        Raises
        ------
        UnknownIdError
            If there is no such day.
        LineFileError
            If it is no line of contact.
        """
        with self._lock:
            if day in self._kept:
                self._kept.move_to_end(day)
                return self._kept[day]
        line = import_bytes(
            self.content(day), self.file_name(day), about=self.about(day), reading=self.reading, limits=self.limits
        )
        with self._lock:
            self._kept[day] = line
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return line

    def about(self, day: date) -> About:
        """Return what is said about the line of a day."""
        return About(
            as_of=day,
            provenance=replace(self.provenance, source=self.provenance.source or self.name),
            origin=f"{self.name}: {self.file_name(day)}" if self.file_name(day) != self.name else self.name,
        )

    def nearest(self, day: date) -> date:
        """Return the last day on or before a date, or the first one there is."""
        return max((one for one in self.days if one <= day), default=self.days[0])

    def _known(self, day: date) -> date:
        if day not in self._names:
            sentence = tr("{archive}: has nothing of {date}; it runs from {first} to {last}")
            raise UnknownIdError(sentence.format(archive=self.name, date=day, first=self.days[0], last=self.days[-1]))
        return day


def open_archive(
    where: Path | str | BinaryIO,
    *,
    name: str = "",
    provenance: Provenance | None = None,
    reading: Reading | None = None,
    limits: Limits | None = None,
) -> OpenArchive:
    """
    Open an archive; none of its lines is read yet.

    Parameters
    ----------
    where
        A folder of daily files, a pattern of them such as ``data/*.geojson``, a zip of them, or a combined GeoJSON file
        with a date in each feature's properties (plain or packed with gzip). Also an open file, as an upload gives it;
        a zip is then read from it for as long as the archive is used.
    name
        Of an open file; only its last part is kept.
    reading
        How each line is read, such as which classes count; `date_field` names the date of a combined archive.
    limits
        Those of the environment when left out.

    Returns
    -------
    archive
        Its days are those of the dates in the names of files, in any usual form (20251202, 2025-12-02, 02.12.2025);
        other files are in `skipped`.
        A combined archive is unpacked into a temporary file: memory does not grow with it.

    Raises
    ------
    DataFileError
        If there is nothing there, it has no date, two files are of one date, it is broken, or larger than the limits.
    """
    chosen, allowed = reading or Reading(), limits or Limits.from_environment()
    if not isinstance(where, (str, Path)):
        return _of_file(where, file_name(name or "archive"), provenance or Provenance(), chosen, allowed)
    path = Path(where)
    if path.is_file():
        return _of_path(path, provenance or Provenance(), chosen, allowed)
    listed, skipped = days_in(where)
    found = dict(listed)
    _check_days(len(found), path.name, allowed)
    names = {day: file_name(file.name) for day, file in found.items()}
    return _archive(
        path.name if path.is_dir() else path.parent.name,
        names,
        lambda day: read_bytes(found[day], allowed),
        provenance or Provenance(),
        chosen,
        allowed,
        skipped,
    )


def _archive(
    name: str,
    names: dict[date, str],
    content: Callable[[date], bytes],
    provenance: Provenance,
    reading: Reading,
    limits: Limits,
    skipped: tuple[Skipped, ...] = (),
) -> OpenArchive:
    return OpenArchive(file_name(name), tuple(sorted(names)), skipped, provenance, reading, limits, names, content)


def days_in(where: str | Path) -> tuple[list[tuple[date, Path]], tuple[Skipped, ...]]:
    """
    Find the files of an archive: all files of a folder, or those that a pattern such as ``data/*.geojson`` names.

    Returns
    -------
    days
        Dates with their file, sorted.
    skipped
        Files without a date in their name, or with one that is not sure; hidden files are passed over.

    Raises
    ------
    DataFileError
        If no file has a date, or two have the same.
    """
    folder = Path(where)
    paths = sorted(folder.iterdir() if folder.is_dir() else map(Path, glob(str(where))))  # noqa: PTH207, a pattern with its folder
    found, skipped = _by_date([(path.name, path) for path in paths if path.is_file()], str(where))
    return sorted((day, path) for day, (_, path) in found.items()), skipped


def _by_date(
    files: Sequence[tuple[str, _File]], where: str
) -> tuple[dict[date, tuple[str, _File]], tuple[Skipped, ...]]:
    """Return names and files by the date in the name, and what has none."""
    found: dict[date, tuple[str, _File]] = {}
    skipped: list[Skipped] = []
    shown = [(name, file, dates_in(PurePosixPath(name).stem)) for name, file in files if not name.startswith(".")]
    order = shown_order(dated for _, _, dates in shown for dated in dates)
    for name, file, dates in shown:
        days = {one.settled(order) for one in dates}
        day = days.pop() if len(days) == 1 else None
        if day is None:
            skipped.append(Skipped(None, file_name(name), tr(_UNSURE_DATE) if dates else tr(_UNDATED)))
            continue
        if day in found:
            sentence = tr("is of {date}, as is {name}")
            raise DataFileError(
                Problem(file_name(name), "", sentence.format(date=day, name=found[day][0]), tr("keep one file a day"))
            )
        found[day] = file_name(name), file
    if not found:
        raise DataFileError(Problem(where, "", tr(_NO_DATE), tr(_NAMES)))
    return found, tuple(skipped)


def _date_of(name: str) -> date | None:
    """Return the date in the name of a single file, if it is sure."""
    days = {one.settled(None) for one in dates_in(PurePosixPath(name).stem)}
    return days.pop() if len(days) == 1 else None


def _check_days(count: int, name: str, limits: Limits) -> None:
    if count > limits.archive_days:
        way_out = tr("give a part of it; MAPCORE_LIMIT_ARCHIVE_DAYS moves the limit")
        raise refusal(name, tr("has more than {count} days").format(count=number_text(limits.archive_days)), way_out)


def _of_path(path: Path, provenance: Provenance, reading: Reading, limits: Limits) -> OpenArchive:
    """Open a file, which stays open for as long as the archive is used."""
    name = file_name(path.name)
    try:
        file = path.open("rb")
    except OSError as problem:
        reason = tr("cannot be read ({reason})").format(reason=problem.strerror or problem)
        raise refusal(name, reason, tr("check the path and the rights to it")) from problem
    try:
        opened = _of_file(file, name, provenance, reading, limits)
    except BaseException:
        file.close()
        raise
    weakref.finalize(opened, file.close)
    return opened


def _of_file(file: BinaryIO, name: str, provenance: Provenance, reading: Reading, limits: Limits) -> OpenArchive:
    file.seek(0, 2)
    if file.tell() > limits.archive_mb * 1_000_000:
        way_out = tr("give a part of it; MAPCORE_LIMIT_ARCHIVE_MB moves the limit")
        raise refusal(name, tr("is larger than {size} MB").format(size=f"{limits.archive_mb:g}"), way_out)
    file.seek(0)
    head = file.read(2)
    file.seek(0)
    if head == b"PK":
        return _of_zip(file, name, provenance, reading, limits)
    combined = read_combined(file, name, date_field=reading.date_field, limits=limits)
    day = _date_of(name)
    if not combined.days and day is not None:
        return _archive(name, {day: name}, lambda _: _whole(file), provenance, reading, limits)
    return _of_combined(combined, name, provenance, reading, limits)


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _of_combined(
    combined: Combined, name: str, provenance: Provenance, reading: Reading, limits: Limits
) -> OpenArchive:
    if not combined.days:
        way_out = tr("name the property that dates them, in place of '{name}', or give daily files").format(
            name=reading.date_field
        )
        raise refusal(name, tr("has no feature with a date"), way_out)
    lost = (Skipped(None, name, _undated_note(combined.undated)),) if combined.undated else ()
    return _archive(name, dict.fromkeys(combined.days, name), combined.content, provenance, reading, limits, lost)


def _undated_note(count: int) -> str:
    sentence = trn("{count} shape has no date that can be read", "{count} shapes have no date that can be read", count)
    return sentence.format(count=count)


def _of_zip(file: BinaryIO, name: str, provenance: Provenance, reading: Reading, limits: Limits) -> OpenArchive:
    with zip_faults(name, tr("is a broken or cut-off zip file")):
        packed = open_zip(file, name)
        entries = [one for one in packed.infolist() if not one.is_dir() and "__MACOSX" not in one.filename]
    found, skipped = _by_date([(PurePosixPath(one.filename.replace("\\", "/")).name, one) for one in entries], name)
    _check_days(len(found), name, limits)
    lock = threading.Lock()

    def content(day: date) -> bytes:
        with lock:
            return _entry(packed, *found[day], limits)

    names = {day: file for day, (file, _) in found.items()}
    return _archive(name, names, content, provenance, reading, limits, skipped)


def _entry(packed: zipfile.ZipFile, name: str, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Read one file of the zip, and no more of it than the limit, whatever size it claims."""
    most = int(limits.file_mb * 1_000_000)
    with zip_faults(name, tr("is broken, cut off or encrypted within the zip file")), packed.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise refusal(
            name,
            tr("is larger than {size} MB").format(size=f"{limits.file_mb:g}"),
            tr("MAPCORE_LIMIT_FILE_MB moves the limit"),
        )
    return content
