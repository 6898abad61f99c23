"""Lines of contact from files of outsiders, read in a process of their own: `importing` with limits around it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely

from mapcore.base.errors import LineFileError
from mapcore.base.limits import Limits
from mapcore.base.safe_text import file_name
from mapcore.confine.confinement import Confinement, Question
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.lines.importing import About, Reading
from mapcore.lines.upload import Upload, read_upload
from mapcore.outside.line_message import line_of

#: All that is read in this process goes through here: its readers are bounded in all.
READERS: Final = Confinement("mapcore.outside.reading_jobs")


def import_file(path: Path, *, about: About, reading: Reading | None = None, limits: Limits | None = None) -> Control:
    """Import a file from disk; as `import_upload`."""
    allowed = limits or Limits.from_environment()
    return import_upload(read_upload(path, allowed), about=about, reading=reading, limits=allowed)


def import_bytes(
    content: bytes,
    name: str,
    *,
    about: About,
    reading: Reading | None = None,
    limits: Limits | None = None,
    oblasts: gpd.GeoDataFrame | None = None,
) -> Control:
    """Import a file from memory; as `import_upload`."""
    upload = Upload(file_name(name), content)
    return import_upload(upload, about=about, reading=reading, limits=limits, oblasts=oblasts)


def import_upload(
    upload: Upload,
    *,
    about: About,
    reading: Reading | None = None,
    limits: Limits | None = None,
    oblasts: gpd.GeoDataFrame | None = None,
) -> Control:
    """
    Make a snapshot as `importing.import_upload` does, in a process with limits of memory, time and output.

    What the file makes of that process stays there: it hands back polygons, which are checked here.

    Raises
    ------
    LineFileError
        As there; also if reading takes longer or more memory than the limits allow, breaks the process, or has to wait
        too long for its turn.
    ParameterError, DataFileError
        If something said about the line cannot be used.
    """
    allowed = limits or Limits.from_environment()
    arguments = {
        "upload": upload, "about": about, "reading": reading, "limits": allowed, "oblasts": oblasts,
    }  # fmt: skip
    question = Question("line", arguments, upload.name, LineFileError, size_mb=len(upload.content) / 1_000_000)

    def check(answer: object, wkb: bytes) -> Control:
        country = (
            boundaries.country()
            if oblasts is None
            else shapely.union_all(boundaries.prepare_oblasts(oblasts).geometry.to_numpy())
        )
        return line_of(answer, wkb, content=upload.content, as_of=about.as_of, country=country, limits=allowed)  # type: ignore[arg-type]

    return READERS.ask(question, check, allowed)
