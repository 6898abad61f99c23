"""What a reader's process and its caller say to each other: frames of JSON and bytes, and refusals; never a pickle."""

from __future__ import annotations

import json
import struct
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from mapcore.base import errors
from mapcore.base.errors import ChoiceNeededError, DataFileError, MapcoreError, Problem

#: Before each frame: the sizes of its JSON and of its bytes.
HEAD: Final = struct.Struct(">II")
#: Refusals that a reader may answer with, by name.
_KINDS: Final[dict[str, type[MapcoreError]]] = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, MapcoreError)
}
_MOST_SIGNS: Final = 80_000
#: Of a list: as many as a refusal may name values to choose from.
_MOST_ITEMS: Final = 50_000


class AnswerError(ValueError):
    """What came back from a reader is not what a reader may answer."""


def frame(record: Mapping[str, Any], content: bytes = b"") -> bytes:
    """Return a message as it is sent."""
    text = json.dumps(record, ensure_ascii=False).encode("utf-8", errors="replace")
    return HEAD.pack(len(text), len(content)) + text + content


def opened(message: bytes) -> tuple[dict[str, Any], bytes]:
    """
    Return what a whole message says.

    Raises
    ------
    AnswerError
        If it is cut off, longer than it says, or no JSON object.
    """
    try:
        text, size = HEAD.unpack_from(message)
        record = json.loads(message[HEAD.size : HEAD.size + text])
    except (struct.error, ValueError, RecursionError) as problem:
        raise AnswerError(f"no message: {problem}") from problem
    content = message[HEAD.size + text :]
    if not isinstance(record, dict) or len(content) != size:
        raise AnswerError("no message of the size that it names")
    return record, content


def refusal_record(problem: MapcoreError) -> dict[str, Any]:
    """Return a refusal as JSON."""
    kind = next(base.__name__ for base in type(problem).__mro__ if base.__name__ in _KINDS)
    sentence: dict[str, Any] = {"kind": kind, "message": str(problem)}
    if isinstance(problem, DataFileError):
        sentence["problems"] = [
            [mistake.file, mistake.key, mistake.problem, mistake.way_out] for mistake in problem.problems
        ]
        sentence["more"] = problem.more
    if isinstance(problem, ChoiceNeededError):
        sentence |= {"classes": problem.classes, "findings": list(problem.findings)}
    return sentence


def refusal_of(record: object) -> MapcoreError:
    """
    Return the refusal that a reader answered with.

    Raises
    ------
    AnswerError
        If it is none.
    """
    try:
        return _refusal(record)  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise AnswerError(f"no refusal: {problem}") from problem


def _refusal(record: Mapping[str, Any]) -> MapcoreError:
    kind, message = _KINDS[record["kind"]], text_of(record["message"])
    if issubclass(kind, ChoiceNeededError):
        classes = {
            text_of(name): {text_of(value): int(count) for value, count in _few(counts.items())}
            for name, counts in _few(record["classes"].items())
        }
        refusal: MapcoreError = kind(
            message, classes=classes, findings=[text_of(finding) for finding in _few(record["findings"])]
        )
    else:
        refusal = kind(message)
    if isinstance(refusal, DataFileError):
        refusal.problems = tuple(Problem(*map(text_of, mistake)) for mistake in _few(record["problems"]))
        refusal.more = int(record["more"])
    return refusal


def _few(items: Any) -> list[Any]:
    listed = list(items)
    if len(listed) > _MOST_ITEMS:
        raise AnswerError("more than a reader may answer")
    return listed


def text_of(value: object, *, most: int = _MOST_SIGNS) -> str:
    """
    Return a text of an answer, without control characters but line breaks.

    Raises
    ------
    AnswerError
        If it is no text, or too long.
    """
    if not isinstance(value, str) or len(value) > most:
        raise AnswerError("no text of a length that is expected")
    return "".join(sign if sign == "\n" or unicodedata.category(sign)[0] != "C" else "?" for sign in value)
