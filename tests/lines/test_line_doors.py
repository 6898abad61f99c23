"""Files made to stop or starve a reader, each refused by itself, and forms of file that people have, which are read."""

import contextlib
import gzip
import io
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest
import shapely
from shapely import box
from shapely.geometry import mapping
from support.drawn_archive import believable
from support.paths import CASES

from mapcore.base.errors import ChoiceNeededError, LineFileError, MapcoreError
from mapcore.base.geometry import geodesic_area_km2
from mapcore.base.limits import Limits
from mapcore.base.schema import AREA_CRS
from mapcore.cli.main import main
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import About, Reading, import_bytes
from mapcore.outside.archive_forms import open_archive

ABOUT = About(as_of=date(2025, 12, 4), provenance=Provenance("Drawn by hand"))
EAST = box(37, 47.2, 38, 48.2)


def read(content, name="line.dat", **reading):
    return import_bytes(content, name, about=ABOUT, reading=Reading(**{"confirmed": True, **reading}))


def refused(content, **reading):
    with pytest.raises(LineFileError) as problem:
        read(content, **reading)
    assert "\n" not in str(problem.value)
    assert "; " in str(problem.value)
    return str(problem.value)


def held_km2(line):
    return geodesic_area_km2(gpd.GeoSeries([line.held], crs=AREA_CRS).to_crs(4326).item())


def feature(shape=EAST, **members):
    geometry = mapping(shape) if hasattr(shape, "geom_type") else shape
    return {"type": "Feature", "properties": {}, "geometry": geometry, **members}


def collection(*features, **members):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}).encode()


def crs(name):
    return {"type": "name", "properties": {"name": name}}


def kml(body, head='<?xml version="1.0"?>'):
    return f'{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'.encode()


RING = "<LinearRing><coordinates>37,47 38,47 38,48 37,47</coordinates></LinearRing>"
POLYGON = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs></Polygon>"


def zipped(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, CASES / "hostile.py", folder], check=True)
    return folder


SAID = {
    "crs-path.geojson": "has a coordinate reference system that is not known",
    "comments.kml": "is not a kind of file that can be read",
    "crossing-ring.geojson": "has edges that cross or touch more than 10,000 times",
    "crossing-bars.geojson": "has edges that cross or touch more than 10,000 times",
    "lists.geojson.gz": "has more lists than GeoJSON of its length can have",
    "view.gpkg": r"is a GeoPackage with a part that runs SQL (land2)",
    "type-list.geojson": "has a geometry of a type that GeoJSON does not know",
    "local-crs.geojson": "has a coordinate reference system that is not known (IAU_2015:30100)",
    "booleans.geojson": "has a ring that is not a list of at least 3 pairs of numbers",
}


@pytest.mark.parametrize(("name", "said"), SAID.items(), ids=SAID)
def test_a_hostile_file_is_refused_without_any_other_process(hostile, name, said):
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert said in refused((hostile / name).read_bytes())
    assert time.process_time() - start < 5
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000 < 200


def test_lists_that_are_not_packed_are_refused_too():
    content = b'{"type":"FeatureCollection","x":[' + b"[]," * 5_000_000 + b'[]],"features":[]}'
    assert "has a part of more than 2,600,000 values" in refused(content)


def test_polygons_in_polygons_of_kml_are_refused():
    assert "is nested too deep" in refused(kml("<Placemark>" + POLYGON.replace("</Polygon>", "") * 3000))
    assert "is nested too deep" in refused(kml("<Folder>" * 100_000))
    assert "declares XML entities" in refused(kml("", head='<!DOCTYPE kml [<!ENTITY a "b">]>'))


SYSTEMS = {
    "a word of PROJ": crs("+proj=longlat +nadgrids=/etc/passwd"),
    "JSON of PROJ": crs('{"type": "GeographicCRS", "name": "x"}'),
    "JSON in place of a name": crs({"type": "GeographicCRS"}),
    "a truth value": crs(True),
    "a path": crs("/etc/passwd"),
    "WKT with a grid": crs('BOUNDCRS[SOURCECRS[GEOGCRS["x"]],PARAMETERFILE["f","/etc/passwd"]]'),
    "WKT with words of PROJ": crs('GEOGCS["x",EXTENSION["PROJ4","+proj=longlat +nadgrids=/etc/passwd"]]'),
    "no authority": crs("ESRI:102100"),
    "no code": crs("EPSG:999999"),
    "heights": crs("EPSG:4979"),
    "heights beside": crs("EPSG:9518"),
    "a system of a building site": crs("EPSG:5800"),
    "a link": {"type": "link", "properties": {"href": "http://127.0.0.1:9/x"}},
}


@pytest.mark.parametrize("member", SYSTEMS.values(), ids=SYSTEMS)
def test_a_system_is_named_by_authority_and_code(member):
    said = refused(collection(feature(), crs=member))
    assert "coordinate reference system" in said
    assert "--crs EPSG:" in said
    name = member["properties"].get("name")
    if isinstance(name, str):
        assert "coordinate reference system" in refused(collection(feature()), crs=name)


@pytest.mark.parametrize(
    "member",
    [
        crs("EPSG:4326"),
        crs("urn:ogc:def:crs:EPSG::4326"),
        crs("urn:ogc:def:crs:OGC:1.3:CRS84"),
        crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        {"type": "EPSG", "properties": {"code": 4326}},
        None,
    ],
)
def test_systems_that_are_known_by_code_are_read(member):
    assert held_km2(read(collection(feature(), crs=member))) == pytest.approx(8345, abs=150)


def test_a_system_may_stand_at_any_place_of_geojson_and_only_one():
    metres = gpd.GeoSeries([EAST], crs=4326).to_crs(3857).item()
    shape = {**mapping(metres), "crs": crs("EPSG:3857")}
    assert held_km2(read(collection(feature(shape)))) == pytest.approx(8345, abs=150)
    assert held_km2(read(json.dumps(shape).encode())) == pytest.approx(8345, abs=150)
    assert "different coordinate systems" in refused(collection(feature(shape), feature(crs=crs("EPSG:4326"))))


MEMBERS = {
    "features": json.dumps({"type": "FeatureCollection", "features": {}}).encode(),
    "two lists of features": b'{"type":"FeatureCollection","features":[],"features":[]}',
    "no feature": collection(7),
    "a geometry in its place": collection(mapping(EAST)),
    "properties": collection(feature(properties=[1])),
    "geometry": collection(feature("x")),
    "geometry's type": collection(feature({"type": {"a": 1}, "coordinates": []})),
    "geometries": collection(feature({"type": "GeometryCollection", "geometries": {"type": "Polygon"}})),
    "coordinates": collection(feature({"type": "Polygon", "coordinates": {"0": 1}})),
    "no coordinates": collection(feature({"type": "MultiPolygon"})),
    "numbers as words": collection(feature({"type": "Polygon", "coordinates": [[["37", 47], [38, 47], [38, 48]]]})),
    "a truth value as number": collection(
        feature({"type": "Polygon", "coordinates": [[[37, 47], [38, True], [38, 48]]]})
    ),
    "an endless whole number": b'{"type":"Polygon","coordinates":[[[' + b"9" * 400 + b",1],[1,2],[2,3]]]}",
    "a number of too many digits": b'{"type":"Polygon","coordinates":[[[' + b"9" * 5000 + b",1],[1,2],[2,3]]]}",
    "something behind it": collection(feature()) + b"{}",
}  # fmt: skip


@pytest.mark.parametrize("content", MEMBERS.values(), ids=MEMBERS)
def test_a_member_of_another_type_is_refused(content):
    refused(content)


def test_a_ring_over_the_180th_meridian_is_not_read_the_long_way_round():
    content = collection(feature(shapely.Polygon([(170, 45), (-170, 45), (-170, 52), (170, 52)])))
    assert "runs from -170 to 170 degrees of longitude at once" in refused(content)


def geopackage(path, **options):
    gpd.GeoDataFrame({"n": ["a"]}, geometry=[EAST], crs=4326).to_file(path, layer="land", driver="GPKG", **options)
    return path


@pytest.mark.parametrize("index", ["YES", "NO"])
def test_a_geopackage_as_writers_make_it_is_read(tmp_path, index):
    path = geopackage(tmp_path / "a.gpkg", SPATIAL_INDEX=index)
    assert held_km2(read(path.read_bytes())) == pytest.approx(8345, abs=150)


@pytest.mark.parametrize(
    "statement",
    [
        "create view land2 as select * from land",
        "create virtual table words using fts4(x)",
        "create virtual table rtree_land_more using rtree(id, minx, maxx)",
        "create trigger t after insert on land begin delete from land; end",
        "create trigger rtree_land_geom_insert2 after insert on land begin select 1; end",
        'create trigger rtree_x_insert after insert on land begin delete from "rtree_x" where id in (select 1); end',
        "create table more (a, b as (hex(zeroblob(100000000))))",
        "update gpkg_spatial_ref_sys set definition = '+init=/etc/passwd:x' where srs_id = 4326",
        'update gpkg_spatial_ref_sys set definition = \'GEOGCS[EXTENSION["PROJ4","+nadgrids=/etc/passwd"]]\'',
    ],
)
def test_a_geopackage_with_more_than_tables_is_refused(tmp_path, statement):
    path = geopackage(tmp_path / "a.gpkg")
    with sqlite3.connect(path) as database:
        for name in ("rtree_land_geom_update6", "rtree_land_geom_insert"):
            database.execute(f"drop trigger if exists {name}")
        database.execute(statement)
    database.close()
    said = refused(path.read_bytes())
    assert "a part that runs SQL" in said or "coordinate reference system that is not known" in said


@pytest.mark.parametrize("other", ["held.geojson", "HELD.GeoJSON"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_two_files_of_one_name_is_refused(other):
    """Which of the two would count nobody could see."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("held.geojson", collection(feature()))
        packed.writestr(other, collection(feature()))
    with pytest.raises(LineFileError, match=r"^line\.zip: holds two files of one name; pack the layer's own files"):
        read(out.getvalue(), "line.zip")


def test_land_that_is_next_to_nothing_is_called_that():
    thin = {"type": "Polygon", "coordinates": [[[37, 47], [38, 48], [37, 47], [37, 47]]]}
    with pytest.raises(LineFileError, match=r"holds less than 0\.01 km² of land"):
        read(json.dumps(thin).encode())


def test_a_height_alone_has_no_flat_system_to_name():
    told = r"with heights \(EGM96 height\); name the flat one, such as --crs EPSG:4326"
    with pytest.raises(LineFileError, match=told):
        read(collection(feature(), crs=crs("EPSG:5773")))


METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


@pytest.mark.parametrize("method", METHODS)
def test_a_zip_packed_in_any_way_is_read_or_refused_when_a_byte_is_flipped(method):
    content = zipped({"held.geojson": collection(feature(), note="x" * 300)}, method)
    assert held_km2(read(content)) == pytest.approx(8345, abs=150)
    rng = random.Random(method)  # noqa: S311 - the same bytes in each run
    for _ in range(60):
        broken = bytearray(content)
        broken[rng.randrange(30, len(content))] ^= 1 << rng.randrange(8)
        with contextlib.suppress(MapcoreError):
            read(bytes(broken))
    packed = zipped({"day_20251204.geojson": collection(feature(), note="x" * 300)}, method)
    broken = bytearray(packed)
    broken[70] ^= 255
    archive = open_archive(io.BytesIO(bytes(broken)), name="days.zip")
    with pytest.raises(LineFileError):
        archive.control(date(2025, 12, 4))


def test_a_way_of_packing_that_is_not_read_is_named():
    content = zipped({"held.geojson": collection(feature())})
    other = content.replace(b"\x08\x00", b"\x09\x00")
    assert "is packed in a way that is not read" in refused(other)


FORMS = {
    "GeoJSON in a zip": lambda: zipped({"a/held.geojson": collection(feature()), "a.txt": b"x", "style.json": b"{}"}),
    "a GeoJSON named json": lambda: zipped({"held.json": collection(feature())}),
    "packed GeoJSON in a zip": lambda: zipped({"held.geojson.gz": gzip.compress(collection(feature()))}),
    "KML in a zip": lambda: zipped({"held.kml": kml(f"<Placemark>{POLYGON}</Placemark>")}),
    "KMZ with pictures": lambda: zipped({"doc.kml": kml(f"<Placemark>{POLYGON}</Placemark>"), "files/a.png": b"x"}),
    "KML packed with gzip": lambda: gzip.compress(kml(f"<Placemark>{POLYGON}</Placemark>")),
    "KML in UTF-16": lambda: kml(f"<Placemark>{POLYGON}</Placemark>", "").decode().encode("utf-16"),
    "GeoJSON in UTF-16": lambda: collection(feature()).decode().encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("made", FORMS.values(), ids=FORMS)
def test_forms_that_people_have_are_read(made):
    assert held_km2(read(made())) > 3800


def test_letters_that_are_not_of_the_encoding_are_named():
    text = kml(f"<Placemark><name>Контроль</name>{POLYGON}</Placemark>").decode()
    assert "its text is not in the encoding that it names" in refused(text.encode("cp1251"))
    assert "its text is not UTF-8" in refused('{"type": "Feature", "a": "Контроль"}'.encode("cp1251"))


def test_the_cases_that_are_read():
    for name in ("c18_geojson.zip", "c34_points_other_crs.gpkg", "c32_multi_nested.geojson"):
        assert held_km2(read((CASES / name).read_bytes(), name)) == pytest.approx(8345, abs=150), name


def test_overlaps_within_one_outline_are_told():
    outer = [(37, 47.2), (38, 47.2), (38, 48.2), (37, 48.2), (37, 47.2)]
    twice = [*outer, (37.2, 47.4), (37.8, 47.4), (37.8, 48), (37.2, 48), (37.2, 47.4)]
    notes = read(collection(feature(shapely.Polygon([*twice, twice[0]])))).notes
    assert any("km² may be land or a hole; overlaps were read as holes." in note for note in notes)


def test_folders_and_styles_of_kml_tell_classes_apart():
    mark = f"<Placemark><Style><PolyStyle><color>ff0000ff</color></PolyStyle></Style>{POLYGON}</Placemark>"
    inside = f"<Folder><name>Donetsk</name>{mark}</Folder>"
    content = kml(f"<Folder><name>Held</name>{inside}</Folder><Folder><name>Claimed</name>{inside}</Folder>")
    with pytest.raises(ChoiceNeededError) as question:
        read(content)
    assert question.value.classes == {"folder": {"Held/Donetsk": 1, "Claimed/Donetsk": 1}}
    with pytest.raises(ChoiceNeededError) as question:
        read(kml(mark + mark.replace("ff0000ff", "ffff0000")))
    assert question.value.classes == {"PolyStyle.color": {"ff0000ff": 1, "ffff0000": 1}}


def archive_of(folder, *names):
    folder.mkdir()
    for name in names:
        (folder / name).write_text(json.dumps(mapping(believable())), encoding="utf-8")
    return folder


def test_each_file_of_a_series_is_measured_or_skipped(tmp_path, capsys):
    names = ["d_20251130.geojson", "2025_12_01.geojson", "2025.12.02.geojson", "03.12.2025.geojson"]
    odd = ["notes.geojson", "04-05-2025.geojson", "20259999.geojson"]
    folder = archive_of(tmp_path / "data", *names, *odd)
    (folder / "d_20251205.geojson").write_text(json.dumps(mapping(EAST)), encoding="utf-8")
    order = ["series", str(folder), "--out", str(tmp_path / "out"), "--proposal", "line-as-is", "--workers", "1"]
    assert main([*order, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["done"] == 4
    skipped = (tmp_path / "out" / "skipped.csv").read_text(encoding="utf-8")
    for name in [*odd, "d_20251205.geojson"]:
        assert name in skipped
    assert "can be read in more than one way" in skipped
    assert "gives a line that is hard to believe" in skipped
    assert main([*order, "--confirm", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["done"] == 5


def test_an_archive_whose_files_have_classes_is_measured_by_the_class_that_is_chosen(tmp_path, capsys):
    folder = tmp_path / "data"
    folder.mkdir()
    rows = [
        feature(believable(), properties={"who": "held"}),
        feature(box(34, 50, 35, 51), properties={"who": "claimed"}),
    ]
    (folder / "2025-12-01.geojson").write_bytes(collection(*rows))
    order = ["series", str(folder), "--out", str(tmp_path / "out"), "--proposal", "line-as-is", "--workers", "1"]
    assert main(order) == 2
    assert "--class-field" in capsys.readouterr().err
    assert main([*order, "--class-field", "who", "--class", "held"]) == 0


def test_the_command_line_in_the_c_locale(tmp_path):
    path = tmp_path / "held.geojson"
    path.write_bytes(collection(feature(believable())))
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "MAPCORE_HOME": str(tmp_path / "home")}
    order = ["control", "add", path, "--as-of", "2025-12-04", "--source", "Мапа", "--id", "mine", "--json"]
    command = [sys.executable, "-m", "mapcore", *order]
    told = subprocess.run(command, env={**os.environ, **plain}, capture_output=True, check=False)
    assert told.returncode == 0, told.stderr.decode()
    assert json.loads(told.stdout.decode("utf-8"))["source"] == "Мапа"
    command[7:9] = ["--source", b"\xff"]
    told = subprocess.run(command, env={**os.environ, **plain}, capture_output=True, check=False)
    assert b"Traceback" not in told.stderr


def test_crossings_may_be_moved():
    bow = shapely.Polygon([(36.5, 48), (39, 50), (39, 48), (36.5, 50)])
    limits = replace(Limits(), crossings=1)
    assert import_bytes(collection(feature(bow)), "x", about=ABOUT, reading=Reading(confirmed=True), limits=limits)
    two = shapely.MultiPolygon([bow, shapely.affinity.translate(bow, 0.1)])
    with pytest.raises(LineFileError, match=r"cross or touch more than 1 times; .* MAPCORE_LIMIT_CROSSINGS"):
        import_bytes(collection(feature(two)), "x", about=ABOUT, reading=Reading(confirmed=True), limits=limits)
