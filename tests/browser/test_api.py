"""The API in a browser: its page breaks no rule of access, and a page of another site reads the answers."""

from support.browser import broken, clean


def test_the_page_breaks_no_rule_and_fits_a_phone(open_page):
    visit = open_page(path="/api/v1/")
    assert broken(visit.page) == []
    visit.page.get_by_role("link", name="Українська").click()
    assert visit.page.get_by_role("heading", level=1).inner_text() == "Дані за адресою"
    visit.page.emulate_media(color_scheme="dark")
    visit.page.set_viewport_size({"width": 390, "height": 900})
    assert broken(visit.page) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    clean(visit)


def test_a_page_of_another_site_reads_answers_and_their_headers(open_address, serve, app_url, tmp_path):
    (tmp_path / "article.html").write_text("<!doctype html><title>An article</title>", encoding="utf-8")
    visit = open_address(f"{serve(tmp_path)}/article.html")
    read = """async address => {
        const table = {Accept: "text/csv"};
        const answer = await fetch(address, {headers: table});
        const again = await fetch(address, {headers: {...table, "If-None-Match": answer.headers.get("ETag")}});
        return [answer.status, answer.headers.get("Data-Version").length, (await answer.text()).split("\\n")[0],
                again.status];
    }"""
    found = visit.page.evaluate(read, f"{app_url}/api/v1/proposals")
    assert found == [200, 12, "id,title,by,date,standing,outcome", 304]
    assert visit.outside == []
