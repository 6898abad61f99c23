"""Published shapes made valid and brought into the system that areas are cut in."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mapcore.base.geometry import geodesic_areas_km2
from mapcore.base.language import number_text, tr
from mapcore.base.limits import Limits
from mapcore.base.safe_text import plain
from mapcore.base.schema import AREA_CRS
from mapcore.lines.crossings import check_crossings
from mapcore.lines.upload import Named

#: Longitudes and latitudes around Ukraine, to which land of a whole state is cut before it is projected.
WINDOW: Final = shapely.box(15, 40, 50, 60)
#: Long edges are straight in the file's degrees; they get a vertex at least each tenth of a degree before projection.
_STEP_DEGREES: Final = 0.1
#: With more vertices than the first, land is simplified by the smallest of the second, in metres, that is enough.
_MUCH_DETAIL: Final = 25_000
_DETAIL_M: Final = (20, 50, 100)


def projected(
    shapes: NDArray[np.object_], system: pyproj.CRS, file: Named, limits: Limits
) -> tuple[BaseGeometry, list[str]]:
    """
    Bring shapes into `AREA_CRS`, mended and joined, with a sentence for each thing that was done.

    Raises
    ------
    LineFileError
        If their coordinates are not of this system, or their edges cross too often.
    """
    check_crossings(shapes, file, limits)
    if system.is_geographic:
        _check_degrees(shapes, file)
    bad = ~shapely.is_valid(shapes)
    mended = shapes.copy()
    mended[bad] = [_mended(shape) for shape in shapes[bad]]
    unclear = shapely.symmetric_difference(mended[bad], shapely.make_valid(shapes[bad], method="structure"))
    flat = _flat(mended, system, file)
    notes = []
    if bad.any():
        sentence = tr("Of {all} shapes, {count} crossed or touched themselves and were repaired.")
        notes.append(sentence.format(count=int(bad.sum()), all=len(shapes)))
        notes += _unclear_note(_flat(unclear, system, file))
    land = shapely.union_all(shapely.make_valid(flat))
    return land, notes


def _mended(shape: BaseGeometry) -> BaseGeometry:
    """Make a shape valid: parts that overlap are joined, since each of them says that land is held."""
    return shapely.union_all(shapely.make_valid(shapely.get_parts(shape)))


def _unclear_note(shapes: NDArray[np.object_]) -> list[str]:
    """Say how much land could have been read the other way, where rings of one polygon overlap."""
    shapes = shapely.make_valid(shapes)
    area = float(geodesic_areas_km2(gpd.GeoSeries([shapely.union_all(shapes)], crs=AREA_CRS))[0])
    words = tr("Where outlines of one polygon overlap, {area} km² may be land or a hole; overlaps were read as holes.")
    return [words.format(area=number_text(area))] if area >= 0.5 else []


def _flat(shapes: NDArray[np.object_], system: pyproj.CRS, file: Named) -> NDArray[np.object_]:
    shapes = shapes.copy()
    if system.is_geographic:
        beyond = ~shapely.contains(WINDOW, shapes)
        shapes[beyond] = shapely.intersection(shapes[beyond], WINDOW)
        shapes = shapely.segmentize(shapes, _STEP_DEGREES)
    flat: NDArray[np.object_] = gpd.GeoSeries(shapes, crs=system).to_crs(AREA_CRS).to_numpy()
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        reason = tr("has coordinates that {system} does not reach").format(system=plain(system.name))
        raise file.refuse(reason, tr("name the right system, such as --crs EPSG:3857"))
    return flat


def thinned(land: BaseGeometry) -> tuple[BaseGeometry, str]:
    """Leave out detail far below any error of a line, where there is so much of it that work on it would be slow."""
    tolerance_m = 0
    for tried in _DETAIL_M:
        if shapely.get_num_coordinates(land) <= _MUCH_DETAIL:
            break
        tolerance_m, land = tried, shapely.make_valid(shapely.simplify(land, tried))
    return land, tr("Detail finer than {size} m was left out.").format(size=tolerance_m) if tolerance_m else ""


def _check_degrees(shapes: NDArray[np.object_], file: Named) -> None:
    corners, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    wrong = corners[(np.abs(corners) > [180, 90]).any(axis=1)]
    if len(wrong):
        x, y = wrong[0]
        reason = tr("has coordinates that cannot be degrees ({x}, {y})").format(x=f"{x:.6g}", y=f"{y:.6g}")
        raise file.refuse(reason, tr("name their system, such as --crs EPSG:3857, or export it in EPSG:4326"))
    jumps = (np.abs(np.diff(corners[:, 0])) > 180) & (ring[1:] == ring[:-1])
    if jumps.any():
        at = int(np.argmax(jumps))
        reason = tr("has a ring that runs from {west} to {east} degrees of longitude at once")
        way_out = tr("cut it at the 180th meridian, as RFC 7946 asks, or leave out what lies there")
        west, east = sorted((corners[at, 0], corners[at + 1, 0]))
        raise file.refuse(reason.format(west=f"{west:.6g}", east=f"{east:.6g}"), way_out)
