"""The catalogues: complete, true to the English, and nothing on a page that they do not reach."""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from gettext import c2py
from html.parser import HTMLParser
from itertools import chain

import pytest
from babel.messages import Catalog
from babel.messages.plurals import PLURALS
from babel.messages.pofile import read_po
from google.protobuf.descriptor import FieldDescriptor
from support import subjects
from support.dashboard import opened
from support.map_content import content_at
from support.paths import ROOT

from mapcore import load_proposal
from mapcore.base.language import LOCALE_DIR, speaking, tr
from mapcore.proposals import viewer

CATALOGUES = sorted(LOCALE_DIR.glob("*.po"))
LANGUAGES = [path.stem for path in CATALOGUES]


@cache
def catalogue(path):
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def forms(text):
    return [text] if isinstance(text, str) else list(text)


def pairs(path):
    """Yield each English message with each form of its translation; a plural's forms all stand beside its plural."""
    for message in catalogue(path):
        for form in forms(message.string) if message.id else []:
            yield forms(message.id)[-1], form


# The messages.


@pytest.fixture(scope="module")
def updater():
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import update_catalogues
    finally:
        sys.path.pop(0)
    return update_catalogues


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_every_message_is_there_and_no_other(path, updater):
    assert updater.written(path.stem) == path.read_text("utf-8"), "run python scripts/update_catalogues.py"


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_the_rule_of_plurals_is_the_language_s(path):
    ours, theirs = (c2py(found.plural_expr) for found in (catalogue(path), Catalog(path.stem)))
    assert [ours(count) for count in range(1000)] == [theirs(count) for count in range(1000)]


#: One rule of plurals as two versions of Babel word it.
RULE_OF_2_18 = "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"
RULE_OF_2_19 = "n % 10 == 1 && n % 100 != 11 ? 0 : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2"


@pytest.mark.parametrize("rule", [RULE_OF_2_18, RULE_OF_2_19], ids=["2.18", "2.19"])
def test_the_catalogue_is_the_same_with_each_babel(rule, updater, monkeypatch):
    monkeypatch.setitem(PLURALS, "uk", (3, rule))
    assert Catalog("uk").plural_expr == rule
    assert updater.written("uk") == (LOCALE_DIR / "uk.po").read_text("utf-8")


@pytest.mark.parametrize("rule", [RULE_OF_2_18, RULE_OF_2_19], ids=["2.18", "2.19"])
def test_a_new_catalogue_can_be_read_and_written_again(rule, updater, monkeypatch, tmp_path):
    monkeypatch.setitem(PLURALS, "be", (3, rule))
    monkeypatch.setattr(updater, "LOCALES", tmp_path)
    path = tmp_path / "be.po"
    path.write_text(updater.written("be"), "utf-8")
    assert catalogue(path).plural_forms == f"nplurals=3; plural={rule};"
    assert updater.written("be") == path.read_text("utf-8")


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_every_message_is_translated(path):
    found = catalogue(path)
    assert [message.id for message in found if message.id and not all(forms(message.string))] == []
    assert [message.id for message in found if message.id and message.fuzzy] == []
    assert list(found.obsolete) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_a_translation_takes_the_same_values(path):
    values = re.compile(r"\{\w*\}")
    odd = [pair for pair in pairs(path) if len({frozenset(values.findall(text)) for text in pair}) > 1]
    assert odd == []


def numbers_of(text):
    """Return the numbers of a text in one form, whatever parts their thousands and decimals."""
    whole = re.sub(r"(?<=\d)[,\u00a0\u202f](?=\d{3}(?!\d))", "", re.sub(r"\{\w*\}", "", text))
    return Counter(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d)", ".", whole)))


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_a_translation_has_every_number(path):
    odd = [(english, text) for english, text in pairs(path) if text and numbers_of(english) - numbers_of(text)]
    assert odd == []


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_a_translation_has_the_same_markup(path):
    marks = re.compile(r"</?[a-z][^>]*>|\*+|`")
    odd = [pair for pair in pairs(path) if len({tuple(sorted(marks.findall(text))) for text in pair}) > 1]
    assert odd == []


def calls_for_words(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"tr", "trc", "trn", "mark"}
        ):
            yield node


@pytest.mark.parametrize("path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: path.stem)
def test_values_go_into_a_message_after_the_look_up(path):
    texts = [(node.lineno, text) for node in calls_for_words(path) for text in node.args]
    assert [line for line, text in texts if isinstance(text, ast.JoinedStr | ast.BinOp)] == []


# The pages.

#: What stays in Latin letters in every language: names of works and of who made them, licences, standards, addresses.
NAMES = re.compile(
    r"""«[^«»]*» | https?://\S+ | [\w.-]+\.(?:live|com|org)\S* | \w+/[\w/.-]+
    | (?:npm|PyPI|GitHub)\ [\w-]+ | world-atlas | us-atlas
    | \b(?:Global\ Power\ Plant\ Database|Natural\ Earth|WGS\ 84|ISO\ 3166-2|CC\ BY(?:-SA)?|DEEPSTATEUATECH\ LLC)\b
    | \b(?:GeoJSON|GeoPackage|Shapefile|KML|JSON|CSV)\b
    | \b(?:Fox\ News|India\ Today|The\ Irish\ Times|The\ Atlantic|The\ Telegraph|TRT\ World|Kyiv\ Independent)\b
    | \b(?:The\ New\ York\ Times|The\ Washington\ Post|Financial\ Times|The\ Guardian)\b
    | \b(?:Black\ Bird(?:\ Group)?|Russia\ Matters)\b
    | \blat,\ lon\b""",
    re.VERBOSE,
)


@cache
def latin_names():
    """Return each place's name in Latin letters with its own, which some tables show beside each other."""
    with (ROOT / "geo/places.csv").open(encoding="utf-8", newline="") as rows:
        return {row["name_en"]: row["name_uk"] for row in csv.DictReader(rows)}


#: What is read out of an element of HTML, elements that are not read, and ends of a sentence.
SPOKEN = {"title", "aria-label", "alt", "placeholder"}
SILENT = {"style", "script", "code", "pre"}
ENDS = " \n.:;,·()"


class Words(HTMLParser):
    """Collects what a reader of HTML sees or is read out; titles of works, which are links elsewhere, apart."""

    def __init__(self):
        super().__init__()
        self.seen, self.titles, self.within = [], [], []

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        self.seen += [held[name] for name in SPOKEN & set(held) if held[name]]
        if tag in SILENT or (tag == "a" and str(held.get("href", "")).startswith("http")):
            self.within.append(tag)

    def handle_endtag(self, tag):
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data):
        if not self.within:
            self.seen.append(data)
        elif self.within[-1] == "a":
            self.titles.append(data)


def of_html(text):
    """Return the pieces of text that are read, and the titles of works among them."""
    reader = Words()
    reader.feed(text)
    return reader.seen, reader.titles


#: Strings of Streamlit's messages that nobody reads.
UNREAD = re.compile(
    r"(^|_)(id|key|tag|type|format|url|urls|path|values?|name|json_args|js_content|css_content|width|height|icon|style|"
    r"color|arrow_data|data|columns|delta_path|accept|mime|unit)$"
)


#: Where on the page a component works.
SELECTOR = re.compile(r"[.#][a-z][\w-]*")


def strings_of(message):
    """Yield the strings of a message to the browser that may be words, with the names of their fields."""
    for field, held in message.ListFields():
        if UNREAD.search(field.name):
            continue
        for one in held if isinstance(held, list) or hasattr(held, "extend") else [held]:
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                yield from () if hasattr(one, "items") else strings_of(one)
            elif isinstance(one, str):
                yield field.name, one


def leaves(held):
    if isinstance(held, dict):
        if held.get("code"):
            # What is copied here is written for a program.
            held = {key: one for key, one in held.items() if key != "text"}
        return chain.from_iterable(map(leaves, held.values()))
    return chain.from_iterable(map(leaves, held)) if isinstance(held, list) else [held]


def of_map(message):
    """Yield what the map says: its credits, its buttons, its tooltips, its labels."""
    asked = json.loads(message.json_args)
    started = json.loads(re.search(r"mapcore\.start\(\w+,\s*(\{.*?\})\);", asked["script"], re.DOTALL)[1])
    show = json.loads(re.search(r"mapcore\.show\((\{.*?\})\);", asked["feature_group"], re.DOTALL)[1])
    yield from leaves(started["words"])
    yield from (show["attribution"], *leaves(show.get("draw") or {}), *leaves(show["tiles"] or {}))
    for address in (started["url"], show["words"], show.get("places"), show.get("overlay")):
        content = content_at(address) if address else []
        if isinstance(content, list):
            yield from chain.from_iterable(place["tip"] for place in content)
        elif "places" in content:
            yield from (place["name"] for place in content["places"])
        elif "shape" in content:
            yield content["name"]
        else:
            yield from (zone["tip"] for zone in content.values())


def nodes(node):
    yield node
    for child in getattr(node, "children", {}).values():
        yield from nodes(child)


def words_of(app):
    """Return the pieces of text of a page, and the titles of works."""
    seen, titles = [], []
    for message in (node.proto for node in nodes(app._tree) if getattr(node, "proto", None) is not None):
        if message.DESCRIPTOR.name == "Code":
            continue
        texts = [text for _, text in strings_of(message)]
        if message.DESCRIPTOR.name == "ComponentInstance":
            texts += of_map(message)
        elif message.DESCRIPTOR.name == "BidiComponent":
            texts = [text for text in leaves(json.loads(message.json or "{}")) if not SELECTOR.fullmatch(str(text))]
        for text in texts:
            if isinstance(text, str):
                found = of_html(text)
                seen += found[0]
                titles += found[1]
    return seen, titles


def english_left(seen, titles, translated):
    """Return what of a page is still in English: Latin words in a row, and whole pieces that have a translation."""
    row_of_words = re.compile(r"[A-Za-z][A-Za-z'’-]+(?:[\s,;:]+[A-Za-z][A-Za-z'’-]+)+")
    plain = {piece.strip(ENDS) for piece in seen}
    beside = {name for name, local in latin_names().items() if not local or local in plain}
    left = {piece for piece in plain - beside if piece in translated or row_of_words.search(NAMES.sub("·", piece))}
    return left | ({title.strip() for title in titles} & translated)


OWN = viewer.pack(
    replace(load_proposal("donetsk-narrow-buffer"), title="Моя смуга", summary="", status_note="", notes=(), terms=(),
            unspecified=(), sources=())
)  # fmt: skip
PANELS = ("share", "download", "embed")
VISITS = {
    **{f"map {one}": {"proposal": one, "zone": "UA-14.ukraine"} for one in subjects.REPRESENTATIVE},
    "map in miles with tiles": {"units": "mi2", "tiles": "on", "control": "2022-02-23"},
    "compare": {"page": "compare"},
    "compare two": {"page": "compare", "proposal": "russia-claim", "compare": "donetsk-narrow-buffer"},
    "compare on one question": {"page": "compare", "compare": "ukraine-1991", "question": "regime"},
    "compare with itself": {"page": "compare", "compare": "us-28-point"},
    "compare the silent": {"page": "compare", "compare": "e3-counter", "question": "recognised"},
    "matrix": {"page": "matrix"},
    "own, empty": {"page": "own"},
    "own": {"page": "own", "own": OWN},
    "claims": {"page": "claims"},
    "claims, a share": {"page": "claims", "check": "near_line_share", "check_figure": "12.5"},
    "claims, an area": {"page": "claims", "check": "leaves", "check_figure": "5900", "check_unit": "mi2"},
    "claims, people": {"page": "claims", "check": "population", "check_figure": "300000"},
    "claims, no figure": {"page": "claims", "check": "distance_to_line", "verdict": "missing"},
    "people": {"page": "people", "scale": "transnistria", "place": "704508"},
    "people of the border of 1991": {"page": "people", "proposal": "ukraine-1991"},
    "people whom nothing moves": {"page": "people", "proposal": "line-as-is"},
    "timeline": {"page": "timeline"},
    "lines": {"page": "lines"},
    "lines, against": {"page": "lines", "against": "2022-02-23"},
    "methods": {"page": "methods"},
    "broken link": {"proposal": "x", "units": "x", "zone": "x", "page": "x", "tiles": "x", "control": "x", "v": "0"}
    | {"compare": "x", "lat": "nan", "question": "x", "rows": "x", "verdict": "x", "own": "1.x"},
}  # fmt: skip


@pytest.fixture(scope="module")
def translated():
    """The English messages whose Ukrainian is another, other than names that both have."""
    with speaking("uk"):
        return {text for message in catalogue(LOCALE_DIR / "uk.po") for text in forms(message.id) if tr(text) != text}


@pytest.mark.parametrize("visit", VISITS)
def test_no_english_is_left_on_a_page_in_ukrainian(visit, translated):
    app = opened(lang="uk", **VISITS[visit])
    assert sorted(english_left(*words_of(app), translated)) == []
    for widget in (*app.selectbox, *app.button_group, *app.multiselect, *app.radio):
        # Streamlit tells answers apart by their words.
        assert len(set(widget.options)) == len(widget.options), widget.label


@pytest.mark.parametrize("tool", ["change", "buffer", "draw", "rules", "file"])
def test_no_english_is_left_on_the_tools(tool, translated):
    app = opened(lang="uk", page="own", own=OWN)
    with speaking("uk"):
        app.button_group(key="own_more" if tool in {"rules", "file"} else "own_tool").set_value(tool).run()
    assert sorted(english_left(*words_of(app), translated)) == []


def test_no_english_is_left_in_the_panels_at_the_map(translated):
    app = opened(lang="uk")
    with speaking("uk"):
        for panel in PANELS:
            app.session_state[f"panel_{panel}"] = True
        app.run()
    seen, titles = words_of(app)
    assert "Копіювати речення" in seen
    assert sorted(english_left(seen, titles, translated)) == []


def test_the_search_for_english_finds_it(translated):
    seen, titles = of_html(
        '<p title="Held by Russia now">Площа</p><b>Clause</b> <i>у тексті two words</i><td>Sloviansk</td>'
        '<a href="https://example.org">source</a><a href="https://example.org">A Title of a Work</a><code>a b c</code>'
    )
    assert english_left(seen, titles, translated) == {
        "Held by Russia now", "Clause", "у тексті two words", "Sloviansk", "source"
    }  # fmt: skip
    assert english_left([*seen, "Слов’янськ"], [], translated) & {"Sloviansk"} == set()
