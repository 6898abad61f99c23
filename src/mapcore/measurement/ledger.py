"""The ledger of a proposal: what it moves, and what its text leaves open."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import InitVar, dataclass, fields
from typing import ClassVar, Final

import numpy as np
import pandas as pd

from mapcore.base.schema import DEFAULT_STATUS
from mapcore.base.units import readable
from mapcore.measurement.ranges import Range, numbers_of
from mapcore.proposals.shipped import load_statuses

_RECOGNISED_AS_RUSSIAN: Final = ("russia_de_facto", "russia_internationally", "russia_de_jure", "russia_by_us")


@dataclass(frozen=True, repr=False)
class Ledger:
    """
    What a proposal moves, in km²; each a `Range`.

    Parameters
    ----------
    not_specified
        The lines that the text leaves open: they come to nothing, and are no figure; see `ledger_figure`.
    contested_km2
        How much of each line's land was contested; without those of which nothing is known.
    """

    held_by_russia_now: Range
    ukraine_leaves: Range
    russia_leaves: Range
    net_to_russia: Range
    recognised_as_russian: Range
    demilitarised: Range
    not_specified: InitVar[frozenset[str]] = frozenset()
    contested_km2: InitVar[Mapping[str, float] | None] = None
    _open: ClassVar[frozenset[str]] = frozenset()
    _contested: ClassVar[Mapping[str, float]] = {}

    def __post_init__(self, not_specified: frozenset[str], contested_km2: Mapping[str, float] | None) -> None:
        object.__setattr__(self, "_open", not_specified)
        object.__setattr__(self, "_contested", dict(contested_km2 or {}))

    def __repr__(self) -> str:
        lines = (f"{field.name}: {self._text(field.name)}" for field in fields(self))
        return f"<Ledger: {'; '.join(lines)}>"

    def _text(self, key: str) -> str:
        figure: Range = getattr(self, key)
        if key in self._open:
            return "not specified"
        value, low, high = (f"{readable(number):,.0f}" for number in figure.numbers)
        return f"{value} km²{f' ({low} to {high})' if low != high else ''}"

    def to_frame(self) -> pd.DataFrame:
        """
        Return one row a line by its key: `value_km2`, `low_km2`, `high_km2` and `contested_km2`.

        NaN where the text leaves a line open, and where what was contested is not known.
        """
        keys = [field.name for field in fields(self)]
        rows = [
            (*numbers_of(None if key in self._open else getattr(self, key)), self.contested_of(key)) for key in keys
        ]
        columns = ["value_km2", "low_km2", "high_km2", "contested_km2"]
        return pd.DataFrame(rows, index=pd.Index(keys, name="ledger"), columns=columns, dtype=float)

    def contested_of(self, key: str) -> float | None:
        """Return how much of the land of a line was contested, in km²; None where it is not known or left open."""
        return None if key in self._open else self._contested.get(key)

    def _repr_html_(self) -> str:
        return self.to_frame().map(readable).to_html(float_format="{:,.0f}".format, na_rep="not specified")


def ledger_sums(measured: pd.DataFrame) -> dict[str, float]:
    """Return the six sums of the ledger, in km² by key, for zones with `held_by`, `status`, `area_km2`."""
    statuses = load_statuses()
    found = [statuses[status] for status in measured["status"]]
    holder, recognised, regime = (
        np.array([getattr(record, asked) for record in found]) for asked in ("holder", "recognised", "regime")
    )
    now, area = np.array(measured["held_by"], dtype=str), measured["area_km2"].to_numpy()
    ukraine_leaves = float(area[(now == "ukraine") & (holder != "ukraine")].sum())
    russia_leaves = float(area[(now == "russia") & (holder != "russia")].sum())
    return {
        "held_by_russia_now": float(area[now == "russia"].sum()),
        "ukraine_leaves": ukraine_leaves,
        "russia_leaves": russia_leaves,
        "net_to_russia": ukraine_leaves - russia_leaves,
        "recognised_as_russian": float(area[np.isin(recognised, _RECOGNISED_AS_RUSSIAN)].sum()),
        "demilitarised": float(area[regime == "demilitarised"].sum()),
    }


def left_open_sums(zones: pd.DataFrame, *, oblasts: Collection[str] | None = None) -> dict[str, float]:
    """
    Return the land on which a text is silent, in km², for each line of the ledger that this touches.

    Zones and oblasts are those of `specified_km2`.

    A text that settles nothing of the land that Russia holds gets no invented figure: each of its lines is then open
    for all of that land.
    """
    statuses, silent = load_statuses(), moves_nothing(zones)
    if oblasts is not None:
        zones = zones[zones["oblast"].isin(list(oblasts))]
    area, now = zones["area_km2"], zones["held_by"]
    regime = zones["status"].map(lambda status: statuses[status].regime)
    recognised = zones["status"].map(lambda status: statuses[status].recognised)
    unsettled = float(area[(now == "russia") & (regime == "unspecified")].sum())
    return {
        "ukraine_leaves": unsettled if silent else 0.0,
        "russia_leaves": unsettled,
        "net_to_russia": unsettled,
        "recognised_as_russian": float(area[recognised == "unspecified"].sum()),
        "demilitarised": unsettled if silent else 0.0,
    }


def specified_km2(
    zones: pd.DataFrame, key: str, value_km2: float, *, oblasts: Collection[str] | None = None
) -> float | None:
    """
    Return a line of the ledger, or None where it comes to nothing while the text leaves land open to it.

    Parameters
    ----------
    zones
        All zones of a text with `oblast`, `held_by`, `status`, `area_km2`.
    oblasts
        Where the line is drawn up for these alone.
    """
    return value_km2 if value_km2 != 0 or not left_open_sums(zones, oblasts=oblasts).get(key) else None


def moves_nothing(zones: pd.DataFrame) -> bool:
    """Whether zones move no land and leave the future of all land that Russia holds open."""
    statuses = load_statuses()
    held, ours = (set(zones.loc[zones["held_by"] == holder, "status"]) for holder in ("russia", "ukraine"))
    return all(statuses[status].regime == "unspecified" for status in held) and ours <= {DEFAULT_STATUS["ukraine"]}
