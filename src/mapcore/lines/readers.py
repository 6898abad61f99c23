"""The kinds of file that a published line comes in; each has a reader, which hands its features to a sieve."""

from __future__ import annotations

from mapcore.lines.file_kind import Unpacked
from mapcore.lines.gdal_layers import read_layers
from mapcore.lines.geojson import read_geojson
from mapcore.lines.kml import read_kml
from mapcore.lines.selection import Sieve


def read_features(unpacked: Unpacked, sieve: Sieve) -> str | None:
    """
    Hand each feature of a file to the sieve.

    Returns
    -------
    crs
        The file's coordinate reference system as text; EPSG:4326 for GeoJSON that names none and for KML, whose
        standards say so; None where it is not known.

    Raises
    ------
    LineFileError
        If the file cannot be read as what it is.
    """
    if unpacked.kind == "geojson":
        return read_geojson(unpacked, sieve)
    if unpacked.kind == "kml":
        return read_kml(unpacked, sieve)
    return read_layers(unpacked, sieve)
