"""
The chart and the table of a proposal as light HTML.

A chart component and a data grid take the browser so long at each click that the map, which shares its thread, would
answer late; a table of HTML is also what a screen reader can read.
"""

from __future__ import annotations

import html
from collections.abc import Collection

import pandas as pd

from mapcore.app.parts import pieces as parts
from mapcore.base.language import cached, exact_text, number_text, percent_text, sort_key, tr
from mapcore.base.schema import DEFAULT_STATUS
from mapcore.land import boundaries
from mapcore.measure.areas import Measured
from mapcore.present import wording
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_statuses

STYLE = """<style>
.bars{display:grid;grid-template-columns:max-content 1fr;gap:.32rem .8rem;align-items:center;font-size:.9rem}
.bars .bar{display:flex;height:1.15rem;border:1px solid color-mix(in srgb,currentColor 45%,transparent)}
.bars .bar i{display:block;height:100%;box-sizing:border-box;border-right:1px solid rgba(0,0,0,.35)}
.bars .bar em{font-style:normal;font-size:.74rem;line-height:1rem;padding:0 .3rem;margin:0 .2rem;border-radius:.15rem;
background:var(--paper,#fff);color:#1c252c}
.bars .bar i:last-child{border-right:0}
.bars .axis{display:flex;justify-content:space-between;font-size:.76rem;opacity:.75}
.scroll{overflow-x:auto}
table.figures{border-collapse:collapse;font-size:.88rem;width:100%;font-variant-numeric:tabular-nums}
table.figures th{text-align:left;vertical-align:bottom;font-weight:600;padding:.3rem .6rem .3rem 0;
border-bottom:2px solid currentColor}
table.figures td{border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent);padding:.26rem .6rem .26rem 0}
table.figures .n{text-align:right}table.figures td.n{white-space:nowrap}
</style>"""


#: The least share of an oblast whose number there is room for in its bar.
_LEAST_LABELLED = 0.05


def touched(measured: Measured) -> list[str]:
    """Return the first-level units that the proposal changes or where Russia holds land, most of such land first."""
    zones = measured.zones
    rows = zones[(zones["status"] != DEFAULT_STATUS["ukraine"]) | (zones["held_by"] == "russia")]
    return list(rows.groupby("oblast")["area_km2"].sum().sort_values(ascending=False).index)


@cached(maxsize=64)
def bars(measured: Measured, units: Units, *, dark: bool) -> str:
    """Return who would hold what: one bar an oblast, parted by status, adding up to 100 %."""
    statuses, names = load_statuses(), boundaries.oblast_names()
    order = list(statuses)
    rows = measured.by_status
    lines = []
    for oblast in touched(measured):
        own = rows[rows["oblast"] == oblast]
        pieces, words = [], []
        for name in sorted(own["status"], key=order.index, reverse=True):
            area_km2, share = own.loc[own["status"] == name, ["area_km2", "share_of_oblast"]].to_numpy()[0]
            word = f"{tr(statuses[name].label)}: {percent_text(share, 1)}, {wording.area_text(float(area_km2), units)}"
            words.append(word)
            label = f"<em>{percent_text(share)}</em>" if share >= _LEAST_LABELLED else ""
            pieces.append(
                f'<i style="width:{share:.3%};background:{parts.fill(statuses[name], dark=dark)}" '
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


def table(measured: Measured, units: Units) -> pd.DataFrame:
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
            tr("Clause"): rows["clause"].map(wording.clause_name),
        }
    )
    return listed.sort_values([oblast, held_by], key=lambda names: names.map(sort_key), ignore_index=True)


@cached(maxsize=64)
def zones_html(measured: Measured, units: Units) -> str:
    """Return `table` as HTML."""
    frame, shares = table(measured, units), tr("Share of oblast, %")
    shown = frame[shares].map(lambda share: number_text(share, 1))
    return areas_html(frame.assign(**{shares: shown}), units, numbers={shares})


def areas_html(frame: pd.DataFrame, units: Units, *, numbers: Collection[str] = ()) -> str:
    """Return a table as HTML, its areas (columns whose names end with the unit) rounded as everywhere."""
    areas = [name for name in frame.columns if name.endswith(wording.unit_labels()[units])]
    shown = frame.assign(**{name: frame[name].map(wording.number) for name in areas})
    return as_html(shown, numbers={*areas, *numbers})


def as_html(frame: pd.DataFrame, *, numbers: Collection[str] = ()) -> str:
    """Return a table as HTML, every cell escaped; columns of numbers, and those named in `numbers`, to the right."""
    numeric = [name in numbers or pd.api.types.is_numeric_dtype(kind) for name, kind in frame.dtypes.items()]
    head = "".join(
        f'<th scope="col"{" class=n" if number else ""}>{html.escape(name)}</th>'
        for name, number in zip(frame.columns, numeric, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=n' if number else ''}>"
            f"{html.escape(value if isinstance(value, str) else exact_text(value))}</td>"
            for value, number in zip(row, numeric, strict=True)
        )
        + "</tr>"
        for row in frame.itertuples(index=False)
    )
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{html.escape(_named(frame))}">'
        f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _named(frame: pd.DataFrame) -> str:
    """Return a name for a table; what scrolls must be within reach of the keyboard, and say what it is."""
    return tr("Table: {columns}").format(columns=", ".join(map(str, frame.columns)))
