"""`/`: Streamlit's page with the linked view in it, kept within a budget, and its plain page where that must wait."""

import asyncio
import gc
import gzip
import re
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from support.asgi import Client, in_a_loop
from support.paths import ROOT

from mapcore.app.server import first_answer, map_files, page_modules, shell_page
from mapcore.base import shelves
from mapcore.measurement import areas
from mapcore.publish.first_answer import document, linked_view

SHELL = shell_page.shell()
ANSWER = document.FirstAnswer("uk", ("<title>T</title>",), "<main>answer</main>")


@pytest.fixture(scope="module")
def client():
    return Client(first_answer.routes())


def test_the_theme_s_typeface_is_the_one_that_maps_have():
    face = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]["fontFaces"][0]
    assert face["url"] == map_files.address(map_files.font_name())
    for page in (shell_page.placed(SHELL, ANSWER, embedded=False), shell_page.alone(SHELL, embedded=True)):
        assert face["url"] in page
        assert "SourceSans" not in page


def test_the_answer_stands_in_streamlit_s_page_as_it_is_installed():
    page = shell_page.placed(SHELL, ANSWER, embedded=False)
    assert '<html lang="uk">' in page
    assert "<title>T</title>" in page
    assert "enable JavaScript" not in page
    style = f'<link rel="stylesheet" href="./{shell_page.page_style(embedded=False)}">'
    places = ("</head>", "<main>answer</main>", 'type="module"', '<div id="root"></div>', style)
    order = [page.index(one) for one in places]
    assert order == sorted(order)
    for loaded in re.findall(r"\./static/(?!media)[^\"]+", SHELL):
        assert loaded in page


def test_modules_of_our_elements_are_loaded_with_streamlit_s_page_as_it_is_installed(client, monkeypatch):
    monkeypatch.setattr(first_answer, "_PATIENCE_S", 60.0)
    elements = page_modules.EVERYWHERE + page_modules.WITH_MAP
    assert [name.split(".")[0] for name in page_modules.found(elements)] == list(elements)
    assert {one for all_ in page_modules.FIRST_SCREENS.values() for one in all_} <= set(elements)
    for link, first in (
        ("/?page=own", elements),
        ("/?page=map", page_modules.FIRST_SCREENS["map"]),
        ("/?proposal=donetsk-narrow-buffer", page_modules.FIRST_SCREENS["map"] + page_modules.PARAMETERS),
        ("/?page=compare", page_modules.FIRST_SCREENS["compare"]),
    ):
        page = client.ask(link).body.decode()
        loaded = re.findall(r'(?:src|href)="\./static/js/([^"]+)"', page)
        assert len(loaded) == len(set(loaded))
        for name in page_modules.found(first):
            assert name in loaded
            imported = re.findall(r'from"\./([^"]+)"', (shell_page.folder() / "static/js" / name).read_text())
            assert imported
            assert set(imported) <= set(loaded)
        assert page.index("index.") < page.index('import("./static/js/"+') < page.index('<div id="root">')
        # What the first screen lacks is run with what is below it.
        later = page_modules.found(tuple(one for one in elements if one not in first))
        assert [name for name in later if name in loaded] == []
        assert later == re.findall(
            r'"([^"]+\.js)"', page.partition('addEventListener("mapcore-whole"')[2].partition("<")[0]
        )
    for link, fewer in (("/?page=lines", page_modules.WITH_MAP), ("/?embed=true", ("Selectbox",))):
        other = client.ask(link).body.decode()
        assert [name for name in page_modules.found(fewer) if name in other] == []


#: What the answer is placed by.
PLACES = (
    '<div id="root"></div>', "<title>Streamlit</title>", '<html lang="en">', "<noscript>", "SourceSansVF-Upright",
    '<script type="module"',
)  # fmt: skip


@pytest.mark.parametrize("lost", PLACES)
def test_a_page_without_the_places_is_refused_and_streamlit_s_is_answered(lost, monkeypatch):
    with pytest.raises(shell_page.ShellError, match="Streamlit's page"):
        shell_page.placed(SHELL.replace(lost, "<other>"), ANSWER, embedded=False)
    monkeypatch.setattr(shell_page, "shell", lambda: SHELL.replace(lost, "<other>"))
    reply = Client(first_answer.routes()).ask("/?page=lines")
    assert reply.status == 200
    assert "first-answer" not in reply.body.decode()
    assert "mapcoreHeight" in Client(first_answer.routes()).ask("/?page=lines&embed=true").body.decode()


def test_a_view_is_rendered_once_and_then_looked_up(client, monkeypatch):
    first = client.ask("/?page=lines&lang=uk")
    monkeypatch.setattr(document, "first_answer", None)
    second = client.ask("/?lang=uk&page=lines&utm_source=mail")
    assert second.body == first.body
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["content-language"] == "uk"
    known = client.ask("/?page=lines&lang=uk", if_none_match=first.headers["etag"])
    assert known.status == 304
    assert client.ask("/?page=lines&lang=uk", method="HEAD").status == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
def test_each_reader_gets_the_form_that_they_take(client, coding):
    reply = client.ask("/?page=lines", accept_encoding=coding)
    assert reply.headers.get("content-encoding", "identity") == coding
    assert "vary" in reply.headers
    unpacked = {"gzip": gzip.decompress, "br": brotli.decompress, "identity": bytes}[coding](reply.body)
    assert "<h1>Lines of contact</h1>" in unpacked.decode()
    assert coding == "identity" or len(reply.body) < 40_000


def test_two_who_ask_for_the_same_at_once_have_it_rendered_once(monkeypatch):
    answers, begun = first_answer.FirstAnswers(1), []
    go_on = threading.Event()

    def slow(linked):
        begun.append(linked)
        go_on.wait(10)
        return ANSWER

    monkeypatch.setattr(document, "first_answer", slow)

    async def both():
        asked = [asyncio.create_task(answers._page({"page": "lines"})) for _ in range(2)]
        while not begun:
            await asyncio.sleep(0.01)
        go_on.set()
        return await asyncio.gather(*asked)

    first, second = in_a_loop(both())
    assert first is second
    assert len(begun) == 1


def test_who_would_wait_too_long_gets_streamlit_s_page_and_the_next_one_the_answer(monkeypatch):
    monkeypatch.setattr(first_answer, "_PATIENCE_S", 0.05)
    monkeypatch.setattr(first_answer, "_MOST_ASKED", 2)
    answers, go_on = first_answer.FirstAnswers(1), threading.Event()
    monkeypatch.setattr(document, "first_answer", lambda _: go_on.wait(10) and ANSWER)

    async def crowd():
        early = await asyncio.gather(*(answers._page({"page": page}) for page in ("lines", "claims", "matrix")))
        go_on.set()
        monkeypatch.setattr(first_answer, "_PATIENCE_S", 10)
        while answers._asked:
            await asyncio.sleep(0.01)
        return early, await answers._page({"page": "lines"})

    early, late = in_a_loop(crowd())
    assert early == [None, None, None]
    assert late.lang == "uk"


@pytest.mark.parametrize(
    ("link", "title", "maps"),
    [
        ("/?proposal=us-28-point&base=x", "US 28-point plan | mapcore", 1),
        ("/?page=compare&lang=uk&proposal=us-28-point&compare=line-as-is", "План США з 28 пунктів", 2),
        ("/?page=people&embed=true", "People and places: US 28-point plan | mapcore", 1),
        ("/?page=matrix&proposal=nobody", "All proposals | mapcore", 0),
        ("/?page=methods", "Methods and sources | mapcore", 0),
    ],
)
def test_who_would_wait_too_long_is_told_which_view_comes(monkeypatch, link, title, maps):
    monkeypatch.setattr(first_answer, "_PATIENCE_S", 0.05)
    monkeypatch.setattr(first_answer, "_PATIENCE_TOLD_S", 60.0)
    go_on = threading.Event()
    monkeypatch.setattr(document, "first_answer", lambda _: go_on.wait(10) and ANSWER)
    for measuring in (areas, linked_view):
        monkeypatch.setattr(measuring, "measure_proposal", None)
    reply = Client(first_answer.routes()).ask(link)
    go_on.set()
    page = reply.body.decode()
    assert (reply.status, reply.headers["cache-control"]) == (200, "no-store")
    assert title in re.search("<title>(.*)</title>", page)[1]
    assert '<meta name="description" content="' in page
    assert re.search(r'property="og:image" content="https?://[^"]+/card/', page)
    assert '<meta http-equiv="refresh"' in page
    assert page.count(f' data-maps="{maps}"') == 1
    assert re.search(r"<h1>[^<]+</h1>", page)
    assert page.count('role="status"') == 1
    if "nobody" in link:
        assert "The link names a proposal that is not here" in page
    assert page.index("</main>") < page.index('<div id="root">')


def test_pages_are_kept_within_the_budget_the_last_ones_asked_for():
    kept = first_answer.FirstAnswers(0.01).kept
    pages = {
        str(place): first_answer.Rendered(first_answer.Packed(b"x" * 3000, "text/html"), "en") for place in range(5)
    }
    for key, page in pages.items():
        kept.put(key, page)
        kept.find("0", None)
    assert kept.size <= 10_000
    assert [key for key in pages if kept.find(key, None)] == ["0", "3", "4"]


def test_two_links_that_threads_render_at_once_are_kept_and_count_to_the_budget_of_all(monkeypatch):
    answers = first_answer.FirstAnswers(1)
    # A full budget would drop these as the others' come in.
    monkeypatch.setattr(shelves.BUDGET, "most", shelves.BUDGET.held() + 1_000_000_000)
    links = [{"proposal": "us-28-point", "units": "mi2"}, {"proposal": "line-as-is", "lang": "uk"}]
    with ThreadPoolExecutor(4) as readers:
        pages = list(readers.map(lambda link: answers._rendered(link, ""), [*links, *links]))
    assert pages[0] is pages[2]
    assert pages[1] is pages[3]
    assert [page.lang for page in pages[:2]] == ["en", "uk"]
    assert len(answers.kept) == 2
    size = answers.kept.size
    assert size > sum(page.page.size for page in pages[:2]) > 0
    gc.collect()  # what earlier tests held
    held = shelves.BUDGET.held()
    answers.kept.clear()
    assert held - shelves.BUDGET.held() == size


def test_a_budget_that_is_none_ends_the_start(monkeypatch):
    monkeypatch.setenv("MAPCORE_ANSWERS_MB", "much")
    with pytest.raises(SystemExit, match="MAPCORE_ANSWERS_MB"):
        first_answer.routes()
