"""What a browser prints of a page without a server; `test_pages` has those of the dashboard."""

from support.browser import FILLED, UPRIGHT, clean, on_paper

from mapcore import load_proposal, measure_proposal
from mapcore.publish.export import export


def test_a_page_without_a_server(open_address, tmp_path):
    file = tmp_path / "plan.html"
    file.write_bytes(export(measure_proposal(load_proposal("us-28-point")), "html"))
    visit = open_address(file.as_uri())
    visit.page.locator("path.zone").first.wait_for(state="attached")
    assert on_paper(visit, UPRIGHT) == {"cut": [], "over": [], "blank": 0, "controls": [], "maps": 1}
    assert visit.page.evaluate(FILLED)["inside"]
    visit.page.emulate_media(media="screen")
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    visit.page.wait_for_timeout(1000)
    assert visit.page.evaluate("() => window.mapcore.place()") is None
    clean(visit)
