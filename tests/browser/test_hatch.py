"""A hatch looks the same wherever it is drawn: on the map, in legends and bars, in pictures of pixels and of shapes."""

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from mapcore import load_proposal, measure_proposal
from mapcore.publish.export import Wishes, export

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def plan():
    """Its part of Donetsk is hatched: no army enters."""
    return measure_proposal(load_proposal("us-28-point"))


def read(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=float)


def slant(shades):
    """Return which way the lines of a picture of nothing but a hatch run; it must have lines."""
    grey = shades.mean(axis=2)
    rising = np.abs(grey[1:, :-1] - grey[:-1, 1:]).mean()
    falling = np.abs(grey[1:, 1:] - grey[:-1, :-1]).mean()
    assert max(rising, falling) > 4, "no lines"
    assert max(rising, falling) > 1.25 * min(rising, falling), "no direction"
    return "/" if rising < falling else "\\"


def shot(place, *, inside=2):
    """Return the pixels of an element without its edge."""
    found = read(place.screenshot())
    return found[inside:-inside, inside:-inside]


def rgb(code):
    return np.array(list(bytes.fromhex(code.lstrip("#"))), dtype=float)


def same_land(pictures, ground, lines):
    """Return of each picture the square in one place where most pixels are a hatch's: no name, no line of contact."""
    way = rgb(lines) - rgb(ground)
    near = np.ones(pictures[0].shape[:2], dtype=bool)
    for one in pictures:
        part = np.clip((one - rgb(ground)) @ way / (way @ way), 0, 1)
        near &= np.abs(one - rgb(ground) - part[..., None] * way).max(axis=2) < 12
    counts = np.lib.stride_tricks.sliding_window_view(near, (28, 28)).sum(axis=(2, 3))
    y, x = np.unravel_index(counts.argmax(), counts.shape)
    return [one[y : y + 28, x : x + 28] for one in pictures]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_of_shapes_shows_the_hatch_of_the_picture_of_pixels(open_address, tmp_path, plan, theme):
    wishes = Wishes(size="1200x800", theme=theme)
    drawing = tmp_path / "plan.svg"
    drawing.write_bytes(export(plan, "svg", wishes))
    (pattern,) = ET.fromstring(drawing.read_text(encoding="utf-8")).iter(f"{SVG}pattern")  # noqa: S314 our own file
    ground = pattern.find(f"{SVG}rect").get("fill")
    lines = re.search(r"stroke: (#\w{6})", pattern.find(f"{SVG}path").get("style"))[1]
    assert ground != lines
    visit = open_address(drawing.as_uri(), width=1200, height=800)
    visit.page.evaluate("""() => {
      document.documentElement.setAttribute("width", "1200");
      document.documentElement.setAttribute("height", "800");
    }""")
    drawn, pixels = read(visit.page.screenshot()), read(export(plan, "png", wishes))
    assert drawn.shape == pixels.shape
    land = same_land((drawn, pixels), ground, lines)
    assert [slant(one) for one in land] == ["/", "/"]
    assert np.abs(land[0].mean(axis=(0, 1)) - land[1].mean(axis=(0, 1))).max() < 12
    assert abs(land[0].std() - land[1].std()) < 12


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_its_legend_and_its_bars_are_hatched_alike(open_page, theme):
    visit = open_page(path="/?proposal=us-28-point&lat=48.6&lon=37.6&zoom=9", color_scheme=theme).ready()
    visit.map.locator("path.zone-buffer").first.wait_for(state="attached")
    land = visit.map.locator("html").evaluate("""() => {
      document.querySelectorAll(".leaflet-labels-pane, .leaflet-water-pane, .leaflet-tooltip-pane")
        .forEach(pane => pane.remove());
      const box = document.querySelector("path.zone-buffer").getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    }""")
    frame = visit.page.locator('iframe[title="streamlit_folium.st_folium"]')
    frame.scroll_into_view_if_needed()
    x, y = (round(one) for one in land)
    shown = read(frame.screenshot())
    assert slant(shown[y - 20 : y + 20, x - 20 : x + 20]) == "/"
    swatch = visit.page.locator(".legend span", has_text="Demilitarised").locator(".swatch").first
    assert slant(shot(swatch)) == "/"
    bar = visit.page.locator('.bars i[style*="gradient"], i[style*="gradient"]:not(.swatch)').first
    bar.scroll_into_view_if_needed()
    assert slant(shot(bar)) == "/"
    assert (visit.errors, visit.outside) == ([], [])


def test_the_legend_of_a_page_without_a_server_is_hatched_like_its_map(open_address, tmp_path, plan):
    page = tmp_path / "plan.html"
    page.write_bytes(export(plan, "html"))
    visit = open_address(page.as_uri())
    swatch = visit.page.locator('.legend .swatch[style*="gradient"]').first
    swatch.wait_for()
    assert slant(shot(swatch)) == "/"
    visit.page.locator("path.zone-buffer").first.hover()
    fill = visit.page.locator("path.zone-buffer").first.evaluate("zone => getComputedStyle(zone).fill")
    assert "hatch-buffer" in fill
    assert (visit.errors, visit.outside) == ([], [])
