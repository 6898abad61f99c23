"""`mapcore place`: what becomes of a settlement under every proposal."""

from __future__ import annotations

import argparse
from typing import Final

from mapcore.analysis.place_answers import PlaceAnswer, place_answers, places_by_key
from mapcore.analysis.place_search import search_places
from mapcore.base.errors import UnknownIdError
from mapcore.base.language import mark, tr
from mapcore.base.schema import UNITS
from mapcore.cli.text_answers import Answer, text_table
from mapcore.lines.catalogue import load_control
from mapcore.measurement.areas import measure_proposal
from mapcore.present import place_words
from mapcore.present.wording import recognition_words, regime_words
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposals
from mapcore.publish.answers import place_content

EPILOG: Final = mark("""
Finds a settlement of 500 people or more by its Ukrainian, Latin, Russian or former name, with a slip or two, best match
first. Parameters of proposals have their defaults. In JSON, sure is false where the status may be another within the
line's error, and distance_km is to the nearest land that another holds: to the line, now or as a proposal draws it.

examples:
  mapcore place Kramatorsk
  mapcore place Кривий Ріг
  mapcore place артемовск --limit 1 --json
""")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is searched for."""
    parser.add_argument("name", nargs="+", metavar="NAME", help=tr("name of a settlement, present or former"))
    parser.add_argument("--oblast", default="", choices=list(UNITS), metavar="ISO", help=tr("such as UA-14"))
    text = tr("how many settlements at most (default: %(default)s)")
    parser.add_argument("--limit", type=int, default=3, metavar="N", help=text)


def place_answer(arguments: argparse.Namespace) -> Answer:
    """
    Say what the settlements that a name may mean are under every proposal.

    Raises
    ------
    UnknownIdError
        If no settlement has a name like it.
    """
    name = " ".join(arguments.name)
    found = search_places(name, oblast=arguments.oblast, limit=max(1, arguments.limit))
    if found.empty:
        sentence = tr(
            "no settlement has a name like '{name}'; check its spelling, or search for a larger place near it"
        )
        raise UnknownIdError(sentence.format(name=name))
    control = load_control(arguments.control)
    measured = [measure_proposal(proposal, control=control) for proposal in load_proposals()]
    known = places_by_key()
    answers = place_answers([known[str(place_id)] for place_id in found["id"]], measured)
    return Answer(list(map(place_content, answers)), "\n\n".join(map(_text, answers)))


def _text(answer: PlaceAnswer) -> str:
    rows = [
        [
            viewer.title_of(under.measured.proposal),
            tr(under.status.label),
            recognition_words()[under.status.recognised],
            regime_words()[under.status.regime],
            place_words.km_text(under.distance_km),
            place_words.doubt(under),
        ]
        for under in answer.under
    ]
    head = [tr("Proposal"), tr("Status"), tr("Recognised as"), tr("Regime"), tr("To the line"), ""]
    return "\n".join([
        f"{answer.place.name}, {place_words.where(answer.place)}",
        f"{place_words.finding(answer)}.",
        *(f"{label}: {words}" for label, words in place_words.facts(answer)),
        text_table([head, *rows], right=(4,)),
        place_words.credit(answer.control),
    ])  # fmt: skip
