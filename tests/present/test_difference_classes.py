"""The classes of a difference map: which land, in which words, in colours that everyone can tell apart."""

from functools import cache
from itertools import combinations, product

import numpy as np
import pytest
from support import subjects

from mapcore.analysis.compare import compare
from mapcore.base.data_files import WEB_DIR
from mapcore.measurement.areas import measure_proposal
from mapcore.present.difference_classes import ALIKE, OVERS, alike_by_holder, classes, totals
from mapcore.present.map_geometry import change_shapes, zone_shapes
from mapcore.present.tooltips import change_words
from mapcore.proposals.shipped import load_proposal, load_proposals

IDS = [proposal.id for proposal in load_proposals()]
#: Each text against three of them, either way.
PAIRS = [pair for pair in product(IDS, IDS) if pair[0] != pair[1] and {*pair} & {*subjects.REPRESENTATIVE}]
#: Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
SIGHTS = {
    "full": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


@cache
def compared(a, b):
    return compare(measure_proposal(load_proposal(a)), measure_proposal(load_proposal(b)))


@cache
def lab(colour, sight):
    """Return a colour in CIE Lab (D65) as someone with this sight sees it."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SIGHTS[sight]) @ linear, 0, 1)
    xyz = np.array([
        [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]
    ]) @ seen / [0.95047, 1.0, 1.08883]  # fmt: skip
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", ["colour", "colour_dark"])
def test_colours_that_meet_on_a_map_stay_apart_for_every_sight(sight, theme):
    """
    A hatch tells a fill apart by itself; all other fills differ from each other and from land treated alike.

    The tint of such land that Russia holds now is ground too, behind the line of contact: less is enough for it.
    """
    alike, occupied = (getattr(fill, theme) for _, fill in ALIKE.values())
    assert np.linalg.norm(lab(alike, sight) - lab(occupied, sight)) >= 6
    for (a, b), over in product(PAIRS, OVERS):
        fills = {
            change.id: getattr(change.fill, theme) for change in classes(compared(a, b), over) if not change.fill.hatch
        }
        fills["alike"] = alike
        for one, other in combinations(fills, 2):
            apart = np.linalg.norm(lab(fills[one], sight) - lab(fills[other], sight))
            assert apart >= 15, (a, b, over, one, other, apart)
        for one, fill in fills.items():
            apart = np.linalg.norm(lab(fill, sight) - lab(occupied, sight))
            assert apart >= 6, (a, b, over, one, apart)


@pytest.mark.parametrize("over", OVERS)
def test_each_class_has_a_fill_of_its_own_and_no_land_is_lost(over):
    for a, b in PAIRS:
        comparison = compared(a, b)
        found = classes(comparison, over)
        assert len({change.id for change in found}) == len(found)
        changed, alike = totals(comparison, over)
        assert sum(change.area_km2.value for change in found) == pytest.approx(changed.value)
        assert changed.value + alike.value == pytest.approx(comparison.changes["area_km2"].sum())
        shares = alike_by_holder(comparison, over).values()
        assert sum(share.value for share in shares) == pytest.approx(alike.value)
        assert changed.low <= changed.value <= changed.high


def test_the_style_of_the_map_has_the_same_fill_for_land_treated_alike():
    style = (WEB_DIR / "map/map.css").read_text()
    for (name, fill), dark in product(ALIKE.values(), (False, True)):
        assert f"--{name}: {fill.hue(dark=dark)};" in style


@pytest.mark.parametrize("over", OVERS)
def test_each_piece_on_the_map_has_its_words_and_its_class(over):
    comparison = compared("donetsk-narrow-buffer", "russia-offer-2025-08")
    pieces = {feature["id"] for feature in change_shapes(comparison)["features"]} - {"line", "casing", "contested"}
    words = change_words(comparison, over, units="km2")
    assert set(words) == pieces
    drawn = {word["style"]["id"] for word in words.values() if not word["status"].startswith("alike")}
    assert drawn == {change.id for change in classes(comparison, over)}
    assert all("Russia&#x27;s reported offer" in word["tip"] for word in words.values() if "style" in word)


def test_where_nothing_is_divided_the_shapes_are_those_of_the_proposals():
    """So that the browser has them already, and changes words alone."""
    a, b = (measure_proposal(load_proposal(one)) for one in ("us-28-point", "ukraine-1991"))
    assert change_shapes(compare(a, b)) == zone_shapes(a) == zone_shapes(b)
