"""A chart of runs over dates as SVG, drawn for wide and for narrow pages; a table beside it has its figures."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import streamlit as st

from mapcore.app.session import web_files
from mapcore.base.language import date_text, month_text

#: SVG has a component of its own, since Streamlit's HTML takes none.
_shown = st.components.v2.component(
    "mapcore_runs",
    html="<figure></figure>",
    css=web_files.text("runs.css"),
    js=web_files.text("picture.js"),
)
#: Dates up to which each has a mark with its value.
_MOST_MARKS: Final = 40
_STEPS: Final = (1, 2, 2.5, 5, 10)
_LINE: Final = 14


@dataclass(frozen=True)
class _Room:
    """The place of a chart: where its runs begin, how wide and high they are, and what room their names have."""

    kind: str
    left: int
    width: int
    height: int
    names: int
    ticks: int
    top: int = 14


_ROOMS: Final = (_Room("wide", 62, 620, 290, 150, 7), _Room("narrow", 52, 180, 240, 132, 3))


def show(picture: str, *, key: str) -> None:
    """Draw a chart."""
    _shown(key=key, data={"picture": picture})


def chart(
    runs: Mapping[str, Sequence[float]], days: Sequence[date], *, description: str, number: Callable[[float], str]
) -> str:
    """
    Return the chart.

    Parameters
    ----------
    runs
        Values for each of `days` by the run's name; the first run is the heavy one.
    description
        What the chart shows, for those who do not see it.
    number
        Writes a value.
    """
    return "".join(_drawn(room, runs, days, description, number) for room in _ROOMS)


def scale(least: float, most: float, *, ticks: int = 5) -> list[float]:
    """Return round values, evenly apart, from at most `least` to at least `most`, zero among them."""
    low, high = min(least, 0.0), max(most, 0.0)
    rough = max(high - low, 1e-9) / ticks
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * unit for factor in _STEPS if factor * unit >= rough * 0.999)
    return [step * place for place in range(math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9) + 1)]


def month_starts(days: Sequence[date], *, most: int) -> list[date]:
    """Return at most so many first days of months between the first and the last date, evenly apart."""
    first, last = days[0], days[-1]
    months = [first.replace(day=1)]
    while months[-1] <= last:
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    for apart in (1, 2, 3, 6, 12, 24, 60, 120):
        ticked = [
            start for start in months if first <= start <= last and (start.year * 12 + start.month - 1) % apart == 0
        ]
        if len(ticked) <= most:
            return ticked
    return []


def _drawn(
    room: _Room,
    runs: Mapping[str, Sequence[float]],
    days: Sequence[date],
    description: str,
    number: Callable[[float], str],
) -> str:
    values = [value for run in runs.values() for value in run]
    ticks = scale(min(values), max(values))
    bottom, length = room.top + room.height, (days[-1] - days[0]).days or 1

    def x(when: date) -> float:
        return room.left + room.width * (when - days[0]).days / length

    def y(value: float) -> float:
        return room.top + room.height * (ticks[-1] - value) / ((ticks[-1] - ticks[0]) or 1)

    drawn = [
        f'<line class="{"zero" if tick == 0 else "grid"}" x1="{room.left}" x2="{room.left + room.width}" '
        f'y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        f'<text x="{room.left - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{html.escape(number(tick))}</text>'
        for tick in ticks
    ]
    drawn += [_tick(x(when), bottom, words) for when, words in _ticks(days, most=room.ticks)]
    ends = _spread([y(run[-1]) + 4 for run in runs.values()], bottom)
    for index, (name, run) in enumerate(runs.items()):
        drawn.append(_run(name, run, days, (x, y), number, first=index == 0))
        drawn.append(_name(name, room, y(run[-1]), ends[index], first=index == 0))
    size = f"0 0 {room.left + room.width + room.names} {bottom + 26}"
    label = html.escape(description)
    return f'<svg class="{room.kind}" viewBox="{size}" role="img" aria-label="{label}">{"".join(drawn)}</svg>'


def _ticks(days: Sequence[date], *, most: int) -> list[tuple[date, str]]:
    """Return the dates that the axis names: starts of months, or both ends where there are too few of these."""
    months = month_starts(days, most=most)
    if len(months) > 1:
        return [(when, month_text(when)) for when in months]
    return [(when, date_text(when)) for when in dict.fromkeys((days[0], days[-1]))]


def _tick(x: float, bottom: float, words: str) -> str:
    return (
        f'<line class="zero" x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 5}"/>'
        f'<text x="{x:.1f}" y="{bottom + 19}" text-anchor="middle">{html.escape(words)}</text>'
    )


def _run(
    name: str,
    run: Sequence[float],
    days: Sequence[date],
    place: tuple[Callable[[date], float], Callable[[float], float]],
    number: Callable[[float], str],
    *,
    first: bool,
) -> str:
    x, y = place
    points = " ".join(f"{x(when):.1f},{y(value):.1f}" for when, value in zip(days, run, strict=True))
    marks = "".join(
        f'<circle cx="{x(when):.1f}" cy="{y(value):.1f}" r="{3 if first else 2.2}"><title>'
        f"{html.escape(f'{name}, {date_text(when)}: {number(value)}')}</title></circle>"
        for when, value in zip(days, run, strict=True)
        if len(days) <= _MOST_MARKS
    )
    return f'<polyline class="run{" first" if first else ""}" points="{points}"/>{marks}'


def _name(name: str, room: _Room, end: float, placed: float, *, first: bool) -> str:
    """Write a run's name at its end, or near it with a line to it where others stand there too."""
    right = room.left + room.width
    leader = f'<line class="leader" x1="{right + 4}" x2="{right + 13}" y1="{end:.1f}" y2="{placed - 4:.1f}"/>'
    kind = ' class="first"' if first else ""
    return f'{leader}<text{kind} x="{right + 16}" y="{placed:.1f}">{html.escape(name)}</text>'


def _spread(heights: Sequence[float], bottom: float) -> list[float]:
    """Move heights of names apart, in their order from the top, and keep them above the bottom."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    placed, last = list(heights), -math.inf
    for index in order:
        last = placed[index] = max(heights[index], last + _LINE)
    limit = bottom + 6.0
    for index in reversed(order):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - _LINE
    return placed
