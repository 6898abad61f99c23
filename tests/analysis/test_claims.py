"""
Published figures: verdicts, and the record that no verdict changes unnoticed.

A verdict may change for a good reason: a better line, a corrected boundary, a mended rule. Then renew the record with

    MAPCORE_RENEW_VERDICTS=1 pytest tests/analysis/test_claims.py

read the difference of tests/claims_verdicts.json, and say in the commit and the changelog why each one changed.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapcore import check_claims, load_control
from mapcore.analysis import claims as claims_module
from mapcore.analysis.claims import Metric, check_figure, load_claims
from mapcore.analysis.quantities import evaluate
from mapcore.base import language
from mapcore.base.data_files import geo_path
from mapcore.base.errors import DataFileError, ParameterError
from mapcore.base.table_reader import TableReader
from mapcore.base.typed_numbers import implied_rounding, plain_figure, written_figure
from mapcore.cli import main
from mapcore.present import claim_figures

RECORD = Path(__file__).parent / "claims_verdicts.json"
DONETSK = ("UA-14",)


def checked(claim_id):
    return next(one for one in check_claims() if one.claim.id == claim_id)


def test_no_verdict_changes_unnoticed():
    verdicts = {one.claim.id: one.check.verdict for one in check_claims()}
    if os.environ.get("MAPCORE_RENEW_VERDICTS"):
        RECORD.write_text(json.dumps(verdicts, indent=2) + "\n", encoding="utf-8")
    assert verdicts == json.loads(RECORD.read_text(encoding="utf-8")), "see the top of this file for how to renew it"


def test_there_are_enough_claims_and_each_is_complete():
    claims = load_claims()
    assert len(claims) >= 20
    for claim in claims:
        assert claim.statement.endswith("."), claim.id
        assert claim.definition, claim.id
        assert claim.source.startswith("http") or (claim.article and not claim.source), claim.id
        assert claim.rounding > 0, claim.id


def test_a_figure_that_differs_says_why_and_one_that_agrees_does_not():
    for one in check_claims():
        assert bool(one.reason) == (one.check.verdict != "agrees"), one.claim.id


def test_the_figures_of_the_article_are_among_them():
    stated = {(one.claim.stated_text, one.claim.unit) for one in check_claims() if one.claim.article}
    assert stated == {
        ("approximately 25 percent", "percent"),
        ("20 percent", "percent"),
        ("approximately 1,800 square miles", "mi2"),
        ("30 to 50 km", "km"),
    }


def test_a_freeze_adds_no_land_and_the_nearest_quantity_is_shown():
    one = checked("article-1800-sq-mi")
    assert one.check.verdict == "differs"
    assert one.check.computed.low == one.check.computed.high == 0
    metric, unit, figure = one.near[0]
    assert (metric.quantity, unit) == ("leaves", "mi2")
    left = evaluate("leaves", proposal="us-28-point", holder="ukraine", oblasts=DONETSK)
    assert figure.value == pytest.approx(left.value / 2.589988110336)


def test_a_change_needs_two_lines():
    one = checked("deepstate-november")
    assert one.check.verdict == "cannot be computed"
    assert one.check.computed is None
    assert "a change needs two lines" in one.reason


@pytest.mark.parametrize(
    ("written", "half"),
    [("5,000", 500), ("19.25", 0.005), ("4 700", 50), ("116165", 0.5), ("100.0", 0.05), ("45", 0.5), ("0", 0.5)],
)
def test_a_written_number_says_how_precise_it_is(written, half):
    assert implied_rounding(written) == pytest.approx(half)


@pytest.mark.parametrize("written", ["", "many", "nan", "inf", "1,8oo"])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(ParameterError, match="is not a number"):
        implied_rounding(written)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("5,000", "5000"), (" \N{MINUS SIGN}19.25 ", "-19.25"), ("4 700", "4700"), ("4\N{NO-BREAK SPACE}700", "4700"),
     ("1,800.50", "1800.50")],
)  # fmt: skip
def test_a_number_is_read_as_english_writes_it(typed, plain):
    assert plain_figure(typed) == plain


@pytest.mark.parametrize("typed", ["", "19,25", "1,2345", "5 km", "1" * 13, "٥"])
def test_a_number_that_english_would_not_write_is_refused(typed):
    with pytest.raises(ParameterError, match=r"write one such as 5,000 or 19\.25"):
        plain_figure(typed)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("5 000", "5000"), ("5\N{NO-BREAK SPACE}000", "5000"), ("5\N{NARROW NO-BREAK SPACE}000", "5000"), ("5000", "5000"),
     ("12,5", "12.5"), ("12.5", "12.5"), ("\N{MINUS SIGN}1 234,56", "-1234.56"), ("0,125", "0.125"),
     ("1234,567", "1234.567")],
)  # fmt: skip
def test_a_number_is_read_as_ukrainian_writes_it(typed, plain):
    with language.speaking("uk"):
        assert plain_figure(typed) == plain


@pytest.mark.parametrize("typed", ["1,800", "-1,800", "116.165"])
def test_a_number_that_reads_in_two_ways_is_refused_where_a_comma_parts_decimals(typed):
    with language.speaking("uk"), pytest.raises(ParameterError, match=r"5\s000.*19,25"):
        plain_figure(typed)
    assert float(plain_figure(typed))


@pytest.mark.parametrize("typed", ["1,800,000", "5,000.5", "12,5,5", "5'000", "багато"])
def test_a_number_that_ukrainian_would_not_write_is_refused(typed):
    with language.speaking("uk"), pytest.raises(ParameterError, match="19,25"):
        plain_figure(typed)


@given(st.decimals(-999_999, 999_999, places=4).map(str), st.sampled_from(["en", "uk"]))
def test_what_a_link_holds_reads_back_from_its_written_form(plain, code):
    with language.speaking(code):
        assert plain_figure(written_figure(plain)) == plain


@given(st.floats(0, 1e6), st.floats(0.1, 1e4))
def test_a_verdict_follows_from_range_and_rounding(stated, rounding):
    check = check_figure(stated, "km2", Metric("held", {"oblasts": DONETSK}), rounding=rounding)
    ours = check.computed
    distance = max(ours.low - stated, stated - ours.high, 0.0)
    assert check.verdict == ("agrees" if distance <= rounding else "differs")
    assert check.difference == pytest.approx(ours.value - stated)


def test_more_than_is_one_sided():
    metric = Metric("held", {"oblasts": DONETSK})
    assert check_figure(1.0, "km2", metric, rounding=0.5, over=True).verdict == "agrees"
    assert check_figure(1.0, "km2", metric, rounding=0.5).verdict == "differs"
    assert check_figure(1e6, "km2", metric, rounding=0.5, over=True).verdict == "differs"


def test_a_square_mile_is_a_square_mile():
    check = check_figure(1.0, "mi2", Metric("held", {}), rounding=1)
    assert check.computed.value * 2.589988110336 == pytest.approx(evaluate("held").value)


def test_a_unit_that_does_not_fit_is_refused():
    with pytest.raises(ParameterError, match="'held' is given in km2 or mi2"):
        check_figure(5, "percent", Metric("held", {}), rounding=1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verdict": "agrees"}, r"claim\[0\]\.verdict: unknown key"),
        ({"unit": "km"}, "'km' does not fit 'held'"),
        ({"metric": {"quantity": "hold"}}, "no quantity 'hold'"),
    ],
)
def test_mistakes_in_a_claim_are_named(change, said):
    row = {
        "id": "a", "statement": "S.", "stated": 5, "stated_text": "5", "unit": "km2", "metric": {"quantity": "held"},
        "definition": "D", "as_of": load_control().as_of, "date": load_control().as_of, "source_title": "T",
        "source": "https://example.org",
    }  # fmt: skip
    reader = TableReader(geo_path("claims.toml"), of_proposal=False)
    with pytest.raises(DataFileError, match=said):
        claims_module._read(reader, row | change, "claim[0]")


def test_claims_on_the_command_line(capsys):
    assert main.main(["claims", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    keys = ["id", "statement", "stated", "unit", "computed", "low", "high", "difference", "verdict", "source"]
    assert all(list(row) == keys for row in answer)
    assert {row["verdict"] for row in answer} <= {"agrees", "differs", "cannot be computed"}
    assert all((row["computed"] is None) == (row["verdict"] == "cannot be computed") for row in answer)
    assert main.main(["claims"]) == 0
    assert "A freeze on the line of contact adds no land" in capsys.readouterr().out


def test_a_word_before_a_figure_makes_it_twice_as_wide():
    claims = {claim.id: claim for claim in load_claims()}
    assert claims["afp-net"].rounding == 100, "about 2,300"
    assert claims["afp-donetsk-left"].rounding == 1000, "almost 5,000"
    assert claims["deepstate-november"].rounding == 0.5, "505"
    assert claim_figures.read_as(claims["afp-net"]) == "2,200 km² to 2,400 km²"
    assert claim_figures.read_as(claims["afp-2025"]) == "more than 5,550 km²"


def test_a_figure_of_a_day_of_its_own_needs_a_line_of_about_that_day():
    checked = {one.claim.id: one for one in check_claims() if one.claim.own_day}
    far = [one for one in checked.values() if one.claim.as_of.year == 2026 and one.claim.as_of.month > 1]
    assert len(far) >= 15
    assert {one.check.verdict for one in far} == {"cannot be computed"}
    assert all("import a line of about that day" in one.reason for one in far)
    held = next(one.claim for one in far if one.claim.id == "sky-donetsk-share")
    line = load_control()
    near = replace(line, as_of=held.as_of)
    assert next(one for one in check_claims(control=near) if one.claim.id == held.id).check.computed
