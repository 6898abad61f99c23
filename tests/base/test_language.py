"""The language in use: numbers, dates, plurals, words kept in memory, and no leak from one reader to another."""

import re
import threading
from datetime import date

import pytest

from mapcore.base import language
from mapcore.base.language import (
    cached,
    date_text,
    exact_text,
    languages,
    number_text,
    percent_text,
    short_date_text,
    sort_key,
    speaking,
    tr,
    trc,
    trn,
)

DAY = date(2025, 12, 2)


def test_languages_by_their_own_names():
    assert list(languages().items())[:1] == [("en", "English")]
    assert languages()["uk"] == "Українська"


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        (
            "en",
            ["5,850", "−1,234.5", "12.3%", "22%", "2.5", "15", "−0.3", "2 December 2025", "2 Dec 2025", "2 December"],
        ),
        (
            "uk",
            [
                "5 850",
                "−1 234,5",
                "12,3%",
                "22%",
                "2,5",
                "15",
                "−0,3",
                "2 грудня 2025 р.",
                "2 груд. 2025 р.",
                "2 грудня",
            ],
        ),
    ],
)
def test_forms_of_numbers_and_dates(code, forms):
    with speaking(code):
        found = [
            number_text(5850),
            number_text(-1234.5, 1),
            percent_text(0.1234, 1),
            percent_text(0.22),
            exact_text(2.5),
            exact_text(15.0),
            exact_text(-0.3),
            date_text(DAY),
            short_date_text(DAY),
            short_date_text(DAY, "MMMMd"),
        ]
    assert [text.replace("\u00a0", " ").replace("\u202f", " ") for text in found] == forms


@pytest.mark.parametrize("code", languages())
def test_no_line_breaks_within_a_number_and_none_is_minus_nothing(code):
    with speaking(code):
        assert " " not in number_text(1234567)
        assert number_text(-0.4) == "0"
        assert percent_text(-0.0001) == "0%"


@pytest.mark.parametrize(
    ("count", "english", "ukrainian"),
    [
        (1, "mi", "миля"),
        (2, "mi", "милі"),
        (5, "mi", "миль"),
        (11, "mi", "миль"),
        (21, "mi", "миля"),
        (0, "mi", "миль"),
    ],
)
def test_plural_forms(count, english, ukrainian):
    assert trn("mi", "mi", count) == english
    with speaking("uk"):
        assert trn("mi", "mi", count) == ukrainian


def test_a_text_without_a_translation_stays_as_it_is():
    with speaking("uk"):
        assert tr("no such message") == "no such message"
        assert trc("oblast", "no such place") == "no such place"
        assert trn("one such message", "several such messages", 5) == "several such messages"
        assert tr("") == ""


def test_the_same_word_in_two_places_has_two_translations():
    with speaking("uk"):
        assert trc("oblast", "Ivano-Frankivsk") == "Івано-Франківська обл."
        assert tr("Ivano-Frankivsk") == "Ivano-Frankivsk"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="no catalogue for the language 'xx'"):
        language.use("xx")
    with pytest.raises(ValueError, match=re.escape("'../uk'")), speaking("../uk"):
        pass
    assert language.language() == "en"


def test_speaking_restores_the_language_before():
    with speaking("uk"):
        with speaking("en"):
            assert language.language() == "en"
        assert language.language() == "uk"
    with pytest.raises(RuntimeError), speaking("uk"):
        raise RuntimeError
    assert language.language() == "en"


def test_words_in_memory_are_kept_apart():
    calls = []

    @cached(maxsize=4)
    def words(place):
        calls.append((language.language(), place))
        return f"{language.language()} {place}"

    for code in ("en", "uk", "en", "uk"):
        with speaking(code):
            assert words("Kyiv") == f"{code} Kyiv"
    assert calls == [("en", "Kyiv"), ("uk", "Kyiv")]


def test_readers_at_the_same_time_do_not_share_a_language():
    together = threading.Barrier(2, timeout=10)
    heard = {}

    @cached(maxsize=4)
    def held():
        return tr("Ukraine")

    def read(code):
        language.use(code)
        for turn in range(50):
            together.wait()
            heard[code, turn] = (tr("Russia"), held(), number_text(1234.5, 1), language.language())

    readers = [threading.Thread(target=read, args=(code,)) for code in ("en", "uk")]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert {heard["en", turn] for turn in range(50)} == {("Russia", "Ukraine", "1,234.5", "en")}
    assert {heard["uk", turn] for turn in range(50)} == {("Росія", "Україна", "1\u00a0234,5", "uk")}
    assert language.language() == "en"


def test_names_in_the_order_of_the_alphabet():
    names = ["Яремче", "Їжівці", "Ґрунь", "Єнакієве", "Галич", "Дніпро", "Ірпінь", "Йосипівка", "Алчевськ"]
    with speaking("uk"):
        assert sorted(names, key=sort_key) == [
            "Алчевськ", "Галич", "Ґрунь", "Дніпро", "Єнакієве", "Ірпінь", "Їжівці", "Йосипівка", "Яремче",
        ]  # fmt: skip
    assert sorted(["Sumy", "kyiv", "Lviv"], key=sort_key) == ["kyiv", "Lviv", "Sumy"]
