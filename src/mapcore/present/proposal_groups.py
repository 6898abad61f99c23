"""Proposals as a chooser lists them: those most asked for first, the others by who put them forward."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from mapcore.base.language import cached, mark, month_text, tr
from mapcore.proposals.model import Proposal, Side
from mapcore.proposals.shipped import load_proposals

#: Up to this place in the list a proposal is among those most asked for.
_LAST_ASKED_FOR: Final = 9
_SIDES: Final[dict[Side, str]] = {
    "united_states": mark("United States"),
    "united_states_ukraine": mark("Ukraine and the United States"),
    "europe": mark("Europe"),
    "talks": mark("Talks"),
    "russia": mark("Russia"),
    "ukraine": mark("Ukraine"),
    "constructed": mark("Our constructions"),
}


class Option(NamedTuple):
    """One line of the list: the id of a proposal in a link, its words, and whether it is another text of that map."""

    id: str
    words: str
    other_text: bool = False


class Group(NamedTuple):
    """Options under one heading, in the language in use."""

    label: str
    options: tuple[Option, ...]


@cached(maxsize=8)
def groups() -> tuple[Group, ...]:
    """Return the built-in proposals by group, each once; other texts with the same map lead to that map's proposal."""
    proposals = tuple(load_proposals())
    asked = [proposal for proposal in proposals if proposal.order <= _LAST_ASKED_FOR]
    found = [Group(tr("Most asked for"), tuple(map(_option, asked)))]
    for side, words in _SIDES.items():
        own = [_option(proposal) for proposal in proposals if proposal not in asked and proposal.side == side]
        found.append(Group(tr(words), (*own, *_other_texts(proposals, side))))
    return tuple(group for group in found if group.options)


def _option(proposal: Proposal) -> Option:
    return Option(proposal.id, _dated(tr(proposal.title), month_text(proposal.date)))


def _other_texts(proposals: Iterable[Proposal], side: Side) -> list[Option]:
    return [
        Option(proposal.id, _dated(tr(text.title), month_text(text.date)), other_text=True)
        for proposal in proposals
        for text in proposal.versions
        if text.side == side
    ]


def _dated(title: str, month: str) -> str:
    """Add the month to a title that names no year itself."""
    return title if re.search(r"\b20\d\d\b", title) else tr("{title} ({month})").format(title=title, month=month)
