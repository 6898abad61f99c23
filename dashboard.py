"""The dashboard: choose a proposal, see it on the map, read its figures. Run with `streamlit run dashboard.py`."""

from typing import cast

import streamlit as st

from mapcore import theme
from mapcore.scenario import scan_proposals
from mapcore.theme import Units
from mapcore_app import map_page, methods_page, own_page, parts, state

PAGES = {
    "map": ("Map", map_page.draw),
    "own": ("Build your own", own_page.draw),
    "methods": ("Methods and sources", methods_page.draw),
}

st.set_page_config("mapcore: territorial proposals for Ukraine", "🗺️", layout="wide")
view = state.read()
state.keep(view)

# The page is laid out first and the map filled in before all else, so that it is the first to answer a click. Each
# container keeps its place among the elements even when empty, or the browser would make the map's frame anew.
head, notices, body = st.container(), st.container(), st.container()
with body:
    PAGES[view.page][1](view, cast("Units", view.units))
with head:
    st.html(parts.STYLE + parts.MASTHEAD)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Page",
            list(PAGES),
            format_func=lambda page: PAGES[page][0],
            key="page",
            required=True,
            label_visibility="collapsed",
        )
        st.segmented_control(
            "Units",
            list(theme.UNIT_LABELS),
            format_func=lambda units: theme.UNIT_LABELS[units],
            key="units",
            required=True,
            label_visibility="collapsed",
        )
with notices:
    for notice in st.session_state["notices"]:
        st.warning(notice)
    for problem in scan_proposals()[1]:
        st.error(problem)
state.write(view)
