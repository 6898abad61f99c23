"""The names of towns and villages that a map writes as it is enlarged."""

from __future__ import annotations

from typing import Any, Final

from mapcore.analysis.settlements import load_places, local_names
from mapcore.base.language import cached
from mapcore.present.map_geometry import city_labels

#: The fewest inhabitants of places that a map looks at by its zoom level; closer than these it looks at all.
_LEAST: Final = {8: 5_000, 9: 1_000}


@cached(maxsize=8)
def towns() -> dict[str, Any]:
    """
    Return the settlements that are no `city_labels`, the largest first, as `web/map/towns.js` takes them.

    Returns
    -------
    towns
        `names` in the language in use, `lat` and `lon` in the same order, rounded to about 100 m, and `upto`, how many
        of them a map looks at by its zoom level.
    """
    places = load_places()
    places = places[~places["id"].isin(city_labels()["id"])].sort_values(["population", "id"], ascending=[False, True])
    return {
        "names": local_names(places).to_list(),
        "lat": places["lat"].round(3).to_list(),
        "lon": places["lon"].round(3).to_list(),
        "upto": {str(zoom): int((places["population"] >= least).sum()) for zoom, least in _LEAST.items()},
    }
