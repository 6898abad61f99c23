"""Opening an archive in whichever form it has: a folder, a pattern, a zip of daily files, or one combined file."""

from __future__ import annotations

import threading
import weakref
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from mapcore.base.language import number_text, tr, trn
from mapcore.base.limits import Limits
from mapcore.base.safe_text import file_name
from mapcore.land.provenance import Provenance
from mapcore.lines.file_kind import open_zip, zip_faults
from mapcore.lines.importing import Reading
from mapcore.lines.upload import Named, read_upload
from mapcore.outside.archive import OpenArchive, Skipped
from mapcore.outside.combined_file import Combined, read_combined
from mapcore.outside.dated_files import by_date, date_of, files_in


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
    opening = _Opening(provenance or Provenance(), reading or Reading(), limits or Limits.from_environment())
    if not isinstance(where, (str, Path)):
        return opening.of_file(where, Named(file_name(name or "archive")))
    path = Path(where)
    return opening.of_path(path) if path.is_file() else opening.of_days(where)


@dataclass(frozen=True)
class _Opening:
    """What is said about an archive, and what its lines may cost; opens it in each of its forms."""

    provenance: Provenance
    reading: Reading
    limits: Limits

    def of_days(self, where: str | Path) -> OpenArchive:
        """Open a folder or a pattern of daily files."""
        path = Path(where)
        found, skipped = by_date(files_in(where), str(where))
        self._check_days(len(found), Named(path.name))
        files = {day: file for day, (_, file) in found.items()}
        return self._archive(
            Named(file_name(path.name if path.is_dir() else path.parent.name)),
            {day: name for day, (name, _) in found.items()},
            lambda day: read_upload(files[day], self.limits).content,
            skipped,
        )

    def of_path(self, path: Path) -> OpenArchive:
        """Open a file, which stays open for as long as the archive is used."""
        named = Named(file_name(path.name))
        try:
            content = path.open("rb")
        except OSError as problem:
            reason = tr("cannot be read ({reason})").format(reason=problem.strerror or problem)
            raise named.refuse(reason, tr("check the path and the rights to it")) from problem
        try:
            opened = self.of_file(content, named)
        except BaseException:
            content.close()
            raise
        weakref.finalize(opened, content.close)
        return opened

    def of_file(self, content: BinaryIO, file: Named) -> OpenArchive:
        """Open a zip or a combined file; one daily file is an archive of one day."""
        if content.seek(0, 2) > self.limits.archive_mb * 1_000_000:
            way_out = tr("give a part of it; MAPCORE_LIMIT_ARCHIVE_MB sets the limit")
            raise file.refuse(tr("is larger than {size} MB").format(size=f"{self.limits.archive_mb:g}"), way_out)
        content.seek(0)
        head = content.read(2)
        content.seek(0)
        if head == b"PK":
            return self._of_zip(content, file)
        combined = read_combined(content, file, date_field=self.reading.date_field, limits=self.limits)
        day = date_of(file.name)
        if not combined.days and day is not None:
            return self._archive(file, {day: file.name}, lambda _: _whole(content))
        return self._of_combined(combined, file)

    def _of_combined(self, combined: Combined, file: Named) -> OpenArchive:
        if not combined.days:
            way_out = tr("name the property that dates them, in place of '{name}', or give daily files")
            raise file.refuse(tr("has no feature with a date"), way_out.format(name=self.reading.date_field))
        lost = (Skipped(None, file.name, _undated_note(combined.undated)),) if combined.undated else ()
        return self._archive(file, dict.fromkeys(combined.days, file.name), combined.content, lost)

    def _of_zip(self, content: BinaryIO, file: Named) -> OpenArchive:
        with zip_faults(file, tr("is a broken or cut-off zip file")):
            packed = open_zip(content, file)
            entries = [entry for entry in packed.infolist() if not entry.is_dir() and "__MACOSX" not in entry.filename]
        inside = [(PurePosixPath(entry.filename.replace("\\", "/")).name, entry) for entry in entries]
        found, skipped = by_date(inside, file.name)
        self._check_days(len(found), file)
        lock = threading.Lock()

        def day_of(day: date) -> bytes:
            with lock:
                name, entry = found[day]
                return _entry(packed, Named(name), entry, self.limits)

        return self._archive(file, {day: name for day, (name, _) in found.items()}, day_of, skipped)

    def _check_days(self, count: int, file: Named) -> None:
        most = self.limits.archive_days
        if count > most:
            way_out = tr("give a part of it; MAPCORE_LIMIT_ARCHIVE_DAYS sets the limit")
            raise file.refuse(tr("has more than {count} days").format(count=number_text(most)), way_out)

    def _archive(
        self,
        file: Named,
        names: dict[date, str],
        content: Callable[[date], bytes],
        skipped: tuple[Skipped, ...] = (),
    ) -> OpenArchive:
        days = tuple(sorted(names))
        return OpenArchive(file.name, days, skipped, self.provenance, self.reading, self.limits, names, content)


def _whole(content: BinaryIO) -> bytes:
    content.seek(0)
    return content.read()


def _undated_note(count: int) -> str:
    sentence = trn("{count} shape has no date that can be read", "{count} shapes have no date that can be read", count)
    return sentence.format(count=count)


def _entry(packed: zipfile.ZipFile, file: Named, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Read one file of the zip, and no more of it than the limit, whatever size it claims."""
    most = int(limits.file_mb * 1_000_000)
    with zip_faults(file, tr("is broken, cut off or encrypted within the zip file")), packed.open(entry) as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        raise file.refuse(
            tr("is larger than {size} MB").format(size=f"{limits.file_mb:g}"),
            tr("MAPCORE_LIMIT_FILE_MB sets the limit"),
        )
    return content
