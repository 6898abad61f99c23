"""Published polygons of who holds what, from a file to a snapshot."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapcore import boundaries
from mapcore.classes import choose_classes
from mapcore.control import Control
from mapcore.errors import ChoiceNeededError, ParameterError, Problem
from mapcore.formats import read_features
from mapcore.geometry import GRID_M, geodesic_areas_km2, polygonal
from mapcore.language import date_text, number_text, tr, trn
from mapcore.limits import Limits
from mapcore.plausible import doubts
from mapcore.published import Feature, Sieve
from mapcore.schema import AREA_CRS, HOLDERS, Holder
from mapcore.slivers import Mended
from mapcore.state_border import front, without_misfits
from mapcore.store import check_id
from mapcore.texts import checked, file_name, plain
from mapcore.unpack import read_bytes, refusal, unpack

#: Error that is believed of a line whose source states none: the mean offset of the shipped line (docs/line.md).
DEFAULT_ERROR_KM: Final = 2.0
_ERROR_KM: Final = (0.0, 50.0)
#: Longitudes and latitudes around Ukraine, to which land of a whole state is cut before it is projected.
_WINDOW: Final = shapely.box(15, 40, 50, 60)
#: Long edges are straight in the file's degrees; they get a vertex at least each tenth of a degree before projection.
_STEP_DEGREES: Final = 0.1
#: With more vertices than the first, land is simplified by the smallest of the second, in metres, that is enough.
_MUCH_DETAIL: Final = 25_000
_DETAIL_M: Final = (20, 50, 100)
#: Land inside Ukraine below which a file counts as lying outside of it.
_LEAST_KM2: Final = 0.01


@dataclass(frozen=True)
class About:
    """
    What a person says about a line that they bring.

    Attributes
    ----------
    licence
        Under which the polygons may be passed on; "not stated" when left out.
    attribution
        The credit shown with each figure; made from source, date and licence when left out. The licence is added to one
        that does not name it.
    error_km
        Positional error believed of the line, from 0 to 50 km.
    id
        Small letters, digits and hyphens; made from date and source when left out.
    origin
        Where the file came from; its name when left out.
    """

    as_of: date
    source: str
    licence: str = ""
    attribution: str = ""
    error_km: float = DEFAULT_ERROR_KM
    id: str = ""
    title: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Reading:
    """
    How a file is read.

    Attributes
    ----------
    held_by
        Whose land the polygons are.
    class_field, classes, every_class
        Which polygons count, where the file has several classes.
    crs
        The file's coordinate reference system, such as ``EPSG:3857``, where it does not say or says it wrong.
    date_field
        The property that dates the polygons of a combined archive; with an empty text, or where it is the class field,
        dates are not looked at.
    sliver_km
        Strips along oblast edges narrower than this are slivers, along the state border and the coast up to three times
        as wide; 0 leaves them in.
    confirmed
        A line that is hard to believe was looked at, and is taken as it is.
    """

    held_by: Holder = "russia"
    class_field: str = ""
    classes: tuple[str, ...] = ()
    every_class: bool = False
    crs: str = ""
    date_field: str = "date"
    sliver_km: float = 2.0
    confirmed: bool = False


def import_file(path: Path, *, about: About, reading: Reading | None = None, limits: Limits | None = None) -> Control:
    """Import a file from disk; as `import_bytes`."""
    allowed = limits or Limits.from_environment()
    return import_bytes(read_bytes(path, allowed), path.name, about=about, reading=reading, limits=allowed)


def import_bytes(
    content: bytes,
    name: str,
    *,
    about: About,
    reading: Reading | None = None,
    limits: Limits | None = None,
    oblasts: gpd.GeoDataFrame | None = None,
) -> Control:
    """
    Make a snapshot from a file of published polygons; nothing is written to disk.

    Parameters
    ----------
    content, name
        The file as it came, and its name, of which only the last part is kept, for messages.
    limits
        Those of the environment when left out.
    oblasts
        `iso` and geometry, in any CRS, to cut the polygons to; the shipped ones when left out.

    Returns
    -------
    control
        The snapshot. Its `held` is valid, on a grid of `GRID_M`, within the oblasts, and without slivers; `notes` says
        what was done to the polygons, in km², and stands in `method` too; `sha256` is that of `content`.

    Raises
    ------
    ChoiceNeededError
        If the file can be read in several ways, or gives a line that is hard to believe and is not confirmed.
    LineFileError
        If the file cannot be a line of contact, or is too large: one sentence says where, what, and the way out.
    ParameterError, DataFileError
        If something said about the line cannot be used.
    """
    chosen, allowed = reading or Reading(), limits or Limits.from_environment()
    about = _checked(about, chosen, name)
    unpacked = unpack(content, name, allowed)
    by_class = chosen.class_field.casefold() == chosen.date_field.casefold()
    sieve = Sieve(unpacked.name, about.as_of, allowed, "" if by_class else chosen.date_field)
    crs = read_features(unpacked, sieve)
    crs = chosen.crs or crs
    features, choice = choose_classes(
        sieve.finish(),
        name=unpacked.name,
        class_field=chosen.class_field,
        classes=chosen.classes,
        every_class=chosen.every_class,
    )
    units = (boundaries.load_oblasts() if oblasts is None else boundaries.prepare_oblasts(oblasts)).geometry.to_numpy()
    country = boundaries.country() if oblasts is None else shapely.union_all(units)
    land, repaired = _projected(features, crs, unpacked.name)
    land, thinned = _thinned(land)
    inside = polygonal(shapely.intersection(land, country))
    _check_inside(inside, features, crs, unpacked.name)
    only_long = chosen.held_by == "ukraine"
    mended = without_misfits(inside, units, country=country, width_km=chosen.sliver_km, only_long=only_long)
    notes = [_read_note(chosen.held_by, len(features)), choice, repaired, thinned]
    notes += [_cut_note(land, inside), *_sliver_notes(mended), _others_note(sieve)]
    held = mended.land if chosen.held_by == "russia" else shapely.difference(country, mended.land)
    if oblasts is None and not chosen.confirmed:
        _ask_about(held, about.as_of, country, unpacked.name)
    return _control(about, held, country, [note for note in notes if note], hashlib.sha256(content).hexdigest())


def _ask_about(held: BaseGeometry, day: date, country: BaseGeometry, name: str) -> None:
    """Ask before a line is used that is hard to believe."""
    found = doubts(held, as_of=day, country=country)
    if found:
        reason = tr("gives a line that is hard to believe: {findings}").format(findings="; ".join(found))
        way_out = tr("check the date, the classes and whose land it is, or confirm it (--confirm)")
        raise ChoiceNeededError(Problem(name, "", reason, way_out), findings=found)


def _read_note(held_by: Holder, count: int) -> str:
    if held_by == "russia":
        told = trn("Read as land held by Russia: {count} shape.", "Read as land held by Russia: {count} shapes.", count)
    else:
        told = trn(
            "Read as land held by Ukraine: {count} shape.", "Read as land held by Ukraine: {count} shapes.", count
        )
    return told.format(count=count)


def _control(about: About, land: BaseGeometry, country: BaseGeometry, notes: Sequence[str], sha256: str) -> Control:
    held = polygonal(shapely.set_precision(land, GRID_M))
    line, beside_border = front(held, country)
    said = [tr("Imported from {origin}.").format(origin=about.origin), *notes]
    return Control(
        id=about.id, as_of=about.as_of, title=about.title, source=about.source, attribution=about.attribution,
        licence=about.licence, error_km=about.error_km, method=" ".join(said), held=held,
        line=line, country=country, beside_border=beside_border, origin=about.origin, sha256=sha256, notes=tuple(notes),
    )  # fmt: skip


def _checked(about: About, reading: Reading, name: str) -> About:
    """Check what is said about the line and fill in what was left out."""
    source = checked(about.source, key="source", most=200)
    if not source:
        raise ParameterError(tr("source: who published the line is missing; name it, such as 'DeepState'"))
    if not _ERROR_KM[0] <= about.error_km <= _ERROR_KM[1]:
        told = tr("error_km: {value} is out of range; give km from {least} to {most}")
        raise ParameterError(told.format(value=f"{about.error_km:g}", least=0, most=f"{_ERROR_KM[1]:g}"))
    if reading.held_by not in HOLDERS:
        told = tr("held_by: '{word}' is no holder; choose russia or ukraine")
        raise ParameterError(told.format(word=plain(reading.held_by)))
    day = date_text(about.as_of)
    licence = checked(about.licence, key="licence", most=1000) or tr("not stated")
    named = re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")[:40].strip("-") or "line"
    return About(
        as_of=about.as_of,
        source=source,
        licence=licence,
        attribution=_credit(about, source, licence),
        error_km=float(about.error_km),
        id=check_id(about.id or f"{about.as_of.isoformat()}-{named}"),
        title=checked(about.title, key="title", most=200) or f"{source}, {day}",
        origin=checked(about.origin, key="origin", most=300) or file_name(name),
    )


def _credit(about: About, source: str, licence: str) -> str:
    """Return the credit of a line, which names its licence: it goes wherever a figure goes."""
    given = checked(about.attribution, key="attribution")
    if not given:
        told = tr("Line of contact: {source}, {date} (licence: {licence})")
        return told.format(source=source, date=date_text(about.as_of), licence=licence)
    return given if licence in given else tr("{credit} (licence: {licence})").format(credit=given, licence=licence)


def _projected(features: list[Feature], crs: str | None, name: str) -> tuple[BaseGeometry, str]:
    """Bring shapes into `AREA_CRS`, mended and joined, with a sentence if some had to be mended."""
    shapes = np.array([one.shape for one in features], dtype=object)
    system = _system(crs, name)
    bad = ~shapely.is_valid(shapes)
    mended = shapely.make_valid(shapes) if bad.any() else shapes
    if system.is_geographic:
        _check_degrees(shapes, name)
        beyond = ~shapely.contains(_WINDOW, mended)
        mended[beyond] = shapely.intersection(mended[beyond], _WINDOW)
        mended = shapely.segmentize(mended, _STEP_DEGREES)
    flat = gpd.GeoSeries(mended, crs=system).to_crs(AREA_CRS).to_numpy()
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        reason = tr("has coordinates that {system} does not reach").format(system=plain(system.name))
        raise refusal(name, reason, tr("name the right system, such as --crs EPSG:3857"))
    note = tr("Of {all} shapes, {count} crossed or touched themselves and were mended.")
    told = note.format(count=int(bad.sum()), all=len(shapes)) if bad.any() else ""
    return shapely.union_all(shapely.make_valid(flat)), told


def _thinned(land: BaseGeometry) -> tuple[BaseGeometry, str]:
    """Leave out detail far below any error of a line, where there is so much of it that work on it would be slow."""
    tolerance_m = 0
    for tried in _DETAIL_M:
        if shapely.get_num_coordinates(land) <= _MUCH_DETAIL:
            break
        tolerance_m, land = tried, shapely.make_valid(shapely.simplify(land, tried))
    return land, tr("Detail finer than {size} m was left out.").format(size=tolerance_m) if tolerance_m else ""


def _system(crs: str | None, name: str) -> pyproj.CRS:
    if crs is None:
        way_out = tr("name it, such as --crs EPSG:4326, or add the .prj file")
        raise refusal(name, tr("does not say its coordinate reference system"), way_out)
    try:
        return pyproj.CRS.from_user_input(crs)
    except CRSError as problem:
        reason = tr("has a coordinate reference system that is not known ({name})").format(name=plain(crs, most=40))
        raise refusal(name, reason, tr("name one, such as --crs EPSG:4326")) from problem


def _check_degrees(shapes: NDArray[np.object_], name: str) -> None:
    corners = shapely.get_coordinates(shapes)
    wrong = corners[(np.abs(corners) > [180, 90]).any(axis=1)]
    if len(wrong):
        x, y = wrong[0]
        reason = tr("has coordinates that cannot be degrees ({x}, {y})").format(x=f"{x:.6g}", y=f"{y:.6g}")
        raise refusal(name, reason, tr("name their system, such as --crs EPSG:3857, or export it in EPSG:4326"))


def _check_inside(inside: MultiPolygon, features: list[Feature], crs: str | None, name: str) -> None:
    if inside.area / 1e6 >= _LEAST_KM2:
        return
    west, south, east, north = shapely.total_bounds([one.shape for one in features])
    if 40 < west <= east < 60 and 20 < south <= north < 45:
        raise refusal(
            name, tr("lies outside Ukraine; its longitudes and latitudes seem swapped"), tr("write longitude first")
        )
    reason = tr("lies outside Ukraine ({west} to {east}, {south} to {north} in {system})").format(
        west=f"{west:.5g}", east=f"{east:.5g}", south=f"{south:.5g}", north=f"{north:.5g}",
        system=plain(_system(crs, name).name, most=40),
    )  # fmt: skip
    raise refusal(name, reason, tr("check the file and its coordinate reference system"))


def _km2(shape: BaseGeometry) -> float:
    return float(geodesic_areas_km2(gpd.GeoSeries([shape], crs=AREA_CRS))[0])


def _cut_note(land: BaseGeometry, inside: MultiPolygon) -> str:
    outside = (land.area - inside.area) / 1e6
    told = tr("{area} km² beyond our outline of Ukraine were cut off.")
    return told.format(area=number_text(outside)) if outside >= 0.5 else ""


def _sliver_notes(mended: Mended) -> list[str]:
    joined = tr("{area} km² of slivers between the polygons and oblast edges, border or coast were joined to them.")
    taken = tr("{area} km² of slivers over an oblast's edge were taken off.")
    told = ((mended.filled, joined), (mended.trimmed, taken))
    return [words.format(area=number_text(_km2(shape), 1)) for shape, words in told if shape.area >= 5e4]


def _others_note(sieve: Sieve) -> str:
    told = trn("{count} point or line was passed over.", "{count} points or lines were passed over.", sieve.others)
    return told.format(count=sieve.others) if sieve.others else ""
