"""A synthetic archive of daily files: land near the shipped line, moved a little each day. No real archive is used."""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import shapely

from mapcore import load_control
from mapcore.base.schema import AREA_CRS, MAP_CRS

START = date(2025, 11, 1)


def day_file(folder: Path, day: date) -> Path:
    return folder / f"deepstatemap_data_{day:%Y%m%d}.geojson"


def believable() -> shapely.MultiPolygon:
    """Land near the shipped line, in EPSG:4326, which nobody is asked about."""
    rough = shapely.simplify(load_control().held, 2000.0)
    return shapely.set_precision(gpd.GeoSeries([rough], crs=AREA_CRS).to_crs(MAP_CRS).item(), 1e-6)


def write_archive(folder: Path, days: int, *, start: date = START, step_m: float = 200.0) -> list[Path]:
    """Write one file a day: a MultiPolygon in EPSG:4326 with no properties, that goes west by `step_m` a day."""
    folder.mkdir(parents=True, exist_ok=True)
    rough = shapely.simplify(load_control().held, 2000.0)
    paths = []
    for index in range(days):
        moved = gpd.GeoSeries([shapely.transform(rough, lambda xy, by=index: xy - [step_m * by, 0.0])], crs=AREA_CRS)
        shape = moved.to_crs(MAP_CRS).item()
        geometry = shapely.geometry.mapping(shapely.set_precision(shape, 1e-6))
        feature = {"type": "Feature", "properties": {}, "geometry": geometry}
        path = day_file(folder, start + timedelta(days=index))
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
        paths.append(path)
    return paths


def pack(path: Path) -> Path:
    """Replace a file by one packed with gzip."""
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    return packed


def combined(folder: Path) -> bytes:
    """Return the daily files of a folder as one file, whose features have their date."""
    features = []
    for path in sorted(folder.glob("*.geojson")):
        day = path.stem[-8:]
        dated = {"properties": {"date": f"{day[:4]}-{day[4:6]}-{day[6:]}"}}
        features += [{**feature, **dated} for feature in json.loads(path.read_bytes())["features"]]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
