"""A browser that comes back to a server which does not know it: what it was clicked on last counts, and once."""

import json
from datetime import date

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from support.dashboard import choose, turn
from support.paths import DASHBOARD
from support.visitor import told_by

from mapcore.app.session.resumed import _Behind
from mapcore.base import language
from mapcore.proposals import viewer

#: What the row above the page decides.
HEAD = ("page", "lang", "units")


@pytest.fixture(autouse=True)
def english_again():
    yield
    language.use("en")


def visited(**query):
    # The words of a list's choices are told as a browser tells them, in the page's language.
    language.use(query.get("lang", "en"))
    app = AppTest.from_file(DASHBOARD, default_timeout=60)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def resumed(app, *, drawing=None, chosen=None):
    """Return what a new server shows to the browser of a visit, whose clicks the old one has not heard of."""
    language.use(says(app).get("lang", "en"))
    states = app._tree.get_widget_states()
    for found in app.get("component_instance")[:1] if drawing else []:
        reported = json.dumps({"last_active_drawing": drawing})
        states.widgets.append(WidgetState(id=found.proto.id, json_value=reported))
    for key, value in (chosen or {}).items():
        name, reported = ("head", [key, value]) if key in HEAD else (f"choose_{key}", value)
        found = next(one.proto.id for one in app.get("bidi_component") if one.proto.id.endswith(f"-{name}"))
        states.widgets.append(told_by(found, "chosen", value=reported))
    after = AppTest.from_file(DASHBOARD, default_timeout=60)
    after.query_params.update(app.query_params)
    after._run(states)
    assert not after.exception
    return after


def says(app):
    """Return what the address says, without its version."""
    values = {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}
    return {key: value for key, value in values.items() if key != "v"}


def widget(app, key):
    return next(one for one in app if getattr(one, "key", None) == key)


@pytest.mark.parametrize(
    ("query", "key", "value", "told"),
    [
        ({"proposal": "donetsk-narrow-buffer"}, "proposal", "e3-counter", "e3-counter"),
        ({"proposal": "donetsk-narrow-buffer", "lang": "uk"}, "units", "mi2", "mi2"),
        ({"proposal": "donetsk-narrow-buffer", "units": "mi2"}, "lang", "uk", "uk"),
        ({"proposal": "donetsk-narrow-buffer"}, "page", "compare", "compare"),
        ({"proposal": "donetsk-narrow-buffer"}, "control", "2022-02-23", "2022-02-23"),
        ({"page": "compare", "proposal": "donetsk-narrow-buffer"}, "compare", "e3-counter", "e3-counter"),
        ({"proposal": "donetsk-narrow-buffer"}, "zone", "UA-14.ukraine", "UA-14.ukraine"),
    ],
)
def test_a_choice_made_first_stands_and_the_rest_of_the_address_too(query, key, value, told):
    app, chosen = visited(**query), {}
    if key in {"proposal", "compare", "control", *HEAD}:  # what only a browser can choose from
        chosen = {key: value}
    else:
        widget(app, key).set_value(value)
    after = resumed(app, chosen=chosen)
    assert says(after)[key] == told
    assert {key: value, **says(after)}.items() >= (query | {key: value}).items()
    # What is chosen next finds everything where it was left.
    if key == "units":
        choose(after, "russia-claim")
    else:
        turn(after, units="mi2")
    assert says(after)[key] == told


def test_a_link_that_is_opened_gives_what_it_says():
    query = {"proposal": "donetsk-narrow-buffer", "depth_km": "40", "units": "mi2", "lang": "uk"}
    assert says(visited(**query)) == query
    assert says(resumed(visited(**query))) == query


def test_a_slider_moved_first_stands():
    app = visited(proposal="donetsk-narrow-buffer")
    widget(app, "depth_km").set_value(35.0)
    assert float(says(resumed(app))["depth_km"]) == 35.0


def test_a_line_chosen_by_its_day_first_is_used_whatever_was_chosen_before():
    app = visited(proposal="donetsk-narrow-buffer")
    widget(app, "line_earlier").click().run()
    widget(app, "line_later").click().run()
    widget(app, "line_earlier").click().run()
    before = says(app)["control"]
    assert says(resumed(app))["control"] == before
    widget(app, "line_later").click()
    assert "control" not in says(resumed(app))
    app = visited(proposal="donetsk-narrow-buffer")
    widget(app, "line_earlier").click().run()
    widget(app, "line_later").click().run()
    slider = next(one for one in app if str(getattr(one, "key", "")).startswith("line_day-"))
    assert slider.key != "line_day-en-0"
    slider.set_value(date.fromisoformat(before))
    assert says(resumed(app))["control"] == before


def test_a_button_pressed_first_acts_once():
    app = visited(page="compare", proposal="donetsk-narrow-buffer", compare="e3-counter")
    widget(app, "swap").click()
    after = resumed(app)
    assert (says(after)["proposal"], says(after).get("compare", "donetsk-narrow-buffer")) == (
        "e3-counter",
        "donetsk-narrow-buffer",
    )
    assert says(after.run()) == says(after)


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_a_button_behind_a_choice_that_no_address_holds_acts_once(lang):
    app = visited(page="own", lang=lang)
    widget(app, "own_tool").set_value("buffer").run()
    rules = len(viewer.unpack(says(app)["own"]).rules) if "own" in says(app) else 0
    widget(app, "own_add_buffer").click()
    after = resumed(app)
    assert len(viewer.unpack(says(after)["own"]).rules) == rules + 1
    assert widget(after, "own_tool").value == "buffer"
    assert says(after.run()) == says(after)


def test_a_choice_behind_such_a_choice_stands():
    app = visited(page="own")
    widget(app, "own_tool").set_value("change").run()
    widget(app, "own_base").set_value("donetsk-narrow-buffer")
    widget(app, "own_start").click().run()
    widget(app, "own_more").set_value("rules").run()
    widget(app, "own_rule").set_value(1).run()
    before = viewer.unpack(says(app)["own"]).rules
    other = next(one for one in ("special_zone", "narrow_buffer") if one != before[1].status)
    widget(app, "own_rule_status").set_value(other)
    after = viewer.unpack(says(resumed(app))["own"]).rules
    assert [rule.status for rule in after] == [before[0].status, other, *(rule.status for rule in before[2:])]


def test_land_clicked_first_is_shown_and_land_clicked_long_ago_is_not_taken_for_the_click():
    app = visited(proposal="e3-counter", zone="UA-14.ukraine")
    old, new = {"id": "UA-14.ukraine"}, {"id": "UA-43.russia"}
    assert says(resumed(app, drawing=new))["zone"] == "UA-43.russia"
    widget(app, "zone").set_value("")
    assert "zone" not in says(resumed(app, drawing=old))
    assert says(resumed(app, drawing=new, chosen={"units": "mi2"})) == {"proposal": "e3-counter", "units": "mi2"}


def test_two_visitors_who_come_back_get_their_own():
    first, second = visited(proposal="donetsk-narrow-buffer"), visited(proposal="russia-claim", lang="uk")
    assert says(resumed(first, chosen={"proposal": "e3-counter"})) == {"proposal": "e3-counter"}
    assert says(resumed(second, chosen={"units": "mi2"})) == {"proposal": "russia-claim", "lang": "uk", "units": "mi2"}


def test_a_click_that_comes_while_the_page_is_drawn_behind_is_taken_in_and_a_button_before_it_stays_pressed():
    pressed, chosen = WidgetState(id="swap", trigger_value=True), WidgetState(id="list", string_value="a")
    behind = _Behind({"swap": pressed, "list": chosen})
    assert behind.learn({"list", "again"})
    assert not behind.learn({"list"})
    later, again = WidgetState(id="list", string_value="b"), WidgetState(id="again", trigger_value=True)
    behind.hear([later, again, WidgetState(id="swap", trigger_value=False)])
    # What was drawn already has done its work by the click itself.
    assert behind.sent == {"swap": pressed, "list": later}
