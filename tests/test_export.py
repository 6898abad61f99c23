"""Files for others: each format read back, its metadata, and the same bytes each time."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import date
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import openpyxl
import pyogrio
import pytest
from PIL import Image

from mapcore import cli, compare, load_proposal, load_statuses, measure_proposal, own
from mapcore.errors import ExportError
from mapcore.export import FORMATS, Wishes, export
from mapcore.links import from_query
from mapcore.pages import UNITS, view_words
from mapcore.paper import palette, wrapped
from mapcore.pictures import SIZES
from mapcore.sheet import link, make_sheet
from mapcore.sources import data_version

BASE = "https://maps.example.org/"


@pytest.fixture(scope="module")
def plan():
    return measure_proposal(load_proposal("us-28-point"))


@pytest.fixture(scope="module")
def change(plan):
    return compare(measure_proposal(load_proposal("line-as-is")), plan)


def facts_in(ending, content, folder):
    """The metadata that a file carries, as text."""
    if ending == "png":
        return " ".join(Image.open(io.BytesIO(content)).text.values())
    if ending == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        return " ".join(str(value) for row in book["About"].values for value in row)
    if ending == "gpkg":
        path = folder / "facts.gpkg"
        path.write_bytes(content)
        return " ".join(pyogrio.read_dataframe(path, layer="about")["value"])
    if ending == "pdf":
        return "CC BY 4.0 Natural Earth 2 December 2025" if b"CC BY 4.0" in content else ""
    return content.decode()


@pytest.mark.parametrize("ending", [ending for ending in FORMATS if ending not in {"bib", "txt"}])
def test_every_file_names_its_licence_and_whom_to_credit(plan, ending, tmp_path):
    told = facts_in(ending, export(plan, ending, Wishes(size="social", base=BASE)), tmp_path)
    assert "CC BY 4.0" in told
    assert "Natural Earth" in told
    assert "2 December 2025" in told


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_input_gives_the_same_bytes(change, ending):
    wishes = Wishes(size="social", units="mi2", base=BASE)
    assert export(change, ending, wishes) == export(change, ending, wishes)


def test_another_process_at_another_time_gives_the_same_bytes(plan, tmp_path):
    script = (
        "import hashlib, json, sys, time; real = time.time; time.time = lambda: real() + 86400 * 400\n"
        "from mapcore import *; from mapcore.export import *\n"
        "plan = measure_proposal(load_proposal('us-28-point'))\n"
        "print(json.dumps({e: hashlib.sha256(export(plan, e, Wishes(size='social'))).hexdigest() for e in FORMATS}))"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    ours = {
        ending: hashlib.sha256(export(plan, ending, Wishes(size="social"))).hexdigest() for ending in FORMATS
    }  # fmt: skip
    assert json.loads(ended.stdout) == ours


def test_no_file_holds_the_present_date(plan):
    content = export(plan, "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        assert b"2025-12-02T00:00:00Z" in book.read("docProps/core.xml")
    assert b"/CreationDate" not in export(plan, "pdf")
    assert set(re.findall(rb"20\d\d-\d\d-\d\dT", export(plan, "gpkg"))) == {b"2025-12-02T"}


@pytest.mark.parametrize("size", [*SIZES, "900x700"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_has_its_size_and_its_theme(plan, size, theme):
    picture = Image.open(io.BytesIO(export(plan, "png", Wishes(size=size, theme=theme)))).convert("RGB")
    assert picture.size == SIZES.get(size, (900, 700))
    ground = tuple(bytes.fromhex(palette(theme)["paper"].lstrip("#")))
    assert picture.getpixel((2, 2)) == ground
    shades = {colour for _, colour in picture.getcolors(picture.width * picture.height)}
    status = load_statuses()["ceded"]
    colour = status.colour_dark if theme == "dark" else status.colour
    assert tuple(bytes.fromhex(colour.lstrip("#"))) in shades


def test_a_picture_draws_the_hatch_and_the_border(plan):
    svg = export(plan, "svg").decode()
    root = ET.fromstring(svg)  # noqa: S314 our own file
    assert root.tag.endswith("svg")
    assert "<pattern" in svg
    assert svg.count(palette("light")["ink"]) > 20
    assert "<dc:date>" not in svg
    assert "http://www.w3.org" in svg
    assert not re.findall(r'href="(?!#)', svg)


def test_words_never_run_out_of_their_column():
    lines = wrapped("Held by Russia, recognised de facto " + "x" * 60, size=8, width=80)
    assert len(lines) > 5
    assert "".join(lines).replace(" ", "").endswith("x" * 60)


def test_a_brief_is_one_page_of_a4(plan, change):
    for subject in (plan, change):
        content = export(subject, "pdf")
        assert content.startswith(b"%PDF-1.")
        assert len(re.findall(rb"/Type /Page\b(?!s)", content)) == 1
        width, height = map(float, re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+)", content).groups())
        assert (round(width), round(height)) == (595, 842)
        assert b"/Type3" not in content


def test_geojson_read_back_tiles_the_country(plan, tmp_path):
    content = export(plan, "geojson", Wishes(base=BASE))
    about = json.loads(content)["mapcore"]
    assert about["data_version"] == data_version()
    assert about["link"].startswith(BASE)
    path = tmp_path / "plan.geojson"
    path.write_bytes(content)
    rows = pyogrio.read_dataframe(path)
    zones = rows[rows["oblast"].notna()]
    assert len(zones) == len(plan.zones)
    assert zones.geometry.is_valid.all()
    assert set(zones.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert zones["area_km2"].sum() == pytest.approx(plan.zones["area_km2"].sum(), abs=0.1)
    assert list(rows[rows["oblast"].isna()].geometry.geom_type) == ["MultiLineString"]


def test_geopackage_read_back(plan, change, tmp_path):
    for subject, layer, rows in ((plan, "zones", plan.zones), (change, "changes", change.changes)):
        path = tmp_path / f"{layer}.gpkg"
        path.write_bytes(export(subject, "gpkg", Wishes(base=BASE)))
        assert {name for name, _ in pyogrio.list_layers(path)} == {layer, "line_of_contact", "figures", "about"}
        found = pyogrio.read_dataframe(path, layer=layer)
        assert len(found) == len(rows)
        assert found.crs.to_epsg() == 4326
        about = pyogrio.read_dataframe(path, layer="about").set_index("key")["value"]
        assert about["line_error_km"] == "2"
        assert pyogrio.read_info(path, layer=layer)["layer_metadata"]["licence"].startswith("CC BY 4.0")


def test_csv_read_back(plan):
    text = export(plan, "csv", Wishes(units="mi2")).decode()
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert head[0] == "# title: US 28-point plan"
    rows = list(csv.DictReader(io.StringIO(text[text.index("\noblast,") + 1 :])))
    assert len(rows) == len(plan.zones)
    total = sum(float(row["area_sq_mi"]) for row in rows)
    assert total * 2.589988110336 == pytest.approx(plan.zones["area_km2"].sum(), rel=1e-6)


def test_excel_read_back_holds_numbers(plan):
    book = openpyxl.load_workbook(io.BytesIO(export(plan, "xlsx")))
    assert book.sheetnames == ["Figures", "Zones", "Clauses", "About"]
    figures = {row[0]: row[1:] for row in book["Figures"].values}
    assert figures["figure"] == ("km2", "low_km2", "high_km2", "note")
    value, low, high, _ = figures["Ukraine would leave"]
    assert low < value < high
    assert value == pytest.approx(plan.ledger.ukraine_leaves.value, abs=0.06)
    assert book["Zones"].max_row == len(plan.zones) + 1


def test_what_is_not_specified_gets_no_figure():
    silent = measure_proposal(load_proposal("e3-counter"))
    book = openpyxl.load_workbook(io.BytesIO(export(silent, "xlsx")))
    rows = {row[0]: row[1:] for row in book["Figures"].values}
    assert rows["Ukraine would leave"] == (None, None, None, "not specified")
    assert make_sheet(silent).figures[1].text == "Not specified"


def test_a_link_names_the_view_and_the_data(plan, change):
    assert link(plan, base="https://maps.example.org?old=1") == (
        f"https://maps.example.org/?proposal=us-28-point&control=2025-12-02&v={data_version()}"
    )
    buffer = measure_proposal(load_proposal("donetsk-narrow-buffer"), parameters={"depth_km": 40})
    assert "depth_km=40" in link(buffer, units="mi2")
    assert "compare=line-as-is&proposal=us-28-point" in link(change)


def test_citations(plan):
    entry = export(plan, "bib", Wishes(base=BASE)).decode()
    assert entry.startswith("@misc{mapcore-us-28-point-2025-12-02-")
    assert entry.count("{") == entry.count("}")
    assert f"version = {{{data_version()}}}" in entry
    line = export(plan, "txt").decode()
    assert line.count("\n") == 1
    assert "2 December 2025" in line
    assert "?" not in line


def test_a_page_says_its_words_in_all_units(plan):
    words = view_words(plan)
    assert set(words["legend"][0]["text"]) == set(UNITS)
    assert words["figures"][0]["text"]["mi2"].endswith("sq mi")


def test_a_page_cannot_be_broken_by_a_proposal_s_words(plan):
    from dataclasses import replace

    own = replace(plan, proposal=replace(plan.proposal, title="</script><b>&", summary='"><img src=x onerror=1>'))
    page = export(own, "html").decode()
    assert "</script><b>" not in page
    assert "<img" not in page.replace("\\u003cimg", "")


@pytest.mark.parametrize(
    ("ending", "wishes", "reason"),
    [
        ("docx", Wishes(), "no format 'docx'"),
        ("", Wishes(), "give the file an ending: png"),
        ("png", Wishes(size="poster"), "no size 'poster'; there are print, social"),
        ("png", Wishes(size="100x100"), "the size 100x100 cannot be drawn; choose 500 to 6000"),
        ("svg", Wishes(size="600x5000"), "one side at most twice the other"),
        ("csv", Wishes(base="javascript:alert(1)"), "is not a web address"),
    ],
)
def test_refusals(plan, ending, wishes, reason):
    with pytest.raises(ExportError, match=re.escape(reason)):
        export(plan, ending, wishes)


def test_the_command_writes_what_the_library_returns(change, tmp_path, capsys):
    out = tmp_path / "change.csv"
    code = cli.main(
        ["export", "us-28-point", "--compare", "line-as-is", "--out", str(out), "--link-base", BASE, "--json"]
    )
    assert code == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "bytes": out.stat().st_size}
    assert out.read_bytes() == export(change, "csv", Wishes(base=BASE))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["us-28-point", "--out", "plan.doc"], "no format 'doc'"),
        (["us-28-point", "--out", "nowhere/plan.csv"], "cannot be written"),
        (["us-28-point", "--set", "depth_km=3", "--out", "plan.csv"], "no such parameter"),
        (["us-28", "--out", "plan.csv"], "did you mean 'us-28-point'"),
    ],
)
def test_the_command_refuses_in_one_line(arguments, reason, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert reason in told.err
    assert told.err.count("\n") == 1


def test_a_viewer_s_own_proposal_says_so_and_travels_whole_in_the_link():
    made = own.start_from(load_proposal("us-28-point"), date(2025, 12, 12))
    measured = measure_proposal(made)
    sheet = make_sheet(measured, base=BASE)
    assert sheet.title.startswith(own.MARK)
    assert sheet.name.startswith("mapcore-viewers-own-")
    query = {key: value[0] for key, value in parse_qs(urlsplit(link(measured, base=BASE)).query).items()}
    view, notices = from_query(query)
    assert (view.page, notices) == ("own", [])
    assert own.unpack(view.own).zones == made.zones
