"""Claims, people and places, timeline: each widget, links, refusals, without a browser."""

import html
import re
from collections import Counter
from urllib.parse import parse_qs

import pytest
from support import subjects
from support.dashboard import choose, component, heading, opened, page_text, turn

from mapcore import check_claims, load_proposal, load_proposals, measure_proposal
from mapcore.analysis.known_areas import load_known_areas
from mapcore.analysis.quantities import quantities
from mapcore.analysis.settlements import moved_places
from mapcore.analysis.timeline import chosen_entries, load_timeline
from mapcore.app.pages import people_page
from mapcore.app.pages.timeline_page import address
from mapcore.base import language
from mapcore.base.schema import LINK_KEYS
from mapcore.present import links, page_choices, settlement_marks

US_PLAN = measure_proposal(load_proposal("us-28-point"))


def only(app, key):
    return next(block for block in app.get("html") if key in block.proto.body).proto.body


# --- claims ----------------------------------------------------------------------------------------------------


def test_each_claim_stands_with_verdict_source_and_definition():
    text = page_text(opened(page="claims"))
    for one in check_claims():
        assert f'id="claim-{one.claim.id}"' in text
    assert text.count('class="verdict') == len(check_claims())
    assert text.count("How it counts:") == len(check_claims())
    assert "A freeze on the line of contact adds no land" in text
    assert "Land in Donetsk that Ukraine would withdraw from under the plan" in text


@pytest.mark.parametrize(
    ("key", "verdict"), [("agrees", "agrees"), ("differs", "differs"), ("missing", "cannot be computed")]
)
def test_the_filter_shows_one_verdict(key, verdict):
    app = opened(page="claims")
    app.button_group(key="verdict").set_value(key).run()
    assert not app.exception
    text = page_text(app)
    for one in check_claims():
        assert (f'id="claim-{one.claim.id}"' in text) == (one.check.verdict == verdict)


def test_areas_of_claims_are_in_the_chosen_units():
    assert "1,800 square miles (4,660 km²)" in page_text(opened(page="claims"))
    text = page_text(opened(page="claims", units="mi2"))
    assert "116,165 km² (44,850 sq mi)" in text
    assert "1,800 square miles</b>" in text


def test_a_figure_of_the_visitor_gets_a_verdict():
    app = opened(page="claims")
    app.selectbox(key="check").set_value("leaves").run()
    app.selectbox(key="check_holder").set_value("ukraine").run()
    app.multiselect(key="check_oblasts").set_value(["UA-14"]).run()
    app.text_input(key="check_figure").set_value("1,800").run()
    app.selectbox(key="check_unit").set_value("mi2").run()
    assert not app.exception
    answer = only(app, 'class="answer"')
    assert "Differs" in answer
    assert "2,280 sq mi" in answer
    assert "1,750 sq mi to 1,850 sq mi" in answer
    app.text_input(key="check_figure").set_value("2,280").run()
    assert "Agrees within our range" in only(app, 'class="answer"')


@pytest.mark.parametrize("quantity", page_choices.checkable())
def test_each_quantity_can_be_asked(quantity):
    app = opened(page="claims", check=quantity, check_figure="100")
    assert not app.warning
    assert app.selectbox(key="check").value == quantity
    assert 'class="verdict' in only(app, 'class="answer"')


def test_a_link_to_a_figure_is_restored():
    app = opened(
        page="claims", check="near_line_share", check_holder="ukraine", check_oblasts="UA-14", check_within_km="40",
        check_figure="92", verdict="missing",
    )  # fmt: skip
    assert not app.warning
    assert app.number_input(key="check_within_km").value == 40
    assert app.multiselect(key="check_oblasts").value == ["UA-14"]
    assert app.button_group(key="verdict").value == "missing"
    assert "Agrees within our range" in only(app, 'class="answer"')


def test_places_may_be_chosen_and_emptied():
    app = opened(page="claims", check="population")
    assert len(app.multiselect(key="check_places").value) == len(page_choices.BELT)
    assert "373,6" in only(app, 'class="answer"')
    app.multiselect(key="check_places").set_value([]).run()
    assert "Choose at least one place" in only(app, 'class="answer"')


@pytest.mark.parametrize("typed", ["<b>5</b>", "19,25", "nan", "1e9", "vijf"])
def test_what_is_typed_is_never_put_out_again(typed):
    app = opened(page="claims")
    app.text_input(key="check_figure").set_value(typed).run()
    assert not app.exception
    text = page_text(app)
    assert "That is not a number" in text
    assert typed not in text.replace("such as 5,000 or 19.25", "")
    assert typed not in str(app.query_params)


def test_broken_keys_of_the_pages_fall_back_with_a_notice_each():
    app = opened(
        page="claims", verdict="<i>", scale="Atlantis", check="weight", check_figure="<b>", check_unit="ell",
        check_holder="x", check_oblasts="UA-99", check_within_km="-1", check_places="1", check_key="k",
    )  # fmt: skip
    assert len(app.warning) == 1
    assert app.warning[0].value.count("- ") == 10
    assert app.selectbox(key="check").value == "held"
    assert "Atlantis" not in page_text(app) + "".join(warning.value for warning in app.warning)


def test_a_choice_that_does_not_belong_to_the_quantity_is_told():
    view, notices = links.from_query({"check": "line_length", "check_unit": "mi2", "check_holder": "ukraine"})
    assert dict(view.choices) == {"check": "line_length"}
    assert len(notices) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"check": "ledger", "check_key": "demilitarised", "check_unit": "mi2", "check_figure": "2000"},
        {"check": "span", "check_places": "693468,705104", "check_figure": "-36.5"},
        {"scale": "abkhazia", "verdict": "agrees"},
        {"frame": "country"},
    ],
)
def test_a_view_and_its_link_say_the_same(query):
    view, notices = links.from_query(query)
    assert notices == []
    assert {key: text for key, text in links.to_query(view).items() if key != "v"} == query


def test_a_proposal_cannot_take_a_key_of_the_pages():
    assert set(page_choices.choices_by_key()) <= LINK_KEYS
    arguments = {argument.name for found in quantities().values() for argument in found.arguments}
    assert {f"check_{name}" for name in arguments} <= set(page_choices.choices_by_key())


def test_a_link_holds_a_figure_in_one_form():
    view, notices = links.from_query({"check_figure": "5,000", "lang": "uk"})
    assert (view.choice("check_figure"), notices) == ("5000", [])
    known = page_choices.choices_by_key()["check_figure"]
    with language.speaking("uk"):
        assert known.value("5000") == "5\N{NO-BREAK SPACE}000"
        assert known.text("5 000") == "5000"
        assert known.text("1,800") == ""
        assert known.text(known.value("1.800"), before="1.800") == "1.800"
    assert known.value("5000") == "5,000"
    assert links.from_query({"check_figure": "12,5", "lang": "uk"})[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2\N{NO-BREAK SPACE}270", "agrees"), ("2 270", "agrees"), ("2270", "agrees"), ("1800,5", "differs")],
)
def test_a_figure_typed_as_ukrainian_writes_it_gets_the_same_verdict(typed, said):
    chosen = {"check": "leaves", "check_holder": "ukraine", "check_oblasts": "UA-14", "check_unit": "mi2"}
    app = opened(page="claims", lang="uk", **chosen)
    app.text_input(key="check_figure").set_value(typed).run()
    assert not app.exception
    assert f'class="verdict {said}"' in only(app, 'class="answer"')
    plain = str(app.query_params["check_figure"])
    assert plain in {"2270", "1800.5"}
    english = opened(page="claims", check_figure=plain, **chosen)
    assert f'class="verdict {said}"' in only(english, 'class="answer"')
    assert not english.warning


def test_a_figure_that_reads_in_two_ways_gets_no_verdict():
    app = opened(page="claims", lang="uk")
    app.text_input(key="check_figure").set_value("1,800").run()
    assert not app.exception
    assert "5\N{NO-BREAK SPACE}000" in only(app, 'class="refusal"')
    assert 'class="verdict' not in only(app, 'class="answer"')
    assert "check_figure" not in app.query_params


def test_a_change_of_language_rewrites_a_typed_figure_and_keeps_its_value():
    app = opened(page="claims", check="held_share", check_figure="1.800")
    assert app.text_input(key="check_figure").value == "1.800"
    before = only(app, 'class="answer"')
    turn(app, lang="uk")
    assert not app.exception
    assert app.text_input(key="check_figure").value == "1,800"
    assert app.query_params["check_figure"] in ("1.800", ["1.800"])
    app.selectbox(key="check_holder").set_value("ukraine").run()
    app.selectbox(key="check_holder").set_value("russia").run()
    assert app.query_params["check_figure"] in ("1.800", ["1.800"])
    turn(app, lang="en")
    assert only(app, 'class="answer"') == before


#: What stands on each page in the language of the reader: messages of the code and of the data.
SAID = {
    "claims": [
        "How it counts: {definition}", "Agrees within our range", "Nearest:",
        "Land that a side holds in the oblasts chosen.", "From the article", "Radio Svoboda",
        "Land in Donetsk that Ukraine would withdraw from under the plan",
        "A strip along the border of which few villages have a confirmed status.",
    ],
    "people": [
        "Settlements by zone", "Who remains: published estimates", "A sense of scale", "Transnistria", "2018 estimate",
        "Totals add up counts of whole settlements; settlements without a count are not included.", "Held now by",
        "Frozen conflicts that are named as precedents", "Demilitarised, recognised as Russian", "Kostiantynivka",
    ],
    "matrix": [
        "Question", "Land without armies", "Plant, spit, dam", "Security guarantees", "not specified", "map",
        "European counter-proposal (E3)", "Elections in Ukraine in 100 days.",
    ],
}  # fmt: skip


@pytest.mark.parametrize("page", SAID)
def test_a_page_speaks_the_language_of_its_reader(page):
    text = html.unescape(page_text(opened(page=page, lang="uk")))
    with language.speaking("uk"):
        said = [language.tr(message).partition("{")[0] for message in SAID[page] if language.tr(message) != message]
    assert len(said) >= 2
    assert [words for words in said if words not in text] == []


def test_a_published_share_is_written_as_the_language_writes_it():
    assert "<b>19.25 %</b>" in page_text(opened(page="claims"))
    text = page_text(opened(page="claims", lang="uk"))
    assert "19,25" in text
    assert "19.25" not in text


def test_places_and_units_bear_the_names_of_the_language():
    text = page_text(opened(page="people", lang="uk"))
    for name in ("Краматорськ", "Слов’янськ", "Донецька обл.", "Придністров’я", "147\N{NO-BREAK SPACE}145"):
        assert name in text
    matrix = page_text(opened(page="matrix", lang="uk"))
    assert "План США з 28 пунктів" in matrix
    assert "Запорізька обл." in matrix
    assert "not specified" not in matrix
    app = opened(page="claims", lang="uk", check="population")
    places = app.multiselect(key="check_places").options
    assert places[0].startswith("А")
    assert places.index("Ізмаїл (Одеська обл.)") < places.index("Київ (Київ)") < places.index("Яготин (Київська обл.)")


def test_the_file_of_settlements_is_the_same_in_every_language():
    with language.speaking("uk"):
        ukrainian, shown = people_page.settlements_file(US_PLAN), people_page.settlements(US_PLAN)
    assert ukrainian == people_page.settlements_file(US_PLAN)
    assert ukrainian.startswith("Settlement,In Ukrainian,Oblast,")
    assert "Краматорськ" in set(shown.iloc[:, 0])


def figures_of(text):
    """Return every number of a page, however its language writes it."""
    bare = re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL).replace("\N{NO-BREAK SPACE}", "")
    whole = re.sub(r"(?<=[0-9]),(?=[0-9]{3}\b)", "", bare) if language.decimal_sign() == "." else bare
    return Counter(re.findall(r"[0-9]+(?:[.,][0-9]+)*", whole.replace(",", ".")))


@pytest.mark.parametrize("page", ["people", "claims"])
def test_figures_are_the_same_in_each_language(page):
    found = []
    for lang in ("en", "uk"):
        text = page_text(opened(page=page, lang=lang))
        with language.speaking(lang):
            found.append(figures_of(text))
    english, ukrainian = found
    large = {number for number in english if len(number) > 4}
    assert len(large) > 5
    assert {number for number in large if english[number] != ukrainian[number]} == set()


# --- people and places -----------------------------------------------------------------------------------------


def test_the_belt_is_listed_and_on_the_map():
    text = page_text(opened(page="people"))
    marks = {mark["name"]: mark for mark in settlement_marks.place_marks(US_PLAN)}
    for name in ("Sloviansk", "Kramatorsk", "Druzhkivka", "Kostiantynivka"):
        assert f"<td>{name}</td>" in text
        assert marks[name]["fate"] == "ukraine_leaves"
        assert marks[name]["rank"]
    assert f"({len(moved_places(US_PLAN))})" in text
    assert "who remains has not been counted place by place" in text
    assert "Who remains: published estimates" in text


@pytest.mark.parametrize("proposal", [*map(load_proposal, subjects.REPRESENTATIVE)], ids=subjects.REPRESENTATIVE)
def test_people_of_each_proposal(proposal):
    app = opened(page="people")
    frame, _ = component(app)
    choose(app, proposal.id)
    assert not app.exception
    assert heading(app)[0] == f"People and places: {proposal.title}"
    same, after = component(app)
    assert same == frame
    assert '"places": "gzip:' in after["feature_group"]


def test_every_moved_place_is_drawn_with_plain_text():
    for proposal in load_proposals():
        measured = measure_proposal(proposal)
        marks = settlement_marks.place_marks(measured)
        drawn = sum(mark["fate"] != "stays_russia" for mark in marks)
        assert drawn == len(moved_places(measured))
        assert not any("<" in line for mark in marks for line in mark["tip"])


@pytest.mark.parametrize("found", load_known_areas(), ids=lambda found: found.id)
def test_each_reference_can_be_laid_over_the_zone(found):
    app = opened(page="people")
    app.selectbox(key="scale").set_value(found.id).run()
    assert not app.exception
    assert '"overlay": "gzip:' in component(app)[1]["feature_group"]
    text = page_text(app)
    assert f'<span class="chosen">{found.name}</span>' in text
    assert text.count('<span class="zone">') == 1


def test_the_precedents_have_area_population_and_source():
    text = page_text(opened(page="people", units="mi2"))
    for found in load_known_areas():
        if found.precedent:
            assert f"<h3>{found.name}</h3>" in text
            assert f"<dd>{found.since}</dd>" in text
            assert found.source in text
            assert f"{found.population:,}" in text


def test_a_text_that_moves_nothing_says_so():
    text = page_text(opened(page="people", proposal="line-as-is"))
    assert "No settlement" in text
    assert "No settlement would change hands under this text." in text


# --- timeline --------------------------------------------------------------------------------------------------


def test_each_event_stands_with_its_source_and_change():
    text = page_text(opened(page="timeline"))
    for entry in load_timeline():
        assert f'id="event-{entry.id}"' in text
        assert f'href="#event-{entry.id}"' in text
    assert text.count("What changed:") == sum(bool(entry.changed) for entry in load_timeline())
    assert text.count("On the map:") == sum(bool(entry.proposal) for entry in load_timeline())


def test_a_link_to_a_proposal_keeps_what_was_chosen():
    view, _ = links.from_query({"page": "timeline", "units": "mi2", "proposal": "ukraine-1991", "lat": "48"})
    query = parse_qs(address(view, "e3-counter", embedded=True).removeprefix("?"))
    assert query.pop("v")
    assert query == {"embed": ["true"], "units": ["mi2"], "proposal": ["e3-counter"]}


def test_moving_between_pages_keeps_what_was_chosen():
    app = opened(page="people", proposal="donetsk-narrow-buffer", depth_km="40", scale="delaware")
    for page in ("claims", "timeline", "methods", "map", "people"):
        turn(app, page=page)
        assert not app.exception
    assert app.selectbox(key="scale").value == "delaware"
    assert app.slider(key="depth_km").value == 40
    assert app.session_state["proposal"] == "donetsk-narrow-buffer"


def test_the_timeline_is_narrowed_and_a_link_says_so():
    app = opened(page="timeline", kinds="talks,proposal", actors="russia")
    shown = chosen_entries({"talks", "proposal"}, {"russia"})
    assert 0 < len(shown) < len(load_timeline())
    assert page_text(app).count("<article") == len(shown)
    app.button_group(key="kinds").set_value(["line"]).run()
    assert app.query_params["kinds"] == "line"
    assert page_text(app).count("<article") == len(chosen_entries({"line"}, {"russia"}))
