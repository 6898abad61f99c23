"""
Time the zones of every proposal, built and measured, against the same by repeated overlay and reprojection.

Both sides start from the same things in memory: the 27 units, the land held by Russia and the line of contact, each in
full detail. Both end with every zone of a proposal as a polygon with its area and its share of the oblast.

- mapcore, first: `build_zones` and `measure` with nothing kept but the areas of the 27 whole units, which come with
  loading them: the oblasts are cut along the line, and each piece is measured.
- mapcore, next: the same on a line that has been cut before, as when a viewer goes from one proposal to the next. The
  pieces that the line makes of the oblasts are kept, and the areas of shapes measured before; what the proposal itself
  cuts, such as a buffer, is cut anew.
- overlay: the straightforward way. Each rule takes its land with `geopandas.overlay` from what earlier rules left, and
  the areas come from `to_crs` into an equal-area projection.

The ratio that counts is over all proposals on one line: the overlays of all, against the cut of the line once (the
first proposal at its "first" time) and the others at their "next" time.

Run `python benchmarks/bench_zones.py`; it fails where that ratio is under 10 or areas differ by more than 0.1 %.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import shapely

from mapcore import Control, Proposal, build_zones, load_control, load_oblasts, load_proposals, measure
from mapcore.base.geometry import _projected_area_km2, geodesic_areas_km2
from mapcore.base.schema import AREA_CRS, DEFAULT_STATUS, MAP_CRS
from mapcore.proposals.model import settle_parameters

RUNS = 5
WANTED_RATIO = 10
WANTED_AGREEMENT = 0.001


def by_overlay(proposal: Proposal, oblasts: gpd.GeoDataFrame, held: gpd.GeoDataFrame, line: gpd.GeoSeries) -> pd.Series:
    """Return the km² of each (oblast, status), the straightforward way; every layer comes in EPSG:4326."""
    rest = oblasts.to_crs(AREA_CRS)
    land = held.to_crs(AREA_CRS)
    settled = settle_parameters(proposal)
    zones = []
    for rule in proposal.rules:
        found = rest if rule.oblasts is None else rest[rest["iso"].isin(rule.oblasts)]
        if rule.held_by is not None:
            found = gpd.overlay(found, land, how="intersection" if rule.held_by == "russia" else "difference")
        if rule.within_km is not None:
            depth_km = settled[rule.within_km] if isinstance(rule.within_km, str) else rule.within_km
            band = gpd.GeoDataFrame(geometry=line.to_crs(AREA_CRS).buffer(depth_km * 1000, quad_segs=32))
            found = gpd.overlay(found, band, how="intersection")
        if not found.empty:
            zones.append(found.assign(status=rule.status))
            rest = gpd.overlay(rest, found, how="difference")
    zones.append(gpd.overlay(rest, land, how="difference").assign(status=DEFAULT_STATUS["ukraine"]))
    every = pd.concat(zones).to_crs(MAP_CRS)
    return (every.assign(km2=every.to_crs(AREA_CRS).area / 1e6)).groupby(["iso", "status"])["km2"].sum()


def by_mapcore(proposal: Proposal, control: Control) -> pd.Series:
    """Return the km² of each (oblast, status)."""
    return measure(build_zones(proposal, control=control)).groupby(["oblast", "status"])["area_km2"].sum()


def forget() -> None:
    """Keep no area but those of the whole units."""
    _projected_area_km2.shelf.clear()
    geodesic_areas_km2(load_oblasts().geometry)


def timed(work: Callable[[], pd.Series], before: Callable[[], None] = lambda: None) -> tuple[float, pd.Series]:
    """Return the least of `RUNS` runs in milliseconds, and the last answer."""
    spent = []
    for _ in range(RUNS):
        before()
        start = time.perf_counter()
        answer = work()
        spent.append(1000 * (time.perf_counter() - start))
    return min(spent), answer


def difference(ours: pd.Series, theirs: pd.Series) -> float:
    """Return the largest difference of a zone as a share of the larger; zones under a hectare count as none."""
    both = pd.concat([ours, theirs], axis=1, keys=["ours", "theirs"]).fillna(0.0)
    both = both[both.max(axis=1) > 0.01]
    return float(((both["ours"] - both["theirs"]).abs() / both.max(axis=1)).max())


def main() -> int:
    """Print one row a proposal and the ratio over all; 1 if it is too slow or the areas do not agree."""
    warnings.filterwarnings("ignore", message=".*keep_geom_type=True", category=UserWarning)
    control = load_control()
    oblasts = load_oblasts()[["iso", "geometry"]].to_crs(MAP_CRS)
    held = gpd.GeoDataFrame(geometry=[control.held], crs=AREA_CRS).to_crs(MAP_CRS)
    line = gpd.GeoSeries([control.line], crs=AREA_CRS).to_crs(MAP_CRS)
    vertices = int(shapely.get_num_coordinates(oblasts.geometry.to_numpy()).sum())
    print(f"{len(oblasts)} oblasts, {vertices:,} vertices; least of {RUNS} runs; ms\n")
    print(f"{'proposal':24}{'overlay':>10}{'first':>10}{'next':>10}{'overlay / next':>17}{'areas differ':>15}")
    rows = []
    for proposal in load_proposals():
        plain, theirs = timed(lambda found=proposal: by_overlay(found, oblasts, held, line))
        first, ours = timed(lambda found=proposal: by_mapcore(found, replace(control)), before=forget)
        by_mapcore(proposal, control)
        following, _ = timed(lambda found=proposal: by_mapcore(found, control))
        apart = difference(ours, theirs)
        print(f"{proposal.id:24}{plain:10.0f}{first:10.1f}{following:10.1f}{plain / following:16.1f}×{apart:15.1e}")
        rows.append((plain, first, following, apart))
    plain, first, following, apart = (list(column) for column in zip(*rows, strict=True))
    ours = first[0] + sum(following[1:])
    print(
        f"\nall on one line: overlay {sum(plain):.0f} ms, mapcore {ours:.0f} ms, {sum(plain) / ours:.1f} times faster"
    )
    print(f"areas differ by {max(apart):.1e} at most")
    return int(sum(plain) / ours < WANTED_RATIO or max(apart) > WANTED_AGREEMENT)


if __name__ == "__main__":
    sys.exit(main())
