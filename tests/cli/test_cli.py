"""The command line: each verb, in JSON and for people, and every refusal in one line."""

import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from support.drawn_archive import write_archive

from mapcore import load_oblasts, load_proposals, measure_proposal
from mapcore.base.data_files import geo_dir
from mapcore.cli import main
from mapcore.measurement.ledger import Ledger

SCENARIOS = sorted(map(str, (geo_dir() / "scenarios").glob("*.toml")))
ZONE_KEYS = ["oblast", "status", "area_km2", "low_km2", "high_km2", "contested_km2", "share_of_oblast"]


def run(capsys, *arguments):
    code = main.main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_answer_that_its_file_cannot_take_is_refused_in_one_line(capsys, monkeypatch):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main.main(["proposals"]) == 2
    assert capsys.readouterr().err.startswith("mapcore: stdout: cannot be written (No space left on device); ")


def answer(capsys, *arguments):
    code, out, err = run(capsys, *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_proposals(capsys):
    found = answer(capsys, "proposals")
    assert [row["id"] for row in found] == [proposal.id for proposal in load_proposals()]
    assert list(found[0]) == ["id", "title", "by", "date", "standing", "outcome"]
    assert found[0]["date"] == "2025-11-20"
    code, out, _ = run(capsys, "proposals")
    lines = out.splitlines()
    assert (code, len(lines)) == (0, 16)
    column = lines[0].index("title")
    assert all(line[column - 2 : column] == "  " and line[column] != " " for line in lines)


def test_controls(capsys):
    found = answer(capsys, "controls")
    assert list(found[0]) == ["id", "as_of", "source", "error_km"]
    assert found[0]["as_of"] == "2025-12-02"
    assert found[0]["error_km"] > 0
    assert "2025-12-02" in run(capsys, "controls")[1]


@pytest.mark.parametrize("proposal_id", [proposal.id for proposal in load_proposals()])
def test_areas_in_json(capsys, proposal_id):
    found = answer(capsys, "areas", proposal_id)
    assert list(found) == ["proposal", "control", "zones", "ledger", "contested_km2"]
    assert (found["proposal"], found["control"]) == (proposal_id, "2025-12-02")
    assert list(found["ledger"]) == [f"{field.name}_km2" for field in fields(Ledger)]
    zones = found["zones"]
    assert all(list(zone) == ZONE_KEYS for zone in zones)
    assert len({(zone["oblast"], zone["status"]) for zone in zones}) == len(zones)
    assert sum(zone["area_km2"] for zone in zones) == pytest.approx(load_oblasts()["measured_area_km2"].sum(), rel=1e-9)
    assert sum(zone["share_of_oblast"] for zone in zones) == pytest.approx(27)
    assert all(zone["low_km2"] <= zone["area_km2"] <= zone["high_km2"] for zone in zones)


def test_areas_take_parameters(capsys):
    shallow, deep = (
        answer(capsys, "areas", "donetsk-narrow-buffer", "--set", f"depth_km={km}")["ledger"]["demilitarised_km2"]
        for km in (30, 40)
    )
    assert shallow < deep


def test_areas_for_people(capsys):
    code, out, err = run(capsys, "areas", "donetsk-narrow-buffer", "--set", "depth_km=40")
    assert (code, err) == (0, "")
    assert "40 km" in out
    assert re.search(r"Donetsk +Buffer strip along the line +[\d,]+ km² +[\d,]+ to [\d,]+ km²", out)
    assert "Line of contact: mapcore" in out


def test_likely_ranges_are_added_only_when_asked_for(capsys):
    plain, likely = answer(capsys, "areas", "us-28-point"), answer(capsys, "areas", "us-28-point", "--likely")
    assert {key: likely[key] for key in plain} == plain
    assert list(likely) == [*plain, "likely"]
    assert [(zone["oblast"], zone["status"]) for zone in likely["likely"]["zones"]] == [
        (zone["oblast"], zone["status"]) for zone in plain["zones"]
    ]
    assert list(likely["likely"]["ledger"]) == [field.name for field in fields(Ledger)]
    out = run(capsys, "areas", "us-28-point", "--likely")[1]
    assert re.search(r"ledger +area +range +likely", out)
    assert "Likely: 90% of 2,000 lines displaced at random by 2 km on average, correlated over 7 km" in out
    assert "likely" not in run(capsys, "areas", "us-28-point")[1]


def test_series_writes_a_table_and_tells_what_it_skipped(tmp_path, capsys):
    write_archive(tmp_path / "archive", 1)
    (tmp_path / "archive" / "day_20251201.geojson").write_bytes(b"x")
    arguments = ["series", str(tmp_path / "archive"), "--out", str(tmp_path / "out"), "--workers", "1"]
    code, out, err = run(capsys, *arguments)
    assert (code, err.count("\n")) == (0, 1)
    assert err.startswith(
        "mapcore: skipped 2025-12-01: day_20251201.geojson: is not a kind of file that can be read; give GeoJSON"
    )
    assert out.startswith("1 days measured, 0 kept from an earlier run, 1 skipped: ")
    found = json.loads(run(capsys, *arguments, "--json")[1])
    assert list(found) == ["parquet", "csv", "done", "kept", "skipped"]
    assert (found["done"], found["kept"], len(found["skipped"])) == (0, 1, 1)


def test_check_of_the_shipped_proposals(capsys):
    assert run(capsys, "check", *SCENARIOS) == (0, "no problem found in 15 files\n", "")
    assert run(capsys, "check", *SCENARIOS, "--json")[1] == "[]\n"


def test_check_names_each_problem(tmp_path, capsys):
    shipped = Path(SCENARIOS[0])
    broken, idle, twin = tmp_path / "broken.toml", tmp_path / "idle.toml", tmp_path / shipped.name
    broken.write_text("id = ")
    head = 'title="I"\nby="B"\ndate=2025-01-01\norder=1\nsummary="S"\n'
    rules = '[[zones]]\nstatus="returned"\nwhere={oblasts=["UA-46"],held_by="russia"}\n'
    idle.write_text(f'id="idle"\n{head}{rules}', encoding="utf-8")
    twin.write_bytes(shipped.read_bytes())
    files = [str(path) for path in (broken, idle, shipped, twin, tmp_path / "nope.toml", tmp_path)]
    code, out, err = run(capsys, "check", *files)
    assert (code, err) == (1, "")
    lines = out.splitlines()
    said = [
        "broken.toml: is not valid TOML",
        f"{shipped.name}: id: .* is already the id of geo/scenarios/{shipped.name}",
        r"nope\.toml: cannot be read",
        "is a folder; name the files in it",
        r"idle\.toml: zones\[0\]: matches no land on the line of 2025-12-02; correct its oblasts",
    ]
    assert len(lines) == len(said)
    for line, words in zip(lines, said, strict=True):
        assert re.search(words, line)
    code, out, _ = run(capsys, "check", *files, "--json")
    problems = json.loads(out)
    assert code == 1
    assert [list(problem) for problem in problems] == [["file", "key", "problem", "way_out"]] * len(lines)
    assert problems[-1]["key"] == "zones[0]"


REFUSALS = [
    (["areas", "us-28-pint"], "no proposal 'us-28-pint'; did you mean 'us-28-point'?"),
    (
        ["areas", "donetsk-narrow-buffer", "--set", "depth_km=99"],
        "depth_km: 99 km is out of range; choose from 5 to 60",
    ),
    (["areas", "us-28-point", "--set", "depth_km=9"], "no such parameter; it has: none"),
    (["areas", "us-28-point", "--set", "depth_km"], "write a name and a number, such as --set depth_km=30"),
    (
        ["areas", "donetsk-narrow-buffer", "--set", "depth_km=30", "--set", "depth_km=40"],
        "--set depth_km=40: depth_km is set twice; set it once",
    ),
    (["areas", "us-28-point", "--control", "2025-12-01"], "did you mean '2025-12-02'?"),
    (["areas", "us-28-point", "--control", "../2025-12-02"], "no line of contact '../2025-12-02'"),
    (["areas"], "required: PROPOSAL; try 'mapcore areas --help'"),
    (["areas", "us-28-point", "--jsn"], "unrecognized arguments: --jsn; try"),
    (["area", "us-28-point"], "no verb 'area'; did you mean 'areas'?; try 'mapcore --help'"),
    (["publish"], "no verb 'publish'"),
    (["compare", "us-28-point"], "required: B; try 'mapcore compare --help'"),
    (["compare", "us-28-point", "line-as"], "did you mean 'line-as-is'?"),
    (["claims", "--control", "2025-12-01"], "did you mean '2025-12-02'?"),
    (["control"], "required: WORK; try 'mapcore control --help'"),
    (["control", "ad"], "invalid choice: 'ad' (choose from"),
    (["control", "remove", "2025-12-02"], "'2025-12-02' is a built-in line; only your own"),
    (["control", "add", "x", "--as-of", "today", "--source", "X"], "'today' is not a date; write it as 2025-12-02"),
    (["control", "add", "x.geojson", "--as-of", "2025-12-02", "--source", "X"], "x.geojson: cannot be read"),
    (["control", "fetch", "--from", "deepstat"], "no archive 'deepstat'; did you mean 'deepstate'?"),
    (["series", "."], "required: --out; try 'mapcore series --help'"),
    (["series", "nothing-here", "--out", "history"], "nothing-here: has no file with a date in its name"),
    (["series", ".", "--out", "history", "--workers", "0"], "argument --workers: invalid"),
    (["check"], "required: FILE; try 'mapcore check --help'"),
    ([], "required: VERB; try 'mapcore --help'"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSALS)
def test_refusals_are_one_line(capsys, arguments, said):
    try:
        code = main.main(arguments)
    except SystemExit as leaving:
        code = leaving.code
    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert said in printed.err
    assert printed.err.startswith("mapcore: ")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("verb", ["proposals", "areas", "compare", "claims", "place", "controls", "series", "check"])
def test_help_teaches(capsys, verb):
    with pytest.raises(SystemExit, match="0"):
        main.main([verb, "--help"])
    out = capsys.readouterr().out
    assert "examples:" in out
    assert f"mapcore {verb}" in out
    assert "--json" in out


def test_help_lists_only_what_there_is(capsys):
    with pytest.raises(SystemExit, match="0"):
        main.main(["--help"])
    verbs = re.findall(r"^    (\w+)", capsys.readouterr().out, flags=re.MULTILINE)
    assert verbs == [
        "proposals", "areas", "compare", "effects", "claims", "export", "overview", "site", "place", "controls",
        "control", "series", "check", "dashboard",
    ]  # fmt: skip


@pytest.mark.parametrize("work", ["add", "fetch", "remove"])
def test_help_of_control_teaches(capsys, work):
    with pytest.raises(SystemExit, match="0"):
        main.main(["control", work, "--help"])
    out = capsys.readouterr().out
    assert "examples:" in out
    assert f"mapcore control {work}" in out
    assert "--json" in out


def test_a_reader_that_leaves_early_and_a_poor_terminal():
    """The program as it is started: `python -m mapcore`, in ASCII, into a pipe that nobody reads."""
    command = [sys.executable, "-m", "mapcore", "areas", "us-28-point"]
    ended = subprocess.run(command, env=os.environ | {"PYTHONIOENCODING": "ascii"}, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"US 28-point plan" in ended.stdout
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        ended = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_figures_of_the_command_line_are_those_of_the_library(capsys):
    found = answer(capsys, "areas", "us-28-point")["ledger"]
    ledger = measure_proposal(load_proposals()[0]).ledger
    assert found["net_to_russia_km2"] == pytest.approx(ledger.net_to_russia.value, abs=1e-5)
