"""
`/card/<data version>.png`: the picture that a messenger or a search engine shows beside a link.

It takes the query of a link and reads it as the page does: a messenger shows no sentence and asks only once, so what
is wrong in a query gives the default card and no refusal. One card is drawn at a time, beside the event loop; the last
ones are kept within the budget that all remembered values share, a viewer's own proposal among none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from mapcore.app.server.addresses import under_base
from mapcore.app.server.api_answers import Answer
from mapcore.app.server.api_limits import Desk, Limits
from mapcore.app.server.api_resources import RefusedError
from mapcore.app.server.packing import Packed
from mapcore.base.shelves import Shelf
from mapcore.base.sources import data_version

if TYPE_CHECKING:
    from starlette.requests import Request

    from mapcore.publish.first_answer.linked_view import Linked

#: A card of 0.2 MB takes a second to draw.
_MOST_KEPT: Final = 200
_TYPE: Final = "image/png"
#: Under an address with the version of the data that it was drawn from; a day later it may have another look.
_LASTING: Final = "public, max-age=86400, stale-while-revalidate=604800"
_PASSING: Final = "public, max-age=300"
_PRIVATE: Final = "private, no-cache"


class Cards:
    """Draws cards, one at a time, and keeps the last ones."""

    def __init__(self) -> None:
        self._kept = Shelf(_MOST_KEPT)
        self._desk = Desk(Limits(at_once=1))

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        linked, key = await run_in_threadpool(_read, dict(request.query_params))
        own = bool(linked.view.viewers_proposal)
        card = self._kept.find(key, None)
        if card is None:
            try:
                told = await self._desk.answer(key, partial(_draw, linked), media=_TYPE, cache=_PASSING, keep=False)
            except RefusedError as refusal:
                headers = {"Retry-After": str(refusal.wait_s), "Cache-Control": "no-store"}
                return PlainTextResponse(f"{str(refusal).removeprefix(': ')}\n", refusal.status, headers)
            card = told.packed.body
            if not own:
                self._kept.put(key, card)
        current = request.path_params["version"] == data_version()
        lasting = _PRIVATE if own else _LASTING if current else _PASSING
        return await Packed(card, _TYPE, lasting).answer(request.headers, {"Content-Language": linked.view.lang})


def _read(query: Mapping[str, str]) -> tuple[Linked, str]:
    from mapcore.publish.first_answer import card_of_link, document  # noqa: PLC0415, not before there is a link

    linked = card_of_link.settled(document.reading(query))
    return linked, linked.key()


def _draw(linked: Linked) -> Answer:
    from mapcore.publish.first_answer import card_of_link  # noqa: PLC0415, as above

    return Answer(card_of_link.draw(linked))


def warm() -> None:
    """Draw the plain link's card: the first one has typefaces read and shapes made that all others share."""
    _draw(_read({})[0])


def routes() -> list[BaseRoute]:
    """Return the route of the cards, under the base path."""
    return [Route(under_base("/card/{version}.png"), Cards().answer, methods=["GET"])]
