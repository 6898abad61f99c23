"""What an archive of daily lines shows when it is measured: land held over time, pace, and its table to download."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from mapcore.analysis.history import DAYS_PER_MONTH, Pace, at_this_pace, held_in_series, pace_over
from mapcore.analysis.series_table import read_series
from mapcore.app.parts import html_table, line_figures, run_chart
from mapcore.app.session.session_archive import SessionArchive
from mapcore.base import memory
from mapcore.base.errors import ParameterError
from mapcore.base.language import date_text, mark, number_text, tr, trn
from mapcore.base.sources import data_version
from mapcore.land import boundaries
from mapcore.measurement.areas import Measured, ledger_figure
from mapcore.measurement.ledger import ledger_sums, specified_km2
from mapcore.measurement.ranges import Range
from mapcore.present import wording
from mapcore.present.wording import Units
from mapcore.proposals import viewer

#: Windows of a pace, in days.
_WINDOWS: Final = (30, 90, 180, 365)
#: The proposal on which the table says who holds what; every proposal would do.
_HELD_BY: Final = "line-as-is"
_SHOWN: Final = {"change": mark("Change since the first day"), "held": mark("Land held")}


@memory.kept(maxsize=8)
def _held(path: str, _: int) -> pd.DataFrame:
    """Return the land held by date and oblast of a measured archive; see `line_figures.by_date`."""
    return line_figures.by_date(held_in_series(read_series(path, proposal=_HELD_BY)))


@memory.kept(maxsize=32)
def _leaving(path: str, _: int, proposal: str) -> dict[date, float | None]:
    """
    Return how much land Ukraine would withdraw from on the last day of each month of a measured archive.

    None where the text leaves it open; no day at all for a viewer's own proposal, which no archive is measured for.
    """
    rows = read_series(path, proposal=proposal)
    areas: dict[date, float | None] = {}
    for day in _last_of_months(sorted(rows["date"].unique())):
        zones = rows[rows["date"] == day]
        areas[day] = specified_km2(zones, "ukraine_leaves", ledger_sums(zones)["ukraine_leaves"])
    return areas


def _last_of_months(days: Sequence[date]) -> list[date]:
    """Return the first day there is, and the last one of each month."""
    last = {(day.year, day.month): day for day in days}
    return list(dict.fromkeys([*days[:1], *last.values()]))


def draw(held: SessionArchive, measured: Measured, units: Units) -> None:
    """Draw what the archive shows."""
    job = held.job
    stamp = str(job.parquet), job.parquet.stat().st_mtime_ns
    table = _held(*stamp)
    if job.kept:
        words = trn("{count} day had already been measured.", "{count} days had already been measured.", job.kept)
        st.html(f"<p class='meta'>{html.escape(words.format(count=number_text(job.kept)))}</p>")
    shown = st.segmented_control(
        tr("The chart shows"),
        list(_SHOWN),
        format_func=lambda option: tr(_SHOWN[option]),
        default="change",
        required=True,
        key="archive_chart",
    )
    if len(table) > 1:
        run_chart.show(line_figures.chart(table, units, since_first=shown == "change"), key="archive_held")
    leaving = _leaving(*stamp, measured.proposal.id)
    st.html(_monthly(table, leaving, measured, units))
    if len(table) > 1:
        st.html(f"<h3>{html.escape(tr('Pace'))}</h3>{_paces(table, measured, units)}")
    _downloads(held)


def _monthly(table: pd.DataFrame, leaving: dict[date, float | None], measured: Measured, units: Units) -> str:
    """Return the land held on the last day of each month, and what Ukraine would withdraw from."""
    days = _last_of_months(list(table.index))
    named = {**boundaries.oblast_names(), "all": tr("All")}
    columns = {tr("Day"): [date_text(day) for day in days]}
    picked = table[table.index.isin(days)]
    for oblast in table.columns:
        columns[named[oblast]] = [wording.area_number(float(km2), units) for km2 in picked[oblast]]
    words = tr("The archive is measured for the built-in proposals, and so for none of a viewer's own.")
    if leaving:
        columns[tr("Ukraine would withdraw from")] = [wording.area_number(leaving[day], units) for day in days]
        words = tr("Last column: {proposal}, using the proposal's own or default parameter values.")
    head = tr("Held by Russia on the first day and on the last day of each month, {unit}")
    return (
        f"<h3>{html.escape(head.format(unit=wording.unit_labels()[units]))}</h3>"
        f'<div class="dated">{html_table.as_html(pd.DataFrame(columns), numbers=set(columns) - {tr("Day")})}</div>'
        f"<p class='meta'>{html.escape(words.format(proposal=tr(measured.proposal.title)))}</p>"
    )


def _paces(table: pd.DataFrame, measured: Measured, units: Units) -> str:
    """Return the pace over several windows that end with the last day, and the arithmetic for the chosen proposal."""
    held = table.drop(columns="all").melt(ignore_index=False, var_name="oblast", value_name="held_km2").reset_index()
    paces: list[Pace] = []
    for window in _WINDOWS:
        try:
            paces.append(pace_over(held, window_days=window))
        except ParameterError:
            break
    days = list(table.index)
    months = (days[-1] - days[0]).days / DAYS_PER_MONTH
    whole = Pace(float(table["all"].iloc[-1] - table["all"].iloc[0]) / months, days[0], days[-1])
    if whole.since not in {pace.since for pace in paces}:
        paces.append(whole)
    land = ledger_figure(measured, "ukraine_leaves")
    unit, spans = wording.unit_labels()[units], [_span(land, pace) for pace in paces]
    a_month, divided = tr("{unit} a month").format(unit=unit), tr("At this pace: arithmetic, not a forecast")
    frame = pd.DataFrame(
        {
            tr("Since"): [date_text(pace.since) for pace in paces],
            tr("Until"): [date_text(pace.until) for pace in paces],
            a_month: [wording.area_number(pace.km2_per_month, units) for pace in paces],
            divided: spans,
        }
    )
    words = tr(
        "Net change of the land held by Russia over each window. Last column: what Ukraine would "
        "withdraw from under {proposal} on the line in use, {area}, divided by the pace."
    ).format(proposal=viewer.title_of(measured.proposal), area=wording.figure_text(land, units)[0])
    shown = html_table.as_html(frame, numbers={a_month, divided})
    return f'<div class="dated">{shown}</div><p class="meta">{html.escape(words)}</p>'


def _span(land: Range | None, pace: Pace) -> str:
    """Return how long a pace takes for land; where the text leaves the land open, that it does."""
    if land is None:
        return tr("Not specified")
    months = at_this_pace(land.value, pace).months
    return tr("never") if months is None else span_text(months)


def span_text(months: float) -> str:
    """Return a span of time in months, or in years where it is long."""
    if months >= 24:
        return tr("{years} years").format(years=number_text(months / 12, 1))
    return tr("{months} months").format(months=number_text(months, 1))


def _downloads(held: SessionArchive) -> None:
    days, job = held.archive.days, held.job
    name = f"mapcore-series-{days[0]}-{days[-1]}-{data_version()}"
    with st.container(horizontal=True, key="archive_files"):
        for words, path, mime in (
            (tr("Table by day, oblast and proposal (CSV)"), job.csv, "text/csv"),
            (tr("Table by day, oblast and proposal (Parquet)"), job.parquet, "application/vnd.apache.parquet"),
        ):
            st.download_button(
                words,
                path.read_bytes,
                f"{name}{path.suffix}",
                mime,
                key=f"archive_{path.suffix[1:]}",
                on_click="ignore",
            )
