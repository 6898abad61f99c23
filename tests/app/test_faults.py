"""The net at the edge of the dashboard, with faults put in: told, logged, and the rest goes on."""

import ast
import logging

import pytest
from support.dashboard import head, heading, opened, page_text, tool, turn
from support.paths import ROOT

from mapcore.app import page
from mapcore.app.parts import build_tools, header, map_frame
from mapcore.app.server import faults
from mapcore.app.session import state
from mapcore.base.errors import ParameterError

SAID = "the program failed, and the failure was logged. Choose something else on the page or another page above"
APP = sorted((ROOT / "src" / "mapcore" / "app").rglob("*.py"))
FAULTS = [RuntimeError("a bug"), KeyError("x"), MemoryError(), RecursionError(), OSError(28, "No space left on device")]


def fails(fault):
    def fail(*_, **__):
        raise fault

    return fail


def told(app):
    return [text for text in (block.proto.body for block in app.get("html")) if 'role="alert"' in text]


def goes_on(app, fault, caplog):
    """The header stands, the sentence is there once, and the log has the traceback."""
    assert not app.exception
    [sentence] = told(app)
    assert SAID in sentence
    assert str(fault) not in sentence or not str(fault)
    assert 'class="brand">mapcore<' in head(app)
    [record] = [one for one in caplog.records if one.name == faults.__name__]
    assert record.levelno == logging.ERROR
    assert record.exc_info
    assert record.exc_info[1] is fault


@pytest.mark.parametrize("name", page.PAGES)
def test_a_page_that_fails_is_told_and_the_others_go_on(monkeypatch, caplog, name):
    fault = RuntimeError("a bug in a page")
    monkeypatch.setitem(page.PAGES, name, fails(fault))
    app = opened(page=name)
    goes_on(app, fault, caplog)
    other = "methods" if name != "methods" else "map"
    turn(app, page=other)
    assert not app.exception
    assert told(app) == []
    assert app.title or page_text(app)


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_a_library_that_fails_in_the_middle_of_a_page(monkeypatch, caplog, fault):
    monkeypatch.setattr(map_frame, "htmlsafe_json_dumps", fails(fault))
    goes_on(opened(), fault, caplog)
    monkeypatch.undo()
    app = opened()
    assert told(app) == []
    assert app.get("component_instance")


def test_a_refusal_on_a_page_is_told_in_its_own_words_and_is_no_failure(monkeypatch, caplog):
    monkeypatch.setitem(page.PAGES, "map", fails(ParameterError("depth_km: is 900 km;\n<b>take</b> less")))
    app = opened()
    assert told(app) == ['<p class="refusal" role="alert">depth_km: is 900 km; &lt;b&gt;take&lt;/b&gt; less</p>']
    assert [one for one in caplog.records if one.name == faults.__name__] == []


@pytest.mark.parametrize(("part", "name"), [(header, "draw"), (page, "scan_proposals"), (state, "write")])
def test_what_stands_around_the_page_fails(monkeypatch, caplog, part, name):
    fault = RuntimeError("a bug around the page")
    monkeypatch.setattr(part, name, fails(fault))
    app = opened()
    assert heading(app)[0] == "US 28-point plan"
    [sentence] = told(app)
    assert SAID in sentence
    [record] = [one for one in caplog.records if one.name == faults.__name__]
    assert record.exc_info[1] is fault


def test_a_widget_s_callback_that_fails(monkeypatch, caplog):
    """Streamlit draws no page after it, unless it is caught."""
    app, fault = tool(opened(page="own"), "change"), RuntimeError("a bug in a callback")
    monkeypatch.setattr(build_tools.viewer_proposal, "change", fails(fault))
    app.button(key="own_start").click().run()
    goes_on(app, fault, caplog)
    assert app.button(key="own_start")


def test_two_visitors_one_of_whom_meets_a_failure(monkeypatch):
    well, ill = opened(page="methods"), opened()
    monkeypatch.setitem(page.PAGES, "map", fails(RuntimeError("a bug")))
    ill.run()
    well.run()
    assert told(ill)
    assert told(well) == []


def test_the_sentence_in_ukrainian(monkeypatch):
    monkeypatch.setitem(page.PAGES, "map", fails(RuntimeError("a bug")))
    [sentence] = told(opened(lang="uk"))
    assert "записано в журнал" in sentence
    assert "a bug" not in sentence


def callbacks():
    """Yield the file and the source of each value of `on_click` and `on_change`."""
    for path in APP:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    if keyword.arg in {"on_click", "on_change", "on_dismiss", "on_submit"}:
                        yield path, ast.unparse(keyword.value)


def decorated(path):
    return {
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and any(ast.unparse(one) == "callback" for one in node.decorator_list)
    }


def test_every_callback_is_caught():
    found = list(callbacks())
    assert len(found) > 20
    for path, source in found:
        module, _, name = source.rpartition(".")
        owner = next((one for one in APP if one.stem == module), path)
        caught = source in {"'ignore'", "'rerun'"} or source.startswith("callback(")
        assert caught or name in decorated(owner), f"{path.name}: {source} is no callback made with @callback"
