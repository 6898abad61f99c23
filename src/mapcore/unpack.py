"""From the bytes of a file to what kind it is and the bytes to read: sizes, gzip, zip, nothing geometric."""

from __future__ import annotations

import gzip
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from mapcore.errors import DataFileError, LineFileError, Problem
from mapcore.language import mark, tr
from mapcore.limits import Limits
from mapcore.texts import file_name, plain

Kind = Literal["geojson", "gpkg", "kml", "shapefile"]

_KINDS_TOLD: Final = mark("give GeoJSON, GeoJSON.gz, GeoPackage, a zipped Shapefile or KML")
_SHAPEFILE_PARTS: Final = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_KML: Final = re.compile(r"\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<(\w+:)?kml[\s>]", re.DOTALL | re.IGNORECASE)
_PAGE: Final = re.compile(rb"\s*<(!doctype\s+html|html|head|body)", re.IGNORECASE)


@dataclass(frozen=True)
class Unpacked:
    """What a file holds: its harmless name, its kind, and its bytes by ending (a Shapefile has several)."""

    name: str
    kind: Kind
    parts: dict[str, bytes]

    @property
    def content(self) -> bytes:
        """The bytes of a kind that is one file."""
        return next(iter(self.parts.values()))


def read_bytes(path: Path, limits: Limits) -> bytes:
    """
    Read a file that is not larger than the limit, and no more of it than that.

    Raises
    ------
    LineFileError
        If it is missing, a folder, cannot be read, or is too large.
    """
    name = file_name(path.name)
    if path.is_dir():
        raise refusal(name, tr("is a folder"), tr("name the file in it"))
    try:
        with path.open("rb") as file:
            content = file.read(_bytes(limits.file_mb) + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise refusal(
            name,
            tr("cannot be read ({reason})").format(reason=plain(reason)),
            tr("check the path and the rights to it"),
        ) from problem
    _check_size(name, content, limits)
    return content


def unpack(content: bytes, name: str, limits: Limits) -> Unpacked:
    """
    Tell what kind of file the bytes are, by what is in them and not by their name, and unpack them.

    Raises
    ------
    LineFileError
        If they are empty, too large, of no kind that is read, or packed in a way that is refused.
    """
    name = file_name(name)
    _check_size(name, content, limits)
    if content.startswith(b"\x1f\x8b"):
        content = _gunzipped(name, content, limits)
        if content.startswith(b"\x1f\x8b"):
            raise refusal(name, tr("is packed twice with gzip"), tr("unpack it once"))
    if not content.strip():
        raise refusal(name, tr("is empty"), tr("choose the file again"))
    if content.startswith(b"PK"):
        return Unpacked(name, "shapefile", _shapefile(name, content, limits))
    if content.startswith(b"SQLite format 3\0"):
        return Unpacked(name, "gpkg", {".gpkg": content})
    return _text(name, content)


def _text(name: str, content: bytes) -> Unpacked:
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.lstrip()[:1] in {b"{", b"["}:
        return Unpacked(name, "geojson", {".geojson": content})
    if _PAGE.match(content):
        raise refusal(
            name, tr("is a web page, not a file of polygons"), tr("download the file itself; the link may be broken")
        )
    if _KML.match(content[:4000].decode("utf-8", errors="replace")):
        return Unpacked(name, "kml", {".kml": content})
    raise refusal(name, tr("is no kind of file that is read"), tr(_KINDS_TOLD))


def refusal(name: str, problem: str, way_out: str) -> LineFileError:
    """Return the refusal of a file: which, what is wrong, the way out."""
    return LineFileError(Problem(name, "", problem, way_out))


def _bytes(mb: float) -> int:
    return int(mb * 1_000_000)


def _check_size(name: str, content: bytes, limits: Limits) -> None:
    if len(content) > _bytes(limits.file_mb):
        way_out = tr("give one date of it, or simplify it; MAPCORE_LIMIT_FILE_MB moves the limit")
        raise refusal(name, tr("is larger than {size} MB").format(size=f"{limits.file_mb:g}"), way_out)


def _too_much(name: str, limits: Limits) -> LineFileError:
    way_out = tr("give one date of it; MAPCORE_LIMIT_UNPACKED_MB moves the limit")
    return refusal(name, tr("unpacks to more than {size} MB").format(size=f"{limits.unpacked_mb:g}"), way_out)


def _gunzipped(name: str, content: bytes, limits: Limits) -> bytes:
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
            unpacked = packed.read(_bytes(limits.unpacked_mb) + 1)
    except (OSError, EOFError, zlib.error) as problem:
        raise refusal(name, tr("is a broken or cut-off gzip file"), tr("download it again")) from problem
    if len(unpacked) > _bytes(limits.unpacked_mb):
        raise _too_much(name, limits)
    return unpacked


def _shapefile(name: str, content: bytes, limits: Limits) -> dict[str, bytes]:
    """Take the parts of the one Shapefile of a zip file into memory; nothing is written under a name from inside."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            entries = _checked_entries(name, packed, limits)
            stem = _one_shapefile(name, entries)
            return {
                ending: _entry(name, packed, entry, limits)
                for path, entry in entries.items()
                if str(path.with_suffix("")) == stem and (ending := path.suffix) in _SHAPEFILE_PARTS
            }
    except DataFileError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as problem:
        raise refusal(
            name, tr("is a broken, cut-off or encrypted zip file"), tr("pack it again without a password")
        ) from problem


def _checked_entries(name: str, packed: zipfile.ZipFile, limits: Limits) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Return the files within by their path in small letters, without what macOS adds."""
    entries = [entry for entry in packed.infolist() if not entry.is_dir()]
    if len(entries) > limits.zip_entries:
        way_out = tr("pack the Shapefile's own files only; MAPCORE_LIMIT_ZIP_ENTRIES moves the limit")
        raise refusal(name, tr("holds more than {count} files").format(count=limits.zip_entries), way_out)
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        linked = stat.S_ISLNK(entry.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename or linked:
            raise refusal(
                name, tr("names a file outside of itself"), tr("pack the Shapefile's own files, without folders")
            )
    if sum(entry.file_size for entry in entries) > _bytes(limits.unpacked_mb):
        raise _too_much(name, limits)
    paths = {PurePosixPath(entry.filename.replace("\\", "/").lower()): entry for entry in entries}
    return {path: entry for path, entry in paths.items() if "__macosx" not in path.parts}


def _one_shapefile(name: str, entries: dict[PurePosixPath, zipfile.ZipInfo]) -> str:
    found = [path for path in entries if path.suffix == ".shp"]
    if len(found) != 1:
        inside = ", ".join(sorted(plain(path, most=40) for path in found)[:5]) or tr("none")
        told = tr("must hold exactly one Shapefile; it holds: {names}").format(names=inside)
        raise refusal(name, told, tr("pack one layer, or give another kind of file"))
    stem = str(found[0].with_suffix(""))
    lost = [ending for ending in (".shx", ".dbf") if PurePosixPath(stem + ending) not in entries]
    if lost:
        raise refusal(
            name,
            tr("lacks the Shapefile's {parts}").format(parts=", ".join(lost)),
            tr("pack all files of the layer together"),
        )
    return stem


def _entry(name: str, packed: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Read one file of the zip, and no more of it than the limit, whatever size it claims."""
    with packed.open(entry) as file:
        content = file.read(_bytes(limits.unpacked_mb) + 1)
    if len(content) > _bytes(limits.unpacked_mb):
        raise _too_much(name, limits)
    return content
