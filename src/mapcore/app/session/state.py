"""
The viewer's choices: widgets, session and address held together.

The address is the source whenever it was changed from outside (first run, Back and Forward); otherwise the widgets are.
Widgets are seeded through the session state before they are drawn, because an `index=` taken from the address loses
every second click. The place on the map (`lat`, `lon`, `zoom`) is written by the map's own script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mapcore.app.session import first_run, lines, resumed, viewer_proposal, visitor
from mapcore.base import language
from mapcore.base.errors import MapcoreError
from mapcore.base.language import tr
from mapcore.base.safe_text import as_plain_markdown
from mapcore.base.schema import DEFAULT_CONTROL
from mapcore.present import links, page_choices
from mapcore.proposals.shipped import load_proposals, settle_parameters

_PLACE = {"lat", "lon", "zoom", "frame", "v"}
_NOT_HELD: Final = object()


@dataclass
class _Kept:
    """
    What the session keeps for widgets that a page does not draw.

    Attributes
    ----------
    values
        By the widgets' keys, what the last run put into the session, or left there.
    drawn
        Keys of widgets that some run of this session may have drawn. What is put under such a key is to Streamlit the
        value of that widget, and goes with it when a run has not drawn it; under any other key it stays.
    is_whole
        Whether the last run came to its end, so that nothing that a page needs is missing in the session.
    """

    values: dict[str, Any] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    is_whole: bool = True


def _without_place(query: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in query.items() if key not in _PLACE}


def read() -> links.View:
    """Return the view to show, as `_read` finds it, with the default line in place of one that cannot be loaded."""
    view = _read()
    language.use(view.lang)
    try:
        lines.load(view.control)
    except MapcoreError as problem:
        sentence = tr("{problem}. The default line is used.").format(problem=" ".join(str(problem).split()))
        st.session_state["notices"] = [*st.session_state["notices"], as_plain_markdown(sentence)]
        view = replace(view, control=DEFAULT_CONTROL)
        st.session_state["control"] = DEFAULT_CONTROL
    return view


def _read() -> links.View:
    """
    Return the view to show: what the viewer just did, else the address when Back or Forward changed it.

    A run may come while the browser still shows the address before the last one, for a click or because the map was
    drawn: that is no change from outside. Hence the widgets and the map are asked first, and the address only where
    the browser says that the viewer went through the history.
    """
    query, completes = st.query_params.to_dict(), first_run.takes_completion()
    if "view" in st.session_state:
        before = st.session_state["view"]
        language.use(before.lang)
        view = _from_widgets(before)
        resumed.forget_drawing(before, view)
        clicked = _clicked_zone()
        if clicked:
            view = replace(view, zone=clicked)
            st.session_state["zone"] = clicked
        if view.page == "own":
            view = viewer_proposal.with_drawn(view)
        if clicked or view != before or not _is_navigated() or _without_place(query) == st.session_state["written"]:
            if not completes:
                st.session_state["notices"] = []
            if view.page != before.page and before.page in links.MAP_PAGES:
                # From here on the map's script knows better than the link where the viewer was.
                view = replace(links.unplaced(view), whole=query.get("frame") == "country")
            return view
    with visitor.alone():
        view, st.session_state["notices"] = links.from_query(
            query, controls=lines.brought(), kept=st.session_state.get("own", "")
        )
    if "view" in st.session_state:
        kept = st.session_state["view"]
        view = replace(view, lat=kept.lat, lon=kept.lon, zoom=kept.zoom, whole=kept.whole)
    view = replace(
        view,
        parameters=settle_parameters(viewer_proposal.load(view.proposal, view.viewers_proposal), view.parameters),
        compare_parameters=settle_parameters(
            viewer_proposal.load(view.compare, view.viewers_proposal), view.compare_parameters
        ),
    )
    st.session_state["written"] = _without_place(query)
    _seed(view)
    return view


def _is_navigated() -> bool:
    """Whether the viewer went back or forward."""
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)


def _seed(view: links.View) -> None:
    language.use(view.lang)
    st.session_state.update(_held(view))
    st.session_state["control"] = view.control
    viewer_proposal.arrive(view.viewers_proposal)
    st.session_state.update(_switches(view))


def _held(view: links.View) -> dict[str, Any]:
    """Return what the widgets hold that choose one or several of a list, or write something."""
    values = {key: getattr(view, key) for key in links.CHOICES} | {key: list(getattr(view, key)) for key in links.LISTS}
    known, chosen = page_choices.choices_by_key(), view.every_choice()
    return values | {key: choice.value(chosen[key]) for key, choice in known.items()}


def _switches(view: links.View) -> dict[str, Any]:
    """Return what the sliders and switches hold."""
    return {"tiles": view.tiles, **view.compare_parameters, **view.parameters}


def _from_widgets(view: links.View) -> links.View:
    """Return the view with what the widgets hold now; a widget that was not drawn last keeps its value."""
    chosen = {key: st.session_state.get(key) or getattr(view, key) for key in links.CHOICES}
    chosen["control"] = st.session_state.get("control") or view.control
    chosen["zone"] = st.session_state.get("zone", view.zone) or ""
    chosen["viewers_proposal"] = st.session_state.get("own", view.viewers_proposal)
    chosen["tiles"] = bool(st.session_state.get("tiles", view.tiles))
    for key in links.LISTS:
        chosen[key] = tuple(st.session_state.get(key, getattr(view, key)))
    known = {**view.compare_parameters, **view.parameters}
    parameters, compare_parameters = (
        {
            name: float(st.session_state.get(name, known.get(name, parameter.default)))
            for name, parameter in viewer_proposal.load(chosen[key], chosen["viewers_proposal"]).parameters.items()
        }
        for key in ("proposal", "compare")
    )
    choices = view.every_choice()
    for key, choice in page_choices.choices_by_key().items():
        # Asked for once: each look into the session is one of Streamlit's dearer ones.
        held = st.session_state.get(key, _NOT_HELD)
        if held is not _NOT_HELD:
            choices[key] = choice.text(held, before=choices[key])
    return replace(
        view,
        **chosen,
        parameters=parameters,
        compare_parameters=compare_parameters,
        choices=page_choices.fitting(choices),
    )


def _clicked_zone() -> str:
    """Return the zone that was clicked on the map since the last run, or nothing."""
    drawn = (st.session_state.get("map") or {}).get("last_active_drawing") or {}
    if drawn == st.session_state.get("clicked", {}):
        return ""
    st.session_state["clicked"] = drawn
    zone = str(drawn.get("id", ""))
    return zone if zone in links.zone_keys() else ""


def keep(view: links.View) -> None:
    """
    Seed the widgets that are about to be drawn, and remember the view.

    A key may belong to another kind of widget on another page, which would not find the value that the first one left;
    in another language a widget has another label, which makes it another widget, and writes numbers in another way.
    """
    before = st.session_state.get("view", view)
    turned = (before.page, before.lang) != (view.page, view.lang)
    st.session_state["view"] = view
    kept = _kept()
    # To look into the session for each is one of Streamlit's dearer questions.
    if turned or not kept.is_whole:
        for key, value in _held(view).items():
            if turned or key not in st.session_state:
                st.session_state[key] = value
    if not kept.is_whole:
        # What a run drew that was broken off is not known.
        kept.drawn.update(_held(view), _switches(view))
    kept.is_whole = False


def write(view: links.View) -> None:
    """
    Write the view into the address, when it is not there already; a plain address stays plain.

    A quick click comes with the address from before the last one was written there: what was written last counts too,
    or the address would stay at the view that the viewer has left.
    """
    _hold(view)
    query = st.query_params.to_dict()
    ours = {"v", "own", "tiles", *links.CHOICES, *links.LISTS, *page_choices.choices_by_key(), *_all_parameters()}
    wanted = links.to_query(links.unplaced(view))
    foreign = {key: value for key, value in query.items() if key not in ours}
    address = _without_place(foreign | wanted)
    if not address == _without_place(query) == st.session_state["written"]:
        st.query_params.from_dict(foreign | wanted)
    st.session_state["written"] = address


def _hold(view: links.View) -> None:
    """
    Keep in the session what no widget of this page holds.

    Streamlit forgets a widget that was not drawn, and a value from before its first drawing would come back. To put all
    of it there again, under thirty keys, was a twentieth of a run.
    """
    context, kept = get_script_run_ctx(), _kept()
    values = _held(view) | _switches(view)
    drawn = {key for key in values if context and key in context.shared.widget_user_keys_this_run}
    for key in values.keys() - drawn:
        if key in kept.drawn or kept.values.get(key, _NOT_HELD) != values[key]:
            st.session_state[key] = values[key]
    kept.values, kept.drawn, kept.is_whole = values, kept.drawn | drawn, True


def _kept() -> _Kept:
    kept: _Kept = st.session_state.setdefault("kept", _Kept())
    return kept


def _all_parameters() -> set[str]:
    return {name for proposal in load_proposals() for name in proposal.parameters}
