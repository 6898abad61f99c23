"""Answers of the command line as JSON and as text for people: tables, no arguments, no printing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from mapcore.areas import Measured, Range, left_open_km2
from mapcore.boundaries import load_oblasts
from mapcore.claims import CheckedClaim
from mapcore.compare import Comparison, by_oblast
from mapcore.compare import table as sums
from mapcore.control import Control
from mapcore.ranges import LikelyRanges
from mapcore.scenario import load_statuses
from mapcore.series import Series
from mapcore.theme import area_text, ledger_text, ledger_words, range_text

_UNIT_WORDS: Final = {"km2": "km²", "mi2": "sq mi", "percent": "%", "km": "km", "people": "people"}


@dataclass(frozen=True)
class Answer:
    """What a verb answers: its JSON, its text for people, notices for stderr, and the exit code."""

    content: Any
    text: str
    code: int = 0
    notices: tuple[str, ...] = ()


def table(rows: list[list[str]], *, right: tuple[int, ...] = ()) -> str:
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


def rounded(value: Any) -> Any:
    """Leave out what is only noise: 1e-6 km² is a square metre."""
    return round(value, 6) if isinstance(value, float) else value


def areas_text(measured: Measured, likely: LikelyRanges | None = None) -> str:
    """Return a measured proposal: its line, ledger, zones and attribution; with a column of likely ranges if given."""
    proposal, control = measured.proposal, measured.control
    settled = "".join(
        f", {proposal.parameters[name].label.lower()} {value:g} {proposal.parameters[name].unit}"
        for name, value in measured.parameters.items()
    )
    head = f"{proposal.title} ({proposal.by}, {proposal.date})"
    line = f"Line of contact of {control.as_of}, ±{control.error_km:g} km{settled}"
    return "\n\n".join([
        f"{head}\n{line}",
        _ledger_table(measured, likely),
        _zones_table(measured, likely),
        *([_likely_note(likely)] if likely else []),
        control.attribution,
    ])  # fmt: skip


def _likely_note(likely: LikelyRanges) -> str:
    return (
        f"Likely: {likely.share:.0%} of {likely.draws:,} lines displaced at random by {likely.error_km:g} km on average"
        f", correlated over {likely.correlation_km:g} km (seed {likely.seed}). Range: the whole line moved to one side."
    )


def likely_content(likely: LikelyRanges) -> dict[str, Any]:
    """Return likely ranges for JSON: with what they were computed, and the bounds of zones and ledger."""
    keys = ["oblast", "status", "likely_low_km2", "likely_high_km2"]
    rows = likely.by_status[keys].to_dict("records")
    return {
        **{key: getattr(likely, key) for key in ("share", "error_km", "correlation_km", "draws", "seed")},
        "zones": [{str(key): rounded(value) for key, value in row.items()} for row in rows],
        "ledger": {
            key: {"likely_low_km2": rounded(figure.low), "likely_high_km2": rounded(figure.high)}
            for key, figure in likely.ledger.items()
        },
    }


def series_content(found: Series) -> dict[str, Any]:
    """Return what a series wrote for JSON."""
    return {
        "parquet": str(found.parquet),
        "csv": str(found.csv),
        "done": found.done,
        "kept": found.kept,
        "skipped": [
            {"date": one.date and one.date.isoformat(), "file": one.name, "reason": one.reason} for one in found.skipped
        ],
    }


def series_text(found: Series) -> str:
    """Return in one line what a series wrote."""
    return (
        f"{found.done} days measured, {found.kept} kept from an earlier run, {len(found.skipped)} skipped: "
        f"{found.parquet}, {found.csv}"
    )


def _ledger_table(measured: Measured, likely: LikelyRanges | None) -> str:
    rows = [_ledger_row(measured, key, likely) for key in ledger_words()]
    return table([["ledger", "area", "range", *(["likely"] if likely else [])], *rows], right=(1,))


def _ledger_row(measured: Measured, key: str, likely: LikelyRanges | None) -> list[str]:
    """Show a line of the ledger; where the text settles nothing there is no likely range either."""
    shown, beside = ledger_text(measured, key, "km2")
    settled = bool(getattr(measured.ledger, key).value) or not left_open_km2(measured).get(key)
    more = [range_text(likely.ledger[key], "km2") if settled else ""] if likely else []
    return [ledger_words()[key][0], shown, beside, *more]


def _zones_table(measured: Measured, likely: LikelyRanges | None) -> str:
    """Show what changes or is held by Russia; land that stays with Ukraine is one line."""
    names = load_oblasts().set_index("iso")["name_en"]
    statuses = load_statuses()
    found = measured.by_status
    if likely is not None:
        found = found.merge(likely.by_status.drop(columns="area_km2"), on=["oblast", "status"])
    changed = found[found["status"] != "retained"]
    rows = [
        [
            names[row["oblast"]],
            statuses[row["status"]].label,
            area_text(row["area_km2"], "km2"),
            range_text(Range(row["area_km2"], row["low_km2"], row["high_km2"]), "km2"),
            f"{row['share_of_oblast']:.1%}",
            *([_likely_text(row)] if likely else []),
        ]
        for row in changed.to_dict("records")
    ]
    kept = found.loc[found["status"] == "retained", "area_km2"].sum()
    more = ["likely"] if likely else []
    rows.append(["rest of Ukraine", statuses["retained"].label, area_text(kept, "km2"), "", "", *[""] * len(more)])
    return table([["oblast", "status", "area", "range", "of the oblast", *more], *rows], right=(2, 4))


def _likely_text(row: dict[Hashable, Any]) -> str:
    return range_text(Range(row["area_km2"], row["likely_low_km2"], row["likely_high_km2"]), "km2")


def compare_content(found: Comparison) -> dict[str, Any]:
    """Return a comparison for JSON; the changes and the unchanged land add up to the country."""
    rows = sums(found, ("oblast", "from_status", "to_status"))
    return {
        "a": found.a.proposal.id,
        "b": found.b.proposal.id,
        "changes": [
            {"oblast": row.oblast, "from": row.from_status, "to": row.to_status, "area_km2": rounded(row.area_km2)}
            for row in rows.sort_values(["oblast", "from_status", "to_status"]).itertuples()
        ],
        "unchanged_km2": rounded(found.unchanged_km2),
    }


def compare_text(found: Comparison) -> str:
    """Return what changes by oblast, the largest first."""
    names = load_oblasts().set_index("iso")["name_en"]
    rows = [
        [
            names[row["oblast"]],
            row["kind"],
            area_text(row["area_km2"], "km2"),
            range_text(Range(row["area_km2"], row["low_km2"], row["high_km2"]), "km2"),
        ]
        for row in by_oblast(found).to_dict("records")
    ]
    control = found.a.control
    head = f"From: {found.a.proposal.title}\nTo:   {found.b.proposal.title}\nLine of contact of {control.as_of}"
    changes = table([["oblast", "change", "area", "range"], *rows], right=(2,)) if rows else "Nothing changes."
    same = f"Alike under both: {area_text(found.unchanged_km2, 'km2')}"
    return f"{head}\n\n{changes}\n\n{same}\n\n{control.attribution}"


def claims_content(found: Iterable[CheckedClaim]) -> list[dict[str, Any]]:
    """Return checked claims for JSON, figures in each claim's own unit, null where one cannot be computed."""
    content = []
    for one in found:
        claim, ours = one.claim, one.check.computed
        content.append({
            "id": claim.id,
            "statement": claim.statement,
            "stated": claim.stated,
            "unit": claim.unit,
            "computed": rounded(ours.value) if ours else None,
            "low": rounded(ours.low) if ours else None,
            "high": rounded(ours.high) if ours else None,
            "difference": rounded(one.check.difference),
            "verdict": one.check.verdict,
            "source": claim.source or claim.source_title,
        })  # fmt: skip
    return content


def claims_text(found: Iterable[CheckedClaim], control: Control) -> str:
    """Return each claim with ours, the verdict, and the reason where they part."""
    blocks = [f"Line of contact of {control.as_of}, ±{control.error_km:g} km"]
    for one in found:
        claim, ours = one.claim, one.check.computed
        lines = [f"{claim.statement} ({claim.source_title}, {claim.date})"]
        unit = _UNIT_WORDS[claim.unit]
        if ours:
            lines.append(f"  ours: {_figure(ours, unit)}: {one.check.verdict}")
        else:
            lines.append(f"  {one.check.verdict}")
        if one.reason:
            lines.append(f"  {one.reason}")
        lines += [f"  {metric.label}: {_figure(near, _UNIT_WORDS[kind])}" for metric, kind, near in one.near]
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, control.attribution])


def _figure(ours: Range, unit: str) -> str:
    decimals = 1 if unit in {"%", "km"} else 0
    value, low, high = (f"{number:,.{decimals}f}" for number in (ours.value, ours.low, ours.high))
    return f"{value} {unit}" if low == high else f"{value} {unit} ({low} to {high})"
