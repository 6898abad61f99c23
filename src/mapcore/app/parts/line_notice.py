"""The age of the line in use, above every page that has no other place for it."""

from __future__ import annotations

import streamlit as st

from mapcore.app.session import lines
from mapcore.present import line_notice, links


def draw(view: links.View) -> None:
    """Draw how old the line of a view is, and the step to a newer one; nothing where the line is fresh."""
    # On another page there is no header, whose script leads on.
    notice = line_notice.notice(lines.load(view.control), view, scripted=not st.context.is_embedded)
    if notice:
        st.html(notice)
