"""Several lines: where two differ, and figures over all of them."""

from dataclasses import replace

import pytest
import shapely
from shapely import box
from support import drawn

from mapcore import load_control, load_proposal
from mapcore.analysis.line_agreement import agreement, disagreement, spread
from mapcore.base.errors import ComparisonError
from mapcore.land.contact_line import moved

OBLASTS = drawn.oblasts()
#: Two lines that each hold a square of 10 km that the other does not, in different oblasts.
WEST = drawn.control(box(0, 0, 60, 60).union(box(0, 60, 10, 70)))
EAST = drawn.control(box(0, 0, 60, 60).union(box(120, 0, 130, 10)))


def test_where_two_lines_differ():
    found = disagreement(WEST, EAST, oblasts=OBLASTS)
    assert found[["oblast", "held_by_russia_in"]].to_numpy().tolist() == [["UA-09", "b"], ["UA-65", "a"]]
    assert found.geometry.area.tolist() == pytest.approx([1e8, 1e8])
    assert found["area_km2"].tolist() == pytest.approx([100, 100], rel=0.01)
    assert found.crs is not None


def test_a_line_agrees_with_itself():
    found = disagreement(WEST, WEST, oblasts=OBLASTS)
    assert found.empty
    assert list(found.columns) == ["oblast", "held_by_russia_in", "geometry", "area_km2"]


def test_the_difference_swaps_sides():
    there, back = disagreement(WEST, EAST, oblasts=OBLASTS), disagreement(EAST, WEST, oblasts=OBLASTS)
    assert back["held_by_russia_in"].tolist() == ["a", "b"]
    assert back["area_km2"].tolist() == there["area_km2"].tolist()


def test_the_shipped_lines_differ_by_what_was_gained():
    before, now = load_control("2022-02-23"), load_control()
    found = disagreement(before, now)
    assert set(found["held_by_russia_in"]) == {"b"}
    assert found["area_km2"].sum() == pytest.approx((now.held.area - before.held.area) / 1e6, rel=1e-3)
    found["area_km2"] = 0
    assert disagreement(before, now)["area_km2"].sum() > 0


def test_figures_spread_over_lines():
    line = load_control()
    lines = [line, replace(moved(line, by_km=1.0), id="further"), load_control("2022-02-23")]
    found = spread(load_proposal("line-as-is"), lines)
    assert list(found.columns) == ["2025-12-02", "further", "2022-02-23", "min", "max"]
    held = found.loc["held_by_russia_now"]
    assert held["min"] == held["2022-02-23"] < held["2025-12-02"] < held["further"] == held["max"]


def test_parameters_and_own_oblasts():
    proposal = drawn.proposal(drawn.rule("held", held_by="russia"))
    found = spread(proposal, [replace(WEST, id="west"), replace(EAST, id="east")], oblasts=OBLASTS)
    assert found.loc["held_by_russia_now", "min"] == pytest.approx(3700, rel=0.01)


@pytest.mark.parametrize(
    ("lines", "said"), [([WEST, EAST], "two lines have the id drawn"), ([], "there is no line to compare")]
)
def test_lines_that_cannot_be_told_apart_are_refused(lines, said):
    with pytest.raises(ComparisonError, match=said):
        spread(load_proposal("line-as-is"), lines)


def test_which_lines_have_land_held():
    """Two squares of 10 km that one line each has beyond the 60 km that both have; the rest no line has."""
    lines = [replace(WEST, id="west"), replace(EAST, id="east")]
    found = agreement(lines, oblasts=OBLASTS)
    sizes = {(row.oblast, row.held_in): round(row.geometry.area / 1e6) for row in found.itertuples()}
    assert sizes == {
        ("UA-09", ()): 7100,
        ("UA-09", ("east",)): 100,
        ("UA-14", ()): 3600,
        ("UA-14", ("west", "east")): 3600,
        ("UA-65", ()): 7100,
        ("UA-65", ("west",)): 100,
    }
    assert found["lines"].tolist() == [0, 1, 0, 2, 0, 1]
    assert shapely.coverage_is_valid(found.geometry.to_numpy())


def test_agreement_of_shipped_lines_is_their_disagreement_and_the_rest():
    before, now = load_control("2022-02-23"), load_control()
    further = replace(moved(now, by_km=1.0), id="further")
    pair, three = agreement([before, now]), agreement([before, now, further])
    held = pair.groupby("held_in")["area_km2"].sum()
    assert held[(now.id,)] == pytest.approx(disagreement(before, now)["area_km2"].sum(), abs=0.01)
    assert three["area_km2"].sum() == pytest.approx(pair["area_km2"].sum(), rel=1e-9)
    assert set(three.loc[three["lines"] == 1, "held_in"]) == {("further",)}
