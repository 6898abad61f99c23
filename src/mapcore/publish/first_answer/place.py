"""The settlement of a link in its first answer: the box to search in, its card, its mark on the map, its finding."""

from __future__ import annotations

import html
from dataclasses import replace

from mapcore.analysis.place_answers import PlaceAnswer, Under, beside, place_answer, places_by_key
from mapcore.base import memory
from mapcore.base.language import tr
from mapcore.present import place_card, place_frame, place_words
from mapcore.proposals import viewer
from mapcore.publish.first_answer import linked_view, map_svg, parts
from mapcore.publish.first_answer.linked_view import Linked
from mapcore.publish.first_answer.page import Page
from mapcore.publish.web_page import web_file


def answer(linked: Linked) -> PlaceAnswer | None:
    """Return what becomes of the settlement that a link names, under all proposals on its line, its own one as set."""
    place = places_by_key().get(linked.view.choice("place"))
    if place is None:
        return None
    return place_answer(place, beside(linked_view.measured(linked)))


def search(linked: Linked) -> str:
    """Return the box to search in; without scripts it is sent, and the link that comes names what was typed."""
    known = places_by_key().get(linked.view.choice("place"))
    choices = {key: text for key, text in linked.view.choices.items() if key != "place"}
    kept = "".join(
        f'<input type="hidden" name="{html.escape(key)}" value="{html.escape(text)}"/>'
        for key, text in linked.query(choices=choices).items()
        if key != "v"
    )
    label, hint = html.escape(tr("Find a place")), html.escape(tr("Town or village, present or former name"))
    name = html.escape(known.name if known else "")
    return (
        f'<form class="a-find" action="?" role="search"><label>{label}'
        f'<input name="place" value="{name}" placeholder="{hint}" autocomplete="off"/></label>{kept}</form>'
    )


def card(linked: Linked, found: PlaceAnswer | None) -> str:
    """Return the card of a settlement, if any, in which each proposal leads to itself with the same settlement."""
    if found is None:
        return ""

    def named(under: Under) -> str:
        proposal = under.measured.proposal
        if viewer.is_viewers(proposal):
            return html.escape(viewer.title_of(proposal))
        return parts.link(linked.query(proposal=proposal.id), viewer.title_of(proposal))

    shown = linked_view.measured(linked).proposal.id
    return place_card.card_html(found, shown=shown, named=named)


def framed(frame: map_svg.Frame, found: PlaceAnswer | None) -> map_svg.Frame:
    """Return what a map shows with a settlement marked on it, framed on what is around that."""
    if found is None:
        return frame
    marked, corners = place_frame.on_map(found.place, found.control)
    return replace(frame, fit=corners, found=marked)


def about(page: Page, linked: Linked, found: PlaceAnswer | None) -> Page:
    """Return a page whose finding is that about a settlement, if there is one."""
    if found is None:
        return page
    shown = next(
        (outcome for outcome in found.under if outcome.measured.proposal.id == linked.view.proposal), found.under[-1]
    )
    under = tr("{proposal}: {status}").format(
        proposal=viewer.title_of(shown.measured.proposal), status=tr(shown.status.label)
    )
    known = [f"{label}: {words}" for label, words in place_words.facts(found)]
    deck = ". ".join([place_words.where(found.place), under, *known]) + "."
    return replace(page, title=place_words.finding(found), deck=deck, style=f"{page.style}{_style()}")


@memory.shared
def _style() -> str:
    return f"#first-answer{{{web_file('place/card.css')}}}".replace("\n", "")
