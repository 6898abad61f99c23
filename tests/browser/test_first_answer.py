"""The first answer in Chromium: read without scripts, and how it gives way to the live page."""

import re
import time

import pytest
from support.browser import broken, clean
from support.server import ask, ask_for
from support.slow_line import slow_line

from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal

#: Adds up how far what is on the screen moves without the reader's doing, from the first moment on.
SHIFTS = """
[window.shifted, window.moved] = [0, []];
new PerformanceObserver((list) => {
  for (const {value, hadRecentInput, sources} of list.getEntries()) {
    if (!hadRecentInput) window.shifted += value;
    window.moved.push([value, ...sources.map(({node}) => node && (node.id || node.className || node.textContent))]);
  }
}).observe({type: "layout-shift", buffered: true});
"""
#: What is at the same place on the first answer and on the live page.
PLACES = """() => Object.fromEntries([
  ["heading", "h1"], ["map", ".a-map, iframe[title='streamlit_folium.st_folium']"],
  ["sentence", ".a-bar:has(h1) + p, .deck, [data-testid=stMarkdown] p"],
].flatMap(([name, selector]) => {
  const found = (document.querySelector("#first-answer") || document).querySelector(selector);
  if (!found) return [];
  const {x, y, width, height} = found.getBoundingClientRect();
  return [[name, [x, y, width, height].map(Math.round)]];
}))"""
#: Notes where all is as soon as it is seen.
SEEN_AT = f"""
new MutationObserver(() => {{
  if (!window.before && document.documentElement.matches(".fitted")) window.before = ({PLACES})();
}}).observe(document, {{subtree: true, attributes: true, attributeFilter: ["class"]}});
"""
#: Notes, when the first answer gives way, whether the live page is there to its foot, and what modules have come.
HANDED_OVER = """
new MutationObserver(() => {
  if (document.getElementById("first-answer")) window.answered = true;
  else if (window.answered && window.whole === undefined) {
    window.whole = Boolean(document.querySelector("#root [href*=corrections]"));
    window.modules = performance.getEntriesByType("resource").map(one => one.name).filter(one => one.endsWith(".js"));
  }
}).observe(document, {subtree: true, childList: true});
"""
#: How much of a part of the first answer is seen, from 0 to 1.
SEEN = """(selector => {
  let seen = 1;
  for (let part = document.querySelector(`#first-answer ${selector}`); part; part = part.parentElement)
    seen *= Number(getComputedStyle(part).opacity);
  return seen;
})"""
GONE = "() => !document.getElementById('first-answer')"
OWN = viewer.pack(viewer.start_from(load_proposal("us-28-point"), load_proposal("us-28-point").date))


@pytest.fixture(scope="module", autouse=True)
def _warm(app_url):
    """A server that is not ready yet would rather answer Streamlit's page as it is than have a reader wait."""
    give_up = time.monotonic() + 60
    while ask(app_url, "/ready")[0] != 200:
        assert time.monotonic() < give_up
        time.sleep(0.2)


def wait_for_figures(app_url, link):
    """Ask for a link until its figures are there: on a busy machine the first reader is told that they come."""
    give_up = time.monotonic() + 60
    while ask(app_url, f"/{link}")[1]["cache-control"] == "no-store":
        assert time.monotonic() < give_up


@pytest.fixture
def without_scripts(browser, app_url):
    """Open a link where no script runs; the browser says what it asks for."""
    pages = []

    def open_link(link, **options):
        page = browser.new_context(java_script_enabled=False, **options).new_page()
        pages.append(page)
        wait_for_figures(app_url, link)
        page.goto(f"{app_url}/{link}")
        return page

    yield open_link
    for page in pages:
        page.context.close()


def test_it_is_read_where_no_script_runs_in_the_reader_s_language_and_theme(without_scripts):
    page = without_scripts("?lang=uk", color_scheme="dark", viewport={"width": 390, "height": 844})
    assert page.locator("html").get_attribute("lang") == "uk"
    assert "км²" in page.title()
    assert page.get_by_role("heading", level=1).text_content().startswith("План США з 28 пунктів: Україна вийшла б із ")
    assert page.locator("noscript .a-notices").is_visible()
    assert page.get_by_text("enable JavaScript").count() == 0
    assert page.locator("figure.a-map svg[role=img]").is_visible()
    assert page.locator("#first-answer").evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(18, 24, 29)"
    page.locator(".head summary").click()
    page.get_by_role("link", name="Порівняння").click()
    page.locator("figure.a-map").nth(2).wait_for()
    page = without_scripts(f"?page=own&own={OWN}")
    assert page.locator(".a-own-map").is_visible()
    page = without_scripts("?proposal=nobody")
    assert page.get_by_text("The link names a proposal that is not here").is_visible()


@pytest.mark.parametrize(
    ("width", "height", "link"),
    [
        (1280, 900, ""),
        (390, 844, "?embed=true&proposal=donetsk-narrow-buffer&lang=uk"),
        (390, 844, "?page=methods&lang=uk"),
        (1280, 900, "?page=timeline"),
        (1280, 900, "?page=compare"),
        (390, 844, "?page=own&lang=uk"),
        (390, 844, "?page=people"),
    ],
)
def test_it_gives_way_without_a_jump(open_address, app_url, width, height, link):
    visit = open_address("about:blank", width=width, height=height)
    page = visit.page
    page.context.add_init_script(SHIFTS + SEEN_AT)
    wait_for_figures(app_url, link)
    page.goto(f"{app_url}/{link}", wait_until="commit")
    visit.settled()
    before, after = page.evaluate("window.before"), page.evaluate(PLACES)
    assert page.evaluate("window.shifted") < 0.05, page.evaluate("JSON.stringify(window.moved)")
    assert page.locator("h1").count() == 1
    assert after.keys() == before.keys()
    for name, there in after.items():
        if there[1] > height:  # further down, more stands on the live page
            continue
        assert all(abs(one - other) <= 4 for one, other in zip(before[name], there, strict=True)), (name, before, after)
    clean(visit)


@pytest.mark.parametrize(
    ("width", "link", "moving"),
    [(1280, "?lang=en", ".a-stage"), (390, "?embed=true&lang=uk", ".a-stage"), (390, "?page=claims", "table")],
)
def test_what_has_come_of_it_is_read_before_the_rest_and_does_not_jump(open_address, app_url, width, link, moving):
    wait_for_figures(app_url, link)
    with slow_line(app_url) as line:
        page = open_address("about:blank", width=width, height=844).page
        page.context.add_init_script(SHIFTS)
        page.goto(f"{line.url}/{link}", wait_until="commit")
        page.wait_for_function(f"() => document.querySelector('#first-answer h1') && {SEEN}('h1') === 1")
        # Drawn, and then drawn again with nothing new.
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")
        assert page.evaluate(f"{SEEN}('{moving}')") == 0
        before = page.evaluate(PLACES)
        line.rest.set()
        page.wait_for_function(f"() => {SEEN}('{moving}') === 1")
        page.wait_for_timeout(200)
        assert page.evaluate("window.shifted") < 0.05, page.evaluate("JSON.stringify(window.moved)")
        assert page.evaluate(PLACES) == before


def test_what_breaks_off_on_its_way_shows_what_has_come(open_address, app_url):
    link = "?lang=en"
    wait_for_figures(app_url, link)
    with slow_line(app_url) as line:
        line.breaks_off = True
        page = open_address("about:blank").page
        page.goto(f"{line.url}/{link}", wait_until="commit")
        page.wait_for_function(f"() => document.querySelector('#first-answer h1') && {SEEN}('h1') === 1")
        with page.expect_event("requestfailed"):
            line.rest.set()
        assert page.evaluate(f"{SEEN}('.a-stage')") == 0
        # What would be there after some seconds.
        page.evaluate("document.getAnimations().forEach(one => one.finish())")
        assert page.evaluate(f"{SEEN}('.a-stage')") == 1


@pytest.mark.parametrize(
    ("link", "width", "height", "whole"),
    [
        ("?proposal=nobody", 1280, 900, False),
        ("?proposal=donetsk-narrow-buffer", 390, 844, False),
        ("?page=compare", 390, 844, False),
        ("?page=own", 390, 844, False),
        # Its first screen ends above the end of such a window.
        ("?page=compare", 1280, 2200, True),
    ],
)
def test_what_is_below_the_first_screen_comes_after_it_where_that_fills_the_window(
    open_address, app_url, link, width, height, whole
):
    visit = open_address("about:blank", width=width, height=height)
    page = visit.page
    page.context.add_init_script(HANDED_OVER)
    wait_for_figures(app_url, link)
    page.goto(f"{app_url}/{link}", wait_until="commit")
    page.wait_for_function(GONE, timeout=60_000)
    assert page.evaluate("window.whole") is whole
    if not whole:
        # All that the first screen needs of Streamlit stands in the page, or the map would wait for more.
        listed = set(re.findall(r"static/js/([\w.-]+\.js)", ask_for(app_url, f"/{link}")[2].decode()))
        come = page.evaluate("window.modules")
        assert [one for one in come if "/static/js/" in one and one.rpartition("/")[2] not in listed] == []
    visit.settled()
    assert page.get_by_role("link", name="Corrections").is_visible()
    # Nobody has done anything since the link was opened, so what was said of it is said still.
    assert page.get_by_text("The link names a proposal that is not here").is_visible() is ("nobody" in link)
    clean(visit)


def test_the_keyboard_and_the_place_on_the_page_are_handed_over(open_address, app_url):
    visit = open_address("about:blank", width=1280, height=500)
    page = visit.page
    wait_for_figures(app_url, "")
    held, looked_at = [], False

    def hold(route):
        """Keep the live page's scripts waiting until the answer has been looked at."""
        if looked_at:
            route.continue_()
        else:
            held.append(route)

    page.route("**/static/js/**", hold)
    page.goto(app_url, wait_until="commit")
    page.locator("#first-answer h1").wait_for()
    page.locator("#first-answer nav a").first.focus()
    page.evaluate("document.querySelector('#first-answer').scrollTop = 200")
    assert broken(page) == []
    looked_at = True
    for route in held:
        route.continue_()
    page.wait_for_function(GONE, timeout=60_000)
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") > 100
    visit.ready()
    clean(visit)


def test_two_links_at_once_have_an_answer_each(without_scripts):
    pages = [without_scripts(link) for link in ("?proposal=ukraine-1991&units=mi2", "?page=people&lang=uk")]
    assert pages[0].get_by_role("heading", level=1).text_content().startswith("Ukraine's border of 1991: Russia would")
    assert pages[0].locator(".a-beside").inner_text().count("sq mi") > 4
    assert "Люди й населені пункти" in pages[1].get_by_role("heading", level=1).text_content()
    assert pages[1].locator("path.a-dot").count() > 4
