"""The dashboard: choose a proposal, see it on the map, read its figures. Run with `streamlit run dashboard.py`."""

from typing import cast

import streamlit as st

from mapcore import language, theme
from mapcore.scenario import scan_proposals
from mapcore.theme import Units
from mapcore_app import (
    claims_page,
    compare_page,
    lines,
    lines_page,
    map_page,
    matrix_page,
    methods_page,
    own_page,
    parts,
    people_page,
    state,
    timeline_page,
)

PAGES = {
    "map": ("Map", map_page.draw),
    "compare": ("Compare", compare_page.draw),
    "matrix": ("All proposals", matrix_page.draw),
    "own": ("Build your own", own_page.draw),
    "claims": ("Claims", claims_page.draw),
    "people": ("People and places", people_page.draw),
    "timeline": ("Timeline", timeline_page.draw),
    "lines": ("Lines of contact", lines_page.draw),
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
            list(theme.unit_labels()),
            format_func=lambda units: theme.unit_labels()[units],
            key="units",
            required=True,
            label_visibility="collapsed",
        )
        st.segmented_control(
            "Language",
            list(language.languages()),
            format_func=language.languages().__getitem__,
            key="lang",
            required=True,
            label_visibility="collapsed",
        )
        lines.choice(view.control)
with notices:
    if st.session_state["notices"]:
        st.warning("\n".join(f"- {notice}" for notice in st.session_state["notices"]))
    for problem in scan_proposals()[1]:
        st.error(problem)
state.write(view)
