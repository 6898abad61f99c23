"""The language switch in a real browser: the page, the map's frame, the address, Back."""

import pytest
from support.browser import ask_for, choose, clean, in_frame, shown, turn

from mapcore.base.language import speaking, tr
from mapcore.proposals.shipped import load_proposal


def speak(visit, code):
    turn(visit, lang=code)
    visit.page.wait_for_function(f"document.documentElement.lang === '{code}'")
    visit.settled()
    visit.map.locator(f'html[lang="{code}"]').wait_for(state="attached")


def title(proposal_id, code):
    with speaking(code):
        return tr(load_proposal(proposal_id).title)


def test_a_switch_changes_the_words_of_page_and_map_and_back_undoes_it(go_on):
    visit = go_on().ready()
    choose(visit, "ukraine-1991")
    assert visit.page.evaluate("document.documentElement.lang") == "en"
    assert visit.map.locator(".place.capital").inner_text() == "Kyiv"
    speak(visit, "uk")
    visit.page.get_by_role("heading", name=title("ukraine-1991", "uk")).wait_for()
    shown(visit, "ukraine-1991")
    assert visit.map.locator(".place.capital").inner_text() == "Київ"
    assert visit.map.locator(".leaflet-control-zoom-in").get_attribute("title") == "Наблизити"
    assert visit.map.locator(".leaflet-control-zoom-out").get_attribute("aria-label") == "Віддалити"
    assert "км" in visit.map.locator(".leaflet-control-scale").inner_text()
    assert "Лінія зіткнення" in visit.map.locator(".leaflet-control-attribution").inner_text()
    assert "Карта | mapcore" in visit.page.title()
    assert visit.query()["lang"] == "uk"
    assert visit.query()["proposal"] == "ukraine-1991"
    visit.page.go_back()
    visit.page.get_by_role("heading", name=title("ukraine-1991", "en")).wait_for()
    assert "lang" not in visit.query()
    visit.page.wait_for_function("document.documentElement.lang === 'en'")
    clean(visit)


def test_within_a_language_the_map_is_never_made_anew(go_on):
    visit = go_on(path="/?lang=uk").ready()
    in_frame(visit, "{ window.mark = 1; return 1; }")
    for proposal_id in ("russia-claim", "line-as-is"):
        ask_for(visit, proposal_id)
        shown(visit, proposal_id)
    assert in_frame(visit, "window.mark") == 1
    clean(visit)


def test_the_place_on_the_map_is_kept_through_a_switch(go_on):
    visit = go_on().ready()
    in_frame(visit, "{ map_div.setView([48.5, 37.5], 9, {animate: false}); return 1; }")
    visit.page.wait_for_function("new URL(location).searchParams.get('zoom') === '9'")
    speak(visit, "uk")
    shown(visit, "us-28-point")
    visit.page.wait_for_timeout(800)
    assert in_frame(visit, "[map_div.getZoom(), Math.round(map_div.getCenter().lng * 10)]") == [9, 375]
    assert visit.query()["zoom"] == "9"
    clean(visit)


def test_a_phone_has_room_for_the_switch(go_on):
    visit = go_on(path="/?lang=uk", width=390, height=844).ready()
    assert visit.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    for name in ("English", "Українська"):
        box = visit.page.locator(".head").get_by_title(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] < 60
    clean(visit)


def test_a_tooltip_speaks_the_language(go_on):
    visit = go_on(path="/?lang=uk").ready()
    visit.map.locator("path.zone-buffer").hover()
    tip = visit.map.locator(".zone-tip")
    tip.wait_for()
    assert "Нині утримує: Україна" in tip.inner_text()
    clean(visit)


@pytest.mark.parametrize("code", ["en", "uk"])
def test_the_scale_stands_clear_of_the_credit_on_a_phone(go_on, code):
    visit = go_on(path=f"/?lang={code}", width=390, height=844).ready()
    scale = visit.map.locator(".leaflet-control-scale").bounding_box()
    credit = visit.map.locator(".leaflet-control-attribution").bounding_box()
    assert scale["y"] + scale["height"] <= credit["y"]


def test_links_outside_of_the_header_lead_on_from_this_view(go_on):
    """The notice of an old line chooses in the page; the foot's link leads to a place on another one, loaded anew."""
    visit = go_on(path="/?proposal=line-as-is&units=mi2&lang=uk&control=2022-02-23").ready()
    visit.page.evaluate("window.mark = 1")
    newer = visit.page.locator(".line-age a")
    assert "2 грудня 2025" in newer.inner_text()
    newer.click()
    visit.page.wait_for_function("!new URL(location).searchParams.has('control')")
    visit.settled()
    newer.click()
    visit.page.wait_for_function("new URL(location).searchParams.get('page') === 'lines'")
    foot = visit.settled().page.locator(".meta a[href*='#corrections']")
    foot.focus()
    assert visit.page.evaluate("window.mark") == 1
    foot.click()
    visit.page.wait_for_function("window.mark !== 1 && !document.getElementById('first-answer')")
    said = {"proposal": "line-as-is", "units": "mi2", "lang": "uk", "page": "methods"}
    assert {key: value for key, value in visit.query().items() if key != "v"} == said
    assert visit.page.url.endswith("#corrections")
    clean(visit)
