"""What a proposal does to the land: civil objects on the map on request, and the figures in a part that unfolds."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from mapcore.analysis.civil_objects import KINDS
from mapcore.app.parts import assets, html_table
from mapcore.base.language import exact_text, tr
from mapcore.measurement.areas import Measured
from mapcore.measurement.effects import Spot
from mapcore.present import links
from mapcore.present.effect_words import GROUPS, EffectRow, effect_rows
from mapcore.present.folium_map import Overlay
from mapcore.present.wording import Units
from mapcore.proposals import viewer

#: How wide a map of zoom 0 is that a page has room for, in km, about the middle of Ukraine.
_WIDE_KM: Final = 40_000.0
_NEAREST, _FARTHEST = 12.0, 6.0


def on_map(view: links.View, measured: Measured, over: Overlay | None) -> Overlay | None:
    """Return what lies over the zones with the civil objects that the viewer asked for, if any."""
    kinds = tuple(kind for kind in view.choice("objects").split(",") if kind)
    return replace(over or Overlay(), places=assets.objects_url(measured, kinds)) if kinds else over


def draw(measured: Measured, units: Units) -> None:
    """Draw the choice of civil objects, and the figures when they are unfolded: they take a moment where new."""
    st.pills(
        tr("Civil objects on the map"),
        list(KINDS),
        format_func={kind: tr(words) for kind, words in KINDS.items()}.__getitem__,
        selection_mode="multi",
        key="objects",
    )
    panel = st.expander(tr("What it does to the land"), key="effects", on_change="rerun")
    if panel.open:
        with panel:
            st.html(html_table.STYLE + _table([measured], units) + _note(measured))


def between(a: Measured, b: Measured, units: Units) -> None:
    """Draw the figures of two proposals side by side when they are unfolded."""
    panel = st.expander(tr("What A and B do to the land"), key="effects", on_change="rerun")
    if panel.open:
        with panel:
            st.html(html_table.STYLE + _table([a, b], units) + _note(a))


def _note(measured: Measured) -> str:
    sentence = tr(
        "In brackets: the line of contact moved {error} km one way and the other. A length is that of the line as it "
        "is drawn. Counts of people are of settlements of 500 and more, before the full-scale invasion; who lives "
        "there now is not known. Land that a text leaves open counts with who holds it now. Positions of civil objects "
        "are those of the public record, to a kilometre or two at best."
    )
    return f'<p class="meta">{html.escape(sentence.format(error=exact_text(measured.control.provenance.error_km)))}</p>'


def _table(measured: Sequence[Measured], units: Units) -> str:
    """Return the rows of one proposal, or of two that are matched by their labels, with a heading for each group."""
    rows = _matched([effect_rows(measurement, units) for measurement in measured])
    heads = [tr("After")]
    if len(measured) > 1:
        heads = [
            f"{letter}: {viewer.title_of(measurement.proposal)}"
            for letter, measurement in zip("AB", measured, strict=True)
        ]
    return "".join(
        f"<h3>{html.escape(tr(GROUPS[group]))}</h3>{_part(part, [tr('Now'), *heads])}"
        for group, part in groupby(rows, key=lambda pair: pair[0].group)
    )


def _matched(found: Sequence[Sequence[EffectRow]]) -> list[tuple[EffectRow, list[str]]]:
    """Return each label once, group by group, with what each proposal has there."""
    order = list(GROUPS)
    labels = {row.label: row for rows in found for row in rows}
    by_label = [{row.label: row.after for row in rows} for rows in found]
    rows = sorted(labels.values(), key=lambda row: order.index(row.group))
    return [(row, [column.get(row.label, "") for column in by_label]) for row in rows]


def _part(rows: Iterable[tuple[EffectRow, list[str]]], heads: Sequence[str]) -> str:
    named = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in (tr("Figure"), *heads))
    body = "".join(
        f'<tr><th scope="row">{html.escape(row.label)}{_way(row.spot)}</th><td>{html.escape(row.now)}</td>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for row, cells in rows
    )
    label = html.escape(tr("What it does to the land"))
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{label}"><table class="figures two">'
        f"<thead><tr>{named}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _way(spot: Spot | None) -> str:
    """Return a link that moves the map to a place, with the viewer's other choices."""
    if spot is None:
        return ""
    zoom = min(_NEAREST, max(_FARTHEST, math.log2(_WIDE_KM / max(spot.wide_km, 1.0))))
    there = links.to_query(links.View(page="map", lat=spot.lat, lon=spot.lon, zoom=round(zoom, 2)))
    address = "?" + urlencode(st.query_params.to_dict() | there | {"page": "map"})
    return f' <a href="{html.escape(address)}" target="_self">{html.escape(tr("map"))}</a>'
