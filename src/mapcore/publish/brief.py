"""
A sheet as a brief on one page of A4: map, legend, ledger, clauses, what is left open, sources.

Drawn with matplotlib, as the pictures are: the map stays a drawing of lines, and no second library has to be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mapcore.base.language import tr
from mapcore.present.wording import Units, clause_name
from mapcore.publish.citation import citation
from mapcore.publish.picture import heading, key_figures, legend
from mapcore.publish.print_layout import Paper, Press, wrapped
from mapcore.publish.print_map import Look, draw_map
from mapcore.publish.view_content import Sheet

#: A4, in points.
_PAGE: Final = (595.28, 841.89)
_EDGE: Final = 40.0
_MAP_HEIGHT: Final = 252.0
_GAP: Final = 18.0


@dataclass(frozen=True)
class _Group:
    """A list under its heading, and what is written of each item where there is no room for all."""

    head: str
    items: Sequence[str]
    shorter: Sequence[str] = ()


def draw_brief(sheet: Sheet, *, units: Units = "km2") -> bytes:
    """Return a sheet as a PDF of one page, always light; the same sheet, the same bytes."""
    with Press(*_PAGE, theme="light") as press:
        _compose(press.paper, sheet, units)
        return press.printed(
            "pdf",
            title=sheet.title,
            subject=sheet.about,
            rights=sheet.attribution,
            source=sheet.facts["link"],
        )


def _compose(paper: Paper, sheet: Sheet, units: Units) -> None:
    inner = paper.width - 2 * _EDGE
    y = heading(paper, sheet, _EDGE, _EDGE - 8, inner, (20.0, 17.5, 15.5, 13.0))
    y = paper.write(sheet.byline, _EDGE, y + 1, size=9.8, width=inner, most=3)
    y = paper.write(sheet.summary, _EDGE, y + 3, size=9.6, width=inner, most=4) + 1
    for sentence in filter(None, (sheet.viewers_mark, sheet.note)):
        y = paper.write(sentence, _EDGE, y, size=8.2, width=inner, most=3) + 1
    y += 5
    column = 158.0
    look = Look("light", units, words=6.2, focus=sheet.extent)
    draw_map(paper.panel(_EDGE, y, inner - column - 12, _MAP_HEIGHT), sheet, look)
    legend(paper, sheet, "light", paper.width - _EDGE - column, y, column, _MAP_HEIGHT)
    y += _MAP_HEIGHT + 5
    y = paper.write(sheet.line, _EDGE, y, size=7.6, width=inner, most=3) + 8
    foot = _foot(paper, sheet, inner)
    left = (inner - _GAP) * (0.5 if sheet.sides else 0.4)
    end = key_figures(paper, sheet, _EDGE, y, left, foot)
    cited = _Group(
        tr("Sources"),
        [f"{source.title}: {source.url}" for source in sheet.sources],
        [source.title for source in sheet.sources],
    )
    unspecified = _Group(tr("Not specified"), sheet.unspecified)
    _list(paper, _EDGE, end + 8, left, foot, [cited if sheet.sides else unspecified])
    groups = [
        _Group(
            tr("What the text says on territory"),
            [f"{clause_name(clause.id)}: {clause.text}" for clause in sheet.clauses],
        ),
        *([] if sheet.sides else [cited]),
        _Group(tr("How the map reads it"), sheet.readings),
        _Group(tr("What differs, by oblast"), sheet.changes),
    ]
    _list(paper, _EDGE + left + _GAP, y, inner - left - _GAP, foot, groups)


def _list(paper: Paper, x: float, y: float, width: float, bottom: float, groups: Iterable[_Group]) -> None:
    """Write lists under their headings as far as there is room, and say where some of one is left out."""
    size = 7.8

    def height(items: Sequence[str]) -> float:
        return sum(len(wrapped(item, size=size, width=width)) * size * 1.32 + 2.5 for item in items)

    for group in groups:
        if not group.items or y + 3 * size * 1.32 > bottom:
            continue
        y = paper.write(group.head, x, y, size=9.2, width=width, weight="bold") + 1
        items = group.shorter if group.shorter and y + height(group.items) > bottom else group.items
        for place, item in enumerate(items):
            last = place == len(items) - 1
            if y + height([item]) + (0 if last else size * 1.32) > bottom:
                left_out = tr("More on the page that the link opens: {count}.").format(count=len(items) - place)
                y = paper.write(left_out, x, y, size=size, width=width)
                break
            y = paper.write(item, x, y, size=size, width=width) + 2.5
        y += 6


def _foot(paper: Paper, sheet: Sheet, width: float) -> float:
    """Write legal status, method, attribution, licence and citation at the foot; return where it starts."""
    size, leading = 6.7, 1.3
    texts = [
        " ".join(filter(None, [sheet.facts["legal_status"], sheet.reviewed])),
        tr("Method: {method}").format(method=sheet.facts["method"]),
        sheet.attribution,
        tr("Cite as: {citation}").format(citation=citation(sheet)),
    ]
    lines = sum(len(wrapped(text, size=size, width=width)) for text in texts)
    top = paper.height - 26 - lines * size * leading - 3 * len(texts)
    paper.rule(_EDGE, top - 5, width)
    y = top
    for text in texts:
        y = paper.write(text, _EDGE, y, size=size, width=width, leading=leading) + 3
    return top - 12
