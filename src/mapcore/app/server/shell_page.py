"""
Streamlit's own page, and where a first answer is placed in it.

The answer stands before what Streamlit's page loads, so that it is on the screen before that has come. What is looked
for is held against the installed Streamlit by a test; where another one has changed it, its page is answered as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streamlit import file_util

from mapcore.app.server import map_files
from mapcore.base.data_files import WEB_DIR

if TYPE_CHECKING:
    from mapcore.publish.first_answer.document import FirstAnswer

_LANGUAGE: Final = '<html lang="en">'
_TITLE: Final = "<title>Streamlit</title>"
_ROOT: Final = '<div id="root"></div>'
#: What tells a reader without scripts that there is nothing to read.
_EMPTY: Final = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
#: What Streamlit's page loads.
_LOADED: Final = re.compile(
    r'<script type="module"[^>]*></script>|<link rel="(?:modulepreload|stylesheet)"[^>]*>', re.DOTALL
)
#: The typeface that Streamlit's page has loaded at once; our theme has another one.
_TYPEFACE: Final = re.compile(r'(?<=href=")\./static/media/SourceSansVF-Upright[^"]*\.woff2(?=")')
_FACE: Final = (
    '<style>@font-face{{font-family:"Answer Sans";src:url({url}) format("woff2");font-weight:400 700}}</style>'
)
#: Until Streamlit's page knows our theme, its letters have its own typeface; they get ours at once, after its styles.
_INSTEAD: Final = (
    '<style>@font-face{{font-family:Source Sans;src:url({url}) format("woff2");font-weight:100 900}}</style>'
)


class ShellError(ValueError):
    """Streamlit's page is not what a first answer can be placed in."""


def folder() -> Path:
    """Return where Streamlit's page and what it loads are installed."""
    return Path(file_util.get_static_dir())


def shell() -> str:
    """Return Streamlit's page as it is installed."""
    return (folder() / "index.html").read_text(encoding="utf-8")


def _typeface() -> str:
    return f"./{map_files.address(map_files.font_name())}"


def _styled_root(*, embedded: bool) -> str:
    """Return the place of the live page, before the styles of all our pages: they hold over those of one page."""
    return f'{_ROOT}\n<link rel="stylesheet" href="./{page_style(embedded=embedded)}">'


def page_style(*, embedded: bool) -> str:
    """Return where the styles of all our pages are, from Streamlit's page; `header.draw` looks whether they came."""
    return map_files.address(map_files.page_style_name(embedded=embedded))


def alone(page: str, *, embedded: bool) -> str:
    """Return Streamlit's page with no answer in it: it has our name and, on another page, tells that one its height."""
    page = _TYPEFACE.sub(_typeface(), page.replace(_TITLE, "<title>mapcore</title>"))
    page = page.replace(_ROOT, _styled_root(embedded=embedded))
    if not embedded:
        return page
    script = (WEB_DIR / "embed" / "height.js").read_text(encoding="utf-8")
    return page.replace("</head>", f"<script>{script}</script></head>", 1)


def placed(page: str, answer: FirstAnswer, *, embedded: bool, ahead: Sequence[str] = ()) -> str:
    """
    Return Streamlit's page with a first answer in it.

    Parameters
    ----------
    ahead
        Tags for what the live page will load later than its own scripts.

    Raises
    ------
    ShellError
        If it lacks one of the places, or has it twice.
    """
    for place in (_LANGUAGE, _TITLE, _ROOT):
        if page.count(place) != 1:
            raise ShellError(f"Streamlit's page has {page.count(place)} times {place}, not once")
    loaded, typefaces = _LOADED.findall(page), _TYPEFACE.findall(page)
    if not any(tag.startswith("<script") for tag in loaded) or len(typefaces) != 1 or len(_EMPTY.findall(page)) != 1:
        raise ShellError("Streamlit's page lacks its script, its typeface, or its note for readers without scripts")
    root = _styled_root(embedded=embedded)
    instead = _INSTEAD.format(url=_typeface())
    page = _EMPTY.sub("", _LOADED.sub("", page)).replace(
        _ROOT, "\n".join([answer.body, *loaded, instead, *ahead, root])
    )
    head = "\n    ".join([*answer.head, _FACE.format(url=_typeface())])
    page = _TYPEFACE.sub(_typeface(), page)
    return page.replace(_LANGUAGE, f'<html lang="{answer.lang}">', 1).replace(_TITLE, head, 1)
