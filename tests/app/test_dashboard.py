"""The dashboard, without a browser: each widget, links, refusals."""

import json
from datetime import date

import pytest
from shapely import box
from shapely.geometry import mapping
from support import subjects
from support.dashboard import choose, chooser, component, heading, html_of, opened, page_text, turn

from mapcore import About, load_proposal, measure_proposal
from mapcore.base.sources import data_version
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import Reading, import_bytes
from mapcore.lines.user_lines import save_control
from mapcore.measurement.likely import likely_ranges
from mapcore.present import wording


def test_opens_on_the_us_plan_with_ranges_and_the_date_of_the_line():
    app = opened()
    assert heading(app)[0] == "US 28-point plan"
    text = page_text(app)
    assert "Ukraine would withdraw from" in text
    assert "Range 5," in text
    assert "2 December 2025" in text


def test_nothing_of_the_map_comes_from_outside():
    _, arguments = component(opened())
    addresses = arguments["js_links"] + arguments["css_links"]
    assert addresses
    assert not any("://" in address for address in addresses)
    assert "://tile" not in arguments["script"] + arguments["feature_group"]


@pytest.mark.parametrize("proposal", [*map(load_proposal, subjects.REPRESENTATIVE)], ids=subjects.REPRESENTATIVE)
def test_each_proposal_keeps_the_same_frame(proposal):
    app = opened()
    frame, before = component(app)
    choose(app, proposal.id)
    assert not app.exception
    assert heading(app)[0] == proposal.title
    same, after = component(app)
    assert same == frame
    assert after["script"].split("mapcore.start")[1] == before["script"].split("mapcore.start")[1]
    assert f'"name": "{proposal.id}"' in after["feature_group"]


def test_units():
    app = opened()
    turn(app, units="mi2")
    assert not app.exception
    text = page_text(app)
    assert "Area, sq mi" in text
    assert "sq mi<small>" in text
    assert "km²<small>" not in text


def test_the_slider_moves_the_buffer():
    app = opened(proposal="donetsk-narrow-buffer", depth_km="40")
    assert app.slider(key="depth_km").value == 40
    forty = component(app)[1]["feature_group"]
    app.slider(key="depth_km").set_value(10.0).run()
    assert not app.exception
    assert component(app)[1]["feature_group"] != forty
    assert "Within 30 km" in page_text(app)


def test_details_of_a_piece_of_land():
    app = opened()
    app.selectbox(key="zone").set_value("UA-14.ukraine").run()
    assert not app.exception
    text = page_text(app)
    assert "Demilitarised, recognised as Russian" in text
    assert "Clause 21d" in text
    assert "unn.ua" in text


def test_tiles_are_asked_for_only_when_the_viewer_says_so():
    app = opened()
    app.toggle(key="tiles").set_value(True).run()
    assert not app.exception
    assert "openstreetmap" in component(app)[1]["feature_group"]


def test_methods_page():
    app = opened()
    turn(app, page="methods")
    assert not app.exception
    assert app.title[0].value == "Methods and sources"
    assert any(data_version() in block.value for block in app.markdown)


def test_a_link_is_restored():
    app = opened(
        proposal="ukraine-1991", units="mi2", zone="UA-43.russia", v=data_version(), lat="47.5", lon="36", zoom="8"
    )
    assert heading(app)[0] == "Ukraine's border of 1991"
    assert app.selectbox(key="zone").value == "UA-43.russia"
    assert not app.warning
    arguments = component(app)[1]
    assert (arguments["center"], arguments["zoom"]) == ([47.5, 36.0], 8.0)


def test_a_broken_link_falls_back_with_a_notice_each():
    app = opened(
        proposal="<script>", units="ell", zone="x", page="y", tiles="z", control="c", compare="d", lat="nan", v="0"
    )
    assert heading(app)[0] == "US 28-point plan"
    assert len(app.warning) == 1
    assert app.warning[0].value.count("- ") == 9
    assert "<script>" not in page_text(app)
    turn(app, units="mi2")
    assert not app.warning


def test_a_text_that_transfers_nothing_gets_no_invented_figure():
    text = page_text(opened(proposal="e3-counter"))
    assert text.count("Not specified") >= 5


@pytest.mark.usefixtures("home")
def test_an_own_line_is_shown_with_its_credit():
    content = json.dumps(mapping(box(37.5, 47.8, 38.5, 48.6))).encode()
    about = About(as_of=date(2025, 11, 20), provenance=Provenance("Drawn & signed", "CC BY 4.0"), id="mine")
    save_control(import_bytes(content, "held.geojson", about=about, reading=Reading(confirmed=True)))
    app = opened(control="mine")
    assert "20 November 2025" in page_text(app)
    assert "Line of contact: Drawn &amp; signed, 20 November 2025 (licence: CC BY 4.0)" in html_of(component(app)[1])
    methods = opened(control="mine", page="methods")
    assert "Imported from held.geojson." in page_text(methods)
    assert "Licence: CC BY 4.0" in page_text(methods)


def test_the_line_in_use_is_chosen_told_and_in_the_link():
    app = opened()
    assert chooser(app).value == "2025-12-02"
    assert "control" not in app.query_params
    chooser(app).set_value("2022-02-23").run()
    assert not app.exception
    assert app.query_params["control"] == "2022-02-23"
    text = page_text(app)
    assert "On the line of contact of <b>23 February 2022</b>, known to about 2.5 km" in text
    assert "Licence: CC BY 4.0" in text
    turn(app, page="claims")
    assert not app.exception
    assert "23 February 2022" in page_text(app)


def test_likely_ranges_stand_beside_the_outer_ones():
    found = likely_ranges(measure_proposal(load_proposal("us-28-point"))).ledger["ukraine_leaves"]
    text = page_text(opened())
    assert f", likely {wording.range_text(found, 'km2')}." in text
    assert text.count("<dt>Ukraine would withdraw from</dt>") == 1
    methods = opened(page="methods")
    assert any("**Likely** range" in block.value for block in methods.markdown)


def test_an_address_that_the_browser_is_about_to_leave_undoes_nothing():
    """The browser may still report the address before the last choice when something else runs the script."""
    app = opened(v=data_version())
    before = dict(app.query_params)
    choose(app, "ukraine-1991")
    app.query_params.clear()
    for key, value in before.items():
        app.query_params[key] = value
    app.run()
    assert heading(app)[0] == "Ukraine's border of 1991"


def test_what_is_no_figure_is_told_at_its_field():
    app = opened(page="claims")
    app.text_input(key="check_figure").set_value("5.000,5 km").run()
    assert not app.exception
    shown = list(app.main)
    told = [one for one in shown if 'role="alert"' in getattr(one.proto, "body", "")]
    assert len(told) == 1
    assert "Figure: " in told[0].proto.body
    assert shown[shown.index(told[0]) - 2].key == "check_figure"
    app.text_input(key="check_figure").set_value("5,000").run()
    assert 'role="alert"' not in page_text(app)
