"""What changed between two dates, at which pace, and the arithmetic at that pace."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from shapely import box
from support import drawn

from mapcore import load_control
from mapcore.analysis.history import Pace, at_this_pace, change_between, held_over_time, pace_between, pace_over
from mapcore.base.errors import ComparisonError, ParameterError

OBLASTS = drawn.oblasts()
#: 60 x 60 km on 1 January; a square of 10 km gained and one of 5 km lost by 1 July.
JANUARY = replace(drawn.control(box(0, 0, 60, 60)), as_of=date(2025, 1, 1))
JULY = replace(
    drawn.control(box(0, 0, 60, 60).union(box(60, 0, 70, 10)).difference(box(0, 0, 5, 5))), as_of=date(2025, 7, 1)
)


def test_gained_and_lost():
    change = change_between(JANUARY, JULY, oblasts=OBLASTS)
    assert (change.gained_km2, change.lost_km2) == (pytest.approx(100, rel=0.01), pytest.approx(25, rel=0.01))
    assert change.net_km2 == pytest.approx(75, rel=0.01)
    assert change.zones[["oblast", "change"]].to_numpy().tolist() == [["UA-14", "lost"], ["UA-14", "gained"]]
    assert change.zones.geometry.area.tolist() == pytest.approx([25e6, 100e6])


def test_pace_states_its_window():
    pace = pace_between(JANUARY, JULY, oblasts=OBLASTS)
    assert (pace.since, pace.until) == (date(2025, 1, 1), date(2025, 7, 1))
    assert pace.months == pytest.approx(181 / 30.436875)
    assert pace.km2_per_month == pytest.approx(75 / pace.months, rel=0.01)


@pytest.mark.parametrize("later", [JANUARY, replace(JULY, as_of=date(2024, 12, 31))])
def test_a_change_runs_forwards(later):
    with pytest.raises(ComparisonError, match="from an earlier date to a later one, not from 2025-01-01"):
        change_between(JANUARY, later, oblasts=OBLASTS)


def test_the_shipped_lines():
    change = change_between(load_control("2022-02-23"), load_control())
    assert change.gained_km2 == pytest.approx(71_940, rel=0.01)
    assert change.lost_km2 == 0


def test_held_over_time_by_oblast():
    held = held_over_time([(JULY.as_of, JULY), (JANUARY.as_of, lambda: JANUARY)], oblasts=OBLASTS)
    assert held["date"].tolist() == [JANUARY.as_of, JULY.as_of]
    assert held["oblast"].tolist() == ["UA-14", "UA-14"]
    assert held["held_km2"].tolist() == pytest.approx([3600, 3675], rel=0.01)


def table(*rows):
    return pd.DataFrame(
        [(date(2025, month, 1), "UA-14", km2) for month, km2 in rows], columns=["date", "oblast", "held_km2"]
    )


def test_pace_over_the_last_days():
    held = table((1, 100.0), (2, 100.0), (3, 110.0), (4, 130.0))
    pace = pace_over(held, window_days=31)
    assert (pace.since, pace.until) == (date(2025, 3, 1), date(2025, 4, 1))
    assert pace.km2_per_month == pytest.approx(20 * 30.436875 / 31)
    assert pace_over(held, window_days=60).since == date(2025, 1, 1)
    assert pace_over(held, window_days=28, until=date(2025, 3, 15)).until == date(2025, 3, 1)


@pytest.mark.parametrize("window_days", [0, 400])
def test_a_window_that_the_table_does_not_have_is_refused(window_days):
    with pytest.raises(ParameterError, match=f"a pace over {window_days} days: no date lies"):
        pace_over(table((1, 100.0), (2, 110.0)), window_days=window_days)


def test_at_this_pace_is_arithmetic():
    found = at_this_pace(6000.0, Pace(500.0, date(2025, 1, 1), date(2025, 7, 1)))
    assert found.months == 12


@pytest.mark.parametrize(("pace", "land"), [(0.0, 6000.0), (-20.0, 6000.0), (500.0, 0.0)])
def test_without_a_pace_there_is_no_time(pace, land):
    found = at_this_pace(land, Pace(pace, date(2025, 1, 1), date(2025, 7, 1)))
    assert found.months is None
