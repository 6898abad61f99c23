"""Words that come from outside, made harmless: for messages, lists of classes, names and sources."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

from mapcore.base.errors import DataFileError, Problem
from mapcore.base.language import tr

#: Signs besides letters, digits and spaces that no page, tooltip or Markdown text reads as markup.
_HARMLESS: Final = frozenset("_-.,:;()+%=/№’–—")
#: Signs of which some hide text or turn its direction round: control and format characters, line separators.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plain(text: object, *, most: int = 80) -> str:
    """
    Return a value for a message: one line, no sign that could be markup, at most `most` characters.

    A `#` before a letter or digit, as in a colour, is no heading.
    """
    given = str(text)[: most * 4]
    signs = (
        sign
        if sign.isalnum() or sign in _HARMLESS or unicodedata.combining(sign) or (sign == "#" and following.isalnum())
        else " "
        if sign.isspace()
        else "?"
        for sign, following in zip(given, f"{given[1:]} ", strict=False)
    )
    shown = " ".join("".join(signs).split())
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def from_the_shell(text: str) -> str:
    """
    Return a text as it was typed, where Python could not read it: in the C locale it takes each letter for bytes.

    Bytes that are not UTF-8 stay as they are, and are refused wherever a text is checked.
    """
    try:
        return text.encode("ascii", errors="surrogateescape").decode("utf-8") if not text.isascii() else text
    except UnicodeError:
        return text


def file_name(name: str) -> str:
    """Return the last part of a file's name, harmless: no folder of it, no path trick, no markup."""
    last = PurePosixPath(from_the_shell(name).replace("\\", "/")).name
    return plain(last, most=60).strip(". ") or "file"


def checked(value: str, *, key: str, most: int = 500) -> str:
    """
    Return a text that a person gave about a line, on one line, without spaces around it.

    Raises
    ------
    DataFileError
        If it holds `<` or `>`, hidden characters, or more than `most` characters.
    """
    text = re.sub(r"\s+", " ", value).strip()
    if len(text) > most:
        raise DataFileError(
            Problem(
                key,
                "",
                tr("has {count} characters").format(count=len(text)),
                tr("write at most {most}").format(most=most),
            )
        )
    odd = sorted({f"U+{ord(sign):04X}" for sign in text if sign in "<>" or unicodedata.category(sign) in _HIDDEN})
    if odd:
        sentence = tr("has markup or hidden characters ({signs})").format(signs=", ".join(odd))
        raise DataFileError(Problem(key, "", sentence, tr("write words")))
    return text


def as_plain_markdown(text: str) -> str:
    """Return a text with every sign escaped that Markdown would read as markup."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>$~:&-])", r"\\\1", text)
