"""
What the map's frame fetches, served by the app itself: Leaflet and its plugin, mapcore's scripts, and geometry.

The components exist only so that Streamlit serves their folders; addresses are relative to streamlit-folium's own page,
so that a base path and `?embed=true` work. One script that fails to load leaves the whole map blank, hence no CDN.
Geometry is fetched by address: it stays off the websocket, and the browser keeps it.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias

import streamlit.components.v1 as components
import xstatic.pkg.leaflet
import xstatic.pkg.leaflet_gesturehandling

from mapcore import maps
from mapcore.areas import KEPT, Measured
from mapcore.compare import Comparison, Over
from mapcore.language import cached
from mapcore.theme import Units

#: Files of geometry that are kept; those used longest ago go first.
_KEPT_FILES = 400

#: What a file holds, as JSON.
Content: TypeAlias = Mapping[str, Any] | Sequence[Any]
_P = ParamSpec("_P")
#: Visitors who come at once write one after the other.
_writing = threading.Lock()


# Made here and by no cache of Streamlit's: that may end the run that asks, in the middle of this module's import, and
# the run of the next visitor, who waits for the same import, would fail with it.
_GEOMETRY_FOLDER = Path(tempfile.mkdtemp(prefix="mapcore-geometry-"))
atexit.register(shutil.rmtree, _GEOMETRY_FOLDER, ignore_errors=True)

_leaflet = components.declare_component("leaflet", path=str(xstatic.pkg.leaflet.BASE_DIR))
_gestures = components.declare_component("gestures", path=str(xstatic.pkg.leaflet_gesturehandling.BASE_DIR))
_web = components.declare_component("web", path=str(maps.WEB_DIR))
_geometry = components.declare_component("geometry", path=str(_GEOMETRY_FOLDER))
maps.use_local_scripts(f"../{_leaflet.name}/", f"../{_gestures.name}/", f"../{_web.name}/")


def content_url(content: Content) -> str:
    """Put content where the map's frame can fetch it, and return the address; the same content, the same address."""
    return _url(_put(content))


def _url(name: str) -> str:
    return f"../{_geometry.name}/{name}"


def _put(content: Content) -> str:
    """Write content unless it is there already, drop the files that were used longest ago, and return its name."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    path = _GEOMETRY_FOLDER / f"{hashlib.sha256(text).hexdigest()[:20]}.json"
    with _writing:
        if path.exists():
            path.touch()
        else:
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(text)
            unfinished.replace(path)
            for old in sorted(_GEOMETRY_FOLDER.glob("*.json"), key=lambda kept: kept.stat().st_mtime)[:-_KEPT_FILES]:
                old.unlink()
    return path.name


def _addressed(maxsize: int) -> Callable[[Callable[_P, Content]], Callable[_P, str]]:
    """
    Make a function of content one of its address, which is kept apart for each language.

    An address that is asked for counts as used, and its file is written anew where it was dropped: the base map's is
    asked for by every visitor, long after it was written.
    """

    def decorate(content: Callable[_P, Content]) -> Callable[_P, str]:
        @cached(maxsize=maxsize)
        def named(*args: _P.args, **kwargs: _P.kwargs) -> str:
            return _put(content(*args, **kwargs))

        @wraps(content)
        def url(*args: _P.args, **kwargs: _P.kwargs) -> str:
            name = named(*args, **kwargs)
            try:
                os.utime(_GEOMETRY_FOLDER / name)
            except FileNotFoundError:
                name = _put(content(*args, **kwargs))
            return _url(name)

        return url

    return decorate


@_addressed(maxsize=8)
def base_url() -> Content:
    """Return the address of the base map's geometry."""
    return maps.base_content()


@_addressed(maxsize=KEPT)
def shapes_url(measured: Measured) -> Content:
    """Return the address of a measured proposal's shapes."""
    return maps.zone_shapes(measured)


@_addressed(maxsize=KEPT)
def words_url(measured: Measured, units: Units) -> Content:
    """Return the address of what the map says of a measured proposal's zones."""
    return maps.zone_words(measured, units=units)


@_addressed(maxsize=KEPT)
def places_url(measured: Measured) -> Content:
    """Return the address of the settlements drawn over a measured proposal's zones."""
    return maps.place_marks(measured)


@_addressed(maxsize=128)
def overlay_url(reference_id: str, lon: float, lat: float) -> Content:
    """Return the address of a reference laid over a point."""
    return maps.laid_reference(reference_id, lon=lon, lat=lat)


@_addressed(maxsize=KEPT)
def change_shapes_url(comparison: Comparison) -> Content:
    """Return the address of the pieces of a comparison."""
    return maps.change_shapes(comparison)


@_addressed(maxsize=KEPT)
def change_words_url(comparison: Comparison, over: Over, units: Units) -> Content:
    """Return the address of what the difference map says of the pieces of a comparison."""
    return maps.change_words(comparison, over, units=units)
