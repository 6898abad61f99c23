"""The dashboard without a browser: opened, filled in, read."""

import html
import json
import re
from functools import cache

from shapely.geometry import mapping
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, local_script_runner

from support.drawn_archive import believable
from support.paths import DASHBOARD


def until_the_script_ends(runner, timeout):
    """Wait without asking a thousand times a second, which took a tenth of the processor time of these tests."""
    runner._script_thread.join(timeout)
    if not runner.script_stopped():
        runner.request_stop()
        raise TimeoutError(f"the page's script took longer than {timeout} s")


local_script_runner.require_widgets_deltas = until_the_script_ends
# Streamlit reads the description of every installed package once a server; and here, without this, once an opened page.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
# A server compiles a script once, these tests at each run.
local_script_runner.ScriptCache = cache(local_script_runner.ScriptCache)


def opened(**query):
    app = AppTest.from_file(DASHBOARD, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def component(app):
    found = app.get("component_instance")[0].proto
    return found.id, json.loads(found.json_args)


def html_of(arguments):
    return arguments["feature_group"].replace("\\u0026", "&")


def proposals_offered(app, key="proposal"):
    """Return the words of each proposal that can be chosen, by its id."""
    drawn = next(one.proto for one in app.get("bidi_component") if one.proto.id.endswith(f"choose_{key}"))
    return {one: words for _, options in reversed(json.loads(drawn.json)["groups"]) for one, words in reversed(options)}


def choose(app, proposal_id, *, key="proposal"):
    """Choose a proposal as the list does, whose callback only a browser can set off."""
    assert proposal_id in proposals_offered(app, key)
    app.session_state[key] = proposal_id
    return app.run()


def head(app):
    """Return the row above the page."""
    drawn = next(one.proto for one in app.get("bidi_component") if one.proto.id.endswith("head"))
    return json.loads(drawn.json)["html"]


def page_text(app):
    return "\n".join(block.proto.body for block in app.get("html"))


LAND = json.dumps(mapping(believable())).encode()


class LineChooser:
    """The choice of the line in use, whose callback only a browser can set off."""

    def __init__(self, app):
        self.app = app
        drawn = next(one.proto for one in app.get("bidi_component") if one.proto.id.endswith("choose_control"))
        data = json.loads(drawn.json)
        self.value, self.labels = data["chosen"], dict(data["groups"][0][1])
        self.options = list(self.labels.values())

    def set_value(self, line_id):
        assert line_id in self.labels
        self.app.session_state["control"] = line_id
        return self.app


def chooser(app):
    return LineChooser(app)


def day_shown(app):
    """Return the date that the slider under the map stands at."""
    return next(one for one in app.select_slider if (one.key or "").startswith("line_day")).value


def uploader(app):
    """Return the field for the file, whose key changes with each file that became a line."""
    return next(one for one in app.file_uploader if one.key.startswith("line_file"))


def brought(app, content=LAND, name="held.geojson", source="Drawn & signed", day="2025-11-20", **fields):
    """Fill in the form and send it."""
    if content is not None:
        uploader(app).set_value((name, content, "application/geo+json")).run()
    app.text_input(key="line_source").set_value(source)
    app.date_input(key="line_date").set_value(day)
    for key, value in fields.items():
        app.text_input(key=f"line_{key}").set_value(value)
    app.button(key="line_use").click().run()
    assert not app.exception
    return app


def loaded(app, content, name="days.zip"):
    app.file_uploader(key="archive_file").set_value((name, content, "application/zip")).run()
    app.text_input(key="archive_source").set_value("Drawn & signed")
    app.button(key="archive_load").click().run()
    assert not app.exception
    return app


def start(base=None, **query):
    app = opened(page="own", **query)
    if base:
        tool(app, "change")
        app.selectbox(key="own_base").set_value(base).run()
        app.button(key="own_start").click().run()
    assert not app.exception
    return app


def tool(app, name):
    """Choose one of the ways in, or what unfolds below them."""
    app.button_group(key="own_more" if name in {"rules", "file"} else "own_tool").set_value(name).run()
    assert not app.exception
    return app


def turn(app, **chosen):
    """Choose a page, units or a language as the row above the page does, whose callback only a browser can set off."""
    for key, value in chosen.items():
        app.session_state[key] = value
    return app.run()


def heading(app):
    """Return what a page is of, and the headline that says what is found."""
    found = re.search(r'<h1><span class="unseen">(.*?): </span>(.*?)</h1>', page_text(app))
    return (html.unescape(found[1]), html.unescape(found[2])) if found else (app.title[0].value, "")
