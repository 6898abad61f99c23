"""
Streamlit's own scripts and styles, and those of the map's frame, answered packed.

Streamlit serves them as they are, since it would pack them anew at each request, and the map's frame without a word on
how long they may be kept. Here each is packed once. Pictures and fonts, which are packed already, parts of a file
(`Range`), and what is no file go on to Streamlit; but for the typeface of icons, which is made smaller.
"""

from __future__ import annotations

import re
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware import Middleware

from mapcore.app.server import disk_cache, icon_font
from mapcore.app.server.addresses import under_base
from mapcore.app.server.packing import IMMUTABLE, Packed

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}
#: A path as Streamlit's pages write it; each file has one, so that none is kept twice.
_PLAIN: Final = re.compile(r"[\w-]+(?:[./][\w-]+)*")
#: Names that change with the content, as bundlers give them.
_HASHED: Final = re.compile(r"\.[\w-]{8}\.\w+$")
_A_WHILE: Final = "public, max-age=3600"
_FOLDER: Final = Path(streamlit.__file__).parent / "static"


def _folders() -> dict[str, Path]:
    """Return each folder by the path in front of its files; `streamlit_folium` must not be imported here."""
    found = {under_base("/static/"): _FOLDER / "static"}
    spec = find_spec("streamlit_folium")
    for package in (spec and spec.submodule_search_locations) or ():
        found[under_base("/component/streamlit_folium.st_folium/")] = Path(package) / "frontend" / "build"
    return found


class StaticFiles:
    """The files of some folders, each kept once it was asked for; 23 MB of them, of which a visit takes 3."""

    def __init__(self, folders: dict[str, Path]) -> None:
        self._folders = folders
        self._kept: dict[str, Packed] = {}

    def covers(self, path: str) -> bool:
        """Whether a path may be one of these files, from its looks alone."""
        return path in self._kept or (Path(path).suffix in _TYPES and path.startswith(tuple(self._folders)))

    def find(self, path: str) -> Packed | None:
        """Return the file at the path of a request, or None where there is none."""
        if path not in self._kept:
            prefix = next(folder for folder in self._folders if path.startswith(folder))
            name = path.removeprefix(prefix)
            file = self._folders[prefix] / name
            if not (_PLAIN.fullmatch(name) and file.is_file()):
                return None
            lasting = IMMUTABLE if _HASHED.search(name) else _A_WHILE
            self._kept.setdefault(path, Packed(file.read_bytes(), _TYPES[file.suffix], lasting))
        return self._kept[path]

    def put(self, path: str, file: Packed) -> None:
        """Answer a path with another form of its file."""
        self._kept[path] = file


class PackedFilesMiddleware:
    """Answers requests for these files; all else passes untouched."""

    def __init__(self, app: ASGIApp, files: StaticFiles) -> None:
        self.app, self.files = app, files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and self.files.covers(scope["path"]):
            asked = Headers(scope=scope)
            found = None if "range" in asked else await run_in_threadpool(self.files.find, scope["path"])
            if found:
                await (await found.answer(asked))(scope, receive, send)
                return
        await self.app(scope, receive, send)


files: Final = StaticFiles(_folders())


def frame_scripts() -> list[str]:
    """Return the addresses of the scripts of st_folium's frame, from Streamlit's page."""
    prefix = "component/streamlit_folium.st_folium/"
    folder = _folders().get(under_base(f"/{prefix}"))
    return (
        [f"{prefix}{path.relative_to(folder).as_posix()}" for path in folder.glob("static/js/main.*.js")]
        if folder
        else []
    )


def tighten() -> None:
    """Pack what every visitor loads as small as it gets: the scripts and styles that Streamlit's page names."""
    page = (_FOLDER / "index.html").read_text(encoding="utf-8")
    for name in re.findall(r'(?:src|href)="\./(static/[^"]+)"', page):
        path = under_base(f"/{name}")
        found = files.find(path) if files.covers(path) else None
        if found:
            found.tighten()


def reduce_icons() -> None:
    """Answer the typeface of Streamlit's icons with those that can be shown, see `icon_font`."""
    for font in (_FOLDER / "static" / "media").glob("MaterialSymbols-Rounded.*.woff2"):
        names = icon_font.names_used(_FOLDER / "static" / "js")
        recipe = " ".join([icon_font.recipe(), *sorted(names)])
        icons = disk_cache.cached(recipe, font.read_bytes(), partial(icon_font.reduced, font, names))
        files.put(under_base(f"/static/media/{font.name}"), Packed(icons, "font/woff2"))


def middleware() -> list[Middleware]:
    """Return what `st.App` is to put before Streamlit's own files."""
    return [Middleware(PackedFilesMiddleware, files=files)]
