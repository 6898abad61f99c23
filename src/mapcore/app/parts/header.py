"""What stands above every page: the name, the pages, the language, the units, help."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mapcore.app.parts import guide, page_elements, place_search
from mapcore.app.session import viewer_proposal, web_files
from mapcore.app.session.callbacks import callback
from mapcore.base import language
from mapcore.base.language import tr
from mapcore.present import links, page_head
from mapcore.present.page_names import PAGE_NAMES
from mapcore.proposals import viewer

#: The keys of a view that the row decides.
_CHOSEN: Final = ("page", "lang", "units")

_head = st.components.v2.component(
    "mapcore_head",
    html='<div class="head-holder"></div>',
    js=web_files.text("head.js"),
    isolate_styles=False,
)
_STYLE: Final = web_files.style("head.css")
_speak = st.components.v2.component("mapcore_language", html="<i></i>", js=web_files.text("language.js"))


def title(view: links.View) -> str:
    """Return the title of the browser's window: the settlement or the proposals that it shows, and the page."""
    page = tr(PAGE_NAMES[view.page])
    shown = {"map": [view.proposal], "people": [view.proposal], "own": [viewer.LINK_ID]}
    ids = {**shown, "compare": [view.proposal, view.compare]}.get(view.page, [])
    titles = [viewer.title_of(viewer_proposal.load(one, view.viewers_proposal)) for one in ids]
    parts = filter(None, [place_search.name(view), ", ".join(titles), page])
    return tr("{finding} | mapcore").format(finding=": ".join(parts))


def draw(view: links.View) -> None:
    """Draw the header, if any; the page itself is told its language, for screen readers and hyphenation."""
    spoken = language.language()
    if st.context.is_embedded:
        # Another page stands around this one, and its own link leads to all of it.
        with st.container(key="embedded"):
            st.html(page_elements.STYLE + page_elements.PRINT_STYLE + web_files.style("embedded.css"))
            _speak(key="speaking", data={"lang": spoken})
        return
    st.html(page_elements.STYLE + page_elements.PRINT_STYLE + _STYLE)
    _head(
        key="head",
        data={"html": _row(view.page, view.units), "lang": spoken},
        on_chosen_change=callback(_choose),
    )
    guide.tour()


@language.cached(maxsize=64)
def _row(page: str, units: str) -> str:
    """Return the row as HTML; where its links lead, its script says."""
    return page_head.head(page, units, language.language(), lambda _key, _value: "?", scripted=True)


def _choose() -> None:
    """Take what was pressed: a page, a language, units."""
    key, value = (st.session_state.get("head") or {}).get("chosen") or ("", "")
    if key in _CHOSEN and value in links.answers(key):
        st.session_state[key] = value
