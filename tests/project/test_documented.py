"""What README and docs say to type works as it is written: every Python block, name and command line."""

import json
import pkgutil
import re
import shlex
import shutil
import subprocess
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
from support import drawn_archive, forked
from support.paths import ROOT

import mapcore
from mapcore.cli import main

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
#: What is not run here, and why.
ELSEWHERE = {
    "dashboard": "serves until it is stopped: test_project.py starts it from a wheel",
    "site --out public --link-base": "writes the whole site once more: test_site_stubs.py has what the address adds",
    "control fetch": "downloads from an archive: test_snapshot_download.py runs it against a server of its own",
}
#: Where a dashboard is in the documentation.
LOCAL = "http://localhost:8501"
#: What is run once, however many pages have it.
LONG = ("site", "series", "claims")


def blocks(language):
    return [
        pytest.param(code, id=f"{page.name}-{place}")
        for page in PAGES
        for place, (kind, code) in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
        if kind == language
    ]


def commands():
    """Every documented command line by the page that has it, in the order of the page."""
    found, seen = {}, set()
    for page in PAGES:
        for _, code in (block for block in BLOCK.findall(page.read_text(encoding="utf-8")) if block[0] == "sh"):
            for line in code.splitlines():
                words = shlex.split(line, comments=True)
                if words[:1] != ["mapcore"] or (words[1] in LONG and tuple(words) in seen):
                    continue
                seen.add(tuple(words))
                found.setdefault(page.name, []).append(words[1:])
    return found


COMMANDS = commands()


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the files that the documentation names, and no line or archive of the developer's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPCORE_HOME", str(tmp_path / "home"))
    days = drawn_archive.write_archive(tmp_path / "data", 3, start=date(2025, 12, 1))
    shutil.copy(days[0], tmp_path / "held.geojson")
    (tmp_path / "deepstate-map-data.geojson").write_bytes(drawn_archive.combined(tmp_path / "data"))
    drawn_archive.pack(tmp_path / "deepstate-map-data.geojson")
    shutil.copy(ROOT / "geo" / "scenarios" / "us-28-point.toml", tmp_path / "my-proposal.toml")
    mine = (tmp_path / "my-proposal.toml").read_text(encoding="utf-8").replace('"us-28-point"', '"my-proposal"')
    (tmp_path / "my-proposal.toml").write_text(mine, encoding="utf-8")
    return tmp_path


@pytest.fixture
def code_here(request):
    """A block, where it asks a dashboard with the address of the tests' own one."""
    code = request.param
    return code.replace(LOCAL, request.getfixturevalue("app_url")) if LOCAL in code else code


#: What blocks write, by page and file, and how it is known that the file can be read.
LEFT = {
    ("README.md", "zones.geojson"): lambda path: len(gpd.read_file(path)) > 27,
    ("method.md", "zones.html"): lambda path: "leaflet" in path.read_text(encoding="utf-8"),
}


def writing(page, name):
    """The first block of a page that names a file."""
    return next(param.id for param in blocks("python") if param.id.startswith(page) and name in param.values[0])


#: The files of each block that writes some; a block that is gone is an error here.
LEAVES = {writing(page, name): (name, check) for (page, name), check in LEFT.items()}


@pytest.mark.parametrize("code_here", blocks("python"), indirect=True)
def test_a_python_block_runs_as_it_is_written(code_here, place, request):
    """In a process of its own, as a file, with nothing imported but what the block imports; it leaves what it says."""
    (place / "block.py").write_text(code_here, encoding="utf-8")
    done = forked.run(forked.script, "block.py", cwd=place)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    name, can_be_read = LEAVES.get(request.node.callspec.id, ("block.py", Path.exists))
    assert can_be_read(place / name), name


def asked():
    """Every documented question to a dashboard by curl."""
    codes = [param.values[0] for param in blocks("sh")]
    return [line for code in codes for line in code.splitlines() if line.startswith("curl ")]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_the_questions_to_a_dashboard_are_answered(app_url, place):
    assert len(asked()) >= 3
    for line in asked():
        words = shlex.split(line.replace(LOCAL, app_url))
        done = subprocess.run([*words, "--fail", "--silent"], cwd=place, capture_output=True, check=False)
        assert done.returncode == 0, line
        if "-o" in words:
            assert (place / words[words.index("-o") + 1]).stat().st_size > 1000
        else:
            assert json.loads(done.stdout)["proposal"]


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not here")
@pytest.mark.parametrize("code", blocks("r"))
def test_a_block_of_r_runs_as_it_is_written(code, app_url, place):
    (place / "block.R").write_text(code.replace(LOCAL, app_url), encoding="utf-8")
    done = subprocess.run(
        [str(shutil.which("Rscript")), "block.R"], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "de_facto" in done.stdout


@pytest.mark.parametrize("page", COMMANDS)
def test_the_command_lines_of_a_page_run(page, place, capsys):
    ran = 0
    for words in COMMANDS[page]:
        if any(" ".join(words).startswith(left) for left in ELSEWHERE):
            continue
        assert main.main(words) == 0, (words, capsys.readouterr().err)
        told = capsys.readouterr()
        assert told.out.strip(), words
        ran += 1
        if "--out" in words:
            assert (place / words[words.index("--out") + 1]).exists()
    assert ran


def test_what_runs_elsewhere_is_documented_and_no_more():
    lines = [" ".join(words) for found in COMMANDS.values() for words in found]
    for left in ELSEWHERE:
        assert any(line.startswith(left) for line in lines), left
    assert len(lines) >= 20


def names():
    """Every name of the package that a page or a docstring gives in full."""
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    texts += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "src" / "mapcore").rglob("*.py"))]
    return sorted({name for text in texts for name in re.findall(r"`(mapcore(?:\.[A-Za-z_]+)+)", text)})


def test_every_name_is_there():
    found = names()
    assert {"mapcore.publish.export.export", "mapcore.analysis.line_agreement.agreement"} <= set(found)
    for name in found:
        pkgutil.resolve_name(name)


def test_frames_show_themselves_on_a_map():
    """With the extra `explore`; nothing is asked of anyone while the map is made."""
    plan = mapcore.measure_proposal(mapcore.load_proposal("us-28-point"))
    for frame in (plan.zones, mapcore.build_zones(plan.proposal), mapcore.load_oblasts()):
        assert "Crimea" in frame.explore(tiles=None).get_root().render() or "UA-43" in (
            frame.explore(tiles=None).get_root().render()
        )


def test_no_block_slips_past_under_another_name():
    kinds = {kind for page in PAGES for kind, _ in BLOCK.findall(page.read_text(encoding="utf-8"))}
    assert kinds >= {"python", "sh"}
    assert kinds.isdisjoint({"py", "python3", "pycon", "bash", "shell", "console"})
