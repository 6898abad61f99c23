"""Two sessions at once: nothing of one is ever in the other, and nothing of one stays when it has ended."""

import gc
import io
import weakref
import zipfile

import pytest
from support.dashboard import brought, chooser, loaded, opened, page_text, start, tool
from support.drawn_archive import write_archive

from mapcore import load_control, measure_proposal
from mapcore.app.server import map_files
from mapcore.app.session import archive_job, viewer_proposal
from mapcore.app.session.archive_job import keep_upload
from mapcore.base import shelves
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("days")
    paths = write_archive(folder, 2)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for path in paths:
            zipped.write(path, path.name)
    return file.getvalue()


def of_sessions(kind):
    """Return all values of a kind that belong to a visitor and are still in memory."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, kind) and one.memory is not None]


def test_a_line_is_its_sessions_alone_and_goes_with_it():
    with map_files.serving():
        opened(page="map")
        opened(page="lines")
        files = set(map_files.files.shelf._held)
        assert files
        _is_its_sessions_alone()
        assert set(map_files.files.shelf._held) == files


def _is_its_sessions_alone():
    app, other = brought(opened(page="lines"), source="Only mine"), opened(page="lines")
    mine = next(one for one in chooser(app).options if "Only mine" in one)
    assert not [one for one in chooser(other).options if "Only mine" in one]
    assert "Only mine" in page_text(app)
    other.run()
    assert "Only mine" not in page_text(other)
    line = app.session_state["session_lines"][chooser(app).value]
    measured = measure_proposal(viewer_proposal.load_proposal("us-28-point"), control=line)
    left = [weakref.ref(one) for one in (line, measured, line.held, line.line)]
    assert mine
    del app, line, measured
    gc.collect()
    assert [one() for one in left] == [None] * len(left)
    assert of_sessions((Control, Measured)) == []


def test_own_proposals_are_each_sessions_own():
    first, second = (tool(start("us-28-point"), "file") for _ in range(2))
    assert first.session_state["memory"] is not second.session_state["memory"]
    first.text_input(key="own_name").set_value("Only first").run()
    second.run()
    assert "Only first" in page_text(first)
    assert "Only first" not in page_text(second)


def test_languages_and_units_do_not_meet():
    first, second = opened(page="map", lang="uk", units="mi2"), opened(page="map")
    for _ in range(2):
        first.run()
        second.run()
        assert "Росія" in page_text(first) or "росі" in page_text(first).lower()
        assert "sq mi" not in page_text(second)
        assert "км²" not in page_text(second)


def finished(app):
    """Wait until the archive of a session is measured."""
    job = app.session_state["session_archive"].job
    job._thread.join(240)
    app.run()
    return job


def test_two_readings_of_one_archive_have_a_table_each(packed):
    first = loaded(opened(page="lines"), packed)
    second = opened(page="lines")
    second.file_uploader(key="archive_file").set_value(("days.zip", packed, "application/zip"))
    second.text_input(key="archive_source").set_value("Of the second")
    second.button(key="archive_load").click().run()
    jobs = [finished(one) for one in (first, second)]
    assert [job.state for job in jobs] == ["done", "done"]
    assert jobs[0].parquet != jobs[1].parquet
    assert b"Of the second" not in jobs[0].csv.read_bytes()
    assert b"Of the second" in jobs[1].csv.read_bytes()
    assert jobs[0].csv.read_bytes() != jobs[1].csv.read_bytes()
    folders = [job.out for job in jobs] + [job.place.folder for job in jobs]
    assert all(one.is_dir() for one in folders)
    jobs[0].csv.unlink()
    first.run()
    assert not first.exception
    assert "no longer on this server" in page_text(first)
    del first, second, jobs
    gc.collect()
    assert not any(one.exists() for one in folders)


def test_more_archives_than_are_kept_take_none_from_a_live_session(packed):
    app = loaded(opened(page="lines"), packed)
    job = finished(app)
    for index in range(10):
        keep_upload(packed + b"\0" * (index + 1), "other.zip").forget()
    assert job.place.days.is_dir()
    app.run()
    assert not app.exception
    assert load_control().memory is None


def test_lines_of_all_sessions_have_one_bound_and_a_session_says_when_it_is_met(monkeypatch):
    first, second = brought(opened(page="lines"), source="First one"), opened(page="lines")
    held = first.session_state["memory"].holds
    assert held == sum(line.weight() for line in first.session_state["session_lines"].values()) > 0
    # Room for one line and a half. All that is kept stays, which the tests after this one would have to make again.
    monkeypatch.setattr(shelves.Budget, "_HOLDABLE", 1.5 * held / shelves.BUDGET.most)
    brought(second, source="Second one")
    assert "the lines of all visitors take as much of this server" in page_text(second)
    assert "session_lines" not in second.session_state
    # In place of one's own of the same date and source there is room.
    brought(first, source="First one")
    assert first.session_state["memory"].holds == held
    del first
    gc.collect()
    brought(second, source="Second one")
    assert len(second.session_state["session_lines"]) == 1


def test_archives_under_way_have_one_bound_and_a_session_says_when_it_is_met(packed, monkeypatch):
    monkeypatch.setenv("MAPCORE_LIMIT_ARCHIVES", "1")
    with archive_job._turn:
        first, second = loaded(opened(page="lines"), packed), loaded(opened(page="lines"), packed)
        assert first.session_state["session_archive"].job.state == "waiting"
        assert "is not measured now, since 1 archive is being measured or waits here" in page_text(second)
        assert "session_archive" not in second.session_state
        again = loaded(first, packed)
        assert again.session_state["session_archive"].job.state == "waiting"
        again.session_state["session_archive"].job.stop()
