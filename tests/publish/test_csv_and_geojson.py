"""Files of tables and shapes as their formats have them: CSV read as documented, GeoJSON wound as RFC 7946 asks."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from support import drawn_archive, subjects
from support.formats import BOM, EXACT, read, well_formed, windings

from mapcore import compare, load_control, load_proposal, load_proposals, measure_proposal
from mapcore.analysis.line_agreement import agreement, disagreement
from mapcore.analysis.series import run
from mapcore.app.pages import people_page
from mapcore.base.csv_file import ENCODING, CsvFile, csv_text, open_csv
from mapcore.base.geometry import counterclockwise
from mapcore.base.language import speaking
from mapcore.cli import main
from mapcore.lines.user_lines import save_control
from mapcore.outside.archive_forms import open_archive
from mapcore.present import map_geometry
from mapcore.present.difference_classes import OVERS
from mapcore.proposals import viewer
from mapcore.proposals.reader import read_proposal_text
from mapcore.publish.export import Wishes, export
from mapcore.publish.tables_out import zone_table
from mapcore.publish.web_page import view_shapes

#: Texts that are harmless in a proposal and once broke a table.
ODD = ["1#a", "# 1", "=1+1", "@SUM(1) # клауза", 'a "b" #, c', 'план; і "лапками" # та', "-2+3", "\tx", "x\ny # z"]
HASH = """
id = "hash"
title = "=HYPERLINK(\\"x\\") # 1; план"
by = "+Хтось # хтось"
date = 2025-11-20
order = 90
summary = "-2+3 із # та ; і \\"лапками\\"."
unspecified = ["=1+1"]

[[zones]]
status = "buffer"
clause = "1#a"
where = { oblasts = ["UA-14"], held_by = "ukraine" }

[[clauses]]
id = "1#a"
text = "@SUM(1) # клауза"
source = "https://example.org/text"

[[terms]]
topic = "army"
text = "=cmd"
source = "https://example.org/text"

[[sources]]
title = "Т"
url = "https://example.org/text"
"""


@pytest.fixture(scope="module")
def hashed():
    return measure_proposal(read_proposal_text(HASH.encode(), name="hash.toml"))


@pytest.fixture(scope="module")
def plan():
    return measure_proposal(load_proposal("us-28-point"))


def test_a_clause_with_a_hash_is_read_back_whole(hashed):
    for subject in (hashed, compare(hashed, measure_proposal(load_proposal("line-as-is")))):
        for code in ("en", "uk"):
            with speaking(code):
                content = export(subject, "csv")
                rows = zone_table(subject)
            found = read(content)
            assert content.startswith(BOM + b"# title: ")
            assert list(found.columns) == list(rows.columns)
            assert len(found) == len(rows)
            for column in rows.columns:
                kept = found[column].fillna("") if pd.api.types.is_string_dtype(rows[column]) else found[column]
                assert list(kept) == list(rows[column]), column
    assert "1#a" in set(read(export(hashed, "csv"))["clause"])


@pytest.mark.parametrize("units", ["km2", "mi2"])
@pytest.mark.parametrize("proposal", [one.id for one in load_proposals()])
def test_every_export_is_read_as_documented(proposal, units):
    found = measure_proposal(load_proposal(proposal))
    content = export(found, "csv", Wishes(units=units))
    rows = zone_table(found, units)
    assert content.startswith(BOM)
    assert read(content).fillna("").astype(str).equals(rows.fillna("").astype(str))


@given(st.lists(st.tuples(st.text(), st.floats(allow_nan=False), st.sampled_from(ODD)), min_size=1, max_size=6))
def test_any_text_survives_the_documented_way(rows):
    frame = pd.DataFrame(rows, columns=["text", "number", "odd"])
    content = csv_text(frame, {"title": 'x "y" # z', "note": "a\n# b"}).encode(ENCODING, errors="replace")
    found = pd.read_csv(io.BytesIO(content), comment="#", keep_default_na=False, **EXACT)
    assert list(found["number"]) == list(frame["number"])
    assert [value.removeprefix("'") for value in found["odd"]] == [odd.removeprefix("'") for odd in frame["odd"]]
    listed = list(csv.reader(io.StringIO(content.decode(ENCODING), newline="")))
    assert [row[0] for row in listed[:2]] == ['# title: x "y" # z', "# note: a # b"]
    assert len(listed) == len(rows) + 3


def test_what_a_spreadsheet_would_run_is_a_text():
    for odd in ODD:
        value = next(csv.reader(io.StringIO(csv_text(pd.DataFrame({"a": [odd]})).split("\n", 1)[1])))[0]
        assert value == (f"'{odd}" if odd[0] in "=+-@\t\r" else odd)


def test_the_tables_of_a_series_are_read_as_documented(tmp_path):
    drawn_archive.write_archive(tmp_path / "days", 2)
    (tmp_path / "days" / "x#=1_20251205.geojson").write_text("{}")
    proposal = replace(load_proposal("line-as-is"), id="a#b")
    found = run(open_archive(tmp_path / "days"), tmp_path / "out", proposals=[proposal], workers=1)
    content = found.csv.read_bytes()
    assert content.startswith(BOM + b"# title: ")
    assert set(read(content)["proposal"]) == {"a#b"}
    skipped = (tmp_path / "out" / "skipped.csv").read_bytes()
    assert skipped.startswith(BOM + b"date,file,reason\n")
    assert list(read(skipped)["file"]) == [one.name for one in found.skipped]


def test_the_settlements_are_read_as_documented(plan):
    content = people_page.settlements_file(plan).encode(ENCODING)
    shown = people_page.settlements(plan)
    assert content.startswith(BOM)
    found = read(content)
    assert list(found.columns) == list(shown.columns)
    assert list(found["Settlement"]) == list(shown["Settlement"])


def test_a_table_may_be_written_a_part_at_a_time(tmp_path):
    with open_csv(tmp_path / "table.csv") as file:
        table = CsvFile(file, ["a", "b"], {"title": "Т"})
        for part in ([("x#1", 1.5)], [("я", None), (date(2025, 12, 2), float("nan"))]):
            table.add(part)
    content = (tmp_path / "table.csv").read_bytes()
    assert content.count(BOM) == 1
    found = read(content)
    assert list(found["a"]) == ["x#1", "я", "2025-12-02"]
    assert found["b"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize("proposal", subjects.REPRESENTATIVE)
def test_exported_shapes_are_wound_and_valid(proposal, tmp_path):
    found = measure_proposal(load_proposal(proposal))
    change = compare(found, measure_proposal(load_proposal("russia-claim")))
    for subject in (found, change):
        for over in OVERS if subject is change else OVERS[:1]:
            content = json.loads(export(subject, "geojson", Wishes(over=over)))
            well_formed(content)
            coordinates = [one["geometry"] for one in content["features"]]
            assert max(map(decimals, coordinates)) <= 7
        well_formed(view_shapes(subject))
    assert main.main(["export", proposal, "--out", str(tmp_path / "plan.geojson")]) == 0
    well_formed(json.loads((tmp_path / "plan.geojson").read_text()))


def decimals(geometry):
    """The most decimals of any coordinate as it is written."""
    return max(len(str(number).partition(".")[2]) for number in np.unique(flat(geometry["coordinates"])))


def flat(nested):
    return [number for one in nested for number in flat(one)] if isinstance(nested, list) else [nested]


def test_frames_of_the_library_are_wound_when_they_are_written_as_they_are(plan, tmp_path):
    lines = [load_control("2025-12-02"), load_control("2022-02-23")]
    buffer = measure_proposal(load_proposal("donetsk-narrow-buffer"), parameters={"depth_km": 33})
    frames = [
        plan.zones, buffer.zones, compare(plan, buffer).changes, disagreement(*lines), agreement(lines),
    ]  # fmt: skip
    for frame in frames:
        path = tmp_path / "zones.geojson"
        frame.to_crs(4326).to_file(path)
        well_formed(json.loads(path.read_text()), valid=False)


def test_the_edge_of_the_country_is_border_or_coast():
    """Some 4,300 km border on land, some 2,900 on the sea."""
    shown = map_geometry.base_content()
    border, coast = (gpd.GeoDataFrame.from_features(shown[key], crs=4326).to_crs(3035) for key in ("border", "coast"))
    assert border.length.sum() == pytest.approx(4_340_000, rel=0.01)
    assert coast.length.sum() == pytest.approx(2_860_000, rel=0.01)
    sevastopol = gpd.GeoSeries.from_xy([33.4], [44.57], crs=4326).to_crs(3035).iloc[0]
    assert coast.distance(sevastopol).min() < 5_000 < border.distance(sevastopol).min()


def test_shapes_of_every_map_are_wound():
    content = map_geometry.base_content()
    for key in ("context", "outlines"):
        well_formed(content[key])
    lines = [load_control("2025-12-02"), load_control("2022-02-23")]
    well_formed(map_geometry.line_shapes(agreement(lines), lines[0], before=lines[1]), valid=False)
    well_formed(map_geometry.laid_area("transnistria", lon=37.0, lat=48.0)["shape"])


def test_shapes_of_a_drawn_zone_are_wound():
    """An outline may be drawn either way round, and around a hole of another status."""
    mine = viewer.start_from(load_proposal("line-as-is"), date(2025, 12, 12))
    for ring in (
        [(36.9, 48.1), (37.9, 48.1), (37.9, 48.9), (36.9, 48.1)],
        [(36.9, 48.1), (37.9, 48.9), (37.9, 48.1), (36.9, 48.1)],
    ):
        rule = replace(load_proposal("us-28-point").rules[0], inside=(tuple(ring),), oblasts=None, held_by=None)
        found = measure_proposal(replace(mine, rules=(rule, *mine.rules)))
        well_formed(json.loads(export(found, "geojson")))
        well_formed(view_shapes(found))


def test_a_kept_line_is_wound(home):
    line = replace(load_control("2025-12-02"), id="kept")
    save_control(line)
    kept = next((home / "control").glob("kept*.geojson"), None) or next(home.rglob("kept*.geojson"))
    assert all(windings(json.loads(kept.read_text())))
    assert load_control("kept").held.symmetric_difference(line.held).area < 100


@given(st.booleans(), st.booleans())
def test_polygons_are_wound_however_they_came(outer, inner):
    square = [(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)]
    hole = [(3, 3), (6, 3), (6, 6), (3, 6), (3, 3)]
    shape = shapely.Polygon(square[::-1] if outer else square, [hole[::-1] if inner else hole])
    line = shapely.LineString(square[::-1])
    found = counterclockwise(np.array([shape, shapely.MultiPolygon([shape]), line], dtype=object))
    assert found[2] is line
    for one in found[:2]:
        assert one.equals(shape)
        assert all(windings(shapely.geometry.mapping(gpd.GeoSeries([one]).iloc[0]) | {}))
