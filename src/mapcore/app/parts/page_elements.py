"""What pages are made of: the legend, the ledger, details of a zone, sliders."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from mapcore.base import memory
from mapcore.base.fill import Fill
from mapcore.base.language import cached, percent_text, sort_key, tr
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.land.cut import hold_pieces
from mapcore.measurement.areas import Measured, zone_records
from mapcore.measurement.likely import LikelyRanges
from mapcore.measurement.ranges import Range
from mapcore.present import wording
from mapcore.present.wording import Units
from mapcore.proposals.shipped import Clause, Parameter, Status, load_statuses
from mapcore.publish import first_screen


def sliders(parameters: Mapping[str, Parameter], values: Mapping[str, float]) -> None:
    """Draw a slider for each parameter; its key is the parameter's name, so that pages and proposals share it."""
    for name, parameter in parameters.items():
        st.session_state.setdefault(name, values.get(name, parameter.default))
        limits = (float(parameter.min), float(parameter.max))
        label = f"{tr(parameter.label)}, {tr(parameter.unit)}"
        st.slider(label, *limits, step=float(parameter.step), format="%g", key=name)


class Markup(NamedTuple):
    """HTML that Streamlit takes as it is; in plain text it would look for indents at each run."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


def is_dark() -> bool:
    """Whether the viewer's theme is dark."""
    return st.context.theme.type == "dark"


def swatch(fill: Fill, *, dark: bool) -> str:
    """Return the legend's small square of a class of land."""
    return f'<i class="swatch" style="background:{fill.css(dark=dark)}"></i>'


def linked(text: str, *urls: str) -> str:
    """Return escaped text with a link to each of its sources after it."""
    words = html.escape(tr("source"))
    links = (f' <a href="{html.escape(url)}" target="_blank" rel="noopener">{words}</a>' for url in urls)
    return html.escape(text) + "".join(links)


@cached(maxsize=64)
def legend(measured: Measured, units: Units, *, dark: bool) -> str:
    """Return the legend of the zones that the map shows, each with its area, and of its lines."""
    return first_screen.legend(measured, units, partial(swatch, dark=dark))


def legal_status() -> str:
    """Return what "held" says of law and what it does not, for a view that shows who holds what."""
    return f'<p class="meta">{html.escape(tr(wording.LEGAL_STATUS))}</p>'


@cached(maxsize=64)
def ledger(
    measured: Measured,
    units: Units,
    *,
    likely_ranges: LikelyRanges | None = None,
    parts: first_screen.Parts = first_screen.PARTS,
) -> str:
    """Return the ledger or one of its parts, as `first_screen.ledger` has it."""
    return first_screen.ledger(measured, units, likely_ranges=likely_ranges, parts=parts)


@cached(maxsize=64)
def headline(measured: Measured, units: Units) -> str:
    """Return the headline, as `first_screen.headline` has it."""
    return first_screen.headline(measured, units)


@cached(maxsize=8)
def meanings() -> str:
    """Return what each line of the ledger counts."""
    return "".join(
        f"<p><b>{html.escape(wording.lead_words().get(key, label))}</b>: {html.escape(meaning)}</p>"
        for key, (label, meaning) in wording.ledger_words().items()
    )


def _row_details(row: Any, status: Status, clause: Clause | None, units: Units, *, dark: bool) -> str:
    facts = {
        tr("Area"): wording.area_text(row.area_km2, units),
        tr("Range"): wording.range_text(Range.of(row), units),
        **({tr("Fought over"): wording.area_text(row.contested_km2, units)} if row.contested_km2 > 0 else {}),
        tr("Share of oblast"): percent_text(row.share_of_oblast, 1),
        tr("Held now by"): wording.holder_words()[row.held_by],
        tr("Held under this text by"): wording.holder_words()[status.holder],
        tr("Recognised as"): wording.recognition_words()[status.recognised],
        tr("Military regime"): wording.regime_words()[status.regime],
    }
    listed = "".join(f"<dt>{html.escape(key)}</dt><dd>{html.escape(text)}</dd>" for key, text in facts.items())
    passage = ""
    if clause:
        head = html.escape(wording.clause_heading(clause.id))
        passage = f"<div>{head}: {linked(tr(clause.text), clause.source)}</div>"
    return (
        f'<div class="details" style="--zone:{status.fill.hue(dark=dark)}"><b>{html.escape(tr(status.label))}</b>'
        f"<div>{html.escape(tr(status.sentence))}</div><dl>{listed}</dl>{passage}</div>"
    )


@cached(maxsize=64)
def zone_details(measured: Measured, zone: str, units: Units, *, dark: bool) -> str:
    """Return the details of a piece of land: one block per status that the proposal gives it."""
    oblast, _, holder = zone.partition(".")
    statuses = load_statuses()
    blocks = [
        _row_details(row, statuses[row.status], measured.proposal.clause(row.clause), units, dark=dark)
        for row in zone_records(measured)
        if (row.oblast, row.held_by) == (oblast, holder)
    ]
    return "".join(blocks)


@memory.kept(maxsize=16)
def land_pieces(control: Control) -> tuple[tuple[str, str], ...]:
    """Return the pieces of land on a line, before any proposal: each oblast and holder."""
    return tuple(hold_pieces(control).keys)


@cached(maxsize=64)
def zone_names(measured: Measured) -> dict[str, str]:
    """Return the pieces of land of a measured proposal in words, by their keys, sorted by the words."""
    zones = measured.zones
    names = {zone: zone_name(zone) for zone in set(zones["oblast"] + "." + zones["held_by"])}
    return dict(sorted(names.items(), key=lambda pair: sort_key(pair[1])))


def zone_name(zone: str) -> str:
    """Return a piece of land in words, such as ``Donetsk, held now by Ukraine``."""
    oblast, _, holder = zone.partition(".")
    words = tr("{oblast}, held now by {holder}")
    return words.format(oblast=boundaries.oblast_names()[oblast], holder=wording.holder_words()[holder])
