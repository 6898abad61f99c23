"""The section in which a view is published: files to download, a snippet to embed, a citation."""

from __future__ import annotations

import html
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from mapcore.sheet import Subject, Theme
from mapcore.theme import Units

_SIZE_WORDS = {
    "print": "Print, 2400 × 1600",
    "social": "Social media, 1200 × 675",
    "square": "Square, 1080 × 1080",
    "portrait": "Portrait, 1080 × 1350",
}
_PICTURES = {"png", "svg"}


def draw(subject: Subject, units: Units) -> None:
    """
    Draw the section for a measured proposal or a comparison.

    Nothing is worked out until it is open, and no file is made until its button is pressed, so that a click on the map
    does not wait for it.
    """
    if st.toggle("Publish: pictures, data, a one-page brief, an embedded map, a citation", key="publish"):
        _section(subject, units)


def _section(subject: Subject, units: Units) -> None:
    # The libraries that draw take a second to load.
    from mapcore.citation import bibtex, citation  # noqa: PLC0415
    from mapcore.export import FORMATS, Wishes  # noqa: PLC0415
    from mapcore.sheet import make_sheet  # noqa: PLC0415

    base = _own_address()
    sheet = make_sheet(subject, units=units, base=base)
    with st.container(horizontal=True):
        size = st.selectbox("Size of the picture", list(_SIZE_WORDS), format_func=_SIZE_WORDS.__getitem__, width=280)
        theme: Theme = st.segmented_control(
            "Theme of the picture", ["light", "dark"], default="light", required=True, format_func=str.capitalize
        )
    wishes = Wishes(size, theme, units, base)
    with st.container(horizontal=True):
        for ending, form in FORMATS.items():
            marks = f"-{size}-{theme}" if ending in _PICTURES else ""
            st.download_button(
                form.label,
                partial(_file, subject, ending, wishes),
                f"{sheet.name}{marks}.{ending}",
                form.mime,
                key=f"publish-{ending}",
                on_click="ignore",
            )
    st.html("<h4>Put the map on a page of yours</h4>")
    st.code(embed_snippet(sheet.facts["link"], sheet.title), language="html", wrap_lines=True)
    st.html("<h4>Cite</h4>")
    st.code(citation(sheet), language=None, wrap_lines=True)
    st.code(bibtex(sheet), language=None, wrap_lines=True)


def _file(subject: Subject, ending: str, wishes: Any) -> bytes:
    from mapcore.export import export  # noqa: PLC0415

    return export(subject, ending, wishes)


def _own_address() -> str:
    """Return the address under which the viewer has this page open, without its query."""
    parts = urlsplit(st.context.url or "")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")) if parts.scheme in {"http", "https"} else ""


def embed_snippet(link: str, title: str) -> str:
    """Return the HTML that shows the view at a link inside another page."""
    address = html.escape(f"{link}&embed=true")
    return (
        f'<iframe src="{address}" title="{html.escape(title)}" width="100%" height="760" style="border:0" '
        'loading="lazy" allow="clipboard-write"></iframe>'
    )
