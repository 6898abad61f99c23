"""
How much the server remembers: `shelves.BUDGET`, moved by the environment.

The server's entry file imports this module, so it imports no part of the dashboard (security.py says why).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from mapcore.app.server import start
from mapcore.base.limits import positive_number
from mapcore.base.shelves import BUDGET

VARIABLE: Final = "MAPCORE_MEMORY_MB"
_MB: Final = 1_000_000


@start.as_set()
def take_from_environment(environment: Mapping[str, str] | None = None) -> None:
    """Take the budget that ``MAPCORE_MEMORY_MB`` sets; a wrong one ends the start with one sentence."""
    megabytes = positive_number(VARIABLE, os.environ if environment is None else environment, BUDGET.most / _MB)
    BUDGET.most = int(megabytes * _MB)
