"""Each page in one visit: axe's rules in both themes and at two widths, and what comes out of a printer."""

import io

import pypdf
import pytest
from support.browser import FILLED, UPRIGHT, broken, clean, on_paper, turn
from support.visit import MAP_FRAME

PAGES = ("map", "compare", "matrix", "own", "claims", "people", "timeline", "lines", "methods")
MAPS = {"map": 1, "compare": 3, "own": 1, "people": 1, "lines": 1}
#: Headline, figures and words of the legend or the table that the printed page of each has.
ON_PAPER = {
    "map": ("Ukraine would withdraw from 5,960 km²", "Line of contact", "5,440 to 6,520 km²"),
    "matrix": ("Ukraine would withdraw from land under 8 of 15 proposals", "Crimea", "3,860 km²"),
}
#: The width between the margins of A4 across, in CSS pixels.
ACROSS = 1032


def opened(go_on, page):
    visit = go_on(path=f"/?page={page}").settled()
    visit.page.get_by_role("button", name="Help", exact=True).wait_for()
    for place in range(MAPS.get(page, 0)):
        frame = visit.page.frame_locator(f"{MAP_FRAME} >> nth={place}")
        frame.locator("path.leaflet-interactive").first.wait_for(state="attached", timeout=60_000)
    assert visit.page.locator(MAP_FRAME).count() == MAPS.get(page, 0)
    return visit


def nameless(page):
    """Return what is drawn on a page and has no words: frames with maps, pictures, and charts that are no pictures."""
    return page.evaluate("""() => {
        const seen = one => one.getBoundingClientRect().width > 100;
        const maps = [...document.querySelectorAll("iframe[title*=folium]")];
        const pictures = [...document.querySelectorAll("[role=img]:not([data-testid])")];
        const charts = [...document.querySelectorAll("svg[viewBox]")].filter(one => seen(one) && one.role !== "img");
        const wordless = [...maps, ...pictures].filter(one => !(one.ariaLabel || "").trim());
        return [...wordless, ...charts].map(one => one.outerHTML.slice(0, 160));
    }""")


def darkened(visit):
    """Turn the system's theme to dark, which the server learns at the next click."""
    visit.page.emulate_media(color_scheme="dark")
    turn(visit, units="mi2")
    visit.page.wait_for_function("new URL(location).searchParams.get('units') === 'mi2'")
    for place in range(visit.page.locator(MAP_FRAME).count()):
        frame = visit.page.frame_locator(f"{MAP_FRAME} >> nth={place}")
        frame.locator('html[data-theme="dark"]').wait_for(state="attached")
    return visit.settled()


def printed_well(visit, page):
    """See how a page is laid out for paper, and leave it as it was."""
    width, maps = ACROSS if page == "matrix" else UPRIGHT, MAPS.get(page, 0)
    assert on_paper(visit, width) == {"cut": [], "over": [], "blank": 0, "controls": [], "maps": maps}
    for place in range(maps):
        inside = visit.page.frame_locator(MAP_FRAME).nth(place).locator("html")
        for _ in range(20):  # a map is laid out anew for the paper, one after the other
            filled = inside.evaluate(FILLED)
            if filled["inside"] or page == "people":
                break
            visit.page.wait_for_timeout(250)
        assert (filled["wide"], filled["high"]) == tuple(filled["window"])
        assert filled["inside"] or page == "people"  # which shows one oblast
    if page in ON_PAPER:
        sheets = pypdf.PdfReader(io.BytesIO(visit.page.pdf(format="A4", prefer_css_page_size=True))).pages
        told = "".join("".join(sheet.extract_text() for sheet in sheets).split())
        wanted = (*ON_PAPER[page], "2 December 2025", visit.page.url.split("?")[0])
        assert [one for one in wanted if one.replace(" ", "") not in told] == []
        assert "Findaplace" not in told
    visit.page.emulate_media(media="screen")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_breaks_no_rule_and_prints_well(go_on, page):
    """Light and wide, on paper, then dark and narrow."""
    visit = opened(go_on, page)
    assert nameless(visit.page) == []
    assert broken(visit.page) == []
    printed_well(visit, page)
    darkened(visit).page.set_viewport_size({"width": 390, "height": 900})
    visit.page.wait_for_timeout(300)
    assert broken(visit.page) == []
    clean(visit)
    visit.page.emulate_media(color_scheme="light")
