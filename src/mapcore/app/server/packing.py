"""
A body that does not change, answered as each reader takes it: with Brotli, with gzip, or as it is.

Each form is made once and kept, so that an answer costs a look-up. Not for what belongs to one visitor: whoever knows
the address may read it, and proxies keep it.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mapcore.app.server import disk_cache

if TYPE_CHECKING:
    from starlette.datastructures import Headers

Coding: TypeAlias = Literal["br", "gzip", "identity"]
#: For what has a sum of its content in its address.
IMMUTABLE: Final = "public, max-age=31536000, immutable"
#: Of Brotli: a few ms for a script, and 8 % less of it for twenty times as long.
_QUICK, _TIGHT = 5, 10
#: What is packed in itself.
_PACKED: Final = ("font/", "image/jpeg", "image/png", "image/webp")
#: A smaller body fits into the packets that its headers need.
_SMALL: Final = 500


class Packed:
    """
    A body with its type, and how long it may be kept.

    Parameters
    ----------
    body
        As it is when nothing is packed.
    media_type
        Such as ``application/json``; ``charset=utf-8`` is added to text.
    cache_control
        The header of that name.
    """

    def __init__(self, body: bytes, media_type: str, cache_control: str = IMMUTABLE) -> None:
        self.media_type, self.cache_control = media_type, cache_control
        #: A sum of the body, the same on every server, as is its address where it is made of this.
        self.sum: Final = hashlib.sha256(body).hexdigest()[:20]
        self._forms: dict[Coding, bytes] = {"identity": body}
        self._packing = threading.Lock()

    @property
    def body(self) -> bytes:
        """The body as it is."""
        return self._forms["identity"]

    @property
    def size(self) -> int:
        """Bytes in memory, in all forms that were asked for."""
        return sum(map(len, list(self._forms.values())))

    def form(self, coding: Coding) -> bytes:
        """Return the body in one form; it is made where it was not asked for before."""
        with self._packing:
            if coding not in self._forms:
                quick = (
                    brotli.compress(self.body, quality=_QUICK)
                    if coding == "br"
                    else gzip.compress(self.body, 6, mtime=0)
                )
                self._forms[coding] = quick
            return self._forms[coding]

    def tighten(self) -> None:
        """Pack with Brotli as small as it gets, which takes half a second for 1 MB; for what every visitor loads."""
        recipe = f"brotli {brotli.__version__} quality {_TIGHT}"
        tight = disk_cache.cached(recipe, self.body, lambda: brotli.compress(self.body, quality=_TIGHT))
        with self._packing:
            self._forms["br"] = tight

    async def answer(self, asked: Headers, extra: Mapping[str, str] | None = None) -> Response:
        """
        Return the answer to a request for it: GET or HEAD, of which the server leaves the body out.

        Parameters
        ----------
        asked
            Headers of the request: `Accept-Encoding` and `If-None-Match` are looked at. A part (`Range`) is not given,
            as HTTP allows.
        extra
            Headers that the answer has beside those of its own.
        """
        headers = {
            "ETag": f'W/"{self.sum}"',
            "Cache-Control": self.cache_control,
            "Vary": "Accept-Encoding",
            **(extra or {}),
        }
        if _is_known(self.sum, asked.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        plain = len(self.body) < _SMALL or self.media_type.startswith(_PACKED)
        coding = "identity" if plain else accepted(asked.get("accept-encoding", ""))
        body = self._forms.get(coding)
        if body is None:
            body = await run_in_threadpool(self.form, coding)
        if coding != "identity":
            headers["Content-Encoding"] = coding
        return Response(body, headers=headers, media_type=self.media_type)


def _is_known(content_sum: str, if_none_match: str) -> bool:
    """Whether the reader has it; entity tags are compared weakly (RFC 9110, 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or f'"{content_sum}"' in tags


def accepted(accept_encoding: str) -> Coding:
    """Return the best form that an ``Accept-Encoding`` takes (RFC 9110, 12.5.3); one that is not weighed weighs 1."""
    weights: dict[str, float] = {}
    for coding in accept_encoding.lower().split(","):
        name, _, parameter = coding.partition(";")
        weights[name.strip()] = _weight(parameter.strip())
    others = weights.get("*", 0.0)
    found: Coding
    for found in ("br", "gzip"):
        if weights.get(found, others) > 0:
            return found
    return "identity"


def _weight(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q=")) if parameter else 1.0
    except ValueError:
        return 0.0
