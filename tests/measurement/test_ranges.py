"""Bounds over lines: drawn examples."""

import math

import pandas as pd

from mapcore import Range
from mapcore.measurement.ranges import areas_over, numbers_of
from mapcore.present.wording import area_number, figure_text


def test_a_figure_is_that_on_the_first_line_between_the_least_and_the_greatest():
    assert Range.over([5.0, 7.0, 3.0]) == Range(5.0, 3.0, 7.0)
    assert Range.over(iter([4.0])) == Range(4.0, 4.0, 4.0)
    assert Range(5.0, 3.0, 7.0).in_units_of(2) == Range(2.5, 1.5, 3.5)


def test_land_that_a_moved_line_takes_away_counts_as_none():
    inner, outer = pd.Series({"a": 6.0, "c": 1.0}), pd.Series({"b": 8.0, "a": 2.0})
    found = areas_over([pd.Series({"b": 5.0, "a": 4.0}), inner, outer])
    assert found.index.tolist() == ["b", "a"]
    assert [Range(*row) for row in found.itertuples(index=False)] == [Range(5.0, 0.0, 8.0), Range(4.0, 2.0, 6.0)]
    assert Range.of(next(found.itertuples())) == Range(5.0, 0.0, 8.0)


def test_what_is_not_specified_has_no_number_and_says_so():
    assert numbers_of(None) == (None, None, None)
    assert numbers_of(Range(2.0, 1.0, 3.0)) == (2.0, 1.0, 3.0)
    assert figure_text(None, "km2") == ("Not specified", "")
    assert [area_number(one, "km2") for one in (None, math.nan, 0.0)] == ["Not specified", "Not specified", "0"]
    assert str(figure_text(Range(20.0, 10.0, 30.0), "km2")) == "20 km² (10 to 30 km²)"
    assert str(figure_text(Range(20.0, 20.0, 20.0), "km2")) == "20 km²"
