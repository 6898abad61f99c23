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
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapcore.base.errors import ParameterError
from mapcore.base.geometry import GRID_M, geodesic_areas_km2, polygonal
from mapcore.base.language import date_text, number_text, tr, trn
from mapcore.base.limits import Limits
from mapcore.base.safe_text import checked, file_name, plain
from mapcore.base.schema import AREA_CRS, HOLDERS, Holder
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.land.provenance import Provenance
from mapcore.land.slivers import Mended
from mapcore.land.state_border import front, without_misfits
from mapcore.lines.classes import choose_classes
from mapcore.lines.file_kind import unpack
from mapcore.lines.plausible import doubts
from mapcore.lines.readers import read_features
from mapcore.lines.reference_system import system_named
from mapcore.lines.repair import WINDOW, projected, thinned
from mapcore.lines.selection import Sieve
from mapcore.lines.upload import Named, Upload, read_upload
from mapcore.lines.user_lines import check_id

#: Land inside Ukraine below which a file counts as lying outside of it.
_LEAST_KM2: Final = 0.01


@dataclass(frozen=True)
class About:
    """
    What a person says about a line that they bring.

    Attributes
    ----------
    provenance
        Who published it, and on which terms; the source is needed.
    id
        Small letters, digits and hyphens; made from date and source when left out.
    origin
        Where the file came from; its name when left out.
    """

    as_of: date
    provenance: Provenance
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


def import_file(
    path: Path | str, *, about: About, reading: Reading | None = None, limits: Limits | None = None
) -> Control:
    """
    Import a file from disk; as `import_bytes`.

    Examples
    --------
    >>> import mapcore, geopandas, datetime, tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "held.geojson")
    >>> held = geopandas.GeoSeries([mapcore.load_control().held], crs=mapcore.load_oblasts().crs)
    >>> held.to_crs(4326).to_file(file)
    >>> about = mapcore.About(datetime.date(2025, 12, 3), mapcore.Provenance("Example"))
    >>> mapcore.import_file(file, about=about)
    <Control 2025-12-03-example: line of contact of 2025-12-03, ±2 km, Example>
    """
    allowed = limits or Limits.from_environment()
    return import_upload(read_upload(Path(path), allowed), about=about, reading=reading, limits=allowed)


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
    Import a file from memory; as `import_upload`.

    Parameters
    ----------
    content, name
        The file as it came, and its name, of which only the last part is kept, for messages.
    """
    upload = Upload(file_name(name), content)
    return import_upload(upload, about=about, reading=reading, limits=limits, oblasts=oblasts)


def import_upload(
    upload: Upload,
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
    limits
        Those of the environment when left out.
    oblasts
        `iso` and geometry, in any CRS, to cut the polygons to; the shipped ones when left out.

    Returns
    -------
    control
        The snapshot. Its `held` is valid, on a grid of `GRID_M`, within the oblasts, and without slivers; `notes` says
        what was done to the polygons, in km², and stands in `method` too; `sha256` is that of the file.

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
    about = _checked(about, chosen, upload)
    unpacked = unpack(upload, allowed)
    by_class = chosen.class_field.casefold() == chosen.date_field.casefold()
    sieve = Sieve(unpacked, about.as_of, allowed, "" if by_class else chosen.date_field)
    crs = read_features(unpacked, sieve)
    system = system_named(chosen.crs or crs, unpacked)
    features, choice = choose_classes(
        sieve.finish(),
        unpacked,
        class_field=chosen.class_field,
        classes=chosen.classes,
        every_class=chosen.every_class,
    )
    units = (boundaries.load_oblasts() if oblasts is None else boundaries.prepare_oblasts(oblasts)).geometry.to_numpy()
    country = boundaries.country() if oblasts is None else shapely.union_all(units)
    shapes = np.array([feature.shape for feature in features], dtype=object)
    land, repaired = projected(shapes, system, unpacked, allowed)
    land, thin = thinned(land)
    inside = polygonal(shapely.intersection(land, country))
    _check_inside(inside, land, shapes, system, unpacked)
    only_long = chosen.held_by == "ukraine"
    mended = without_misfits(inside, units, country=country, width_km=chosen.sliver_km, only_long=only_long)
    notes = [_read_note(chosen.held_by, len(features)), choice, *repaired, thin]
    notes += [_cut_note(land, inside), *_sliver_notes(mended), _others_note(sieve)]
    held = mended.land if chosen.held_by == "russia" else shapely.difference(country, mended.land)
    if oblasts is None and not chosen.confirmed:
        _ask_about(held, about.as_of, country, unpacked)
    return _control(about, held, country, [note for note in notes if note], hashlib.sha256(upload.content).hexdigest())


def _ask_about(held: BaseGeometry, day: date, country: BaseGeometry, file: Named) -> None:
    """Ask before a line is used that is hard to believe."""
    findings = doubts(held, as_of=day, country=country)
    if findings:
        reason = tr("gives a line that is hard to believe: {findings}").format(findings="; ".join(findings))
        way_out = tr("check the date, the classes and whose land it is, or confirm it (--confirm)")
        raise file.ask(reason, way_out, findings=findings)


def _read_note(held_by: Holder, count: int) -> str:
    if held_by == "russia":
        words = trn(
            "Read as land held by Russia: {count} shape.", "Read as land held by Russia: {count} shapes.", count
        )
    else:
        words = trn(
            "Read as land held by Ukraine: {count} shape.", "Read as land held by Ukraine: {count} shapes.", count
        )
    return words.format(count=count)


def _control(about: About, land: BaseGeometry, country: BaseGeometry, notes: Sequence[str], sha256: str) -> Control:
    # Wound as it will be in the file where it may be kept, so that a kept line has its parts in the same order.
    held = polygonal(shapely.orient_polygons(shapely.set_precision(land, GRID_M)))
    line, beside_border = front(held, country)
    steps = [tr("Imported from {origin}.").format(origin=about.origin), *notes]
    return Control(
        id=about.id, as_of=about.as_of, title=about.title, provenance=about.provenance, method=" ".join(steps),
        held=held, line=line, country=country, beside_border=beside_border,
        origin=about.origin, sha256=sha256, notes=tuple(notes),
    )  # fmt: skip


def _checked(about: About, reading: Reading, file: Named) -> About:
    """Check what is said about the line and fill in what was left out."""
    provenance = about.provenance.completed(about.as_of)
    source = provenance.source
    if reading.held_by not in HOLDERS:
        sentence = tr("held_by: '{word}' is not a holder; choose russia or ukraine")
        raise ParameterError(sentence.format(word=plain(reading.held_by)))
    named = re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")[:40].strip("-") or "line"
    return About(
        as_of=about.as_of,
        provenance=provenance,
        id=check_id(about.id or f"{about.as_of.isoformat()}-{named}"),
        title=checked(about.title, key="title", most=200) or f"{source}, {date_text(about.as_of)}",
        origin=checked(about.origin, key="origin", most=300) or file.name,
    )


def _check_inside(
    inside: MultiPolygon, land: BaseGeometry, shapes: NDArray[np.object_], system: pyproj.CRS, file: Named
) -> None:
    if inside.area / 1e6 >= _LEAST_KM2:
        return
    west, south, east, north = shapely.total_bounds(shapes)
    # Land in degrees was cut to the window: what is left of it says nothing where it reached over that.
    is_whole = not system.is_geographic or WINDOW.contains(shapely.box(west, south, east, north))
    if is_whole and land.area / 1e6 < _LEAST_KM2:
        sentence = tr("holds less than {area} km² of land").format(area=f"{_LEAST_KM2:g}")
        raise file.refuse(sentence, tr("check the file and its coordinate reference system"))
    if 40 < west <= east < 60 and 20 < south <= north < 45:
        raise file.refuse(
            tr("lies outside Ukraine; its longitudes and latitudes seem swapped"), tr("write longitude first")
        )
    reason = tr("lies outside Ukraine ({west} to {east}, {south} to {north} in {system})").format(
        west=f"{west:.5g}", east=f"{east:.5g}", south=f"{south:.5g}", north=f"{north:.5g}",
        system=plain(system.name, most=40),
    )  # fmt: skip
    raise file.refuse(reason, tr("check the file and its coordinate reference system"))


def _cut_note(land: BaseGeometry, inside: MultiPolygon) -> str:
    outside = (land.area - inside.area) / 1e6
    sentence = tr("{area} km² beyond our outline of Ukraine were cut off.")
    return sentence.format(area=number_text(outside)) if outside >= 0.5 else ""


def _sliver_notes(mended: Mended) -> list[str]:
    joined = tr("{area} km² of slivers between the polygons and oblast edges, border or coast were joined to them.")
    taken = tr("{area} km² of slivers over an oblast's edge were removed.")
    repairs = ((mended.filled, joined), (mended.trimmed, taken))
    return [words.format(area=number_text(_km2(shape), 1)) for shape, words in repairs if shape.area >= 5e4]


def _others_note(sieve: Sieve) -> str:
    sentence = trn("{count} point or line was skipped.", "{count} points or lines were skipped.", sieve.others)
    return sentence.format(count=sieve.others) if sieve.others else ""


def _km2(shape: BaseGeometry) -> float:
    return float(geodesic_areas_km2(gpd.GeoSeries([shape], crs=AREA_CRS))[0])
