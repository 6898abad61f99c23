"""What is said of a settlement: where it is, what it is now, what becomes of it under proposals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from mapcore.analysis.place_answers import Place, PlaceAnswer, Under
from mapcore.analysis.place_search import load_raions
from mapcore.analysis.settlements import REGISTERED, load_places
from mapcore.base.language import cached, date_text, exact_text, language, mark, number_text, tr
from mapcore.base.sources import load_sources
from mapcore.base.transliteration import latin
from mapcore.land.boundaries import oblast_words
from mapcore.land.contact_line import Control
from mapcore.present.settlement_marks import population_text
from mapcore.present.wording import holder_words, recognition_words, regime_words
from mapcore.proposals import viewer
from mapcore.proposals.shipped import Status, load_statuses

#: From so many kilometres on, a tenth of one says nothing.
WHOLE_FROM_KM: Final = 10
_NEAR: Final = mark("{holder}; within the line's error, so it may be otherwise")
#: What the card is called.
CARD_LABEL: Final = mark("{place}: what each proposal makes of it")
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


@cached(maxsize=8)
def search_words() -> dict[str, str]:
    """Return what the box says in which a settlement is searched for, as `web/place/box.js` takes it."""
    return {
        "label": tr("Find a place"),
        "hint": tr("Town or village, present or former name"),
        "clear": tr("Close the place"),
        "found": tr("Found: {count}"),
        "none": tr("No settlement has a name like this."),
        "failed": tr("The names could not be loaded; try again."),
    }


def where(place: Place) -> str:
    """Return raion and oblast of a settlement, as far as the register gives them."""
    parts = []
    if place.raion:
        parts.append(tr("{raion} raion").format(raion=load_raions().loc[place.raion, f"name_{language()}"]))
    return ", ".join([*parts, oblast_words(place.oblast)])


def finding(answer: PlaceAnswer) -> str:
    """
    Return in a sentence without a full stop what proposals would change for a settlement, or that none does.

    A viewer's own sketch is in the card and is none of the proposals that are counted.
    """
    counted = [row for row in answer.under if not viewer.is_viewers(row.measured.proposal)]
    moves = sum(row.moves for row in counted)
    new = sum(row.is_new for row in counted)
    kind, count = ("moves", moves) if moves else ("changes", new) if new else ("stays", 0)
    sentence = tr(_FINDINGS[answer.held_by, kind])
    return sentence.format(place=answer.place.name, count=number_text(count), total=number_text(len(counted)))


def facts(answer: PlaceAnswer) -> list[tuple[str, str]]:
    """Return what is known of a settlement now, each with its label."""
    place = answer.place
    held = holder_words()[answer.held_by]
    if answer.near_line:
        held = tr(_NEAR).format(holder=held)
    far = f"{km_text(answer.distance_km)} {_error_text(answer.control)}"
    known = [
        (_held_label(answer.control), held),
        (tr("Distance to the line"), far if answer.distance_km is not None else tr("none")),
        (tr("People before the full-scale invasion"), population_text(place.population)),
    ]
    if place.former_names:
        former = place.former_names.split(";")
        known.append((tr("Former names"), ", ".join(former if language() == "uk" else map(latin, former))))
    return known


def card_words(control: Control) -> dict[str, Any]:
    """Return what a settlement's card says on a line of contact, for a script that fills in the rest; JSON-ready."""
    return {
        "label": tr(CARD_LABEL),
        "findings": {f"{holder} {kind}": tr(sentence) for (holder, kind), sentence in _FINDINGS.items()},
        "held": _held_label(control),
        "holders": holder_words(),
        "near": tr(_NEAR),
        "distance": tr("Distance to the line"),
        "km": tr("km"),
        "error": _error_text(control),
        "no_line": tr("no line"),
        "none": tr("none"),
        "people": tr("People before the full-scale invasion"),
        "no_count": tr("no count"),
        "former": tr("Former names"),
        "doubt": tr("within the line's error"),
        "credit": credit(control),
        "defaults": tr("The card shows each proposal with its default settings."),
        "statuses": [
            {"label": tr(status.label), "answers": answers_text(status), **status.fill.for_map(status.id)}
            for status in load_statuses().values()
        ],
    }


def _held_label(control: Control) -> str:
    return tr("Held on {day} by").format(day=date_text(control.as_of))


def _error_text(control: Control) -> str:
    return f"(±{exact_text(control.provenance.error_km)} {tr('km')})"


def km_text(far_km: float | None) -> str:
    """Return a distance in words, rounded to what a point for a settlement allows."""
    if far_km is None:
        return tr("no line")
    return f"{number_text(far_km, km_digits(far_km))} {tr('km')}"


def km_digits(far_km: float) -> int:
    """Return with how many digits after the point a distance is told."""
    return 1 if round(far_km, 1) < WHOLE_FROM_KM else 0


def by_status(under: Iterable[Under]) -> list[tuple[Status, list[Under]]]:
    """Return what proposals make of a settlement, together where they make the same, in the order of the statuses."""
    rows = list(under)
    groups = [(status, [row for row in rows if row.status == status]) for status in load_statuses().values()]
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


def credit(control: Control) -> str:
    """Return in sentences whom an answer on a line of contact is from, and what its figures are."""
    places = tr(next(source.attribution for source in load_sources() if source.path == "places.csv"))
    line = tr(control.provenance.source)
    counts = tr("Counts of people are GeoNames', most of them of 2021 or 2022, some older.")
    sentence = tr("{places} (CC BY 4.0). Line of contact of {day}: {source}.")
    return f"{sentence.format(places=places, day=date_text(control.as_of), source=line)} {counts} {not_here()}"


def not_here() -> str:
    """Return how many settlements of the register cannot be searched for, and why."""
    sentence = tr(
        "Ukraine's register has {registered} settlements; {missing} of them, mostly small villages, have no position "
        "under an open licence here and are not found."
    )
    placed = int((load_places()["katottg"] != "").sum())
    return sentence.format(registered=number_text(REGISTERED), missing=number_text(REGISTERED - placed))
