"""
What pages and the map's frame load from this server: scripts in one file, styles in one each, and geometry.

Each file's address has a sum of its content, so it may be kept for ever, by browsers and by proxies. An address asks
nobody who they are: what comes of a visitor's own line or own proposal is never put here, and travels in the messages
of their session. Geometry is held in memory, what was used longest ago goes first, and whoever shows it puts it again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mapcore.app.server.addresses import under_base
from mapcore.app.server.packing import Packed
from mapcore.base.data_files import TYPEFACE_DIR, WEB_DIR
from mapcore.base.shelves import Shelf

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

#: Where the styles have the typeface among mapcore's own files.
_FONT_IN_STYLE: Final = b"../typeface/mapcore-sans.woff2"
#: Bytes of geometry that are held, in all forms: some hundred proposals on some lines.
_MOST_BYTES: Final = 64_000_000
_MOST_FILES: Final = 10_000


class MapFiles:
    """Files by their names, ``<sum>.json``, on a `Shelf` of so many bytes at most."""

    def __init__(self, most_bytes: int) -> None:
        self.shelf = Shelf(_MOST_FILES, most_bytes=most_bytes, weigh=lambda _, file: file.size)

    def put(self, text: bytes) -> str:
        """Hold a text of JSON, and return its name; the same text, the same name."""
        file = Packed(text, "application/json")
        name = f"{file.sum}.json"
        self.shelf.put(name, file)
        return name

    def find(self, name: str) -> Packed | None:
        """Return a file that is still held; it counts as used."""
        found: Packed | None = self.shelf.find(name, None)
        return found


files: Final = MapFiles(_MOST_BYTES)
#: The styles of a page, of one that stands on another page, and of the map's frame; the frame's scripts; the typeface.
Role = Literal["page", "embedded", "style", "script", "font"]
_PAGE_STYLES: Final[dict[Role, tuple[str, ...]]] = {
    "page": ("page_elements", "first_screen", "print", "head", "tour"),
    "embedded": ("page_elements", "first_screen", "print", "embedded"),
}
_SUFFIXES: Final[dict[Role, str]] = {"page": "css", "embedded": "css", "style": "css", "script": "js", "font": "woff2"}
#: What is needed at the server's start, before the rest is imported.
_light: Final[dict[Role, Packed]] = {}
_of_frame: Final[dict[Role, Packed]] = {}
_building: Final = threading.Lock()
_serving = False


@contextmanager
def serving() -> Iterator[None]:
    """Say that this process answers at these addresses, from the server's start to its end."""
    global _serving  # noqa: PLW0603, one server a process
    _serving = True
    try:
        yield
    finally:
        _serving = False
        files.shelf.clear()


def is_serving() -> bool:
    """Whether this process answers at these addresses; a host that runs the page's script by itself does not."""
    return _serving


def address(name: str) -> str:
    """Return the address of a file by its name, from Streamlit's page, so under any base path: ``map/<sum>.json``."""
    return f"map/{name}"


def script_name() -> str:
    """
    Return the name of the frame's scripts, one file since st_folium loads one after another.

    The head of Streamlit's page can have it loaded early, so that the frame finds it in the browser's store, with
    ``<link rel="preload" as="script" href="{address(script_name())}">``; so too `style_name` (``as="style"``).
    """
    return _name("script")


def style_name() -> str:
    """Return the name of the frame's styles, one file."""
    return _name("style")


def page_style_name(*, embedded: bool) -> str:
    """Return the name of the styles that every page has, one file; those of a page on another one are others."""
    return _name("embedded" if embedded else "page")


def font_name() -> str:
    """Return the name of the typeface of pages and maps, which the map's styles load from beside them."""
    return _name("font")


def content(name: str) -> bytes:
    """Return scripts, styles or the typeface by their name, for a host without these addresses."""
    return _by_name()[name].body


def _name(role: Role) -> str:
    files = _of_frame_files() if role in {"script", "style"} else _light_files()
    return f"{files[role].sum}.{_SUFFIXES[role]}"


def _by_name() -> dict[str, Packed]:
    """Return what lies beside the geometry, by its names."""
    files = _light_files() | _of_frame_files()
    return {_name(role): file for role, file in files.items()}


def _light_files() -> dict[Role, Packed]:
    with _building:
        if not _light:
            _light["font"] = Packed((TYPEFACE_DIR / "mapcore-sans.woff2").read_bytes(), "font/woff2")
            for role, names in _PAGE_STYLES.items():
                text = "\n".join((WEB_DIR / "app" / f"{name}.css").read_text(encoding="utf-8") for name in names)
                _light[role] = Packed(" ".join(text.split()).encode(), "text/css")
    return _light


def _of_frame_files() -> dict[Role, Packed]:
    font = font_name()
    with _building:
        if not _of_frame:
            script = b"\n;\n".join(path.read_bytes() for path in _paths("js"))
            # The pictures that leaflet.css names are those of controls and pins that no map of ours has.
            style = b"\n".join(path.read_bytes() for path in _paths("css"))
            style = style.replace(_FONT_IN_STYLE, font.encode())
            _of_frame["script"] = Packed(script, "text/javascript")
            _of_frame["style"] = Packed(style, "text/css")
    return _of_frame


def _paths(kind: Literal["js", "css"]) -> list[Path]:
    """Return the files that become one, in their order."""
    import xstatic.pkg.leaflet  # noqa: PLC0415, too much for the server's start, as are the next
    import xstatic.pkg.leaflet_gesturehandling  # noqa: PLC0415

    from mapcore.present.map_settings import DRAW_SCRIPTS, MAP_SCRIPTS, MAP_STYLES  # noqa: PLC0415

    leaflet = Path(xstatic.pkg.leaflet.BASE_DIR)
    names = (*MAP_SCRIPTS, *DRAW_SCRIPTS) if kind == "js" else (*MAP_STYLES, "draw")
    own = [WEB_DIR / "map" / f"{name}.{kind}" for name in names]
    if kind == "css":
        return [leaflet / "leaflet.css", *own]
    gestures = Path(xstatic.pkg.leaflet_gesturehandling.BASE_DIR) / "leaflet-gesture-handling.min.js"
    return [leaflet / "leaflet.js", gestures, *own]


def tighten() -> None:
    """Pack scripts and styles as small as it gets."""
    for role, file in {**_light_files(), **_of_frame_files()}.items():
        if role != "font":
            file.tighten()


async def _answer(request: Request) -> Response:
    name = request.path_params["name"]
    found = files.find(name) or (await run_in_threadpool(_by_name)).get(name)
    if found is None:
        return PlainTextResponse("no such file\n", 404, {"Cache-Control": "no-store"})
    return await found.answer(request.headers)


def routes() -> list[BaseRoute]:
    """Return ``/map/<name>``."""
    return [Route(under_base(f"/{address('{name}')}"), _answer)]
