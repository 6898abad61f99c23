"""
Hold the line of contact against the settlements that fix it.

Usage: `python scripts/check_line.py`

Prints the settlements on the wrong side, the contested ones far from the line, the gaps between the nearest places of
either holder, and the shares by oblast. Reports of grade C did not place the line, so their distances test it. Exits
with 1 if a place is on the wrong side.
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.land.cut import split_by_holder
from mapcore.lines.catalogue import load_control, load_stretches
from mapcore.measurement.areas import measure

LIST = Path(__file__).resolve().parents[1] / "geo" / "control" / "settlements-2025-12-02.csv"
#: Stretches that follow a shore: no pair of settlements fixes them.
SHORES = ("The former Kakhovka reservoir", "The lower Dnipro", "The Dnipro-Buh estuary", "The Black Sea")
#: A contested place further from the line than this needs a reason.
CONTESTED_KM = 5.0


def load_reports(grades: str = "AB") -> gpd.GeoDataFrame:
    """Return the settlements whose evidence is of one of `grades`, in `AREA_CRS`, indexed by their id."""
    rows = pd.read_csv(LIST, index_col="id", keep_default_na=False)
    rows = rows[rows["evidence"].isin(list(grades))]
    points = gpd.points_from_xy(rows["lon"], rows["lat"], crs=MAP_CRS)
    return gpd.GeoDataFrame(rows, geometry=points).to_crs(AREA_CRS)


def depth_km(reports: gpd.GeoDataFrame, control: Control) -> pd.Series[float]:
    """Return each settlement's distance from the edge of Russian-held land, in km: positive behind it."""
    behind = reports.within(control.held).to_numpy()
    away = reports.distance(shapely.boundary(control.held)).to_numpy() / 1000
    return pd.Series(np.where(behind, away, -away), index=reports.index, name="depth_km")


def misplaced(reports: gpd.GeoDataFrame, control: Control) -> gpd.GeoDataFrame:
    """
    Return the settlements that the line leaves to the wrong holder, with their `depth_km`.

    Our outline of the country is generalised; a border village that lies beyond it says nothing about the line.
    """
    reports = reports[reports.within(boundaries.country())]
    depth = depth_km(reports, control)
    wrong = (reports["status"].eq("russia") & (depth < 0)) | (reports["status"].eq("ukraine") & (depth > 0))
    return reports.assign(depth_km=depth)[wrong]


def far_contested(reports: gpd.GeoDataFrame, control: Control, *, over_km: float = CONTESTED_KM) -> gpd.GeoDataFrame:
    """Return the contested settlements further from the line than `over_km`, with their `depth_km`."""
    depth = depth_km(reports, control)
    return reports.assign(depth_km=depth)[reports["status"].eq("contested") & (depth.abs() > over_km)]


def lean_km(reports: gpd.GeoDataFrame, control: Control) -> float:
    """
    Return how far behind the line contested places lie on average, in km: about 0 where it runs through their middle.

    Only those within `CONTESTED_KM` count, whose positions a gazetteer gives: others lie far for reasons of their own.
    """
    depth = depth_km(reports, control)
    near = reports["status"].eq("contested") & reports["position"].eq("gazetteer") & (depth.abs() <= CONTESTED_KM)
    return float(depth[near].mean())


def half_gaps(reports: gpd.GeoDataFrame, control_id: str = "2025-12-02") -> gpd.GeoDataFrame:
    """
    Measure how tightly settlements hold each vertex of the land front.

    Returns
    -------
    vertices
        One row per vertex between settlements: `to_ukraine_km` and `to_russia_km`, the distances to the nearest place
        held by, or fought over with, each side; `half_gap_km`, half of their sum, so the most by which the line can be
        off while both places stay on their sides.
    """
    vertices = load_stretches(control_id).to_crs(AREA_CRS)
    vertices = vertices[~vertices["stretch"].isin(SHORES)].copy()
    for holder in ("ukraine", "russia"):
        places = reports[reports["status"].isin([holder, "contested"])]
        vertices[f"to_{holder}_km"] = [places.distance(vertex).min() / 1000 for vertex in vertices.geometry]
    vertices["half_gap_km"] = (vertices["to_ukraine_km"] + vertices["to_russia_km"]) / 2
    return vertices


def shares(control: Control) -> pd.Series[float]:
    """Return the share of each oblast held by Russia, in percent, by ISO code."""
    pieces = measure(split_by_holder(control))
    held = pieces[pieces["held_by"] == "russia"].set_index("oblast")["share_of_oblast"]
    return pd.Series(100 * held, dtype=float)


def main() -> int:
    """Print the report; return the exit code."""
    control, reports = load_control("2025-12-02"), load_reports()
    wrong, far, gaps = misplaced(reports, control), far_contested(reports, control), half_gaps(reports)
    named = ["settlement", "status", "evidence", "position", "depth_km"]
    print(f"On the wrong side: {len(wrong)}")
    print(wrong[named].round(1).to_string() if len(wrong) else "")
    print(f"Contested and more than {CONTESTED_KM:g} km from the line: {len(far)}")
    print(far[named].round(1).to_string() if len(far) else "")
    for grades in ("AB", "C"):
        known = load_reports(grades).query("status == 'contested' and position == 'gazetteer'")
        away = depth_km(known, control).abs()
        print(f"Contested, {grades}: {len(away)}, {away.mean():.1f} km from the line, median {away.median():.1f}")
        print(f"  those near it lie {lean_km(load_reports(grades), control):+.1f} km behind it on average")
    spans = gaps.groupby("stretch", sort=False)["half_gap_km"]
    print(spans.agg(["count", "mean", "max"]).round(1).to_string())
    print(f"Half gap: mean {gaps['half_gap_km'].mean():.1f} km, median {gaps['half_gap_km'].median():.1f}")
    print(shares(control).round(2).to_string())
    print(f"Together {control.held.area / 1e6:,.0f} km²")
    return 1 if len(wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
