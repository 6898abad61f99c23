"""The gate runs what the README says, and what is installed is what was tested."""

import re
import subprocess
import tomllib
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.paths import ROOT

PINNED = {
    canonicalize_name(name): version
    for name, version in re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
NAMED = {
    Requirement(line) for line in [*PROJECT["dependencies"], *(line for lines in EXTRAS.values() for line in lines)]
}
DIRECT = sorted((one for one in NAMED if one.name != "mapcore"), key=str)


def command_of(readme, words):
    """Return what `.ci/readme-command` prints, what it says where it refuses, and its exit code."""
    ended = subprocess.run([ROOT / ".ci/readme-command", readme, words], capture_output=True, text=True, check=False)
    return ended.stdout, ended.stderr, ended.returncode


@pytest.mark.parametrize("words", ["streamlit run dashboard.py", "pytest"])
def test_the_gate_takes_its_command_from_the_readme(words):
    said, refused, code = command_of(ROOT / "README.md", words)
    assert (refused, code) == ("", 0)
    assert said.rstrip("\n") in (ROOT / "README.md").read_text("utf-8")
    assert re.fullmatch(rf"pip install -e \S+ -c constraints\.txt && {re.escape(words)}\n", said)
    assert f"readme-command README.md {words}" in (ROOT / ".ci/run").read_text("utf-8").replace('"', "")


@pytest.mark.parametrize(
    "text",
    ["", "pytest\n", "pip install -e . && pytester\n", "pip install a && pytest\npip install b && pytest # twice\n"],
    ids=["nothing", "not installed", "another program", "two"],
)
def test_a_readme_without_the_command_stops_the_gate(text, tmp_path):
    (tmp_path / "README.md").write_text(text, "utf-8")
    said, refused, code = command_of(tmp_path / "README.md", "pytest")
    assert (said, code) == ("", 1)
    assert re.search(r"one line that installs and then runs 'pytest' is wanted; there are [02]\n", refused)


@pytest.mark.parametrize("one", DIRECT, ids=lambda one: one.name)
def test_each_direct_dependency_is_pinned_within_its_bounds(one):
    assert one.specifier.contains(PINNED[canonicalize_name(one.name)])
    assert any(bound.operator == ">=" for bound in one.specifier), "a lower bound is what .ci/lowest installs"


def test_the_tests_install_what_every_other_extra_brings():
    brought = next(one for one in map(Requirement, EXTRAS["test"]) if one.name == "mapcore").extras
    assert {*brought, "publish", "test"} == set(EXTRAS)
    assert "mapcore[publish]" in EXTRAS["app"]


def test_a_package_that_two_extras_bring_has_one_bound():
    assert len({one.name for one in DIRECT}) == len(DIRECT)


def test_every_package_that_they_bring_along_is_pinned():
    left, seen = [*DIRECT], set()
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        if name in seen and not one.extras:
            continue
        seen.add(name)
        extras = {"", *one.extras}
        for line in requires(name) or ():
            brought = Requirement(line)
            if brought.marker is None or any(brought.marker.evaluate({"extra": extra}) for extra in extras):
                left.append(brought)
    assert sorted(seen - set(PINNED) - {"pip", "setuptools"}) == []


def test_every_way_to_install_takes_the_pins():
    for name in ("requirements.txt", "Dockerfile", "CONTRIBUTING.md", "README.md"):
        assert "-c constraints.txt" in (ROOT / name).read_text("utf-8"), name
    installed = re.findall(r"pip install (.+?)(?: \|\| .*)?$", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE)
    assert installed == ['--upgrade --upgrade-strategy eager -e ".[test]"'], "the rest is the README's"
