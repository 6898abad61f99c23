"""Share, Download and Embed at the map: what each panel says, and that a closed one works nothing out."""

import json
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from support.asgi import Client
from support.dashboard import brought, opened, page_text, turn

from mapcore.app.server import api
from mapcore.base.language import speaking
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal
from mapcore.publish import build_content

SITE = "https://maps.example.org/copy"
PLAN = load_proposal("us-28-point")
OWN = viewer.pack(viewer.start_from(PLAN, PLAN.date))


def panel(app, name):
    """Open one panel of a page, and run it."""
    with speaking(app.query_params.get("lang", "en")):
        app.session_state[f"panel_{name}"] = True
        app.run()
    assert not app.exception
    return app


def nodes(node):
    yield node
    for child in getattr(node, "children", {}).values():
        yield from nodes(child)


def fields(app):
    """Return the texts that can be copied, by their buttons."""
    told = [node.proto for node in nodes(app._tree) if getattr(getattr(node, "proto", None), "component_name", "")]
    held = [json.loads(one.json) for one in told if one.component_name == "mapcore_copying"]
    return {field["button"]: field["text"] for one in held for field in one["fields"]}


def test_a_closed_panel_works_nothing_out(monkeypatch):
    made = []
    monkeypatch.setattr(build_content, "make_sheet", lambda *_: made.append(1))
    app = opened()
    assert (made, fields(app)) == ([], {})
    assert not [one.key for one in app.get("download_button") if (one.key or "").startswith("publish")]


def test_share_has_the_finding_of_the_view_and_what_its_link_depends_on(monkeypatch):
    app = panel(opened(), "share")
    found = fields(app)
    assert found["Copy link"] is None  # the address that the page has when it is copied
    assert found["Copy sentence"] == (
        "US 28-point plan: Ukraine would withdraw from 5,960 km² (5,440 to 6,520). Line of contact of 2 December 2025, "
        "361 days old on 28 November 2026."
    )
    assert not {"Copy lasting link", "Copy finding"} & set(found)
    assert "as long as this server answers" in page_text(app)
    monkeypatch.setenv("MAPCORE_SITE_URL", SITE)
    assert fields(app.run())["Copy lasting link"] == f"{SITE}/view/us-28-point.html"
    app.session_state["place"] = "UA14120090010038661"
    found = fields(app.run())
    assert found["Copy finding"] == "Kramatorsk: Ukraine would withdraw under 8 of 15 proposals."
    # Whoever follows the lasting link, or reads the page with the map in it, is shown the settlement too.
    assert parse_qs(urlsplit(found["Copy lasting link"]).query)["place"] == ["UA14120090010038661"]
    framed = fields(panel(app, "embed"))["Copy snippet"]
    assert unescape(framed).count("place=UA14120090010038661") == 3


def test_share_names_no_copy_that_lacks_the_view(monkeypatch):
    monkeypatch.setenv("MAPCORE_SITE_URL", SITE)
    app = panel(opened(page="compare", question="holder", lang="uk"), "share")
    assert set(fields(app)) == {
        "Копіювати посилання", "Копіювати речення", "Копіювати цитування", "Копіювати BibTeX"
    }  # fmt: skip
    assert "цієї карти немає" in page_text(app)


def test_a_line_that_nobody_else_has_is_said_to_be_so():
    app = brought(opened(page="lines"))
    turn(app, page="map")
    assert "in this session only" in page_text(panel(app, "share"))


@pytest.mark.parametrize("query", [
    {"proposal": "donetsk-narrow-buffer", "depth_km": "40", "lang": "uk"},
    {"page": "compare", "compare": "ukraine-1991"},
], ids=str)  # fmt: skip
def test_the_address_of_the_figures_is_answered(query):
    found = fields(panel(opened(**query), "download"))
    parts = urlsplit(next(iter(found.values())))
    reply = Client(api.routes()).ask(f"/{parts.path}?{parts.query}")
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, "text/csv")


def test_what_a_viewer_made_has_files_and_no_address():
    app = panel(opened(page="compare", compare="own", own=OWN), "download")
    assert fields(app) == {}
    assert "marked as a viewer's own" in unescape(page_text(app))
    assert "own=" in fields(panel(app, "embed"))["Copy snippet"]
