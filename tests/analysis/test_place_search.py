"""A settlement is found by what people type: Ukrainian, Latin, Russian and former names, with slips."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapcore.analysis.place_search import folded, load_raions, search_places
from mapcore.analysis.settlements import load_places
from mapcore.base.language import speaking
from mapcore.cli import main

PLACES = load_places()


@pytest.mark.parametrize(
    ("typed", "name", "oblast"),
    [
        ("слов'янськ", "Слов’янськ", "UA-14"),
        ("Словянск", "Слов’янськ", "UA-14"),
        ("Slavyansk", "Слов’янськ", "UA-14"),
        ("Kiev", "Київ", "UA-30"),
        ("Киев", "Київ", "UA-30"),
        ("Харьков", "Харків", "UA-63"),
        ("Odessa", "Одеса", "UA-51"),
        ("Кривой Рог", "Кривий Ріг", "UA-12"),
        ("krivoy rog", "Кривий Ріг", "UA-12"),
        ("Энергодар", "Енергодар", "UA-23"),
        ("Запорожье", "Запоріжжя", "UA-23"),
        ("Угледар", "Вугледар", "UA-14"),
        ("артемовск", "Бахмут", "UA-14"),
        ("Артемівськ", "Бахмут", "UA-14"),
        ("Днепропетровск", "Дніпро", "UA-12"),
        ("Красногвардійське", "Курман", "UA-43"),
        ("Северодонецк", "Сіверськодонецьк", "UA-09"),
        ("Новомосковськ", "Самар", "UA-12"),
        ("Нью Йорк", "Нью-Йорк", "UA-14"),
        ("kramtorsk", "Краматорськ", "UA-14"),
        ("Бахмуд", "Бахмут", "UA-14"),
        ("Покровск", "Покровськ", "UA-14"),
        ("Лисичанс", "Лисичанськ", "UA-09"),
    ],
)
def test_a_town_is_found_by_what_people_type(typed, name, oblast):
    first = search_places(typed).iloc[0]
    assert (first["name_uk"], first["oblast"]) == (name, oblast)


def test_places_of_one_name_come_with_their_oblast_the_largest_first():
    found = search_places("Ялта")
    assert found["oblast"].head(2).tolist() == ["UA-43", "UA-14"]
    assert search_places("Ялта", oblast="UA-14").iloc[0]["oblast"] == "UA-14"
    assert search_places("Покровське").iloc[0]["name_uk"] == "Покровське"
    assert search_places("Первомайське", limit=50)["id"].is_unique


@pytest.mark.parametrize("typed", ["", "  ", "'", "qqqqzz", "日本"])
def test_what_is_like_no_name_finds_nothing(typed):
    assert search_places(typed).empty


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLACES.index.tolist()), st.sampled_from(["name_uk", "name_en", "former_names", "other_names"]))
def test_each_place_is_found_by_each_of_its_names(place, column):
    row = PLACES.loc[place]
    for name in filter(folded, row[column].split(";")):
        found = search_places(name, oblast=row["oblast"], limit=200)
        assert row["id"] in found["id"].tolist()
        assert found["likeness"].is_monotonic_decreasing
        assert found["likeness"].between(0, 1).all()


def test_the_command_says_what_a_place_is_under_every_proposal(capsys):
    assert main.main(["place", "артемовск", "--limit", "1", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["name_en"], found["former_names"], found["raion"]) == ("Bakhmut", "Артемівськ", "UA1402")
    assert load_raions().loc["UA1402", "name_uk"] == "Бахмутський"
    assert 5 < found["distance_km"] < 25
    assert (found["held_by"], found["changes"], found["control"]) == ("russia", True, "2025-12-02")
    under = {one["proposal"]: one for one in found["proposals"]}
    assert under["line-as-is"]["distance_km"] == found["distance_km"]
    assert under["ukraine-1991"] == {
        "proposal": "ukraine-1991", "status": "returned", "holder": "ukraine", "recognised": "ukraine",
        "regime": "none", "moves": True, "sure": True, "distance_km": None,
    }  # fmt: skip
    assert main.main(["place", "Нова", "Каховка", "--limit", "1", "--lang", "uk"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Нова Каховка, Каховський район, Херсонська обл.\n")
    assert "План США з 28 пунктів" in told
    assert main.main(["place", "qqqqzz"]) == 2
    assert "no settlement has a name like 'qqqqzz'" in capsys.readouterr().err
    with speaking("uk"):
        assert search_places("Kherson").iloc[0]["name_uk"] == "Херсон"
