"""Routes asked without a server: what a client would be sent, for tests that need no socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from starlette.applications import Starlette
from starlette.routing import BaseRoute

Answer = TypeVar("Answer")


def in_a_loop(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Do asynchronous work, in a thread: a browser's tests have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass(frozen=True)
class Reply:
    """An answer: status, headers with names in lower case, body as it was sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Asks routes from one address."""

    def __init__(self, routes: Iterable[BaseRoute], address: str = "192.0.2.1") -> None:
        self.app, self.address = Starlette(routes=list(routes)), address

    def ask(self, path: str, method: str = "GET", address: str = "", **headers: str) -> Reply:
        return self.ask_together([path], method, address, **headers)[0]

    def ask_together(self, paths: Iterable[str], method: str = "GET", address: str = "", **headers: str) -> list[Reply]:
        """Ask at once, on one event loop, as clients of one server do."""

        async def all_of_them() -> list[Reply]:
            return await asyncio.gather(
                *(self._asked(path, method, address or self.address, headers) for path in paths)
            )

        return in_a_loop(all_of_them())

    async def _asked(self, path: str, method: str, address: str, headers: dict[str, str]) -> Reply:
        parts = urlsplit(path)
        sent = {"host": "maps.example.org", **{name.replace("_", "-").lower(): text for name, text in headers.items()}}
        query = quote(parts.query, safe="=&%,+.").encode()
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": parts.path,
            "raw_path": parts.path.encode(), "query_string": query, "root_path": "",
            "headers": [(name.encode(), text.encode()) for name, text in sent.items()], "client": (address, 1),
            "server": ("maps.example.org", 80),
        }  # fmt: skip
        messages: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        found = {name.decode().lower(): text.decode() for name, text in messages[0]["headers"]}
        return Reply(messages[0]["status"], found, b"".join(one.get("body", b"") for one in messages[1:]))
