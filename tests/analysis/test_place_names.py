"""Names of settlements: the register's, in Latin letters by the national rules, and former ones that are found."""

import csv
import re

import pytest
from support.paths import ROOT

from mapcore.analysis.settlements import load_places, local_names
from mapcore.base.data_files import geo_path
from mapcore.base.language import speaking
from mapcore.base.transliteration import latin
from mapcore.publish.answers import find_places

PLACES = load_places().set_index("id")
with (ROOT / "scripts/place_names.csv").open(encoding="utf-8", newline="") as table:
    BY_HAND = {int(row["id"]): row for row in csv.DictReader(table)}
#: What the register does not name: the Ukrainian name is GeoNames' own. Parts of cities are no settlements of it.
NOT_IN_REGISTER = {place for place, row in BY_HAND.items() if row["name_uk"] and row["source"].startswith("GeoNames")}
PARTS_OF_CITIES = {place for place in NOT_IN_REGISTER if "; part of" in BY_HAND[place]["source"]}


@pytest.mark.parametrize("oblast", sorted(set(PLACES["oblast"]) - {"UA-40"}))
def test_the_register_names_99_in_100_places_of_each_oblast(oblast):
    """Of the small units one place may be named by hand: 1 of 68 is more than 1 in 100."""
    places = PLACES.index[PLACES["oblast"] == oblast]
    assert len((NOT_IN_REGISTER - PARTS_OF_CITIES) & set(places)) <= max(1, len(places) // 100), oblast


def test_what_the_register_lacks_is_listed_with_its_source():
    """Around Sevastopol the register has fewer settlements than GeoNames."""
    assert len(NOT_IN_REGISTER & set(PLACES.index[PLACES["oblast"] == "UA-40"])) == 6
    assert all(row["source"] for row in BY_HAND.values())
    assert len(PARTS_OF_CITIES) == 6
    assert set(BY_HAND) <= set(PLACES.index)
    for place, row in BY_HAND.items():
        assert row["name_uk"] in {"", PLACES.loc[place, "name_uk"]}
        assert row["former_names"] in {"", *PLACES.loc[place, "former_names"].split(";")}


def test_every_place_has_a_ukrainian_name_in_ukrainian_letters():
    letters = "А-ЩЬЮЯЄІЇҐа-щьюяєіїґ"
    odd = [name for name in PLACES["name_uk"] if not re.fullmatch(rf"[{letters}’]+([ -][{letters}’]+)*", name)]
    assert odd == []
    with speaking("uk"):
        assert not local_names(PLACES).str.contains("[A-Za-z]").any()


def test_every_latin_name_follows_the_national_rules():
    assert (PLACES["name_uk"].map(latin) == PLACES["name_en"]).all()
    with geo_path("labels.csv").open(encoding="utf-8", newline="") as rows:
        assert all(latin(row["name_uk"]) == row["name_en"] for row in csv.DictReader(rows))
    with geo_path("raions.csv").open(encoding="utf-8", newline="") as rows:
        raions = {row["katottg"]: row for row in csv.DictReader(rows)}
    assert len(raions) == 136
    assert all(latin(row["name_uk"]) == row["name_en"] for row in raions.values())
    assert set(PLACES["raion"]) - {""} <= set(raions)
    coded = PLACES[(PLACES["katottg"] != "") & (PLACES["raion"] != "")]
    assert (coded["katottg"].str[:6] == coded["raion"]).all()
    assert (coded["raion"].map({code: row["oblast"] for code, row in raions.items()}) == coded["oblast"]).all()


@pytest.mark.parametrize(
    ("ukrainian", "in_latin"),
    [
        ("Алушта", "Alushta"), ("Борщагівка", "Borshchahivka"), ("Вишгород", "Vyshhorod"), ("Гадяч", "Hadiach"),
        ("Згурський", "Zghurskyi"), ("Галаґан", "Halagan"), ("Єнакієве", "Yenakiieve"), ("Їжакевич", "Yizhakevych"),
        ("Кадиївка", "Kadyivka"), ("Йосипівка", "Yosypivka"), ("Стрий", "Stryi"), ("Юрій", "Yurii"),
        ("Корюківка", "Koriukivka"), ("Яготин", "Yahotyn"), ("Костянтин", "Kostiantyn"), ("Розгон", "Rozghon"),
        ("Знам’янка", "Znamianka"), ("Щербухи", "Shcherbukhy"), ("Нова Яйла", "Nova Yaila"),
    ],
)  # fmt: skip
def test_the_rules_of_2010(ukrainian, in_latin):
    """The resolution's own examples, and the beginning of a second word."""
    assert latin(ukrainian) == in_latin


def test_a_code_belongs_to_one_place():
    codes = PLACES["katottg"][PLACES["katottg"] != ""]
    assert codes.is_unique
    assert codes.str.fullmatch(r"UA\d{17}").all()
    assert len(codes) >= 4500


@pytest.mark.parametrize(
    ("former", "name", "oblast"),
    [
        ("Артемівськ", "Бахмут", "UA-14"), ("Красноград", "Берестин", "UA-63"), ("Новомосковськ", "Самар", "UA-12"),
        ("Червоноград", "Шептицький", "UA-46"), ("Красногвардійське", "Курман", "UA-43"),
        ("Торез", "Чистякове", "UA-14"),
        ("Куйбишеве", "Албат", "UA-43"), ("Дніпропетровськ", "Дніпро", "UA-12"), ("Стаханов", "Кадіївка", "UA-09"),
        ("Южноукраїнськ", "Південноукраїнськ", "UA-48"),
    ],
)  # fmt: skip
def test_a_former_name_finds_the_place(former, name, oblast):
    found = PLACES[PLACES["former_names"].str.split(";").map(lambda names: former in names)]
    assert (name, oblast) in set(zip(found["name_uk"], found["oblast"], strict=True))
    assert name in find_places([], name=former)[0]["name_uk"].tolist()


def test_places_of_one_name_stay_apart():
    """Each Pervomaiske of Crimea is a record of its own; two of one name that were renamed have their own names."""
    same = PLACES[(PLACES["name_uk"] == "Первомайське") & PLACES["oblast"].isin(["UA-43", "UA-40"])]
    assert len(same) == len(set(zip(same["lat"], same["lon"], strict=True))) >= 4
    # Two Kalinine of one raion, and two Oktiabrske: the hromada decides.
    assert PLACES.loc[[707197, 707198], "name_uk"].tolist() == ["Орман-Аджи", "Умют"]
    assert PLACES.loc[[698648, 698652], "name_uk"].tolist() == ["Кучук-Бораш", "Біюк-Онлар"]
    # A village whose old name another one bears today keeps its own.
    assert PLACES.loc[[698200, 7019513], "name_uk"].tolist() == ["Кият", "Ближнє"]
    twins = PLACES[PLACES.duplicated(["name_uk", "raion"], keep=False) & (PLACES["katottg"] != "")]
    assert len(twins) > 50
    assert not twins["katottg"].duplicated().any()


def test_counts_of_people_are_where_they_were():
    assert len(PLACES) == 4719
    assert PLACES["population"].sum() == 35_619_457
