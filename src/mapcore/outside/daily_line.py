"""
The newest line of an archive, fetched once a day for the server that shows it to all: `MAPCORE_LINE_ARCHIVE`.

A line is taken up only where it can be believed: it is read in confinement, its land is valid and within the country,
as large as Russia has held, and not far from that of the line that serves. Everything is written beside what serves and
named last, so that a failure leaves that as it was.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import shapely

from mapcore.base import file_lock
from mapcore.base.data_files import user_dir
from mapcore.base.errors import (
    ChoiceNeededError,
    DataFileError,
    FetchError,
    LineFileError,
    MapcoreError,
    ParameterError,
)
from mapcore.base.language import mark, percent_text, tr
from mapcore.base.limits import Limits
from mapcore.base.today import today
from mapcore.land.contact_line import Control
from mapcore.lines import operators_line
from mapcore.lines.catalogue import load_control
from mapcore.lines.operators_line import Served, Trouble, line_id
from mapcore.lines.plausible import MOST_HELD, MOST_MOVED
from mapcore.lines.user_lines import save_control, user_line_ids
from mapcore.outside.download import NotThereError, cannot_write
from mapcore.outside.download_terms import Archive, load_archive
from mapcore.outside.snapshot_download import fetch_control

#: Says that the operator accepts the archive's terms.
TERMS: Final = "MAPCORE_LINE_TERMS"
ACCEPTED: Final = "accepted"
#: Share of the country that may change hands between a line and the one before it, for each day between them: a day of
#: September 2022, when the front of Kharkiv oblast broke, had about as much.
_MOST_A_DAY: Final = 0.005
#: Land held by Russia is no less than this share of the country: Crimea and the east since 2014 are 7 %.
_LEAST_HELD: Final = 0.05
#: Days that the line which serves may be old before the archive is said to have no newer one.
_LATE_DAYS: Final = 2
#: Seconds until the archive is looked at again where it had no line of today.
_AGAIN_S: Final = 3 * 3600.0
_NOT_ACCEPTED: Final = mark(
    "{variable}: the lines of {title} come under terms: {terms} Licence: {licence}. Nothing is downloaded; if you "
    "accept them, set {variable}={word}"
)
_LOG: Final = logging.getLogger(__name__)


def configured(environment: Mapping[str, str] | None = None) -> Archive | None:
    """
    Return the archive that the operator chose, if any.

    Raises
    ------
    UnknownIdError
        If there is no such archive.
    ParameterError
        If its terms are not said to be accepted.
    DataFileError
        If the user's `archives.toml` has a mistake.
    """
    variables = os.environ if environment is None else environment
    chosen = variables.get(operators_line.ARCHIVE, "").strip()
    if not chosen:
        return None
    archive = load_archive(chosen)
    if variables.get(TERMS, "").strip().lower() != ACCEPTED:
        words = {"title": tr(archive.title), "terms": tr(archive.terms), "licence": tr(archive.provenance.licence)}
        raise ParameterError(tr(_NOT_ACCEPTED).format(variable=TERMS, word=ACCEPTED, **words))
    return archive


def is_due(found: Served, *, now: float, day: date) -> bool:
    """Say whether the archive is to be looked at: on a new day, and every few hours until it has a line of that day."""
    if found.looked_on != day:
        return True
    return found.line != line_id(found.archive, day) and not 0 <= now - found.looked_at < _AGAIN_S


def refresh(
    archive: Archive,
    *,
    warm: Callable[[Control], object] = lambda _: None,
    now: Callable[[], float] = time.time,
    limits: Limits | None = None,
) -> Served:
    """
    Look at the archive if it is due, and take up its newest line that can be believed; return what serves then.

    Parameters
    ----------
    warm
        Called with a line before it serves, so that nobody waits for what is worked out of it.
    limits
        Those of the environment when left out.

    Raises
    ------
    DataFileError
        If nothing can be written into the data folder.
    """
    day = today()
    found = _current(archive)
    if not is_due(found, now=now(), day=day):
        return found
    with _alone() as mine:
        if not mine:
            return found
        found = _current(archive)
        if not is_due(found, now=now(), day=day):
            return found
        newest, trouble = _newest(archive, found, day, limits or Limits.from_environment())
        looked = replace(found, source=archive.provenance.source, looked_on=day, looked_at=now(), trouble=trouble)
        if newest is not None:
            warm(newest)
            looked = replace(looked, line=newest.id)
        operators_line.write(looked)
        return looked


def _current(archive: Archive) -> Served:
    """Return what serves; a line that is no longer in the store counts as none."""
    found = operators_line.served() or Served(archive.id)
    return found if found.line in user_line_ids() else replace(found, line="")


def _newest(archive: Archive, found: Served, day: date, limits: Limits) -> tuple[Control | None, Trouble]:
    """Return the newest line of the archive that can be taken up and is newer than what serves, and what went wrong."""
    before = load_control(found.line) if found.line else load_control()
    since = before.as_of if found.line else day - timedelta(days=limits.days_back + 1)
    trouble: Trouble = ""
    for back in range(limits.days_back + 1):
        tried = day - timedelta(days=back)
        if tried <= since or tried < archive.first:
            break
        try:
            return _taken(archive, tried, before, limits), trouble
        except NotThereError:
            continue
        except MapcoreError as problem:
            _LOG.warning("The line of %s from %s was not taken up: %s", tried, archive.id, problem)
            trouble = trouble or _trouble(problem)
            if trouble in {"unreachable", "unwritable"}:
                break
    late = (day - before.as_of).days > _LATE_DAYS
    return None, trouble or ("missing" if late else "")


def _taken(archive: Archive, day: date, before: Control, limits: Limits) -> Control:
    """Return the archive's line of a day as it is kept; one that the operator has added by hand is believed."""
    name = line_id(archive.id, day)
    if name not in user_line_ids():
        line = fetch_control(archive.id, today=day, on=day, refresh=True, accepted=True, limits=limits)
        _check(line, before)
        save_control(line)
    return load_control(name)


def _check(line: Control, before: Control) -> None:
    """
    Refuse a line that is hard to believe after the one before it.

    Raises
    ------
    ChoiceNeededError
        If it gives too much land or too little, or is too far from the one before.
    """
    whole = line.country.area
    held = line.held.area / whole
    changed = shapely.symmetric_difference(line.held, before.held).area / whole
    most = min(MOST_MOVED, _MOST_A_DAY * max(1, abs((line.as_of - before.as_of).days)))
    if not _LEAST_HELD <= held <= MOST_HELD or changed > most:
        sentence = tr(
            "{line}: Russia holds {held} of Ukraine, and {changed} of it changed hands since {before}, more than "
            "{most}; if that is so, add it with “mapcore control fetch --confirm”"
        )
        shares = {"held": percent_text(held, 1), "changed": percent_text(changed, 2), "most": percent_text(most, 2)}
        raise ChoiceNeededError(sentence.format(line=line.id, before=before.id, **shares))


def _trouble(problem: MapcoreError) -> Trouble:
    match problem:
        case ChoiceNeededError():
            return "doubtful"
        case LineFileError():
            return "unreadable"
        case FetchError():
            return "unreachable"
        case DataFileError():
            return "unwritable"
    return "unreadable"


@contextmanager
def _alone() -> Iterator[bool]:
    """Say whether no other server on this folder looks at the archive meanwhile."""
    folder = user_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "operators_line.lock").open("w", encoding="utf-8")
    except OSError as problem:
        raise cannot_write(folder, problem) from problem
    with lock:
        yield file_lock.take(lock, where_none=True)
