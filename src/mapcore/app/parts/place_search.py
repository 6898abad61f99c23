"""The search for a settlement, and the card of the one that is found; both stand on pages about one proposal."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mapcore.analysis.place_answers import Place, beside, place_answer, places_by_key
from mapcore.app.parts import assets
from mapcore.app.session import web_files
from mapcore.app.session.callbacks import callback
from mapcore.base.language import cached, language
from mapcore.measurement.areas import Measured
from mapcore.present import folium_map, links, place_frame, place_words
from mapcore.present.place_card import card_html

_STYLE: Final = f"<style>{web_files.of_place('card.css')}</style>"
_KEY: Final = "find_place"

_search = st.components.v2.component(
    "mapcore_place_search",
    html=web_files.of_place("box.html"),
    css=web_files.of_place("box.css"),
    js=web_files.of_place("alike.js", "search.js", "box.js") + web_files.text("place_search.js"),
)


def _chosen(view: links.View) -> Place | None:
    return places_by_key().get(view.choice("place"))


def name(view: links.View) -> str:
    """Return the name of the settlement that a page about one proposal is about, or nothing."""
    place = _chosen(view) if view.page in {"map", "people"} else None
    return place.name if place else ""


def draw(view: links.View) -> None:
    """Draw the box; what is chosen in it stands in the link as `place`."""
    chosen = _chosen(view)
    _search(
        key=_KEY,
        data={
            "url": assets.place_index_url(),
            "lang": language(),
            "chosen": chosen.name if chosen else "",
            # In a tuple: Streamlit looks for a table in each dictionary that a component is given, at each run.
            "words": (place_words.search_words(),),
        },
        on_chosen_change=_take,
    )


@callback
def _take() -> None:
    chosen = (st.session_state.get(_KEY) or {}).get("chosen")
    if chosen == "none":
        st.session_state["place"] = ""
    elif chosen in places_by_key():
        st.session_state["place"] = chosen


def on_map(view: links.View, measured: Measured) -> folium_map.Overlay | None:
    """Return what the map lays over the zones for the settlement of the view: its mark, and what is seen around it."""
    place = _chosen(view)
    if place is None:
        return None
    found, corners = place_frame.on_map(place, measured.control)
    return folium_map.Overlay(fit=corners, found=found)


def findings(view: links.View, measured: Measured) -> list[tuple[str, str]]:
    """Return the name of the settlement that the view is about and the finding about it, or nothing."""
    place = _chosen(view)
    return [(place.name, place_words.finding(place_answer(place, beside(measured))))] if place else []


def card(view: links.View, measured: Measured) -> None:
    """Draw the card of the settlement that the view is about, if any."""
    place = _chosen(view)
    if place:
        st.html(_STYLE + _card(place, beside(measured), measured.proposal.id))


@cached(maxsize=256)
def _card(place: Place, measured: tuple[Measured, ...], shown: str) -> str:
    return card_html(place_answer(place, measured), shown=shown)
