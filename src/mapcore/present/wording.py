"""Words, number formats and colours that every view shares."""

from __future__ import annotations

from datetime import date
from math import isnan
from typing import Final, Literal, NamedTuple, get_args

from mapcore.base.language import cached, date_text, mark, number_text, tr, trc
from mapcore.base.units import SQ_KM_PER_SQ_MI, UNIT_SIGNS, readable
from mapcore.land.contact_line import Control
from mapcore.lines.contested import REACH_KM, contested_land
from mapcore.measurement.areas import Measured, ledger_figure, left_open_km2, recognised_along_line_km2
from mapcore.measurement.ranges import Range
from mapcore.proposals.model import Proposal, Version

Units = Literal["km2", "mi2"]
AREA_UNITS: Final[tuple[Units, ...]] = get_args(Units)

#: Words by id, for the catalogues; the functions of the same names return them in the language in use.
_HOLDERS: Final = {
    "ukraine": mark("Ukraine"),
    "russia": mark("Russia"),
    "none": mark("no army; who governs is not settled"),
}
_RECOGNITIONS: Final = {
    "ukraine": mark("Ukraine"),
    "russia_de_facto": mark("Russia, de facto"),
    "russia_internationally": mark("Russia, internationally (the text's words)"),
    "russia_de_jure": mark("Russia, in law (its demand)"),
    "russia_by_us": mark("Russia, in law, by the United States"),
    "along_line": mark("Russia, de facto, along the line of contact"),
    "unspecified": mark("not specified"),
    "unrecognised": mark("Ukraine; Russian control not recognised"),
}
_REGIMES: Final = {
    "none": mark("none"),
    "frozen": mark("line frozen"),
    "demilitarised": mark("demilitarised"),
    "unspecified": mark("not specified"),
}
_STANDINGS: Final = {
    "live": mark("Not withdrawn"),
    "superseded": mark("Superseded"),
    "rejected": mark("Rejected"),
    "constructed": mark("Never put forward"),
}
_LEDGER: Final = {
    "held_by_russia_now": (mark("Held by Russia now"), mark("On the date of the line, before any proposal.")),
    "ukraine_leaves": (mark("Ukraine would withdraw from"), mark("Held by Ukraine now and not after.")),
    "russia_leaves": (mark("Russia would withdraw from"), mark("Held by Russia now and not after.")),
    "net_to_russia": (
        mark("Area Ukraine withdraws from, minus area Russia withdraws from"),
        mark("Land that no army would enter is counted as land that Ukraine withdraws from."),
    ),
    "recognised_as_russian": (
        mark("Recognised as Russian"),
        mark("De facto or in law, as the proposal words it."),
    ),
    "demilitarised": (mark("Demilitarised"), mark("Land that no army would enter.")),
}


#: What "held" says of law and what it does not, in one sentence for every view and file.
LEGAL_STATUS: Final = mark(
    "“Held” means control on the date of the line, not sovereignty: under UN General Assembly resolutions 68/262, "
    "ES-11/1 and ES-11/4 all of this is Ukraine's territory, and what Russia holds of it is occupied."
)
#: What the page on methods is about.
METHODS: Final = mark(
    "mapcore turns the territorial clauses of each proposal into map layers, measures them, and "
    "states how certain each figure is. Everything on this page may be quoted."
)
#: What contested land is called in a legend; "contested" alone would speak of title.
CONTESTED: Final = mark("Fought over, or control not confirmed")
_CONTESTED_NOTE: Final = mark(
    "Fought over: land within {reach} km of places that reports of the day of the line have as fought over, in a grey "
    "zone or claimed by both sides, and the ground between such places. The line of contact runs through its middle, "
    "so that about half of it counts with either side; sources that leave a grey zone out have less."
)


def contested_legend(control: Control) -> str:
    """Return what a legend calls contested land, or nothing where none is known of a line."""
    return "" if contested_land(control.id) is None else tr(CONTESTED)


def contested_note(control: Control) -> str:
    """Return what contested land is and how it counts, or nothing where none is known of a line."""
    return tr(_CONTESTED_NOTE).format(reach=f"{REACH_KM:g}") if contested_legend(control) else ""


@cached(maxsize=8)
def unit_labels() -> dict[Units, str]:
    """Return the sign of each unit of area."""
    return {unit: tr(UNIT_SIGNS[unit]) for unit in AREA_UNITS}


@cached(maxsize=8)
def holder_words() -> dict[str, str]:
    """Return the words for each holder."""
    return {holder: tr(words) for holder, words in _HOLDERS.items()}


@cached(maxsize=8)
def recognition_words() -> dict[str, str]:
    """Return the words for each recognition."""
    return {recognition: tr(words) for recognition, words in _RECOGNITIONS.items()}


@cached(maxsize=8)
def regime_words() -> dict[str, str]:
    """Return the words for each military regime."""
    return {regime: tr(words) for regime, words in _REGIMES.items()}


def standing_word(text: Proposal | Version) -> str:
    """Return what became of a text in a word or two, or nothing where its file does not say."""
    return tr(_STANDINGS[text.standing]) if text.standing else ""


def standing_text(text: Proposal | Version) -> str:
    """Return what became of a text, by what and when, or nothing where its file does not say."""
    return f"{standing_word(text)}. {tr(text.outcome)}" if text.standing else ""


def put_forward(proposal: Proposal) -> str:
    """Return who put a proposal forward, when, and what became of it."""
    sentence = tr("{by}, {date}.").format(by=tr(proposal.by), date=date_text(proposal.date))
    return f"{sentence} {standing_word(proposal)}." if proposal.standing else sentence


@cached(maxsize=8)
def lead_words() -> dict[str, str]:
    """Return the lines of the ledger that lead, what would change, with labels that fit beside a map."""
    words = ledger_words()
    leaving = {key: words[key][0] for key in ("ukraine_leaves", "russia_leaves")}
    return {**leaving, "net_to_russia": tr("Net: the first minus the second")}


@cached(maxsize=8)
def ledger_words() -> dict[str, tuple[str, str]]:
    """Return the label and the meaning of each line of the ledger."""
    return {key: (tr(label), tr(meaning)) for key, (label, meaning) in _LEDGER.items()}


def reviewed_words(reviewed_on: date | None, newest: date | None) -> str:
    """Return when a text was last held against its sources and up to which day these go, or nothing if unknown."""
    if not reviewed_on:
        return ""
    sentences = [tr("Checked against its sources on {day}.").format(day=date_text(reviewed_on))]
    if newest:
        newer = tr("The newest of them is of {day}; nothing later is included.")
        sentences.append(newer.format(day=date_text(newest)))
    return " ".join(sentences)


def clause_name(clause_id: str) -> str:
    """Return a clause's number, or the word that stands for one, in the language in use."""
    return trc("clause", clause_id)


def clause_heading(clause_id: str) -> str:
    """Return a clause's number or name with the word clause before it; a name is set apart where a language does so."""
    name = clause_name(clause_id)
    return (trc("named", "Clause {id}") if clause_id.isalpha() else tr("Clause {id}")).format(id=name)


def area(value_km2: float, units: Units) -> float:
    """Return an area in the chosen units."""
    return value_km2 if units == "km2" else value_km2 / SQ_KM_PER_SQ_MI


def number(value: float) -> str:
    """
    Return a number as it is shown, see `units.readable`, with a true minus sign.

    Give it the full value. What was rounded before comes out otherwise than beside it.
    """
    return number_text(readable(value))


def area_number(value_km2: float | None, units: Units) -> str:
    """
    Return an area in the chosen units, rounded as `number` does, for a table whose head names the unit.

    None, and NaN in a table of numbers, is an area that is not specified.
    """
    return tr("Not specified") if value_km2 is None or isnan(value_km2) else number(area(value_km2, units))


def area_text(value_km2: float, units: Units) -> str:
    """Return an area with its unit, such as ``5,850 km²``."""
    return tr("{number} {unit}").format(number=area_number(value_km2, units), unit=tr(UNIT_SIGNS[units]))


def range_text(figure: Range, units: Units) -> str:
    """Return the bounds of a figure, such as ``5,190 to 6,540 km²``; one number where line error does not matter."""
    low, high = (area_number(bound, units) for bound in (figure.low, figure.high))
    unit = tr(UNIT_SIGNS[units])
    if low == high:
        return tr("{number} {unit}").format(number=low, unit=unit)
    return tr("{low} to {high} {unit}").format(low=low, high=high, unit=unit)


class FigureText(NamedTuple):
    """A figure in words, and its bounds: none where the line's error does not matter or the figure is open."""

    text: str
    bounds: str

    def __str__(self) -> str:
        return self.with_bounds("({bounds})")

    def with_bounds(self, form: str) -> str:
        """Return the figure in one run of words, and its bounds, if any, in a form of text or HTML."""
        return f"{self.text} {form.format(bounds=self.bounds)}" if self.bounds else self.text


def figure_text(figure: Range | None, units: Units) -> FigureText:
    """Return an area in words, "Not specified" where a text leaves it open."""
    if figure is None:
        return FigureText(tr("Not specified"), "")
    shown, bounds = area_text(figure.value, units), range_text(figure, units)
    return FigureText(shown, "" if shown == bounds else bounds)


def ledger_text(measured: Measured, key: str, units: Units, *, likely: Range | None = None) -> tuple[str, str]:
    """
    Return a line of the ledger in words: the figure, and beside it its range, what is contested of it and left open.

    The figure is "Not specified" where nothing is settled. A likely range, when given, stands beside the outer one.
    """
    figure = ledger_figure(measured, key)
    shown, bounds = figure_text(figure, units)
    if figure is None:
        return shown, ""
    beside = []
    if bounds and likely:
        sentence = tr("Range {bounds}, likely {likely}.")
        beside.append(sentence.format(bounds=bounds, likely=range_text(likely, units)))
    elif bounds:
        beside.append(tr("Range {bounds}.").format(bounds=bounds))
    more = [contested_text(measured.ledger.contested_of(key), units), left_open_text(measured, key, units)]
    return shown, " ".join([*beside, *filter(None, more)])


def contested_text(km2: float | None, units: Units) -> str:
    """Return how much of a piece of land was contested on the day of the line, or nothing where none is known to be."""
    return tr("{area} of it fought over.").format(area=area_text(km2, units)) if km2 else ""


def left_open_text(measured: Measured, key: str, units: Units) -> str:
    """Return in sentences what a text leaves open beside a figure of its ledger, or nothing."""
    left_open = left_open_km2(measured).get(key, 0.0)
    sentences = []
    if left_open:
        sentences.append(tr("Not specified for a further {area}.").format(area=area_text(left_open, units)))
    along = recognised_along_line_km2(measured) if key == "recognised_as_russian" else 0.0
    if along:
        sentence = tr("A further {area} if recognition along the frozen line is counted: {total} in all.")
        total = measured.ledger.recognised_as_russian.value + along
        sentences.append(sentence.format(area=area_text(along, units), total=area_text(total, units)))
    return " ".join(sentences)
