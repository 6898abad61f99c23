"""What the data said wrongly and what it says now, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from mapcore.base import memory
from mapcore.base.data_files import geo_path
from mapcore.base.language import tr
from mapcore.base.table_reader import read_records
from mapcore.proposals.shipped import check_proposal

Kind = Literal["figure", "statement"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True)
class Correction:
    """
    One correction.

    Attributes
    ----------
    kind
        Whether a number that is shown changed, or a statement.
    before, after
        What was said, and what is said now.
    source
        The address of a page that the correction rests on.
    proposal
        The id of the proposal in which it stands, or empty.
    """

    id: str
    date: date
    kind: Kind
    title: str
    before: str
    after: str
    source: str
    proposal: str = ""

    @property
    def words(self) -> tuple[str, str]:
        """What was said and what is said now, in the language in use."""
        before, after = tr("Before: {text}"), tr("Now: {text}")
        return before.format(text=tr(self.before)), after.format(text=tr(self.after))


@memory.shared
def load_corrections() -> tuple[Correction, ...]:
    """
    Return the corrections, the newest first, those of one day in the order of `geo/corrections.toml`.

    Raises
    ------
    DataFileError
        If a key is missing, unknown or of another type, or a row names a proposal that is not there.
    """
    rows = read_records(geo_path("corrections.toml"), "correction", Correction)
    for row in rows:
        check_proposal("geo/corrections.toml", row.id, row.proposal)
    return tuple(sorted(rows, key=lambda row: row.date, reverse=True))
