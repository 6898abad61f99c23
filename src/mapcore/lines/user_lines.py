"""A user's own lines of contact, kept in the data folder as polygons with a file that describes them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from pyproj.enums import TransformDirection
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.data_files import read_toml, shipped_controls, user_dir, write_whole
from mapcore.base.errors import DataFileError, ParameterError, Problem, UnknownIdError, did_you_mean
from mapcore.base.geometry import GRID_M, polygonal
from mapcore.base.language import tr
from mapcore.base.records import kinds_of, record_of, table_of
from mapcore.base.safe_text import plain
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.base.table_reader import TableReader
from mapcore.land import boundaries
from mapcore.land.contact_line import Control, LineMeta
from mapcore.land.state_border import front

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_ID: Final = 64
#: What land on a grid may reach over the border, whose edges run between the points of the grid.
_ROUNDING_M2: Final = 10.0
_R = TypeVar("_R")
#: What has been answered since the folder is to be looked into once, by what was asked.
_answered: ContextVar[dict[Callable[[], object], Any] | None] = ContextVar("answered", default=None)


@dataclass(frozen=True)
class UserLineMeta(LineMeta):
    """What stands in the TOML file of a user's line; its polygons lie beside it, in a file named after their sum."""

    origin: str
    sha256: str
    notes: tuple[str, ...]
    geometry: str


def check_id(control_id: str) -> str:
    """
    Return an id that a user's line may have.

    Raises
    ------
    ParameterError
        If it is not small letters, digits and single hyphens, is longer than 64 characters, or is a shipped one's.
    """
    if not _ID.fullmatch(control_id) or len(control_id) > _MOST_ID:
        shown = plain(control_id)
        sentence = tr("id '{id}': write small letters, digits and single hyphens, at most {most}")
        raise ParameterError(sentence.format(id=shown, most=_MOST_ID))
    if control_id in shipped_controls():
        sentence = tr("id '{id}': belongs to a built-in line and cannot be replaced; choose another with --id")
        raise ParameterError(sentence.format(id=control_id))
    return control_id


def is_user_line(control_id: str) -> bool:
    """Say whether a line of contact is a user's own and not a shipped one."""
    return control_id not in shipped_controls()


def save_control(control: Control, *, replace: bool = False) -> Path:
    """
    Keep a snapshot in the user's data folder, so that `load_control` finds it by its id; return the file that says so.

    The polygons are written first and the file that names them last and at once: a failure in between leaves what was
    there before.

    Raises
    ------
    ParameterError
        If the id is a shipped line's or no id, or is taken and `replace` is not set.
    DataFileError
        If the folder cannot be written to.
    """
    path = _meta_path(check_id(control.id))
    before = _kept_geometry(path)
    if path.exists() and not replace:
        sentence = tr("id '{id}': is taken; remove that line, choose another --id, or use --replace")
        raise ParameterError(sentence.format(id=control.id))
    content = (shapely.to_geojson(shapely.orient_polygons(_in_degrees(control.held))) + "\n").encode()
    geometry = f"{control.id}.{_sum(content)}.geojson"
    known = kinds_of(UserLineMeta)
    table = {key: value for key, value in table_of(control).items() if key in known} | {"geometry": geometry}
    lines = [f"{key} = {_in_toml(value)}" for key, value in table.items()]
    write_whole(path.parent / geometry, content)
    write_whole(path, ("\n".join(lines) + "\n").encode())
    if before is not None and before.name != geometry:
        before.unlink(missing_ok=True)
    return path


def remove_control(control_id: str) -> None:
    """
    Take a user's line away.

    Raises
    ------
    ParameterError
        If it is a shipped one.
    UnknownIdError
        If there is none.
    """
    if not is_user_line(control_id):
        sentence = tr("'{id}' is a built-in line; only your own can be removed")
        raise ParameterError(sentence.format(id=control_id))
    if control_id not in user_line_ids():
        way_out = did_you_mean(control_id, user_line_ids())
        sentence = tr("no line of contact of your own '{id}'").format(id=plain(control_id))
        raise UnknownIdError(f"{sentence}{way_out}")
    path = _meta_path(control_id)
    geometry = _kept_geometry(path)
    try:
        path.unlink()
        if geometry is not None:
            geometry.unlink(missing_ok=True)
    except OSError as problem:
        reason = tr("cannot be removed ({reason})").format(reason=problem.strerror)
        raise DataFileError(Problem(str(path), "", reason, tr("check the rights to the folder"))) from problem


def _meta_path(control_id: str) -> Path:
    return user_dir() / "control" / f"{control_id}.toml"


def user_line_ids() -> list[str]:
    """Return the ids of the user's lines that lie in the data folder, readable or not, sorted."""
    return [name for name, _ in user_line_stamps()]


@contextmanager
def listed_once() -> Iterator[None]:
    """Look into the folder of the user's lines once, when they are first asked for, and not again within."""
    before = _answered.set({})
    try:
        yield
    finally:
        _answered.reset(before)


def while_listed(question: Callable[[], _R]) -> Callable[[], _R]:
    """Ask once within `listed_once` what depends on nothing but the lines that there are; nobody changes the answer."""

    @wraps(question)
    def ask() -> _R:
        answered = _answered.get()
        if answered is None:
            return question()
        if question not in answered:
            answered[question] = question()
        return cast("_R", answered[question])

    return ask


@while_listed
def user_line_stamps() -> tuple[tuple[str, tuple[int, int]], ...]:
    """Return the ids of the user's lines, sorted, each with what changes when its file does."""
    return _found()


def _found() -> tuple[tuple[str, tuple[int, int]], ...]:
    found, shipped = [], shipped_controls()
    with suppress(OSError), os.scandir(user_dir() / "control") as files:
        for file in files:
            name, ending = os.path.splitext(file.name)  # noqa: PTH122, a path takes longer, and this is asked at each run
            if ending == ".toml" and _ID.fullmatch(name) and name not in shipped:
                found.append((name, _stamp_of(file.stat())))
    return tuple(sorted(found))


def _stamp(path: Path) -> tuple[int, int]:
    """Return what changes when the file does, so that a snapshot is kept in memory only as long as it is the same."""
    return _stamp_of(path.stat())


def _stamp_of(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_ino


def read_user_line(control_id: str) -> UserLineMeta:
    """
    Return what stands in the file of a user's line.

    Raises
    ------
    DataFileError
        If it cannot be read, or is not as it was written.
    """
    path = _meta_path(control_id)
    return _read_user_line(path, _stamp(path))


def load_user_line(control_id: str) -> Control:
    """
    Load a user's line; the same value as long as its file is the same.

    Raises
    ------
    DataFileError
        If its files cannot be read, or are not as they were written.
    """
    path = _meta_path(control_id)
    return _load_user_line(path, _stamp(path))


@memory.shared(maxsize=4096)
def _read_user_line(path: Path, _: tuple[int, int]) -> UserLineMeta:
    reader = TableReader(path, of_proposal=False)
    meta = reader.record(read_toml(path), UserLineMeta, "", needed=kinds_of(UserLineMeta))
    odd = [problem.key for problem in reader.problems]
    if odd or meta.id != path.stem or Path(meta.geometry).name != meta.geometry:
        reason = tr("is not as it was written ({keys})").format(keys=plain(", ".join(odd)) or "id")
        raise DataFileError(Problem(str(path), "", reason, tr("remove this line and add it again")))
    return meta


@memory.shared(maxsize=64)
def _load_user_line(path: Path, stamp: tuple[int, int]) -> Control:
    meta = _read_user_line(path, stamp)
    country = boundaries.country()
    shape = _read_geometry(path.parent / meta.geometry)
    held = _as_it_was(gpd.GeoSeries([shape], crs=MAP_CRS).to_crs(AREA_CRS).item(), country)
    line, beside_border = front(held, country)
    shapes = {"held": held, "line": line, "country": country, "beside_border": beside_border}
    return record_of(Control, {**table_of(meta), **shapes})


def _in_degrees(held: BaseGeometry) -> BaseGeometry:
    """
    Bring land into degrees from which `AREA_CRS` is reached again to the digit.

    PROJ's way from metres to degrees is off by up to half a millimetre, its way back is not: going there, back, and
    there again from as far on the other side leaves a millionth of that.
    """
    there = Transformer.from_crs(AREA_CRS, MAP_CRS, always_xy=True)

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        east, north = points.T
        x, y = there.transform(*there.transform(east, north), direction=TransformDirection.INVERSE)
        return np.column_stack(there.transform(2 * east - x, 2 * north - y))

    return shapely.transform(held, move)


def _as_it_was(flat: BaseGeometry, country: BaseGeometry) -> MultiPolygon:
    """Bring land back to the grid that it was on, to the digit; cut it where the country is no longer the same."""
    held = polygonal(shapely.set_precision(flat, GRID_M, mode="pointwise"))
    if held.is_valid and shapely.difference(held, country).area < _ROUNDING_M2:
        return held
    return polygonal(shapely.intersection(shapely.make_valid(held), country))


def _read_geometry(file: Path) -> BaseGeometry:
    """Read polygons from a file that is named after their sum."""
    try:
        content = file.read_bytes()
        shape = shapely.from_geojson(content)
    except (OSError, ValueError, shapely.errors.ShapelyError):
        content, shape = b"", None
    if shape is None or f".{_sum(content)}." not in file.name:
        reason = tr("is missing or not as it was written")
        raise DataFileError(Problem(str(file), "", reason, tr("remove this line and add it again")))
    return shape


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _kept_geometry(path: Path) -> Path | None:
    """Return the file of polygons that a user's line's file names, if it can be read."""
    try:
        return path.parent / _read_user_line(path, _stamp(path)).geometry
    except (DataFileError, OSError):
        return None


def _in_toml(value: object) -> str:
    """Write a value as TOML; its strings are those of JSON, apart from a sign that `texts.checked` refuses."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
