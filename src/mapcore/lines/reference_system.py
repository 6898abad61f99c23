"""Coordinate reference systems that a file or a person names: by authority and code, nothing that PROJ could open."""

from __future__ import annotations

import re
from typing import Final

import pyproj
from pyproj.exceptions import CRSError, ProjError

from mapcore.base.errors import LineFileError
from mapcore.base.language import tr
from mapcore.base.safe_text import plain
from mapcore.base.schema import AREA_CRS
from mapcore.lines.upload import Named

_LONGEST: Final = 20_000
_NAMED: Final = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:|https?://www\.opengis\.net/(?:def/crs/|gml/srs/))?"
    r"(EPSG|OGC)(?::|/|\.xml\#)(?:[\d.]*(?::|/))?(\d{1,7}|CRS\d{2}h?)",
    re.IGNORECASE,
)
#: What a description of a system begins with, and words in one by which PROJ is led to other files.
_DESCRIBED: Final = re.compile(r"(PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS|COMPD_CS|COMPOUNDCRS)\s*[\[(]", re.IGNORECASE)
_LEADS_ELSEWHERE: Final = re.compile(r"EXTENSION|PARAMETERFILE|BOUNDCRS|ABRIDGED|\+\w|\.gsb|\.gtx|\.tif", re.IGNORECASE)
#: What GDAL writes into the description of Web Mercator (EPSG:3857); it names no file.
_USUAL_EXTENSION: Final = re.compile(
    r',\s*EXTENSION\["PROJ4",\s*"\+proj=merc \+a=6378137 \+b=6378137 \+lat_ts=0(\.0)? \+lon_0=0(\.0)? \+x_0=0(\.0)? '
    r'\+y_0=0 \+k=1(\.0)? \+units=m \+nadgrids=@null (\+wktext )? ?\+no_defs( \+type=crs)?"\]'
)
#: How sure PROJ must be, of 100, that a description without a code is that of a known system.
_SURE: Final = 70


def system_named(text: str | None, file: Named) -> pyproj.CRS:
    """
    Return the system of a file, named by authority and code, or described in WKT that is that of a known one.

    Parameters
    ----------
    text
        What the file or a person says; None where nobody says anything.
    file
        Whose system it is; it refuses.

    Raises
    ------
    LineFileError
        If none is named, it is not one that EPSG or OGC knows, or it is not a plain system on Earth of two axes.
    """
    if text is None:
        way_out = tr("name it, such as --crs EPSG:4326, or add the .prj file")
        raise file.refuse(tr("does not say its coordinate reference system"), way_out)
    system = _by_code(text.strip()) or _by_description(text.strip())
    if system is None:
        reason = tr("has a coordinate reference system that is not known ({name})").format(name=plain(text, most=40))
        raise file.refuse(reason, tr("name one, such as --crs EPSG:4326"))
    if len(system.axis_info) != 2:
        raise _with_height(system, file)
    if not (system.is_geographic or system.is_projected) or not _reaches_here(system):
        reason = tr("has a coordinate reference system from which nothing leads to ours ({name})")
        way_out = tr("name another, such as --crs EPSG:4326, or export it in EPSG:4326")
        raise file.refuse(reason.format(name=plain(system.name, most=40)), way_out)
    return system


def is_known(text: str) -> bool:
    """Say whether a person names a system that EPSG or OGC knows, by authority and code."""
    return _by_code(text.strip()) is not None


def _by_code(text: str) -> pyproj.CRS | None:
    match = _NAMED.fullmatch(f"EPSG:{text}" if re.fullmatch(r"\d{4,6}", text) else text)
    if match is None:
        return None
    try:
        return pyproj.CRS.from_authority(match[1].upper(), match[2].replace("h", "H").upper().replace("H", "h"))
    except CRSError:
        return None


def _by_description(text: str) -> pyproj.CRS | None:
    """Return the known system that WKT describes; WKT that could lead PROJ to another file is not looked at."""
    if len(text) > _LONGEST or not _DESCRIBED.match(text) or leads_elsewhere(text):
        return None
    try:
        described = pyproj.CRS.from_wkt(_USUAL_EXTENSION.sub("", text))
        known = described.to_authority(auth_name="EPSG", min_confidence=_SURE) or described.to_authority(
            auth_name="OGC", min_confidence=_SURE
        )
        return None if known is None else pyproj.CRS.from_authority(*known)
    except CRSError:
        return None


def leads_elsewhere(text: str) -> bool:
    """Say whether a description of a system may lead PROJ to another file."""
    return bool(_LEADS_ELSEWHERE.search(_USUAL_EXTENSION.sub("", text)))


def _with_height(system: pyproj.CRS, file: Named) -> LineFileError:
    flat = system.to_2d()
    flat = flat.sub_crs_list[0] if flat.sub_crs_list else flat
    code = flat.to_epsg() if len(flat.axis_info) == 2 else None
    reason = tr("has a coordinate reference system with heights ({name})").format(name=plain(system.name, most=40))
    way_out = tr("name the flat one, such as --crs EPSG:{code}, or export it in EPSG:4326")
    return file.refuse(reason, way_out.format(code=code or 4326))


def _reaches_here(system: pyproj.CRS) -> bool:
    try:
        pyproj.Transformer.from_crs(system, AREA_CRS, always_xy=True)
    except ProjError:
        return False
    return True
