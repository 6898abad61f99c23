"""The dashboard in two languages: a switch changes the words and no choice."""

import pytest
from support.dashboard import choose, chooser, component, heading, opened, page_text, turn

from mapcore.base.language import speaking, tr
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal


def speak(app, code):
    # Outside the app, the test asks the widgets for their options' words in the language that it speaks itself.
    with speaking(app.session_state["lang"]):
        turn(app, lang=code)
    assert not app.exception
    return app


def link_of(app):
    return {key: value for key, value in app.query_params.items() if key not in {"lang", "v"}}


def chosen(app, *keys):
    return {key: app.session_state[key] for key in keys}


def test_english_unless_the_link_says_otherwise():
    app = opened()
    assert app.session_state["lang"] == "en"
    assert "lang" not in app.query_params
    assert component(app)[1]["script"].count('"lang": "en"') == 1


def test_a_link_opens_in_its_language():
    app = opened(lang="uk")
    with speaking("uk"):
        title = tr("US 28-point plan")
    assert heading(app)[0] == title != "US 28-point plan"
    assert "Нині утримує Росія" in page_text(app)
    assert component(app)[1]["script"].count('"lang": "uk"') == 1


def test_an_unknown_language_falls_back_to_english_with_a_notice():
    app = opened(lang="xx")
    assert app.session_state["lang"] == "en"
    assert "English is used" in app.warning[0].value


def test_notices_are_in_the_links_own_language():
    app = opened(lang="uk", proposal="none")
    assert app.warning[0].value.startswith("- У посиланні")


def test_a_switch_keeps_every_choice_of_the_map():
    app = opened()
    choose(app, "donetsk-narrow-buffer")
    app.slider(key="depth_km").set_value(45.0).run()
    turn(app, units="mi2")
    chooser(app).set_value("2022-02-23").run()
    app.selectbox(key="zone").set_value("UA-14.ukraine").run()
    app.toggle(key="tiles").set_value(True).run()
    keys = ("page", "proposal", "depth_km", "units", "control", "zone", "tiles", "compare", "question")
    before = chosen(app, *keys)
    english = page_text(app)
    speak(app, "uk")
    assert chosen(app, *keys) == before
    assert app.query_params["lang"] == "uk"
    assert page_text(app) != english
    speak(app, "en")
    assert chosen(app, *keys) == before
    assert page_text(app) == english
    assert "lang" not in app.query_params


def test_a_switch_keeps_every_choice_of_the_comparison():
    app = opened(page="compare", proposal="russia-claim", compare="donetsk-narrow-buffer", question="regime")
    app.slider(key="depth_km").set_value(20.0).run()
    keys = ("proposal", "compare", "question", "depth_km")
    before = chosen(app, *keys)
    for code in ("uk", "en", "uk"):
        assert chosen(speak(app, code), *keys) == before
    choose(app, "ukraine-1991", key="compare")
    assert chosen(app, "proposal", "compare") == {"proposal": "russia-claim", "compare": "ukraine-1991"}


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "matrix", "rows": "territory,terms", "columns": "us-28-point,e3-counter"},
        {"page": "claims", "verdict": "differs", "check": "near_line_share", "check_figure": "1800.5"}
        | {"check_within_km": "25", "check_holder": "russia", "check_oblasts": "UA-14,UA-23"},
        {"page": "claims", "check": "distance_to_line", "check_places": "693468", "check_unit": "km"},
        {"page": "people", "scale": "transnistria"},
        {"page": "lines", "against": "2022-02-23"},
    ],
    ids=lambda asked: asked["page"],
)
def test_a_switch_keeps_what_a_page_was_told(asked):
    app = opened(**asked)
    # How a figure is written depends on the language; the link below has it in one form.
    keys = [key for key in asked if key in app.session_state and key != "check_figure"]
    before, link = chosen(app, *keys), link_of(app)
    for code in ("uk", "en"):
        assert chosen(speak(app, code), *keys) == before
        assert link_of(app) == link


def test_a_switch_keeps_an_own_proposal_and_its_undo():
    app = opened(page="own", own=viewer.pack(load_proposal("donetsk-narrow-buffer")))
    keys = ("own", "own_past", "own_future")
    before = chosen(app, *(key for key in keys if key in app.session_state))
    for code in ("uk", "en"):
        assert chosen(speak(app, code), *before) == before


def test_a_refusal_in_a_callback_is_in_the_readers_language():
    app = opened(page="own", lang="uk")
    with speaking("uk"):
        app.button_group(key="own_tool").set_value("draw").run()
        app.text_area(key="own_corners").set_value("33 47").run()
        app.button(key="own_add_drawn").click().run()
        assert tr("has fewer than three points") in page_text(app) + "".join(one.value for one in app.warning)


def test_the_language_stays_from_page_to_page():
    app = opened(lang="uk")
    for page in ("timeline", "methods", "map"):
        turn(app, page=page)
        assert not app.exception
        assert app.session_state["lang"] == "uk"
        assert "lang" in app.query_params
    with speaking("uk"):
        assert heading(app)[0] == tr(load_proposal("us-28-point").title)


def test_the_frame_is_kept_within_a_language():
    app = opened(lang="uk")
    frame, _ = component(app)
    choose(app, "ukraine-1991")
    assert component(app)[0] == frame


def test_a_line_chosen_after_the_slider_s_buttons_stays_in_the_other_language():
    app = opened()
    for key in ("line_earlier", "line_later"):
        app.button(key=key).click().run()
    chooser(app).set_value("2022-02-23").run()
    turn(app, lang="uk")
    turn(app, units="mi2")
    assert not app.warning
    assert chooser(app).value == app.query_params["control"] == "2022-02-23"
    assert chooser(app).labels["2022-02-23"].startswith("Лінія на 23 лютого 2022")
