"""The proposals that ship: every file of a folder read, the sound ones kept, the others named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from mapcore.base import memory
from mapcore.base.data_files import display_path, geo_dir
from mapcore.base.errors import DataFileError, Problem, ProposalError, UnknownIdError, did_you_mean
from mapcore.base.language import cached, tr
from mapcore.base.shown import Rows
from mapcore.proposals.model import (
    Clause,
    Parameter,
    Proposal,
    PublishedSource,
    Rule,
    Status,
    Term,
    load_statuses,
    settle_parameters,
)
from mapcore.proposals.reader import read_proposal

__all__ = [
    "Clause",
    "Parameter",
    "Proposal",
    "PublishedSource",
    "Rule",
    "Status",
    "Term",
    "load_proposal",
    "load_proposals",
    "load_statuses",
    "read_proposal",
    "read_proposals",
    "scan_folder",
    "scan_proposals",
    "settle_parameters",
]


def read_proposals(
    paths: Iterable[Path], *, read: Callable[[Path], Proposal] = read_proposal
) -> tuple[dict[Path, Proposal], tuple[Problem, ...]]:
    """
    Read several proposal files, each with `read`; they must not share an id.

    Returns
    -------
    proposals, problems
        The sound ones by their path, and every mistake in the others. Of two files with one id the first stands and
        the second is refused. Within one folder that cannot change which proposal a link means, since a file bears
        the name of its id.
    """
    sound: dict[Path, Proposal] = {}
    problems: list[Problem] = []
    first: dict[str, Path] = {}
    for path in {path.resolve(): path for path in paths}.values():
        try:
            proposal = read(path)
        except ProposalError as refusal:
            problems.extend(refusal.told())
            continue
        other = first.setdefault(proposal.id, path)
        if other is path:
            sound[path] = proposal
        else:
            taken = tr("'{id}' is already the id of {place}").format(id=proposal.id, place=display_path(other))
            problems.append(Problem(display_path(path), "id", taken, tr("give each file its own id, and its name")))
    return sound, tuple(problems)


def scan_proposals() -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    """
    Read all shipped proposals.

    Returns
    -------
    proposals, problems
        Those that are sound, in their order, the same objects in every language; and one sentence for each mistake in
        a file that is refused. The others go on working.
    """
    return _sound(), _mistakes()


@memory.shared
def _sound() -> tuple[Proposal, ...]:
    return scan_folder(geo_dir() / "scenarios")[0]


@cached(maxsize=8)
def _mistakes() -> tuple[str, ...]:
    return scan_folder(geo_dir() / "scenarios")[1]


def scan_folder(folder: Path) -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    """Read all proposals of a folder; see `scan_proposals`."""
    sound, problems = read_proposals(sorted(folder.glob("*.toml")))
    ordered = sorted(sound.values(), key=lambda proposal: (proposal.order, proposal.id))
    return tuple(ordered), tuple(str(problem) for problem in problems)


def load_proposals() -> Rows[Proposal]:
    """
    Return the sound shipped proposals in the order of the dashboard.

    Examples
    --------
    >>> import mapcore
    >>> mapcore.load_proposals().to_frame()["id"].tolist()[0]
    'us-28-point'
    """
    return Rows(_sound())


def load_proposal(proposal_id: str) -> Proposal:
    """
    Return one shipped proposal.

    Raises
    ------
    UnknownIdError
        If there is none with this id.
    ProposalError
        If there is one and its file is refused.

    Examples
    --------
    >>> import mapcore
    >>> mapcore.load_proposal("e3-counter")
    <Proposal e3-counter: European counter-proposal (E3), United Kingdom, France, Germany, 2025-11-23>
    """
    known = {proposal.id: proposal for proposal in load_proposals()}
    if proposal_id in known:
        return known[proposal_id]
    refused = {path.stem: path for path in (geo_dir() / "scenarios").glob("*.toml") if path.stem not in known}
    if proposal_id in refused:
        read_proposal(refused[proposal_id])
    sentence = tr("no proposal '{id}'").format(id=proposal_id)
    raise UnknownIdError(f"{sentence}{did_you_mean(proposal_id, known)}")


def check_proposal(file: str, row: str, proposal_id: str) -> None:
    """
    Look whether a row of a data file leads to a proposal that is there; an empty id leads to none.

    Raises
    ------
    DataFileError
        If there is no proposal with this id.
    """
    if proposal_id and proposal_id not in {found.id for found in load_proposals()}:
        sentence = tr("{file}: {row}: proposal: there is no '{id}'; correct it or delete the key")
        raise DataFileError(sentence.format(file=file, row=row, id=proposal_id))
