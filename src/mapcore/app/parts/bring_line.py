"""A line of the viewer's own: from a file, or newest from a configured archive; it lives in their session only."""

from __future__ import annotations

import html
from dataclasses import asdict
from datetime import date
from typing import Final

import streamlit as st

from mapcore.app.parts import file_names, line_form, line_question
from mapcore.app.server import uploads
from mapcore.app.session import lines, refusals
from mapcore.app.session.callbacks import callback
from mapcore.base.errors import ChoiceNeededError, MapcoreError
from mapcore.base.language import tr
from mapcore.base.today import today
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import About, Reading
from mapcore.lines.reference_system import is_known
from mapcore.outside.confined_lines import import_bytes
from mapcore.outside.download_terms import load_archives
from mapcore.outside.snapshot_download import fetch_control
from mapcore.present import line_words

#: Largest file of one line, in MB; those of the known archives have 0.1. Whole archives may be larger.
MOST_MB: Final = 5
#: The first day that a line may be of.
_FIRST_DAY: Final = date(2014, 1, 1)


def draw() -> None:
    """Draw the ways to bring a line, and what came of the last try."""
    # Always there, so that what comes below keeps its place in the page: a form would close as it moves.
    with st.container(key="line_outcome"):
        added = st.session_state.pop("line_added", None)
        if added and added in lines.in_session():
            notes = " ".join(lines.in_session()[added].notes)
            words = tr("Added for this session, and in use.")
            st.html(f'<p class="meta" role="status">{html.escape(f"{words} {notes}".strip())}</p>')
    state = st.session_state
    with st.expander(
        tr("Upload a published line from a file (this session only)"), state.get("line_open", False), key="line_bring"
    ):
        _upload_form()
    with st.expander(
        tr("Download the newest line of an archive (this session only)"),
        state.get("line_fetched", False),
        key="line_download",
    ):
        _archives()


def _upload_form() -> None:
    words = tr(
        "Polygons of land that one side holds: GeoJSON, GeoJSON.gz, GeoPackage, zipped Shapefile or KML, up to {limit} "
        "MB. The line is kept in the memory of this session and nowhere else; a link to it shows the default line to "
        "others."
    )
    st.html(f"<p class='meta'>{html.escape(words.format(limit=MOST_MB))}</p>")
    key = _file_key()
    st.file_uploader(
        tr("File"), key=key, label_visibility="collapsed", max_upload_size=MOST_MB, on_change=_on_file
    )  # fmt: skip
    refusals.at("line", "file", key=key)
    st.session_state.setdefault("line_date", None)
    with st.form("line_form", border=False):
        label = tr("Date of the line")
        st.date_input(label, key="line_date", max_value=today(), min_value=_FIRST_DAY)
        refusals.at("line", "date", label)
        line_form.about("line")
        label = tr("Coordinate system, such as EPSG:3857, if the file does not name it")
        st.text_input(label, key="line_crs", max_chars=40)
        refusals.at("line", "crs", label)
        st.form_submit_button(tr("Use this line"), on_click=_upload, key="line_use")
    line_question.draw("line", _upload)


def _file_key() -> str:
    """Return the key of the field for the file, which is a new one after each file that became a line."""
    turn = st.session_state.get("line_turn", 0)
    return f"line_file-{turn}" if turn else "line_file"


@callback
def _on_file() -> None:
    """Begin anew with a file: its name may say its date and its publisher, and nothing of another file counts."""
    state = st.session_state
    refusals.accept("line")
    line_question.forget("line")
    file = state.get(_file_key())
    state["line_open"] = True
    state["line_crs"] = ""
    state["line_date"] = file and file_names.date_of(file.name, least=_FIRST_DAY, most=today())
    publisher = file_names.publisher_of(file.name) if file else ""
    if publisher:
        state["line_source"] = publisher


@callback
def _upload(*, confirmed: bool = False) -> None:
    """Import the file of the form; a refusal leaves everything as it was."""
    state = st.session_state
    state["line_open"] = True
    refusals.accept("line")
    answers = line_question.answers("line", confirmed=confirmed)
    state.pop("line_question", None)
    file = state.get(_file_key())
    try:
        content = uploads.taken(file, most_mb=MOST_MB)
    except MapcoreError as problem:
        refusals.refuse("line", problem, "file")
        return
    if file is None or content is None:
        refusals.refuse("line", tr("No file was chosen; choose one"), "file")
        return
    if not state["line_date"]:
        refusals.refuse("line", tr("is missing; give the date of the line"), "date")
        return
    system = state["line_crs"].strip()
    if system and not is_known(system):
        refusals.refuse("line", tr("is not known; write such as EPSG:3857, or leave it empty"), "crs")
        return
    try:
        about = About(
            as_of=state["line_date"],
            provenance=Provenance(state["line_source"], state["line_licence"], error_km=float(state["line_error"])),
        )
        reading = Reading(held_by=state["line_holder"], crs=system, **asdict(answers))
        taken = lines.add_to_session(import_bytes(content, file.name, about=about, reading=reading))
    except ChoiceNeededError as problem:
        line_question.ask("line", problem)
    except MapcoreError as problem:
        refusals.refuse("line", problem, "file")
    else:
        _use(taken)
        line_question.forget("line")
        state["line_turn"] = state.get("line_turn", 0) + 1
        state["line_date"] = None


def _use(control_id: str) -> None:
    st.session_state["control"] = control_id
    st.session_state["line_added"] = control_id
    st.session_state["against"] = lines.nearest(control_id)


def _archives() -> None:
    try:
        known = load_archives()
    except MapcoreError as problem:
        st.html(refusals.paragraph(str(problem)))
        return
    for archive in known.values():
        provenance = archive.provenance
        words = tr("Licence: {licence}. Credit: {credit}. Estimated error: about {error} km.").format(
            licence=tr(provenance.licence),
            credit=tr(provenance.attribution),
            error=line_words.km_text(provenance.error_km),
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
        refusals.at(f"line_{archive.id}", "fetch", key=f"line_fetch_{archive.id}")


@callback
def _fetch(archive_id: str) -> None:
    """Download the newest line of an archive, whose terms were accepted on the page."""
    if not st.session_state.get(f"line_terms_{archive_id}"):
        return
    st.session_state["line_fetched"] = True
    refusals.accept(f"line_{archive_id}")
    try:
        _use(lines.add_to_session(fetch_control(archive_id, today=today(), accepted=True)))
    except MapcoreError as problem:
        refusals.refuse(f"line_{archive_id}", problem, "fetch")
