"""What writes on a disk that is full: a process that may write no file larger than so many bytes."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from mapcore import load_proposal
from mapcore.base.errors import ExportError
from mapcore.cli import main
from mapcore.publish.site import write_site


def command(limit: int, *words: str) -> int:
    """Run a command."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return main.main([*words])


def site(limit: int, folder: Path) -> int:
    """Write a site of one proposal; a refusal goes to stdout."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        write_site(folder, proposals=[load_proposal("line-as-is")])
    except ExportError as refusal:
        sys.stdout.write(str(refusal))
        return 2
    return 0
