"""
The map's frame: streamlit-folium's component, with scripts that are compiled once and not at each run.

`st_folium` has folium's templates compiled anew for each map at each run, a third of what a click costs; what it sends
of a map depends on the language alone, and on the options of what is shown. So its own functions make the base map's
script once a language, and that of the group once; the options are put into the latter at each run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st
import streamlit_folium
from jinja2.utils import htmlsafe_json_dumps
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

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


class _Rest:
    """What a run draws after its map, held back until the map has had its time."""

    def __init__(self, context: ScriptRunContext) -> None:
        self._context = context
        self._held: list[ForwardMsg] = []
        self._due = 0.0

    def hold(self, seconds: float) -> None:
        """Hold back what is drawn from here on, but no longer than for so many seconds."""
        self._due = time.monotonic() + seconds
        vars(self._context)["enqueue"] = self._take

    def _take(self, message: ForwardMsg) -> None:
        self._held.append(message)
        if time.monotonic() >= self._due:
            self.send()
        else:
            # As where a message is sent, a run gives way here to one that is asked for.
            self._context.session_state._yield_callback()  # noqa: SLF001

    def send(self) -> None:
        """Send what is held back, if anything is, once it is time; what comes after is sent at once."""
        if not self._due:
            return
        del vars(self._context)["enqueue"]
        if self._held:
            time.sleep(max(0.0, self._due - time.monotonic()))
        held, self._held, self._due = self._held, [], 0.0
        for message in held:
            self._context.enqueue(message)

    def drop(self) -> None:
        """Forget what is held back."""
        self._held = []


_rest: ContextVar[_Rest | None] = ContextVar("rest", default=None)


@contextmanager
def map_first() -> Iterator[None]:
    """
    Send what a run draws after `give_head_start` a moment later, so that its map is drawn before it.

    The run goes on meanwhile. To pause it instead cost the server a sixth of a switch: what starts again after a pause
    finds nothing in the processor's caches.
    """
    context = get_script_run_ctx()
    rest = _Rest(context) if context else None
    before = _rest.set(rest)
    try:
        yield
    except RerunException:
        # The run that follows draws all anew.
        if rest:
            rest.drop()
        raise
    finally:
        _rest.reset(before)
        if rest:
            rest.send()


def give_head_start(seconds: float) -> None:
    """
    Hold back what the run draws from here on for so long, so that the map is sent and drawn before it; see `map_first`.

    Not for the first page of a session, where the frame itself is still to come and the rest would only wait.
    """
    context, rest = get_script_run_ctx(), _rest.get()
    if st.session_state.get("map_was_drawn") and context and rest and "enqueue" not in vars(context):
        rest.hold(seconds)
        # The thread that sends has its turn.
        time.sleep(0.001)
    st.session_state["map_was_drawn"] = True


def _heard(key: str, identity: str) -> Callable[[], None]:
    def hear() -> None:
        st.session_state[key] = st.session_state.get(identity, {})

    return hear
