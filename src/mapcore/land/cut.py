"""Cutting the country along lines of contact: who holds which piece of an oblast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mapcore.base import memory
from mapcore.base.geometry import counterclockwise, faces_of, join, prepared
from mapcore.base.schema import AREA_CRS
from mapcore.land import boundaries
from mapcore.land.contact_line import Control

#: An oblast nearer to the line than this is cut along with it, so that both share the vertices of the cut.
_TOUCH_M = 1.0
_Label = TypeVar("_Label", bound=tuple[str | int, ...])


def split_by_holder(control: Control, *, oblasts: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """
    Cut each oblast along the line of contact.

    Parameters
    ----------
    oblasts
        `iso` and geometry, in any CRS; the shipped ones when left out. Where they reach past the land that the line
        was derived within (another source draws the coast elsewhere), that land has the holder of the nearest land.

    Returns
    -------
    pieces
        `oblast`, `held_by`, geometry in `AREA_CRS`: one row per non-empty pair, sorted. The pieces tile the oblasts:
        the faces of one noded arrangement of oblast edges and line, so that neighbours share their vertices.

    Raises
    ------
    CRSMismatchError
        If `oblasts` has no CRS.
    BoundariesError
        If `oblasts` cannot be cut; see `boundaries.prepare_oblasts`.
    """
    pieces = hold_pieces(control, oblasts=oblasts)
    keys = pd.DataFrame(pieces.keys, columns=["oblast", "held_by"])
    return gpd.GeoDataFrame(keys, geometry=pieces.shapes.copy(), crs=AREA_CRS)


@dataclass(frozen=True, eq=False)
class Pieces:
    """The rows of `split_by_holder` as bare values: (oblast, held_by) and the shape of each, in `AREA_CRS`."""

    keys: tuple[tuple[str, str], ...]
    shapes: NDArray[np.object_]


def hold_pieces(control: Control, *, oblasts: gpd.GeoDataFrame | None = None) -> Pieces:
    """Return what `split_by_holder` does, as bare values; on the shipped oblasts a line is cut once in its life."""
    if oblasts is not None:
        return _cut(boundaries.prepare_oblasts(oblasts), control)
    if control not in _shipped_pieces:
        _shipped_pieces[control] = _cut(boundaries.load_oblasts()[["iso", "geometry"]], control)
    return _shipped_pieces[control]


#: Kept for as long as the line itself is: an archive goes through thousands of them.
_shipped_pieces: WeakKeyDictionary[Control, Pieces] = WeakKeyDictionary()


def _cut(oblasts: gpd.GeoDataFrame, control: Control) -> Pieces:
    keys, faces, touched = _faces_along(oblasts, [control])
    held = [(oblast, "russia" if bits == "1" else "ukraine") for oblast, bits in keys]
    pieces, shapes = merge_faces(held, faces)
    _keep_whole(pieces, shapes, oblasts, touched=touched)
    return Pieces(tuple(pieces), memory.sealed(shapes))


def cut_along(
    controls: Sequence[Control], *, oblasts: gpd.GeoDataFrame | None = None
) -> tuple[list[tuple[str, str]], NDArray[np.object_]]:
    """
    Cut each oblast along several lines at once.

    Returns
    -------
    keys, shapes
        For each non-empty piece its oblast and a sign for each line, in their order: "1" where that line has it held
        by Russia, else "0"; and its shape in `AREA_CRS`. Sorted; the pieces tile the oblasts as in `split_by_holder`.

    Raises
    ------
    CRSMismatchError, BoundariesError
        As in `split_by_holder`.
    """
    land = boundaries.load_oblasts()[["iso", "geometry"]] if oblasts is None else boundaries.prepare_oblasts(oblasts)
    keys, faces, _ = _faces_along(land, controls)
    return merge_faces(keys, faces)


def _faces_along(
    oblasts: gpd.GeoDataFrame, controls: Sequence[Control]
) -> tuple[list[tuple[str, str]], NDArray[np.object_], set[str]]:
    """
    Node the land that the lines cross together with them; return faces, labelled as `cut_along`, and oblasts crossed.

    Parts of an oblast count one by one, since a spit or an island may lie wholly on the other side; a part that the
    lines leave alone is one face.
    """
    shapes, owner = shapely.get_parts(oblasts.geometry.to_numpy(), return_index=True)
    names = np.array(oblasts["iso"], dtype=object)[owner]
    crossed = np.zeros(len(shapes), dtype=bool)
    for control in controls:
        for edge in (control.line, control.beside_border):
            crossed |= shapely.dwithin(prepared(edge), shapes, _TOUCH_M)
    edges = [shapely.boundary(control.held) for control in controls]
    cut, inside = faces_of([*shapely.boundary(shapes[crossed]), *edges])
    face, part = shapely.STRtree(shapes[crossed]).query(inside, predicate="within")
    face, first = np.unique(face, return_index=True)
    points = np.concatenate([inside[face], shapely.point_on_surface(shapes[~crossed])])
    held = np.array([_held_by_russia(points, control) for control in controls]).T
    signs = ["".join("1" if is_held else "0" for is_held in row) for row in held]
    keys = zip([*names[crossed][part[first]], *names[~crossed]], signs, strict=True)
    return list(keys), np.concatenate([cut[face], shapes[~crossed]]), set(names[crossed])


def _keep_whole(
    keys: list[tuple[str, str]], shapes: NDArray[np.object_], oblasts: gpd.GeoDataFrame, *, touched: set[str]
) -> None:
    """Put the oblasts that are one untouched piece back as they came, so that their known areas are found again."""
    whole = dict(zip(oblasts["iso"], oblasts.geometry, strict=True))
    count = Counter(oblast for oblast, _ in keys)
    for index, (oblast, _) in enumerate(keys):
        if count[oblast] == 1 and oblast not in touched:
            shapes[index] = whole[oblast]


def _held_by_russia(points: NDArray[np.object_], control: Control) -> NDArray[np.bool_]:
    inside = shapely.contains(prepared(control.held), points)
    outside = ~shapely.contains(prepared(control.country), points)
    if outside.any():
        other = shapely.difference(control.country, control.held)
        nearer = shapely.distance(control.held, points[outside]) < shapely.distance(other, points[outside])
        inside[outside] = nearer | (other.is_empty and not control.held.is_empty)
    return np.asarray(inside, dtype=bool)


def merge_faces(labels: list[_Label], faces: NDArray[np.object_]) -> tuple[list[_Label], NDArray[np.object_]]:
    """
    Join faces of one coverage that have equal labels; return the distinct labels, sorted, and the shape of each.

    The shapes are wound as GeoJSON has them, so that a frame of them can be written as it is.
    """
    groups: dict[_Label, list[int]] = {}
    for index, label in enumerate(labels):
        groups.setdefault(label, []).append(index)
    keys = sorted(groups)
    shapes = np.empty(len(keys), dtype=object)
    for index, key in enumerate(keys):
        rows = groups[key]
        shapes[index] = faces[rows[0]] if len(rows) == 1 else join(faces[rows])
    return keys, counterclockwise(shapes)
