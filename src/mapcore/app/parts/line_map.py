"""Maps of several lines of contact: what changed between two of them, and how many of them call land Russian-held."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd

from mapcore.analysis.line_agreement import agreement
from mapcore.app.parts import assets, map_frame, page_elements
from mapcore.app.session import lines
from mapcore.base import memory
from mapcore.base.fill import Fill
from mapcore.base.language import date_text, mark, tr
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.present import folium_map, map_geometry, wording
from mapcore.present.folium_map import Together
from mapcore.present.wording import Units

HEIGHT: Final = 460
#: Fills of land that one line has and another has not, and of land that both have, each with its id.
_GAINED: Final = "line-gained", Fill("#c2410c", "#f08a4b")
_LOST: Final = "line-lost", Fill("#2369a8", "#6fb1ea", hatch=True)
_BOTH: Final = "line-both", Fill("#ddd3c8", "#4d4743")
#: Ends of the ramp from the least lines to all of them, light and dark theme.
_RAMP: Final = (((0xF6, 0xD0, 0xBC), (0x96, 0x2B, 0x1B)), ((0x6A, 0x45, 0x3B), (0xF2, 0x93, 0x70)))


@dataclass(frozen=True)
class Land:
    """A class of land on such a map: its fill with an id, what it is called, and how much there is of it."""

    id: str
    fill: Fill
    words: str
    area_km2: float


def short(control: Control) -> str:
    """Return a line as the head of a column; its source too, unless it is a shipped one."""
    day = date_text(control.as_of)
    return day if lines.kind(control.id) == "shipped" else f"{day}, {control.provenance.source}"


def names(controls: Sequence[Control]) -> dict[str, str]:
    """Return a short name for each line by its id, which stands beside it where two are alike."""
    found = {one.id: short(one) for one in controls}
    alike = list(found.values())
    return {key: name if alike.count(name) == 1 else f"{name} ({key})" for key, name in found.items()}


@memory.kept(maxsize=32)
def zones(controls: tuple[Control, ...]) -> gpd.GeoDataFrame:
    """Return which of the lines have each piece of land held by Russia; see `spread.agreement`."""
    return agreement(controls)


def change_words(before: Control, after: Control) -> tuple[str, str]:
    """Return what land is called that Russia holds on the later line only, and on the earlier one only."""
    if before.as_of < after.as_of:
        return tr("Gained by Russia"), tr("Lost by Russia")
    words = tr("Held by Russia only on: {line}")
    return words.format(line=short(after)), words.format(line=short(before))


def _step(count: int, of: int) -> tuple[str, Fill]:
    """Return id and fill of land that so many of the lines call Russian-held: the more, the farther from the ground."""
    share = (count - 1) / max(of - 1, 1)
    light, dark = (
        "#" + "".join(f"{round(few + (all_ - few) * share):02x}" for few, all_ in zip(*ends, strict=True))
        for ends in _RAMP
    )
    return f"lines-{count}-{of}", Fill(light, dark)


def changes(before: Control, after: Control) -> dict[tuple[str, ...], Land]:
    """Return the classes of land of the map of a change, by the ids of the lines that have it held by Russia."""
    gained, lost = change_words(before, after)
    classes = {
        (after.id,): (*_GAINED, gained),
        (before.id,): (*_LOST, lost),
        (before.id, after.id): (*_BOTH, tr("Held by Russia on both lines")),
    }
    areas = zones((before, after)).groupby("held_in")["area_km2"].sum()
    return {key: Land(*what, float(areas.get(key, 0.0))) for key, what in classes.items()}


def counts(controls: Sequence[Control]) -> dict[int, Land]:
    """Return the classes of land by how many of the lines have it held by Russia: all of them first, none left out."""
    size = len(controls)
    areas = zones(tuple(controls)).groupby("lines")["area_km2"].sum()
    words = {size: tr("Held by Russia on all {size} lines").format(size=size)}
    some = tr("On {count} of {size} lines")
    return {
        count: Land(
            *_step(count, size), words.get(count, some.format(count=count, size=size)), float(areas.get(count, 0.0))
        )
        for count in range(size, 0, -1)
    }


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
    words, name = _count_words_url(controls, units), " ".join(one.id for one in controls)
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
