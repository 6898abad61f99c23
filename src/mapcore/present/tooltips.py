"""What the map says of each piece of land, in escaped words, and which class of land it is."""

from __future__ import annotations

import html
from typing import Any

from mapcore.analysis.compare import QUESTIONS, Comparison, Over, change_records
from mapcore.base.language import cached, percent_text, tr
from mapcore.land import boundaries
from mapcore.measurement.areas import Measured, zone_records
from mapcore.measurement.ranges import Range
from mapcore.present.difference_classes import ALIKE, OVER_WORDS, classes, row_class, words_of
from mapcore.present.map_geometry import piece_ids
from mapcore.present.wording import (
    Units,
    area_text,
    contested_text,
    figure_text,
    holder_words,
    range_text,
    recognition_words,
    regime_words,
)
from mapcore.proposals import viewer
from mapcore.proposals.shipped import Status, load_statuses


def _tooltip(row: Any, status: Status, units: Units) -> str:
    share, oblast = percent_text(row.share_of_oblast, 1), _oblast(row.oblast)
    lines = [tr("{area}, {share} of {oblast}").format(area=area_text(row.area_km2, units), share=share, oblast=oblast)]
    bounds = figure_text(Range.of(row), units).bounds
    if bounds:
        lines.append(tr("Range: {bounds}").format(bounds=bounds))
    lines += [*filter(None, [contested_text(row.contested_km2, units)]), *_status_lines(row.held_by, status)]
    return "<br>".join([f"<b>{html.escape(tr(status.label))}</b>", *map(html.escape, lines)])


@cached(maxsize=32)
def _oblast(iso: str) -> str:
    return boundaries.oblast_names()[iso]


@cached(maxsize=64)
def _status_lines(holder: str, status: Status) -> tuple[str, ...]:
    return (
        tr("Held now by {holder}").format(holder=holder_words()[holder]),
        tr("Recognised as: {recognition}").format(recognition=recognition_words()[status.recognised]),
        tr("Military regime: {regime}").format(regime=regime_words()[status.regime]),
    )


def zone_words(measured: Measured, *, units: Units) -> dict[str, dict[str, str]]:
    """Return the `status` and the escaped tooltip `tip` of each zone, by its id in `zone_shapes`."""
    statuses = load_statuses()
    return {
        zone_id: {"status": row.status, "tip": _tooltip(row, statuses[row.status], units)}
        for zone_id, row in zip(piece_ids(measured.zones), zone_records(measured), strict=True)
    }


def change_words(comparison: Comparison, over: Over, *, units: Units) -> dict[str, dict[str, Any]]:
    """
    Return the class and the escaped tooltip of each piece of a comparison, by its id in `change_shapes`.

    A piece that A and B treat alike has a status of `difference_classes.ALIKE`; any other brings the fill of its class
    as `style`.
    """
    found = {(change.a, change.b): change for change in classes(comparison, over)}
    words: dict[str, dict[str, Any]] = {}
    for piece, row in zip(piece_ids(comparison.changes), change_records(comparison), strict=True):
        pair = row_class(row, over)
        tip = _change_tip(row, comparison, over, units, alike=pair is None)
        if pair is None:
            words[piece] = {"status": ALIKE[row.held_by][0], "tip": tip}
        else:
            change = found[pair]
            words[piece] = {"status": change.id, "tip": tip, "style": change.fill.for_map(change.id)}
    return words


def _change_tip(row: Any, comparison: Comparison, over: Over, units: Units, *, alike: bool) -> str:
    head = _place(row.oblast, row.held_by)
    if alike:
        answer = words_of("all", row.from_status) if over == "all" else _answer(row, over, "from")
        lines = [tr("A and B alike: {answer}").format(answer=answer), area_text(row.area_km2, units)]
        return "<br>".join([head, *map(html.escape, lines)])
    area, bounds = area_text(row.area_km2, units), range_text(Range.of(row), units)
    lines = [tr("{area} (range {bounds})").format(area=area, bounds=bounds)]
    for letter, side, measured in (("A", "from", comparison.a), ("B", "to", comparison.b)):
        status = words_of("all", getattr(row, f"{side}_status"))
        lines.append(f"{letter}, {viewer.title_of(measured.proposal)}: {status}")
    for question in QUESTIONS:
        ours, theirs = _answer(row, question, "from"), _answer(row, question, "to")
        if ours != theirs:
            lines.append(f"{tr(OVER_WORDS[question])}: {ours} (A), {theirs} (B)")
    return "<br>".join([head, *map(html.escape, lines)])


@cached(maxsize=128)
def _place(iso: str, holder: str) -> str:
    place = tr("{oblast}, held now by {holder}").format(oblast=_oblast(iso), holder=holder_words()[holder])
    return f"<b>{html.escape(place)}</b>"


def _answer(row: Any, question: Over, side: str) -> str:
    return words_of(question, getattr(row, f"{question}_{side}"))
