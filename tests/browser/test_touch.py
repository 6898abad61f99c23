"""Passing by a map and moving it, with fingers and with the wheel, in Chromium with every outside request refused."""

import pytest
from support.browser import PHONE, TOLD, Reader

from mapcore import load_proposal, measure_proposal
from mapcore.base.language import speaking
from mapcore.publish.export import Wishes, export
from mapcore.publish.site import write_site

SAID = {"en": "Use two fingers to move the map", "uk": "Пересувайте карту двома пальцями"}
WHEEL = {"en": "Hold Ctrl and scroll to zoom the map", "uk": "Щоб змінити масштаб карти, прокручуйте, утримуючи Ctrl"}


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
def test_a_finger_passes_by_the_dashboard_s_maps(go_on, path, place):
    visit = go_on(path=path, **PHONE).settled()
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
        page = reader.rested()
        reader.page.keyboard.down("Control")
        for _ in range(2):
            reader.page.mouse.wheel(0, -240)
            reader.page.wait_for_timeout(400)
        reader.page.keyboard.up("Control")
        assert reader.at() is not None
        assert reader.scrolled() == page
        reader.clean()
