"""The ledger of a proposal by hand, and of texts that move nothing."""

import pytest

from mapcore import load_oblasts, load_proposal, measure_proposal
from mapcore.measurement.ranges import Range


def test_the_us_plan_by_hand():
    ledger = measure_proposal(load_proposal("us-28-point")).ledger
    whole = load_oblasts().set_index("iso")["measured_area_km2"]
    recognised = whole[["UA-43", "UA-40", "UA-09", "UA-14"]].sum()
    assert ledger.recognised_as_russian == Range(*[pytest.approx(recognised)] * 3)
    assert ledger.ukraine_leaves.low < ledger.ukraine_leaves.value < ledger.ukraine_leaves.high
    assert ledger.demilitarised.value < ledger.ukraine_leaves.value


def test_the_recognised_border_returns_everything():
    ledger = measure_proposal(load_proposal("ukraine-1991")).ledger
    assert ledger.russia_leaves == ledger.held_by_russia_now
    assert ledger.ukraine_leaves.value == ledger.recognised_as_russian.value == 0


@pytest.mark.parametrize("proposal_id", ["line-as-is", "e3-counter"])
def test_a_text_that_moves_nothing_moves_no_land(proposal_id):
    ledger = measure_proposal(load_proposal(proposal_id)).ledger
    assert ledger.ukraine_leaves == ledger.russia_leaves == ledger.net_to_russia == Range(0, 0, 0)


def test_a_deeper_buffer_is_larger():
    plan = load_proposal("donetsk-narrow-buffer")
    depths = [measure_proposal(plan, parameters={"depth_km": km}).ledger.demilitarised.value for km in (5, 30, 40, 60)]
    assert depths == sorted(set(depths))
