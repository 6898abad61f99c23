"""
JSON read value by value from a text of any length: memory holds one value, whose size is limited.

The values themselves are read by the standard library. `ijson` (3.6), which does the same, was tried in its place and
keeps few of the bounds: what it builds may be nested without end (200,000 lists in lists took 2.9 GB; this stops at the
interpreter's depth), it counts neither the signs nor the values of one feature while it reads on, its fast reader
refuses whole numbers over 64 bits, which features do have as ids, and it gives neither the line of a mistake, nor the
word that stands in place of a number, nor the text of a feature, which an archive keeps as it was. Bounds and places
would have to be counted around it, in as much code as is here.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from mapcore.base.errors import LineFileError
from mapcore.base.language import number_text, tr
from mapcore.base.limits import Limits
from mapcore.lines.upload import Named

#: Characters that are read at a time, and the most by which the text of one long value grows.
_CHUNK: Final = 1 << 18
_MOST_STEP: Final = 1 << 21
_SPACE: Final = " \t\r\n"
#: A mistake this near to the end of what was read may be a value that goes on.
_AT_END: Final = 16
#: Values that one feature may have besides its corners, and for each corner that the limits allow.
_MORE_VALUES: Final = 100_000
_VALUES_A_CORNER: Final = 5


class JSONStream:
    """
    Reads values one by one; the members of an object or a list that is walked through are never all in memory.

    Attributes
    ----------
    text, start, at
        What was read and is looked at; the value read last is `text[start:at]`.
    """

    def __init__(
        self,
        stream: io.TextIOBase,
        file: Named,
        limits: Limits,
        *,
        most_mb: float,
        too_large: Callable[[], LineFileError],
        constant: Callable[[str], Any] | None = None,
        tell_lines: bool = False,
    ) -> None:
        self.file, self.limits = file, limits
        self._stream, self._most, self._too_large, self._tell_lines = stream, most_mb * 1e6, too_large, tell_lines
        self._decode = json.JSONDecoder(parse_constant=constant).raw_decode
        self.text, self.start, self.at = "", 0, 0
        self._characters, self._lines = 0, 1

    def sign(self) -> str:
        """Return the next sign that is no space, without taking it; nothing at the end of the file is a mistake."""
        found = self._next()
        if not found:
            raise self.broken(len(self.text))
        return found

    def take(self, sign: str) -> None:
        """Take a sign that must come next."""
        if self.sign() != sign:
            raise self.broken(self.at)
        self.at += 1

    def listed(self, end: str) -> Iterator[None]:
        """Take the sign that begins a list or an object, and yield before each member up to the sign that ends it."""
        self.at += 1
        first = True
        while self.sign() != end:
            if not first:
                self.take(",")
            first = False
            yield
        self.at += 1

    def members(self) -> Iterator[str]:
        """Yield the name of each member of an object, before its value."""
        for _ in self.listed("}"):
            key = self.value()
            self.take(":")
            yield str(key)

    def value(self) -> Any:
        """Read one value; `start` says where its text begins."""
        self.sign()
        while True:
            try:
                value, end = self._decode(self.text, self.at)
            except json.JSONDecodeError as problem:
                cut = problem.pos >= len(self.text) - _AT_END or problem.msg.startswith("Unterminated string")
                if not (cut and self._more()):
                    raise self.broken(min(problem.pos, len(self.text))) from problem
                continue
            except RecursionError as problem:
                raise self.file.refuse(tr("is nested too deep"), tr("export it again as GeoJSON")) from problem
            except LineFileError:
                raise
            except ValueError as problem:
                raise self.broken(self.at) from problem
            size = end - self.at
            if end < len(self.text) or not self._more():
                self.start, self.at = self.at, self.at + size
                return value

    def finish(self) -> None:
        """Check that nothing follows."""
        if self._next():
            raise self.broken(self.at)

    def broken(self, at: int) -> LineFileError:
        """Return the refusal of text that is no JSON."""
        reason = (
            tr("is not valid JSON (line {line}); it may be cut off").format(
                line=self._lines + self.text.count("\n", 0, at)
            )
            if self._tell_lines
            else tr("is not valid JSON; it may be cut off")
        )
        return self.file.refuse(reason, tr("download or export it again"))

    def _next(self) -> str:
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on, as much again as is being looked at; say whether there was anything."""
        kept = self.text[self.at :]
        self._check(kept)
        read = self._stream.read(max(_CHUNK, min(len(kept), _MOST_STEP)))
        self._characters += len(read)
        if self._characters > self._most:
            raise self._too_large()
        self._lines += self.text.count("\n", 0, self.at)
        self.text, self.at = kept + read, 0
        return bool(read)

    def _check(self, kept: str) -> None:
        if len(kept) > self.limits.file_mb * 1_000_000:
            way_out = tr("give it in parts; MAPCORE_LIMIT_FILE_MB sets the limit")
            sentence = tr("has a feature larger than {size} MB").format(size=f"{self.limits.file_mb:g}")
            raise self.file.refuse(sentence, way_out)
        most = _VALUES_A_CORNER * self.limits.vertices + _MORE_VALUES
        if sum(kept.count(sign) for sign in "[{,") > most:
            sentence = tr("has a part of more than {count} values").format(count=number_text(most))
            raise self.file.refuse(sentence, tr("give it in parts; MAPCORE_LIMIT_VERTICES sets the limit"))
