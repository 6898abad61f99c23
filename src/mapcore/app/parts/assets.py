"""
Where the map's frame finds what it loads: Leaflet and its plugin, mapcore's scripts, and geometry.

Addresses are relative to streamlit-folium's own page, so that a base path and `?embed=true` work. One script that fails
to load leaves the whole map blank, hence no CDN. Geometry is fetched by address: it stays off the websocket, and the
browser keeps it. An address asks nobody who they are: what comes of a visitor's own line or own proposal has none, and
travels in the messages of their session. So does all geometry where no server of ours draws the page.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Final, ParamSpec, TypeAlias

from streamlit import runtime

from mapcore.analysis.compare import Comparison, Over
from mapcore.app.server import map_files
from mapcore.base import memory
from mapcore.base.language import cached
from mapcore.base.memory import current, owner
from mapcore.measurement.areas import KEPT, Measured
from mapcore.present import map_geometry, object_marks, settlement_marks, tooltips
from mapcore.present.place_index import place_index
from mapcore.present.rivers import rivers
from mapcore.present.towns import towns
from mapcore.present.wording import Units

#: From the folder of streamlit-folium's page to that of Streamlit's own.
_UP: Final = "../../"
#: How an address starts that holds its content, packed: `web/map/loading.js` unpacks it.
_INLINE: Final = "gzip:"
#: What is at an address, as JSON.
Content: TypeAlias = Mapping[str, Any] | Sequence[Any]
_P = ParamSpec("_P")


def frame_files() -> tuple[str, str]:
    """Return where the frame finds its scripts and its styles, each one file."""
    script, style, font = map_files.script_name(), map_files.style_name(), map_files.font_name()
    if map_files.is_serving():
        return _UP + map_files.address(script), _UP + map_files.address(style)
    # A host that runs the page's script by itself has them for the session, as it has pictures.
    keep = runtime.get_instance().media_file_mgr.add
    kept_font = keep(map_files.content(font), "font/woff2", "map font").rpartition("/")[2]
    styles = map_files.content(style).replace(font.encode(), kept_font.encode())
    kept = keep(map_files.content(script), "text/javascript", "map script"), keep(styles, "text/css", "map style")
    return _UP + kept[0].lstrip("/"), _UP + kept[1].lstrip("/")


def content_url(content: Content) -> str:
    """
    Put content where the map's frame can fetch it, and return the address; the same content, the same address.

    What is made for a visitor alone is put nowhere: the address holds the content itself.
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    if current() is None and map_files.is_serving():
        return _UP + map_files.address(map_files.files.put(text))
    return f"{_INLINE}{base64.b64encode(gzip.compress(text, 6, mtime=0)).decode()}"


def addressed(maxsize: int) -> Callable[[Callable[_P, Content]], Callable[_P, str]]:
    """
    Make a function of content one of its address, which is kept apart for each language.

    An address that is asked for counts as used, and its content is put there anew where it was dropped: the base map's
    is asked for by every visitor, long after it was put.
    """

    def decorate(content: Callable[_P, Content]) -> Callable[_P, str]:
        @cached(maxsize=maxsize)
        def address(*args: _P.args, **kwargs: _P.kwargs) -> str:
            return content_url(content(*args, **kwargs))

        @wraps(content)
        def url(*args: _P.args, **kwargs: _P.kwargs) -> str:
            found = address(*args, **kwargs)
            if map_files.is_serving() and not (owner(args, *kwargs.values()) or current()):
                holds = map_files.files.find(found.rpartition("/")[2]) is not None
            else:
                holds = found.startswith(_INLINE)
            return found if holds else content_url(content(*args, **kwargs))

        return url

    return decorate


@addressed(maxsize=8)
def _rivers_url() -> Content:
    return rivers()


@addressed(maxsize=8)
def _towns_url() -> Content:
    return towns()


@addressed(maxsize=8)
def _base_url(rivers_at: str, towns_at: str) -> Content:
    return {**map_geometry.base_content(), "later": {"rivers": rivers_at, "towns": towns_at}}


def base_url() -> str:
    """Return the address of the base map's geometry, in which stand those of what the map loads later."""
    # Where no server answers, all of it would stand in the address, at each run: small names are left out there.
    return _base_url(_rivers_url(), _towns_url() if map_files.is_serving() else "")


@addressed(maxsize=8)
def _place_index_url() -> Content:
    return place_index()


@memory.shared
def _place_index_text() -> bytes:
    return json.dumps(place_index(), ensure_ascii=False, separators=(",", ":")).encode()


def place_index_url() -> str:
    """Return the address of the names of all settlements, from Streamlit's own page."""
    if map_files.is_serving():
        return _place_index_url().removeprefix(_UP)
    keep = runtime.get_instance().media_file_mgr.add
    return str(keep(_place_index_text(), "application/json", "place index")).lstrip("/")


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


@addressed(maxsize=KEPT)
def objects_url(measured: Measured, kinds: tuple[str, ...]) -> Content:
    """Return the address of civil objects drawn over a measured proposal's zones."""
    return object_marks.object_marks(measured, kinds)


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
