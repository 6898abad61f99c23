"""What stands on the map is set in the typeface that ships, whatever fonts the machine has or has not."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from matplotlib import get_data_path
from support.typeface import SAID
from support.visit import CHROMIUM_ARGS

from mapcore import load_proposal, measure_proposal
from mapcore.base.language import speaking
from mapcore.publish.export import export

#: Each name on the map with its width and its place, from the corner of the map.
NAMES = """async () => {
    await document.fonts.ready;
    const map = document.getElementById("map").getBoundingClientRect();
    return [...document.querySelectorAll(".place span")].filter(name => name.getClientRects().length).map(name => {
        const box = name.getBoundingClientRect();
        return [name.textContent, name.dataset.side, ...[box.left - map.left, box.top - map.top, box.width, box.height]
            .map(pixels => Math.round(pixels * 10) / 10)];
    });
}"""
ONE_FACE = {("mapcore Sans", True)}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A view as one file, in Ukrainian."""
    path = tmp_path_factory.mktemp("typeface") / "map.html"
    with speaking("uk"):
        path.write_bytes(export(measure_proposal(load_proposal("us-28-point")), "html"))
    return path


def only_font(folder: Path, name: str) -> dict[str, str]:
    """Return the environment of a machine that has no font but one of matplotlib's."""
    (folder / "fonts").mkdir()
    shutil.copy(Path(get_data_path()) / "fonts/ttf" / name, folder / "fonts")
    config = folder / "fonts.conf"
    config.write_text(
        f"<fontconfig><dir>{folder / 'fonts'}</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>", "utf-8"
    )
    return {"FONTCONFIG_FILE": str(config)}


def faces(page, *classes: str) -> dict[str, set[tuple[str, bool]]]:
    """Return for each class the families that its elements' letters are from, and whether the page brought them."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    found: dict[str, set[tuple[str, bool]]] = {}
    for node in session.send("DOM.getFlattenedDocument", {"depth": -1, "pierce": True})["nodes"]:
        held = node.get("attributes", [])
        of_node = set(dict(zip(held[::2], held[1::2], strict=True)).get("class", "").split()) & set(classes)
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})["fonts"] if of_node else []
        for name in of_node:
            found.setdefault(name, set()).update((font["familyName"], font["isCustomFont"]) for font in fonts)
    return found


@pytest.mark.parametrize("code", ["en", "uk"])
def test_the_map_s_frame_is_set_in_it(go_on, code):
    visit = go_on(path=f"/?page=own&lang={code}").ready()
    visit.map.locator("path.zone").first.hover()
    visit.map.locator(".zone-tip").wait_for()
    visit.map.locator(".place span[data-side]").first.wait_for()
    visit.map.locator("html").evaluate("() => document.fonts.ready.then(() => 1)")
    parts = ("place", "zone-tip", "leaflet-control-scale-line", "leaflet-control-attribution", "draw-bar")
    assert faces(visit.page, *parts) == dict.fromkeys(parts, ONE_FACE)
    assert visit.errors == []
    assert visit.outside == []


def test_a_file_and_every_letter_in_it_are_set_in_it(open_address, page):
    visit = open_address(page.as_uri())
    visit.page.locator("html[data-shown]").wait_for()
    letters = "".join(sorted(SAID))
    visit.page.locator("#summary").evaluate("(element, letters) => { element.textContent = letters; }", letters)
    visit.page.evaluate("document.fonts.ready.then(() => 1)")
    parts = ("deck", "legend", "place", "masthead-words")
    visit.page.locator(".masthead span").evaluate("element => { element.className = 'masthead-words'; }")
    assert faces(visit.page, *parts) == dict.fromkeys(parts, ONE_FACE)
    assert visit.errors == []


def test_names_stand_where_they_stand_whatever_fonts_the_machine_has(browser, page, tmp_path, chromium_path):
    seen = []
    for name, file in (("sans", "DejaVuSans.ttf"), ("typewriter", "DejaVuSansMono.ttf")):
        (tmp_path / name).mkdir()
        machine = browser.browser_type.launch(
            executable_path=chromium_path,
            args=list(CHROMIUM_ARGS),
            env=os.environ | only_font(tmp_path / name, file),
        )
        try:
            seen.append(names_on(machine, page))
        finally:
            machine.close()
    seen.append(names_on(browser, page))
    assert len(seen[0]) >= 10
    assert all(one == seen[0] for one in seen)


def names_on(machine, page) -> list[list[Any]]:
    """Return where the names stand on a machine's screen."""
    with machine.new_page(viewport={"width": 1280, "height": 900}) as opened:
        opened.goto(page.as_uri())
        opened.locator("html[data-shown]").wait_for()
        return opened.evaluate(NAMES)
