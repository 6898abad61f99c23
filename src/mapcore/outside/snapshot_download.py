"""Download a snapshot of a configured archive, keep it in a cache, check it, and import it."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import geopandas as gpd
import pooch

from mapcore.base.data_files import user_dir
from mapcore.base.errors import ChoiceNeededError, FetchError, LineFileError, MapcoreError
from mapcore.base.language import date_text, tr
from mapcore.base.limits import Limits
from mapcore.land.contact_line import Control
from mapcore.lines.importing import About, Reading
from mapcore.outside.confined_lines import import_bytes
from mapcore.outside.download import Download, NotThereError, cannot_write, unforeseen
from mapcore.outside.download_terms import DEFAULT_ARCHIVE, Archive, check_terms, load_archive


def fetch_control(
    archive_id: str = DEFAULT_ARCHIVE,
    *,
    today: date,
    on: date | None = None,
    refresh: bool = False,
    accepted: bool = False,
    confirmed: bool = False,
    limits: Limits | None = None,
    oblasts: gpd.GeoDataFrame | None = None,
) -> Control:
    """
    Download a snapshot of an archive and import it; the user's store of lines is not touched.

    Parameters
    ----------
    today
        The day from which the newest snapshot is looked for, backwards up to `limits.days_back` days.
    on
        The date of the snapshot, instead of the newest one.
    refresh
        Download again what is in the cache.
    accepted
        The archive's terms were shown and accepted for this call, without a record of it.
    confirmed
        Take a line that is hard to believe as it is.

    Returns
    -------
    control
        As `confined.import_bytes`; its attribution, licence and error are the archive's, `origin` is the address.

    Raises
    ------
    TermsError
        If the archive's terms were not accepted; nothing was downloaded.
    FetchError
        If the download failed: no network, time-out, not there, cut off, sent elsewhere, too large.
    ChoiceNeededError
        If what came gives a line that is hard to believe, or has several classes; it is kept in the cache.
    LineFileError
        If what came is no line of contact; it is not kept in the cache. It is kept where it was not read to its end for
        want of a turn, time, memory or a temporary folder.
    """
    archive = load_archive(archive_id)
    allowed = limits or Limits.from_environment()
    if not accepted:
        check_terms(archive)
    download = Download(archive, allowed, ends=time.monotonic() + allowed.download_seconds)
    day, path = _newest(download, today, refresh) if on is None else (on, _dated(download, on, refresh))
    try:
        return import_bytes(
            _read(path),
            path.name,
            about=_about(archive, day),
            reading=Reading(archive.held_by, archive.class_field, archive.classes, confirmed=confirmed),
            limits=allowed,
            oblasts=oblasts,
        )
    except ChoiceNeededError:
        raise
    except LineFileError as problem:
        if not problem.blames_file:
            raise
        with suppress(OSError):
            path.unlink(missing_ok=True)
        sentence = tr("{archive}: what the archive sent for {date} differs from what is expected: {problem}")
        raise LineFileError(sentence.format(archive=archive.id, date=day, problem=problem)) from problem


def _about(archive: Archive, day: date) -> About:
    provenance = archive.provenance
    credit = tr("{credit}, {date}. Licence: {licence}").format(
        credit=tr(provenance.attribution), date=date_text(day), licence=tr(provenance.licence)
    )
    return About(
        as_of=day,
        provenance=replace(provenance, attribution=credit),
        id=f"{day.isoformat()}-{archive.id}",
        origin=archive.address(day),
    )


def _newest(download: Download, today: date, refresh: bool) -> tuple[date, Path]:  # noqa: FBT001
    days_back = download.limits.days_back
    for back in range(days_back + 1):
        day = today - timedelta(days=back)
        try:
            return day, _dated(download, day, refresh)
        except NotThereError:
            continue
    sentence = tr("{archive}: has no snapshot from {first} to {last}; give a --date, or raise MAPCORE_LIMIT_DAYS_BACK")
    first = today - timedelta(days=days_back)
    raise FetchError(sentence.format(archive=download.archive.id, first=first, last=today))


def _dated(download: Download, day: date, refresh: bool) -> Path:  # noqa: FBT001
    """Return the file of one date, from the cache or from the archive."""
    archive = download.archive
    if day < archive.first:
        sentence = tr("{archive}: begins on {first}, so there is nothing of {date}; give a later --date")
        raise FetchError(sentence.format(archive=archive.id, first=archive.first, date=day))
    url = archive.address(day)
    folder = user_dir() / "cache" / archive.id
    name = f"{day.isoformat()}{Path(urlsplit(url).path).suffix or '.data'}"
    pooch.get_logger().setLevel(logging.WARNING)
    try:
        if refresh:
            (folder / name).unlink(missing_ok=True)
        return Path(pooch.retrieve(url, None, fname=name, path=folder, downloader=download))
    except MapcoreError:
        raise
    except OSError as problem:
        raise cannot_write(folder, problem) from problem
    except Exception as problem:
        raise unforeseen(archive, problem) from problem


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise cannot_write(path.parent, problem) from problem
