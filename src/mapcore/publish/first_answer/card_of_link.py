"""The card of a link: which view it shows, and under which address it is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from mapcore.base.language import speaking, tr
from mapcore.base.memory import Memory, working_for
from mapcore.base.schema import DEFAULT_COMPARE, DEFAULT_PROPOSAL
from mapcore.measurement.areas import measure_proposal
from mapcore.present import links
from mapcore.present.page_names import PAGE_NAMES
from mapcore.proposals.shipped import load_proposal
from mapcore.publish.card import draw_card
from mapcore.publish.first_answer import linked_view, place
from mapcore.publish.first_answer.linked_view import Linked
from mapcore.publish.place_picture import draw_place_card
from mapcore.publish.view_content import Chosen

#: The pages that have the card of a settlement.
_OF_A_PLACE: Final = ("map", "people")
#: The pages whose card shows the proposals of the link; that of the others shows the line as it stands.
_OF_A_VIEW: Final = ("map", "people", "own", "compare")


def settled(linked: Linked) -> Linked:
    """Return a link with all choices left out that its card does not show."""
    key = linked.view.choice("place") if linked.view.page in _OF_A_PLACE else ""
    view = replace(links.unplaced(linked.view), zone="", rows=(), columns=(), tiles=False)
    view = replace(view, choices={"place": key} if key else {})
    if view.page == "people":
        view = replace(view, page="map")
    if view.page not in _OF_A_VIEW:
        view = replace(view, proposal=DEFAULT_PROPOSAL, parameters={}, viewers_proposal="")
    if view.page != "compare":
        view = replace(view, compare=DEFAULT_COMPARE, compare_parameters={}, question="all")
    return replace(linked, view=view, notices=(), shell=(), theme="light", base="")


def address(linked: Linked) -> str:
    """Return the address of a link's card, relative to that of the page."""
    query = settled(linked).query()
    version = query.pop("v")
    return f"card/{version}.png" + (f"?{urlencode(query)}" if query else "")


def draw(linked: Linked) -> bytes:
    """
    Return the card of a link as PNG.

    What is worked out for a viewer's own proposal, or for settings that a stranger may choose freely, is forgotten.
    """
    own = linked.view.viewers_proposal or linked.view.parameters or linked.view.compare_parameters
    chosen = Chosen(linked.units, linked.base, linked.view.question)
    with speaking(linked.view.lang), working_for(Memory() if own else None):
        page = linked.view.page
        if page == "compare":
            return draw_card(linked_view.compared(linked), chosen)
        found = place.answer(linked)
        if found:
            return draw_place_card(found, linked_view.measured(linked), chosen)
        if page in _OF_A_VIEW:
            return draw_card(linked_view.measured(linked), chosen)
        now = measure_proposal(load_proposal(DEFAULT_COMPARE), control=linked.control)
        return draw_card(now, chosen, heading=tr(PAGE_NAMES[page]))
