"""All proposals on one sheet: what stands on it, the same bytes, its address, its command."""

import io
import json
from xml.etree import ElementTree as ET

import pypdf
import pytest
from PIL import Image
from support.asgi import Client

import mapcore
from mapcore.app.server import overviews
from mapcore.base.errors import ExportError
from mapcore.base.language import speaking
from mapcore.base.sources import data_version
from mapcore.cli import main
from mapcore.measurement.areas import ledger_figure
from mapcore.present import proposal_groups, wording
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_statuses
from mapcore.publish import overview, overview_address, overview_content

CONTROL = mapcore.load_control()
SVG = "{http://www.w3.org/2000/svg}"
LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"


@pytest.fixture(scope="module")
def drawn():
    return overview.draw_overview(CONTROL, "svg")


def texts(element):
    return [text.text for text in element.iter(f"{SVG}text")]


def test_each_proposal_stands_once_in_the_choosers_order_with_its_ledger(drawn):
    root = ET.fromstring(drawn)  # noqa: S314 our own file
    layers = {group.get(LABEL): group for group in root.iter(f"{SVG}g") if group.get(LABEL)}
    measured = [one for group in overview_content.measure_all(CONTROL).values() for one in group]
    assert sorted(one.proposal.id for one in measured) == sorted(one.id for one in mapcore.load_proposals())
    listed = [one.id for group in proposal_groups.groups() for one in group.options if not one.other_text]
    assert [one.proposal.id for one in measured] == listed
    for one in measured:
        title = viewer.title_of(one.proposal)
        told = " ".join(texts(layers[title]))
        assert layers[f"map: {title}"].get("id").startswith("map-")
        for key in wording.lead_words():
            figure = ledger_figure(one, key)
            shown = wording.figure_text(figure, "km2")
            assert shown[0] in told, (title, key)
            if figure and shown[1]:
                low, high = (wording.area_number(bound, "km2") for bound in (figure.low, figure.high))
                assert f"{low} to {high}" in told
    assert "Not specified" in " ".join(texts(layers["European counter-proposal (E3)"]))
    legend = " ".join(texts(layers["legend"]))
    statuses = {status for one in measured for status in one.zones["status"]} - {"retained"}
    assert all(load_statuses()[one].label in legend for one in statuses)
    credit = " ".join(texts(layers["credit"]))
    assert "2 December 2025" in credit
    assert "CC BY 4.0" in credit


def test_the_same_bytes_twice_in_each_form_and_other_words_in_the_other_language(drawn):
    assert overview.draw_overview(CONTROL, "svg") == drawn
    with speaking("uk"):
        page = overview.draw_overview(CONTROL, "pdf", units="mi2")
    text = pypdf.PdfReader(io.BytesIO(page)).pages[0].extract_text()
    assert "План США з 28 пунктів" in text
    assert "кв. миль" in " ".join(text.split())


def test_the_command_and_the_library_write_it(tmp_path, capsys):
    out = tmp_path / "all.png"
    assert main.main(["overview", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "bytes": out.stat().st_size}
    with Image.open(out) as picture:
        assert picture.size == (2480, 1753)
        assert "CC BY 4.0" in picture.text["Copyright"]
    with pytest.raises(ExportError, match="no format 'jpg' of the sheet; there are png, svg, pdf"):
        mapcore.export_overview(tmp_path / "all.jpg")


def test_a_server_draws_it_once_and_reads_a_query_as_the_page_does(monkeypatch, drawn):
    made = []
    monkeypatch.setattr(overview, "draw_overview", lambda *at, units: made.append((*at, units)) or drawn)
    client = Client(overviews.routes())
    here = f"/{overview_address.sheet(CONTROL.id, 'svg', 'km2')}"
    assert here == f"/overview/{data_version()}.svg"
    first, *others = client.ask_together([here, f"{here}?control=../../etc", f"{here}?proposal=e3-counter&own=x"])
    assert (first.status, first.headers["content-type"]) == (200, "image/svg+xml")
    assert "max-age=86400" in first.headers["cache-control"]
    assert {one.body for one in others} == {first.body}
    assert len(made) == 1
    assert client.ask(f"{here}?lang=uk").headers["content-language"] == "uk"
    assert len(made) == 2
    assert client.ask(f"/overview/{data_version()}.exe").status == 404


def test_a_small_map_has_an_address_of_its_own():
    client = Client(overviews.routes())
    here = f"/{overview_address.small_map('2025-12-02', 'us-28-point')}"
    reply = client.ask(here)
    with Image.open(io.BytesIO(reply.body)) as picture:
        assert picture.size == (240, 168)
    assert len(reply.body) < 10_000
    assert client.ask(here.replace("us-28-point", "e3-counter")).body != reply.body
    assert client.ask(here.replace("us-28-point", "none")).status == 404
