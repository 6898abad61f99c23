"""Claims, people and places, timeline in Chromium with every outside request refused."""

import pytest
from playwright.sync_api import expect
from support.browser import ask_for, turn

from mapcore import check_claims
from mapcore.analysis.timeline import load_timeline

HEADINGS = {
    "claims": "Claims: published figures against ours",
    "people": "People and places: US 28-point plan",
    "timeline": "Timeline of proposals and talks",
}


def go(visit, page):
    turn(visit, page=page)
    if page in HEADINGS:
        visit.page.get_by_role("heading", name=HEADINGS[page].split(":")[0]).first.wait_for()
    visit.settled()


def opened(go_on, page, *, more="", **keywords):
    visit = go_on(path=f"/?page={page}{more}", **keywords).settled()
    visit.page.get_by_role("heading", name=HEADINGS[page].split(":")[0]).first.wait_for()
    visit.settled()
    if page == "people":
        visit.map.locator("path.mark").first.wait_for(state="attached", timeout=30_000)
        visit.map.locator("html[data-shown]").wait_for(state="attached", timeout=30_000)
    return visit


def in_frame(visit, script):
    return visit.map.locator("html").evaluate(f"() => {script}")


def clean(visit):
    assert visit.errors == []
    assert visit.outside == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", HEADINGS)
def test_each_page_on_a_phone_and_in_both_themes(go_on, page, scheme):
    visit = opened(go_on, page, width=390, height=844, color_scheme=scheme)
    assert visit.page.evaluate("() => document.scrollingElement.scrollWidth") <= 390
    main = visit.page.locator('[data-testid="stMain"]')
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    background = visit.page.locator('[data-testid="stApp"]').evaluate("one => getComputedStyle(one).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 24, 29)"}[scheme]
    clean(visit)


ROW = """() => [...document.querySelectorAll(".head :is(summary, .pair a, button)")].map(one => {
  const { left, right, top } = one.getBoundingClientRect();
  return { left, right, top };
})"""


def test_no_style_of_a_page_moves_the_row_above_it(go_on):
    visit, rows = opened(go_on, "timeline", more="&units=mi2", width=390, height=844), []
    for page in ("timeline", "claims", "people"):
        go(visit, page)
        rows.append(visit.page.evaluate(ROW))
    assert len(rows[0]) == 6
    assert rows == [rows[0]] * 3
    clean(visit)


def test_claims_are_filtered_and_the_link_says_so(go_on):
    verdicts = [one.check.verdict for one in check_claims()]
    missing = verdicts.count("cannot be computed")
    assert 1 < missing < len(verdicts)
    visit = opened(go_on, "claims")
    assert visit.page.locator(".claims > li").count() == len(verdicts)
    assert visit.page.locator(".claims .gauge").first.is_visible()
    visit.page.locator(".st-key-verdict button", has_text="Cannot be computed").click()
    visit.page.wait_for_function("many => document.querySelectorAll('.claims > li').length === many", arg=missing)
    visit.page.wait_for_function("new URL(location).searchParams.get('verdict') === 'missing'")
    visit.page.go_back()
    visit.page.wait_for_function("many => document.querySelectorAll('.claims > li').length === many", arg=len(verdicts))
    clean(visit)


def test_a_figure_that_someone_types_is_checked_and_shared(go_on, open_page):
    visit = opened(go_on, "claims", more="&check=leaves&check_holder=ukraine&check_oblasts=UA-14&check_unit=mi2")
    figure = visit.page.locator(".st-key-check_figure input")
    figure.fill("1,800")
    figure.press("Enter")
    visit.page.locator(".answer .verdict.differs").wait_for()
    visit.page.wait_for_function("new URL(location).searchParams.get('check_figure') === '1800'")
    second = opened(open_page, "claims", more=visit.search().replace("?page=claims", ""))
    expect(second.page.locator(".st-key-check_figure input")).to_have_value("1,800")
    expect(second.page.locator(".answer .verdict.differs")).to_be_visible()
    assert "sq mi" in second.page.locator(".answer").inner_text()
    figure.fill("<img src=x>")
    figure.press("Enter")
    visit.page.get_by_text("That is not a number").wait_for()
    visit.page.wait_for_function("!new URL(location).searchParams.has('check_figure')")
    assert visit.page.locator(".answer img").count() == 0
    clean(visit)
    clean(second)


def test_the_belt_is_in_sight_and_named(go_on):
    visit = opened(go_on, "people")
    visit.map.get_by_text("Kostiantynivka").wait_for()
    for name in ("Sloviansk", "Kramatorsk", "Druzhkivka", "Kostiantynivka"):
        assert visit.map.locator(".place:not(.written)", has_text=name).count() == 1
        assert visit.map.locator(".place:not(.written)", has_text=name).locator("span").is_visible()
    assert in_frame(visit, "map_div.getBounds().contains([48.85, 37.6]) && map_div.getBounds().contains([48.53, 37.7])")
    visit.map.locator("path.mark-ukraine_leaves").first.hover()
    tip = visit.map.locator(".zone-tip", has_text="Pre-war population")
    tip.wait_for()
    assert "Kramatorsk" in tip.inner_text()
    clean(visit)


def test_marks_are_told_apart_without_colour(go_on):
    visit = opened(go_on, "people")
    edges = in_frame(
        visit,
        """["ukraine_leaves", "russia_leaves", "stays_russia"].map(fate => {
        const look = getComputedStyle(document.querySelector("path.mark-" + fate));
        return look.strokeWidth + " " + look.strokeDasharray;
    })""",
    )
    assert len(set(edges)) == 3
    keys = visit.page.locator(".marks > span > i:not(.size)").evaluate_all(
        "keys => keys.map(key => { const look = getComputedStyle(key); return look.borderWidth + look.borderStyle; })"
    )
    assert len(set(keys)) == len(keys) == 3


def test_the_whole_zone_is_in_sight_on_a_phone(go_on):
    visit = opened(go_on, "people", width=390, height=844)
    visit.page.wait_for_timeout(500)
    high = in_frame(visit, "map_div.getSize().y")
    assert high == pytest.approx(0.6 * 844, abs=1)
    zone = in_frame(
        visit, "(b => [b.top, b.bottom])(document.querySelector('path.zone-buffer').getBoundingClientRect())"
    )
    assert 0 <= zone[0] < zone[1] <= high


def test_an_area_is_laid_over_and_the_map_is_not_made_anew(go_on):
    visit = opened(go_on, "people")
    in_frame(visit, "{ window.mark = 1; return 1; }")
    visit.pick("scale", "Luxembourg")
    visit.map.locator('html[data-overlay="Luxembourg"]').wait_for(state="attached")
    assert visit.map.locator("path.laid-over").count() == 1
    assert in_frame(visit, "window.mark") == 1
    visit.page.wait_for_function("new URL(location).searchParams.get('scale') === 'luxembourg'")
    ask_for(visit, "ukraine-1991")
    visit.map.locator('html[data-shown="ukraine-1991"]').wait_for(state="attached", timeout=30_000)
    visit.map.locator("path.mark-russia_leaves").first.wait_for(state="attached")
    assert visit.map.locator("path.mark-ukraine_leaves").count() == 0
    assert in_frame(visit, "window.mark") == 1
    clean(visit)


def test_the_place_on_the_map_follows_from_page_to_page(go_on):
    visit = opened(go_on, "people", more="&lat=48.500&lon=37.500&zoom=9")
    visit.page.wait_for_timeout(800)
    go(visit, "claims")
    go(visit, "map")
    visit.ready()
    visit.page.wait_for_timeout(800)
    assert in_frame(visit, "map_div.getZoom()") == 9
    clean(visit)


def test_an_event_leads_to_its_proposal_on_the_map(go_on):
    visit = opened(go_on, "timeline", more="&units=mi2")
    assert visit.page.locator(".events article").count() == len(load_timeline())
    visit.page.locator('.axis-box a[href="#event-e3-edit"]').click()
    visit.page.wait_for_function("location.hash === '#event-e3-edit'")
    article = visit.page.locator("#event-e3-edit")
    visit.page.wait_for_function(
        "(b => b.top >= 0 && b.top < innerHeight)(document.getElementById('event-e3-edit').getBoundingClientRect())"
    )
    article.get_by_role("link", name="On the map").click()
    visit.map.locator('html[data-shown="e3-counter"]').wait_for(state="attached", timeout=60_000)
    assert visit.query()["proposal"] == "e3-counter"
    assert visit.query()["units"] == "mi2"
    clean(visit)
