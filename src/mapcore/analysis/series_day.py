"""One day of an archive: its file in, rows of figures out; the same here, in a process, and on a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import pandas as pd

from mapcore.base.limits import Limits
from mapcore.land.provenance import Provenance
from mapcore.lines.importing import About, Reading
from mapcore.lines.upload import Upload
from mapcore.measurement.areas import measure
from mapcore.measurement.zones import build_zones
from mapcore.outside.confined_lines import import_upload
from mapcore.proposals.shipped import Proposal, load_proposals

COLUMNS: Final = ["date", "proposal", "oblast", "held_by", "status", "area_km2"]


@dataclass(frozen=True)
class Job:
    """What is asked of each day: how its file is read, and which proposals are measured (all when None)."""

    reading: Reading = field(default_factory=Reading)
    limits: Limits = field(default_factory=Limits)
    proposals: tuple[Proposal, ...] | None = None

    def measured(self) -> Sequence[Proposal]:
        """Return the proposals that are measured."""
        return load_proposals() if self.proposals is None else self.proposals


def measure_day(job: Job, day: date, upload: Upload) -> pd.DataFrame:
    """
    Measure proposals on the line of one day, read from its file as an import reads it: mended, and without slivers.

    The line is cut once for all of them. What is kept in memory for it goes with it.

    Returns
    -------
    rows
        `COLUMNS`, ordered by proposal (as given) and zone.

    Raises
    ------
    LineFileError
        If the file is no line of contact.
    """
    about = About(as_of=day, provenance=Provenance(upload.name))
    line = import_upload(upload, about=about, reading=job.reading, limits=job.limits)
    parts = []
    for proposal in job.measured():
        zones = measure(build_zones(proposal, control=line))
        parts.append(pd.DataFrame(zones[COLUMNS[2:]]).assign(date=day, proposal=proposal.id))
    return pd.concat(parts, ignore_index=True)[COLUMNS]
