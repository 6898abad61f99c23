"""A view inside an article of another site: as high as what it shows; where scripts are off, a picture with a link."""

import time

import pytest
from support.browser import broken, clean

from mapcore.publish.embed import snippet

WIDTHS = (320, 660, 1000)


def height(page, place):
    return page.locator("iframe").nth(place).evaluate("one => one.clientHeight")


def content(inside):
    return inside.evaluate(
        "() => document.querySelector('[data-testid=stMainBlockContainer]').getBoundingClientRect().height"
    )


@pytest.fixture
def article(serve, app_url, tmp_path):
    """The address of an article, on another origin, with a proposal and a comparison in it."""
    views = snippet(f"{app_url}/?proposal=ukraine-1991&lang=uk", 'A "title"')
    views += snippet(f"{app_url}/?page=compare&compare=ukraine-1991&lang=uk", "Two of them")
    page = (
        '<!doctype html><html lang="uk"><meta name="viewport" content="width=device-width"><title>A</title>'
        f"<style>main {{ max-width: 1000px; margin: auto }}</style><main><h1>An article</h1>{views}<p>End.</p></main>"
    )
    (tmp_path / "article.html").write_text(page, encoding="utf-8")
    return f"{serve(tmp_path)}/article.html"


def test_each_frame_is_as_high_as_its_view_at_each_width(open_address, article):
    visit = open_address(article, width=WIDTHS[0])
    page = visit.page
    for place in (0, 1):
        # A browser draws nothing in a frame that nobody sees.
        page.locator("iframe").nth(place).evaluate("one => one.scrollIntoView()")
        page.frame_locator("iframe").nth(place).locator("#first-answer").wait_for(state="detached", timeout=60_000)
    proposal, comparison = (
        next(one for one in page.frames if "embed=true" in one.url and words in one.url)
        for words in ("proposal=ukraine-1991", "page=compare")
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for place, inside in enumerate((proposal, comparison)):
            give_up = time.monotonic() + 15
            while not 400 < (high := height(page, place)) - 3 < (needed := content(inside)) < high + 3:
                assert time.monotonic() < give_up, (width, high, needed)
                page.wait_for_timeout(100)
            assert high < 1000
            assert inside.evaluate("() => document.documentElement.scrollWidth") <= width
        assert page.locator("main img").first.is_hidden()
        assert page.locator("main img").last.is_hidden()
    for inside, figures in ((proposal, 4), (comparison, 2)):
        assert inside.get_by_role("heading", level=1).count() == 1
        assert inside.locator("dl.e-row > div").count() == figures
        assert inside.locator(".legend, .e-legend").count() == 1
        assert inside.locator("[data-testid=stButtonGroup], [data-testid=stPopover], .st-key-below, .head").count() == 0
    full = proposal.get_by_role("link", name="Відкрити повністю").get_attribute("href")
    assert "embed" not in full
    assert "proposal=ukraine-1991" in full
    assert broken(page) == []
    page.emulate_media(color_scheme="dark")
    comparison.wait_for_function("getComputedStyle(document.querySelector('.stApp')).colorScheme === 'dark'")
    assert broken(page) == []
    clean(visit)


def test_a_frame_that_nobody_has_seen_yet_is_as_high_as_its_view(open_address, serve, app_url, tmp_path):
    """So that an article does not jump when it comes into sight; what is not seen is not drawn."""
    view = snippet(f"{app_url}/?proposal=ukraine-1991", "A title")
    page = f'<!doctype html><title>A</title><div style="height: 20000px"></div>{view}'
    (tmp_path / "article.html").write_text(page, encoding="utf-8")
    visit = open_address(f"{serve(tmp_path)}/article.html")
    visit.page.wait_for_function("() => document.querySelector('iframe').clientHeight > 400", timeout=60_000)
    assert visit.page.evaluate("scrollY") == 0
    frame = visit.page.locator("iframe")
    assert frame.evaluate("one => getComputedStyle(one).visibility") == "visible"
    clean(visit)


def test_without_scripts_the_article_has_the_picture_with_its_link(browser, article, app_url):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(article)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        picture = page.locator("a[data-mapcore-picture] img").first
        assert picture.evaluate("one => one.naturalWidth") == 1200
        assert picture.bounding_box()["width"] <= width
        frame = page.locator("iframe").first
        assert frame.is_hidden() or frame.bounding_box()["height"] == 0
    assert page.locator("a[data-mapcore-picture]").first.get_attribute("href").startswith(f"{app_url}/?proposal=")
    page.context.close()
