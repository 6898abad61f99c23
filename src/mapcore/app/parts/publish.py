"""The section in which a view is published: files to download, a snippet to embed, a citation."""

from __future__ import annotations

import html
from dataclasses import fields
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from mapcore.analysis.compare import Over
from mapcore.base.language import language, mark, speaking, tr
from mapcore.present.links import from_query
from mapcore.present.wording import Units
from mapcore.publish.view_content import Chosen, Subject, Theme

_SIZE_WORDS = {
    "print": mark("Print, 2400 × 1600"),
    "social": mark("Social media, 1200 × 675"),
    "square": mark("Square, 1080 × 1080"),
    "portrait": mark("Portrait, 1080 × 1350"),
}
_THEME_WORDS: dict[Theme, str] = {"light": mark("Light"), "dark": mark("Dark")}
_PICTURES = {"png", "svg"}


def draw(subject: Subject, units: Units, *, over: Over = "all") -> None:
    """
    Draw the section for a measured proposal or a comparison, whose map is drawn over `over`.

    Nothing is worked out until it is open, and no file is made until its button is pressed, so that a click on the map
    does not wait for it.
    """
    if st.toggle(tr("Publish: pictures, data, a one-page brief, an embedded map, a citation"), key="publish"):
        _section(subject, Chosen(units, _own_address(), over, _place()))


def _section(subject: Subject, chosen: Chosen) -> None:
    # The libraries that draw take a second to load.
    from mapcore.publish.build_content import make_sheet  # noqa: PLC0415
    from mapcore.publish.citation import bibtex, citation  # noqa: PLC0415
    from mapcore.publish.embed import snippet  # noqa: PLC0415

    sheet = make_sheet(subject, chosen)
    if sheet.viewers_mark:
        st.caption(tr("Every file, the snippet and the citation are marked as a viewer's own proposal."))
    _files(subject, sheet.name, chosen)
    st.html(f"<h3>{html.escape(tr('Put the map on a page of yours'))}</h3>")
    if sheet.facts["link"]:
        st.code(snippet(sheet.facts["link"], sheet.title), language="html", wrap_lines=True)
    else:
        st.caption(tr("This view is too long for a link to embed. The interactive map in one file holds all of it."))
    st.html(f"<h3>{html.escape(tr('Cite'))}</h3>")
    st.code(citation(sheet), language=None, wrap_lines=True)
    st.code(bibtex(sheet), language=None, wrap_lines=True)


def _files(subject: Subject, name: str, chosen: Chosen) -> None:
    """Draw the choice of a picture's look, and a button for each format."""
    from mapcore.publish.export import FORMATS, Wishes  # noqa: PLC0415

    with st.container(horizontal=True):
        size = st.selectbox(
            tr("Size of the picture"), list(_SIZE_WORDS), format_func=lambda one: tr(_SIZE_WORDS[one]), width=280
        )  # fmt: skip
        theme: Theme = st.segmented_control(
            tr("Theme of the picture"), list(_THEME_WORDS), default="light", required=True,
            format_func=lambda one: tr(_THEME_WORDS[one]),
        )  # fmt: skip
    wishes = Wishes(**{field.name: getattr(chosen, field.name) for field in fields(chosen)}, size=size, theme=theme)
    spoken = language()
    with st.container(horizontal=True):
        for ending, form in FORMATS.items():
            marks = f"-{size}-{theme}" if ending in _PICTURES else ""
            st.download_button(
                tr(form.label),
                partial(_file, subject, ending, wishes, spoken),
                f"{name}{marks}.{ending}",
                form.mime,
                key=f"publish-{ending}",
                on_click="ignore",
            )


def _file(subject: Subject, ending: str, wishes: Any, spoken: str) -> bytes:
    """Return a file in the language of the view; it is made outside the run of the page."""
    from mapcore.publish.export import export  # noqa: PLC0415

    with speaking(spoken):
        return export(subject, ending, wishes)


def _own_address() -> str:
    """Return the address under which the viewer has this page open, without its query."""
    parts = urlsplit(st.context.url or "")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")) if parts.scheme in {"http", "https"} else ""


def _place() -> tuple[float, float, float] | None:
    """Return where the map stands, as its script wrote it into the address; None for the whole country."""
    view, _ = from_query(st.query_params.to_dict())
    if view.lat is None or view.lon is None or view.zoom is None:
        return None
    return view.lat, view.lon, view.zoom
