"""Which data files there are, where they lie, and that they are what `geo/sources.toml` says."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mapcore.errors import DataFileError

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Source:
    """One row of `geo/sources.toml`: a shipped data file and where it comes from."""

    path: str
    title: str
    origin: str
    licence: str
    attribution: str
    date: str
    sha256: str


@cache
def geo_dir() -> Path:
    """Return the folder of the shipped data: inside the installed package, or `geo/` of the working copy."""
    for folder in (_PACKAGE / "geo", _PACKAGE.parents[1] / "geo"):
        if (folder / "sources.toml").is_file():
            return folder
    raise DataFileError(
        "mapcore's data folder geo/ is missing: neither beside the package nor in a working copy; reinstall mapcore"
    )


def geo_path(name: str) -> Path:
    """Return the path of a shipped data file, for example ``geo_path("oblasts.geojson")``."""
    path = geo_dir() / name
    if not path.is_file():
        raise DataFileError(f"geo/{name}: this data file is missing; reinstall mapcore")
    return path


def display_path(path: Path) -> str:
    """Return how a message names a file: ``geo/…`` for shipped data, as given for a user's own."""
    resolved = path.resolve()
    return f"geo/{resolved.relative_to(geo_dir())}" if resolved.is_relative_to(geo_dir()) else str(path)


def read_toml(path: Path) -> dict[str, Any]:
    """Read one TOML file; a mistake in it is one sentence with file, line and column."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise DataFileError(f"{display_path(path)}: cannot be read ({problem.strerror or problem})") from problem
    except UnicodeDecodeError as problem:
        raise DataFileError(f"{display_path(path)}: is not UTF-8 text; save it as UTF-8") from problem
    except tomllib.TOMLDecodeError as problem:
        raise DataFileError(f"{display_path(path)}: is not valid TOML: {problem}") from problem


@cache
def load_sources() -> tuple[Source, ...]:
    """Return the rows of `geo/sources.toml`, one per shipped data file."""
    rows = read_toml(geo_dir() / "sources.toml").get("file", [])
    return tuple(Source(**row) for row in rows)


@cache
def data_version() -> str:
    """
    Return 12 hexadecimal digits that change when any shipped data file changes.

    Links carry it, so that a reader learns when figures may have moved since the link was made.
    """
    digest = hashlib.sha256()
    for source in sorted(load_sources(), key=lambda row: row.path):
        digest.update(source.path.encode() + b"\0" + hashlib.sha256(geo_path(source.path).read_bytes()).digest())
    return digest.hexdigest()[:12]
