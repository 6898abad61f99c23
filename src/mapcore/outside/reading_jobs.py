"""What is done with files from outside in a process of their own; nothing that is not named here is done there."""

from __future__ import annotations

import zlib
from datetime import date
from pathlib import Path
from typing import Any, Final

import geopandas as gpd

from mapcore.base import memory
from mapcore.base.limits import Limits
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.confine.order import Jobs
from mapcore.land import boundaries
from mapcore.land.cut import hold_pieces
from mapcore.lines.catalogue import load_control
from mapcore.lines.importing import About, Reading, import_upload
from mapcore.lines.upload import Upload
from mapcore.measurement.zones import idle_rules
from mapcore.outside.archive_forms import open_archive
from mapcore.outside.line_message import line_record
from mapcore.proposals import viewer
from mapcore.proposals.reader import read_proposal_file, read_proposal_text
from mapcore.proposals.writer import to_json_content


def prepare() -> None:
    """Load what every reader needs, before the first one is forked."""
    boundaries.load_oblasts()
    boundaries.country()


@memory.shared
def warm() -> None:
    """
    Work out what every line and every proposal needs, so that readers which are forked afterwards have it.

    Our own line is imported as if somebody had brought it, with the bounds that ship: it passes them.
    """
    own = load_control()
    shapes = gpd.GeoSeries([own.held], crs=AREA_CRS).to_crs(MAP_CRS).to_json().encode()
    about = About(own.as_of, own.provenance)
    import_upload(Upload("own.geojson", shapes), about=about, limits=Limits())
    hold_pieces(own)


def _proposal(text: bytes, path: Path) -> tuple[dict[str, Any], bytes]:
    proposal = read_proposal_file(text, path)
    widest = {name: parameter.max for name, parameter in proposal.parameters.items()}
    return {"content": to_json_content(proposal), "idle": idle_rules(proposal, parameters=widest)}, b""


def _viewers_proposal(text: bytes, name: str) -> tuple[dict[str, Any], bytes]:
    return {"packed": viewer.pack(viewer.mark(read_proposal_text(text, name=name)))}, b""


def _line(**asked: Any) -> tuple[dict[str, Any], bytes]:
    return line_record(import_upload(**asked))


def _archive(path: Path, reading: Reading, limits: Limits, spool: Path) -> tuple[dict[str, Any], bytes]:
    """Open an archive; the days of one that is no zip file go into the spool, packed one after another."""
    archive = open_archive(path, reading=reading, limits=limits)
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    places = dict.fromkeys(archive.days, (0, 0))
    if not is_zip:
        with spool.open("wb") as file:
            for day in archive.days:
                packed = zlib.compress(archive.content(day), level=1)
                places[day] = file.tell(), len(packed)
                file.write(packed)
    days = [[day.isoformat(), archive.file_name(day), *places[day]] for day in archive.days]
    skipped = [[entry.date and entry.date.isoformat(), entry.name, entry.reason] for entry in archive.skipped]
    return {"name": archive.name, "is_zip": is_zip, "days": days, "skipped": skipped}, b""


def _archive_day(path: Path, reading: Reading, limits: Limits, day: date) -> tuple[dict[str, Any], bytes]:
    return {}, open_archive(path, reading=reading, limits=limits).content(day)


JOBS: Final[Jobs] = {
    "line": _line,
    "proposal": _proposal,
    "viewers_proposal": _viewers_proposal,
    "archive": _archive,
    "archive_day": _archive_day,
}
