"""
What the server writes is sent at once (`TCP_NODELAY`), and not held back until the browser has acknowledged the last.

An answer is written as head and body, a page as a row of messages. Nagle's algorithm (RFC 896) holds back the second
of two small writes until the first is acknowledged, which a receiver may put off: some 40 ms on Linux for each file.
asyncio turns it off for sockets that name TCP as their protocol; that which Streamlit binds names none. uvloop, which
serves where it is installed, turns it off for every connection.
"""

from __future__ import annotations

import socket
from asyncio.trsock import TransportSocket
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.middleware import Middleware

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class NoDelayMiddleware:
    """Sets the option for the connection of each request; where a server does not show it, all is as before."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        connection = transport.get_extra_info("socket") if transport else None
        if isinstance(connection, TransportSocket) and connection.family in {socket.AF_INET, socket.AF_INET6}:
            with suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.app(scope, receive, send)


def middleware() -> list[Middleware]:
    """Return what `st.App` is to put around every connection, before all that wraps what it receives."""
    return [Middleware(NoDelayMiddleware)]
