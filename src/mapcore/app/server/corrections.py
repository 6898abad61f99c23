"""`/corrections.atom`, the feed of corrections, in the language of `lang`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from mapcore.app.server import base_address
from mapcore.app.server.addresses import under_base
from mapcore.app.server.packing import Packed
from mapcore.base.language import DEFAULT_LANGUAGE, languages, speaking
from mapcore.base.shelves import Shelf

if TYPE_CHECKING:
    from starlette.requests import Request

_AN_HOUR: Final = "public, max-age=3600"
_FOR_EVERY_SITE: Final = {"Access-Control-Allow-Origin": "*"}
#: Addresses at which readers find the server whose feeds are kept; a request can make one up.
_MOST_KEPT: Final = 8


class Feeds:
    """Answers with the feed, written once for each address and language."""

    def __init__(self) -> None:
        self._base = base_address.at_start()
        self._kept = Shelf(_MOST_KEPT)

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        asked = request.query_params.get("lang", DEFAULT_LANGUAGE)
        lang = asked if asked in languages() else DEFAULT_LANGUAGE
        key = base_address.of_request(request, self._base), lang
        packed: Packed | None = self._kept.find(key, None)
        if packed is None:
            packed = cast("Packed", self._kept.put(key, await run_in_threadpool(_written, *key)))
        return await packed.answer(request.headers, _FOR_EVERY_SITE)


def _written(base: str, lang: str) -> Packed:
    from mapcore.publish.corrections_feed import MEDIA_TYPE, feed  # noqa: PLC0415, not before there is a question

    with speaking(lang):
        return Packed(feed(base), MEDIA_TYPE, _AN_HOUR)


def routes() -> list[BaseRoute]:
    """Return the route of the feed, under the base path."""
    return [Route(under_base("/corrections.atom"), Feeds().answer, methods=["GET"])]
