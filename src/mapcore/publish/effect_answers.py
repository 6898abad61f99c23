"""What proposals do to the land, for programs and for people: one row a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from mapcore.analysis.effects import Effect, effects_of
from mapcore.base.language import tr
from mapcore.measurement.areas import Measured
from mapcore.measurement.ranges import numbers_of
from mapcore.present.effect_words import MEASURES, of_words
from mapcore.publish.answers import rounded


def effects_content(measured: Iterable[Measured]) -> list[dict[str, Any]]:
    """Return what proposals do to the land, a row a figure; None where a text does not specify it."""
    return [
        {"proposal": subject.proposal.id, "control": subject.control.id, **_row(effect)}
        for subject in measured
        for effect in effects_of(subject)
    ]


def _row(effect: Effect) -> dict[str, Any]:
    figures = dict(zip(("value", "low", "high"), map(rounded, numbers_of(effect.figure)), strict=True))
    places = {
        f"{name}{key}": None if spot is None else round(getattr(spot, key), 4)
        for name, spot in (("", effect.spot), ("start_", effect.start))
        for key in ("lat", "lon")
    }
    return {
        "measure": effect.measure,
        "of": effect.of,
        "when": effect.when,
        "unit": effect.unit or "count",
        **figures,
        **places,
    }


def effects_table(measured: Sequence[Measured]) -> pd.DataFrame:
    """Return the same with what each figure is in words, in the language in use."""
    rows = pd.DataFrame(effects_content(measured))
    found = [effect for subject in measured for effect in effects_of(subject)]
    words = {
        "measure_label": [tr(MEASURES[effect.measure]) for effect in found],
        "of_label": list(map(of_words, found)),
    }
    for place, key in ((3, "measure_label"), (5, "of_label")):
        rows.insert(place, key, words[key])
    return rows
