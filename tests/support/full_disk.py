"""What writes on a disk that is full: a process that may write no file larger than so many bytes."""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path

from mapcore import load_proposal
from mapcore.base.errors import ExportError
from mapcore.cli import main
from mapcore.publish.site import write_site


def _fill(limit: int) -> None:
    # Python would keep compiled code cut short, and the next process could not import it.
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def commands(limit: int, lines: Sequence[Sequence[str]]) -> int:
    """Run commands one after another; write what each ended with and told on stderr, as a list in JSON."""
    _fill(limit)
    ended = []
    for words in lines:
        with redirect_stderr(io.StringIO()) as told:
            code = main.main([*words])
        ended.append((code, told.getvalue()))
    json.dump(ended, sys.stdout)
    return 0


def site(limit: int, folder: Path) -> int:
    """Write a site of one proposal; a refusal goes to stdout."""
    _fill(limit)
    try:
        write_site(folder, proposals=[load_proposal("line-as-is")])
    except ExportError as refusal:
        sys.stdout.write(str(refusal))
        return 2
    return 0
