"""
Write each language's catalogue anew: every message of the code and of the data, with the translations that there are.

    python scripts/update_catalogues.py          # for every file in src/mapcore/locale
    python scripts/update_catalogues.py pl       # and one for a new language

New messages come empty; `tests/project/test_catalogues.py` names those that still are.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
GEO = ROOT / "geo"
LOCALES = ROOT / "src/mapcore/locale"
#: The functions that take messages, and how many texts each takes.
KEYWORDS = {"tr": 1, "mark": 1, "trc": 2, "trn": 2}
#: The keys of each kind of data file that hold words for readers.
WORDS = {
    "scenarios/*.toml": {"title", "by", "summary", "status_note", "outcome", "unspecified", "label", "note", "text"},
    "statuses.toml": {"label", "sentence"},
    "claims.toml": {"statement", "stated_text", "definition", "differs_because", "label", "source_title"},
    "timeline.toml": {"title", "text", "changed"},
    "corrections.toml": {"title", "before", "after"},
    "references.toml": {"name", "kind", "status", "note", "population_date", "since", "text"},
    "population_today.toml": {"place", "said_by", "text"},
    "control/*.toml": {"title", "source", "method", "attribution"},
    "archives.toml": {"title", "terms", "licence", "attribution"},
    "sources.toml": {"title", "origin", "licence", "attribution"},
}

#: The head of a catalogue, written here: Babel's own names dates and tools, and words and wraps the rule of plurals in
#: another way from version to version. A file that is there keeps its rule.
HEAD = r"""{comment}
msgid ""
msgstr ""
"Language: {language}\n"
"Plural-Forms: {plurals}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""

#: A message: its context or None, its text (two for a plural), and the file that it stands in.
Message = tuple[str | None, str | tuple[str, ...], str]


def _words(held: Any, keys: set[str], key: str = "") -> Iterator[str]:
    if isinstance(held, dict):
        for name, inner in held.items():
            yield from _words(inner, keys, name)
    elif isinstance(held, list):
        for inner in held:
            yield from _words(inner, keys, key)
    elif isinstance(held, str) and key in keys and re.search("[A-Za-z]{2}", held):
        yield held


def _clauses() -> Iterator[Message]:
    """Yield the words that stand for the number of a clause where the text has none."""
    for path in sorted(GEO.glob("scenarios/*.toml")):
        for clause in tomllib.loads(path.read_text("utf-8")).get("clauses", []):
            if clause["id"].isalpha():
                yield "clause", clause["id"], f"geo/{path.relative_to(GEO)}"


def _of_data() -> Iterator[Message]:
    for pattern, keys in WORDS.items():
        for path in sorted(GEO.glob(pattern)):
            for text in _words(tomllib.loads(path.read_text("utf-8")), keys):
                yield None, text, f"geo/{path.relative_to(GEO)}"
    yield from _clauses()
    for feature in json.loads((GEO / "oblasts.geojson").read_text("utf-8"))["features"]:
        yield "oblast", feature["properties"]["name_en"], "geo/oblasts.geojson"


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _texts(said: ast.expr) -> list[str]:
    """Return the texts that an argument may be: one, or those of a choice such as ``licence or "not stated"``."""
    if isinstance(said, ast.BoolOp):
        return [text for one in said.values for text in _texts(one)]
    if isinstance(said, ast.IfExp):
        return [*_texts(said.body), *_texts(said.orelse)]
    return [said.value] if isinstance(said, ast.Constant) and isinstance(said.value, str) else []


def _of_call(call: ast.Call, name: str) -> Iterator[Message]:
    texts = [_texts(said) for said in call.args[: KEYWORDS[_name(call.func)]]]
    if len(texts) == 1:
        yield from ((None, text, name) for text in texts[0])
    elif all(len(one) == 1 for one in texts):
        first, second = (one[0] for one in texts)
        yield (first, second, name) if _name(call.func) == "trc" else (None, (first, second), name)


def _of_code() -> Iterator[Message]:
    """Yield the messages of the code, also those within f-strings, which are one token to Babel's own reader."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in KEYWORDS]
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
            yield from _of_call(call, path.relative_to(ROOT).as_posix())


@cache
def messages() -> tuple[Message, ...]:
    """Return every message, in the order of the files, which are read once for all languages."""
    return *_of_data(), *_of_code()


def written(language: str) -> str:
    """Return a language's catalogue with every message that there is today and no other."""
    path = LOCALES / f"{language}.po"
    known = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(language)
    comment = known.header_comment if path.exists() else f"# mapcore's messages, {language}."
    catalogue = Catalog(language, fuzzy=False)
    for context, text, name in messages():
        held = known.get(text, context)
        string = held.string if held and not held.fuzzy else None
        catalogue.add(text, string, [(name, None)], context=context)
    for message in catalogue:
        # Values stand in braces: "0.6 % of the oblast" has no conversion in it, as a check of formats would read it.
        message.flags.discard("python-format")
    file = io.BytesIO()
    write_po(file, catalogue, width=120, omit_header=True, include_lineno=False)
    return HEAD.format(comment=comment, language=language, plurals=known.plural_forms) + file.getvalue().decode()


def main() -> None:
    """Write the catalogues."""
    for language in sorted({path.stem for path in LOCALES.glob("*.po")} | set(sys.argv[1:])):
        (LOCALES / f"{language}.po").write_text(written(language), "utf-8")
        print(f"{language}.po: {len({(context, text) for context, text, _ in messages()})} messages")


if __name__ == "__main__":
    main()
