"""The core on the shipped data: tiling, areas, published shares, proposals, command line, links."""

import json

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mapcore import cli, load_control, load_oblasts, load_proposal, load_proposals, measure_proposal
from mapcore.areas import measure
from mapcore.control import moved, split_by_holder
from mapcore.errors import ProposalError
from mapcore.geometry import geodesic_area_km2
from mapcore.scenario import read_proposal, scan_proposals
from mapcore.zones import build_zones

IDS = [proposal.id for proposal in load_proposals()]


def test_every_shipped_proposal_is_sound():
    assert scan_proposals()[1] == ()
    assert len(IDS) == 8


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(IDS), st.sampled_from([-3.0, 0.0, 3.0]), st.integers(5, 60))
def test_zones_tile_the_country(proposal_id, by_km, depth_km):
    proposal = load_proposal(proposal_id)
    parameters = dict.fromkeys(proposal.parameters, depth_km)
    zones = build_zones(proposal, control=moved(load_control(), by_km=by_km), parameters=parameters)
    country = shapely.union_all(load_oblasts().geometry.to_numpy())
    union = shapely.union_all(zones.geometry.to_numpy())
    assert zones.area.sum() == pytest.approx(country.area, rel=1e-9)
    assert shapely.symmetric_difference(union, country).area < 1e-9 * country.area
    assert not zones.duplicated(["oblast", "held_by", "status"]).any()


def test_geodesic_areas_agree_with_an_equal_area_projection():
    oblasts = load_oblasts()
    assert oblasts["measured_area_km2"].to_numpy() == pytest.approx(oblasts.area.to_numpy() / 1e6, rel=1e-5)


def test_one_degree_square_at_the_equator():
    assert geodesic_area_km2(shapely.box(0, 0, 1, 1)) == pytest.approx(12308.778, abs=0.01)


def test_known_cities_are_on_their_side():
    pieces = split_by_holder(load_control()).to_crs("EPSG:4326")
    cities = {(37.80, 48.00): "russia", (37.57, 48.73): "ukraine", (36.25, 49.99): "ukraine", (34.66, 47.49): "russia"}
    for point, holder in cities.items():
        assert pieces[pieces.contains(shapely.Point(point))]["held_by"].item() == holder


def test_us_plan_by_hand():
    measured = measure_proposal(load_proposal("us-28-point"))
    oblasts = load_oblasts().set_index("iso")["measured_area_km2"]
    ledger = measured.ledger
    assert ledger.recognised_as_russian.value == pytest.approx(oblasts[["UA-43", "UA-40", "UA-09", "UA-14"]].sum())
    assert ledger.net_to_russia.value == pytest.approx(ledger.ukraine_leaves.value - ledger.russia_leaves.value)
    assert ledger.ukraine_leaves.low < ledger.ukraine_leaves.value < ledger.ukraine_leaves.high


def test_a_freeze_moves_no_land():
    ledger = measure_proposal(load_proposal("line-as-is")).ledger
    assert ledger.ukraine_leaves.value == ledger.russia_leaves.value == 0


def test_a_rule_that_can_never_match_is_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'id="a"\ntitle="A"\nby="B"\ndate=2025-01-01\norder=1\nsummary="S"\n'
        '[[zones]]\nstatus="returned"\nwhere={held_by="russia"}\n'
        '[[zones]]\nstatus="frozen"\nwhere={oblasts=["UA-65"],held_by="russia"}\n'
    )
    with pytest.raises(ProposalError, match=r"zones\[1\]: can never match"):
        read_proposal(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('oblasts=["UA-99"]', "'UA-99' is not a first-level unit"),
        ('oblast=["UA-14"]', "unknown key; did you mean 'oblasts'"),
        ('held_by="nobody"', "is not a holder"),
        ('within_km_of_line="depth"', "is not a parameter of this proposal"),
        ("within_km_of_line=-3", "must be a number of km"),
    ],
)
def test_mistakes_are_named(tmp_path, change, said):
    path = tmp_path / "mine.toml"
    path.write_text(
        'id="a"\ntitle="A"\nby="B"\ndate=2025-01-01\norder=1\nsummary="S"\n'
        f'[[zones]]\nstatus="returned"\nwhere={{{change}}}\n'
    )
    with pytest.raises(ProposalError, match=said):
        read_proposal(path)


def test_areas_on_the_command_line(capsys):
    assert cli.main(["areas", "donetsk-narrow-buffer", "--set", "depth_km=40", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"proposal", "control", "zones", "ledger"}
    total = sum(zone["area_km2"] for zone in answer["zones"])
    assert total == pytest.approx(load_oblasts()["measured_area_km2"].sum(), rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["areas", "us-28-pint"], "did you mean 'us-28-point'"),
        (["areas", "donetsk-narrow-buffer", "--set", "depth_km=99"], "out of range"),
        (["areas", "us-28-point", "--set", "depth_km"], "write a name and a number"),
        (["areas", "us-28-point", "--control", "1999-01-01"], "no line of contact"),
    ],
)
def test_refusals_are_one_line(capsys, arguments, said):
    assert cli.main(arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_check_names_the_file(tmp_path, capsys):
    path = tmp_path / "broken.toml"
    path.write_text("id = ")
    assert cli.main(["check", str(path)]) == 1
    assert "broken.toml: is not valid TOML" in capsys.readouterr().out


def test_shares_by_oblast_are_near_the_published_ones():
    pieces = measure(split_by_holder(load_control()).assign(status="x"))
    assert isinstance(pieces, gpd.GeoDataFrame)
    share = pieces[pieces["held_by"] == "russia"].set_index("oblast")["share_of_oblast"] * 100
    assert share[["UA-43", "UA-40"]].to_numpy() == pytest.approx(100)
    for oblast, published, within in [("UA-14", 77, 1.5), ("UA-09", 99.6, 1.5), ("UA-63", 4.7, 1), ("UA-59", 1, 1)]:
        assert share[oblast] == pytest.approx(published, abs=within)
