"""
What an answer by address costs the server: first answers to links, cards and data, kept and new.

Processor time of one server over many requests for the same address on one connection, and over addresses that nobody
has asked for before. Where a proxy before the server keeps them too, as nginx does by `deploy/`, it takes the kept ones
on itself.
"""

from __future__ import annotations

import http.client
import itertools
import os
import sys
import time
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from servers import DASHBOARD, Server, served

from mapcore import load_proposals

#: Requests for one address; and for addresses that are new, at most.
KEPT, NEW = 1000, 48


def links() -> Iterator[str]:
    """Yield the query of each proposal in each language and unit, and of each comparison."""
    names = [one.id for one in load_proposals()]
    for name, lang, units in itertools.product(names, ("en", "uk"), ("km2", "mi2")):
        yield f"proposal={name}&lang={lang}&units={units}"
    for first, second in itertools.permutations(names, 2):
        yield f"page=compare&proposal={first}&compare={second}"


def paths() -> dict[str, list[str]]:
    """Return addresses by what they answer; the first of each is the one that is asked for again and again."""
    found = list(links())[:NEW]
    version = "benchmark"
    return {
        "first answer": [f"/?{query}" for query in found],
        "card": [f"/card/{version}.png?{query}" for query in found],
        "areas.json": [f"/api/v1/areas.json?proposal={one.id}&lang=en" for one in load_proposals()],
        "zones.geojson": [f"/api/v1/zones.geojson?proposal={one.id}&lang=en" for one in load_proposals()],
    }


class Reader:
    """Asks one server on one connection, as browsers on the machine itself do."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.line = http.client.HTTPConnection(urlsplit(server.url).netloc)
        self.size = 0

    def cost_ms(self, addresses: Iterable[str]) -> float:
        """Ask for each address; return the server's processor time for one, in ms."""
        before, asked = self.server.cpu_s(), 0
        for address in addresses:
            self.line.request("GET", address, headers={"Accept-Encoding": "br"})
            answer = self.line.getresponse()
            self.size = len(answer.read())
            asked += 1
            if answer.status != 200:
                raise SystemExit(f"{address}: {answer.status}")
        return (self.server.cpu_s() - before) / asked * 1e3


def main() -> int:
    """Print the table."""
    os.environ["MAPCORE_API_PER_MINUTE"] = "1000000"
    with served(DASHBOARD) as server:
        server.settle()
        reader = Reader(server)
        print(f"{'':16}{'new, ms':>10}{'kept, ms':>10}{'a second and core':>20}{'kB':>8}")
        for name, addresses in paths().items():
            new = reader.cost_ms(addresses)
            kept = reader.cost_ms([addresses[0]] * KEPT)
            print(f"{name:16}{new:10.1f}{kept:10.2f}{1e3 / kept:20.0f}{reader.size / 1e3:8.1f}", flush=True)
            time.sleep(0.5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
