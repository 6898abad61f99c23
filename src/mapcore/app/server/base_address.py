"""
The address at which visitors find the dashboard, for what has to name it whole: cards, canonical links, embeds.

`MAPCORE_BASE_URL` sets it, and `MAPCORE_SITE_URL` that of the static site, if there is one. Without the former, it is
that of the request, which a client can make up: it is taken only where it reads as a host, what is answered with it is
kept under it, and so nobody else is ever answered with it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from mapcore.app.server import start
from mapcore.app.server.addresses import under_base
from mapcore.base.errors import ParameterError
from mapcore.base.language import tr

if TYPE_CHECKING:
    from starlette.requests import Request

VARIABLE: Final = "MAPCORE_BASE_URL"
#: The address of a copy of the site that needs no server, as `mapcore site` writes it.
SITE_VARIABLE: Final = "MAPCORE_SITE_URL"
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?", re.IGNORECASE)
_PATH: Final = re.compile(r"[\w./~-]*", re.ASCII)


def configured(environment: Mapping[str, str] | None = None, variable: str = VARIABLE) -> str:
    """
    Return the address that the operator set in a variable, with a slash at its end, or nothing.

    Raises
    ------
    ParameterError
        If it is no address of the web without query.
    """
    variables = os.environ if environment is None else environment
    given = variables.get(variable, "")
    if not given:
        return ""
    try:
        parts = urlsplit(given)
    except ValueError:
        parts = urlsplit("")
    fine = (
        parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.netloc) and not parts.query and not parts.fragment
    )
    if not fine or not re.fullmatch(r"[\w./~-]*", parts.path, re.ASCII):
        sentence = tr("{variable}: '{value}' is not an address; write such as https://maps.example.org/")
        raise ParameterError(sentence.format(variable=variable, value=given))
    return given.rstrip("/") + "/"


def of_request(request: Request, known: str) -> str:
    """Return the address that a request came to, with a slash at its end: the `known` one, else its own, or nothing."""
    if known:
        return known
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        return ""
    return f"{request.url.scheme}://{host.lower()}{under_base('/')}"


@start.as_set()
def at_start() -> str:
    """Return the address that the operator set; a wrong one, also of the site, ends the start with one sentence."""
    configured(variable=SITE_VARIABLE)
    return configured()
