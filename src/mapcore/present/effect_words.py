"""What a proposal does to the land, in words: labels of measures, figures with ranges, rows of a table by group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from mapcore.analysis.civil_objects import KINDS, object_names, objects_in
from mapcore.analysis.effects import DISTANCES_KM, Effect, effects_of
from mapcore.analysis.settlements import load_places, local_names
from mapcore.base.language import cached, mark, number_text, tr
from mapcore.base.schema import DEFAULT_STATUS
from mapcore.measurement.areas import Measured
from mapcore.measurement.effects import Spot
from mapcore.present.wording import Units, area_text, holder_words
from mapcore.proposals.shipped import load_statuses

#: The label of each measure, for `tr`.
MEASURES: Final[dict[str, str]] = {
    "pieces": mark("Connected pieces of land"),
    "pockets": mark("Pockets: pieces that reach neither border nor coast"),
    "piece": mark("Piece apart from the largest"),
    "pocket": mark("Pocket"),
    "line_length": mark("Length of the line inside Ukraine"),
    "edge_length": mark("Length of the zone's edge inside Ukraine"),
    "moved_along": mark("Stretch of the line that moves back"),
    "moved_mean": mark("Distance that it moves back, mean"),
    "moved_most": mark("Distance that it moves back, largest"),
    "settlements_moved": mark("Settlements that a side would withdraw from"),
    "people_moved": mark("People who lived there before the full-scale invasion"),
    "settlements_moved_uncounted": mark("Of these settlements, without a count of people"),
    "settlements_in": mark("Settlements in the zone"),
    "people_in": mark("People who lived in the zone before the full-scale invasion"),
    "towns_near": mark("Towns of 10,000 and more within a distance of the line"),
    "towns_near_ukraine": mark("Of these towns, held by Ukraine"),
    "objects_moved": mark("Civil objects that a side would withdraw from"),
    "objects_in": mark("Civil objects in the zone"),
    "objects_russia": mark("Civil objects held by Russia"),
}
Group = Literal["shape", "back", "people", "towns", "objects"]
#: The groups of rows in their order: messages for `tr`.
GROUPS: Final[dict[Group, str]] = {
    "shape": mark("Pieces, lines and edges"),
    "back": mark("Where the line moves back"),
    "people": mark("Settlements and people"),
    "towns": mark("Towns of 10,000 and more near the line"),
    "objects": mark("Civil objects"),
}
#: Pieces with a row of their own: messages for `tr`.
_APART: Final = {
    "piece": mark("Apart from the largest piece, near {place}, {holder}"),
    "pocket": mark("Pocket near {place}, {holder}"),
}
_LEAVES: Final = {"ukraine": mark("Where Ukraine would withdraw"), "russia": mark("Where Russia would withdraw")}
#: Kilometres below this are given to a tenth.
_FINE_KM: Final = 10
#: Settlements that a place on the map is named after have at least so many people.
_NAMING: Final = 1_000


@dataclass(frozen=True)
class EffectRow:
    """
    A row of the table: what it is, what is now, what would be after; and where it is, if at one place.

    Attributes
    ----------
    row
        Of the table of all proposals, the row where it stands too; empty for what only the table of one has.
    """

    group: Group
    label: str
    now: str
    after: str
    spot: Spot | None = None
    row: str = ""


def of_words(one: Effect) -> str:
    """Return in words what a figure is of: a holder, a status, a distance, a kind of object."""
    if one.of in load_statuses() and one.measure.endswith(("_in", "_length")):
        return tr(load_statuses()[one.of].label)
    if one.of in KINDS:
        return tr(KINDS[one.of])
    return tr("{distance} km").format(distance=one.of) if one.of.isdecimal() else holder_words().get(one.of, "")


def effect_text(one: Effect, units: Units = "km2") -> str:
    """Return a figure in words with its range, if it has one; "Not specified" where the text leaves it open."""
    if one.figure is None:
        return tr("Not specified")
    if one.unit == "km2":
        return area_text(one.figure.value, units)
    digits = 1 if one.unit == "km" and one.figure.value < _FINE_KM else 0
    value, low, high = (number_text(number, digits) for number in one.figure.numbers)
    shown = tr("{number} {unit}").format(number=value, unit=tr("km")) if one.unit == "km" else value
    return shown if low == high else tr("{area} ({low} to {high})").format(area=shown, low=low, high=high)


@cached(maxsize=8)
def _named() -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return longitude and latitude, and the name, of settlements that places on the map are named after."""
    places = load_places()
    named = places[places["population"] >= _NAMING]
    return named[["lon", "lat"]].to_numpy(dtype=float), tuple(local_names(named))


def near_words(spot: Spot) -> str:
    """Return the settlement of some size that is nearest to a place, in the language in use."""
    where, names = _named()
    far = np.hypot((where[:, 0] - spot.lon) * np.cos(np.radians(spot.lat)), where[:, 1] - spot.lat)
    return names[int(far.argmin())]


@cached(maxsize=64)
def effect_rows(measured: Measured, units: Units) -> tuple[EffectRow, ...]:
    """Return what a measured proposal does to the land as rows of a table, in the language in use."""
    found = {
        (effect.measure, effect.of, effect.when): effect
        for effect in effects_of(measured)
        if effect.measure not in _APART
    }
    apart = [effect for effect in effects_of(measured) if effect.measure in _APART]
    return (
        *_shape_rows(found, apart, units),
        *_back_rows(found),
        *_people_rows(found),
        *_town_rows(found),
        *_object_rows(found, measured),
    )


_Found = dict[tuple[str, str, Literal["now", "after", ""]], Effect]


def _both(found: _Found, group: Group, label: str, measure: str, of: str, *, row: str = "") -> Iterable[EffectRow]:
    now, after = found.get((measure, of, "now")), found.get((measure, of, "after"))
    figures = [effect.figure for effect in (now, after) if effect is not None and effect.figure is not None]
    if any(figure.high for figure in figures):
        nothing = number_text(0)
        yield EffectRow(
            group, label, effect_text(now) if now else nothing, effect_text(after) if after else nothing, row=row
        )


def _alone(found: _Found, group: Group, label: str, measure: str, of: str, *, row: str = "") -> Iterable[EffectRow]:
    effect = found.get((measure, of, ""))
    if effect is not None and (effect.figure is None or effect.figure.high):
        yield EffectRow(group, label, "", effect_text(effect), effect.spot, row)


def _shape_rows(found: _Found, apart: Sequence[Effect], units: Units) -> Iterable[EffectRow]:
    yield from _both(found, "shape", tr(MEASURES["line_length"]), "line_length", "", row="line")
    for holder, words in holder_words().items():
        label = tr("Connected pieces of land, {holder}").format(holder=words)
        yield from _both(found, "shape", label, "pieces", holder, row="pieces")
        label = tr("Pockets without border or coast, {holder}").format(holder=words)
        yield from _both(found, "shape", label, "pockets", holder, row="pieces")
    yield from _apart_rows(apart, units)
    for status in load_statuses().values():
        label = tr("Edge inside Ukraine, “{zone}”").format(zone=tr(status.label))
        yield from _alone(found, "shape", label, "edge_length", status.id)


def _apart_rows(apart: Sequence[Effect], units: Units) -> Iterable[EffectRow]:
    """Yield pieces that are apart from the largest of their holder, each once, with their area now and after."""
    for measure, form in _APART.items():
        areas: dict[str, dict[str, str]] = {}
        spots: dict[str, Spot] = {}
        for effect in apart:
            if effect.measure == measure and effect.spot is not None:
                label = tr(form).format(place=near_words(effect.spot), holder=holder_words()[effect.of])
                areas.setdefault(label, {})[effect.when] = effect_text(effect, units)
                spots[label] = effect.spot
        for label, cells in areas.items():
            yield EffectRow("shape", label, cells.get("now", ""), cells.get("after", ""), spots[label])


def _back_rows(found: _Found) -> Iterable[EffectRow]:
    for holder, words in _LEAVES.items():
        for measure, form in (
            ("moved_along", mark("{where}, length of the line")),
            ("moved_mean", mark("{where}, mean distance")),
        ):
            yield from _alone(found, "back", tr(form).format(where=tr(words)), measure, holder, row="back")
        most = found.get(("moved_most", holder, ""))
        if most is not None and most.spot is not None and most.start is not None:
            ends = tr("{where}, largest distance, from near {start} to near {end}")
            label = ends.format(where=tr(words), start=near_words(most.start), end=near_words(most.spot))
            yield EffectRow("back", label, "", effect_text(most), most.spot, "back")


def _people_rows(found: _Found) -> Iterable[EffectRow]:
    for holder, words in _LEAVES.items():
        for measure, form in (
            ("settlements_moved", mark("{where}, settlements of 500 and more")),
            ("people_moved", mark("{where}, people before the full-scale invasion")),
            ("settlements_moved_uncounted", mark("{where}, settlements without a count of people")),
        ):
            yield from _alone(found, "people", tr(form).format(where=tr(words)), measure, holder, row="moved")
    for status in load_statuses().values():
        if status.id not in DEFAULT_STATUS.values():
            yield from _alone(
                found, "people", tr("Settlements, “{zone}”").format(zone=tr(status.label)), "settlements_in", status.id
            )
            yield from _alone(
                found, "people", tr("People before the full-scale invasion, “{zone}”").format(zone=tr(status.label)),
                "people_in", status.id,
            )  # fmt: skip


def _town_rows(found: _Found) -> Iterable[EffectRow]:
    for measure, form, row in (
        ("towns_near", mark("Within {distance} km of the line"), ""),
        ("towns_near_ukraine", mark("Within {distance} km of the line, held by Ukraine"), "towns"),
    ):
        for distance in DISTANCES_KM:
            yield from _both(found, "towns", tr(form).format(distance=distance), measure, str(distance), row=row)


def _object_rows(found: _Found, measured: Measured) -> Iterable[EffectRow]:
    for kind, words in KINDS.items():
        label = tr("{objects}, held by Russia").format(objects=tr(words))
        yield from _both(found, "objects", label, "objects_russia", kind)
    for status in load_statuses().values():
        label = tr("Civil objects, “{zone}”").format(zone=tr(status.label))
        yield from _alone(found, "objects", label, "objects_in", status.id)
    for holder, words in _LEAVES.items():
        moved = found.get(("objects_moved", holder, ""))
        if moved is None or moved.figure is None or not moved.figure.high:
            continue
        label = tr("{where}, civil objects").format(where=tr(words))
        names = f"{effect_text(moved)}. {moved_objects(measured, holder)}".rstrip(". ")
        yield EffectRow("objects", label, "", names, row="objects")


def moved_objects(measured: Measured, holder: str) -> str:
    """Return the civil objects that a side leaves by name, those that either side may hold marked as such."""
    objects = objects_in(measured)
    left = objects[objects["moves"] & (objects["held_by"] == holder)]
    unsure = tr("{name} (within the error of the line or of its position)")
    return ", ".join(
        name if sure else unsure.format(name=name) for name, sure in zip(object_names(left), left["sure"], strict=True)
    )
