"""Small files that stopped or starved the server once, each in its own way; all must be refused in one sentence."""

from __future__ import annotations

import gzip
import json
import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

SQUARE = [[37.0, 47.5], [38.0, 47.5], [38.0, 48.5], [37.0, 48.5], [37.0, 47.5]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}
RULES_HEAD = 'id="x"\ntitle="x"\nby="x"\ndate=2025-01-01\norder=1\nsummary="x"\n'


def collection(*geometries: Any, **more: Any) -> bytes:
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in geometries]
    return json.dumps({"type": "FeatureCollection", **more, "features": features}).encode()


def _named(name: str) -> dict[str, Any]:
    return {"crs": {"type": "name", "properties": {"name": name}}}


def pipe_as_crs(folder: Path) -> bytes:
    """PROJ opens the path that a CRS names; where it is a pipe, it waits for ever."""
    os.mkfifo(folder / "pipe")
    return collection(POLYGON, **_named(f"+init={folder.resolve()}/pipe:x"))


def crossing_ring(_: Path) -> bytes:
    rng = random.Random(7)  # noqa: S311, not for secrets
    ring = [[37 + rng.random(), 47.5 + rng.random()] for _ in range(500)]
    return collection({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def _bar(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return json.loads(shapely.to_geojson(shapely.box(west, south, east, north)))  # type: ignore[no-any-return]


def crossing_bars(_: Path) -> bytes:
    upright = [_bar(37 + one / 200, 47.5, 37.001 + one / 200, 48.5) for one in range(200)]
    return collection(*upright, *[_bar(37.0, 47.5 + one / 200, 38.0, 47.501 + one / 200) for one in range(200)])


def packed_lists(_: Path) -> bytes:
    return gzip.compress(b'{"type":"FeatureCollection","x":[' + b"[]," * 50_000_000 + b'[]],"features":[]}', 6)


def endless_view(folder: Path) -> bytes:
    """A GeoPackage's view is SQL that a reader runs."""
    path = folder / "made.gpkg"
    gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Polygon(SQUARE)], crs=4326).to_file(path, layer="land")
    with sqlite3.connect(path) as db:
        db.execute(
            "create view land2 as with recursive c(x) as (select 1 union all select x + 1 from c) "
            "select x fid, (select geom from land) geom from c where x < 0"
        )
        db.execute(
            "insert into gpkg_contents(table_name, data_type, identifier, srs_id) "
            "values('land2', 'features', 'land2', 4326)"
        )
        db.execute("insert into gpkg_geometry_columns values('land2', 'geom', 'POLYGON', 4326, 0, 0)")
    db.close()
    return path.read_bytes()


#: Lines, by the names of their files.
LINES: dict[str, Callable[[Path], bytes]] = {
    "crs-path.geojson": pipe_as_crs,
    "comments.kml": lambda _: b"<!---->" * 40 + b"x",
    "crossing-ring.geojson": crossing_ring,
    "crossing-bars.geojson": crossing_bars,
    "lists.geojson.gz": packed_lists,
    "view.gpkg": endless_view,
    "type-list.geojson": lambda _: collection({"type": ["Polygon"], "coordinates": []}),
    "local-crs.geojson": lambda _: collection(POLYGON, **_named("IAU_2015:30100")),
}

#: Rules, by the names of their files.
RULES: dict[str, bytes] = {
    "dotted.toml": b".".join([b"a"] * 60_000) + b" = 1",
    "quoted.toml": b" . ".join([b'"a"'] * 60_000) + b" = 1",
    "head.toml": b"[" + b".".join([b"a"] * 60_000) + b"]\n",
    "deep.toml": b"a = " + b"[" * 60_000,
    "rules.toml": (RULES_HEAD + '[[zones]]\nstatus="held"\nwhere={oblasts=["UA-14"]}\n' * 14_000).encode(),
    "inline.toml": (RULES_HEAD + "zones=[" + '{status="held",where={held_by="ukraine"}},' * 14_000 + "]").encode(),
    "empty.toml": b"[[zones]]\n" * 95_000,
    "hex.toml": (RULES_HEAD + '[[zones]]\nstatus="held"\nwhere={held_by=0x' + "f" * 5000 + "}\n").encode(),
    "decimal.toml": (RULES_HEAD + '[[zones]]\nstatus="held"\nwhere={held_by=' + "9" * 5000 + "}\n").encode(),
    "unknown.toml": "".join(f"word{one} = 1\n" for one in range(60_000)).encode(),
    "units.toml": (
        RULES_HEAD + '[[zones]]\nstatus="de_facto"\nwhere={oblasts=[' + '"UA-99",' * 100_000 + "]}\n"
    ).encode(),
    "bands.toml": (
        RULES_HEAD
        + "".join(f'[[zones]]\nstatus="buffer"\nwhere={{within_km_of_line={499 - one}}}\n' for one in range(200))
    ).encode(),
}
