"""Where a view stands in a copy of the static site, if it does; and where its figures are for programs."""

import pytest

from mapcore import compare, load_control, load_proposal, measure_proposal
from mapcore.base.language import speaking
from mapcore.present.links import View
from mapcore.proposals import viewer
from mapcore.publish import data_addresses, site_stubs
from mapcore.publish.site_link import site_link
from mapcore.publish.view_content import Chosen

SITE = "https://maps.example.org/copy/"
PLAN, BUFFER = load_proposal("us-28-point"), load_proposal("donetsk-narrow-buffer")


def measured(proposal=PLAN, **parameters):
    return measure_proposal(proposal, parameters=parameters)


@pytest.mark.parametrize("lang", ["en", "uk"])
def test_a_view_as_it_opens_has_a_page_of_its_own_which_knows_itself_by_that_address(lang):
    with speaking(lang):
        assert site_link(measured(), Chosen(), SITE) == site_stubs.head(measured(), SITE, "").address


@pytest.mark.parametrize(("subject", "chosen", "start"), [
    (measured, Chosen(units="mi2"), "?proposal=us-28-point&control=2025-12-02&units=mi2&"),
    (measured, Chosen(place=(48.2, 37.6, 8.0)), "?proposal=us-28-point&control=2025-12-02&"),
    (
        lambda: measured(BUFFER, depth_km=40), Chosen(),
        "?proposal=donetsk-narrow-buffer&control=2025-12-02&depth_km=40&",
    ),
    (lambda: compare(measured(), measured(BUFFER)), Chosen(), "?page=compare&compare=donetsk-narrow-buffer&proposal="),
], ids=["units", "place", "parameter", "comparison"])  # fmt: skip
def test_another_view_is_a_link_to_the_site_s_first_page(subject, chosen, start):
    assert site_link(subject(), chosen, SITE).startswith(SITE + start)


@pytest.mark.parametrize(("subject", "chosen"), [
    (lambda: measure_proposal(PLAN, control=load_control("2022-02-23")), Chosen()),
    (lambda: measured(viewer.start_from(PLAN, PLAN.date)), Chosen()),
    (lambda: compare(measured(), measured(BUFFER)), Chosen(over="holder")),
    (lambda: compare(measured(), measured(BUFFER, depth_km=40)), Chosen()),
], ids=["line", "own", "question", "comparison of a parameter"])  # fmt: skip
def test_what_the_site_does_not_have_has_no_address_there(subject, chosen):
    assert site_link(subject(), chosen, SITE) == ""


@pytest.mark.parametrize("view", [
    View(page="own"), View(proposal="own"), View(page="compare", compare="own"), View(control="session-2025-11-20"),
], ids=["own page", "own", "compared with own", "line of a session"])  # fmt: skip
def test_what_a_viewer_made_is_answered_at_no_address(view):
    assert data_addresses.of_view(view, SITE) == {}
