"""
The choice of a proposal, with the way to the one before and after it, and that of the line of contact.

They are the browser's own lists: these have groups, work by keyboard, and a phone opens them in a window of its own.
Streamlit's takes a browser a thirtieth of its work until the map is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import streamlit as st

from mapcore.app.session import lines, viewer_proposal, web_files
from mapcore.app.session.callbacks import callback
from mapcore.base.language import tr
from mapcore.present import links
from mapcore.present.proposal_groups import groups
from mapcore.proposals import viewer

_chooser = st.components.v2.component(
    "mapcore_chooser",
    html=(
        '<label><span></span><select></select></label><button type="button" class="before">‹</button>'
        '<button type="button" class="after">›</button>'
    ),
    css=web_files.text("chooser.css"),
    js=web_files.text("chooser.js"),
)


def proposal(view: links.View, *, key: str, label: str) -> None:
    """Draw the choice of a proposal that the session keeps under a key, which is also its name in a link."""
    titles = viewer_proposal.titles(view)
    # Tuples, since Streamlit looks for a table in each list that a component is given, at each run.
    listed = tuple((group.label, tuple((option.id, option.words) for option in group.options)) for group in groups())
    if viewer.LINK_ID in titles:
        listed += ((tr("Your own"), ((viewer.LINK_ID, titles[viewer.LINK_ID]),)),)
    words = {"label": label, "before": tr("Previous proposal"), "after": tr("Next proposal")}
    _chooser(
        key=f"choose_{key}",
        data={"groups": listed, "chosen": getattr(view, key), **words},
        on_chosen_change=_taking(key, titles),
    )


def line(control_id: str) -> None:
    """Draw the choice of the line in use, when there is one; every page shares it."""
    labels = lines.labels()
    if len(labels) > 1:
        label = tr("Line of contact in use")
        _chooser(
            key="choose_control",
            data={"groups": (("", tuple(labels.items())),), "chosen": control_id, "label": label},
            width=218,
            on_chosen_change=_taking("control", labels),
        )


def _taking(key: str, choices: Collection[str]) -> Callable[[], None]:
    @callback
    def take() -> None:
        chosen = (st.session_state.get(f"choose_{key}") or {}).get("chosen")
        if chosen in choices:
            st.session_state[key] = chosen

    return take
