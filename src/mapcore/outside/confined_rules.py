"""Proposals from files of outsiders, read in a process of their own: `reader` with limits around it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mapcore.base.data_files import display_path
from mapcore.base.errors import ProposalError
from mapcore.base.limits import Limits
from mapcore.base.table_reader import on_one_line
from mapcore.confine.confinement import Question
from mapcore.confine.messages import AnswerError, text_of
from mapcore.outside.confined_lines import READERS
from mapcore.proposals import viewer
from mapcore.proposals.model import Proposal
from mapcore.proposals.reader import check_content, content_of, dated


def check_file(path: Path, *, limits: Limits | None = None) -> tuple[Proposal, tuple[int, ...]]:
    """
    Read a proposal's file as `reader.read_proposal` does, and hold its rules against the default line.

    Returns
    -------
    proposal, idle
        The proposal, and the indices of its rules that match no land on that line.

    Raises
    ------
    ProposalError
        As there; also if that takes longer or more memory than the limits allow, or breaks the process.
    """
    text, name = content_of(path), display_path(path)
    question = Question("proposal", {"text": text, "path": path}, name, ProposalError, len(text) / 1_000_000)

    def check(answer: Mapping[str, Any], _: bytes) -> tuple[Proposal, tuple[int, ...]]:
        proposal = check_content(dated(answer["content"]), name=name)
        idle = tuple(answer["idle"])
        if not set(idle) <= set(range(len(proposal.rules))):
            raise AnswerError("no rules of this proposal")
        return proposal, idle

    return READERS.ask(question, check, limits or Limits.from_environment())


def read_viewers_proposal(text: bytes, *, name: str, limits: Limits | None = None) -> Proposal:
    """
    Read a file that a viewer brings as the viewer's own proposal, marked as such.

    Raises
    ------
    ProposalError
        If `reader.read_proposal_text` or `viewer.pack` refuses it; or as `check_file`.
    """
    arguments = {"text": text, "name": name}
    question = Question("viewers_proposal", arguments, on_one_line(name), ProposalError, len(text) / 1_000_000)

    def check(answer: Mapping[str, Any], _: bytes) -> Proposal:
        return viewer.unpack(text_of(answer["packed"], most=2 * viewer.MAX_BYTES))

    return READERS.ask(question, check, limits or Limits.from_environment())
