"""Maps of several lines of contact: what changed between two of them, and how many of them call land Russian-held."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mapcore.app.parts import assets, map_frame, page_elements
from mapcore.base.language import mark, tr
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.present import folium_map, map_geometry, wording
from mapcore.present.folium_map import Together
from mapcore.present.held_by_lines import Land, changes, counts, names, short, zones
from mapcore.present.wording import Units

HEIGHT: Final = 460


def legend(classes: Sequence[Land], units: Units, *, before: Control | None = None, after: Control) -> str:
    """Return the legend of such a map, with the area of each class."""
    dark = page_elements.is_dark()
    items = [
        f"<span>{page_elements.swatch(land.fill, dark=dark)}{html.escape(land.words)}: "
        f"<b>{html.escape(wording.area_text(land.area_km2, units))}</b></span>"
        for land in classes
    ]
    dashed = '<i class="rule border" style="border-width:1.8px"></i>'
    if before is not None:
        items.append(f"<span>{dashed}{html.escape(tr('Line of {date}').format(date=short(before)))}</span>")
    full = '<i class="rule" style="border-width:2.8px"></i>'
    items.append(f"<span>{full}{html.escape(tr('Line of {date}').format(date=short(after)))}</span>")
    return f'<div class="legend lines">{"".join(items)}</div>'


@assets.addressed(maxsize=64)
def _shapes_url(controls: tuple[Control, ...], control: Control, before: Control | None) -> assets.Content:
    return map_geometry.line_shapes(zones(controls), control, before=before)


@assets.addressed(maxsize=64)
def _change_words_url(before: Control, after: Control, units: Units) -> assets.Content:
    return _words((before, after), changes(before, after), units)


@assets.addressed(maxsize=64)
def _count_words_url(controls: tuple[Control, ...], units: Units) -> assets.Content:
    by_count = counts(controls)
    combinations = zones(controls)["held_in"]
    return _words(controls, {held: by_count[len(held)] for held in combinations if held}, units)


def _words(controls: Sequence[Control], classes: Mapping[tuple[str, ...], Land], units: Units) -> assets.Content:
    """Return what the map says of each piece: its class, its size, and which lines have it how."""
    rows, named = zones(tuple(controls)), names(controls)
    words: dict[str, dict[str, Any]] = {}
    for piece, row in zip(map_geometry.piece_ids(rows), rows.itertuples(), strict=True):
        land = classes.get(row.held_in)
        words[piece] = {"status": "retained", "tip": _tip(row, land, named, units)}
        if land is not None:
            words[piece] |= {"status": land.id, "style": land.fill.for_map(land.id)}
    return words


def _tip(row: Any, land: Land | None, named: Mapping[str, str], units: Units) -> str:
    having = [name for key, name in named.items() if key in row.held_in]
    lacking = [name for key, name in named.items() if key not in row.held_in]
    rows = [
        f"<b>{html.escape(boundaries.oblast_names()[row.oblast])}</b>",
        html.escape(wording.area_text(row.area_km2, units)),
    ]
    if land is not None and lacking:
        rows.insert(1, html.escape(land.words))
    for words, some in ((tr("Held by Russia: {lines}"), having), (tr("Held by Ukraine: {lines}"), lacking)):
        if some:
            rows.append(html.escape(words.format(lines="; ".join(some))))
    return "<br>".join(rows)


def draw_change(before: Control, after: Control, units: Units, *, tiles: bool) -> None:
    """Draw what changed between two lines."""
    pair = (before, after)
    words = _change_words_url(before, after, units)
    _frame("map_change", pair, _shapes_url(pair, after, before), words, f"{before.id} {after.id}", tiles=tiles)


def draw_counts(controls: tuple[Control, ...], control: Control, units: Units, *, tiles: bool) -> None:
    """Draw how many of the lines have land held by Russia, under the line in use."""
    words, name = _count_words_url(controls, units), " ".join(line.id for line in controls)
    _frame("map_agreement", (control, *controls), _shapes_url(controls, control, None), words, name, tiles=tiles)


#: What each map shows, for a reader who does not see it: the headings of its section.
_TITLES: Final = {
    "map_change": mark("What differs from another line"),
    "map_agreement": mark("All lines against each other"),
}


def _frame(key: str, credited: Sequence[Control], shapes_url: str, words_url: str, name: str, *, tiles: bool) -> None:
    shown = folium_map.zones_shown(
        shapes_url,
        words_url,
        *credited,
        name=name,
        title=tr(_TITLES[key]),
        theme="dark" if page_elements.is_dark() else "light",
        tiles=tiles,
        together=Together("", writes=False),
    )
    map_frame.draw(key, shown, height=HEIGHT)
