"""
Time likely ranges against the naive loop: really moving the line, cutting the oblasts anew and measuring, draw by draw.

Both sides use the same drawn offsets. The loop runs over a sample of the draws; its time for all of them is that of the
sample times the number of draws. How far the two differ is the root mean square difference of the drawn changes of a
zone, as a share of their standard deviation; zones whose standard deviation is under 5 km² are left out.

- cold: tables of the land beside the line, offsets and figures, with nothing kept;
- slider: the same for another error of the line, as when a viewer moves a slider;
- loop: one draw the naive way, times the draws.

Run `python benchmarks/bench_ranges.py [SAMPLE]`; it fails where the ratio is under 1000 or the difference too large.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mapcore import Control, Measured, build_zones, load_control, load_proposal, measure, measure_proposal
from mapcore.base.geometry import polygonal
from mapcore.measurement.likely import DRAWS, SEED, drawn_changes, likely_ranges
from mapcore.measurement.line_displacement import (
    CORRELATION_KM,
    MAX_SIGMAS,
    band_edge,
    draw_offsets,
    line_sweep,
    standard_deviation_km,
    stations_along,
)

PROPOSALS = {"us-28-point": 0.12, "russia-claim": 0.12, "donetsk-narrow-buffer": 0.25}
WANTED_RATIO = 1000
STEP_M = 500.0
KEYS = ["oblast", "held_by", "status"]


def drawn_offsets(control: Control) -> NDArray[np.float64]:
    """Return the offsets that `likely_ranges` uses, in km: one row a draw, one column a station."""
    unit = draw_offsets(control.line, draws=DRAWS, seed=SEED, correlation_km=CORRELATION_KM)
    return standard_deviation_km(control.provenance.error_km) * np.clip(unit, -MAX_SIGMAS, MAX_SIGMAS)


def displaced(control: Control, offsets_km: NDArray[np.float64]) -> Control:
    """
    Really move the line: each point of it, every 500 m and at each vertex, by its offset along the normal.

    The strip between the old line and the new one is added to the land held by Russia where the offset is positive, and
    taken from it where it is negative.
    """
    strips: dict[int, list[NDArray[np.object_]]] = {1: [], -1: []}
    start = 0
    for count, part in zip(stations_along(control.line).counts, control.line.geoms, strict=True):
        points = shapely.get_coordinates(shapely.segmentize(part, STEP_M))
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        ends = [
            shapely.get_coordinates(shapely.line_interpolate_point(part, np.clip(along + by, 0, part.length)))
            for by in (-STEP_M, STEP_M)
        ]
        tangent = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]).T)[:, None]
        normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
        probes = shapely.points((points[:-1] + points[1:]) / 2 + 200 * normal[:-1])
        outwards = -normal if shapely.contains(control.held, probes).mean() > 0.5 else normal
        middles = (np.arange(count) + 0.5) * part.length / count
        metres = 1000 * np.interp(along, middles, offsets_km[start : start + count])
        start += count
        for sign, found in strips.items():
            moved = points + outwards * (sign * np.maximum(sign * metres, 0.0))[:, None]
            rings = np.stack([points[:-1], points[1:], moved[1:], moved[:-1], points[:-1]], axis=1)
            found.append(shapely.make_valid(shapely.polygons(rings[np.any(moved != points, axis=1)[:-1]])))
    gained, lost = (
        shapely.union_all(shapely.get_parts(np.concatenate(strips[sign])), grid_size=0.01) for sign in (1, -1)
    )
    gained = shapely.difference(shapely.intersection(gained, control.country), control.held)
    held = polygonal(shapely.set_precision(shapely.union(shapely.difference(control.held, lost), gained), 0.01))
    border = shapely.buffer(shapely.boundary(control.country), 1.0)
    line = shapely.multilinestrings(shapely.get_parts(shapely.difference(shapely.boundary(held), border)))
    return replace(control, held=held, line=shapely.line_merge(line))


def naive_changes(measured: Measured, draw: int) -> pd.Series[float]:
    """Return the change of each zone's km² in one draw, the naive way."""
    line = displaced(measured.control, drawn_offsets(measured.control)[draw])
    zones = build_zones(measured.proposal, control=line, parameters=measured.parameters)
    base = measured.zones.set_index(KEYS)["area_km2"]
    return measure(zones).set_index(KEYS)["area_km2"].sub(base, fill_value=0.0)


def differences(measured: Measured, sample: list[int]) -> tuple[float, pd.DataFrame]:
    """Return the seconds for each draw of the loop, and by zone the standard deviation and how far the two differ."""
    start = time.perf_counter()
    naive = pd.DataFrame({draw: naive_changes(measured, draw) for draw in sample}).fillna(0.0)
    seconds = (time.perf_counter() - start) / len(sample)
    tables = drawn_changes(measured)
    fast = pd.DataFrame({key: values[sample] for key, values in tables.items()}, index=sample).T
    fast = fast.reindex(naive.index, fill_value=0.0)
    deviations = pd.Series({key: values.std() for key, values in tables.items()}).reindex(naive.index, fill_value=0.0)
    apart = np.sqrt(((naive - fast) ** 2).mean(axis=1))
    found = pd.DataFrame({"sd_km2": deviations, "apart": apart / deviations})
    return seconds, found[found["sd_km2"] > 5]


def timed(measured: Measured, **arguments: float) -> float:
    """Return the seconds that likely ranges take."""
    start = time.perf_counter()
    likely_ranges(measured, **arguments)
    return time.perf_counter() - start


def main() -> int:
    """Print one row a proposal; 1 if it is too slow or the two differ too much."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    sample = np.random.default_rng(0).choice(DRAWS, size, replace=False).tolist()
    control, worst = load_control(), float("inf")
    good = True
    print(f"{DRAWS} draws; loop over {size} of them\n")
    heads = ["cold, ms", "slider, ms", "loop, s", "loop / cold", "loop / slider", "apart"]
    print(f"{'proposal':24}" + "".join(head.rjust(14) for head in heads))
    for name, wanted in PROPOSALS.items():
        measured = measure_proposal(load_proposal(name), control=control)
        for kept in (line_sweep, band_edge, draw_offsets, stations_along):
            kept.shelf.clear()
        cold = timed(measured)
        slider = min(timed(measured, error_km=error) for error in (1.5, 1.7, 2.2))
        each, found = differences(measured, sample)
        loop, apart = each * DRAWS, float(found["apart"].max())
        cells = [1000 * cold, 1000 * slider, loop, loop / cold, loop / slider, 100 * apart]
        ends = ["", "", "", "×", "×", " %"]
        print(f"{name:24}" + "".join(f"{cell:,.0f}{end}".rjust(14) for cell, end in zip(cells, ends, strict=True)))
        worst = min(worst, loop / slider)
        good = good and apart <= wanted
    return int(worst < WANTED_RATIO or not good)


if __name__ == "__main__":
    sys.exit(main())
