"""Who holds what on a date: the line of contact."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import MultiLineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapcore.base import memory
from mapcore.base.errors import CRSMismatchError
from mapcore.base.geometry import linear, polygonal
from mapcore.base.language import tr
from mapcore.base.memory import Memory, current
from mapcore.base.schema import AREA_CRS
from mapcore.base.weight import weight
from mapcore.land import boundaries
from mapcore.land.provenance import Provenance
from mapcore.land.state_border import edge_inside, front

#: Drawn land is put on this grid, so that no coordinate differs from a round one by less than can be computed with.
_GRID_M = 1e-6


@dataclass(frozen=True, eq=False)
class LineMeta:
    """
    What is known of a line of contact beside its course, as its file says it.

    It must not compare by value: a `Control` is a key of caches, and two lines may differ in their course alone.
    """

    id: str
    as_of: date
    title: str
    provenance: Provenance
    method: str


@dataclass(frozen=True, eq=False, repr=False)
class Control(LineMeta):
    """
    One dated snapshot of who held what.

    Attributes
    ----------
    held
        Land held by Russia on `as_of`, within the recognised border, in `AREA_CRS`.
    line
        The line of contact: the edge of `held` inside the country, in `AREA_CRS`, without `beside_border`.
    country
        The land that `held` was derived within, in `AREA_CRS`.
    beside_border
        The rest of the edge of `held` inside the country: where nothing but narrow land of the other holder lies
        between it and the border or coast. It is no line of contact, and stays where it is when the line is moved.
    origin, sha256
        Of an imported snapshot: the file or address it came from, and the sum of that file's bytes.
    notes
        What an import did to the published polygons, one sentence each.
    memory
        That of the visitor who alone has the line, if any.
    """

    held: MultiPolygon
    line: MultiLineString
    country: BaseGeometry
    beside_border: MultiLineString = field(default_factory=MultiLineString)
    origin: str = ""
    sha256: str = ""
    notes: tuple[str, ...] = ()
    memory: Memory | None = field(default_factory=current)

    def __repr__(self) -> str:
        given = self.provenance
        return f"<Control {self.id}: line of contact of {self.as_of}, ±{given.error_km:g} km, {given.source}>"

    def weight(self) -> int:
        """Return the bytes that it takes: twice its own shapes, since the pieces it is cut into stay with it."""
        return 2 * weight((self.held, self.line, self.beside_border))

    def row(self) -> dict[str, Any]:
        """Return its cells in a table of lines."""
        given = self.provenance
        return {"id": self.id, "as_of": self.as_of, "source": given.source, "error_km": given.error_km}


@memory.kept(maxsize=64)
def moved(control: Control, *, by_km: float) -> Control:
    """
    Return the snapshot with its whole line moved by `by_km`: outwards from Russian-held land, inwards when negative.

    Border and coast stay where they are. This is the outer bound of the line's positional error: every stretch is
    off by the full distance to the same side.
    """
    if by_km == 0:
        return control
    band = shapely.buffer(control.line, abs(by_km) * 1000, quad_segs=8)
    shifted = shapely.union(control.held, band) if by_km > 0 else shapely.difference(control.held, band)
    held = polygonal(shapely.intersection(shifted, control.country))
    line = edge_inside(held, control.country)
    if not control.beside_border.is_empty:
        line = linear(shapely.difference(line, shapely.buffer(control.beside_border, 1.0)))
    return replace(control, held=held, line=line)


def draw_control(
    held: gpd.GeoSeries, oblasts: gpd.GeoDataFrame | None = None, *, as_of: date, source: str, error_km: float = 0.0
) -> Control:
    """
    Make a snapshot from polygons of land held by Russia, instead of a shipped line.

    Parameters
    ----------
    held
        Land held by Russia; any CRS. What lies outside the oblasts is cut off.
    oblasts
        `iso` and geometry; any CRS. See `boundaries.prepare_oblasts` for what is refused. The shipped ones when left
        out.
    error_km
        Positional error of the edge of `held`, in km.

    Raises
    ------
    CRSMismatchError
        If `held` or `oblasts` has no CRS.
    BoundariesError
        If the oblasts cannot be cut.

    Examples
    --------
    >>> import mapcore, geopandas, shapely, datetime
    >>> held = geopandas.GeoSeries([shapely.box(32.0, 44.0, 37.0, 46.2)], crs=4326)
    >>> mapcore.draw_control(held, as_of=datetime.date(2025, 12, 3), source="Drawn", error_km=5)
    <Control drawn: line of contact of 2025-12-03, ±5 km, Drawn>
    """
    if held.crs is None:
        raise CRSMismatchError(tr("the land held has no coordinate reference system; set one with set_crs()"))
    shipped = oblasts is None
    country = boundaries.country() if shipped else shapely.union_all(boundaries.prepare_oblasts(oblasts).geometry)
    whole = shapely.set_precision(shapely.union_all(held.to_crs(AREA_CRS).to_numpy()), _GRID_M)
    land = polygonal(shapely.intersection(whole, country))
    line, beside_border = front(land, country)
    return Control(
        id="drawn", as_of=as_of, title=source, provenance=Provenance(source, attribution=source, error_km=error_km),
        method="drawn", held=land, line=line, country=country, beside_border=beside_border,
    )  # fmt: skip
