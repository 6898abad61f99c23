"""The lines of contact that there are: shipped ones, and a user's own in the data folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point

from mapcore.base import language, memory
from mapcore.base.data_files import display_path, geo_dir, read_toml, shipped_controls
from mapcore.base.errors import DataFileError, UnknownIdError, did_you_mean
from mapcore.base.geometry import polygonal, split_by_lines
from mapcore.base.language import tr
from mapcore.base.records import kinds_of, record_of, table_of
from mapcore.base.schema import AREA_CRS, DEFAULT_CONTROL, MAP_CRS, Holder
from mapcore.base.shown import Rows
from mapcore.base.table_reader import TableReader
from mapcore.land import boundaries
from mapcore.land.contact_line import Control, LineMeta
from mapcore.land.state_border import edge_inside
from mapcore.lines.user_lines import load_user_line, read_user_line, user_line_ids, user_line_stamps, while_listed

#: Lines are carried this far past the border in their last direction, so that they cut it.
_OVERSHOOT_M = 100.0
_VERTEX_COLUMNS = ["line", "seq", "lon", "lat", "stretch", "between", "source"]


@dataclass(frozen=True)
class _Seed:
    """A place whose holder nobody disputes, in EPSG:4326."""

    name: str
    held_by: Holder
    lon: float
    lat: float


@dataclass(frozen=True)
class _Meta(LineMeta):
    seeds: tuple[_Seed, ...]


def _read_meta(path: Path) -> _Meta:
    reader = TableReader(path, of_proposal=False)
    found = reader.record(read_toml(path), _Meta, "", needed=kinds_of(_Meta))
    reader.finish()
    return found


def list_controls() -> list[str]:
    """Return the ids of all lines, shipped and the user's, newest date first; one that cannot be read is left out."""
    return list(_ids())


@while_listed
def _ids() -> tuple[str, ...]:
    return scan_controls()[0]


def load_controls() -> Rows[Control]:
    """
    Load the lines of contact that `list_controls` names, in its order.

    Examples
    --------
    >>> import mapcore
    >>> mapcore.load_controls().to_frame().columns.tolist()
    ['id', 'as_of', 'source', 'error_km']
    """
    return Rows(load_control(control_id) for control_id in list_controls())


def scan_controls() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of all lines, newest date first, and a sentence for each of the user's that cannot be read."""
    return _scan(user_line_stamps())


@language.cached(maxsize=8)
def _scan(users: tuple[tuple[str, tuple[int, int]], ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    dated = [(_shipped_meta(control_id).as_of, control_id) for control_id in shipped_controls()]
    notices: list[str] = []
    for control_id, _ in users:
        try:
            dated.append((read_user_line(control_id).as_of, control_id))
        except DataFileError as problem:
            notices.append(tr("{problem}; this line is left out").format(problem=problem))
    return tuple(control_id for _, control_id in sorted(dated, reverse=True)), tuple(notices)


@memory.shared
def _shipped_meta(control_id: str) -> LineMeta:
    return _read_meta(geo_dir() / "control" / f"{control_id}.toml")


def line_meta(control_id: str) -> LineMeta:
    """
    Return what is known of a line beside its course, without reading that: there may be a line for each day of years.

    Raises
    ------
    UnknownIdError, DataFileError
        As `load_control`.
    """
    if control_id in shipped_controls():
        return _shipped_meta(control_id)
    _check_known(control_id)
    return read_user_line(control_id)


def _check_known(control_id: str) -> None:
    if control_id not in user_line_ids():
        sentence = tr("no line of contact '{id}'").format(id=control_id)
        raise UnknownIdError(f"{sentence}{did_you_mean(control_id, list_controls())}")


@memory.shared
def load_stretches(control_id: str = DEFAULT_CONTROL) -> gpd.GeoDataFrame:
    """
    Load the vertices of a shipped line, as digitised.

    Returns
    -------
    vertices
        One row per vertex in EPSG:4326, in order within each `line`: `line`, `seq`, `stretch`, `between` (the two
        settlements, or the physical feature, that fix it), `source`.
    """
    path = geo_dir() / "control" / f"{control_id}.csv"
    if not path.is_file():
        raise UnknownIdError(
            tr("no line of contact '{id}'").format(id=control_id) + did_you_mean(control_id, shipped_controls())
        )
    rows = pd.read_csv(path)
    if list(rows.columns) != _VERTEX_COLUMNS:
        raise DataFileError(
            tr("{file}: the columns must be {columns}; correct the file, or reinstall mapcore").format(
                file=display_path(path), columns=", ".join(_VERTEX_COLUMNS)
            )
        )
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["lon"], rows["lat"]), crs=MAP_CRS)


def _extended(line: LineString) -> LineString:
    """Carry both ends on by a little, so that a line that ends on the border crosses it."""
    points = np.array(line.coords)
    first = points[0] + (points[0] - points[1]) / np.hypot(*(points[0] - points[1])) * _OVERSHOOT_M
    last = points[-1] + (points[-1] - points[-2]) / np.hypot(*(points[-1] - points[-2])) * _OVERSHOOT_M
    return LineString([first, *points, last])


def load_control(control_id: str = DEFAULT_CONTROL) -> Control:
    """
    Load a line of contact by its id, a shipped one or a user's own, with the land behind it.

    Raises
    ------
    UnknownIdError
        If there is no such snapshot.
    DataFileError
        If its files cannot be read or do not fit together.

    Examples
    --------
    >>> import mapcore
    >>> mapcore.load_control("2022-02-23").as_of
    datetime.date(2022, 2, 23)
    """
    if control_id in shipped_controls():
        return _load_shipped(control_id)
    _check_known(control_id)
    return load_user_line(control_id)


@memory.shared
def _load_shipped(control_id: str) -> Control:
    """
    Derive the land behind a shipped line.

    The lines of the snapshot cut the country into faces; a face is held by Russia when one of the snapshot's seed
    points (a place whose status nobody disputes) lies in it.
    """
    vertices = load_stretches(control_id).to_crs(AREA_CRS)
    path = geo_dir() / "control" / f"{control_id}.toml"
    meta = _read_meta(path)
    lines = [_extended(LineString(rows.geometry.tolist())) for _, rows in vertices.groupby("line", sort=False)]
    country = boundaries.country()
    faces = split_by_lines(country, lines)
    seeds = gpd.GeoSeries([Point(seed.lon, seed.lat) for seed in meta.seeds], crs=MAP_CRS).to_crs(AREA_CRS)
    tree = shapely.STRtree(faces)
    pairs = tree.query(seeds.to_numpy(), predicate="within")
    lost = sorted(set(range(len(seeds))) - set(pairs[0]))
    if lost:
        raise DataFileError(
            tr("{file}: seed '{name}' lies outside Ukraine; correct its place").format(
                file=display_path(path), name=meta.seeds[lost[0]].name
            )
        )
    behind = {int(face) for seed, face in zip(*pairs, strict=True) if meta.seeds[seed].held_by == "russia"}
    before = {int(face) for seed, face in zip(*pairs, strict=True) if meta.seeds[seed].held_by == "ukraine"}
    if behind & before:
        raise DataFileError(
            tr("{file}: the lines do not separate the seeds of the two holders; correct the lines or the seeds").format(
                file=display_path(path)
            )
        )
    held = polygonal(shapely.union_all([faces[face] for face in sorted(behind)]))
    shapes = {"held": held, "line": edge_inside(held, country), "country": country}
    return record_of(Control, {**table_of(meta), **shapes})
