"""The names of all settlements in one value, in which a browser searches as `analysis.place_search` does."""

from __future__ import annotations

from typing import Any

from mapcore.analysis.place_answers import places_by_key
from mapcore.analysis.place_search import folding, load_raions
from mapcore.analysis.settlements import load_places
from mapcore.base import memory
from mapcore.base.language import languages, speaking, tr
from mapcore.base.schema import UNITS
from mapcore.base.transliteration import latin
from mapcore.land.boundaries import oblast_words


@memory.shared
def place_index() -> dict[str, Any]:
    """
    Return what `web/place/search.js` searches in, JSON-ready and the same in every language.

    Returns
    -------
    index
        `folding` (see there), `oblasts` and `raions` (names by code, each by language), and `places`, in the order of
        `load_places`: what links call it, its name in Ukrainian, in Latin letters (empty where the rules give it),
        former and other names, parted by ``;``, codes of oblast and raion, inhabitants, longitude, latitude, and id
        in GeoNames.
    """
    words: dict[str, dict[str, dict[str, str]]] = {"oblasts": {}, "raions": {}}
    raions = load_raions()
    for code in languages():
        with speaking(code):
            words["oblasts"][code] = {iso: oblast_words(iso) for iso in UNITS}
            named = raions.get(f"name_{code}", raions["name_en"])
            words["raions"][code] = {str(one): tr("{raion} raion").format(raion=name) for one, name in named.items()}
    other = load_places()["other_names"]
    places = [
        [
            key, one.name_uk, "" if latin(one.name_uk) == one.name_en else one.name_en, one.former_names,
            other[one.row], one.oblast, one.raion, one.population, round(one.lon, 4), round(one.lat, 4), one.id,
        ]
        for key, one in places_by_key().items()
        if key == one.key
    ]  # fmt: skip
    return {"folding": folding(), **words, "places": sorted(places, key=lambda row: places_by_key()[row[0]].row)}
