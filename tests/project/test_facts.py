"""The data agree with themselves: what one file says of another, and what a status says of its proposal."""

import csv
import re
import tomllib
from datetime import date

import pytest
from support.paths import ROOT

from mapcore import load_proposals
from mapcore.analysis.claims import load_claims
from mapcore.analysis.known_areas import load_known_areas
from mapcore.analysis.timeline import load_timeline
from mapcore.base.data_files import geo_path
from mapcore.proposals.shipped import load_proposal, load_statuses

PROPOSALS = {proposal.id: proposal for proposal in load_proposals()}
CLAIMS = {claim.id: claim for claim in load_claims()}
#: What a file writes of a side of which a search found no answer.
NO_ANSWER = "No answer"


def official_areas():
    with geo_path("oblasts_attributes.csv").open(encoding="utf-8", newline="") as rows:
        return {row["name_en"]: float(row["official_area_km2"]) for row in csv.DictReader(rows)}


def words_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("proposal", PROPOSALS.values(), ids=PROPOSALS)
def test_each_proposal_says_when_it_was_reviewed_and_up_to_which_day_its_sources_go(proposal):
    assert proposal.date <= proposal.reviewed_on
    assert date(2022, 1, 1) < proposal.newest_source <= proposal.reviewed_on


def test_the_page_on_proposals_knows_the_newest_source():
    newest = max(proposal.newest_source for proposal in PROPOSALS.values())
    assert f"source is of {newest.day} {newest:%B %Y}" in " ".join(words_of("docs/proposals.md").split())


@pytest.mark.parametrize("proposal", PROPOSALS.values(), ids=PROPOSALS)
def test_each_proposal_names_the_reactions_of_those_who_did_not_make_it(proposal):
    if "mapcore" in proposal.by:
        assert proposal.reactions == (), "nobody can have answered what nobody has put forward"
        return
    names = " ".join(reaction.by for reaction in proposal.reactions)
    assert {side for side in ("Ukraine", "Russia") if side not in proposal.by} <= set(re.findall(r"\w+", names))
    assert len(proposal.reactions) >= 2
    for reaction in proposal.reactions:
        assert bool(reaction.source) != reaction.text.startswith(NO_ANSWER) or "Geneva" in reaction.text


@pytest.mark.parametrize("proposal", PROPOSALS.values(), ids=PROPOSALS)
def test_no_status_says_of_recognition_what_the_file_calls_unspecified(proposal):
    recognised = {load_statuses()[rule.status].recognised for rule in proposal.rules}
    if any("no recognition" in line for line in proposal.unspecified):
        assert recognised == {"unspecified"}
    clauses = " ".join(clause.text for clause in proposal.clauses)
    assert ("russia_internationally" in recognised) == ("internationally recognised as Russian" in clauses)


def test_a_status_whose_recognition_is_open_does_not_deny_it():
    for status in load_statuses().values():
        if status.recognised == "unspecified":
            assert not re.search(r"not recognised|no part of it|not part of it", status.sentence + status.label), (
                status.id
            )


def test_each_proposal_of_the_timeline_is_dated_as_its_file():
    entries = load_timeline()
    first = entries[0].date
    for proposal in PROPOSALS.values():
        if proposal.date >= first:
            assert proposal.date in {entry.date for entry in entries if entry.proposal == proposal.id}, proposal.id


def test_who_made_the_plan_is_told_alike_on_the_timeline_and_in_its_file():
    draft = next(entry for entry in load_timeline() if entry.id == "draft-known")
    maker = load_proposal(draft.proposal).by
    assert "in consultation with Russia" in maker
    assert "in consultation with Russia" in draft.text


def test_a_share_fits_the_area_that_it_is_said_to_fit():
    share, total = CLAIMS["deepstate-share"], CLAIMS["deepstate-total"]
    base = float(re.search(r"fits about ([\d,]+) km²", share.definition)[1].replace(",", ""))
    assert abs(100 * total.stated / base - share.stated) <= share.rounding


def test_how_many_times_as_large_a_net_is_follows_from_the_shares():
    areas = official_areas()

    def held(name, by):
        share = CLAIMS[f"deepstate-{name.lower()}"].stated
        return areas[name] * (share if by == "russia" else 100 - share) / 100

    left = sum(held(name, "ukraine") for name in ("Donetsk", "Luhansk"))
    returned = sum(held(name, "russia") for name in ("Kharkiv", "Sumy", "Dnipropetrovsk"))
    net = CLAIMS["afp-net"]
    times = float(re.search(r"about ([\d.]+) times", net.differs_because)[1])
    assert (left - returned) / net.stated == pytest.approx(times, abs=0.05)


def test_the_page_on_the_line_shows_the_published_shares():
    shares = dict(re.findall(r"\| (\w+) \| [\d.]+ \| ([\d.]+)(?= \|)", words_of("docs/line.md")))
    for name in ("Donetsk", "Luhansk", "Zaporizhzhia", "Kherson", "Kharkiv", "Sumy", "Dnipropetrovsk"):
        assert float(shares[name]) == CLAIMS[f"deepstate-{name.lower()}"].stated, name


def test_official_areas_are_those_of_the_page_that_cites_them():
    rows = re.findall(r"\| UA-\d\d \| ([\w\- ]+) \| ([\d,]+) \|", words_of("docs/boundaries.md"))
    cited = {name: float(area.replace(",", "")) for name, area in rows}
    assert cited == official_areas()
    assert f"{sum(cited.values()):,.0f} km²" in words_of("docs/boundaries.md")
    files = tomllib.loads(words_of("geo/sources.toml"))["file"]
    origin = next(file["origin"] for file in files if file["path"] == "oblasts_attributes.csv")
    assert "Wikipedia" in origin
    assert "Wikipedia" in words_of("docs/boundaries.md")


def test_a_frozen_conflict_says_what_became_of_people_economy_and_troops():
    precedents = {area.id: area for area in load_known_areas() if area.precedent}
    for area in precedents.values():
        assert [one.topic for one in area.became] == ["people", "economy", "troops"], area.id
        assert all(re.search(r"\b(?:19|20)\d\d\b", one.text) for one in area.became), area.id
        assert all(one.source.startswith("https://") for one in area.became), area.id
    for name in ("abkhazia", "south-ossetia"):
        assert "most of it" in precedents[name].status
        assert "all of it since August 2008" in precedents[name].status
