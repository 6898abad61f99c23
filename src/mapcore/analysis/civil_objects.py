"""Civil objects that texts and press argue about: plants, dams, ports, crossings, junctions, known deposits."""

from __future__ import annotations

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
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.measurement.areas import Measured
from mapcore.proposals.shipped import load_statuses

_COLUMNS: Final = [
    *("id", "kind", "name_en", "name_uk", "lat", "lon", "within_km", "position", "source", "url", "public_by", "note"),
]
#: The kinds of objects in the order of tables: messages for `tr`.
KINDS: Final[dict[str, str]] = {
    "nuclear_plant": mark("Nuclear power plants"),
    "hydro_plant": mark("Dams with hydroelectric plants"),
    "thermal_plant": mark("Thermal power plants"),
    "canal": mark("Heads of canals"),
    "port": mark("Commercial ports"),
    "crossing": mark("Border crossings"),
    "rail_junction": mark("Railway junctions"),
    "deposit": mark("Known mineral deposits"),
}


@memory.shared
def load_civil_objects() -> gpd.GeoDataFrame:
    """
    Load the civil objects, by kind.

    Returns
    -------
    objects
        One row an object in EPSG:4326: `id`, `kind` (of `KINDS`), `name_en`, `name_uk`, `lat`, `lon` (to a hundredth of
        a degree), `within_km` (how far off the position may be: a deposit is an area, a port stands for its town),
        `position` (``source``, or ``GeoNames`` for that of the settlement that it is named after), `source`, `url`,
        `public_by` (a date by which the source had it), `note`. All are civil and long published; docs/effects.md.

    Raises
    ------
    DataFileError
        If the columns or a kind are others.
    """
    rows = pd.read_csv(geo_path("civil_objects.csv"), keep_default_na=False)
    if list(rows.columns) != _COLUMNS or not set(rows["kind"]) <= set(KINDS):
        raise DataFileError(
            tr("{file}: the columns must be {columns}; correct the file, or reinstall mapcore").format(
                file="geo/civil_objects.csv", columns=", ".join(_COLUMNS)
            )
        )
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["lon"], rows["lat"]), crs=MAP_CRS)


@memory.shared
def _points() -> NDArray[np.object_]:
    return np.array(load_civil_objects().to_crs(AREA_CRS).geometry, dtype=object)


def zones_around(zones: gpd.GeoDataFrame) -> NDArray[np.intp]:
    """Return for each civil object the position of the zone that it lies in, off the shore the nearest one."""
    return _around(tuple(zones.geometry))


@memory.kept(maxsize=64)
def _around(shapes: tuple[BaseGeometry, ...]) -> NDArray[np.intp]:
    return np.asarray(shapely.STRtree(shapes).query_nearest(_points(), all_matches=False)[1])


@memory.kept(maxsize=64)
def objects_in(measured: Measured) -> gpd.GeoDataFrame:
    """
    Say for each civil object in which zone of a measured proposal it lies.

    Returns
    -------
    objects
        The rows of `load_civil_objects` in `AREA_CRS` with `held_by` (now), `status`, `holder_after`, `moves` (whether
        the holder changes) and `sure`: false where land with another answer is nearer than the line's error and the
        object's own together.
    """
    zones, objects = measured.zones, load_civil_objects().to_crs(AREA_CRS)
    answers = [f"{held_by}.{status}" for held_by, status in zip(zones["held_by"], zones["status"], strict=True)]
    zone, points = zones_around(zones), _points()
    reach_m = (measured.control.provenance.error_km + objects["within_km"].to_numpy()) * 1000
    near, around = shapely.STRtree(zones.geometry.to_numpy()).query(points, predicate="dwithin", distance=reach_m)
    named = np.array(answers, dtype=object)
    unsure = np.unique(near[named[around] != named[zone[near]]])
    beneath = zones.iloc[zone]
    holder = np.array([load_statuses()[status].holder for status in beneath["status"]], dtype=object)
    held_by = beneath["held_by"].to_numpy()
    return gpd.GeoDataFrame(
        objects.assign(
            held_by=held_by,
            status=beneath["status"].to_numpy(),
            holder_after=holder,
            moves=holder != held_by,
            sure=~np.isin(np.arange(len(objects)), unsure),
        )
    )


def object_names(objects: pd.DataFrame) -> pd.Series:
    """Return the names of rows of `load_civil_objects` in the language in use, in English where it has none."""
    return objects.get(f"name_{language()}", objects["name_en"]).rename("name")
