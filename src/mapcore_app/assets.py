"""
What the map's frame fetches, served by the app itself: Leaflet, mapcore's script, and geometry.

The components exist only so that Streamlit serves their folders; addresses are relative to streamlit-folium's own page,
so that a base path and `?embed=true` work. One script that fails to load leaves the whole map blank, hence no CDN.
Geometry is fetched by address: it stays off the websocket, and the browser keeps it.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit.components.v1 as components
import xstatic.pkg.leaflet

from mapcore import maps
from mapcore.areas import Measured
from mapcore.compare import Comparison
from mapcore.difference import Over
from mapcore.language import cached
from mapcore.theme import Units

#: Files of geometry that are kept; the oldest go first.
_KEPT_FILES = 400


@st.cache_resource
def _geometry_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="mapcore-geometry-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_leaflet = components.declare_component("leaflet", path=str(xstatic.pkg.leaflet.BASE_DIR))
_web = components.declare_component("web", path=str(maps.WEB_DIR))
_geometry = components.declare_component("geometry", path=str(_geometry_folder()))
maps.use_local_scripts(f"../{_leaflet.name}/", f"../{_web.name}/")


def content_url(content: Mapping[str, Any] | Sequence[Any]) -> str:
    """Put content where the map's frame can fetch it, and return the address; the same content, the same address."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    path = _geometry_folder() / f"{hashlib.sha256(text).hexdigest()[:20]}.json"
    if path.exists():
        path.touch()
    else:
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(text)
        unfinished.replace(path)
        for old in sorted(_geometry_folder().glob("*.json"), key=lambda kept: kept.stat().st_mtime)[:-_KEPT_FILES]:
            old.unlink(missing_ok=True)
    return f"../{_geometry.name}/{path.name}"


@cached(maxsize=8)
def base_url() -> str:
    """Return the address of the base map's geometry."""
    return content_url(maps.base_content())


@lru_cache(maxsize=128)
def shapes_url(measured: Measured) -> str:
    """Return the address of a measured proposal's shapes."""
    return content_url(maps.zone_shapes(measured))


@cached(maxsize=256)
def words_url(measured: Measured, units: Units) -> str:
    """Return the address of what the map says of a measured proposal's zones."""
    return content_url(maps.zone_words(measured, units=units))


@cached(maxsize=128)
def places_url(measured: Measured) -> str:
    """Return the address of the settlements drawn over a measured proposal's zones."""
    return content_url(maps.place_marks(measured))


@cached(maxsize=128)
def overlay_url(reference_id: str, lon: float, lat: float) -> str:
    """Return the address of a reference laid over a point."""
    return content_url(maps.laid_reference(reference_id, lon=lon, lat=lat))


@lru_cache(maxsize=256)
def change_shapes_url(comparison: Comparison) -> str:
    """Return the address of the pieces of a comparison."""
    return content_url(maps.change_shapes(comparison))


@cached(maxsize=256)
def change_words_url(comparison: Comparison, over: Over, units: Units) -> str:
    """Return the address of what the difference map says of the pieces of a comparison."""
    return content_url(maps.change_words(comparison, over, units=units))
