"""Every figure that is shown is that of the data, rounded once: page, command line and each export, read whole."""

import csv
import html
import io
import json
import re
from urllib.parse import parse_qsl, urlencode

import openpyxl
import pyogrio
import pypdf
import pytest
from support.api import V1
from support.asgi import Client
from support.dashboard import opened, page_text
from support.formats import read
from support.subjects import REPRESENTATIVE

from mapcore import compare, load_control, load_proposal, measure_proposal
from mapcore.app.server import api
from mapcore.base.units import written
from mapcore.cli import main
from mapcore.measurement.areas import ledger_figure, left_open_km2, recognised_along_line_km2
from mapcore.measurement.likely import likely_ranges
from mapcore.present import wording
from mapcore.present.difference_classes import totals
from mapcore.present.effect_words import GROUPS, effect_rows
from mapcore.present.tooltips import zone_words
from mapcore.publish.data_addresses import of_view
from mapcore.publish.export import Wishes, export
from mapcore.publish.first_answer import document
from mapcore.publish.overview import draw_overview
from mapcore.publish.overview_content import measure_all

#: An area or the two ends of a range, with the unit once, as every text has them.
AREA = re.compile(r"(?:(−?\d[\d,]*) to )?(−?\d[\d,]*) km²")
#: Cells of a table whose head has the unit.
CELL = re.compile(r"<td class=(?:n|a-n)>([−\d,]+)</td>")


def measured(proposal):
    return measure_proposal(load_proposal(proposal))


def plain(markup):
    """What a reader sees of HTML or SVG; a picture keeps its words in comments where it draws letters."""
    without = re.sub(r"<(script|style).*?</\1>|<!--(.*?)-->", r" \2 ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", without)).split())


def areas_in(text):
    return {number for pair in AREA.findall(text) for number in pair if number}


def asked(client, name, **query):
    answer = client.ask(f"{V1}{name}?{urlencode(query)}")
    assert answer.status == 200, answer.body
    return answer


def table(client, name, **query):
    return list(csv.DictReader(io.StringIO(asked(client, f"{name}.csv", **query).body.decode("utf-8-sig"))))


def near_the_line(found):
    """What Ukraine holds within the depths that the debate names, which the page gives beside such a proposal."""
    named = [(name, depth) for name, one in found.proposal.parameters.items() for depth in one.named]
    lines = [line for name, km in named for line in measure_proposal(found.proposal, parameters={name: km}).variants]
    kept = [line.query("held_by == 'ukraine' and status != 'retained'") for line in lines]
    return [area for line in kept for area in [line["area_km2"].sum(), *line.groupby("oblast")["area_km2"].sum()]]


def full_values(found):
    """All areas that a text may give of a measured proposal, at full precision."""
    areas = ["area_km2", "low_km2", "high_km2"]
    statuses = [sums for one in found.variants for sums in one.groupby("status")["area_km2"].sum()]
    held = [sums for one in found.variants for sums in one.groupby("held_by")["area_km2"].sum()]
    ledger = [one for key in wording.ledger_words() if (figure := ledger_figure(found, key)) for one in figure.numbers]
    along = recognised_along_line_km2(found)
    beside = [
        *near_the_line(found),
        *left_open_km2(found).values(),
        along,
        found.ledger.recognised_as_russian.value + along,
    ]
    likely = [value for one in likely_ranges(found).ledger.values() for value in one.numbers]
    rest = found.by_status.loc[found.by_status["status"] == "retained", "area_km2"].sum()
    fought_over = [found.ledger.contested_of(key) or 0.0 for key in wording.ledger_words()]
    for frame in (found.zones, found.by_status):
        fought_over += [*frame["contested_km2"].fillna(0), *frame.groupby("status")["contested_km2"].sum()]
    rows = [*found.zones[areas].to_numpy().flat, *found.by_status[areas].to_numpy().flat]
    return [*rows, *fought_over, *statuses, *held, *ledger, *beside, *likely, rest]


@pytest.fixture(scope="module")
def client():
    return Client(api.routes())


@pytest.mark.parametrize("proposal", REPRESENTATIVE)
def test_every_figure_of_a_proposal_is_the_same_number(proposal, client, capsys, tmp_path):
    found = measured(proposal)
    known = {wording.number(value) for value in full_values(found)}
    ledger = [figure for key in wording.ledger_words() if (figure := ledger_figure(found, key))]
    assert main.main(["areas", proposal]) == 0
    app = opened(proposal=proposal, objects="port,canal")
    page = page_text(app)
    exports = {ending: export(found, ending) for ending in ("svg", "html")}
    texts = {
        "page": plain(re.sub(r'<div class="prose.*?</div>', "", page, flags=re.DOTALL)),
        "first answer": plain(document.first_answer(document.reading({"proposal": proposal})).body),
        "command line": capsys.readouterr().out,
        "picture": plain(exports["svg"].decode()),
    }
    if proposal == REPRESENTATIVE[0]:
        # Its figures are those of the picture, written by the same functions; reading one takes two seconds.
        brief = pypdf.PdfReader(io.BytesIO(export(found, "pdf")))
        texts["brief"] = " ".join(sheet.extract_text() for sheet in brief.pages)
    for place, text in texts.items():
        seen = areas_in(text)
        assert seen, place
        assert seen <= known, (place, seen - known)
        assert {wording.number(figure.value) for figure in ledger} <= seen, place
    other = [exports["html"].decode(), json.dumps(zone_words(found, units="km2"), ensure_ascii=False)]
    assert all(areas_in(text) and areas_in(text) <= known for text in other)
    cells = CELL.findall(page)
    assert cells
    assert set(cells) <= known
    _what_it_does_to_the_land_unfolds(app, found)
    _data_are_the_full_values(found, ledger, client, capsys, tmp_path)


def _what_it_does_to_the_land_unfolds(app, found):
    """Nothing of it is worked out before; then its rows are those of the command line, each place with a way there."""
    assert GROUPS["shape"] not in page_text(app)
    app.session_state["effects"] = True
    app.run()
    assert not app.exception
    shown, rows = page_text(app), effect_rows(found, "km2")
    for row in rows:
        assert html.escape(row.label) in shown
        assert html.escape(row.after) in shown
    assert shown.count("zoom=") >= sum(row.spot is not None for row in rows)


def _data_are_the_full_values(found, ledger, client, capsys, tmp_path):
    """What programs and files get is the value that the texts were rounded from."""
    name = found.proposal.id
    areas, figures = table(client, "areas", proposal=name), table(client, "ledger", proposal=name)
    pieces = asked(client, "zones.geojson", proposal=name).json()["features"][:-1]
    rows = list(found.by_status["area_km2"])
    assert [float(row["area_km2"]) for row in areas] == [written(value) for value in rows]
    assert [one["properties"]["area_km2"] for one in pieces] == [written(one) for one in found.zones["area_km2"]]
    numbers = [float(row["area_km2"]) for row in figures if row["area_km2"]]
    assert numbers == [written(figure.value) for figure in ledger]
    assert main.main(["areas", name, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [value for value in told["ledger"].values() if value is not None] == numbers
    assert [row["area_km2"] for row in told["zones"]] == [written(value) for value in rows]
    book = openpyxl.load_workbook(io.BytesIO(export(found, "xlsx")))
    listed = [row for row in book["Figures"].iter_rows(min_row=2, values_only=True) if row[2] is not None]
    assert [row[2] for row in listed] == numbers
    assert [row[1] for row in listed] == [str(wording.figure_text(figure, "km2")) for figure in ledger]
    path = tmp_path / "plan.gpkg"
    path.write_bytes(export(found, "gpkg"))
    kept = pyogrio.read_dataframe(path, layer="figures")
    assert list(kept["km2"].dropna()) == numbers
    assert list(read(export(found, "csv"))["area_km2"]) == [written(value) for value in found.zones["area_km2"]]


def test_every_figure_of_the_sheet_is_that_of_a_proposal():
    """All proposals on one sheet: the figures of each ledger, and no other."""
    every = [one for group in measure_all(load_control()).values() for one in group]
    ledgers = {one.proposal.id: [ledger_figure(one, key) for key in wording.lead_words()] for one in every}
    seen = areas_in(plain(draw_overview(load_control(), "svg").decode()))
    assert seen <= {wording.number(value) for one in every for value in full_values(one)}
    for proposal, figures in ledgers.items():
        assert {wording.number(figure.value) for figure in figures if figure} <= seen, proposal


@pytest.mark.parametrize("over", ["all", "holder"])
def test_every_figure_of_a_comparison_answers_the_question_of_its_map(over, client, capsys):
    """Page, first answer, command line, data by address: the land that differs in what the map shows, and no other."""
    a, b = "us-28-point", "russia-claim"
    comparison = compare(measured(a), measured(b))
    other = "holder" if over == "all" else "all"
    ours, theirs = (wording.area_number(totals(comparison, one)[0].value, "km2") for one in (over, other))
    link = {"page": "compare", "proposal": a, "compare": b, "question": over}
    assert main.main(["compare", a, b, "--question", over]) == 0
    listed = capsys.readouterr().out
    answer = document.first_answer(document.reading(link))
    texts = [page_text(opened(**link)), answer.body, export(comparison, "svg", Wishes(over=over)).decode()]
    for text in map(plain, texts):
        assert ours in areas_in(text)
        assert theirs not in areas_in(text)
    sums = wording.area_number(totals(comparison, over)[1].value, "km2")
    assert sums in areas_in(listed)
    address = of_view(document.reading(link).view)["text/csv"]
    query = dict(parse_qsl(address.partition("?")[2]))
    rows = table(client, "compare", **query)
    changed = sum(float(row["area_km2"]) for row in rows)
    assert wording.number(changed) == ours
    told = asked(client, "compare.json", **query).json()
    assert main.main(["compare", a, b, "--question", over, "--json"]) == 0
    assert told == json.loads(capsys.readouterr().out)
    assert sum(row["area_km2"] for row in told["changes"]) == pytest.approx(changed)
    assert wording.number(told["unchanged_km2"]) == sums
