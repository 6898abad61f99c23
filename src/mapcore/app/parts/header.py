"""What stands above every page: the name, the pages, the units, the language, the line of contact in use."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import streamlit as st

from mapcore.app.parts import guide, page_elements
from mapcore.app.session import lines, viewer_proposal, web_files
from mapcore.base import language
from mapcore.base.language import tr
from mapcore.present import links, wording
from mapcore.present.page_names import ABOUT, PAGE_NAMES
from mapcore.proposals import viewer

_speak = st.components.v2.component("mapcore_language", html="<i></i>", js=web_files.text("language.js"))


def title(view: links.View) -> str:
    """Return the title of the browser's window: the page, and the proposals that it shows."""
    page = tr(PAGE_NAMES[view.page])
    shown = {"map": [view.proposal], "people": [view.proposal], "own": [viewer.LINK_ID]}
    ids = {**shown, "compare": [view.proposal, view.compare]}.get(view.page, [])
    titles = [viewer.title_of(viewer_proposal.load(one, view.viewers_proposal)) for one in ids]
    return tr("{finding} | mapcore").format(finding=": ".join(filter(None, [", ".join(titles), page])))


def draw(view: links.View) -> None:
    """Draw the header, if any; the page itself is told its language, for screen readers and hyphenation."""
    if st.context.is_embedded:
        # Another page stands around this one, and its own link leads to all of it.
        with st.container(key="embedded"):
            st.html(page_elements.STYLE + page_elements.PRINT_STYLE + web_files.style("embedded.css"))
            _speak(key="speaking", data={"lang": language.language()})
        return
    claim = html.escape(tr(ABOUT))
    with st.container(horizontal=True, vertical_alignment="center", key="masthead"):
        st.html(
            page_elements.STYLE
            + page_elements.PRINT_STYLE
            + f'<p class="masthead"><b>mapcore</b><span>{claim}</span></p>'
        )
        _switch(tr("Language"), "lang", language.languages())
        guide.tour(view)
    _speak(key="speaking", data={"lang": language.language()})
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        _switch(tr("Page"), "page", {page: tr(words) for page, words in PAGE_NAMES.items()})
        _switch(tr("Units"), "units", wording.unit_labels())
        lines.choice(view.control)


def _switch(label: str, key: str, labels: Mapping[Any, str]) -> None:
    st.segmented_control(
        label, list(labels), format_func=labels.__getitem__, key=key, required=True, label_visibility="collapsed"
    )
