"""The settlement of a link: its card, its mark on the map, what a link may hold; without a browser."""

import json
from dataclasses import replace

from support.dashboard import component, html_of, opened, page_text

from mapcore.analysis.place_answers import places_by_key
from mapcore.app.parts import header
from mapcore.base.language import speaking
from mapcore.present import links

KRAMATORSK = places_by_key()["704508"]


def box(app):
    drawn = next(one.proto for one in app.get("bidi_component") if one.proto.id.endswith("find_place"))
    return json.loads(drawn.json)


def shown(app):
    return html_of(component(app)[1])


def test_a_link_names_a_settlement_by_its_code_in_the_register_or_its_id():
    for named in (KRAMATORSK.katottg, "704508"):
        view, notices = links.from_query({"place": named})
        assert (view.choice("place"), notices) == (KRAMATORSK.katottg, [])
        assert links.to_query(view)["place"] == KRAMATORSK.katottg
    without_code = next(one for one in places_by_key().values() if not one.katottg)
    view, _ = links.from_query({"place": without_code.key})
    assert links.to_query(view)["place"] == str(without_code.id)
    view, notices = links.from_query({"place": "UA00<b>"})
    assert (view.choice("place"), notices) == ("", ["The link has an invalid value for place; its default is used."])
    assert "place" not in links.to_query(view)


def test_the_window_is_named_after_the_settlement_first():
    view, _ = links.from_query({"place": "704508"})
    assert header.title(view) == "Kramatorsk: US 28-point plan: Map | mapcore"
    assert header.title(replace(view, page="claims")) == "Claims | mapcore"


def test_the_card_stands_with_its_map_in_the_language_of_the_link_and_goes_with_the_place():
    app = opened(place="704508", proposal="donetsk-narrow-buffer", depth_km="22", lang="uk")
    with speaking("uk"):
        assert KRAMATORSK.name == "Краматорськ"
    card = next(block.proto.body for block in app.get("html") if 'class="town"' in block.proto.body)
    assert "<h2>Краматорськ<small>Краматорський район, Донецька обл.</small></h2>" in card
    assert card.count("<li><div>") == 14
    assert card.count("<li aria-current=true><div>Вузька буферна зона") == 1
    # As the proposal is set in the link: a strip of 22 km ends at the town.
    assert "у межах похибки лінії" in card
    assert f'"key": "{KRAMATORSK.katottg}"' in shown(app)
    assert '"fit": [[' in shown(app)
    assert (box(app)["chosen"], box(app)["lang"]) == ("Краматорськ", "uk")
    app.session_state["place"] = ""
    app.run()
    assert 'class="town"' not in page_text(app)
    assert '"found": null' in shown(app) or '"found"' not in shown(app)
    assert box(app)["chosen"] == ""
    # The same on the page of people and places, where the map has settlements too.
    app.session_state["place"] = KRAMATORSK.katottg
    app.session_state["page"] = "people"
    app.run()
    assert 'class="town"' in page_text(app)
    assert '"places": ' in shown(app)
    assert not app.exception
