"""
`/embed.js`, which sizes a frame of this server on another page, and `/oembed`, which says how a link is shown there.

oEmbed 1.0 (https://oembed.com): JSON alone; a link that is not to this server is not found.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from mapcore.app.server import base_address
from mapcore.app.server.addresses import under_base
from mapcore.app.server.api_answers import Answer, json_bytes
from mapcore.app.server.api_limits import Desk, Limits
from mapcore.app.server.api_resources import RefusedError
from mapcore.app.server.packing import Packed
from mapcore.base.data_files import WEB_DIR
from mapcore.base.language import DEFAULT_LANGUAGE, languages, speaking, tr

if TYPE_CHECKING:
    from starlette.requests import Request

_FOR_EVERY_SITE: Final = {"Access-Control-Allow-Origin": "*"}
_A_WHILE: Final = "public, max-age=3600"
#: In pixels: what a frame takes without the script, and the bounds of what a page may ask for.
_WIDTH, _HEIGHT = 660, 760
_LEAST: Final = 280
_CACHE_S: Final = 3600


class OEmbed:
    """Answers what a page is to show for a link."""

    def __init__(self) -> None:
        self._base = base_address.at_start()
        self._desk = Desk(Limits(at_once=1, kept_mb=2))

    async def answer(self, request: Request) -> Response:
        """Answer one request, and refuse in the language of the link."""
        link = request.query_params.get("url", "")
        lang = dict(parse_qsl(link.partition("?")[2])).get("lang")
        with speaking(lang if lang in languages() else DEFAULT_LANGUAGE):
            return await self._answer(request, link)

    async def _answer(self, request: Request, link: str) -> Response:
        asked = request.query_params
        if asked.get("format", "json") != "json":
            return _refusal(tr("There is JSON only; leave format out."), 501)
        if not link:
            return _refusal(tr("url: missing; give the whole address of a view of this server."), 400)
        try:
            width = _pixels(asked.get("maxwidth"), _WIDTH)
            height = _pixels(asked.get("maxheight"), _HEIGHT)
        except ValueError:
            sentence = tr("maxwidth, maxheight: write whole numbers of pixels from {least} on.")
            return _refusal(sentence.format(least=_LEAST), 400)
        base = base_address.of_request(request, self._base)
        from mapcore.publish import embed  # noqa: PLC0415, not before there is a link

        if not embed.is_of(link, base):
            return _refusal(tr("url: leads to no view of this server."), 404)
        own = "own=" in link
        try:
            answer = await self._desk.answer(
                (link, base, width, height),
                partial(_content, link, base, width, height),
                media="application/json",
                cache="private, no-cache" if own else _A_WHILE,
                keep=not own,
            )
        except RefusedError as refusal:
            return _refusal(str(refusal).removeprefix(": "), refusal.status, {"Retry-After": str(refusal.wait_s)})
        return await answer.packed.answer(request.headers, _FOR_EVERY_SITE)


def _pixels(text: str | None, most: int) -> int:
    if text is None:
        return most
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text) >= _LEAST):
        raise ValueError
    return min(most, int(text))


def _refusal(sentence: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(
        {"detail": sentence}, status, {**_FOR_EVERY_SITE, "Cache-Control": "no-store", **(headers or {})}
    )


def _content(link: str, base: str, width: int, height: int) -> Answer:
    from mapcore.publish import embed  # noqa: PLC0415, as above
    from mapcore.publish.card import SIZE  # noqa: PLC0415, as above
    from mapcore.publish.first_answer import card_of_link, document, head  # noqa: PLC0415, as above

    query = dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))
    linked = document.reading({key: text for key, text in query.items() if not key.startswith("embed")}, base)
    title = document.title(linked)
    content: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "mapcore",
        "provider_url": base,
        "title": title,
        "html": embed.snippet(head.address(linked), title),
        "width": width,
        "height": height,
        "thumbnail_url": base + card_of_link.address(linked),
        "thumbnail_width": SIZE[0],
        "thumbnail_height": SIZE[1],
        "cache_age": _CACHE_S,
    }
    return Answer(json_bytes(content))


def routes() -> list[BaseRoute]:
    """Return the routes of the script and of oEmbed, under the base path."""
    script = Packed((WEB_DIR / "embed" / "embed.js").read_bytes(), "text/javascript", _A_WHILE)

    async def script_answer(request: Request) -> Response:
        return await script.answer(request.headers, _FOR_EVERY_SITE)

    return [
        Route(under_base("/embed.js"), script_answer, methods=["GET"]),
        Route(under_base("/oembed"), OEmbed().answer, methods=["GET"]),
    ]
