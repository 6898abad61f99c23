"""The scripts and styles of the dashboard's own elements, which lie beside those of the map."""

from __future__ import annotations

from mapcore.base.data_files import WEB_DIR


def text(name: str) -> str:
    """Return one of the files."""
    return (WEB_DIR / "app" / name).read_text(encoding="utf-8")


def of_place(*names: str) -> str:
    """Return files that the search for a settlement shares with pages without a server, one after another."""
    return "\n".join((WEB_DIR / "place" / name).read_text(encoding="utf-8") for name in names)


def style(name: str) -> str:
    """
    Return one of the styles as an element, in one line.

    Streamlit looks at each line of what it draws, at each run of the page: the thousand lines of our styles took it a
    thirtieth of a run.
    """
    return f"<style>{' '.join(text(name).split())}</style>"
