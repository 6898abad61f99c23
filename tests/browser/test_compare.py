"""The pages that set proposals side by side, in Chromium with every outside request refused."""

import pytest
from support.browser import tool, turn
from support.visit import MAP_FRAME

from mapcore import load_proposals

TITLES = {proposal.id: proposal.title for proposal in load_proposals()}


class Three:
    """The frames of A, B and the difference."""

    def __init__(self, visit):
        self.visit = visit
        self.a, self.b = (visit.page.frame_locator(f".st-key-sides {MAP_FRAME} >> nth={place}") for place in (0, 1))
        self.difference = visit.page.frame_locator(f".st-key-difference {MAP_FRAME}")

    def ready(self):
        self.visit.settled()
        for one in (self.a, self.b, self.difference):
            one.locator("path.leaflet-interactive").first.wait_for(state="attached", timeout=60_000)
        return self

    def shown(self, a, b, over="all"):
        for one, name in ((self.a, a), (self.b, b), (self.difference, f"{a} {b} {over}")):
            one.locator(f'html[data-shown="{name}"]').wait_for(state="attached", timeout=30_000)
        self.visit.settled()
        return self


def run(one, script):
    return one.locator("html").evaluate(f"() => {script}")


def place(one):
    return run(one, "[map_div.getCenter().lat, map_div.getCenter().lng, map_div.getZoom()]")


def clean(visit):
    assert visit.errors == []
    assert visit.outside == []


def drag(visit, one, right, down):
    one.locator(".leaflet-container").scroll_into_view_if_needed()
    box = one.locator(".leaflet-container").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + right, y + down, steps=6)
    visit.page.wait_for_timeout(250)
    visit.page.mouse.up()


def opened(go_on, path="/?page=compare", **how):
    visit = go_on(path=path, **how)
    return visit, Three(visit).ready()


def test_three_maps_are_drawn(go_on):
    visit, three = opened(go_on)
    three.shown("us-28-point", "line-as-is")
    assert three.a.locator("path.zone-buffer").count() == 1
    assert three.b.locator("path.zone-held").count() > 1
    assert three.difference.locator("path.zone-alike").count() > 20
    assert three.difference.locator("path.zone-nobody-1").count() == 1
    assert "url(" in run(three.difference, "getComputedStyle(document.querySelector('path.zone-nobody-1')).fill")
    assert visit.page.locator('svg[role="img"][aria-label^="What happens to the land"]').count() == 1
    clean(visit)


def test_pan_and_zoom_of_one_map_move_the_others_without_coming_back(go_on):
    visit, three = opened(go_on)
    three.shown("us-28-point", "line-as-is")
    for leader, follower in ((three.a, three.b), (three.b, three.a)):
        before = place(follower)
        drag(visit, leader, -70, 30)
        visit.page.wait_for_timeout(700)
        after = place(follower)
        assert after[1] > before[1] + 0.5
        assert after == pytest.approx(place(leader), abs=0.02)
    three.a.locator(".leaflet-control-zoom-in").click()
    visit.page.wait_for_timeout(900)
    assert place(three.b) == pytest.approx(place(three.a), abs=0.02)
    ours, theirs = place(three.a), place(three.difference)
    assert theirs[:2] == pytest.approx(ours[:2], abs=0.05)
    run(three.a, "{ window.moves = 0; map_div.on('move', () => { window.moves += 1; }); return 1; }")
    visit.page.wait_for_timeout(500)
    assert run(three.a, "window.moves") == 0
    clean(visit)


def test_a_link_restores_both_proposals_the_question_and_the_place(go_on, open_page):
    path = "/?page=compare&proposal=donetsk-narrow-buffer&compare=russia-claim&question=holder&depth_km=45"
    first, three = opened(go_on, path)
    three.shown("donetsk-narrow-buffer", "russia-claim", "holder")
    three.a.locator(".leaflet-control-zoom-in").click()
    first.page.wait_for_function("new URL(location).searchParams.get('zoom') !== null")
    drag(first, three.b, -60, 0)
    first.page.wait_for_timeout(1500)
    second, again = opened(open_page, f"/{first.search()}")
    again.shown("donetsk-narrow-buffer", "russia-claim", "holder")
    second.page.wait_for_timeout(1500)
    assert place(again.a) == pytest.approx(place(three.a), abs=0.02)
    assert place(again.b) == pytest.approx(place(three.a), abs=0.02)
    assert second.query() == first.query()
    assert second.query()["depth_km"] == "45"
    clean(second)


def test_swap_and_the_one_click_comparison_keep_the_frames(go_on):
    visit, three = opened(go_on, "/?page=compare&proposal=ukraine-1991&compare=russia-claim")
    three.shown("ukraine-1991", "russia-claim")
    for one in (three.a, three.b, three.difference):
        run(one, "{ window.mark = 1; return 1; }")
    visit.page.get_by_role("button", name="Swap A and B").click()
    three.shown("russia-claim", "ukraine-1991")
    visit.page.wait_for_function("new URL(location).searchParams.get('compare') === 'ukraine-1991'")
    visit.page.get_by_role("button", name="Against the line as it stands").click()
    three.shown("russia-claim", "line-as-is")
    visit.page.locator(".st-key-question button", has_text="Recognised as").click()
    three.shown("russia-claim", "line-as-is", "recognised")
    assert [run(one, "window.mark") for one in (three.a, three.b, three.difference)] == [1, 1, 1]
    visit.page.go_back()
    three.shown("russia-claim", "line-as-is")
    clean(visit)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_compare_on_a_phone(go_on, scheme):
    visit, three = opened(go_on, width=390, height=844, color_scheme=scheme)
    three.shown("us-28-point", "line-as-is")
    visit.page.wait_for_timeout(800)
    assert visit.page.evaluate("() => document.scrollingElement.scrollWidth") <= 390
    tops = []
    for one in (three.difference, three.a, three.b):
        assert run(one, "document.documentElement.dataset.theme") == scheme
        border = run(
            one,
            "(p => (b => [b.left, b.right, b.top, b.bottom])(p.getBoundingClientRect()))"
            "(document.querySelector('path.contact-line'))",
        )
        size = run(one, "[innerWidth, innerHeight]")
        assert border[0] >= 0
        assert border[1] <= size[0]
        assert border[2] >= 0
        assert border[3] <= size[1]
        tops.append(one.locator("body").bounding_box()["y"])
    assert tops == sorted(tops)
    assert "lat" not in visit.query()
    clean(visit)


def test_the_viewer_keeps_choice_and_place_between_the_pages(go_on):
    visit, three = opened(go_on, "/?page=compare&proposal=russia-claim")
    three.shown("russia-claim", "line-as-is")
    three.a.locator(".leaflet-control-zoom-in").click()
    visit.page.wait_for_function("new URL(location).searchParams.get('zoom') !== null")
    drag(visit, three.b, -60, 0)
    visit.page.wait_for_timeout(1200)
    middle = place(three.a)
    turn(visit, page="map")
    visit.page.get_by_role("heading", name=TITLES["russia-claim"], level=1).wait_for()
    visit.ready()
    visit.page.wait_for_timeout(1200)
    assert place(visit.map)[:2] == pytest.approx(middle[:2], abs=0.05)
    assert float(visit.query()["lon"]) == pytest.approx(middle[1], abs=0.05)
    turn(visit, page="compare")
    three.ready().shown("russia-claim", "line-as-is")
    visit.page.wait_for_timeout(800)
    assert place(three.b) == pytest.approx(middle, abs=0.05)
    clean(visit)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_table_of_all_proposals_leads_to_the_map(go_on, width, scheme):
    visit = go_on(path="/?page=matrix&units=mi2", width=width, height=844, color_scheme=scheme).settled()
    table = visit.page.locator(".matrix")
    table.wait_for()
    assert visit.page.evaluate("() => document.scrollingElement.scrollWidth") <= width
    corner = table.locator("thead th").first
    # A phone has one question at a time, and no columns.
    assert corner.is_visible() == (width > 700)
    if width > 700:
        table.evaluate("e => { e.scrollLeft = 300; e.scrollTop = 200; }")
        frame_box = table.bounding_box()
        assert abs(corner.bounding_box()["x"] - frame_box["x"]) < 3
        assert abs(corner.bounding_box()["y"] - frame_box["y"]) < 3
    row = visit.page.locator(".matrix tbody tr", has=visit.page.locator("th", has_text="Donetsk"))
    if width <= 700:
        row.locator("summary").first.click()
    row.locator("td").first.get_by_role("link", name="map").click()
    visit.ready()
    assert visit.page.get_by_role("heading", name=TITLES["us-28-point"], level=1).is_visible()
    wanted = visit.query()
    assert wanted["zone"].startswith("UA-14.")
    assert wanted["units"] == "mi2"
    visit.map.locator("path.chosen").first.wait_for(state="attached")
    clean(visit)


def test_the_viewers_own_proposal_from_its_page_to_either_side(go_on, open_page):
    visit = go_on(path="/?page=own", anew=True).ready()
    tool(visit, "Change a proposal")
    visit.page.locator(".st-key-own_start button").click()
    visit.page.locator(".st-key-own_compare button:enabled").click()
    three = Three(visit).ready().shown("viewers-own-untitled", "line-as-is")
    visit.page.locator(".st-key-swap button").click()
    three.shown("line-as-is", "viewers-own-untitled")
    assert visit.query()["compare"] == "own"
    again = open_page(path=f"/{visit.search()}")
    Three(again).ready().shown("line-as-is", "viewers-own-untitled")
    again.page.get_by_role("heading", name="Viewer's own: Untitled").wait_for()
    for one in (visit, again):
        clean(one)
