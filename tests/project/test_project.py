"""What ships: each data file has its row and its sum, the wheel carries them, and the docs speak of what there is."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from support.paths import ROOT
from support.server import free_port, wait_for_start

import mapcore
from mapcore import load_proposals, read_proposal
from mapcore.base.data_files import TYPEFACE_DIR, geo_dir
from mapcore.base.sources import data_version, load_sources
from mapcore.cli import main

DOCS = {path: path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]}
NO_DATA = {"sources.toml", "LICENSES.md", "licences/GPL-3.0.txt", "licences/LGPL-3.0.txt"}


@pytest.mark.parametrize("source", load_sources(), ids=lambda source: source.path)
def test_each_row_has_its_file(source):
    content = (geo_dir() / source.path).read_bytes()
    assert hashlib.sha256(content).hexdigest() == source.sha256
    for field in (source.title, source.origin, source.licence, source.attribution):
        assert field.strip()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", source.date)


def test_each_data_file_has_its_row():
    files = {path.relative_to(geo_dir()).as_posix() for path in geo_dir().rglob("*") if path.is_file()}
    assert files - NO_DATA == {source.path for source in load_sources()}
    assert re.fullmatch(r"[0-9a-f]{12}", data_version())


def test_the_licences_name_files_that_are_there():
    text = (geo_dir() / "LICENSES.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./-]+)`", text))
    assert named
    for name in named:
        base = ROOT if name.startswith(("docs/", "scripts/build")) else geo_dir()
        assert (base / name).exists(), name
    for source in load_sources():
        assert source.path in named or f"{source.path.split('/')[0]}/" in named, source.path


def test_public_names_are_listed_and_there():
    assert len(mapcore.__all__) == len(set(mapcore.__all__))
    assert all(getattr(mapcore, name).__doc__ for name in mapcore.__all__)


def test_each_proposal_is_documented():
    text = "\n".join(DOCS.values())
    for proposal in load_proposals():
        assert proposal.id in text or proposal.title in text, proposal.id


@pytest.mark.parametrize(
    "verb",
    [
        "proposals", "areas", "compare", "claims", "controls", "control add", "control fetch", "control remove",
        "series", "check", "export", "overview", "site", "place", "dashboard",
    ],
)  # fmt: skip
def test_each_verb_is_documented(verb):
    assert any(f"mapcore {verb}" in text for text in DOCS.values())


def test_the_method_names_each_line_of_the_ledger():
    text = DOCS[ROOT / "docs" / "method.md"].lower()
    for words in (
        "held by russia now",
        "ukraine leaves",
        "russia leaves",
        "net",
        "recognised as russian",
        "demilitarised",
    ):
        assert words in text


def test_the_stages_told_are_the_stages_checked():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    checked = [set(re.findall(r"\w+", row)) for row in reversed(contracts[0]["layers"])]
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    told = re.search(r"## The way of the data.*?```\n(.*?)```", guide, re.DOTALL)
    assert [set(re.split(r" \| ", row.split("  ")[0])) for row in told[1].splitlines()] == checked


def test_the_example_of_the_guide_is_a_sound_proposal(tmp_path):
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = tmp_path / "example.toml"
    example.write_text(re.search(r"```toml\n(.*?)```", guide, re.DOTALL)[1], encoding="utf-8")
    assert read_proposal(example).id == "example"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel as pip builds it; pip fetches the build backend."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_works_outside_the_repository(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    carried = {
        path.relative_to(tmp_path / "mapcore/geo").as_posix() for path in (tmp_path / "mapcore/geo").rglob("*.*")
    }
    assert {source.path for source in load_sources()} <= carried
    assert (tmp_path / "mapcore/py.typed").is_file()
    faces = {path.name for path in (tmp_path / "mapcore/web/typeface").iterdir()}
    assert faces == {path.name for path in TYPEFACE_DIR.iterdir()} >= {"OFL.txt", "mapcore-sans.woff2"}
    script = "import json, mapcore; print(json.dumps([mapcore.__file__, len(mapcore.load_oblasts())]))"
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    file, units = json.loads(ended.stdout)
    assert Path(file).is_relative_to(tmp_path)
    assert units == 27


def test_the_wheel_serves_the_dashboard_with_its_settings(wheel, tmp_path):
    """As installed, from a folder that has no settings; what the command prints of itself is JSON alone."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "packages")
    (tmp_path / "elsewhere").mkdir()
    port = free_port()
    command = [sys.executable, "-m", "mapcore", "dashboard", "--port", str(port), "--json"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "packages"), "STREAMLIT_SERVER_HEADLESS": "true"}
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(
            command,
            cwd=tmp_path / "elsewhere",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
        ) as server,
    ):
        try:
            wait_for_start(lambda: server.poll() is not None, f"http://localhost:{port}", tmp_path / "log")
        finally:
            server.terminate()
        assert json.loads(server.stdout.read()) == {"address": f"http://localhost:{port}"}
    entry = tmp_path / "packages/mapcore/start/dashboard.py"
    assert entry.read_bytes() == (ROOT / "dashboard.py").read_bytes()
    code = (
        "import sys; from streamlit import config; config._main_script_path = sys.argv[1]; config.get_config_options();"
        "print(*map(config.get_option, ['server.maxUploadSize', 'browser.gatherUsageStats', 'server.showEmailPrompt',"
        "'theme.light.primaryColor']))"
    )
    settings = subprocess.run(
        [sys.executable, "-c", code, str(entry)], cwd=tmp_path / "elsewhere", capture_output=True, text=True, check=True
    )
    assert settings.stdout.split() == ["64", "False", "False", "#2f5d7c"]


def test_the_version_is_the_package_s(capsys):
    with pytest.raises(SystemExit, match="0"):
        main.main(["--version"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert capsys.readouterr().out == f"mapcore {project['version']}\n"
    assert mapcore.__version__ == project["version"]
    assert re.findall(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE) == [
        project["version"]
    ]
