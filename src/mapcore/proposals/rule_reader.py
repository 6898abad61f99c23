"""The rules of a proposal out of the tables of its file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mapcore.base.language import number_text, tr, trc
from mapcore.base.schema import HOLDERS, UNITS
from mapcore.base.table_reader import TableReader, on_one_line
from mapcore.proposals.model import Parameter, Ring, Rule, load_statuses
from mapcore.proposals.outlines import Mistake, as_ring, is_point
from mapcore.proposals.shadowed import shadowed_rules

#: Distance from the line, in km.
MAX_DISTANCE_KM: Final = 500
#: Rules of one proposal: what measuring them costs grows with each.
MAX_RULES: Final = 200
#: Outlines of one rule.
MAX_RINGS: Final = 20

#: Ids of statuses that files and links of before may hold, each with the one that took its place.
_FORMER_IDS: Final = {"ceded": "de_facto"}


class RuleReader(TableReader):
    """Reads rules; those of a draft may leave one another no land."""

    def __init__(self, path: Path, *, draft: bool = False) -> None:
        super().__init__(path)
        self.draft = draft

    def rules(
        self, content: Mapping[str, Any], parameters: Mapping[str, Parameter], clauses: set[str]
    ) -> tuple[Rule, ...]:
        """Return the rules in their order; the parameters and ids of clauses are those that they may name."""
        before = len(self.problems)
        rows = self.rows(content, "zones", most=MAX_RULES)
        rules = tuple(self._rule(row, f"zones[{index}]", parameters, clauses) for index, row in enumerate(rows))
        if self.draft or len(self.problems) > before:
            return rules
        for index in shadowed_rules(rules, parameters):
            problem = tr("can never match: earlier rules take all of its land")
            self.note(f"zones[{index}]", problem, tr("move it up or delete it"))
        for name in sorted(set(parameters) - {rule.within_km for rule in rules}):
            self.note(f"parameters.{name}", tr("no rule uses it"), tr("name it in within_km_of_line or delete it"))
        return rules

    def _rule(self, row: Any, where: str, parameters: Mapping[str, Parameter], clauses: set[str]) -> Rule:
        table = self.known_keys(row, {"status", "clause", "where", "note"}, where)
        for key in sorted({"status", "where"} - set(table)):
            self.missing(f"{where}.{key}")
        status, clause, note = (self.text(table, key, f"{where}.{key}") for key in ("status", "clause", "note"))
        status = _FORMER_IDS.get(status, status)
        if status and status not in load_statuses():
            problem = tr("'{word}' is not a status").format(word=on_one_line(status))
            self.note_unknown(f"{where}.status", problem, status, load_statuses())
        if clause and clause not in clauses:
            problem = tr("'{word}' is not among the clauses").format(word=on_one_line(clause))
            self.note_unknown(f"{where}.clause", problem, clause, clauses)
        keys = {"oblasts", "held_by", "within_km_of_line", "inside"}
        place = self.known_keys(table.get("where", {}), keys, f"{where}.where")
        if "where" in table and not keys & set(place):
            way_out = tr("name oblasts, held_by, within_km_of_line or inside")
            self.note(f"{where}.where", tr("gives no condition"), way_out)
        return Rule(
            status=status,
            clause=clause,
            oblasts=self._units(place.get("oblasts"), f"{where}.where.oblasts"),
            held_by=self._holder(place.get("held_by"), f"{where}.where.held_by"),
            within_km=self._distance(place.get("within_km_of_line"), f"{where}.where.within_km_of_line", parameters),
            note=note,
            inside=self._rings(place.get("inside"), f"{where}.where.inside"),
        )

    def _units(self, value: Any, where: str) -> tuple[str, ...] | None:
        if value is None:
            return None
        if not isinstance(value, list) or not value:
            self.note(where, tr("must be a list"), tr("write ISO 3166-2 codes, such as ['UA-14']"))
            return None
        if len(value) > len(UNITS):
            problem = tr("names {count} units, of which there are {limit}")
            self.note(where, problem.format(count=number_text(len(value)), limit=len(UNITS)), tr("name each once"))
            return None
        codes = [str(code) for code in value]
        for index, code in enumerate(codes):
            if code not in UNITS:
                problem = tr("'{word}' is not a first-level unit").format(word=on_one_line(code))
                self.note(where, problem, _nearest_unit(code[:20]))
            elif code in codes[:index]:
                self.note(where, tr("'{word}' is given twice").format(word=code), tr("delete one"))
        return tuple(codes)

    def _holder(self, value: Any, where: str) -> str | None:
        if value is not None and value not in HOLDERS:
            problem = tr("'{word}' is not a holder").format(word=on_one_line(value))
            self.note(where, problem, tr("write 'ukraine' or 'russia'"))
        return None if value is None else str(value)

    def _distance(self, value: Any, where: str, parameters: Mapping[str, Parameter]) -> float | str | None:
        if value is None or (isinstance(value, str) and value in parameters):
            return value
        if isinstance(value, str):
            word = on_one_line(value)
            problem = tr("'{word}' is not a parameter of this proposal").format(word=word)
            self.note(where, problem, tr("add [parameters.{word}]").format(word=word))
        elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_DISTANCE_KM:
            way_out = tr("write km from above 0 to {limit}, or a parameter's name").format(limit=MAX_DISTANCE_KM)
            self.note(where, tr("must be a number of km"), way_out)
        else:
            return float(value)
        return None

    def _rings(self, value: Any, where: str) -> tuple[Ring, ...] | None:
        """Read one outline, or a list of them, each an area of its own."""
        if value is None:
            return None
        several = isinstance(value, list) and bool(value) and not any(map(is_point, value))
        rows = value if several else [value]
        if len(rows) > MAX_RINGS:
            problem = tr("has {count} outlines, more than {limit}").format(count=len(rows), limit=MAX_RINGS)
            self.note(where, problem, tr("make several rules of them"))
            return None
        found = [self._ring(row, f"{where}[{index}]" if several else where) for index, row in enumerate(rows)]
        return tuple(ring for ring in found if ring)

    def _ring(self, value: Any, where: str) -> Ring | None:
        found = as_ring(value)
        if isinstance(found, Mistake):
            self.note(where, *found)
            return None
        return found


def _nearest_unit(code: str) -> str:
    names = {name.casefold(): iso for iso, name in UNITS.items()}
    named = difflib.get_close_matches(code.casefold(), names, n=1)
    close = names[named[0]] if named else max(UNITS, key=lambda iso: difflib.SequenceMatcher(None, iso, code).ratio())
    return tr("did you mean '{code}' ({name})?").format(code=close, name=trc("oblast", UNITS[close]))
