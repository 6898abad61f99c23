"""A visitor without a browser: speaks to the dashboard's server as Streamlit's page does."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from contextlib import ExitStack
from urllib.parse import urlencode, urlsplit

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect
from websockets.typing import Subprotocol


def told_by(component: str, event: str, *, value: object) -> WidgetState:
    """Return what a browser reports when a component says something, by the id of the component."""
    told = json.dumps([{"event": event, "value": value}])
    return WidgetState(id=_make_trigger_id(component, "events"), json_trigger_value=told)


def _head(message: ForwardMsg) -> BidiComponent | None:
    found = message.delta.new_element.bidi_component
    return found if found.component_name.endswith("mapcore_head") else None


class Visitor:
    """One session: opens a page, clicks nothing, uploads, and leaves; a cookie is one that a proxy has set."""

    def __init__(self, url: str, cookie: str = "") -> None:
        self.url, self.parts = url, urlsplit(url)
        address = f"ws://{self.parts.netloc}/_stcore/stream"
        self._open = ExitStack()
        self.socket = self._open.enter_context(
            connect(
                address,
                subprotocols=[Subprotocol("streamlit")],
                additional_headers={"Cookie": cookie} if cookie else None,
                max_size=None,
                proxy=None,
            )
        )
        self.session = ""
        self.files: dict[str, str] = {}

    def open(self, *, dark: bool = False, **query: str) -> list[ForwardMsg]:
        """Run the page at an address, and return all that was said."""
        ask = BackMsg()
        ask.rerun_script.context_info.color_scheme = "dark" if dark else "light"
        ask.rerun_script.query_string = urlencode(query)
        self.socket.send(ask.SerializeToString())
        first = self.heard()
        head = next((one for one in map(_head, first) if one and json.loads(one.json)["holdsBack"]), None)
        if head is None:
            return first
        # The page that has its first screen asks for the rest.
        ask.rerun_script.widget_states.widgets.append(told_by(head.id, "whole", value=True))
        self.socket.send(ask.SerializeToString())
        return first + self.heard()

    def heard(self, *, seconds: float = 60) -> list[ForwardMsg]:
        """Return what the server says until a run has ended."""
        said, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=seconds))
            said.append(message)
            if message.WhichOneof("type") == "new_session":
                self.session = message.new_session.initialize.session_id
            if message.WhichOneof("type") == "script_finished":
                return said
        raise AssertionError("the run did not end")

    def upload(self, size: int, *, session: str = "", chunked: bool = False) -> tuple[int, str]:
        """Send a file of so many bytes, as a browser does; return the status and what was said."""
        head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.geojson"\r\n\r\n'
        body = head + b"x" * size + b"\r\n--b--\r\n"
        line = http.client.HTTPConnection(self.parts.hostname or "", self.parts.port, timeout=60)
        address = f"/_stcore/upload_file/{session or self.session}/{uuid.uuid4()}"
        cookie, token = self._token()
        headers = {"Content-Type": "multipart/form-data; boundary=b", "X-Xsrftoken": token, "Cookie": cookie}
        if chunked:
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str(len(body))
        try:
            line.request("PUT", address, iter([body]) if chunked else body, headers, encode_chunked=chunked)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except (BrokenPipeError, ConnectionResetError):
            return 0, "cut off"
        finally:
            line.close()

    def _token(self) -> tuple[str, str]:
        """Return the cookie that guards uploads, and what it holds."""
        line = http.client.HTTPConnection(self.parts.hostname or "", self.parts.port, timeout=60)
        try:
            line.request("GET", "/_stcore/health")
            answer = line.getresponse()
            answer.read()
            cookies = [value for name, value in answer.getheaders() if name.lower() == "set-cookie"]
        finally:
            line.close()
        found = next((one.split(";")[0] for one in cookies if one.startswith("_streamlit_xsrf=")), "_streamlit_xsrf=")
        return found, found.partition("=")[2].strip('"')

    def leave(self) -> None:
        """Close the browser."""
        self._open.close()
