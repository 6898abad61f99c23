"""What stands under every page: how to report an error in this very view, and where corrections are listed."""

from __future__ import annotations

import html
from urllib.parse import quote

import streamlit as st

from mapcore.app.server import contact
from mapcore.app.session import web_files
from mapcore.base.language import tr

_report = st.components.v2.component(
    "mapcore_report", html="<a></a>", css=web_files.text("report.css"), js=web_files.text("report.js")
)


def draw() -> None:
    """Draw the foot of a page; where the server's operator named no contact, there is nobody to report to."""
    if st.context.is_embedded:
        return
    to = _address(contact.configured())
    # Where the link leads from this view, the header's script says.
    there = 'href="?page=methods#corrections" data-key="page" data-value="methods" target="_self"'
    corrections = f'<p class="meta corrections"><a {there}>{html.escape(tr("Corrections"))}</a></p>'
    if not to:
        st.html(corrections)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="foot"):
        _report(key="report", data={"label": tr("Report an error in this view"), "to": to}, width="content")
        st.html(corrections, width="content")


def _address(known: contact.Contact) -> str:
    """Return where a report goes, with a gap for the view's own address; nothing where nobody takes it."""
    if known.mail:
        return f"mailto:{known.mail}?subject={quote(tr('An error in a view of mapcore'))}&body={contact.LINK}"
    return known.page
