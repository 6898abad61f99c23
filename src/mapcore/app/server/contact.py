"""
Who runs a server and how to reach them, as its operator says it: `MAPCORE_PUBLISHER` and `MAPCORE_CONTACT`.

A contact is an address of electronic mail or of the web; `{link}` in the latter is where the reader's view goes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from mapcore.app.server import start
from mapcore.base.errors import ParameterError
from mapcore.base.language import tr

PUBLISHER: Final = "MAPCORE_PUBLISHER"
VARIABLE: Final = "MAPCORE_CONTACT"
#: What stands in an address for the reader's view.
LINK: Final = "{link}"
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,252})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Contact:
    """
    Who runs the server.

    Attributes
    ----------
    publisher
        Their name, or nothing.
    mail, page
        Where errors are reported: an address of electronic mail, or of the web; one of them or neither.
    """

    publisher: str = ""
    mail: str = ""
    page: str = ""


def configured(environment: Mapping[str, str] | None = None) -> Contact:
    """
    Return what the operator set.

    Raises
    ------
    ParameterError
        If the contact is neither an address of electronic mail nor one of the web.
    """
    variables = os.environ if environment is None else environment
    publisher, given = (variables.get(name, "").strip() for name in (PUBLISHER, VARIABLE))
    if not given:
        return Contact(publisher)
    if _MAIL.fullmatch(given):
        return Contact(publisher, mail=given)
    try:
        parts = urlsplit(given)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        sentence = tr(
            "{variable}: '{value}' is not an address of e-mail or of the web; write such as desk@example.org or "
            "https://example.org/report?view={link}"
        )
        raise ParameterError(sentence.format(variable=VARIABLE, value=given, link=LINK))
    return Contact(publisher, page=given)


@start.as_set()
def at_start() -> Contact:
    """Return what the operator set; a wrong contact ends the start with one sentence."""
    return configured()
