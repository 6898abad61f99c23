"""Published polygons as they come out of a file: which of them are of the date and of the classes that count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from mapcore.errors import ParameterError, did_you_mean
from mapcore.geometry import polygonal
from mapcore.language import number_text, tr
from mapcore.limits import Limits
from mapcore.texts import plain
from mapcore.unpack import refusal

#: Names of properties that tell classes apart even if each polygon has its own value.
_CLASS_NAMES: Final = re.compile(
    r"class|type|status|control|categor|layer|folder|name|label|kind|side|held|holder", re.IGNORECASE
)
_MOST_PROPERTIES: Final = 60
_MOST_CLASSES: Final = 30
_DATE: Final = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?!\d)")


def date_in(properties: Mapping[str, object], date_field: str) -> date | None:
    """Return the date of a feature: that of its property of this name, in small or capital letters; None for none."""
    value = next((properties[key] for key in properties if key.casefold() == date_field.casefold()), None)
    found = _DATE.match(str(value)) if date_field and value is not None else None
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


@dataclass(frozen=True, eq=False)
class Feature:
    """One published shape in the file's own coordinates, and its properties as harmless short texts."""

    shape: BaseGeometry
    properties: Mapping[str, str]


@dataclass
class Sieve:
    """
    Takes features one by one, and keeps the polygons of the date asked for, within the limits.

    Where the features have `date_field` (a combined archive), those of another date are dropped at once, so that
    memory holds one date. `others` counts shapes that are no polygons.
    """

    name: str
    as_of: date
    limits: Limits
    date_field: str = "date"
    features: list[Feature] = field(default_factory=list)
    dates: Counter[date] = field(default_factory=Counter)
    others: int = 0
    _vertices: int = 0

    def take(self, shape: BaseGeometry, properties: Mapping[str, object]) -> None:
        """
        Keep a feature, or drop it.

        Raises
        ------
        LineFileError
            If there are more polygons or vertices than the limits allow.
        """
        dated = date_in(properties, self.date_field)
        if dated is not None:
            self.dates[dated] += 1
            if dated != self.as_of:
                return
        polygons = polygonal(shape)
        if polygons.is_empty:
            self.others += 0 if shape.is_empty else 1
            return
        self._vertices += int(shapely.get_num_coordinates(polygons))
        if self._vertices > self.limits.vertices:
            way_out = tr("simplify it to some 50 m; MAPCORE_LIMIT_VERTICES moves the limit")
            raise refusal(
                self.name, tr("has more than {count} vertices").format(count=number_text(self.limits.vertices)), way_out
            )
        if len(self.features) >= self.limits.polygons:
            way_out = tr("dissolve them; MAPCORE_LIMIT_POLYGONS moves the limit")
            raise refusal(
                self.name, tr("has more than {count} shapes").format(count=number_text(self.limits.polygons)), way_out
            )
        self.features.append(Feature(shapely.force_2d(polygons), _texts(properties)))

    def finish(self) -> list[Feature]:
        """
        Return what was kept.

        Raises
        ------
        LineFileError
            If nothing was: no polygon, or none of this date; the message names the dates nearest to it.
        """
        if self.features:
            return self.features
        if self.dates and self.as_of not in self.dates:
            raise refusal(self.name, *self._wrong_date())
        if self.others:
            raise refusal(
                self.name,
                tr("has {count} points or lines, but no polygon").format(count=self.others),
                tr("choose the land"),
            )
        raise refusal(
            self.name, tr("holds no polygon"), tr("choose the file that has the land, not a list or an index")
        )

    def _wrong_date(self) -> tuple[str, str]:
        known = sorted(self.dates)
        near = sorted(sorted(known, key=lambda one: abs((one - self.as_of).days))[:2])
        nearest = ", ".join(str(one) for one in near)
        told = (
            tr("has nothing of {date}; it holds polygons of {first}")
            if len(known) == 1
            else tr("has nothing of {date}; it holds {count} dates from {first} to {last}")
        )
        reason = told.format(date=self.as_of, first=known[0], last=known[-1], count=len(known))
        return reason, tr("choose one that there is, such as {dates}, or read without a date field").format(
            dates=nearest
        )


def _texts(properties: Mapping[str, object]) -> dict[str, str]:
    """Keep what can name a class: short values, as harmless text. Nothing else of the properties is ever kept."""
    chosen = list(properties.items())[:_MOST_PROPERTIES]
    texts = {plain(key, most=40): plain(value, most=60) for key, value in chosen if isinstance(value, (str, int, bool))}
    return {key: value for key, value in texts.items() if key and value}


def choose_classes(
    features: list[Feature], *, name: str, class_field: str = "", classes: Iterable[str] = (), every_class: bool = False
) -> tuple[list[Feature], str]:
    """
    Return the features whose class counts, and a sentence on the choice (empty where there was nothing to choose).

    Raises
    ------
    LineFileError
        If the features fall into classes and none was chosen: the message lists fields and classes.
    ParameterError
        If the field or a class is not in the file.
    """
    wanted = [plain(one, most=60) for one in classes]
    if every_class:
        return features, tr("All classes of the file count.")
    fields = _class_fields(features)
    if not class_field and len(fields) == 1 and wanted:
        class_field = next(iter(fields))
    if not class_field:
        if fields:
            way_out = tr(
                "choose which count, with class field and class (--class-field, --class), or count all (--all-classes)"
            )
            raise refusal(name, tr("has land of several classes: {classes}").format(classes=_listed(fields)), way_out)
        if wanted:
            raise ParameterError(f"{name}: {tr('has no classes, so that none can be chosen; leave the class out')}")
        return features, ""
    return _of_class(features, name, plain(class_field, most=40), wanted)


def _of_class(features: list[Feature], name: str, class_field: str, wanted: list[str]) -> tuple[list[Feature], str]:
    known = Counter(one.properties.get(class_field, "") for one in features)
    if set(known) == {""}:
        present = sorted({key for one in features for key in one.properties})[:20]
        told = tr("no property '{name}'").format(name=class_field)
        raise ParameterError(f"{name}: {told}{did_you_mean(class_field, present)}")
    if not wanted:
        listed = _listed({class_field: known})
        raise refusal(
            name, tr("has these classes: {classes}").format(classes=listed), tr("choose which count (--class)")
        )
    for one in wanted:
        if one not in known:
            told = tr("no class '{name}' in {field}").format(name=one, field=class_field)
            raise ParameterError(f"{name}: {told}{did_you_mean(one, sorted(filter(None, known)))}")
    kept = [one for one in features if one.properties.get(class_field, "") in wanted]
    return kept, f"Counted: {class_field} {', '.join(wanted)}: {len(kept)} of {len(features)} shapes."


def _class_fields(features: list[Feature]) -> dict[str, Counter[str]]:
    """Return the properties that may tell classes apart, with their values and how often each stands."""
    keys = {key: None for one in features for key in one.properties}
    counted = {key: Counter(one.properties.get(key, "") for one in features) for key in keys}
    return {key: values for key, values in counted.items() if _may_be_classes(key, values)}


def _may_be_classes(key: str, values: Counter[str]) -> bool:
    """Say whether values repeat, or a property has a telling name; numbers count only with both."""
    named, repeat = bool(_CLASS_NAMES.search(key)), len(values) < values.total()
    numbers = all(re.fullmatch(r"[\d.:+-]*", value) for value in values)
    return 1 < len(values) <= _MOST_CLASSES and (named and repeat if numbers else named or repeat)


def _listed(fields: Mapping[str, Counter[str]]) -> str:
    chosen = sorted(fields.items(), key=lambda pair: not _CLASS_NAMES.search(pair[0]))[:4]
    return "; ".join(
        f"{key}: " + ", ".join(f"'{value}' ({count})" for value, count in values.most_common(10))
        for key, values in chosen
    )
