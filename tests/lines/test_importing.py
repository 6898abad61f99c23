"""Published polygons become lines: each kind of file, each choice, and each refusal. All shapes are drawn."""

import gzip
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest
import shapely
from shapely import box
from shapely.geometry import mapping

from mapcore import load_oblasts, load_proposal, measure, measure_proposal
from mapcore.base.errors import DataFileError, LineFileError, MapcoreError, ParameterError
from mapcore.base.limits import Limits
from mapcore.base.records import record_of, table_of
from mapcore.base.schema import AREA_CRS
from mapcore.land.cut import split_by_holder
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import About, Reading, import_bytes, import_file
from mapcore.publish.export import Wishes, export

DAY = date(2025, 11, 20)
ABOUT = About(as_of=DAY, provenance=Provenance("Drawn by hand"))
#: Squares in Donetsk, Crimea and Cherkasy oblasts.
EAST, SOUTH, MIDDLE = box(37.5, 47.8, 38.5, 48.6), box(33.8, 44.9, 34.8, 45.5), box(30.8, 49.2, 31.2, 49.4)
LAND = shapely.MultiPolygon([EAST, SOUTH])


def collection(*features, **members):
    rows = [
        {"type": "Feature", "properties": properties, "geometry": mapping(shape) if shape is not None else None}
        for shape, properties in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows, **members}).encode()


PLAIN = collection((LAND, {}))


def read(content, name="held.geojson", *, about=ABOUT, limits=None, confirmed=True, **reading):
    """Read a file; a few squares are no line that anybody would believe, so that is confirmed."""
    chosen = Reading(confirmed=confirmed, **reading)
    return import_bytes(content, name, about=about, reading=chosen, limits=limits)


def frame(crs=4326):
    shapes = gpd.GeoDataFrame({"class": ["held", "held"]}, geometry=[EAST, SOUTH], crs=4326)
    shapes.geometry = shapes.geometry.segmentize(0.05)
    return shapes.to_crs(crs)


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def shapefile(tmp_path, crs=3857, stem="land"):
    tmp_path.mkdir(exist_ok=True)
    frame(crs).to_file(tmp_path / f"{stem}.shp")
    return {path.name: path.read_bytes() for path in tmp_path.glob(f"{stem}.*")}


def geopackage(tmp_path, crs=32637):
    frame(crs).to_file(tmp_path / "land.gpkg")
    return (tmp_path / "land.gpkg").read_bytes()


def quoted_geopackage(tmp_path):
    """The same with its index as older releases of GDAL declare it, such as 3.8."""
    geopackage(tmp_path)
    columns = ("id", "minx", "maxx", "miny", "maxy")
    quoted = ", ".join(f'"{column}"' for column in columns)
    with closing(sqlite3.connect(tmp_path / "land.gpkg")) as database, database:
        database.execute("pragma writable_schema = on")
        database.execute("update sqlite_master set sql = replace(sql, ?, ?)", (", ".join(columns), quoted))
    content = (tmp_path / "land.gpkg").read_bytes()
    assert f"({quoted})".encode() in content
    return content


def kml(*polygons, extra="", head=""):
    def ring(coordinates):
        return (
            "<LinearRing><coordinates>" + " ".join(f"{x},{y},0" for x, y in coordinates) + "</coordinates></LinearRing>"
        )

    marks = "".join(
        f"<Placemark>{extra}<Polygon><outerBoundaryIs>{ring(one.exterior.coords)}</outerBoundaryIs></Polygon></Placemark>"
        for one in polygons
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    return f"{text}<Folder><name>Held</name>{marks}</Folder></Document></kml>".encode()


@pytest.fixture(scope="module")
def expected():
    return read(PLAIN).held


def same(control, expected, rel=1e-4):
    assert shapely.symmetric_difference(control.held, expected).area < rel * expected.area


def test_geojson():
    control = read(PLAIN)
    assert (control.id, control.as_of, control.provenance.error_km) == ("2025-11-20-drawn-by-hand", DAY, 2.0)
    assert control.provenance.licence == "not stated"
    assert control.provenance.attribution == "Line of contact: Drawn by hand, 20 November 2025 (licence: not stated)"
    assert re.fullmatch("[0-9a-f]{64}", control.sha256)
    assert control.origin == "held.geojson"
    assert control.method.startswith("Imported from held.geojson. Read as land held by Russia: 1 shape.")
    assert control.held.is_valid
    shares = measure(split_by_holder(control)).set_index(["oblast", "held_by"])["share_of_oblast"]
    assert 0.15 < shares["UA-43", "russia"] < 0.25
    assert 0.2 < shares["UA-14", "russia"] < 0.3
    assert ("UA-30", "russia") not in shares.index
    whole = gpd.GeoSeries(load_oblasts().geometry).union_all()
    assert control.held.difference(whole).area < 1


OTHER_FORMS = {
    "a bare geometry, the form of DeepState's daily file": lambda _: json.dumps(mapping(LAND)).encode(),
    "a feature": lambda _: json.dumps({"type": "Feature", "properties": None, "geometry": mapping(LAND)}).encode(),
    "a collection of geometries": lambda _: collection((shapely.GeometryCollection([EAST, SOUTH]), {})),
    "with heights": lambda _: collection((shapely.force_3d(LAND, 5), {})),
    "with a byte order mark": lambda _: b"\xef\xbb\xbf" + PLAIN,
    "gzip": lambda _: gzip.compress(PLAIN),
    "the old crs member": lambda _: collection(
        (LAND, {}), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    ),
    "KML": lambda _: kml(EAST, SOUTH),
    "metres in GeoJSON that says so": lambda _: collection(
        *((shape, {}) for shape in frame(3857).geometry), crs={"type": "name", "properties": {"name": "EPSG:3857"}}
    ),
    "GeoPackage in UTM": geopackage,
    "GeoPackage with a quoted index": quoted_geopackage,
    "a zipped Shapefile in Mercator": lambda tmp_path: packed(shapefile(tmp_path / "parts")),
    "a Shapefile in a folder of the zip, with what macOS adds": lambda tmp_path: packed(
        {f"Land/{name.upper()}": content for name, content in shapefile(tmp_path / "parts").items()}
        | {"__MACOSX/._land.shp": b"x"}
    ),
}


@pytest.mark.parametrize("form", OTHER_FORMS.values(), ids=OTHER_FORMS)
def test_every_form_gives_the_same_land(form, tmp_path, expected):
    same(read(form(tmp_path), "whatever.bin"), expected)


def test_a_named_system_replaces_one_that_is_missing(tmp_path, expected):
    metres = collection(*((shape, {}) for shape in frame(3857).geometry))
    same(read(metres, crs="EPSG:3857"), expected)
    parts = {name: content for name, content in shapefile(tmp_path / "parts").items() if not name.endswith(".prj")}
    same(read(packed(parts), crs="EPSG:3857"), expected)


def test_polygons_of_ukrainian_held_land(expected):
    country = load_oblasts().to_crs(4326).union_all()
    control = read(collection((country.difference(LAND), {})), held_by="ukraine")
    assert "Read as land held by Ukraine" in control.notes[0]
    same(control, expected, rel=0.01)


def test_the_polygons_are_mended_and_the_account_says_so():
    bow = shapely.Polygon([(36.5, 48), (39, 50), (39, 48), (36.5, 50)])
    control = read(collection((bow, {}), (SOUTH, {})))
    assert control.held.is_valid
    assert "Of 2 shapes, 1 crossed or touched themselves and were repaired." in control.notes
    assert any(re.fullmatch(r"[\d,]+ km² beyond our outline of Ukraine were cut off\.", note) for note in control.notes)
    assert all(note in control.method for note in control.notes)


def test_published_crimea_leaves_no_strip():
    """An outline of Crimea that is 1.2 km too small all around: clipped plainly, a strip would stay Ukrainian-held."""
    oblasts = load_oblasts().set_index("iso")
    crimea = gpd.GeoSeries([oblasts.geometry["UA-43"].union(oblasts.geometry["UA-40"]).buffer(-1200)], crs=AREA_CRS)
    content = collection((crimea.to_crs(4326).item(), {}))

    def left(control):
        pieces = measure(split_by_holder(control))
        return pieces[pieces["oblast"].isin(["UA-43", "UA-40"]) & (pieces["held_by"] == "ukraine")]["area_km2"].sum()

    assert left(read(content, sliver_km=0)) > 1000
    mended = read(content)
    assert left(mended) < 15
    assert any("slivers between the polygons and oblast edges" in note for note in mended.notes)


COMBINED = collection(
    (EAST, {"date": "2025-11-19"}), (LAND, {"date": "2025-11-20"}), (SOUTH, {"date": "2025-11-21T00:00:00"})
)


def test_a_combined_archive_gives_the_date_asked_for(expected):
    same(read(gzip.compress(COMBINED), "deepstate-map-data.geojson.gz"), expected)
    limits = replace(Limits(), vertices=12)
    same(read(COMBINED, limits=limits), expected)
    whole = read(COMBINED, date_field="", every_class=True)
    assert whole.held.area == pytest.approx(expected.area, rel=1e-6)
    with pytest.raises(LineFileError, match="nothing of 2025-12-24; it holds 3 dates from 2025-11-19 to 2025-11-21"):
        read(COMBINED, about=replace(ABOUT, as_of=date(2025, 12, 24)))
    with pytest.raises(LineFileError, match="nothing of 2025-12-24; it holds polygons of 2025-11-19; choose"):
        read(collection((EAST, {"Date": "20251119"})), about=replace(ABOUT, as_of=date(2025, 12, 24)))


CLASSED = collection(
    (EAST, {"Class": "Assessed control"}), (SOUTH, {"Class": "Assessed control"}), (MIDDLE, {"Class": "Claimed"})
)


def test_classes_are_chosen_and_never_guessed(expected):
    same(read(CLASSED, class_field="Class", classes=("Assessed control",)), expected)
    same(read(CLASSED, classes=("Assessed control",)), expected)
    both = read(CLASSED, class_field="Class", classes=("Assessed control", "Claimed"))
    assert both.held.area > expected.area
    assert "Counted: Class Assessed control, Claimed: 3 of 3 shapes." in both.notes
    assert read(CLASSED, every_class=True).held.equals(both.held)
    with pytest.raises(LineFileError, match=r"several classes: Class: 'Assessed control' \(2\), 'Claimed' \(1\)"):
        read(CLASSED)
    with pytest.raises(LineFileError, match=r"has these classes: Class: 'Assessed control' \(2\)"):
        read(CLASSED, class_field="Class")
    with pytest.raises(ParameterError, match="no class 'Asessed control' in Class; did you mean 'Assessed control'"):
        read(CLASSED, class_field="Class", classes=("Asessed control",))
    with pytest.raises(ParameterError, match="no property 'class'; did you mean 'Class'"):
        read(CLASSED, class_field="class", classes=("Claimed",))
    with pytest.raises(ParameterError, match="has no classes"):
        read(PLAIN, classes=("Claimed",))


def test_layers_and_folders_are_classes(tmp_path, expected):
    frame()[:1].to_file(tmp_path / "two.gpkg", layer="held")
    frame()[1:].to_file(tmp_path / "two.gpkg", layer="claimed")
    content = (tmp_path / "two.gpkg").read_bytes()
    with pytest.raises(LineFileError, match="layer: 'held'"):
        read(content)
    same(read(content, class_field="layer", classes=("held", "claimed")), expected)
    folders = kml(EAST, SOUTH).replace(b"</Folder>", b"</Folder><Folder><name>Claimed</name></Folder>")
    same(read(folders, class_field="folder", classes=("Held",)), expected)


def test_nothing_of_the_properties_is_kept_as_markup():
    """Names of classes reach the message; a tag in them does not."""
    evil = "<script>alert(1)</script>[x](javascript:y) `z` \u202e"
    content = collection((EAST, {"class": evil, evil: "a"}), (SOUTH, {"class": "held", evil: "b"}))
    with pytest.raises(LineFileError, match="several classes") as refused:
        read(content, "<img src=x onerror=alert(1)>.geojson")
    control = read(content, "<b>name</b>.geojson", every_class=True)
    for text in (str(refused.value), repr(control)):
        assert not set("<>`[]\u202e") & set(re.sub(r"^<(Control .*)>$", r"\1", text))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.geojson", "C:\\windows\\x.geojson", "/abs/x.geojson", "..", "a\0b\nc"]
)
def test_names_with_path_tricks_stay_names(name):
    with pytest.raises(LineFileError, match="lies outside Ukraine") as refused:
        read(collection((box(0, 0, 1, 1), {})), name)
    shown = str(refused.value).split(": ")[0]
    assert not set("/\\\0\n:") & set(shown)
    assert shown.strip(".")


def zip_of(names):
    return packed(dict.fromkeys(names, b"x"))


def points():
    return collection((shapely.Point(36, 48), {}), (shapely.LineString([(36, 48), (37, 49)]), {}))


BAD = {
    "empty": (b"", "is empty; choose the file again"),
    "blank": (b" \n ", "is empty"),
    "no known kind": (b"\x89PNG\r\n\x1a\n", "is not a kind of file that can be read; give GeoJSON"),
    "a web page": (b"\n<!DOCTYPE html><html></html>", "is a web page, not a file of polygons; download"),
    "other XML": (b"<?xml version='1.0'?><OGRVRTDataSource><!-- <kml> --></OGRVRTDataSource>", "is not a kind of file"),
    "cut-off JSON": (PLAIN[: len(PLAIN) // 2], r"is not valid JSON \(line 1\); it may be cut off"),
    "not UTF-8": (PLAIN.replace(b'"Feature"', b'"F\xff"'), "is not valid JSON"),
    "other JSON": (b'{"answer": 42}', "is JSON, but not GeoJSON"),
    "a list": (b"[1, 2]", "is JSON, but not GeoJSON"),
    "TopoJSON": (b'{"type": "Topology", "objects": {}}', "is JSON, but not GeoJSON"),
    "nested without end": (b"[" * 200_000, "nested too deep|is not valid JSON"),
    "no features": (collection(), "holds no polygon"),
    "features without shapes": (collection((None, {})), "holds no polygon"),
    "points and lines": (points(), "has 2 points or lines, but no polygon"),
    "a word in place of a number": (PLAIN.replace(b"37.5", b"NaN", 1), "has NaN in place of a number"),
    "an endless number": (PLAIN.replace(b"37.5", b"1e999", 1), "has a ring that is not a list"),
    "coordinates as words": (PLAIN.replace(b"37.5", b'"east"', 1), "has a ring that is not a list of at least 3 pairs"),
    "a ring of two corners": (
        b'{"type": "Polygon", "coordinates": [[[36, 48], [37, 48]]]}', "has a ring that is not a list"
    ),
    "coordinates that are no list": (b'{"type": "Polygon", "coordinates": 7}', "has a ring that is not a list"),
    "metres without a word": (
        collection((shapely.box(4.1e6, 6.0e6, 4.2e6, 6.1e6), {})),
        r"cannot be degrees \(4.2e\+06, 6e\+06\); name their system, such as --crs EPSG:3857",
    ),
    "an unknown system": (
        collection((LAND, {}), crs={"type": "name", "properties": {"name": "EPSG:<b>"}}),
        r"has a coordinate reference system that is not known \(EPSG:\?b\?\)",
    ),
    "outside Ukraine": (collection((box(0, 40, 10, 50), {})), "lies outside Ukraine .0 to 10, 40 to 50 in WGS 84"),
    "latitude first": (collection((box(47.5, 36.5, 50, 40), {})), "longitudes and latitudes seem swapped"),
    "empty gzip": (gzip.compress(b""), "is empty"),
    "cut-off gzip": (gzip.compress(PLAIN)[:-20], "is a broken or cut-off gzip file"),
    "gzip in gzip": (gzip.compress(gzip.compress(PLAIN)), "is packed twice with gzip"),
    "broken zip": (b"PK\x03\x04nothing", "is a broken, cut-off or encrypted zip file"),
    "a zip without Shapefile": (zip_of(["a.txt"]), "exactly one Shapefile, GeoJSON, GeoPackage or KML; it holds: none"),
    "a zip with two": (zip_of(["a.shp", "b/c.shp"]), "GeoJSON, GeoPackage or KML; it holds: a.shp, b.c.shp"),
    "half a Shapefile": (zip_of(["a.shp"]), "lacks the Shapefile's .shx, .dbf"),
    "no Shapefile in it": (zip_of(["a.shp", "a.shx", "a.dbf"]), "cannot be read as a Shapefile"),
    "a zip that climbs": (zip_of(["../a.shp", "a.shx"]), "names a file outside of itself"),
    "a zip from the root": (zip_of(["/etc/a.shp"]), "names a file outside of itself"),
    "a zip from a drive": (zip_of(["C:\\a.shp"]), "names a file outside of itself"),
    "a zip of many files": (zip_of([f"{number}.txt" for number in range(70)]), "holds more than 64 files"),
    "half a GeoPackage": (b"SQLite format 3\0" + b"\0" * 500, "cannot be read as a GeoPackage"),
    "KML with entities": (
        kml(EAST, head='<!DOCTYPE kml [<!ENTITY a "aaaa">]>'), "is not a kind of file|declares XML entities"
    ),
    "cut-off KML": (kml(EAST)[:-40], "is not valid KML; it may be cut off"),
    "KML without numbers": (kml(EAST).replace(b"37.5", b"x"), "has a ring that is not a list"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=BAD)
def test_bad_files_are_refused_in_one_sentence(content, said):
    with pytest.raises(LineFileError, match=said) as refused:
        read(content, "line.dat")
    text = str(refused.value)
    assert text.startswith("line.dat: ")
    assert "\n" not in text
    assert "; " in text


def test_a_shapefile_without_a_system_is_refused(tmp_path):
    parts = {name: content for name, content in shapefile(tmp_path / "parts").items() if not name.endswith(".prj")}
    with pytest.raises(LineFileError, match="does not say its coordinate reference system; name it"):
        read(packed(parts))


def test_a_link_in_a_zip_is_refused():
    entry = zipfile.ZipInfo("a.shp")
    entry.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(LineFileError, match="names a file outside of itself"):
        read(out.getvalue())


def test_bombs_stop_at_the_limit():
    small = replace(Limits(), unpacked_mb=1)
    with pytest.raises(LineFileError, match=r"unpacks to more than 1 MB; .* MAPCORE_LIMIT_UNPACKED_MB"):
        read(gzip.compress(b" " * 50_000_000), limits=small)
    zeros = b"\0" * 50_000_000
    with pytest.raises(LineFileError, match="unpacks to more than 1 MB"):
        read(packed({"a.shp": zeros, "a.shx": b"", "a.dbf": b""}), limits=small)


def test_a_zip_that_lies_about_its_size_is_refused():
    honest = packed({"a.shp": b"\0" * 3_000_000, "a.shx": b"x", "a.dbf": b"x"})
    lying = honest.replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(LineFileError, match=r"broken, cut-off or encrypted|unpacks to more than|cannot be read"):
        read(lying, limits=replace(Limits(), unpacked_mb=1))


def test_large_files_are_refused(tmp_path):
    small = replace(Limits(), file_mb=0.001)
    path = tmp_path / "large.geojson"
    path.write_bytes(PLAIN + b" " * 5000)
    for attempt in (
        lambda: read(path.read_bytes(), limits=small),
        lambda: import_file(path, about=ABOUT, limits=small),
    ):
        with pytest.raises(LineFileError, match=r"is larger than 0.001 MB; .* MAPCORE_LIMIT_FILE_MB sets the limit"):
            attempt()


def test_too_many_vertices_or_shapes_are_refused():
    with pytest.raises(LineFileError, match="has more than 9 vertices; simplify it"):
        read(PLAIN, limits=replace(Limits(), vertices=9))
    with pytest.raises(LineFileError, match="has more than 1 shapes; dissolve them"):
        read(collection((EAST, {}), (SOUTH, {})), limits=replace(Limits(), polygons=1))


def test_detail_far_below_the_error_is_left_out():
    rough = shapely.segmentize(EAST, 0.0001)
    control = read(collection((rough, {}), (MIDDLE, {})))
    assert "Detail finer than 20 m was left out." in control.notes
    assert shapely.get_num_coordinates(control.held) < 1000
    assert control.held.area == pytest.approx(read(collection((EAST, {}), (MIDDLE, {}))).held.area, rel=1e-4)


def test_limits_move_with_the_environment(monkeypatch):
    moved = Limits.from_environment({"MAPCORE_LIMIT_FILE_MB": "0.5", "MAPCORE_LIMIT_VERTICES": "7"})
    assert (moved.file_mb, moved.vertices, moved.polygons) == (0.5, 7, Limits().polygons)
    for wrong in ("", "x", "-1", "nan", "inf"):
        with pytest.raises(ParameterError, match="MAPCORE_LIMIT_VERTICES: this limit must be a positive number"):
            Limits.from_environment({"MAPCORE_LIMIT_VERTICES": wrong})
    monkeypatch.setenv("MAPCORE_LIMIT_VERTICES", "5")
    with pytest.raises(LineFileError, match="more than 5 vertices"):
        read(PLAIN)


SAID_BADLY = [
    ({"source": " "}, "source: who published the line is missing"),
    ({"source": "<b>x</b>"}, r"source: has markup or hidden characters \(U\+003C, U\+003E\)"),
    ({"licence": "a\u202eb"}, r"licence: has markup or hidden characters \(U\+202E\)"),
    ({"source": "x" * 300}, "source: has 300 characters; write at most 200"),
    ({"error_km": -1}, "error_km: -1 is out of range; give km from 0 to 50"),
    ({"error_km": float("nan")}, "error_km: nan is out of range"),
    ({"id": "../x"}, "id '../x': write small letters"),
    ({"id": "2025-12-02"}, "id '2025-12-02': belongs to a built-in line"),
]


@pytest.mark.parametrize(("said", "answer"), SAID_BADLY)
def test_what_is_said_about_a_line_is_checked(said, answer):
    with pytest.raises((ParameterError, DataFileError), match=answer):
        read(PLAIN, about=record_of(About, {**table_of(ABOUT), **said}))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(LineFileError, match=r"no.geojson: cannot be read \(No such file or directory\); check"):
        import_file(tmp_path / "no.geojson", about=ABOUT)
    with pytest.raises(LineFileError, match="is a folder"):
        import_file(tmp_path, about=ABOUT)
    with pytest.raises(MapcoreError, match="cannot be read"):
        import_file(tmp_path / "a\0b", about=ABOUT)


@pytest.mark.parametrize("ending", ["svg", "html", "geojson", "csv", "bib"])
def test_credit_and_licence_of_a_line_go_into_each_export(ending):
    about = About(as_of=DAY, provenance=Provenance("Somebody", "ODbL 9.9", "Drawn by Somebody"))
    line = read(PLAIN, about=about)
    assert line.provenance.attribution == "Drawn by Somebody (licence: ODbL 9.9)"
    content = export(measure_proposal(load_proposal("line-as-is"), control=line), ending, Wishes()).decode()
    assert "Drawn by Somebody" in content
    assert "ODbL 9.9" in content
