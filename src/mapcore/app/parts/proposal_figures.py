"""The chart and the table of a proposal as light HTML (`html_table` says why)."""

from __future__ import annotations

import html
from collections import defaultdict
from typing import Final

import pandas as pd

from mapcore.app.parts import html_table
from mapcore.app.session import web_files
from mapcore.base import memory
from mapcore.base.language import number_text, percent_text, sort_key, tr
from mapcore.base.schema import DEFAULT_STATUS
from mapcore.land import boundaries
from mapcore.measurement.areas import Measured
from mapcore.present import wording
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_statuses

STYLE: Final = web_files.style("proposal_figures.css")


#: The least share of an oblast whose number there is room for in its bar.
_LEAST_LABELLED = 0.05


@memory.kept(maxsize=64)
def touched(measured: Measured) -> list[str]:
    """Return the first-level units that the proposal changes or where Russia holds land, most of such land first."""
    zones = measured.zones
    rows = zones[(zones["status"] != DEFAULT_STATUS["ukraine"]) | (zones["held_by"] == "russia")]
    return list(rows.groupby("oblast")["area_km2"].sum().sort_values(ascending=False).index)


def bars(measured: Measured, units: Units, *, dark: bool) -> str:
    """Return who would hold what: one bar an oblast, parted by status, adding up to 100 %."""
    statuses, names = load_statuses(), boundaries.oblast_names()
    order = list(statuses)
    rows = measured.by_status[["oblast", "status", "area_km2", "share_of_oblast"]]
    parts: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for oblast, *part in rows.itertuples(index=False, name=None):
        parts[oblast].append(tuple(part))
    lines = []
    for oblast in touched(measured):
        pieces, words = [], []
        for name, area_km2, share in sorted(parts[oblast], key=lambda part: order.index(part[0]), reverse=True):
            word = f"{tr(statuses[name].label)}: {percent_text(share, 1)}, {wording.area_text(area_km2, units)}"
            words.append(word)
            label = f"<em>{percent_text(share)}</em>" if share >= _LEAST_LABELLED else ""
            pieces.append(
                f'<i style="width:{share:.3%};background:{statuses[name].fill.css(dark=dark)}" '
                f'title="{html.escape(word)}">{label}</i>'
            )
        name = html.escape(names[oblast])
        lines.append(
            f'<span>{name}</span><span class="bar" role="img" aria-label="{name}. {html.escape("; ".join(words))}">'
            f"{''.join(pieces)}</span>"
        )
    whole = html.escape(tr("100 % of the oblast"))
    axis = f'<span></span><span class="axis"><b>0 %</b><b>50 %</b><b>{whole}</b></span>'
    return f'<div class="bars">{"".join(lines)}{axis}</div>'


def zones_table(measured: Measured, units: Units) -> pd.DataFrame:
    """Return the zones of the first-level units that the proposal or the line touches, in `units` to the last digit."""
    statuses, names = load_statuses(), boundaries.oblast_names()
    rows = measured.zones[measured.zones["oblast"].isin(touched(measured))]
    unit = wording.unit_labels()[units]
    oblast, held_by = tr("Oblast"), tr("Held now by")
    listed = pd.DataFrame(
        {
            oblast: rows["oblast"].map(names),
            tr("Status"): rows["status"].map(lambda status: tr(statuses[status].label)),
            held_by: rows["held_by"].map(wording.holder_words()),
            tr("Area, {unit}").format(unit=unit): rows["area_km2"].map(lambda km2: wording.area(km2, units)),
            tr("Low, {unit}").format(unit=unit): rows["low_km2"].map(lambda km2: wording.area(km2, units)),
            tr("High, {unit}").format(unit=unit): rows["high_km2"].map(lambda km2: wording.area(km2, units)),
            tr("Share of oblast, %"): rows["share_of_oblast"].map(lambda share: round(share, 3) * 100),
            **_contested_column(rows, units),
            tr("Clause"): rows["clause"].map(wording.clause_name),
        }
    )
    return listed.sort_values([oblast, held_by], key=lambda names: names.map(sort_key), ignore_index=True)


def _contested_column(rows: pd.DataFrame, units: Units) -> dict[str, pd.Series]:
    """Return the column of contested land, in `units`; none where it is not known of the line."""
    if rows["contested_km2"].isna().any():
        return {}
    head = tr("Fought over, {unit}").format(unit=wording.unit_labels()[units])
    return {head: rows["contested_km2"].map(lambda km2: wording.area(km2, units))}


def zones_html(measured: Measured, units: Units) -> str:
    """Return `zones_table` as HTML."""
    frame, shares = zones_table(measured, units), tr("Share of oblast, %")
    shown = frame[shares].map(lambda share: number_text(share, 1))
    return html_table.areas_html(frame.assign(**{shares: shown}), units, numbers={shares})
