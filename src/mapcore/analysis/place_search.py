"""
Find a settlement by what a person types: its Ukrainian, Latin, Russian or former name, with the slips that people make.

Names are compared in a folded form: Latin letters, without what ways of writing disagree on (apostrophes and soft
signs, ґ and г, и, і, ї and й, doubled letters, Russian endings). Names that agree in it come first, then those that
begin so, then those that are a slip or two away.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from mapcore.analysis.place_answers import Place, places_by_key
from mapcore.analysis.settlements import load_places
from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.transliteration import APOSTROPHES, FIRST_LETTERS, LETTERS, latin

#: The columns of `load_places` that names are in, the one that counts for most first, and what a match in it is worth.
_NAMES: Final = {"name_uk": 1.0, "name_en": 1.0, "former_names": 0.99, "other_names": 0.98}
#: What is typed may be the beginning of a name; that is worth less than the whole, and more than a slip.
_BEGINNING: Final = 0.95
#: Two slips in a name of ten letters are let pass; most pairs of names that are not the same are less alike.
_LEAST_ALIKE: Final = 0.8
_SHORTEST_BEGINNING: Final = 3
#: Signs of a name in a link; the longest of all has some 30.
_LONGEST_NAME: Final = 60
_RUSSIAN: Final = str.maketrans({"ы": "и", "э": "е", "ё": "е", "ъ": ""})
#: What is made of a name in Latin letters, one after the other: a pattern, and what stands in its place. Patterns and
#: replacements are such that browsers read them alike, `$1` for the first group: first spellings that stand for one
#: sound, the longer ones first, then endings.
_RULES: Final = (
    ("[^a-z]", ""),
    ("shch", "sh"), ("sch", "sh"), ("zgh", "zh"), ("kh", "h"), ("gh", "h"), ("ck", "k"), ("ts", "c"), ("tz", "c"),
    ("g", "h"), ("w", "v"), ("x", "ks"), ("j", "i"), ("y", "i"),
    ("(?:sk|ck)(?:i|ii|oie|oe|e|aia)$", "sk"),
    ("i+(?=[aeou])", ""),
    ("(ov|ev|in)o$", "$1e"),
    ("oe$", "e"),
    (r"(.)\1+", "$1"),
)  # fmt: skip
_COMPILED: Final = tuple((re.compile(pattern), made.replace("$", "\\")) for pattern, made in _RULES)


def folding() -> dict[str, Any]:
    """Return what `folded` and `search_places` go by, for a browser that is to find the same; JSON-ready."""
    return {
        "russian": {chr(letter): made for letter, made in _RUSSIAN.items()},
        "letters": LETTERS,
        "first": FIRST_LETTERS,
        "apostrophes": APOSTROPHES.pattern,
        "rules": [list(rule) for rule in _RULES],
        "worth": list(_NAMES.values()),
        "beginning": _BEGINNING,
        "least": _LEAST_ALIKE,
        "shortest": _SHORTEST_BEGINNING,
    }


def folded(name: str) -> str:
    """
    Return a name without what ways of writing it disagree on.

    Examples
    --------
    >>> folded("Слов’янськ") == folded("Словянск") == folded("Slovyansk")
    True
    """
    bare = unicodedata.normalize("NFKD", _plain(name))
    for pattern, made in _COMPILED:
        bare = pattern.sub(made, bare)
    return bare


@memory.shared
def _index() -> pd.DataFrame:
    """Return each name of each place once: `place` (row of `load_places`), `name`, `folded`, `worth`."""
    places = load_places()
    parts = []
    for column, worth in _NAMES.items():
        names = places[column].str.split(";").explode()
        names = names[names != ""]
        parts.append(pd.DataFrame({"place": names.index, "name": names.to_numpy(), "worth": worth}))
    index = pd.concat(parts, ignore_index=True)
    index["folded"] = index["name"].map(folded)
    return index[index["folded"] != ""].drop_duplicates(["place", "folded"], ignore_index=True)


@memory.shared
def load_raions() -> pd.DataFrame:
    """Return the raions of Ukraine by `katottg`, the first six signs of their code: `oblast`, `name_en`, `name_uk`."""
    return pd.read_csv(geo_path("raions.csv")).set_index("katottg")


def search_places(text: str, *, oblast: str = "", limit: int = 10) -> gpd.GeoDataFrame:
    """
    Find the settlements that a person may mean.

    Parameters
    ----------
    text
        A name as it is typed, in Cyrillic or Latin letters; a former one, or one with a slip or two, will do.
    oblast
        ISO code; empty for all.
    limit
        How many places at most.

    Returns
    -------
    places
        Rows of `load_places`, the likeliest first, of equally likely ones the most populous first, with `matched` (the
        name that is like what was typed) and `likeness` (from 0 to 1; 1 is the present name).

    Examples
    --------
    >>> typed = ("Slavyansk", "артемовск", "Запорожье", "kramtorsk")
    >>> [search_places(text, limit=1)["name_uk"].item() for text in typed]
    ['Слов’янськ', 'Бахмут', 'Запоріжжя', 'Краматорськ']
    """
    index, places, wanted = _index(), load_places(), folded(text)
    if oblast:
        index = index[index["place"].map(places["oblast"]) == oblast]
    if not wanted or index.empty:
        return places.head(0).assign(matched="", likeness=0.0)
    likeness = pd.Series(_alike(wanted, index["folded"].tolist()), index=index.index) * _BEGINNING
    if len(wanted) >= _SHORTEST_BEGINNING:
        likeness = likeness.mask(index["folded"].str.startswith(wanted) & (likeness < _BEGINNING), _BEGINNING)
    likeness = likeness.mask(index["folded"] == wanted, 1.0)
    found = index.assign(likeness=likeness * index["worth"])[likeness > 0]
    best = found.sort_values("likeness", ascending=False, kind="stable").drop_duplicates("place").set_index("place")
    rows = places.loc[best.index].assign(matched=best["name"], likeness=best["likeness"])
    # Of names that only their ending tells apart, such as Покровськ and Покровське, the one that was typed comes first.
    typed = pd.Series(_alike(_plain(text), rows["matched"].map(_plain).tolist()), index=rows.index)
    order = rows.assign(typed=typed.where(rows["likeness"] > _BEGINNING, 0.0))
    order = order.sort_values(["likeness", "typed", "population", "id"], ascending=[False, False, False, True])
    return order.drop(columns="typed").head(limit)


@memory.shared(maxsize=256)
def place_named(text: str) -> Place | None:
    """Return the settlement that a link means: by its code in the register, its id in GeoNames, or a name like it."""
    known = places_by_key()
    if not text or text in known or len(text) > _LONGEST_NAME:
        return known.get(text)
    found = search_places(text, limit=1)
    return known[str(found["id"].iloc[0])] if len(found) else None


def _alike(wanted: str, names: list[str]) -> list[float]:
    """Return for each name how like it is to the wanted one, from 0 to 1; 0 for those that are hardly so."""
    matcher, found = SequenceMatcher(None, b=wanted, autojunk=False), []
    for name in names:
        matcher.set_seq1(name)
        hopeless = matcher.real_quick_ratio() < _LEAST_ALIKE or matcher.quick_ratio() < _LEAST_ALIKE
        ratio = 0.0 if hopeless else matcher.ratio()
        found.append(ratio if ratio >= _LEAST_ALIKE else 0.0)
    return found


def _plain(name: str) -> str:
    return latin(name.casefold().translate(_RUSSIAN)).casefold()
