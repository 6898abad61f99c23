"""Quantities: what each answers, what belongs together, and questions that cannot be asked."""

import pytest
from support.paths import ROOT

from mapcore import load_proposal, measure_proposal
from mapcore.analysis.metrics import NotComputableError
from mapcore.analysis.quantities import evaluate, quantities
from mapcore.base.errors import ParameterError, UnknownIdError
from mapcore.base.units import UNITS_OF

DONETSK = ("UA-14",)


def test_the_ledger_is_that_of_the_proposal():
    ledger = measure_proposal(load_proposal("us-28-point")).ledger
    for key in ("net_to_russia", "recognised_as_russian", "demilitarised"):
        ours, theirs = evaluate("ledger", proposal="us-28-point", key=key), getattr(ledger, key)
        assert (ours.value, ours.low, ours.high) == pytest.approx((theirs.value, theirs.low, theirs.high))


def test_shares_of_the_two_holders_are_the_whole():
    both = [evaluate("held_share", holder=holder, oblasts=DONETSK) for holder in ("russia", "ukraine")]
    assert sum(one.value for one in both) == pytest.approx(100)
    assert both[0].low == pytest.approx(100 - both[1].high)


def test_nearer_strips_hold_less():
    shares = [
        evaluate("near_line_share", holder="ukraine", oblasts=DONETSK, within_km=depth).value for depth in (10, 30, 60)
    ]
    assert shares == sorted(shares)
    assert shares[-1] <= 100


@pytest.mark.parametrize(
    ("quantity", "arguments", "said"),
    [
        ("hold", {}, "no quantity 'hold'; did you mean 'held'"),
        ("held", {"oblast": DONETSK}, "oblast: 'held' has no such argument; did you mean 'oblasts'"),
        ("held", {"oblasts": ("UA-99",)}, "must be ISO 3166-2 codes"),
        ("held", {"holder": "nobody"}, "'nobody' is unknown"),
        ("near_line_share", {"within_km": -3}, "must be a number of km"),
        ("population", {}, "is missing"),
        ("population", {"places": (1,)}, "are not GeoNames ids"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(quantity, arguments, said):
    with pytest.raises((ParameterError, UnknownIdError), match=said):
        evaluate(quantity, **arguments)


def test_every_quantity_answers_for_its_defaults_and_is_documented():
    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    given = {"places": (693468, 705104)}
    for name, found in quantities().items():
        assert f"`{name}`" in page
        assert found.kind in UNITS_OF
        arguments = {argument.name: given[argument.name] for argument in found.arguments if argument.kind == "places"}
        try:
            figure = evaluate(name, **arguments)
        except NotComputableError:
            continue
        assert figure.low <= figure.value <= figure.high
