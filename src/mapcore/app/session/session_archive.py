"""The archive that a session holds: each of its days is a line of contact, which is read when it is asked for."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, cast

import streamlit as st

from mapcore.app.session import visitor
from mapcore.app.session.archive_job import Job, Place
from mapcore.base.errors import MapcoreError
from mapcore.base.memory import Memory, working_for
from mapcore.base.shelves import Shelf
from mapcore.land.contact_line import Control
from mapcore.outside.archive import OpenArchive
from mapcore.present.page_choices import SESSION_PREFIX

#: How the id of a line starts that is a day of the session's archive.
ARCHIVE_PREFIX: Final = f"{SESSION_PREFIX}archive-"
#: Lines of an archive that a session keeps in memory, those asked for last.
_MOST_OF_ARCHIVE = 12
#: First and last days of an archive of which one must be a line.
_MOST_TRIED = 10


@dataclass(eq=False)
class SessionArchive:
    """
    An archive that one session holds: its days are lines, each of which is read when it is asked for.

    Attributes
    ----------
    job
        Its measuring, which ends with the session.
    broken
        Days that turned out to be no line when they were asked for.
    memory
        That of the visitor whose archive it is.
    """

    archive: OpenArchive
    job: Job
    memory: Memory
    broken: set[date] = field(default_factory=set)
    _lines: Shelf = field(default_factory=lambda: Shelf(_MOST_OF_ARCHIVE))

    def __post_init__(self) -> None:
        weakref.finalize(self, self.job.close)

    @classmethod
    def of(cls, place: Place, opened: OpenArchive) -> SessionArchive:
        """Return an archive that was opened from a place, with its job, which is not started."""
        before = held()
        return cls(opened, Job.of(place, opened, instead_of=before.job if before else None), visitor.memory())

    def ends(self) -> tuple[Control, Control]:
        """
        Return the lines of the first and of the last day that is no broken one.

        Raises
        ------
        MapcoreError
            If the first or the last days, a few at most, are all broken.
        """
        return self._first_of(self.archive.days), self._first_of(self.archive.days[::-1])

    def _first_of(self, days: Sequence[date]) -> Control:
        tried = days[:_MOST_TRIED]
        for day in tried[:-1]:
            with suppress(MapcoreError):
                return self.control(day)
        return self.control(tried[-1])

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are not known to be broken, sorted."""
        broken = self.broken | {entry.date for entry in self.job.skipped}
        return tuple(day for day in self.archive.days if day not in broken)

    def control(self, day: date) -> Control:
        """
        Return the line of a day, the same value for as long as it is kept.

        Raises
        ------
        MapcoreError
            If it is no line of contact; the day is left out from here on.
        """
        line: Control | None = self._lines.find(day, None)
        if line is None:
            try:
                with working_for(self.memory):
                    line = replace(self.archive.control(day), id=f"{ARCHIVE_PREFIX}{day}", memory=self.memory)
            except MapcoreError:
                self.broken.add(day)
                raise
            line = cast("Control", self._lines.put(day, line))
        return line


def held() -> SessionArchive | None:
    """Return the archive that this session holds, if any."""
    held: SessionArchive | None = st.session_state.get("session_archive")
    return held


def hold(archive: SessionArchive | None) -> None:
    """Put an archive in the place of the session's, or none."""
    before = held()
    if before is not None:
        before.job.close()
    st.session_state["session_archive"] = archive


def days_by_id() -> dict[str, date]:
    """Return the days of the session's archive by the ids of their lines, the newest first."""
    archive = held()
    return {f"{ARCHIVE_PREFIX}{day}": day for day in reversed(archive.days)} if archive else {}


def day_of(control_id: str) -> date | None:
    """Return the day of a line of the session's archive, whether the archive has it or not."""
    if not control_id.startswith(ARCHIVE_PREFIX) or held() is None:
        return None
    try:
        return date.fromisoformat(control_id.removeprefix(ARCHIVE_PREFIX))
    except ValueError:
        return None
