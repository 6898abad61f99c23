"""
Before the first visitor: the page is run once and the shipped proposals are measured, so that nobody waits for imports.

Meanwhile the server answers, health among it; `/ready` says when it is done, for whoever sends visitors to it. The
server's entry file imports this module, so it imports no part of the dashboard (security.py says why): that happens
once the runtime is there, in a thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Literal

from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit import runtime

from mapcore.app.server import cards, daily_line, first_answer, map_files, memory_watch, static_files
from mapcore.app.server.addresses import under_base

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

_log: Final = logging.getLogger(__name__)
_TOLD: Final = {
    "ready": "ready",
    "warming up": "warming up",
    "failed": "the page's script fails or takes over a minute; the server's log says why",
}
_state: Literal["warming up", "ready", "failed"] = "warming up"


def _measure_all() -> None:
    """Measure each shipped proposal on the line that visitors find, which is what most of them share."""
    from mapcore.lines.catalogue import load_control  # noqa: PLC0415, too much for the start
    from mapcore.lines.operators_line import default_control  # noqa: PLC0415, as above
    from mapcore.measurement.areas import measure_proposal  # noqa: PLC0415, as above
    from mapcore.proposals.shipped import load_proposals  # noqa: PLC0415, as above

    control = load_control(default_control())
    for proposal in load_proposals():
        measure_proposal(proposal, control=control)


def _answer_places() -> None:
    """Say of all settlements what each proposal makes of them: the first who searches for one would wait for it."""
    from mapcore.analysis.place_answers import place_answers  # noqa: PLC0415, too much for the start
    from mapcore.measurement.areas import measure_proposal  # noqa: PLC0415, as above
    from mapcore.proposals.shipped import load_proposals  # noqa: PLC0415, as above

    place_answers([], [measure_proposal(proposal) for proposal in load_proposals()])


#: What is done before the server is ready, after the page has been run, each in a thread; further parts add theirs.
BEFORE: Final[list[Callable[[], object]]] = [_measure_all, first_answer.warm, memory_watch.set_apart]
#: What is done so many seconds later, when a first visitor has their page: the first card takes longer than others.
_BREATH_S: Final = 5.0
SOON: Final[list[Callable[[], object]]] = [cards.warm, _answer_places]
#: What takes seconds of the processor and makes files smaller, so many seconds later: no first visitor waits for it.
_PAUSE_S: Final = 20.0
AFTER: Final[list[Callable[[], object]]] = [static_files.reduce_icons, static_files.tighten, map_files.tighten]


async def _warm_up() -> None:
    global _state  # noqa: PLW0603, one server a process
    runs, _ = await runtime.get_instance().does_script_run_without_error()
    for step in BEFORE:
        await asyncio.to_thread(_tried, step)
    _state = "ready" if runs else "failed"
    if not runs:
        _log.error("The page's script fails or takes over a minute: this server is not ready for visitors")
    for pause, steps in ((_BREATH_S, SOON), (_PAUSE_S, AFTER)):
        await asyncio.sleep(pause)
        for step in steps:
            await asyncio.to_thread(_tried, step)


def _tried(step: Callable[[], object]) -> None:
    """Do one step; a server that could not is slower, and serves."""
    try:
        step()
    except Exception:  # noqa: BLE001  # logged with its traceback
        _log.exception("Not warmed up: %s", step)


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, Any]]:
    """Warm up while the server runs; given to `st.App`, which starts the runtime before."""
    del app
    with map_files.serving(), daily_line.fetching():
        task = asyncio.create_task(_warm_up())
        try:
            yield {}
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _ready(request: Request) -> PlainTextResponse:
    del request
    headers = {"Cache-Control": "no-store"} | ({} if _state == "ready" else {"Retry-After": "1"})
    return PlainTextResponse(f"{_TOLD[_state]}\n", 200 if _state == "ready" else 503, headers)


def routes() -> list[BaseRoute]:
    """Return `/ready`: 200 once a visitor waits for nothing that others need too, 503 before."""
    return [Route(under_base("/ready"), _ready)]
