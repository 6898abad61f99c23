"""Pages without a server, the static site, the panels at the map and the embedded view, in Chromium."""

import html
import json
import re
import zipfile
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from support.browser import broken
from support.formats import BOM, read, well_formed
from support.subjects import few

from mapcore import compare, load_proposal, measure_proposal
from mapcore.base.data_files import WEB_DIR
from mapcore.base.errors import ExportError
from mapcore.base.language import languages, speaking, tr
from mapcore.base.sources import data_version
from mapcore.present.wording import unit_labels
from mapcore.publish import site
from mapcore.publish.export import Wishes, export
from mapcore.publish.site import build_site, write_site
from mapcore.publish.web_page_words import page_words


@pytest.fixture(scope="module")
def files():
    return build_site(proposals=few())


@pytest.fixture(scope="module")
def folder(files, tmp_path_factory):
    base = tmp_path_factory.mktemp("host") / "a folder" / "maps"
    for name, content in files.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return base


def shown(visit, key):
    visit.page.locator(f'html[data-shown="{key}"]').wait_for(state="attached", timeout=30_000)


def query(visit):
    return {key: value[0] for key, value in parse_qs(urlsplit(visit.page.url).query).items()}


def clean(visit):
    assert visit.errors == []
    assert visit.outside == []


def test_the_site_holds_every_view(files):
    assert "index.html" in files
    for code in languages():
        assert {f"data/{code}/proposals/{one.id}.js" for one in few()} <= set(files)
        assert f"data/{code}/proposals/donetsk-narrow-buffer--depth_km-40.js" in files
        assert f"data/{code}/proposals/donetsk-narrow-buffer--depth_km-30.js" not in files
        assert len([name for name in files if name.startswith(f"data/{code}/compare/")]) == 6
        assert len([name for name in files if name.endswith(f"-{code}.pdf")]) == (0 if code == "en" else 3)
    about = json.loads(files["mapcore-site.json"])
    assert about["data_version"] == data_version()
    assert len(about["figures"]["us-28-point"]) == 6
    assert not any(b"://unpkg" in content or b"://cdn" in content for content in files.values())


def test_the_site_has_the_same_bytes_each_time(files):
    assert build_site(proposals=few()) == files


def test_the_site_holds_wound_shapes(files):
    shapes = [content for name, content in files.items() if name.startswith("data/shapes-")]
    assert len(shapes) >= 2
    for content in shapes:
        told = json.loads(content.decode().split(",", 1)[1].rsplit(");", 1)[0])
        well_formed(told)
    tables = {name: content for name, content in files.items() if name.endswith((".csv", ".geojson"))}
    assert len(tables) == 2 * len(few()) * len(languages())
    for name, content in tables.items():
        if name.endswith(".csv"):
            assert content.startswith(BOM)
            assert len(read(content)) > 20
        else:
            well_formed(json.loads(content))


def test_the_page_of_a_proposal_is_light(files):
    first = ["uk.html", "data/base.js", "data/uk/places.js", "data/uk/proposals/us-28-point.js", "assets/uk.js"]
    first += [f"assets/{name}" for name in (*site.SCRIPTS, *site.STYLES)]
    shapes = max(len(content) for name, content in files.items() if name.startswith("data/shapes-"))
    tips = max(len(content) for name, content in files.items() if name.startswith("data/uk/tips-"))
    assert sum(len(files[name]) for name in first) + shapes + tips < 675_000
    differing = [len(content) for content in files.values() if b'"differs"' in content[:200]]
    assert differing
    assert max(differing) < 60_000


def test_the_site_spares_other_folders(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match="is not a copy of the site"):
        write_site(tmp_path / "other", proposals=few()[:1])
    with pytest.raises(ExportError, match="no proposal to show"):
        build_site(proposals=[])


@pytest.mark.parametrize("place", ["disk", "host"])
def test_the_site_works_from_a_disk_and_from_any_host(open_address, serve, folder, place):
    address = (folder / "index.html").as_uri() if place == "disk" else f"{serve(folder.parent)}/maps/"
    visit = open_address(f"{address}?proposal=donetsk-narrow-buffer&depth_km=40&units=mi2")
    shown(visit, "proposals/donetsk-narrow-buffer--depth_km-40")
    assert visit.page.locator("path.zone-narrow_buffer").count() >= 1
    assert visit.page.locator("path.base-border").count() == 1
    assert visit.page.locator("path.contact-line").count() == 1
    assert "sq mi" in visit.page.locator("#ledger").inner_text()
    visit.page.select_option("#proposal", "us-28-point")
    shown(visit, "proposals/us-28-point")
    assert query(visit)["proposal"] == "us-28-point"
    field = visit.page.get_by_role("combobox", name="Find a place")
    field.fill("артемовск")
    visit.page.locator(".town-box li").first.wait_for()
    field.press("Enter")
    visit.page.get_by_role("heading", name="Bakhmut").wait_for()
    visit.page.locator(".found-pin span").wait_for()
    assert query(visit)["place"] == "UA14020010010059145"
    visit.page.get_by_role("button", name="Close the place").click()
    visit.page.locator(".town").wait_for(state="detached")
    assert "place" not in query(visit)
    assert query(visit)["units"] == "mi2"
    assert "depth_km" not in query(visit)
    visit.page.check("#comparing")
    shown(visit, "compare/us-28-point--line-as-is")
    assert query(visit)["page"] == "compare"
    assert "Under B" in visit.page.locator("#zones").inner_text()
    visit.page.locator("#legend", has_text="A and B alike").wait_for()
    visit.page.select_option("#compare", "us-28-point")
    visit.page.locator("#notices", has_text="changes nothing").wait_for()
    visit.page.go_back()
    shown(visit, "compare/us-28-point--line-as-is")
    visit.page.go_back()
    shown(visit, "proposals/us-28-point")
    clean(visit)


@pytest.mark.parametrize("place", ["disk", "host"])
def test_a_page_of_the_site_runs_its_own_scripts_and_no_others(open_address, serve, folder, place):
    address = (folder / "index.html").as_uri() if place == "disk" else f"{serve(folder.parent)}/maps/"
    visit = open_address(address)
    shown(visit, "proposals/us-28-point")
    clean(visit)
    visit.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x: onerror=\"window.broken = 1\">')")
    visit.page.evaluate(
        "() => document.body.append(Object.assign(document.createElement('script'), {text: 'broken = 1'}))"
    )
    visit.page.evaluate("() => fetch('/anything').catch(() => {})")
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate("window.broken") is None
    assert len([error for error in visit.errors if "Content Security Policy" in error]) >= 3


def test_every_page_of_the_site_has_its_policy(files):
    pages = [name for name in files if name.endswith(".html")]
    assert len(pages) > 1
    for name in pages:
        head = files[name].decode().split("<script>")[0]
        policy = re.search('http-equiv="Content-Security-Policy" content="([^"]+)"', head)
        assert policy
        assert "default-src &#39;none&#39;" in policy[1]
        assert "unsafe-eval" not in policy[1]
        assert "unsafe-inline" not in policy[1].split("script-src")[1].split(";")[0]


def test_the_site_reads_the_dashboard_s_links_and_says_what_it_cannot_show(open_address, folder):
    address = (folder / "index.html").as_uri()
    visit = open_address(f"{address}?proposal=nobody&units=acres&v=old&lat=48.2&lon=37.6&zoom=8&control=1991-12-01")
    shown(visit, "proposals/us-28-point")
    told = visit.page.locator("#notices").inner_text()
    for words in ("a proposal that is not here", "a unit that is not known", "another version", "a line of contact"):
        assert words in told
    assert visit.page.locator(".leaflet-control-scale-line").first.inner_text() == "30\u00a0km"
    visit.page.wait_for_function(
        "new URL(location).searchParams.get('zoom') === '8' || location.search.includes('zoom=8')"
    )
    clean(visit)


def home_zoom(visit):
    return -visit.page.evaluate("mapcoreView.closer(0)")


def test_a_click_on_the_site_s_map_opens_details_and_a_link_keeps_them(open_address, folder):
    visit = open_address((folder / "index.html").as_uri())
    shown(visit, "proposals/us-28-point")
    near = home_zoom(visit)
    whole = visit.page.locator("button.locator")
    whole.click()
    visit.page.wait_for_function("location.search.includes('frame=country')")
    assert home_zoom(visit) < near
    country = open_address(visit.page.url)
    shown(country, "proposals/us-28-point")
    assert home_zoom(country) == home_zoom(visit)
    whole.click()
    visit.page.wait_for_function("!location.search.includes('frame=')")
    assert home_zoom(visit) == near
    visit.page.locator("path.zone-buffer").click()
    visit.page.locator("#details", has_text="Clause 21d").wait_for()
    assert query(visit)["zone"] == "UA-14.ukraine"
    again = open_address(visit.page.url)
    again.page.locator("#details", has_text="Clause 21d").wait_for()
    assert again.page.locator("path.zone-buffer.chosen").count() == 1
    clean(again)


def test_a_link_in_ukrainian_opens_the_page_in_ukrainian_and_back(open_address, serve, folder):
    visit = open_address(f"{serve(folder.parent)}/maps/?lang=uk&proposal=donetsk-narrow-buffer&depth_km=40&units=mi2")
    shown(visit, "proposals/donetsk-narrow-buffer--depth_km-40")
    assert visit.page.url.split("?")[0].endswith("/maps/uk.html")
    assert visit.page.locator("html").get_attribute("lang") == "uk"
    assert query(visit)["lang"] == "uk"
    with speaking("uk"):
        for words in (tr("Line of contact"), tr("Units"), tr("All proposals"), unit_labels()["mi2"]):
            assert words in visit.page.locator("body").inner_text()
    asked = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.page.select_option("#proposal", "us-28-point")
    shown(visit, "proposals/us-28-point")
    assert asked
    assert not [url for url in asked if "/en/" in url]
    visit.page.click("#languages a[data-lang=en]")
    shown(visit, "proposals/us-28-point")
    assert visit.page.locator("html").get_attribute("lang") == "en"
    assert "lang" not in query(visit)
    assert query(visit)["units"] == "mi2"
    clean(visit)


def test_the_page_s_script_has_no_words_of_its_own():
    scripts = "".join(path.read_text(encoding="utf-8") for path in (WEB_DIR / "page").glob("*.js"))
    assert set(re.findall(r'word\("(\w+)"', scripts)) <= set(page_words())
    texts = re.findall(r"[\"`]([^\"`]*)[\"`]", re.sub(r"//[^\n]*|/\*\*.*?\*/", "", scripts, flags=re.DOTALL))
    assert [text for text in texts if re.search(r"[A-Z][a-z]+ [a-z]|[a-z]{3} [a-z]{2} ", text)] == []


def test_every_word_of_the_page_is_used():
    used = "".join(path.read_text(encoding="utf-8") for path in (WEB_DIR / "page").iterdir())
    assert [name for name in page_words() if f'"{name}"' not in used and f"words.{name}" not in used] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["index.html", "uk.html"])
def test_the_site_on_a_phone(open_address, folder, scheme, page):
    visit = open_address((folder / page).as_uri(), width=390, height=844, color_scheme=scheme)
    shown(visit, "proposals/us-28-point")
    assert visit.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert visit.page.evaluate("document.documentElement.dataset.theme") == scheme
    visit.page.click("#theme")
    assert visit.page.evaluate("document.documentElement.dataset.theme") != scheme
    clean(visit)


def test_one_file_keeps_the_language_the_units_and_the_place(open_address, tmp_path):
    page = tmp_path / "map.html"
    with speaking("uk"):
        wishes = Wishes(units="mi2", place=(48.2, 37.6, 8.0))
        page.write_bytes(export(measure_proposal(load_proposal("us-28-point")), "html", wishes))
        label = tr("Line of contact")
    visit = open_address(page.as_uri())
    shown(visit, "us-28-point")
    assert visit.page.locator("html").get_attribute("lang") == "uk"
    assert label in visit.page.locator("#legend").inner_text()
    assert visit.page.locator("#units").input_value() == "mi2"
    assert visit.page.locator("#languages").count() == 0
    assert visit.page.evaluate("mapcore.place().zoom") == 8
    clean(visit)


@pytest.mark.parametrize("name", ["maps/index.html", "one.html"])
def test_pages_without_a_server_break_no_rule(open_address, serve, folder, tmp_path, name):
    if name == "one.html":
        (tmp_path / name).write_bytes(export(measure_proposal(load_proposal("us-28-point")), "html"))
    visit = open_address(f"{serve(tmp_path if name == 'one.html' else folder.parent)}/{name}")
    visit.page.locator("html[data-shown]").wait_for(state="attached")
    assert broken(visit.page) == []
    visit.page.get_by_role("button", name="Dark").click()
    visit.page.set_viewport_size({"width": 390, "height": 900})
    visit.page.wait_for_timeout(300)
    assert broken(visit.page) == []
    clean(visit)


@pytest.mark.parametrize("compared", [False, True], ids=["proposal", "comparison"])
def test_one_file_opens_from_a_disk_and_asks_for_nothing(open_address, tmp_path, compared):
    subject = measure_proposal(load_proposal("us-28-point"))
    if compared:
        subject = compare(measure_proposal(load_proposal("russia-claim")), subject)
    page = tmp_path / "map.html"
    page.write_bytes(export(subject, "html"))
    visit = open_address("about:blank")
    asked = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.page.goto(page.as_uri())
    shown(visit, "comparison" if compared else "us-28-point")
    assert visit.page.locator("path.zone-alike" if compared else "path.zone-buffer").count() >= 1
    assert visit.page.locator("path.base-border").count() == 1
    visit.page.select_option("#units", "mi2")
    assert "sq mi" in visit.page.locator("#ledger").inner_text()
    assert asked == [page.as_uri()]
    clean(visit)


def panel(visit, name):
    """Open one of the panels at the map."""
    visit.page.locator(f".st-key-panel_{name} button").click()
    visit.page.locator(f".st-key-panel_{name}_content").locator("textarea, a").first.wait_for()
    return visit.settled().page.locator(f".st-key-panel_{name}_content")


def test_download_offers_each_file_when_it_is_opened(open_page):
    visit = open_page(path="/?units=mi2", width=390, height=844).ready()
    assert visit.page.locator(".st-key-publish-png").count() == 0
    download = panel(visit, "download")
    box = download.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    for ending, start in (("xlsx", b"PK"), ("pdf", b"%PDF"), ("png", b"\x89PNG")):
        with visit.page.expect_download(timeout=60_000) as waiting:
            visit.page.locator(f".st-key-publish-{ending} button").click()
        assert waiting.value.suggested_filename.endswith(f".{ending}")
        with open(waiting.value.path(), "rb") as file:  # noqa: PTH123
            content = file.read()
        assert content.startswith(start)
        if ending == "xlsx":
            assert zipfile.ZipFile(BytesIO(content)).testzip() is None
    assert "/api/v1/areas.csv?proposal=us-28-point" in download.locator("textarea").input_value()
    assert "embed=true" in panel(visit, "embed").locator("textarea").input_value()
    assert "@misc" in panel(visit, "share").locator("textarea").last.input_value()
    clean(visit)


def test_the_snippet_shows_the_view_on_another_page(open_address, app_url, serve, tmp_path):
    from mapcore.publish.embed import snippet as embed_snippet

    snippet = embed_snippet(f"{app_url}/?proposal=ukraine-1991&units=mi2", 'A "title"')
    (tmp_path / "article.html").write_text(f"<!doctype html><h1>An article</h1>{snippet}", encoding="utf-8")
    visit = open_address(f"{serve(tmp_path)}/article.html")
    inside = visit.page.frame_locator("iframe")
    chart = inside.frame_locator('iframe[title="streamlit_folium.st_folium"]')
    chart.locator('html[data-shown="ukraine-1991"]').wait_for(state="attached", timeout=60_000)
    assert chart.locator("path.zone-returned").count() > 0
    inside.get_by_text("sq mi").first.wait_for()
    assert inside.locator(".st-key-choose_proposal, .head").count() == 0
    clean(visit)


def test_the_panels_of_the_compare_page_give_the_difference_map_in_the_view_s_language(open_page):
    visit = open_page(path="/?page=compare&question=recognised&lang=uk&lat=48.250&lon=37.600&zoom=8").settled()
    panel(visit, "download")
    with visit.page.expect_download(timeout=60_000) as waiting:
        visit.page.locator(".st-key-publish-geojson button").click()
    with open(waiting.value.path(), "rb") as file:  # noqa: PTH123
        about = json.load(file)["mapcore"]
    assert (about["proposal"], about["compare"], about["language"]) == ("us-28-point", "line-as-is", "uk")
    snippet = html.unescape(panel(visit, "embed").locator("textarea").input_value())
    asked = {
        key: value[0] for key, value in parse_qs(urlsplit(re.search('<iframe src="([^"]*)"', snippet)[1]).query).items()
    }
    wanted = {"page": "compare", "question": "recognised", "lang": "uk", "lat": "48.250", "zoom": "8", "embed": "true"}
    assert wanted.items() <= asked.items()
    clean(visit)
