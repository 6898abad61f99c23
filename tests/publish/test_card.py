"""The card of a view: its size, what it frames, what it says, for a proposal, a comparison and a viewer's own."""

import io
import re
from dataclasses import replace

import pytest
from PIL import Image
from shapely.geometry import box

from mapcore.analysis.compare import compare
from mapcore.base.language import languages, speaking
from mapcore.measurement.areas import measure_proposal
from mapcore.present.difference_classes import ALIKE_FILLS
from mapcore.present.land_in_question import zone_of
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal
from mapcore.publish import card, print_map
from mapcore.publish.build_content import make_sheet
from mapcore.publish.print_layout import Paper
from mapcore.publish.view_content import Chosen

PLAN = measure_proposal(load_proposal("us-28-point"))
NOW = measure_proposal(load_proposal("line-as-is"))


@pytest.fixture
def written(monkeypatch):
    """The texts that are written on a card, as they come."""
    texts, write = [], Paper.write
    monkeypatch.setattr(Paper, "write", lambda paper, text, *at, **look: (texts.append(text), write(
        paper, text, *at, **look))[1])  # fmt: skip
    return texts


def test_a_card_is_1200_by_630_and_the_same_twice():
    drawn = card.draw_card(PLAN, Chosen())
    assert drawn == card.draw_card(PLAN, Chosen())
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.size == (1200, 630)
        assert "CC BY 4.0" in picture.text["Copyright"]
    assert len(drawn) < 300_000  # what messengers load at once


@pytest.mark.parametrize("lang", languages())
def test_a_card_says_title_figure_range_line_and_credit(written, lang):
    with speaking(lang):
        card.draw_card(PLAN, Chosen())
    wanted = {
        "en": ["US 28-point plan", "Ukraine would withdraw from", "5,960 km²", "5,440 to 6,520 km²"],
        "uk": ["План США з 28 пунктів", "Україна вийшла б із", "5 960 км²", "від 5 440 до 6 520 км²"],
    }[lang]
    plain = [" ".join(text.split()) for text in written]
    assert [text for text in plain if text in wanted] == wanted
    assert any("2025" in text for text in plain)
    assert any("CC BY 4.0" in text for text in plain)


def test_a_comparison_and_a_viewers_own_have_one_too(written):
    card.draw_card(compare(PLAN, NOW), Chosen())
    assert "A: US 28-point plan; B: The line as it stands" in [" ".join(text.split()) for text in written]
    assert "A and B differ on" in written
    own = viewer.mark(replace(load_proposal("us-28-point"), title="My plan"))
    written.clear()
    card.draw_card(measure_proposal(own), Chosen())
    assert "Viewer's own: My plan" in written
    assert "A viewer's own proposal; no party has put it forward." in " ".join(written)


@pytest.mark.parametrize("lang", languages())
def test_classes_of_land_that_a_card_has_no_room_for_are_counted(written, lang):
    crowded = compare(PLAN, measure_proposal(load_proposal("russia-claim")))
    with speaking(lang):
        card.draw_card(crowded, Chosen())
        classes = [figure.label for fill, figure in make_sheet(crowded).legend if fill not in ALIKE_FILLS]
    plain = [" ".join(text.split()) for text in written]
    named = [label for label in classes if " ".join(label.split()) in plain]
    more = [int(re.search(r"\d+", text)[0]) for text in plain if re.match(r"(and|і ще) \d", text)]
    assert 1 <= len(named) < len(classes)
    assert more == [len(classes) - len(named)]
    written.clear()
    card.draw_card(PLAN, Chosen())
    assert not [text for text in written if text.startswith("and ")]


def test_the_map_is_framed_on_the_land_in_question(monkeypatch):
    framed = []

    def drawn(axes, *rest):
        print_map.draw_map(axes, *rest)
        (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
        framed.append(box(west, south, east, north))

    monkeypatch.setattr(card, "draw_map", drawn)
    card.draw_card(PLAN, Chosen())
    land = box(*zone_of(PLAN)[1].total_bounds)
    country = box(*PLAN.zones.total_bounds)
    assert framed[0].contains(land)
    assert framed[0].area < 0.3 * country.area


@pytest.mark.parametrize("lang", languages())
def test_the_credit_is_written_to_its_end(written, lang):
    with speaking(lang):
        card.draw_card(PLAN, Chosen())
        credit = make_sheet(PLAN).facts["attribution"]
    assert credit.replace("\xa0", " ") in " ".join(written).replace("\xa0", " ")
