"""What is drawn at each run: the header, the page that was chosen, and what has to be said above it."""

from __future__ import annotations

from typing import cast

import streamlit as st

from mapcore.app.pages import (
    build_page,
    claims_page,
    compare_page,
    embed_page,
    lines_page,
    map_page,
    matrix_page,
    methods_page,
    people_page,
    timeline_page,
)
from mapcore.app.parts import foot, header, line_notice, map_frame
from mapcore.app.server import faults, sessions
from mapcore.app.session import first_run, likely, resumed, state, this_session
from mapcore.confine.turns import use_asker
from mapcore.lines.user_lines import listed_once
from mapcore.present import links
from mapcore.present.wording import Units
from mapcore.proposals.shipped import scan_proposals

PAGES = {
    "map": map_page.draw,
    "compare": compare_page.draw,
    "matrix": matrix_page.draw,
    "own": build_page.draw,
    "claims": claims_page.draw,
    "people": people_page.draw,
    "timeline": timeline_page.draw,
    "lines": lines_page.draw,
    "methods": methods_page.draw,
}


def draw() -> None:
    """Draw the page that the address or the reader chose."""
    use_asker(this_session.asker())
    sessions.note()
    with resumed.address_first(), listed_once():
        _draw()


def _draw() -> None:
    view = state.read()
    # All but what the page waits for: its figures are not held back until their likely ranges are there.
    with map_frame.map_first():
        _draw_page(view)
    if not resumed.is_behind():
        with faults.caught("work beside the page"):
            likely.finish()


def _draw_page(view: links.View) -> None:
    st.set_page_config(header.title(view), "🗺️", layout="wide")
    state.keep(view)
    likely.begin()
    first_run.begin(view.page)

    # The header's place is laid out first and the map filled in before all else, so that it is the first to answer a
    # click. Each container keeps its place among the elements even when empty, or the browser would make the map's
    # frame anew; more of them than that would each be a message at every run.
    head = st.container(gap=None, key="top")
    with faults.caught(f"page {view.page}"):
        pages = {**PAGES, **embed_page.PAGES} if st.context.is_embedded else PAGES
        pages[view.page](view, cast("Units", view.units))
    if not first_run.holds_back():
        with faults.caught("foot"):
            foot.draw()
    # It comes last: its script says whether the page is but its first screen.
    with head, faults.caught("header"):
        header.draw(view)
        if not (st.context.is_embedded and view.page in embed_page.PAGES):
            line_notice.draw(view)
    with head, faults.caught("notices"):
        if st.session_state["notices"]:
            st.warning("\n".join(f"- {notice}" for notice in st.session_state["notices"]))
        for problem in scan_proposals()[1]:
            st.error(problem)
    if resumed.is_behind():
        return
    with faults.caught("address"):
        state.write(view)
    with head:
        faults.show()
