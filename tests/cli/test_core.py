"""The core works without the packages of the extras, and what needs them says in one sentence which to install."""

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
#: A command line in a process in which the packages named first cannot be found, as if they were not installed.
WITHOUT = """
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
missing = set(sys.argv.pop(1).split(","))
sys.meta_path.insert(0, Nothing())
from mapcore.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def brought_by_extras(*installed):
    """Return the modules of the packages that an extra brings, and neither the core nor an extra that is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    there = [*project["dependencies"], *(line for name in installed for line in extras[name])]
    every = [line for name, lines in extras.items() if name != "test" for line in lines]
    more, core = ({canonicalize_name(Requirement(one).name) for one in lines} for lines in (every, there))
    return sorted({MODULES.get(name, name.replace("-", "_")) for name in more - core - {"mapcore"}})


def run(*words, installed=()):
    command = [sys.executable, "-W", "error", "-c", WITHOUT, ",".join(brought_by_extras(*installed)), *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT / "src")}
    )


def test_the_extras_bring_what_shows_and_draws():
    assert {"distributed", "folium", "mapclassify", "matplotlib", "streamlit", "streamlit_folium"} <= set(
        brought_by_extras()
    )


@pytest.mark.parametrize(
    "words",
    [
        "proposals",
        "controls",
        "areas us-28-point",
        "compare us-28-point line-as-is",
        "claims",
        "areas us-28-point --likely",
    ],
)
def test_a_verb_of_the_core_needs_no_extra(words):
    done = run(*words.split())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


@pytest.mark.parametrize("ending", ["png", "html", "xlsx"])
def test_files_for_others_need_no_dashboard(ending, tmp_path):
    assert {"folium", "streamlit"} <= set(brought_by_extras("publish"))
    file = tmp_path / f"plan.{ending}"
    done = run("export", "us-28-point", "--out", str(file), installed=["publish"])
    assert (done.returncode, done.stderr) == (0, "")
    assert file.stat().st_size > 5000


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        ("export us-28-point --out plan.png", "publish"),
        ("export us-28-point --out plan.html", "publish"),
        ("site --out public", "publish"),
        ("dashboard", "app"),
        ("series {archive} --out {out} --scheduler tcp://127.0.0.1:1", "cluster"),
    ],
)
def test_a_verb_that_needs_an_extra_says_which(words, extra, tmp_path):
    (tmp_path / "held_2025-12-01.geojson").write_bytes((ROOT / "geo/oblasts.geojson").read_bytes())
    done = run(*words.format(archive=tmp_path, out=tmp_path / "out").split())
    assert done.returncode == 2
    assert done.stderr.endswith(f"which is not installed; install it with: pip install 'mapcore[{extra}]'\n")
    assert done.stderr.count("\n") == 1
