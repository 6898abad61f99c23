"""What is looked at in TOML before it is parsed: depth and counts, which decide what parsing it costs."""

from __future__ import annotations

import re
from typing import Final

from mapcore.base.language import mark, number_text, tr

#: Names in a dotted key: what they cost grows with the square of their number.
MAX_PARTS: Final = 8
#: Brackets and braces within each other.
MAX_DEPTH: Final = 16
#: Digits of a number: those of lengths and degrees are few, and Python refuses to write out over 4,300.
MAX_DIGITS: Final = 1_000
#: Tables in all, with a head or in braces, and values that have a key.
MAX_TABLES: Final = 5_000
MAX_KEYS: Final = 100_000

#: Texts and comments as a whole, words, and single signs; each is read once, and never again in another way.
_TOKEN: Final = re.compile(
    r"""
      (?P<text>\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"{3,5} | '''(?:[^']|'(?!''))*+'{3,5}
        | "(?:[^"\\\n]|\\.)*+" | '[^'\n]*+' | \#[^\n]*+)
    | (?P<word>[^\s"'\#.,=\[\]{}]++)
    | (?P<space>[ \t\r]++)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


#: The way out of a line that is no TOML.
MEND: Final = mark("fix this line; put text in quotes, lists in [ ], tables in { }")
_SHORTEN: Final = mark("a proposal is a short text; shorten it")
_LIMITS: Final = {
    "parts": (MAX_PARTS, mark("has a key of more than {count} parts"), MEND),
    "depth": (MAX_DEPTH, mark("is not valid TOML: it is nested too deep"), MEND),
    "digits": (MAX_DIGITS, mark("is not valid TOML: a number has more than {count} digits"), MEND),
    "tables": (MAX_TABLES, mark("has more than {count} tables"), _SHORTEN),
    "keys": (MAX_KEYS, mark("has more than {count} values"), _SHORTEN),
}


def too_much(text: str) -> tuple[str, str] | None:
    """Say in what way TOML is more than any file here needs, and the way out; None where it is not."""
    counts = dict.fromkeys(_LIMITS, 0)
    is_head = True
    for token in _TOKEN.finditer(text):
        kind, word = token.lastgroup, token.group()
        if word in {'"', "'"}:
            return None  # a text without an end: what comes after is never parsed
        if kind == "sign":
            _count(word, counts, is_head=is_head)
        elif kind == "word" and word.lstrip("+-")[:1].isdigit():
            counts["digits"] = max(counts["digits"], len(word))
        is_head = word == "\n" or (is_head and kind == "space")
        for name, (most, problem, way_out) in _LIMITS.items():
            if counts[name] > most:
                return tr(problem).format(count=number_text(most)), tr(way_out)
    return None


def _count(sign: str, counts: dict[str, int], *, is_head: bool) -> None:
    """Count what a sign stands for."""
    counts["parts"] = counts["parts"] + 1 if sign == "." else 1
    if sign in "[{":
        counts["depth"] += 1
        counts["tables"] += sign == "{" or is_head
    elif sign in "]}":
        counts["depth"] -= 1
    elif sign == "=":
        counts["keys"] += 1
