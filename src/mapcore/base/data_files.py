"""Where data files lie, and reading and writing them whole."""

from __future__ import annotations

import codecs
import os
import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any, Final

import platformdirs

from mapcore.base import memory
from mapcore.base.errors import DataFileError, Problem
from mapcore.base.language import DEFAULT_LANGUAGE, language, mark, tr
from mapcore.base.toml_bounds import MEND, too_much

_PACKAGE = Path(__file__).resolve().parents[1]
#: The folder of scripts and styles for the browser.
WEB_DIR: Final = _PACKAGE / "web"
#: The typeface of names, pages and pictures, rebuilt by `scripts/build_typeface.py`.
TYPEFACE_DIR: Final = WEB_DIR / "typeface"
#: A proposal of some pages is 10 kB; what is larger by far is something else.
MAX_TOML_BYTES: Final = 1_000_000
_MARKS: Final = {
    codecs.BOM_UTF8: mark("is UTF-8 with a byte order mark"),
    codecs.BOM_UTF16_LE: mark("is UTF-16 text"),
    codecs.BOM_UTF16_BE: mark("is UTF-16 text"),
}
_SAVE_AS: Final = mark("save it as UTF-8 without a byte order mark")


@memory.shared
def geo_dir() -> Path:
    """Return the folder of the shipped data: inside the installed package, or `geo/` of the working copy."""
    for folder in (_PACKAGE / "geo", _PACKAGE.parents[1] / "geo"):
        if (folder / "sources.toml").is_file():
            return folder
    raise DataFileError(
        tr("mapcore's data folder geo/ is missing: neither beside the package nor in a working copy; reinstall mapcore")
    )


def geo_path(name: str) -> Path:
    """Return the path of a shipped data file, for example ``geo_path("oblasts.geojson")``."""
    path = geo_dir() / name
    if not path.is_file():
        raise DataFileError(tr("{file}: this data file is missing; reinstall mapcore").format(file=f"geo/{name}"))
    return path


@memory.shared
def shipped_controls() -> tuple[str, ...]:
    """Return the ids of the lines of contact that ship, in no order."""
    return tuple(path.stem for path in (geo_dir() / "control").glob("*.toml"))


def user_dir() -> Path:
    """
    Return the folder of a user's own lines and archives: the platform's data folder, or ``MAPCORE_HOME``.

    It need not exist.
    """
    chosen = os.environ.get("MAPCORE_HOME", "").strip()
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("mapcore", appauthor=False))


def write_whole(path: Path, content: bytes) -> None:
    """
    Write a file under the user's folder so that a reader finds the old one or the new one, never a part.

    Raises
    ------
    DataFileError
        If the folder cannot be made or written to; what was there before stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            written = Path(file.name)
        try:
            written.write_bytes(content)
            written.replace(path)
        finally:
            written.unlink(missing_ok=True)
    except OSError as problem:
        reason = tr("cannot be written ({reason})").format(reason=problem.strerror or problem)
        raise DataFileError(Problem(str(path), "", reason, tr("set MAPCORE_HOME to a folder of yours"))) from problem


def display_path(path: Path) -> str:
    """Return how a message names a file: ``geo/…`` for shipped data, as given for a user's own."""
    resolved = path.resolve()
    return f"geo/{resolved.relative_to(geo_dir())}" if resolved.is_relative_to(geo_dir()) else str(path)


def read_toml(path: Path) -> dict[str, Any]:
    """
    Read one TOML file of at most `MAX_TOML_BYTES`.

    Raises
    ------
    DataFileError
        If it is missing, a folder, too large, not UTF-8 without a byte order mark, or not TOML.
    """
    return parse_toml(toml_bytes(path), name=display_path(path))


def toml_bytes(path: Path) -> bytes:
    """
    Return what is in a TOML file, and not much more of it than `MAX_TOML_BYTES`; nothing of it is looked at.

    Raises
    ------
    DataFileError
        If it is missing, a folder, or cannot be read.
    """
    name = display_path(path)
    if path.is_dir():
        raise DataFileError(Problem(name, "", tr("is a folder"), tr("name the files in it")))
    try:
        with path.open("rb") as file:
            return file.read(MAX_TOML_BYTES + 1)
    except OSError as problem:
        reason = tr("cannot be read ({reason})").format(reason=problem.strerror or problem)
        raise DataFileError(Problem(name, "", reason, tr("check the path and the rights to it"))) from problem


def parse_toml(content: bytes, *, name: str) -> dict[str, Any]:
    """
    Read TOML that is at hand, which messages call `name`; refuses what `read_toml` does.

    Its depth and its counts are looked at before it is parsed, since what parsing costs grows with their square.
    """
    if len(content) > MAX_TOML_BYTES:
        reason = tr("is larger than {size} kB").format(size=MAX_TOML_BYTES // 1000)
        raise DataFileError(Problem(name, "", reason, tr("a proposal is a short text; shorten it")))
    text = _decoded(content, name)
    over = too_much(text)
    if over is not None:
        raise DataFileError(Problem(name, "", *over))
    try:
        return tomllib.loads(text)
    except ValueError as problem:
        sentence = tr("is not valid TOML: {reason}").format(reason=_parser_words(problem))
        raise DataFileError(Problem(name, "", sentence, tr(MEND))) from problem


def _parser_words(problem: ValueError) -> str:
    """Return what the parser says of a mistake, in English only; in other languages, the place that it names."""
    words = str(problem).replace("\n", " ")
    place = re.search(r"line (\d+), column (\d+)", words)
    if language() == DEFAULT_LANGUAGE:
        return words
    if place:
        return tr("a mistake in line {line}, column {column}").format(line=place[1], column=place[2])
    return tr("a mistake at the end of the file") if "end of document" in words else tr("a value cannot be read")


def _decoded(content: bytes, name: str) -> str:
    for sign, problem in _MARKS.items():
        if content.startswith(sign):
            raise DataFileError(Problem(name, "", tr(problem), tr(_SAVE_AS)))
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as stop:
        reason = tr("is not UTF-8 text (byte {place})").format(place=stop.start)
        raise DataFileError(Problem(name, "", reason, tr(_SAVE_AS))) from stop
