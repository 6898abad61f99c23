"""Statuses that can share a map stay apart for colour-blind readers, in both themes, and in a print without colour."""

import tomllib
from itertools import combinations

import numpy as np
import pytest
from support.paths import ROOT

from mapcore import load_control, load_proposals, measure_proposal
from mapcore.proposals.shipped import load_statuses

# Viénot, Brettel and Mollon (1999), "Digital video colourmaps for checking the legibility of displays by dichromats":
# linear RGB as a protanope and a deuteranope see it.
SEEN_BY = {
    "protanope": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "deuteranope": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
    "anyone": np.eye(3),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
CONFIG = ROOT / ".streamlit" / "config.toml"
#: CIE76 distance below which two flat colours on one map are hard to tell apart.
LEAST = 15


def lab(colour, seen_by):
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(SEEN_BY[seen_by] @ linear, 0, 1) / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("seen_by", SEEN_BY)
@pytest.mark.parametrize("theme", ["colour", "colour_dark"])
@pytest.mark.parametrize("proposal", load_proposals(), ids=lambda proposal: proposal.id)
def test_statuses_on_one_map_stay_apart(proposal, theme, seen_by):
    present = set(measure_proposal(proposal, control=load_control()).zones["status"])
    shown = [status for status in load_statuses().values() if status.id in present]
    for one, other in combinations(shown, 2):
        apart = np.linalg.norm(lab(getattr(one.fill, theme), seen_by) - lab(getattr(other.fill, theme), seen_by))
        assert apart >= LEAST or one.fill.hatch != other.fill.hatch, f"{one.id} and {other.id}: {apart:.0f}"


#: Land that Russia holds or may hold alone, from the furthest recognition to none.
RAMP = ("de_jure", "de_facto", "transferred", "frozen_recognised", "frozen", "held")


@pytest.mark.parametrize("theme", ["colour", "colour_dark"])
def test_land_that_russia_holds_has_one_hue_and_is_darker_the_further_its_recognition(theme):
    statuses = load_statuses()
    tones = [lab(getattr(statuses[one].fill, theme), "anyone") for one in RAMP]
    lightness = [tone[0] for tone in tones]
    assert lightness == sorted(lightness)
    hues = [np.degrees(np.arctan2(tone[2], tone[1])) for tone in tones]
    assert max(hues) - min(hues) < 25
    unsettled = lab(getattr(statuses["open"].fill, theme), "anyone")
    assert min(hues) - 5 <= np.degrees(np.arctan2(unsettled[2], unsettled[1])) <= max(hues) + 5
    assert np.hypot(*unsettled[1:]) < min(np.hypot(*tone[1:]) for tone in tones)


def luminance(colour):
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return TO_XYZ[1] @ np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_borders_of_controls_can_be_seen(mode, ground):
    """WCAG 1.4.11: 3 to 1, which axe does not measure."""
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][mode]
    least, most = sorted((luminance(theme["borderColor"]), luminance(theme[ground])))
    assert (most + 0.05) / (least + 0.05) >= 3
