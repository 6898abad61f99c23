"""GeoPackage and Shapefile: looked through before GDAL opens them, and read with it."""

from __future__ import annotations

import re
import sqlite3
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyogrio
import shapely

from mapcore.base.errors import DataFileError
from mapcore.base.language import tr
from mapcore.base.safe_text import plain
from mapcore.lines.file_kind import Unpacked
from mapcore.lines.reference_system import leads_elsewhere
from mapcore.lines.selection import Sieve
from mapcore.lines.upload import Named

_MOST_LAYERS: Final = 50
_NO_POLYGONS: Final = re.compile(r"point|line", re.IGNORECASE)
#: Virtual tables and triggers that every writer of GeoPackages makes, for its index and its counts (OGC 12-128).
_INDEX: Final = re.compile(
    r'create virtual table "?(rtree_[^"]+)"? using rtree ?\("?id"?, ?"?minx"?, ?"?maxx"?, ?"?miny"?, ?"?maxy"?\)',
    re.IGNORECASE,
)
_USUAL_TRIGGER: Final = re.compile(
    r"rtree_.+_(insert|update\d?|delete)|trigger_(insert|delete)_feature_count_.+|gpkg_(tile_matrix|metadata).*"
)
_INDEX_WORK: Final = re.compile(r'(insert (or replace )?into|delete from|update) "?(rtree_[^"]+|gpkg_ogr_contents)"?\s')
_TILE_WORK: Final = re.compile(r"select raise ?\(")
_STEPS: Final = 5_000_000


def read_layers(unpacked: Unpacked, sieve: Sieve) -> str | None:
    """
    Hand each feature of a GeoPackage or a Shapefile to the sieve; GDAL reads files whose names are ours.

    Returns
    -------
    crs
        What the file says of the system of the layers that have polygons; None where it says nothing.

    Raises
    ------
    LineFileError
        If it cannot be read, holds more than tables, or has polygons in layers of different systems.
    """
    systems = _systems(unpacked)
    options = {} if unpacked.kind == "gpkg" else {"encoding": _encoding(unpacked.parts)}
    with tempfile.TemporaryDirectory(prefix="mapcore-") as folder:
        for ending, content in unpacked.parts.items():
            if ending not in {".prj", ".cpg"}:
                Path(folder, f"layer{ending}").write_bytes(content)
        path = Path(folder, "layer.gpkg" if unpacked.kind == "gpkg" else "layer.shp")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                layers = _layers(path)
                found = {
                    systems.get(layer, systems.get(""))
                    for layer in layers
                    if _take_layer(path, layer, sieve, several=len(layers) > 1, options=options)
                }
        except DataFileError:
            raise
        except (RuntimeError, ValueError, OSError, OverflowError, shapely.errors.ShapelyError) as problem:
            raise _unreadable(unpacked) from problem
    if len(found) > 1:
        raise unpacked.refuse(tr("has layers in different coordinate systems"), tr("export the layer that counts"))
    return next(iter(found), None)


def _unreadable(unpacked: Unpacked) -> Exception:
    reason = (
        tr("cannot be read as a GeoPackage; it may be cut off")
        if unpacked.kind == "gpkg"
        else tr("cannot be read as a Shapefile; it may be cut off")
    )
    return unpacked.refuse(reason, tr("export it again"))


def _layers(path: Path) -> list[str]:
    return [str(name) for name, kind in pyogrio.list_layers(path)[:_MOST_LAYERS] if kind is not None]


def _take_layer(path: Path, layer: str, sieve: Sieve, *, several: bool, options: dict[str, str]) -> bool:
    """Hand a layer's features on; say whether there were polygons."""
    info = pyogrio.read_info(path, layer=layer, force_feature_count=False, **options)
    if _NO_POLYGONS.search(str(info["geometry_type"])):
        sieve.others += max(0, int(pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]))
        return False
    frame = pyogrio.read_dataframe(
        path, layer=layer, force_2d=True, on_invalid="ignore", max_features=sieve.limits.polygons + 1, **options
    )
    if "geometry" not in frame.columns:
        return False
    columns = [column for column in frame.columns if column != "geometry"]
    before = len(sieve.features)
    for shape, row in zip(frame.geometry, frame[columns].to_dict("records"), strict=True):
        if shape is not None:
            properties: Mapping[str, object] = {key: _scalar(value) for key, value in row.items() if _is_set(value)}
            sieve.take(shape, {"layer": layer, **properties} if several else properties)
    return len(sieve.features) > before


def _is_set(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and not pd.isna(value))


def _scalar(value: Any) -> object:
    """Return a value of a table as Python's own."""
    value = value.item() if hasattr(value, "item") and not isinstance(value, pd.Timestamp) else value
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def _encoding(parts: Mapping[str, bytes]) -> str:
    """
    Return the encoding of a Shapefile's words: what it says, else UTF-8 where they are, else that of Cyrillic Windows.

    Western letters stand alone between plain ones, Cyrillic ones stand together.
    """
    encoding = parts.get(".cpg", b"").decode("ascii", errors="ignore").strip()
    if encoding:
        return f"CP{encoding}" if encoding.isdigit() else encoding
    table = parts.get(".dbf", b"")
    try:
        table[32:].decode("utf-8")
    except UnicodeDecodeError:
        together = re.search(rb"[\xa8-\xff]{3}", table[32:])
        return "CP1251" if together else "CP1252"
    return "UTF-8"


def _systems(unpacked: Unpacked) -> dict[str, str]:
    """Return what a file says of its systems, by layer, or for all of it under an empty name."""
    if unpacked.kind == "gpkg":
        try:
            return _looked_through(unpacked)
        except (sqlite3.Error, UnicodeError, ValueError, OverflowError) as problem:
            if isinstance(problem, DataFileError):
                raise
            raise _unreadable(unpacked) from problem
    described = unpacked.parts.get(".prj", b"").decode("utf-8", errors="replace").strip("\ufeff \r\n\t\0")
    return {"": described} if described else {}


def _looked_through(unpacked: Unpacked) -> dict[str, str]:
    """Check that a GeoPackage is tables and the usual index, without running any of it; return its layers' systems."""
    content = bytearray(unpacked.content)
    content[18:20] = b"\x01\x01"
    database = sqlite3.connect(":memory:")
    try:
        database.deserialize(bytes(content))
        database.execute("pragma trusted_schema = off")
        database.execute("pragma query_only = on")
        steps = iter(range(_STEPS // 10_000))
        database.set_progress_handler(lambda: next(steps, None) is None, 10_000)
        for kind, name, text in database.execute("select type, name, sql from sqlite_master"):
            _check_part(unpacked, str(kind), str(name), " ".join(str(text or "").lower().split()))
        for (name,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            if not str(name).startswith("rtree_"):
                columns = database.execute("select hidden from pragma_table_xinfo(?)", (name,)).fetchall()
                if any(hidden for (hidden,) in columns):
                    raise _runs(unpacked, str(name))
        rows = database.execute(
            "select g.table_name, s.organization, s.organization_coordsys_id, s.definition"
            " from gpkg_geometry_columns g join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id"
        ).fetchall()
        described = [str(value) for row in database.execute("select * from gpkg_spatial_ref_sys") for value in row]
    finally:
        database.close()
    for text in described:
        if leads_elsewhere(text) or text.lstrip()[:1] in {"+", "{", "<", "/"}:
            reason = tr("has a coordinate reference system that is not known ({name})")
            raise unpacked.refuse(reason.format(name=plain(text, most=40)), tr("name one, such as --crs EPSG:4326"))
    return {
        str(table): f"{authority}:{code}" if str(authority).upper() == "EPSG" else str(definition)
        for table, authority, code, definition in rows
    }


def _check_part(file: Named, kind: str, name: str, text: str) -> None:
    if kind == "view":
        raise _runs(file, name)
    if kind == "table" and text.startswith("create virtual"):
        index = _INDEX.fullmatch(text)
        if index is None or index[1] != name.lower():
            raise _runs(file, name)
    if kind == "trigger":
        body = text.partition(" begin ")[2].removesuffix("end").split(";")
        steps = [step.strip() for step in body if step.strip()]
        work = _TILE_WORK if name.lower().startswith("gpkg_") else _INDEX_WORK
        plain_work = all(work.match(step) and step.count("select") == (work is _TILE_WORK) for step in steps)
        if not _USUAL_TRIGGER.fullmatch(name.lower()) or not steps or not plain_work:
            raise _runs(file, name)


def _runs(file: Named, part: str) -> Exception:
    reason = tr("is a GeoPackage with a part that runs SQL ({name})").format(name=plain(part, most=40))
    return file.refuse(reason, tr("export the layer of polygons to a new file"))
