"""A view and its query string: everything that a viewer chose."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mapcore import own
from mapcore.control import list_controls
from mapcore.errors import ProposalError
from mapcore.scenario import Proposal, load_proposals
from mapcore.schema import DEFAULT_COMPARE, DEFAULT_CONTROL, DEFAULT_PROPOSAL, HOLDERS, UNITS
from mapcore.sources import data_version

PAGES = ("map", "own", "methods")
_LIMITS = {"lat": (40.0, 56.0), "lon": (18.0, 46.0), "zoom": (3.0, 14.0)}
#: The keys of a view that are chosen from a list, apart from the proposal, which decides its own parameters.
CHOICES = ("page", "proposal", "compare", "control", "units", "zone")
_SPOKEN = {
    "page": "page that is not here; the map is shown",
    "compare": "proposal to compare with that is not here; the line as it stands is used",
    "control": "line of contact that is not here; the default line is used",
    "units": "unit that is not known; km² is used",
    "zone": "piece of land that is not known; none is picked",
    "tiles": "value for the background that is not known; it stays off",
}


@dataclass(frozen=True)
class View:
    """
    What a viewer chose; every field has a default, and only what differs from it is written into a link.

    Attributes
    ----------
    own
        The viewer's own proposal as `own.pack` writes it, or nothing. One that is too long stays out of the link.
    compare
        The proposal that `proposal` is held against.
    zone
        The piece of land whose details are shown, such as ``UA-14.ukraine``: oblast and present holder; or nothing.
    tiles
        Whether the viewer asked for background tiles from outside.
    lat, lon, zoom
        The middle of the map and its zoom level; None where the map shows the whole country.
    """

    page: str = "map"
    proposal: str = DEFAULT_PROPOSAL
    own: str = ""
    compare: str = DEFAULT_COMPARE
    control: str = DEFAULT_CONTROL
    units: str = "km2"
    zone: str = ""
    tiles: bool = False
    parameters: Mapping[str, float] = field(default_factory=dict)
    lat: float | None = None
    lon: float | None = None
    zoom: float | None = None


def zone_keys() -> tuple[str, ...]:
    """Return every key that `View.zone` may have: each first-level unit with each holder."""
    return tuple(f"{oblast}.{holder}" for oblast in UNITS for holder in HOLDERS)


def _allowed(key: str) -> tuple[str, ...]:
    known: dict[str, tuple[str, ...]] = {
        "page": PAGES,
        "compare": tuple(proposal.id for proposal in load_proposals()),
        "control": tuple(list_controls()),
        "units": ("km2", "mi2"),
        "zone": ("", *zone_keys()),
        "tiles": ("off", "on"),
    }
    return known[key]


def _proposal(proposal_id: str) -> Proposal | None:
    return next((proposal for proposal in load_proposals() if proposal.id == proposal_id), None)


def fits(packed: str) -> bool:
    """Whether a viewer's own proposal is short enough to travel in a link."""
    return len(packed) <= own.MAX_LINK_CHARS


def _own(query: Mapping[str, str], notices: list[str]) -> str:
    """Return the viewer's own proposal of a link, when it is sound."""
    packed = query.get("own", "")
    try:
        if packed and not fits(packed):
            notices.append("The link's own proposal is too long; load its file instead.")
        elif packed:
            own.unpack(packed)
            return packed
    except ProposalError as refusal:
        # Only our own words: what the link holds must not reach the page.
        first = refusal.problems[0]
        said = "a rule or a text in it holds a mistake" if first.key else f"it {first.problem}; {first.way_out}"
        notices.append(f"The link's own proposal cannot be read: {said}.")
    return ""


def to_query(view: View) -> dict[str, str]:
    """Return the query parameters of a view, with the data version `v` that its figures come from."""
    default = View()
    query = {key: str(getattr(view, key)) for key in CHOICES if getattr(view, key) != getattr(default, key)}
    if view.tiles:
        query["tiles"] = "on"
    if view.own and fits(view.own):
        query["own"] = view.own
    proposal = _proposal(view.proposal)
    for name, parameter in proposal.parameters.items() if proposal else ():
        if view.parameters.get(name, parameter.default) != parameter.default:
            query[name] = f"{view.parameters[name]:g}"
    for key, digits in (("lat", 3), ("lon", 3), ("zoom", 2)):
        value = getattr(view, key)
        if value is not None:
            query[key] = f"{round(value, digits):g}" if key == "zoom" else f"{value:.{digits}f}"
    return query | {"v": data_version()}


def _number(query: Mapping[str, str], key: str, low: float, high: float, notices: list[str]) -> float | None:
    if key not in query:
        return None
    try:
        value = float(query[key])
    except ValueError:
        value = math.nan
    if low <= value <= high:
        return value
    notices.append(f"The link's {key} is not a number from {low:g} to {high:g}; its default is shown.")
    return None


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """
    Read a link.

    Returns
    -------
    view, notices
        The view, with the default in place of anything unknown or broken, and a sentence for each such replacement;
        also one when the link was made from other data than today's. Never raises.
    """
    notices: list[str] = []
    chosen: dict[str, str] = {}
    if "proposal" in query:
        if _proposal(query["proposal"]):
            chosen["proposal"] = query["proposal"]
        else:
            notices.append("The link names a proposal that is not here; the US 28-point plan is shown.")
    for key, spoken in _SPOKEN.items():
        if key in query and query[key] in _allowed(key):
            chosen[key] = query[key]
        elif key in query:
            notices.append(f"The link names a {spoken}.")
    tiles = chosen.pop("tiles", "off") == "on"
    found = _proposal(chosen.get("proposal", DEFAULT_PROPOSAL))
    parameters = {}
    for name, parameter in found.parameters.items() if found else ():
        value = _number(query, name, parameter.min, parameter.max, notices)
        if value is not None:
            parameters[name] = value
    place = {key: _number(query, key, *limits, notices) for key, limits in _LIMITS.items()}
    if query.get("v", data_version()) != data_version():
        notices.append("This link was made with another version of the data; figures may have moved since.")
    packed = _own(query, notices)
    view = replace(View(parameters=parameters, own=packed, tiles=tiles, **place), **chosen)  # type: ignore[arg-type]
    return view, notices
