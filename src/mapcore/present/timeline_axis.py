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
#: Days between two marks of one row, so that each is 24 pixels wide: on a wide page, and on a narrow one.
_GAP_DAYS: Final = 2
_NARROW_GAP_DAYS: Final = 4


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
    first, last = entries[0].date - timedelta(days=3), entries[-1].date + timedelta(days=2)
    line_mark = f'<span class="rule-day" style="left:{_at(line, first, last)}"></span>' if first < line < last else ""
    lanes = []
    for kind in KINDS:
        own = [entry for entry in entries if entry.kind == kind]
        wide, narrow = (_rows([entry.date for entry in own], gap) for gap in (_GAP_DAYS, _NARROW_GAP_DAYS))
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
        f'<b style="left:{_at(day, first, last)}">{short_date_text(day, "MMMd")}</b>'
        for day in days
        if day.day in {1, 10, 20}
    )
    dashed = tr("Dashed: the date of the line of contact, {date}.").format(date=date_text(line))
    note = html.escape(dashed) if line_mark else ""
    return (
        f'<div class="axis-box">{"".join(lanes)}<span></span><div class="days" aria-hidden="true">{ticks}</div></div>'
        f'<p class="meta">{note}</p>'
    )
