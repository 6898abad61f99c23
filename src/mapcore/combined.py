"""A combined archive, one GeoJSON file with the polygons of many dates, taken apart while it is read."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import threading
import weakref
import zlib
from collections.abc import Iterator
from datetime import date
from typing import IO, Any, BinaryIO, Final

from mapcore.language import number_text, tr
from mapcore.limits import Limits
from mapcore.published import date_in
from mapcore.unpack import refusal

#: Characters that are read at a time; a feature that is longer takes more.
_CHUNK: Final = 1 << 18
_SPACE: Final = " \t\r\n"


class Combined:
    """
    The features of a combined archive by date, each as the text that it was in the file.

    They lie packed in a temporary file that goes with this value: memory holds one feature while the archive is read,
    and where each one lies afterwards.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.crs: object = None
        #: Features that have no date that can be read.
        self.undated = 0
        self._places: dict[date, list[tuple[int, int]]] = {}
        self._spool: IO[bytes] = tempfile.TemporaryFile(prefix="mapcore-")  # noqa: SIM115, goes with this value
        weakref.finalize(self, self._spool.close)
        self._lock = threading.Lock()

    @property
    def days(self) -> list[date]:
        """The dates that there are, sorted."""
        return sorted(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def content(self, day: date) -> bytes:
        """Return the features of a date as a GeoJSON file of their own."""
        features = b",".join(self._features(day))
        crs = b"" if self.crs is None else b'"crs":' + json.dumps(self.crs).encode() + b","
        return b'{"type":"FeatureCollection",' + crs + b'"features":[' + features + b"]}"

    def _features(self, day: date) -> Iterator[bytes]:
        for start, size in self._places[day]:
            with self._lock:
                self._spool.seek(start)
                packed = self._spool.read(size)
            yield zlib.decompress(packed)

    def add(self, day: date | None, text: str) -> None:
        """Keep a feature, or count it where it has no date."""
        if day is None:
            self.undated += 1
            return
        packed = zlib.compress(text.encode(), level=1)
        self._places.setdefault(day, []).append((self._spool.tell(), len(packed)))
        self._spool.write(packed)


def read_combined(file: BinaryIO, name: str, *, date_field: str, limits: Limits) -> Combined:
    """
    Take a combined archive apart, plain or packed with gzip.

    Raises
    ------
    LineFileError
        If it is no GeoJSON, is broken or cut off, is larger than the limits unpacked, or one feature is.
    """
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    stream = gzip.GzipFile(fileobj=file) if packed else file
    found = Combined(name)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig")
    try:
        _Reader(text, found, date_field, limits).read()
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise refusal(name, tr("is a broken or cut-off gzip file"), tr("download it again")) from problem
    except (UnicodeDecodeError, RecursionError) as problem:
        raise _broken(name) from problem
    finally:
        text.detach()
    return found


def _broken(name: str) -> Exception:
    return refusal(name, tr("is not valid JSON; it may be cut off"), tr("download or export it again"))


class _Reader:
    """Reads the members of the outermost object one by one, and those of its `features` too."""

    def __init__(self, stream: io.TextIOWrapper, found: Combined, date_field: str, limits: Limits) -> None:
        self.stream, self.found, self.date_field, self.limits = stream, found, date_field, limits
        self.decode = json.JSONDecoder().raw_decode
        self.text, self.at, self.start, self.characters = "", 0, 0, 0

    def read(self) -> None:
        if self._sign() != "{":
            reason = tr("is neither a zip of daily files nor one GeoJSON file of many dates")
            raise refusal(self.found.name, reason, tr("choose the archive itself, or a folder of daily files"))
        self.at += 1
        for _ in self._listed("}"):
            key = self._value()
            self._take(":")
            if key == "features" and self._sign() == "[":
                self._features()
            elif key == "crs":
                self.found.crs = self._value()
            else:
                self._value()

    def _features(self) -> None:
        self.at += 1
        for _ in self._listed("]"):
            feature = self._value()
            properties = feature.get("properties") if isinstance(feature, dict) else None
            dated = date_in(properties, self.date_field) if isinstance(properties, dict) else None
            self.found.add(None if dated is None else dated.settled(None), self.text[self.start : self.at])
            if len(self.found) > self.limits.archive_days:
                way_out = tr("give a part of it; MAPCORE_LIMIT_ARCHIVE_DAYS moves the limit")
                raise refusal(
                    self.found.name,
                    tr("has more than {count} days").format(count=number_text(self.limits.archive_days)),
                    way_out,
                )

    def _listed(self, end: str) -> Iterator[None]:
        """Yield before each member up to the sign that ends the list."""
        first = True
        while self._sign() != end:
            if not first:
                self._take(",")
            first = False
            yield
        self.at += 1

    def _sign(self) -> str:
        """Return the next sign that is no space, without taking it; nothing at the end of the file is a mistake."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                raise _broken(self.found.name)

    def _take(self, sign: str) -> None:
        if self._sign() != sign:
            raise _broken(self.found.name)
        self.at += 1

    def _value(self) -> Any:
        """Read one value; `start` says where its text began."""
        self._sign()
        while True:
            try:
                value, end = self.decode(self.text, self.at)
            except ValueError as problem:
                if not self._more():
                    raise _broken(self.found.name) from problem
                continue
            size = end - self.at
            if end < len(self.text) or not self._more():
                self.start, self.at = self.at, self.at + size
                return value

    def _more(self) -> bool:
        """Read on, as much again as is being looked at; say whether there was anything."""
        kept = self.text[self.at :]
        if len(kept) > self.limits.file_mb * 1_000_000:
            way_out = tr("give it in parts; MAPCORE_LIMIT_FILE_MB moves the limit")
            raise refusal(
                self.found.name,
                tr("has a feature larger than {size} MB").format(size=f"{self.limits.file_mb:g}"),
                way_out,
            )
        read = self.stream.read(max(_CHUNK, len(kept)))
        self.characters += len(read)
        if self.characters > self.limits.archive_mb * 1_000_000:
            way_out = tr("give a part of it; MAPCORE_LIMIT_ARCHIVE_MB moves the limit")
            raise refusal(
                self.found.name,
                tr("unpacks to more than {size} MB").format(size=f"{self.limits.archive_mb:g}"),
                way_out,
            )
        self.text, self.at = kept + read, 0
        return bool(read)
