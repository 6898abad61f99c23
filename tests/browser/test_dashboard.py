"""The running dashboard in Chromium with every outside request refused."""

import base64
import string

import pytest
from support import subjects
from support.browser import TITLES, ask_for, broken, choose, clean, in_frame, shown, turn
from support.visit import MAP_FRAME

IDS = subjects.REPRESENTATIVE

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


#: Screens that hold the answer without scrolling: a desktop's, a small laptop's, a phone's.
SCREENS = ((1400, 900), (1280, 720), (390, 844))
#: Whether parts are on the screen; of lead figures on a phone, where the map takes most of it, the figures themselves.
ON_SCREEN = """parts => parts.every(part => {
  const {left, top, right, bottom, width} = document.querySelector(part).getBoundingClientRect();
  const least = part === ".ledger.lead" && innerWidth < 500 ? top + 22 : bottom;
  return width && left >= 0 && top >= 0 && right <= innerWidth && least <= innerHeight;
})"""


HEIGHT = "Number(getComputedStyle(document.querySelector('path{}').closest('.leaflet-pane')).zIndex)"


def test_the_first_map_is_a_finished_answer(go_on):
    visit = go_on().ready()
    for width, height in SCREENS:
        visit.page.set_viewport_size({"width": width, "height": height})
        parts = ["h1", MAP_FRAME, ".legend", ".ledger.lead", *([".st-key-below"] if width > 500 else [])]
        visit.page.wait_for_function(ON_SCREEN, arg=parts, timeout=10_000)
    assert visit.page.locator(MAP_FRAME).bounding_box()["height"] == pytest.approx(0.6 * height, abs=1)
    visit.map.locator("path.zone-buffer").wait_for()
    assert visit.map.locator("path.base-border").count() == 1
    assert visit.map.locator("path.contact-line").count() == 1
    assert "url(" in in_frame(visit, "getComputedStyle(document.querySelector('path.zone-buffer')).fill")
    visit.map.locator("path.river-1").first.wait_for(state="attached")
    heights = [in_frame(visit, HEIGHT.format(one)) for one in (".zone", ".river", ".contact-line", ".base-border")]
    assert heights == sorted(set(heights))
    assert visit.page.get_by_text("Ukraine would withdraw from").first.is_visible()
    clean(visit)


def test_the_map_s_frame_loads_its_scripts_in_one_go(go_on):
    visit = go_on().ready()
    loaded = in_frame(visit, "performance.getEntriesByType('resource').map(one => new URL(one.name).pathname)")
    ours = [path for path in loaded if path.endswith(".js") and "st_folium" not in path]
    assert len(ours) == 1
    clean(visit)


def test_something_is_always_on_the_map_while_switching(go_on):
    visit = go_on().ready()
    in_frame(
        visit,
        """{
        window.fewest = 99;
        const count = () => {
            window.fewest = Math.min(window.fewest, document.querySelectorAll('path.zone').length);
            requestAnimationFrame(count);
        };
        count();
        return 1;
    }""",
    )
    for proposal_id in ("russia-claim", "donetsk-narrow-buffer", "ukraine-1991"):
        choose(visit, proposal_id)
    assert in_frame(visit, "window.fewest") >= 27


WATCH_FADING = """() => {
  window.fading = [];
  const look = () => {
    for (const one of document.getAnimations()) {
      if (one.transitionProperty === "opacity") window.fading.push(one.effect.target.className);
    }
    window.looking = requestAnimationFrame(look);
  };
  look();
}"""
#: How opaque a part is that a run has not sent anew, so many ms after that run began; then all is as before. The time
#: is that of the change itself, since a busy machine's own may be over before it is asked.
OUTDATED = """times => {
  const app = document.querySelector(".stApp"), part = document.querySelector(".st-key-head");
  app.dataset.testScriptState = "running";
  part.dataset.stale = "true";
  const [change] = app.getAnimations().filter(one => one.transitionProperty === "--outdated");
  change.pause();
  const seen = times.map(time => {
    change.currentTime = time;
    return Number(getComputedStyle(part).opacity);
  });
  change.finish();
  app.dataset.testScriptState = "notRunning";
  part.dataset.stale = "false";
  return seen;
}"""


def test_a_quick_answer_fades_nothing_and_a_slow_one_pales_what_is_outdated(go_on):
    visit = go_on().ready()
    visit.page.evaluate(WATCH_FADING)
    choose(visit, "line-as-is")
    visit.page.evaluate("cancelAnimationFrame(window.looking)")
    assert visit.page.evaluate("window.fading") == []
    assert visit.page.evaluate(OUTDATED, [0, 200, 700]) == [1, 1, 0.33]
    clean(visit)


def test_each_proposal_is_a_click_apart_and_the_map_is_never_made_anew(go_on):
    visit = go_on().ready()
    in_frame(visit, "{ window.mark = 1; map_div.setView([47.5, 36.5], 8, {animate: false}); return 1; }")
    for proposal_id in [*IDS[1:], IDS[0]]:
        choose(visit, proposal_id)
        assert visit.page.get_by_role("heading", name=TITLES[proposal_id]).is_visible()
        assert visit.map.locator("path.zone").count() >= 27
        assert in_frame(visit, "[window.mark, map_div.getZoom(), Math.round(map_div.getCenter().lng)]") == [1, 8, 37]
    clean(visit)


def test_a_link_opens_the_same_view_for_someone_else(go_on, open_page):
    first = go_on().ready()
    choose(first, "donetsk-narrow-buffer")
    turn(first, units="mi2")
    first.page.wait_for_function("new URL(location).searchParams.get('units') === 'mi2'")
    in_frame(first, "{ map_div.setView([48.5, 37.5], 9, {animate: false}); return 1; }")
    first.page.wait_for_function("new URL(location).searchParams.get('zoom') === '9'")
    assert first.query()["v"]
    second = open_page(path=f"/{first.search()}").ready()
    shown(second, "donetsk-narrow-buffer")
    assert second.page.get_by_text("sq mi").first.is_visible()
    second.page.wait_for_timeout(800)
    assert in_frame(second, "map_div.getZoom()") == 9
    assert second.query() == first.query()
    clean(second)


def test_the_place_on_the_map_is_written_again_where_the_page_has_written_its_address(go_on):
    visit = go_on().ready()
    in_frame(visit, "{ map_div.setView([48.5, 37.5], 9, {animate: false}); return 1; }")
    visit.page.wait_for_function("new URL(location).searchParams.get('zoom') === '9'")
    before = visit.query()
    visit.page.evaluate("history.pushState(null, '', '?embed_options=light_theme')")
    visit.page.wait_for_function("new URL(location).searchParams.get('zoom') === '9'")
    assert visit.query() == before | {"embed_options": "light_theme"}
    clean(visit)


def test_the_address_follows_the_map_in_a_frame_that_grows_by_a_pixel(open_page):
    visit = open_page(width=1279).ready()
    for width in (1280, 1281, 1282):
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.wait_for_timeout(300)
        in_frame(visit, f"{{ map_div.setView([48, 37], {width - 1272}, {{animate: false}}); return 1; }}")
        visit.page.wait_for_function(f"new URL(location).searchParams.get('zoom') === '{width - 1272}'")
    clean(visit)


def test_a_link_keeps_its_place_to_the_digit_when_the_frame_is_fitted(go_on):
    place = {"lat": "48.500", "lon": "37.500", "zoom": "9"}
    visit = go_on(path="/?lat=48.500&lon=37.500&zoom=9").ready()
    for width in (1277, 1273, 1279, 1180):
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.wait_for_timeout(1000)
        assert {key: visit.query()[key] for key in place} == place
    in_frame(visit, "{ map_div.panBy([3, 0], {animate: false}); return 1; }")
    visit.page.wait_for_function("new URL(location).searchParams.get('lon') > '37.502'")
    clean(visit)


def test_back_undoes_a_choice(go_on):
    visit = go_on().ready()
    choose(visit, "ukraine-1991")
    choose(visit, "russia-claim")
    visit.page.wait_for_function("new URL(location).searchParams.get('proposal') === 'russia-claim'")
    visit.page.go_back()
    shown(visit, "ukraine-1991")
    assert visit.page.get_by_role("heading", name=TITLES["ukraine-1991"]).is_visible()
    visit.page.go_back()
    shown(visit, "us-28-point")
    choose(visit, "line-as-is")
    clean(visit)


def test_a_quick_way_there_and_back_ends_on_the_address_of_what_is_shown(open_page, app_url):
    visit = open_page(path="/ready")
    sockets, held = [], []

    def pass_on(socket):
        sockets.append(socket)
        socket.connect_to_server().on_message(lambda message: held.append(message) if holds else socket.send(message))

    holds = False
    visit.page.route_web_socket("**/_stcore/stream", pass_on)
    visit.page.goto(app_url)
    visit.ready()
    holds = True
    turn(visit, page="methods")
    while not any(b"page=methods" in message for message in held):
        visit.page.wait_for_timeout(50)
    turn(visit, page="map")
    visit.page.wait_for_timeout(1000)
    holds = False
    for message in held:
        sockets[-1].send(message)
    visit.page.get_by_role("heading", name=TITLES["us-28-point"]).wait_for()
    visit.ready()
    assert "page" not in visit.query()
    clean(visit)


NAMES_THAT_MEET = """(() => {
    const names = [...document.querySelectorAll(".place span")].filter(name => name.getClientRects().length);
    const box = name => name.getBoundingClientRect();
    const meet = (a, b) => Math.min(a.right, b.right) > Math.max(a.left, b.left) + 2
        && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top) + 3;
    return names.flatMap((one, index) => names.slice(index + 1).filter(other => meet(box(one), box(other)))
        .map(other => one.textContent + " " + other.textContent));
})()"""


ALL_EAST = "document.querySelectorAll('.place span').forEach(name => { name.dataset.side = 'east'; })"


@pytest.mark.parametrize(("path", "width"), [("/?lang=uk", 1280), ("/?lang=uk", 768), ("/?page=people&lang=uk", 390)])
def test_no_name_on_the_map_covers_another(go_on, path, width):
    visit = go_on(path=path, width=width).ready()
    visit.map.locator(".place span[data-side]").first.wait_for()
    in_frame(visit, "document.fonts.ready.then(() => 1)")
    assert in_frame(visit, NAMES_THAT_MEET) == []
    # A tall phone looks at the front from near enough for the band at once.
    assert visit.map.locator("path.error-band").count() == int(in_frame(visit, "map_div.getZoom()") >= 8)
    in_frame(visit, "{ map_div.setView([48.2, 36.5], 9, {animate: false}); return 1; }")
    visit.map.locator(".place.town span[data-side]").nth(5).wait_for(state="attached")
    assert in_frame(visit, NAMES_THAT_MEET) == []
    # 2 km to either side of the line, at some 204 m a pixel.
    assert 18 < float(visit.map.locator("path.error-band").get_attribute("stroke-width")) < 21
    assert "±\u00a02\u00a0км" in visit.map.locator(".band-key").inner_text()
    towns = visit.map.locator(".place.town").all_inner_texts()
    assert len(set(towns)) > 5
    assert not set("".join(towns)) & set(string.ascii_letters)


def test_names_that_would_cover_each_other_make_way(go_on):
    visit = go_on(path="/?page=people&lang=uk&lat=48.2&lon=36.5&zoom=7").ready()
    visit.map.locator(".place.beside span[data-side]").first.wait_for()
    in_frame(visit, "document.fonts.ready.then(() => 1)")
    assert in_frame(visit, NAMES_THAT_MEET) == []
    in_frame(visit, ALL_EAST)
    assert in_frame(visit, NAMES_THAT_MEET) != []


def test_quick_clicks_end_on_the_last(go_on):
    visit = go_on().ready()
    first, last, other = "us-28-point", "e3-counter", "twenty-point"
    for gap_ms in (0, 120, 180, 250, 320):
        choose(visit, "russia-claim")
        visit.page.go_back()
        shown(visit, first)
        for proposal_id in ("ukraine-1991", "line-as-is", "donetsk-narrow-buffer", last):
            ask_for(visit, proposal_id)
            visit.page.wait_for_timeout(gap_ms)
        shown(visit, last)
        visit.page.wait_for_timeout(1000)
        assert visit.page.get_by_role("heading", name=TITLES[last]).is_visible(), gap_ms
        assert visit.query()["proposal"] == last, gap_ms
        first, last, other = last, other, last
    clean(visit)


def test_a_button_that_is_held_down_while_the_page_answers_is_pressed_when_it_is_let_go(go_on):
    visit = go_on().ready()
    page, miles = visit.page, "document.querySelector('.ledger.lead').innerText.includes('sq mi')"
    to_km, to_miles = (page.locator(f".head [data-value={unit}]") for unit in ("km2", "mi2"))
    to_km.hover()
    page.mouse.down()
    to_miles.evaluate("it => it.click()")
    page.wait_for_function(miles)
    visit.settled()
    page.mouse.up()
    page.wait_for_function(f"!{miles}")
    visit.settled()
    assert to_km.get_attribute("aria-current") == "true"
    assert to_miles.get_attribute("aria-current") is None
    clean(visit)


def test_the_same_zone_can_be_clicked_again(go_on):
    visit = go_on().ready()
    for _ in range(3):
        visit.map.locator("path.zone-buffer").click()
        visit.page.get_by_text("Clause 21d").wait_for()
        visit.settled()
        visit.page.locator(".st-key-zone").get_by_role("combobox").click()
        visit.page.keyboard.press("Control+A")
        visit.page.keyboard.type("none")
        visit.page.get_by_role("option", name="none").click()
        visit.page.get_by_text("Clause 21d").wait_for(state="detached")
    clean(visit)


@pytest.mark.parametrize("widths", [(390, 700), (1280, 900, 768)], ids=["phone", "desktop"])
def test_the_whole_country_is_in_the_frame(go_on, widths):
    """At the width at which it is opened, and at those to which the window is drawn."""
    visit = go_on(path="/?frame=country", width=widths[0]).ready()
    visit.map.locator("path.base-border").wait_for(state="attached")
    for width in widths:
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.wait_for_timeout(500)
        left, top, right, bottom, frame_width, frame_height = in_frame(
            visit,
            "(b => [b.left, b.top, b.right, b.bottom, innerWidth, innerHeight])"
            "(document.querySelector('.base-outlines').getBoundingClientRect())",
        )
        assert left >= 0, width
        assert top >= 0, width
        assert right <= frame_width, width
        assert bottom <= frame_height, width
        assert bottom - top > 0.4 * frame_height or right - left > 0.7 * frame_width, width


def test_a_click_on_the_map_opens_the_details(go_on):
    visit = go_on().ready()
    visit.map.locator("path.zone-buffer").click()
    visit.page.get_by_text("Clause 21d").wait_for()
    assert visit.map.locator("path.zone-buffer.chosen").count() == 1
    visit.page.wait_for_function("new URL(location).searchParams.get('zone') === 'UA-14.ukraine'")
    choose(visit, "ukraine-1991")
    assert visit.page.get_by_text("Stays under Ukraine's control").first.is_visible()
    clean(visit)


def test_tooltip_says_what_the_zone_is(go_on):
    visit = go_on().ready()
    visit.map.locator("path.zone-buffer").hover()
    tip = visit.map.locator(".zone-tip")
    tip.wait_for()
    text = tip.inner_text()
    assert "Demilitarised" in text
    assert "Range:" in text
    assert "Recognised as: Russia, internationally (the text's words)" in text


def test_share_copies_the_view_and_its_finding(go_on):
    visit = go_on(path="/?proposal=russia-claim").ready()
    assert visit.page.title() == "Russia's terms of June 2024: Map | mapcore"
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opener = visit.page.get_by_role("button", name="Share", exact=True)
    opener.focus()
    visit.page.keyboard.press("Enter")
    panel = visit.page.locator(".st-key-panel_share_content")
    panel.get_by_role("textbox", name="Link to this view").wait_for()
    visit.page.wait_for_function("document.activeElement.role === 'dialog'")
    visit.settled()
    assert broken(visit.page) == []
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Tab")
    assert panel.get_by_role("button", name="Copy link").evaluate("one => one.getRootNode().activeElement === one")
    for button, wanted in (
        ("Copy link", ("proposal=russia-claim", "v=")),
        ("Copy sentence", ("Russia's terms", "km²")),
    ):
        panel.get_by_role("button", name=button).focus()
        visit.page.keyboard.press("Enter")
        panel.get_by_text("Copied").first.wait_for()
        copied = visit.page.evaluate("() => navigator.clipboard.readText()")
        assert all(words in copied for words in wanted), copied
    visit.page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    choose(visit, "e3-counter")
    assert visit.page.title().startswith("European counter-proposal (E3): Map")
    clean(visit)


def test_no_request_leaves_the_machine_and_none_goes_unseen(open_address):
    visit = open_address("about:blank")
    refused = []
    visit.page.on("requestfailed", lambda request: refused.append((request.url, request.failure)))
    addresses = ["https://tile.openstreetmap.org/1/1/1.png", "http://192.0.2.1/", "http://[2001:db8::1]/"]
    for address in addresses:
        assert visit.page.evaluate("address => fetch(address).then(() => 1, () => 0)", address) == 0
    assert refused == [(address, "net::ERR_NAME_NOT_RESOLVED") for address in addresses]
    assert visit.outside == addresses


def test_tiles_out_of_reach_leave_the_map_whole(go_on):
    visit = go_on().ready()
    visit.page.locator(".st-key-tiles label").click()
    visit.map.locator('html[data-tiles="failed"]').wait_for(state="attached", timeout=30_000)
    assert visit.map.locator("path.zone-de_facto").count() > 0
    assert visit.outside
    assert all("openstreetmap" in url for url in visit.outside)


def test_tiles_within_reach_lie_under_the_zones(go_on):
    visit = go_on().ready()
    tiles = "https://tile.openstreetmap.org/**"
    visit.page.route(tiles, lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    visit.page.locator(".st-key-tiles label").click()
    visit.map.locator("img.leaflet-tile-loaded").first.wait_for(state="attached")
    assert in_frame(visit, "document.documentElement.dataset.tiles") == "on"
    assert "OpenStreetMap" in visit.map.locator(".leaflet-control-attribution").inner_text()
    visit.page.locator(".st-key-tiles label").click()
    visit.map.locator("html[data-tiles=off]").wait_for(state="attached")
    assert visit.map.locator("img.leaflet-tile").count() == 0
    visit.page.unroute(tiles)


def test_methods_page_and_back_to_the_map(go_on):
    visit = go_on(path="/?proposal=russia-claim").ready()
    turn(visit, page="methods")
    visit.page.get_by_role("heading", name="Official and measured areas").wait_for()
    turn(visit, page="map")
    visit.ready()
    shown(visit, "russia-claim")
    clean(visit)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone(open_page, scheme):
    visit = open_page(width=390, height=844, color_scheme=scheme).ready()
    assert in_frame(visit, "document.documentElement.dataset.theme") == scheme
    wide = visit.page.evaluate("() => document.scrollingElement.scrollWidth")
    assert wide <= 390
    choose(visit, "russia-claim")
    clean(visit)


OVER_ITS_END = """() => [...document.querySelectorAll(".bars .bar em")]
  .filter(one => one.getClientRects().length)
  .map(one => one.getBoundingClientRect().right - one.parentElement.getBoundingClientRect().right)"""


@pytest.mark.parametrize(("width", "labels"), [(390, 13), (1280, 14)])
def test_a_part_of_a_bar_has_its_number_where_there_is_room(go_on, width, labels):
    visit = go_on(path="/?proposal=line-as-is", width=width).ready()
    visit.page.locator(".bars").wait_for()
    over = visit.page.evaluate(OVER_ITS_END)
    assert len(over) == labels
    assert max(over) <= 0
    clean(visit)


def test_embedded(go_on):
    visit = go_on(path="/?embed=true&proposal=ukraine-1991").ready()
    shown(visit, "ukraine-1991")
    clean(visit)
