"""Published polygons as they come out of a file: which of them are of the date asked for, and what tells them apart."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from mapcore.base.dates import Dated, read_date, shown_order
from mapcore.base.errors import ChoiceNeededError
from mapcore.base.geometry import polygonal
from mapcore.base.language import number_text, tr
from mapcore.base.limits import Limits
from mapcore.base.safe_text import plain
from mapcore.lines.upload import Named

_MOST_PROPERTIES: Final = 500
_KEY_LENGTH: Final = 40
#: Characters of a class that are kept.
LABEL_LENGTH: Final = 60


def date_in(properties: Mapping[str, object], date_field: str) -> Dated | None:
    """Return the date of a feature: that of its property of this name, in small or capital letters; None for none."""
    value = next((properties[key] for key in properties if key.casefold() == date_field.casefold()), None)
    return read_date(value) if date_field and value is not None and not isinstance(value, bool) else None


@dataclass(frozen=True, eq=False)
class Feature:
    """One published shape in the file's own coordinates, its properties as harmless short texts, and its date."""

    shape: BaseGeometry
    properties: Mapping[str, str]
    dated: Dated | None = None


class _Labels:
    """Short harmless texts for values, such that two different values never have the same one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: dict[bytes, str] = {}
        self._taken: set[str] = set()

    def of(self, value: str) -> str:
        """Return the text of a value; what is cut off or not harmless is told apart by a number behind it."""
        raw = hashlib.blake2b(" ".join(value.split()).encode(errors="surrogatepass"), digest_size=16).digest()
        if raw not in self._of:
            first = label = plain(value, most=self._most)
            number = 1
            while label in self._taken and label:
                number += 1
                label = f"{first} ({number})"
            self._taken.add(label)
            self._of[raw] = label
        return self._of[raw]


@dataclass
class Sieve:
    """
    Takes features one by one, and keeps the polygons of the date asked for, within the limits.

    Where the features have `date_field` (a combined archive), those of another date are dropped at once, so that
    memory holds one date. `others` counts shapes that are no polygons.
    """

    file: Named
    as_of: date
    limits: Limits
    date_field: str = "date"
    features: list[Feature] = field(default_factory=list)
    others: int = 0
    _dates: Counter[Dated | None] = field(default_factory=Counter)
    _vertices: int = 0
    _keys: _Labels = field(default_factory=lambda: _Labels(_KEY_LENGTH))
    _values: dict[str, _Labels] = field(default_factory=dict)

    def take(self, shape: BaseGeometry, properties: Mapping[str, object]) -> None:
        """
        Keep a feature, or drop it.

        Raises
        ------
        LineFileError
            If there are more polygons, vertices or properties than the limits allow.
        """
        dated = date_in(properties, self.date_field)
        polygons = polygonal(shape)
        if dated is not None or not polygons.is_empty:
            self._dates[dated] += 1
        if dated is not None and self.as_of not in {dated.day, dated.other}:
            return
        if polygons.is_empty:
            self.others += 0 if shape.is_empty else 1
            return
        self._vertices += int(shapely.get_num_coordinates(polygons))
        if self._vertices > self.limits.vertices:
            way_out = tr("simplify it to about 50 m; MAPCORE_LIMIT_VERTICES sets the limit")
            raise self.file.refuse(
                tr("has more than {count} vertices").format(count=number_text(self.limits.vertices)), way_out
            )
        if len(self.features) >= self.limits.polygons:
            way_out = tr("dissolve them; MAPCORE_LIMIT_POLYGONS sets the limit")
            raise self.file.refuse(
                tr("has more than {count} shapes").format(count=number_text(self.limits.polygons)), way_out
            )
        self.features.append(Feature(shapely.force_2d(polygons), self._texts(properties), dated))

    def finish(self) -> list[Feature]:
        """
        Return what was kept.

        Raises
        ------
        ChoiceNeededError
            If a date can be read in two ways, or some shapes have a date and some have none.
        LineFileError
            If nothing was kept: no polygon, or none of this date; the message names the dates nearest to it.
        """
        found = [dated for dated in self._dates if dated is not None]
        order = shown_order(found)
        days = {dated: dated.settled(order) for dated in found}
        alone = len(self._dates) == 1
        if not alone and None in days.values():
            sentence = tr("has dates that can be read with the day or with the month first ({date})")
            unclear = next(dated for dated, day in days.items() if day is None)
            raise self._ask(sentence.format(date=f"{unclear.day:%d/%m/%Y}"))
        kept = [
            feature for feature in self.features if feature.dated is None or alone or days[feature.dated] == self.as_of
        ]
        if found and kept and self._dates[None]:
            sentence = tr("has shapes with a date and {count} without one that can be read")
            raise self._ask(sentence.format(count=number_text(self._dates[None])))
        if kept:
            return kept
        if found:
            raise self.file.refuse(
                *self._wrong_date({dated.day if day is None else day for dated, day in days.items()})
            )
        if self.others:
            raise self.file.refuse(
                tr("has {count} points or lines, but no polygon").format(count=self.others),
                tr("choose the land"),
            )
        raise self.file.refuse(tr("holds no polygon"), tr("choose the file that has the land, not a list or an index"))

    def _ask(self, reason: str) -> ChoiceNeededError:
        """Ask for the dates that count, as classes of the property that dates the shapes."""
        named = next(
            (key for feature in self.features for key in feature.properties if key.casefold() == self._dated_by), None
        )
        named = named or self.date_field
        counted = Counter(feature.properties.get(named, "") for feature in self.features)
        way_out = tr("choose those that count (--class-field {name}, --class), or give a file of one date")
        return self.file.ask(reason, way_out.format(name=plain(named)), classes={named: counted})

    @property
    def _dated_by(self) -> str:
        return self.date_field.casefold()

    def _wrong_date(self, days: set[date]) -> tuple[str, str]:
        known = sorted(days)
        near = sorted(sorted(known, key=lambda day: abs((day - self.as_of).days))[:2])
        nearest = ", ".join(str(day) for day in near)
        sentence = (
            tr("has nothing of {date}; it holds polygons of {first}")
            if len(known) == 1
            else tr("has nothing of {date}; it holds {count} dates from {first} to {last}")
        )
        reason = sentence.format(date=self.as_of, first=known[0], last=known[-1], count=len(known))
        return reason, tr("choose one that exists, such as {dates}, or read without a date field").format(dates=nearest)

    def _texts(self, properties: Mapping[str, object]) -> dict[str, str]:
        """Keep what can tell classes apart, as harmless short text. Nothing else of the properties is ever kept."""
        if len(properties) > _MOST_PROPERTIES:
            sentence = tr("has a shape with more than {count} properties").format(count=_MOST_PROPERTIES)
            raise self.file.refuse(sentence, tr("leave out those that name no class"))
        texts = {}
        for key, value in properties.items():
            text = "" if value is None else _worded(value)
            named = self._keys.of(str(key))
            if text and named:
                texts[named] = self._values.setdefault(named, _Labels(LABEL_LENGTH)).of(text)
        return {key: text for key, text in texts.items() if text}


def _worded(value: object) -> str:
    """Return a value as text: numbers that are the same have the same, however they are written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
