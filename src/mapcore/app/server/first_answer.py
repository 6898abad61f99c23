"""
`/`: Streamlit's page in which the linked view already stands, rendered once and kept.

The work is done in a few threads, so that the server goes on answering; a link that would have to wait too long gets a
page that names the view, and the live page shows its figures a little later. The server's entry file imports this
module, so it imports no part of the dashboard, and what it renders with only when the first link comes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from mapcore.app.server import base_address, map_files, page_modules, shell_page, start, static_files
from mapcore.app.server.addresses import under_base
from mapcore.app.server.packing import Packed
from mapcore.base.limits import positive_number
from mapcore.base.shelves import Shelf

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from mapcore.publish.first_answer.linked_view import Linked

_BUDGET: Final = "MAPCORE_ANSWERS_MB"
_MB: Final = 1_000_000
#: Pages that are kept, however small they are.
_MOST_KEPT: Final = 5_000
#: Answers that are rendered at once, and those that may be asked for at once.
_WORKERS: Final = 2
_MOST_ASKED: Final = 16
#: Seconds after which a reader gets a page that only names the view; the answer is kept for the next one.
_PATIENCE_S: Final = 4.0
#: Seconds after which a reader gets Streamlit's page as it is, when that page takes long too.
_PATIENCE_TOLD_S: Final = 1.0
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rendered:
    """A page as it travels, in each form that a browser takes, and its language."""

    page: Packed
    lang: str


def _size(key: str, page: Rendered) -> int:
    return len(key) + page.page.size


class FirstAnswers:
    """
    Answers links with Streamlit's page and the view in it.

    Parameters
    ----------
    budget_mb
        What is kept of rendered pages, in MB, of the budget that all remembered values share.
    """

    def __init__(self, budget_mb: float) -> None:
        self.kept = Shelf(_MOST_KEPT, most_bytes=budget_mb * _MB, weigh=_size)
        self._base = base_address.at_start()
        self._shell = shell_page.shell()
        self._workers = ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="answer")
        self._teller = ThreadPoolExecutor(max_workers=1, thread_name_prefix="teller")
        self._asked = 0
        self._rendering: dict[str, Future[Rendered]] = {}
        self._lock = threading.Lock()

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        query, base = dict(request.query_params), base_address.of_request(request, self._base)
        page = await self._page(query, base) or await self._while_waiting(query, base)
        if page is None:
            embedded = request.query_params.get("embed", "").lower() == "true"
            shell = shell_page.alone(self._shell, embedded=embedded)
            return HTMLResponse(shell, headers={"Cache-Control": "no-cache"})
        return await page.page.answer(request.headers, {"Content-Language": page.lang})

    async def _page(self, query: Mapping[str, str], base: str = "") -> Rendered | None:
        """Return the page of a link, or None where it cannot be had soon."""
        if self._asked >= _MOST_ASKED:
            return None
        self._asked += 1
        work = asyncio.get_running_loop().run_in_executor(self._workers, self._rendered, query, base)
        work.add_done_callback(self._left)
        try:
            return await asyncio.wait_for(asyncio.shield(work), _PATIENCE_S)
        except TimeoutError:
            return None
        except Exception:  # noqa: BLE001  # the live page says what is wrong, and this log
            _LOG.exception("The first answer to a link failed")
            return None

    async def _while_waiting(self, query: Mapping[str, str], base: str) -> Rendered | None:
        """Return a page that names the view and has none of its figures, or None where that takes long too."""
        work = asyncio.get_running_loop().run_in_executor(self._teller, self._named, query, base)
        try:
            return await asyncio.wait_for(work, _PATIENCE_TOLD_S)
        except TimeoutError:
            return None
        except Exception:  # noqa: BLE001  # as above
            _LOG.exception("The name of a linked view could not be told")
            return None

    def _named(self, query: Mapping[str, str], base: str) -> Rendered:
        from mapcore.publish.first_answer import document  # noqa: PLC0415, not before there is a link

        linked = document.reading(query, base)
        answer = document.while_waiting(linked)
        text = shell_page.placed(self._shell, answer, embedded=linked.is_embedded, ahead=_ahead(linked))
        return Rendered(Packed(text.encode(), "text/html", "no-store"), answer.lang)

    def _left(self, work: asyncio.Future[Rendered]) -> None:
        self._asked -= 1
        if not work.cancelled():
            work.exception()

    def _rendered(self, query: Mapping[str, str], base: str) -> Rendered:
        """Return the page of a link: a kept one, the one that another thread is about to have, or a new one."""
        from mapcore.publish.first_answer import document  # noqa: PLC0415, not before there is a link

        linked = document.reading(query, base)
        key = linked.key()
        with self._lock:
            page: Rendered | None = self.kept.find(key, None)
            begun = self._rendering.get(key)
            if page is None and begun is None:
                mine = self._rendering[key] = Future()
        if page is not None:
            return page
        if begun is not None:
            return begun.result()
        try:
            answer = document.first_answer(linked)
            text = shell_page.placed(self._shell, answer, embedded=linked.is_embedded, ahead=_ahead(linked))
            page = Rendered(Packed(text.encode(), "text/html", "no-cache"), answer.lang)
            page.page.form("br")
            page.page.form("gzip")
            self.kept.put(key, page)
            mine.set_result(page)
        except BaseException as problem:
            mine.set_exception(problem)
            raise
        finally:
            with self._lock:
                del self._rendering[key]
        return page


def _ahead(linked: Linked) -> list[str]:
    """Return tags that load what a page asks for later than its own scripts: modules, and what the map's frame has."""
    from mapcore.present.links import MAP_PAGES  # noqa: PLC0415, not before there is a link

    view = linked.view
    has_map = view.page in MAP_PAGES
    has_parameters = bool(view.parameters or view.compare_parameters)
    modules = page_modules.tags(view.page, has_map=has_map, has_parameters=has_parameters, embedded=linked.is_embedded)
    return modules + (_of_frame() if has_map else [])


def _of_frame() -> list[str]:
    kinds = {map_files.script_name(): "script", map_files.style_name(): "style"}
    files = {f"./{map_files.address(name)}": kind for name, kind in kinds.items()}
    files |= {f"./{name}": "script" for name in static_files.frame_scripts()}
    return [f'<link rel="preload" href="{at}" as="{kind}" fetchpriority="low">' for at, kind in files.items()]


def warm() -> None:
    """Render the plain link, so that the first visitor waits neither for imports nor for what all maps share."""
    from mapcore.publish.first_answer import document  # noqa: PLC0415, too much for the server's start

    document.first_answer(document.reading({}))


@start.as_set()
def routes() -> list[BaseRoute]:
    """Return the route of the page, under the base path; a wrong variable ends the start with one sentence."""
    budget_mb = positive_number(_BUDGET, os.environ, 32.0)
    return [Route(under_base("/"), FirstAnswers(budget_mb).answer, methods=["GET"])]
