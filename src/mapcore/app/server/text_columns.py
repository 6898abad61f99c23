"""
Text in tables stays with Python, and does not go into Arrow's memory.

pandas keeps columns of text with pyarrow where that is installed, as Streamlit has it. In a server whose threads come
and go with each run, that ended the process: once in libarrow (`ArraySpan::SetMembers` read freed memory, pyarrow 26.0,
pandas 3.1), after 25 minutes of a hundred sessions; others tell of the same with threads and pyarrow since 24 (arrow
issues 50471 and 50908). Our tables are small, and their text is read as Python's strings anyway.

The server's entry file imports this module, so it imports no part of the dashboard.
"""

from __future__ import annotations

import os


def keep_with_python() -> None:
    """Settle it for the process, before the first table; what still asks Arrow for memory gets it from the system."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    import pandas as pd  # noqa: PLC0415, Arrow reads the variable when it is loaded

    pd.set_option("mode.string_storage", "python")
