"""
When a session ends, it ends on time, and what it held is free.

Streamlit keeps a session whose browser is gone for a while (`server.disconnectedSessionTTL`), in case it comes back.
It looks for what is over that time only when the next browser goes; until then lines, uploads and three file handles
of each stay. The server's entry file imports this module, so it imports no part of the dashboard.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import streamlit as st
from starlette.middleware import Middleware
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mapcore.app.server import memory_watch

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

#: A session is ended so long before Streamlit would no longer find it, in seconds.
_BEFORE_S: Final = 0.5
#: Sessions that have drawn a page and have not ended, each with when its browser was first missed.
_known: Final[dict[str, float | None]] = {}


def note() -> None:
    """Take note of the session that draws a page."""
    context = get_script_run_ctx()
    if context is not None and runtime.exists():
        _known[context.session_id] = None
        memory_watch.look()


class SessionMiddleware:
    """Ends sessions whose browsers have stayed away."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and look after each websocket that closes."""
        try:
            await self.app(scope, receive, send)
        finally:
            if scope["type"] == "websocket" and runtime.exists():
                self._missed()

    def _missed(self) -> None:
        """Note whose browser is gone, and come back when they are over their time."""
        now = time.monotonic()
        for session in [
            session_id for session_id, since in _known.items() if since is None and not _is_here(session_id)
        ]:
            _known[session] = now
        wait = max(0.0, float(st.get_option("server.disconnectedSessionTTL")) - _BEFORE_S)
        asyncio.get_running_loop().call_later(wait, self._end, wait)

    def _end(self, wait: float) -> None:
        if not runtime.exists():
            return
        now, ended = time.monotonic(), False
        for session, since in list(_known.items()):
            if since is None:
                continue
            if _is_here(session):
                _known[session] = None
            elif now - since >= wait - 0.1:
                runtime.get_instance().close_session(session)
                del _known[session]
                ended = True
        if ended:
            asyncio.get_running_loop().run_in_executor(None, memory_watch.give_back)


def _is_here(session: str) -> bool:
    return runtime.get_instance().is_active_session(session)


def middleware() -> list[Middleware]:
    """Return what `st.App` is to put around its websockets."""
    return [Middleware(SessionMiddleware)]
