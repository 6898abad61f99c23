"""
What the map's frame fetches, served by the app itself: Leaflet and its plugin, mapcore's scripts, and geometry.

The components exist only so that Streamlit serves their folders; addresses are relative to streamlit-folium's own page,
so that a base path and `?embed=true` work. One script that fails to load leaves the whole map blank, hence no CDN.
Geometry is fetched by address: it stays off the websocket, and the browser keeps it. An address asks nobody who they
are: what comes of a visitor's own line or own proposal has none, and travels in the messages of their session.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Final, Literal, ParamSpec, TypeAlias

import folium
import streamlit.components.v1 as components
import xstatic.pkg.leaflet
import xstatic.pkg.leaflet_gesturehandling

from mapcore.analysis.compare import Comparison, Over
from mapcore.app.server import server_folder
from mapcore.base.data_files import WEB_DIR
from mapcore.base.language import cached
from mapcore.base.memory import current, owner
from mapcore.measurement.areas import KEPT, Measured
from mapcore.present import folium_map, map_geometry, settlement_marks, tooltips
from mapcore.present.map_settings import MAP_SCRIPTS, MAP_STYLES
from mapcore.present.wording import Units

#: Files of geometry that are kept; those used longest ago go first.
_KEPT_FILES = 400

#: How an address starts that holds its content, packed: `web/map/loading.js` unpacks it.
_INLINE: Final = "gzip:"
#: What a file holds, as JSON.
Content: TypeAlias = Mapping[str, Any] | Sequence[Any]
_log: Final = logging.getLogger(__name__)
_P = ParamSpec("_P")
#: Visitors who come at once write one after the other.
_writing = threading.Lock()


def _folder() -> Path | None:
    """Return the folder of geometry, or None where there is no room for one."""
    try:
        return server_folder.part("geometry")
    except OSError:
        _log.exception("No folder for the map's geometry: it travels in messages instead")
        return None


# Made here and by no cache of Streamlit's: that may end the run that asks, in the middle of this module's import, and
# the run of the next visitor, who waits for the same import, would fail with it.
_GEOMETRY_FOLDER = _folder()

_leaflet = components.declare_component("leaflet", path=str(xstatic.pkg.leaflet.BASE_DIR))
_gestures = components.declare_component("gestures", path=str(xstatic.pkg.leaflet_gesturehandling.BASE_DIR))
_web = components.declare_component("web", path=str(WEB_DIR))
_geometry = _GEOMETRY_FOLDER and components.declare_component("geometry", path=str(_GEOMETRY_FOLDER))
_SCRIPTS: Final = (
    (_leaflet, "leaflet.js"),
    (_gestures, "leaflet-gesture-handling.min.js"),
    *((_web, f"map/{name}.js") for name in (*MAP_SCRIPTS, "draw")),
)
_STYLES: Final = ((_leaflet, "leaflet.css"), *((_web, f"map/{name}.css") for name in (*MAP_STYLES, "draw")))


#: st_folium loads one script after another, so the frame's are one file.
_SCRIPT: Final = b"\n;\n".join((Path(folder.path or "") / name).read_bytes() for folder, name in _SCRIPTS)


def _script_urls() -> list[str]:
    """Return where the frame finds its scripts: in one file, or where that cannot be written in one each."""
    if _GEOMETRY_FOLDER and _geometry:
        try:
            return [f"../{_geometry.name}/{_put(_SCRIPT, _GEOMETRY_FOLDER, 'js')}"]
        except OSError:
            _log.exception("The map's scripts cannot be written as one file: they are loaded one after another")
    return [f"../{folder.name}/{name}" for folder, name in _SCRIPTS]


def base_map() -> folium.Map:
    """Return the map under every proposal, with its scripts, styles and geometry where the frame finds them."""
    folium_map.use_local_scripts(_script_urls(), [f"../{folder.name}/{name}" for folder, name in _STYLES])
    return folium_map.base_map(base_url())


def content_url(content: Content) -> str:
    """
    Put content where the map's frame can fetch it, and return the address; the same content, the same address.

    Of what is made for a visitor alone nothing is written: the address holds the content itself. So it does where the
    folder is full or gone.
    """
    if current() is None and _GEOMETRY_FOLDER and _geometry:
        try:
            return f"../{_geometry.name}/{_put(_text(content), _GEOMETRY_FOLDER, 'json')}"
        except OSError:
            _log.exception("Geometry cannot be written: it travels in messages instead")
    return _inline(content)


def _inline(content: Content) -> str:
    packed = gzip.compress(_text(content), 6, mtime=0)
    return f"{_INLINE}{base64.b64encode(packed).decode()}"


def _text(content: Content) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _put(text: bytes, folder: Path, ending: Literal["js", "json"]) -> str:
    """Write a text unless it is there already, drop the geometry that was used longest ago, and return its name."""
    path = folder / f"{hashlib.sha256(text).hexdigest()[:20]}.{ending}"
    with _writing:
        if path.exists():
            path.touch()
        else:
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".part")
            try:
                unfinished.write_bytes(text)
                unfinished.replace(path)
            except OSError:
                unfinished.unlink(missing_ok=True)
                raise
            for old in sorted(folder.glob("*.json"), key=lambda kept: kept.stat().st_mtime)[:-_KEPT_FILES]:
                old.unlink(missing_ok=True)
    return path.name


def addressed(maxsize: int) -> Callable[[Callable[_P, Content]], Callable[_P, str]]:
    """
    Make a function of content one of its address, which is kept apart for each language.

    An address that is asked for counts as used, and its file is written anew where it was dropped: the base map's is
    asked for by every visitor, long after it was written.
    """

    def decorate(content: Callable[_P, Content]) -> Callable[_P, str]:
        @cached(maxsize=maxsize)
        def address(*args: _P.args, **kwargs: _P.kwargs) -> str:
            return content_url(content(*args, **kwargs))

        @wraps(content)
        def url(*args: _P.args, **kwargs: _P.kwargs) -> str:
            found = address(*args, **kwargs)
            if found.startswith(_INLINE) and not (owner(args, *kwargs.values()) or current()):
                # It was written when there was no room; there may be some again.
                return content_url(content(*args, **kwargs))
            if _GEOMETRY_FOLDER and not found.startswith(_INLINE):
                try:
                    os.utime(_GEOMETRY_FOLDER / found.rpartition("/")[2])
                except OSError:
                    return content_url(content(*args, **kwargs))
            return found

        return url

    return decorate


@addressed(maxsize=8)
def base_url() -> Content:
    """Return the address of the base map's geometry."""
    return map_geometry.base_content()


@addressed(maxsize=KEPT)
def shapes_url(measured: Measured) -> Content:
    """Return the address of a measured proposal's shapes."""
    return map_geometry.zone_shapes(measured)


@addressed(maxsize=KEPT)
def words_url(measured: Measured, units: Units) -> Content:
    """Return the address of what the map says of a measured proposal's zones."""
    return tooltips.zone_words(measured, units=units)


@addressed(maxsize=KEPT)
def places_url(measured: Measured) -> Content:
    """Return the address of the settlements drawn over a measured proposal's zones."""
    return settlement_marks.place_marks(measured)


@addressed(maxsize=128)
def overlay_url(area_id: str, lon: float, lat: float) -> Content:
    """Return the address of a reference laid over a point."""
    return map_geometry.laid_area(area_id, lon=lon, lat=lat)


@addressed(maxsize=KEPT)
def change_shapes_url(comparison: Comparison) -> Content:
    """Return the address of the pieces of a comparison."""
    return map_geometry.change_shapes(comparison)


@addressed(maxsize=KEPT)
def change_words_url(comparison: Comparison, over: Over, units: Units) -> Content:
    """Return the address of what the difference map says of the pieces of a comparison."""
    return tooltips.change_words(comparison, over, units=units)
