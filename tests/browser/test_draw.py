"""The outline that is being drawn lies over everything on the map, however the viewer came to the page."""

import pytest
from support.browser import CORNERS, PHONE, Reader, clean, click, draw, linked, tool, turn

#: What lies on top in the middle of the drawn outline and on one of its corners, marks and names included.
TOPMOST = """() => {
  const every = document.createElement("style");
  every.textContent = ".leaflet-map-pane * { pointer-events: all !important; }";
  document.head.append(every);
  const box = document.querySelector("path.drawing").getBoundingClientRect();
  const corner = document.querySelector(".corner").getBoundingClientRect();
  const found = [box, corner].map(one =>
    document.elementFromPoint(one.x + one.width / 2, one.y + one.height / 2).getAttribute("class"));
  every.remove();
  return found.map(names => ["drawing", "corner"].find(one => (names || "").split(" ").includes(one)) || names);
}"""


def topmost(visit):
    return visit.map.locator("html").evaluate(TOPMOST)


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_on_a_page_opened_fresh_and_loaded_again(go_on, lang):
    visit = go_on(path=f"/?page=own&lang={lang}", anew=True).ready()
    for is_again in (False, True):
        if is_again:
            visit.page.reload()
            visit.ready()
        visit.map.locator("button.draw-start").click()
        _corners(visit)
        assert topmost(visit) == ["drawing", "corner"], is_again
    clean(visit)


def _corners(visit):
    box = visit.map.locator("#map_div").bounding_box()
    for index, (x, y) in enumerate(CORNERS, start=1):
        visit.map.locator("#map_div").click(position={"x": x * box["width"], "y": y * box["height"]})
        visit.map.locator(".corner").nth(index - 1).wait_for(state="attached")


def test_after_a_buffer_and_after_another_page(go_on):
    visit = go_on(path="/?page=own", anew=True).ready()
    tool(visit, "Add a buffer")
    click(visit, "own_add_buffer")
    linked(visit)
    visit.map.locator("path.zone-narrow_buffer").first.wait_for(state="attached")
    draw(visit, CORNERS)
    assert topmost(visit) == ["drawing", "corner"]
    visit.map.get_by_role("button", name="Cancel").click()
    for page in ("map", "own"):
        turn(visit, page=page)
        visit.page.wait_for_function(f"location.search.includes('page={page}') || '{page}' === 'map'")
        visit.ready()
    draw(visit, CORNERS)
    assert topmost(visit) == ["drawing", "corner"]
    visit.map.locator(".corner").first.click()
    linked(visit, visit.query().get("own", ""))
    assert visit.map.locator(".corner").count() == 0
    clean(visit)


def test_on_a_phone_by_taps(go_on):
    visit = go_on(path="/?page=own", anew=True, **PHONE).ready()
    reader = Reader(visit)
    visit.map.locator("button.draw-start").tap()
    box = reader.box.bounding_box()
    for x, y in CORNERS:
        reader.tap(box["x"] + x * box["width"], box["y"] + y * box["height"])
    visit.map.locator(".corner").nth(len(CORNERS) - 1).wait_for(state="attached")
    assert topmost(visit) == ["drawing", "corner"]
    # A finger moves a corner, and neither map nor page with it.
    corner, place, scrolled = visit.map.locator(".corner").nth(1), reader.at(), reader.scrolled()
    before = corner.bounding_box()
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    reader.swipe((x, y), (x - 30, y - 40))
    after = corner.bounding_box()
    assert after["x"] - before["x"] == pytest.approx(-30, abs=3)
    assert after["y"] - before["y"] == pytest.approx(-40, abs=3)
    assert (reader.at(), reader.scrolled()) == (place, scrolled)
    # Two fingers move the map meanwhile, and no corner comes of it.
    reader.drag(30, 0, fingers=2)
    assert visit.map.locator(".corner").count() == len(CORNERS)
    visit.map.locator("button.draw-finish").tap()
    linked(visit)
    visit.map.locator("path.zone-special_zone").first.wait_for(state="attached")
    clean(visit)
