"""The time axis of proposals and talks: a lane a kind, with a mark for each entry that leads to it on the page."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from mapcore.analysis.timeline import KINDS, Entry
from mapcore.base.language import date_text, mark, short_date_text, tr

#: What entries of a kind are called, several and one.
KIND_WORDS: Final = {
    "proposal": (mark("Proposals"), mark("Proposal")),
    "talks": (mark("Talks"), mark("Talks")),
    "statement": (mark("Statements"), mark("Statement")),
    "line": (mark("Along the line"), mark("Along the line")),
}
#: Who takes part.
ACTOR_WORDS: Final = {
    "ukraine": mark("Ukraine"),
    "russia": mark("Russia"),
    "united_states": mark("United States"),
    "europe": mark("Europe"),
}
#: Marks that one row has room for, each 24 pixels wide: on a wide page, and on a narrow one.
_MARKS: Final = 36
_NARROW_MARKS: Final = 10
#: Up to so many days each month has its name; over them every second one, which a phone has room for.
_SHORT_DAYS: Final = 120


def _at(day: date, first: date, last: date) -> str:
    return f"{100 * (day - first).days / (last - first).days:.2f}%"


def _rows(days: Sequence[date], gap_days: int) -> list[int]:
    """Return for each day, in order, the first row in which it is far enough from the one before for a finger."""
    last: list[date] = []
    rows = []
    for day in days:
        free = (row for row, before in enumerate(last) if (day - before).days >= gap_days)
        row = next(free, len(last))
        last[row : row + 1] = [day]
        rows.append(row)
    return rows


def axis(entries: Sequence[Entry], line: date) -> str:
    """Return one lane a kind with a link to each entry's element, over an axis of days with that of a line."""
    # A mark at either end has room on a phone.
    margin = timedelta(days=3 + (entries[-1].date - entries[0].date).days // 25)
    first, last = entries[0].date - margin, entries[-1].date + margin
    line_mark = f'<span class="rule-day" style="left:{_at(line, first, last)}"></span>' if first < line < last else ""
    lanes = []
    for kind in KINDS:
        own = [entry for entry in entries if entry.kind == kind]
        if not own:
            continue
        of_own = [entry.date for entry in own]
        wide, narrow = (_rows(of_own, -(-(last - first).days // marks)) for marks in (_MARKS, _NARROW_MARKS))
        dots = "".join(
            f'<a href="#event-{html.escape(entry.id)}" target="_self" '
            f'style="left:{_at(entry.date, first, last)};--wide:{row};--narrow:{narrow_row}" '
            f'title="{html.escape(label)}" aria-label="{html.escape(label)}"><i class="k-{kind}"></i></a>'
            for entry, row, narrow_row in zip(own, wide, narrow, strict=True)
            for label in [f"{short_date_text(entry.date, 'MMMMd')}: {tr(entry.title)}"]
        )
        rows = f"--wide:{max(wide) + 1};--narrow:{max(narrow) + 1}"
        name = html.escape(tr(KIND_WORDS[kind][0]))
        lanes.append(f'<span class="name">{name}</span><div class="lane" style="{rows}">{line_mark}{dots}</div>')
    days = [first + timedelta(days=step) for step in range((last - first).days)]
    ticks = "".join(
        f'<b style="left:{_at(day, first, last)}">{html.escape(short_date_text(day, "MMMd"))}</b>'
        for day in days
        if day.day == 1 and (day.month % 2 or len(days) < _SHORT_DAYS)
    )
    dashed = tr("Dashed: the date of the line of contact, {date}.").format(date=date_text(line))
    note = html.escape(dashed) if line_mark else ""
    return (
        f'<div class="axis-box">{"".join(lanes)}<span></span><div class="days" aria-hidden="true">{ticks}</div></div>'
        f'<p class="meta">{note}</p>'
    )
