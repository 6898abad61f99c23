"""A sheet as a picture for print or social media: map, title, legend with figures, ledger, line, attribution."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, Literal

from mapcore.drawing import Look, draw_map
from mapcore.errors import ExportError
from mapcore.paper import Paper, Press, fill, text_width, wrapped
from mapcore.sheet import Sheet, Theme
from mapcore.theme import Units

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
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    if not found:
        raise ExportError(f"no size '{text}'; there are {', '.join(SIZES)}, or pixels such as 1600x900")
    width, height = int(found[1]), int(found[2])
    if not _LEAST <= min(width, height) <= max(width, height) <= _MOST or not 0.5 <= width / height <= 2:
        raise ExportError(
            f"the size {text} cannot be drawn; choose {_LEAST} to {_MOST} pixels a side,"
            " one side at most twice the other"
        )
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
            subject=f"{sheet.byline}. {sheet.line}",
            rights=sheet.attribution,
            source=sheet.facts["link"],
        )


def _compose(paper: Paper, sheet: Sheet, picture: Picture) -> None:
    wide = paper.width / paper.height > _WIDE
    inner = paper.width - 2 * _EDGE
    y = paper.write(sheet.title, _EDGE, _EDGE - 4, size=19, width=inner, weight="bold", most=2, leading=1.2)
    y = paper.write(sheet.byline, _EDGE, y + 1, size=9.5, width=inner, most=2)
    if paper.width / paper.height < _SHALLOW:
        y = paper.write(sheet.summary, _EDGE, y + 2, size=8.8, width=inner, most=3)
    y += 7
    bottom = _footer(paper, sheet, inner)
    look = Look(picture.theme, picture.units, words=7.6)
    if wide:
        column = 196.0
        draw_map(paper.panel(_EDGE, y, inner - column - 14, bottom - y), sheet, look)
        x = paper.width - _EDGE - column
        y = legend(paper, sheet, picture.theme, x, y - 2, column)
        ledger(paper, sheet, x, y + 8, column, bottom)
        return
    column = (inner - 18) / 2
    need = max(_legend_height(sheet, column), _ledger_height(sheet)) + 10
    map_height = min(bottom - y - need, inner / 1.42)
    draw_map(paper.panel(_EDGE, y, inner, map_height), sheet, look)
    y += map_height + 10
    legend(paper, sheet, picture.theme, _EDGE, y, column)
    ledger(paper, sheet, _EDGE + column + 18, y, column, bottom)


def _footer(paper: Paper, sheet: Sheet, width: float) -> float:
    """Write the line of contact and the attribution at the foot; return where it starts."""
    size, leading = 6.6, 1.3
    texts = [sheet.line, sheet.attribution]
    lines = sum(len(wrapped(text, size=size, width=width)) for text in texts)
    top = paper.height - 12 - lines * size * leading
    y = top
    for text in texts:
        y = paper.write(text, _EDGE, y, size=size, width=width, leading=leading)
    return top - 7


def _legend_height(sheet: Sheet, width: float) -> float:
    lines = sum(len(wrapped(figure.label, size=8.2, width=width - 20)) for _, figure in sheet.legend)
    return lines * 8.2 * 1.22 + len(sheet.legend) * (8.2 * 1.32 + 5) + 2 * 13


def _ledger_height(sheet: Sheet) -> float:
    return sum(25.0 + (15.0 if figure.more else 0.0) for figure in sheet.figures[:6])


def legend(paper: Paper, sheet: Sheet, theme: Theme, x: float, y: float, width: float) -> float:
    """Write the statuses on the map with their areas and ranges, and the two lines; return where it ends."""
    size = 8.2
    for paint, figure in sheet.legend:
        paper.box(x, y + 1.2, 13, 10, **fill(paint, theme))
        y = paper.write(figure.label, x + 20, y, size=size, width=width - 20, weight="bold", leading=1.22)
        area = f"{figure.text} ({figure.bounds})" if figure.bounds else figure.text
        for line in [area] if text_width(area, size) < width - 20 else [figure.text, figure.bounds]:
            y = paper.write(line, x + 20, y, size=size, width=width - 20)
        y += 5
    for word, weight in (("Line of contact", 2.2), ("Recognised border of Ukraine", 0.9)):
        paper.rule(x, y + 6, 13, weight=weight, colour="ink")
        y = paper.write(word, x + 20, y, size=size, width=width - 20) + 2
    return y


def ledger(paper: Paper, sheet: Sheet, x: float, y: float, width: float, bottom: float) -> float:
    """Write the key figures with their ranges, as many as there is room for; return where it ends."""
    for figure in sheet.figures:
        lines = wrapped(figure.label, size=7.6, width=width - 84)
        more = len(wrapped(figure.more, size=6.2, width=width)) * 6.2 * 1.32 if figure.more else 0.0
        if y + 5 + max(18.0, len(lines) * 7.6 * 1.18) + more > bottom:
            break
        paper.rule(x, y, width)
        label = paper.write(figure.label, x, y + 2.5, size=7.6, width=width - 84, leading=1.18)
        right = x + width
        below = paper.write(
            figure.text, right, y + 2, size=8.8, width=width, weight="bold", leading=1.25, align="right"
        )
        if figure.bounds:
            below = paper.write(figure.bounds, right, below - 0.5, size=6.8, width=width, align="right")
        y = max(label, below)
        if figure.more:
            y = paper.write(figure.more, x, y, size=6.2, width=width)
        y += 2.5
    return y
