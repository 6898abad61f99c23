"""How much of each figure was contested on the day of the line."""

import geopandas as gpd
import pytest
from support import drawn, subjects

import mapcore
from mapcore.base.geometry import geodesic_area_km2
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.lines.contested import contested_land

LINE = "2025-12-02"


@pytest.fixture(scope="module", params=subjects.REPRESENTATIVE)
def plan(request):
    return mapcore.measure_proposal(mapcore.load_proposal(request.param))


def test_contested_land_is_shared_out_among_the_zones(plan):
    whole = gpd.GeoSeries([contested_land(LINE)], crs=AREA_CRS).to_crs(MAP_CRS).item()
    assert plan.zones["contested_km2"].sum() == pytest.approx(geodesic_area_km2(whole), rel=1e-4)
    assert plan.by_status["contested_km2"].sum() == pytest.approx(plan.zones["contested_km2"].sum())
    assert (plan.zones["contested_km2"] <= plan.zones["area_km2"] + 1e-6).all()


def test_the_ledger_has_the_contested_part_of_each_of_its_lines(plan):
    zones, frame = plan.zones, plan.to_frame()
    held = zones.loc[zones["held_by"] == "russia", "contested_km2"].sum()
    assert plan.ledger.contested_of("held_by_russia_now") == pytest.approx(held)
    assert plan.ledger.contested_of("net_to_russia") is None, "a difference is no land"
    known = frame[frame["value_km2"].notna() & frame["contested_km2"].notna()]
    assert (known["contested_km2"] <= known["value_km2"] + 1e-6).all()


def test_nothing_is_known_of_a_line_without_reports():
    line = drawn.control(drawn.scaled(drawn.oblasts().geometry.iloc[0]))
    found = mapcore.measure_proposal(drawn.proposal(), oblasts=drawn.oblasts(), control=line)
    assert found.zones["contested_km2"].isna().all()
    assert found.by_status["contested_km2"].isna().all()
    assert found.to_frame()["contested_km2"].isna().all()
