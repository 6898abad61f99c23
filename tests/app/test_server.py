"""What the dashboard's server says beside its content: security headers, who may frame it, who reads the metrics."""

import html
import json
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import uvicorn
from streamlit.web.server.app_discovery import discover_asgi_app
from streamlit.web.server.starlette import starlette_server
from support.paths import ROOT
from support.server import ask, ask_for, page_script, running_app, soon
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mapcore.app.server import map_files
from mapcore.app.server.security import Rules
from mapcore.base.errors import ParameterError

COMPONENT = "/component/streamlit_folium.st_folium/index.html"


def ancestors(headers):
    rules = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    return rules["frame-ancestors"]


def test_the_server_is_found_in_the_entry_file_which_brings_no_part_of_the_dashboard():
    found = discover_asgi_app(ROOT / "dashboard.py")
    assert found.is_asgi_app
    assert found.import_string == "dashboard:app"
    code = (
        "import sys, dashboard, pandas; from streamlit.watcher import polling_path_watcher as watching; "
        "print(pandas.get_option('mode.string_storage'), watching._POLLING_PERIOD_SECS, *sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    storage, period, *loaded = done.stdout.split()
    assert storage == "python"
    assert float(period) > 1
    assert "streamlit_folium" not in loaded
    parts = [name for name in loaded if name.startswith("mapcore.app.")]
    assert "mapcore.app.server.security" in parts
    assert [name for name in parts if not name.startswith("mapcore.app.server")] == []


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop does not know Windows")
def test_streamlit_serves_with_the_loop_and_the_parser_that_are_written_in_c():
    config = uvicorn.Config(lambda *_: None, **starlette_server._get_uvicorn_config_kwargs())
    config.load()
    assert config.get_loop_factory().__module__ == "uvloop"
    assert config.http_protocol_class is HttpToolsProtocol


ANSWERS = {
    "page": ("GET", "/", 200),
    "page of a view": ("GET", "/?proposal=us-28-point&page=compare", 200),
    "any other path": ("GET", "/no/such/page", 200),
    "script": ("GET", "/static/js/" + page_script().name, 200),
    "health": ("GET", "/_stcore/health", 200),
    "host's settings": ("GET", "/_stcore/host-config", 200),
    "metrics": ("GET", "/_stcore/metrics", 200),
    "no such file": ("GET", "/media/nothing.png", 404),
    "no such component": ("GET", "/component/nobody.nothing/index.html", 404),
    "upload without its token": ("PUT", "/_stcore/upload_file/nobody/nothing", 403),
    "what may be sent": ("OPTIONS", "/_stcore/upload_file/nobody/nothing", 204),
    "websocket asked for as a page": ("GET", "/_stcore/stream", 200),
    "redirect": ("GET", "/no/such/page/", 301),
    "data": ("GET", "/api/v1/proposals", 200),
    "data of nothing": ("GET", "/api/v1/nothing", 404),
    "refused path": ("GET", "/component/..%5C..%5Cetc", 400),
    "wrong method": ("POST", "/_stcore/health", 405),
}


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_has_the_headers(app_url, method, path, status):
    found, headers = ask(app_url, path, method)
    assert found == status
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "object-src 'none'" in headers["content-security-policy"]
    assert "base-uri 'self'" in headers["content-security-policy"]
    assert ancestors(headers) == "'self'"


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ("embed=true", "*"),
        ("proposal=us-28-point&embed=TRUE", "*"),
        ("embed=false&embed=true", "*"),
        ("embed=false", "'self'"),
        ("embed=", "'self'"),
        ("embed_options=show_toolbar", "'self'"),
        ("other=embed=true", "'self'"),
        ("Embed=true", "'self'"),
    ],
)
def test_any_site_may_frame_what_streamlit_shows_as_embedded_and_nothing_else(app_url, query, allowed):
    assert ancestors(ask(app_url, f"/?{query}")[1]) == allowed
    assert ancestors(ask(app_url, f"/under/a/path?{query}")[1]) == allowed


def test_only_a_page_of_this_server_brings_a_component_under_another_site(app_url):
    host = urlsplit(app_url).netloc
    ours, strangers = {"Sec_Fetch_Site": "same-origin"}, {"Sec_Fetch_Site": "cross-site"}
    assert ancestors(ask(app_url, COMPONENT, **ours)[1]) == "* 'self'"
    assert ancestors(ask(app_url, COMPONENT, **strangers)[1]) == "'self'"
    assert ancestors(ask(app_url, COMPONENT, **strangers, Referer=f"{app_url}/?embed=true")[1]) == "'self'"
    assert ancestors(ask(app_url, COMPONENT)[1]) == "'self'"
    assert ancestors(ask(app_url, f"{COMPONENT}?embed=true")[1]) == "'self'"
    assert ancestors(ask(app_url, COMPONENT, Referer=f"{app_url}/?embed=true")[1]) == "* 'self'"
    assert ancestors(ask(app_url, COMPONENT, Referer=f"http://{host}.example.org/")[1]) == "'self'"
    assert ancestors(ask(app_url, COMPONENT, Referer="http://[::1")[1]) == "'self'"
    assert "Sec-Fetch-Site" in ask(app_url, COMPONENT, **ours)[1]["vary"]


PROXIED = {
    "X_Forwarded_For": "127.0.0.1",
    "Forwarded": "for=127.0.0.1",
    "X_Real_IP": "127.0.0.1",
    "Via": "1.1 proxy",
    "Host": "maps.example.org",
}


@pytest.mark.parametrize(("name", "value"), PROXIED.items())
def test_the_metrics_are_not_for_whoever_comes_through_a_proxy(app_url, name, value):
    assert ask(app_url, "/_stcore/metrics")[0] == 200
    for path in ("/_stcore/metrics", "/_stcore/metrics?families=cache_memory_bytes", "/_stcore/metrics/"):
        assert ask(app_url, path, **{name: value})[0] == 403
    assert ask(app_url, "/_stcore/health", **{name: value})[0] == 200


def named_under_a_base_path(url):
    """Ask for each address that the head of a page and its snippet name, as a messenger and an article would."""
    public = {"Host": "maps.example.org", "X_Forwarded_For": "203.0.113.9"}
    _, _, page = ask_for(url, "/maps/?proposal=ukraine-1991&lang=uk", **public)
    link, oembed, card, csv = (
        html.unescape(re.search(pattern, page.decode())[1])
        for pattern in (
            'rel="canonical" href="([^"]+)"', 'oembed" href="([^"]+)"', 'og:image" content="([^"]+)"',
            '"text/csv","contentUrl":"([^"]+)"',
        )
    )  # fmt: skip
    assert link == "http://maps.example.org/maps/?proposal=ukraine-1991&lang=uk"
    _, _, told = ask_for(url, oembed.removeprefix("http://maps.example.org"), **public)
    snippet = html.unescape(json.loads(told)["html"])
    parts = re.findall('(?:href|src)="([^"]+)"', snippet)
    assert len(parts) == 4
    kinds = ("text/html", "image/png", "text/html", "text/javascript", "image/png", "text/csv")
    for address, kind in zip((*parts, card, csv), kinds, strict=True):
        assert address.startswith("http://maps.example.org/maps/"), address
        status, found = ask(url, address.removeprefix("http://maps.example.org"), **public)
        assert (status, found["content-type"].partition(";")[0]) == (200, kind), address


def test_what_an_operator_set_holds_under_a_base_path(tmp_path):
    settings = {
        "MAPCORE_EMBED_ANCESTORS": "https://news.example https://*.example.org",
        "MAPCORE_FRAME_ANCESTORS": "none",
        "MAPCORE_METRICS": "nobody",
        "MAPCORE_METRICS_TOKEN": "only-for-the-scraper",
        "MAPCORE_API_PER_MINUTE": "5",
    }
    with running_app(tmp_path / "log", "--server.baseUrlPath", "maps", **settings) as url:
        assert ask(url, "/maps/ready")[0] == 503
        assert ancestors(ask(url, "/maps/?embed=true")[1]) == "https://news.example https://*.example.org"
        assert ancestors(ask(url, "/maps/")[1]) == "'none'"
        page = {"Sec_Fetch_Site": "same-origin"}
        around = "https://news.example https://*.example.org 'self'"
        assert ancestors(ask(url, f"/maps{COMPONENT}", **page)[1]) == around
        assert ancestors(ask(url, f"/maps{COMPONENT}")[1]) == "'self'"
        metrics = "/maps/_stcore/metrics"
        assert ask(url, metrics)[0] == 403
        assert ask(url, metrics, Authorization="Bearer only-for-the-scrape")[0] == 403
        assert ask(url, metrics, Authorization="only-for-the-scraper")[0] == 403
        assert ask(url, metrics, Authorization="Bearer only-for-the-scraper", Via="1.1 proxy")[0] == 200
        assert ask(url, "/maps/_stcore/health")[0] == 200
        # A proxy on this machine says who asks; what a visitor wrote before it counts for nothing.
        for visitor, status in (("a, 203.0.113.1", 200), ("b, 203.0.113.1", 429), ("203.0.113.2", 200)):
            found, headers = ask(url, "/maps/api/v1/proposals", X_Forwarded_For=visitor.replace("a", "10.0.0.1"))
            assert (found, headers["content-type"].partition("+")[2] or "json") == (status, "json"), visitor
        assert ask(url, "/api/v1/proposals")[1].get("content-type") != "application/json"
        assert soon(lambda: ask(url, "/maps/ready")[0] == 200, seconds=60)
        status, headers = ask(url, f"/maps/static/js/{page_script().name}", Accept_Encoding="br")
        assert (status, headers.get("content-encoding")) == (200, "br"), headers
        assert ask(url, f"/maps/map/{map_files.script_name()}")[0] == 200
        assert ask(url, f"/map/{map_files.script_name()}")[0] == 404
        assert ask(url, "/maps/api/v1/proposals")[0] == 200
        named_under_a_base_path(url)
        # No visitor came: the parts of a page are there all the same.
        assert ask(url, f"/maps{COMPONENT}")[0] == 200


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("MAPCORE_EMBED_ANCESTORS", "", "names no sites"),
        ("MAPCORE_EMBED_ANCESTORS", "https://a.example; script-src *", "names no sites"),
        ("MAPCORE_FRAME_ANCESTORS", "none https://a.example", "names no sites"),
        ("MAPCORE_FRAME_ANCESTORS", "https://a.example/path", "names no sites"),
        ("MAPCORE_FRAME_ANCESTORS", "https://a.example\nX: y", "names no sites"),
        ("MAPCORE_METRICS", "yes", "'yes' is not known; write local, everybody or nobody"),
        ("MAPCORE_METRICS_TOKEN", "two words", "choose another one"),
        ("MAPCORE_METRICS_TOKEN", "ключ", "choose another one"),
    ],
)
def test_a_variable_that_says_nothing_is_refused(name, value, told):
    with pytest.raises(ParameterError, match=f"^{name}: .*{told}"):
        Rules.from_environment({name: value})


def test_the_sites_may_be_written_as_people_write_them():
    found = Rules.from_environment(
        {"MAPCORE_EMBED_ANCESTORS": "self, news.example:8443,https://a.example", "MAPCORE_FRAME_ANCESTORS": "none"}
    )
    assert found == Rules(embed="'self' news.example:8443 https://a.example", frame="'none'")


BROKEN = """
import streamlit as st
from mapcore.app.server import warm_up

if __name__ == "__main__":
    raise RuntimeError("a page that cannot be drawn")
else:
    app = st.App(__file__, routes=warm_up.routes(), lifespan=warm_up.lifespan)
"""


def test_a_server_whose_page_fails_is_up_and_never_ready(tmp_path):
    entry = tmp_path / "broken.py"
    entry.write_text(BROKEN, encoding="utf-8")
    with running_app(tmp_path / "log", entry=str(entry)) as url:
        assert soon(lambda: b"log says why" in ask_for(url, "/ready")[2])
        assert ask(url, "/ready")[0] == 503
        assert ask(url, "/_stcore/health")[0] == 200
    assert "is not ready for visitors" in (tmp_path / "log").read_text()


def test_the_server_does_not_start_on_a_wrong_variable():
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless", "true"]
    command += ["--server.port", "0"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "MAPCORE_METRICS": "yes"}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "mapcore: MAPCORE_METRICS: 'yes' is not known; write local, everybody or nobody" in done.stderr
    assert "Traceback" not in done.stderr
