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
from typing import IO, Any, BinaryIO

from mapcore.base.dates import Dated, shown_order
from mapcore.base.errors import LineFileError
from mapcore.base.language import number_text, tr
from mapcore.base.limits import Limits
from mapcore.lines.json_stream import JSONStream
from mapcore.lines.selection import date_in
from mapcore.lines.upload import Named


class Combined:
    """
    The features of a combined archive by date, each as the text that it was in the file.

    They lie packed in a temporary file that goes with this value: memory holds one feature while the archive is read,
    and where each one lies afterwards.
    """

    def __init__(self, file: Named) -> None:
        self.file = file
        self.crs: object = None
        #: Features that have no date that can be read.
        self.undated = 0
        self._found: dict[Dated, list[tuple[int, int]]] = {}
        self._places: dict[date, list[tuple[int, int]]] = {}
        self._spool: IO[bytes] = tempfile.TemporaryFile(prefix="mapcore-")  # noqa: SIM115, goes with this value
        weakref.finalize(self, self._spool.close)
        self._lock = threading.Lock()

    @property
    def days(self) -> list[date]:
        """The dates that there are, sorted."""
        return sorted(self._places)

    def __len__(self) -> int:
        return len(self._places or self._found)

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

    def add(self, dated: Dated | None, text: str) -> None:
        """Keep a feature, or count it where it has no date."""
        if dated is None:
            self.undated += 1
            return
        packed = zlib.compress(text.encode(errors="surrogatepass"), level=1)
        self._found.setdefault(dated, []).append((self._spool.tell(), len(packed)))
        self._spool.write(packed)

    def settle(self) -> None:
        """Settle which date is meant by each, once all are known; those that stay unsure count as undated."""
        order = shown_order(self._found)
        for dated, places in self._found.items():
            day = dated.settled(order)
            if day is None:
                self.undated += len(places)
            else:
                self._places.setdefault(day, []).extend(places)
        self._found.clear()


def read_combined(content: BinaryIO, file: Named, *, date_field: str, limits: Limits) -> Combined:
    """
    Take a combined archive apart, plain or packed with gzip.

    Raises
    ------
    LineFileError
        If it is no GeoJSON, is broken or cut off, is larger than the limits unpacked, or one feature is.
    """
    packed = content.read(2) == b"\x1f\x8b"
    content.seek(0)
    stream = gzip.GzipFile(fileobj=content) if packed else content
    combined = Combined(file)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig")
    try:
        _Reader(text, combined, date_field, limits).read()
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise file.refuse(tr("is a broken or cut-off gzip file"), tr("download it again")) from problem
    except UnicodeDecodeError as problem:
        raise file.refuse(tr("is not valid JSON; it may be cut off"), tr("download or export it again")) from problem
    finally:
        text.detach()
    return combined


class _Reader:
    """Reads the members of the outermost object one by one, and those of its `features` too."""

    def __init__(self, text: io.TextIOWrapper, combined: Combined, date_field: str, limits: Limits) -> None:
        self.combined, self.date_field, self.limits = combined, date_field, limits
        self.stream = JSONStream(text, combined.file, limits, most_mb=limits.archive_mb, too_large=self._too_large)

    def read(self) -> None:
        stream = self.stream
        if stream.sign() != "{":
            reason = tr("is neither a zip of daily files nor one GeoJSON file of many dates")
            raise self.combined.file.refuse(reason, tr("choose the archive itself, or a folder of daily files"))
        for key in stream.members():
            if key == "features" and stream.sign() == "[":
                for _ in stream.listed("]"):
                    self._feature(stream.value())
            elif key == "crs":
                self.combined.crs = stream.value()
            else:
                stream.value()
        stream.finish()
        self.combined.settle()

    def _feature(self, feature: Any) -> None:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        dated = date_in(properties, self.date_field) if isinstance(properties, dict) else None
        self.combined.add(dated, self.stream.text[self.stream.start : self.stream.at])
        if len(self.combined) > self.limits.archive_days:
            way_out = tr("give a part of it; MAPCORE_LIMIT_ARCHIVE_DAYS sets the limit")
            sentence = tr("has more than {count} days").format(count=number_text(self.limits.archive_days))
            raise self.combined.file.refuse(sentence, way_out)

    def _too_large(self) -> LineFileError:
        way_out = tr("give a part of it; MAPCORE_LIMIT_ARCHIVE_MB sets the limit")
        sentence = tr("unpacks to more than {size} MB").format(size=f"{self.limits.archive_mb:g}")
        return self.combined.file.refuse(sentence, way_out)
