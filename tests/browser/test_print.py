"""What a browser prints: nothing over the map, nothing cut, swatches with ink; every outside request is refused."""

import pytest
from support.visit import MAP_FRAME

from mapcore import load_proposal, measure_proposal
from mapcore.publish.export import export

PAGES = ("map", "compare", "matrix", "own", "claims", "people", "timeline", "lines", "methods")
MAPS = {"map": 1, "compare": 3, "own": 1, "people": 1, "lines": 1}
#: The width between the margins of A4, upright and across, in CSS pixels.
UPRIGHT, ACROSS = 703, 1032
#: What reaches over the right edge, and what lies over a map, when a page is laid out for paper.
FAULTS = """width => {
  const shown = one => one.getClientRects().length && getComputedStyle(one).visibility !== "hidden";
  const box = one => one.getBoundingClientRect();
  const told = "h1, h2, h3, p, dt, dd, td, th, li, .legend span, .swatch";
  const words = [...document.querySelectorAll(told)].filter(shown);
  const maps = [...document.querySelectorAll("iframe, #map")].filter(shown);
  const cut = [...words, ...maps].filter(one => box(one).right > width + 2 || box(one).left < -2);
  const over = maps.flatMap(map => words.filter(one => !map.contains(one)
    && Math.min(box(map).right, box(one).right) - Math.max(box(map).left, box(one).left) > 2
    && Math.min(box(map).bottom, box(one).bottom) - Math.max(box(map).top, box(one).top) > 2));
  const named = one => one.tagName + " " + one.textContent.slice(0, 40);
  const blank = [...document.querySelectorAll(".swatch")].filter(shown)
    .filter(one => getComputedStyle(one).printColorAdjust !== "exact");
  const controls = [...document.querySelectorAll("button, input, select")].filter(shown);
  return { cut: cut.map(named), over: over.map(named), blank: blank.length, controls: controls.map(named),
    maps: maps.length };
}"""
#: How much of a frame its map and the country fill.
FILLED = """() => {
  const box = document.querySelector(".leaflet-container").getBoundingClientRect();
  const land = document.querySelector("path.base-border").getBoundingClientRect();
  return { wide: box.width, high: box.height, window: [innerWidth, innerHeight],
    inside: land.left >= box.left && land.right <= box.right && land.top >= box.top && land.bottom <= box.bottom };
}"""


def on_paper(visit, width):
    visit.page.set_viewport_size({"width": width, "height": 1000})
    visit.page.emulate_media(media="print")
    visit.page.wait_for_timeout(800)
    return visit.page.evaluate(FAULTS, width)


def clean(visit):
    assert visit.errors == []
    assert visit.outside == []


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_the_dashboard(open_page, page):
    visit = open_page(path=f"/?page={page}&proposal=us-28-point").settled()
    frames = visit.page.frame_locator(MAP_FRAME)
    for place in range(MAPS.get(page, 0)):
        frames.nth(place).locator("path.zone").first.wait_for(state="attached", timeout=60_000)
    width = ACROSS if page == "matrix" else UPRIGHT
    assert on_paper(visit, width) == {"cut": [], "over": [], "blank": 0, "controls": [], "maps": MAPS.get(page, 0)}
    for place in range(MAPS.get(page, 0)):
        for _ in range(20):  # a map is laid out anew for the paper, one after the other
            filled = frames.nth(place).locator("html").evaluate(FILLED)
            if filled["inside"] or page == "people":
                break
            visit.page.wait_for_timeout(250)
        assert (filled["wide"], filled["high"]) == tuple(filled["window"])
        assert filled["inside"] or page == "people"  # which shows one oblast
    clean(visit)


def test_a_page_without_a_server(open_address, tmp_path):
    file = tmp_path / "plan.html"
    file.write_bytes(export(measure_proposal(load_proposal("us-28-point")), "html"))
    visit = open_address(file.as_uri())
    visit.page.locator("path.zone").first.wait_for(state="attached")
    assert on_paper(visit, UPRIGHT) == {"cut": [], "over": [], "blank": 0, "controls": [], "maps": 1}
    assert visit.page.evaluate(FILLED)["inside"]
    visit.page.emulate_media(media="screen")
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    visit.page.wait_for_timeout(1000)
    assert visit.page.evaluate("() => window.mapcore.place()") is None
    clean(visit)
