"""Which published polygons count, where a file has land of several classes: chosen by a person, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from mapcore.base.dates import read_date
from mapcore.base.errors import ChoiceNeededError, ParameterError, did_you_mean
from mapcore.base.language import number_text, tr, trn
from mapcore.base.safe_text import plain
from mapcore.lines.selection import LABEL_LENGTH, Feature
from mapcore.lines.upload import Named

#: Names of properties that usually tell classes apart; they are named first.
_TELLING: Final = re.compile(
    r"class|type|status|control|categor|layer|folder|style|name|label|kind|side|held|holder|occup", re.IGNORECASE
)
#: Names of properties that number the shapes or measure them.
_NUMBERING: Final = re.compile(
    r"(^|[_.\- @])(ogc_?|object_?|global_?|osm_?)?(f|g|o|u|gu|uu)?id(x|ex|_?\d+)?$"
    r"|^(index|no|nr|num|number|seq|order|row)$",
    re.IGNORECASE,
)
_MEASURING: Final = re.compile(r"area|leng|perim|km|hect|popul|(^|[_.\- ])(lat|lon|lng|x|y|z)$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
#: Shapes that all have another number are numbered by it where there are more of them than classes of anything.
_FEW: Final = 12
#: Values of classes, of all fields together, from which a person can choose: more than a file may have shapes.
_MOST_VALUES: Final = 50_000
_FIELDS_TOLD: Final = 4
_CLASSES_TOLD: Final = 20


def choose_classes(
    features: list[Feature],
    file: Named,
    *,
    class_field: str = "",
    classes: Iterable[str] = (),
    every_class: bool = False,
) -> tuple[list[Feature], str]:
    """
    Return the features whose class counts, and a sentence on the choice (empty where there was nothing to choose).

    Raises
    ------
    ChoiceNeededError
        If any property may tell the features apart and none was chosen: it names fields and classes.
    ParameterError
        If the field or a class is not in the file.
    """
    wanted = [plain(label, most=LABEL_LENGTH) for label in classes]
    if every_class:
        return features, tr("All classes of the file count.")
    fields = _class_fields(features)
    if not class_field and wanted:
        having = [field for field, values in fields.items() if all(label in values for label in wanted)]
        class_field = next(iter(having if len(having) == 1 else fields if len(fields) == 1 else ()), "")
    if class_field:
        return _of_class(features, file, plain(class_field, most=40), wanted)
    if fields:
        way_out = tr(
            "choose which count, with class field and class (--class-field, --class), or count all (--all-classes)"
        )
        raise _question(file, tr("has land of several classes: {classes}"), fields, way_out)
    if wanted:
        raise ParameterError(f"{file.name}: {tr('has no classes, so that none can be chosen; leave the class out')}")
    return features, ""


def _question(file: Named, template: str, fields: Mapping[str, Counter[str]], way_out: str) -> ChoiceNeededError:
    ordered = dict(sorted(fields.items(), key=lambda pair: not _TELLING.search(pair[0])))
    return file.ask(template.format(classes=_listed(ordered)), way_out, classes=_handed_on(ordered))


def _handed_on(fields: Mapping[str, Counter[str]]) -> dict[str, dict[str, int]]:
    """Return the fields to choose from, the likeliest first, with all their values, as far as one list holds them."""
    handed: dict[str, dict[str, int]] = {}
    room = _MOST_VALUES
    for key, values in fields.items():
        if len(values) <= room or not handed:
            handed[key] = dict(values.most_common(room))
            room -= len(handed[key])
    return handed


def _of_class(features: list[Feature], file: Named, class_field: str, wanted: list[str]) -> tuple[list[Feature], str]:
    known = Counter(feature.properties.get(class_field, "") for feature in features)
    if set(known) == {""}:
        present = sorted({key for feature in features for key in feature.properties})[:20]
        sentence = tr("no property '{name}'").format(name=class_field)
        raise ParameterError(f"{file.name}: {sentence}{did_you_mean(class_field, present)}")
    if not wanted:
        raise _question(
            file, tr("has these classes: {classes}"), {class_field: known}, tr("choose which count (--class)")
        )
    for label in wanted:
        if label not in known:
            sentence = tr("no class '{name}' in {field}").format(name=label, field=class_field)
            raise ParameterError(
                f"{file.name}: {sentence}{did_you_mean(label, sorted(filter(None, known))[:_CLASSES_TOLD])}"
            )
    kept = [feature for feature in features if feature.properties.get(class_field, "") in wanted]
    sentence = tr("Counted: {field} {classes}: {count} of {all} shapes.")
    return kept, sentence.format(field=class_field, classes=", ".join(wanted), count=len(kept), all=len(features))


def _class_fields(features: list[Feature]) -> dict[str, Counter[str]]:
    """Return the properties that may tell classes apart, with their values and how often each stands."""
    counted: dict[str, Counter[str]] = {}
    for feature in features:
        for key, value in feature.properties.items():
            counted.setdefault(key, Counter())[value] += 1
    for values in counted.values():
        lacking = len(features) - values.total()
        if lacking:
            values[""] = lacking
    return {key: values for key, values in counted.items() if len(values) > 1 and _may_be_classes(key, values)}


def _may_be_classes(key: str, values: Counter[str]) -> bool:
    """Say whether a property may be more than a number of each shape, or a measure of it."""
    each = [value for value in values if value]
    distinct = values.total() == len(values)
    if all(_NUMBER.fullmatch(value) for value in each):
        if all(read_date(value) for value in each):
            return True
        if _MEASURING.search(key):
            return bool(_TELLING.search(key)) and not distinct
        return not distinct or (not _numbers_shapes(key) and len(values) <= _FEW)
    numbered = distinct and all(any(sign.isdigit() for sign in value) for value in each)
    return not (numbered and _numbers_shapes(key))


def _numbers_shapes(key: str) -> bool:
    """Say whether the name of a property is that of a number of each shape; that of a class, as in class_id, is not."""
    return bool(_NUMBERING.search(key)) and not _TELLING.search(key)


def _listed(fields: Mapping[str, Counter[str]]) -> str:
    """Return the likeliest fields with their most frequent classes; what is left out is counted."""
    listed = [f"{key}: {_values_listed(values)}" for key, values in list(fields.items())[:_FIELDS_TOLD]]
    more = len(fields) - len(listed)
    if more:
        listed.append(trn("{count} more property", "{count} more properties", more).format(count=more))
    return "; ".join(listed)


def _values_listed(values: Counter[str]) -> str:
    listed = [f"'{value}' ({count})" for value, count in values.most_common(_CLASSES_TOLD)]
    more = len(values) - len(listed)
    if more:
        listed.append(trn("and {count} more", "and {count} more", more).format(count=number_text(more)))
    return ", ".join(listed)
