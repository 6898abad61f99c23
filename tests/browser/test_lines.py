"""Lines of contact in Chromium: the slider under the map, an archive of the viewer's own, and taking lines away."""

import json
import os
import signal
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from shapely import box
from shapely.geometry import mapping
from support import drawn_archive
from support.browser import ask_for, broken, choose, clean, in_frame, shown, turn
from support.server import command_of, process_with, soon
from support.visit import MAP_FRAME


def of_line(visit, day):
    """Wait until the map shows the line of a day."""
    visit.map.locator(".leaflet-control-attribution", has_text=f"Line of contact: {day}").wait_for(timeout=30_000)
    visit.settled()


def slider(visit):
    return visit.page.get_by_role("slider", name="Date of the line of contact")


def held(visit):
    return visit.page.locator("[data-key=held_by_russia_now] dd").first.inner_text().split("\n")[0]


def test_the_slider_switches_line_figures_and_link_in_place(go_on):
    visit = go_on().ready()
    before = held(visit)
    in_frame(visit, "{ window.mark = 1; return 1; }")
    slider(visit).focus()
    visit.page.keyboard.press("ArrowLeft")
    of_line(visit, "2022-02-23")
    visit.page.wait_for_function("new URL(location).searchParams.get('control') === '2022-02-23'")
    assert slider(visit).get_attribute("aria-valuetext") == "23 February 2022"
    assert visit.page.evaluate("document.activeElement.type") == "range"
    assert in_frame(visit, "window.mark") == 1
    listed = visit.page.get_by_role("combobox", name="Line of contact in use")
    assert listed.evaluate("one => one.selectedOptions[0].text") == "Line of 23 February 2022"
    assert held(visit) not in {before, ""}
    visit.page.go_back()
    of_line(visit, "2025-12-02")
    assert slider(visit).get_attribute("aria-valuetext") == "2 December 2025"
    assert held(visit) == before
    listed.select_option(label="Line of 23 February 2022")
    of_line(visit, "2022-02-23")
    assert visit.query()["control"] == "2022-02-23"
    assert slider(visit).get_attribute("aria-valuetext") == "23 February 2022"
    clean(visit)


def test_the_buttons_step_and_the_link_opens_the_same_line(open_page):
    visit = open_page(width=390).ready()
    assert visit.page.get_by_role("button", name="Later").is_disabled()
    visit.page.get_by_role("button", name="Earlier").click()
    of_line(visit, "2022-02-23")
    assert visit.page.get_by_role("button", name="Earlier").is_disabled()
    other = open_page(path=f"/?control={visit.query()['control']}").ready()
    of_line(other, "2022-02-23")
    assert slider(other).get_attribute("aria-valuetext") == "23 February 2022"
    other.page.get_by_role("button", name="Later").click()
    of_line(other, "2025-12-02")
    clean(other)


def test_a_choice_right_after_the_slider_loses_neither(go_on):
    visit = go_on().ready()
    for gap_ms in (0, 80, 160, 300):
        choose(visit, "russia-claim")
        choose(visit, "us-28-point")
        slider(visit).focus()
        visit.page.keyboard.press("ArrowLeft")
        visit.page.wait_for_timeout(200 + gap_ms)
        ask_for(visit, "russia-claim")
        shown(visit, "russia-claim")
        of_line(visit, "2022-02-23")
        visit.page.wait_for_timeout(1000)
        assert (visit.query()["proposal"], visit.query()["control"]) == ("russia-claim", "2022-02-23"), gap_ms
        slider(visit).focus()
        visit.page.keyboard.press("ArrowRight")
        of_line(visit, "2025-12-02")
    clean(visit)


def test_lines_of_the_session_are_counted_on_a_map_and_removed(open_page, tmp_path):
    visit = open_page(path="/?page=lines").settled()
    change = visit.page.frame_locator(f".st-key-map_two {MAP_FRAME}")
    change.locator("path.zone-line-gained").first.wait_for(timeout=30_000)
    assert change.locator("path.contact-earlier").count() == 1
    bring(visit, tmp_path)
    counted = visit.page.frame_locator(f".st-key-map_all {MAP_FRAME}")
    # A piece that rounding leaves at an edge is too small to be seen.
    counted.locator("path.zone-lines-1-3:visible").first.wait_for(timeout=30_000)
    assert counted.locator("path.zone-lines-3-3").count() > 0
    visit.page.get_by_role("button", name="Remove: Line of").click()
    visit.page.get_by_text("removed from this session").wait_for()
    visit.page.wait_for_function("!new URL(location).searchParams.has('control')")
    assert visit.page.locator(".st-key-map_all").count() == 0
    clean(visit)


def bring(visit, folder):
    """Bring a drawn line into the session."""
    file = folder / "held_20251201.geojson"
    file.write_text(json.dumps(mapping(drawn_archive.believable())))
    visit.page.get_by_text("Upload a published line from a file").click()
    visit.page.locator(".st-key-line_file input[type=file]").set_input_files(file)
    visit.page.locator(".st-key-line_source input").fill("Drawn")
    visit.page.locator(".st-key-line_file").get_by_text(".geojson").wait_for()
    visit.settled()
    visit.page.get_by_role("button", name="Use this line").click()
    visit.page.get_by_text("Added for this session").wait_for()
    visit.settled()


@pytest.mark.parametrize(("scheme", "width", "lang"), [("light", 1280, "en"), ("dark", 390, "uk")])
def test_a_refused_form_stays_open_with_the_refusal_at_its_field(open_page, tmp_path, scheme, width, lang):
    visit = open_page(path=f"/?page=lines&lang={lang}").settled()
    page = visit.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.locator(".st-key-line_bring summary").click()
    visit.settled()  # while the form unfolds its button moves away from under a click
    send = page.locator(".st-key-line_use button")
    send.click()
    alert = page.locator(".st-key-line_bring [role=alert]")
    alert.wait_for()
    visit.settled()
    assert send.is_visible()
    shapes = [("a", box(37.5, 47.8, 38, 48.6)), ("b", box(38, 47.8, 38.5, 48.6))] * 2
    features = [{"type": "Feature", "properties": {"class": name}, "geometry": mapping(one)} for name, one in shapes]
    file = tmp_path / "deepstate_20240601.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    page.locator(".st-key-line_file input[type=file]").set_input_files(file)
    page.wait_for_function("document.querySelector('.st-key-line_source input').value === 'DeepState'")
    visit.settled()
    page.locator(".st-key-line_source input").fill("")
    page.locator(".st-key-line_licence input").fill("CC0")
    visit.settled()
    send.click()
    page.locator(".st-key-line_bring [role=alert]", has_text="DeepState").wait_for()
    visit.settled()
    field, told = page.locator(".st-key-line_source").bounding_box(), alert.bounding_box()
    assert 0 <= told["y"] - field["y"] - field["height"] < 40
    assert page.locator(".st-key-line_licence input").input_value() == "CC0"
    page.locator(".st-key-line_source input").fill("DeepState")
    send.click()
    choose = page.locator(".st-key-line_choose button")
    choose.wait_for()
    visit.settled()
    assert page.locator(".st-key-line_bring").evaluate("it => it.scrollWidth - it.clientWidth") <= 1
    # Streamlit's own fields for a file and a date have roles within roles.
    ours = [one for one in broken(page) if "stFileUploader" not in one and "spinbutton" not in one]
    assert ours == []
    page.locator(".st-key-line_classes_0 input").fill("b")
    page.get_by_role("option", name="b (2)").click()
    page.keyboard.press("Escape")
    visit.settled()
    choose.click()
    page.locator(".st-key-line_outcome [role=status]").wait_for(timeout=60_000)
    visit.settled()
    assert send.is_visible()
    assert alert.count() == 0
    clean(visit)


def packed(folder):
    """Return a zip of drawn days, of which the third is broken."""
    paths = drawn_archive.write_archive(folder / "days", 5)
    paths[2].write_text('{"type":"FeatureCollection","features":[')
    with zipfile.ZipFile(folder / "days.zip", "w") as file:
        for path in paths:
            file.write(path, path.name)
    return folder / "days.zip"


def seen_while_measured(page, words):
    """See the progress bar and the words while days are measured, which waits until the page has shown them."""
    measuring = "\0series\0", "--source=Drawn for a test\0"
    assert soon(lambda: process_with(*measuring), seconds=60, every=0.05)
    process = process_with(*measuring)
    days = Path(next(one for one in command_of(process) if one.startswith("--days=")).removeprefix("--days="))
    try:
        os.kill(process, signal.SIGSTOP)
        page.get_by_role("progressbar").wait_for(timeout=60_000)
        os.kill(process, signal.SIGCONT)
        assert soon(lambda: any(days.glob("*")), seconds=120, every=0.01)
        for _ in range(100):
            os.kill(process, signal.SIGSTOP)
            with suppress(PlaywrightTimeout):
                return page.get_by_text(words).wait_for(timeout=3_000)
            os.kill(process, signal.SIGCONT)
            time.sleep(0.05)
    finally:
        os.kill(process, signal.SIGCONT)
    raise AssertionError(f"the page never said {words}")


def test_an_archive_is_measured_with_a_progress_bar_and_its_days_are_on_the_slider(open_page, tmp_path):
    visit = open_page(path="/?page=lines").settled()
    page = visit.page
    page.get_by_text("Open a whole archive of daily lines").click()
    page.locator(".st-key-archive_file input[type=file]").set_input_files(packed(tmp_path))
    page.locator(".st-key-archive_file").get_by_text("days.zip").wait_for()
    page.locator(".st-key-archive_source input").fill("Drawn for a test")
    page.get_by_role("button", name="Open this archive").click()
    seen_while_measured(page, "of 5 days, at")
    page.locator(".st-key-archive_held svg.wide").wait_for(timeout=240_000)
    visit.settled()
    assert page.get_by_role("progressbar").count() == 0
    page.get_by_text("1 day was left out").wait_for()
    assert page.get_by_role("cell", name="3 November 2025").first.is_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="(CSV)").click()
    table = download.value.path()
    assert "\n# line_source: Drawn for a test\n" in table.read_text(encoding="utf-8-sig")
    rows = pd.read_csv(table, comment="#", encoding="utf-8-sig")
    assert list(rows) == ["date", "proposal", "oblast", "held_by", "status", "area_km2"]
    assert rows["date"].iloc[0] == "2025-11-01"
    turn(visit, page="map")
    page.locator(".st-key-map_two").wait_for(state="detached", timeout=60_000)
    visit.ready()
    slider(visit).focus()
    page.keyboard.press("ArrowLeft")
    visit.map.locator(".leaflet-control-attribution", has_text="4 November 2025").wait_for(timeout=60_000)
    page.wait_for_function("new URL(location).searchParams.get('control') === 'session-archive-2025-11-04'")
    clean(visit)
