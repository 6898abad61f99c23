"""
The language that a reader chose: messages from its catalogue, numbers and dates in its form.

Messages are gettext's, with the English text as the key; a catalogue is one file, `locale/<code>.po`, and adding
one adds the language. Texts in `geo/` are messages too: they stay English in memory, and are looked up where shown.
The language belongs to the running context (a dashboard's session, a command), so that no function has to pass it on.
What keeps words in memory uses `cached` in place of `memory.kept`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from gettext import GNUTranslations
from pathlib import Path
from typing import Final, Literal, ParamSpec, TypeVar

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from mapcore.base import memory

LOCALE_DIR: Final = Path(__file__).parents[1] / "locale"
#: The language of the messages themselves.
DEFAULT_LANGUAGE: Final = "en"
#: Where a language's form of numbers and dates depends on the country.
_FORMS: Final = {"en": "en_GB"}
#: Letters in the order of the language, where it is not that of Unicode.
_ALPHABETS: Final = {"uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"}

_chosen: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)
_P = ParamSpec("_P")
_R = TypeVar("_R")


@memory.shared
def language_codes() -> tuple[str, ...]:
    """Return the ISO 639-1 code of each language, the default one first."""
    return DEFAULT_LANGUAGE, *sorted(path.stem for path in LOCALE_DIR.glob("*.po"))


@memory.shared
def languages() -> dict[str, str]:
    """Return each language's own name by its code, in that order; reading the names takes a tenth of a second once."""
    return {code: (Locale.parse(code).get_display_name(code) or code).capitalize() for code in language_codes()}


def language() -> str:
    """Return the code of the language in use."""
    return _chosen.get()


def use(code: str) -> None:
    """
    Use a language from here on in this context.

    Raises
    ------
    ValueError
        If there is no catalogue of it.
    """
    if code not in language_codes():
        raise ValueError(f"there is no catalogue for the language {code!r}")
    _chosen.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use a language for a while, then the one before."""
    before = language()
    use(code)
    try:
        yield
    finally:
        _chosen.set(before)


@memory.shared
def _messages(code: str) -> GNUTranslations:
    with (LOCALE_DIR / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def tr(text: str) -> str:
    """Return a message in the language in use; the text itself where the catalogue has none."""
    return text if not text or language() == DEFAULT_LANGUAGE else _messages(language()).gettext(text)


def trc(context: str, text: str) -> str:
    """Return a message whose translation depends on where it stands, such as ``oblast`` for the name of one."""
    return text if not text or language() == DEFAULT_LANGUAGE else _messages(language()).pgettext(context, text)


def trn(one: str, several: str, count: int) -> str:
    """Return the form of a message that goes with a count."""
    if language() == DEFAULT_LANGUAGE:
        return one if count == 1 else several
    return _messages(language()).ngettext(one, several, count)


def mark(text: str) -> str:
    """Return a text as it is, and name it as a message for the catalogues: for constants that `tr` looks up later."""
    return text


def cached(maxsize: int) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Keep the last results of a function that returns words, apart for each language; see `memory.kept`."""
    return memory.kept(maxsize, apart=language)


def _form() -> str:
    return _FORMS.get(language(), language())


@cached(maxsize=4096)
def number_text(value: float, digits: int = 0) -> str:
    """Return a number with its thousands parted, rounded to some digits after the point; a true minus sign."""
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return numbers.format_decimal(round(value, digits) + 0.0, format=pattern, locale=_form()).replace("-", "−")


@cached(maxsize=4096)
def percent_text(share: float, digits: int = 0) -> str:
    """Return a share from 0 to 1 in percent."""
    pattern = "#,##0." + "0" * digits + "%" if digits else "#,##0%"
    return numbers.format_percent(round(share, digits + 2) + 0.0, format=pattern, locale=_form()).replace("-", "−")


@cached(maxsize=4096)
def exact_text(value: float) -> str:
    """Return a number with the digits after the point that it has, at most six, such as ``15`` or ``2.5``."""
    return numbers.format_decimal(value, format="#,##0.######", locale=_form()).replace("-", "−")


@cached(maxsize=4096)
def date_text(day: date) -> str:
    """Return a date in words, such as ``2 December 2025``."""
    return dates.format_date(day, "long", locale=_form())


@cached(maxsize=4096)
def short_date_text(day: date, parts: Literal["yMMMd", "MMMMd", "MMMd"] = "yMMMd") -> str:
    """Return a date in short, such as ``2 Dec 2025``, or without its year, such as ``2 December`` and ``2 Dec``."""
    return dates.format_skeleton(parts, day, locale=_form())


def decimal_sign() -> str:
    """Return what parts whole numbers from their decimals: a point or a comma."""
    return str(numbers.get_decimal_symbol(_form()))


@cached(maxsize=4096)
def month_text(day: date) -> str:
    """Return the month and the year of a date, short, such as ``Dec 2025``: for the axis of a chart."""
    return dates.format_date(day, "LLL y", locale=_form())


def sort_key(text: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts names in the order of the language's alphabet."""
    alphabet = _ALPHABETS.get(language(), "")
    return tuple((alphabet.find(letter), letter) for letter in text.casefold())
