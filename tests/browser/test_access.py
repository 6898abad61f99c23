"""Access: the keyboard, words for what is drawn, reduced motion."""

import pytest
from support.browser import ask_for, broken
from support.visit import MAP_FRAME

NARROW = 390
#: The element that has the focus, through shadow roots, with its name and whether its focus can be seen.
FOCUS = """() => {
    let it = document.activeElement;
    while (it && it.shadowRoot && it.shadowRoot.activeElement) { it = it.shadowRoot.activeElement; }
    if (!it || it === document.body) { return null; }
    const style = getComputedStyle(it), around = it.closest("label, [data-baseweb=select], [data-baseweb=input]");
    const seen = one => { const s = getComputedStyle(one);
        return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== "none"; };
    const text = it.cloneNode(true);
    text.querySelectorAll("[aria-hidden=true]").forEach(hidden => hidden.remove());
    const labels = it.labels ? [...it.labels].map(one => one.textContent).join(" ") : "";
    return {tag: it.tagName.toLowerCase(), role: it.getAttribute("role") || "",
        name: (it.getAttribute("aria-label") || labels || text.textContent || it.title || "").trim(),
        seen: seen(it) || Boolean(around && seen(around)) || Boolean(document.querySelector("path.focus-ring"))};
}"""


def focused(visit):
    """Return what has the focus, in a frame where that has it."""
    found = visit.page.evaluate(FOCUS)
    if found and found["tag"] == "iframe":
        inside = [frame for frame in visit.page.frames[1:] if frame.evaluate("document.hasFocus()")]
        return {**inside[0].evaluate(FOCUS), "framed": True} if inside else found
    return found


def in_frame(visit, script):
    return visit.map.locator("html").evaluate(f"() => {script}")


def clean(visit):
    assert visit.errors == []
    assert visit.outside == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keyboard_reaches_every_control_and_leaves_the_map(open_page, scheme):
    visit = open_page(color_scheme=scheme).ready()
    visit.page.get_by_text(", likely ").first.wait_for()
    assert [one.inner_text() for one in visit.page.locator(".head .row [aria-current]").all()] == ["Map", "EN", "km²"]
    visit.settled()
    stops = []
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        stops.append(focused(visit))
        if stops[-1] is None:
            break
    stops = [stop for stop in stops if stop]
    for stop in stops:
        assert stop["name"], stop
        assert stop["seen"], stop
    names = [stop["name"] for stop in stops]
    for wanted in (
        "Map",
        "km²",
        "EN",
        "Proposal",
        "Zoom in",
        "Share",
        "Download",
        "Embed",
        "Background tiles",
    ):
        assert names.count(wanted) == 1, (wanted, [name[:30] for name in names])
    framed = [index for index, stop in enumerate(stops) if stop.get("framed")]
    assert framed == list(range(framed[0], framed[-1] + 1))
    assert 4 <= len(framed) <= 8
    assert names.index("Proposal") < framed[0] < framed[-1] < names.index("Share")


def test_pages_and_proposals_are_chosen_by_keyboard(go_on):
    visit = go_on().ready()
    visit.page.locator(".st-key-choose_proposal select").focus()
    visit.page.keyboard.press("ArrowDown")
    visit.map.locator('html[data-shown="twenty-point"]').wait_for(state="attached", timeout=30_000)
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    visit.map.locator('html[data-shown="line-as-is"]').wait_for(state="attached", timeout=30_000)
    visit.settled()
    visit.page.locator(".head nav a").first.focus()
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    visit.page.get_by_role("heading", name="Compare: A and B differ on").wait_for()
    assert focused(visit)["name"] == "Compare"
    clean(visit)


def test_arrow_keys_lead_from_piece_to_piece_and_enter_chooses_one(go_on):
    visit = go_on().ready()
    visit.map.locator('html[data-shown="us-28-point"]').wait_for(state="attached")
    piece = visit.map.locator("path.zone[tabindex='0']")
    assert piece.count() == 1
    piece.focus()
    buffer = visit.map.locator("path.zone-buffer")
    buffer.focus()
    visit.page.keyboard.press("ArrowLeft")
    there = focused(visit)
    assert there["role"] == "button"
    assert there["seen"]
    assert "Dnipropetrovsk" in there["name"] or "Kharkiv" in there["name"]
    visit.page.keyboard.press("ArrowRight")
    visit.map.locator(".zone-tip").first.wait_for()
    visit.page.keyboard.press("Escape")
    visit.map.locator(".zone-tip").first.wait_for(state="detached")
    buffer.focus()
    visit.page.keyboard.press("Enter")
    visit.page.get_by_text("Clause 21d").wait_for()
    visit.settled()
    assert buffer.get_attribute("aria-pressed") == "true"
    assert buffer.evaluate("path => document.activeElement === path")
    clean(visit)


def tour(visit):
    return visit.page.locator(".tour")


def test_the_page_is_shown_round_when_asked_to(go_on):
    visit = go_on().ready()
    assert tour(visit).is_hidden()
    helping = visit.page.get_by_role("button", name="Help", exact=True)
    helping.click()
    tour(visit).wait_for()
    panel, frame = tour(visit).bounding_box(), visit.page.locator(MAP_FRAME).bounding_box()
    assert panel["x"] >= frame["x"] + frame["width"]
    assert broken(visit.page) == []
    titles = []
    for _ in range(5):
        titles.append(tour(visit).get_by_role("heading").inner_text())
        assert visit.page.locator("[data-tour]").count() == 1, titles
        tour(visit).locator(".next").focus()
        visit.page.keyboard.press("Enter")
    assert titles == ["What the map shows", "Switch proposals", "What a range means", "Compare", "Share what you see"]
    tour(visit).wait_for(state="hidden")
    assert "tour" not in visit.search()
    clean(visit)


def test_the_tour_moves_nothing(go_on):
    visit = go_on().ready()
    visit.page.get_by_text(", likely ").first.wait_for()
    visit.page.locator(".st-key-choose_control").wait_for()  # the header comes last
    visit.settled()
    parts = ("h1", MAP_FRAME, ".ledger", ".head nav", ".st-key-below", ".figures")
    before = [visit.page.locator(part).first.bounding_box() for part in parts]
    visit.page.get_by_role("button", name="Help", exact=True).click()
    tour(visit).wait_for()
    assert [visit.page.locator(part).first.bounding_box() for part in parts] == before


def test_the_tour_is_skipped_and_comes_back_by_keyboard(go_on):
    visit = go_on().ready()
    visit.page.get_by_role("button", name="Help", exact=True).click()
    tour(visit).wait_for()
    visit.page.keyboard.press("Escape")
    tour(visit).wait_for(state="hidden")
    visit.page.get_by_role("button", name="Help", exact=True).focus()
    visit.page.keyboard.press("Enter")
    tour(visit).wait_for()
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Tab")
    assert focused(visit)["name"] == "Skip the tour"
    visit.page.keyboard.press("Enter")
    tour(visit).wait_for(state="hidden")
    assert focused(visit)["name"] == "Help"
    ask_for(visit, "line-as-is")
    visit.map.locator('html[data-shown="line-as-is"]').wait_for(state="attached")
    visit.settled()
    assert tour(visit).is_hidden()
    clean(visit)


def test_on_a_phone_the_tour_leaves_the_map_free_and_an_embedded_map_has_none(go_on):
    visit = go_on(width=NARROW, height=844).ready()
    visit.page.get_by_role("button", name="Help", exact=True).click()
    tour(visit).wait_for()
    visit.page.wait_for_timeout(300)
    panel, frame = tour(visit).bounding_box(), visit.page.locator(MAP_FRAME).bounding_box()
    assert frame["y"] > -1  # a browser scrolls to whole pixels
    assert frame["y"] + frame["height"] <= panel["y"]
    embedded = go_on(path="/?embed=true").ready()
    assert tour(embedded).count() == 0
    clean(embedded)


def test_statuses_and_ranges_are_explained_by_keyboard(go_on):
    visit = go_on(path="/?proposal=ukraine-1991").ready()
    for words, sentence in (
        (
            "What each status means",
            "Russia holds this land now and would withdraw from it; control would return to Ukraine.",
        ),
        ("What the figures and their ranges mean", "Likely: 90% of the figures on 2,000 simulated lines"),
    ):
        summary = visit.page.locator("details.help summary", has_text=words)
        assert visit.page.get_by_text(sentence).is_hidden()
        summary.focus()
        visit.page.keyboard.press("Enter")
        assert visit.page.get_by_text(sentence).is_visible()
        assert broken(visit.page) == []
    clean(visit)


def test_who_asked_for_less_motion_sees_none(go_on):
    visit = go_on()
    visit.page.emulate_media(reduced_motion="reduce")
    visit.ready()
    at_once = "(() => { map_div.zoomIn(1); return map_div.getZoom(); })()"
    before = in_frame(visit, "map_div.getZoom()")
    assert in_frame(visit, at_once) == before + 1
    centre = in_frame(visit, "(() => { map_div.panBy([60, 0]); return map_div.getCenter().lng; })()")
    visit.page.wait_for_timeout(400)
    assert in_frame(visit, "map_div.getCenter().lng") == centre
    longest = visit.page.evaluate(
        "Math.max(...[...document.querySelectorAll('.stApp *')].map(one => "
        "Math.max(...getComputedStyle(one).transitionDuration.split(',').map(parseFloat))))"
    )
    assert longest <= 0.01
    visit.page.emulate_media(reduced_motion="no-preference")
    assert in_frame(visit, at_once) == before + 1
    clean(visit)
