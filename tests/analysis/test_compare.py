"""What changes between two proposals: drawn examples, properties on the shipped data, refusals, the command line."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box
from support import drawn

from mapcore import compare, load_control, load_oblasts, load_proposal, load_proposals, measure_proposal
from mapcore.analysis.compare import by_oblast, display_changes, sum_changes
from mapcore.base.errors import ComparisonError
from mapcore.cli import main
from mapcore.land.contact_line import moved
from mapcore.present.matrix import build_matrix

IDS = [proposal.id for proposal in load_proposals()]
EAST = box(60, -10, 250, 130)
COUNTRY_KM2 = load_oblasts()["measured_area_km2"].sum()


def shipped(proposal_id, depth_km=30):
    proposal = load_proposal(proposal_id)
    return measure_proposal(proposal, parameters=dict.fromkeys(proposal.parameters, depth_km))


def at_share(proposal_id, share):
    """Measure a proposal with each parameter at a share of its way from the least to the greatest."""
    proposal = load_proposal(proposal_id)
    parameters = {name: one.min + share * (one.max - one.min) for name, one in proposal.parameters.items()}
    return measure_proposal(proposal, parameters=parameters)


def drawn_measured(*rules, held=EAST, country=None, error_km=0.0):
    country = drawn.oblasts() if country is None else country
    line = drawn.control(held, country, error_km=error_km)
    return measure_proposal(drawn.proposal(*rules), oblasts=country, control=line)


def drawn_pair(*, error_km=0.0):
    """
    Measure a freeze, and a return of UA-14 with the rest Russian de facto, on one line; Russia holds all east of km 60.

        120 +-----#-----+
            |     # 3600|          UA-65: frozen → de_facto
         60 +-----#-----+-----------+
            |     # 3600|    7200   |  UA-14: frozen → returned;  UA-09: frozen → de_facto
          0 +-----#-----+-----------+
    """
    country = drawn.oblasts()
    line = drawn.control(EAST, country, error_km=error_km)
    rules = (
        [drawn.rule("frozen", held_by="russia")],
        [drawn.rule("returned", oblasts=("UA-14",), held_by="russia"), drawn.rule("de_facto", held_by="russia")],
    )
    return [measure_proposal(drawn.proposal(*each), oblasts=country, control=line) for each in rules]


def test_a_drawn_pair_changes_what_the_eye_sees():
    found = compare(*drawn_pair())
    changed = found.changes[found.changes["changed"]].set_index(["oblast", "from_status", "to_status"])["area_km2"]
    assert changed.to_dict() == pytest.approx(
        {
            ("UA-09", "frozen", "de_facto"): 7200,
            ("UA-14", "frozen", "returned"): 3600,
            ("UA-65", "frozen", "de_facto"): 3600,
        },
        rel=1e-4,
    )
    assert found.unchanged_km2 == pytest.approx(7200, rel=1e-4)


def test_each_class_is_named_in_words_by_what_changes():
    kinds = sum_changes(compare(*drawn_pair()), ("kind", "what_changes")).set_index("kind")["what_changes"]
    assert kinds.to_dict() == {
        "Held by Russia behind a frozen line → Held by Russia, recognised de facto": (
            "whose it is recognised as; which military regime applies"
        ),
        "Held by Russia behind a frozen line → Returns to Ukraine's control": (
            "who holds it; whose it is recognised as; which military regime applies"
        ),
    }


def test_a_range_covers_both_ways_the_line_may_be_off():
    """The line crosses 60 km of UA-14, so that 2 km of error are 120 km²; UA-09 lies behind it whole."""
    rows = by_oblast(compare(*drawn_pair(error_km=2.0))).set_index("oblast")
    assert rows.loc["UA-14", ["low_km2", "high_km2"]].tolist() == pytest.approx([3480, 3720], rel=1e-4)
    assert rows.loc["UA-09", ["low_km2", "high_km2"]].tolist() == pytest.approx([7200, 7200], rel=1e-4)


def test_two_depths_of_a_buffer_differ_by_the_ring_between_them():
    """Both divide the same land, so that their edges are noded together; the ring is 10 km deep and 60 km long."""
    country, line = drawn.oblasts(), drawn.control(EAST)
    near, far = (
        measure_proposal(
            drawn.proposal(drawn.rule("narrow_buffer", oblasts=("UA-14",), held_by="ukraine", within_km=depth)),
            oblasts=country,
            control=line,
        )
        for depth in (20, 30)
    )
    found = compare(near, far)
    assert found.changed_km2 == pytest.approx(600, rel=1e-3)
    assert shapely.coverage_is_valid(found.changes.geometry.to_numpy())


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(IDS), st.sampled_from(IDS), st.floats(0, 1), st.floats(0, 1))
def test_changes_tile_the_country_and_swap(a_id, b_id, a_share, b_share):
    a, b = at_share(a_id, a_share), at_share(b_id, b_share)
    there, back = compare(a, b), compare(b, a)
    assert there.changes["area_km2"].sum() == pytest.approx(COUNTRY_KM2, rel=1e-9)
    assert there.changed_km2 + there.unchanged_km2 == pytest.approx(COUNTRY_KM2, rel=1e-9)
    assert shapely.coverage_is_valid(there.changes.geometry.to_numpy())
    keys = ["oblast", "held_by", "from_status", "to_status"]
    turned = back.changes.rename(columns={"from_status": "to_status", "to_status": "from_status"})
    for column in ("area_km2", "low_km2", "high_km2"):
        ours, theirs = (one.set_index(keys)[column].sort_index() for one in (there.changes, turned))
        assert ours.to_dict() == pytest.approx(theirs.to_dict(), rel=1e-6, abs=1e-4)
    assert (there.changes["low_km2"] <= there.changes["area_km2"]).all()
    assert (there.changes["area_km2"] <= there.changes["high_km2"]).all()


@pytest.mark.parametrize("proposal_id", IDS)
def test_nothing_changes_against_itself(proposal_id):
    found = compare(shipped(proposal_id), shipped(proposal_id))
    assert not found.changes["changed"].any()
    assert found.unchanged_km2 == pytest.approx(COUNTRY_KM2)
    assert by_oblast(found).empty


@pytest.mark.parametrize("proposal_id", IDS)
def test_holder_changes_against_the_line_as_it_stands_are_the_ledger(proposal_id):
    measured = shipped(proposal_id)
    answers = ["holder_from", "holder_to"]
    rows = sum_changes(compare(shipped("line-as-is"), measured), answers, changed_only=False).set_index(answers)
    leaves = {
        side: sum(rows["area_km2"].get((side, other), 0.0) for other in ("ukraine", "russia", "none") if other != side)
        for side in ("ukraine", "russia")
    }
    assert leaves["ukraine"] == pytest.approx(measured.ledger.ukraine_leaves.value)
    assert leaves["russia"] == pytest.approx(measured.ledger.russia_leaves.value)


def test_the_range_of_a_sum_is_not_the_sum_of_ranges():
    """All that Russia holds under either is one figure; its bounds are those of the line, not of each oblast."""
    found = compare(shipped("us-28-point"), shipped("line-as-is"))
    rows = sum_changes(found, ["changed"], changed_only=False).set_index("changed")
    apart = found.changes[found.changes["changed"]]["high_km2"].sum() - rows.loc[True, "high_km2"]
    assert apart > -1e-6
    assert (rows["low_km2"] <= rows["area_km2"]).all()


def test_the_map_has_the_same_rows():
    found = compare(shipped("us-28-point"), shipped("line-as-is"))
    shown = display_changes(found)
    assert shown.crs.to_epsg() == 4326
    assert shown.drop(columns="geometry").equals(found.changes.drop(columns="geometry"))


def test_different_lines_are_refused():
    proposal = load_proposal("line-as-is")
    other = measure_proposal(proposal, control=moved(load_control(), by_km=1.0))
    with pytest.raises(ComparisonError, match="measure both on one line"):
        compare(measure_proposal(proposal), other)


def test_different_boundaries_are_refused():
    rules = [drawn.rule("frozen", held_by="russia")]
    line = drawn.control(EAST)
    smaller = drawn.oblasts().iloc[:2]
    a = measure_proposal(drawn.proposal(*rules), oblasts=drawn.oblasts(), control=line)
    b = measure_proposal(drawn.proposal(*rules), oblasts=smaller, control=line)
    with pytest.raises(ComparisonError, match="different boundaries"):
        compare(a, b)


def test_compare_on_the_command_line(capsys):
    assert main.main(["compare", "us-28-point", "line-as-is", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["a", "b", "question", "changes", "unchanged_km2"]
    assert all(list(change) == ["oblast", "from", "to", "area_km2"] for change in answer["changes"])
    changed = sum(change["area_km2"] for change in answer["changes"])
    assert changed + answer["unchanged_km2"] == pytest.approx(COUNTRY_KM2)


def test_a_parameter_goes_to_the_proposal_that_has_it(capsys):
    texts = []
    for depth in ("10", "40"):
        assert main.main(["compare", "line-as-is", "donetsk-narrow-buffer", "--set", f"depth_km={depth}"]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] != texts[1]
    assert main.main(["compare", "line-as-is", "us-28-point", "--set", "depth_km=3"]) == 2
    assert "has no such parameter" in capsys.readouterr().err


def test_the_matrix_follows_the_rules():
    matrix = build_matrix(measure_proposal(proposal) for proposal in load_proposals())
    texts = {row.label: [cell.text for cell in row.cells] for row in matrix.rows}
    assert list(matrix.columns) == list(load_proposals())
    titles = [proposal.title for proposal in matrix.columns]
    us_plan = {label: cells[titles.index("US 28-point plan")] for label, cells in texts.items()}
    assert us_plan["Donetsk"] == (
        "Held by Russia now: held by Russia, recognised de facto; "
        "Held by Ukraine now: demilitarised, recognised as Russian"
    )
    assert us_plan["Luhansk"] == "Held by Russia, recognised de facto"
    assert us_plan["Kharkiv"] == "Held by Russia now: returns to Ukraine's control"
    assert us_plan["Land without armies"].startswith("Donetsk: ")
    counter = titles.index("European counter-proposal (E3)")
    assert {cells[counter] for cells in list(texts.values())[1:12]} == {"not specified"}


def test_every_cell_of_the_matrix_is_cited_or_silent():
    matrix = build_matrix(measure_proposal(proposal) for proposal in load_proposals())
    assert {row.section for row in matrix.rows} == {"text", "territory", "effects", "places", "terms"}
    for row in matrix.rows:
        for proposal, cell in zip(matrix.columns, row.cells, strict=True):
            assert cell.text
            assert cell.sources or not cell.specified, (proposal.id, row.id)
            assert all(source.startswith("http") for source in cell.sources)


def test_three_answers_decide_what_counts_as_alike():
    """Two statuses that no one could tell apart on the ground are no change, whatever they are called."""
    found = compare(shipped("free-economic-zone"), shipped("donetsk-narrow-buffer"))
    strip = found.changes[found.changes["to_status"] == "narrow_buffer"]
    assert set(strip["from_status"]) == {"special_zone"}
    assert not np.any(strip["changed"])
