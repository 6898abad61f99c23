"""Land by which of several lines of contact have it held by Russia: its classes, their fills, words and areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd

from mapcore.analysis.line_agreement import agreement
from mapcore.base import memory
from mapcore.base.fill import Fill
from mapcore.base.language import date_text, tr
from mapcore.land.contact_line import Control
from mapcore.lines.user_lines import is_user_line

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
    return f"{day}, {control.provenance.source}" if is_user_line(control.id) else day


def names(controls: Sequence[Control]) -> dict[str, str]:
    """Return a short name for each line by its id, which stands beside it where two are alike."""
    found = {control.id: short(control) for control in controls}
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
