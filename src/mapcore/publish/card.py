"""
The card of a view: a picture of 1200 by 630 pixels that messengers and search engines show beside a link.

It is read at the width of a thumb: a title, one figure with its range, the land in question from near, the line and its
date, whom to credit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import geopandas as gpd

from mapcore.analysis.compare import Comparison
from mapcore.base.fill import Fill
from mapcore.base.language import tr
from mapcore.present import line_age
from mapcore.present.difference_classes import ALIKE_FILLS
from mapcore.present.land_in_question import zone_of
from mapcore.publish.build_content import make_sheet
from mapcore.publish.findings import Finding, lead, lead_difference
from mapcore.publish.picture import fills_alone
from mapcore.publish.print_layout import Paper, Press, fitting_size, shortened
from mapcore.publish.print_map import Look, draw_map
from mapcore.publish.view_content import Chosen, Figure, Sheet, Subject, make_figure, named

#: In pixels, which Open Graph asks for: 1.91 to 1.
SIZE: Final = (1200, 630)
#: Pixels to the inch, and so two pixels a point: sizes below are halves of what they are on a card.
DPI: Final = 144.0
#: A hair more than the pixels, or rounding would cut one off.
POINTS: Final = ((SIZE[0] + 0.01) * 72 / DPI, (SIZE[1] + 0.01) * 72 / DPI)
EDGE: Final = 24.0
#: The width of the words, in points; the map takes the rest of the card, to its edge.
COLUMN: Final = 246.0
_TITLES: Final = (22.0, 20.0, 18.0, 16.0, 14.0, 12.5)
_FIGURES: Final = (46.0, 42.0, 38.0, 34.0, 30.0)
#: The largest of both on the card of a comparison, which has more classes of land to name.
_COMPARED: Final = (17.0, 34.0)
#: Land around the land in question, as a share of the larger of its two extents, and the least extent in metres.
_MARGIN: Final = 0.16
_LEAST_M: Final = 260_000.0
_SMALL: Final = (8.4, 8.0, 7.6, 7.2)
_Legend: TypeAlias = Sequence[tuple[Fill, Figure]]


@dataclass(frozen=True)
class _Lead:
    """The lead figure as it stands on a card: the words before it, the figure, its range."""

    words: str
    figure: Figure | None


def draw_card(subject: Subject, chosen: Chosen, *, heading: str = "") -> bytes:
    """
    Return the card of a measured proposal or a comparison as PNG, in the language in use; the same, the same bytes.

    Parameters
    ----------
    heading
        The title, where it is another one than that of the view.
    """
    sheet = make_sheet(subject, chosen)
    found = lead_difference(subject, chosen.over) if isinstance(subject, Comparison) else lead(subject)
    land = _in_question(subject, sheet)
    with Press(*POINTS, theme="light", dpi=DPI) as press:
        look = Look("light", chosen.units, words=11.5, focus=_focus(land))
        left = 2 * EDGE - 8 + COLUMN
        draw_map(press.paper.panel(left, 0, press.paper.width - left, press.paper.height), sheet, look)
        _words(press.paper, sheet, _by_land(sheet, land), heading or _title(subject), _lead(found, chosen))
        return press.printed(
            "png", title=sheet.title, subject=sheet.about, rights=sheet.attribution, source=sheet.facts["link"]
        )


def _title(subject: Subject) -> str:
    if isinstance(subject, Comparison):
        return _unbroken(tr("A: {a}; B: {b}").format(a=named(subject.a), b=named(subject.b)))
    return _unbroken(named(subject))


def _unbroken(text: str) -> str:
    """Return a text in which numbers and what follows them stay on one line."""
    return re.sub(r"(?<=\d) (?=\D)", "\N{NO-BREAK SPACE}", text)


def _lead(found: Finding, chosen: Chosen) -> _Lead:
    if found.figure is None:
        return _Lead(found.sentence, None)
    words = " ".join(found.sentence.format(area="").split())
    return _Lead(words, make_figure(words, found.figure, chosen.units))


def _words(paper: Paper, sheet: Sheet, legend: _Legend, title: str, found: _Lead) -> None:
    paper.write("mapcore", EDGE, 20, size=10.5, width=COLUMN, weight="bold")
    largest = _COMPARED if sheet.sides else (_TITLES[0], _FIGURES[0])
    titles, figures = ([size for size in sizes if size <= most] for sizes, most in zip(
        (_TITLES, _FIGURES), largest, strict=True
    ))  # fmt: skip
    size = fitting_size(title, titles, width=COLUMN, weight="bold", most=3)
    y = paper.write(title, EDGE, 41, size=size, width=COLUMN, weight="bold", most=4, leading=1.16)
    y = paper.write(found.words, EDGE, y + 9, size=15, width=COLUMN, most=2)
    if found.figure:
        size = fitting_size(found.figure.text, figures, width=COLUMN, weight="bold", most=1)
        y = paper.write(found.figure.text, EDGE, y - 1, size=size, width=COLUMN, weight="bold", leading=1.2)
        y = paper.write(found.figure.bounds, EDGE, y, size=14, width=COLUMN)
    fills_alone(paper, legend, EDGE, y + 9, width=COLUMN, bottom=foot(paper, sheet) - 6)


def foot(paper: Paper, sheet: Sheet) -> float:
    """Write the mark of a viewer's own, the line with its date and the credit; return where they start."""
    day = line_age.dated(sheet.control.as_of)
    credit = tr("Map and figures: mapcore, CC BY 4.0. {credit}").format(credit=sheet.facts["attribution"])
    texts = [(sheet.viewers_mark, 3), (day, 1), (credit, 3)]
    lines = []
    for text, aim in texts:
        size = fitting_size(text, _SMALL, width=COLUMN, most=aim)
        lines += [(line, size) for line in shortened(text, size=size, width=COLUMN, most=4) if line]
    top = y = paper.height - 16 - sum(size for _, size in lines) * 1.32
    for line, size in lines:
        y = paper.write(line, EDGE, y, size=size, width=COLUMN + 1)
    return top


def _in_question(subject: Subject, sheet: Sheet) -> gpd.GeoSeries:
    """Return the land that a view is about, in `AREA_CRS`."""
    if isinstance(subject, Comparison):
        return sheet.shapes.geometry[[fill not in ALIKE_FILLS for fill in sheet.shapes["fill"]]]
    return zone_of(subject)[1].geometry


def _by_land(sheet: Sheet, land: gpd.GeoSeries) -> _Legend:
    """Return the legend with the fills of the land in question first, then by area."""
    shown = set(sheet.shapes["fill"][land.index])
    entries = [entry for entry in sheet.legend if entry[0] not in ALIKE_FILLS]
    return sorted(
        entries, key=lambda entry: (entry[0] not in shown, -(entry[1].value.value if entry[1].value else 0.0))
    )


def _focus(land: gpd.GeoSeries) -> tuple[float, float, float, float] | None:
    """Return the bounds of the land in question, with some around; None, the whole country, where there is none."""
    if land.empty:
        return None
    west, south, east, north = land.total_bounds
    reach = max(east - west, north - south)
    across, up = (max(extent + 2 * _MARGIN * reach, _LEAST_M) for extent in (east - west, north - south))
    x, y = (west + east) / 2, (south + north) / 2
    return x - across / 2, y - up / 2, x + across / 2, y + up / 2
