"""
All proposals on one sheet at `/overview/<data version>.png` (`.svg`, `.pdf`), one's small map under its id below that.

They take the line, the units and the language of a link and read them as the page does: what is wrong in a query gives
its default. One is drawn at a time, beside the event loop; the last ones are kept within the budget of all that is
remembered.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route

from mapcore.app.server.addresses import under_base
from mapcore.app.server.api_answers import Answer
from mapcore.app.server.kept_pictures import KeptPictures
from mapcore.base.errors import UnknownIdError
from mapcore.base.language import speaking
from mapcore.base.shelves import Shelf
from mapcore.proposals.shipped import load_proposal

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from mapcore.publish.first_answer.linked_view import Linked
    from mapcore.publish.overview import OverviewFormat

_TYPES: Final = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
#: A sheet has up to 4 MB and takes two seconds to draw; a small map 10 kB and a tenth of a second.
_MOST_KEPT: Final = 96
_MOST_BYTES: Final = 24_000_000
_TEXT: Final = {"Cache-Control": "no-store"}


class Overviews:
    """Draws sheets and small maps, one at a time, and keeps the last ones."""

    def __init__(self) -> None:
        kept = Shelf(_MOST_KEPT, most_bytes=_MOST_BYTES, weigh=lambda _, drawn: len(drawn))
        self._sheets = KeptPictures(kept, at_once=1)
        # A page asks for a small map of each proposal at once.
        self._small_maps = KeptPictures(kept, at_once=2)

    async def sheet(self, request: Request) -> Response:
        """Answer a request for the sheet."""
        form = request.path_params["form"]
        if form not in _TYPES:
            return PlainTextResponse("png, svg, pdf\n", 404, _TEXT)
        linked = await run_in_threadpool(_read, request)
        draw, lang = partial(_draw_sheet, linked, form), linked.view.lang
        return await self._sheets.answer(request, f"{form} {linked.key()}", draw, media=_TYPES[form], lang=lang)

    async def small_map(self, request: Request) -> Response:
        """Answer a request for the small map of a built-in proposal."""
        proposal = request.path_params["proposal"]
        try:
            await run_in_threadpool(load_proposal, proposal)
        except UnknownIdError:
            return PlainTextResponse("no such proposal\n", 404, _TEXT)
        linked = await run_in_threadpool(_read, request)
        key, draw = f"/{proposal} {linked.key()}", partial(_draw_small_map, linked, proposal)
        return await self._small_maps.answer(request, key, draw, media=_TYPES["png"], lang=linked.view.lang)


def _read(request: Request) -> Linked:
    """Read the line, the units and the language of a query."""
    from mapcore.publish.first_answer import document  # noqa: PLC0415, not before there is a request

    wanted = {key: request.query_params[key] for key in ("control", "units", "lang") if key in request.query_params}
    return replace(document.reading(wanted), notices=())


def _draw_sheet(linked: Linked, form: str) -> Answer:
    from mapcore.publish import overview  # noqa: PLC0415, as above

    with speaking(linked.view.lang):
        return Answer(overview.draw_overview(linked.control, cast("OverviewFormat", form), units=linked.units))


def _draw_small_map(linked: Linked, proposal: str) -> Answer:
    from mapcore.publish import overview  # noqa: PLC0415, as above

    return Answer(overview.draw_small_map(proposal, linked.control))


def routes() -> list[BaseRoute]:
    """Return the routes of the sheet and of the small maps, under the base path."""
    overviews = Overviews()
    return [
        Route(under_base("/overview/{version}/{proposal}.png"), overviews.small_map, methods=["GET"]),
        Route(under_base("/overview/{version}.{form}"), overviews.sheet, methods=["GET"]),
    ]
