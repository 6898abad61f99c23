"""The card of a settlement as a picture, of the size and make of a view's (`publish.card`)."""

from __future__ import annotations

from typing import Final, cast

import geopandas as gpd
import shapely

from mapcore.analysis.place_answers import PlaceAnswer
from mapcore.analysis.settlements import place_points
from mapcore.base.language import number_text, tr
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.measurement.areas import Measured
from mapcore.present import place_frame, place_words
from mapcore.publish.build_content import make_sheet
from mapcore.publish.card import COLUMN, DPI, EDGE, POINTS, foot
from mapcore.publish.print_layout import Paper, Press, drawn_fill, fitting_size
from mapcore.publish.print_map import Look, draw_map
from mapcore.publish.view_content import Chosen, Sheet

#: In points: the name, the largest that fits, and what a row of the legend takes.
_NAMES: Final = (34.0, 30.0, 26.0, 22.0, 18.0)
_ROW: Final = 13.5


def draw_place_card(answer: PlaceAnswer, subject: Measured, chosen: Chosen) -> bytes:
    """
    Return the card of a settlement as PNG, in the language in use: what proposals make of it, on the map of one.

    Parameters
    ----------
    subject
        The proposal whose zones the map shows.
    """
    place, sheet = answer.place, make_sheet(subject, chosen)
    _, ((south, west), (north, east)) = place_frame.on_map(place, answer.control)
    x, y = shapely.get_coordinates(place_points()[place.row])[0]
    reach = gpd.GeoSeries.from_xy([west, east], [south, north], crs=MAP_CRS).to_crs(AREA_CRS).total_bounds
    focus = cast("tuple[float, float, float, float]", tuple(map(float, reach)))
    with Press(*POINTS, theme="light", dpi=DPI) as press:
        look = Look("light", chosen.units, words=11.5, focus=focus, pin=(float(x), float(y), place.name))
        left = 2 * EDGE - 8 + COLUMN
        draw_map(press.paper.panel(left, 0, press.paper.width - left, press.paper.height), sheet, look)
        _words(press.paper, sheet, answer)
        title = place_words.finding(answer)
        return press.printed(
            "png", title=title, subject=sheet.about, rights=sheet.attribution, source=sheet.facts["link"]
        )


def _words(paper: Paper, sheet: Sheet, answer: PlaceAnswer) -> None:
    name = answer.place.name
    paper.write("mapcore", EDGE, 20, size=10.5, width=COLUMN, weight="bold")
    size = fitting_size(name, _NAMES, width=COLUMN, weight="bold", most=1)
    y = paper.write(name, EDGE, 38, size=size, width=COLUMN, weight="bold", most=2, leading=1.16)
    y = paper.write(place_words.where(answer.place), EDGE, y, size=10.5, width=COLUMN, most=2)
    found = place_words.finding(answer).removeprefix(f"{name}: ")
    y = paper.write(found[:1].upper() + found[1:], EDGE, y + 5, size=14, width=COLUMN, weight="bold", most=4)
    label, words = place_words.facts(answer)[1]
    y = paper.write(f"{label}: {words}", EDGE, y + 3, size=10.5, width=COLUMN, most=2)
    on_map = tr("On the map: {title}").format(title=sheet.title)
    below = foot(paper, sheet) - 16
    paper.write(on_map, EDGE, below, size=8.4, width=COLUMN, most=1)
    _rows(paper, answer, y + 5, below - 4)


def _rows(paper: Paper, answer: PlaceAnswer, y: float, bottom: float) -> None:
    """Write under how many proposals the settlement is what, the most frequent first, as many as there is room for."""
    rows = sorted(place_words.by_status(answer.under), key=lambda row: -len(row[1]))
    room = int((bottom - y) / _ROW)
    shown = rows if len(rows) <= room else rows[: room - 1]
    for status, found in shown:
        paper.box(EDGE, y + 1.2, 11, 8.5, **drawn_fill(status.fill, "light"))
        paper.write(number_text(len(found)), EDGE + 17, y, size=9, width=20, weight="bold")
        paper.write(tr(status.label), EDGE + 32, y, size=9, width=COLUMN - 32, most=1)
        y += _ROW
    if len(shown) < len(rows):
        others = sum(len(found) for _, found in rows[len(shown) :])
        paper.write(number_text(others), EDGE + 17, y, size=9, width=20, weight="bold")
        paper.write(tr("in other ways"), EDGE + 32, y, size=9, width=COLUMN - 32, most=1)
