"""Rules that no land can reach, because earlier ones take all of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from mapcore.base.schema import HOLDERS, UNITS
from mapcore.proposals.model import Parameter, Ring, Rule


def shadowed_rules(rules: tuple[Rule, ...], parameters: Mapping[str, Parameter]) -> list[int]:
    """Return the indices of rules that can match no land on any line, because earlier ones take all of it."""
    taken: dict[tuple[str, str, tuple[Ring, ...] | None], _Taken] = {}
    shadowed = []
    for index, rule in enumerate(rules):
        cells = [
            (unit, holder)
            for unit in rule.oblasts or UNITS
            for holder in ([rule.held_by] if rule.held_by else HOLDERS)
        ]  # fmt: skip
        # Within the same outlines, and within the whole of each piece; other outlines may leave something over.
        places = [{(*cell, None), (*cell, rule.inside)} for cell in cells]
        name, least, most = _reach(rule.within_km, parameters)
        if all(any(key in taken and taken[key].takes(name, most) for key in place) for place in places):
            shadowed.append(index)
        for cell in cells:
            taken.setdefault((*cell, rule.inside), _Taken()).add(name, least)
    return shadowed


def _reach(depth: float | str | None, parameters: Mapping[str, Parameter]) -> tuple[str, float, float]:
    """Return the parameter that a depth is, if it is one, and the least and the most that it may be."""
    if isinstance(depth, str):
        return depth, parameters[depth].min, parameters[depth].max
    reach = math.inf if depth is None else depth
    return "", reach, reach


@dataclass
class _Taken:
    """How far earlier rules reach in one place whatever the parameters are set to, and by which of these besides."""

    least: float = 0.0
    names: set[str] = field(default_factory=set)

    def add(self, name: str, least: float) -> None:
        self.least = max(self.least, least)
        self.names.add(name)

    def takes(self, name: str, most: float) -> bool:
        return self.least >= most or bool(name and name in self.names)
