"""The rules of the glossary beside the catalogues, as far as a machine can see them."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from mapcore.base.language import LOCALE_DIR

#: What is not written in Ukrainian, by the rule of the glossary, and what of it is right all the same.
NOT_IN_UKRAINIAN = {
    "1 on a line": (
        r"(?<!спостерігає )\b[Зз]а (?:(?!замороженою)\w+ )?ліні(?:єю|ями)\b",
        "за лінією, як|за лінією, яку",
    ),
    "3 contested": (r"оспорюван|спірн", None),
    "4 gained": (r"здобу(?:ла|ли|то|ті)\b|\bнабу(?:ла|то)\b", None),
    "6 pre-war": (r"[Дд]овоєнн|(?<!повномасштабного )вторгнення 24 лютого", None),
    "7 land": (r"\b[Зз]ем(?:лі|ель|лями)\b", None),
    "8 recognised": (r"визнан[оіиаує]\w* як (?!червону)", "«міжнародно визнана як російська»"),
    "9 the link names": (r"[Пп]осилання назива", None),
    "10 limit": (r"(?:межу|обмеження) змінює", None),
    "11 the line is known": (r"[Лл]інію зіткнення відомо", None),
    "12 plant and dam": (r"[Аа]томн\w+ електростанці|гребл", None),
    "13 corner": (r"\b[Кк]ут(?:ами|ом|ів|и|ах)?\b", None),
    "14 per cent": (r"\d[ \u00a0\u202f]%", None),
    "14 rounded": (r"[Зз]аокругл", None),
    "14 quotation marks": (r"(?<!\[)'[^']*[\w}]'(?!\])", r"pip install '[^']*'|(?m:^  mapcore .*$)"),
    "14 apostrophe": (r"(?<=[а-яіїєґ])'(?=[а-яіїєґ])", None),
    "15 open": (r"[Зз]авантажити (?:весь|цей) архів", None),
    "a shape": (r"[Нн]акреслен", None),
    "valid": (r"\bправильним (?:TOML|JSON|KML)", None),
    "built in": (r"\bу комплекті|\bз комплекту", None),
    "no armies": (r"\bбез армій", None),
    "on data": (r"\bна даних\b", None),
    "member state": (r"[Дд]ержав\w+ — член", None),
}  # fmt: skip

SENTENCES = {
    "1 on a line": ("за всіма лініями", "за даними лінії"),
    "3 contested": ("оспорювані міста", "за які тривають бої"),
    "4 gained": ("Росія здобула 5 км²", "Росія зайняла 5 км²"),
    "6 pre-war": ("Довоєнне населення", "до повномасштабного вторгнення 24 лютого"),
    "7 land": ("утримувані землі", "утримувана територія"),
    "8 recognised": ("визнано як російське", "визнано російським"),
    "9 the link names": ("Посилання називає мову", "У посиланні вказано мову"),
    "10 limit": ("межу змінює X", "ліміт задає X"),
    "11 the line is known": ("Лінію зіткнення відомо", "Розташування лінії зіткнення відоме"),
    "12 plant and dam": ("Каховська гребля", "Каховська ГЕС"),
    "13 corner": ("із трьома кутами", "із трьома вершинами"),
    "14 per cent": ("25 %", "25%"),
    "14 rounded": ("заокруглено", "округлено"),
    "14 quotation marks": ("'{a}' виміряно", "«{a}» виміряно"),
    "14 apostrophe": ("п'ять", "п’ять"),
    "15 open": ("Завантажити цей архів", "Відкрити цей архів"),
    "a shape": ("накреслена зона", "намальована зона"),
    "valid": ("не є правильним JSON", "не є коректним JSON"),
    "built in": ("лінія з комплекту", "вбудована лінія"),
    "no armies": ("зона без армій", "зона без військ"),
    "on data": ("на даних ISW", "за даними ISW"),
    "member state": ("Держава — член ООН", "Держава-член ООН"),
}

#: What is not written in English, and a sentence that has it.
NOT_IN_ENGLISH = {
    "a thing is not": (r"(?<![Tt]here )\bis no (?!longer\b)[a-z]", "'{value}' is no number"),
    "given alongside": (r"\bstands? beside\b", "the reason stands beside it"),
    "withdraw": (r"\bwould leave\b(?! the causes)|\bleaves its part", "Ukraine leaves its part"),
    "set a limit": (r"\bmoves? the limit", "MAPCORE_LIMIT_FILE_MB moves the limit"),
    "repair": (r"\bmend(?:ed)?\b", "mend or export it again"),
    "upload": (r"\b(?:bring|brought)\b(?! under)", "bring it again"),
    "built in": (r"\bship(?:s|ped)?\b", "the lines that ship"),
    "estimated": (r"\bbelieved\b", "Error believed of it"),
    "about": (r"\bsome \d+ m\b", "simplify it to some 50 m"),
    "separate": (r"\bparted by\b|\bpart thousands\b", "part thousands with a space"),
    "a row": (r"\b[Ll]ines? of (?:the|a proposal's|their) ledgers?", "a line of the ledger"),
    "compare, check": (r"\bheld against\b", "held against ours"),
    "contested": (r"\bcontested\b", "contested land"),
}  # fmt: skip


def against(rule, text):
    pattern, right = rule
    return re.search(pattern, re.sub(right, "", text) if right else text)


def translations(language):
    with (LOCALE_DIR / f"{language}.po").open("rb") as file:
        for message in read_po(file, locale=language):
            yield from [message.string] if isinstance(message.string, str) else message.string


@pytest.mark.parametrize("rule", NOT_IN_UKRAINIAN)
def test_ukrainian_keeps_to_the_glossary(rule):
    assert [text for text in translations("uk") if against(NOT_IN_UKRAINIAN[rule], text)] == []


@pytest.mark.parametrize("rule", NOT_IN_UKRAINIAN)
def test_the_rule_finds_what_it_is_about(rule):
    wrong, right = SENTENCES[rule]
    assert against(NOT_IN_UKRAINIAN[rule], wrong)
    assert not against(NOT_IN_UKRAINIAN[rule], right)


@pytest.mark.parametrize("rule", NOT_IN_ENGLISH)
def test_english_keeps_to_the_glossary(rule):
    pattern, wrong = NOT_IN_ENGLISH[rule]
    assert re.search(pattern, wrong)
    with (LOCALE_DIR / "uk.po").open("rb") as file:
        messages = [message.id for message in read_po(file, locale="uk") if message.id]
    told = [text for text in messages for text in ([text] if isinstance(text, str) else text)]
    assert [text for text in told if re.search(pattern, text)] == []


def test_no_message_is_taken_for_one_with_conversions():
    assert "python-format" not in (LOCALE_DIR / "uk.po").read_text("utf-8")


def test_one_english_term_has_one_ukrainian_word():
    found = {}
    with (LOCALE_DIR / "uk.po").open("rb") as file:
        for message in read_po(file, locale="uk"):
            if isinstance(message.id, str) and message.id and not message.context:
                found.setdefault(message.id.casefold(), set()).add(message.string.casefold())
    two = {english for english, words in found.items() if len(words) > 1}
    assert two == {"people"}, "a unit after a number, and a question"
