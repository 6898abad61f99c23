"""Answers of the command line as JSON and as text for people: tables, no arguments, no printing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mapcore.analysis.claims import CheckedClaim
from mapcore.analysis.compare import Comparison, Over, by_oblast, kind_words
from mapcore.analysis.series import Series
from mapcore.base.language import number_text, percent_text, tr
from mapcore.base.units import UNIT_SIGNS, Unit
from mapcore.land.boundaries import oblast_names
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured, ledger_figure
from mapcore.measurement.likely import LikelyRanges
from mapcore.measurement.ranges import Range
from mapcore.present import difference_classes, line_age
from mapcore.present.wording import area_text, ledger_text, ledger_words, number, range_text
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_statuses


@dataclass(frozen=True)
class Answer:
    """What a verb answers: its JSON, its text for people, notices for stderr, and the exit code."""

    content: Any
    text: str
    code: int = 0
    notices: tuple[str, ...] = ()


def text_table(rows: list[list[str]], *, right: tuple[int, ...] = ()) -> str:
    """Align columns by their widest cell; those in `right` to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join(lines)


def areas_text(measured: Measured, likely: LikelyRanges | None = None) -> str:
    """Return a measured proposal: its line, ledger, zones and attribution; with a column of likely ranges if given."""
    proposal, control = measured.proposal, measured.control
    settled = "".join(
        f", {tr(proposal.parameters[name].label).lower()} {value:g} {tr(proposal.parameters[name].unit)}"
        for name, value in measured.parameters.items()
    )
    head = f"{viewer.title_of(proposal)} ({tr(proposal.by)}, {proposal.date})"
    line = _aged(f"{_line(control)}{settled}", control)
    return "\n\n".join([
        f"{head}\n{line}",
        _ledger_table(measured, likely),
        _zones_table(measured, likely),
        *([_likely_note(likely)] if likely else []),
        tr(control.provenance.attribution),
    ])  # fmt: skip


def _line(control: Control) -> str:
    sentence = tr("Line of contact of {day}, ±{error} km")
    return sentence.format(day=control.as_of, error=f"{control.provenance.error_km:g}")


def _aged(line: str, control: Control) -> str:
    age = line_age.sentence(control.as_of)
    return f"{line}. {age}" if age else line


def _likely_note(likely: LikelyRanges) -> str:
    sentence = tr(
        "Likely: {share} of {draws} lines displaced at random by {error} km on average, correlated over {correlation} "
        "km (seed {seed}). Range: the whole line moved to one side."
    )
    return sentence.format(
        share=percent_text(likely.share), draws=number_text(likely.draws), error=f"{likely.error_km:g}",
        correlation=f"{likely.correlation_km:g}", seed=likely.seed,
    )  # fmt: skip


def series_content(series: Series) -> dict[str, Any]:
    """Return what a series wrote for JSON."""
    return {
        "parquet": str(series.parquet),
        "csv": str(series.csv),
        "done": series.done,
        "kept": series.kept,
        "skipped": [
            {"date": entry.date and entry.date.isoformat(), "file": entry.name, "reason": entry.reason}
            for entry in series.skipped
        ],
    }


def series_text(series: Series) -> str:
    """Return in one line what a series wrote."""
    sentence = tr("{done} days measured, {kept} kept from an earlier run, {skipped} skipped: {parquet}, {csv}")
    return sentence.format(
        done=series.done, kept=series.kept, skipped=len(series.skipped), parquet=series.parquet, csv=series.csv
    )


def _ledger_table(measured: Measured, likely: LikelyRanges | None) -> str:
    rows = [_ledger_row(measured, key, likely) for key in ledger_words()]
    head = [tr("ledger"), tr("area"), tr("range"), *([tr("likely")] if likely else [])]
    return text_table([head, *rows], right=(1,))


def _ledger_row(measured: Measured, key: str, likely: LikelyRanges | None) -> list[str]:
    """Show a line of the ledger; where the text settles nothing there is no likely range either."""
    shown, beside = ledger_text(measured, key, "km2")
    settled = ledger_figure(measured, key) is not None
    more = [range_text(likely.ledger[key], "km2") if settled else ""] if likely else []
    return [ledger_words()[key][0], shown, beside, *more]


def _zones_table(measured: Measured, likely: LikelyRanges | None) -> str:
    """Show what changes or is held by Russia; land that stays with Ukraine is one line."""
    names = oblast_names()
    statuses = load_statuses()
    found = measured.by_status
    if likely is not None:
        found = found.merge(likely.by_status.drop(columns="area_km2"), on=["oblast", "status"])
    contested = bool(found["contested_km2"].notna().all())
    changed: list[Any] = list(found[found["status"] != "retained"].itertuples())
    rows = [
        [
            names[row.oblast],
            tr(statuses[row.status].label),
            area_text(row.area_km2, "km2"),
            range_text(Range.of(row), "km2"),
            percent_text(row.share_of_oblast, 1),
            *([area_text(row.contested_km2, "km2")] if contested else []),
            *([_likely_text(row)] if likely else []),
        ]
        for row in changed
    ]
    kept = found.loc[found["status"] == "retained", ["area_km2", "contested_km2"]].sum()
    more = [*([tr("fought over")] if contested else []), *([tr("likely")] if likely else [])]
    retained = tr(statuses["retained"].label)
    beside = [*([area_text(kept["contested_km2"], "km2")] if contested else []), *([""] if likely else [])]
    rows.append([tr("rest of Ukraine"), retained, area_text(kept["area_km2"], "km2"), "", "", *beside])
    head = [tr("oblast"), tr("status"), tr("area"), tr("range"), tr("of the oblast"), *more]
    return text_table([head, *rows], right=(2, 4, 5) if contested else (2, 4))


def _likely_text(row: Any) -> str:
    return range_text(Range(row.area_km2, row.likely_low_km2, row.likely_high_km2), "km2")


def compare_text(comparison: Comparison, over: Over = "all") -> str:
    """Return what changes over a question by oblast, the largest first."""
    names = oblast_names()
    changed: list[Any] = list(by_oblast(comparison, over=over).itertuples())
    rows = [
        [
            names[row.oblast],
            kind_words(row.kind),
            area_text(row.area_km2, "km2"),
            range_text(Range.of(row), "km2"),
        ]
        for row in changed
    ]
    control = comparison.a.control
    sides = [(tr("From:"), comparison.a), (tr("To:"), comparison.b)]
    width = max(len(word) for word, _ in sides)
    head = "\n".join(f"{word:{width}} {viewer.title_of(measured.proposal)}" for word, measured in sides)
    columns = [tr("oblast"), tr("change"), tr("area"), tr("range")]
    changes = text_table([columns, *rows], right=(2,)) if rows else tr("Nothing changes.")
    same = tr("Alike under both: {area}").format(
        area=area_text(difference_classes.totals(comparison, over)[1].value, "km2")
    )
    line = line_age.dated(control.as_of)
    if over != "all":
        line += f"\n{tr(difference_classes.OVER_WORDS[over])}"
    return f"{head}\n{line}\n\n{changes}\n\n{same}\n\n{tr(control.provenance.attribution)}"


def claims_text(checked: Iterable[CheckedClaim], control: Control) -> str:
    """Return each claim with ours, the verdict, and the reason where they part."""
    blocks = [_aged(_line(control), control)]
    for checked_claim in checked:
        claim, ours = checked_claim.claim, checked_claim.check.computed
        lines = [f"{tr(claim.statement)} ({tr(claim.source_title)}, {claim.date})"]
        verdict = tr(checked_claim.check.verdict)
        if ours:
            sentence = tr("ours: {figure}: {verdict}").format(figure=_figure(ours, claim.unit), verdict=verdict)
            lines.append(f"  {sentence}")
        else:
            lines.append(f"  {verdict}")
        if checked_claim.reason:
            lines.append(f"  {checked_claim.reason}")
        lines += [f"  {metric.label}: {_figure(near, kind)}" for metric, kind, near in checked_claim.near]
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, tr(control.provenance.attribution)])


def _number(value: float, kind: str) -> str:
    if kind in {"km2", "mi2"}:
        return number(value)
    return number_text(value, 1 if kind in {"percent", "km"} else 0)


def _figure(ours: Range, kind: Unit) -> str:
    unit = tr(UNIT_SIGNS[kind])
    value, low, high = (_number(amount, kind) for amount in ours.numbers)
    if low == high:
        return tr("{number} {unit}").format(number=value, unit=unit)
    return tr("{number} {unit} ({low} to {high})").format(number=value, unit=unit, low=low, high=high)
