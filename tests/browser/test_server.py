"""The dashboard in frames: on a page of another site, and what a stranger's page may not frame."""

import html
import re
from urllib.parse import urlsplit

import pytest
from support.browser import clean
from support.server import ask, running_app
from support.visit import MAP_FRAME

FRAME = "iframe#framed"
REFUSED = "frame-ancestors"
#: A site that the operator of a server names; nobody asks it anything.
NAMED = "http://127.0.0.1:9"


@pytest.fixture
def framed(tmp_path, serve, open_address):
    """Open a page of another origin, and with `site="localhost"` of another site, that frames an address."""

    def open_framed(address, *, site="127.0.0.1"):
        (tmp_path / "article.html").write_text(
            f'<!doctype html><title>Article</title><iframe id="framed" src="{address}" width=1200 height=800></iframe>'
        )
        return open_address(serve(tmp_path).replace("127.0.0.1", site) + "/article.html")

    return open_framed


def shows_a_map(visit):
    shape = visit.page.frame_locator(FRAME).frame_locator(MAP_FRAME).first.locator("path.leaflet-interactive")
    shape.first.wait_for(state="attached", timeout=60_000)
    assert visit.errors == []
    assert visit.outside == []


def is_refused(visit, policy="'self'"):
    visit.page.wait_for_function("document.readyState === 'complete'")
    visit.page.wait_for_timeout(500)
    assert [error for error in visit.errors if REFUSED in error and policy in error]
    assert visit.page.frame_locator(FRAME).locator("[data-testid=stApp], #root").count() == 0


@pytest.mark.parametrize("site", ["127.0.0.1", "localhost"])
def test_another_site_frames_the_embedded_page_with_its_map(framed, app_url, site):
    visit = framed(f"{app_url}/?proposal=us-28-point&embed=true", site=site)
    shows_a_map(visit)
    shows_a_map(framed(f"{app_url}/?page=compare&proposal=us-28-point&embed=true", site=site))


@pytest.mark.parametrize("site", ["127.0.0.1", "localhost"])
def test_another_site_frames_nothing_else(framed, app_url, site):
    is_refused(framed(f"{app_url}/?proposal=us-28-point", site=site))


def test_another_site_does_not_frame_a_component_by_itself(framed, app_url, open_page):
    open_page().ready()  # a component's files are there once a script has run
    is_refused(framed(f"{app_url}/component/streamlit_folium.st_folium/index.html"))


def test_the_page_is_framed_by_its_own_server(app_url, open_address):
    visit = open_address(f"{app_url}/_stcore/health")
    visit.page.set_content(f'<iframe id="framed" src="{app_url}/" width=1200 height=800></iframe>')
    shows_a_map(visit)


def test_under_a_base_path_too(framed, tmp_path, open_address):
    with running_app(tmp_path / "server.log", "--server.baseUrlPath", "maps") as url:
        visit = open_address(f"{url}/maps/?proposal=us-28-point").ready()
        for panel, start in (("embed", f'<div><a href="{url}/maps/?'), ("download", f"{url}/maps/api/v1/areas.csv?")):
            visit.page.locator(f".st-key-panel_{panel} button").click()
            text = visit.page.locator(f".st-key-panel_{panel}_content textarea").input_value()
            assert text.startswith(start), text
            addresses = re.findall('(?:href|src)="([^"]+)"', html.unescape(text)) or [text]
            assert {ask(url, one.removeprefix(url))[0] for one in addresses} == {200}, addresses
        shows_a_map(framed(f"{url}/maps/?embed=true"))
        is_refused(framed(f"{url}/maps/"))


@pytest.fixture(scope="module")
def choosy(tmp_path_factory):
    """The address of a server whose operator names the sites that may frame it."""
    settings = {"MAPCORE_EMBED_ANCESTORS": "localhost:*", "MAPCORE_FRAME_ANCESTORS": NAMED}
    with running_app(tmp_path_factory.mktemp("choosy") / "server.log", **settings) as url:
        yield url


def test_a_visitor_who_comes_while_the_first_one_leaves_sees_the_page(choosy, open_address):
    """The first test of this server: nobody has come before."""
    visit = open_address(choosy)
    visit.page.reload()
    visit.ready()
    clean(visit)


def test_only_the_sites_that_the_operator_names_frame_it(choosy, framed):
    shows_a_map(framed(f"{choosy}/?embed=true", site="localhost"))
    is_refused(framed(f"{choosy}/?embed=true"), "localhost:*")
    is_refused(framed(choosy, site="localhost"), urlsplit(NAMED).netloc)
