"""Files for others: each format read back, its metadata, and the same bytes each time."""

import csv
import functools
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

from mapcore import compare, load_proposal, measure_proposal
from mapcore.base.errors import ExportError
from mapcore.base.language import speaking, tr
from mapcore.base.sources import data_version
from mapcore.cli import main
from mapcore.land.boundaries import oblast_names
from mapcore.present.difference_classes import ALIKE_FILLS
from mapcore.present.links import from_query
from mapcore.present.wording import AREA_UNITS, holder_words
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_statuses
from mapcore.publish.build_content import make_sheet
from mapcore.publish.export import FORMATS, Wishes, export
from mapcore.publish.frame_style import palette
from mapcore.publish.picture import SIZES
from mapcore.publish.print_layout import text_width, wrapped
from mapcore.publish.tables_out import figure_rows, zone_rows
from mapcore.publish.view_content import Chosen, link
from mapcore.publish.web_page import view_words

BASE = "https://maps.example.org/"


@pytest.fixture(scope="module")
def plan():
    return measure_proposal(load_proposal("us-28-point"))


@pytest.fixture(scope="module")
def change(plan):
    return compare(plan, measure_proposal(load_proposal("line-as-is")))


@pytest.fixture(scope="module")
def social(plan):
    """A file of the plan by ending, address and language, made once for all tests that only read it."""

    @functools.cache
    def made_once(ending, base="", code="en"):
        with speaking(code):
            return export(plan, ending, Wishes(size="social", base=base))

    return made_once


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
        # Its metadata are in Latin-1 or, with other signs, in UTF-16, at an even place or an odd one.
        texts = (content, "latin-1"), (content, "utf-16-be"), (content[1:], "utf-16-be")
        return " ".join(one.decode(encoding, "ignore") for one, encoding in texts)
    return content.decode()


@pytest.mark.parametrize("ending", [ending for ending in FORMATS if ending not in {"bib", "txt"}])
def test_every_file_names_its_licence_and_whom_to_credit(social, ending, tmp_path):
    told = facts_in(ending, social(ending, BASE), tmp_path)
    assert "CC BY 4.0" in told
    assert "Natural Earth" in told
    assert "2 December 2025" in told


@pytest.mark.parametrize("ending", FORMATS)
def test_every_file_says_what_held_means_in_law(social, ending, tmp_path):
    told = facts_in(ending, social(ending, BASE), tmp_path)
    assert all(number in told for number in ("68/262", "ES-11/1", "ES-11/4"))


def test_a_file_says_up_to_which_day_its_sources_go(plan, change):
    facts = make_sheet(plan, Chosen()).facts
    assert (facts["sources_reviewed_on"], facts["newest_source"]) == ("2026-11-29", "2025-12-03")
    newest = [one.proposal.newest_source.isoformat() for one in (change.a, change.b)]
    assert newest[0] != newest[1]
    assert make_sheet(change, Chosen()).facts["newest_source"] == min(newest), "the earlier of two"


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_input_gives_the_same_bytes(change, ending):
    wishes = Wishes(size="social", units="mi2", base=BASE)
    assert export(change, ending, wishes) == export(change, ending, wishes)


def test_another_process_at_another_time_gives_the_same_bytes(social, tmp_path):
    script = (
        "import hashlib, json, sys, time; real = time.time; time.time = lambda: real() + 86400 * 400\n"
        "from mapcore import *; from mapcore.publish.export import *\n"
        "plan = measure_proposal(load_proposal('us-28-point'))\n"
        "print(json.dumps({e: hashlib.sha256(export(plan, e, Wishes(size='social'))).hexdigest() for e in FORMATS}))"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    ours = {ending: hashlib.sha256(social(ending)).hexdigest() for ending in FORMATS}
    assert json.loads(ended.stdout) == ours


def test_no_file_holds_the_present_date(social):
    content = social("xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        assert b"2025-12-02T00:00:00Z" in book.read("docProps/core.xml")
    assert b"/CreationDate" not in social("pdf")
    assert set(re.findall(rb"20\d\d-\d\d-\d\dT", social("gpkg"))) == {b"2025-12-02T"}


@pytest.mark.parametrize("size", [*SIZES, "900x700"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_has_its_size_and_its_theme(plan, size, theme):
    picture = Image.open(io.BytesIO(export(plan, "png", Wishes(size=size, theme=theme)))).convert("RGB")
    assert picture.size == SIZES.get(size, (900, 700))
    ground = tuple(bytes.fromhex(palette(theme)["paper"].lstrip("#")))
    assert picture.getpixel((2, 2)) == ground
    shades = {colour for _, colour in picture.getcolors(picture.width * picture.height)}
    status = load_statuses()["de_facto"]
    colour = status.fill.hue(dark=theme == "dark")
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
    lines = wrapped("Held by Russia, recognised de facto " + "x" * 60, size=9.4, width=80)
    assert len(lines) > 5
    assert all(text_width(line, 9.4) <= 80 for line in lines)
    assert "".join(lines).replace(" ", "").endswith("x" * 60)


def test_a_brief_is_one_page_of_a4(social, change):
    for content in (social("pdf"), export(change, "pdf")):
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
    text = export(plan, "csv", Wishes(units="mi2")).decode("utf-8-sig")
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
    assert figures["figure"] == ("shown", "km2", "low_km2", "high_km2", "note")
    _, value, low, high, _ = figures["Ukraine would withdraw from"]
    assert low < value < high
    assert value == pytest.approx(plan.ledger.ukraine_leaves.value, abs=0.06)
    assert book["Zones"].max_row == len(plan.zones) + 1


def test_what_is_not_specified_gets_no_figure():
    silent = measure_proposal(load_proposal("e3-counter"))
    book = openpyxl.load_workbook(io.BytesIO(export(silent, "xlsx")))
    rows = {row[0]: row[1:] for row in book["Figures"].values}
    assert rows["Ukraine would withdraw from"][:4] == ("Not specified", None, None, None)
    assert make_sheet(silent).figures[1].text == "Not specified"


def test_a_link_names_the_view_and_the_data(plan, change):
    assert link(plan, Chosen(base="https://maps.example.org?old=1")) == (
        f"https://maps.example.org/?proposal=us-28-point&control=2025-12-02&v={data_version()}"
    )
    buffer = measure_proposal(load_proposal("donetsk-narrow-buffer"), parameters={"depth_km": 40})
    assert "depth_km=40" in link(buffer, Chosen(units="mi2"))
    assert "page=compare&compare=line-as-is&proposal=us-28-point" in link(change)


def test_a_link_opens_the_view_as_the_reader_had_it(change):
    chosen = Chosen(units="mi2", over="recognised", place=(48.25, 37.5, 8.0))
    with speaking("uk"):
        query = {key: value[0] for key, value in parse_qs(urlsplit(link(change, chosen)).query).items()}
    view, notices = from_query(query)
    assert notices == []
    assert (view.page, view.proposal, view.compare) == ("compare", "us-28-point", "line-as-is")
    assert (view.units, view.question, view.lang) == ("mi2", "recognised", "uk")
    assert (view.lat, view.lon, view.zoom) == chosen.place


def test_citations(plan):
    entry = export(plan, "bib", Wishes(base=BASE)).decode()
    assert entry.startswith("@misc{mapcore-us-28-point-2025-12-02-")
    assert entry.count("{") == entry.count("}")
    assert f"version = {{{data_version()}}}" in entry
    line = export(plan, "txt").decode()
    assert line.count("\n") == 2
    assert line.splitlines()[1] == make_sheet(plan, Chosen()).facts["legal_status"]
    assert "2 December 2025" in line
    assert "?" not in line


def test_a_page_says_its_words_in_all_units(plan):
    words = view_words(plan)
    assert set(words["legend"][0]["text"]) == set(AREA_UNITS)
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
        ("", Wishes(), "the file has no ending; give it one: png"),
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
    code = main.main(
        ["export", "us-28-point", "--compare", "line-as-is", "--out", str(out), "--link-base", BASE, "--json"]
    )
    assert code == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "bytes": out.stat().st_size}
    assert out.read_bytes() == export(change, "csv", Wishes(base=BASE))


def test_the_command_takes_a_question_and_a_language(change, tmp_path):
    out = tmp_path / "change.geojson"
    arguments = ["us-28-point", "--compare", "line-as-is", "--question", "holder", "--lang", "uk", "--out", str(out)]
    assert main.main(["export", *arguments]) == 0
    with speaking("uk"):
        assert out.read_bytes() == export(change, "geojson", Wishes(over="holder"))
    assert tr("none") == "none"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["us-28-point", "--out", "plan.doc"], "no format 'doc'"),
        (["us-28-point", "--out", "nowhere/plan.csv"], "cannot be written"),
        (["us-28-point", "--set", "depth_km=3", "--out", "plan.csv"], "no such parameter"),
        (["us-28", "--out", "plan.csv"], "did you mean 'us-28-point'"),
        (
            ["us-28-point", "--lang", "xx", "--out", "plan.csv"],
            "no language 'xx'; there are: en (English), uk (Українська)",
        ),
    ],
)
def test_the_command_refuses_in_one_line(arguments, reason, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main.main(["export", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert reason in told.err
    assert told.err.count("\n") == 1


@pytest.fixture(scope="module")
def made():
    return measure_proposal(viewer.start_from(load_proposal("us-28-point"), date(2025, 12, 12)))


def test_a_viewer_s_own_proposal_says_so_and_travels_whole_in_the_link(made):
    sheet = make_sheet(made, Chosen(base=BASE))
    assert sheet.title.startswith(viewer.MARK)
    assert sheet.name.startswith("mapcore-viewers-own-")
    query = {key: value[0] for key, value in parse_qs(urlsplit(sheet.facts["link"]).query).items()}
    view, notices = from_query(query)
    assert (view.page, notices) == ("own", [])
    assert viewer.unpack(view.viewers_proposal).rules == made.proposal.rules


MARK = "A viewer's own proposal; no party has put it forward."


@pytest.mark.parametrize("code", ["en", "uk"])
@pytest.mark.parametrize("ending", FORMATS)
def test_every_file_of_a_viewer_s_own_proposal_bears_its_mark(made, ending, code, tmp_path):
    with speaking(code):
        content = export(made, ending, Wishes(size="social", base=BASE))
        marks = [tr(viewer.MARK), tr(MARK)]
    told = printed(content) if ending == "pdf" else facts_in(ending, content, tmp_path)
    for mark in marks:
        assert mark in told
    assert "own=1." in told or "own=1." in content.decode("latin-1")


def test_a_comparison_with_a_viewer_s_own_proposal_bears_its_mark_and_travels_whole(made, plan):
    for a, b in ((made, plan), (plan, made)):
        sheet = make_sheet(compare(a, b))
        assert "is a viewer's own proposal; no party has put it forward." in sheet.viewers_mark
        assert sheet.facts["own"] == sheet.viewers_mark
        view, notices = from_query({key: value[0] for key, value in parse_qs(sheet.facts["link"][1:]).items()})
        assert (view.page, notices) == ("compare", [])
        assert [view.proposal, view.compare] == [viewer.link_id(one.proposal) for one in (a, b)]
        assert viewer.unpack(view.viewers_proposal).rules == made.proposal.rules


def test_no_file_of_a_party_s_proposal_bears_the_mark(social, tmp_path):
    for ending in ("png", "csv", "geojson", "txt", "bib"):
        assert viewer.MARK not in facts_in(ending, social(ending), tmp_path)


def test_the_mark_stands_on_the_map_of_a_picture(made, monkeypatch):
    from mapcore.publish import print_map

    marked = export(made, "png", Wishes(size="social"))
    monkeypatch.setattr(print_map, "_viewers_mark", lambda *_: None)
    assert export(made, "png", Wishes(size="social")) != marked


def test_a_viewer_s_own_proposal_that_is_too_long_for_a_link_has_none(made, monkeypatch):
    from mapcore.present import links

    monkeypatch.setattr(links.viewer, "MAX_LINK_CHARS", 10)
    assert link(made, Chosen(base=BASE)) == ""
    assert "url" not in export(made, "bib", Wishes(base=BASE)).decode()


def test_a_comparison_names_both_and_shows_the_ledger_of_each(change):
    sheet = make_sheet(change, Chosen(units="mi2"))
    assert sheet.title == "“US 28-point plan” compared with “The line as it stands”"
    assert [title[:2] for title, _ in sheet.sides] == ["A:", "B:"]
    assert all(figure.text.endswith("sq mi") for figure in sheet.figures)
    differ, alike = (figure.value.value for figure in sheet.figures)
    assert differ + alike == pytest.approx(change.changes["area_km2"].sum())
    assert sum(figure.value.value for _, figure in sheet.legend[:-1]) == pytest.approx(differ)
    rows = {row[0] for row in openpyxl.load_workbook(io.BytesIO(export(change, "xlsx")))["Figures"].values}
    assert "A: US 28-point plan: Ukraine would withdraw from" in rows


def test_a_difference_map_is_drawn_over_the_question_asked(change):
    pictures = {over: export(change, "png", Wishes(size="social", over=over)) for over in ("all", "holder", "regime")}
    assert len(set(pictures.values())) == 3
    legend = make_sheet(change, Chosen(over="holder")).legend
    assert {figure.label for fill, figure in legend if fill not in ALIKE_FILLS} <= {
        f"A: {ours}; B: {theirs}" for ours in holder_words().values() for theirs in holder_words().values()
    }


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_speaks_the_language_of_the_view(plan, social, ending, tmp_path):
    english, content = social(ending), social(ending, code="uk")
    with speaking("uk"):
        assert export(plan, ending, Wishes(size="social")) == content
        title = tr(plan.proposal.title)
    assert export(plan, ending, Wishes(size="social")) == english
    assert content != english
    told = printed(content) if ending == "pdf" else facts_in(ending, content, tmp_path)
    assert title in told
    assert re.search("[а-щьюяіїєґ]{5}", told)


def test_columns_keep_their_names_in_every_language(plan, change):
    for subject in (plan, change):
        rows = list(zone_rows(subject).columns), list(figure_rows(subject).columns)
        with speaking("uk"):
            assert (list(zone_rows(subject).columns), list(figure_rows(subject).columns)) == rows
            assert set(zone_rows(subject)["oblast_name"]) == set(oblast_names().values())


def printed(content):
    """The metadata of a brief."""
    held = re.findall(rb"/(?:Title|Subject|Keywords) \(((?:[^\\)]|\\.)*)\)", content, re.DOTALL)
    plain = [re.sub(rb"\\(.)", rb"\1", text, flags=re.DOTALL) for text in held]
    return " ".join(text.decode("utf-16" if text.startswith(b"\xfe\xff") else "ascii") for text in plain)
