"""Pages that stay open from test to test of a file, each put back to the address that the next one asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from support.browser import shown
from support.visit import Visit

from mapcore.base.schema import DEFAULT_PROPOSAL

OUTCOME = pytest.StashKey[bool]()

#: Whether a page is as it was opened but for what its address says: nothing is open on it.
AS_OPENED = """() => document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState === "CONNECTED"
  && !document.querySelector("details[open], dialog[open], [role=dialog], [role=listbox], [data-tour]")"""
UNTOUCHED = """() => {
  document.activeElement?.blur();
  document.querySelector("[data-testid=stMain]").scrollTop = 0;
}"""
#: What a reader's way back does, without one: the address changes and the page hears of it.
GO_TO = """address => {
  history.pushState(null, "", address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
}"""
#: The place on the map stays where the viewer goes through the history.
PLACES = {"lat", "lon", "zoom", "frame", "place"}
#: The pages whose map says which proposal it shows.
SHOWN = {"map", "people"}
#: Where these differ, the page is another.
PAGE = ("page", "lang", "embed", "embed_options")


def _asked(address: str) -> dict[str, str]:
    """Return what an address says, without the version of the data, which the page adds."""
    return {key: value for key, value in parse_qsl(urlsplit(address).query) if key != "v"}


def put_back(visit: Visit, address: str, size: dict[str, int], *, anew: bool) -> None:
    """
    Show an address on a page that a test has left: as a way back does where that is enough, else by loading it anew.

    It is enough where both addresses are of one page and name no place on its map, and nothing is open on it.
    """
    page = visit.page
    there, wanted = _asked(visit.search()), _asked(address)
    is_here = not anew and page.viewport_size == size and all(there.get(key) == wanted.get(key) for key in PAGE)
    page.mouse.move(0, 0)
    if is_here and not PLACES & {*there, *wanted} and page.evaluate(AS_OPENED):
        page.evaluate(UNTOUCHED)
        if there != wanted:
            page.evaluate(GO_TO, address)
            visit.settled()
            if wanted.get("page", "map") in SHOWN:
                shown(visit, wanted.get("proposal", DEFAULT_PROPOSAL))
            assert _asked(visit.search()) == wanted
    else:
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
        page.set_viewport_size(size)
        page.goto(address)
    visit.errors.clear()
    visit.outside.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[OUTCOME] = report.passed
    return report


@pytest.fixture(scope="module")
def kept() -> dict[str, Visit]:
    """The pages of the file that stay open, by how they look."""
    return {}


@pytest.fixture
def go_on(
    request: pytest.FixtureRequest, open_kept_page: Callable[..., Visit], kept: dict[str, Visit], app_url: str
) -> Iterator[Callable[..., Visit]]:
    """
    Go on from the page that the test before left, put back to another address; what it takes is what `open_page` does.

    `anew` has it loaded anew in any case: for what a session holds beside its address. A test that holds requests back
    or asks for another theme, and does not undo it, opens a page of its own. What a failed test leaves is used by none.
    """
    used: list[str] = []

    def go_on_one(
        *, path: str = "/", width: int = 1280, height: int = 900, anew: bool = False, **options: Any
    ) -> Visit:
        look = repr((width, height, sorted(options.items())))
        assert look not in used, "a test that opens two pages of one look opens the second by itself"
        used.append(look)
        if look in kept:
            put_back(kept[look], app_url + path, {"width": width, "height": height}, anew=anew)
        else:
            kept[look] = open_kept_page(path=path, width=width, height=height, **options)
        return kept[look]

    yield go_on_one
    if not request.node.stash.get(OUTCOME, False):
        for look in used:
            kept.pop(look).page.close()
