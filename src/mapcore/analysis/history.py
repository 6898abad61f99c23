"""Lines of several dates: land held over time, what changed between two dates, and at which pace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import geopandas as gpd
import pandas as pd

from mapcore.analysis.line_agreement import disagreement
from mapcore.base.errors import ComparisonError, ParameterError
from mapcore.base.geometry import geodesic_areas_km2
from mapcore.base.language import tr
from mapcore.land.contact_line import Control
from mapcore.land.cut import split_by_holder

#: Mean length of a month in the Gregorian calendar, in days.
DAYS_PER_MONTH: Final = 365.2425 / 12
_HELD_COLUMNS = ["date", "oblast", "held_km2"]


@dataclass(frozen=True, eq=False)
class ControlChange:
    """
    What Russia holds on one date and not on the other.

    Attributes
    ----------
    zones
        In `AREA_CRS`, one row per non-empty (`oblast`, `change`), `change` being "gained" or "lost" by Russia: geometry
        and `area_km2`.
    """

    before: Control
    after: Control
    zones: gpd.GeoDataFrame

    @property
    def gained_km2(self) -> float:
        """Land held by Russia on the later date only."""
        return float(self.zones.loc[self.zones["change"] == "gained", "area_km2"].sum())

    @property
    def lost_km2(self) -> float:
        """Land held by Russia on the earlier date only."""
        return float(self.zones.loc[self.zones["change"] == "lost", "area_km2"].sum())

    @property
    def net_km2(self) -> float:
        """Gained less lost."""
        return self.gained_km2 - self.lost_km2


@dataclass(frozen=True)
class Pace:
    """Net change of the land held by Russia in km² a month, over the window from `since` to `until`."""

    km2_per_month: float
    since: date
    until: date

    @property
    def months(self) -> float:
        """Length of the window in mean months."""
        return (self.until - self.since).days / DAYS_PER_MONTH


@dataclass(frozen=True)
class AtThisPace:
    """
    How long a change of `land_km2` would take if a pace went on: arithmetic, not a forecast.

    Attributes
    ----------
    months
        None where the pace is zero or negative, or there is no land: then there is no such time.
    """

    land_km2: float
    pace: Pace
    months: float | None


def held_over_time(
    days: Iterable[tuple[date, Control | Callable[[], Control]]], *, oblasts: gpd.GeoDataFrame | None = None
) -> pd.DataFrame:
    """
    Measure the land held by Russia on each date, by oblast.

    Parameters
    ----------
    days
        Dates with their line, or with a function that loads it: one line at a time is in memory then.

    Returns
    -------
    held
        `date`, `oblast`, `held_km2` (geodesic): one row for each date and each oblast in which land is held on any of
        the dates, sorted; 0 where none is held.
    """
    rows = []
    for day, line in days:
        pieces = split_by_holder(line() if callable(line) else line, oblasts=oblasts)
        held = pieces[pieces["held_by"] == "russia"]
        areas = geodesic_areas_km2(held.geometry)
        rows.append(pd.DataFrame({"date": day, "oblast": held["oblast"].to_numpy(), "held_km2": areas}))
    return _complete(pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=_HELD_COLUMNS))


def held_in_series(table: pd.DataFrame) -> pd.DataFrame:
    """Return what `held_over_time` does, from the table that `series` writes."""
    rows = table[table["proposal"] == table["proposal"].iloc[0]] if len(table) else table
    dates = rows["date"].unique()
    held = rows.loc[rows["held_by"] == "russia", ["date", "oblast", "area_km2"]]
    return _complete(held.set_axis(_HELD_COLUMNS, axis=1), dates)


def _complete(held: pd.DataFrame, dates: Iterable[date] = ()) -> pd.DataFrame:
    """Give each date a row for each oblast."""
    days = sorted({*held["date"], *dates})
    index = pd.MultiIndex.from_product([days, sorted(set(held["oblast"]))], names=_HELD_COLUMNS[:2])
    areas = held.groupby(_HELD_COLUMNS[:2])["held_km2"].sum().reindex(index, fill_value=0.0)
    return areas.astype(float).reset_index()


def change_between(before: Control, after: Control, *, oblasts: gpd.GeoDataFrame | None = None) -> ControlChange:
    """
    Return what was gained and lost between two lines.

    Raises
    ------
    ComparisonError
        If the second line is not of a later date than the first.

    Examples
    --------
    >>> import mapcore
    >>> change = mapcore.change_between(mapcore.load_control("2022-02-23"), mapcore.load_control("2025-12-02"))
    >>> round(change.net_km2, -3)
    72000.0
    """
    _check_order(before.as_of, after.as_of)
    differing = disagreement(before, after, oblasts=oblasts)
    words = differing["held_by_russia_in"].map({"a": "lost", "b": "gained"})
    return ControlChange(before, after, differing.assign(change=words)[["oblast", "change", "geometry", "area_km2"]])


def _check_order(since: date, until: date) -> None:
    if until <= since:
        sentence = tr("a change runs from an earlier date to a later one, not from {since} to {until}")
        raise ComparisonError(sentence.format(since=since, until=until))


def pace_between(before: Control, after: Control, *, oblasts: gpd.GeoDataFrame | None = None) -> Pace:
    """Return the pace from one line to a later one; raises as `change_between`."""
    change = change_between(before, after, oblasts=oblasts)
    months = (after.as_of - before.as_of).days / DAYS_PER_MONTH
    return Pace(change.net_km2 / months, before.as_of, after.as_of)


def pace_over(held: pd.DataFrame, *, window_days: int = 30, until: date | None = None) -> Pace:
    """
    Return the pace over the last days of a table of `held_over_time`.

    Parameters
    ----------
    window_days
        The window starts with the last date of the table that lies at least so many days before its end. The pace says
        which dates these are: an archive has gaps.
    until
        End of the window, the last date on or before it; the last of the table when left out.

    Raises
    ------
    ParameterError
        If the table does not reach back so far.
    """
    total = held.groupby("date")["held_km2"].sum()
    ends = [day for day in total.index if until is None or day <= until]
    starts = [day for day in ends if day <= ends[-1] - timedelta(days=window_days)] if window_days >= 1 else []
    if not starts:
        sentence = tr(
            "a pace over {count} days: no date lies that long before the end; choose a shorter window of at "
            "least 1 day, or add dates"
        )
        raise ParameterError(sentence.format(count=window_days))
    since, last = starts[-1], ends[-1]
    return Pace(float(total[last] - total[since]) * DAYS_PER_MONTH / (last - since).days, since, last)


def at_this_pace(land_km2: float, pace: Pace) -> AtThisPace:
    """
    Divide land, such as what Ukraine would withdraw from under a proposal, by a pace: arithmetic, not a forecast.

    Undefined (`months` is None) where the pace is zero or negative, or the land is not above zero.
    """
    defined = pace.km2_per_month > 0 and land_km2 > 0
    return AtThisPace(land_km2, pace, land_km2 / pace.km2_per_month if defined else None)
