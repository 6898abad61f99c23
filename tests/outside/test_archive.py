"""An archive of many dates, opened from a folder, a zip or one combined file, with one line at a time in memory."""

import gzip
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from support.drawn_archive import START, combined, write_archive

from mapcore.base.errors import DataFileError, LineFileError, ParameterError, UnknownIdError
from mapcore.base.limits import Limits
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import About, Reading, import_bytes, import_file
from mapcore.lines.upload import Named
from mapcore.lines.user_lines import load_user_line, save_control
from mapcore.outside.archive import MOST_KEPT
from mapcore.outside.archive_forms import open_archive
from mapcore.outside.combined_file import read_combined

DAYS = tuple(START + timedelta(days=index) for index in range(5))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive") / "data"
    write_archive(folder, len(DAYS))
    (folder / "readme.txt").write_text("no date", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def packed(folder):
    """A zip as a hosting site makes it: in folders, with other files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.iterdir():
            archive.write(path, f"archive-main/data/{path.name}")
            archive.writestr(f"__MACOSX/data/._{path.name}", b"")
    return file


def test_a_folder_a_zip_and_a_combined_file_are_the_same_archive(folder, packed, tmp_path):
    path = tmp_path / "archive.geojson.gz"
    path.write_bytes(gzip.compress(combined(folder)))
    forms = open_archive(folder), open_archive(packed, name="upload.zip"), open_archive(path)
    assert [form.days for form in forms] == [DAYS] * 3
    assert [form.name for form in forms] == ["data", "upload.zip", "archive.geojson.gz"]
    held = [form.control(DAYS[2]).held for form in forms]
    assert held[0].equals(held[1])
    assert held[0].equals(held[2])


def test_a_day_is_what_an_import_of_its_file_is(folder):
    said = Provenance("Somebody", "CC BY 4.0", error_km=1.5)
    line = open_archive(folder, provenance=said).control(START)
    path = next(folder.glob("*20251101*"))
    about = About(as_of=START, provenance=said)
    alone = import_bytes(path.read_bytes(), path.name, about=about)
    assert line.held.equals(alone.held)
    assert (line.id, line.as_of) == (alone.id, START)
    assert (line.provenance.error_km, line.provenance.licence) == (1.5, "CC BY 4.0")
    assert line.provenance == alone.provenance
    assert line.origin == "data: deepstatemap_data_20251101.geojson"
    assert "slivers" in " ".join(line.notes)


def test_a_day_of_a_combined_archive_is_what_an_import_of_that_date_is(folder):
    whole = combined(folder)
    line = open_archive(io.BytesIO(whole), name="all.geojson").control(DAYS[3])
    about = About(as_of=DAYS[3], provenance=Provenance("x"))
    assert line.held.equals(import_bytes(whole, "all.geojson", about=about).held)


def test_few_lines_stay_in_memory(folder):
    archive = open_archive(folder)
    lines = [archive.control(day) for day in DAYS]
    assert archive.control(DAYS[-1]) is lines[-1]
    assert archive.control(DAYS[0]) is not lines[0]
    assert len(archive._kept) == MOST_KEPT < len(DAYS)


def test_the_nearest_day_is_the_last_one_before(folder):
    archive = open_archive(folder)
    assert archive.nearest(DAYS[2]) == DAYS[2]
    assert archive.nearest(date(2030, 1, 1)) == DAYS[-1]
    assert archive.nearest(date(2020, 1, 1)) == DAYS[0]


def test_a_day_that_is_not_there(folder):
    with pytest.raises(UnknownIdError, match=r"data: has nothing of 2020-01-01; it runs from 2025-11-01 to 2025-11-05"):
        open_archive(folder).control(date(2020, 1, 1))


def test_files_are_found_by_the_date_in_their_name(tmp_path):
    for name in ("deepstatemap_data_20251202.geojson", "line-2025-12-01.geojson", "notes.txt", "20259999.geojson"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "20250101").mkdir()
    assert open_archive(tmp_path).days == (date(2025, 12, 1), date(2025, 12, 2))
    assert open_archive(f"{tmp_path}/deep*.geojson").days == (date(2025, 12, 2),)
    (tmp_path / "again_20251202.geojson").write_text("x", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"same date \(2025-12-02\) as again_20251202.geojson; keep one"):
        open_archive(tmp_path)
    with pytest.raises(DataFileError, match="has no file with a date in its name"):
        open_archive(tmp_path / "nothing")


def test_one_daily_file_is_an_archive_of_one_day(folder):
    path = next(folder.glob("*20251101*"))
    archive = open_archive(path)
    assert archive.days == (START,)
    assert archive.control(START).held.equals(open_archive(folder).control(START).held)


def test_shapes_without_a_date_are_told(folder):
    whole = json.loads(combined(folder))
    whole["features"][0]["properties"]["date"] = "yesterday"
    archive = open_archive(io.BytesIO(json.dumps(whole).encode()), name="all.geojson")
    assert archive.days == DAYS[1:]
    assert [one.reason for one in archive.skipped] == ["1 shape has no date that can be read"]


def test_another_property_may_hold_the_date(folder):
    whole = combined(folder).replace(b'"date"', b'"day"')
    with pytest.raises(LineFileError, match="has no feature with a date; name the property that dates them"):
        open_archive(io.BytesIO(whole), name="all.geojson")
    assert open_archive(io.BytesIO(whole), name="all.geojson", reading=Reading(date_field="Day")).days == DAYS


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_pieces_of_any_size_give_the_same(size, monkeypatch):
    """What the file is cut into while it is read does not matter: numbers, words and signs may be cut anywhere."""
    features = [{"type": "Feature", "properties": {"date": str(day)}, "geometry": None, "é": 12.5} for day in DAYS]
    whole = {"type": "FeatureCollection", "n": 123, "crs": {"type": "name"}, "features": features, "last": [True, -1e9]}
    monkeypatch.setattr("mapcore.lines.json_stream._CHUNK", size)
    content = b"\xef\xbb\xbf " + json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"
    found = read_combined(io.BytesIO(content), Named("all.geojson"), date_field="date", limits=Limits())
    assert tuple(found.days) == DAYS
    expected = {"type": "FeatureCollection", "crs": {"type": "name"}, "features": features[1:2]}
    assert json.loads(found.content(DAYS[1])) == expected


WHOLE = b'{"features": [{"properties": {"date": "2025-11-01"}}, {"properties": {"date": "2025-11-02"}}]}'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not valid JSON; it may be cut off"),
        (b"[1]", "is neither a zip of daily files nor one GeoJSON file of many dates"),
        (b"<html></html>", "is neither a zip of daily files nor"),
        (b"PK\x03\x04nothing", "is a broken or cut-off zip file"),
        (WHOLE[:-20], "is not valid JSON; it may be cut off"),
        (WHOLE.replace(b"},", b"}"), "is not valid JSON"),
        (WHOLE.replace(b"date", b"d\xff"), "is not valid JSON"),
        (gzip.compress(WHOLE)[:-12], "is a broken or cut-off gzip file"),
        (b'{"features": ' + b"[" * 200_000, "is nested too deep|is not valid JSON"),
        (b'{"features": 7}', "has no feature with a date"),
    ],
)
def test_a_broken_archive_is_refused_in_one_sentence(content, said):
    with pytest.raises(LineFileError, match=said) as refused:
        open_archive(io.BytesIO(content), name="../../all.geojson")
    assert str(refused.value).startswith("all.geojson: ")
    assert "\n" not in str(refused.value)


def test_limits_stop_bombs(folder, packed):
    bomb = gzip.compress(b'{"name": "' + b" " * 5_000_000)
    for limits, said in (
        (
            Limits(archive_mb=2),
            "unpacks to more than 2 MB; give a part of it; MAPCORE_LIMIT_ARCHIVE_MB sets",
        ),
        (Limits(file_mb=1), "has a feature larger than 1 MB"),
    ):
        with pytest.raises(LineFileError, match=said):
            open_archive(io.BytesIO(bomb), name="bomb.gz", limits=limits)
    with pytest.raises(LineFileError, match=r"is larger than 0.001 MB"):
        open_archive(packed, name="all.zip", limits=Limits(archive_mb=0.001))
    for where in (folder, packed, io.BytesIO(combined(folder))):
        with pytest.raises(LineFileError, match="has more than 3 days; give a part of it"):
            open_archive(where, name="all", limits=Limits(archive_days=3))
    with pytest.raises(LineFileError, match=r"deepstatemap_data_20251101.geojson: is larger than 0.001 MB"):
        open_archive(packed, name="all.zip", limits=Limits(file_mb=0.001)).content(START)


def test_a_broken_file_in_a_zip_is_refused_when_it_is_read(packed):
    content = bytearray(packed.getvalue())
    at = content.index(b"deepstatemap_data_20251103") + 40
    content[at : at + 200] = b"\xff" * 200
    archive = open_archive(io.BytesIO(bytes(content)), name="all.zip")
    assert archive.days == DAYS
    with pytest.raises(LineFileError, match=r"deepstatemap_data_20251103.geojson: is broken, cut off or encrypted"):
        archive.control(DAYS[2])
    assert archive.control(DAYS[3]).as_of == DAYS[3]


def test_a_long_name_is_cut_once_and_said_the_same_everywhere(tmp_path):
    """What cleans a name for messages would take its own mark of a cut for markup the second time."""
    name = f"20251101-{'long' * 20}.geojson"
    (tmp_path / name).write_text("{}", encoding="utf-8")
    archive = open_archive(tmp_path)
    assert archive.file_name(START).endswith("…")
    with pytest.raises(LineFileError) as refused:
        archive.control(START)
    assert str(refused.value).startswith(f"{archive.file_name(START)}: is JSON, but not GeoJSON")
    with pytest.raises(LineFileError) as refused:
        import_file(tmp_path / name, about=About(as_of=START, provenance=Provenance("Somebody")))
    assert str(refused.value).startswith(f"{archive.file_name(START)}: is JSON, but not GeoJSON")


def test_a_source_in_another_script_gives_an_id(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("MAPCORE_HOME", str(tmp_path))
    line = open_archive(folder, provenance=Provenance("Мапа")).control(START)
    assert line.id == "2025-11-01-line"
    save_control(line)
    assert load_user_line(line.id).provenance.source == "Мапа"


def test_what_is_said_is_checked(folder):
    with pytest.raises(ParameterError, match="error_km: 90 is out of range"):
        open_archive(folder, provenance=Provenance(error_km=90)).control(START)
