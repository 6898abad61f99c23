"""`mapcore dashboard`: the server of the dashboard, with the settings that it ships with."""

from __future__ import annotations

import argparse
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NoReturn

import mapcore
from mapcore.base.errors import DataFileError
from mapcore.base.extras import needs
from mapcore.base.language import mark, tr

EPILOG: Final = mark("""
Serves until it is interrupted. Its own settings hold wherever it is started: uploads of up to 64 MB, no statistics
sent to anyone, the colours. docs/server.md tells what else a server can be told.

examples:
  mapcore dashboard
  mapcore dashboard --port 8600
  mapcore dashboard --address 0.0.0.0    for other machines too
""")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the server listens."""
    parser.add_argument(
        "--address", default="localhost", metavar="HOST", help=tr("to listen at (default: %(default)s)")
    )
    parser.add_argument("--port", type=int, default=8501, metavar="N", help=tr("to listen on (default: %(default)s)"))


def entry_file() -> Path:
    """Return `dashboard.py`: in the installed package or at the top of the working copy; its settings lie beside it."""
    package = Path(mapcore.__file__).resolve().parent
    for folder in (package / "start", package.parents[1]):
        if (folder / "dashboard.py").is_file():
            return folder / "dashboard.py"
    raise DataFileError(tr("mapcore's dashboard.py is missing; reinstall mapcore"))


def serve(arguments: argparse.Namespace) -> NoReturn:
    """Become the server; what Streamlit prints goes to stderr where the answer is to be JSON."""
    with needs("app"):
        for package in ("matplotlib", "streamlit", "streamlit_folium"):
            if find_spec(package) is None:
                raise ModuleNotFoundError(name=package)
    where = ["--server.address", arguments.address, "--server.port", str(arguments.port)]
    if arguments.json:
        print(json.dumps({"address": f"http://{arguments.address}:{arguments.port}"}), flush=True)  # noqa: T201
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # A process of its own making, since this one is marked as the command's.
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(entry_file()), *where])  # noqa: S606
