"""The classes of land on a difference map: what two proposals answer, in words and in a colour for each pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pandas as pd

from mapcore.analysis.compare import OVERS, Comparison, Over, Question, answer_columns, differs
from mapcore.base import memory
from mapcore.base.fill import Fill
from mapcore.base.language import cached, mark, tr
from mapcore.measurement.ranges import Range
from mapcore.present.wording import holder_words, recognition_words, regime_words
from mapcore.proposals.shipped import load_statuses

#: The names of what a difference map can be drawn over; `tr` has them in the language in use.
OVER_WORDS: Final[dict[Over, str]] = dict(
    zip(
        OVERS,
        (mark("All three questions"), mark("Held by"), mark("Recognised as"), mark("Military regime")),
        strict=True,
    )
)
#: The classes of land that both treat alike, by who holds it now: id and fill, which `web/map/map.css` has too. What
#: Russia holds keeps a tint of the hue that it has on every map, so that a reader sees on which side a change lies.
ALIKE: Final[dict[str, tuple[str, Fill]]] = {
    "ukraine": ("alike", Fill("#e4e1da", "#3b454d")),
    "russia": ("alike-occupied", Fill("#e9d3c6", "#4d3d36")),
}
ALIKE_FILLS: Final = frozenset(fill for _, fill in ALIKE.values())
_ANSWER_WORDS: Final[dict[Question, Callable[[], dict[str, str]]]] = {
    "holder": holder_words,
    "recognised": recognition_words,
    "regime": regime_words,
}

#: Ramps for the light and the dark theme. The hue says what A makes of the land where B makes it something else, as on
#: A's own map: brick red for Russia, blue for Ukraine, hatched violet where no army enters. Plain red and blue are
#: land that one side has under A alone; where Russia holds it under both, and only recognition or regime differ, the
#: red is hatched, and where anyone else does, the land is green. `test_difference_classes.py` holds colours that meet
#: on one map apart, for the colour-blind too.
_RAMPS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "russia": (
        ("#7a1f14", "#af3e24", "#d2713a", "#e79d74", "#f5bba4"),
        ("#952922", "#c25c4e", "#ed9461", "#f3b592", "#f0cec1"),
    ),
    "ukraine": (
        ("#123f6b", "#1f5bcf", "#2f8ccb", "#6fbeea", "#b3daf0"),
        ("#325686", "#3570e2", "#57b1e4", "#acd2f3", "#e6ecf4"),
    ),
    "nobody": (("#9a6fb4", "#5f3478"), ("#a779b8", "#d9a8d8")),
    "same": (
        ("#17544c", "#2d7d60", "#42aa8b", "#89bebe"),
        ("#44746a", "#65a388", "#a0c6be", "#e2f8f8"),
    ),
    "kept": (("#7a1f14", "#af3e24", "#d2713a", "#e79d74"), ("#b8463a", "#d2705f", "#ed9461", "#f3b592")),
    "open": (("#473a1f", "#ba9a0c", "#ddcb85"), ("#9d781b", "#beae2f", "#e2d6a2")),
    "unsaid": (("#473a1f", "#67614d", "#c89d0b", "#f0dd81"), ("#66510f", "#9d781b", "#e7c326", "#e2d6a2")),
}
_HATCHED: Final = frozenset({"nobody", "kept"})
#: Steps of two ramps that someone takes for one another, in one theme or the other; a map has one of each pair at most.
_ALIKE_STEPS: Final = frozenset(
    frozenset(pair.split())
    for pair in (
        "russia-0 open-0", "russia-0 unsaid-0", "russia-3 open-2", "russia-3 unsaid-2", "russia-3 unsaid-3",
        "russia-4 same-2", "russia-4 open-2", "russia-4 unsaid-2", "russia-4 unsaid-3", "ukraine-0 same-0",
        "ukraine-2 same-1", "ukraine-2 same-2", "ukraine-3 same-2", "ukraine-4 same-3", "same-0 unsaid-1",
        "same-1 unsaid-1",
    )
)  # fmt: skip
_FAMILIES: Final[dict[str, dict[str, str]]] = {
    "holder": {"russia": "russia", "ukraine": "ukraine", "none": "nobody"},
    "recognised": {
        "russia_de_facto": "russia",
        "russia_internationally": "russia",
        "russia_de_jure": "russia",
        "russia_by_us": "russia",
        "along_line": "russia",
        "ukraine": "ukraine",
        "unrecognised": "same",
        "unspecified": "unsaid",
    },
    "regime": {"none": "open", "demilitarised": "nobody", "frozen": "same", "unspecified": "russia"},
}


@dataclass(frozen=True)
class DifferenceClass:
    """
    A class of land that A and B treat differently.

    Attributes
    ----------
    a, b
        The ids of what each proposal makes of it: statuses, or answers to one question.
    a_words, b_words
        The same in plain words.
    area_km2
        How much land, with its range.
    id
        Names the fill; the same id always means the same fill.
    """

    a: str
    b: str
    a_words: str
    b_words: str
    area_km2: Range
    id: str
    fill: Fill


@cached(maxsize=256)
def words_of(over: Over, answer: str) -> str:
    """Return a status, or an answer to one question, in plain words."""
    return tr(load_statuses()[answer].label) if over == "all" else _ANSWER_WORDS[over]()[answer]


def order_of(over: Over) -> list[str]:
    """Return statuses, or the answers to one question, in the order of a legend."""
    return list(load_statuses() if over == "all" else _ANSWER_WORDS[over]())


def answers(changes: pd.DataFrame, over: Over) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return for each row of a comparison's changes what A and B make of it, and whether that differs."""
    ours, theirs = answer_columns(over)
    return changes[ours], changes[theirs], differs(changes, over)


@cached(maxsize=64)
def classes(comparison: Comparison, over: Over = "all") -> tuple[DifferenceClass, ...]:
    """
    Return the classes of land on which A and B differ, the largest first; none where they agree throughout.

    Land whose statuses bear different names but answer all three questions alike is in no class.
    """
    rows = comparison.summed(answer_columns(over), over=over)
    fills = _fills([(ours, theirs) for (ours, theirs), _ in rows], over)
    return tuple(
        DifferenceClass(ours, theirs, words_of(over, ours), words_of(over, theirs), size, *fills[ours, theirs])
        for (ours, theirs), size in rows
    )


@memory.kept(maxsize=64)
def totals(comparison: Comparison, over: Over = "all") -> tuple[Range, Range]:
    """Return how much land A and B treat differently, and how much alike, each with its range over the lines."""
    return comparison.land(over, apart=True), comparison.land(over, apart=False)


@memory.kept(maxsize=64)
def alike_by_holder(comparison: Comparison, over: Over = "all") -> dict[str, Range]:
    """Return how much land A and B treat alike by who holds it now, with its range; a holder with none is left out."""
    found = {holder: comparison.land(over, apart=False, held_by=holder) for holder in ALIKE}
    return {holder: area for holder, area in found.items() if area.high > 0}


def alike_words() -> dict[str, str]:
    """Return what a legend says of land that both treat alike, by who holds it now."""
    return {
        "ukraine": tr("A and B alike, held by Ukraine now"),
        "russia": tr("A and B alike, held by Russia now"),
    }


def _family(ours: str, theirs: str, over: Over) -> str:
    if over != "all":
        return _FAMILIES[over][ours]
    holders = load_statuses()[ours].holder, load_statuses()[theirs].holder
    if holders == ("russia", "russia"):
        return "kept"
    return "same" if holders[0] == holders[1] else _FAMILIES["holder"][holders[0]]


def _fills(pairs: list[tuple[str, str]], over: Over) -> dict[tuple[str, str], tuple[str, Fill]]:
    """
    Give each pair its own step of its family's ramp, as far apart as their number allows, whatever their areas.

    A step that is taken, or that someone would take for one on the map already, gives way to a free one of its ramp;
    where there is none, it is hatched. Short ramps choose first: they have the fewest hatches too.
    """
    families: dict[str, list[tuple[str, str]]] = {
        family: [] for family in sorted(_RAMPS, key=lambda family: len(_RAMPS[family][0]))
    }
    for pair in sorted(pairs):
        families[_family(*pair, over)].append(pair)
    fills: dict[tuple[str, str], tuple[str, Fill]] = {}
    taken: set[str] = set()
    for family, members in families.items():
        light, dark = _RAMPS[family]
        for wanted, pair in zip(_steps(len(members), len(light)), members, strict=True):
            steps = sorted(range(len(light)), key=partial(_distance, wanted))
            solid = [(f"{family}-{shade}", shade) for shade in steps if _is_free(f"{family}-{shade}", taken)]
            hatched = [
                (f"{family}-{shade}-hatched", shade) for shade in steps if f"{family}-{shade}-hatched" not in taken
            ]
            name, step = (solid or hatched)[0]
            taken.add(name)
            fills[pair] = name, Fill(light[step], dark[step], family in _HATCHED or name.endswith("-hatched"))
    return fills


def _distance(wanted: int, step: int) -> tuple[int, int]:
    return abs(step - wanted), step


def _is_free(name: str, taken: set[str]) -> bool:
    return name not in taken and not any(frozenset((name, other)) in _ALIKE_STEPS for other in taken)


def _steps(number: int, length: int) -> tuple[int, ...]:
    """Return which steps of a ramp so many classes take: from the middle while they are few, else spread over all."""
    if number == 1:
        return (min(1, length - 1),)
    if number == 2 and length > 3:
        return (1, 3)
    return tuple(place * (length - 1) // (number - 1) for place in range(number))


def row_class(row: Any, over: Over) -> tuple[str, str] | None:
    """Return the pair of answers of a row of changes, or None where A and B treat the land alike."""
    ours, theirs = (getattr(row, column) for column in answer_columns(over))
    alike = not row.changed if over == "all" else ours == theirs
    return None if alike else (ours, theirs)
