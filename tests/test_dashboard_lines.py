"""The page on lines of contact, without a browser: tables, differences, pace, and lines of the viewer's session."""

import json
from dataclasses import replace
from datetime import date

import pytest
from drawn_archive import believable
from shapely import box
from shapely.geometry import mapping
from test_dashboard import component, html_of, opened, page_text

from mapcore import load_control
from mapcore.control import moved
from mapcore.history import change_between
from mapcore_app import line_figures, line_map, run_chart
from mapcore_app.line_figures import held_km2

LAND = json.dumps(mapping(believable())).encode()


def chooser(app):
    """Return the choice of the line in use, whose key changes with choices made elsewhere."""
    return next(one for one in app.selectbox if (one.key or "").partition("-")[0] == "control")


def day_shown(app):
    """Return the date that the slider under the map stands at."""
    return next(one for one in app.select_slider if (one.key or "").startswith("line_day")).value


def brought(app, content=LAND, name="held.geojson", source="Drawn & signed", day="2025-11-20", **fields):
    """Fill in the form and send it."""
    if content is not None:
        app.file_uploader(key="line_file").set_value((name, content, "application/geo+json"))
    app.text_input(key="line_source").set_value(source)
    app.date_input(key="line_date").set_value(day)
    for key, value in fields.items():
        app.text_input(key=f"line_{key}").set_value(value)
    app.button(key="line_use").click().run()
    assert not app.exception
    return app


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
    told = line_map.changes(before, after)
    assert [land.words for land in told.values()] == ["Gained by Russia", "Lost by Russia", "Held by Russia in both"]
    sizes = [land.area_km2 for land in told.values()]
    assert sizes == pytest.approx([change.gained_km2, change.lost_km2, held_km2(before) - change.lost_km2], abs=1)


def test_lines_are_counted_on_a_map():
    after = load_control()
    controls = (after, replace(moved(after, by_km=1), id="further"), load_control("2022-02-23"))
    told = line_map.counts(controls)
    assert [(count, land.words) for count, land in told.items()] == [
        (3, "Held by Russia in all 3 lines"),
        (2, "In 2 of 3"),
        (1, "In 1 of 3"),
    ]
    assert sum(land.area_km2 for land in told.values()) == pytest.approx(held_km2(controls[1]), rel=1e-6)
    assert len({land.style.colour for land in told.values()}) == len({land.style.id for land in told.values()}) == 3
    table = line_figures.counts_table(controls, "km2")
    assert "In 1 of 3, km²" in table
    assert "Crimea" not in table


def test_the_chart_says_what_it_shows():
    chart, table = line_figures.over_time((load_control("2022-02-23"), load_control()), "km2")
    assert "Land held by Russia from 23 February 2022 to 2 December 2025" in chart
    assert "All, 2 December 2025: 115,790" in chart
    assert "115,790" in table


@pytest.mark.parametrize(
    ("least", "most", "ticks"),
    [
        (43_900, 115_790, [0, 25_000, 50_000, 75_000, 100_000, 125_000]),
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
        app.button_group(key="page").set_value(page).run()
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
        (LAND, "<script>alert(1)</script>", "signs of markup"),
    ],
)
def test_a_refused_file_is_one_sentence_and_the_line_stays(content, source, said):
    app = brought(opened(page="lines"), content, source=source)
    text = page_text(app)
    assert said in text
    assert text.count('role="alert"') == 1
    assert "<script>" not in text
    assert chooser(app).value == "2025-12-02"


def test_classes_are_asked_for_and_chosen():
    rows = [("Assessed <b>control</b>", box(36, 49, 36.2, 49.2)), ("Claimed", believable())]
    features = [
        {"type": "Feature", "properties": {"class": name}, "geometry": mapping(shape)} for name, shape in rows * 2
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    app = brought(opened(page="lines"), content)
    text = page_text(app)
    assert "has land of several classes" in text
    assert "<b>control" not in text
    app = brought(opened(page="lines"), content, field="class", classes="Claimed")
    assert chooser(app).value.startswith("session-")


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
    app.button_group(key="page").set_value("map").run()
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
