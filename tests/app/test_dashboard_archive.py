"""An archive of daily lines in the dashboard, without a browser: measured beside it, days as lines, table, removal."""

import contextvars
import html
import io
import json
import threading
import time
import zipfile
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import streamlit as st
from shapely import box
from shapely.geometry import mapping
from support import drawn_archive
from support.dashboard import chooser, day_shown, loaded, opened, page_text, turn

from mapcore import load_proposal
from mapcore.analysis.history import held_in_series
from mapcore.app.session import archive_job, archive_process
from mapcore.app.session.archive_job import Job, keep_upload
from mapcore.app.session.session_archive import SessionArchive
from mapcore.base import language
from mapcore.base.errors import DataFileError
from mapcore.cli import line_verbs
from mapcore.cli.arguments import make_parser
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import Reading
from mapcore.outside.archive_forms import open_archive
from mapcore.proposals import viewer

DAYS = 4


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A zip of drawn days, of which the second is broken."""
    folder = tmp_path_factory.mktemp("archive")
    paths = drawn_archive.write_archive(folder, DAYS)
    paths[1].write_text('{"type":"FeatureCollection","features":[')
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for path in paths:
            file.write(path, path.name)
    return buffer.getvalue()


def wait_for(job, seconds=240):
    end = time.monotonic() + seconds
    while not job.is_over:
        assert time.monotonic() < end, (job.state, job.finished)
        time.sleep(0.1)
    return job


def job_of(content, name="days.zip"):
    place = keep_upload(content, name)
    return Job.of(place, open_archive(place.path))


def test_days_are_measured_beside_the_server_and_not_again(packed):
    job = job_of(packed)
    assert job.size == DAYS
    job.start()
    assert wait_for(job).state == "done"
    assert job.finished == DAYS
    assert [one.date for one in job.skipped] == [date(2025, 11, 2)]
    assert "20251102" in job.skipped[0].reason
    table = pd.read_parquet(job.parquet)
    assert len(held_in_series(table)["date"].unique()) == DAYS - 1
    assert len(pd.read_csv(job.csv, comment="#")) == len(table)
    again = job_of(packed, "named otherwise.zip")
    again.start()
    assert (wait_for(again).state, again.kept) == ("done", DAYS - 1)


def test_how_far_it_is_is_told_in_the_page_s_language_when_it_is_drawn_without_the_page(packed, monkeypatch):
    alone, told = [], []
    monkeypatch.setattr(st, "fragment", lambda draw, **_: lambda *given: alone.append(lambda: draw(*given)))
    with archive_job._turn:
        app = loaded(opened(page="lines", lang="uk"), packed)
        monkeypatch.setattr(st, "progress", lambda _, words: told.append(words))
        monkeypatch.setattr(st, "button", lambda words, **_: told.append(words))
        # Each second in a thread of its own, which no page has spoken in.
        contextvars.Context().run(alone[-1])
        app.session_state["session_archive"].job.stop()
    assert told == ["Очікує на чергу або запускається", "Зупинити"]


def test_a_job_that_is_stopped_goes_on_where_it_ended(packed, monkeypatch):
    job = job_of(packed + b"\0")
    job.start()
    job.stop()
    assert job.state == "stopped"
    job.start()
    assert wait_for(job).state == "done"
    monkeypatch.setattr(archive_process, "started", lambda *_: (_ for _ in ()).throw(OSError("no process")))
    job.start()
    assert wait_for(job).state == "failed"


def test_a_stop_is_of_the_start_before_it_alone(packed, monkeypatch):
    """Stopped while its process is being started, and started again before that process has gone."""
    starting, go_on, started = threading.Event(), threading.Event(), archive_process.started

    def slowly(*words):
        starting.set()
        assert go_on.wait(60)
        return started(*words)

    monkeypatch.setattr(archive_process, "started", slowly)
    job = job_of(packed + b"\0\0")
    job.start()
    assert starting.wait(60)
    job.stop()
    job.start()
    go_on.set()
    assert wait_for(job).state == "done"
    assert [one.date for one in job.skipped] == [date(2025, 11, 2)]


def test_the_command_that_measures_reads_an_archive_as_it_was_opened(packed):
    """Words of a viewer's are values of its options, whatever they begin with."""
    reading = Reading("ukraine", "-class", ("--out=x", "Так", " b"), every_class=True, date_field="", confirmed=True)
    said = Provenance("--source", "CC BY 4.0; @all", error_km=0.1)
    place = keep_upload(packed, "-days.zip")
    job = Job.of(place, replace(open_archive(place.path), provenance=said, reading=reading))
    read = make_parser().parse_args([*job.command, "--lang=uk"])
    assert line_verbs.reading_of(read) == reading
    assert Provenance(read.source, read.licence, read.attribution, read.error_km) == said
    assert (read.archive, read.out, read.days) == (str(place.path), str(job.out), str(place.days))


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_a_refusal_of_the_command_is_told_in_the_words_of_the_viewer(packed, lang):
    job = job_of(packed, "gone.zip")
    job.place.path.unlink()
    with language.speaking(lang):
        with pytest.raises(DataFileError) as refused:
            open_archive(job.place.path)
        job.start()
    assert (wait_for(job).state, job.problem) == ("failed", str(refused.value))


def test_words_that_no_command_can_have_fail_it(packed):
    place = keep_upload(packed, "days.zip")
    job = Job.of(place, replace(open_archive(place.path), reading=Reading(date_field="da\0te")))
    job.start()
    assert (wait_for(job).state, job.problem) == ("failed", "")


def test_a_session_that_is_gone_takes_its_job_along(packed):
    place = keep_upload(packed + b"\0\0", "days.zip")
    held = SessionArchive.of(place, open_archive(place.path))
    job = held.job
    assert [line.as_of.day for line in held.ends()] == [1, 4]
    assert held.control(date(2025, 11, 4)) is held.ends()[1]
    del held
    assert job.state == "stopped"


def test_a_job_that_nobody_waits_for_ends(packed, monkeypatch):
    monkeypatch.setattr(archive_job, "_PATIENCE_S", -1.0)
    job = job_of(packed + b"\0\0\0\0")
    job.watched = lambda: False
    job.start()
    assert wait_for(job).state == "stopped"
    assert job.finished <= 1


def test_an_archive_of_the_session(packed):
    app = loaded(opened(page="lines"), packed)
    assert chooser(app).value == app.query_params["control"] == "session-archive-2025-11-04"
    held = app.session_state["session_archive"]
    wait_for(held.job)
    app.run()
    text = page_text(app)
    assert "Archive: days.zip" in [one.value for one in app.header]
    assert "4 days from 1 November 2025 to 4 November 2025, according to Drawn &amp; signed" in text
    assert "2 November 2025" in text
    assert "1 day was left out" in [one.label for one in app.expander]
    assert "Held by Russia on the first day" in text
    assert "At this pace: arithmetic, not a forecast" in text
    assert app.selectbox(key="against").value == "session-archive-2025-11-01"
    turn(app, page="map")
    assert day_shown(app) == date(2025, 11, 4)
    app.button(key="line_earlier").click().run()
    app.button(key="line_earlier").click().run()
    assert not app.exception
    assert day_shown(app) == date(2025, 11, 1)
    assert "1 November 2025</b> (this session only)" in page_text(app)
    # A step goes on from the line in use, also where the page did not show it when the button was pressed.
    chooser(app).set_value("session-archive-2025-11-04")
    app.button(key="line_earlier").click().run()
    assert day_shown(app) == date(2025, 11, 3)
    turn(app, page="lines")
    app.button(key="archive_remove").click().run()
    assert not app.exception
    assert chooser(app).value == "2025-12-02"
    assert "days" in app.warning[0].value
    assert "session_archive" not in app.session_state or app.session_state["session_archive"] is None
    assert not [one for one in chooser(app).options if "Drawn" in one]


def test_an_archive_beside_a_viewer_s_own_proposal_says_that_it_is_not_measured_for_that(packed):
    app = loaded(opened(page="lines", proposal="own", own=viewer.pack(load_proposal("us-28-point"))), packed)
    wait_for(app.session_state["session_archive"].job)
    app.run()
    text = page_text(app)
    assert "The archive is measured for the built-in proposals" in text
    assert "Last column: " in text
    assert "withdraw from under Viewer's own: US 28-point plan on the line in use" in html.unescape(text)
    assert "Land held by Russia over time" in [one.value for one in app.header]


@pytest.mark.parametrize(
    ("content", "said"), [(None, "No archive was chosen"), (b"PK nothing", "broken or cut-off zip"), (b"{}", "date")]
)
def test_a_refused_archive_is_one_sentence_and_the_line_stays(content, said):
    app = opened(page="lines")
    if content is None:
        app.button(key="archive_load").click().run()
    else:
        loaded(app, content)
    text = page_text(app)
    assert said in text
    assert text.count('role="alert"') == 1
    assert chooser(app).value == "2025-12-02"
    assert next(one for one in app.expander if "whole archive" in one.label).proto.expanded
    assert app.text_input(key="archive_source").value == ("" if content is None else "Drawn & signed")


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_an_archive_with_classes_is_asked_about(tmp_path, lang):
    rows = [("a", box(37.5, 47.8, 38, 48.6)), ("b", box(38, 47.8, 38.5, 48.6))] * 2
    features = [{"type": "Feature", "properties": {"class": name}, "geometry": mapping(shape)} for name, shape in rows]
    day = json.dumps({"type": "FeatureCollection", "features": features})
    with zipfile.ZipFile(tmp_path / "deepstate.zip", "w") as file:
        for number in (1, 2):
            file.writestr(f"2024-06-0{number}.geojson", day)
    app = opened(page="lines", lang=lang)
    content = (tmp_path / "deepstate.zip").read_bytes()
    app.file_uploader(key="archive_file").set_value(("deepstate.zip", content, "application/zip")).run()
    assert app.text_input(key="archive_source").value == "DeepState"
    app.button(key="archive_load").click().run()
    assert not app.exception
    assert app.multiselect(key="archive_classes_0").options == ["a (2)", "b (2)"]
    assert chooser(app).value == "2025-12-02"
    app.multiselect(key="archive_classes_0").set_value(["a"])
    app.button(key="archive_choose").click().run()
    assert not app.exception
    assert chooser(app).value == "session-archive-2024-06-02"
    held = app.session_state["session_archive"]
    assert held.archive.reading.classes == ("a",)
    held.job.stop()


def test_a_day_that_is_broken_is_passed_over_and_the_line_stays(packed):
    app = loaded(opened(page="lines"), packed + b"\0\0\0")
    job = app.session_state["session_archive"].job
    job.stop()
    job._thread.join(60)  # or it may still tell of the broken day, which the slider then has no more
    job.skipped.clear()
    turn(app, page="map")
    slider = next(one for one in app.select_slider if one.key.startswith("line_day"))
    slider.set_value(date(2025, 11, 2)).run()
    assert not app.exception
    assert day_shown(app) == date(2025, 11, 4)
    assert "The line that was in use stays" in page_text(app)
    for day in (date(2025, 11, 3), date(2025, 11, 1)):
        app.button(key="line_earlier").click().run()
        assert day_shown(app) == day


def test_an_archive_of_the_servers_own_is_offered_by_name(home, packed):
    (home / "archives").mkdir(parents=True)
    (home / "archives" / "own.zip").write_bytes(packed)
    app = opened(page="lines")
    app.selectbox(key="archive_stored").set_value("own.zip")
    app.button(key="archive_load").click().run()
    assert not app.exception
    job = wait_for(app.session_state["session_archive"].job)
    assert job.parquet.is_file()  # the session's table
    assert list((home / "measured" / "own.zip").rglob("*.parquet"))  # the days, for whoever opens it next
