"""A view inside an article of another site: as high as what it shows; where scripts are off, a picture with a link."""

import time

import pytest
from support.browser import clean

from mapcore.publish.embed import snippet

WIDTHS = (320, 660, 1000)


def height(page):
    return page.locator("iframe").evaluate("one => one.clientHeight")


def content(inside):
    return inside.evaluate(
        "() => document.querySelector('[data-testid=stMainBlockContainer]').getBoundingClientRect().height"
    )


@pytest.fixture
def article(serve, app_url, tmp_path):
    """The address of an article, on another origin, with a view in it."""
    view = snippet(f"{app_url}/?proposal=ukraine-1991&lang=uk", 'A "title"')
    page = (
        '<!doctype html><html lang="uk"><meta name="viewport" content="width=device-width"><title>A</title>'
        f"<style>main {{ max-width: 1000px; margin: auto }}</style><main><h1>An article</h1>{view}<p>End.</p></main>"
    )
    (tmp_path / "article.html").write_text(page, encoding="utf-8")
    return f"{serve(tmp_path)}/article.html"


def test_the_frame_is_as_high_as_the_view_at_each_width(open_address, article):
    visit = open_address(article, width=WIDTHS[0])
    page = visit.page
    page.frame_locator("iframe").locator("#first-answer").wait_for(state="detached", timeout=60_000)
    inside = next(frame for frame in page.frames if "embed=true" in frame.url)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        give_up = time.monotonic() + 15
        while not 400 < (high := height(page)) - 3 < (needed := content(inside)) < high + 3:
            assert time.monotonic() < give_up, (width, high, needed)
            page.wait_for_timeout(100)
        assert high < 1300
        assert inside.evaluate("() => document.documentElement.scrollWidth") <= width
        assert page.locator("main img").is_hidden()
    assert inside.get_by_role("heading", level=1).count() == 1
    assert inside.locator("dl.e-row > div").count() == 4
    assert inside.locator(".legend").count() == 1
    assert inside.locator("[data-testid=stButtonGroup], [data-testid=stPopover], .st-key-below").count() == 0
    full = inside.get_by_role("link", name="Відкрити повністю").get_attribute("href")
    assert "embed" not in full
    assert "proposal=ukraine-1991" in full
    clean(visit)


def test_without_scripts_the_article_has_the_picture_with_its_link(browser, article, app_url):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(article)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        picture = page.locator("a[data-mapcore-picture] img")
        assert picture.evaluate("one => one.naturalWidth") == 1200
        assert picture.bounding_box()["width"] <= width
        assert page.locator("iframe").is_hidden() or page.locator("iframe").bounding_box()["height"] == 0
    assert page.locator("a[data-mapcore-picture]").get_attribute("href").startswith(f"{app_url}/?proposal=")
    page.context.close()
