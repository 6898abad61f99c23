"""An archive of daily files: finding them, reading one, and measuring all proposals on the line of one day."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from datetime import date
from glob import glob
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from mapcore.areas import measure
from mapcore.control import draw_control
from mapcore.errors import DataFileError, Problem
from mapcore.geometry import polygonal
from mapcore.scenario import load_proposals
from mapcore.schema import MAP_CRS
from mapcore.zones import build_zones

#: Reads the land held by Russia from the bytes of a file of this name.
Reader = Callable[[bytes, str], gpd.GeoSeries]

COLUMNS: Final = ["date", "proposal", "oblast", "held_by", "status", "area_km2"]
#: Largest file of one day, packed or unpacked; those of the known archives have 0.1 MB.
MAX_DAY_BYTES: Final = 50_000_000
_DATE = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")


def days_in(where: str | Path) -> list[tuple[date, Path]]:
    """
    Find the files of an archive: all files of a folder, or those that a pattern such as ``data/*.geojson`` names.

    Files without a date in their name (20251202 or 2025-12-02) are left out.

    Returns
    -------
    days
        Dates with their file, sorted.

    Raises
    ------
    DataFileError
        If no file has a date, or two have the same.
    """
    folder = Path(where)
    paths = sorted(folder.iterdir() if folder.is_dir() else map(Path, glob(str(where))))  # noqa: PTH207, a pattern with its folder
    found: dict[date, Path] = {}
    for path in paths:
        day = _date_of(path.name)
        if day is None or not path.is_file():
            continue
        if day in found:
            raise DataFileError(Problem(str(path), "", f"is of {day}, as is {found[day].name}", "keep one file a day"))
        found[day] = path
    if not found:
        way_out = "name a folder or pattern of files such as deepstatemap_data_20251202.geojson"
        raise DataFileError(Problem(str(where), "", "has no file with a date in its name", way_out))
    return sorted(found.items())


def _date_of(name: str) -> date | None:
    match = _DATE.search(name)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def read_held(content: bytes, name: str) -> gpd.GeoSeries:
    """
    Read the polygons of a GeoJSON file, plain or packed with gzip, as land held by Russia.

    Raises
    ------
    DataFileError
        If it is too large, cannot be read, or has no polygon.
    """
    way_out = "get the file again, or leave the day out"
    try:
        if content[:2] == b"\x1f\x8b":
            content = gzip.GzipFile(fileobj=io.BytesIO(content)).read(MAX_DAY_BYTES + 1)
        if len(content) > MAX_DAY_BYTES:
            raise DataFileError(Problem(name, "", f"is larger than {MAX_DAY_BYTES // 1_000_000} MB", way_out))
        shapes = gpd.read_file(io.BytesIO(content)).geometry
    except (DataSourceError, DataLayerError, OSError, EOFError, AttributeError, ValueError) as problem:
        if isinstance(problem, DataFileError):
            raise
        raise DataFileError(Problem(name, "", "is no GeoJSON that can be read", way_out)) from problem
    land = polygonal(shapely.union_all([polygonal(shape) for shape in shapely.make_valid(shapes.dropna().to_numpy())]))
    if land.is_empty:
        raise DataFileError(Problem(name, "", "has no polygon", way_out))
    return gpd.GeoSeries([land], crs=shapes.crs or MAP_CRS)


def measure_day(day: date, name: str, source: bytes | gpd.GeoSeries, read: Reader = read_held) -> pd.DataFrame:
    """
    Measure all proposals on the line of one day: the line is cut once.

    Returns
    -------
    rows
        The columns of `Series.parquet`.

    Raises
    ------
    DataFileError
        If the file cannot be read, or none of its land lies in Ukraine.
    """
    held = read(source, name) if isinstance(source, bytes) else source
    control = draw_control(held, as_of=day, source=name)
    if control.held.is_empty:
        raise DataFileError(Problem(name, "", "has no land within Ukraine", "check its coordinates or leave it out"))
    parts = []
    for proposal in load_proposals():
        zones = measure(build_zones(proposal, control=control))
        parts.append(pd.DataFrame(zones[COLUMNS[2:]]).assign(date=day, proposal=proposal.id))
    return pd.concat(parts, ignore_index=True)[COLUMNS]
