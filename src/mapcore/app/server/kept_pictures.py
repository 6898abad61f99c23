"""Pictures by address: drawn beside the event loop, so many at a time, kept, and answered as from a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse, Response

from mapcore.app.server.api_answers import Answer
from mapcore.app.server.api_limits import Desk, Limits
from mapcore.app.server.api_resources import RefusedError
from mapcore.app.server.packing import Packed
from mapcore.base.sources import data_version

if TYPE_CHECKING:
    from starlette.requests import Request

    from mapcore.base.shelves import Shelf

#: Under an address with the version of the data that it was drawn from; a day later its line is a day older.
_LASTING: Final = "public, max-age=86400, stale-while-revalidate=604800"
_PASSING: Final = "public, max-age=300"
_PRIVATE: Final = "private, no-cache"


class KeptPictures:
    """Answers with pictures, at most `at_once` of them drawn at a time; what it keeps lies on `kept`."""

    def __init__(self, kept: Shelf, *, at_once: int) -> None:
        self._kept = kept
        self._desk = Desk(Limits(at_once=at_once))

    async def answer(
        self, request: Request, key: str, draw: Callable[[], Answer], *, media: str, lang: str, private: bool = False
    ) -> Response:
        """
        Answer with the picture of that key, drawn where it is not kept; a private one is never kept.

        The address of the request has the version of the data as `version`. Where too many wait, 503 with the time to
        wait.
        """
        picture = self._kept.find(key, None)
        if picture is None:
            try:
                work = draw if private else partial(self._drawn, key, draw)
                answered = await self._desk.answer(key, work, media=media, cache=_PASSING, keep=False)
            except RefusedError as refusal:
                headers = {"Retry-After": str(refusal.wait_s), "Cache-Control": "no-store"}
                return PlainTextResponse(f"{str(refusal).removeprefix(': ')}\n", refusal.status, headers)
            picture = answered.packed.body
        current = request.path_params["version"] == data_version()
        cache = _PRIVATE if private else _LASTING if current else _PASSING
        return await Packed(picture, media, cache).answer(request.headers, {"Content-Language": lang})

    def _drawn(self, key: str, draw: Callable[[], Answer]) -> Answer:
        """Draw, and keep it before anyone can ask again."""
        answer = draw()
        self._kept.put(key, answer.content)
        return answer
