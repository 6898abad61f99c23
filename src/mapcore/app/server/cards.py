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
from starlette.routing import BaseRoute, Route

from mapcore.app.server.addresses import under_base
from mapcore.app.server.api_answers import Answer
from mapcore.app.server.kept_pictures import KeptPictures
from mapcore.base.shelves import Shelf

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from mapcore.publish.first_answer.linked_view import Linked

#: A card of 0.2 MB takes a second to draw.
_MOST_KEPT: Final = 200
_TYPE: Final = "image/png"


class Cards:
    """Draws cards, one at a time, and keeps the last ones."""

    def __init__(self) -> None:
        self._pictures = KeptPictures(Shelf(_MOST_KEPT), at_once=1)

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        linked, key = await run_in_threadpool(_read, dict(request.query_params))
        own = bool(linked.view.viewers_proposal)
        draw = partial(_draw, linked)
        return await self._pictures.answer(request, key, draw, media=_TYPE, lang=linked.view.lang, private=own)


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
