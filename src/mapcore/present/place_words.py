"""What is said of a settlement: where it is, what it is now, what becomes of it under proposals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mapcore.analysis.place_answers import Place, PlaceAnswer, Under
from mapcore.analysis.place_search import load_raions
from mapcore.base.language import date_text, exact_text, language, mark, number_text, tr
from mapcore.base.sources import load_sources
from mapcore.land.boundaries import oblast_words
from mapcore.present.settlement_marks import population_text
from mapcore.present.wording import holder_words, recognition_words, regime_words
from mapcore.proposals.shipped import Status, load_statuses

#: From so many kilometres on, a tenth of one says nothing.
_WHOLE_FROM_KM: Final = 10
_FINDINGS: Final = {
    ("ukraine", "moves"): mark("{place}: Ukraine would withdraw under {count} of {total} proposals"),
    ("ukraine", "changes"): mark(
        "{place}: held by Ukraine now and under all {total} proposals; {count} change its recognition or regime"
    ),
    ("ukraine", "stays"): mark("{place}: held by Ukraine now; none of {total} proposals changes anything"),
    ("russia", "moves"): mark("{place}: Russia would withdraw under {count} of {total} proposals"),
    ("russia", "changes"): mark(
        "{place}: held by Russia now and under all {total} proposals; {count} change its recognition or regime"
    ),
    ("russia", "stays"): mark("{place}: held by Russia now; none of {total} proposals changes anything"),
}


def where(place: Place) -> str:
    """Return raion and oblast of a settlement, as far as the register gives them."""
    parts = []
    if place.raion:
        parts.append(tr("{raion} raion").format(raion=load_raions().loc[place.raion, f"name_{language()}"]))
    return ", ".join([*parts, oblast_words(place.oblast)])


def finding(answer: PlaceAnswer) -> str:
    """Return in a sentence without a full stop what proposals would change for a settlement, or that none does."""
    moves = sum(one.moves for one in answer.under)
    new = sum(one.is_new for one in answer.under)
    kind, count = ("moves", moves) if moves else ("changes", new) if new else ("stays", 0)
    sentence = tr(_FINDINGS[answer.held_by, kind])
    return sentence.format(place=answer.place.name, count=number_text(count), total=number_text(len(answer.under)))


def facts(answer: PlaceAnswer) -> list[tuple[str, str]]:
    """Return what is known of a settlement now, each with its label."""
    place, error_km = answer.place, answer.control.provenance.error_km
    held = holder_words()[answer.held_by]
    if answer.near_line:
        held = tr("{holder}; within the line's error, so it may be otherwise").format(holder=held)
    far = f"{km_text(answer.distance_km)} (±{exact_text(error_km)} {tr('km')})"
    known = [
        (tr("Held on {day} by").format(day=date_text(answer.control.as_of)), held),
        (tr("Distance to the line"), far if answer.distance_km is not None else tr("none")),
        (tr("People before the full-scale invasion"), population_text(place.population)),
    ]
    if place.former_names:
        known.append((tr("Former names"), place.former_names.replace(";", ", ")))
    return known


def km_text(far_km: float | None) -> str:
    """Return a distance in words, rounded to what a point for a settlement allows."""
    if far_km is None:
        return tr("no line")
    shown = number_text(far_km, 1 if far_km < _WHOLE_FROM_KM else 0)
    return f"{shown} {tr('km')}"


def by_status(under: Iterable[Under]) -> list[tuple[Status, list[Under]]]:
    """Return what proposals make of a settlement, together where they make the same, in the order of the statuses."""
    rows = list(under)
    groups = [(status, [one for one in rows if one.status == status]) for status in load_statuses().values()]
    return [(status, found) for status, found in groups if found]


def answers_text(status: Status) -> str:
    """Return the three answers of a status in one line: who holds, how it is recognised, which regime applies."""
    sentence = tr("Held by: {holder}. Recognised as: {recognised}. Regime: {regime}.")
    return sentence.format(
        holder=holder_words()[status.holder],
        recognised=recognition_words()[status.recognised],
        regime=regime_words()[status.regime],
    )


def doubt(one: Under) -> str:
    """Return that another status is possible within the line's error, or nothing."""
    return "" if one.sure else tr("within the line's error")


def credit(answer: PlaceAnswer) -> str:
    """Return in sentences whom the answer is from, and what its figures are."""
    places = tr(next(one.attribution for one in load_sources() if one.path == "places.csv"))
    line = tr(answer.control.provenance.source)
    counts = tr("Counts of people are GeoNames', most of them of 2021 or 2022, some older.")
    said = tr("{places} (CC BY 4.0). Line of contact of {day}: {source}.")
    return f"{said.format(places=places, day=date_text(answer.control.as_of), source=line)} {counts}"
