"""
Pages of a site that run no script: all proposals, claims, settlements, the timeline, the lines of contact.

What stands on them is the dashboard's first answer to the same page; their links lead to each other and into the site.
"""

from __future__ import annotations

import html
import re
from typing import Final
from urllib.parse import parse_qsl, urlencode

from mapcore.base.language import DEFAULT_LANGUAGE, language, languages, tr
from mapcore.land.contact_line import Control
from mapcore.present.page_names import PAGE_NAMES
from mapcore.publish import head_tags
from mapcore.publish.first_answer import document
from mapcore.publish.head_tags import Head
from mapcore.publish.site_stubs import address

PAGES: Final = ("matrix", "claims", "people", "timeline", "lines")
_LINK: Final = re.compile(r'href="\?([^"]*)"')
_HTML: Final = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
{tags}
</head>
<body>
{body}
</body>
</html>
"""


def tables(control: Control, base: str, card: str) -> dict[str, bytes]:
    """Return the pages on a line in the language in use, by their path in the site at `base`, with a card of it."""
    return {address(page, language()): _document(page, control, base, card).encode() for page in PAGES}


def _document(page: str, control: Control, base: str, card: str) -> str:
    linked = document.reading({"page": page, "control": control.id, "lang": language()})
    found, body = document.standing(linked, _ways(page))
    base = base.rstrip("/") + "/"
    head = Head(
        found.title,
        found.deck,
        address=base + address(page, language()),
        others={code: base + address(page, code) for code in languages()},
        card=base + card,
    )
    return _HTML.format(lang=language(), tags="\n".join(head_tags.tags(head)), body=_LINK.sub(_within_the_site, body))


def _ways(page: str) -> str:
    """Return links to the map and to each of these pages, and to this one in the other languages."""
    here = address(page, language())
    listed = [(_site(language()), tr(PAGE_NAMES["map"]))]
    listed += [(address(target, language()), tr(PAGE_NAMES[target])) for target in PAGES]
    listed += [(address(page, code), name) for code, name in languages().items() if code != language()]
    links = "".join(
        f'<a href="{there.removeprefix("view/")}"{" aria-current=page" * (there == here)}>{html.escape(words)}</a>'
        for there, words in listed
    )
    return f'<nav class="a-row" aria-label="{html.escape(tr("Page"))}">{links}</nav>'


def _site(code: str) -> str:
    return "../index.html" if code == DEFAULT_LANGUAGE else f"../{code}.html"


def _within_the_site(link: re.Match[str]) -> str:
    """Return a link to a view of the dashboard as one to the same view of the site."""
    query = dict(parse_qsl(html.unescape(link[1])))
    page, code = query.get("page", "map"), query.get("lang", DEFAULT_LANGUAGE)
    if page in PAGES and page != "people":
        return f'href="{address(page, code).removeprefix("view/")}"'
    if page != "compare":
        query.pop("page", None)
    return f'href="{html.escape(f"{_site(code)}?{urlencode(query)}")}"'
