"""The line of 23 February 2022 against the settlements that fix it, known cities, and the published total."""

import geopandas as gpd
import pytest
import shapely
from support.scripts import load_script

from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.land.cut import split_by_holder
from mapcore.lines.catalogue import load_control, load_stretches
from mapcore.measurement.areas import measure

LINE = "2022-02-23"
#: Longitude and latitude of cities whose holder on that day nobody disputes.
CITIES = {
    "Luhansk": (39.31, 48.57, True),
    "Alchevsk": (38.80, 48.47, True),
    "Debaltseve": (38.40, 48.34, True),
    "Horlivka": (38.02, 48.30, True),
    "Donetsk": (37.80, 48.02, True),
    "Dokuchaievsk": (37.68, 47.75, True),
    "Novoazovsk": (38.09, 47.12, True),
    "Simferopol": (34.10, 44.95, True),
    "Sevastopol": (33.60, 44.60, True),
    "Kerch": (36.47, 45.36, True),
    "Stanytsia Luhanska": (39.48, 48.66, False),
    "Sievierodonetsk": (38.49, 48.95, False),
    "Popasna": (38.38, 48.63, False),
    "Bakhmut": (38.00, 48.59, False),
    "Avdiivka": (37.75, 48.14, False),
    "Marinka": (37.51, 47.94, False),
    "Volnovakha": (37.49, 47.60, False),
    "Mariupol": (37.54, 47.10, False),
    "Henichesk": (34.81, 46.18, False),
    "Kherson": (32.62, 46.64, False),
    "Melitopol": (35.37, 46.85, False),
}


@pytest.fixture(scope="module")
def build():
    return load_script("build_line_2022")


@pytest.mark.parametrize("city", CITIES)
def test_known_cities_are_on_their_side(city):
    lon, lat, behind = CITIES[city]
    point = gpd.GeoSeries.from_xy([lon], [lat], crs=MAP_CRS).to_crs(AREA_CRS).item()
    assert shapely.contains(load_control(LINE).held, point) == behind


def test_each_settlement_is_on_its_side(build):
    places = build.load_places()
    points = gpd.GeoSeries.from_xy(places["lon"], places["lat"], index=places.index, crs=MAP_CRS).to_crs(AREA_CRS)
    behind = points.within(load_control(LINE).held)
    wrong = places.index[behind != places["held_by"].eq("russia")]
    assert wrong.empty, f"the line leaves to the wrong holder: {', '.join(wrong)}"


def test_the_line_rebuilds_to_the_same_bytes(build):
    assert build.rebuild(build.load_places()) == build.LINE.read_text(encoding="utf-8")
    assert load_stretches(LINE)[["stretch", "between", "source"]].notna().all(axis=None)


def test_the_error_is_told_by_the_gaps(build):
    gaps = build.half_gaps(build.load_places())
    assert gaps.mean() == pytest.approx(3.6, abs=0.05)
    assert gaps.mean() / 2 < load_control(LINE).provenance.error_km < gaps.mean()


def test_swapped_holders_are_refused(build):
    places = build.load_places()
    swapped = places.assign(held_by=places["held_by"].replace({"russia": "ukraine", "ukraine": "russia"}))
    with pytest.raises(SystemExit, match="the first must be held by Ukraine"):
        build.rebuild(swapped)


def test_the_total_agrees_with_the_published_one():
    """The Washington Post, 21 November 2022, from ISW's data: 17,000 square miles, 7 % of Ukraine."""
    pieces = measure(split_by_holder(load_control(LINE)))
    held = pieces[pieces["held_by"] == "russia"].set_index("oblast")
    assert held["area_km2"].sum() == pytest.approx(17_000 * 2.589988, rel=0.03)
    assert held["area_km2"].sum() / pieces["area_km2"].sum() == pytest.approx(0.07, abs=0.005)
    assert held["share_of_oblast"][["UA-40", "UA-43"]].tolist() == [1.0, 1.0]
    assert list(held.index) == ["UA-09", "UA-14", "UA-40", "UA-43"]
