"""An operator's line: over simulated days an archive on this machine is good, broken, empty, absurd, late or away."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import mapping
from support.archive_server import described, serving
from support.dashboard import chooser, opened, page_text

from mapcore import load_control
from mapcore.app.server import daily_line as beside_the_server
from mapcore.base.errors import DataFileError, ParameterError, UnknownIdError
from mapcore.base.language import speaking
from mapcore.base.limits import Limits
from mapcore.base.schema import AREA_CRS, DEFAULT_CONTROL, MAP_CRS
from mapcore.lines import operators_line
from mapcore.lines.catalogue import list_controls
from mapcore.lines.operators_line import default_control, served
from mapcore.lines.user_lines import remove_control
from mapcore.outside.daily_line import configured, refresh
from mapcore.present import links
from mapcore.publish.first_answer import document

#: So long after the built-in line that it says nothing of a line that is imported.
FIRST = date(2026, 7, 1)
QUICK = replace(Limits(), download_seconds=1.5, days_back=3)
HOUR = 3600.0


def land(*, west_km=0.0, scaled=1.0):
    """A file of land held by Russia: that of the built-in line, rough, moved west, or made larger or smaller."""
    rough = shapely.simplify(load_control().held, 3000.0)
    moved = shapely.transform(rough, lambda xy: xy - [west_km * 1000.0, 0.0])
    grown = shapely.affinity.scale(moved, scaled, scaled)
    degrees = gpd.GeoSeries([grown], crs=AREA_CRS).to_crs(MAP_CRS).item()
    return json.dumps(mapping(shapely.set_precision(degrees, 1e-6))).encode()


GOOD = [land(west_km=0.4 * step) for step in range(3)]


class Days:
    """An archive, and the days on which a server looks at it."""

    def __init__(self, archive, monkeypatch):
        self.archive, self._set = archive, monkeypatch.setenv
        self.clock = 0.0

    def offers(self, day, body=None, **answer):
        """From now on the archive has a file of a day, by its number, or answers for it in another way."""
        name = f"line_{FIRST + timedelta(days=day - 1):%Y%m%d}.geojson"
        way = answer.pop("way", None) or (lambda handler: handler.answer(body=body, **answer))
        self.archive.ways[name] = way

    def on(self, day, *, hour=6.0):
        """Look at the archive on a day, and return what serves then."""
        self._set("MAPCORE_TODAY", (FIRST + timedelta(days=day - 1)).isoformat())
        self.clock = day * 24 * HOUR + hour * HOUR
        self.archive.asked.clear()
        refresh(configured(), now=lambda: self.clock, limits=QUICK)
        return default_control()


@pytest.fixture
def days(home, monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MAPCORE_LINE_ARCHIVE", "drawn")
    monkeypatch.setenv("MAPCORE_LINE_TERMS", "accepted")
    with serving() as archive:
        described(archive, home)
        yield Days(archive, monkeypatch)


def line_of(day):
    return f"{FIRST + timedelta(days=day - 1)}-drawn"


def test_a_week_of_good_broken_empty_absurd_and_late_files(days):
    """Whatever comes, a line that was checked serves, and the page can say why it is no newer one."""
    assert default_control() == DEFAULT_CONTROL
    days.offers(1, GOOD[0])
    assert days.on(1) == line_of(1)
    assert served().trouble == ""
    assert load_control(line_of(1)).provenance.error_km == 1.5

    days.offers(2, GOOD[1][:5000])
    assert (days.on(2), served().trouble) == (line_of(1), "unreadable")
    days.offers(3, json.dumps({"type": "FeatureCollection", "features": []}).encode())
    assert (days.on(3), served().trouble) == (line_of(1), "unreadable")
    days.offers(4, land(west_km=150))
    assert (days.on(4), served().trouble) == (line_of(1), "doubtful")
    days.offers(4, land(scaled=0.4))
    assert (days.on(4, hour=12), served().trouble) == (line_of(1), "doubtful")
    assert days.on(5) == line_of(1)

    # Late: yesterday's file comes today, then today's a few hours later.
    days.offers(5, GOOD[1])
    assert (days.on(6), served().trouble) == (line_of(5), "")
    days.offers(6, GOOD[2])
    assert days.on(6, hour=8) == line_of(5)
    assert days.archive.asked == []
    assert days.on(6, hour=10) == line_of(6)
    assert set(list_controls()) >= {DEFAULT_CONTROL, line_of(1), line_of(5), line_of(6)}

    days.offers(7, way=lambda handler: handler.answer(status=500, body=b""))
    assert (days.on(7), served().trouble) == (line_of(6), "unreachable")
    days.archive.ways.clear()
    assert (days.on(9), served().trouble) == (line_of(6), "missing")


def test_two_servers_on_one_folder_with_an_archive_each_serve_its_own_line(days, home, monkeypatch):
    table = (home / "archives.toml").read_text()
    (home / "archives.toml").write_text(table + table.replace('"drawn"', '"other"'))
    days.offers(1, GOOD[0])
    days.offers(2, GOOD[1])
    for day in (1, 2):
        for archive in ("drawn", "other"):
            monkeypatch.setenv("MAPCORE_LINE_ARCHIVE", archive)
            assert days.on(day) == operators_line.line_id(archive, FIRST + timedelta(days=day - 1))
    monkeypatch.setenv("MAPCORE_LINE_ARCHIVE", "drawn")
    assert default_control() == line_of(2)
    days.on(2)
    assert days.archive.asked == []


def test_a_file_of_today_that_cannot_be_taken_does_not_keep_yesterdays_away(days):
    days.offers(1, GOOD[0])
    days.offers(2, b"nothing")
    assert (days.on(2), served().trouble) == (line_of(1), "unreadable")


def test_an_archive_that_hangs_or_is_away_changes_nothing(days):
    over = threading.Event()
    days.offers(1, way=lambda _: over.wait(10))
    assert (days.on(1), served().trouble) == (DEFAULT_CONTROL, "unreachable")
    over.set()
    days.offers(1, GOOD[0])
    assert days.on(1, hour=7) == DEFAULT_CONTROL
    assert days.on(1, hour=10) == line_of(1)


def test_the_archive_is_asked_once_a_day_by_all_servers_on_a_folder(days, monkeypatch):
    days.offers(1, GOOD[0])
    monkeypatch.setenv("MAPCORE_TODAY", FIRST.isoformat())
    with ThreadPoolExecutor(4) as servers:
        list(servers.map(lambda _: refresh(configured(), now=lambda: HOUR, limits=QUICK), range(4)))
    assert days.archive.asked == ["line_20260701.geojson"]
    assert days.on(1, hour=20) == line_of(1)
    assert days.archive.asked == []


def test_nothing_serves_before_all_of_it_is_there(days, monkeypatch):
    days.offers(1, GOOD[0])
    seen = []
    monkeypatch.setenv("MAPCORE_TODAY", FIRST.isoformat())
    refresh(configured(), warm=lambda line: seen.append((line.id, default_control())), limits=QUICK)
    assert seen == [(line_of(1), DEFAULT_CONTROL)]
    assert default_control() == line_of(1)
    assert load_control(line_of(1)) is load_control(default_control())


def test_a_line_that_the_operator_added_by_hand_is_believed(days):
    """Such as one after a withdrawal that is larger than is believed of a day."""
    from mapcore.cli import main

    days.offers(1, GOOD[0])
    days.on(1)
    days.offers(2, land(west_km=6))
    assert (days.on(2), served().trouble) == (line_of(1), "doubtful")
    order = ["control", "fetch", "--from", "drawn", "--date", "2026-07-02", "--accept-terms", "--confirm"]
    assert main.main(order) == 0
    assert days.on(2, hour=12) == line_of(2)


def test_links_name_their_line_and_open_with_it(days):
    days.offers(1, GOOD[0])
    days.on(1)
    made = links.to_query(links.View())
    assert made["control"] == line_of(1)
    days.offers(2, GOOD[1])
    assert days.on(2) == line_of(2)
    assert links.View().control == line_of(2)
    assert links.from_query({})[0].control == line_of(2)
    assert links.from_query(made) == (replace(links.View(), control=line_of(1)), [])
    shipped = links.to_query(replace(links.View(), control=DEFAULT_CONTROL))
    assert links.from_query(shipped) == (replace(links.View(), control=DEFAULT_CONTROL), [])
    older = {key: value for key, value in shipped.items() if key != "control"}
    assert links.from_query(older)[0].control == DEFAULT_CONTROL
    remove_control(line_of(1))
    view, notices = links.from_query(made)
    assert view.control == line_of(2)
    assert notices == ["The link names a line of contact that is not here; the default line is used."]
    remove_control(line_of(2))
    assert default_control() == DEFAULT_CONTROL


def test_pages_and_first_answers_say_which_line_serves_and_why(days):
    days.offers(1, b"nothing")
    days.on(1)
    told = "On 1 July 2026 the newest file of Drawn could not be read as a line."
    assert told in page_text(opened(page="methods"))
    assert told in document.first_answer(document.reading({})).body
    assert told not in document.first_answer(document.reading({"control": "2022-02-23"})).body
    with speaking("uk"):
        assert "не вдалося прочитати як лінію" in document.first_answer(document.reading({"lang": "uk"})).body
    key = document.reading({}).key()
    days.offers(1, GOOD[0])
    days.on(1, hour=12)
    answer = document.first_answer(document.reading({})).body
    assert document.reading({}).key() != key
    assert '<p class="line-age">' not in answer
    assert "fetched daily" in answer
    app = opened(page="lines")
    assert "This server downloads the newest line of Drawn once a day; it last looked on 1 July 2026." in page_text(app)
    assert chooser(app).value == line_of(1)
    assert "Line of 1 July 2026, Drawn (fetched daily)" in chooser(app).options


@pytest.mark.usefixtures("days")
def test_a_start_without_the_terms_or_with_an_unknown_archive_ends_in_a_sentence(monkeypatch):
    monkeypatch.delenv("MAPCORE_LINE_TERMS")
    with pytest.raises(
        ParameterError, match=r"MAPCORE_LINE_TERMS: the lines of A drawn archive come under terms: Be kind"
    ):
        configured()
    with pytest.raises(SystemExit, match="if you accept them, set MAPCORE_LINE_TERMS=accepted"):
        beside_the_server.at_start()
    monkeypatch.setenv("MAPCORE_LINE_ARCHIVE", "drown")
    with pytest.raises(UnknownIdError, match="did you mean 'drawn'"):
        configured()
    monkeypatch.delenv("MAPCORE_LINE_ARCHIVE")
    beside_the_server.at_start()
    assert served() is None


@pytest.mark.parametrize("content", ["", "[]", '{"archive": "drawn", "line": 3}', "{", '{"archive": "other"}'])
def test_what_serves_is_not_believed_from_a_file_that_is_broken(days, home, content):
    (home / "operators_line-drawn.json").write_text(content)
    assert served() == operators_line.Served("drawn")
    assert default_control() == DEFAULT_CONTROL
    days.offers(1, GOOD[0])
    assert days.on(1) == line_of(1)


@pytest.mark.usefixtures("days")
def test_a_folder_that_cannot_be_written_is_refused_and_the_built_in_line_serves(home, monkeypatch):
    archive = configured()
    (home / "file").write_text("no folder")
    monkeypatch.setenv("MAPCORE_HOME", str(home / "file"))
    with pytest.raises(DataFileError, match="cannot be written"):
        refresh(archive, limits=QUICK)
    assert default_control() == DEFAULT_CONTROL


def test_the_server_looks_beside_its_visitors_and_stops_with_them(days, monkeypatch):
    monkeypatch.setattr(beside_the_server, "_BREATH_S", 0.01)
    monkeypatch.setattr(beside_the_server, "_measure", lambda _: None)
    monkeypatch.setenv("MAPCORE_TODAY", FIRST.isoformat())
    days.offers(1, GOOD[0])
    with beside_the_server.fetching():
        wait = threading.Event()
        for _ in range(600):
            if default_control() != DEFAULT_CONTROL or wait.wait(0.05):
                break
    assert default_control() == line_of(1)
    named = [one for one in threading.enumerate() if one.name == "line"]
    for thread in named:
        thread.join(10)
    assert not any(thread.is_alive() for thread in named)
