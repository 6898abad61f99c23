"""`import mapcore`: few names, each explained and with an example that runs; nothing of it hides a module."""

import doctest
import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pandas as pd
import pytest

import mapcore
from mapcore.analysis.compare import sum_changes
from mapcore.cli import main
from mapcore.measurement.areas import ledger_figure

FUNCTIONS = [name for name in mapcore.__all__ if not isinstance(getattr(mapcore, name), type)]


def run(examples, name, found):
    runner = doctest.DocTestRunner(verbose=False)
    for one in doctest.DocTestFinder(recurse=False).find(found, name, globs={}):
        examples += one.examples
        runner.run(one)
    return runner.summarize(verbose=False).failed


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_has_an_example_that_runs(name):
    examples = []
    assert run(examples, name, getattr(mapcore, name)) == 0
    assert examples


def test_the_example_of_the_package_runs():
    examples = []
    assert run(examples, "mapcore", mapcore) == 0
    assert len(examples) >= 6


def test_the_face_is_small():
    assert 20 <= len(mapcore.__all__) <= 30
    assert len(FUNCTIONS) >= 18


def test_no_name_hides_a_module():
    inside = {path.stem for path in Path(mapcore.__path__[0]).iterdir()}
    assert inside.isdisjoint(mapcore.__all__)


def test_what_is_not_of_the_face_is_imported_from_its_module():
    assert not hasattr(mapcore, "quantities")
    assert not [name for name in vars(mapcore.compare) if not name.startswith("__")]


def plan():
    return mapcore.measure_proposal(mapcore.load_proposal("us-28-point"))


def comparison():
    return mapcore.compare(plan(), mapcore.measure_proposal(mapcore.load_proposal("line-as-is")))


@pytest.mark.parametrize("result", [plan, comparison], ids=["measured", "comparison"])
def test_a_result_shows_itself_as_its_exports(result, tmp_path):
    shown = result()
    picture, page = shown.plot(), shown.explore()
    for ending, content in (("png", picture.png), ("html", page.html.encode())):
        size = mapcore.export(shown, tmp_path / f"file.{ending}")
        assert (tmp_path / f"file.{ending}").read_bytes() == content
        assert size == len(content)
    assert shown.plot(theme="dark").png != picture.png
    assert picture._repr_png_().startswith(b"\x89PNG")
    assert page._repr_html_().count("<iframe") == 1
    assert len(repr(picture)) < 60 > len(repr(page))


def test_a_ledger_is_a_table_with_nothing_where_the_text_is_silent():
    frame = plan().ledger.to_frame()
    assert frame.loc["net_to_russia", "value_km2"] == plan().ledger.net_to_russia.value
    assert frame.columns.tolist() == ["value_km2", "low_km2", "high_km2", "contested_km2"]
    silent = mapcore.measure_proposal(mapcore.load_proposal("e3-counter"))
    for key, row in silent.ledger.to_frame().iterrows():
        assert pd.isna(row["value_km2"]) == (ledger_figure(silent, key) is None)
    assert silent.to_frame().isna().any(axis=None)
    assert "not specified" in repr(silent)
    assert "not specified" in silent._repr_html_()


def test_a_comparison_is_a_table_of_what_differs():
    frame = comparison().to_frame()
    assert frame["area_km2"].sum() == pytest.approx(sum_changes(comparison())["area_km2"].sum())
    assert len(comparison()._repr_html_().split("<tr")) == len(frame) + 2


@pytest.mark.parametrize(
    ("rows", "verb"),
    [
        (mapcore.load_proposals, "proposals"),
        (mapcore.load_controls, "controls"),
        (mapcore.check_claims, "claims"),
    ],
    ids=["proposals", "controls", "claims"],
)
def test_rows_have_the_columns_of_the_verb(rows, verb, capsys):
    assert main.main([verb, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    frame = rows().to_frame()
    assert frame.columns.tolist() == list(told[0])
    assert frame["id"].tolist() == [row["id"] for row in told]
    assert rows() == tuple(rows())
    assert "<table" in rows()._repr_html_()


@pytest.mark.parametrize(
    "value",
    [
        plan,
        comparison,
        lambda: plan().ledger,
        mapcore.load_control,
        lambda: plan().proposal,
        lambda: mapcore.check_claims()[0],
    ],
    ids=["measured", "comparison", "ledger", "control", "proposal", "claim"],
)
def test_a_value_is_frozen_and_told_in_a_line(value):
    with pytest.raises((FrozenInstanceError, AttributeError)):
        value().anything = 1
    assert "\n" not in repr(value())
    assert len(repr(value())) < 500


def test_figures_are_told_with_their_units():
    assert "km² (" in repr(plan())
    assert "km² differ" in repr(comparison())
    assert "±2 km" in repr(mapcore.load_control())


def test_markup_in_a_title_is_shown_as_text():
    odd = replace(plan(), proposal=replace(plan().proposal, title="<b>odd</b>"))
    assert "&lt;b&gt;odd" in odd._repr_html_()
