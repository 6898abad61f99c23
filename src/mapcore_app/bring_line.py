"""A line of the viewer's own: from a file, or newest from a configured archive; it lives in their session only."""

from __future__ import annotations

import html
from datetime import UTC, date, datetime
from typing import Final

import streamlit as st

from mapcore.archives import load_archives
from mapcore.confined import import_bytes
from mapcore.errors import MapcoreError
from mapcore.fetch import fetch_control
from mapcore.imports import About, Reading
from mapcore.language import tr
from mapcore_app import line_form, lines
from mapcore_app.spoken import spoken

#: Largest file of one line, in MB; those of the known archives have 0.1. Whole archives may be larger.
MOST_MB: Final = 5


def refused(problem: MapcoreError | str) -> None:
    """Show a refusal as one sentence, escaped."""
    st.html(f'<p class="refusal" role="alert">{html.escape(" ".join(str(problem).split()))}</p>')


def draw() -> None:
    """Draw the ways to bring a line, and what came of the last try."""
    told = st.session_state.pop("line_told", None)
    if told:
        refused(f"{told} {tr('The line that was in use stays.')}")
    added = st.session_state.pop("line_added", None)
    if added and added in lines.in_session():
        notes = " ".join(lines.in_session()[added].notes)
        words = tr("Added for this session, and in use.")
        st.html(f'<p class="meta" role="status">{html.escape(f"{words} {notes}".strip())}</p>')
    with st.expander(tr("Bring a published line from a file, for this session")):
        _upload_form()
    with st.expander(tr("Download the newest line of an archive, for this session")):
        _archives()


def _upload_form() -> None:
    words = tr(
        "Polygons of land that one side holds: GeoJSON, GeoJSON.gz, GeoPackage, zipped Shapefile or KML, up to {limit} "
        "MB. The line is kept in the memory of this session and nowhere else; a link to it shows the default line to "
        "others."
    )
    st.html(f"<p class='meta'>{html.escape(words.format(limit=MOST_MB))}</p>")
    with st.form("line_form", border=False):
        st.file_uploader(tr("File"), key="line_file", label_visibility="collapsed", max_upload_size=MOST_MB)
        st.date_input(tr("Date of the line"), key="line_date", max_value=_today(), min_value=date(2014, 1, 1))
        line_form.about("line")
        with st.expander(tr("When the file has several classes, or does not name its coordinate system")):
            line_form.classes("line")
            st.checkbox(tr("All classes count"), key="line_every_class")
            st.text_input(tr("Coordinate system, such as EPSG:3857"), key="line_crs", max_chars=40)
        st.form_submit_button(tr("Use this line"), on_click=_upload, key="line_use")


def _today() -> date:
    return datetime.now(UTC).date()


@spoken
def _upload() -> None:
    """Import the file of the form; a refusal leaves everything as it was."""
    state = st.session_state
    file = state.get("line_file")
    if file is None:
        state["line_told"] = tr("No file was chosen; choose one.")
        return
    try:
        about = About(
            as_of=state["line_date"] or _today(),
            source=state["line_source"],
            licence=state["line_licence"],
            error_km=float(state["line_error"]),
        )
        reading = Reading(
            held_by=state["line_holder"],
            class_field=state["line_field"].strip(),
            classes=line_form.chosen_classes("line"),
            every_class=bool(state["line_every_class"]),
            crs=state["line_crs"].strip(),
        )
        _use(lines.add_to_session(import_bytes(file.getvalue(), file.name, about=about, reading=reading)))
    except MapcoreError as problem:
        state["line_told"] = f"{problem}."


def _use(control_id: str) -> None:
    lines.use(control_id)
    st.session_state["line_added"] = control_id


def _archives() -> None:
    try:
        known = load_archives()
    except MapcoreError as problem:
        refused(problem)
        return
    for archive in known.values():
        words = tr("Licence: {licence}. Credit: {credit}. Error believed of it: about {error} km.").format(
            licence=tr(archive.licence), credit=tr(archive.attribution), error=lines.km_text(archive.error_km)
        )
        st.html(
            f'<div class="prose"><h2>{html.escape(tr(archive.title))}</h2><p>{html.escape(tr(archive.terms))}</p>'
            f"<p>{html.escape(words)}</p></div>"
        )
        accepted = st.checkbox(tr("I have read these terms and accept them"), key=f"line_terms_{archive.id}")
        st.button(
            tr("Download the newest"),
            key=f"line_fetch_{archive.id}",
            disabled=not accepted,
            on_click=_fetch,
            args=(archive.id,),
        )


@spoken
def _fetch(archive_id: str) -> None:
    """Download the newest line of an archive, whose terms were accepted on the page."""
    if not st.session_state.get(f"line_terms_{archive_id}"):
        return
    try:
        _use(lines.add_to_session(fetch_control(archive_id, today=_today(), accepted=True)))
    except MapcoreError as problem:
        st.session_state["line_told"] = f"{problem}."
