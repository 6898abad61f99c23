"""Tables and pictures of lines of contact as light HTML and SVG (figures.py says why)."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

import pandas as pd
import shapely
import streamlit as st
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapcore import boundaries, maps, theme
from mapcore.areas import Measured
from mapcore.control import Control
from mapcore.geometry import polygonal
from mapcore.history import held_over_time
from mapcore.spread import disagreement, spread
from mapcore.theme import Units
from mapcore_app import figures, lines

STYLE: Final = """<style>
.linekey{font-size:.88rem;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.2rem 0 .5rem}
.linekey .a{background:#c77b30}.linekey .b{background:#3f7fae}
.linetable table{min-width:46rem}
.refusal{border-left:4px solid #a15c1b;padding:.35rem .7rem;font-size:.95rem}
</style>"""
_PICTURE_STYLE: Final = """
figure{margin:0}
svg{display:block;width:100%;max-width:46rem;height:auto;overflow:visible;color:var(--st-text-color);
font-family:var(--st-font)}
.land{fill:currentColor;fill-opacity:.06;stroke:currentColor;stroke-opacity:.4;stroke-width:.8}
.a{fill:#c77b30}.b{fill:#3f7fae}
.front{fill:none;stroke:currentColor;stroke-width:1.8}.before{stroke-dasharray:5 4}
text{font-size:12px;fill:currentColor}
.grid{stroke:currentColor;stroke-opacity:.18}.run{fill:none;stroke:currentColor;stroke-width:1.6}
circle{fill:currentColor}
"""
_SCRIPT: Final = """
export default function ({ parentElement, data }) {
  const place = parentElement.querySelector("figure");
  if (place.dataset.drawn !== data.picture) { place.innerHTML = data.picture; place.dataset.drawn = data.picture; }
}
"""
#: SVG has a component of its own, since Streamlit's HTML takes none.
_shown = st.components.v2.component("mapcore_lines", html="<figure></figure>", css=_PICTURE_STYLE, js=_SCRIPT)
#: Detail that a small picture can show, in metres.
_DETAIL_M: Final = 1500
_WIDTH: Final = 900
#: Oblasts that the chart names apart; the tables have all.
_MOST_RUNS: Final = 6


def day(when: date) -> str:
    """Return a date in words."""
    return f"{when:%-d %B %Y}"


def short(control: Control) -> str:
    """Return a line as the head of a column; its source too, unless it is a shipped one."""
    return day(control.as_of) if lines.kind(control.id) == "shipped" else f"{day(control.as_of)}, {control.source}"


@lru_cache(maxsize=64)
def held_km2(control: Control) -> float:
    """Return the land that Russia holds on a line."""
    return float(held_over_time([(control.as_of, control)])["held_km2"].sum())


def lines_table(controls: Sequence[Control], units: Units, *, in_use: str) -> str:
    """Return the lines that there are: date, source, licence, error, where each lives, land held."""
    unit = theme.unit_labels()[units]
    held = [held_km2(one) for one in controls]
    frame = pd.DataFrame(
        {
            "Line of": [day(one.as_of) for one in controls],
            "Source": [one.source for one in controls],
            "Licence": [one.licence or "not stated" for one in controls],
            "Error, km": [f"{one.error_km:g}" for one in controls],
            "Kept": [lines.kept(one.id) for one in controls],
            "In use": ["yes" if one.id == in_use else "" for one in controls],
            f"Held by Russia, {unit}": [theme.number(theme.area(km2, units)) for km2 in held],
        }
    )
    shown = figures.as_html(frame, numbers={"Error, km", f"Held by Russia, {unit}"})
    return f'<div class="linetable">{shown}</div>'


def change_words(before: Control, after: Control) -> tuple[str, str]:
    """Return what land is called that Russia holds on the later line only, and on the earlier one only."""
    if before.as_of < after.as_of:
        return "Gained by Russia", "Lost by Russia"
    return f"Held by Russia only in: {short(after)}", f"Held by Russia only in: {short(before)}"


@lru_cache(maxsize=32)
def change_table(before: Control, after: Control, units: Units) -> str:
    """Return what differs between two lines, by oblast."""
    found = disagreement(before, after)
    if found.empty:
        return "<p>The two lines say the same of all land.</p>"
    gained, lost = change_words(before, after)
    areas = pd.DataFrame(found.drop(columns="geometry")).pivot_table(
        index="oblast", columns="held_by_russia_in", values="area_km2", aggfunc="sum", fill_value=0.0
    )
    areas = areas.reindex(columns=["b", "a"], fill_value=0.0).sort_values("b", ascending=False)
    areas.loc["all"] = areas.sum()
    names = {**maps.oblast_names(), "all": "All"}
    unit = theme.unit_labels()[units]
    frame = pd.DataFrame(
        {
            "Oblast": [names[str(oblast)] for oblast in areas.index],
            f"{gained}, {unit}": [theme.number(theme.area(km2, units)) for km2 in areas["b"]],
            f"{lost}, {unit}": [theme.number(theme.area(km2, units)) for km2 in areas["a"]],
            f"Net, {unit}": [theme.number(theme.area(km2, units)) for km2 in areas["b"] - areas["a"]],
        }
    )
    return figures.as_html(frame, numbers=set(frame.columns) - {"Oblast"})


def _path(shape: BaseGeometry, scale: float, left: float, top: float) -> str:
    """Return the outline of a shape as the path of an SVG, in its pixels."""
    parts = shapely.get_parts(shape)
    if isinstance(shape, MultiPolygon):
        parts = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    runs = []
    for part in parts:
        corners = [f"{(x - left) * scale:.1f} {(top - y) * scale:.1f}" for x, y in part.coords]
        runs.append(f"M{'L'.join(corners)}")
    return "".join(runs)


def _multi(shape: BaseGeometry) -> BaseGeometry:
    return polygonal(shapely.make_valid(shapely.simplify(shape, _DETAIL_M)))


@lru_cache(maxsize=1)
def _oblast_outlines() -> tuple[tuple[str, BaseGeometry], ...]:
    oblasts = boundaries.load_oblasts()
    simple = shapely.coverage_simplify(oblasts.geometry.to_numpy(), _DETAIL_M)
    return tuple((iso, polygonal(shape)) for iso, shape in zip(oblasts["iso"], simple, strict=True))


@lru_cache(maxsize=32)
def change_map(before: Control, after: Control) -> str:
    """Return a small map of what differs between two lines; the table beside it says the same in words."""
    outlines = _oblast_outlines()
    left, bottom, right, top = shapely.total_bounds([shape for _, shape in outlines])
    scale = _WIDTH / (right - left)
    frame = (scale, left, top)
    names = maps.oblast_names()
    drawn = [
        f'<path class="land" d="{_path(shape, *frame)}"><title>{html.escape(names[iso])}</title></path>'
        for iso, shape in outlines
    ]
    for row in disagreement(before, after).itertuples():
        shape = _multi(row.geometry)
        if not shape.is_empty:
            drawn.append(f'<path class="{row.held_by_russia_in}" d="{_path(shape, *frame)}"/>')
    for kind, control in (("before", before), ("after", after)):
        line = shapely.simplify(control.line, _DETAIL_M)
        drawn.append(f'<path class="front {kind}" d="{_path(line, *frame)}"/>')
    said = html.escape(f"Map of what differs between the lines of {short(before)} and {short(after)}.")
    return (
        f'<svg viewBox="0 0 {_WIDTH} {(top - bottom) * scale:.0f}" role="img" '
        f'aria-label="{said}">{"".join(drawn)}</svg>'
    )


def change_key(before: Control, after: Control) -> str:
    """Return the legend of `change_map`."""
    gained, lost = (html.escape(words) for words in change_words(before, after))
    return (
        f'<div class="linekey"><span><i class="swatch b"></i>{gained}</span><span><i class="swatch a"></i>{lost}</span>'
        f"<span>Dashed: {html.escape(short(before))}</span><span>Full line: {html.escape(short(after))}</span></div>"
    )


def spread_table(measured: Measured, controls: Sequence[Control], units: Units) -> str:
    """Return the ledger of a proposal on each line, with the least and the greatest."""
    return _spread_table(measured, tuple(controls), units)


@lru_cache(maxsize=32)
def _spread_table(measured: Measured, controls: tuple[Control, ...], units: Units) -> str:
    found = spread(measured.proposal, controls, measured.parameters)
    unit = theme.unit_labels()[units]
    columns: dict[str, list[str]] = {"Figure": [theme.ledger_words()[str(key)][0] for key in found.index]}
    heads = _apart({one.id: short(one) for one in controls})
    for key, head in {**heads, "min": f"Least, {unit}", "max": f"Greatest, {unit}"}.items():
        columns[head] = [theme.number(theme.area(km2, units)) for km2 in found[key]]
    return figures.as_html(pd.DataFrame(columns), numbers=set(columns) - {"Figure"})


def _apart(heads: Mapping[str, str]) -> dict[str, str]:
    """Give heads of columns that are alike their line's id too."""
    alike = list(heads.values())
    return {key: head if alike.count(head) == 1 else f"{head} ({key})" for key, head in heads.items()}


def show(picture: str, *, key: str) -> None:
    """Draw a picture."""
    _shown(key=key, data={"picture": picture})


def over_time(controls: Sequence[Control], units: Units) -> tuple[str, str]:
    """Return the land held by Russia over the dates of the lines: a picture, and the table by oblast."""
    return _over_time(tuple(controls), units)


@lru_cache(maxsize=16)
def _over_time(controls: tuple[Control, ...], units: Units) -> tuple[str, str]:
    held = held_over_time([(one.as_of, one) for one in controls])
    table = held.pivot_table(index="oblast", columns="date", values="held_km2", fill_value=0.0)
    table = table.sort_values(table.columns[-1], ascending=False)
    names = maps.oblast_names()
    rows = {names[str(oblast)]: [float(km2) for km2 in values] for oblast, values in table.iterrows()}
    rows["All"] = [float(km2) for km2 in table.sum()]
    days = sorted(control.as_of for control in controls)
    columns = {day(one): [theme.number(theme.area(row[index], units)) for row in rows.values()]
               for index, one in enumerate(days)}  # fmt: skip
    shown = figures.as_html(pd.DataFrame({f"Oblast ({theme.unit_labels()[units]})": list(rows), **columns}),
                            numbers=set(columns))  # fmt: skip
    return _chart(rows, days, units), shown


def _chart(rows: Mapping[str, Sequence[float]], days: Sequence[date], units: Units) -> str:
    """Draw a run of land held for all the land and for the oblasts with most of it."""
    top, height, left, width = 14, 260, 70, 620
    most = max(rows["All"]) or 1.0
    length = (days[-1] - days[0]).days or 1

    def x(when: date) -> float:
        return left + width * (when - days[0]).days / length

    def y(km2: float) -> float:
        return top + height * (1 - km2 / most)

    drawn = [
        f'<line class="grid" x1="{left}" x2="{left + width}" y1="{y(share * most):.1f}" y2="{y(share * most):.1f}"/>'
        f'<text x="{left - 6}" y="{y(share * most) + 4:.1f}" text-anchor="end">'
        f"{theme.number(theme.area(share * most, units))}</text>"
        for share in (0.0, 0.5, 1.0)
    ]
    labels = 0.0
    for name in ["All", *[one for one in rows if one != "All"][:_MOST_RUNS]]:
        values = rows[name]
        points = " ".join(f"{x(when):.1f},{y(km2):.1f}" for when, km2 in zip(days, values, strict=True))
        dots = "".join(
            f'<circle cx="{x(when):.1f}" cy="{y(km2):.1f}" r="2.6"><title>{html.escape(name)}, {day(when)}: '
            f"{theme.area_text(km2, units)}</title></circle>"
            for when, km2 in zip(days, values, strict=True)
        )
        labels = max(labels + 13, y(values[-1]) + 4)
        drawn.append(
            f'<polyline class="run" points="{points}"/>{dots}'
            f'<text x="{left + width + 8}" y="{labels:.1f}">{html.escape(name)}</text>'
        )
    drawn.append(f'<text x="{left}" y="{top + height + 20}">{day(days[0])}</text>')
    drawn.append(f'<text x="{left + width}" y="{top + height + 20}" text-anchor="end">{day(days[-1])}</text>')
    said = f"Land held by Russia from {day(days[0])} to {day(days[-1])}, in {theme.unit_labels()[units]}; table below."
    bottom = max(top + height + 28, labels + 8)
    return (
        f'<svg viewBox="0 0 {left + width + 120} {bottom:.0f}" role="img" '
        f'aria-label="{html.escape(said)}">{"".join(drawn)}</svg>'
    )
