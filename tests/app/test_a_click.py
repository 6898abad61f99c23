"""What a click costs, in counts: what was made for a view once is looked up, and nothing is listed or parsed anew."""

import json
import time
import tomllib
from collections import Counter

import folium
import jinja2
import pytest
from streamlit import config
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import SessionState
from streamlit.testing.v1 import AppTest
from support.dashboard import opened

from mapcore.app.session import likely, state
from mapcore.base import shelves
from mapcore.lines import user_lines
from mapcore.present import links
from mapcore.present.page_choices import choices_by_key

#: Pages that show something of a proposal or a line, each with what else its link holds.
PAGES = {
    "map": {"zone": "UA-14.ukraine", "proposal": "donetsk-narrow-buffer", "place": "704508"},
    "compare": {},
    "matrix": {},
    "people": {"scale": "cyprus"},
    "claims": {},
    "timeline": {},
    "lines": {},
    "methods": {},
}


@pytest.fixture
def counted(monkeypatch):
    """Count what a run is not to do again."""
    counts = Counter()

    def count(owner, name, called):
        function = getattr(owner, name)

        def call(*args, **kwargs):
            counts[called] += 1
            return function(*args, **kwargs)

        monkeypatch.setattr(owner, name, call)

    count(shelves.Shelf, "put", "computed")
    count(user_lines, "_found", "listed")
    count(folium.Map, "__init__", "drawn")
    count(jinja2.Environment, "compile", "compiled")
    count(tomllib, "loads", "parsed")
    return counts


@pytest.mark.parametrize("page", PAGES)
def test_a_view_that_was_seen_is_looked_up(page, counted):
    app = opened(page=page, **PAGES[page])
    app.run()
    counted.clear()
    app.run()
    assert not app.exception
    assert counted == {"listed": 1}


@pytest.fixture
def puts(monkeypatch):
    """Note the keys of what a run puts into the session."""
    put, keys = SessionState.__setitem__, []

    def noted(session, key, value):
        keys.append(key)
        put(session, key, value)

    monkeypatch.setattr(SessionState, "__setitem__", noted)
    return keys


def test_what_no_widget_of_the_page_holds_is_put_into_the_session_once(puts):
    app = opened(page="map")
    choices = {*links.CHOICES, *links.LISTS, *choices_by_key()}
    assert choices <= {*puts}
    puts.clear()
    app.run()
    assert not choices & {*puts}


def test_what_is_drawn_on_one_page_alone_is_kept_through_all_others():
    app = opened(page="map")
    app.toggle(key="tiles").set_value(True).run()
    for page in ("methods", "map", "map", "methods", "methods", "claims", "map"):
        app.session_state["page"] = page
        app.run()
        assert not app.exception
        assert app.query_params.get("page", "map") == page
        assert app.query_params["tiles"] == "on"
    assert app.toggle(key="tiles").value


def test_a_run_that_was_broken_off_loses_nothing_either(monkeypatch):
    def go(page):
        app.session_state["page"] = page
        app.run()

    app = opened(page="methods")
    with monkeypatch.context() as broken:
        broken.setattr(state, "_hold", lambda _: None)
        go("map")
        app.toggle(key="tiles").set_value(True).run()
    for page in ("methods", "methods", "map"):
        go(page)
    assert app.toggle(key="tiles").value


def as_st_folium_does():
    from streamlit_folium import st_folium

    from mapcore.app.parts import assets, map_frame
    from mapcore.base.language import speaking
    from mapcore.present import folium_map

    with speaking("uk"):
        shown = {"name": "a_9f & <b>", "zone": "", "tiles": None, "fit": [[1.5, 2]]}
        map_frame.draw("map", shown, height=300, returned=["last_active_drawing"], center=(1.0, 2.0), zoom=7)
        drawn = folium_map.base_map(assets.base_url())
        drawn.default_js, drawn.default_css = ([("", file)] for file in assets.frame_files())
        st_folium(
            drawn,
            key="other",
            feature_group_to_add=folium_map.shown_group(shown),
            returned_objects=["last_active_drawing"],
            use_container_width=True,
            center=(1.0, 2.0),
            zoom=7,
            height=300,
        )


def test_the_frame_is_told_what_st_folium_would_tell_it():
    app = AppTest.from_function(as_st_folium_does, default_timeout=60).run()
    assert not app.exception
    ours, theirs = (json.loads(one.proto.json_args) for one in app.get("component_instance"))
    assert ours.pop("key", "") != theirs.pop("key", "")
    assert ours.pop("header").split() == theirs.pop("header").split()
    assert ours == theirs


def test_streamlit_has_the_settings_that_a_click_rests_on():
    opened(page="methods")
    assert config.get_option("runner.postScriptGC") is False
    assert config.get_option("global.minCachedMessageSize") == 1000
    assert config.get_option("global.maxCachedMessageAge") == 4


def a_map_and_its_page():
    import streamlit as st

    from mapcore.app.parts import map_frame

    with map_frame.map_first():
        st.text("map")
        map_frame.give_head_start(0.3)
        st.text(st.session_state.get("rest", "rest"))
        if st.session_state.pop("goes_elsewhere", False):
            st.session_state["rest"] = "elsewhere"
            st.rerun()


@pytest.fixture
def sent(monkeypatch):
    """Note the words of what is sent, and when."""
    send, sent = ScriptRunContext.enqueue, []

    def noted(context, message):
        sent.append((message.delta.new_element.text.body, time.monotonic()))
        send(context, message)

    monkeypatch.setattr(ScriptRunContext, "enqueue", noted)
    return sent


def test_what_follows_a_map_is_sent_in_one_go_once_the_map_has_had_its_time(sent):
    app = AppTest.from_function(a_map_and_its_page, default_timeout=60).run()
    app.run()
    (_, first), (_, second), (shown, at), (rest, later) = sent
    assert second - first < 0.25, "the first page of a session has no map to wait for"
    assert (shown, rest) == ("map", "rest")
    assert later - at >= 0.25
    sent.clear()
    app.session_state["goes_elsewhere"] = True
    app.run()
    assert [words for words, _ in sent] == ["map", "map", "elsewhere"]
    assert [one.value for one in app.text] == ["map", "elsewhere"]


def a_map_and_a_page_that_takes_its_time():
    import time

    import streamlit as st

    from mapcore.app.parts import map_frame

    with map_frame.map_first():
        st.text("map")
        map_frame.give_head_start(0.2)
        st.text("figures")
        time.sleep(0.3)
        st.text("tables")
        time.sleep(0.3)
        st.text("words")


def test_a_part_that_takes_long_does_not_hold_back_what_stands_before_it(sent):
    app = AppTest.from_function(a_map_and_a_page_that_takes_its_time, default_timeout=60).run()
    sent.clear()
    app.run()
    assert [words for words, _ in sent] == ["map", "figures", "tables", "words"]
    assert sent[1][1] - sent[0][1] >= 0.15
    assert sent[3][1] - sent[2][1] >= 0.25
    assert [one.value for one in app.text] == ["map", "figures", "tables", "words"]


def test_a_page_does_not_wait_for_the_likely_ranges_of_its_figures(sent, monkeypatch):
    app = opened()
    sent.clear()
    monkeypatch.setattr(likely, "finish", lambda: sent.append("beside the page"))
    app.run()
    assert len(sent) > 20
    assert sent.index("beside the page") == len(sent) - 1
