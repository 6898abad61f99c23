"""The first click after the server was restarted counts; it is the first that the server hears of its browser."""

from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

import pytest
from support.browser import TITLES, ask_for
from support.server import running_app
from support.visit import MAP_FRAME

#: What the console says while the server is away, and of the last one's files when there is a new one; the frame of the
#: map names the file that it cannot fetch by its "Event".
GONE = ("ERR_CONNECTION_REFUSED", "WebSocket connection", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "404", "Event")
LOST = "() => document.querySelector('[data-testid=stApp]').dataset.testConnectionState !== 'CONNECTED'"
# Whether the page is ever again no more than its first screen.
WATCH = """() => {
  window.cut = 0;
  const note = () => document.querySelector("[data-holds-back]") && (window.cut += 1);
  new MutationObserver(note).observe(document, {subtree: true, childList: true, attributeFilter: ["data-holds-back"]});
}"""
BACK = "() => document.querySelector('[data-testid=stApp]').dataset.testConnectionState === 'CONNECTED'"


@pytest.fixture(scope="module")
def restarted(tmp_path_factory, open_kept_address):
    """The address of a server that was started anew on its port, and the pages that were open meanwhile."""
    log = tmp_path_factory.mktemp("resumed") / "server.log"
    with running_app(log) as url:
        visits = before_the_restart(lambda link: open_kept_address(f"{url}/{link}"))
        clean(*vars(visits).values())
    for visit in (visits.first, visits.second):
        visit.page.evaluate(WATCH)
    for visit in vars(visits).values():
        visit.page.wait_for_function(LOST, timeout=90_000)
    with running_app(log, port=urlsplit(url).port):
        for visit in vars(visits).values():
            visit.page.wait_for_function(BACK, timeout=60_000)
            visit.settled()
            # What the console said of the time without a server is left out, but nothing else.
            assert [error for error in visit.errors if not any(sign in error for sign in GONE)] == []
            visit.errors.clear()
        yield url, visits


def before_the_restart(opened):
    """Open the pages, and click on some."""
    first = opened("?proposal=us-28-point").ready()
    second = opened("?proposal=donetsk-narrow-buffer&lang=uk&units=mi2").ready()
    land = opened("?proposal=us-28-point&frame=country").ready()
    land.map.locator("path.zone-buffer").first.click()
    said(land, "zone", "UA-14.ukraine")
    swap = opened("?page=compare&proposal=donetsk-narrow-buffer&compare=e3-counter").settled()
    # A map that has not fetched its shapes yet would ask the next server for the last one's.
    for frame in swap.page.locator(MAP_FRAME).all():
        frame.content_frame.locator("path.leaflet-interactive").first.wait_for(state="attached")
    old_land = opened("?proposal=e3-counter&frame=country").ready()
    old_land.map.locator('path.zone[aria-label*="Crimea"]').first.click()
    said(old_land, "zone", "UA-43.russia")
    back = opened("?proposal=russia-claim").ready()
    ask_for(back, "e3-counter")
    said(back, "proposal", "e3-counter")
    return SimpleNamespace(first=first, second=second, land=land, swap=swap, old_land=old_land, back=back)


def button(visit, key, words):
    visit.page.locator(f".st-key-{key} button", has_text=words).first.click()


def in_head(visit, key, value):
    visit.page.locator(f'.head .pair [data-key="{key}"][data-value="{value}"]').click()


def said(visit, key, value):
    """Wait until the address says it, and the page has been drawn; then it must still say it."""
    visit.page.wait_for_function(
        "([key, value]) => new URL(location).searchParams.get(key) === value", arg=[key, value], timeout=90_000
    )
    visit.settled()
    visit.page.wait_for_timeout(800)
    assert visit.query().get(key) == value


def clean(*visits):
    for visit in visits:
        assert visit.errors == []
        assert visit.outside == []


def test_a_page_that_comes_back_untouched_is_not_cut_to_its_first_screen(restarted):
    _, visits = restarted
    for visit in (visits.first, visits.second):
        assert visit.page.locator(".st-key-zone").is_visible()
        assert visit.page.evaluate("window.cut") == 0


def test_what_is_clicked_first_counts_for_each_visitor(restarted):
    _, visits = restarted
    first, second, land, swap = visits.first, visits.second, visits.land, visits.swap
    ask_for(first, "e3-counter")
    in_head(second, "units", "km2")
    land.map.locator('path.zone[aria-label*="Crimea"]').first.click()
    button(swap, "swap", "Swap A and B")
    said(first, "proposal", "e3-counter")
    first.page.get_by_role("heading", name=TITLES["e3-counter"]).wait_for()
    first.map.locator('html[data-shown="e3-counter"]').wait_for(state="attached")
    second.page.wait_for_function("() => !location.search.includes('mi2')", timeout=90_000)
    second.settled()
    assert {"proposal": "donetsk-narrow-buffer", "lang": "uk"}.items() <= second.query().items()
    assert "км²" in second.page.locator(".ledger").first.inner_text()
    said(land, "zone", "UA-43.russia")
    said(swap, "compare", "donetsk-narrow-buffer")
    assert swap.query()["proposal"] == "e3-counter"
    # The next choice finds every widget where the first one left it.
    in_head(first, "units", "mi2")
    said(first, "units", "mi2")
    assert first.query()["proposal"] == "e3-counter"
    clean(first, second, land, swap)


def test_neither_old_land_nor_a_way_back_nor_a_link_is_taken_for_a_click(restarted, open_address):
    url, visits = restarted
    land, back = visits.old_land, visits.back
    # The map still reports the land that was clicked before.
    ask_for(land, "russia-claim")
    back.page.go_back()
    said(land, "proposal", "russia-claim")
    assert land.query()["zone"] == "UA-43.russia"
    said(back, "proposal", "russia-claim")
    back.page.get_by_role("heading", name=TITLES["russia-claim"]).wait_for()
    query = {"proposal": "donetsk-narrow-buffer", "depth_km": "40", "units": "mi2", "lang": "uk"}
    other = open_address(f"{url}/?{urlencode(query)}").ready()
    assert query.items() <= other.query().items()
    clean(land, back, other)
