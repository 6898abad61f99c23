"""Download a snapshot of a configured archive, keep it in a cache, check it, and import it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import geopandas as gpd
import pooch
import requests
import urllib3

from mapcore.archives import DEFAULT_ARCHIVE, Archive, check_terms, load_archive, may_call
from mapcore.confined import import_bytes
from mapcore.control import Control
from mapcore.errors import ChoiceNeededError, DataFileError, FetchError, LineFileError
from mapcore.imports import About, Reading
from mapcore.language import date_text, tr
from mapcore.limits import Limits
from mapcore.sources import user_dir
from mapcore.texts import plain

_CHUNK: Final = 65_536
_MOST_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class _NotThereError(FetchError):
    """The server says that there is no such file."""


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
        If what came is no line of contact; it is not kept in the cache.
    """
    archive = load_archive(archive_id)
    allowed = limits or Limits.from_environment()
    if not accepted:
        check_terms(archive)
    day, path = _newest(archive, today, allowed, refresh) if on is None else (on, _dated(archive, on, allowed, refresh))
    try:
        return import_bytes(
            path.read_bytes(),
            path.name,
            about=_about(archive, day),
            reading=Reading(archive.held_by, archive.class_field, archive.classes, confirmed=confirmed),
            limits=allowed,
            oblasts=oblasts,
        )
    except ChoiceNeededError:
        raise
    except LineFileError as problem:
        path.unlink(missing_ok=True)
        told = tr("{archive}: what the archive sent for {date} is not what it used to be: {problem}")
        raise LineFileError(told.format(archive=archive.id, date=day, problem=problem)) from problem


def _about(archive: Archive, day: date) -> About:
    return About(
        as_of=day,
        source=archive.source,
        licence=archive.licence,
        attribution=tr("{credit}, {date}. Licence: {licence}").format(
            credit=tr(archive.attribution), date=date_text(day), licence=tr(archive.licence)
        ),
        error_km=archive.error_km,
        id=f"{day.isoformat()}-{archive.id}",
        origin=archive.address(day),
    )


def _newest(archive: Archive, today: date, limits: Limits, refresh: bool) -> tuple[date, Path]:  # noqa: FBT001
    for back in range(limits.days_back + 1):
        day = today - timedelta(days=back)
        try:
            return day, _dated(archive, day, limits, refresh)
        except _NotThereError:
            continue
    told = tr("{archive}: has no snapshot from {first} to {last}; give a --date, or move MAPCORE_LIMIT_DAYS_BACK")
    first = today - timedelta(days=limits.days_back)
    raise FetchError(told.format(archive=archive.id, first=first, last=today))


def _dated(archive: Archive, day: date, limits: Limits, refresh: bool) -> Path:  # noqa: FBT001
    """Return the file of one date, from the cache or from the archive."""
    if day < archive.first:
        told = tr("{archive}: begins on {first}, so there is nothing of {date}; give a later --date")
        raise FetchError(told.format(archive=archive.id, first=archive.first, date=day))
    url = archive.address(day)
    folder = user_dir() / "cache" / archive.id
    name = f"{day.isoformat()}{Path(urlsplit(url).path).suffix or '.data'}"
    if refresh:
        (folder / name).unlink(missing_ok=True)
    pooch.get_logger().setLevel(logging.WARNING)
    try:
        return Path(pooch.retrieve(url, None, fname=name, path=folder, downloader=_Download(archive, limits)))
    except OSError as problem:
        told = tr("{folder}: the cache cannot be written ({reason}); set MAPCORE_HOME to a folder of yours")
        raise DataFileError(told.format(folder=folder, reason=problem.strerror or plain(problem))) from problem


class _Download:
    """
    A downloader for pooch that refuses what a well-meaning server would not send.

    pooch writes to a temporary file and renames it at the end, so that a failure leaves the cache as it was.
    """

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self.archive = archive
        self.limits = limits
        self.ends = time.monotonic() + limits.download_seconds

    def __call__(self, url: str, output_file: Any, _: Any, check_only: bool = False) -> None:  # noqa: FBT001, FBT002
        del check_only
        with self._told(), self._opened(url) as answer, Path(output_file).open("wb") as file:
            received = 0
            for chunk in _chunks(answer):
                received += len(chunk)
                if received > self.limits.file_mb * 1_000_000:
                    raise self._large()
                if time.monotonic() > self.ends:
                    raise self._slow()
                file.write(chunk)
            promised = answer.headers.get("Content-Length", "")
            if promised.isdigit() and int(promised) != received:
                raise self._cut_off()

    @contextmanager
    def _opened(self, url: str) -> Iterator[requests.Response]:
        """Open an address; a redirect is followed to the same host and way of transport, and nowhere else."""
        wait = self.limits.download_seconds / 3
        with requests.Session() as session:
            for _ in range(_MOST_REDIRECTS + 1):
                headers = {"Accept-Encoding": "identity", "User-Agent": "mapcore"}
                with session.get(url, stream=True, timeout=wait, allow_redirects=False, headers=headers) as answer:
                    if answer.status_code not in _REDIRECTS:
                        self._check_status(answer.status_code, url)
                        yield answer
                        return
                    url = self._same_host(url, answer.headers.get("Location", ""))
        raise self._refusal(
            tr("sends from one address to the next without end"), tr("correct its url in archives.toml")
        )

    def _same_host(self, url: str, location: str) -> str:
        target = urljoin(url, location)
        before, after = urlsplit(url), urlsplit(target)
        if not may_call(target) or (before.scheme, before.netloc) != (after.scheme, after.netloc):
            reason = tr("sends on to another host ({host}), which was not followed").format(
                host=f"{plain(after.scheme)}:{plain(after.netloc)}"
            )
            raise self._refusal(reason, tr("if you trust it, write it into archives.toml"))
        return target

    def _check_status(self, status: int, url: str) -> None:
        if status in {404, 410}:
            told = tr("{archive}: has no such file ({status}: {url}); give another --date")
            raise _NotThereError(told.format(archive=self.archive.id, status=status, url=plain(url, most=200)))
        if status != 200:
            reason = tr("answers with error {status}").format(status=status)
            raise self._refusal(reason, tr("try again later, or give another --from"))

    def _refusal(self, problem: str, way_out: str) -> FetchError:
        return FetchError(f"{self.archive.id}: {problem}; {way_out}")

    def _large(self) -> FetchError:
        reason = tr("sends more than {size} MB").format(size=f"{self.limits.file_mb:g}")
        return self._refusal(reason, tr("MAPCORE_LIMIT_FILE_MB moves the limit"))

    def _slow(self) -> FetchError:
        reason = tr("took longer than {seconds} s").format(seconds=f"{self.limits.download_seconds:g}")
        return self._refusal(reason, tr("try again later; MAPCORE_LIMIT_DOWNLOAD_SECONDS moves the limit"))

    def _cut_off(self) -> FetchError:
        return self._refusal(tr("broke off in the middle of the file"), tr("nothing of it was kept; try again"))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in one sentence what the network's many exceptions mean."""
        try:
            yield
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError) as problem:
            raise self._slow() from problem
        except (requests.exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError) as problem:
            raise self._cut_off() from problem
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as problem:
            host = plain(urlsplit(self.archive.url).netloc)
            reason = tr("{host} cannot be reached").format(host=host)
            raise self._refusal(reason, tr("check the connection; the lines that are here go on working")) from problem


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    """Yield what has arrived as it arrives, so that a server that drips is noticed."""
    while chunk := answer.raw.read1(_CHUNK):
        yield chunk
