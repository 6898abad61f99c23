"""Dates as files and their names write them: which day is meant, and where two could be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

from babel import Locale

from mapcore.base import memory

Order = Literal["day first", "month first"]

_YEAR_FIRST: Final = re.compile(r"(?<!\d)(20\d\d)(?:([-/._ ])(\d\d?)\2(\d\d?)|(\d\d)(\d\d)(?:\d{4}|\d{6})?)(?!\d)")
_YEAR_LAST: Final = re.compile(r"(?<![\d.])(\d\d?)([-/._ ])(\d\d?)\2(20\d\d|\d\d)(?![\d.]*\d)")
_NAMED: Final = re.compile(r"(?<!\d)(\d\d?)(?:st|nd|rd|th)?[-._ ]*([^\W\d_]{3,})[-.,_ ]*(20\d\d)(?!\d)")
_NAMED_FIRST: Final = re.compile(r"([^\W\d_]{3,})[-._ ]*(\d\d?)(?:st|nd|rd|th)?[-.,_ ]+(20\d\d)(?!\d)")
#: Seconds and milliseconds since 1970 in the same years.
_SECONDS: Final = (946_684_800, 4_102_444_800)


@dataclass(frozen=True)
class Dated:
    """
    What a text says of a date.

    Attributes
    ----------
    day
        The date, where it is sure.
    other
        Where the first two numbers of a date may be day and month or the other way round, `day` is the date with the
        day first and this the one with the month first; None where there is one reading.
    order
        Which of the two stands first, where the text itself shows it, as 13/04/2025 does.
    """

    day: date
    other: date | None = None
    order: Order | None = None

    def settled(self, order: Order | None) -> date | None:
        """Return the date, if it is sure, or is by the order that other dates of the same file show."""
        if self.other is None:
            return self.day
        return None if order is None else self.day if order == "day first" else self.other


def read_date(value: object) -> Dated | None:
    """
    Read a date that stands at the start of a text, in any usual form, or a number of seconds since 1970.

    None for none, and for a text with several, such as a span of days.

    With dots between numbers the day stands first, as everywhere that dots are used.
    """
    text = str(value).strip()[:60]
    if re.fullmatch(r"\d{10}(\d{3})?(\.0*)?", text):
        return _since_1970(float(text))
    found = _found(text)
    return found[0][1] if found and found[0][0] == 0 and len({dated.day for _, dated in found}) == 1 else None


def dates_in(text: str) -> list[Dated]:
    """Return the different dates that stand in a text, such as the name of a file, in their order."""
    return list(dict.fromkeys(dated for _, dated in _found(text)))


def shown_order(dates: Iterable[Dated]) -> Order | None:
    """Return what stands first in dates of one file, where some show it and none contradicts."""
    orders = {dated.order for dated in dates if dated.order is not None}
    return orders.pop() if len(orders) == 1 else None


def _found(text: str) -> list[tuple[int, Dated]]:
    found: dict[int, Dated] = {}
    taken: list[tuple[int, int]] = []
    for pattern in (_YEAR_FIRST, _NAMED, _NAMED_FIRST, _YEAR_LAST):
        for match in pattern.finditer(text):
            dated = _dated(pattern, match)
            if dated is not None and not any(start < match.end() and match.start() < end for start, end in taken):
                found[match.start()] = dated
                taken.append(match.span())
    return sorted(found.items(), key=lambda pair: pair[0])


def _dated(pattern: re.Pattern[str], match: re.Match[str]) -> Dated | None:
    if pattern is _YEAR_FIRST:
        year, _, *numbers = match.groups()
        month, day = (digits for digits in numbers if digits is not None)
        return _sure(int(year), int(month), int(day))
    if pattern is _YEAR_LAST:
        first, sign, second, year = match.groups()
        if len(year) == 2 and sign != ".":
            return None
        return _either(int(first), int(second), int(year) % 100 + 2000, dotted=sign == ".")
    day, word, year = match.groups() if pattern is _NAMED else (match[2], match[1], match[3])
    number = _months().get(word.casefold())
    return None if number is None else _sure(int(year), number, int(day))


def _either(first: int, second: int, year: int, *, dotted: bool) -> Dated | None:
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if dotted or month_first is None:
        return None if day_first is None else Dated(day_first, None, None if dotted else "day first")
    if day_first is None:
        return Dated(month_first, None, "month first")
    return Dated(day_first, None if day_first == month_first else month_first)


def _sure(year: int, month: int, day: int) -> Dated | None:
    found = _day(year, month, day)
    return None if found is None else Dated(found)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _since_1970(number: float) -> Dated | None:
    seconds = number if number < _SECONDS[1] else number / 1000
    return Dated(datetime.fromtimestamp(seconds, UTC).date()) if _SECONDS[0] <= seconds < _SECONDS[1] else None


@memory.shared
def _months() -> dict[str, int]:
    """Return the names of months, in full and abbreviated, in the languages that such files are written in."""
    return {
        name.casefold().rstrip("."): number
        for code in ("en", "uk", "ru")
        for form in Locale(code).months.values()
        for width in ("wide", "abbreviated")
        for number, name in form[width].items()
    }
