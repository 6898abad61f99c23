"""
The land on which two proposals differ as bands: from who holds it now, to what A, and to what B makes of it.

An SVG of our own, since Streamlit's HTML takes none: a screen reader finds its summary, a pointer each band's figures,
and the tables below it say the same.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from mapcore.analysis.compare import Comparison, Over, answer_columns, sum_changes
from mapcore.app.session import web_files
from mapcore.base.language import cached, mark, tr
from mapcore.base.schema import HOLDERS
from mapcore.measurement.ranges import Range
from mapcore.present import difference_classes, wording
from mapcore.present.wording import Units
from mapcore.proposals import viewer

_HELD_NOW: Final = {"ukraine": mark("Held by Ukraine now"), "russia": mark("Held by Russia now")}
#: Measures of the picture in its own units: left edges of the three columns of bars, and so on.
_LEFT: Final = (0, 330, 760)
_BAR, _TOP, _TALL, _GAP, _WIDTH = 13, 62, 290, 46, 1040
_GREY: Final = "#8a8f94"


@dataclass
class _Node:
    """A bar: what it stands for, how much land, where it is, and how much of its two sides is taken by bands."""

    words: str
    size: Range
    top: float
    tall: float
    taken_left: float = 0.0
    taken_right: float = 0.0


_shown = st.components.v2.component(
    "mapcore_flows",
    html="<figure tabindex='0'></figure>",
    css=web_files.text("flows.css"),
    js=web_files.text("picture.js"),
)


def draw(comparison: Comparison, over: Over, units: Units, *, dark: bool) -> None:
    """Draw the picture of what differs over a question, or say that there is nothing to draw."""
    if difference_classes.totals(comparison, over)[0].value:
        _shown(key="flows", data={"picture": picture(comparison, units, dark=dark, over=over)})
    else:
        st.caption(tr("A and B give each piece of land the same answers, so there is nothing to draw."))


@cached(maxsize=64)
def picture(comparison: Comparison, units: Units, *, dark: bool, over: Over = "all") -> str:
    """Return the picture as SVG; heights are areas, and bands to B have the colours of the difference map."""
    scale = _TALL / difference_classes.totals(comparison, over)[0].value
    keys = ("held_by", *answer_columns(over))
    columns = [_column(comparison, key, over, scale) for key in keys]
    hues = {(change.a, change.b): change.fill.hue(dark=dark) for change in difference_classes.classes(comparison, over)}
    bands = [
        _band(left, columns[left][source], columns[left + 1][target], size, scale, units, hue)
        for left in (0, 1)
        for source, target, size in _flows(comparison, keys[left : left + 2], over, columns[left : left + 2])
        for hue in [hues[source, target] if left else _GREY]
    ]
    bars = [_bar(left, node, units) for left, column in enumerate(columns) for node in column.values()]
    tall = max(node.top + node.tall for column in columns for node in column.values()) + 8
    return (
        f'<svg viewBox="0 0 {_WIDTH} {tall:.0f}" role="img" aria-label="{html.escape(_spoken(columns, units))}">'
        f"{''.join(bands)}{_heads(comparison)}{''.join(bars)}</svg>"
    )


def _spoken(columns: list[dict[str, _Node]], units: Units) -> str:
    under = ((tr("{status} under A: {area}"), columns[1]), (tr("{status} under B: {area}"), columns[2]))
    flows = "; ".join(
        sentence.format(status=node.words, area=wording.figure_text(node.size, units))
        for sentence, column in under
        for node in column.values()
    )
    return tr("What happens to the land on which A and B differ. {flows}. The tables below give each.").format(
        flows=flows
    )


def _column(comparison: Comparison, key: str, over: Over, scale: float) -> dict[str, _Node]:
    """Return the bars of one column from top to bottom, what Ukraine holds now first, so that few bands cross."""
    rows = sum_changes(comparison, (key,), over=over)
    sizes = {str(row[0]): Range(*row[1:]) for row in rows.itertuples(index=False)}
    order: list[str] = [*HOLDERS] if key == "held_by" else difference_classes.order_of(over)
    by = list(dict.fromkeys(("held_by", key)))
    held = sum_changes(comparison, by, over=over)
    ukraine = {row[len(by) - 1]: row[len(by)] for row in held.itertuples(index=False) if row[0] == "ukraine"}
    column, top = {}, float(_TOP)
    for name in sorted(sizes, key=lambda name: (-ukraine.get(name, 0.0) / sizes[name].value, order.index(name))):
        words = tr(_HELD_NOW[name]) if key == "held_by" else difference_classes.words_of(over, name)
        column[name] = _Node(words, sizes[name], top, max(1.5, sizes[name].value * scale))
        top += column[name].tall + _GAP
    return column


def _flows(
    comparison: Comparison, keys: Sequence[str], over: Over, columns: Sequence[dict[str, _Node]]
) -> list[tuple[str, str, Range]]:
    """Return the bands from a column to the next in the order in which they leave it, so that few cross."""
    rows = sum_changes(comparison, keys, over=over)
    before, after = map(list, columns)
    flows = [(str(row[0]), str(row[1]), Range(*row[2:])) for row in rows.itertuples(index=False)]
    return sorted(flows, key=lambda flow: (before.index(flow[0]), after.index(flow[1])))


def _band(left: int, source: _Node, target: _Node, size: Range, scale: float, units: Units, hue: str) -> str:
    tall = max(1.0, size.value * scale)
    out, into = source.top + source.taken_right, target.top + target.taken_left
    source.taken_right += tall
    target.taken_left += tall
    x0, x1 = _LEFT[left] + _BAR, _LEFT[left + 1]
    middle = (x0 + x1) / 2
    title = html.escape(f"{source.words} → {target.words}: {wording.figure_text(size, units)}")
    return (
        f'<path fill="{hue}" fill-opacity="{0.34 if left == 0 else 0.92}" d="M{x0} {out:.1f}C{middle} {out:.1f} '
        f"{middle} {into:.1f} {x1} {into:.1f}V{into + tall:.1f}C{middle} {into + tall:.1f} {middle} {out + tall:.1f} "
        f'{x0} {out + tall:.1f}Z"><title>{title}</title></path>'
    )


def _bar(left: int, node: _Node, units: Units) -> str:
    """Draw a bar with its words above it."""
    x = _LEFT[left]
    return (
        f'<rect x="{x}" y="{node.top:.1f}" width="{_BAR}" height="{node.tall:.1f}" fill="currentColor"/>'
        f'<text x="{x}" y="{node.top - 20:.1f}">{html.escape(node.words)}</text>'
        f'<text class="size" x="{x}" y="{node.top - 5:.1f}">{wording.figure_text(node.size, units)}</text>'
    )


def _heads(comparison: Comparison) -> str:
    heads = (tr("Now"), f"A: {viewer.title_of(comparison.a.proposal)}", f"B: {viewer.title_of(comparison.b.proposal)}")
    return "".join(
        f'<text class="head" x="{x}" y="16">{html.escape(head)}</text>' for x, head in zip(_LEFT, heads, strict=True)
    )
