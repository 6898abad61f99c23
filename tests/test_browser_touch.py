"""Passing by a map and moving it, with fingers and with the wheel, in Chromium with every outside request refused."""

import pytest
from conftest import MAP_FRAME

from mapcore import load_proposal, measure_proposal
from mapcore.export import Wishes, export
from mapcore.language import speaking
from mapcore.site import write_site

PHONE = {"width": 390, "height": 844, "touch": True}
SAID = {"en": "Use two fingers to move the map", "uk": "Пересувайте карту двома пальцями"}
WHEEL = {"en": "Hold Ctrl and scroll to zoom the map", "uk": "Щоб змінити масштаб карти, прокручуйте, утримуючи Ctrl"}
SCROLLED = "() => (document.querySelector('[data-testid=stMain]') || document.scrollingElement).scrollTop"
#: What the map says while a finger or the wheel is on it.
TOLD = """() => {
  const told = getComputedStyle(document.querySelector(".leaflet-container"), "::before");
  return told.content === "none" ? "" : told.content.replaceAll('"', "");
}"""


class Reader:
    """Whoever has their fingers, or their wheel, on one map of a page."""

    def __init__(self, visit, place=0):
        self.page, self.visit = visit.page, visit
        frames = visit.page.locator(MAP_FRAME)
        self.scope = visit.page.frame_locator(MAP_FRAME).nth(place) if frames.count() else visit.page
        self.box = self.scope.locator(".leaflet-container")
        self.scope.locator("path.zone").first.wait_for(state="attached", timeout=60_000)
        self.box.evaluate("box => (window.frameElement || box).scrollIntoView({block: 'center'})")
        self.page.wait_for_timeout(300)
        self.client = visit.page.context.new_cdp_session(visit.page)

    def ask(self, script):
        return self.scope.locator("html").evaluate(f"() => ({script})()")

    def scrolled(self):
        return self.page.evaluate(SCROLLED)

    def at(self):
        """Where the map is; None for where it opened."""
        return self.ask("() => window.mapcore.place()")

    def middle(self):
        box = self.box.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def _touch(self, kind, *points):
        told = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        self.client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    def drag(self, right, down, *, fingers=1, steps=12):
        """Drag with so many fingers and return what the map said meanwhile."""
        x, y = self.middle()
        starts = [(x + 40 * finger, y + 10 * finger) for finger in range(fingers)]
        self._touch("touchStart", *starts)
        told = ""
        for step in range(1, steps + 1):
            moved = [(x + right * step / steps, y + down * step / steps) for x, y in starts]
            self._touch("touchMove", *moved)
            self.page.wait_for_timeout(16)
            told = told or self.ask(TOLD)
        self._touch("touchEnd")
        self.page.wait_for_timeout(400)
        return told

    def tap(self, x, y):
        self._touch("touchStart", (x, y))
        self._touch("touchEnd")
        self.page.wait_for_timeout(400)

    def clean(self):
        assert self.visit.errors == []
        assert self.visit.outside == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The static site of one proposal, and a view of it as a file, both in Ukrainian too."""
    place = tmp_path_factory.mktemp("pages")
    proposal = load_proposal("us-28-point")
    write_site(place / "site", proposals=[proposal])
    for code in SAID:
        with speaking(code):
            (place / f"{code}.html").write_bytes(export(measure_proposal(proposal), "html", Wishes()))
    return place


def passes_by(reader, language="en"):
    """One finger scrolls the page and the map says so; two fingers move the map and the page stays."""
    start, page = reader.at(), reader.scrolled()
    assert reader.drag(0, -150) == SAID[language]
    assert reader.at() == start
    assert reader.scrolled() > page + 80
    assert reader.ask(TOLD) == ""
    page = reader.scrolled()
    assert reader.drag(-90, 0, fingers=2) == ""
    assert reader.at() is not None
    assert reader.at() != start
    assert reader.scrolled() == page
    # What a tap leaves behind lets no single finger move the map either.
    moved = reader.at()
    reader.tap(*reader.middle())
    assert reader.drag(0, 120) == SAID[language]
    assert reader.at() == moved
    assert reader.scrolled() < page - 60
    reader.clean()


@pytest.mark.parametrize(
    ("path", "place"), [("/", 0), ("/?page=own&lang=uk", 0), ("/?page=compare", 0), ("/?page=compare&lang=uk", 1)]
)
def test_a_finger_passes_by_the_dashboard_s_maps(open_page, path, place):
    visit = open_page(path=path, **PHONE).settled()
    passes_by(Reader(visit, place), "uk" if "lang=uk" in path else "en")


@pytest.mark.parametrize(
    ("file", "language"),
    [("en.html", "en"), ("uk.html", "uk"), ("site/index.html", "en"), ("site/uk.html", "uk")],
)
def test_a_finger_passes_by_the_map_of_a_page_without_a_server(open_address, folder, file, language):
    visit = open_address(f"{(folder / file).as_uri()}?lang={language}", **PHONE)
    passes_by(Reader(visit), language)


def test_the_wheel_scrolls_the_page_and_enlarges_the_map_with_ctrl(open_page, open_address, folder):
    for visit, language in (
        (open_page(path="/?lang=uk", height=600).ready(), "uk"),
        (open_address((folder / "en.html").as_uri(), height=600), "en"),
    ):
        reader = Reader(visit)
        page = reader.scrolled()
        reader.page.mouse.move(*reader.middle())
        reader.page.mouse.wheel(0, 120)
        reader.page.wait_for_timeout(300)
        assert reader.ask(TOLD) == WHEEL[language]
        assert reader.scrolled() > page
        assert reader.at() is None
        reader.page.mouse.move(*reader.middle())
        page = reader.scrolled()
        reader.page.keyboard.down("Control")
        for _ in range(2):
            reader.page.mouse.wheel(0, -240)
            reader.page.wait_for_timeout(400)
        reader.page.keyboard.up("Control")
        assert reader.at() is not None
        assert reader.scrolled() == page
        reader.clean()
