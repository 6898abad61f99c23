"""What a link is answered with before any script has run."""

import gzip
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import geopandas as gpd
import pytest
from shapely import Polygon, box, coverage_is_valid

from mapcore.base.data_files import WEB_DIR
from mapcore.base.fill import Fill
from mapcore.base.language import languages
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.land.contact_line import moved
from mapcore.lines.catalogue import load_control
from mapcore.lines.user_lines import save_control
from mapcore.measurement.areas import measure_proposal
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal, load_proposals
from mapcore.publish.first_answer import document, geometry
from mapcore.publish.view_content import make_figure

PAGES = ("map", "compare", "matrix", "own", "claims", "people", "timeline", "lines", "methods")
PLAN = load_proposal("us-28-point")


def answered(link=""):
    return document.first_answer(document.reading(dict(parse_qsl(link, keep_blank_values=True))))


class Balance(HTMLParser):
    """Counts the elements of a page, and holds that each is closed where it should be."""

    VOID = ("br", "link", "meta", "use", "path", "rect")

    def __init__(self, text):
        super().__init__()
        self.open, self.count = [], {}
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, _):
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, _):
        self.count[tag] = self.count.get(tag, 0) + 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


#: Land on the plane of areas with a hole of a millimetre beside its edge, which lies outside once rounded to degrees.
LAND = [(454579.3051, 97410.3186), (446881.9088, 98949.5072), (383346.5492, 30915.3348)]
HOLE = [(452715.047, 97782.079), (452715.0469, 97782.0789), (452715.0486, 97782.0742)]


def unstyled(body):
    """The classes in the maps that no rule knows: an edge without its rule is an area filled with black."""
    style = re.search(r"<style>(.*?)</style>", body, re.DOTALL)[1]
    drawn = re.findall(r'class="([^"]+)"', "".join(re.findall(r"<svg.*?</svg>", body, re.DOTALL)))
    return {name for names in drawn for name in names.split() if not re.search(rf"\.{name}(?![\w-])", style)}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_whole_small_and_asks_for_nothing(page):
    for lang in languages():
        answer = answered(f"page={page}&lang={lang}")
        count = Balance(answer.body).count
        assert count["h1"] == count["main"] == 1
        assert ("figure" in count) == (page in {"map", "compare", "own", "people", "lines"})
        assert ('class="axis-box"' in answer.body) == (page == "timeline")
        assert len(gzip.compress(answer.body.encode(), 6)) < 36_000
        assert not re.search(r'(?:src|href)="(?!#|\?|api/v1/|https?://)', answer.body)
        assert "url(" not in re.sub(r"url\(#hatch-\w+\)", "", answer.body)
        assert unstyled(answer.body) == set()
        assert answer.lang == lang
        assert answer.head[0].startswith("<title>")


def test_the_title_is_a_finding_of_the_ledger_in_the_link_s_language_and_units():
    value = measure_proposal(PLAN).ledger.ukraine_leaves
    shown = make_figure("", value, "km2")
    assert f"Ukraine would withdraw from {shown.text} (" in answered().head[0]
    assert shown.bounds in answered().body
    assert "км²" in answered("lang=uk").head[0]
    assert "sq mi" in answered("units=mi2").head[0]
    assert "Begun on" in answered("page=own").body


def test_a_text_that_moves_nothing_says_what_is_held():
    assert "Russia holds" in answered("proposal=line-as-is").head[0]


def test_a_broken_link_shows_the_default_and_says_so():
    answer = answered("proposal=%3Cscript%3E&control=no-line&units=ells&zoom=deep")
    assert "The link names a proposal that is not here" in answer.body
    assert answer.body.count("<li>") == 4
    assert '<h1><span class="unseen">US 28-point plan: </span>' in answer.body
    assert "У посиланні" in answered("lang=uk&units=ells").body


def test_a_viewer_s_own_proposal_is_drawn_marked_and_forgotten():
    own = replace(viewer.start_from(PLAN, PLAN.date), title="<b>Mine</b> & co")
    packed, everybody = viewer.pack(own), viewer._unpacked.shelf
    before = len(everybody)
    answer = answered(f"page=own&own={packed}")
    assert "Viewer's own, not put forward by any party" in answer.body
    assert '<b class="a-own-map">' in answer.body
    assert "<b>Mine" not in answer.body
    assert "url(#hatch-" in answer.body
    assert len(everybody) == before
    both = answered(f"page=compare&proposal=own&own={packed}")
    assert both.body.count('<b class="a-own-map">') == 2


@pytest.mark.parametrize("own", ["1.eJw", "9.abc", "1." + "A" * 6000, "%00"])
def test_what_is_no_proposal_is_refused_in_a_sentence(own):
    answer = answered(f"page=own&own={own}")
    assert "own proposal" in answer.body
    assert own not in answer.body


def test_the_theme_is_the_reader_s_unless_the_link_asks_for_one():
    assert "@media (prefers-color-scheme:dark)" in answered().body
    dark = answered("embed_options=dark_theme").body
    assert "prefers-color-scheme" not in dark
    assert "color-scheme:dark" in dark


def test_links_keep_the_view_and_what_streamlit_s_page_reads():
    body = answered("embed_options=dark_theme&units=mi2&proposal=ukraine-1991").body
    links = [dict(parse_qsl(one.replace("&amp;", "&"))) for one in re.findall(r'href="\?([^"]+)"', body)]
    assert links
    assert all(link["embed_options"] == "dark_theme" for link in links)
    assert sum(link.get("units") == "mi2" for link in links) == len(links) - 1
    chosen = {link.get("proposal", "us-28-point") for link in links}
    assert chosen == {one.id for one in load_proposals()}


def test_a_place_in_the_link_is_where_the_map_opens():
    body = answered("lat=48.5&lon=37.5&zoom=9").body
    x, y = geometry.pixels(37.5, 48.5)
    assert f"left:calc(50% - {2 * x:.0f}px);top:calc(50% - {2 * y:.0f}px)" in body
    assert "data-fit" not in body


def test_the_same_view_is_the_same_answer_whatever_else_the_link_holds():
    plain = document.reading({})
    assert document.reading({"proposal": "us-28-point", "utm_source": "x"}).key() == plain.key()
    assert document.reading({"units": "mi2"}).key() != plain.key()
    assert document.reading({"units": "ells"}).key() != plain.key()


@pytest.mark.usefixtures("home")
def test_a_line_that_is_replaced_or_added_is_told_of_at_once():
    line = replace(load_control(), id="mine")
    save_control(line)
    link = {"control": "mine"}
    keys, drawn = {document.reading(link).key()}, {answered("control=mine").body}
    save_control(replace(moved(line, by_km=4), id="mine"), replace=True)
    keys.add(document.reading(link).key())
    drawn.add(answered("control=mine").body)
    assert (len(keys), len(drawn)) == (2, 2)
    listing = document.reading({"page": "lines"}).key()
    save_control(replace(line, id="other"))
    assert document.reading({"page": "lines"}).key() != listing
    assert document.reading({"page": "lines"}).key() == document.reading({"page": "lines", "utm_source": "x"}).key()


def test_land_that_rounding_to_degrees_breaks_is_drawn():
    land, red, blue = Polygon(LAND, [HOLE]), Fill("#ff0000", "#aa0000"), Fill("#0000ff", "#0000aa")
    pieces = gpd.GeoSeries([land, Polygon(HOLE)], crs=AREA_CRS)
    assert coverage_is_valid(pieces.to_numpy())
    assert not pieces.to_crs(MAP_CRS).is_valid.all()
    [[(_, one), (_, nothing)], [(_, both)]] = geometry.drawn(pieces, load_control(), [red, blue], [red, red]).filled
    assert (one, nothing) == (both, "")
    assert one.count("M") == 1


def test_paths_are_pixels_of_web_mercator_and_each_edge_is_drawn_once():
    assert geometry.pixels(22.0, 52.45) == pytest.approx((0, 0))
    assert geometry.pixels(22.0 + 360 / 256 / 2**8, 52.45)[0] == pytest.approx(1)
    #  a | b   two squares that share an edge, of which b alone is filled
    squares = gpd.GeoSeries([box(30, 48, 31, 49), box(31, 48, 32, 49)], crs=MAP_CRS).to_crs(AREA_CRS)
    red = Fill("#ff0000", "#aa0000")
    drawn = geometry.drawn(squares, load_control(), [None, red], [None, None])
    assert drawn.pieces.count("M") == 1
    assert "z" not in drawn.pieces
    assert [fill for fill, _ in drawn.filled[0]] == [red]
    assert drawn.filled[1] == ()
    start = re.match(r"M(\d+) (\d+)l", drawn.filled[0][0][1])
    corners = [geometry.pixels(lon, lat) for lon in (31, 32) for lat in (48, 49)]
    assert any(abs(int(start[1]) - x) <= 1 and abs(int(start[2]) - y) <= 1 for x, y in corners)


def test_the_map_opens_on_what_the_live_one_does():
    script = (WEB_DIR / "map/home.js").read_text(encoding="utf-8")
    south, west, north, east = map(
        float, re.search(r"UKRAINE = \[\s*\[([\d.]+), ([\d.]+)\],\s*\[([\d.]+), ([\d.]+)\]", script).groups()
    )
    assert (south, west, north, east) == geometry.HOME
