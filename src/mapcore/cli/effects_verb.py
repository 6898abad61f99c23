"""`mapcore effects`: what proposals do to the land, beyond km²."""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import Final

from mapcore.base.language import mark, tr
from mapcore.cli.text_answers import Answer, text_table
from mapcore.lines.catalogue import load_control
from mapcore.measurement.areas import Measured
from mapcore.present import line_age
from mapcore.present.effect_words import GROUPS, effect_rows
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_proposal, load_proposals
from mapcore.publish.answers import measure_together
from mapcore.publish.effect_answers import effects_content

EPILOG: Final = mark("""
Counts connected pieces of land and pockets, lengths of the line and of the edges of zones, how far the line moves back,
settlements that change hands and their people, towns of 10,000 and more near the line, and civil objects by who holds
them. The range comes from moving the whole line of contact by its error, outwards and inwards. In JSON, a figure that
the text does not specify is null.

examples:
  mapcore effects us-28-point
  mapcore effects us-28-point line-as-is --json | jq '.[] | select(.measure == "line_length")'
""")


def with_arguments(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Return the parser of the verb with which proposals are asked about."""
    parser.add_argument("proposals", nargs="*", metavar="PROPOSAL", help=tr("ids of proposals (default: all)"))
    return parser


def effects_answer(arguments: argparse.Namespace, parameters: dict[str, float]) -> Answer:
    """Say what proposals do to the land."""
    proposals = [load_proposal(chosen_id) for chosen_id in dict.fromkeys(arguments.proposals)] or list(load_proposals())
    measured = measure_together(proposals, control=load_control(arguments.control), parameters=parameters)
    return Answer(effects_content(measured), "\n\n\n".join(map(_text, measured)))


def _text(measured: Measured) -> str:
    head = f"{viewer.title_of(measured.proposal)}\n{line_age.dated(measured.control.as_of)}"
    tables = [
        text_table([[tr(GROUPS[group]), tr("now"), tr("after")], *([row.label, row.now, row.after] for row in rows)])
        for group, rows in groupby(effect_rows(measured, "km2"), key=lambda row: row.group)
    ]
    return "\n\n".join([head, *tables, tr(measured.control.provenance.attribution)])
