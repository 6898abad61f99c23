"""One download from an archive, to a file: within its time and size, from its own host, refused in one sentence."""

from __future__ import annotations

import contextvars
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from mapcore.base.errors import DataFileError, FetchError, MapcoreError
from mapcore.base.language import tr
from mapcore.base.limits import Limits
from mapcore.base.safe_text import plain
from mapcore.outside.download_terms import Archive, may_call

_LOG = logging.getLogger(__name__)
_CHUNK: Final = 65_536
_MOST_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
#: How long a download that was cut is waited for, so that it no longer writes when its file is removed.
_LAST_SECONDS: Final = 1.0


class NotThereError(FetchError):
    """The server says that there is no such file."""


class Download:
    """
    A downloader for pooch that refuses what a well-meaning server would not send.

    pooch writes to a temporary file and renames it at the end, so that a failure leaves the cache as it was.

    Parameters
    ----------
    ends
        The moment of `time.monotonic` at which whatever is going on is cut: the look-up of the host's name, the
        connection, headers that drip, the file.
    """

    def __init__(self, archive: Archive, limits: Limits, *, ends: float) -> None:
        self.archive = archive
        self.limits = limits
        self.ends = ends

    def __call__(self, url: str, output_file: Any, _: Any, check_only: bool = False) -> None:  # noqa: FBT001, FBT002
        """
        Download an address to a file.

        No library bounds a download as a whole: its time-outs begin again with each byte. So it runs in a thread of its
        own, whose connections are cut when the time is over; the thread of a name that is never found ends by itself.
        """
        del check_only
        connections, failures = _Connections(), list[Exception]()
        context = contextvars.copy_context()
        arguments = (url, Path(output_file), connections, failures)
        thread = threading.Thread(target=context.run, args=(self._attempt, *arguments), daemon=True, name="download")
        thread.start()
        thread.join(max(0.0, self.ends - time.monotonic()))
        late = thread.is_alive()
        connections.cut()
        if late:
            thread.join(_LAST_SECONDS)
            raise self._slow()
        for failure in failures:
            raise self._refusal_of(failure) from failure

    def _attempt(self, url: str, path: Path, connections: _Connections, failures: list[Exception]) -> None:
        """Download, and keep what went wrong for the thread that waits."""
        try:
            self._receive(url, path, connections)
        except Exception as failure:  # noqa: BLE001  # whatever a library raises is told by the thread that waits
            failures.append(failure)

    def _receive(self, url: str, path: Path, connections: _Connections) -> None:
        with self._opened(url, connections) as answer, self._disk(path), path.open("wb") as file:
            received = 0
            for chunk in _chunks(answer):
                received += len(chunk)
                if received > self.limits.file_mb * 1_000_000:
                    raise self._large()
                file.write(chunk)
            promised = answer.headers.get("Content-Length", "")
            if promised.isdigit() and int(promised) != received:
                raise self._cut_off()

    @contextmanager
    def _disk(self, path: Path) -> Iterator[None]:
        """Tell a disk that is full from a connection that broke; both are errors of the system."""
        try:
            yield
        except requests.exceptions.RequestException:
            raise
        except OSError as problem:
            raise cannot_write(path.parent, problem) from problem

    @contextmanager
    def _opened(self, url: str, connections: _Connections) -> Iterator[requests.Response]:
        """Open an address; a redirect is followed to the same host and way of transport, and nowhere else."""
        wait = self.limits.download_seconds / 3
        headers = {"Accept-Encoding": "identity", "User-Agent": "mapcore"}
        for _ in range(_MOST_REDIRECTS + 1):
            with _Session() as session:
                for scheme in ("https://", "http://"):
                    session.mount(scheme, _Adapter(connections))
                with session.get(url, stream=True, timeout=wait, allow_redirects=False, headers=headers) as answer:
                    if answer.status_code not in _REDIRECTS:
                        self._check_status(answer.status_code, url)
                        yield answer
                        return
                    url = self._same_host(url, answer.headers.get("Location", ""))
        raise self._refusal(
            tr("redirects endlessly from one address to the next"), tr("correct its url in archives.toml")
        )

    def _same_host(self, url: str, location: str) -> str:
        try:
            target = urljoin(url, location)
            before, after = urlsplit(url), urlsplit(target)
        except ValueError as problem:
            reason = tr("redirects to '{address}', which is not an address").format(address=plain(location, most=80))
            raise self._refusal(reason, tr("correct its url in archives.toml")) from problem
        if not may_call(target) or (before.scheme, before.netloc) != (after.scheme, after.netloc):
            reason = tr("redirects to another host ({host}), which was not followed").format(
                host=f"{plain(after.scheme)}:{plain(after.netloc)}"
            )
            raise self._refusal(reason, tr("if you trust it, write it into archives.toml"))
        return target

    def _check_status(self, status: int, url: str) -> None:
        if status in {404, 410}:
            sentence = tr("{archive}: has no such file ({status}: {url}); give another --date")
            raise NotThereError(sentence.format(archive=self.archive.id, status=status, url=plain(url, most=200)))
        if status != 200:
            reason = tr("returned error {status}").format(status=status)
            raise self._refusal(reason, tr("try again later, or give another --from"))

    def _refusal(self, problem: str, way_out: str) -> FetchError:
        return FetchError(f"{self.archive.id}: {problem}; {way_out}")

    def _large(self) -> FetchError:
        reason = tr("sends more than {size} MB").format(size=f"{self.limits.file_mb:g}")
        return self._refusal(reason, tr("MAPCORE_LIMIT_FILE_MB sets the limit"))

    def _slow(self) -> FetchError:
        reason = tr("took longer than {seconds} s").format(seconds=f"{self.limits.download_seconds:g}")
        return self._refusal(reason, tr("try again later; MAPCORE_LIMIT_DOWNLOAD_SECONDS sets the limit"))

    def _cut_off(self) -> FetchError:
        return self._refusal(tr("broke off in the middle of the file"), tr("nothing of it was kept; try again"))

    def _refusal_of(self, failure: Exception) -> MapcoreError:
        """Say in one sentence what the network's many exceptions mean; one that is not known is logged as well."""
        match failure:
            case MapcoreError():
                return failure
            case requests.exceptions.Timeout() | urllib3.exceptions.TimeoutError():
                return self._slow()
            case requests.exceptions.ChunkedEncodingError() | urllib3.exceptions.ProtocolError():
                return self._cut_off()
            case requests.exceptions.RequestException() | urllib3.exceptions.HTTPError():
                reason = tr("{host} cannot be reached").format(host=plain(urlsplit(self.archive.url).netloc))
                return self._refusal(reason, tr("check your connection; lines that are already stored still work"))
        return unforeseen(self.archive, failure)


def cannot_write(folder: Path, problem: OSError) -> DataFileError:
    """Return the refusal of a folder for downloads that cannot be written to."""
    sentence = tr(
        "{folder}: the cache cannot be written ({reason}); free some space, or set MAPCORE_HOME to another folder"
    )
    return DataFileError(sentence.format(folder=folder, reason=problem.strerror or plain(problem)))


def unforeseen(archive: Archive, failure: Exception) -> FetchError:
    """Return the refusal of a download that failed in a way that nobody thought of, and log it."""
    _LOG.error("downloading from %s failed", archive.id, exc_info=failure)
    words = tr("{archive}: the download failed ({reason}); try again later, or add the line from a file")
    return FetchError(words.format(archive=archive.id, reason=plain(f"{type(failure).__name__}: {failure}", most=200)))


class _Connections:
    """The connections of one download, to cut them from outside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._over = False

    def add(self, connection: socket.socket) -> None:
        """Remember a connection by a handle of its own, which stays when TLS takes the first one over."""
        with self._lock:
            if self._over:
                connection.close()
                raise TimeoutError
            self._open.append(connection.dup())

    def cut(self) -> None:
        """End all that is going on, and whatever would begin."""
        with self._lock:
            self._over = True
            for handle in self._open:
                with suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)
                handle.close()


class _Session(requests.Session):
    """A session that leaves redirects alone: requests would take each apart, even those that it is not to follow."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        del resp
        return None


class _Adapter(HTTPAdapter):
    """The way to the network of requests, which tells of each connection that it makes."""

    def __init__(self, connections: _Connections) -> None:
        super().__init__()
        self._connections = connections

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str,  # noqa: FBT001  # requests' own signature
        proxies: dict[str, str] | None = None,
        cert: Any = None,
    ) -> urllib3.HTTPConnectionPool:
        pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        connections = self._connections

        class Told(pool.ConnectionCls):  # type: ignore[name-defined]
            def _new_conn(self) -> socket.socket:
                made: socket.socket = super()._new_conn()
                connections.add(made)
                return made

        pool.ConnectionCls = Told
        return pool


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    """Yield what has arrived as it arrives."""
    while chunk := answer.raw.read1(_CHUNK):
        yield chunk
