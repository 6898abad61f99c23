"""The pages that set proposals side by side, without a browser."""

import html
import json
from dataclasses import replace
from datetime import date

import pytest
from support.dashboard import choose, heading, opened, page_text, proposals_offered, tool, turn

from mapcore import load_proposals
from mapcore.analysis.compare import compare
from mapcore.app.parts import change_figures, flow_picture
from mapcore.base.sources import data_version
from mapcore.measurement.areas import measure_proposal
from mapcore.present.wording import area_text, range_text
from mapcore.proposals import edits, viewer
from mapcore.proposals.shipped import load_proposal, load_statuses


def frames(app):
    """The frames of A, of B, and of the difference, which stands before them."""
    difference, *sides = [
        (found.proto.id, json.loads(found.proto.json_args)) for found in app.get("component_instance")
    ]
    return [*sides, difference]


def shown(app):
    return [arguments["feature_group"].split('"name": "')[1].split('"')[0] for _, arguments in frames(app)]


def test_compare_opens_on_the_ledger_drawn():
    app = opened(page="compare")
    assert shown(app) == ["us-28-point", "line-as-is", "us-28-point line-as-is all"]
    text = page_text(app)
    ledger = measure_proposal(load_proposal("us-28-point")).ledger
    assert area_text(ledger.ukraine_leaves.value, "km2") in text
    assert range_text(ledger.ukraine_leaves, "km2") in text
    assert app.button(key="against_line").disabled


def test_only_one_frame_writes_the_link_and_all_share_a_channel():
    groups = [arguments["feature_group"] for _, arguments in frames(opened(page="compare"))]
    assert ['"writes": true' in group for group in groups] == [True, False, False]
    channels = {group.split('"channel": "')[1].split('"')[0] for group in groups}
    assert len(channels) == 1
    assert next(iter(channels)).startswith("mapcore-")


@pytest.mark.parametrize("over", ["holder", "recognised", "regime"])
def test_each_question_keeps_the_frames(over):
    app = opened(page="compare")
    before = [found for found, _ in frames(app)]
    app.button_group(key="question").set_value(over).run()
    assert not app.exception
    assert [found for found, _ in frames(app)] == before
    assert shown(app)[2].endswith(over)


def test_swap_and_the_line_as_it_stands():
    app = opened(page="compare", proposal="ukraine-1991", compare="russia-claim")
    before = [found for found, _ in frames(app)]
    app.button(key="swap").click().run()
    assert shown(app)[:2] == ["russia-claim", "ukraine-1991"]
    app.button(key="against_line").click().run()
    assert shown(app)[:2] == ["russia-claim", "line-as-is"]
    choose(app, "russia-claim", key="compare")
    assert "give each piece of land the same answer" in page_text(app)
    choose(app, "us-28-point")
    assert shown(app)[:2] == ["us-28-point", "russia-claim"]
    assert [found for found, _ in frames(app)] == before
    assert not app.exception


def test_the_parameter_of_either_side_has_its_slider():
    app = opened(page="compare", compare="donetsk-narrow-buffer", depth_km="40")
    assert not app.warning
    assert app.slider(key="depth_km").value == 40
    before = frames(app)[1][1]["feature_group"]
    app.slider(key="depth_km").set_value(10.0).run()
    assert not app.exception
    assert frames(app)[1][1]["feature_group"] != before
    choose(app, "donetsk-narrow-buffer")
    assert app.slider(key="depth_km").value == 10
    assert any("for A and for B" in caption.value for caption in app.caption)
    assert "the same answer" in page_text(app)


def test_a_text_that_settles_nothing_is_named():
    text = page_text(opened(page="compare", compare="e3-counter"))
    assert "does not settle the future" in text
    assert "Not specified" in text


def own_plan(name="My plan"):
    mine = viewer.start_from(load_proposal("us-28-point"), date(2025, 12, 12))
    return viewer.pack(replace(edits.add_buffer(mine, 10, held_by=None, status="narrow_buffer"), title=name))


@pytest.mark.parametrize(("own_side", "other"), [("proposal", "compare"), ("compare", "proposal")])
def test_the_viewers_own_proposal_on_either_side(own_side, other):
    packed = own_plan()
    app = opened(page="compare", own=packed, v=data_version(), **{own_side: "own", other: "us-28-point"})
    assert not app.warning
    assert app.session_state[own_side] == "own"
    assert shown(app)[0 if own_side == "proposal" else 1] == "viewers-own-my-plan"
    ours = measure_proposal(viewer.unpack(packed))
    theirs = measure_proposal(load_proposal("us-28-point"))
    comparison = compare(*((ours, theirs) if own_side == "proposal" else (theirs, ours)))
    text = page_text(app)
    assert area_text(comparison.changed_km2, "km2") in text
    letter = "A" if own_side == "proposal" else "B"
    assert text.count("Viewer&#x27;s own: My plan") >= 4
    assert f"Under {letter}, Viewer&#x27;s own: My plan" in text
    assert app.query_params["own"] in (packed, [packed])
    app.button(key="swap").click().run()
    assert app.session_state[other] == "own"
    assert not app.exception


def test_the_viewers_own_proposal_is_offered_on_every_page_once_there_is_one():
    app = tool(opened(page="own", v=data_version()), "change")
    app.button(key="own_start").click().run()
    turn(app, page="compare")
    assert "Viewer's own: Untitled" in proposals_offered(app, "compare").values()
    choose(app, "own")
    turn(app, page="map")
    assert heading(app)[0] == "Viewer's own: Untitled"
    for page in ("people", "lines", "matrix"):
        turn(app, page=page)
        assert not app.exception
        assert "Viewer&#x27;s own: Untitled" in page_text(app) + html.escape(heading(app)[0])
    turn(app, page="own")
    app.button(key="own_again").click().run()
    turn(app, page="compare")
    assert app.session_state["proposal"] == "own"
    assert not app.exception


@pytest.mark.parametrize("key", ["proposal", "compare"])
def test_a_link_that_names_an_own_proposal_without_its_rules_says_so(key):
    app = opened(page="compare", v=data_version(), **{key: "own"})
    assert "viewer's own proposal without its rules" in app.warning[0].value
    assert app.session_state[key] != "own"


def test_the_table_of_all_proposals_has_the_viewers_own():
    app = opened(page="matrix", own=own_plan(), columns="own,us-28-point", v=data_version())
    assert not app.warning
    text = page_text(app).split('class="matrix"')[1]
    assert "Viewer&#x27;s own: My plan" in text
    assert "European counter-proposal" not in text
    assert "proposal=own" in text


def test_units_reach_every_figure():
    app = opened(page="compare", units="mi2")
    assert "km²" not in page_text(app).replace("imperial", "")
    assert "Area, sq mi" in page_text(app)


def test_choices_stay_when_the_page_changes():
    app = opened(page="compare", proposal="ukraine-1991", compare="russia-claim", question="holder")
    turn(app, page="map")
    assert heading(app)[0] == "Ukraine's border of 1991"
    assert app.session_state["proposal"] == "ukraine-1991"
    choose(app, "us-28-point")
    turn(app, page="compare")
    assert app.session_state["proposal"] == "us-28-point"
    assert shown(app) == ["us-28-point", "russia-claim", "us-28-point russia-claim holder"]
    assert not app.exception


def test_choices_stay_however_long_another_page_is_used():
    app = opened(page="compare")
    choose(app, "russia-claim")
    choose(app, "donetsk-narrow-buffer", key="compare")
    app.slider(key="depth_km").set_value(40.0).run()
    tool(turn(app, page="own"), "change")
    for _ in range(2):
        app.button(key="own_start").click().run()
        app.button(key="own_again").click().run()
    turn(app, page="compare")
    assert shown(app)[:2] == ["russia-claim", "donetsk-narrow-buffer"]
    assert app.slider(key="depth_km").value == 40
    assert not app.exception


def test_the_sum_of_the_tables_is_what_differs():
    for other in ("line-as-is", "russia-claim"):
        comparison = compare(*(measure_proposal(load_proposal(one)) for one in ("us-28-point", other)))
        for table in (change_figures.kinds(comparison, "km2"), change_figures.oblasts(comparison, "km2")):
            assert table["Area, km²"].sum() == pytest.approx(comparison.changed_km2, abs=len(table))
            assert (table["Low, km²"] <= table["Area, km²"]).all()
            assert (table["Area, km²"] <= table["High, km²"]).all()


def test_the_picture_of_flows_says_its_figures_and_escapes_its_words():
    comparison = compare(*(measure_proposal(load_proposal(one)) for one in ("us-28-point", "russia-claim")))
    picture = flow_picture.picture(comparison, "mi2", dark=False)
    assert "sq mi" in picture
    assert "km²" not in picture
    assert 'role="img"' in picture
    assert "Russia&#x27;s terms of June 2024" in picture


def test_the_table_of_all_proposals():
    app = opened(page="matrix")
    text = page_text(app)
    for proposal in load_proposals():
        assert proposal.title.replace("'", "&#x27;") in text
    assert "not specified" in text
    assert "?page=map&amp;proposal=e3-counter" in text
    assert "zone=UA-14.ukraine" in text
    assert "5,900 km²" in text
    above, table = text.split('<div class="matrix"')
    assert "Ukraine would withdraw from land under 8 of 15 proposals, Russia under 8" in above
    small = f'src="overview/{data_version()}/e3-counter.png"'
    assert (above.count(small), table.count(small)) == (1, 1)
    assert f'href="overview/{data_version()}.pdf"' in above
    plan = above[above.index(">US 28-point plan</a>") : above.index(">20-point framework</a>")]
    assert [one in plan for one in ("5,960 km²", "5,440 to 6,520", "2,100 km²", "3,860 km²")] == [True] * 4
    colour = load_statuses()["open"].fill.css(dark=False)
    assert f'<p><i class="swatch" style="background:{colour}"></i>not specified</p>' in table


def test_a_column_with_other_settings_has_no_small_map_of_the_usual_ones():
    app = opened(page="matrix", proposal="donetsk-narrow-buffer", depth_km="40", columns="donetsk-narrow-buffer")
    table = page_text(app).split('<div class="matrix alone"')[1]
    assert "<img" not in table
    assert "<img" in page_text(opened(page="matrix", columns="donetsk-narrow-buffer")).split('class="matrix alone"')[1]


def test_the_table_is_narrowed_and_a_link_says_so():
    app = opened(page="matrix", rows="terms", columns="e3-counter,us-28-point")
    assert not app.warning
    assert app.button_group(key="rows").value == ["terms"]
    text = page_text(app)
    assert "Elections" in text
    assert "Crimea" not in text
    assert "A narrow buffer" not in text
    app.multiselect(key="columns").set_value(["ukraine-1991"]).run()
    app.button_group(key="rows").set_value([]).run()
    assert not app.exception
    text = page_text(app).split('<div class="matrix')[1]
    assert "Crimea" in text
    assert "European counter-proposal" not in text
    app.multiselect(key="columns").set_value([]).run()
    assert "European counter-proposal" in page_text(app).split('<div class="matrix')[1]


def test_the_buffer_row_follows_the_units():
    text = page_text(opened(page="matrix", units="mi2"))
    assert "km²" not in text.split('class="matrix"')[1]
    assert "sq mi" in text


def test_cells_keep_units_and_parameters_on_the_way_to_the_map():
    text = page_text(opened(page="matrix", units="mi2", proposal="donetsk-narrow-buffer", depth_km="40"))
    assert "proposal=donetsk-narrow-buffer" in text
    assert "depth_km=40" in text
    assert "units=mi2" in text
