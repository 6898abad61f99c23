"""The page Build your own, without a browser: each tool and what it makes of the rules."""

import json

import pytest
from support.dashboard import component, heading, opened, page_text, start, tool, turn

from mapcore import load_proposal, measure_proposal
from mapcore.app.session import likely, viewer_proposal
from mapcore.base.sources import data_version
from mapcore.cli import main
from mapcore.present.wording import range_text
from mapcore.proposals import edits, viewer
from mapcore.proposals.reader import read_proposal_text

US = "us-28-point"
CORNERS = "36 48\n38 48\n38 49\n36 49"


def linked(base, **query):
    """Open at once what `start` comes to by clicks: the rules of a proposal."""
    return start(own=viewer.pack(viewer.start_from(load_proposal(base), viewer_proposal.today())), **query)


@pytest.fixture(scope="module")
def one_session():
    """A session with the rules of the US plan, for tests that go on from each other's page."""
    return linked(US)


@pytest.fixture(scope="module")
def begun_anew():
    """Return a session that has no rules yet, or none any more: what it measured before it need not measure again."""
    app = start()

    def begin():
        if proposal(app) is not None:
            app.button(key="own_again").click().run()
        assert proposal(app) is None
        return app

    return begin


def proposal(app):
    packed = app.session_state["own"]
    return viewer.unpack(packed) if packed else None


def first(app):
    return proposal(app).rules[0]


def test_begins_with_nothing_and_says_whose_it_is():
    app = start()
    text = page_text(app)
    assert (
        "Viewer&#x27;s own, not put forward by any party" in text
        or "Viewer's own, not put forward by any party" in text
    )
    assert text.count("Not specified") >= 5
    # Three ways in and no field yet, nor a step to take back.
    assert app.button_group(key="own_tool").value is None
    assert len(app.button_group(key="own_tool").options) == 3
    assert [one.key for one in app.selectbox if str(one.key).startswith("own")] == []
    assert not any(str(one.key).startswith("own") for one in app.button)
    assert "own" not in app.query_params


def test_starts_from_a_proposal_at_its_parameters():
    app = start("donetsk-narrow-buffer", proposal="donetsk-narrow-buffer", depth_km="40")
    assert 40.0 in [rule.within_km for rule in proposal(app).rules]
    assert f"A viewer started from the rules of: {load_proposal('donetsk-narrow-buffer').title}" in page_text(app)
    app.selectbox(key="own_base").set_value("nothing").run()
    app.button(key="own_start").click().run()
    assert proposal(app).rules == ()


def test_the_figures_of_an_unchanged_start_are_those_of_the_proposal():
    ours, theirs = page_text(start(US)), page_text(opened())
    for figure in ("Ukraine would withdraw from</dt><dd>", "Recognised as Russian</dt><dd>"):
        assert theirs.split(figure)[1][:12] == ours.split(figure)[1][:12]


def test_a_status_for_an_oblast_and_holder():
    app = start(US)
    frame, before = component(app)
    assert app.selectbox(key="own_piece").value == "UA-14.ukraine"
    app.selectbox(key="own_status").set_value("retained").run()
    assert edits.status_of(proposal(app), "UA-14", "ukraine") == "retained"
    same, after = component(app)
    assert same == frame
    assert after["feature_group"] != before["feature_group"]
    assert app.selectbox(key="own_status").value == "retained"


def test_every_piece_of_land_can_be_chosen_and_the_one_clicked_on_the_map_is():
    app = tool(start(), "change")
    listed = app.selectbox(key="own_piece").options
    assert {"Donetsk, held by Ukraine", "Donetsk, held by Russia", "Lviv, held by Ukraine"} <= set(listed)
    assert "Lviv, held by Russia" not in listed
    turn(app, zone="UA-46.ukraine")
    assert app.selectbox(key="own_piece").value == "UA-46.ukraine"
    app.selectbox(key="own_status").set_value("special_zone").run()
    assert edits.status_of(proposal(app), "UA-46", "ukraine") == "special_zone"
    # A choice from the list stands until another piece is clicked.
    app.selectbox(key="own_piece").set_value("UA-23.russia").run()
    assert app.selectbox(key="own_piece").value == "UA-23.russia"


@pytest.mark.parametrize(("side", "holder"), [("both", None), ("ukraine", "ukraine"), ("russia", "russia")])
@pytest.mark.parametrize(("depth", "depth_km"), [("5", 5.0), ("10", 10.0), ("40", 40.0)])
def test_a_buffer(begun_anew, side, holder, depth, depth_km):
    app = tool(begun_anew(), "buffer")
    app.button_group(key="own_depth").set_value(depth)
    app.button_group(key="own_side").set_value(side)
    app.button(key="own_add_buffer").click().run()
    assert not app.exception
    assert (first(app).within_km, first(app).held_by, first(app).status) == (depth_km, holder, "narrow_buffer")


def test_a_buffer_of_another_depth_in_two_oblasts():
    app = tool(start(), "buffer")
    app.button_group(key="own_depth").set_value("other").run()
    app.number_input(key="own_depth_km").set_value(25.0)
    app.selectbox(key="own_band").set_value("special_zone")
    app.multiselect(key="own_band_oblasts").set_value(["UA-14", "UA-23"])
    app.button(key="own_add_buffer").click().run()
    assert (first(app).within_km, first(app).oblasts, first(app).status) == (25.0, ("UA-14", "UA-23"), "special_zone")


def test_a_swap():
    app = tool(start(), "change")
    assert app.button(key="own_swap").disabled
    app.selectbox(key="own_leaves_ukraine").set_value("UA-14").run()
    app.selectbox(key="own_leaves_russia").set_value("UA-63").run()
    app.button(key="own_swap").click().run()
    assert edits.status_of(proposal(app), "UA-14", "ukraine") == "de_facto"
    assert edits.status_of(proposal(app), "UA-63", "russia") == "returned"


def test_a_drawn_zone_from_written_corners():
    app = tool(linked(US), "draw")
    app.selectbox(key="own_drawn_status").set_value("buffer")
    app.button_group(key="own_drawn_side").set_value("ukraine")
    app.text_area(key="own_corners").set_value(CORNERS)
    app.button(key="own_add_drawn").click().run()
    assert not app.exception
    assert (first(app).status, first(app).held_by, len(first(app).inside[0])) == ("buffer", "ukraine", 5)
    assert app.button_group(key="own_more").value == "rules"
    assert app.radio(key="own_rule").value == 0


def test_corners_that_cross_are_refused_in_one_sentence():
    app = tool(linked(US), "draw")
    before = proposal(app)
    app.text_area(key="own_corners").set_value("36 48\n38 49\n38 48\n36 49")
    app.button(key="own_add_drawn").click().run()
    told = refused_at(app, "own_corners")
    assert "corners: crosses or touches itself; move its points" in told
    assert app.text_area(key="own_corners").value == "36 48\n38 49\n38 48\n36 49"
    assert proposal(app) is before
    app.text_area(key="own_corners").set_value("36 48\n38 49\n36 49")
    app.button(key="own_add_drawn").click().run()
    assert 'role="alert"' not in page_text(app)


def refused_at(app, key):
    """Return the refusal under a field; there is no other one."""
    shown = list(app.main)
    places = [place for place, one in enumerate(shown) if 'role="alert"' in getattr(one.proto, "body", "")]
    assert len(places) == 1
    assert shown[places[0] - 1].key == key
    return shown[places[0]].proto.body


def test_rules_in_order():
    app = tool(linked(US), "rules")
    assert len(app.radio(key="own_rule").options) == 5
    assert app.button(key="own_up").disabled
    app.button(key="own_down").click().run()
    assert app.radio(key="own_rule").value == 1
    assert first(app).oblasts == ("UA-14",)
    app.selectbox(key="own_rule_status").set_value("claimed").run()
    assert proposal(app).rules[1].status == "claimed"
    app.button(key="own_up").click().run()
    assert first(app).status == "claimed"
    app.button(key="own_delete").click().run()
    assert len(proposal(app).rules) == 4
    for _ in range(4):
        app.button(key="own_delete").click().run()
        assert not app.exception
    assert "No rules yet" in page_text(app)


def test_a_rule_without_land_is_told_and_left_out_of_the_file(tmp_path):
    app = tool(linked(US), "rules")
    app.radio(key="own_rule").set_value(4).run()
    for _ in range(4):
        app.button(key="own_up").click().run()
    assert not app.exception
    tool(app, "file")
    kept = read_proposal_text(app.code[0].value.encode(), name="mine.toml")
    assert 0 < len(kept.rules) < 5 == len(proposal(app).rules)
    path = tmp_path / f"{kept.id}.toml"
    path.write_text(app.code[0].value, encoding="utf-8")
    assert main.main(["check", str(path)]) == 0


def test_undo_redo_start_again():
    app = tool(start(US), "rules")
    start_of = proposal(app)
    app.button(key="own_delete").click().run()
    app.button(key="own_undo").click().run()
    assert proposal(app) is start_of
    app.button(key="own_redo").click().run()
    assert len(proposal(app).rules) == 4
    app.button(key="own_again").click().run()
    assert proposal(app) is None
    app.button(key="own_undo").click().run()
    assert len(proposal(app).rules) == 4
    app.button(key="own_undo").click().run()
    app.button(key="own_delete").click().run()
    assert app.button(key="own_redo").disabled


def test_name_and_description_reach_the_page_as_text():
    app = tool(linked(US), "file")
    app.text_input(key="own_name").set_value("<b>Plan</b> ![x](https://e.org/x.png)").run()
    app.text_area(key="own_summary").set_value("<script>alert(1)</script>\nA second line.").run()
    assert not app.exception
    text = page_text(app)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "<b>Plan" not in text
    assert proposal(app).title.startswith("Viewer's own: b Plan")
    assert proposal(app).id.startswith("viewers-own-")


def upload(app, text):
    app.file_uploader(key="own_upload").upload("mine.toml", text.encode(), "application/toml").run()
    assert not app.exception
    return app


def test_the_file_is_loaded_again():
    app = tool(linked(US), "file")
    text = app.code[0].value
    app.button(key="own_again").click().run()
    upload(app, text)
    assert [rule.status for rule in proposal(app).rules] == [rule.status for rule in load_proposal(US).rules]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<img src=x>", "is not valid TOML"),
        ('id = "x"\n"<img src=x>" = 1', "unknown key"),
        ("x = 1\n" * 60_000, "is not valid TOML"),
    ],
)
def test_a_file_with_a_mistake_is_refused_in_one_sentence(one_session, text, said):
    app = tool(one_session, "file")
    before = proposal(app)
    upload(app, text)
    assert said in refused_at(app, "own_upload")
    assert "<img" not in page_text(app)
    assert proposal(app) is before


def test_a_refusal_goes_with_the_tool_that_it_is_about(one_session):
    app = tool(one_session, "file")
    upload(app, "<img src=x>")
    app = tool(app, "buffer")
    assert 'role="alert"' not in page_text(app)
    assert 'role="alert"' not in page_text(tool(app, "file"))


def test_a_link_restores_it_and_a_page_switch_keeps_it():
    mine = viewer.pack(
        edits.add_buffer(
            viewer.start_from(load_proposal(US), viewer_proposal.today()), 5, held_by=None, status="buffer"
        )
    )
    app = start(own=mine, v=data_version())
    assert not app.warning
    assert len(proposal(app).rules) == 6
    turn(app, page="methods")
    turn(app, page="own")
    assert app.session_state["own"] == mine
    assert json.dumps(mine) in json.dumps(dict(app.query_params)) or app.query_params["own"] in {mine, [mine]}


def test_a_broken_link_falls_back_with_a_notice():
    app = start(own="1.<script>")
    assert "cannot be read" in app.warning[0].value
    assert "<script>" not in page_text(app)
    assert proposal(app) is None


def test_a_proposal_too_long_for_a_link_says_so():
    app = tool(linked(US), "file")
    noise = "".join(chr(0x4E00 + (index * 7919) % 20_000) for index in range(4000))
    content = app.code[0].value.replace("[[notes]]", f'[[notes]]\ntext = "{noise}"\n\n[[notes]]')
    upload(app, content)
    assert "too long for a link" in app.warning[0].value
    assert "own" not in app.query_params
    turn(app, page="methods")
    turn(app, page="own")
    assert noise in proposal(app).notes


def test_other_pages_can_ask_for_it():
    app = start(US)
    view = app.session_state["view"]
    assert viewer.pack(viewer_proposal.shown(view)) == app.session_state["own"]
    assert not viewer_proposal.shown(type(view)()).rules


def test_likely_ranges_that_a_left_page_asked_for_are_not_drawn_on_the_next():
    app, drawn = linked(US), []
    # What a click leaves behind where it ends the run of a page before its last step.
    app.session_state["likely_later"] = (measure_proposal(load_proposal(US)), drawn.append)
    turn(app, page="compare")
    assert not app.exception
    assert drawn == []


def test_likely_ranges_come_when_the_page_is_there(monkeypatch):
    shown = []
    worked_out = likely.likely_ranges

    def watched(measured):
        shown.append(app.session_state["written"])
        return worked_out(measured)

    app = tool(linked(US, v=data_version()), "buffer")
    app.button_group(key="own_depth").set_value("5")
    monkeypatch.setattr(likely, "likely_ranges", watched)
    app.button(key="own_add_buffer").click().run()
    found = worked_out(measure_proposal(proposal(app))).ledger["demilitarised"]
    assert f"likely {range_text(found, 'km2')}." in ledger_of(app)
    assert "a buffer gains more" in ledger_of(app)
    assert [written["own"] for written in shown] == [app.session_state["own"]]
    turn(app, units="mi2")
    assert f"likely {range_text(found, 'mi2')}." in ledger_of(app)
    assert len(shown) == 1


def ledger_of(app):
    return "".join(block.proto.body for block in app.get("html") if 'class="ledger ' in block.proto.body)


def test_a_drawn_zone_has_outer_ranges_only_on_every_page():
    app = tool(linked(US), "draw")
    app.text_area(key="own_corners").set_value(CORNERS)
    app.button(key="own_add_drawn").click().run()
    assert "Range " in ledger_of(app)
    app.button(key="own_compare").click().run()
    assert app.session_state["proposal"] == "own"
    turn(app, page="map")
    assert not app.exception
    assert "Range " in ledger_of(app)
    assert "likely" not in ledger_of(app)


@pytest.mark.parametrize("name", ["change", "buffer", "draw", "rules", "file"])
def test_each_tool_in_each_language(one_session, name):
    app = tool(one_session, name)
    for language in ("uk", "en", "uk"):
        turn(app, lang=language)
        assert not app.exception
    if name == "buffer":
        app.button(key="own_add_buffer").click().run()
        assert not app.exception
        assert (first(app).within_km, first(app).status) == (10.0, "narrow_buffer")
    if name == "file":
        assert 'title = "Viewer\'s own: Untitled"' in app.code[0].value


def test_compare_takes_it_with_what_it_was_started_from():
    app = start(US)
    app.button(key="own_compare").click().run()
    assert not app.exception
    assert heading(app)[0] == "Compare"
    assert (app.session_state["proposal"], app.session_state["compare"]) == ("own", US)
