"""What single pages add to a link: for each key which answers there are, and how a widget and a link hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from mapcore.analysis.civil_objects import KINDS as OBJECT_KINDS
from mapcore.analysis.known_areas import load_known_areas
from mapcore.analysis.place_search import place_named
from mapcore.analysis.quantities import Argument, quantities
from mapcore.analysis.settlements import load_places
from mapcore.analysis.timeline import ACTORS, KINDS
from mapcore.base import memory
from mapcore.base.errors import ParameterError
from mapcore.base.language import DEFAULT_LANGUAGE, speaking
from mapcore.base.typed_numbers import plain_figure, written_figure
from mapcore.base.units import UNITS_OF
from mapcore.lines.catalogue import list_controls
from mapcore.lines.user_lines import while_listed

#: How the id of a line starts that only one viewer's session holds: no link opens it elsewhere.
SESSION_PREFIX: Final = "session-"
#: The belt of towns that the debate is about, from Sloviansk to Kostiantynivka: the places asked for unless the viewer
#: names others.
BELT: Final = (693468, 704508, 616743, 705104)
MOST_PLACES: Final = 12


@dataclass(frozen=True)
class PageChoice:
    """
    A choice that one page adds to a link.

    Attributes
    ----------
    default
        The text that stands for nothing chosen; it is never written into a link.
    accepts
        Whether a text can be the answer.
    kind
        Whether the answer is one of several, several parted by commas, a number, a figure that a widget holds as the
        viewer's language writes it and a link in one form, such as ``1800``, or a settlement, which a link calls by its
        code in the register and where that is open by its id, and may name in words.
    """

    default: str
    accepts: Callable[[str], bool]
    kind: Literal["one", "many", "number", "figure", "place"] = "one"

    def value(self, text: str) -> str | list[str] | float:
        """Return an accepted text as a widget holds it."""
        if self.kind == "number":
            return float(text)
        if self.kind == "figure":
            return text and written_figure(text)
        return [part for part in text.split(",") if part] if self.kind == "many" else text

    def settled(self, text: str) -> str:
        """Return an accepted text in the form that links are written in."""
        if self.kind == "place":
            place = place_named(text)
            return place.key if place else ""
        return _of_link(text) if self.kind == "figure" else text

    def text(self, value: object, *, before: str = "") -> str:
        """
        Return what a widget holds as a link holds it; the default if it cannot be the answer.

        A widget that still holds what `before` put there answers `before`: a figure of a link is not read again by
        the rule of the viewer's language.
        """
        if self.kind == "figure":
            return before if before and value == self.value(before) else _typed(str(value or ""))
        held = value if isinstance(value, list | tuple) else [value]
        text = ",".join(f"{part:g}" if isinstance(part, float) else str(part or "") for part in held)
        return text if self.accepts(text) else self.default


def _typed(text: str) -> str:
    """Return a number as links hold it, or nothing where it is none."""
    try:
        return plain_figure(text)
    except ParameterError:
        return ""


def _of_link(text: str) -> str:
    """Return a link's number in the form that links are written in; links that hold ``1,800`` still open."""
    with speaking(DEFAULT_LANGUAGE):
        return _typed(text)


def _is_distance(text: str) -> bool:
    try:
        return 0 < float(text) <= 500
    except ValueError:
        return False


@memory.shared
def _place_ids() -> frozenset[str]:
    return frozenset(load_places()["id"].astype(str))


def _are_places(text: str) -> bool:
    return 0 < len(text.split(",")) <= MOST_PLACES and set(text.split(",")) <= _place_ids()


def _is_line(text: str) -> bool:
    return not text or text in list_controls() or text.startswith(SESSION_PREFIX)


def _are_lines(text: str) -> bool:
    return all(map(_is_line, text.split(",")))


def _all_of(known: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda text: not text or set(text.split(",")) <= set(known)


def _of_argument(argument: Argument) -> PageChoice:
    if argument.kind == "places":
        return PageChoice(",".join(map(str, BELT)), _are_places, "many")
    if argument.kind == "number":
        return PageChoice(f"{argument.default:g}", _is_distance, "number")
    if argument.kind == "units":
        return PageChoice("", lambda text: not text or set(text.split(",")) <= set(argument.choices), "many")
    return PageChoice(str(argument.default), lambda text: text in argument.choices)


def checkable() -> tuple[str, ...]:
    """Return the quantities that a viewer can hold a figure against; a change needs two lines of contact."""
    return tuple(name for name in quantities() if name != "gained" or len(list_controls()) > 1)


@while_listed
def choices_by_key() -> Mapping[str, PageChoice]:
    """Return what the pages add to a link, by key; `check_` and an argument's name is that of the quantity `check`."""
    return _choices_of(tuple(list_controls()))


@memory.shared(maxsize=8)
def _choices_of(_: tuple[str, ...]) -> Mapping[str, PageChoice]:
    units = {unit for kind in UNITS_OF.values() for unit in kind}
    scales = {found.id for found in load_known_areas()}
    arguments = {argument.name: argument for found in quantities().values() for argument in found.arguments}
    return MappingProxyType({
        "against": PageChoice("", _is_line),
        "among": PageChoice("", _are_lines, "many"),
        "kinds": PageChoice("", _all_of(KINDS), "many"),
        "actors": PageChoice("", _all_of(ACTORS), "many"),
        "verdict": PageChoice("", lambda text: text in {"", "agrees", "differs", "missing"}),
        "scale": PageChoice("", lambda text: not text or text in scales),
        "objects": PageChoice("", _all_of(tuple(OBJECT_KINDS)), "many"),
        "place": PageChoice("", lambda text: not text or place_named(text) is not None, "place"),
        "check": PageChoice("held", lambda text: text in checkable()),
        "check_figure": PageChoice("", lambda text: not text or bool(_of_link(text)), "figure"),
        "check_unit": PageChoice("", lambda text: not text or text in units),
        **{f"check_{name}": _of_argument(argument) for name, argument in arguments.items()},
    })  # fmt: skip


def fitting(choices: Mapping[str, str]) -> dict[str, str]:
    """Return the choices of pages without defaults and without what does not belong to the quantity to check."""
    known = choices_by_key()
    chosen = quantities()[choices.get("check", known["check"].default)]
    units = list(UNITS_OF[chosen.kind])
    belongs = {key for key in known if not key.startswith("check_")} | {
        "check_figure", *(f"check_{argument.name}" for argument in chosen.arguments)
    }  # fmt: skip
    if choices.get("check_unit") in units[1:]:
        belongs.add("check_unit")
    return {key: text for key, text in choices.items() if key in belongs and text != known[key].default}
