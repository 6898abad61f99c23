"""Two figures side by side in words and as a small drawing: the published or typed one, and ours."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final, cast

from mapcore.analysis.claims import Check, Claim, Verdict
from mapcore.base.language import mark, number_text, tr, trc, trn
from mapcore.base.typed_numbers import written_figure
from mapcore.base.units import UNITS_OF, Unit
from mapcore.measurement.ranges import Range
from mapcore.present import wording
from mapcore.present.wording import Units

#: The verdicts by their id in a link, and their words.
VERDICTS: Final[dict[str, Verdict]] = {
    "agrees": "agrees",
    "differs": "differs",
    "missing": "cannot be computed",
}
WORDS: Final[dict[Verdict, str]] = {
    "agrees": mark("Agrees within our range"),
    "differs": mark("Differs"),
    "cannot be computed": mark("Cannot be computed"),
}


def _with_unit(number: str, unit: Unit) -> str:
    """Return a written number, which is no count of people, with its unit."""
    if unit in UNITS_OF["area"]:
        return f"{number} {wording.unit_labels()[cast('Units', unit)]}"
    sign = tr("{number}\N{NO-BREAK SPACE}%") if unit == "percent" else tr("{number}\N{NO-BREAK SPACE}km")
    return sign.format(number=number)


def stated(claim: Claim) -> str:
    """Return a figure as its source gives it; a bare share, which is no message, as the language writes it."""
    share = re.fullmatch(r"([0-9.]+) %", claim.stated_text)
    if share is None:
        return tr(claim.stated_text)
    return tr("{number} %").format(number=written_figure(share[1]))


def _people(count: float, decimals: int = 0) -> str:
    """Return a count of people in words; one with decimals takes the form that goes with a few."""
    form = 2 if count % 1 and decimals else round(count)
    return trn("{count} person", "{count} people", form).format(count=number_text(count, decimals))


def amount(value: float, unit: Unit, units: Units, *, decimals: int = 1) -> str:
    """Return a figure with its unit, an area in the viewer's units."""
    if unit in UNITS_OF["area"]:
        return wording.area_text(value * UNITS_OF["area"][unit], units)
    return _people(value) if unit == "people" else _with_unit(number_text(value, decimals), unit)


def span(figure: Range, unit: Unit, units: Units, *, decimals: int = 1) -> str:
    """Return the bounds of a figure, or nothing where they read alike."""
    low, high = (amount(bound, unit, units, decimals=decimals) for bound in (figure.low, figure.high))
    if low == high:
        return ""
    if unit in UNITS_OF["area"]:
        low = wording.area_number(figure.low * UNITS_OF["area"][unit], units)
    else:
        low = number_text(figure.low, 0 if unit == "people" else decimals)
    return tr("{low} to {high}").format(low=low, high=high)


def read_as(claim: Claim) -> str:
    """Return how a published figure is read: as which span of values, given its digits and words."""
    low, high = claim.stated - claim.rounding, claim.stated + claim.rounding
    if claim.over:
        return tr("more than {low}").format(low=as_written(low, claim.unit))
    return tr("{low} to {high}").format(low=as_written(low, claim.unit), high=as_written(high, claim.unit))


def difference(value: float, unit: Unit, units: Units, *, decimals: int = 1) -> str:
    """Return what ours is more or less than the published figure, with its sign."""
    text = amount(abs(value), unit, units, decimals=decimals)
    if text == amount(0, unit, units, decimals=decimals):
        return trc("difference", "none")
    if unit == "percent":
        points = tr("{number}\N{NO-BREAK SPACE}percentage points")
        text = points.format(number=number_text(abs(value), decimals))
    return (tr("ours is {amount} more") if value > 0 else tr("ours is {amount} less")).format(amount=text)


def as_written(figure: float, unit: Unit) -> str:
    """Return a figure to the last digit, with its unit."""
    decimals = len(f"{figure:.7f}".rstrip("0").partition(".")[2])
    if unit == "people":
        return _people(figure, decimals)
    number = number_text(figure, decimals)
    return tr("{number} per cent").format(number=number) if unit == "percent" else _with_unit(number, unit)


def gauge(stated: float, rounding: float, ours: Range, words: str) -> str:
    """Return both figures on one axis of their own; `words` say the same to a screen reader."""
    ends = (stated - rounding, stated + rounding, ours.low, ours.high)
    low, high = min(ends), max(ends)
    if high - low <= 1e-9 * max(1.0, abs(high)):
        return ""
    margin = (high - low) * 0.06

    def at(value: float) -> float:
        return 100 * (value - low + margin) / (high - low + 2 * margin)

    return (
        f'<div class="gauge" role="img" aria-label="{html.escape(words)}">'
        f'<i class="band" style="left:{at(ours.low):.2f}%;width:{at(ours.high) - at(ours.low):.2f}%"></i>'
        f'<i class="open" style="left:{at(stated - rounding):.2f}%;'
        f'width:{at(stated + rounding) - at(stated - rounding):.2f}%"></i>'
        f'<i class="ours" style="left:{at(ours.value):.2f}%"></i>'
        f'<i class="said" style="left:{at(stated):.2f}%"></i></div>'
    )


def gauge_key() -> str:
    """Return what the marks of a gauge stand for."""
    return (
        '<div class="key"><span><span class="gauge"><i class="band" style="left:0;width:100%"></i></span>'
        f"{html.escape(tr('our range'))}</span>"
        '<span><span class="gauge"><i class="ours" style="left:50%"></i></span>'
        f"{html.escape(tr('our figure'))}</span>"
        '<span><span class="gauge"><i class="open" style="left:0;width:100%"></i>'
        '<i class="said" style="left:50%"></i></span>'
        f"{html.escape(tr('the published figure, and the range that its rounding allows'))}</span></div>"
    )


def badge(verdict: Verdict) -> str:
    """Return a verdict as a small label."""
    kind = next(key for key, words in VERDICTS.items() if words == verdict)
    return f'<span class="verdict {kind}">{html.escape(tr(WORDS[verdict]))}</span>'


def facts(rows: Mapping[str, str]) -> str:
    """Return labels with their facts, which are HTML already; one without a fact is left out."""
    listed = "".join(f"<dt>{html.escape(key)}</dt><dd>{text}</dd>" for key, text in rows.items() if text)
    return f'<dl class="pair">{listed}</dl>'


def ours(check: Check, unit: Unit, units: Units, *, decimals: int = 1) -> dict[str, str]:
    """Return our figure and its range, each escaped."""
    label = tr("Ours")
    if check.computed is None:
        return {label: html.escape(trc("our figure", "none"))}
    computed = check.computed
    return {
        label: f"<b>{html.escape(amount(computed.value, unit, units, decimals=decimals))}</b>",
        tr("Range"): html.escape(span(computed, unit, units, decimals=decimals) or tr("does not depend on the line")),
    }


def apart(check: Check, unit: Unit, units: Units, *, decimals: int = 1) -> dict[str, str]:
    """Return how far our figure is from the other one, escaped; nothing where there is none of ours."""
    if check.difference is None:
        return {}
    return {tr("Difference"): html.escape(difference(check.difference, unit, units, decimals=decimals))}


def decimals_of(stated: float) -> int:
    """Return as many decimals as a figure has, but one at least."""
    return max(1, len(f"{stated:.6f}".rstrip("0").partition(".")[2]))
