"""
All proposals on one sheet: a small map of each on the same land, who would withdraw from how much, one legend for all.

The sheet is A3 across. Its maps share what lies under every proposal, so that all of them take about as long as three
pictures of one.
"""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from PIL import Image

from mapcore.base.fill import Fill
from mapcore.base.language import language, tr
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured, measure_proposal
from mapcore.present.links import View, to_query
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_proposal, load_statuses
from mapcore.publish.build_content import make_sheet, shared_extent
from mapcore.publish.overview_content import headline, lead_figures, measure_all, when
from mapcore.publish.print_layout import Paper, Press, drawn_fill, fitting_size, text_width, wrapped
from mapcore.publish.print_map import Look, draw_map
from mapcore.publish.view_content import Chosen, Figure, Sheet, Theme

OverviewFormat = Literal["png", "svg", "pdf"]
#: By ending, its media type.
FORMATS: Final[dict[str, str]] = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
#: A3 across, in points, and pixels to the inch of a PNG: 2480 by 1754.
_PAPER: Final = (1190.55, 841.89)
_DPI: Final = 150.0
_EDGE, _GAP, _COLUMNS = 30.0, 14.0, 6
#: Cells of the grid that are left for the legend.
_LEGEND_CELLS: Final = 2
#: In points: what the heading of a group takes, and sizes of letters.
_GROUP: Final = 14.0
_TITLE: Final = (10.6, 9.8, 9.0, 8.4)
_LABELS: Final = (7.6, 7.2, 6.8, 6.4, 6.0, 5.6)
_SMALL_LETTERS, _FIGURE, _BOUNDS = 7.3, 8.6, 6.2
#: A small map beside a heading, in points and in pixels to the inch: 240 by 168 pixels.
_SMALL: Final = (120.0, 84.0)
_SMALL_DPI: Final = 144.0
_COLOURS: Final = 48


@dataclass(frozen=True)
class _Cell:
    """One proposal: its group, whether that starts here, its lead figures, and what its map shows."""

    group: str
    starts: bool
    measured: Measured
    figures: tuple[Figure, ...]
    sheet: Sheet


def draw_overview(control: Control, form: OverviewFormat, *, units: Units = "km2", theme: Theme = "light") -> bytes:
    """Return the sheet of all built-in proposals on a line, in the language in use; the same, the same bytes."""
    cells = tuple(_cells(control, Chosen(units)))
    extent = shared_extent(*(cell.measured for cell in cells))
    with Press(*_PAPER, theme=theme, dpi=_DPI) as press:
        paper, sheet = press.paper, cells[0].sheet
        title = headline([cell.measured for cell in cells])
        with paper.layer("headline"):
            y = _heading(paper, title)
        with paper.layer("credit"):
            bottom = _credit(paper, sheet)
        rows = -(-(len(cells) + _LEGEND_CELLS) // _COLUMNS)
        width = (paper.width - 2 * _EDGE - (_COLUMNS - 1) * _GAP) / _COLUMNS
        height = (bottom - y) / rows
        look = Look(theme, units, focus=extent, names=False)
        for row in range(rows):
            shown = cells[row * _COLUMNS : (row + 1) * _COLUMNS]
            _draw_row(paper, shown, look, y + row * height, (width, height - 9))
        row, column = divmod(len(cells), _COLUMNS)
        x = _EDGE + column * (width + _GAP)
        with paper.layer("legend"):
            _legend(paper, cells, theme, x, y + row * height, paper.width - _EDGE - x)
        about = f"?{urlencode(to_query(View(page='matrix', control=control.id, units=units, lang=language())))}"
        return press.printed(form, title=title, subject=sheet.line, rights=sheet.attribution, source=about)


def draw_small_map(proposal_id: str, control: Control) -> bytes:
    """Return the map of a built-in proposal at the size of a thumb, framed as on the sheet, as PNG without words."""
    measured = measure_proposal(load_proposal(proposal_id), control=control)
    extent = shared_extent(*itertools.chain.from_iterable(measure_all(control).values()))
    with Press(*(length + 0.01 for length in _SMALL), theme="light", dpi=_SMALL_DPI) as press:
        sheet = make_sheet(measured)
        draw_map(press.paper.panel(0, 0, *_SMALL), sheet, Look("light", focus=extent, names=False))
        drawn = press.printed("png", title=sheet.title, subject="", rights=sheet.attribution, source="")
    with Image.open(io.BytesIO(drawn)) as picture:
        few = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "png", optimize=True)
    return file.getvalue()


def _cells(control: Control, chosen: Chosen) -> Iterator[_Cell]:
    for label, group in measure_all(control).items():
        for place, measured in enumerate(group):
            yield _Cell(label, not place, measured, lead_figures(measured, chosen.units), make_sheet(measured, chosen))


def _heading(paper: Paper, title: str) -> float:
    inner = paper.width - 2 * _EDGE
    y = paper.write(tr("All proposals"), _EDGE, _EDGE - 10, size=11, width=inner, weight="bold") + 1
    size = fitting_size(title, (23.0, 21.0, 19.0, 17.0), width=inner, weight="bold", most=1)
    y = paper.write(title, _EDGE, y, size=size, width=inner, weight="bold", most=2, leading=1.2)
    deck = tr(
        "Each on the same line of contact, with the range that the line's error gives. Net: Ukraine's withdrawal minus "
        "Russia's. Where a text is silent, the figure is not specified."
    )
    return paper.write(deck, _EDGE, y + 1, size=10, width=inner, most=2) + 8


def _draw_row(paper: Paper, cells: Sequence[_Cell], look: Look, y: float, extent: tuple[float, float]) -> None:
    """Draw proposals beside each other, their maps between the same heights; `extent` is a cell's width and height."""
    width, height = extent
    names = [_name_size(cell, width) for cell in cells]
    head = _GROUP + max((size * 1.16 * lines for size, lines in names), default=0.0) + _SMALL_LETTERS * 1.5
    foot = max((_figures_height(cell.figures, width) for cell in cells), default=0.0)
    for column, (cell, (size, lines)) in enumerate(zip(cells, names, strict=True)):
        x, name = _EDGE + column * (width + _GAP), cell.sheet.title
        with paper.layer(name):
            joined = 0.0 if cell.starts or not column else _GAP
            paper.rule(x - joined, y, width + joined, weight=1.2, colour="ink")
            if cell.starts or not column:
                paper.write(cell.group, x, y + 2.5, size=_SMALL_LETTERS, width=width, weight="bold", most=1)
            below = paper.write(name, x, y + _GROUP, size=size, width=width, weight="bold", most=lines, leading=1.16)
            paper.write(when(cell.measured), x, below, size=_SMALL_LETTERS, width=width, most=1)
            _figures(paper, cell.figures, x, y + height - foot + 3, width)
        panel = paper.panel(x, y + head, width, height - head - foot, name=f"map: {name}")
        draw_map(panel, cell.sheet, look)


def _name_size(cell: _Cell, width: float) -> tuple[float, int]:
    """Return the size of letters of a name, and on how many lines it stands."""
    name = cell.sheet.title
    size = fitting_size(name, _TITLE, width=width, weight="bold", most=1)
    return size, min(2, len(wrapped(name, size=size, width=width, weight="bold")))


def _figures(paper: Paper, figures: Sequence[Figure], x: float, y: float, width: float) -> None:
    """Write a line a figure: label, value, range."""
    ranges = max((text_width(figure.bounds, _BOUNDS) for figure in figures if figure.bounds), default=-4.0) + 4
    values = max(text_width(figure.text, _FIGURE, "bold") for figure in figures) + 4
    for figure in figures:
        label = width - ranges - values
        size = fitting_size(figure.label, _LABELS, width=label, most=1)
        paper.write(figure.label, x, y + _FIGURE - size, size=size, width=label, most=1)
        right = x + width - ranges
        below = paper.write(figure.text, right, y, size=_FIGURE, width=width, weight="bold", align="right")
        paper.write(figure.bounds, x + width, y + _FIGURE - _BOUNDS, size=_BOUNDS, width=ranges, align="right")
        y = paper.write(figure.more, x, below - 1.5, size=_BOUNDS, width=width, leading=1.2) if figure.more else below


def _figures_height(figures: Sequence[Figure], width: float) -> float:
    more = sum(len(wrapped(figure.more, size=_BOUNDS, width=width)) for figure in figures if figure.more)
    return len(figures) * _FIGURE * 1.32 + more * _BOUNDS * 1.2 + 3


def _legend(paper: Paper, cells: Sequence[_Cell], theme: Theme, x: float, y: float, width: float) -> None:
    """Write the fills of all maps and the two lines once, in two columns."""
    shown = {figure.label: fill for cell in cells for fill, figure in cell.sheet.legend}
    named: dict[Fill, list[str]] = {}
    for label in filter(shown.__contains__, dict.fromkeys(tr(status.label) for status in load_statuses().values())):
        named.setdefault(shown[label], []).append(label)
    paper.rule(x, y, width, weight=1.2, colour="ink")
    y = paper.write(tr("On the maps"), x, y + 2.5, size=_SMALL_LETTERS, width=width, weight="bold") + 5
    rules = {tr("Line of contact"): 1.6, tr("Recognised border of Ukraine"): 0.8}
    labels = {"; ".join(words): fill for fill, words in named.items()}
    column, top = (width - _GAP) / 2, y
    heights = {
        label: len(wrapped(label, size=_FIGURE, width=column - 20)) * _FIGURE * 1.22 + 4 for label in [*labels, *rules]
    }
    half = top + sum(heights.values()) / 2
    for label, height in heights.items():
        if y + height / 2 > half:
            x, y, half = x + column + _GAP, top, math.inf
        paper.write(label, x + 20, y, size=_FIGURE, width=column - 20, leading=1.22)
        if label in labels:
            paper.box(x, y + 0.8, 13, 9.5, **drawn_fill(labels[label], theme))
        else:
            paper.rule(x, y + 5.5, 13, weight=rules[label], colour="ink")
        y += height


def _credit(paper: Paper, sheet: Sheet) -> float:
    """Write line, what "held" means in law, and whom to credit at the foot; return where it starts."""
    size, leading, width = 7.1, 1.3, paper.width - 2 * _EDGE
    texts = [sheet.line, sheet.facts["legal_status"], sheet.attribution]
    lines = sum(len(wrapped(text, size=size, width=width)) for text in texts)
    top = y = paper.height - 16 - lines * size * leading
    for text in texts:
        y = paper.write(text, _EDGE, y, size=size, width=width, leading=leading)
    return top - 6
