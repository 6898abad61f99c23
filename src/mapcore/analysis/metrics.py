"""
The numbers that quantities stand for: each a function of a line of contact and of what else it is asked of.

Holders, proposals, dates and oblasts (ISO 3166-2) come by id, places by GeoNames id; `quantities` checks them.
Where a text leaves a figure open, or no line of the date is built in, a metric raises `NotComputableError`.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mapcore.analysis.settlements import load_places
from mapcore.base import memory
from mapcore.base.errors import ParameterError
from mapcore.base.language import tr
from mapcore.base.schema import AREA_CRS, UNITS
from mapcore.land.contact_line import Control
from mapcore.land.cut import split_by_holder
from mapcore.lines.catalogue import list_controls, load_control
from mapcore.measurement.areas import measure
from mapcore.measurement.ledger import ledger_sums, specified_km2
from mapcore.measurement.zones import build_zones
from mapcore.proposals.shipped import load_proposal, load_statuses


class NotComputableError(ParameterError):
    """A quantity has no answer from the data that ship; the message says what is missing."""


@memory.kept(maxsize=64)
def _pieces(control: Control) -> gpd.GeoDataFrame:
    return measure(split_by_holder(control))


def held(control: Control, holder: str, oblasts: tuple[str, ...]) -> float:
    """Return the land that a side holds in the oblasts, in km²."""
    pieces = _pieces(control)
    return float(pieces.loc[(pieces["held_by"] == holder) & pieces["oblast"].isin(oblasts), "area_km2"].sum())


def held_share(control: Control, holder: str, oblasts: tuple[str, ...]) -> float:
    """Return the same in per cent of the measured area of the oblasts."""
    pieces = _pieces(control)
    return 100 * held(control, holder, oblasts) / float(pieces.loc[pieces["oblast"].isin(oblasts), "area_km2"].sum())


@memory.kept(maxsize=64)
def _zones(control: Control, proposal: str) -> pd.DataFrame:
    zones = measure(build_zones(load_proposal(proposal), control=control))
    holder = zones["status"].map(lambda status: load_statuses()[status].holder)
    return pd.DataFrame(zones.drop(columns="geometry")).assign(holder=holder)


def leaves(control: Control, proposal: str, holder: str, oblasts: tuple[str, ...]) -> float:
    """Return the land in the oblasts that a side holds and would not hold under the proposal, in km²."""
    zones = _zones(control, proposal)
    chosen = (zones["held_by"] == holder) & (zones["holder"] != holder) & zones["oblast"].isin(oblasts)
    return _specified(zones, proposal, f"{holder}_leaves", float(zones.loc[chosen, "area_km2"].sum()), oblasts)


def gains(control: Control, proposal: str, holder: str, oblasts: tuple[str, ...]) -> float:
    """Return the land in the oblasts that a side would hold under the proposal and does not hold, in km²."""
    zones = _zones(control, proposal)
    chosen = (zones["held_by"] != holder) & (zones["holder"] == holder) & zones["oblast"].isin(oblasts)
    leaving = "russia_leaves" if holder == "ukraine" else "ukraine_leaves"
    return _specified(zones, proposal, leaving, float(zones.loc[chosen, "area_km2"].sum()), oblasts)


def ledger(control: Control, proposal: str, key: str) -> float:
    """Return a row of the proposal's ledger by its key, in km²."""
    zones = _zones(control, proposal)
    return _specified(zones, proposal, key, ledger_sums(zones)[key], None)


def _specified(
    zones: pd.DataFrame, proposal: str, key: str, value_km2: float, oblasts: tuple[str, ...] | None
) -> float:
    """Return a figure of a proposal's ledger; where its text leaves it open there is none."""
    figure = specified_km2(zones, key, value_km2, oblasts=oblasts)
    if figure is None:
        sentence = tr("{proposal} does not specify it")
        raise NotComputableError(sentence.format(proposal=tr(load_proposal(proposal).title)))
    return figure


def _land(control: Control, holder: str, oblasts: tuple[str, ...]) -> gpd.GeoSeries:
    pieces = _pieces(control)
    return pieces.loc[(pieces["held_by"] == holder) & pieces["oblast"].isin(oblasts)].geometry


def near_line_share(control: Control, holder: str, oblasts: tuple[str, ...], within_km: float) -> float:
    """Return how much of the land that a side holds in the oblasts lies so near to the line, in per cent."""
    land = _land(control, holder, oblasts)
    band = shapely.buffer(control.line, within_km * 1000, quad_segs=32)
    # The part cut out may come out larger than the whole by the last digit.
    return min(100.0, 100 * float(land.intersection(band).area.sum() / land.area.sum())) if len(land) else float("nan")


def depth(control: Control, holder: str, oblasts: tuple[str, ...]) -> float:
    """Return how far the farthest point of the land that a side holds in the oblasts lies from the line, in km."""
    corners = shapely.points(shapely.get_coordinates(shapely.segmentize(_land(control, holder, oblasts), 1000)))
    return float(np.max(shapely.distance(corners, control.line), initial=0.0)) / 1000


def line_length(control: Control) -> float:
    """Return the length of the line inside the country as drawn, in km."""
    return float(control.line.length) / 1000


def gained(control: Control, holder: str, since: str) -> float:
    """Return what a side holds less what it held on a built-in line, in km²."""
    if since not in list_controls():
        sentence = tr("there is no built-in line of contact of {since}, and a change needs two lines")
        raise NotComputableError(sentence.format(since=since))
    before = load_control(since)
    return held(control, holder, tuple(UNITS)) - held(before, holder, tuple(UNITS))


def _place_points(places: tuple[int, ...]) -> gpd.GeoDataFrame:
    found = load_places().set_index("id")
    lost = [str(place) for place in places if place not in found.index]
    if lost:
        raise ParameterError(tr("places: {ids} are not GeoNames ids of geo/places.csv").format(ids=", ".join(lost)))
    return found.loc[list(places)].to_crs(AREA_CRS)


def population(_: Control, places: tuple[int, ...]) -> float:
    """Return the people who lived in the places before February 2022, by GeoNames."""
    return float(_place_points(places)["population"].sum())


def distance_to_line(control: Control, places: tuple[int, ...]) -> float:
    """Return how far the centre of the nearest of the places lies from the line, in km."""
    return float(_place_points(places).distance(control.line).min()) / 1000


def span(_: Control, places: tuple[int, ...]) -> float:
    """Return the longest straight distance between the centres of two of the places, in km."""
    points = _place_points(places).geometry
    return max(float(points.distance(point).max()) for point in points) / 1000
