"""A town is searched for, shown and left again, with the keyboard, and the page is never loaded anew."""

from support.browser import broken, clean, in_frame


def test_a_town_is_found_by_the_keyboard_and_the_way_back_leads_through_those_before(open_page):
    visit = open_page(path="/?proposal=us-28-point").ready()
    page = visit.page
    page.evaluate("window.stays = true")
    field = page.get_by_role("combobox", name="Find a place")
    field.fill("qqqqzz")
    page.get_by_text("No settlement has a name like this.").wait_for()
    field.fill("Slavyansk")
    option = page.locator(".town-box li")
    option.first.wait_for()
    assert option.first.inner_text().startswith("Sloviansk (Слов’янськ; Славянск)")
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == option.first.get_attribute("id")
    assert option.first.get_attribute("aria-selected") == "true"
    assert broken(page) == []
    field.press("Enter")
    page.get_by_role("heading", name="Sloviansk").wait_for()
    visit.map.locator(".found-pin span").wait_for()
    visit.settled()
    assert visit.query()["place"] == "UA14120210010032554"
    assert in_frame(visit, "document.documentElement.dataset.zoom") == "near"
    label = visit.map.locator(".found-pin span").bounding_box()
    frame = page.locator("iframe").first.bounding_box()
    # Near the middle of what the legend leaves of the map.
    assert 0.25 < (label["x"] + label["width"] / 2 - frame["x"]) / frame["width"] < 0.75
    assert broken(page) == []
    field.fill("Kramatorsk")
    field.press("Enter")
    page.get_by_role("heading", name="Kramatorsk").wait_for()
    visit.settled()
    # The name stands on its plate alone.
    assert in_frame(visit, "document.querySelectorAll('.place.searched').length") == 1
    page.go_back()
    page.get_by_role("heading", name="Sloviansk").wait_for()
    visit.settled()
    field.fill("Melitopol")
    field.press("Enter")
    page.get_by_role("heading", name="Melitopol").wait_for()
    visit.settled()
    page.go_back()
    page.get_by_role("heading", name="Sloviansk").wait_for()
    visit.settled()
    assert field.input_value() == "Sloviansk"
    page.get_by_role("button", name="Close the place").click()
    page.locator(".town").wait_for(state="detached")
    visit.settled()
    assert "place" not in visit.query()
    visit.map.locator(".found-pin").wait_for(state="detached")
    assert page.evaluate("window.stays")
    clean(visit)
