"""Published figures held against ours: agrees within our range, differs and why, or cannot be computed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from mapcore.analysis.metrics import NotComputableError
from mapcore.analysis.quantities import evaluate, quantity
from mapcore.base import memory
from mapcore.base.data_files import display_path, geo_path, read_toml
from mapcore.base.errors import DataFileError, MapcoreError, ParameterError
from mapcore.base.language import cached, date_text, mark, tr
from mapcore.base.shown import Rows
from mapcore.base.table_reader import TableReader
from mapcore.base.typed_numbers import implied_rounding
from mapcore.base.units import UNITS_OF, Unit
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import load_control
from mapcore.measurement.ranges import Range, numbers_of

Verdict = Literal["agrees", "differs", "cannot be computed"]
#: What each verdict means, for legends.
VERDICT_WORDS: Final[dict[Verdict, str]] = {
    "agrees": mark("Within our range, given how the published figure is rounded."),
    "differs": mark("Outside our range; the reason is given alongside where sources count differently."),
    "cannot be computed": mark("Our data cannot answer this; what is missing is given alongside."),
}


#: Words before a figure that make it wider than its digits.
_ABOUT: Final = re.compile(r"(?:about|almost|approximately|around|nearly|roughly)\b")
#: Days between a line and a figure that speaks of its own day alone.
_OWN_DAYS: Final = 31


@memory.handing_out("arguments")
@dataclass(frozen=True)
class Metric:
    """A quantity with its arguments, as a claim names it."""

    quantity: str
    arguments: Mapping[str, Any]
    label: str = ""


@dataclass(frozen=True, eq=False)
class Claim:
    """
    A published figure.

    Attributes
    ----------
    stated, rounding
        The figure in `unit`, and how far off it its wording allows: half a step of the last digit of a bare number,
        so that 5,000 may be anything from 4,500 to 5,500, and a whole step after a word such as "about", so that
        "about 5,000" may be 4,000 to 6,000. For a figure given as a span, its middle and half its width.
    over
        Whether the source says "more than".
    as_of
        The date that the figure speaks of; `date` is that of its publication.
    definition
        How the source counts.
    differs_because
        Why our figure is another one; shown only where it is.
    own_day
        Whether only a line of about the day that it speaks of can answer it.
    near
        Quantities to show beside it: what the statement may have meant, or the context it needs.
    """

    id: str
    statement: str
    stated: float
    stated_text: str
    unit: Unit
    rounding: float
    metric: Metric
    definition: str
    as_of: date
    date: date
    source_title: str
    source: str
    over: bool = False
    differs_because: str = ""
    article: bool = False
    own_day: bool = False
    near: tuple[Metric, ...] = ()


@dataclass(frozen=True)
class Check:
    """
    A figure held against a quantity.

    Attributes
    ----------
    computed
        Ours in the figure's unit, or None where it cannot be computed.
    difference
        `computed` minus the figure.
    reason
        Why it cannot be computed, in the language in use, or empty.
    """

    verdict: Verdict
    computed: Range | None
    difference: float | None
    reason: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class CheckedClaim:
    """A claim with its verdict, and the quantities near it with our figures, in the claim's unit if it fits."""

    claim: Claim
    check: Check
    near: tuple[tuple[Metric, Unit, Range], ...]

    def __repr__(self) -> str:
        claim, ours = self.claim, self.check.computed
        computed = f"; ours {ours.value:,.4g} ({ours.low:,.4g} to {ours.high:,.4g})" if ours else ""
        return f"<CheckedClaim {claim.id} {self.check.verdict}: stated {claim.stated:,.4g} {claim.unit}{computed}>"

    def row(self) -> dict[str, Any]:
        """Return its cells in a table of claims: figures in its own unit, None where one cannot be computed."""
        claim, (computed, low, high) = self.claim, numbers_of(self.check.computed)
        return {
            "id": claim.id,
            "statement": claim.statement,
            "stated": claim.stated,
            "unit": claim.unit,
            "computed": computed,
            "low": low,
            "high": high,
            "difference": self.check.difference,
            "verdict": self.check.verdict,
            "source": claim.source or claim.source_title,
        }

    @property
    def reason(self) -> str:
        """Why it differs or cannot be computed, in the language in use; empty where it agrees."""
        return {"differs": tr(self.claim.differs_because), "cannot be computed": self.check.reason}.get(
            self.check.verdict, ""
        )


def compute(metric: Metric, unit: Unit, *, control: Control | None = None) -> Range:
    """
    Compute a metric in a unit of its kind.

    Raises
    ------
    ParameterError, UnknownIdError, NotComputableError
        As in `evaluate`, and if the unit does not fit.
    """
    units = UNITS_OF[quantity(metric.quantity).kind]
    if unit not in units:
        raise ParameterError(
            tr("{unit}: '{quantity}' is given in {units}").format(
                unit=unit, quantity=metric.quantity, units=f" {tr('or')} ".join(units)
            )
        )
    own = evaluate(metric.quantity, control=control, **metric.arguments)
    return own.in_units_of(units[unit])


def check_figure(
    stated: float, unit: Unit, metric: Metric, *, rounding: float, over: bool = False, control: Control | None = None
) -> Check:
    """
    Hold any figure against a quantity.

    It agrees if what its rounding leaves open, `stated` ± `rounding`, meets our range; one that says "more than", if
    our range reaches it from above.

    Raises
    ------
    ParameterError, UnknownIdError
        If the quantity, an argument or the unit does not fit.
    """
    try:
        ours = compute(metric, unit, control=control)
    except NotComputableError as missing:
        return Check("cannot be computed", None, None, str(missing))
    agrees = stated - rounding <= ours.high and (over or ours.low <= stated + rounding)
    return Check("agrees" if agrees else "differs", ours, ours.value - stated)


@memory.shared
def load_claims() -> tuple[Claim, ...]:
    """
    Return the published figures in the order of `geo/claims.toml`.

    Raises
    ------
    DataFileError
        If a key is missing or unknown, a unit does not fit its metric, or an id stands twice.
    """
    path = geo_path("claims.toml")
    reader = TableReader(path, of_proposal=False)
    rows = reader.rows(reader.known_keys(read_toml(path), ["claim"], ""), "claim")
    claims = tuple(_read(reader, row, f"claim[{index}]") for index, row in enumerate(rows))
    reader.unique([claim.id for claim in claims], "claim")
    reader.finish()
    return claims


def _read(reader: TableReader, row: dict[str, Any], where: str) -> Claim:
    """Read one claim; `stated` is a number, or `stated_low` and `stated_high` for a span."""
    row = dict(row)
    if "stated_low" in row:
        low, high = row.pop("stated_low"), row.pop("stated_high")
        row |= {"stated": (low + high) / 2, "rounding": (high - low) / 2}
    steps = 2 if _ABOUT.match(str(row.get("stated_text", ""))) else 1
    row.setdefault("rounding", steps * implied_rounding(str(row.get("stated", 0))))
    claim = reader.record(row, Claim, where, apart=("metric", "near"))
    reader.finish()
    claim = replace(claim, metric=_metric(claim.metric), near=tuple(map(_metric, claim.near)))
    try:
        units = UNITS_OF[quantity(claim.metric.quantity).kind]
    except MapcoreError as problem:
        raise DataFileError(f"{display_path(reader.path)}: {where}: {problem}") from problem
    if claim.unit not in units:
        mismatch = tr("'{unit}' does not fit '{quantity}'").format(unit=claim.unit, quantity=claim.metric.quantity)
        reader.note(f"{where}.unit", mismatch, tr("use one of: {units}").format(units=", ".join(units)))
        reader.finish()
    return claim


def _metric(row: Any) -> Metric:
    row = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Metric(row.pop("quantity"), {key: row[key] for key in row if key != "label"}, row.get("label", ""))


@cached(maxsize=64)
def _check_all(control: Control) -> tuple[CheckedClaim, ...]:
    return tuple(_check(claim, control) for claim in load_claims())


def _check(claim: Claim, control: Control) -> CheckedClaim:
    check = _answer(claim, control)
    near = []
    for metric in claim.near:
        units = UNITS_OF[quantity(metric.quantity).kind]
        unit = claim.unit if claim.unit in units else next(iter(units))
        near.append((metric, unit, compute(metric, unit, control=control)))
    return CheckedClaim(claim, check, tuple(near))


def _answer(claim: Claim, control: Control) -> Check:
    if claim.own_day and abs((control.as_of - claim.as_of).days) > _OWN_DAYS:
        sentence = tr("The figure speaks of {day}, the line in use is of {line}: import a line of about that day.")
        words = sentence.format(day=date_text(claim.as_of), line=date_text(control.as_of))
        return Check("cannot be computed", None, None, words)
    return check_figure(
        claim.stated, claim.unit, claim.metric, rounding=claim.rounding, over=claim.over, control=control
    )


def check_claims(*, control: Control | None = None) -> Rows[CheckedClaim]:
    """
    Hold every published figure against ours on a line, the default one when left out; none is skipped.

    Examples
    --------
    >>> import mapcore
    >>> sorted(mapcore.check_claims().to_frame()["verdict"].unique())
    ['agrees', 'cannot be computed', 'differs']
    """
    return Rows(_check_all(control or load_control()))
