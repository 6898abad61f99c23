"""Exports and the site on a disk that is full, missing or not ours: one sentence, and nothing half-written."""

import json
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from support import forked, full_disk

from mapcore import load_proposal, measure_proposal
from mapcore.base import files_out
from mapcore.base.errors import ExportError
from mapcore.base.files_out import left_in, put, put_folder
from mapcore.base.language import speaking
from mapcore.cli import main
from mapcore.publish import site
from mapcore.publish.export import FORMATS, export, write_export
from mapcore.publish.site import write_site

#: Bytes of a file at which a disk is full: less than any file that is asked for, and than some of a site.
FEW = 200
MOST_OF_A_SITE = 20_000


@pytest.fixture(scope="module")
def plan():
    return measure_proposal(load_proposal("us-28-point"))


def names(folder):
    """What a folder holds, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def one_sentence(told):
    assert told.count("\n") == 1
    assert "Traceback" not in told
    assert told.startswith("mapcore: ")
    assert ";" in told


@pytest.fixture(scope="module")
def on_a_full_disk(tmp_path_factory):
    """
    A site, and each ending's file over an old one, all from one process.

    By ending: the command's code, what it told, and where the file is; as `site` the refusal and the folder asked for.
    """
    paths = {ending: tmp_path_factory.mktemp(ending) / f"plan.{ending}" for ending in FORMATS}
    for path in paths.values():
        path.write_bytes(b"old")
    lines = [["export", "us-28-point", "--out", str(path)] for path in paths.values()]
    folder = tmp_path_factory.mktemp("site") / "new" / "site"
    done = forked.run(full_disk.site_and_commands, folder, MOST_OF_A_SITE, lines, FEW)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    files = {ending: (*ended, path) for (ending, path), ended in zip(paths.items(), told["commands"], strict=True)}
    return files | {"site": (told["site"], folder)}


@pytest.mark.parametrize("ending", FORMATS)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(ending, on_a_full_disk):
    code, told, path = on_a_full_disk[ending]
    assert code == 2, told
    one_sentence(told)
    assert path.read_bytes() == b"old"
    assert names(path.parent) == [path.name]


@pytest.mark.parametrize("ending", FORMATS)
def test_a_device_that_is_full_is_named(ending, tmp_path, capsys):
    path = tmp_path / f"plan.{ending}"
    path.symlink_to("/dev/full")
    assert main.main(["export", "line-as-is", "--out", str(path)]) == 2
    told = capsys.readouterr().err
    one_sentence(told)
    assert "No space left on device" in told
    assert stat.S_ISCHR(path.stat().st_mode)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_name_that_is_a_folder_or_in_none_is_refused(ending, tmp_path, capsys):
    (tmp_path / f"plan.{ending}").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / f"round.{ending}").symlink_to(tmp_path / f"round.{ending}")
    for name, reason in (
        (f"plan.{ending}", "is a folder; add the name of a file"),
        (f"nowhere/plan.{ending}", "cannot be written (No such file or directory)"),
        (f"file/plan.{ending}", "cannot be written (Not a directory)"),
        (f"round.{ending}", "cannot be written ("),
        (f"{'x' * 300}.{ending}", "cannot be written (File name too long)"),
    ):
        assert main.main(["export", "line-as-is", "--out", str(tmp_path / name)]) == 2
        told = capsys.readouterr().err
        one_sentence(told)
        assert reason in told
    assert main.main(["export", "line-as-is", "--out", f"/proc/plan.{ending}"]) == 2
    one_sentence(capsys.readouterr().err)
    assert names(tmp_path) == sorted([f"plan.{ending}", "file", f"round.{ending}"])


@pytest.mark.skipif(os.geteuid() == 0, reason="every folder is the superuser's")
def test_a_folder_that_is_read_only_is_refused(plan, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="cannot be written"):
        write_export(plan, tmp_path / "plan.csv")
    with pytest.raises(ExportError, match="cannot be written"):
        write_site(tmp_path / "site", proposals=[plan.proposal])
    tmp_path.chmod(0o700)
    assert names(tmp_path) == []


def test_a_geopackage_without_a_temporary_folder_is_refused(plan, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    with pytest.raises(ExportError, match=r"needs room in the temporary folder \(No such file.*; set TMPDIR"):
        export(plan, "gpkg")
    with speaking("uk"), pytest.raises(ExportError, match="TMPDIR"):
        export(plan, "gpkg")


def test_a_file_has_the_rights_that_its_folder_gives_and_keeps_those_it_had(tmp_path):
    before = os.umask(0o022)
    try:
        put(tmp_path / "new.txt", b"1")
        (tmp_path / "old.txt").write_bytes(b"")
        (tmp_path / "old.txt").chmod(0o640)
        (tmp_path / "link.txt").symlink_to("old.txt")
        put(tmp_path / "link.txt", b"2")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.txt").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "old.txt").stat().st_mode) == 0o640
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "old.txt").read_bytes() == b"2"


def listed(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_replaced_whole_or_stays(tmp_path):
    put_folder(tmp_path / "a" / "site", {"data/1.js": b"1", "data/old.js": b"1", "index.html": b"1"})
    (tmp_path / "a" / "site" / "mine.txt").write_bytes(b"mine")
    put_folder(tmp_path / "a" / "site", {"data/1.js": b"2", "index.html": b"2"})
    kept = {"data/1.js": b"2", "index.html": b"2", "mine.txt": b"mine"}
    assert listed(tmp_path / "a" / "site") == kept
    with pytest.raises(ExportError, match="cannot be written"):
        put_folder(tmp_path / "a" / "site", {"data/1.js": b"3", f"data/{'x' * 300}": b"3"})
    assert listed(tmp_path / "a" / "site") == kept
    with pytest.raises(ExportError, match="cannot be written"):
        put_folder(tmp_path / "b" / "site", {f"data/{'x' * 300}": b"3"})
    assert names(tmp_path) == ["a"]


def test_of_two_writers_of_one_folder_one_follows_the_other(tmp_path, monkeypatch):
    """Neither takes away what the other has not put in place yet, nor puts its files among the other's."""
    folder, begun, goes_on, swap = tmp_path / "site", threading.Event(), threading.Event(), files_out._swap
    first, second = (dict.fromkeys(("data/1.js", "index.html"), content) for content in (b"1", b"2"))
    put_folder(folder, first)

    def slowly(fresh, where):
        begun.set()
        goes_on.wait(20)
        swap(fresh, where)

    monkeypatch.setattr(files_out, "_swap", slowly)
    with ThreadPoolExecutor(3) as others:
        one = others.submit(put_folder, folder, second)
        begun.wait(20)
        looks, other = others.submit(left_in, folder), others.submit(put_folder, folder, first)
        ended = wait([looks, other], timeout=0.3).done
        goes_on.set()
        one.result(20)
        other.result(20)
        assert sorted(path.name for path in looks.result(20)) == ["data", "index.html"]
    assert ended == set()
    assert listed(folder) == first
    assert names(folder) == ["data", "index.html"]


def test_the_site_on_a_full_disk_leaves_no_part_of_it(on_a_full_disk):
    """A new folder is gone again, with those that were made for it."""
    refused, folder = on_a_full_disk["site"]
    assert "cannot be written (File too large); name a folder that is yours" in refused
    assert names(folder.parent.parent) == []


def test_the_command_writes_the_site_over_an_older_one_and_what_a_killed_writer_left(
    plan, tmp_path, capsys, monkeypatch
):
    folder, wrote = tmp_path / "site", []
    monkeypatch.setattr(site, "load_proposals", lambda: [plan.proposal])
    monkeypatch.setattr(
        site, "write_site", lambda *args, **kwargs: wrote.append(write_site(*args, **kwargs)) or wrote[-1]
    )
    (folder / ".mapcore-new-1234" / "new").mkdir(parents=True)
    assert main.main(["site", "--out", str(folder), "--json"]) == 0
    before = listed(folder)
    assert json.loads(capsys.readouterr().out)["files"] == len(before)
    assert wrote == [{name: len(content) for name, content in before.items()}]
    assert main.main(["site", "--out", str(folder)]) == 0
    assert wrote[1] == wrote[0]
    assert listed(folder) == before


def test_the_site_is_refused_where_it_cannot_stand(plan, tmp_path):
    (tmp_path / "file").write_text("")
    for name in (tmp_path / "file", tmp_path / "file" / "site", Path("/proc/site")):
        with pytest.raises(ExportError, match=r"name a (new or empty )?folder"):
            write_site(name, proposals=[plan.proposal])
    assert names(tmp_path) == ["file"]
