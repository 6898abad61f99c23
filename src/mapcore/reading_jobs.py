"""What is done with files from outside in a process of their own; nothing that is not named here is done there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from mapcore import boundaries, own
from mapcore.confine_order import Jobs
from mapcore.imports import import_bytes
from mapcore.passing import line_told
from mapcore.proposal_file import read_proposal_file, read_proposal_text
from mapcore.proposal_writer import to_content
from mapcore.zones import idle_rules


def prepare() -> None:
    """Load what every reader needs, before the first one is forked."""
    boundaries.load_oblasts()
    boundaries.country()


def _proposal(text: bytes, path: Path) -> tuple[dict[str, Any], bytes]:
    proposal = read_proposal_file(text, path)
    widest = {name: parameter.max for name, parameter in proposal.parameters.items()}
    content = to_content(proposal) | {"date": proposal.date.isoformat()}
    return {"content": content, "idle": idle_rules(proposal, parameters=widest)}, b""


def _own(text: bytes, name: str) -> tuple[dict[str, Any], bytes]:
    return {"packed": own.pack(own.mark(read_proposal_text(text, name=name)))}, b""


def _line(**asked: Any) -> tuple[dict[str, Any], bytes]:
    return line_told(import_bytes(**asked))


JOBS: Final[Jobs] = {"line": _line, "proposal": _proposal, "own": _own}
