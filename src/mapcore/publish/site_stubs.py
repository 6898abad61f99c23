"""
Small pages of a site, each for a proposal or two of them, for who runs no script: messengers and search engines.

Each says what its proposal moves or on how much two differ, with a card, and leads on to the view in the site itself.
A pair has the card of its first proposal, since a card of its own for each would double what a site takes to build.
They need whole addresses, so a site has them where the address at which it will stand is known.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from mapcore.analysis.compare import Comparison
from mapcore.base.language import DEFAULT_LANGUAGE, language, languages, tr
from mapcore.measurement.areas import Measured
from mapcore.proposals import viewer
from mapcore.publish import head_tags
from mapcore.publish.build_content import make_sheet
from mapcore.publish.card import draw_card
from mapcore.publish.findings import difference, finding
from mapcore.publish.head_tags import Head
from mapcore.publish.view_content import Chosen

_PAGE: Final = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:">
<meta http-equiv="refresh" content="0; url={target}">
{tags}
</head>
<body>
<h1>{title}</h1>
<p>{description}</p>
<p><a href="{target}"><img src="../{card}" width="600" height="315" alt="{way}"></a></p>
</body>
</html>
"""


def address(name: str, code: str) -> str:
    """Return the path of a small page, such as that of a proposal by its id, in a language, within the site."""
    return f"view/{name}.html" if code == DEFAULT_LANGUAGE else f"view/{name}.{code}.html"


def stubs(measured: Sequence[Measured], base: str) -> dict[str, bytes]:
    """Return the small pages and cards of proposals in the language in use, by their path in the site at `base`."""
    files = {}
    for subject in measured:
        card = f"cards/{subject.proposal.id}.{language()}.png"
        files[card] = draw_card(subject, Chosen(base=base))
        files[address(subject.proposal.id, language())] = _stub(subject, base, card).encode()
    return files


def pairs(compared: Sequence[Comparison], base: str) -> dict[str, bytes]:
    """Return the small pages of comparisons in the language in use, by their path in the site at `base`."""
    return {address(_pair(comparison), language()): _pair_stub(comparison, base).encode() for comparison in compared}


def _pair(compared: Comparison) -> str:
    return f"{compared.a.proposal.id}--{compared.b.proposal.id}"


def _pair_stub(compared: Comparison, base: str) -> str:
    a, b = compared.a, compared.b
    card = f"cards/{a.proposal.id}.{language()}.png"
    titles = tr("A: {a}; B: {b}").format(a=viewer.title_of(a.proposal), b=viewer.title_of(b.proposal))
    base = base.rstrip("/") + "/"
    page_head = Head(
        f"{titles}: {difference(compared, 'km2')}",
        " ".join(viewer.shown_summary(side.proposal) for side in (a, b)),
        address=base + address(_pair(compared), language()),
        others={code: base + address(_pair(compared), code) for code in languages()},
        card=base + card,
    )
    query = {"page": "compare", "proposal": a.proposal.id, "compare": b.proposal.id}
    return _page(page_head, card, {**query, "control": a.control.id})


def head(measured: Measured, base: str, card: str) -> Head:
    """Return what a proposal's page says of itself."""
    base = base.rstrip("/") + "/"
    sheet = make_sheet(measured, Chosen(base=base))
    page_head = Head(
        f"{viewer.title_of(measured.proposal)}: {finding(measured, 'km2')}",
        f"{sheet.summary} {sheet.line}",
        address=base + address(measured.proposal.id, language()),
        others={code: base + address(measured.proposal.id, code) for code in languages()},
        card=base + card,
    )
    return replace(page_head, dataset=head_tags.dataset(sheet, page_head, {}))


def _stub(measured: Measured, base: str, card: str) -> str:
    query = {"proposal": measured.proposal.id, "control": measured.control.id}
    return _page(head(measured, base, card), card, query)


def _page(page_head: Head, card: str, query: Mapping[str, str]) -> str:
    page = "index.html" if language() == DEFAULT_LANGUAGE else f"{language()}.html"
    return _PAGE.format(
        lang=language(),
        target=html.escape(f"../{page}?{urlencode({**query, 'lang': language()})}"),
        tags="\n".join(head_tags.tags(page_head)),
        title=html.escape(page_head.title),
        description=html.escape(page_head.description),
        card=card,
        way=html.escape(tr("{title}: open the interactive map").format(title=page_head.title)),
    )
