"""Data by address: the same values as on the command line, in each form, with what HTTP has to say of them."""

import csv
import io
import json
import re

import pytest
from support.api import ASKED, V1, fetch
from support.asgi import Client

from mapcore import load_proposal, load_proposals, measure_proposal
from mapcore.app.server import api
from mapcore.app.server.api_resources import METADATA, RESOURCES
from mapcore.base.language import languages
from mapcore.base.sources import data_version
from mapcore.cli import main
from mapcore.proposals import viewer
from mapcore.publish.answers import find_places

#: What the command line is asked for the same.
VERBS = {
    "proposals": ["proposals"],
    "controls": ["controls"],
    "areas": ["areas", "donetsk-narrow-buffer", "--set", "depth_km=22", "--likely"],
    "areas?proposal=us-28-point&control=2022-02-23": ["areas", "us-28-point", "--control", "2022-02-23"],
    "effects": ["effects", "us-28-point", "e3-counter"],
    "compare": ["compare", "russia-claim", "us-28-point"],
    "claims": ["claims", "--control", "2025-12-02"],
    "place?name=Bakhmut&limit=2&control=2022-02-23": ["place", "Bakhmut", "--limit", "2", "--control", "2022-02-23"],
}


@pytest.fixture(scope="module")
def client():
    """With more turns than the tests take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAPCORE_API_PER_MINUTE", "100000")
        return Client(api.routes())


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", VERBS)
def test_an_answer_is_to_the_byte_what_the_command_line_prints(client, name, capsys):
    assert main.main([*VERBS[name], "--json"]) == 0
    printed = capsys.readouterr().out.encode()
    answer = fetch(client, name) if name in ASKED else client.ask(V1 + name)
    assert answer.body == printed
    assert answer.headers["content-type"] == "application/json"
    if name in ASKED:
        assert fetch(client, name, ".json").body == printed


def test_every_verb_that_lists_or_measures_has_its_answer():
    assert {name.partition("?")[0] for name in VERBS} | {"ledger", "places", "zones"} == set(RESOURCES) == set(ASKED)


@pytest.mark.parametrize("asked", ["", "&compare=line-as-is&question=holder"])
def test_the_shapes_are_those_of_an_export(client, asked, tmp_path):
    command = ["export", "donetsk-narrow-buffer", "--set", "depth_km=22", "--out", str(tmp_path / "zones.geojson")]
    command += ["--compare", "line-as-is", "--question", "holder"] if asked else []
    assert main.main(command) == 0
    answer = client.ask(f"{V1}zones{ASKED['zones']}{asked}")
    assert answer.body == (tmp_path / "zones.geojson").read_bytes()
    assert answer.headers["content-type"] == "application/geo+json"
    assert json.loads(answer.body)["mapcore"]["data_version"] == data_version()


def flat(name, content):
    """The rows of an answer in JSON as a table has them, by the columns that both have."""
    if name == "areas":
        likely = {(row["oblast"], row["status"]): row for row in content["likely"]["zones"]}
        return [row | likely[row["oblast"], row["status"]] for row in content["zones"]]
    if name == "compare":
        return [row | {"a": content["a"], "b": content["b"]} for row in content["changes"]]
    if name in {"place", "places"}:
        return [row | answer for row in content for answer in row["proposals"]]
    return content


@pytest.mark.parametrize("name", [name for name in ASKED if name != "zones"])
def test_a_table_has_the_values_of_the_json(client, name):
    listed, table = flat(name, fetch(client, name).json()), rows_of(fetch(client, name, ".csv"))
    assert len(listed) == len(table) > 0
    for row, cells in zip(listed, table, strict=True):
        for key in set(row) & set(cells):
            value, cell = row[key], cells[key]
            if isinstance(value, int | float) and not isinstance(value, bool):
                assert float(cell) == value, key
            else:
                assert cell == ("" if value is None else str(value)), key


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", ASKED)
def test_a_table_is_one_header_and_rows_and_its_metadata_stand_beside(client, name, lang):
    tail = f"{ASKED[name]}{'&' if ASKED[name] else '?'}lang={lang}"
    table = client.ask(f"{V1}{name}.csv{tail}")
    lines = table.body.decode("utf-8-sig").splitlines()
    assert table.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert not any(line.startswith("#") for line in lines)
    head, *rows = csv.reader(lines)
    assert len(set(head)) == len(head)
    assert all(len(row) == len(head) for row in rows)
    about = client.ask(f"{V1}{name}.{METADATA}{tail}").json()
    assert [one["name"] for one in about["columns"]] == head
    assert (about["data_version"], about["language"]) == (data_version(), lang)
    for key in ("title", "method", "licence", "attribution"):
        assert about[key], key
    assert about["caveats"]
    assert name == "proposals" or any("68/262" in caveat for caveat in about["caveats"])
    assert all({"path", "licence", "attribution", "sha256"} <= set(one) for one in about["data_files"])
    assert f"{name}.{METADATA}?" in table.headers["link"] or not ASKED[name]
    assert table.headers["link"].split(",")[0].endswith('rel="describedby"')


def test_a_range_stands_beside_each_area_of_a_table(client):
    for name in ("areas", "compare", "zones", "ledger"):
        for row in rows_of(fetch(client, name, ".csv")):
            if row.get("figure") and not row["area_km2"]:
                continue
            assert float(row["low_km2"]) <= float(row["area_km2"]) <= float(row["high_km2"]), name


def test_the_ledger_is_that_of_the_areas_and_what_a_text_leaves_open_has_no_figure(client):
    rows = client.ask(f"{V1}ledger").json()
    assert {row["proposal"] for row in rows} == {proposal.id for proposal in load_proposals()}
    for proposal in ("us-28-point", "e3-counter"):
        areas = client.ask(f"{V1}areas?proposal={proposal}").json()["ledger"]
        assert {f"{row['figure']}_km2": row["area_km2"] for row in rows if row["proposal"] == proposal} == areas
    silent = [row for row in rows_of(client.ask(f"{V1}ledger.csv?proposal=e3-counter")) if not row["area_km2"]]
    assert len(silent) == 5
    assert all(row["low_km2"] == row["high_km2"] == "" for row in silent)
    several = rows_of(client.ask(f"{V1}ledger.csv?proposal=line-as-is,donetsk-narrow-buffer&depth_km=22"))
    assert [row["title"] for row in several[::6]] == ["The line as it stands", several[6]["title"]]
    assert "22 km" in several[6]["title"]


def test_the_header_accept_chooses_where_no_ending_does(client):
    for accept, media in (
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        ("application/json;q=0.5, text/csv", "text/csv; charset=utf-8; header=present"),
        ("text/*", "text/csv; charset=utf-8; header=present"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("application/json;q=x, text/csv;q=0.1", "text/csv; charset=utf-8; header=present"),
    ):
        answer = fetch(client, "proposals", Accept=accept)
        assert answer.headers["content-type"] == media, accept
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
    refused = client.ask(f"{V1}proposals", Accept="image/png")
    assert refused.status == 406
    assert refused.json()["way_out"] == "there are: application/json, text/csv"
    assert fetch(client, "proposals", ".json", Accept="image/png").headers["vary"] == "Accept-Encoding"
    assert fetch(client, "zones", Accept="application/json").headers["content-type"] == "application/geo+json"


@pytest.mark.parametrize("name", ASKED)
def test_who_has_an_answer_is_told_that_it_has_not_changed(client, name):
    answer = fetch(client, name)
    tag = answer.headers["etag"]
    again = client.ask(f"{V1}{name}{ASKED[name]}", If_None_Match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert fetch(client, name, If_None_Match='"other"').body == answer.body
    assert fetch(client, name, ".csv").headers["etag"] != tag
    assert "max-age=300" in answer.headers["cache-control"]
    assert answer.headers["data-version"] == again.headers["data-version"] == data_version()


def test_who_names_the_version_of_the_data_gets_no_other(client):
    assert client.ask(f"{V1}areas?proposal=us-28-point&v={data_version()}").status == 200
    assert client.ask(f"{V1}proposals?v={data_version()}").status == 200


def test_every_site_may_read_and_none_may_write(client):
    for path, method in (("areas", "OPTIONS"), ("areas?proposal=us-28-point", "GET"), ("nothing", "GET"), ("", "HEAD")):
        answer = client.ask(V1 + path, method, Origin="https://news.example")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert "Data-Version" in answer.headers["access-control-expose-headers"]
    asked = client.ask(f"{V1}areas", "OPTIONS", Origin="https://news.example", Access_Control_Request_Method="GET")
    assert (asked.status, asked.headers["access-control-allow-methods"]) == (204, "GET, HEAD, OPTIONS")
    written = client.ask(f"{V1}areas?proposal=us-28-point", "POST")
    assert (written.status, written.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


REFUSED = {
    "areas": (400, "proposal", "is missing"),
    "areas?proposal=": (400, "proposal", "is missing"),
    "compare?proposal=us-28-point": (400, "compare", "is missing"),
    "areas?proposal=us-28-pont": (404, "proposal", "did you mean 'us-28-point'?"),
    "areas?proposal=us-28-point&control=2025-12-01": (404, "control", "did you mean '2025-12-02'?"),
    "areas?proposal=us-28-point&depth_km=20": (400, "depth_km", "there are: control, lang"),
    "areas?proposal=donetsk-narrow-buffer&depth_km=61": (400, "depth_km", "61 km is out of range; choose from 5 to 60"),
    "areas?proposal=donetsk-narrow-buffer&depth_km=nan": (400, "depth_km", "is not a number; choose from 5 to 60"),
    "areas?proposal=donetsk-narrow-buffer&depth_km=1e999": (400, "depth_km", "is out of range"),
    "areas?proposal=donetsk-narrow-buffer&depth_km=%D9%A2%D9%A2": (400, "depth_km", "is not a number"),
    "areas?proposal=us-28-point&proposal=line-as-is": (400, "proposal", "is given more than once"),
    "areas?proposal=us-28-point&likely=yes": (400, "likely", "'yes' is not known; there are: false, true"),
    "areas?proposal=own": (400, "own", "is missing; copy the whole link again"),
    "areas?proposal=own&own=1.abc": (400, "own", "is not a proposal that can be read"),
    f"areas?proposal=own&own=1.{'a' * viewer.MAX_LINK_CHARS}": (400, "own", "is longer than 5600 characters"),
    "areas?proposal=us-28-point&own=1.abc": (400, "own", "add proposal=own"),
    "areas?proposal=us-28-point&lang=xx": (400, "lang", "no language 'xx'; there are: en, uk"),
    "areas?proposal=us-28-point&v=000000000000": (404, "v", "there is no such version; there are: "),
    "proposals?page=map": (400, "page", "is not asked here"),
    "zones?proposal=us-28-point&question=holder": (400, "question", "add compare"),
    "places?oblast=UA-99": (404, "oblast", "did you mean"),
    "places?status=lost": (404, "status", "'lost' is not known"),
    "places?limit=0": (400, "limit", "from 1 to 5000"),
    "places?limit=5001": (400, "limit", "from 1 to 5000"),
    "places?offset=-1": (400, "offset", "is not a whole number"),
    f"places?name={'a' * 101}": (400, "name", "more than 100"),
    "areas.xml?proposal=us-28-point": (404, "", "did you mean 'areas'?"),
    "area": (404, "", "did you mean 'areas'?"),
    "": (404, "", "there are: v1"),
    "&".join(["proposals?a=1", *(f"a{n}=1" for n in range(60))]): (400, "", "asks with too many keys"),
}


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path[:60])
def test_what_cannot_be_answered_is_refused_with_where_what_and_the_way_out(client, path):
    status, where, told = REFUSED[path]
    answer = client.ask((V1 if path else "/api/v2/") + path)
    problem = answer.json()
    assert answer.status == problem["status"] == status, problem
    assert problem["where"] == where
    assert told in problem["detail"]
    assert problem["detail"] == ": ".join(filter(None, [where, f"{problem['what']}; {problem['way_out']}"]))
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


def test_a_refusal_is_in_the_language_asked_for_and_never_holds_what_was_sent(client):
    told = client.ask(f"{V1}areas?proposal=donetsk-narrow-buffer&depth_km=61&lang=uk").json()
    assert told["what"] == "61 км — поза дозволеними межами"
    long = client.ask(f"{V1}areas?proposal={'x' * 4000}").json()
    assert len(long["what"]) < 120
    packed = viewer.pack(viewer.blank(load_proposal("us-28-point").date))
    assert packed[4:] not in client.ask(f"{V1}areas?proposal=own&own={packed[:-4]}").body.decode()


def test_settlements_are_found_by_name_oblast_and_status_and_given_in_parts(client):
    measured = [measure_proposal(load_proposal("us-28-point"))]
    for name in ("крамат", "KRAMAT"):
        found = client.ask(f"{V1}places?proposal=us-28-point&name={name}").json()
        assert [one["name_en"] for one in found] == ["Kramatorsk"]
    (under,) = found[0]["proposals"]
    assert (under["proposal"], under["status"], under["sure"], under["moves"]) == ("us-28-point", "buffer", True, True)
    assert under["regime"] == "demilitarised"
    for name in ("слов'янськ", "Словʼянськ", "Слов’янськ"):
        found = client.ask(f"{V1}places?proposal=us-28-point&oblast=UA-14&name={name}").json()
        assert found[0]["name_uk"] == "Слов’янськ"
    expected, _ = find_places(measured, status="buffer")
    asked, ids = "places?proposal=us-28-point&status=buffer&limit=20", []
    while asked:
        answer = client.ask(V1 + asked)
        assert answer.headers["total-count"] == str(len(expected))
        ids += [one["id"] for one in answer.json()]
        following = re.search(r'<([^>]*)>; rel="next"', answer.headers["link"])
        asked = following and following[1]
    assert ids == expected["id"].tolist()
    assert len(ids) > 40
    assert client.ask(f"{V1}places?offset=9999&proposal=us-28-point").json() == []
    empty = client.ask(f"{V1}places.csv?offset=9999&proposal=us-28-point").body.decode("utf-8-sig")
    assert empty.splitlines() == [
        (
            "id,katottg,name_en,name_uk,former_names,oblast,oblast_name,raion,lat,lon,population,held_by,control,"
            "proposal,status,status_label,holder,recognised,regime,moves,sure,distance_km"
        )
    ]
