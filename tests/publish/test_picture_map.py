"""The map of a picture: what it is framed on, where its names stand, its layers in a graphics editor."""

import io
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely
from matplotlib.axes import Axes
from PIL import Image
from shapely.geometry import box

from mapcore import compare, load_proposal, measure_proposal
from mapcore.base.language import speaking
from mapcore.base.schema import AREA_CRS
from mapcore.land.boundaries import load_oblasts
from mapcore.publish import picture, print_names
from mapcore.publish.build_content import make_sheet
from mapcore.publish.export import Wishes, export
from mapcore.publish.print_map import draw_map
from mapcore.publish.view_content import Chosen

PLAN = measure_proposal(load_proposal("us-28-point"))
ALL = measure_proposal(load_proposal("ukraine-1991"))
SVG = "{http://www.w3.org/2000/svg}"
LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"


@pytest.fixture
def framed(monkeypatch):
    """The land that maps show, as they are drawn."""
    found = []

    def drawn(axes, *rest):
        draw_map(axes, *rest)
        found.append((box(*np.ravel(list(zip(axes.get_xlim(), axes.get_ylim(), strict=True)))), axes))

    monkeypatch.setattr(picture, "draw_map", drawn)
    return found


def test_a_picture_is_framed_on_the_front_and_what_changes_hands_or_on_the_country(framed):
    country = box(*load_oblasts().to_crs(AREA_CRS).total_bounds)
    sheet = make_sheet(PLAN)
    for chosen in (Chosen(), Chosen(frame="country")):
        picture.draw_picture(make_sheet(PLAN, chosen), picture.Picture((900, 900)))
    (near, near_axes), (whole, whole_axes) = framed
    assert near.buffer(1).contains(box(*sheet.control.line.bounds).intersection(country))
    assert near.contains(box(*shapely.total_bounds(sheet.in_question)))
    assert near.area < 0.6 * whole.area
    assert whole.contains(country)
    assert [len(axes.child_axes) for axes in (near_axes, whole_axes)] == [1, 0], "a small map of the country"
    assert "frame=country" in make_sheet(PLAN, Chosen(frame="country")).facts["link"]


@pytest.mark.parametrize("code", ["en", "uk"])
@pytest.mark.parametrize("subject", [PLAN, ALL, compare(PLAN, ALL)], ids=["plan", "all", "change"])
def test_each_name_has_its_dot_and_covers_no_front_and_no_other(subject, code, framed, monkeypatch):
    dots, names = {}, {}
    write, plot = print_names.halo_text, Axes.plot

    def written(axes, text, at, *, size, weight, **look):
        width = print_names.text_width(text, size, weight) * print_names.metres_a_point(axes)
        height = size * print_names.metres_a_point(axes)
        names[text] = box(at[0], at[1] - 0.2 * height, at[0] + width, at[1] + 0.7 * height)
        write(axes, text, at, size=size, weight=weight, **look)

    def plotted(axes, x, y, *rest, **look):
        dots[look["gid"].removeprefix("names|")] = shapely.Point(x, y)
        return plot(axes, x, y, *rest, **look)

    monkeypatch.setattr(print_names, "halo_text", written)
    monkeypatch.setattr(Axes, "plot", plotted)
    with speaking(code):
        sheet = make_sheet(subject)
        picture.draw_picture(sheet)
    ((frame, _),) = framed
    assert dots.keys() == names.keys()
    assert len(names) > 15
    line = sheet.control.line.simplify(500)
    pieces = shapely.get_parts(shapely.union_all(sheet.in_question))
    rooms = list(names.values())
    for place, room in enumerate(rooms):
        assert frame.contains(room)
        assert not room.intersects(line)
        assert not any(room.intersects(other) for other in rooms[:place])
        assert not any(room.contains(dot) for dot in dots.values())
        assert (shapely.area(shapely.intersection(pieces, room)) / shapely.area(pieces)).max() < 0.09


def layers(root):
    return {group.get("id"): group for group in root.iter(f"{SVG}g") if group.get(LABEL)}


def test_a_graphics_editor_finds_layers_by_name_and_texts_as_texts():
    root = ET.fromstring(export(PLAN, "svg"))  # noqa: S314 our own file
    found = layers(root)
    wanted = ["headline", "map", "legend", "figures", "credit"]
    assert set(wanted) <= set(found)
    on_map = {
        "zones",
        "oblasts",
        "line-of-contact",
        "recognised-border",
        "coast",
        "rivers",
        "names",
        "scale",
        "locator",
    }
    assert on_map <= {group.get("id") for group in found["map"]}
    assert {zone.get(LABEL) for zone in found["zones"]} == {figure.label for _, figure in make_sheet(PLAN).legend}
    town = next(group for group in found["names"] if group.get(LABEL) == "Kharkiv")
    assert [text.text for text in town.iter(f"{SVG}text")] == ["Kharkiv"]
    assert list(town.iter(f"{SVG}use")), "with its dot"
    words = {text.text for text in root.iter(f"{SVG}text")}
    assert {"US 28-point plan", "5,960 km²", "200 km", "Line of contact"} <= words
    faces = {re.search("font-family: (.*?)(;|$)", text.get("style"))[1] for text in root.iter(f"{SVG}text")}
    assert len(faces) == 1
    assert faces.pop().startswith("'mapcore Sans', 'Source Sans 3'")
    assert root.find(f".//{SVG}style").text.count("@font-face{font-family:'mapcore Sans'") == 1
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert "|" not in " ".join(ids)


def test_the_finding_is_the_title_and_what_it_is_of_stands_above():
    with speaking("uk"):
        sheet = make_sheet(compare(PLAN, ALL), Chosen(over="holder"))
    assert sheet.finding.startswith("«План США з 28 пунктів» і «Кордон України 1991 року» різняться на площі")
    assert make_sheet(compare(PLAN, PLAN)).finding == "“US 28-point plan” and “US 28-point plan” treat all land alike"
    found = make_sheet(PLAN)
    assert (found.kicker, found.finding[:41]) == (found.title, "Ukraine would withdraw from 5,960 km² (Do")


def test_the_frame_is_chosen_for_a_file():
    near, whole = (export(PLAN, "png", Wishes(size="social", frame=frame)) for frame in ("subject", "country"))
    assert near != whole
    assert Image.open(io.BytesIO(whole)).size == (1200, 675)
