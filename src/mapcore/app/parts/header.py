"""What stands above every page: the name, the pages, the language, the units, help."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mapcore.app.parts import guide, place_search
from mapcore.app.server import map_files, shell_page
from mapcore.app.session import first_run, lines, viewer_proposal, web_files
from mapcore.app.session.callbacks import callback
from mapcore.base import language, memory
from mapcore.base.language import tr
from mapcore.present import links, page_head
from mapcore.present.page_names import PAGE_NAMES
from mapcore.proposals import viewer

#: The keys of a view that links decide and that are one widget's each; the choice of the line of contact has turns.
_CHOSEN: Final = ("page", "lang", "units")

_head = st.components.v2.component(
    "mapcore_head",
    html=f'<div class="head-holder"></div>{guide.TOUR}',
    js="\n".join(map(web_files.text, ("tour.js", "styled.js", "head.js"))),
    isolate_styles=False,
)
_speak = st.components.v2.component(
    "mapcore_language", html="<i></i>", js="\n".join(map(web_files.text, ("styled.js", "language.js")))
)


def title(view: links.View) -> str:
    """Return the title of the browser's window: the settlement or the proposals that it shows, and the page."""
    page = tr(PAGE_NAMES[view.page])
    shown = {"map": [view.proposal], "people": [view.proposal], "own": [viewer.LINK_ID]}
    ids = {**shown, "compare": [view.proposal, view.compare]}.get(view.page, [])
    titles = [viewer.title_of(viewer_proposal.load(proposal_id, view.viewers_proposal)) for proposal_id in ids]
    parts = filter(None, [place_search.name(view), ", ".join(titles), page])
    return tr("{finding} | mapcore").format(finding=": ".join(parts))


def draw(view: links.View) -> None:
    """Draw the header, if any; the page itself is told its language, for screen readers and hyphenation."""
    embedded = bool(st.context.is_embedded)
    style = ""
    if map_files.is_serving():
        style = shell_page.page_style(embedded=embedded)
    else:
        # Streamlit's page is not ours, so its styles are not in it.
        st.html(_style(embedded=embedded))
    settings = {"lang": language.language(), "style": style}
    if embedded:
        # Another page stands around this one, and its own link leads to all of it.
        _speak(key="speaking", data=settings)
        return
    _head(
        key="head",
        data={
            "html": _row(view.page, view.units),
            # In a tuple: Streamlit looks for a table in each dictionary that a component is given, at each run.
            "tour": (guide.tour(),),
            "holdsBack": first_run.holds_back(),
            **settings,
        },
        on_chosen_change=callback(_choose),
        on_whole_change=first_run.complete,
    )


@memory.shared(maxsize=2)
def _style(*, embedded: bool) -> str:
    return f"<style>{map_files.content(map_files.page_style_name(embedded=embedded)).decode()}</style>"


@language.cached(maxsize=64)
def _row(page: str, units: str) -> str:
    """Return the row as HTML; where its links lead, its script says."""
    return page_head.head(page, units, language.language(), lambda _key, _value: "?", scripted=True)


def _choose() -> None:
    """Take what was pressed: a page, a language, units, a line of contact."""
    key, value = (st.session_state.get("head") or {}).get("chosen") or ("", "")
    if key in _CHOSEN and value in links.answers(key):
        st.session_state[key] = value
    elif key == "control" and value in lines.known():
        st.session_state["control"] = value
