"""How much the API does for strangers: answers at once, questions a minute, bytes that are kept."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final, cast

import anyio.to_thread

from mapcore.app.server.api_answers import Answer
from mapcore.app.server.api_resources import RefusedError
from mapcore.app.server.packing import Packed
from mapcore.base.language import tr
from mapcore.base.limits import positive_number
from mapcore.base.shelves import Shelf

_PER_MINUTE, _AT_ONCE, _KEPT = "MAPCORE_API_PER_MINUTE", "MAPCORE_API_AT_ONCE", "MAPCORE_API_KEPT_MB"
_MB: Final = 1_000_000
#: Questions that wait for their turn, for each that is being worked on.
_WAITING: Final = 8
#: Answers that are kept, however small they are.
_MOST_KEPT: Final = 500
#: Clients that are remembered.
_CLIENTS: Final = 10_000


@dataclass(frozen=True)
class Limits:
    """
    What the operator decided.

    Attributes
    ----------
    per_minute
        Questions of one client, a fifth of them at once.
    at_once
        Answers that are worked out at the same time.
    kept_mb
        Answers that are kept, in all forms of packing, in MB, of the budget that all remembered values share.
    """

    per_minute: float = 300.0
    at_once: float = 2.0
    kept_mb: float = 32.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Limits:
        """
        Return the limits, moved by ``MAPCORE_API_PER_MINUTE``, ``MAPCORE_API_AT_ONCE`` and ``MAPCORE_API_KEPT_MB``.

        Raises
        ------
        ParameterError
            If such a variable is no positive number.
        """
        variables = os.environ if environment is None else environment
        return cls(
            positive_number(_PER_MINUTE, variables, cls.per_minute),
            positive_number(_AT_ONCE, variables, cls.at_once),
            positive_number(_KEPT, variables, cls.kept_mb),
        )

    @property
    def burst(self) -> int:
        """How many questions of one client are answered at once before it has to wait."""
        return max(1, int(self.per_minute / 5))


@dataclass(frozen=True)
class Kept:
    """An answer as it is sent; of a list that is given in parts, how many there are in all."""

    packed: Packed
    total: int | None


class Turns:
    """
    How often each client may ask: a bucket that fills at a steady rate and is emptied by a question each.

    A client is an address, of IPv6 the network of 64 bits that one customer has.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._every_s = 60 / limits.per_minute
        self._reserve_s = limits.burst * self._every_s
        self._clock = clock
        #: For each client when its bucket will be full again; those not heard of for longest go first.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, address: str) -> int:
        """Take a turn of a client; return 0, or the seconds after which there will be one."""
        client, now = _client(address), self._clock()
        full_at = max(now, self._full_at.get(client, now)) + self._every_s
        if full_at - now > self._reserve_s + 1e-9:
            return math.ceil(full_at - now - self._reserve_s)
        self._full_at[client] = full_at
        self._full_at.move_to_end(client)
        if len(self._full_at) > _CLIENTS:
            self._full_at.popitem(last=False)
        return 0


def _client(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


class Desk:
    """
    Has answers worked out in threads beside the event loop, and keeps the last ones.

    Who asks what is being worked out already waits for the same answer.
    """

    def __init__(self, limits: Limits) -> None:
        self._at_once = max(1, int(limits.at_once))
        self.kept = Shelf(_MOST_KEPT, most_bytes=limits.kept_mb * _MB, weigh=lambda _, kept: kept.packed.size)
        self._limiter: anyio.CapacityLimiter | None = None
        self._coming: dict[Hashable, asyncio.Task[Answer]] = {}

    async def answer(
        self, key: Hashable, work: Callable[[], Answer], *, media: str, cache: str, keep: bool = True
    ) -> Kept:
        """
        Return the answer that is kept under a key, or have it worked out.

        Parameters
        ----------
        media, cache
            Its type, and how long it may be kept, as the headers say it.
        keep
            Whether it is for everybody.

        Raises
        ------
        RefusedError
            With 503 if too many others wait already.
        """
        known: Kept | None = self.kept.find(key, None)
        if known is not None:
            return known
        if key not in self._coming:
            if len(self._coming) >= self._at_once * (1 + _WAITING):
                raise RefusedError(
                    503, "", tr("this server has as many questions as it can answer"), tr("ask again soon"), wait_s=5
                )
            self._coming[key] = asyncio.create_task(self._worked_out(key, work))
        # Who goes away does not stop what others wait for.
        found = await asyncio.shield(self._coming[key])
        answer = Kept(Packed(found.content, media, cache), found.total)
        return cast("Kept", self.kept.put(key, answer)) if keep else answer

    async def _worked_out(self, key: Hashable, work: Callable[[], Answer]) -> Answer:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self._at_once)
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        finally:
            del self._coming[key]
