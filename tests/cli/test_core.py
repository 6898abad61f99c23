"""The core works without the packages of the extras, and what needs them says in one sentence which to install."""

import json
import os
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.paths import ROOT

#: What packages are imported as, where it is not their name.
MODULES = {"xstatic-leaflet": "xstatic", "xstatic-leaflet-gesturehandling": "xstatic"}
#: What command lines say in a process in which the packages named first cannot be found, as if they were not installed.
WITHOUT = """
import contextlib, io, json, sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
missing = set(sys.argv.pop(1).split(","))
sys.meta_path.insert(0, Nothing())
from mapcore.cli.main import main
def said(words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    return code, out.getvalue(), err.getvalue()
print(json.dumps([said(words) for words in json.loads(sys.argv[1])]))
"""


def brought_by_extras(*installed):
    """Return the modules of the packages that an extra brings, and neither the core nor an extra that is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    there = [*project["dependencies"], *(line for name in installed for line in extras[name])]
    every = [line for name, lines in extras.items() if name != "test" for line in lines]
    more, core = ({canonicalize_name(Requirement(one).name) for one in lines} for lines in (every, there))
    return sorted({MODULES.get(name, name.replace("-", "_")) for name in more - core - {"mapcore"}})


def run(*commands, installed=()):
    """Return for each command line its code, and what it wrote to stdout and to stderr."""
    without = ",".join(brought_by_extras(*installed))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT, without, json.dumps(commands)],
        capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.stderr == ""
    return [tuple(one) for one in json.loads(done.stdout)]


def test_the_extras_bring_what_shows_and_draws():
    assert {"distributed", "folium", "mapclassify", "matplotlib", "streamlit", "streamlit_folium"} <= set(
        brought_by_extras()
    )


OF_THE_CORE = (
    "proposals",
    "controls",
    "areas us-28-point",
    "compare us-28-point line-as-is",
    "claims",
    "areas us-28-point --likely",
)


@pytest.fixture(scope="module")
def by_the_core():
    """What each verb of the core says, all in one process."""
    return dict(zip(OF_THE_CORE, run(*(words.split() for words in OF_THE_CORE)), strict=True))


@pytest.mark.parametrize("words", OF_THE_CORE)
def test_a_verb_of_the_core_needs_no_extra(by_the_core, words):
    code, told, refused = by_the_core[words]
    assert (code, refused) == (0, "")
    assert told.strip()


ENDINGS = ("png", "html", "xlsx")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A file for others of each kind and what its command said, all written in one process."""
    folder = tmp_path_factory.mktemp("files")
    paths = [folder / f"plan.{ending}" for ending in ENDINGS]
    said = run(*(["export", "us-28-point", "--out", str(path)] for path in paths), installed=["publish"])
    return dict(zip(ENDINGS, zip(paths, said, strict=True), strict=True))


@pytest.mark.parametrize("ending", ENDINGS)
def test_files_for_others_need_no_dashboard(ending, files):
    assert {"folium", "streamlit"} <= set(brought_by_extras("publish"))
    file, (code, _, refused) = files[ending]
    assert (code, refused) == (0, "")
    assert file.stat().st_size > 5000


OF_AN_EXTRA = {
    "export us-28-point --out plan.png": "publish",
    "export us-28-point --out plan.html": "publish",
    "site --out public": "publish",
    "dashboard": "app",
    "series {archive} --out {out} --scheduler tcp://127.0.0.1:1": "cluster",
}


@pytest.fixture(scope="module")
def without_extras(tmp_path_factory):
    """What each verb says that needs an extra, all in one process without any."""
    folder = tmp_path_factory.mktemp("without")
    (folder / "held_2025-12-01.geojson").write_bytes((ROOT / "geo/oblasts.geojson").read_bytes())
    commands = [words.format(archive=folder, out=folder / "out").split() for words in OF_AN_EXTRA]
    return dict(zip(OF_AN_EXTRA, run(*commands), strict=True))


@pytest.mark.parametrize(("words", "extra"), OF_AN_EXTRA.items())
def test_a_verb_that_needs_an_extra_says_which(without_extras, words, extra):
    code, _, refused = without_extras[words]
    assert code == 2
    assert refused.endswith(f"which is not installed; install it with: pip install 'mapcore[{extra}]'\n")
    assert refused.count("\n") == 1
