"""
How much the server holds of what visitors upload: one budget for all sessions, a part of it for each.

A file is refused at its door, before its body is read: by the size that it says it has, which the server holds it to.
Streamlit itself looks at the limit of a field in the browser alone. The server's entry file imports this module, so it
imports no part of the dashboard (security.py says why).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import streamlit as st
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mapcore.app.server import start
from mapcore.base.errors import DataFileError, Problem
from mapcore.base.language import mark, number_text, tr
from mapcore.base.limits import positive_number
from mapcore.base.safe_text import file_name

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_ALL, _SESSION = "MAPCORE_UPLOADS_MB", "MAPCORE_UPLOADS_SESSION_MB"
_MB: Final = 1024 * 1024
_ADDRESS: Final = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
#: What a browser adds around a file.
_AROUND: Final = 64 * 1024
_UNKNOWN: Final = mark("an upload must say how large it is")
_LARGE: Final = mark("the file is larger than {limit} MB; choose a smaller one")
_FULL: Final = mark("this server holds as many files as it may; try again in a few minutes")
#: What each session was told of an upload that was refused, until its page says so: the sentence, and its limit.
_refused: Final[dict[str, tuple[str, str]]] = {}


@dataclass(frozen=True)
class Budget:
    """
    What may be held at once, in MB.

    Attributes
    ----------
    all_mb
        Uploads of all sessions together.
    session_mb
        Uploads of one session; a newer one takes the place of its oldest.
    """

    all_mb: float = 256.0
    session_mb: float = 72.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Budget:
        """
        Return the budget, moved by ``MAPCORE_UPLOADS_MB`` and ``MAPCORE_UPLOADS_SESSION_MB``.

        Raises
        ------
        ParameterError
            If such a variable is no positive number.
        """
        variables = os.environ if environment is None else environment
        return cls(positive_number(_ALL, variables, cls.all_mb), positive_number(_SESSION, variables, cls.session_mb))


class UploadMiddleware:
    """Refuses an upload for which there is no room; all else passes untouched."""

    def __init__(self, app: ASGIApp, budget: Budget) -> None:
        self.app, self.budget = app, budget
        #: Uploads that are on their way: session and size of each.
        self.coming: dict[object, tuple[str, int]] = {}
        # A file that is being received stays in memory too, and in no temporary file.
        MultiPartParser.spool_max_size = int(budget.session_mb * _MB)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        address = _ADDRESS.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if not address or not runtime.exists() or not runtime.get_instance().is_active_session(address[1]):
            # Streamlit itself refuses a session that it does not know or that has ended.
            await self.app(scope, receive, send)
            return
        session, file = address.groups()
        length = Headers(scope=scope).get("content-length", "")
        refusal, status = self._refusal(session, length)
        if refusal:
            limit = f"{self.largest_mb:g}"
            _refused[session] = refusal, limit
            await PlainTextResponse(refusal.format(limit=limit) + "\n", status)(scope, receive, send)
            return
        coming = object()
        self.coming[coming] = session, int(length)
        try:
            await self.app(scope, receive, send)
        finally:
            del self.coming[coming]
            if not runtime.get_instance().is_active_session(session):
                _manager().remove_file(session, file)
        _refused.pop(session, None)

    @property
    def largest_mb(self) -> float:
        """Return how large one file may be."""
        return min(self.budget.session_mb, float(st.get_option("server.maxUploadSize")))

    def _refusal(self, session: str, length: str) -> tuple[str, int]:
        """Return why there is no room, and the status that says so; make room among the session's own files."""
        if not (length.isascii() and length.isdigit()):
            return _UNKNOWN, 411
        if int(length) > self.largest_mb * _MB + _AROUND:
            return _LARGE, 413
        coming = list(self.coming.values())
        theirs = sum(size for owner, size in coming if owner == session)
        _make_room(session, self.budget.session_mb * _MB + _AROUND - int(length) - theirs)
        held = sum(map(_held, list(_manager().file_storage))) + sum(size for _, size in coming)
        if held + int(length) > self.budget.all_mb * _MB + _AROUND:
            return _FULL, 503
        return "", 0


def _manager() -> MemoryUploadedFileManager:
    return cast("MemoryUploadedFileManager", runtime.get_instance().uploaded_file_mgr)


def _held(session: str) -> int:
    return sum(len(upload.data) for upload in list(_manager().file_storage.get(session, {}).values()))


def _make_room(session: str, room: float) -> None:
    """Drop the files that a session uploaded first, until what is left fits."""
    for file in list(_manager().file_storage.get(session, {})):
        if _held(session) <= room:
            return
        _manager().remove_file(session, file)


def taken(file: UploadedFile | None, *, most_mb: float) -> bytes | None:
    """
    Return what was uploaded into a field, or None.

    Raises
    ------
    DataFileError
        If it is larger than the field says, or was refused at the door.
    """
    context = get_script_run_ctx()
    session = context.session_id if context else ""
    refusal, limit = _refused.pop(session, ("", ""))
    if file is None:
        if refusal:
            raise DataFileError(tr(refusal).format(limit=limit))
        return None
    if file.size > most_mb * _MB:
        if runtime.exists():
            _manager().remove_file(session, file.file_id)
        reason = tr("is larger than {size} MB").format(size=number_text(most_mb))
        raise DataFileError(Problem(file_name(file.name), "", reason, tr("choose a smaller file")))
    return file.getvalue()


@start.as_set()
def middleware() -> list[Middleware]:
    """Return what `st.App` is to put before Streamlit's uploads; a wrong variable ends the start with one sentence."""
    return [Middleware(UploadMiddleware, budget=Budget.from_environment())]
