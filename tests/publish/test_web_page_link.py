"""The dashboard and a page without a server, here in Node, read the same of a link and refuse the same."""

import json
import os
import random
import shutil
import subprocess
from urllib.parse import parse_qsl, urlencode

import pytest
from support.paths import ROOT

from mapcore.base.language import languages, speaking, tr
from mapcore.base.schema import DEFAULT_COMPARE, DEFAULT_CONTROL, LINK_KEYS, PLACE
from mapcore.base.sources import data_version
from mapcore.present import link_notices, links
from mapcore.proposals.shipped import load_proposal, load_proposals, settle_parameters
from mapcore.publish.site import listed
from mapcore.publish.web_page_link import one_view, several

#: What a link may hold: sound, and not.
TEXTS = {
    "proposal": ["us-28-point", "donetsk-narrow-buffer", "ukraine-1991", "", "none", "US-28-POINT"],
    "page": ["map", "compare", "", "Map", "none"],
    "compare": ["line-as-is", "us-28-point", "", "none"],
    "control": [DEFAULT_CONTROL, "", "1999-01-01"],
    "units": ["km2", "mi2", "", "KM2", "acre"],
    "lang": ["en", "xx", ""],
    "zone": ["UA-14.russia", "UA-43.ukraine", "", "UA-14", "UA-99.russia"],
    "frame": ["subject", "country", "", "all"],
    "depth_km": ["5", "60", "40", "30", "+12", "1e1", " 7 ", ".6e2", "4", "61", "", "x", "0x10", "1_0", "٣٠", "NaN"],
    "lat": ["40", "48.512", "56.0", "39.999", "57", "Infinity", "", "48,5", "1e400"],
    "lon": ["18", "37.5", "46", "17", "-30", "nan"],
    "zoom": ["3", "7.25", "14", "2.9", "15", "z"],
    "v": [data_version(), "000000000000", ""],
    "unknown": ["1"],
}


def some_links():
    """Every text alone, whole places, and many of all together."""
    chosen = random.Random(0)  # noqa: S311
    single = [{key: text} for key, texts in TEXTS.items() for text in texts]
    deep = [{"proposal": "donetsk-narrow-buffer", "depth_km": text} for text in TEXTS["depth_km"]]
    places = [dict(zip(PLACE, map(chosen.choice, map(TEXTS.get, PLACE)), strict=True)) for _ in range(60)]
    mixed = [{key: chosen.choice(texts) for key, texts in TEXTS.items() if chosen.random() < 0.6} for _ in range(400)]
    return [{}, *single, *deep, *places, *mixed]


def in_node(contract, proposals, queries):
    node = shutil.which("node")
    if not node:
        if os.environ.get("CI") == "true":
            pytest.fail("no Node.js on PATH: install Debian's nodejs")
        pytest.skip("no Node.js on PATH")
    asked = {"contract": contract, "proposals": proposals, "links": [f"?{urlencode(one)}" for one in queries]}
    ended = subprocess.run(
        [node, ROOT / "tests/web/read_links.js"], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return json.loads(ended.stdout)


@pytest.mark.parametrize("code", languages())
def test_the_dashboard_and_a_page_without_a_server_read_the_same_of_a_link(code):
    with speaking(code):
        contract = several([one.id for one in load_proposals()], compare=DEFAULT_COMPARE, control=DEFAULT_CONTROL)
        proposals = [listed(one) for one in load_proposals()]
        instead = {tr(link_notices.REFUSED[key]): one["refused"] for key, one in contract["choices"].items()}
    queries = [one | {"lang": code} if one.get("lang") == "en" else one for one in some_links()]
    refusals = 0
    for query, told in zip(queries, in_node(contract, proposals, queries), strict=True):
        read, page = dict(parse_qsl(urlencode(query), keep_blank_values=True)), told["view"]
        view, notices = links.from_query(read)
        place = {key: getattr(view, key) for key in PLACE}
        known = {key: getattr(view, key) for key in contract["choices"] if key != "frame"}
        assert page["chosen"] == known | {"frame": "country" if view.whole else "subject"}, query
        assert page["place"] == ({} if view.zoom is None else place), query
        assert page["parameters"] == settle_parameters(load_proposal(view.proposal), view.parameters), query
        if view.lang == code:
            assert told["notices"] == [instead.get(notice, notice) for notice in notices], query
        assert told["again"] == {"view": page, "notices": []}, query
        refusals += len(notices)
    assert refusals > len(queries)


def test_what_the_page_writes_opens_on_the_dashboard():
    everything = {
        "proposal": "donetsk-narrow-buffer", "page": "compare", "compare": "us-28-point", "units": "mi2", "lang": "uk",
        "zone": "UA-14.russia", "depth_km": "40", "lat": "48.5", "lon": "37.125", "zoom": "7.25", "v": data_version(),
    }  # fmt: skip
    view, notices = links.from_query(everything)
    assert notices == []
    assert links.to_query(view) == everything | {"lat": "48.500"}
    assert set(everything) - LINK_KEYS == {"depth_km"}


def test_a_copy_refuses_what_only_the_dashboard_has():
    contract = several(["us-28-point"], compare="us-28-point", control=DEFAULT_CONTROL)
    queries = [{"page": "matrix"}, {"proposal": "own"}, {"compare": "line-as-is"}]
    told = in_node(contract, [listed(load_proposal("us-28-point"))], queries)
    assert [one["notices"] for one in told] == [
        [contract["choices"][key]["refused"]] for key in ("page", "proposal", "compare")
    ]


def test_a_page_with_one_view_opens_where_it_was_made():
    contract = one_view("mi2", {"lat": 48.2, "lon": 37.6, "zoom": 8.0}, "country")
    plain, moved = in_node(
        contract, [], [{"proposal": "none"}, {"units": "km2", "lat": "50", "lon": "30", "zoom": "5"}]
    )
    assert plain["view"]["place"] == {"lat": 48.2, "lon": 37.6, "zoom": 8}
    assert plain["view"]["chosen"] == {"units": "mi2", "zone": "", "frame": "country"}
    assert moved["view"]["place"] == {"lat": 50, "lon": 30, "zoom": 5}
    assert [plain["notices"], moved["notices"]] == [[], []]
