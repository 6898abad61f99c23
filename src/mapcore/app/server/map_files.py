"""
What the map's frame loads from this server: its scripts in one file, its styles in another, and geometry.

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
_fixed: Final[dict[str, Packed]] = {}
_fonts: Final[list[Packed]] = []
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
    return _name("js")


def style_name() -> str:
    """Return the name of the frame's styles, one file."""
    return _name("css")


def font_name() -> str:
    """Return the name of the typeface of pages and maps, which the map's styles load from beside them."""
    return f"{_font().sum}.woff2"


def content(name: str) -> bytes:
    """Return the scripts, the styles or the typeface by its name, for a host without these addresses."""
    return _fixed_files()[name].body


def _name(kind: str) -> str:
    return next(name for name in _fixed_files() if name.endswith(kind))


def _font() -> Packed:
    """Return the typeface, which is needed before the rest is imported."""
    if not _fonts:
        _fonts.append(Packed((TYPEFACE_DIR / "mapcore-sans.woff2").read_bytes(), "font/woff2"))
    return _fonts[0]


def _fixed_files() -> dict[str, Packed]:
    with _building:
        if not _fixed:
            font = _font()
            script = b"\n;\n".join(path.read_bytes() for path in _paths("js"))
            # The pictures that leaflet.css names are those of controls and pins that no map of ours has.
            style = b"\n".join(path.read_bytes() for path in _paths("css"))
            style = style.replace(_FONT_IN_STYLE, f"{font.sum}.woff2".encode())
            made = {"js": Packed(script, "text/javascript"), "css": Packed(style, "text/css"), "woff2": font}
            _fixed.update({f"{one.sum}.{kind}": one for kind, one in made.items()})
    return _fixed


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
    for name in (script_name(), style_name()):
        _fixed_files()[name].tighten()


async def _answer(request: Request) -> Response:
    name = request.path_params["name"]
    found = files.find(name) or (await run_in_threadpool(_fixed_files)).get(name)
    if found is None:
        return PlainTextResponse("no such file\n", 404, {"Cache-Control": "no-store"})
    return await found.answer(request.headers)


def routes() -> list[BaseRoute]:
    """Return ``/map/<name>``."""
    return [Route(under_base(f"/{address('{name}')}"), _answer)]
