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
            words["raions"][code] = {
                str(raion): tr("{raion} raion").format(raion=name) for raion, name in named.items()
            }
    other = load_places()["other_names"]
    places = [
        [
            key, place.name_uk, "" if latin(place.name_uk) == place.name_en else place.name_en, place.former_names,
            other[place.row], place.oblast, place.raion, place.population,
            round(place.lon, 4), round(place.lat, 4), place.id,
        ]
        for key, place in places_by_key().items()
        if key == place.key
    ]  # fmt: skip
    return {"folding": folding(), **words, "places": sorted(places, key=lambda row: places_by_key()[row[0]].row)}
