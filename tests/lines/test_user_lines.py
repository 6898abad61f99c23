"""A user's own lines: kept, listed, used, replaced and removed; what was there before a failure stays."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from shapely import box
from shapely.geometry import mapping

from mapcore import load_control, measure_proposal
from mapcore.base.data_files import user_dir
from mapcore.base.errors import DataFileError, ParameterError, UnknownIdError
from mapcore.cli import main
from mapcore.land.provenance import Provenance
from mapcore.lines.catalogue import list_controls, scan_controls
from mapcore.lines.importing import About, Reading, import_bytes
from mapcore.lines.user_lines import is_user_line, remove_control, save_control
from mapcore.present.links import View, from_query, to_query
from mapcore.proposals.shipped import load_proposal

SHAPE = box(37.5, 47.8, 38.5, 48.6)
ABOUT = About(as_of=date(2025, 11, 20), provenance=Provenance('Drawn "by" hand', "CC BY 4.0"), id="mine")
ID = "mine"


def drawn(shape=SHAPE, **about):
    return import_bytes(
        json.dumps(mapping(shape)).encode(), "x.geojson", about=replace(ABOUT, **about), reading=Reading(confirmed=True)
    )


def run(capsys, *arguments):
    code = main.main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def files(home):
    return sorted(path.name for path in home.rglob("*") if path.is_file())


def test_the_folder_is_the_platform_s_or_the_chosen_one(home, monkeypatch):
    assert user_dir() == home
    monkeypatch.delenv("MAPCORE_HOME")
    assert "mapcore" in str(user_dir())


def test_a_kept_line_is_the_line_that_was_imported(home):
    line = drawn()
    save_control(line)
    found = load_control(ID)
    for key in ("id", "as_of", "title", "provenance", "origin", "sha256", "notes"):
        assert getattr(found, key) == getattr(line, key), key
    assert found.held.symmetric_difference(line.held).area < 1000  # m²
    assert found.line.length == pytest.approx(line.line.length, rel=1e-6)
    assert load_control(ID) is found
    figures = [measure_proposal(load_proposal("us-28-point"), control=one).ledger for one in (line, found)]
    assert figures[0].net_to_russia.value == pytest.approx(figures[1].net_to_russia.value, abs=1e-3)
    assert files(home)[1] == "mine.toml"


@pytest.mark.usefixtures("home")
def test_own_lines_are_listed_by_date_and_the_default_stays():
    save_control(drawn())
    save_control(drawn(as_of=date(2025, 12, 24), id="newer"))
    assert list_controls() == ["newer", "2025-12-02", "mine", "2022-02-23"]
    assert load_control().id == "2025-12-02"
    assert [is_user_line(one) for one in list_controls()] == [True, False, True, False]


@pytest.mark.usefixtures("home")
def test_a_link_carries_an_own_line_and_falls_back_without_it():
    save_control(drawn())
    query = to_query(View(control=ID))
    assert from_query(query) == (View(control=ID), [])
    remove_control(ID)
    view, notices = from_query(query)
    assert view.control == "2025-12-02"
    assert "line of contact that is not here" in notices[0]


def test_a_taken_id_needs_a_word(home):
    save_control(drawn())
    before = files(home)
    with pytest.raises(ParameterError, match="id 'mine': is taken; remove that line, choose another --id, or use"):
        save_control(drawn(box(37.5, 47.8, 38.6, 48.6)))
    assert files(home) == before
    save_control(drawn(box(37.5, 47.8, 38.6, 48.6)), replace=True)
    assert len(files(home)) == 2
    assert files(home) != before
    assert load_control(ID).held.area != pytest.approx(drawn().held.area, rel=0.01)


def test_a_failure_while_writing_leaves_what_was_there(home, monkeypatch):
    save_control(drawn())
    before = {path: path.read_bytes() for path in home.rglob("*.*")}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(DataFileError, match=r"cannot be written \(No space left on device\); set MAPCORE_HOME"):
        save_control(drawn(box(37.5, 47.8, 38.6, 48.6)), replace=True)
    assert {path: path.read_bytes() for path in home.rglob("*.*")} == before


@pytest.mark.usefixtures("home")
def test_shipped_lines_stay_and_unknown_ones_are_told():
    with pytest.raises(ParameterError, match="'2025-12-02' is a built-in line; only your own"):
        remove_control("2025-12-02")
    with pytest.raises(UnknownIdError, match=r"no line of contact of your own '\.\./x'; there are: none"):
        remove_control("../x")
    save_control(drawn())
    with pytest.raises(UnknownIdError, match="'min'; did you mean 'mine'"):
        load_control("min")


BREAKS = {
    "no TOML": lambda home: (home / "control/mine.toml").write_text("id = "),
    "a key less": lambda home: (home / "control/mine.toml").write_text('id = "mine"'),
    "a path in it": lambda home: (home / "control/mine.toml").write_text(
        re.sub('geometry = ".*"', 'geometry = "../../x.geojson"', (home / "control/mine.toml").read_text())
    ),
}


@pytest.mark.parametrize("spoil", BREAKS.values(), ids=BREAKS)
def test_a_spoilt_line_is_left_out_and_the_others_go_on(home, spoil, capsys):
    save_control(drawn())
    spoil(home)
    ids, notices = scan_controls()
    assert ids == ("2025-12-02", "2022-02-23")
    assert len(notices) == 1
    code, out, err = run(capsys, "controls")
    assert code == 0
    assert "2025-12-02" in out
    assert "this line is left out" in err
    with pytest.raises(DataFileError, match=r"mine.toml: "):
        load_control(ID)
    remove_control(ID)
    assert scan_controls() == (("2025-12-02", "2022-02-23"), ())


def test_polygons_that_were_changed_are_not_used(home):
    save_control(drawn())
    file = next(home.rglob("*.geojson"))
    file.write_text(file.read_text().replace("38.", "36."))
    with pytest.raises(DataFileError, match="is missing or not as it was written; remove this line and add it again"):
        load_control(ID)


def test_the_command_line_adds_lists_uses_and_removes(home, tmp_path, capsys):
    path = tmp_path / "held.geojson"
    path.write_text(json.dumps(mapping(SHAPE)))
    add = ["control", "add", str(path), "--as-of", "2025-11-20", "--source", "Drawn", "--error-km", "1", "--confirm"]
    code, out, err = run(capsys, *add, "--licence", "CC0", "--json")
    assert (code, err) == (0, "")
    added = json.loads(out)
    assert list(added) == ["id", "as_of", "source", "error_km", "own", "licence", "attribution", "notes"]
    assert (added["id"], added["error_km"], added["licence"]) == ("2025-11-20-drawn", 1.0, "CC0")
    listed = json.loads(run(capsys, "controls", "--json")[1])
    assert [list(row) for row in listed] == [
        ["id", "as_of", "source", "error_km"],
        ["id", "as_of", "source", "error_km", "own"],
        ["id", "as_of", "source", "error_km"],
    ]  # fmt: skip
    assert re.search(r"2025-11-20-drawn +2025-11-20 +±1 km +own +Drawn", run(capsys, "controls")[1])
    assert "Line of contact: Drawn, 20 November 2025 (licence: CC0)" in run(
        capsys, "areas", "us-28-point", "--control", "2025-11-20-drawn"
    )[1]  # fmt: skip
    code, _, err = run(capsys, *add)
    assert (code, err.count("\n")) == (2, 1)
    assert "is taken" in err
    code, out, _ = run(capsys, *add, "--replace")
    assert code == 0
    assert "Use it: mapcore areas us-28-point --control 2025-11-20-drawn" in out
    assert run(capsys, "control", "remove", "2025-11-20-drawn") == (0, "2025-11-20-drawn was removed\n", "")
    assert files(home) == []


def test_a_refused_file_changes_nothing(home, tmp_path, capsys):
    save_control(drawn())
    before = files(home)
    path = tmp_path / "page.geojson"
    path.write_text("<!DOCTYPE html><script>alert(1)</script>")
    code, out, err = run(capsys, "control", "add", str(path), "--as-of", "2025-11-20", "--source", "X", "--id", ID)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("mapcore: page.geojson: is a web page")
    assert files(home) == before


def test_a_session_s_line_touches_no_disk(home):
    line = import_bytes(
        json.dumps(mapping(SHAPE)).encode(),
        "x.json",
        about=replace(ABOUT, id=""),
        reading=Reading(sliver_km=0, confirmed=True),
    )
    assert line.id == "2025-11-20-drawn-by-hand"
    assert not home.exists()
