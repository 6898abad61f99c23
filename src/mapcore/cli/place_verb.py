"""`mapcore place`: what becomes of a settlement under every proposal."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from mapcore.analysis.place_search import load_raions, search_places
from mapcore.analysis.settlements import local_names, places_in
from mapcore.base.errors import UnknownIdError
from mapcore.base.language import date_text, exact_text, language, mark, tr
from mapcore.cli.text_answers import Answer, text_table
from mapcore.land.boundaries import oblast_names
from mapcore.lines.catalogue import load_control
from mapcore.measurement.areas import Measured, measure_proposal
from mapcore.present.settlement_marks import population_text
from mapcore.proposals.shipped import load_proposals, load_statuses
from mapcore.publish.answers import found_places_content

EPILOG: Final = mark("""
Finds a settlement of 500 people or more by its Ukrainian, Latin, Russian or former name, with a slip or two, best match
first. Parameters of proposals have their defaults. In JSON, sure is false where the line, within its error, may run on
either side of the place.

examples:
  mapcore place Kramatorsk
  mapcore place Кривий Ріг
  mapcore place артемовск --limit 1 --json
""")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is searched for."""
    parser.add_argument("name", nargs="+", metavar="NAME", help=tr("name of a settlement, present or former"))
    parser.add_argument("--oblast", default="", choices=list(oblast_names()), metavar="ISO", help=tr("such as UA-14"))
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
    under = [places_in(one).loc[found.index] for one in measured]
    content = found_places_content(measured, found, under)
    shown = found.assign(name=local_names(found), far=[one["distance_km"] for one in content])
    return Answer(content, "\n\n".join(_text(row, measured, under) for row in shown.itertuples()))


def _text(place: Any, measured: Sequence[Measured], under: Sequence[pd.DataFrame]) -> str:
    statuses, line = load_statuses(), measured[0].control
    where = [tr("{oblast} oblast").format(oblast=oblast_names()[place.oblast])]
    if place.raion:
        raion = load_raions().loc[place.raion, f"name_{language()}"]
        where.insert(0, tr("{raion} raion").format(raion=raion))
    facts = [
        f"{place.name}, {', '.join(where)}",
        *(
            [tr("Former names: {names}").format(names=place.former_names.replace(";", ", "))]
            if place.former_names
            else []
        ),
        tr("Pre-war population: {count}").format(count=population_text(place.population)),
        tr("Distance to the line of {day}: {distance} km (±{error} km)").format(
            day=date_text(line.as_of), distance=exact_text(place.far), error=exact_text(line.provenance.error_km)
        ),
    ]
    rows = [
        [
            tr(one.proposal.title),
            tr(statuses[row.status].label),
            tr("within the line's error") if row.near_line else "",
        ]
        for one, rows_under in zip(measured, under, strict=True)
        for row in [rows_under.loc[place.Index]]
    ]
    return "\n".join([*facts, text_table(rows)])
