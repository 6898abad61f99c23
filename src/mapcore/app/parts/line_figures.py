"""Tables and charts of lines of contact as light HTML and SVG (`html_table` says why)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import pandas as pd

from mapcore.analysis.history import held_over_time
from mapcore.analysis.line_agreement import spread
from mapcore.app.parts import html_table, run_chart
from mapcore.app.session import lines, web_files
from mapcore.base import memory
from mapcore.base.language import cached, date_text, tr
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured
from mapcore.present import held_by_lines, line_words, wording
from mapcore.present.wording import Units

STYLE: Final = web_files.style("lines.css")
#: Oblasts that a chart names apart; the tables have all.
_MOST_RUNS: Final = 6


@memory.kept(maxsize=64)
def held_km2(control: Control) -> float:
    """Return the land that Russia holds on a line."""
    return float(held_over_time([(control.as_of, control)])["held_km2"].sum())


def lines_table(controls: Sequence[Control], units: Units, *, in_use: str) -> str:
    """Return the lines that there are: date, source, licence, error, where each lives, land held."""
    held = tr("Held by Russia, {unit}").format(unit=wording.unit_labels()[units])
    frame = pd.DataFrame(
        {
            tr("Date of the line"): [date_text(control.as_of) for control in controls],
            tr("Source"): [tr(control.provenance.source) for control in controls],
            tr("Licence"): [tr(control.provenance.licence or "not stated") for control in controls],
            tr("Error, km"): [line_words.km_text(control.provenance.error_km) for control in controls],
            tr("Kept"): [lines.kept(control.id) for control in controls],
            tr("In use"): [tr("yes") if control.id == in_use else "" for control in controls],
            held: [wording.area_number(held_km2(control), units) for control in controls],
        }
    )
    return f'<div class="linetable dated">{html_table.as_html(frame, numbers={tr("Error, km"), held})}</div>'


@cached(maxsize=32)
def change_table(before: Control, after: Control, units: Units) -> str:
    """Return what differs between two lines, by oblast."""
    zones = held_by_lines.zones((before, after))
    areas = pd.DataFrame(
        {line.id: zones[zones["held_in"] == (line.id,)].groupby("oblast")["area_km2"].sum() for line in (before, after)}
    ).fillna(0.0)
    if areas.empty:
        return f"<p>{tr('The two lines agree everywhere.')}</p>"
    areas = areas.sort_values(after.id, ascending=False)
    areas.loc["all"] = areas.sum()
    gained, lost = held_by_lines.change_words(before, after)
    heads = (f"{words}, {wording.unit_labels()[units]}" for words in (gained, lost))
    columns = dict(zip(heads, (areas[after.id], areas[before.id]), strict=True))
    columns[tr("Net, {unit}").format(unit=wording.unit_labels()[units])] = areas[after.id] - areas[before.id]
    return _by_oblast(list(areas.index), columns, units)


@cached(maxsize=32)
def counts_table(controls: tuple[Control, ...], units: Units) -> str:
    """Return by oblast how much land so many of the lines have held by Russia, for oblasts on which they differ."""
    zones = held_by_lines.zones(controls)
    areas = zones.pivot_table(index="oblast", columns="lines", values="area_km2", aggfunc="sum", fill_value=0.0)
    areas = areas.reindex(columns=range(len(controls), 0, -1), fill_value=0.0)
    some = areas[[count for count in areas.columns if count < len(controls)]].sum(axis=1)
    areas = areas[some >= 1].loc[some[some >= 1].sort_values(ascending=False).index]
    if areas.empty:
        return f"<p>{tr('The lines agree everywhere.')}</p>"
    areas.loc["all"] = zones[zones["lines"] > 0].groupby("lines")["area_km2"].sum()
    unit = wording.unit_labels()[units]
    whole = tr("On all {size} lines, {unit}")
    some_words = tr("On {count} of {size} lines, {unit}")
    heads = {
        count: (whole if count == len(controls) else some_words).format(count=count, size=len(controls), unit=unit)
        for count in areas.columns
    }
    return _by_oblast(list(areas.index), {heads[count]: areas[count].fillna(0.0) for count in areas.columns}, units)


def _by_oblast(oblasts: Sequence[str], columns: Mapping[str, pd.Series], units: Units) -> str:
    named = {**boundaries.oblast_names(), "all": tr("All")}
    shown = {head: [wording.area_number(float(km2), units) for km2 in values] for head, values in columns.items()}
    frame = pd.DataFrame({tr("Oblast"): [named[oblast] for oblast in oblasts], **shown})
    return html_table.as_html(frame, numbers=set(shown))


def spread_table(measured: Measured, controls: Sequence[Control], units: Units) -> str:
    """Return the ledger of a proposal on each line, with the least and the greatest."""
    return _spread_table(measured, tuple(controls), units)


@cached(maxsize=32)
def _spread_table(measured: Measured, controls: tuple[Control, ...], units: Units) -> str:
    differences = spread(measured.proposal, controls, measured.parameters)
    differences["spread"] = differences["max"] - differences["min"]
    words = wording.ledger_words()
    unit = wording.unit_labels()[units]
    ends = {"min": tr("Least, {unit}"), "max": tr("Greatest, {unit}"), "spread": tr("Spread, {unit}")}
    heads = held_by_lines.names(controls) | {key: head.format(unit=unit) for key, head in ends.items()}
    columns: dict[str, list[str]] = {tr("Figure"): [words[str(key)][0] for key in differences.index]}
    for key, head in heads.items():
        columns[head] = [wording.area_number(km2, units) for km2 in differences[key]]
    return html_table.as_html(pd.DataFrame(columns), numbers=set(heads.values()))


def over_time(controls: Sequence[Control], units: Units) -> tuple[str, str]:
    """Return the land held by Russia over the dates of the lines: a chart, and the table by oblast."""
    return _over_time(tuple(controls), units)


@cached(maxsize=16)
def _over_time(controls: tuple[Control, ...], units: Units) -> tuple[str, str]:
    held = by_date(held_over_time([(control.as_of, control) for control in controls]))
    days = {date_text(day): held.loc[day] for day in held.index}
    oblasts = [str(oblast) for oblast in held.columns]
    head = tr("Oblast ({unit})").format(unit=wording.unit_labels()[units])
    named = {**boundaries.oblast_names(), "all": tr("All")}
    columns = {day: [wording.area_number(float(km2), units) for km2 in row] for day, row in days.items()}
    table = html_table.as_html(
        pd.DataFrame({head: [named[oblast] for oblast in oblasts], **columns}), numbers=set(columns)
    )
    return chart(held, units), table


def by_date(held: pd.DataFrame) -> pd.DataFrame:
    """Return a table of `held_over_time` with a row a date and a column an oblast, "all" first, then most land."""
    table = held.pivot_table(index="date", columns="oblast", values="held_km2", fill_value=0.0)
    table = table[table.iloc[-1].sort_values(ascending=False, kind="stable").index]
    table.insert(0, "all", table.sum(axis=1))
    return table


def chart(held: pd.DataFrame, units: Units, *, since_first: bool = False) -> str:
    """Return the chart of a table of `by_date`: land held, or how much more or less than on the first date."""
    shown = held - held.iloc[0] if since_first else held
    if since_first:
        order = shown.drop(columns="all").abs().max().sort_values(ascending=False, kind="stable").index
        shown = shown[["all", *order]]
    named = {**boundaries.oblast_names(), "all": tr("All")}
    runs = {
        named[str(oblast)]: [wording.area(float(km2), units) for km2 in shown[oblast]]
        for oblast in shown.columns[: _MOST_RUNS + 1]
    }
    days: list[date] = list(shown.index)
    sentence = (
        tr("Change in the land held by Russia from {first} to {last}, in {unit}; table below.")
        if since_first
        else tr("Land held by Russia from {first} to {last}, in {unit}; table below.")
    ).format(first=date_text(days[0]), last=date_text(days[-1]), unit=wording.unit_labels()[units])
    return run_chart.chart(runs, days, description=sentence, number=wording.number)
