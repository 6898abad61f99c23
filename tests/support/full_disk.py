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


def site_and_commands(folder: Path, most: int, lines: Sequence[Sequence[str]], few: int) -> int:
    """
    Write a site of one proposal where a file may have so many bytes, then run commands where it may have but a few.

    Written to stdout as JSON: `site`, what the refusal of the site said, and `commands`, for each what it ended with
    and told on stderr.
    """
    _fill(most)
    refused = ""
    try:
        write_site(folder, proposals=[load_proposal("us-28-point")])
    except ExportError as refusal:
        refused = str(refusal)
    _fill(few)
    ended = []
    for words in lines:
        with redirect_stderr(io.StringIO()) as told:
            code = main.main([*words])
        ended.append((code, told.getvalue()))
    json.dump({"site": refused, "commands": ended}, sys.stdout)
    return 0
