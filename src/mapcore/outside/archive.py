"""An archive of lines of many dates, each of which is read only when it is asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from mapcore.base.errors import UnknownIdError
from mapcore.base.language import tr
from mapcore.base.limits import Limits
from mapcore.land.contact_line import Control
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import About, Reading
from mapcore.lines.upload import Upload
from mapcore.outside.confined_lines import import_upload

#: Lines of single days that an archive keeps in memory, those asked for last.
MOST_KEPT: Final = 4


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
        upload = Upload(self.file_name(day), self.content(day))
        line = import_upload(upload, about=self.about(day), reading=self.reading, limits=self.limits)
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
        return max((archive_day for archive_day in self.days if archive_day <= day), default=self.days[0])

    def _known(self, day: date) -> date:
        if day not in self._names:
            sentence = tr("{archive}: has nothing of {date}; it runs from {first} to {last}")
            raise UnknownIdError(sentence.format(archive=self.name, date=day, first=self.days[0], last=self.days[-1]))
        return day
