"""
The map's frame: streamlit-folium's component, with scripts that are compiled once and not at each run.

`st_folium` has folium's templates compiled anew for each map at each run, a third of what a click costs; what it sends
of a map depends on the language alone, and on the options of what is shown. So its own functions make the base map's
script once a language, and that of the group once; the options are put into the latter at each run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st
import streamlit_folium
from jinja2.utils import htmlsafe_json_dumps

from mapcore.app.parts import assets
from mapcore.app.session.callbacks import callback
from mapcore.base import memory
from mapcore.base.language import cached
from mapcore.present import folium_map

#: Where the options go into the group's script.
_HERE: Final = {"here": "options"}


@dataclass(frozen=True)
class _Base:
    """What streamlit-folium's page takes of a base map: its script, what stands in the page's head and body."""

    script: str
    header: str
    html: str
    id: str


@cached(maxsize=16)
def _base(url: str) -> _Base:
    """Return the base map whose geometry is at an address, in the language in use."""
    drawn = folium_map.base_map(url)
    drawn.default_js, drawn.default_css = [], []
    drawn.get_root().render()
    header, body = streamlit_folium._get_header(drawn), streamlit_folium._get_html(drawn)  # noqa: SLF001
    script = streamlit_folium._get_map_string(drawn)  # noqa: SLF001
    return _Base(script, header, body, streamlit_folium.get_full_id(drawn))


@memory.shared
def _group() -> tuple[str, str]:
    """Return the script of the group that puts zones on the map: what comes before its options, and after them."""
    drawn = folium_map.base_map("")
    script = streamlit_folium._get_feature_group_string(folium_map.shown_group(_HERE), map=drawn)  # noqa: SLF001
    before, _, after = script.partition(str(htmlsafe_json_dumps(_HERE)))
    return before, after


@memory.shared(maxsize=64)
def _identity(script: str, key: str) -> str:
    """Return the component's key, which stays as long as the base map does."""
    return str(streamlit_folium.generate_js_hash(script, key))


def draw(
    key: str,
    options: Mapping[str, Any],
    *,
    height: int,
    returned: Sequence[str] = (),
    center: tuple[float, float] | None = None,
    zoom: float | None = None,
) -> None:
    """
    Draw a map.

    Parameters
    ----------
    key
        Of the session state, which holds what the map returns.
    options
        What it shows, as `folium_map.zones_shown` returns it.
    returned
        What of the viewer's doings has the page run again, by the names that streamlit-folium has for them.
    center, zoom
        Where it stands, unless it shows the whole country.
    """
    base, (before, after) = _base(assets.base_url()), _group()
    script, style = assets.frame_files()
    identity = _identity(base.script, key)
    streamlit_folium._component_func(  # noqa: SLF001
        script=base.script,
        header=base.header,
        html=base.html,
        id=base.id,
        key=identity,
        height=height,
        width=None,
        returned_objects=tuple(returned),
        default=dict.fromkeys(returned),
        zoom=zoom,
        center=center,
        feature_group=f"{before}{htmlsafe_json_dumps(options, sort_keys=True)}{after}",
        return_on_hover=False,
        layer_control=None,
        pixelated=False,
        css_links=(style,),
        js_links=(script,),
        on_change=callback(_heard(key, identity)),
        wrap_longitude=False,
    )


def give_head_start(seconds: float) -> None:
    """
    Pause after a map's message, so that it is sent, and drawn, before the browser is busy with the rest.

    Not for the first page of a session, where the frame itself is still to come and the rest would only wait.
    """
    if st.session_state.get("map_was_drawn"):
        time.sleep(seconds)
    st.session_state["map_was_drawn"] = True


def _heard(key: str, identity: str) -> Callable[[], None]:
    def hear() -> None:
        st.session_state[key] = st.session_state.get(identity, {})

    return hear
