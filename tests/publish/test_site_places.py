"""The site's cards of settlements, which a script makes, are those that Python makes."""

import json
import shutil
import subprocess

import pytest
from support.paths import ROOT

from mapcore import load_proposals, measure_proposal
from mapcore.analysis.place_answers import place_answers, places_by_key
from mapcore.base.language import languages, speaking
from mapcore.present import place_frame
from mapcore.present.place_card import card_html
from mapcore.present.place_index import place_index
from mapcore.publish import site_places


def test_a_script_makes_the_cards_that_python_makes():
    node = shutil.which("node")
    if not node:
        pytest.skip("no Node")
    measured = [measure_proposal(proposal) for proposal in load_proposals()]
    fates, words = site_places.fates(measured), {}
    known = sorted({one.row: one for one in places_by_key().values()}.items())
    rows = sorted(
        {*range(0, len(known), 61), *fates["near"][:20], *(row for found in fates["unsure"] for row in found[:5])}
    )
    for code in languages():
        with speaking(code):
            words[code] = site_places.words(measured)
    asked = {"index": place_index(), "fates": fates, "words": words, "rows": rows, "shown": "twenty-point"}
    told = subprocess.run(
        [node, ROOT / "tests/web/town_cards.js"], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    made = json.loads(told.stdout)
    answers = place_answers([known[row][1] for row in rows], measured)
    for code in languages():
        with speaking(code):
            for answer, card in zip(answers, made[code], strict=True):
                assert card["html"] == card_html(answer, shown="twenty-point")
                marked, corners = place_frame.on_map(answer.place, answer.control)
                assert card["key"] == answer.place.key
                assert card["map"]["found"]["name"] == marked["name"]
                assert card["map"]["fit"][0] == pytest.approx(corners[0], abs=0.02)
                assert card["map"]["fit"][1] == pytest.approx(corners[1], abs=0.02)
