"""A view and its query string: everything that a viewer chose."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from mapcore.analysis.compare import OVERS, Over
from mapcore.analysis.quantities import quantities
from mapcore.base.errors import ProposalError
from mapcore.base.language import DEFAULT_LANGUAGE, languages, speaking, tr
from mapcore.base.schema import DEFAULT_COMPARE, DEFAULT_CONTROL, DEFAULT_PROPOSAL, HOLDERS, PLACE, UNITS
from mapcore.base.sources import data_version
from mapcore.base.units import UNITS_OF
from mapcore.lines.catalogue import list_controls
from mapcore.lines.operators_line import archive_id, default_control
from mapcore.present.link_notices import APART, MOVED, REFUSED, refused_number
from mapcore.present.matrix import SECTIONS
from mapcore.present.page_choices import choices_by_key, fitting
from mapcore.present.wording import AREA_UNITS
from mapcore.proposals import viewer
from mapcore.proposals.shipped import Parameter, Proposal, load_proposals

PAGES = ("map", "compare", "matrix", "own", "claims", "people", "timeline", "lines", "methods")
#: The pages whose map writes its place into the link.
MAP_PAGES = ("map", "compare", "own", "people")
#: The keys of a view that are chosen from a list, apart from the proposal, which decides its own parameters.
CHOICES = ("page", "proposal", "compare", "control", "units", "lang", "zone", "question")
#: The keys of a view that hold several of a list, written with commas between; none of them means all.
LISTS = ("rows", "columns")
#: How a link writes a number, as a pattern that Python and browsers read alike.
NUMBER: Final = " *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)? *"


@dataclass(frozen=True)
class View:
    """
    What a viewer chose; every field has a default, and only what differs from it is written into a link.

    Attributes
    ----------
    viewers_proposal
        The viewer's own proposal as `viewer.pack` writes it, or nothing. One that is too long stays out of the link.
    proposal, compare
        The proposal shown, and the one that it is held against: ids; `viewer.LINK_ID` stands for the viewer's own.
    question
        What the difference map asks: all three questions, or one of them.
    rows, columns
        The groups of questions and the proposals that the table of all proposals is narrowed to; empty shows all.
    compare_parameters
        The parameters of `compare`. One that both proposals have has one value for both.
    zone
        The piece of land whose details are shown, such as ``UA-14.ukraine``: oblast and present holder; or nothing.
    tiles
        Whether the viewer asked for background tiles from outside.
    choices
        What the pages add, by the keys of `choices_by_key`; only what differs from the default.
    lat, lon, zoom
        The middle of the map and its zoom level; None where the map shows what the page is about.
    whole
        Whether the map, where it has no such place, shows the whole country instead.
    """

    page: str = "map"
    proposal: str = DEFAULT_PROPOSAL
    viewers_proposal: str = ""
    compare: str = DEFAULT_COMPARE
    control: str = field(default_factory=default_control)
    units: str = "km2"
    lang: str = DEFAULT_LANGUAGE
    zone: str = ""
    question: Over = "all"
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    tiles: bool = False
    parameters: Mapping[str, float] = field(default_factory=dict)
    compare_parameters: Mapping[str, float] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    lat: float | None = None
    lon: float | None = None
    zoom: float | None = None
    whole: bool = False

    def choice(self, key: str) -> str:
        """Return one of the pages' choices, or its default."""
        return self.choices.get(key, choices_by_key()[key].default)

    def every_choice(self) -> dict[str, str]:
        """Return all of the pages' choices by key, each its default where nothing else is chosen."""
        return {key: self.choices.get(key, choice.default) for key, choice in choices_by_key().items()}


def unplaced(view: View) -> View:
    """Return a view whose map shows what the page is about."""
    return replace(view, lat=None, lon=None, zoom=None, whole=False)


def zone_keys() -> tuple[str, ...]:
    """Return every key that `View.zone` may have: each first-level unit with each holder."""
    return tuple(f"{oblast}.{holder}" for oblast in UNITS for holder in HOLDERS)


def answers(key: str) -> tuple[str, ...]:
    """Return what a link may hold under a key that is answered from a list."""
    proposals = (*(proposal.id for proposal in load_proposals()), viewer.LINK_ID)
    known: dict[str, tuple[str, ...]] = {
        "page": PAGES,
        "proposal": proposals,
        "compare": proposals,
        "control": tuple(list_controls()),
        "units": AREA_UNITS,
        "lang": tuple(languages()),
        "zone": ("", *zone_keys()),
        "question": OVERS,
        "rows": tuple(SECTIONS),
        "columns": proposals,
        "tiles": ("off", "on"),
        "frame": ("subject", "country"),
    }
    return known[key]


def _proposal(proposal_id: str) -> Proposal | None:
    return next((proposal for proposal in load_proposals() if proposal.id == proposal_id), None)


def _parameters(proposal_id: str) -> Mapping[str, Parameter]:
    proposal = _proposal(proposal_id)
    return proposal.parameters if proposal else {}


def fits(packed: str) -> bool:
    """Whether a viewer's own proposal is short enough to travel in a link."""
    return len(packed) <= viewer.MAX_LINK_CHARS


def _viewers_proposal(query: Mapping[str, str], kept: str, notices: list[str]) -> str:
    """Return the viewer's own proposal of a link, when it is sound; `kept` where the link could not hold it."""
    packed = query.get("own", "")
    if not packed:
        return "" if fits(kept) else kept
    try:
        if fits(packed):
            viewer.unpack(packed)
            return packed
        notices.append(tr("The link's own proposal is too long; load its file instead."))
    except ProposalError as refusal:
        # Only our own words: what the link holds must not reach the page.
        first = refusal.problems[0]
        if first.key:
            notices.append(tr("The link's own proposal cannot be read: a rule or a text in it has a mistake."))
        else:
            sentence = tr("The link's own proposal cannot be read: it {problem}; {way_out}.")
            notices.append(sentence.format(problem=tr(first.problem), way_out=tr(first.way_out)))
    return ""


def _without_viewers_proposal(chosen: dict[str, str], notices: list[str]) -> None:
    """Take the defaults in place of a viewer's own proposal that a link names and does not hold."""
    named = [key for key in ("proposal", "compare") if chosen.get(key) == viewer.LINK_ID]
    if named:
        sentence = tr("The link names a viewer's own proposal without its rules; another one is shown in its place.")
        notices.append(sentence)
    for key in named:
        del chosen[key]


def to_query(view: View) -> dict[str, str]:
    """Return the query parameters of a view, with the data version `v` that its figures come from."""
    default = View()
    query = {key: str(getattr(view, key)) for key in CHOICES if getattr(view, key) != getattr(default, key)}
    if archive_id():
        # What is the default today is another line tomorrow.
        query["control"] = view.control
    if view.tiles:
        query["tiles"] = "on"
    query |= {key: ",".join(getattr(view, key)) for key in LISTS if getattr(view, key)}
    if view.viewers_proposal and fits(view.viewers_proposal):
        query["own"] = view.viewers_proposal
    for proposal_id, values in ((view.compare, view.compare_parameters), (view.proposal, view.parameters)):
        for name, parameter in _parameters(proposal_id).items():
            if values.get(name, parameter.default) != parameter.default:
                query[name] = f"{values[name]:g}"
    for key, part in PLACE.items():
        value = getattr(view, key)
        if value is not None:
            query[key] = f"{round(value, part.digits):g}" if key == "zoom" else f"{value:.{part.digits}f}"
    if view.whole:
        query["frame"] = "country"
    return query | fitting(view.choices) | {"v": data_version()}


def _number(query: Mapping[str, str], key: str, low: float, high: float, notices: list[str]) -> float | None:
    if key not in query:
        return None
    value = float(query[key]) if re.fullmatch(NUMBER, query[key]) else math.nan
    if low <= value <= high:
        return value
    notices.append(refused_number(key, low, high))
    return None


def _page_choices(query: Mapping[str, str], notices: list[str]) -> dict[str, str]:
    known = choices_by_key()
    given = {key: query[key] for key in known if key in query}
    sound = {key: known[key].settled(text) for key, text in given.items() if known[key].accepts(text)}
    kept = fitting(sound)
    own_unit = next(iter(UNITS_OF[quantities()[sound.get("check", known["check"].default)].kind]))
    for key, text in given.items():
        if key not in kept and text not in {known[key].default, own_unit}:
            notices.append(tr("The link has an invalid value for {key}; its default is used.").format(key=key))
    return kept


def _answers(key: str, controls: Collection[str]) -> tuple[str, ...]:
    return (*answers(key), *controls) if key == "control" else answers(key)


def _several(query: Mapping[str, str], key: str, notices: list[str]) -> tuple[str, ...]:
    named = [part for part in query.get(key, "").split(",") if part]
    if any(part not in answers(key) for part in named):
        notices.append(tr("Some of the link's {key} no longer exist; the rest is shown.").format(key=key))
    return tuple(part for part in answers(key) if part in named)


def _read_parameters(query: Mapping[str, str], proposal_id: str, notices: list[str]) -> dict[str, float]:
    values = {
        name: _number(query, name, parameter.min, parameter.max, notices)
        for name, parameter in _parameters(proposal_id).items()
    }
    return {name: value for name, value in values.items() if value is not None}


def from_query(query: Mapping[str, str], *, controls: Collection[str] = (), kept: str = "") -> tuple[View, list[str]]:
    """
    Read a link.

    Parameters
    ----------
    controls
        Lines of contact that are there besides those of `list_controls`.
    kept
        The viewer's own proposal that is there already; it stays where it is too long for any link.

    Returns
    -------
    view, notices
        The view, with the default in place of anything unknown or broken, and a sentence for each such replacement;
        also one when the link was made from other data than today's. The sentences are in the link's own language.
        Never raises.
    """
    asked = query.get("lang", DEFAULT_LANGUAGE)
    with speaking(asked if asked in languages() else DEFAULT_LANGUAGE):
        return _read(query, controls, kept)


def _read(query: Mapping[str, str], controls: Collection[str], kept: str) -> tuple[View, list[str]]:
    notices: list[str] = []
    chosen: dict[str, str] = {}
    packed = _viewers_proposal(query, kept, notices)
    for key, spoken in REFUSED.items():
        if key in query and query[key] in _answers(key, controls):
            chosen[key] = query[key]
        elif key in query:
            notices.append(tr(spoken))
    if not packed:
        _without_viewers_proposal(chosen, notices)
    if "v" in query and "control" not in query:
        # Made where the built-in line is the default, which links leave out.
        chosen["control"] = DEFAULT_CONTROL
    tiles, whole = chosen.pop("tiles", "off") == "on", chosen.pop("frame", "subject") == "country"
    rows, columns = (_several(query, key, notices) for key in LISTS)
    parameters = _read_parameters(query, chosen.get("proposal", DEFAULT_PROPOSAL), notices)
    compare_parameters = _read_parameters(query, chosen.get("compare", DEFAULT_COMPARE), notices)
    choices = _page_choices(query, notices)
    place = {key: _number(query, key, part.min, part.max, notices) for key, part in PLACE.items()}
    if any(value is None for value in place.values()) and any(value is not None for value in place.values()):
        notices.append(tr(APART))
        place = dict.fromkeys(place)
    if query.get("v", data_version()) != data_version():
        notices.append(tr(MOVED))
    view = View(
        parameters=parameters,
        viewers_proposal=packed,
        compare_parameters=compare_parameters,
        choices=choices,
        tiles=tiles,
        whole=whole,
        rows=rows,
        columns=columns,
    )
    view = replace(view, **place, **chosen)  # type: ignore[arg-type]
    return view, list(dict.fromkeys(notices))
