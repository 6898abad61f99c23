"""Words, number formats and colours that every view shares."""

from __future__ import annotations

from typing import Final, Literal

from mapcore.areas import Measured, Range, left_open_km2, recognised_along_line_km2

Units = Literal["km2", "mi2"]
KM2_PER_SQUARE_MILE: Final = 2.589988110336
UNIT_LABELS: Final[dict[Units, str]] = {"km2": "km²", "mi2": "sq mi"}
HOLDER_WORDS: Final = {"ukraine": "Ukraine", "russia": "Russia", "none": "no army; who governs is not settled"}
RECOGNITION_WORDS: Final = {
    "ukraine": "Ukraine",
    "russia_de_facto": "Russia, de facto",
    "russia_de_jure": "Russia, in law (its demand)",
    "along_line": "Russia, de facto, along the line of contact",
    "unspecified": "not specified",
    "unrecognised": "Ukraine; Russian control not recognised",
}
REGIME_WORDS: Final = {
    "none": "none",
    "frozen": "line frozen",
    "demilitarised": "demilitarised",
    "unspecified": "not specified",
}
LEDGER_WORDS: Final = {
    "held_by_russia_now": ("Held by Russia now", "On the date of the line, before any proposal."),
    "ukraine_leaves": ("Ukraine would leave", "Held by Ukraine now and not after."),
    "russia_leaves": ("Russia would leave", "Held by Russia now and not after."),
    "net_to_russia": ("Ukraine leaves minus Russia leaves", "Counts land that no army would enter as left by Ukraine."),
    "recognised_as_russian": ("Recognised as Russian", "De facto or in law, as the proposal words it."),
    "demilitarised": ("Demilitarised", "Land that no army would enter."),
}


def area(value_km2: float, units: Units) -> float:
    """Return an area in the chosen units."""
    return value_km2 if units == "km2" else value_km2 / KM2_PER_SQUARE_MILE


def number(value: float) -> str:
    """Round to a precision that the line supports: tens above 1,000, ones below; a true minus sign."""
    rounded = round(value, -1) if abs(value) >= 1000 else round(value)
    return f"{rounded:,.0f}".replace("-", "−")


def area_text(value_km2: float, units: Units) -> str:
    """Return an area with its unit, such as ``5,850 km²``."""
    return f"{number(area(value_km2, units))} {UNIT_LABELS[units]}"


def range_text(figure: Range, units: Units) -> str:
    """Return the bounds of a figure, such as ``5,190 to 6,540 km²``; one number where line error does not matter."""
    low, high = (number(area(bound, units)) for bound in (figure.low, figure.high))
    return f"{low} {UNIT_LABELS[units]}" if low == high else f"{low} to {high} {UNIT_LABELS[units]}"


def ledger_text(measured: Measured, key: str, units: Units, *, likely: Range | None = None) -> tuple[str, str]:
    """
    Return a line of the ledger in words: the figure, and beside it its range and what the text leaves open.

    The figure is "Not specified" where nothing is settled. A likely range, when given, stands beside the outer one.
    """
    figure: Range = getattr(measured.ledger, key)
    left_open = left_open_km2(measured).get(key, 0.0)
    if left_open and figure.value == 0:
        return "Not specified", ""
    shown, bounds = area_text(figure.value, units), range_text(figure, units)
    likely_text = f", likely {range_text(likely, units)}" if likely else ""
    beside = [] if bounds == shown else [f"Range {bounds}{likely_text}."]
    more = left_open_text(measured, key, units)
    return shown, " ".join([*beside, *([more] if more else [])])


def left_open_text(measured: Measured, key: str, units: Units) -> str:
    """Return in sentences what a text leaves open beside a figure of its ledger, or nothing."""
    left_open = left_open_km2(measured).get(key, 0.0)
    said = [f"Not specified for a further {area_text(left_open, units)}."] if left_open else []
    along = recognised_along_line_km2(measured) if key == "recognised_as_russian" else 0.0
    if along:
        said.append(f"A further {area_text(along, units)} if recognition along the frozen line is counted.")
    return " ".join(said)
