"""What changes between two proposals on the same line: where, into what, how many km²."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mapcore.analysis.overlay import overlay
from mapcore.base import memory
from mapcore.base.errors import ComparisonError
from mapcore.base.language import mark, tr
from mapcore.base.memory import Memory
from mapcore.base.schema import AREA_CRS
from mapcore.base.shown import Shown
from mapcore.base.units import readable
from mapcore.measurement.areas import Measured, oblasts_of
from mapcore.measurement.ranges import Range, areas_over, ranges_over
from mapcore.measurement.zones import display_zones
from mapcore.proposals.shipped import load_statuses

Question = Literal["holder", "recognised", "regime"]
QUESTIONS: Final[tuple[Question, ...]] = ("holder", "recognised", "regime")
#: What two proposals are compared on: all three questions at once, or one of them.
Over = Literal["all", "holder", "recognised", "regime"]
OVERS: Final[tuple[Over, ...]] = ("all", *QUESTIONS)
#: What each question asks, for headings; `tr` has it in the language in use.
QUESTION_WORDS: Final[dict[Question, str]] = {
    "holder": mark("who holds it"),
    "recognised": mark("whose it is recognised as"),
    "regime": mark("which military regime applies"),
}
_NOTHING: Final = mark("nothing")
_AND: Final = "; "
_BECOMES: Final = " → "
_KEYS = ["oblast", "held_by", "from_status", "to_status"]


@memory.handing_out("changes", "variants")
@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """
    Two proposals on one line, piece by piece.

    Attributes
    ----------
    changes
        In `AREA_CRS`, one row per non-empty (`oblast`, `held_by` now, `from_status`, `to_status`), unchanged land
        included; the rows tile the country. With `holder_from`, `holder_to`, `recognised_from`, `recognised_to`,
        `regime_from`, `regime_to`; `changed`, false where both proposals answer all three questions alike;
        `what_changes`, the questions answered differently in words; `kind`, both statuses in words, both in English
        (see `what_words`, `kind_words`); and `area_km2` (geodesic), `low_km2`, `high_km2` (see `measure_proposal`).
    variants
        The same rows without geometry for each line that the ranges run over, the given line first. Sums over rows
        take their range from here: the rows' own bounds do not add up, since one row grows as its neighbour shrinks.
    """

    a: Measured
    b: Measured
    changes: gpd.GeoDataFrame
    variants: tuple[pd.DataFrame, ...]

    def __repr__(self) -> str:
        sides = f"{self.a.proposal.id} with {self.b.proposal.id} on the line {self.a.control.id}"
        apart, alike = map(readable, (self.changed_km2, self.unchanged_km2))
        return f"<Comparison of {sides}: {apart:,.0f} km² differ, {alike:,.0f} km² do not>"

    def _repr_html_(self) -> str:
        sides = f"A: {escape(self.a.proposal.title)}; B: {escape(self.b.proposal.title)}"
        head = f"{sides}; line of contact {self.a.control.as_of}, km²"
        rows = self.to_frame()
        areas = rows.select_dtypes("number").map(readable)
        return f"<p>{head}</p>{rows.assign(**areas).to_html(index=False, float_format='{:,.0f}'.format)}"

    def to_frame(self) -> pd.DataFrame:
        """Return the land that differs, the largest first: `oblast`, `from`, `to` (statuses), km² with range."""
        rows = sum_changes(self, ("oblast", "from_status", "to_status"))
        return rows.rename(columns={"from_status": "from", "to_status": "to"})

    @property
    def memory(self) -> Memory | None:
        """The memory of the visitor whose line or proposal it is, if any; see `memory`."""
        return memory.owner(self.a, self.b)

    @cached_property
    def _listed(self) -> list[dict[str, list[Any]]]:
        return [{str(name): values.tolist() for name, values in variant.items()} for variant in self.variants]

    @cached_property
    def _summed(self) -> dict[tuple[tuple[str, ...], bool, Over], tuple[tuple[tuple[Any, ...], Range], ...]]:
        return {}

    def summed(
        self, by: Sequence[str], *, changed_only: bool = True, over: Over = "all"
    ) -> tuple[tuple[tuple[Any, ...], Range], ...]:
        """Return the rows of `sum_changes` as bare values; they are worked out once, for every language and unit."""
        asked = tuple(by), changed_only, over
        if asked not in self._summed:
            counted = [_summed_areas(rows, by, over if changed_only else None) for rows in self._listed]
            ranges = ranges_over(counted)
            found = [(key, ranges[key]) for key in counted[0]]
            self._summed[asked] = tuple(sorted(found, key=lambda row: -row[1].value))
        return self._summed[asked]

    def land(self, over: Over, *, apart: bool, held_by: str = "") -> Range:
        """Return how much land A and B treat differently, or alike: all of it, or what one side holds now."""
        return Range.over(
            math.fsum(
                area
                for area, holder, differing in zip(rows["area_km2"], rows["held_by"], _apart(rows, over), strict=True)
                if differing == apart and held_by in {"", holder}
            )
            for rows in self._listed
        )

    @property
    def unchanged_km2(self) -> float:
        """Land whose holder, recognition and regime are the same under both."""
        return float(self.changes.loc[~self.changes["changed"], "area_km2"].sum())

    @property
    def changed_km2(self) -> float:
        """Land for which they answer at least one question differently."""
        return float(self.changes.loc[self.changes["changed"], "area_km2"].sum())


def compare(a: Measured, b: Measured) -> Comparison:
    """
    Compare two measured proposals.

    Raises
    ------
    ComparisonError
        If they were measured on different lines of contact or different boundaries: their differences would mix what
        the proposals say with what the data say.

    Examples
    --------
    >>> import mapcore
    >>> a, b = (mapcore.measure_proposal(mapcore.load_proposal(id)) for id in ("line-as-is", "us-28-point"))
    >>> mapcore.compare(a, b).to_frame().iloc[0][["oblast", "from", "to"]].tolist()
    ['UA-43', 'held', 'de_facto']
    """
    return _compare(a, b)


@memory.kept(maxsize=64)
def _compare(a: Measured, b: Measured) -> Comparison:
    if a.control is not b.control and not (
        a.control.id == b.control.id and shapely.equals_exact(a.control.held, b.control.held)
    ):
        sentence = tr(
            "'{a}' is measured on the line {line_a} and '{b}' on {line_b} or on a moved copy of it; measure both on "
            "one line"
        )
        raise ComparisonError(
            sentence.format(a=a.proposal.id, line_a=a.control.id, b=b.proposal.id, line_b=b.control.id)
        )
    lands = [oblasts_of(measured) for measured in (a, b)]
    if not lands[0].index.equals(lands[1].index) or not np.allclose(lands[0], lands[1], rtol=1e-9):
        sentence = tr("'{a}' and '{b}' are measured on different boundaries; measure both on the same")
        raise ComparisonError(sentence.format(a=a.proposal.id, b=b.proposal.id))
    cuts = [overlay(*pair) for pair in zip(a.variants, b.variants, strict=True)]
    described = _described(cuts[0].keys)
    variants = tuple(
        (described if cut.keys == cuts[0].keys else _described(cut.keys)).assign(area_km2=cut.areas) for cut in cuts
    )
    bounds = areas_over([dict(zip(cut.keys, cut.areas.tolist(), strict=True)) for cut in cuts])
    rows = variants[0].assign(low_km2=bounds["low_km2"].to_numpy(), high_km2=bounds["high_km2"].to_numpy())
    return Comparison(a, b, gpd.GeoDataFrame(rows, geometry=cuts[0].shapes, crs=AREA_CRS), variants)


def _described(keys: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    """Return keys as columns, with what each proposal answers to the three questions, and in words what changes."""
    statuses = load_statuses()
    pairs = [(statuses[ours], statuses[theirs]) for _, _, ours, theirs in keys]
    answers = {
        f"{question}_{side}": [getattr(pair[place], question) for pair in pairs]
        for question in QUESTIONS
        for place, side in enumerate(("from", "to"))
    }
    differing = [
        [question for question in QUESTIONS if getattr(ours, question) != getattr(theirs, question)]
        for ours, theirs in pairs
    ]
    return pd.DataFrame(
        {
            **dict(zip(_KEYS, map(list, zip(*keys, strict=True)), strict=True)),
            **answers,
            "changed": [bool(questions) for questions in differing],
            "what_changes": [
                _AND.join(QUESTION_WORDS[question] for question in questions) or _NOTHING for questions in differing
            ],
            "kind": [f"{ours.label}{_BECOMES}{theirs.label}" for ours, theirs in pairs],
        }
    )


def what_words(what_changes: str) -> str:
    """Return an entry of `what_changes` in the language in use."""
    return _AND.join(tr(question) for question in what_changes.split(_AND))


def kind_words(kind: str) -> str:
    """Return an entry of `kind` in the language in use."""
    return _BECOMES.join(tr(status) for status in kind.split(_BECOMES))


@memory.kept(maxsize=64)
def change_records(comparison: Comparison) -> tuple[Any, ...]:
    """Return the rows of `changes` without geometry, each as a named tuple: read once for all languages and units."""
    return tuple(pd.DataFrame(comparison.changes).drop(columns="geometry").itertuples())


def answer_columns(over: Over) -> tuple[str, str]:
    """Return the columns of `changes` with what A and B make of land: their statuses, or answers to one question."""
    return ("from_status", "to_status") if over == "all" else (f"{over}_from", f"{over}_to")


def differs(changes: pd.DataFrame, over: Over) -> pd.Series:
    """Return for each row of `changes` or of a variant whether A and B answer a question, or any of them, otherwise."""
    return pd.Series(_apart(changes, over), index=changes.index, dtype=bool)


def _apart(rows: Mapping[str, list[Any]] | pd.DataFrame, over: Over) -> list[bool]:
    """Return what `differs` does, of a table or of its columns, as bare values."""
    if over == "all":
        return list(rows["changed"])
    ours, theirs = (rows[column] for column in answer_columns(over))
    return [one != other for one, other in zip(ours, theirs, strict=True)]


def sum_changes(
    comparison: Comparison, by: Sequence[str] = ("oblast",), *, changed_only: bool = True, over: Over = "all"
) -> pd.DataFrame:
    """
    Sum a comparison over columns of `changes`, such as `oblast`, `kind`, `what_changes` or `held_by`.

    With `changed_only`, the land on which A and B answer `over` otherwise.

    Returns
    -------
    sums
        One row per class that has land on the given line: the columns of `by`, `area_km2`, `low_km2`, `high_km2`;
        the largest first.
    """
    rows = comparison.summed(by, changed_only=changed_only, over=over)
    found = pd.DataFrame([area.numbers for _, area in rows], columns=["area_km2", "low_km2", "high_km2"], dtype=float)
    kinds = comparison.variants[0].dtypes
    for place, name in enumerate(by):
        found.insert(place, name, pd.Series([key[place] for key, _ in rows], dtype=kinds[name]))
    return found


def _summed_areas(rows: Mapping[str, list[Any]], by: Sequence[str], over: Over | None) -> dict[tuple[str, ...], float]:
    """
    Return the areas of the rows on which A and B answer a question otherwise, or of all, by what stands in columns.

    There are some sixty rows, of which pandas takes several times as long to make sums.
    """
    counts = [True] * len(rows["area_km2"]) if over is None else _apart(rows, over)
    parted: dict[tuple[str, ...], list[float]] = {}
    for *key, area, counted in zip(*(rows[column] for column in by), rows["area_km2"], counts, strict=True):
        if counted:
            parted.setdefault(tuple(key), []).append(area)
    return {key: math.fsum(parted[key]) for key in sorted(parted)}


def by_oblast(comparison: Comparison, *, over: Over = "all") -> pd.DataFrame:
    """Return the changed land by oblast and kind: `oblast`, `kind`, `what_changes`, km² with range."""
    return sum_changes(comparison, ("oblast", "kind", "what_changes"), over=over)


def display_changes(comparison: Comparison) -> gpd.GeoDataFrame:
    """Return `changes` for a map: simplified with shared edges kept, in EPSG:4326. Never measure these."""
    return display_zones(comparison.changes)
