"""The typeface ships with the product: a letter for everything that is said, and the same picture on every machine."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties, findfont, fontManager
from support.typeface import SAID

from mapcore import load_proposal, measure_proposal
from mapcore.base import memory
from mapcore.base.data_files import TYPEFACE_DIR
from mapcore.base.language import speaking
from mapcore.publish import print_layout
from mapcore.publish.export import Wishes, export
from mapcore.publish.print_layout import Press, halo_text, text_width, unscaled_width, wrapped

FACES = sorted(TYPEFACE_DIR.glob("*.ttf"))
LINK = "https://maps.example.org/"
#: Letters of languages that a reader or a later catalogue may bring: Polish, Romanian, Crimean Tatar, Belarusian.
MORE = "ąćęłńóśźżăâîșțğıñöşüçўёъэы№₴≥→"


@pytest.fixture(scope="module")
def plan():
    return measure_proposal(load_proposal("us-28-point"))


@pytest.mark.parametrize("path", FACES, ids=lambda path: path.stem)
def test_every_letter_of_catalogues_and_data_has_its_form(path):
    assert {"ґ", "є", "і", "ї", "²", "–", "’"} <= SAID
    assert sorted((SAID | set(MORE + MORE.upper())) - {chr(code) for code in TTFont(path).getBestCmap()}) == []


@pytest.mark.parametrize("path", FACES, ids=lambda path: path.stem)
def test_digits_are_equally_wide(path):
    font = TTFont(path)
    assert len({font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}) == 1


def test_the_files_are_small_and_bear_a_name_of_their_own_beside_their_licence():
    assert len(FACES) == 2
    assert (TYPEFACE_DIR / "mapcore-sans.woff2").stat().st_size < 60_000
    for path in FACES:
        assert path.stat().st_size < 100_000
        assert TTFont(path)["name"].getDebugName(1) == "mapcore Sans"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (TYPEFACE_DIR / "OFL.txt").read_text("utf-8")


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_pictures_are_set_in_it(weight):
    found = Path(findfont(FontProperties(family="mapcore Sans", weight=weight), fallback_to_default=False))
    assert found == TYPEFACE_DIR / f"mapcore-sans-{'bold' if weight == 'bold' else 'regular'}.ttf"
    font = TTFont(found)
    letters, widths = font.getBestCmap(), font["hmtx"]
    assert text_width("км²", 1000, weight) == pytest.approx(sum(widths[letters[ord(one)]][0] for one in "км²"), abs=40)


@pytest.mark.parametrize("code", ["en", "uk"])
def test_a_brief_carries_it_and_no_other(plan, code):
    with speaking(code):
        brief = export(plan, "pdf")
    carried = set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", brief))
    assert carried == {b"mapcore-sans-regular", b"mapcore-sans-bold"}


def test_a_picture_does_not_depend_on_the_fonts_of_the_machine(plan, monkeypatch):
    before = export(plan, "png", Wishes(size="social"))
    shipped = (str(TYPEFACE_DIR), get_data_path())
    monkeypatch.setattr(fontManager, "ttflist", [one for one in fontManager.ttflist if one.fname.startswith(shipped)])
    fontManager._findfont_cached.cache_clear()
    for kept in (unscaled_width, wrapped):
        memory.forget(kept)
    assert export(plan, "png", Wishes(size="social")) == before


def test_a_letter_that_it_has_not_is_still_drawn():
    assert text_width("ა", 10) > 0


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_line_that_is_not_measured_stands_where_matplotlib_would_put_it(form, monkeypatch):
    def printed():
        with Press(300, 200, theme="dark") as press:
            press.paper.write("Words of more than one line. " * 5, 10.3, 7.7, size=9.1, width=211, link=LINK)
            press.paper.write("On the right", 280, 90, size=12, width=200, align="right", weight="bold")
            axes = press.paper.panel(20, 110, 200, 80)
            halo_text(axes, "Київ", (0.3, 0.4), size=11, colours=press.paper.colours, zorder=3, gid="names|Київ")
            return press.printed(form, title="T", subject="S", rights="R", source=LINK)

    ours = printed()
    monkeypatch.delattr(print_layout._Line, "draw")
    assert printed() == ours
