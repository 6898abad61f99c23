"""
What a switch costs the server, and how it bears a crowd: sessions that speak Streamlit's protocol, without a browser.

Four parts. *Opening*: sessions open the page, one after the other; processor time of each. *A switch*: one session of
an empty Streamlit app with default settings and one of the dashboard choose one proposal after the other in turn;
processor time of each server over all switches, and bytes sent, none of them for a proposal that the browser still
has. *A crowd*: sessions that switch every five seconds, each from its own moment on, on one process; the time from
the choice to the end of its run, against that of one session. *Half an hour*, with `--minutes`: a crowd that also
moves through dates and opens proposals of its own, each another one; resident memory after the first sixth of that
time, at the end, and when all have left.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from servers import DASHBOARD, EMPTY, Server, served
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from mapcore import load_proposal, load_proposals
from mapcore.proposals import viewer

#: What the goals of the project allow.
MOST_CPU, MOST_KB, MOST_P95, MOST_GROWTH_MB = 0.6, 40.0, 3.0, 60.0
EVERY_S = 5.0
#: A session that has left ends after this many seconds here.
TTL_S = 10
#: The key of the dashboard's list of proposals.
_CHOOSER = "choose_proposal"


@dataclass
class Session:
    """One browser's worth of protocol: what it was shown, what its widgets hold, what it has received."""

    socket: ClientConnection
    query: str = ""
    widgets: dict[str, WidgetState] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    #: The id of the dashboard's header, where it says that the page is but its first screen.
    held_back: str = ""
    #: Messages that it keeps, by their sums, with the run in which each was heard or named last; see Streamlit's
    #: `global.maxCachedMessageAge`.
    known: dict[str, int] = field(default_factory=dict)
    runs: int = 0
    most_age: int = 0
    errors: list[str] = field(default_factory=list)
    received: int = 0

    async def run(self, pressed: WidgetState | None = None, *, navigates: bool = False, most: float = 120) -> float:
        """
        Have the page run, with a button pressed if one is given; return the seconds until the run has ended.

        After `most` seconds the viewer goes on: what they do next has the server leave this run.
        """
        ask = BackMsg()
        ask.rerun_script.query_string = self.query
        ask.rerun_script.is_history_navigation = navigates
        ask.rerun_script.cached_message_hashes.extend(self.known)
        ask.rerun_script.widget_states.widgets.extend([*self.widgets.values(), *([pressed] if pressed else [])])
        began = time.perf_counter()
        await self.socket.send(ask.SerializeToString())
        while True:
            try:
                content = await asyncio.wait_for(self.socket.recv(), most - (time.perf_counter() - began))
            except TimeoutError:
                return time.perf_counter() - began
            message = ForwardMsg()
            message.ParseFromString(content)
            self.received += len(content)
            self._hear(message)
            if message.WhichOneof("type") == "script_finished":
                self.runs += 1
                self.known = {key: run for key, run in self.known.items() if self.runs - run <= self.most_age}
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    self.errors.append(f"a run ended with {message.script_finished}")
                return time.perf_counter() - began

    def _hear(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "ref_hash":
            self.known[message.ref_hash] = self.runs
        elif message.metadata.cacheable:
            self.known[message.hash] = self.runs
        if message.WhichOneof("type") == "new_session":
            self.most_age = message.new_session.config.max_cached_message_age
        elif message.WhichOneof("type") == "page_info_changed":
            self.query = message.page_info_changed.query_string
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.message)
        elif kind == "button_group":
            self.options[element.button_group.id] = [one.content for one in element.button_group.options]
        elif kind == "bidi_component" and element.bidi_component.id.endswith(f"-{_CHOOSER}"):
            groups = json.loads(element.bidi_component.json)["groups"]
            self.options[element.bidi_component.id] = list({one: None for _, group in groups for one, _ in group})
        elif kind == "bidi_component" and element.bidi_component.id.endswith("-head"):
            head = element.bidi_component
            self.held_back = head.id if json.loads(head.json)["holdsBack"] else ""
        elif kind == "button" and not element.button.disabled:
            self.options[element.button.id] = []

    def named(self, key: str) -> str:
        """Return the id of the widget with a key of the app's."""
        return next((one for one in reversed(self.options) if one.endswith(f"-{key}")), "")

    async def choose(self, place: int) -> float:
        """Choose the proposal at a place among all: in the dashboard's list, or in the empty app's row of pills."""
        name = self.chooser()
        chosen = self.options[name][place % len(self.options[name])]
        if name.endswith(f"-{_CHOOSER}"):
            return await self.run(_event(name, "chosen", value=chosen))
        state = WidgetState(id=name)
        state.string_array_value.data.append(chosen)
        self.widgets[name] = state
        return await self.run()

    def chooser(self) -> str:
        """Return the id of what a proposal is chosen in."""
        return self.named(_CHOOSER) or self.named("proposal")

    async def step(self, key: str) -> float:
        """Press a button by its key; a page that does not have it runs once more."""
        name = self.named(key)
        return await self.run(WidgetState(id=name, trigger_value=True) if name else None)

    async def go(self, **query: str) -> float:
        """Go to another address of the page, as through the browser's history."""
        self.query, self.widgets = urlencode(query), {}
        return await self.run(navigates=True, most=EVERY_S)


def _event(component: str, event: str, *, value: str | bool) -> WidgetState:
    """Return what the browser reports when a component says something, by the id of the component."""
    told = json.dumps([{"event": event, "value": value}])
    return WidgetState(id=f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{component}__events", json_trigger_value=told)


async def opened(server: Server, **query: str) -> Session:
    """Open a page and wait until it stands."""
    address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
    # Browsers send no pings; a server that is busy for 20 s would lose the session here and not there.
    socket = await connect(
        address, subprotocols=[Subprotocol("streamlit")], max_size=None, proxy=None, ping_interval=None
    )
    session = Session(socket, urlencode(query))
    await session.run()
    if session.held_back:
        # The browser has the first screen, and asks for the rest.
        await session.run(_event(session.held_back, "whole", value=True))
    return session


@dataclass
class Cost:
    """What the switches of one app cost."""

    cpu_s: float = 0.0
    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def line(self, name: str) -> str:
        """Return the row of the table."""
        return (
            f"{name:10}{self.cpu_s / len(self.times) * 1e3:14.1f}{statistics.median(self.times) * 1e3:16.0f}"
            f"{statistics.mean(self.sizes) / 1e3:14.1f}"
        )


async def openings(server: Server, count: int = 20) -> float:
    """Open the page so many times; return the processor time of one opening, in ms, without its files."""
    before = server.cpu_s()
    sessions = [await opened(server) for _ in range(count)]
    cost = (server.cpu_s() - before) / count * 1e3
    for session in sessions:
        await session.socket.close()
    _raise_on(sessions)
    return cost


async def switches(apps: dict[str, Server], rounds: int) -> dict[str, Cost]:
    """Switch in one session of each app, a round in each in turn; the first two warm up."""
    sessions = {name: await opened(server) for name, server in apps.items()}
    costs = {name: Cost() for name in apps}
    for round_ in range(rounds + 2):
        for name, session in sessions.items():
            await asyncio.sleep(1.5)
            before = apps[name].cpu_s()
            for place in range(len(session.options[session.chooser()])):
                heard = session.received
                took = await session.choose(place)
                await asyncio.sleep(0.25)
                if round_ >= 2:
                    costs[name].times.append(took)
                    costs[name].sizes.append(session.received - heard)
            if round_ >= 2:
                costs[name].cpu_s += apps[name].cpu_s() - before
    for session in sessions.values():
        await session.socket.close()
    _raise_on(list(sessions.values()))
    return costs


def _raise_on(sessions: list[Session]) -> None:
    errors = [error for session in sessions for error in session.errors]
    if errors:
        raise SystemExit(f"{len(errors)} errors, such as: {errors[0]}")


async def crowd(
    server: Server, size: int, seconds: float, act: Callable[[Session, random.Random], Awaitable[float]]
) -> list[float]:
    """Let so many sessions act every `EVERY_S` for a while; return how long each act took, in s, or raise."""
    chance = random.Random(1)  # noqa: S311, the same course each time
    sessions = [await opened(server) for _ in range(size)]
    times: list[float] = []
    ends = time.perf_counter() + seconds

    async def live(session: Session, its: random.Random, start: float) -> None:
        await asyncio.sleep(start)
        due = time.perf_counter()
        while due < ends:
            times.append(await act(session, its))
            due = max(due + EVERY_S, time.perf_counter())
            await asyncio.sleep(due - time.perf_counter())

    await asyncio.gather(*(live(one, random.Random(chance.random()), chance.uniform(0, EVERY_S)) for one in sessions))  # noqa: S311
    for session in sessions:
        await session.socket.close()
    _raise_on(sessions)
    return times


async def switch(session: Session, chance: random.Random) -> float:
    """Choose another proposal."""
    return await session.choose(chance.randrange(100))


async def work(session: Session, chance: random.Random) -> float:
    """Choose a proposal, move through dates, or open a proposal of one's own that nobody has had before."""
    kind = chance.random()
    if kind < 0.6:
        return await session.choose(chance.randrange(100))
    if kind < 0.95:
        return await session.step(chance.choice(["line_later", "line_earlier"]))
    return await session.go(proposal=viewer.LINK_ID, own=own(chance))


def own(chance: random.Random) -> str:
    """Return a proposal of one's own as a link has it: the rules of one that ships, with a buffer of some depth."""
    base = chance.choice(list(load_proposals()))
    drawn = viewer.start_from(base, date(2026, 1, 1))
    buffer = next(rule for rule in load_proposal("donetsk-narrow-buffer").rules if rule.within_km)
    wide = replace(buffer, clause="", note="", within_km=round(chance.uniform(1, 60), 3))
    return viewer.pack(replace(drawn, rules=(wide, *drawn.rules)))


def percentile(times: list[float], share: float) -> float:
    """Return the time that a share of all stays under."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


async def measured(options: argparse.Namespace) -> int:
    """Run the parts that are asked for, and print their tables; 1 where a goal is missed."""
    missed = 0

    def verdict(words: str, value: float, most: float) -> None:
        nonlocal missed
        missed |= value > most
        print(f"{words}: {value:.2f} (at most {most:g}){'' if value <= most else '  MISSED'}", flush=True)

    with served(EMPTY) as empty, served(DASHBOARD, "--server.disconnectedSessionTTL", str(TTL_S)) as dashboard:
        dashboard.settle()
        print(f"CPU to open the page: empty {await openings(empty):.0f}, mapcore {await openings(dashboard):.0f} ms\n")
        costs = await switches({"empty": empty, "mapcore": dashboard}, options.rounds)
        print(f"{'app':10}{'CPU ms/switch':>14}{'p50 of one, ms':>16}{'kB a switch':>14}")
        for name, cost in costs.items():
            print(cost.line(name))
        per = {name: cost.cpu_s / len(cost.times) for name, cost in costs.items()}
        verdict("CPU a switch, times an empty app's", per["mapcore"] / per["empty"], MOST_CPU)
        verdict("kB a switch", statistics.mean(costs["mapcore"].sizes) / 1e3, MOST_KB)
        one = statistics.median(costs["mapcore"].times)
        if options.sessions:
            times = await crowd(dashboard, options.sessions, options.seconds, switch)
            p50, p95 = statistics.median(times), percentile(times, 0.95)
            print(f"\n{options.sessions} sessions, {len(times)} switches: p50 {p50 * 1e3:.0f}, p95 {p95 * 1e3:.0f} ms")
            verdict("p95, times the p50 of one session", p95 / one, MOST_P95)
        if options.minutes:
            await asyncio.sleep(TTL_S + 3)
            verdict("MB grown after the start", await grown(dashboard, options), MOST_GROWTH_MB)
    return missed


async def grown(server: Server, options: argparse.Namespace) -> float:
    """Let a crowd work, print its memory, and return by how many MB it grew after the first sixth of the time."""
    seen: list[float] = []

    async def watch() -> None:
        while True:
            seen.append(server.memory_mb())
            await asyncio.sleep(2)

    watching = asyncio.create_task(watch())
    times = await crowd(server, options.sessions or 100, options.minutes * 60, work)
    watching.cancel()
    early = max(seen[: max(1, len(seen) // 6)])
    last = statistics.median(seen[-5:])
    await asyncio.sleep(TTL_S + 8)
    print(f"\n{options.minutes:g} minutes, {len(times)} acts: p50 {statistics.median(times) * 1e3:.0f},", end=" ")
    print(f"p95 {percentile(times, 0.95) * 1e3:.0f} ms")
    print("MB at each tenth:", *(f"{seen[int(tenth * (len(seen) - 1) / 10)]:.0f}" for tenth in range(11)))
    print(f"MB after the first sixth {early:.0f}, at the end {last:.0f}, when all have left {server.memory_mb():.0f}")
    return last - early


def main() -> int:
    """Read what to measure, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=8, help="through all proposals in one session (default: 8)")
    parser.add_argument("--sessions", type=int, default=100, help="at once; 0 leaves them out (default: 100)")
    parser.add_argument("--seconds", type=float, default=60, help="that they switch (default: 60)")
    parser.add_argument("--minutes", type=float, default=0, help="of mixed work (default: none; the goal says 30)")
    return asyncio.run(measured(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
