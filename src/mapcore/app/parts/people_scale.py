"""How large the land is that a proposal is about: beside known areas, and the frozen conflicts named as precedents."""

from __future__ import annotations

import html
from typing import Final

import streamlit as st

from mapcore.analysis.known_areas import KnownArea, load_known_areas
from mapcore.app.parts import page_elements
from mapcore.app.session import web_files
from mapcore.base.language import cached, mark, number_text, tr, trc
from mapcore.measurement.areas import Measured
from mapcore.measurement.ranges import Range
from mapcore.present import land_in_question, links, wording
from mapcore.present.wording import Units

_TOPICS: Final = {"people": mark("People"), "economy": mark("Economy"), "troops": mark("Troops")}

STYLE: Final = web_files.style("scale.css")


def draw(measured: Measured, view: links.View, units: Units) -> None:
    """Draw the land beside known areas, and what is known of the precedents."""
    _scale(measured, view, units)
    st.html(_precedents(units))


def themed(content: str) -> str:
    """Return HTML that its style can tell the viewer's theme from."""
    return f'<div class="{"dark" if page_elements.is_dark() else "light"}">{content}</div>'


def _scale(measured: Measured, view: links.View, units: Units) -> None:
    message, _, area = land_in_question.zone_of(measured)
    words = tr(message)
    known = sorted(load_known_areas(), key=lambda found: found.area_km2, reverse=True)
    most = max(area.high, *(found.area_km2 for found in known))

    def row(kind: str, name: str, value: float, text: str, bounds: str = "") -> str:
        return (
            f'<span class="{kind}">{html.escape(name)}</span><span class="track {kind}">'
            f'<i style="width:{100 * value / most:.2f}%"></i>{bounds}</span><span>{html.escape(text)}</span>'
        )

    whisker = f'<u style="left:{100 * area.low / most:.2f}%;width:{100 * (area.high - area.low) / most:.2f}%"></u>'
    rows = [row("zone", words, area.value, wording.area_text(area.value, units), whisker)]
    for found in known:
        kind = "chosen" if found.id == view.choice("scale") else "other"
        rows.append(row(kind, tr(found.name), found.area_km2, _beside(found, area, units)))
    about = tr(
        "{zone}: {area}, range {bounds} (the thin line). The choice under the map lays an area over the zone, drawn to "
        "its published size."
    ).format(zone=words, area=wording.area_text(area.value, units), bounds=wording.range_text(area, units))
    st.html(
        themed(
            f"<h2>{html.escape(tr('A sense of scale'))}</h2><p class='meta'>{html.escape(about)}</p>"
            f"<div class='scale'>{''.join(rows)}</div>"
        )
    )


def _beside(known: KnownArea, area: Range, units: Units) -> str:
    """Return a known area, and how many times as large the land is."""
    times = area.value / known.area_km2
    return tr("{area}; the zone is {times} times as large").format(
        area=wording.area_text(known.area_km2, units), times=number_text(times, 1 if times < 10 else 0)
    )


@cached(maxsize=4)
def _precedents(units: Units) -> str:
    articles = "".join(_precedent(found, units) for found in load_known_areas() if found.precedent)
    about = tr("Outside the control of the state that they are recognised as part of, since the year given.")
    return (
        f"<h2>{html.escape(tr('Frozen conflicts that are named as precedents'))}</h2>"
        f"<p class='meta'>{html.escape(about)}</p><div class='entries'>{articles}</div>"
    )


def _precedent(known: KnownArea, units: Units) -> str:
    area = wording.area_text(known.area_km2, units)
    became = "".join(
        f"<li><b>{html.escape(tr(_TOPICS[outcome.topic]))}:</b> {html.escape(tr(outcome.text))} "
        f"{_source(outcome.source)}</li>"
        for outcome in known.became
    )
    population = f"{number_text(known.population)} ({html.escape(tr(known.population_date))})"
    return (
        f"<article><h3>{html.escape(tr(known.name))}</h3><dl>"
        f"<dt>{html.escape(tr('Area'))}</dt><dd>{area}, {_source(known.source)}</dd>"
        f"<dt>{html.escape(tr('Population'))}</dt><dd>{population}, {_source(known.population_source)}</dd>"
        f"<dt>{html.escape(trc('year', 'Since'))}</dt><dd>{html.escape(tr(known.since))}</dd></dl>"
        f"<p>{html.escape(tr(known.status))}</p><ul>{became}</ul>"
        f'<p class="meta">{html.escape(tr(known.note))}</p></article>'
    )


def _source(url: str) -> str:
    return f'<a href="{html.escape(url)}" target="_blank" rel="noopener">{html.escape(tr("source"))}</a>'
