"""An archive to one table: parallel, resumable, broken days listed; on Dask the same."""

import gc
import gzip
import importlib.util
import inspect
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from support.drawn_archive import START, combined, day_file, pack, write_archive
from support.formats import EXACT

from mapcore import load_control, load_oblasts, load_proposal, load_proposals
from mapcore.analysis.history import held_in_series, held_over_time, pace_over
from mapcore.analysis.series import measure_days, run
from mapcore.analysis.series_day import COLUMNS
from mapcore.analysis.series_table import read_series
from mapcore.base.errors import DataFileError
from mapcore.cli.main import main
from mapcore.land.cut import _shipped_pieces
from mapcore.land.provenance import Provenance
from mapcore.outside.archive_forms import open_archive

COUNTRY_KM2 = load_oblasts()["measured_area_km2"].sum()


class Log:
    """Remembers each call of the progress callback."""

    def __init__(self):
        self.states = []

    def __call__(self, step):
        self.states.append(step.state)
        assert len(self.states) == step.finished <= step.size
        assert isinstance(step.date, date)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    write_archive(folder, 3)
    return folder


@pytest.fixture(scope="module")
def written(archive, tmp_path_factory):
    """The table by one process, which the others must equal."""
    return run(open_archive(archive), tmp_path_factory.mktemp("one"), workers=1)


def test_the_rows_of_each_day_and_proposal_tile_the_country(written):
    table = read_series(written.parquet)
    assert list(table.columns) == COLUMNS
    assert (written.done, written.kept, written.skipped) == (3, 0, ())
    assert sorted(set(table["date"])) == [START + timedelta(days=index) for index in range(3)]
    assert list(dict.fromkeys(table["proposal"])) == [proposal.id for proposal in load_proposals()]
    sums = table.groupby(["date", "proposal"])["area_km2"].sum()
    assert sums.to_numpy() == pytest.approx(COUNTRY_KM2, rel=1e-8)


def test_csv_and_parquet_say_the_same(written):
    plain = pd.read_csv(written.csv, comment="#", dtype=dict.fromkeys(COLUMNS[1:5], str), **EXACT)
    table = read_series(written.parquet)
    assert plain["date"].tolist() == table["date"].astype(str).tolist()
    assert plain[COLUMNS[1:]].equals(table[COLUMNS[1:]].astype(plain[COLUMNS[1:]].dtypes))


def test_both_tables_say_whose_lines_they_measure(archive, tmp_path):
    said = Provenance("A group of mappers", "CC BY 4.0", "Line: a group of mappers")
    found = run(open_archive(archive, provenance=said), tmp_path, proposals=[load_proposal("line-as-is")], workers=1)
    told = {
        key.removeprefix(b"mapcore:").decode(): value.decode()
        for key, value in pq.read_schema(found.parquet).metadata.items()
        if key.startswith(b"mapcore:")
    }
    assert (told["line_source"], told["line_licence"]) == ("A group of mappers", "CC BY 4.0")
    assert told["attribution"] == "Line: a group of mappers. Boundaries: Natural Earth"
    lines = found.csv.read_text(encoding="utf-8-sig").splitlines()
    assert lines[: len(told)] == [f"# {key}: {value}" for key, value in told.items()]
    assert lines[len(told)] == ",".join(COLUMNS)


def test_held_land_and_pace_come_from_the_table(written):
    held = held_in_series(read_series(written.parquet))
    total = held.groupby("date")["held_km2"].sum()
    assert total.to_numpy() == pytest.approx(load_control().held.area / 1e6, rel=0.01)
    pace = pace_over(held, window_days=2)
    assert (pace.since, pace.until) == (START, START + timedelta(days=2))
    assert pace.km2_per_month == pytest.approx((total.iloc[-1] - total.iloc[0]) * 30.436875 / 2)


def test_two_processes_write_the_same_bytes(archive, written, tmp_path):
    log = Log()
    again = run(open_archive(archive), tmp_path, workers=2, on_day=log)
    assert again.csv.read_bytes() == written.csv.read_bytes()
    assert log.states == ["done"] * 3


def test_a_run_goes_on_where_it_was_interrupted(archive, written, tmp_path):
    def stop(step):
        if step.finished == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(open_archive(archive), tmp_path, workers=1, on_day=stop)
    log = Log()
    found = run(open_archive(archive), tmp_path, workers=1, on_day=log)
    assert (found.done, found.kept) == (1, 2)
    assert log.states == ["kept", "kept", "done"]
    assert found.csv.read_bytes() == written.csv.read_bytes()
    assert not list((tmp_path / "days").glob("*.tmp"))


def test_a_file_that_changed_is_measured_anew(tmp_path):
    write_archive(tmp_path / "archive", 2)
    archive = open_archive(tmp_path / "archive")
    run(archive, tmp_path / "out", workers=1)
    first, second = (day_file(tmp_path / "archive", day) for day in archive.days)
    first.write_bytes(second.read_bytes())
    found = run(archive, tmp_path / "out", workers=1)
    assert (found.done, found.kept) == (1, 1)
    table = read_series(found.parquet)
    areas = [table.loc[table["date"] == day, "area_km2"].tolist() for day in archive.days]
    assert areas[0] == areas[1]


def test_other_data_are_measured_anew(tmp_path, monkeypatch):
    write_archive(tmp_path / "archive", 1)
    archive = open_archive(tmp_path / "archive")
    run(archive, tmp_path / "out", workers=1)
    monkeypatch.setattr("mapcore.analysis.series_table.data_version", lambda: "0" * 12)
    assert run(archive, tmp_path / "out", workers=1).done == 1


def test_other_proposals_are_measured_anew(archive, tmp_path):
    run(open_archive(archive), tmp_path, days=[START], workers=1)
    one = run(open_archive(archive), tmp_path, days=[START], proposals=[load_proposal("line-as-is")], workers=1)
    assert (one.done, one.kept) == (1, 0)
    assert set(read_series(one.parquet)["proposal"]) == {"line-as-is"}


def test_broken_days_are_skipped_and_listed(archive, tmp_path):
    folder = tmp_path / "archive"
    write_archive(folder, 2)
    broken = {
        "20251201": b"<html>not found</html>",
        "20251202": b"",
        "20251203": day_file(archive, START).read_bytes()[:500],
        "20251204": b"\x1f\x8b broken",
        "20251205": b'{"type": "FeatureCollection", "features": []}',
        "20251206": b'{"type": "Point", "coordinates": [37, 48]}',
        "20251207": b'{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}',
    }
    for stamp, content in broken.items():
        (folder / f"day_{stamp}.geojson").write_bytes(content)
    pack(day_file(folder, START))
    log = Log()
    (folder / "day_20251208.geojson").write_bytes(b"x")
    days = open_archive(folder)
    (folder / "day_20251208.geojson").unlink()
    found = run(days, tmp_path / "out", workers=1, on_day=log)
    assert (found.done, len(found.skipped)) == (2, 8)
    reasons = [one.reason for one in found.skipped]
    said = ["is a web page", "is empty", "is not valid JSON", "is a broken or cut-off gzip file", "holds no polygon"]
    said += ["but no polygon", "lies outside Ukraine", "cannot be read"]
    for reason, words in zip(reasons, said, strict=True):
        assert words in reason
    listed = (tmp_path / "out" / "skipped.csv").read_text(encoding="utf-8-sig").splitlines()
    assert listed[0] == "date,file,reason"
    assert len(listed) == 9
    assert log.states.count("skipped") == 8


def test_an_archive_of_broken_days_is_refused(tmp_path):
    (tmp_path / "day_20251201.geojson").write_bytes(b"x")
    with pytest.raises(DataFileError, match=r"none of 1 days could be measured; the first: .*is not a kind of file"):
        run(open_archive(tmp_path), tmp_path / "out", workers=1)


def test_held_over_time_takes_lines_and_loaders():
    held = held_over_time([
        (date(2025, 12, 2), lambda: load_control("2025-12-02")),
        (date(2022, 2, 23), load_control("2022-02-23")),
    ])  # fmt: skip
    assert held["date"].is_monotonic_increasing
    assert len(held) == 2 * held["oblast"].nunique()
    assert held.groupby("date")["held_km2"].sum().round(-2).tolist() == [43_900, 115_700]
    assert held_over_time([]).empty


def test_a_folder_that_cannot_be_made_is_refused(archive, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DataFileError, match="cannot be written"):
        run(open_archive(archive), tmp_path / "file", workers=1)


FULL = """
import resource, signal, sys
from mapcore.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.dont_write_bytecode = True  # it would be cut short, and the next process could not import it
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main.main(["series", *sys.argv[2:]]))
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_tables_on_a_full_disk_stay_as_they_were(archive, tmp_path):
    """The days are there and the tables do not fit: one sentence, the old tables whole, nothing half-written."""
    found = run(open_archive(archive), tmp_path, workers=1)
    before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    smallest = min(len(before[found.parquet]), len(before[found.csv]))
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(smallest // 2), str(archive), "--out", str(tmp_path), "--workers", "1"],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("mapcore: ")
    assert "cannot be written (" in last
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == before


class TestCluster:
    """The same per-day function on Dask's distributed scheduler."""

    def test_a_local_cluster_writes_the_same_bytes(self, archive, written, tmp_path):
        distributed = pytest.importorskip("distributed", reason="needs the extra: pip install 'mapcore[cluster]'")
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
        ) as cluster:
            found = run(open_archive(archive), tmp_path, scheduler=cluster.scheduler_address)
        assert found.csv.read_bytes() == written.csv.read_bytes()
        assert read_series(found.parquet).equals(read_series(written.parquet))

    def test_no_scheduler_is_one_sentence(self, archive, tmp_path):
        if importlib.util.find_spec("distributed") is None:
            pytest.skip("needs the extra: pip install 'mapcore[cluster]'")
        with pytest.raises(DataFileError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
            run(open_archive(archive), tmp_path, scheduler="tcp://127.0.0.1:9")


def test_a_day_is_to_the_digit_what_control_add_and_areas_give(tmp_path, monkeypatch, capsys):
    """The land of another hand, with slivers along every edge; imported by the command line, measured by it too."""
    monkeypatch.setenv("MAPCORE_HOME", str(tmp_path / "home"))
    write_archive(tmp_path / "archive", 1)
    found = run(open_archive(tmp_path / "archive"), tmp_path / "out", workers=1)
    file = day_file(tmp_path / "archive", START)
    added = ["control", "add", str(file), "--as-of", START.isoformat(), "--source", "Somebody", "--id", "mine"]
    assert main(added) == 0
    assert "slivers" in capsys.readouterr().out
    rows = read_series(found.parquet)
    for proposal in load_proposals():
        assert main(["areas", proposal.id, "--control", "mine", "--json"]) == 0
        zones = json.loads(capsys.readouterr().out)["zones"]
        told = pd.DataFrame(zones).groupby(["oblast", "status"])["area_km2"].sum().round(6)
        ours = rows[rows["proposal"] == proposal.id].groupby(["oblast", "status"])["area_km2"].sum().round(6)
        pd.testing.assert_series_equal(ours, told, check_exact=True)


def caches():
    """Return what is remembered for everybody, by the name of its function."""
    modules = [vars(module) for name, module in sys.modules.items() if name.startswith("mapcore.")]
    classes = [vars(one) for members in modules for one in members.values() if inspect.isclass(one)]
    functions = {one for members in modules + classes for one in members.values() if inspect.isfunction(one)}
    found = [one for one in functions if "shelf" in vars(one)]
    return {f"{one.__module__}.{one.__qualname__}": (len(one.shelf), one.shelf.maxsize) for one in found}


def test_memory_holds_no_more_after_twelve_days_than_after_six(tmp_path):
    """What is kept for a line goes with it; a cache that fills day by day has a limit, and not a large one."""
    write_archive(tmp_path, 12)
    steps = measure_days(open_archive(tmp_path), proposals=[load_proposal("donetsk-narrow-buffer")])
    for _ in range(6):
        next(steps)
    gc.collect()
    lines, kept = len(_shipped_pieces), caches()
    assert sum(1 for _ in steps) == 6
    gc.collect()
    assert len(_shipped_pieces) <= lines
    growing = {name: most for name, (held, most) in caches().items() if held > kept[name][0]}
    assert "mapcore.base.geometry._projected_area_km2" in kept
    words = {name for name in growing if name.startswith("mapcore.base.language.")}
    assert set(growing) - words <= {"mapcore.base.geometry._projected_area_km2"}
    assert all(growing[name] is not None and growing[name] <= (4096 if name in words else 1024) for name in growing)


def test_steps_bring_the_rows_that_a_run_writes(archive, written):
    steps = list(measure_days(open_archive(archive)))
    assert [(step.finished, step.size) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    assert {step.state for step in steps} == {"done"}
    table = pd.concat([step.rows for step in steps], ignore_index=True)
    pd.testing.assert_frame_equal(table.astype({"date": str}), read_series(written.parquet).astype({"date": str}))


def test_a_zip_and_a_combined_file_write_the_same_bytes(archive, written, tmp_path):
    content = gzip.compress(combined(archive))
    found = run(open_archive(io.BytesIO(content), name="all.gz"), tmp_path, workers=1)
    assert found.csv.read_bytes() == written.csv.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_from_outside_leaves_no_process_and_goes_on(how, archive, written, tmp_path):
    folder, out = tmp_path / "archive", tmp_path / "out"
    shutil.copytree(archive, folder)
    command = [sys.executable, "-c", RUN, str(folder), str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        workers = [int(one) for one in process.stderr.readline().split()]
        os.kill(process.pid, how)
        process.wait(timeout=120)
    assert len(workers) == 2
    ends = time.monotonic() + 60
    while any(Path(f"/proc/{one}").exists() for one in workers) and time.monotonic() < ends:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{one}").exists() for one in workers)
    assert not (out / "series.parquet").exists()
    found = run(open_archive(folder), out, workers=1)
    assert found.kept >= 1
    assert found.done + found.kept == 3
    assert found.csv.read_bytes() == written.csv.read_bytes()


def test_progress_is_told_in_lines_of_json(archive, tmp_path, capsys):
    order = ["series", str(archive), "--out", str(tmp_path / "out"), "--days", str(tmp_path / "kept"), "--workers", "1"]
    assert main([*order, "--proposal", "line-as-is", "--error-km", "1.5", "--progress", "json"]) == 0
    *steps, answer = map(json.loads, capsys.readouterr().out.splitlines())
    assert steps == [
        {"finished": index + 1, "size": 3, "date": f"2025-11-0{index + 1}", "state": "done", "reason": ""}
        for index in range(3)
    ]
    assert (answer["done"], answer["kept"], answer["skipped"]) == (3, 0, [])
    assert pq.read_schema(answer["parquet"]).metadata[b"mapcore:line_error_km"] == b"1.5"
    assert len(list((tmp_path / "kept").glob("*.parquet"))) == 3
    assert not (tmp_path / "out" / "days").exists()


@pytest.mark.skipif(os.name != "posix", reason="POSIX alone says when a reader is gone")
def test_a_run_ends_when_nobody_reads_its_progress(archive, tmp_path):
    order = ["series", str(archive), "--out", str(tmp_path), "--workers", "2", "--progress", "json"]
    with subprocess.Popen(
        [sys.executable, "-m", "mapcore", *order], stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert json.loads(process.stdout.readline())["finished"] == 1
        process.stdout.close()
        assert process.wait(timeout=60) == 1
    ends = time.monotonic() + 60
    while is_left(process.pid) and time.monotonic() < ends:
        time.sleep(0.1)
    assert not is_left(process.pid)
    assert not (tmp_path / "series.parquet").exists()


def is_left(group):
    """Whether a process of a group has not ended."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


#: Tells the ids of its workers after the first day, and then waits to be stopped.
RUN = """
import multiprocessing, signal, sys, time
from mapcore.outside.archive_forms import open_archive
from mapcore.analysis.series import run

def stop(step):
    print(*(one.pid for one in multiprocessing.active_children()), file=sys.stderr, flush=True)
    time.sleep(60)

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    run(open_archive(sys.argv[1]), sys.argv[2], workers=2, on_day=stop)
"""
