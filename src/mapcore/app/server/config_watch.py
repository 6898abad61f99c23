"""
Streamlit's settings are looked at every few seconds for changes, and not five times a second.

It asks three folders for a `config.toml`, each in a thread, as long as the server runs: half of what an idle server
does. The server's entry file imports this module, so it imports no part of the dashboard.
"""

from __future__ import annotations

from typing import Final

from streamlit.watcher import path_watcher, polling_path_watcher

#: Between two looks, in seconds; Streamlit's own is 0.2.
_EVERY_S: Final = 3.0


def look_seldom() -> None:
    """Settle it for the process, unless it looks at the source in the same way, which it does one file at a time."""
    if path_watcher.get_default_path_watcher_class() is not polling_path_watcher.PollingPathWatcher:
        vars(polling_path_watcher)["_POLLING_PERIOD_SECS"] = _EVERY_S
