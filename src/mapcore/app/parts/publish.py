"""Share, Download and Embed: what stands at a map to take the view elsewhere."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from mapcore.analysis.compare import Over
from mapcore.app.parts import copying, place_search
from mapcore.app.parts.copying import Field
from mapcore.app.server import base_address
from mapcore.app.session import lines, web_files
from mapcore.base.language import language, mark, speaking, tr
from mapcore.measurement.areas import Measured
from mapcore.present import line_age
from mapcore.present.links import View, from_query
from mapcore.present.wording import Units
from mapcore.publish import data_addresses
from mapcore.publish.view_content import Chosen, Framing, Sheet, Subject, Theme, ended

_SIZE_WORDS = {
    "print": mark("Print, 2400 × 1600"),
    "social": mark("Social media, 1200 × 675"),
    "square": mark("Square, 1080 × 1080"),
    "portrait": mark("Portrait, 1080 × 1350"),
}
_THEME_WORDS: dict[Theme, str] = {"light": mark("Light"), "dark": mark("Dark")}
_PICTURES = {"png", "svg"}
_ONLY_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_reached = st.components.v2.component("mapcore_panel", html="<i></i>", js=web_files.text("panel.js"))


def at_map(subject: Subject, view: View, units: Units, *, over: Over = "all") -> None:
    """
    Draw what stands at a map of a measured proposal or a comparison, whose map is drawn over `over`.

    Nothing of a panel is worked out until it is open, and no file is made until its button is pressed, so that a click
    on another proposal does not wait for it.
    """
    panels: dict[str, tuple[str, Callable[[Subject, Chosen, View], None]]] = {
        "share": (tr("Share"), _share),
        "download": (tr("Download"), _download),
        "embed": (tr("Embed"), _embed),
    }
    with st.container(horizontal=True, vertical_alignment="center", key="below"):
        for name, (label, draw) in panels.items():
            panel = st.popover(label, key=f"panel_{name}", on_change="rerun")
            if panel.open:
                with panel, st.container(key=f"panel_{name}_content"):
                    _reached(key=f"panel_{name}_reached")
                    frame: Framing = "country" if view.whole else "subject"
                    settlement = view.choice("place") if view.page == "map" else ""
                    draw(subject, Chosen(units, _own_address(), over, _place(), frame, settlement), view)


def tiles() -> None:
    """Draw the switch of the background that comes from outside."""
    st.toggle(tr("Background tiles"), key="tiles", help=tr("From OpenStreetMap. The map needs none."))


def _sheet(subject: Subject, chosen: Chosen) -> Sheet:
    from mapcore.publish.build_content import make_sheet  # noqa: PLC0415, the libraries that draw take a second to load

    return make_sheet(subject, chosen)


def _share(subject: Subject, chosen: Chosen, view: View) -> None:
    """Draw the view's links with what they depend on, its finding in a sentence, and how to cite it."""
    from mapcore.publish.citation import bibtex, citation  # noqa: PLC0415, as above
    from mapcore.publish.findings import headline  # noqa: PLC0415, as above
    from mapcore.publish.site_link import site_link  # noqa: PLC0415, as above

    sheet = _sheet(subject, chosen)
    site = base_address.configured(variable=base_address.SITE_VARIABLE)
    lasting = site_link(subject, chosen, site) if site else ""
    links = [
        Field(
            tr("The link that lives longest: to a copy that needs no server"),
            tr("Copy lasting link"),
            lasting,
            code=True,
        )
    ]
    if sheet.facts["link"]:
        links.append(copying.link_field(tr("Link to this view")))
    copying.fields("share_links", *(link for link in links if link.text != ""))
    limits = _limits(sheet)
    depends = tr(
        "This link works as long as this server answers at this address. It holds every choice, and says so when the "
        "data have changed since."
    )
    missing = tr("The copy that needs no server does not have this view.") if site and not lasting else ""
    _said(*(limits or [depends]), missing)
    day = line_age.dated(sheet.control.as_of)
    sentence = " ".join(ended(text) for text in (headline(subject, chosen), day, sheet.viewers_mark) if text)
    about_place = place_search.findings(view, subject) if isinstance(subject, Measured) and view.page == "map" else []
    copying.fields(
        "share_words",
        *(
            Field(tr("The finding about {place}").format(place=place), tr("Copy finding"), ended(found), rows=2)
            for place, found in about_place
        ),
        Field(tr("The finding in a sentence"), tr("Copy sentence"), sentence, rows=3),
        Field(tr("Citation"), tr("Copy citation"), citation(sheet), rows=3),
        Field("BibTeX", tr("Copy BibTeX"), bibtex(sheet), rows=3, code=True),
    )


def _download(subject: Subject, chosen: Chosen, view: View) -> None:
    """Draw the choice of a picture's look, a button for each format, and where the figures are for programs."""
    sheet = _sheet(subject, chosen)
    if sheet.viewers_mark:
        _said(tr("Every file, the snippet and the citation are marked as a viewer's own proposal."))
    _files(subject, sheet.name, chosen)
    addresses = data_addresses.of_view(view, chosen.base)
    if addresses:
        label = tr("The figures at an address, for a spreadsheet, a chart or a program (CSV)")
        copying.fields("download_address", Field(label, tr("Copy address"), addresses["text/csv"], rows=3, code=True))
        words = html.escape(tr("Data by address"))
        st.html(f'<p class="meta"><a href="api/v1/?lang={view.lang}" target="_blank">{words}</a></p>')


def _embed(subject: Subject, chosen: Chosen, _: View) -> None:
    """Draw what puts the view onto another page."""
    from mapcore.publish.embed import snippet  # noqa: PLC0415, as above

    sheet = _sheet(subject, chosen)
    if sheet.facts["link"]:
        label = tr("HTML for a page of yours: the map, and a picture with a link where no script runs")
        code = snippet(sheet.facts["link"], sheet.title)
        copying.fields("embed_snippet", Field(label, tr("Copy snippet"), code, rows=9, code=True))
    _said(*_limits(sheet), sheet.viewers_mark)


def _limits(sheet: Sheet) -> list[str]:
    """Return what keeps others from seeing by the link what is seen here, a sentence each."""
    limits = []
    if not sheet.facts["link"]:
        limits.append(
            tr("This view is too long for a link. The interactive map in one file, under “Download”, holds all of it.")
        )
    elif urlsplit(sheet.facts["link"]).hostname in _ONLY_HERE:
        limits.append(tr("The address is that of your own computer: nobody else can open it."))
    kind = lines.kind(sheet.control.id)
    if kind == "session":
        limits.append(
            tr("Your line of contact is in this session only: whoever opens the link is shown the default line.")
        )
    elif kind in {"daily", "user"}:
        limits.append(tr("The line of contact was added to this server: elsewhere the link shows the default line."))
    return limits


def _said(*sentences: str) -> None:
    words = " ".join(filter(None, sentences))
    if words:
        st.html(f'<p class="meta">{html.escape(words)}</p>')


def _files(subject: Subject, name: str, chosen: Chosen) -> None:
    from mapcore.publish.export import FORMATS, Wishes  # noqa: PLC0415

    with st.container(horizontal=True):
        size = st.selectbox(
            tr("Size of the picture"), list(_SIZE_WORDS), format_func=lambda option: tr(_SIZE_WORDS[option]), width=280
        )  # fmt: skip
        theme: Theme = st.segmented_control(
            tr("Theme of the picture"), list(_THEME_WORDS), default="light", required=True,
            format_func=lambda option: tr(_THEME_WORDS[option]),
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
    """Return the address under which the viewer has this page open, with a slash at its end, which Streamlit drops."""
    parts = urlsplit(st.context.url or "")
    path = parts.path.rstrip("/") + "/"
    return urlunsplit((parts.scheme, parts.netloc, path, "", "")) if parts.scheme in {"http", "https"} else ""


def _place() -> tuple[float, float, float] | None:
    """Return where the map stands, as its script wrote it into the address; None for the whole country."""
    view, _ = from_query(st.query_params.to_dict())
    if view.lat is None or view.lon is None or view.zoom is None:
        return None
    return view.lat, view.lon, view.zoom
