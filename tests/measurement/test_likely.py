"""Likely ranges: against a closed form, against lines really moved, and to the digit."""

import importlib.util
import math
from dataclasses import replace

import numpy as np
import pytest
from shapely import box
from support import drawn, subjects
from support.paths import ROOT

from mapcore import load_control, load_proposal, load_proposals, measure_proposal
from mapcore.analysis.line_agreement import disagreement
from mapcore.base.errors import ParameterError
from mapcore.land.contact_line import moved
from mapcore.measurement.likely import DRAWS, drawn_changes, likely_ranges
from mapcore.measurement.line_displacement import (
    band_edge,
    draw_offsets,
    line_sweep,
    reach_for,
    standard_deviation_km,
    stations_along,
)

BENCHMARK = ROOT / "benchmarks" / "bench_ranges.py"
HELD = drawn.rule("held", held_by="russia")
BAND = drawn.rule("narrow_buffer", oblasts=("UA-14",), held_by="ukraine", within_km=30.0)


def measured(held=None, *rules, error_km=1.0):
    """A straight line through UA-14 and UA-65, 60 km in each, unless drawn otherwise."""
    line = drawn.control(held or box(0, 0, 60, 120), error_km=error_km)
    return measure_proposal(drawn.proposal(*(rules or [HELD])), oblasts=drawn.oblasts(), control=line)


def zone(ranges, oblast, held_by):
    rows = ranges.zones.set_index(["oblast", "held_by"])
    return rows.loc[(oblast, held_by)]


@pytest.fixture(scope="module")
def naive():
    spec = importlib.util.spec_from_file_location("bench_ranges", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


@pytest.fixture(scope="module")
def shipped():
    return {proposal.id: measure_proposal(proposal) for proposal in load_proposals()}


def test_the_mean_offset_is_the_error():
    line = load_control().line
    offsets = standard_deviation_km(2.0) * draw_offsets(line, draws=400, seed=1, correlation_km=7.0)
    assert np.abs(offsets).mean() == pytest.approx(2.0, rel=0.02)
    assert offsets.mean() == pytest.approx(0.0, abs=1e-12)
    assert offsets.shape[1] == sum(stations_along(line).counts) == pytest.approx(line.length / 1000, abs=2)


def test_correlation_falls_to_a_third_over_its_length():
    line = drawn.control(box(0, 0, 60, 120), error_km=1.0).line
    offsets = draw_offsets(line, draws=4000, seed=1, correlation_km=10.0)
    lagged = [np.mean(offsets[:, :-lag] * offsets[:, lag:]) for lag in (5, 10, 20)]
    assert lagged == pytest.approx([math.exp(-0.25), math.exp(-1), math.exp(-4)], abs=0.04)


def test_a_straight_line_agrees_with_the_closed_form():
    """
    The change is the integral of the offset over 60 km: a normal variable of known variance.

    Held land on the left, likely range ±1.645 standard deviations:

        +-------|-------+
        | R   60 km  U  |
        +-------|-------+
    """
    lags = np.linspace(-60, 60, 24001)
    # It is 0 at both ends, so that the sum is the trapezoidal one.
    shared_km2 = np.sum((60 - np.abs(lags)) * np.exp(-((lags / 7) ** 2))) * (lags[1] - lags[0])
    variance = shared_km2 * standard_deviation_km(1.0) ** 2
    row = zone(likely_ranges(measured(), draws=20_000), "UA-14", "russia")
    for end, sign in (("likely_low_km2", -1), ("likely_high_km2", 1)):
        assert row[end] - row["area_km2"] == pytest.approx(sign * 1.645 * math.sqrt(variance), rel=0.04)


@pytest.mark.parametrize("by_km", [-3.0, -1.0, 1.0, 3.0])
def test_one_offset_everywhere_is_the_line_moved_as_a_whole(by_km):
    control = load_control()
    plan = measure_proposal(load_proposal("line-as-is"))
    oblasts = tuple(plan.zones.dissolve("oblast").geometry.items())
    sweep = line_sweep(control.line, control.held, oblasts, reach_km=reach_for(2.5))
    offsets = np.full((1, sum(stations_along(control.line).counts)), by_km)
    ours = {oblast: float(change[0]) for oblast, change in sweep.passed(offsets).items()}
    found = disagreement(control, moved(control, by_km=by_km))
    theirs = found.assign(area_km2=found["area_km2"] * math.copysign(1, by_km)).set_index("oblast")["area_km2"]
    for oblast, change in theirs.items():
        assert ours.get(oblast, 0.0) == pytest.approx(change, rel=0.03, abs=6), oblast


@pytest.mark.parametrize("by_km", [-2.0, 2.0])
def test_the_far_edge_of_a_band_moves_with_the_line(by_km):
    plan = measured(None, BAND, HELD)
    control = plan.control
    oblasts = tuple(zip(drawn.oblasts()["iso"], drawn.oblasts().geometry, strict=True))
    edge = band_edge(control.line, control.held, oblasts, depth_km=30.0, holder="ukraine", reach_km=12.0)
    offsets = np.full((1, sum(stations_along(control.line).counts)), by_km)
    assert edge.passed(offsets)["UA-14"][0] == pytest.approx(60 * by_km, rel=0.05)


@pytest.mark.parametrize(("name", "within"), [("us-28-point", 0.12), ("donetsk-narrow-buffer", 0.25)])
def test_drawn_changes_agree_with_lines_really_moved_and_cut(naive, shipped, name, within):
    """Root mean square difference as a share of the standard deviation; docs/ranges.md states the tolerance."""
    _, found = naive.differences(shipped[name], [3, 1500])
    assert len(found) >= 12
    assert found["apart"].max() < within, found.sort_values("apart").tail(3)


def test_the_same_seed_gives_the_same_digits(shipped):
    first, again = (likely_ranges(shipped["us-28-point"]) for _ in range(2))
    assert first.zones.equals(again.zones)
    assert first.ledger == again.ledger
    net, other = first.ledger["net_to_russia"], likely_ranges(shipped["us-28-point"], seed=1).ledger["net_to_russia"]
    assert (net.low, net.high) == pytest.approx((3505.8541383251245, 4132.575728555624), rel=1e-9)
    assert (other.low, other.high) != (net.low, net.high)
    assert other.high - other.low == pytest.approx(net.high - net.low, rel=0.1)


@pytest.mark.parametrize("name", subjects.REPRESENTATIVE)
def test_likely_ranges_lie_around_the_value_and_within_the_outer_bound(shipped, name):
    plan = shipped[name]
    ranges = likely_ranges(plan)
    assert list(ranges.zones["area_km2"]) == list(plan.zones["area_km2"])
    assert list(ranges.by_status["status"]) == list(plan.by_status["status"])
    banded = any(rule.within_km is not None for rule in plan.proposal.rules)
    for figure, likely in ranges.ledger.items():
        outer = getattr(plan.ledger, figure)
        assert likely.value == outer.value
        assert likely.low <= likely.value <= likely.high
        if not banded:
            assert outer.low - 1e-6 <= likely.low, figure
            assert likely.high <= outer.high + 1e-6, figure
    assert (ranges.zones["likely_low_km2"] >= 0).all()


def test_land_that_follows_oblasts_alone_has_no_range(shipped):
    """Whole oblasts are Russian de facto: wherever the line runs in them, the sum is the same."""
    recognised = likely_ranges(shipped["us-28-point"]).ledger["recognised_as_russian"]
    assert recognised.high - recognised.low < 1e-6
    whole = likely_ranges(shipped["us-28-point"]).by_status.set_index(["oblast", "status"]).loc[("UA-09", "de_facto")]
    assert whole["likely_high_km2"] - whole["likely_low_km2"] < 1e-6


def test_a_strip_cannot_lose_more_than_it_has():
    """A strip of 2 km along the western border, known to 5 km, may vanish and no more."""
    row = zone(likely_ranges(measured(box(0, 0, 2, 60), error_km=5.0)), "UA-14", "russia")
    assert 0 <= row["likely_low_km2"] < row["area_km2"] == pytest.approx(120, rel=0.01)
    changes = drawn_changes(measured(box(0, 0, 2, 60), error_km=5.0))["UA-14", "russia", "held"]
    assert changes.min() >= -121


def test_more_error_means_more_range():
    widths = [
        np.ptp(
            zone(likely_ranges(measured(), error_km=error), "UA-14", "russia")[["likely_low_km2", "likely_high_km2"]]
        )
        for error in (0.0, 0.5, 2.0, 8.0)
    ]
    assert widths[0] == 0
    assert widths == sorted(widths)
    assert widths[2] / widths[1] == pytest.approx(4, rel=0.1)


def test_nothing_held_has_no_line_and_no_range():
    ranges = likely_ranges(measured(box(500, 500, 501, 501)))
    assert (ranges.zones["likely_low_km2"] == ranges.zones["likely_high_km2"]).all()


@pytest.mark.parametrize(
    "wrong",
    [{"error_km": -1.0}, {"error_km": float("nan")}, {"correlation_km": 0.0}, {"share": 1.0}, {"draws": 1}],
)
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError, match="likely ranges: choose an error from 0 to 30 km"):
        likely_ranges(measured(), **wrong)


def test_draws_mirror_each_other():
    changes = drawn_changes(measured())["UA-14", "russia", "held"]
    assert len(changes) == DRAWS
    assert changes[: DRAWS // 2] == pytest.approx(-changes[DRAWS // 2 :], abs=1.0)


def test_a_proposal_with_a_drawn_outline_is_refused():
    proposal = load_proposal("us-28-point")
    ring = ((37.1, 48.3), (37.6, 48.3), (37.6, 48.7), (37.1, 48.3))
    outlined = replace(proposal, rules=(replace(proposal.rules[0], inside=(ring,)), *proposal.rules))
    with pytest.raises(ParameterError, match="drawn outline"):
        likely_ranges(measure_proposal(outlined))
