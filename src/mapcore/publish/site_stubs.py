"""
Small pages of a site, one a proposal and language, for who runs no script: messengers and search engines.

Each says what its proposal moves, with its card, and leads on to the proposal in the site itself. They need whole
addresses, so a site has them where the address at which it will stand is known.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from mapcore.base.language import DEFAULT_LANGUAGE, language, languages, tr
from mapcore.measurement.areas import Measured
from mapcore.proposals import viewer
from mapcore.publish import head_tags
from mapcore.publish.build_content import make_sheet
from mapcore.publish.card import draw_card
from mapcore.publish.findings import finding
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


def address(proposal_id: str, code: str) -> str:
    """Return the path of a proposal's small page in a language, within the site."""
    return f"view/{proposal_id}.html" if code == DEFAULT_LANGUAGE else f"view/{proposal_id}.{code}.html"


def stubs(measured: Sequence[Measured], base: str) -> dict[str, bytes]:
    """Return the small pages and cards of proposals in the language in use, by their path in the site at `base`."""
    files = {}
    for one in measured:
        card = f"cards/{one.proposal.id}.{language()}.png"
        files[card] = draw_card(one, Chosen(base=base))
        files[address(one.proposal.id, language())] = _stub(one, base, card).encode()
    return files


def head(measured: Measured, base: str, card: str) -> Head:
    """Return what a proposal's page says of itself."""
    base = base.rstrip("/") + "/"
    sheet = make_sheet(measured, Chosen(base=base))
    said = Head(
        f"{viewer.title_of(measured.proposal)}: {finding(measured, 'km2')}",
        f"{sheet.summary} {sheet.line}",
        address=base + address(measured.proposal.id, language()),
        others={code: base + address(measured.proposal.id, code) for code in languages()},
        card=base + card,
    )
    return replace(said, dataset=head_tags.dataset(sheet, said, {}))


def _stub(measured: Measured, base: str, card: str) -> str:
    said = head(measured, base, card)
    query = {"proposal": measured.proposal.id, "control": measured.control.id, "lang": language()}
    page = "index.html" if language() == DEFAULT_LANGUAGE else f"{language()}.html"
    return _PAGE.format(
        lang=language(),
        target=html.escape(f"../{page}?{urlencode(query)}"),
        tags="\n".join(head_tags.tags(said)),
        title=html.escape(said.title),
        description=html.escape(said.description),
        card=card,
        way=html.escape(tr("{title}: open the interactive map").format(title=said.title)),
    )
