"""
The choice of a proposal: the browser's own list, with groups, and the way to the one before and after.

The browser's list works by keyboard, and a phone opens it in a window of its own; Streamlit's has no groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from mapcore.app.session import viewer_proposal, web_files
from mapcore.app.session.callbacks import callback
from mapcore.base.language import tr
from mapcore.present import links
from mapcore.present.proposal_groups import groups
from mapcore.proposals import viewer

_chooser = st.components.v2.component(
    "mapcore_proposal",
    html=(
        '<label><span></span><select></select></label><button type="button" class="before">‹</button>'
        '<button type="button" class="after">›</button>'
    ),
    css=web_files.text("chooser.css"),
    js=web_files.text("chooser.js"),
)


def draw(view: links.View, *, key: str, label: str) -> None:
    """Draw the choice that the session keeps under a key, which is also its name in a link."""
    titles = viewer_proposal.titles(view)
    listed = [[group.label, [[one.id, one.words] for one in group.options]] for group in groups()]
    if viewer.LINK_ID in titles:
        listed.append([tr("Your own"), [[viewer.LINK_ID, titles[viewer.LINK_ID]]]])
    words = {"label": label, "before": tr("Previous proposal"), "after": tr("Next proposal")}
    _chooser(
        key=f"choose_{key}",
        data={"groups": listed, "chosen": getattr(view, key), **words},
        on_chosen_change=_taking(key, titles),
    )


def _taking(key: str, titles: Mapping[str, str]) -> Callable[[], None]:
    @callback
    def take() -> None:
        chosen = (st.session_state.get(f"choose_{key}") or {}).get("chosen")
        if chosen in titles:
            st.session_state[key] = chosen

    return take
