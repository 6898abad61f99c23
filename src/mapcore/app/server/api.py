"""
Data by address: what the command line answers, under ``/api/v1/``, for programs and for other sites.

The server's entry file imports this module, so it imports no part of the dashboard (security.py says why). Everything
here may be read by everybody and from any site; nothing is written and nobody is known by a cookie.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from mapcore.app.server import api_description, api_page, start
from mapcore.app.server.addresses import under_base
from mapcore.app.server.api_answers import MEDIA, Answer, json_bytes, make_answer, of_a_visitors_own
from mapcore.app.server.api_limits import Desk, Limits, Turns
from mapcore.app.server.api_question import Question, read_language, read_question
from mapcore.app.server.api_resources import METADATA, RESOURCES, RefusedError
from mapcore.base.errors import did_you_mean
from mapcore.base.language import DEFAULT_LANGUAGE, speaking, tr
from mapcore.base.sources import data_version

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

_VERSION: Final = "v1"
_METHODS: Final = "GET, HEAD, OPTIONS"
_TOTAL: Final = "Total-Count"
_DATA_VERSION: Final = "Data-Version"
#: Any site may read, and its scripts see these headers; no cookie is asked for.
_FOR_EVERY_SITE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": f"ETag, Link, Retry-After, Content-Disposition, {_DATA_VERSION}, {_TOTAL}",
}
_PREFLIGHT: Final = {
    "Allow": _METHODS,
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
#: An answer moves with the data, which move with a new version of the server; until then its tag says that it has not.
_CACHED: Final = "public, max-age=300, stale-while-revalidate=86400"
_PRIVATE: Final = "private, no-cache"
_MOST_KEYS: Final = 40


class Api:
    """Answers every request under ``/api/``; what is wrong with one is told in JSON (RFC 9457)."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._turns, self._desk = limits, Turns(limits), Desk(limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        pairs = request.query_params.multi_items()
        try:
            lang = read_language(pairs)
        except RefusedError:
            lang = DEFAULT_LANGUAGE
        with speaking(lang):
            try:
                response = await self._response(request, pairs)
            except RefusedError as refusal:
                response = _refusal(refusal)
        response.headers.update({**_FOR_EVERY_SITE, _DATA_VERSION: data_version()})
        await response(scope, receive, send)

    async def _response(self, request: Request, pairs: list[tuple[str, str]]) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        if request.method not in {"GET", "HEAD"}:
            raise RefusedError(405, "", tr("this address is only read"), tr("ask with GET"))
        wait_s = self._turns.take(request.client.host if request.client else "")
        if wait_s:
            raise RefusedError(
                429, "", tr("too many questions from this address"), tr("ask more slowly"), wait_s=wait_s
            )
        version, _, name = request.path_params["rest"].partition("/")
        if version != _VERSION:
            raise RefusedError(404, "", tr("there is no such version"), tr("there are: {words}").format(words=_VERSION))
        if not name and not request.url.path.endswith("/"):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{_VERSION}/{query}", 308)
        if len(pairs) > _MOST_KEYS:
            raise RefusedError(400, "", tr("asks with too many keys"), tr("see {place}").format(place="openapi.json"))
        return await self._named(request, name, pairs)

    async def _named(self, request: Request, name: str, pairs: list[tuple[str, str]]) -> Response:
        lang = read_language(pairs)
        if not name:
            root = str(request.url.replace(query="", fragment=""))
            shown = await self._desk.answer(
                (name, lang, root),
                partial(_page, lang, root, self._limits),
                media="text/html",
                cache="no-cache",
                keep=False,
            )
            return await shown.packed.answer(request.headers, {"Content-Security-Policy": api_page.policy()})
        if name == "openapi.json":
            description = await self._desk.answer(
                (name, lang), partial(_description, lang), media=MEDIA["json"], cache=_CACHED
            )
            return await description.packed.answer(request.headers)
        resource, _, form = name.partition(".")
        if resource not in RESOURCES or (form and form not in {*RESOURCES[resource].forms, METADATA}):
            raise _no_such_answer(name, resource)
        # The rules of a viewer's own proposal take some ms to read.
        aside = any(key == "own" for key, _ in pairs)
        question = await run_in_threadpool(_read, resource, pairs) if aside else _read(resource, pairs)
        kept = await self._desk.answer(
            (question, form := form or _wanted(request, RESOURCES[resource].forms)),
            partial(make_answer, question, form),
            media=MEDIA[form],
            cache=_PRIVATE if question.own else _CACHED,
            keep=not question.own,
        )
        headers = _headers(question, form, pairs, kept.total)
        if "." not in name:
            headers["Vary"] = "Accept, Accept-Encoding"
        return await kept.packed.answer(request.headers, headers)


def _read(resource: str, pairs: list[tuple[str, str]]) -> Question:
    with of_a_visitors_own(Question(resource, own=dict(pairs).get("own", ""))):
        return read_question(resource, pairs)


def _page(lang: str, root: str, limits: Limits) -> Answer:
    with speaking(lang):
        return Answer(api_page.page(root, limits).encode())


def _description(lang: str) -> Answer:
    with speaking(lang):
        return Answer(json_bytes(api_description.description()))


def _no_such_answer(name: str, resource: str) -> RefusedError:
    known = (
        [resource, *(f"{resource}.{form}" for form in (*RESOURCES[resource].forms, METADATA))]
        if (resource in RESOURCES)
        else [*RESOURCES, "openapi.json"]
    )
    return RefusedError(404, "", tr("there is no such address"), did_you_mean(name, known).removeprefix("; "))


def _refusal(refusal: RefusedError) -> Response:
    """Return why there is no answer, as a problem of RFC 9457 with where, what and the way out apart."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": str(refusal).removeprefix(": "),
        "where": refusal.where,
        "what": refusal.what,
        "way_out": refusal.way_out,
    }
    headers = {"Cache-Control": "no-store"}
    if refusal.wait_s:
        headers["Retry-After"] = str(refusal.wait_s)
    if refusal.status == 405:
        headers["Allow"] = _METHODS
    return JSONResponse(content, refusal.status, headers, "application/problem+json")


def _weights(accepted: str) -> dict[str, float]:
    """Return what a client accepts, each with its weight; what cannot be read counts as refused."""
    found = {}
    for part in accepted.split(","):
        name, *parameters = (word.strip().lower() for word in part.split(";"))
        weight = next((word[2:] for word in parameters if word.startswith("q=")), "1")
        try:
            found[name] = float(weight)
        except ValueError:
            found[name] = 0.0
    found.pop("", None)
    return found


def _wanted(request: Request, forms: Iterable[str]) -> str:
    """Return the form that the client would rather have; the first one where it does not mind."""
    accepted = _weights(",".join(request.headers.getlist("accept"))) or {"*/*": 1.0}
    by_weight = {form: max(_weight(accepted, media) for media in _media_of(form)) for form in forms}
    best = max(by_weight, key=lambda form: by_weight[form])
    if by_weight[best] <= 0:
        known = ", ".join(MEDIA[form].partition(";")[0] for form in by_weight)
        raise RefusedError(
            406, "Accept", tr("asks for something that does not exist"), tr("there are: {words}").format(words=known)
        )
    return best


def _media_of(form: str) -> tuple[str, ...]:
    own = MEDIA[form].partition(";")[0]
    return (own, MEDIA["json"]) if form == "geojson" else (own,)


def _weight(accepted: Mapping[str, float], media: str) -> float:
    """Return the weight of a media type by the most exact of the ranges that take it in."""
    ranges = (media, f"{media.partition('/')[0]}/*", "*/*")
    return next((accepted[media_range] for media_range in ranges if media_range in accepted), 0.0)


def _headers(question: Question, form: str, pairs: list[tuple[str, str]], total: int | None) -> dict[str, str]:
    """Say what the answer is called, what stands beside it, and where its next part is."""
    headers = {"Content-Language": question.lang}
    asked = f"?{urlencode(pairs)}" if pairs else ""
    links = [] if form == METADATA else [f'<{question.resource}.{METADATA}{asked}>; rel="describedby"']
    if total is not None:
        headers[_TOTAL] = str(total)
        following = question.offset + question.limit
        if following < total:
            turned = [(key, value) for key, value in pairs if key != "offset"] + [("offset", str(following))]
            links.append(f'<{question.resource}.{form}?{urlencode(turned)}>; rel="next"')
    if links:
        headers["Link"] = ", ".join(links)
    if form in {"csv", "geojson"}:
        name = "-".join(["mapcore", question.resource, *question.proposals[:2], question.control])
        headers["Content-Disposition"] = f'inline; filename="{name}.{form}"'
    return headers


@start.as_set()
def routes() -> list[BaseRoute]:
    """Return what `st.App` is to answer under ``/api/``; a wrong variable ends the start with one sentence."""
    limits = Limits.from_environment()
    return [Route(under_base("/api/{rest:path}"), Api(limits))]
