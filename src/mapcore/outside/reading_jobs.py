"""What is done with files from outside in a process of their own; nothing that is not named here is done there."""

from __future__ import annotations

import zlib
from datetime import date
from pathlib import Path
from typing import Any, Final

from mapcore.base.limits import Limits
from mapcore.confine.order import Jobs
from mapcore.land import boundaries
from mapcore.lines.importing import Reading, import_upload
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
    skipped = [[one.date and one.date.isoformat(), one.name, one.reason] for one in archive.skipped]
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
