"""What can be asked of the data as one number: a registry that published claims and a visitor's own figure share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from mapcore.analysis import metrics
from mapcore.base import memory
from mapcore.base.errors import ParameterError, UnknownIdError, did_you_mean
from mapcore.base.language import mark, tr
from mapcore.base.schema import HOLDERS, UNITS
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import list_controls, load_control
from mapcore.measurement.areas import line_variants
from mapcore.measurement.ledger import Ledger
from mapcore.measurement.ranges import Range
from mapcore.proposals.shipped import load_proposals

LEDGER_KEYS: Final = tuple(field.name for field in fields(Ledger))


@dataclass(frozen=True)
class Argument:
    """An argument of a quantity: its name and kind, and the answers to choose from where there are such."""

    name: str
    kind: Literal["choice", "units", "number", "places"]
    choices: tuple[str, ...] = ()
    default: Any = None


@dataclass(frozen=True)
class Quantity:
    """
    One thing that can be computed.

    Attributes
    ----------
    label, definition
        A name and, in a sentence, what is counted: messages for `tr`.
    kind
        "area", "share", "length" or "people"; its own unit is the first of `UNITS_OF[kind]`.
    compute
        Takes a line and the arguments and returns the number in the kind's own unit.
    ranged
        Whether the number depends on where the line runs.
    """

    id: str
    label: str
    kind: Literal["area", "share", "length", "people"]
    definition: str
    arguments: tuple[Argument, ...]
    compute: Callable[..., float]
    ranged: bool = True


@memory.shared(maxsize=8)
def _register(controls: tuple[str, ...]) -> dict[str, Quantity]:
    holder = Argument("holder", "choice", HOLDERS, "russia")
    oblasts = Argument("oblasts", "units", tuple(UNITS), tuple(UNITS))
    proposal = Argument(
        "proposal", "choice", tuple(shipped_proposal.id for shipped_proposal in load_proposals()), "us-28-point"
    )
    places = Argument("places", "places")
    rows = [
        Quantity(
            "held", mark("Land held"), "area", mark("Land that a side holds in the oblasts chosen."),
            (holder, oblasts), metrics.held,
        ),
        Quantity(
            "held_share", mark("Share of land held"), "share",
            mark("Land that a side holds, in per cent of the measured area of the oblasts chosen."),
            (holder, oblasts), metrics.held_share,
        ),
        Quantity(
            "leaves", mark("Land that a side would withdraw from"), "area",
            mark("Land that a side holds now and would not hold under the proposal."),
            (proposal, holder, oblasts), metrics.leaves,
        ),
        Quantity(
            "gains", mark("Land that a side would gain"), "area",
            mark("Land that a side would hold under the proposal and does not hold now."),
            (proposal, holder, oblasts), metrics.gains,
        ),
        Quantity(
            "ledger", mark("A row of a proposal's ledger"), "area",
            mark("One of the six totals of the ledger, such as the net change or the land recognised as Russian."),
            (proposal, Argument("key", "choice", LEDGER_KEYS, "net_to_russia")), metrics.ledger,
        ),
        Quantity(
            "near_line_share", mark("Share of land near the line"), "share",
            mark("The part of the land that a side holds in the oblasts chosen that lies within a distance of the "
"line."),
            (holder, oblasts, Argument("within_km", "number", default=30.0)), metrics.near_line_share,
        ),
        Quantity(
            "depth", mark("Depth from the line"), "length",
            mark("How far the farthest point of the land that a side holds in the oblasts chosen lies from the line."),
            (holder, oblasts), metrics.depth,
        ),
        Quantity(
            "line_length", mark("Length of the line"), "length",
            mark("The line of contact inside Ukraine as drawn; a finer drawing of the same line is longer."),
            (), metrics.line_length, ranged=False,
        ),
        Quantity(
            "gained", mark("Land gained since a date"), "area",
            mark("What a side holds now less what it held on an earlier line."),
            (holder, Argument("since", "choice", controls, controls[-1])), metrics.gained, ranged=False,
        ),
        Quantity(
            "population", mark("People who lived in places before February 2022"), "people",
            mark("Sum of GeoNames' counts for the places named."), (places,), metrics.population, ranged=False,
        ),
        Quantity(
            "distance_to_line", mark("Distance of a place from the line"), "length",
            mark("From the centre of the nearest of the places named to the line."),
            (places,), metrics.distance_to_line,
        ),
        Quantity(
            "span", mark("Distance between places"), "length",
            mark("The longest straight distance between the centres of two of the places named."),
            (places,), metrics.span, ranged=False,
        ),
    ]  # fmt: skip
    return {row.id: row for row in rows}


def quantities() -> Mapping[str, Quantity]:
    """Return every quantity by its id."""
    return _register(tuple(list_controls()))


def quantity(quantity_id: str) -> Quantity:
    """Return one quantity; an unknown id is refused with `UnknownIdError`."""
    found = quantities().get(quantity_id)
    if found is None:
        raise UnknownIdError(tr("no quantity '{id}'").format(id=quantity_id) + did_you_mean(quantity_id, quantities()))
    return found


def settle_arguments(chosen: Quantity, given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a checked value for each argument of a quantity, its default where none is given.

    Raises
    ------
    ParameterError
        If an argument is unknown or missing, or its value is not one it can have.
    """
    known = {argument.name: argument for argument in chosen.arguments}
    for name in given:
        if name not in known:
            raise ParameterError(
                tr("{name}: '{quantity}' has no such argument").format(name=name, quantity=chosen.id)
                + did_you_mean(name, known)
            )
    return {name: _settled(chosen, argument, given.get(name, argument.default)) for name, argument in known.items()}


def _settled(chosen: Quantity, argument: Argument, value: Any) -> Any:
    where = {"argument": argument.name, "quantity": chosen.id}
    if value is None:
        raise ParameterError(tr("{argument} of '{quantity}': is missing; give one").format(**where))
    if argument.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 500:
            raise ParameterError(tr("{argument} of '{quantity}': must be a number of km from 0 to 500").format(**where))
        return float(value)
    if argument.kind == "places":
        return tuple(int(place) for place in value)
    if argument.kind == "units":
        odd = [unit for unit in value if unit not in argument.choices]
        if odd or not value:
            sentence = tr("{argument} of '{quantity}': must be ISO 3166-2 codes such as UA-14; these are not: {words}")
            raise ParameterError(sentence.format(**where, words=", ".join(map(str, odd)) or tr("none")))
        return tuple(value)
    if argument.name != "since" and value not in argument.choices:
        raise ParameterError(
            tr("{argument} of '{quantity}': '{value}' is unknown").format(**where, value=value)
            + did_you_mean(value, argument.choices)
        )
    return value


def evaluate(quantity_id: str, *, control: Control | None = None, **arguments: Any) -> Range:
    """
    Compute a quantity on a line, in its kind's own unit (km², per cent, km, people), with its range.

    The range runs over the same lines as that of an area; see `measure_proposal`. A number that does not depend on
    where the line runs has no width.

    Raises
    ------
    UnknownIdError, ParameterError
        If the quantity or an argument is unknown.
    NotComputableError
        If the data that ship have no answer.
    """
    chosen = quantity(quantity_id)
    settled = settle_arguments(chosen, arguments)
    lines = line_variants(control or load_control())
    return Range.over(chosen.compute(line, **settled) for line in (lines if chosen.ranged else lines[:1]))
