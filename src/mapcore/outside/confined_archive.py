"""Archives from outsiders, opened in a process of their own: `archive_forms` with limits around it."""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
import zlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

from mapcore.base.errors import DataFileError, LineFileError, Problem
from mapcore.base.language import tr
from mapcore.base.limits import Limits
from mapcore.base.safe_text import file_name
from mapcore.confine.confinement import Question
from mapcore.confine.messages import AnswerError, text_of
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import Reading
from mapcore.lines.upload import Named
from mapcore.outside import archive_forms
from mapcore.outside.archive import OpenArchive, Skipped
from mapcore.outside.confined_lines import READERS

#: What a day may cost that is taken out of a zip file, as if it were a file of so many MB.
_DAY_MB: Final = 4.0


def open_archive(
    where: Path | str,
    *,
    provenance: Provenance | None = None,
    reading: Reading | None = None,
    limits: Limits | None = None,
) -> OpenArchive:
    """
    Open an archive on disk as `archive_forms.open_archive` does; neither it nor its days are read in this process.

    A combined archive is taken apart once, into a temporary file; a day of a zip file is taken out when asked for.

    Raises
    ------
    DataFileError
        As there; also if that takes longer or more memory than the limits allow, or breaks the process.
    """
    chosen, allowed = reading or Reading(), limits or Limits.from_environment()
    path = Path(where)
    if not path.is_file():
        return archive_forms.open_archive(where, provenance=provenance, reading=chosen, limits=allowed)
    kept = _Kept(path.name)
    asked = {"path": path, "reading": chosen, "limits": allowed, "spool": kept.path}
    question = Question("archive", asked, kept.file.name, LineFileError, _size_mb(path, allowed), is_long=True)
    try:
        answer = READERS.ask(question, lambda answer, _: _Listing(answer, allowed), allowed)
    finally:
        kept.unlink()
    content = _from_zip(path, chosen, allowed) if answer.is_zip else kept.content(answer.places, allowed)
    return OpenArchive(
        answer.name,
        tuple(sorted(answer.names)),
        answer.skipped,
        provenance or Provenance(),
        chosen,
        allowed,
        answer.names,
        content,
    )


def _size_mb(path: Path, limits: Limits) -> float:
    """Return the size of a file for which time is given, at most what the limits allow; it is refused beyond that."""
    try:
        return min(path.stat().st_size / 1_000_000, limits.archive_mb)
    except OSError:
        return 0.0


class _Listing:
    """What the process says that opened an archive, checked."""

    def __init__(self, answer: Mapping[str, Any], limits: Limits) -> None:
        days = answer["days"]
        if not days or len(days) > limits.archive_days:
            raise AnswerError("no days, or too many")
        self.name = file_name(text_of(answer["name"]))
        self.is_zip = bool(answer["is_zip"])
        self.names = {date.fromisoformat(day): file_name(text_of(name)) for day, name, _, _ in days}
        self.places = {date.fromisoformat(day): (int(start), int(size)) for day, _, start, size in days}
        self.skipped = tuple(
            Skipped(day and date.fromisoformat(day), file_name(text_of(name)), text_of(reason))
            for day, name, reason in answer["skipped"]
        )


class _Kept:
    """The days of a combined archive, packed one after another in a temporary file that goes with this value."""

    def __init__(self, name: str) -> None:
        self.file = Named(file_name(name))
        try:
            number, path = tempfile.mkstemp(prefix="mapcore-")
        except OSError as problem:
            reason = tr("cannot be taken apart: the temporary folder cannot be written ({reason})")
            way_out = tr("free space there, or set TMPDIR to another folder")
            sentence = reason.format(reason=problem.strerror)
            raise DataFileError(Problem(self.file.name, "", sentence, way_out)) from problem
        self.path = Path(path)
        self._file: IO[bytes] = os.fdopen(number, "rb")
        self._lock = threading.Lock()
        weakref.finalize(self, self._file.close)

    def unlink(self) -> None:
        """Take the file's name away; it stays as long as it is open here."""
        self.path.unlink(missing_ok=True)

    def content(self, places: Mapping[date, tuple[int, int]], limits: Limits) -> Callable[[date], bytes]:
        """Return what gives the file of a day, and no more of it than the limit."""
        most = int(limits.file_mb * 1_000_000)

        def content(day: date) -> bytes:
            start, size = places[day]
            with self._lock:
                self._file.seek(start)
                packed = self._file.read(min(size, most))
            try:
                found = zlib.decompressobj().decompress(packed, most + 1)
            except zlib.error as problem:
                reason = tr("is no longer what it was when it was opened")
                raise self.file.refuse(reason, tr("open the archive again")) from problem
            if len(found) > most:
                sentence = tr("is larger than {size} MB").format(size=f"{limits.file_mb:g}")
                raise self.file.refuse(sentence, tr("MAPCORE_LIMIT_FILE_MB sets the limit"))
            return found

        return content


def _from_zip(path: Path, reading: Reading, limits: Limits) -> Callable[[date], bytes]:
    """Return what takes the file of a day out of a zip file, in a process of its own."""

    def content(day: date) -> bytes:
        asked = {"path": path, "reading": reading, "limits": limits, "day": day}
        question = Question("archive_day", asked, file_name(path.name), LineFileError, _DAY_MB)
        return READERS.ask(question, lambda _, found: found, limits)

    return content
