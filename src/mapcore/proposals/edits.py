"""Changes that a viewer makes to the ordered rules of a proposal; each returns a new proposal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from mapcore.base.language import exact_text, tr, trc, trn
from mapcore.base.schema import DEFAULT_STATUS, UNITS
from mapcore.proposals.model import Proposal, Ring, Rule, load_statuses
from mapcore.proposals.outlines import check_ring

#: Statuses whose sentence speaks of land that the other side holds now.
_OTHER_SIDE: Final = {"ukraine": {"returned", "frozen", "held", "open"}, "russia": {"retained"}}
_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d+)?")


def choices(holder: str) -> list[str]:
    """Return the statuses that land held now by `holder` can have, its own default first."""
    default = DEFAULT_STATUS[holder]
    return [default, *(name for name in load_statuses() if name not in {default, *_OTHER_SIDE[holder]})]


def is_whole(rule: Rule) -> bool:
    """Whether a rule takes whole pieces: no distance, no outline."""
    return rule.within_km is None and rule.inside is None


def _whole_rules(rules: tuple[Rule, ...], oblast: str, holder: str) -> list[int]:
    return [
        index
        for index, rule in enumerate(rules)
        if is_whole(rule) and (rule.oblasts is None or oblast in rule.oblasts) and rule.held_by in {None, holder}
    ]


def status_of(proposal: Proposal, oblast: str, holder: str) -> str:
    """Return what a piece of land is where no buffer and no drawn zone comes first."""
    indices = _whole_rules(proposal.rules, oblast, holder)
    return proposal.rules[indices[0]].status if indices else DEFAULT_STATUS[holder]


def set_status(proposal: Proposal, oblast: str, holder: str, status: str) -> Proposal:
    """
    Give a piece of land a status, below the buffers and drawn zones that come before its present rule.

    A rule for this piece alone is changed in place, or goes when the rules below already say the same; a rule that
    also speaks of other land gets the new one before it.
    """
    rules = proposal.rules
    indices = _whole_rules(rules, oblast, holder)
    if status == status_of(proposal, oblast, holder):
        return proposal
    rule = Rule(status, "", (oblast,), holder, None, "")
    if indices and (rules[indices[0]].oblasts, rules[indices[0]].held_by) == ((oblast,), holder):
        first = indices[0]
        below = rules[indices[1]].status if len(indices) > 1 else DEFAULT_STATUS[holder]
        kept = () if below == status else (rule,)
        return replace(proposal, rules=(*rules[:first], *kept, *rules[first + 1 :]))
    first = indices[0] if indices else len(rules)
    return replace(proposal, rules=(*rules[:first], rule, *rules[first:]))


def swap(proposal: Proposal, ukraine_leaves: str, russia_leaves: str) -> Proposal:
    """Have Ukraine leave its part of one oblast, then Russian de facto, for Russia's part of another, which returns."""
    return set_status(set_status(proposal, ukraine_leaves, "ukraine", "de_facto"), russia_leaves, "russia", "returned")


def add_buffer(
    proposal: Proposal, depth_km: float, *, held_by: str | None, status: str, oblasts: tuple[str, ...] = ()
) -> Proposal:
    """Put a band along the line before all other rules: on the side of one holder, or on both."""
    rule = Rule(status, "", oblasts or None, held_by, float(depth_km), "")
    return replace(proposal, rules=(rule, *proposal.rules))


def add_drawn(proposal: Proposal, ring: Ring, *, held_by: str | None, status: str) -> Proposal:
    """Put the land within a drawn outline before all other rules: what one holder has of it now, or all."""
    return replace(proposal, rules=(Rule(status, "", None, held_by, None, "", (ring,)), *proposal.rules))


def outline_of(proposal: Proposal, picked: int) -> tuple[int, Ring] | None:
    """Return the index of a rule that is one drawn outline, and the outline: of the picked rule, else of the first."""
    drawn = {at: rule.inside[0] for at, rule in enumerate(proposal.rules) if rule.inside and len(rule.inside) == 1}
    index = picked if picked in drawn else min(drawn, default=None)
    return None if index is None else (index, drawn[index])


def move_outline(proposal: Proposal, index: int, ring: Ring) -> Proposal:
    """Give a rule that is a drawn outline another one; all else that it says stays."""
    rules = list(proposal.rules)
    rules[index] = replace(rules[index], inside=(ring,))
    return replace(proposal, rules=tuple(rules))


def move_rule(proposal: Proposal, index: int, by: int) -> Proposal:
    """Move a rule up (negative) or down; at the end of the list it stays."""
    rules = list(proposal.rules)
    rules.insert(max(0, min(len(rules) - 1, index + by)), rules.pop(index))
    return replace(proposal, rules=tuple(rules))


def delete_rule(proposal: Proposal, index: int) -> Proposal:
    """Take a rule away."""
    return replace(proposal, rules=(*proposal.rules[:index], *proposal.rules[index + 1 :]))


def read_corners(text: str) -> Ring:
    """
    Read an outline from lines of longitude and latitude, and close it.

    Raises
    ------
    ProposalError
        If a line has not two numbers, or the outline is one that a proposal's file could not have.
    """
    points = [[float(number) for number in _NUMBER.findall(line)] for line in text.splitlines() if line.strip()]
    if points and points[0] != points[-1]:
        points.append(points[0])
    return check_ring(points, name=tr("corners"))


def rule_words(rule: Rule) -> str:
    """Return the land that a rule speaks of, in words, such as ``Donetsk, held now by Ukraine, within 10 km``."""
    named = ", ".join(trc("oblast", UNITS[oblast]) for oblast in rule.oblasts or ())
    parts = [named or tr("All oblasts")]
    if rule.held_by:
        parts.append(tr("held now by {holder}").format(holder=tr(rule.held_by.capitalize())))
    if isinstance(rule.within_km, str):
        parts.append(tr("within {parameter} of the line").format(parameter=rule.within_km))
    elif rule.within_km is not None:
        parts.append(tr("within {depth} km of the line").format(depth=exact_text(rule.within_km)))
    if rule.inside:
        corners = sum(len(ring) - 1 for ring in rule.inside)
        drawn = trn("in a drawn zone of {count} corner", "in a drawn zone of {count} corners", corners)
        parts.append(drawn.format(count=corners))
    return ", ".join(parts)
