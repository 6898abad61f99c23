"""A browser finds the settlements that Python finds, by the same names, in the same order."""

import json
import shutil
import subprocess

import pytest
from support.paths import ROOT

from mapcore.analysis.place_search import folded, search_places
from mapcore.analysis.settlements import load_places
from mapcore.present.place_index import place_index

PLACES = load_places()
TYPED = [
    "слов'янськ", "Slavyansk", "Kiev", "Одесса", "krivoy rog", "артемовск", "Красногвардійське", "Нью Йорк",
    "kramtorsk", "Бахмуд", "Покровск", "Покровське", "Лисичанс", "Ялта", "Первомайське", "нова", "сев", "а", "", "  ",
    "'", "qqqqzz", "日本", "Ґава", "ЄВПАТОРІЯ", "Zaporizhzhia", "Запорожье", "ново-михайловка", "İzmail",
    "Straße",
    *PLACES["name_uk"][::97], *PLACES["name_en"][40::131].str[:-1], *PLACES["other_names"][::211].str.split(";").str[0],
]  # fmt: skip


def test_a_browser_finds_what_python_finds():
    node = shutil.which("node")
    if not node:
        pytest.skip("no Node")
    names = sorted({name for column in ("name_uk", "name_en", "former_names", "other_names")
                    for names in PLACES[column] for name in names.split(";")})  # fmt: skip
    asked = json.dumps({"index": place_index(), "typed": TYPED, "names": names})
    told = subprocess.run(
        [node, ROOT / "tests/web/find_places.js"], input=asked, capture_output=True, text=True, check=True
    )
    answer = json.loads(told.stdout)
    assert dict(zip(names, answer["folded"], strict=True)) == {name: folded(name) for name in names}
    for text, found in zip(TYPED, answer["found"], strict=True):
        rows = search_places(text, limit=8)
        expected = [[row.katottg or str(row.id), row.matched] for row in rows.itertuples()]
        assert found == expected, text
