"""The page on lines of contact, without a browser: tables, differences, pace, and lines of the viewer's session."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from shapely import box
from shapely.geometry import mapping
from support.dashboard import LAND, brought, chooser, component, day_shown, html_of, opened, page_text, turn, uploader

from mapcore import load_control
from mapcore.analysis.history import change_between
from mapcore.app.parts import line_figures, run_chart
from mapcore.app.parts.line_figures import held_km2
from mapcore.land.contact_line import moved
from mapcore.present import held_by_lines


def test_the_page_shows_the_lines_and_what_differs():
    text = page_text(opened(page="lines"))
    change = change_between(load_control("2022-02-23"), load_control())
    assert "23 February 2022" in text
    assert "2 December 2025" in text
    assert "Gained by Russia" in text
    assert f"gained {round(change.gained_km2, -1):,.0f} km²" in text
    assert "Another window gives another pace" in text
    assert "At this pace: arithmetic, not a forecast" in text
    assert "The window is 45 months long" in text


def test_the_map_of_a_change_says_what_it_shows():
    before, after = load_control("2022-02-23"), load_control()
    change = change_between(before, after)
    told = held_by_lines.changes(before, after)
    assert [land.words for land in told.values()] == [
        "Gained by Russia",
        "Lost by Russia",
        "Held by Russia on both lines",
    ]
    sizes = [land.area_km2 for land in told.values()]
    assert sizes == pytest.approx([change.gained_km2, change.lost_km2, held_km2(before) - change.lost_km2], abs=1)


def test_lines_are_counted_on_a_map():
    after = load_control()
    controls = (after, replace(moved(after, by_km=1), id="further"), load_control("2022-02-23"))
    told = held_by_lines.counts(controls)
    assert [(count, land.words) for count, land in told.items()] == [
        (3, "Held by Russia on all 3 lines"),
        (2, "On 2 of 3 lines"),
        (1, "On 1 of 3 lines"),
    ]
    assert sum(land.area_km2 for land in told.values()) == pytest.approx(held_km2(controls[1]), rel=1e-6)
    assert len({land.fill.colour for land in told.values()}) == len({land.id for land in told.values()}) == 3
    table = line_figures.counts_table(controls, "km2")
    assert "On 1 of 3 lines, km²" in table
    assert "Crimea" not in table


def test_the_chart_says_what_it_shows():
    chart, table = line_figures.over_time((load_control("2022-02-23"), load_control()), "km2")
    assert "Land held by Russia from 23 February 2022 to 2 December 2025" in chart
    assert "All, 2 December 2025: 115,660" in chart
    assert "115,660" in table


@pytest.mark.parametrize(
    ("least", "most", "ticks"),
    [
        (43_900, 115_660, [0, 25_000, 50_000, 75_000, 100_000, 125_000]),
        (-30, 60, [-40, -20, 0, 20, 40, 60]),
        (0, 0, [0]),
    ],
)
def test_ticks_are_round_and_hold_all(least, most, ticks):
    assert run_chart.scale(least, most) == ticks


def test_an_axis_has_few_months():
    months = run_chart.month_starts([date(2024, 7, 8), date(2026, 8, 15)], most=7)
    assert months == [date(2025, 1, 1), date(2025, 7, 1), date(2026, 1, 1), date(2026, 7, 1)]
    assert run_chart.month_starts([date(2025, 11, 2), date(2025, 11, 20)], most=7) == []


@pytest.mark.parametrize("proposal", ["e3-counter", "donetsk-narrow-buffer", "ukraine-1991"])
def test_the_page_with_other_texts_lines_and_units(proposal):
    text = page_text(opened(page="lines", proposal=proposal, control="2022-02-23", units="mi2"))
    assert "sq mi" in text
    assert "Greatest, sq mi" in text


def test_the_other_line_is_in_the_link():
    app = opened(page="lines", against="2022-02-23")
    assert not app.warning
    assert app.selectbox(key="against").value == "2022-02-23"
    chooser(app).set_value("2022-02-23").run()
    assert not app.exception
    assert app.selectbox(key="against").value == "2025-12-02"
    assert opened(page="lines", against="<b>").warning


@pytest.mark.usefixtures("home")
def test_a_line_of_the_session_is_used_by_every_page_and_by_no_other_session(home):
    app = brought(opened(page="lines"))
    own = "session-2025-11-20-drawn-signed"
    assert chooser(app).value == own
    assert app.query_params["control"] == own
    assert "Added for this session" in page_text(app)
    app.selectbox(key="against").set_value("2025-12-02").run()
    assert "The window is" not in page_text(app)
    assert "This is arithmetic, not a forecast." in page_text(app)
    assert not list(home.rglob("*.toml"))
    for page in ("map", "compare", "matrix", "claims", "people", "timeline", "methods"):
        turn(app, page=page)
        assert not app.exception
        if page not in {"timeline", "methods"}:
            assert "20 November 2025" in page_text(app)
        if page == "map":
            assert "Drawn &amp; signed" in html_of(component(app)[1])
    other = opened(control=own)
    assert other.warning
    assert chooser(other).value == "2025-12-02"


@pytest.mark.parametrize(
    ("content", "source", "said"),
    [
        (None, "x", "No file was chosen"),
        (b"no geometry", "x", "held.geojson"),
        (b'{"type":"Point","coordinates":[1,2]}', "x", "polygon"),
        (LAND, "", "who published the line is missing"),
        (LAND, "<script>alert(1)</script>", "markup or hidden"),
    ],
)
def test_a_refused_file_is_one_sentence_and_the_line_stays(content, source, said):
    app = brought(opened(page="lines"), content, source=source)
    text = page_text(app)
    assert said in text
    assert text.count('role="alert"') == 1
    assert "<script>" not in text
    assert form_is_open(app)
    assert chooser(app).value == "2025-12-02"


def form_is_open(app, label="Upload a published line"):
    return next(one for one in app.expander if one.label.startswith(label)).proto.expanded


def alerts(app):
    return [one.proto.body for one in app.get("html") if 'role="alert"' in one.proto.body]


def key_or_text(element):
    return getattr(element, "key", None) or getattr(element.proto, "body", "")


REFUSED_FIELDS = {
    "no file": ({"content": None}, "line_file", "No file was chosen"),
    "no publisher": ({"source": ""}, "line_source", "Who published it: who published the line is missing"),
    "a licence with markup": ({"licence": "<b>"}, "line_licence", "Licence (if known): has markup or hidden"),
    "no date": ({"day": None}, "line_date", "Date of the line: is missing"),
    "no such system": (
        {"crs": "EPSG:31"},
        "line_crs",
        "if the file does not name it: is not known; write such as EPSG:3857",
    ),
    "no line": ({"content": b"no geometry"}, "line_file", "held.geojson"),
}


@pytest.mark.parametrize(("fields", "at", "said"), REFUSED_FIELDS.values(), ids=REFUSED_FIELDS)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(fields, at, said):
    app = opened(page="lines")
    assert not form_is_open(app)
    app = brought(app, **{"licence": "CC0", **fields})
    assert form_is_open(app)
    alert = alerts(app)
    assert len(alert) == 1
    assert said in alert[0]
    assert re.search(rf"\.st-key-{at}\s*{{", alert[0])
    shown = [key_or_text(one) for one in app.main]
    assert shown.index(alert[0]) == shown.index(at) + 1
    assert app.text_input(key="line_licence").value == fields.get("licence", "CC0")
    assert app.text_input(key="line_source").value == fields.get("source", "Drawn & signed")
    again = brought(app, licence="CC0")
    assert chooser(again).value.startswith("session-")
    assert not alerts(again)
    assert form_is_open(again)


NAMES = {
    "deepstate_20251202.geojson": (date(2025, 12, 2), "DeepState"),
    "DeepState-2025-11-30 (1).kml": (date(2025, 11, 30), "DeepState"),
    "02.12.2025.geojson": (date(2025, 12, 2), ""),
    "ISW_control_2025_10_01.zip": (date(2025, 10, 1), "ISW"),
    "iswestia.geojson": (None, ""),
    "20991231.geojson": (None, ""),
    "2025-11-01_2025-11-02.geojson": (None, ""),
}


@pytest.mark.parametrize(("name", "said"), NAMES.items())
def test_a_file_name_fills_in_date_and_publisher(name, said):
    app = opened(page="lines")
    assert app.date_input(key="line_date").value is None
    uploader(app).set_value((name, LAND, "application/geo+json")).run()
    assert (app.date_input(key="line_date").value, app.text_input(key="line_source").value) == said


def test_a_form_that_is_used_again_starts_clean_of_the_last_file():
    app = brought(opened(page="lines"))
    assert app.date_input(key="line_date").value is None
    assert uploader(app).value is None
    assert app.text_input(key="line_source").value == "Drawn & signed"
    app = brought(app, day="2025-11-28")
    assert app.date_input(key="line_date").value is None
    uploader(app).set_value(("undated.geojson", LAND, "application/geo+json")).run()
    assert app.date_input(key="line_date").value is None


def test_a_new_line_is_compared_with_the_one_nearest_in_time():
    app = brought(opened(page="lines"))
    assert app.selectbox(key="against").value == "2025-12-02"
    app = brought(app, day="2022-03-01")
    assert app.selectbox(key="against").value == "2022-02-23"
    app = brought(app, day="2025-11-23")
    assert app.selectbox(key="against").value == "session-2025-11-20-drawn-signed"


def collection(rows):
    features = [{"type": "Feature", "properties": told, "geometry": mapping(shape)} for told, shape in rows]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


#: A day that no known line is near to, so that small land is no finding.
QUIET = "2024-06-01"
WEST, EAST = box(37.5, 47.8, 38, 48.6), box(38, 47.8, 38.5, 48.6)


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_classes_are_asked_for_and_chosen():
    rows = [({"class": "Assessed <b>control</b>"}, WEST), ({"class": "Claimed"}, EAST)] * 2
    app = brought(opened(page="lines"), collection(rows), day=QUIET)
    assert "has land of several classes" in page_text(app)
    assert "<b>control" not in page_text(app)
    assert "--class" not in page_text(app)
    assert form_is_open(app)
    asked = app.multiselect(key="line_classes_0")
    assert asked.options == ["Assessed ?b?control?/b? (2)", "Claimed (2)"]
    assert asked.value == []
    press(app, "line_choose")
    assert len(alerts(app)) == 1
    app.multiselect(key="line_classes_0").set_value(["Claimed"])
    press(app, "line_choose")
    assert not alerts(app)
    line = app.session_state["session_lines"][chooser(app).value]
    assert "Counted: class Claimed: 2 of 4 shapes." in " ".join(line.notes)
    assert not [one for one in app.multiselect if one.key.startswith("line_classes")]


def test_of_two_properties_one_is_chosen_or_all_classes_count():
    rows = [
        ({"class": "a", "side": "x"}, WEST),
        ({"class": "b", "side": "x"}, EAST),
        ({"class": "b", "side": "y"}, EAST),
    ]
    app = brought(opened(page="lines"), collection(rows), day=QUIET)
    app.selectbox(key="line_field").set_value("side").run()
    assert app.multiselect(key="line_classes_1").options == ["x (2)", "y (1)"]
    app.multiselect(key="line_classes_1").set_value(["x"])
    press(app, "line_choose")
    line = app.session_state["session_lines"][chooser(app).value]
    assert "Counted: side x: 2 of 3 shapes." in " ".join(line.notes)
    app = brought(app, collection(rows), day="2024-06-02")
    app.checkbox(key="line_every_class").check()
    press(app, "line_choose")
    assert "All classes of the file count." in " ".join(app.session_state["session_lines"][chooser(app).value].notes)


def test_every_class_is_offered_however_many_there_are():
    rows = [({"name": f"Piece {number}"}, WEST if number % 2 else EAST) for number in range(60)] * 2
    app = brought(opened(page="lines"), collection(rows))
    assert len(app.multiselect(key="line_classes_0").options) == 60


def test_another_file_is_asked_about_anew():
    rows = [({"class": "a"}, WEST), ({"class": "b"}, EAST)] * 2
    app = brought(opened(page="lines"), collection(rows), day=QUIET)
    app.multiselect(key="line_classes_0").set_value(["b"]).run()
    app = brought(app, collection([*rows, *rows]), name="another.geojson")
    assert app.multiselect(key="line_classes_0").value == []
    assert app.multiselect(key="line_classes_0").options == ["a (4)", "b (4)"]
    app = brought(app)
    assert not alerts(app)
    assert chooser(app).value.startswith("session-")


HALF = box(22, 48, 35, 52)


def test_a_line_that_is_hard_to_believe_is_shown_and_asked_about():
    app = brought(opened(page="lines"), collection([({}, HALF)]))
    assert chooser(app).value == "2025-12-02"
    assert "The line is hard to believe" in alerts(app)[0]
    assert "Russia holds" in alerts(app)[0]
    assert "--confirm" not in page_text(app)
    assert form_is_open(app)
    press(app, "line_confirm")
    assert not alerts(app)
    assert chooser(app).value.startswith("session-")


def test_classes_are_kept_while_a_line_is_asked_about():
    rows = [({"class": "a"}, HALF), ({"class": "b"}, EAST)] * 2
    app = brought(opened(page="lines"), collection(rows))
    app.multiselect(key="line_classes_0").set_value(["a"])
    press(app, "line_choose")
    assert "The line is hard to believe" in alerts(app)[0]
    press(app, "line_confirm")
    line = app.session_state["session_lines"][chooser(app).value]
    assert "Counted: class a: 2 of 4 shapes." in " ".join(line.notes)


def test_a_form_asks_in_ukrainian():
    rows = [({"class": "a"}, WEST), ({"class": "b"}, EAST)] * 2
    app = brought(opened(page="lines", lang="uk"), collection(rows), source="")
    assert alerts(app)[0].count("Хто опублікував") == 1
    app = brought(app, collection(rows))
    assert "Виберіть, що враховувати" in alerts(app)[0]
    assert app.button(key="line_choose").label == "Використати вибране"
    turn(app, lang="en")
    assert not app.exception
    assert not alerts(app)
    press(app, "line_use")
    assert "Choose what counts" in alerts(app)[0]


@pytest.mark.usefixtures("home")
def test_an_archive_shows_its_terms_first_and_a_failure_leaves_the_line(home):
    home.mkdir()
    (home / "archives.toml").write_text(
        '[[archive]]\nid = "gone"\ntitle = "Gone"\nsource = "Nobody"\nurl = "http://127.0.0.1:9/{YYYY}{MM}{DD}.geojson"\n'
        'first = 2024-07-08\nlicence = "none"\nattribution = "Nobody"\nterms = "Ask & wait."\n'
    )
    app = opened(page="lines")
    assert "Ask &amp; wait." in page_text(app)
    assert app.button(key="line_fetch_gone").disabled
    app.checkbox(key="line_terms_gone").check().run()
    app.button(key="line_fetch_gone").click().run()
    assert not app.exception
    text = page_text(app)
    assert form_is_open(app, "Download the newest")
    assert alerts(app)[0] == next(key_or_text(one) for one in app.main if "cannot be reached" in key_or_text(one))
    assert "gone: 127.0.0.1?9 cannot be reached" in text or "gone: 127.0.0.1:9 cannot be reached" in text
    assert chooser(app).value == "2025-12-02"


def test_slider_chooser_and_link_agree():
    app = opened(proposal="line-as-is")
    sliders = [one for one in app.select_slider if one.key.startswith("line_day")]
    assert [one.label for one in sliders] == ["Date of the line of contact"]
    sliders[0].set_value(date(2022, 2, 23)).run()
    assert not app.exception
    assert chooser(app).value == app.query_params["control"] == "2022-02-23"
    assert "known to about 2.5 km" in page_text(app)
    assert app.button(key="line_earlier").disabled
    app.button(key="line_later").click().run()
    assert chooser(app).value == "2025-12-02"
    assert "control" not in app.query_params
    assert day_shown(app) == date(2025, 12, 2)
    chooser(app).set_value("2022-02-23").run()
    assert day_shown(app) == date(2022, 2, 23)
    assert app.query_params["control"] == "2022-02-23"


def test_the_slider_keeps_to_the_source_of_the_line_in_use():
    app = opened(page="lines")
    for day, source in (("2025-11-01", "One"), ("2025-11-02", "Other"), ("2025-11-02", "One")):
        brought(app, source=source, day=day)
    turn(app, page="map")
    app.button(key="line_earlier").click().run()
    assert chooser(app).value == "session-2025-11-01-one"
    app.button(key="line_later").click().run()
    assert chooser(app).value == "session-2025-11-02-one"


def test_a_line_of_the_session_can_be_removed():
    app = opened(page="lines")
    for source in ("One", "Other"):
        brought(app, source=source)
    assert "All lines against each other" in [one.value for one in app.header]
    app.multiselect(key="among").set_value(["session-2025-11-20-one", "session-2025-11-20-other"]).run()
    assert app.query_params["among"] == "session-2025-11-20-one,session-2025-11-20-other"
    assert "How many of the" not in page_text(app)
    app.button(key="line_remove_session-2025-11-20-one").click().run()
    assert not app.exception
    assert chooser(app).value == "session-2025-11-20-other"
    assert "removed from this session" in app.warning[0].value
    app.button(key="line_remove_session-2025-11-20-other").click().run()
    assert not app.exception
    assert chooser(app).value == "2025-12-02"
    assert "The default line is used" in app.warning[0].value
    assert "control" not in app.query_params
    app.run()
    assert not app.warning
