"""Build your own in Chromium: by clicks, by drawing, by link, with every outside request refused."""

import pytest
from support.browser import CORNERS, click, draw, linked, tool, turn

from mapcore.proposals import viewer


def proposal(visit):
    return viewer.unpack(visit.query()["own"])


def in_frame(visit, script):
    return visit.map.locator("html").evaluate(f"() => {script}")


def opened(go_on, **options):
    return go_on(path="/?page=own", anew=True, **options).ready()


def clean(visit):
    assert visit.errors == []
    assert visit.outside == []


def test_a_proposal_built_by_clicks_and_opened_by_link(go_on, open_page):
    visit = opened(go_on)
    in_frame(visit, "{ window.mark = 1; return 1; }")
    tool(visit, "Change a proposal")
    visit.pick("own_base", "US 28-point plan")
    click(visit, "own_start")
    packed = linked(visit)
    visit.map.locator("path.zone-buffer").wait_for()
    visit.pick("own_status", "Stays under Ukraine's control")
    packed = linked(visit, packed)
    visit.map.locator("path.zone-buffer").wait_for(state="detached")
    tool(visit, "Add a buffer")
    visit.page.locator(".st-key-own_depth button", has_text="40").click()
    visit.settled()
    click(visit, "own_add_buffer")
    packed = linked(visit, packed)
    visit.map.locator("path.zone-narrow_buffer").first.wait_for()
    tool(visit, "Name and file")
    name = visit.page.locator(".st-key-own_name input")
    name.fill("My <b>plan</b>")
    name.press("Enter")
    packed = linked(visit, packed)
    heading = "My b plan /b"
    visit.page.get_by_role("heading", name=heading).wait_for()
    assert in_frame(visit, "window.mark") == 1
    figures = visit.page.locator(".ledger").all_inner_texts()

    turn(visit, page="methods")
    visit.page.wait_for_function("location.search.includes('page=methods')")  # written when the page is drawn
    turn(visit, page="own")
    visit.page.wait_for_function("location.search.includes('page=own')")
    visit.ready()
    assert visit.query()["own"] == packed

    other = open_page(path=f"/{visit.search()}").ready()
    other.page.get_by_role("heading", name=heading).wait_for()
    other.map.locator("path.zone-narrow_buffer").first.wait_for()
    # A link opens on the result: lead figures before the ways to change it, none of them open.
    assert other.page.locator(".ledger").all_inner_texts() == figures
    assert other.page.locator(".st-key-own_panel .ledger.lead").bounding_box()["y"] < 300
    assert other.page.locator(".st-key-own_panel [data-testid=stSelectbox]").count() == 0
    other.page.reload()
    other.ready()
    other.page.get_by_role("heading", name=heading).wait_for()
    for one in (visit, other):
        assert one.page.get_by_text("Viewer's own").first.is_visible()
        clean(one)


def test_a_zone_is_drawn_corner_by_corner(go_on):
    visit = opened(go_on)
    in_frame(visit, "{ window.mark = 1; return 1; }")
    draw(visit, [*CORNERS, (0.5, 0.5)])
    visit.map.get_by_role("button", name="Undo step").click()
    visit.map.get_by_text("Corners: 4").wait_for()
    told = visit.map.locator(".draw-told").inner_text()
    visit.map.get_by_role("button", name="Finish").click()
    packed = linked(visit)
    visit.map.locator("path.zone-special_zone").first.wait_for()
    (rule,) = proposal(visit).rules
    assert (len(rule.inside), len(rule.inside[0])) == (1, 5)
    assert "zone" not in visit.query()
    visit.page.get_by_text("in a drawn zone of 4 corners").wait_for()
    # All of it is land of Ukraine, so that the map told while it was drawn what is measured now.
    measured = visit.page.locator(".legend > span", has_text="Free economic zone").locator("b").inner_text()
    assert told == f"Corners: 4. About {measured}"
    visit.pick("own_rule_status", "Demilitarised, recognised as Russian")
    linked(visit, packed)
    visit.map.locator("path.zone-buffer").first.wait_for()
    assert in_frame(visit, "[window.mark, document.documentElement.dataset.drawing]") == [1, "off"]
    visit.map.locator("path.zone-buffer").first.hover()
    visit.map.get_by_text("Demilitarised, recognised as Russian").first.wait_for()
    clean(visit)


def test_corners_of_a_zone_are_moved_by_mouse_and_keys(go_on):
    visit = opened(go_on)
    draw(visit, CORNERS)
    corner = visit.map.locator(".corner").nth(1)
    drag(visit, corner, 20, -30)
    told = visit.map.locator(".draw-told").inner_text()
    visit.map.get_by_role("button", name="Undo step").click()
    assert visit.map.locator(".draw-told").inner_text() != told
    visit.map.get_by_role("button", name="Finish").click()
    packed = linked(visit)
    before = proposal(visit).rules[0].inside[0]
    visit.pick("own_rule_status", "Demilitarised, recognised as Russian")
    packed = linked(visit, packed)

    visit.map.get_by_role("button", name="Move corners").click()
    drag(visit, corner, 20, -30)
    visit.map.locator(".corner").nth(3).press("ArrowLeft")
    assert visit.map.locator(".corner").nth(3).evaluate("one => one === document.activeElement")
    drag(visit, visit.map.locator(".middle").nth(2), 0, 25)
    visit.map.locator(".corner").nth(4).wait_for(state="attached")
    visit.map.get_by_role("button", name="Finish").click()
    linked(visit, packed)
    (rule,) = proposal(visit).rules
    after = rule.inside[0]
    assert (rule.status, len(after)) == ("buffer", 6)
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1][0] > before[1][0]
    assert after[1][1] > before[1][1]
    assert after[4][0] < before[3][0]
    assert after[4][1] == pytest.approx(before[3][1], abs=2e-4)
    assert after[3][1] < min(before[2][1], before[3][1])
    clean(visit)


def drag(visit, handle, right, down):
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + right, y + down, steps=4)
    visit.page.mouse.up()


def test_a_click_on_the_first_corner_finishes_and_cancel_leaves_nothing(go_on):
    visit = opened(go_on)
    draw(visit, CORNERS[:2])
    assert visit.map.get_by_role("button", name="Finish").is_disabled()
    visit.map.get_by_role("button", name="Cancel").click()
    assert visit.map.locator(".corner").count() == 0
    draw(visit, CORNERS[:3])
    visit.map.locator(".corner").first.click()
    linked(visit)
    assert len(proposal(visit).rules) == 1
    clean(visit)


def test_an_outline_that_crosses_itself_is_refused(go_on):
    visit = opened(go_on)
    draw(visit, [CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]])
    visit.map.get_by_role("button", name="Finish").click()
    visit.page.get_by_text("The drawn zone was not accepted: it crosses or touches itself.").wait_for()
    assert "own" not in visit.query()
    clean(visit)


def test_undo_redo_and_back(go_on):
    visit = opened(go_on)
    tool(visit, "Change a proposal")
    click(visit, "own_start")
    first = linked(visit)
    tool(visit, "Add a buffer")
    click(visit, "own_add_buffer")
    second = linked(visit, first)
    click(visit, "own_undo")
    assert linked(visit, second) == first
    visit.map.locator("path.zone-narrow_buffer").first.wait_for(state="detached")
    click(visit, "own_redo")
    assert linked(visit, first) == second
    visit.page.go_back()
    assert linked(visit, second) == first
    visit.map.locator("path.zone-narrow_buffer").first.wait_for(state="detached")
    click(visit, "own_again")
    assert linked(visit, first) == ""
    click(visit, "own_undo")
    assert linked(visit) == first
    clean(visit)


def test_the_file_goes_out_and_comes_back(go_on, tmp_path):
    visit = opened(go_on)
    draw(visit, CORNERS)
    visit.map.get_by_role("button", name="Finish").click()
    packed = linked(visit)
    tool(visit, "Name and file")
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name="Download the rules").click()
    assert waiting.value.suggested_filename == "viewers-own-untitled.toml"
    path = tmp_path / "viewers-own-untitled (1).toml"
    waiting.value.save_as(path)
    click(visit, "own_again")
    linked(visit, packed)
    visit.page.locator(".st-key-own_upload input[type=file]").set_input_files(path)
    assert linked(visit) == packed
    clean(visit)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone(go_on, scheme):
    visit = opened(go_on, width=390, height=844, color_scheme=scheme)
    assert in_frame(visit, "document.documentElement.dataset.theme") == scheme
    draw(visit, [(0.6, 0.5), (0.9, 0.5), (0.75, 0.75)])
    visit.map.get_by_role("button", name="Finish").click()
    linked(visit)
    assert visit.page.evaluate("() => document.scrollingElement.scrollWidth") <= 390
    for label in ("Add a buffer", "Change a proposal", "Draw a zone", "Rules", "Name and file"):
        tool(visit, label)
        assert visit.page.evaluate("() => document.scrollingElement.scrollWidth") <= 390
    clean(visit)


def test_a_request_for_shapes_that_is_lost_is_made_again(open_page, app_url):
    lost = []

    def lose_the_first(route):
        if route.request.url in lost:
            route.fallback()
        else:
            lost.append(route.request.url)
            route.abort()

    visit = open_page(path="/ready")
    visit.page.route("**/map/*.json", lose_the_first)
    visit.page.goto(app_url)
    visit.ready()
    assert lost
