"""
The viewer's choices: widgets, session and address held together.

The address is the source whenever it was changed from outside (first run, Back, an edited link); otherwise the widgets
are. Widgets are seeded through the session state before they are drawn, because an `index=` taken from the address
loses every second click. The place on the map (`lat`, `lon`, `zoom`) is written by the map's own script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from mapcore import links
from mapcore.scenario import load_proposal, load_proposals
from mapcore_app import own_state

_PLACE = {"lat", "lon", "zoom", "v"}


def _without_place(query: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in query.items() if key not in _PLACE}


def read() -> links.View:
    """Return the view to show: from the address when that changed outside the app, else as the widgets have it."""
    query = st.query_params.to_dict()
    if "view" not in st.session_state or _without_place(query) != st.session_state["written"]:
        view, notices = links.from_query(query)
        first = "view" not in st.session_state
        if not first:
            kept = st.session_state["view"]
            view = replace(view, lat=kept.lat, lon=kept.lon, zoom=kept.zoom)
        st.session_state["notices"] = notices
        st.session_state["written"] = _without_place(query)
        _seed(view)
    else:
        st.session_state["notices"] = []
        view = _from_widgets(st.session_state["view"])
    clicked = _clicked_zone()
    if clicked:
        view = replace(view, zone=clicked)
        st.session_state["zone"] = clicked
    return own_state.with_drawn(view) if view.page == "own" else view


def _seed(view: links.View) -> None:
    for key in links.CHOICES:
        st.session_state[key] = getattr(view, key)
    st.session_state["tiles"] = view.tiles
    own_state.arrive(view.own)
    for name, parameter in load_proposal(view.proposal).parameters.items():
        st.session_state[name] = view.parameters.get(name, parameter.default)


def _from_widgets(view: links.View) -> links.View:
    """Return the view with what the widgets hold now; a widget that was not drawn last keeps its value."""
    chosen = {key: st.session_state.get(key) or getattr(view, key) for key in links.CHOICES}
    if "zone" in st.session_state:
        chosen["zone"] = st.session_state["zone"] or ""
    chosen["own"] = st.session_state.get("own", view.own)
    chosen["tiles"] = bool(st.session_state.get("tiles", view.tiles))
    proposal = load_proposal(chosen["proposal"])
    parameters = {
        name: float(st.session_state.get(name, view.parameters.get(name, parameter.default)))
        for name, parameter in proposal.parameters.items()
    }
    return replace(view, **chosen, parameters=parameters)


def _clicked_zone() -> str:
    """Return the zone that was clicked on the map since the last run, or nothing."""
    drawn = (st.session_state.get("map") or {}).get("last_active_drawing") or {}
    zone = str(drawn.get("id", ""))
    if zone == st.session_state.get("clicked", ""):
        return ""
    st.session_state["clicked"] = zone
    return zone if zone in links.zone_keys() else ""


def keep(view: links.View) -> None:
    """Seed the widgets that are about to be drawn, and remember the view."""
    st.session_state["view"] = view
    for key in links.CHOICES:
        st.session_state.setdefault(key, getattr(view, key))


def write(view: links.View) -> None:
    """Write the view into the address, when it is not there already; a plain address stays plain."""
    query = st.query_params.to_dict()
    own = {"proposal", "own", "v", *links.CHOICES, *_all_parameters()}
    wanted = links.to_query(replace(view, lat=None, lon=None, zoom=None))
    foreign = {key: value for key, value in query.items() if key not in own}
    if _without_place(query) != _without_place(foreign | wanted):
        st.query_params.from_dict(foreign | wanted)
    st.session_state["written"] = _without_place(foreign | wanted)


def _all_parameters() -> set[str]:
    return {name for proposal in load_proposals() for name in proposal.parameters}
