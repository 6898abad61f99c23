"""Where each shipped data file comes from, and whether the files are still those of a link."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.table_reader import read_records


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


@memory.shared
def load_sources() -> tuple[Source, ...]:
    """Return the rows of `geo/sources.toml`, one per shipped data file."""
    return read_records(geo_path("sources.toml"), "file", Source)


@memory.shared
def data_version() -> str:
    """
    Return 12 hexadecimal digits that change when any shipped data file changes.

    Links carry it, so that a reader learns when figures may have moved since the link was made.
    """
    digest = hashlib.sha256()
    for source in sorted(load_sources(), key=lambda row: row.path):
        digest.update(source.path.encode() + b"\0" + hashlib.sha256(geo_path(source.path).read_bytes()).digest())
    return digest.hexdigest()[:12]
