"""A sheet as a picture for print or social media: map, title, legend with figures, ledger, line, attribution."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mapcore.base.errors import ExportError
from mapcore.base.fill import Fill
from mapcore.base.language import number_text, tr, trn
from mapcore.present.wording import Units
from mapcore.publish.print_layout import Paper, Press, drawn_fill, fitting_size, text_width, wrapped
from mapcore.publish.print_map import Look, draw_map
from mapcore.publish.view_content import Figure, Sheet, Theme

#: Named sizes in pixels, for the CLI and the dashboard.
SIZES: Final[dict[str, tuple[int, int]]] = {
    "print": (2400, 1600),
    "social": (1200, 675),
    "square": (1080, 1080),
    "portrait": (1080, 1350),
}
_LEAST, _MOST = 500, 6000
#: Every picture is as if this many inches wide and high on average, whatever its pixels, so that words keep their size.
_MEAN_INCHES: Final = 8.6
#: Above this ratio of width to height the figures stand beside the map, below it under the map.
_WIDE: Final = 1.25
#: Above this ratio there is no height for the summary.
_SHALLOW: Final = 1.6
_EDGE: Final = 22.0
#: Of legend and figures beside the map.
_COLUMN: Final = 196.0
#: The map's least share of the height where the figures stand under it.
_LEAST_MAP: Final = 0.54
#: The map's greatest width against its height: the neighbours' land that is drawn reaches no further.
_WIDEST_MAP: Final = 2.0
#: Sizes of letters in points: those of the legend from which the largest that fits is taken, and the ledger's.
_LEGEND_SIZES: Final = (8.9, 8.3, 7.6, 7.0, 6.3)
#: The least width in points in which the ledgers of A and B stand beside each other.
_LEAST_SIDES: Final = 215.0
_TITLES: Final = (21.0, 18.5, 16.5, 14.5)
_LABEL, _FIGURE, _BOUNDS, _MORE = 8.3, 9.7, 7.4, 6.8


@dataclass(frozen=True)
class Picture:
    """A picture's size in pixels, its theme and the units of its scale bar."""

    size: tuple[int, int] = SIZES["print"]
    theme: Theme = "light"
    units: Units = "km2"


def read_size(text: str) -> tuple[int, int]:
    """
    Return the pixels of a size: a name of `SIZES`, or such as ``1600x900``.

    Raises
    ------
    ExportError
        If it is neither, smaller than 500 or larger than 6000 pixels, or more than twice as long as wide.
    """
    if text in SIZES:
        return SIZES[text]
    match = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    if not match:
        sentence = tr("no size '{text}'; there are {sizes}, or pixels such as 1600x900")
        raise ExportError(sentence.format(text=text, sizes=", ".join(SIZES)))
    width, height = int(match[1]), int(match[2])
    if not _LEAST <= min(width, height) <= max(width, height) <= _MOST or not 0.5 <= width / height <= 2:
        sentence = tr(
            "the size {text} cannot be drawn; choose {least} to {most} pixels a side, one side at most twice the other"
        )
        raise ExportError(sentence.format(text=text, least=_LEAST, most=_MOST))
    return width, height


def draw_picture(sheet: Sheet, picture: Picture | None = None, *, form: Literal["png", "svg"] = "png") -> bytes:
    """Return a sheet as a picture; the same sheet and picture, the same bytes."""
    picture = picture or Picture()
    width, height = picture.size
    dpi = math.sqrt(width * height) / _MEAN_INCHES
    # A hair more than the pixels, or rounding would cut one off.
    with Press((width + 0.01) * 72 / dpi, (height + 0.01) * 72 / dpi, theme=picture.theme, dpi=dpi) as press:
        _compose(press.paper, sheet, picture)
        return press.printed(
            form,
            title=sheet.title,
            subject=sheet.about,
            rights=sheet.attribution,
            source=sheet.facts["link"],
        )


def _compose(paper: Paper, sheet: Sheet, picture: Picture) -> None:
    wide = paper.width / paper.height > _WIDE
    inner = paper.width - 2 * _EDGE
    with paper.layer("credit"):
        bottom = _footer(paper, sheet, inner)
    with paper.layer("headline"):
        y = heading(paper, sheet, _EDGE, _EDGE - 6, inner, _TITLES)
        y = paper.write(sheet.byline, _EDGE, y + 1, size=10.4, width=inner, most=3)
        if paper.width / paper.height < _SHALLOW and not (wide and _is_full(sheet, bottom - y)):
            y = paper.write(sheet.summary, _EDGE, y + 2, size=9.6, width=inner, most=3)
    y += 7
    look = Look(picture.theme, picture.units, words=8.3, focus=sheet.extent)
    if wide:
        draw_map(paper.panel(_EDGE, y, inner - _COLUMN - 14, bottom - y), sheet, look)
        x = paper.width - _EDGE - _COLUMN
        with paper.layer("legend"):
            room = bottom - y - 10 - _ledger_height(sheet.figures, _COLUMN)
            y = legend(paper, sheet, picture.theme, x, y - 2, _COLUMN, room)
        with paper.layer("figures"):
            key_figures(paper, sheet, x, y + 8, _COLUMN, bottom)
        return
    column = (inner - 18) / 2
    need = max(_legend_height(sheet, column, _LEGEND_SIZES[0]), _ledger_height(sheet.figures, column)) + 10
    map_height = min(max(bottom - y - need, (bottom - y) * _LEAST_MAP), inner / 1.42)
    map_width = min(inner, map_height * _WIDEST_MAP)
    draw_map(paper.panel((paper.width - map_width) / 2, y, map_width, map_height), sheet, look)
    y += map_height + 10
    with paper.layer("legend"):
        legend(paper, sheet, picture.theme, _EDGE, y, column, bottom - y)
    with paper.layer("figures"):
        key_figures(paper, sheet, _EDGE + column + 18, y, column, bottom)


def _is_full(sheet: Sheet, height: float) -> bool:
    """Return whether legend and ledger beside the map need the height that the summary would take."""
    need = _legend_height(sheet, _COLUMN, _LEGEND_SIZES[2]) + _ledger_height(sheet.figures, _COLUMN)
    return need + 3 * 9.6 * 1.32 + 20 > height


def heading(paper: Paper, sheet: Sheet, x: float, y: float, width: float, sizes: Sequence[float]) -> float:
    """Write which view it is, and what it finds on two lines, as large as that allows; the longest takes a third."""
    y = paper.write(sheet.kicker, x, y, size=sizes[-1] * 0.75, width=width, weight="bold", most=2)
    size = fitting_size(sheet.finding, sizes, width=width, weight="bold", most=2)
    return paper.write(sheet.finding, x, y, size=size, width=width, weight="bold", most=3, leading=1.2)


def key_figures(paper: Paper, sheet: Sheet, x: float, y: float, width: float, bottom: float) -> float:
    """Write the key figures, and of a comparison the ledgers of both sides, as far as there is room."""
    y = ledger(paper, sheet.figures, x, y, width, bottom)
    if not sheet.sides or width < _LEAST_SIDES or y + 60 > bottom:
        return y
    column = width * 0.33
    for right, letter in ((x + width - column, "A"), (x + width, "B")):
        paper.write(letter, right, y + 5, size=_FIGURE, width=column, weight="bold", align="right")
    y += 5 + _FIGURE * 1.4
    for pair in zip(*(figures for _, figures in sheet.sides), strict=True):
        if y + _entry_height(pair[0], width, 2 * column) > bottom:
            break
        y = _two_figures(paper, pair, x, y, width, column)
    return y


def _two_figures(paper: Paper, pair: tuple[Figure, ...], x: float, y: float, width: float, column: float) -> float:
    """Write one line of the ledgers of A and B beside its label."""
    paper.rule(x, y, width)
    ends = [paper.write(pair[0].label, x, y + 2.5, size=_LABEL, width=width - 2 * column, leading=1.18)]
    for place, figure in enumerate(pair):
        right = x + width - (1 - place) * column
        below = paper.write(figure.text, right, y + 2, size=_LABEL, width=column, weight="bold", align="right")
        size = fitting_size(figure.bounds, (_MORE, 6.4, 5.9), width=column - 4, most=1)
        ends.append(paper.write(figure.bounds, right, below - 0.5, size=size, width=column, align="right"))
    y = max(ends)
    for letter, figure in zip("AB", pair, strict=True):
        if figure.more:
            y = paper.write(f"{letter}: {figure.more}", x, y, size=_MORE, width=width)
    return y + 2.5


def _footer(paper: Paper, sheet: Sheet, width: float) -> float:
    """Write the line of contact, what "held" means in law and the attribution at the foot; return where it starts."""
    size, leading = 7.1, 1.3
    texts = [sheet.line, sheet.facts["legal_status"], sheet.attribution]
    lines = sum(len(wrapped(text, size=size, width=width)) for text in texts)
    top = paper.height - 12 - lines * size * leading
    y = top
    for text in texts:
        y = paper.write(text, _EDGE, y, size=size, width=width, leading=leading)
    return top - 7


def _legend_height(sheet: Sheet, width: float, size: float) -> float:
    lines = sum(len(wrapped(figure.label, size=size, width=width - 20, weight="bold")) for _, figure in sheet.legend)
    areas = sum(len(_area_lines(figure, size, width - 20)) for _, figure in sheet.legend)
    return lines * size * 1.22 + areas * size * 1.32 + len(sheet.legend) * 5 + 2 * (size * 1.32 + 2)


def _ledger_height(figures: Sequence[Figure], width: float) -> float:
    column = _figure_column(figures)
    return sum(_entry_height(figure, width, column) for figure in figures)


def _area_lines(figure: Figure, size: float, width: float) -> list[str]:
    area = f"{figure.text} ({figure.bounds})" if figure.bounds else figure.text
    return [area] if text_width(area, size) < width else [figure.text, figure.bounds]


def legend(paper: Paper, sheet: Sheet, theme: Theme, x: float, y: float, width: float, room: float) -> float:
    """Write the fills on the map with their areas and ranges, and the two lines, as small as `room` asks for."""
    size = next(
        (candidate for candidate in _LEGEND_SIZES if _legend_height(sheet, width, candidate) <= room), _LEGEND_SIZES[-1]
    )
    for fill, figure in sheet.legend:
        paper.box(x, y + 1.2, 13, 10, **drawn_fill(fill, theme))
        y = paper.write(figure.label, x + 20, y, size=size, width=width - 20, weight="bold", leading=1.22)
        for line in _area_lines(figure, size, width - 20):
            y = paper.write(line, x + 20, y, size=size, width=width - 20)
        y += 5
    for word, weight in ((tr("Line of contact"), 2.2), (tr("Recognised border of Ukraine"), 0.9)):
        paper.rule(x, y + 6, 13, weight=weight, colour="ink")
        y = paper.write(word, x + 20, y, size=size, width=width - 20) + 2
    return y


def fills_alone(
    paper: Paper, legend: Sequence[tuple[Fill, Figure]], x: float, y: float, *, width: float, bottom: float
) -> float:
    """Write fills with their words and without figures, and how many there is no room for; return where it ends."""
    size, leading = 9.2, 1.22
    heights = [len(wrapped(figure.label, size=size, width=width - 20)) * size * leading + 3 for _, figure in legend]
    if y + sum(heights) > bottom:
        bottom -= size * leading
    left_out = 0
    for (fill, figure), height in zip(legend, heights, strict=True):
        if y + height > bottom:
            left_out += 1
            continue
        paper.box(x, y + 1.2, 13, 10, **drawn_fill(fill, "light"))
        y = paper.write(figure.label, x + 20, y, size=size, width=width - 20, leading=leading) + 3
    if 0 < left_out < len(legend):
        more = trn("and {count} more on the map", "and {count} more on the map", left_out)
        y = paper.write(more.format(count=number_text(left_out)), x + 20, y, size=size, width=width - 20)
    return y


def ledger(paper: Paper, figures: Sequence[Figure], x: float, y: float, width: float, bottom: float) -> float:
    """Write key figures with their ranges, as many as there is room for; return where it ends."""
    column = _figure_column(figures)
    for figure in figures:
        if y + _entry_height(figure, width, column) > bottom:
            break
        paper.rule(x, y, width)
        label = paper.write(figure.label, x, y + 2.5, size=_LABEL, width=width - column, leading=1.18)
        right = x + width
        below = paper.write(
            figure.text, right, y + 2, size=_FIGURE, width=width, weight="bold", leading=1.25, align="right"
        )
        if figure.bounds:
            below = paper.write(figure.bounds, right, below - 0.5, size=_BOUNDS, width=width, align="right")
        y = max(label, below)
        if figure.more:
            y = paper.write(figure.more, x, y, size=_MORE, width=width)
        y += 2.5
    return y


def _figure_column(figures: Sequence[Figure]) -> float:
    """Return the width that the figures and their ranges take up beside their labels."""
    widths = [
        max(text_width(figure.text, _FIGURE, "bold"), text_width(figure.bounds, _BOUNDS) if figure.bounds else 0.0)
        for figure in figures
    ]
    return max(widths, default=0.0) + 8


def _entry_height(figure: Figure, width: float, column: float) -> float:
    label = len(wrapped(figure.label, size=_LABEL, width=width - column)) * _LABEL * 1.18
    beside = _FIGURE * 1.25 + (_BOUNDS * 1.32 if figure.bounds else 0.0)
    more = len(wrapped(figure.more, size=_MORE, width=width)) * _MORE * 1.32 if figure.more else 0.0
    return 5 + max(label, beside) + more
