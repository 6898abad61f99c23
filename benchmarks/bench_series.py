"""
A made-up archive of daily files, measured as `mapcore series` does it: seconds a day and core, and memory over time.

The files have the form of published ones: one MultiPolygon without properties in EPSG:4326, about 80 kB, one file a
day, and the same as one combined file. Their land is the shipped line drawn by another hand: another generalisation,
waves of some 150 m along every edge, and along the front a step to the west each day. All of it follows from the number
of days.

Memory is the resident set of this process and of the largest worker, from /proc (Linux), as means over the second and
the last quarter of the days: where both are alike, it does not grow with the archive.

Run `python benchmarks/bench_series.py [--days 40] [--workers 2] [--folder KEEP]`; it fails where a day takes longer
than a second of a core, or memory grows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from mapcore import load_control
from mapcore.analysis.series import Step, run
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.outside.archive_forms import open_archive

FIRST = date(2024, 7, 8)
_WAVES = ((23_000.0, 90.0, 0.3), (9_000.0, 60.0, 1.1), (3_100.0, 25.0, 2.2))
_FRONT_M = (250_000.0, -70_000.0)


def _drawn(step: int) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = points.T
        waves = sum(height * np.sin(x / length + y / length / 1.7 + phase) for length, height, phase in _WAVES)
        near = np.exp(-((x - _FRONT_M[0]) ** 2 + (y - _FRONT_M[1]) ** 2) / 2 / 90_000.0**2)
        return np.column_stack([x + waves - 15.0 * step * near, y + waves / 2])

    return move


def day_text(step: int) -> str:
    """Return the file of a day as text."""
    base = shapely.segmentize(shapely.simplify(load_control().held, 400.0), 1100.0)
    land = shapely.make_valid(shapely.transform(base, _drawn(step)))
    degrees = gpd.GeoSeries([land], crs=AREA_CRS).to_crs(MAP_CRS).item()
    shape = shapely.transform(degrees, lambda points: np.round(points, 6))
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def write_archive(folder: Path, days: int) -> Path:
    """Write the daily files into a folder, and the combined file beside it; return the combined file."""
    folder.mkdir(parents=True, exist_ok=True)
    combined = folder.with_name(f"{folder.name}-combined.geojson.gz")
    with gzip.open(combined, "wt", encoding="utf-8", compresslevel=5) as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for step in range(days):
            day, text = FIRST + timedelta(days=step), day_text(step)
            (folder / f"deepstatemap_data_{day:%Y%m%d}.geojson").write_text(text, encoding="utf-8")
            feature = json.loads(text)["features"][0] | {"properties": {"date": day.isoformat()}}
            file.write(("," if step else "") + json.dumps(feature))
        file.write("]}")
    return combined


def resident_mb(process: int) -> float:
    """Return the memory that a process has in use, in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def largest_worker_mb() -> float:
    """Return the memory of the largest process that this one started, in MB."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return max((resident_mb(int(one)) for one in listed), default=0.0)


def measured(folder: Path, out: Path, workers: int) -> tuple[float, list[tuple[float, float]]]:
    """Measure an archive; return the seconds that it took, and the memory after each day."""
    used: list[tuple[float, float]] = []

    def tell(step: Step) -> None:
        used.append((resident_mb(os.getpid()), largest_worker_mb()))
        if step.finished % 50 == 0:
            print(
                f"{step.finished}/{step.size}: {used[-1][0]:.0f} and {used[-1][1]:.0f} MB", file=sys.stderr, flush=True
            )

    start = time.perf_counter()
    found = run(open_archive(folder), out, workers=workers, on_day=tell)
    if found.skipped:
        print(f"{len(found.skipped)} days skipped, the first: {found.skipped[0]}")
    return time.perf_counter() - start, used


def main() -> None:
    """Write the archive, measure it, print the figures, and fail where they are too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=40)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, help="where the archive and the table stay")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = given.folder or Path(temporary)
        start = time.perf_counter()
        combined = write_archive(home / "data", given.days)
        size = combined.stat().st_size / 1e6
        print(f"{given.days} days written in {time.perf_counter() - start:.0f} s; combined {size:.1f} MB")
        start = time.perf_counter()
        opened = open_archive(combined)
        used_mb = resident_mb(os.getpid())
        print(f"opened in {time.perf_counter() - start:.1f} s: {len(opened.days)} days, {used_mb:.0f} MB in use")
        seconds, used = measured(home / "data", home / "out", given.workers)
    _report(given.days, given.workers, seconds, used)


def _report(days: int, workers: int, seconds: float, used: list[tuple[float, float]]) -> None:
    a_day = seconds * workers / days
    early, late = (np.array(used[at : at + max(1, days // 4)]).mean(axis=0) for at in (days // 4, 3 * days // 4))
    print(f"{seconds:.0f} s with {workers} workers: {a_day:.2f} s a day and core")
    told = f"this process {early[0]:.0f}, {late[0]:.0f}; worker {early[1]:.0f}, {late[1]:.0f}"
    print(f"memory, MB, second quarter and last: {told}")
    growth = (late - early) / np.maximum(early, 1.0)
    if a_day > 1.0 or growth.max() > 0.1:
        sys.exit("too slow, or memory grows")


if __name__ == "__main__":
    main()
