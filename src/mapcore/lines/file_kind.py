"""From the bytes of a file to what kind it is and the bytes to read: sizes, gzip, zip, nothing geometric."""

from __future__ import annotations

import gzip
import json
import logging
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO, Final, Literal
from xml.parsers import expat

from mapcore.base.errors import DataFileError, LineFileError
from mapcore.base.language import mark, tr
from mapcore.base.limits import Limits
from mapcore.base.safe_text import plain
from mapcore.lines.upload import Named, Upload, check_size

Kind = Literal["geojson", "gpkg", "kml", "shapefile"]

_KINDS_TOLD: Final = mark("give GeoJSON, GeoPackage, KML, KMZ or a Shapefile, in a zip file or packed with gzip too")
_SHAPEFILE_PARTS: Final = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
#: What gzip begins a file with.
_GZIP: Final = b"\x1f\x8b"
_PAGE: Final = re.compile(r"<(!doctype\s+html|html|head|body)", re.IGNORECASE)
#: Bytes at the start of a text in which its first element stands.
_HEAD: Final = 1 << 16
#: Bytes that are unpacked at a time.
_PIECE: Final = 1 << 20
#: Bytes of the shortest list of two numbers, `[1,2],`: of empty lists a file could have so many that memory ends.
_SHORTEST_LIST: Final = 6
_LAYERS: Final = (".shp", ".gpkg", ".kml", ".geojson", ".geojson.gz")
#: Also layers, where a zip file has none of those: other files end like this too.
_PERHAPS: Final = (".json", ".json.gz")
#: Bytes that the list of the files within a zip may have; it is read into memory as a whole.
_LONGEST_LIST: Final = 4_000_000


@dataclass(frozen=True)
class Unpacked(Named):
    """What a file holds: its kind, and its bytes by ending (a Shapefile has several)."""

    kind: Kind
    parts: dict[str, bytes] = field(repr=False)

    @property
    def content(self) -> bytes:
        """The bytes of a kind that is one file."""
        return next(iter(self.parts.values()))


def unpack(upload: Upload, limits: Limits) -> Unpacked:
    """
    Tell what kind of file the bytes are, by what is in them and not by their name, and unpack them.

    Raises
    ------
    LineFileError
        If they are empty, too large, of no kind that is read, or packed in a way that is refused.
    """
    check_size(upload, limits)
    if upload.content.startswith(_GZIP):
        upload = _gunzipped(upload, limits)
        if upload.content.startswith(_GZIP):
            raise upload.refuse(tr("is packed twice with gzip"), tr("unpack it once"))
    return _of_zip(upload, limits) if upload.content.startswith(b"PK") else _by_content(upload)


def _by_content(upload: Upload) -> Unpacked:
    """Tell the kind of what is not packed."""
    content = upload.content
    if not content.strip():
        raise upload.refuse(tr("is empty"), tr("choose the file again"))
    if content.startswith(b"SQLite format 3\0"):
        return Unpacked(upload.name, "gpkg", {".gpkg": content})
    encoding = json.detect_encoding(content[:4])
    start = content[:400].decode(encoding, errors="ignore").lstrip("\ufeff \r\n\t")
    if start[:1] in {"{", "["}:
        return Unpacked(upload.name, "geojson", {".geojson": _in_utf8(upload, encoding)})
    if _PAGE.match(start):
        raise upload.refuse(
            tr("is a web page, not a file of polygons"), tr("download the file itself; the link may be broken")
        )
    if start[:1] == "<" and _outermost(content) == "kml":
        return Unpacked(upload.name, "kml", {".kml": content})
    raise upload.refuse(tr("is not a kind of file that can be read"), tr(_KINDS_TOLD))


def _in_utf8(upload: Upload, encoding: str) -> bytes:
    if encoding.startswith("utf-8"):
        return upload.content
    try:
        return upload.content.decode(encoding).encode()
    except UnicodeDecodeError as problem:
        reason = tr("is not valid JSON: its text is not UTF-8")
        raise upload.refuse(reason, tr("export it again in UTF-8")) from problem


def _outermost(content: bytes) -> str:
    """Return the name of the element that an XML text begins with; empty where it is none."""
    found: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: found.append(name.rpartition(" ")[2])
    with suppress(expat.ExpatError, UnicodeError, LookupError, ValueError):
        parser.Parse(content[:_HEAD], False)  # noqa: FBT003, the parser takes it by place
    return found[0].lower() if found else ""


def _bytes(mb: float) -> int:
    return int(mb * 1_000_000)


def too_much(file: Named, limits: Limits) -> LineFileError:
    """Return the refusal of a file that unpacks to more than it may."""
    way_out = tr("give one date of it; MAPCORE_LIMIT_UNPACKED_MB sets the limit")
    return file.refuse(tr("unpacks to more than {size} MB").format(size=f"{limits.unpacked_mb:g}"), way_out)


def _gunzipped(upload: Upload, limits: Limits) -> Upload:
    """Unpack what gzip packed, one piece after another, so that memory holds it once."""
    unpacked, lists = BytesIO(), 0
    try:
        with gzip.GzipFile(fileobj=BytesIO(upload.content)) as packed:
            while piece := packed.read(_PIECE):
                size = unpacked.tell() + unpacked.write(piece)
                lists += piece.count(b"[")
                if size > _bytes(limits.unpacked_mb):
                    raise too_much(upload, limits)
                if lists * _SHORTEST_LIST > size > _PIECE:
                    sentence = tr("has more lists than GeoJSON of its length can have")
                    raise upload.refuse(sentence, tr("export it again as GeoJSON"))
    except (OSError, EOFError, zlib.error, struct.error) as problem:
        raise upload.refuse(tr("is a broken or cut-off gzip file"), tr("download it again")) from problem
    return Upload(upload.name, unpacked.getvalue())


@contextmanager
def zip_faults(file: Named, reason: str) -> Iterator[None]:
    """Turn whatever a zip file makes its library raise into a refusal; each kind of packing has faults of its own."""
    try:
        yield
    except (DataFileError, MemoryError):
        raise
    except NotImplementedError as problem:
        sentence = tr("is packed in a way that is not read ({reason})").format(reason=plain(problem))
        raise file.refuse(sentence, tr("pack it again, as plain zip")) from problem
    except Exception as problem:
        logging.getLogger(__name__).info("%s: %r", file.name, problem)
        raise file.refuse(reason, tr("pack it again without a password")) from problem


def open_zip(content: BinaryIO, file: Named) -> zipfile.ZipFile:
    """
    Open a zip file whose list of files is not so long that reading it would fill the memory.

    Raises
    ------
    LineFileError
        If it is. What the library raises is left to `zip_faults`.
    """
    size = content.seek(0, 2)
    content.seek(max(0, size - 66_000))
    tail = content.read()
    end = tail.rfind(b"PK\5\6")
    if 0 <= end <= len(tail) - 16 and int.from_bytes(tail[end + 12 : end + 16], "little") > _LONGEST_LIST:
        raise file.refuse(tr("lists too many files"), tr("pack the layer's own files only"))
    content.seek(0)
    return zipfile.ZipFile(content)


def _of_zip(upload: Upload, limits: Limits) -> Unpacked:
    """Take the one layer of a zip file into memory; nothing is written under a name from inside."""
    with (
        zip_faults(upload, tr("is a broken, cut-off or encrypted zip file")),
        open_zip(BytesIO(upload.content), upload) as packed,
    ):
        entries = _checked_entries(upload, packed, limits)
        layer = _one_layer(upload, entries)
        if layer.suffix == ".shp":
            parts = _shapefile_parts(upload, layer, entries)
            return Unpacked(
                upload.name,
                "shapefile",
                {ending: _entry(upload, packed, entry, limits) for ending, entry in parts.items()},
            )
        found = Upload(upload.name, _entry(upload, packed, entries[layer], limits))
    return _by_content(_gunzipped(found, limits) if found.content.startswith(_GZIP) else found)


def _checked_entries(upload: Upload, packed: zipfile.ZipFile, limits: Limits) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Return the files within by their path in small letters, without what macOS adds."""
    entries = [entry for entry in packed.infolist() if not entry.is_dir()]
    if len(entries) > limits.zip_entries:
        way_out = tr("pack the layer's own files only; MAPCORE_LIMIT_ZIP_ENTRIES sets the limit")
        raise upload.refuse(tr("holds more than {count} files").format(count=limits.zip_entries), way_out)
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        linked = stat.S_ISLNK(entry.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename or linked:
            raise upload.refuse(tr("names a file outside of itself"), tr("pack the layer's own files, without folders"))
    if sum(entry.file_size for entry in entries) > _bytes(limits.unpacked_mb):
        raise too_much(upload, limits)
    paths = {PurePosixPath(entry.filename.replace("\\", "/").lower()): entry for entry in entries}
    if len(paths) < len(entries):
        raise upload.refuse(tr("holds two files of one name"), tr("pack the layer's own files only"))
    return {path: entry for path, entry in paths.items() if "__macosx" not in path.parts}


def _one_layer(upload: Upload, entries: dict[PurePosixPath, zipfile.ZipInfo]) -> PurePosixPath:
    """Return the layer in a zip file; in one of Google Earth it is `doc.kml`, whatever else is there."""
    layers = [path for path in entries if path.name.endswith(_LAYERS)]
    layers = layers or [path for path in entries if path.name.endswith(_PERHAPS)]
    if all(path.suffix == ".kml" for path in layers):
        layers = [path for path in layers if path == PurePosixPath("doc.kml")] or layers
    if len(layers) != 1:
        inside = ", ".join(sorted(plain(path, most=40) for path in layers)[:5]) or tr("none")
        sentence = tr("must hold exactly one Shapefile, GeoJSON, GeoPackage or KML; it holds: {names}")
        raise upload.refuse(sentence.format(names=inside), tr("pack one layer, or give another kind of file"))
    return layers[0]


def _shapefile_parts(
    upload: Upload, layer: PurePosixPath, entries: dict[PurePosixPath, zipfile.ZipInfo]
) -> dict[str, zipfile.ZipInfo]:
    parts = {path.suffix: entry for path, entry in entries.items() if path.with_suffix("") == layer.with_suffix("")}
    lost = [ending for ending in (".shx", ".dbf") if ending not in parts]
    if lost:
        raise upload.refuse(
            tr("lacks the Shapefile's {parts}").format(parts=", ".join(lost)),
            tr("pack all files of the layer together"),
        )
    return {ending: entry for ending, entry in parts.items() if ending in _SHAPEFILE_PARTS}


def _entry(upload: Upload, packed: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Read one file of the zip, and no more of it than the limit, whatever size it claims."""
    with packed.open(entry) as file:
        content = file.read(_bytes(limits.unpacked_mb) + 1)
    if len(content) > _bytes(limits.unpacked_mb):
        raise too_much(upload, limits)
    return content
