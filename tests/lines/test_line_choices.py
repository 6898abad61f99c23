"""Files that can be read in more than one way, or that give a line hard to believe: asked about, never added up."""

import json
from dataclasses import replace
from datetime import date

import pytest
import shapely
from shapely import box
from shapely.geometry import mapping
from support.drawn_archive import believable
from support.paths import CASES

from mapcore import load_control
from mapcore.base.errors import ChoiceNeededError, LineFileError
from mapcore.base.geometry import geodesic_area_km2
from mapcore.base.schema import AREA_CRS
from mapcore.cli.main import main
from mapcore.land.contact_line import moved
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import About, Reading, import_bytes

ABOUT = About(as_of=date(2025, 12, 4), provenance=Provenance("Drawn by hand"))
#: Squares in Donetsk, Crimea and Cherkasy oblasts, and the east of the first.
EAST, SOUTH, MIDDLE = box(37.5, 47.8, 38.5, 48.6), box(33.8, 44.9, 34.8, 45.5), box(30.8, 49.2, 31.2, 49.4)


def read(content, name="line.geojson", *, about=ABOUT, **reading):
    return import_bytes(content, name, about=about, reading=Reading(**{"confirmed": True, **reading}))


def case(name, **reading):
    return read((CASES / name).read_bytes(), name, **reading)


def asked(content, name="line.geojson", **reading):
    """Return what a reading asks."""
    with pytest.raises(ChoiceNeededError) as question:
        read(content, name, **reading)
    assert "\n" not in str(question.value)
    return question.value


def features(*pairs):
    rows = [{"type": "Feature", "properties": found, "geometry": mapping(shape)} for shape, found in pairs]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def held_km2(line):
    import geopandas as gpd

    return geodesic_area_km2(gpd.GeoSeries([line.held], crs=AREA_CRS).to_crs(4326).item())


ASKED_CASES = {
    "c01_style_only.kml": ("styleUrl", {"#ru": 1, "#ua": 1}),
    "c03_occupied01.geojson": ("occupied", {"1": 2, "0": 1}),
    "c04_held_true.geojson": ("occupied", {"true": 1, "false": 1}),
    "c05_styles_fill.geojson": ("fill", {"#ff0000": 1, "#0000ff": 1}),
    "c06b_30names.geojson": ("name", {"Hromada 0, held by Ukraine": 1, "Hromada 29, held by Russia": 1}),
    "c08_cp1251_nocpg.zip": ("st", {"Окуповано": 1, "Звільнено": 1}),
    "c13.kmz": ("styleUrl", {"#ru": 1, "#ua": 1}),
    "c13b_utf16.kml": ("styleUrl", {"#ru": 1, "#ua": 1}),
    "c13c_cp1251.kml": ("styleUrl", {"#ru": 1, "#ua": 1}),
}


@pytest.mark.parametrize(("name", "expected"), ASKED_CASES.items(), ids=ASKED_CASES)
def test_a_file_with_classes_is_asked_about(name, expected):
    key, classes = expected
    question = asked((CASES / name).read_bytes(), name)
    assert classes.items() <= question.classes[key].items()
    assert f"{key}: '{next(iter(classes))}'" in str(question)
    assert "--class-field, --class" in str(question)
    assert "--all-classes" in str(question)


@pytest.mark.parametrize(
    ("name", "field", "one", "km2"),
    [
        ("c03_occupied01.geojson", "occupied", "1", 16_366),
        ("c04_held_true.geojson", "occupied", "true", 8_345),
        ("c05_styles_fill.geojson", "fill", "#ff0000", 8_345),
    ],
)
def test_the_class_that_is_chosen_counts_alone(name, field, one, km2):
    for chosen in ({"class_field": field}, {}):
        assert held_km2(case(name, classes=(one,), **chosen)) == pytest.approx(km2, abs=150)


OTHER_CLASSES = {
    "numbers that are no numbers of shapes": ("held", [1, 0]),
    "numbers with a point": ("share", [0.0, 1.0, 0.5]),
    "two names": ("name", ["Occupied", "Liberated"]),
    "one name and none": ("status", ["occupied", None]),
    "words in another script": ("стан", ["окуповано", "звільнено"]),
    "signs that are shown alike": ("mark", ["\U0001f534", "\U0001f535"]),
    "texts that are alike at first": ("text", ["x" * 100 + "a", "x" * 100 + "b"]),
    "lists": ("parties", [["ru"], ["ua"]]),
    "days as numbers": ("stamp", [20251200 + day for day in range(1, 16)]),
    "days as seconds": ("edited", [1764547200 + 86400 * day for day in range(15)]),
    "many names": ("hromada", [f"Place {number}" for number in range(300)]),
    "ids that repeat": ("id", [1, 1, 2]),
    "numbers of classes": ("status_id", [1, 2]),
    "codes of classes": ("class_id", ["RU 1", "UA 2"]),
    "the sixty-first property": ("z", ["a", "b"]),
}


@pytest.mark.parametrize(("key", "values"), OTHER_CLASSES.values(), ids=OTHER_CLASSES)
def test_whatever_tells_shapes_apart_is_asked_about(key, values):
    more = {f"p{number}": "same" for number in range(70)} if key == "z" else {}
    question = asked(
        features(*((box(37, 47.5, 37.1 + 0.001 * n, 47.6), {**more, key: v}) for n, v in enumerate(values)))
    )
    assert list(question.classes) == [key]
    assert sum(question.classes[key].values()) == len(values)
    assert len(question.classes[key]) == len({json.dumps(value) for value in values})


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("id", [1, 2, 3]),
        ("OBJECTID", list(range(20))),
        ("osm_id", ["way/1", "way/2"]),
        ("GlobalID", ["{0A1}", "{0B2}"]),
        ("Shape_Area", [0.5, 0.5, 0.25]),
        ("n", [number / 7 for number in range(1, 40)]),
        ("class", ["occupied"] * 3),
    ],
)
def test_what_numbers_or_measures_shapes_is_not(key, values):
    line = read(features(*((box(37 + n / 50, 47.5, 37.01 + n / 50, 47.6), {key: v}) for n, v in enumerate(values))))
    assert line.notes[0].endswith(f"{len(values)} shapes.")


def test_a_long_list_of_classes_is_cut_in_the_message_and_whole_beside_it():
    content = features(*((box(37, 47.5, 37.1 + 0.001 * n, 47.6), {"name": f"Place {n}"}) for n in range(300)))
    question = asked(content)
    assert "and 280 more" in str(question)
    assert len(str(question)) < 1000
    assert read(content, class_field="name", classes=("Place 299",)).notes[1].endswith("1 of 300 shapes.")


DATES = {
    "dots": ("04.12.2025", "05.12.2025"),
    "a short year": ("4.12.25", "5.12.25"),
    "slashes": ("2025/12/04", "2025/12/05"),
    "slashes, day first, as another date shows": ("04/12/2025", "15/12/2025"),
    "slashes, month first, as another date shows": ("12/04/2025", "12/15/2025"),
    "a time": ("2025-12-04T23:59:00Z", "2025-12-05 00:00"),
    "together": (20251204, 20251205),
    "milliseconds": (1764806400000, 1764892800000),
    "words": ("4 December 2025", "December 5, 2025"),
    "words of another language": ("4 грудня 2025", "5 грудня 2025"),
}


@pytest.mark.parametrize("days", DATES.values(), ids=DATES)
def test_a_date_is_read_in_whatever_form(days):
    line = read(features((EAST, {"date": days[0]}), (SOUTH, {"date": days[1]})))
    assert held_km2(line) == pytest.approx(held_km2(read(features((EAST, {})))), rel=1e-9)


def test_the_dates_of_the_case_are_read():
    assert held_km2(case("c38_deg_sign_date.geojson")) == pytest.approx(8_345, abs=150)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("04/12/2025", "05/12/2025"), "can be read with the day or with the month first"),
        (("04/12/2025", "13/04/2025", "04/13/2025"), "can be read with the day or with the month first"),
        (("2025-12-04", None), "has shapes with a date and 1 without one that can be read"),
        (("2025-12-04", "yesterday"), "has shapes with a date and 1 without one that can be read"),
        (("2025-12-04", "2025-12-03/2025-12-04"), "has shapes with a date and 1 without one that can be read"),
        (("yesterday", "today"), "has land of several classes: date: 'yesterday'"),
    ],
)
def test_days_that_are_not_sure_are_asked_about(days, said):
    content = features(*((EAST if n == 0 else SOUTH, {"date": day} if day else {}) for n, day in enumerate(days)))
    question = asked(content)
    assert said in str(question)
    assert days[0] in question.classes["date"]
    line = read(content, class_field="date", classes=(days[0],))
    assert held_km2(line) == pytest.approx(held_km2(read(features((EAST, {})))), rel=1e-9)


def test_one_unsure_date_that_may_be_the_day_asked_for_is_taken():
    content = features((EAST, {"date": "04/12/2025"}), (SOUTH, {"date": "04/12/2025"}))
    assert read(content).notes[0].endswith("2 shapes.")
    with pytest.raises(LineFileError, match="has nothing of 2024-01-01"):
        read(content, about=replace(ABOUT, as_of=date(2024, 1, 1)))


def test_a_line_that_is_hard_to_believe_is_asked_about():
    small = asked(features((EAST, {})), confirmed=False)
    assert small.classes == {}
    assert small.findings == (
        "18.3% of Ukraine is on the other side of it than of our line of 2 December 2025 (more than 3%)",
    )
    assert "--confirm" in str(small)
    large = asked(features((box(21, 44, 36, 53), {})), confirmed=False)
    assert len(large.findings) == 2
    assert large.findings[0].startswith("after this file, Russia holds 8")
    assert large.findings[0].endswith("% of Ukraine, more than 25%")


@pytest.mark.parametrize("day", [date(2025, 11, 1), date(2025, 12, 4), date(2026, 1, 20), date(2023, 6, 1)])
@pytest.mark.parametrize("by_km", [-8, 0, 8])
def test_a_line_of_another_source_a_few_weeks_off_is_not(day, by_km):
    line = moved(load_control(), by_km=by_km).held
    import geopandas as gpd

    shape = gpd.GeoSeries([shapely.simplify(line, 500)], crs=AREA_CRS).to_crs(4326).item()
    assert read(features((shape, {})), about=replace(ABOUT, as_of=day), confirmed=False)


def test_lines_from_before_and_after_the_invasion_are_not_held_against_each_other():
    content = features((believable(), {}))
    assert read(content, about=replace(ABOUT, as_of=date(2022, 4, 1)), confirmed=False)
    question = asked(content, about=replace(ABOUT, as_of=date(2022, 2, 1)), confirmed=False)
    assert "than of our line of 23 February 2022" in str(question)


def test_the_command_line_asks_in_one_line_and_takes_what_is_chosen(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MAPCORE_HOME", str(tmp_path))
    add = ["control", "add", str(CASES / "c01_style_only.kml"), "--as-of", "2025-12-04", "--source", "x"]
    assert main(add) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "styleUrl: '#ru' (1), '#ua' (1)" in err
    chosen = [*add, "--class-field", "styleUrl", "--class", "#ru"]
    assert main(chosen) == 2
    assert "gives a line that is hard to believe" in capsys.readouterr().err
    assert main([*chosen, "--confirm"]) == 0
    assert "Counted: styleUrl #ru: 1 of 2 shapes." in capsys.readouterr().out
