"""A whole archive of daily lines, for the viewer's session: bringing it, and how far its measuring is."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd
import streamlit as st

from mapcore.app.parts import archive_results, file_names, html_table, line_form, line_question
from mapcore.app.server import uploads
from mapcore.app.session import refusals, session_archive, this_session
from mapcore.app.session.archive_job import Place, keep_upload, stored
from mapcore.app.session.callbacks import callback
from mapcore.app.session.session_archive import SessionArchive
from mapcore.base.errors import ChoiceNeededError, MapcoreError
from mapcore.base.language import date_text, language, number_text, speaking, tr, trn
from mapcore.base.memory import working_for
from mapcore.base.safe_text import as_plain_markdown
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import Reading
from mapcore.lines.operators_line import default_control
from mapcore.measurement.areas import Measured
from mapcore.outside.archive import Skipped
from mapcore.outside.confined_archive import open_archive
from mapcore.present import line_words
from mapcore.present.wording import Units


def bring() -> None:
    """Draw the form with which an archive is brought, and open the one that was chosen."""
    with st.expander(
        tr("Open a whole archive of daily lines (this session only)"),
        st.session_state.get("archive_open", False),
        key="archive_bring",
    ):
        words = tr(
            "A zip file of daily files with the date in each name, or one combined GeoJSON or GeoJSON.gz "
            "with a date in each shape's properties, up to {limit} MB. Every day is measured, on all cores; "
            "only this session sees it. Measured days are kept for a while, so that the same archive "
            "continues where it stopped."
        )
        limit = int(st.get_option("server.maxUploadSize"))
        st.html(f"<p class='meta'>{html.escape(words.format(limit=limit))}</p>")
        _form(stored())
        line_question.draw("archive", _want)
    if st.session_state.get("archive_wanted"):
        with st.spinner(tr("Opening the archive")):
            _open(st.session_state.pop("archive_wanted"))
        st.rerun()


def _form(kept: dict[str, Place]) -> None:
    if kept:
        st.selectbox(
            tr("An archive in the data folder of this server"), ["", *kept], key="archive_stored", on_change=_on_archive
        )
    st.file_uploader(tr("File"), key="archive_file", label_visibility="collapsed", on_change=_on_archive)
    refusals.at("archive", "file")
    with st.form("archive_form", border=False):
        line_form.about("archive")
        st.text_input(tr("Property that holds the date"), "date", key="archive_date", max_chars=80)
        st.form_submit_button(tr("Open this archive"), on_click=_want, key="archive_load")


@callback
def _on_archive() -> None:
    """Begin anew with an archive: nothing of another one counts."""
    refusals.accept("archive")
    line_question.forget("archive")
    chosen, file = st.session_state.get("archive_stored"), st.session_state.get("archive_file")
    publisher = file_names.publisher_of(chosen or (file.name if file else ""))
    st.session_state["archive_open"] = True
    if publisher:
        st.session_state["archive_source"] = publisher


@callback
def _want(*, confirmed: bool = False) -> None:
    """Ask for the archive of the form to be opened, which takes a while and is done where the page can say so."""
    st.session_state["archive_open"] = True
    st.session_state["archive_wanted"] = line_question.answers("archive", confirmed=confirmed)
    st.session_state.pop("archive_question", None)
    refusals.accept("archive")


def _place() -> Place | None:
    """Return the archive that the form names: one of the server's own, or an upload, which is written to its folder."""
    chosen, file = st.session_state.get("archive_stored"), st.session_state.get("archive_file")
    if chosen:
        return stored().get(chosen)
    content = uploads.taken(file, most_mb=float(st.get_option("server.maxUploadSize")))
    return keep_upload(content, file.name) if file is not None and content is not None else None


def _open(answers: line_question.Answers) -> None:
    """Open the archive of the form and begin to measure it; a refusal leaves everything as it was."""
    state, place = st.session_state, None
    try:
        place = _place()
        if place is None:
            refusals.refuse("archive", tr("No archive was chosen; choose one"), "file")
            return
        archive = open_archive(
            place.path,
            provenance=Provenance(
                state["archive_source"] or place.name, state["archive_licence"], error_km=state["archive_error"]
            ),
            reading=Reading(
                held_by=state["archive_holder"],
                date_field=state["archive_date"].strip(),
                **asdict(answers),
            ),
        )
        held = SessionArchive.of(place, archive)
        first, last = held.ends()
    except MapcoreError as problem:
        if place is not None:
            place.forget()
        if isinstance(problem, ChoiceNeededError):
            line_question.ask("archive", problem)
        else:
            refusals.refuse("archive", problem, "file")
        return
    line_question.forget("archive")
    session_archive.hold(held)
    st.session_state["control"] = last.id
    if first.id != last.id:
        state["against"] = first.id
    held.job.watched = this_session.watcher()
    held.job.start()


def draw(measured: Measured, units: Units) -> None:
    """Draw the session's archive: how far its measuring is, and what it shows when it is done."""
    held = session_archive.held()
    if held is None:
        return
    job = held.job
    job.check()
    st.header(tr("Archive: {name}").format(name=as_plain_markdown(held.archive.name)), anchor=False)
    st.html(f"<p class='meta'>{html.escape(_facts(held))}</p>")
    if not job.is_over:
        st.fragment(_progress, run_every=1.0)(held, language())
    elif job.state == "done":
        with working_for(held.memory):
            archive_results.draw(held, measured, units)
    else:
        _interrupted(held)
    _left_out(job.skipped)
    st.button(tr("Remove the archive from this session"), on_click=_remove, key="archive_remove")


def _facts(held: SessionArchive) -> str:
    first, last = held.archive.days[0], held.archive.days[-1]
    provenance = held.archive.about(last).provenance
    words = trn(
        "{count} day from {first} to {last}, according to {source}. Licence: {licence}. Estimated error: "
        "about {error} km. The slider under the map moves through its days.",
        "{count} days from {first} to {last}, according to {source}. Licence: {licence}. Estimated "
        "error: about {error} km. The slider under the map moves through its days.",
        len(held.archive.days),
    )
    return words.format(
        count=number_text(len(held.archive.days)),
        first=date_text(first),
        last=date_text(last),
        source=provenance.source,
        licence=provenance.licence or tr("not stated"),
        error=line_words.km_text(provenance.error_km),
    )


def _progress(held: SessionArchive, spoken: str) -> None:
    """
    Draw how far the measuring is; when it is over, draw the page anew.

    It is drawn each second by itself, without the page, which chooses the language.
    """
    job = held.job
    if job.is_over:
        st.rerun()
    with speaking(spoken):
        if job.state == "waiting" or job.day is None:
            words = tr("Waiting for its turn, or starting")
        else:
            words = tr("{finished} of {size} days, at {date}").format(
                finished=number_text(job.finished), size=number_text(job.size), date=date_text(job.day)
            )
        st.progress(job.finished / max(job.size, 1), words)
        st.button(tr("Stop"), on_click=callback(job.stop), key="archive_stop", help=tr("Measured days are kept."))


def _interrupted(held: SessionArchive) -> None:
    job = held.job
    words = job.problem or tr("Stopped after {finished} of {size} days; what is measured is kept.").format(
        finished=number_text(job.finished), size=number_text(job.size)
    )
    st.html(refusals.paragraph(words))
    st.button(tr("Continue"), on_click=callback(job.start), key="archive_go_on")


def _left_out(skipped: Sequence[Skipped]) -> None:
    if skipped:
        head = trn("{count} day was left out", "{count} days were left out", len(skipped))
        with st.expander(head.format(count=number_text(len(skipped))), expanded=len(skipped) <= 5):
            frame = pd.DataFrame(
                {
                    tr("Date"): [date_text(day.date) if day.date else "" for day in skipped],
                    tr("Reason"): [day.reason for day in skipped],
                }
            )
            st.html(html_table.as_html(frame))


@callback
def _remove() -> None:
    """Take the archive out of the session; a line of it that is in use gives way to the default one."""
    held = session_archive.held()
    if held is None:
        return
    sentence = tr("{line}: removed from this session.").format(line=held.archive.name)
    if str(st.session_state.get("control")).startswith(session_archive.ARCHIVE_PREFIX):
        st.session_state["control"] = default_control()
        sentence += " " + tr("The default line is used.")
    session_archive.hold(None)
    st.session_state["line_removed"] = sentence
