"""The settlements in each zone: which places a proposal would move, and what is known of who lives there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.errors import DataFileError
from mapcore.base.language import language, mark, tr
from mapcore.base.schema import AREA_CRS, MAP_CRS, UNITS
from mapcore.base.table_reader import read_records
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured
from mapcore.proposals.shipped import load_statuses

_COLUMNS = [
    *("id", "katottg", "name_en", "name_uk", "former_names", "other_names"),
    *("oblast", "raion", "lat", "lon", "population", "modified"),
]
#: Settlements in Ukraine's register, in its edition of 7 July 2026, which `scripts/build_places.py` counts.
REGISTERED: Final = 29_703
#: What every view of these counts says beside them.
POPULATION_NOTE = mark(
    "Counts are GeoNames' figures for whole places. GeoNames does not date them: those of towns that were checked are "
    "estimates for 1 January 2021 or 2022, others are older, and some of Crimea and Sevastopol were made after 2014 by "
    "the Russian statistical office. Many people have fled, and who remains has not been counted place by place. No "
    "population is derived from an area."
)


@dataclass(frozen=True)
class Remaining:
    """A published count of the people who remain somewhere, on a date, according to a source."""

    id: str
    place: str
    count: int
    date: date
    said_by: str
    text: str
    source: str
    place_id: int = 0


@memory.shared
def load_places() -> gpd.GeoDataFrame:
    """
    Load the settlements of Ukraine from 500 inhabitants.

    Returns
    -------
    places
        One row per place in EPSG:4326, sorted by `id` (GeoNames): `katottg` (its code in Ukraine's register, empty
        where it is open), `name_uk` (the register's), `name_en` (the same in Latin letters, see
        `transliteration.latin`), `former_names` (Ukrainian ones before it) and `other_names` (in Cyrillic, as
        GeoNames has them), both parted by ``;``, `oblast` (ISO, GeoNames' own), `raion` (first six signs of its
        code, empty where it is open and in Kyiv and Sevastopol), `population` (see `POPULATION_NOTE`; 0 where there
        is no count), `modified` (date of the GeoNames record in the table of March 2023; empty for places that it
        lacks). Sources: GeoNames, CC BY 4.0, and KATOTTG; `scripts/build_places.py`, docs/places.md.
    """
    rows = pd.read_csv(geo_path("places.csv"), dtype={"modified": "string"}, keep_default_na=False)
    if list(rows.columns) != _COLUMNS:
        raise DataFileError(
            tr("{file}: the columns must be {columns}; correct the file, or reinstall mapcore").format(
                file="geo/places.csv", columns=", ".join(_COLUMNS)
            )
        )
    odd = sorted(set(rows["oblast"]) - set(UNITS))
    if odd:
        raise DataFileError(
            tr("geo/places.csv: oblast: not first-level units: {units}; rebuild the file").format(units=", ".join(odd))
        )
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["lon"], rows["lat"]), crs=MAP_CRS)


@memory.shared
def place_points() -> NDArray[np.object_]:
    """Return where the rows of `load_places` are, as points in `AREA_CRS`."""
    return np.array(load_places().to_crs(AREA_CRS).geometry, dtype=object)


@memory.shared
def _rows_by_oblast() -> Mapping[str, NDArray[np.intp]]:
    """Return the positions in `load_places` of the settlements of each oblast."""
    return MappingProxyType(load_places().groupby("oblast", sort=False).indices)


def zones_beneath(zones: gpd.GeoDataFrame) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """
    Find for each settlement the zone that it lies in, of those of its own oblast the nearest.

    Parameters
    ----------
    zones
        `oblast` and geometry in `AREA_CRS`; rows that tile all oblasts.

    Returns
    -------
    zone, outside
        In the order of `load_places`: the position of the zone, -1 where its oblast has none, and whether the
        settlement lies outside of it. Zones of the same shapes, as of many proposals, have the same answer.
    """
    return _beneath(tuple(zones.geometry), tuple(zones["oblast"]))


@memory.kept(maxsize=64)
def _beneath(zones: tuple[BaseGeometry, ...], oblasts: tuple[str, ...]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    points, shapes, oblast_of = place_points(), np.array(zones, dtype=object), np.array(oblasts, dtype=object)
    zone, outside = np.full(len(points), -1, dtype=np.intp), np.zeros(len(points), dtype=bool)
    for oblast, rows in _rows_by_oblast().items():
        known = np.flatnonzero(oblast_of == oblast)
        # Prepared zones are asked for their points: a search for the nearest zone measures to each of its vertices.
        there, inside = shapely.STRtree(points[rows]).query(shapes[known], predicate="intersects")
        zone[rows[inside[::-1]]] = known[there[::-1]]
        left = rows[zone[rows] < 0] if len(known) else rows[:0]
        nearest = shapely.STRtree(shapes[known]).query_nearest(points[left], all_matches=False)[1]
        zone[left], outside[left] = known[nearest], True
    return zone, outside


@memory.kept(maxsize=64)
def near_line(control: Control) -> NDArray[np.bool_]:
    """Say of each row of `load_places` whether the line, within its error, may run on either side of it."""
    return np.asarray(shapely.dwithin(place_points(), control.line, control.provenance.error_km * 1000))


@memory.kept(maxsize=64)
def places_in(measured: Measured) -> gpd.GeoDataFrame:
    """
    Say for each settlement in which zone of a measured proposal it lies.

    A place whose position falls outside its own oblast (the boundaries are coarse, and shores are drawn differently)
    counts in its own oblast, in the nearest zone there.

    Returns
    -------
    places
        The rows of `load_places` in `AREA_CRS` with `held_by` (now), `status`, `holder_after`, `moves` (whether the
        holder changes), `near_line` (the line may run on either side of it: it lies within the line's error) and
        `outside` (its position falls outside its own oblast).

    Examples
    --------
    >>> import mapcore
    >>> places = mapcore.places_in(mapcore.measure_proposal(mapcore.load_proposal("us-28-point")))
    >>> places[places["moves"]].nlargest(1, "population")["name_en"].tolist()
    ['Kramatorsk']
    """
    zone, outside = zones_beneath(measured.zones)
    there = zone >= 0
    beneath = measured.zones.iloc[zone[there]]
    joined = (
        load_places()[there]
        .to_crs(AREA_CRS)
        .assign(held_by=beneath["held_by"].to_numpy(), status=beneath["status"].to_numpy(), outside=outside[there])
    )
    holder = joined["status"].map(lambda status: load_statuses()[status].holder)
    near = near_line(measured.control)[there]
    return gpd.GeoDataFrame(joined.assign(holder_after=holder, moves=holder != joined["held_by"], near_line=near))


def local_names(places: pd.DataFrame) -> pd.Series:
    """Return the names of rows of `load_places` in the language in use, in Latin letters where it has none."""
    return places.get(f"name_{language()}", places["name_en"]).rename("name")


def moved_places(measured: Measured) -> gpd.GeoDataFrame:
    """Return the settlements whose holder a proposal would change, the most populous first; as `places_in`."""
    places = places_in(measured)
    return places[places["moves"]].sort_values(["population", "id"], ascending=[False, True], ignore_index=True)


def count_by_zone(measured: Measured, *, biggest: int = 3) -> pd.DataFrame:
    """
    Count the settlements of each zone.

    Returns
    -------
    counts
        One row per (`oblast`, `held_by`, `status`) that has a settlement: `places`, `near_line` of them, `population`
        (sum of counts, see `POPULATION_NOTE`), `without_count`, and `cities`, the names of the `biggest` ones in the
        language in use.
    """
    places = places_in(measured).sort_values(["population", "id"], ascending=[False, True])
    rows = places.assign(name=local_names(places)).groupby(["oblast", "held_by", "status"])
    counts: pd.DataFrame = rows.agg(
        places=("id", "size"),
        near_line=("near_line", "sum"),
        population=("population", "sum"),
        without_count=("population", lambda counts: int((counts == 0).sum())),
        cities=("name", lambda names: ", ".join(names.head(biggest))),
    )
    return counts.reset_index()


@memory.shared
def load_remaining() -> tuple[Remaining, ...]:
    """Return published counts of who remains, newest first, as their sources give them."""
    counts = read_records(geo_path("population_today.toml"), "count", Remaining)
    return tuple(sorted(counts, key=lambda count: count.date, reverse=True))
