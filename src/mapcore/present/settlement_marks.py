"""The settlements that a map marks: what becomes of each under a text, and which have their names written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

import geopandas as gpd
import pandas as pd

from mapcore.analysis.settlements import local_names, places_in
from mapcore.base.language import mark, number_text, tr, trn
from mapcore.land import boundaries
from mapcore.measurement.areas import Measured
from mapcore.present.map_geometry import city_labels
from mapcore.present.wording import holder_words
from mapcore.proposals.shipped import Status, load_statuses

#: Least population of each size of a place's mark, the largest first; smaller places have the last size.
PLACE_SIZES: Final = (500_000, 100_000, 50_000, 10_000, 2_000, 0)
#: Places whose holder stays Russia are drawn from this population on, or they would hide those that the text moves.
STAYING_FROM: Final = 5_000
#: How many of the places that the text moves have their name written beside them.
_NAMED = 8
#: Degrees that a name takes up on a map of one oblast, and how many moved places are too many to name.
_NAME_LAT, _NAME_LON, _CROWD = 0.06, 0.3, 200
Fate = Literal["ukraine_leaves", "russia_leaves", "stays_russia"]
#: What becomes of a place under a text, for legends, which look it up with `tr`; places that stay with Ukraine are not
#: drawn.
FATE_WORDS: Final[dict[Fate, str]] = {
    "ukraine_leaves": mark("Ukraine would withdraw from"),
    "russia_leaves": mark("Russia would withdraw from"),
    "stays_russia": mark("Held by Russia, now and after"),
}


def fates(places: pd.DataFrame) -> pd.Series:
    """Return for each row of `places_in` one of `FATE_WORDS`, or nothing for a place that stays with Ukraine."""
    now, moves = places["held_by"], places["moves"]
    fate = pd.Series("", index=places.index, name="fate")
    return (
        fate.mask((now == "ukraine") & moves, "ukraine_leaves")
        .mask((now == "russia") & moves, "russia_leaves")
        .mask((now == "russia") & ~moves, "stays_russia")
    )


def counted(places: gpd.GeoDataFrame) -> Iterator[tuple[str, gpd.GeoDataFrame, str]]:
    """Yield each fate that settlements have, and what Ukraine leaves in any case: its words, its rows, their count."""
    fate = fates(places)
    for key, words in FATE_WORDS.items():
        rows = places[fate == key]
        if rows.empty and key != "ukraine_leaves":
            continue
        count = trn("{count} settlement", "{count} settlements", len(rows)).format(count=number_text(len(rows)))
        yield tr(words), rows, count if len(rows) else tr("No settlement")


def population_text(population: int) -> str:
    """Return a count of people, or say that there is none."""
    return number_text(population) if population else tr("no count")


def place_marks(measured: Measured) -> list[dict[str, Any]]:
    """
    Return the settlements to draw over the zones: each that changes its holder, and the larger ones that Russia keeps.

    Returns
    -------
    marks
        Those that stay first, then the largest first, so that none hides what it is about: `name`, `lat`, `lon`,
        `size` (index of `PLACE_SIZES`), `fate` (of `FATE_WORDS`), `rank` (how early its name is written beside it
        as the map is enlarged, 1 first; 0 for never) and `tip`, lines of plain text for a tooltip.
    """
    places = places_in(measured)
    places = places.assign(fate=fates(places))
    drawn = places[places["moves"] | ((places["fate"] != "") & (places["population"] >= STAYING_FROM))]
    drawn = drawn.sort_values(["moves", "population", "id"], ascending=[True, False, True])
    drawn = drawn.assign(name=local_names(drawn))
    labels = city_labels().assign(name=local_names).set_index("name_en")
    ranks = labels["rank"].to_dict()
    labelled = drawn[drawn["name_en"].isin(ranks)].drop_duplicates("name_en")
    # The same letters as on the base, whose own label makes way for this one.
    drawn.loc[labelled.index, "name"] = labelled["name_en"].map(labels["name"])
    named = _apart(labelled, drawn[drawn["moves"]]) if drawn["moves"].sum() < _CROWD else set()
    labelled_ids = set(labelled["id"])
    statuses = load_statuses()
    return [
        {
            "name": row.name,
            "lat": row.lat,
            "lon": row.lon,
            "size": next(size for size, least in enumerate(PLACE_SIZES) if row.population >= least),
            "fate": row.fate,
            "rank": ranks[row.name_en] if row.id in labelled_ids else 3 if row.id in named else 0,
            "tip": _place_tip(row, statuses[row.status]),
        }
        for row in drawn.itertuples()
    ]


def _place_tip(row: Any, status: Status) -> list[str]:
    held = tr("Held now by {holder}; within the line's error") if row.near_line else tr("Held now by {holder}")
    return [
        row.name,
        boundaries.oblast_words(row.oblast),
        tr("Pre-war population: {count}").format(count=population_text(row.population)),
        held.format(holder=holder_words()[row.held_by]),
        tr("Under this text: {status}").format(status=tr(status.label)),
    ]


def _apart(labelled: pd.DataFrame, moved: pd.DataFrame) -> set[int]:
    """Return the ids of the largest of the places that a text moves whose names hide neither each other nor others."""
    taken, named = list(zip(labelled["lat"], labelled["lon"], strict=True)), set[int]()
    others = moved[~moved["name_en"].isin(labelled["name_en"])]
    for place, lat, lon in zip(others["id"], others["lat"], others["lon"], strict=True):
        if len(named) < _NAMED and all(abs(lat - y) > _NAME_LAT or abs(lon - x) > _NAME_LON for y, x in taken):
            taken.append((lat, lon))
            named.add(int(place))
    return named
