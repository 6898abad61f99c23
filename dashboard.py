"""The dashboard: choose a proposal, see it on the map, read its figures. Run with `streamlit run dashboard.py`."""

from typing import cast

import streamlit as st

from mapcore import theme
from mapcore.scenario import scan_proposals
from mapcore.sources import data_version
from mapcore.theme import Units
from mapcore_app import map_page, methods_page, parts, state

PAGES = {"map": ("Map", map_page.draw), "methods": ("Methods and sources", methods_page.draw)}

st.set_page_config("mapcore: territorial proposals for Ukraine", "🗺️", layout="wide")
st.html(parts.STYLE)
view = state.read()
state.keep(view)
state.write(view)

st.html(
    '<p class="masthead"><b>mapcore</b>What each proposal for ending the war would mean on the map of Ukraine, '
    "with ranges and sources</p>"
)
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
    st.toggle("Background tiles", key="tiles", help="From OpenStreetMap. The map needs none.")
    parts.copy_button(data_version())
# A container of its own, here and wherever something may be absent: what follows must keep its place among the
# elements, or the browser makes the map's frame anew.
with st.container():
    for notice in st.session_state["notices"]:
        st.warning(notice)
PAGES[view.page][1](view, cast("Units", view.units))
for problem in scan_proposals()[1]:
    st.error(problem)
