"""Files from outside, hostile ones too, read in a process with limits: by the command line, the dashboard, archives."""

from __future__ import annotations

import ast
import base64
import gzip
import io
import itertools
import json
import os
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from support import forked, hostile_files
from support.paths import SOURCES

from mapcore import About, Control, load_control
from mapcore.analysis.series import run
from mapcore.base.data_files import geo_dir
from mapcore.base.errors import ChoiceNeededError, LineFileError, MapcoreError, ProposalError
from mapcore.base.language import speaking
from mapcore.base.limits import Limits
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.base.table_reader import MAX_TOLD
from mapcore.confine.messages import AnswerError
from mapcore.land import boundaries
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import Reading, import_bytes
from mapcore.outside import archive_forms as archives
from mapcore.outside import reading_jobs
from mapcore.outside.confined_archive import open_archive
from mapcore.outside.confined_lines import import_bytes as confined_import
from mapcore.outside.confined_rules import check_file, read_viewers_proposal
from mapcore.outside.line_message import line_of, line_record
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposals
from mapcore.proposals.writer import to_content

DAY = date(2025, 12, 2)
ABOUT = About(as_of=DAY, provenance=Provenance("x"))
HELD = json.loads(shapely.to_geojson(gpd.GeoSeries([load_control().held], crs=AREA_CRS).to_crs(MAP_CRS).item()))
LAND = hostile_files.collection(HELD)


def test_a_line_comes_back_as_it_was_read() -> None:
    here, there = import_bytes(LAND, "a.geojson", about=ABOUT), confined_import(LAND, "a.geojson", about=ABOUT)
    for field in fields(Control):
        one, other = getattr(here, field.name), getattr(there, field.name)
        assert one.equals_exact(other, 0) if isinstance(one, shapely.Geometry) else one == other, field.name


def test_what_readers_need_can_be_worked_out_beforehand_and_is_kept() -> None:
    reading_jobs.warm()
    began = time.process_time()
    reading_jobs.warm()
    assert time.process_time() - began < 0.01


def test_a_line_on_other_oblasts_comes_back_too() -> None:
    some = boundaries.load_oblasts().query("iso in ['UA-14', 'UA-23']")
    asked: dict[str, Any] = {"about": ABOUT, "oblasts": some, "reading": Reading(confirmed=True)}
    here, there = import_bytes(LAND, "a.geojson", **asked), confined_import(LAND, "a.geojson", **asked)
    assert there.held.equals(here.held)
    assert there.country.equals(here.country)


def test_a_refusal_is_that_of_the_reader_in_the_readers_language() -> None:
    two = json.dumps({
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"side": side}, "geometry": HELD} for side in "ab"
        ],
    }).encode()  # fmt: skip
    with speaking("uk"):
        with pytest.raises(ChoiceNeededError) as here:
            import_bytes(two, "a.geojson", about=ABOUT)
        with pytest.raises(ChoiceNeededError) as there:
            confined_import(two, "a.geojson", about=ABOUT)
    assert (str(there.value), there.value.classes) == (str(here.value), here.value.classes)
    assert there.value.problems == here.value.problems


def _shapes(control: Control, **changed: shapely.Geometry) -> tuple[dict[str, Any], bytes]:
    told, wkb = line_record(replace(control, as_of=DAY, **changed))
    return json.loads(json.dumps(told)), wkb


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda told, wkb: (told | {"as_of": "2024-01-01"}, wkb), "no line of the date"),
        (lambda told, wkb: (told | {"country": "x"}, wkb), "no line of the date"),
        (lambda told, wkb: (told | {"title": 3}, wkb), "no text"),
        (lambda told, wkb: (told | {"error_km": float("nan")}, wkb), "no number"),
        (lambda told, wkb: (told | {"notes": ["x"] * 1000}, wkb), "no list of texts"),
        (lambda told, wkb: (told, wkb + b"x"), "no shapes of the sizes"),
        (lambda told, wkb: (told | {"sizes": [-1, 1, len(wkb)]}, wkb), "no shapes of the sizes"),
    ],
)
def test_an_answer_that_is_no_line_is_refused(spoil: Callable[..., tuple[dict[str, Any], bytes]], said: str) -> None:
    line = import_bytes(LAND, "a.geojson", about=ABOUT)
    told, wkb = spoil(*_shapes(line))
    with pytest.raises(AnswerError, match=said):
        line_of(told, wkb, content=LAND, as_of=DAY, country=line.country, limits=Limits())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"held": shapely.MultiPolygon([shapely.box(0, 0, 9e6, 9e6)])}, "within the country"),
        ({"held": shapely.MultiPolygon([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])])}, "no sound polygons"),
        ({"held": shapely.Point(0, 0)}, "of the kind"),
        ({"held": shapely.MultiPolygon([shapely.Polygon([(0, 0), (float("inf"), 1), (1, 1)])])}, "that are none"),
        ({"line": shapely.MultiLineString([[(0, 0), (1e6, 1e6)]])}, "not the edge"),
    ],
)
def test_shapes_that_are_no_line_are_refused(changed: dict[str, shapely.Geometry], said: str) -> None:
    line = import_bytes(LAND, "a.geojson", about=ABOUT)
    told, wkb = _shapes(line, **changed)
    with pytest.raises(AnswerError, match=said):
        line_of(told, wkb, content=LAND, as_of=DAY, country=line.country, limits=Limits())


def test_too_many_corners_are_refused() -> None:
    line = import_bytes(LAND, "a.geojson", about=ABOUT)
    told, wkb = _shapes(line)
    with pytest.raises(AnswerError, match="too large"):
        line_of(told, wkb, content=LAND, as_of=DAY, country=line.country, limits=Limits(vertices=2))


# The command line


def _below(process: int, elsewhere: set[int]) -> list[int]:
    """Return a process and all that it started. Those that it did not are noted, and not looked at again."""
    there = {int(one.name) for one in os.scandir("/proc") if one.name.isdigit()}
    elsewhere &= there
    children: dict[int, list[int]] = {}
    for one in there - elsewhere:
        with suppress(OSError):
            above = int(Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(above, []).append(one)
    found, waiting = [], [process]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    elsewhere |= {one for started in children.values() for one in started}.difference(found)
    return found


def _memory_mb(process: int, elsewhere: set[int]) -> float:
    """Return what a process and all that it started have in memory, what they share counted once."""
    total = 0.0
    for one in _below(process, elsewhere):
        with suppress(OSError):
            told = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")) / 1024
    return total


class Ran:
    """A command that was run to its end: what it said, how long it took, and the most memory that it had."""

    def __init__(self, *arguments: str, home: Path) -> None:
        self.memory_mb = 0.0
        began = time.monotonic()
        ended = forked.run(forked.module, "mapcore", *arguments, watch=self._watch, MAPCORE_HOME=str(home))
        self.seconds = time.monotonic() - began
        self.code, self.out, self.err = ended.returncode, ended.stdout, ended.stderr

    def _watch(self, process: int, is_over: threading.Event) -> None:
        elsewhere: set[int] = set()
        while not is_over.wait(0.05):
            self.memory_mb = max(self.memory_mb, _memory_mb(process, elsewhere))


@pytest.fixture(scope="module")
def may_take_s(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Five seconds, or more on a machine that is so busy that a good file takes over a second and a half."""
    folder = tmp_path_factory.mktemp("good")
    good = folder / "good.geojson"
    good.write_bytes(LAND)
    took = [
        Ran("control", "add", str(good), "--as-of", "2025-12-02", "--source", "x", "--replace", home=folder).seconds
        for _ in range(2)
    ]
    return 5 * max(1.0, min(took) / 1.5)


def test_a_zip_that_unpacks_to_more_than_memory_holds_says_so() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("doc.kml", b" " * 150_000_000)
    with pytest.raises(LineFileError, match=r"^held\.kmz: needs more than [\d.]+ MB of memory to read; simplify it"):
        confined_import(out.getvalue(), "held.kmz", about=ABOUT, limits=Limits(read_mb=60))


def test_more_classes_than_a_list_holds_are_asked_about_all_the_same() -> None:
    """A name for each of 15,000 shapes, in six columns: as many columns are handed on whole as a list holds."""
    square = {"type": "Polygon", "coordinates": [[[37, 48], [37.1, 48], [37.1, 48.1], [37, 48]]]}
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {f"k{key}": f"{one} of {key}" for key in "abcdef"}, "geometry": square}
            for one in map("".join, itertools.product("klmnopqrstuvwxyz", repeat=4))
        ][:15_000],
    }
    with pytest.raises(ChoiceNeededError, match=r"several classes: ka: 'kkkk of a' \(1\).*2 more properties") as asked:
        confined_import(json.dumps(collection).encode(), "many.geojson", about=ABOUT, limits=Limits(read_seconds=30))
    assert [len(values) for values in asked.value.classes.values()] == [15_000, 15_000, 15_000]


@pytest.mark.parametrize("name", hostile_files.LINES)
def test_a_hostile_line_is_refused_in_one_sentence(name: str, tmp_path: Path, may_take_s: float) -> None:
    file = tmp_path / name
    file.write_bytes(hostile_files.LINES[name](tmp_path))
    ran = Ran("control", "add", str(file), "--as-of", "2025-12-02", "--source", "x", home=tmp_path / "home")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"mapcore: {name}: ")
    assert ran.err.count("\n") == 1
    assert ran.seconds < may_take_s, ran.err
    assert ran.memory_mb < 450, ran.err


@pytest.mark.parametrize("name", hostile_files.RULES)
def test_hostile_rules_are_refused_in_few_sentences(name: str, tmp_path: Path, may_take_s: float) -> None:
    file = tmp_path / name
    file.write_bytes(hostile_files.RULES[name])
    ran = Ran("check", str(file), home=tmp_path / "home")
    assert ran.code == 1
    assert ran.err == ""
    assert 1 <= ran.out.count("\n") <= MAX_TOLD + 1
    assert all(name in line for line in ran.out.splitlines())
    assert ran.seconds < may_take_s, ran.out
    assert ran.memory_mb < 450, ran.out


def test_a_command_keeps_what_a_library_stopped_at_where_it_is_asked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAPCORE_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("MAPCORE_LIMIT_READ_MB", "1")
    file = tmp_path / "a.geojson"
    file.write_bytes(LAND)
    ran = Ran("control", "add", str(file), "--as-of", "2025-12-02", "--source", "x", home=tmp_path / "home")
    assert ran.code == 2
    assert "needs more than" in ran.err
    assert (tmp_path / "log").is_file()


# Rules


@pytest.mark.parametrize("path", sorted((geo_dir() / "scenarios").glob("*.toml")), ids=lambda path: path.stem)
def test_a_proposal_comes_back_as_it_was_read(path: Path) -> None:
    known = {one.id: one for one in load_proposals()}
    proposal, idle = check_file(path)
    assert to_content(proposal) == to_content(known[path.stem])
    assert idle == ()


def test_mistakes_are_told_up_to_twenty_and_then_counted(tmp_path: Path) -> None:
    text = b"".join(b"word%d = 1\n" % one for one in range(5_000))
    with pytest.raises(ProposalError, match=r"mine\.toml: word0: unknown key") as found:
        read_viewers_proposal(text, name="mine.toml")
    assert len(found.value.problems) == MAX_TOLD
    assert found.value.more == 5_000 + 6 - MAX_TOLD
    assert str(found.value).splitlines()[-1] == "and 4,986 more"
    file = tmp_path / "mine.toml"
    file.write_bytes(text)
    ran = Ran("check", str(file), "--json", home=tmp_path)
    told = json.loads(ran.out)
    assert len(told) == MAX_TOLD + 1
    assert told[-1]["problem"] == "and 4,986 more"


def _link(content: object) -> str:
    text = json.dumps(content, separators=(",", ":")).encode()
    return f"1.{base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip('=')}"


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        (
            [{"status": "de_facto", "where": {"oblasts": ["UA-99"] * 12_000}}],
            "names 12,000 units, of which there are 27",
        ),
        ([{"status": "de_facto", "where": {"oblasts": [0] * 33_000}}], "names 33,000 units, of which there are 27"),
        ([1] * 48_000, "has 48,000 entries, more than 200"),
        ([{"status": "x" * 90_000, "where": {"held_by": "russia"}}], "is not a status"),
    ],
)
def test_a_short_link_that_unpacks_to_much_is_refused_at_once(zones: list[Any], said: str) -> None:
    packed = _link({"title": "T", "date": "2025-12-12", "summary": "S", "zones": zones})
    assert len(packed) < 500
    took = []
    for _ in range(3):
        began = time.thread_time()
        with pytest.raises(ProposalError, match=said):
            viewer.unpack(packed)
        took.append(time.thread_time() - began)
    assert min(took) < 0.1, "a click stays cheap"


# Archives


def _combined(days: list[date]) -> bytes:
    features = [{"type": "Feature", "properties": {"date": str(day)}, "geometry": HELD} for day in days]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def days() -> list[date]:
    return [date(2025, 12, one) for one in (1, 2, 3)]


def _zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


def test_an_archive_opens_as_it_does_without_a_process(tmp_path: Path, days: list[date]) -> None:
    combined = tmp_path / "all.geojson.gz"
    combined.write_bytes(gzip.compress(_combined(days)))
    packed = _zipped(tmp_path / "all.zip", {f"a_{day:%Y%m%d}.geojson": LAND for day in days})
    single = tmp_path / "a_20251202.geojson"
    single.write_bytes(LAND)
    for path in (combined, packed, single):
        here, there = archives.open_archive(path), open_archive(path)
        assert (there.name, there.days, there.skipped) == (here.name, here.days, here.skipped)
        assert [there.file_name(day) for day in there.days] == [here.file_name(day) for day in here.days]
        assert [there.content(day) for day in there.days] == [here.content(day) for day in here.days]
        assert there.control(DAY).held.equals(here.control(DAY).held)
        assert there.control(DAY) is there.control(DAY)


def test_an_archive_that_is_none_is_refused_in_one_sentence(tmp_path: Path) -> None:
    for name, content, said in [
        ("a.zip", b"PK\x03\x04nothing", r"a\.zip: is a broken or cut-off zip file"),
        ("b.gz", gzip.compress(b'{"x":[' + b"[]," * 50_000_000), r"b\.gz: "),
        ("c.geojson", b"[" * 200_000, r"c\.geojson: "),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(MapcoreError, match=said) as found:
            open_archive(tmp_path / name)
        assert "\n" not in str(found.value)


def test_a_hostile_day_ends_among_the_skipped_ones(tmp_path: Path, days: list[date]) -> None:
    hostile = hostile_files.LINES["crossing-bars.geojson"](tmp_path)
    files = {"a_20251201.geojson": LAND, "a_20251202.geojson": hostile, "a_20251203.geojson": LAND}
    found = open_archive(_zipped(tmp_path / "all.zip", files))
    ran = run(found, tmp_path / "out", proposals=[load_proposals()[0]], workers=1)
    assert ran.done == 2
    assert [one.date for one in ran.skipped] == [days[1]]
    assert "a_20251202.geojson" in (tmp_path / "out" / "skipped.csv").read_text()


# Who reads


#: Modules of the core that meet what outsiders bring.
OUTSIDE = (
    "analysis/series",
    "analysis/series_day",
    "analysis/series_workers",
    "cli/line_verbs",
    "cli/main",
    "outside/snapshot_download",
)


def _calls(path: Path) -> set[str]:
    """Return what a module imports from the readers that work in its own process."""
    inside = {
        "mapcore.lines.importing": {"import_bytes", "import_file", "import_upload"},
        "mapcore.outside.archive_forms": {"open_archive"},
        "mapcore.outside.combined_file": {"read_combined"},
        "mapcore.lines.readers": {"read_features"},
        "mapcore.lines.file_kind": {"unpack"},
        "mapcore.proposals.reader": {"read_proposal", "read_proposal_text", "read_proposal_file"},
    }
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = {one.name for one in node.names}
            found |= names & inside.get(node.module or "", set())
            found |= {one for name in names if (one := f"{node.module}.{name}") in inside}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names} & set(inside)
    return found


def test_who_answers_outsiders_reads_nothing_in_their_own_process() -> None:
    shells = [
        *(SOURCES / "mapcore" / "app").rglob("*.py"),
        *(SOURCES / "mapcore" / f"{name}.py" for name in OUTSIDE),
    ]
    assert len(shells) > 30
    assert {path.name: calls for path in shells if (calls := _calls(path))} == {}
    assert _calls(SOURCES / "mapcore" / "outside" / "reading_jobs.py") == {
        "import_upload", "open_archive", "read_proposal_file", "read_proposal_text",
    }  # fmt: skip
    assert load_control().held.is_valid
    assert issubclass(LineFileError, MapcoreError)
