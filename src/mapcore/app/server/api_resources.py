"""The answers of the API by their names: what each is, which forms it has, which keys it takes; and how it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mapcore.base.errors import MapcoreError
from mapcore.base.language import mark

#: Settlements in one answer: without a word, of those that a name may mean, and at most.
FEW_PLACES: Final = 100
FEW_FOUND: Final = 3
MOST_PLACES: Final = 5000
MOST_OFFSET: Final = 1_000_000
#: Signs of a part of a name.
MOST_NAME: Final = 100


class RefusedError(MapcoreError):
    """
    A question that gets no answer.

    Attributes
    ----------
    status
        Of HTTP.
    where, what, way_out
        The key of the address that is wrong (or its path), what is wrong with it, and what to ask instead.
    wait_s
        Seconds after which it may be asked again; 0 where waiting does not help.
    """

    def __init__(self, status: int, where: str, what: str, way_out: str, *, wait_s: int = 0) -> None:
        super().__init__(f"{where}: {what}; {way_out}")
        self.status, self.where, self.what, self.way_out, self.wait_s = status, where, what, way_out, wait_s


@dataclass(frozen=True)
class Resource:
    """
    One of the answers.

    Attributes
    ----------
    meaning
        In English, for `tr`.
    forms
        The endings that it has, the one that is given without an ending first.
    keys
        What may be asked, apart from parameters of proposals, `own` and `lang`; those that must be asked first.
    needed
        How many of the keys must be there.
    few
        How many of a list are given without a word.
    several
        Whether `proposal` takes several with commas between them, and all where it is left out.
    """

    meaning: str
    forms: tuple[str, ...]
    keys: tuple[str, ...] = ()
    needed: int = 0
    several: bool = False
    few: int = FEW_PLACES

    @property
    def measures(self) -> bool:
        """Whether it measures proposals, so that it takes their parameters and a viewer's own one."""
        return "proposal" in self.keys


#: By its name in the address, in the order of the description.
RESOURCES: Final[dict[str, Resource]] = {
    "proposals": Resource(mark("The built-in proposals."), ("json", "csv")),
    "controls": Resource(mark("The built-in lines of contact, the newest first."), ("json", "csv")),
    "areas": Resource(
        mark("Areas by oblast and status under a proposal, with ranges, and its ledger."),
        ("json", "csv"),
        ("proposal", "control", "likely"),
        1,
    ),
    "ledger": Resource(
        mark("What proposals change in all, a row for each row of their ledgers, with ranges."),
        ("json", "csv"),
        ("proposal", "control"),
        several=True,
    ),
    "effects": Resource(
        mark(
            "What proposals do to the land: pieces and pockets, lengths of lines, how far the line moves back, people, "
            "towns near the line, civil objects; a row a figure."
        ),
        ("json", "csv"),
        ("proposal", "control"),
        several=True,
    ),
    "compare": Resource(
        mark("The land on which two proposals differ, over all three questions or one of them, by oblast and status."),
        ("json", "csv"),
        ("proposal", "compare", "question", "control"),
        2,
    ),
    "claims": Resource(mark("Published figures compared with ours."), ("json", "csv"), ("control",)),
    "place": Resource(
        mark("The settlements that a name may mean, the likeliest first, with what each is under proposals."),
        ("json", "csv"),
        ("name", "proposal", "oblast", "control", "limit"),
        1,
        several=True,
        few=FEW_FOUND,
    ),
    "places": Resource(
        mark("Settlements with their status under proposals, the most populous first."),
        ("json", "csv"),
        ("proposal", "name", "oblast", "status", "control", "limit", "offset"),
        several=True,
    ),
    "zones": Resource(
        mark("The shapes of a proposal's zones, or with compare of what changes between two, and the line of contact."),
        ("geojson", "csv"),
        ("proposal", "compare", "question", "control"),
        1,
    ),
}
#: The ending of what stands beside an answer.
METADATA: Final = "metadata.json"
