"""Ukrainian names in Latin letters, by the national rules (Cabinet of Ministers, resolution 55 of 27 January 2010)."""

from __future__ import annotations

import re
from typing import Final

LETTERS: Final = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
    "я": "ia",
}  # fmt: skip
#: At the beginning of a word.
FIRST_LETTERS: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
APOSTROPHES: Final = re.compile("['’ʼ`]")


def _word(word: str) -> str:
    low = APOSTROPHES.sub("", word).lower()
    # Not "зх" for "зг": that would read as "ж" in Latin letters.
    latin = "".join(
        FIRST_LETTERS[letter]
        if place == 0 and letter in FIRST_LETTERS
        else "gh"
        if letter == "г" and low[place - 1 : place] == "з"
        else LETTERS.get(letter, letter)
        for place, letter in enumerate(low)
    )
    return latin[:1].upper() + latin[1:] if word[:1].isupper() else latin


def latin(name: str) -> str:
    """
    Return a Ukrainian name in Latin letters; what is not a Ukrainian letter stays.

    Examples
    --------
    >>> [latin(name) for name in ("Згурівка", "Слов’янськ", "Юр’ївка", "Київ")]
    ['Zghurivka', 'Sloviansk', 'Yurivka', 'Kyiv']
    """
    return "".join(_word(part) for part in re.split(r"([\s-])", name))
