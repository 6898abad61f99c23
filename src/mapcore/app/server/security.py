"""
What every answer of the dashboard's server says to a browser beside its content, and who may read the metrics.

The server's entry file imports this module, so it imports no part of the dashboard: a component that is declared before
the runtime exists answers 404 for the life of the process.

What is left out, because Streamlit's own page cannot bear it:

- ``script-src`` and ``default-src``: Streamlit's page holds a script of its own, a component's frame runs the script
  that it is sent as text and loads one from a ``data:`` address. With ``'unsafe-inline' 'unsafe-eval' data:`` such a
  rule would forbid nothing that an attacker needs.
- ``style-src``: Streamlit writes its styles into the page while it runs.
- ``connect-src``: hosts such as Community Cloud turn Streamlit's statistics on, and watch the page in their own ways.
- ``X-Frame-Options``: it cannot say "any site"; browsers that know ``frame-ancestors`` do not read it.
- ``Strict-Transport-Security``: only who serves HTTPS, most often a proxy, knows that it stays.

Answers that uvicorn gives by itself, to what is no HTTP at all, do not come by here.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse

from mapcore.app.server import start
from mapcore.base.errors import ParameterError
from mapcore.base.language import tr

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_EMBED, _FRAME = "MAPCORE_EMBED_ANCESTORS", "MAPCORE_FRAME_ANCESTORS"
_METRICS, _TOKEN = "MAPCORE_METRICS", "MAPCORE_METRICS_TOKEN"  # names of variables, no secret

#: Goes to every answer. The whole address stays within the server, since it holds what the viewer chose and drew; the
#: server's own parts do get it, which `_asked_by_own_page` needs.
_ALWAYS: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
_POLICY: Final = "base-uri 'self'; form-action 'self'; object-src 'none'; frame-ancestors {ancestors}"
_SOURCE: Final = re.compile(
    r"\*|'self'|https?:|(https?://)?(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:(\d+|\*))?", re.IGNORECASE
)
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
#: What a proxy adds, so that a request of a stranger does not pass for one of this machine.
_FORWARDED: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


@dataclass(frozen=True)
class Rules:
    """
    What the operator decided.

    Attributes
    ----------
    embed
        Who may frame a page with ``embed=true``, as the sources of ``frame-ancestors``.
    frame
        Who may frame anything else.
    metrics
        Who may read ``/_stcore/metrics`` without the token: ``local`` (this machine), ``everybody`` or ``nobody``.
    token
        With it, as ``Authorization: Bearer …``, anyone may; none when empty.
    """

    embed: str = "*"
    frame: str = "'self'"
    metrics: str = "local"
    token: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Rules:
        """
        Return the rules, changed by ``MAPCORE_EMBED_ANCESTORS``, ``MAPCORE_FRAME_ANCESTORS`` and ``MAPCORE_METRICS``.

        Raises
        ------
        ParameterError
            If such a variable has a value that would say nothing, or something else than was meant.
        """
        variables = os.environ if environment is None else environment
        metrics = variables.get(_METRICS, cls.metrics)
        if metrics not in {"local", "everybody", "nobody"}:
            sentence = tr("{variable}: '{value}' is not known; write local, everybody or nobody")
            raise ParameterError(sentence.format(variable=_METRICS, value=metrics))
        token = variables.get(_TOKEN, "")
        if not token.isascii() or token.split() != [token] * bool(token):
            sentence = tr(
                "{variable}: has spaces or letters beyond ASCII, which no header can carry; choose another one"
            )
            raise ParameterError(sentence.format(variable=_TOKEN))
        return cls(_sources(_EMBED, cls.embed, variables), _sources(_FRAME, cls.frame, variables), metrics, token)

    @property
    def around_component(self) -> str:
        """Who may stand around a component's frame: the page that it belongs to, and whoever may frame that page."""
        sources = [*self.embed.split(), *self.frame.split(), "'self'"]
        return " ".join(source for source in dict.fromkeys(sources) if source != "'none'")


def _sources(variable: str, default: str, environment: Mapping[str, str]) -> str:
    """Return the sites that a variable names, as a browser reads them."""
    words = environment.get(variable, default).replace(",", " ").split()
    sources = [f"'{word}'" if word in {"self", "none"} else word for word in words]
    if sources == ["'none'"] or (sources and all(map(_SOURCE.fullmatch, sources))):
        return " ".join(sources)
    sentence = tr(
        "{variable}: names no sites; write such as https://example.org https://*.example.org, or *, self or none"
    )
    raise ParameterError(sentence.format(variable=variable))


class SecurityMiddleware:
    """Adds the headers to each HTTP answer and keeps the metrics from strangers; websockets pass untouched."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        if _path(scope).endswith("/_stcore/metrics") and not self._may_read_metrics(scope):
            refusal = PlainTextResponse("The metrics of this server are not public; see docs/server.md.\n", 403)
            await refusal(scope, receive, send_with_headers)
            return
        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:
            # Starlette answers an error outside of this middleware, without these headers; so it is answered here, and
            # raised on for the log.
            if not started:
                await PlainTextResponse("Internal Server Error", 500)(scope, receive, send_with_headers)
            raise

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        for name, value in _ALWAYS.items():
            headers[name] = value
        if "/component/" in _path(scope):
            ancestors = self.rules.around_component if _asked_by_own_page(scope) else "'self'"
            headers.add_vary_header("Sec-Fetch-Site, Referer")
        else:
            ancestors = self.rules.embed if _embedded(scope) else self.rules.frame
        headers.append("Content-Security-Policy", _POLICY.format(ancestors=ancestors))

    def _may_read_metrics(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        given = headers.get("authorization", "").encode()
        if self.rules.token and hmac.compare_digest(given, f"Bearer {self.rules.token}".encode()):
            return True
        return self.rules.metrics == "everybody" or (self.rules.metrics == "local" and _local(scope, headers))


def _path(scope: Scope) -> str:
    return str(scope["path"]).rstrip("/")


def _embedded(scope: Scope) -> bool:
    """Whether a page is asked for as Streamlit's own script reads the address."""
    query = parse_qsl(scope["query_string"].decode("latin-1"))
    return any(key == "embed" and value.lower() == "true" for key, value in query)


def _asked_by_own_page(scope: Scope) -> bool:
    """
    Whether a page of this server asked for a component's frame.

    A frame has all pages around it as its ancestors, so the map of an embedded page stands under a stranger's page too.
    But a stranger who frames a component without a page of ours could send it scripts, which it runs. Only a browser
    writes these two headers; the first one is not sent without HTTPS.
    """
    headers = Headers(scope=scope)
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] == "same-origin"
    return _authority(headers.get("referer", "")) == headers.get("host", "").lower() != ""


def _authority(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _local(scope: Scope, headers: Headers) -> bool:
    """Whether a request comes from this machine and was not passed on by a proxy on it."""
    client = (scope.get("client") or ("", 0))[0]
    name = _authority(f"//{headers.get('host', '')}").rpartition("@")[2]
    host = name.partition("]")[0].lstrip("[") if name.startswith("[") else name.partition(":")[0]
    return client in _LOOPBACK and host in _LOOPBACK and not any(name in headers for name in _FORWARDED)


@start.as_set()
def middleware() -> list[Middleware]:
    """Return what `st.App` is to put around every answer; a wrong variable ends the start with one sentence."""
    return [Middleware(SecurityMiddleware, rules=Rules.from_environment())]
