"""A view and its query string: everything that a viewer chose."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from mapcore.control import list_controls
from mapcore.scenario import Proposal, load_proposals
from mapcore.schema import DEFAULT_CONTROL, DEFAULT_PROPOSAL
from mapcore.sources import data_version

_LIMITS = {"lat": (40.0, 56.0), "lon": (18.0, 46.0), "zoom": (4.0, 12.0)}


@dataclass(frozen=True)
class View:
    """What a viewer chose; every field has a default, and only what differs from it is written into a link."""

    proposal: str = DEFAULT_PROPOSAL
    control: str = DEFAULT_CONTROL
    units: str = "km2"
    parameters: Mapping[str, float] = field(default_factory=dict)
    lat: float = 48.6
    lon: float = 35.4
    zoom: float = 6


def _proposal(proposal_id: str) -> Proposal | None:
    return next((proposal for proposal in load_proposals() if proposal.id == proposal_id), None)


def to_query(view: View) -> dict[str, str]:
    """Return the query parameters of a view, with the data version `v` that its figures come from."""
    default = View()
    query = {"proposal": view.proposal}
    for key in ("control", "units"):
        if getattr(view, key) != getattr(default, key):
            query[key] = getattr(view, key)
    query |= {name: f"{value:g}" for name, value in view.parameters.items()}
    for key, digits in (("lat", 3), ("lon", 3), ("zoom", 1)):
        if getattr(view, key) != getattr(default, key):
            query[key] = f"{getattr(view, key):.{digits}f}"
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
    default = View()
    proposal = query.get("proposal", default.proposal)
    if _proposal(proposal) is None:
        notices.append("The link names a proposal that is not here; the US 28-point plan is shown.")
        proposal = default.proposal
    control = query.get("control", default.control)
    if control not in list_controls():
        notices.append("The link names a line of contact that is not here; the default line is used.")
        control = default.control
    units = query.get("units", default.units)
    if units not in {"km2", "mi2"}:
        notices.append("The link names an unknown unit; km² is used.")
        units = default.units
    found = _proposal(proposal)
    parameters = {}
    for name, parameter in found.parameters.items() if found else ():
        value = _number(query, name, parameter.min, parameter.max, notices)
        if value is not None:
            parameters[name] = value
    place = {key: _number(query, key, *limits, notices) for key, limits in _LIMITS.items()}
    if query.get("v", data_version()) != data_version():
        notices.append("This link was made with an earlier version of the data; figures may have moved since.")
    known = {key: value for key, value in place.items() if value is not None}
    return View(proposal=proposal, control=control, units=units, parameters=parameters, **known), notices
