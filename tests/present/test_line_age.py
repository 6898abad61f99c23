"""The age of a line is told from its 31st day on, by one function, wherever a figure of it can be read."""

import re

import pytest
from support.asgi import Client
from support.dashboard import opened, page_text

from mapcore import load_control, load_proposal, measure_proposal
from mapcore.app.server import cards, first_answer
from mapcore.base.errors import ParameterError
from mapcore.base.language import speaking
from mapcore.base.sources import data_version
from mapcore.base.today import today
from mapcore.cli import main
from mapcore.present import line_age
from mapcore.publish.build_content import make_sheet
from mapcore.publish.citation import bibtex, citation
from mapcore.publish.embedded_view import below_map
from mapcore.publish.export import Wishes, export
from mapcore.publish.first_answer import document

AS_OF = load_control().as_of
TOLD = "361 days old on 28 November 2026"


@pytest.fixture(scope="module")
def plan():
    return measure_proposal(load_proposal("us-28-point"))


def on(monkeypatch, day):
    monkeypatch.setenv("MAPCORE_TODAY", day)


def test_a_line_is_told_by_its_date_alone_for_thirty_days(monkeypatch):
    for day, words in (
        ("2025-12-01", "Line of 2 December 2025"),
        ("2026-01-01", "Line of 2 December 2025"),
        ("2026-01-02", "Line of 2 December 2025, 31 days old"),
        ("2026-11-28", "Line of 2 December 2025, 361 days old"),
        ("2030-01-01", "Line of 2 December 2025, 1,491 days old"),
    ):
        on(monkeypatch, day)
        assert line_age.line_and_age(AS_OF) == words


@pytest.mark.parametrize(
    ("day", "words"), [("2026-11-28", "їй 361 день"), ("2026-11-29", "їй 362 дні"), ("2026-12-02", "їй 365 днів")]
)
def test_ukrainian_counts_days_by_its_own_rules(monkeypatch, day, words):
    on(monkeypatch, day)
    with speaking("uk"):
        assert line_age.line_and_age(AS_OF) == f"Лінія на 2 грудня 2025\N{NARROW NO-BREAK SPACE}р., {words}"


def test_a_day_that_is_none_is_refused_in_a_sentence(monkeypatch):
    on(monkeypatch, "yesterday")
    with pytest.raises(ParameterError, match="MAPCORE_TODAY: 'yesterday' is not a date"):
        today()


@pytest.mark.parametrize("ending", ["html", "csv", "bib"])
def test_a_file_says_the_age_on_the_day_it_was_made(plan, ending, monkeypatch):
    first = export(plan, ending, Wishes(size="social"))
    assert TOLD in " ".join(re.sub(r"<[^>]+>|\s", " ", first.decode()).split())
    on(monkeypatch, "2025-12-20")
    assert "days old" not in export(plan, ending, Wishes(size="social")).decode()


def test_what_files_are_made_of_says_it_once(plan, monkeypatch):
    sheet = make_sheet(plan)
    assert sheet.facts["line_age"] == f"The line was {TOLD}."
    assert f"The line was {TOLD}." in sheet.line
    assert sheet.about.count(TOLD) == 1
    assert TOLD in citation(sheet)
    assert TOLD in bibtex(sheet)
    assert TOLD in below_map(sheet, {})
    on(monkeypatch, "2026-11-29")
    with speaking("uk"):
        assert "Станом на 29 листопада 2026\N{NARROW NO-BREAK SPACE}р. лінії 362 дні." in make_sheet(plan).line


@pytest.mark.parametrize("page", ["map", "lines", "timeline"])
def test_every_first_answer_says_it_once_above_the_page_with_the_step_to_a_newer_one(page):
    body = document.first_answer(document.reading({"page": page})).body
    notice = re.findall(r'<p class="line-age">(.*?)</p>', body)
    assert len(notice) == 1
    assert "Line of 2 December 2025, 361 days old." in notice[0]
    if page == "lines":
        assert "below" in notice[0]
    else:
        way = re.search(r'href="\?([^"]*)"', notice[0])
        assert "page=lines" in way[1]
        assert body.index("line-age") < body.index("<main>")


def test_an_old_line_that_was_chosen_is_one_click_from_the_newest_there_is():
    body = document.first_answer(document.reading({"control": "2022-02-23", "proposal": "line-as-is"})).body
    notice = re.search(r'<p class="line-age">(.*?)</p>', body)[1]
    assert "Line of 23 February 2022, 1,739 days old." in notice
    assert "Use the line of 2 December 2025" in notice
    assert "control=" not in notice


def test_pages_of_the_site_without_scripts_name_the_day_they_were_made():
    _, body = document.standing(document.reading({"page": "claims"}), "")
    assert f"<b>Line of contact of 2 December 2025, {TOLD}</b>" in body


@pytest.mark.parametrize("page", ["methods"])
def test_every_live_page_says_it_in_the_frame_that_all_share(page, monkeypatch):
    assert page_text(opened(page=page)).count("Line of 2 December 2025, 361 days old.") == 1
    on(monkeypatch, "2025-12-20")
    assert "days old" not in page_text(opened(page=page))


def test_what_a_server_keeps_says_another_age_on_the_next_day(monkeypatch):
    monkeypatch.setattr(first_answer, "_PATIENCE_S", 60.0)
    client = Client([*first_answer.routes(), *cards.routes()])
    card = f"/card/{data_version()}.png"
    before = client.ask("/?page=claims"), client.ask(card)
    assert b"361 days old" in before[0].body
    on(monkeypatch, "2026-11-29")
    after = client.ask("/?page=claims"), client.ask(card)
    assert b"362 days old" in after[0].body
    assert b"361 days old" not in after[0].body
    assert before[1].body != after[1].body
    assert client.ask("/?page=claims", if_none_match=before[0].headers["etag"]).status == 200


def test_the_command_line_says_it_too(capsys):
    assert main.main(["areas", "us-28-point"]) == 0
    assert f"The line was {TOLD}." in capsys.readouterr().out
