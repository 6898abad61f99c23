"""The second row of a page: what is chosen first on it, and the line of contact in use."""

from __future__ import annotations

import html
from collections.abc import Mapping

import streamlit as st

from mapcore.app.parts import choosers, place_search
from mapcore.present import links


def draw(
    view: links.View, proposals: Mapping[str, str] | None = None, *, title: str = "", mark: str = "", find: bool = False
) -> None:
    """
    Draw the row: the choices of proposals by key, or what stands in their place, and the choice of the line.

    Parameters
    ----------
    title
        The heading of a page that has no other one.
    mark
        What is to be known of all that the page shows.
    find
        Whether a settlement can be searched for.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="bar"):
        if title:
            st.title(title, anchor=False)
        if mark:
            st.html(f'<span class="own-mark">{html.escape(mark, quote=False)}</span>')
        for key, label in (proposals or {}).items():
            choosers.proposal(view, key=key, label=label)
        if find:
            place_search.draw(view)
        choosers.line(view.control)
