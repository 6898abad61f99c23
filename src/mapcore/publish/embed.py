"""What puts a view onto another page: its frame, the script that sizes it, and a picture where neither comes."""

from __future__ import annotations

import html
from urllib.parse import parse_qsl, urlsplit

from mapcore.base.language import tr
from mapcore.publish.first_answer import card_of_link, document


def snippet(link: str, title: str) -> str:
    """
    Return the HTML that shows the view at a link inside another page.

    A card with the link stands there first. The frame has no height until the script hears from what is in it: with
    scripts off, or while the server sleeps, the picture stays.
    """
    base, _, query = link.partition("?")
    card = base + card_of_link.address(document.reading(dict(parse_qsl(query))))
    address = f"{link}{'&' if query else '?'}embed=true"
    label, seen = html.escape(title), html.escape(tr("{title}: open the interactive map").format(title=title))
    return (
        f'<div><a href="{html.escape(link)}" data-mapcore-picture><img src="{html.escape(card)}" alt="{seen}" '
        'width="1200" height="630" style="display:block;width:100%;height:auto"></a>\n'
        f'<iframe src="{html.escape(address)}" title="{label}" allow="clipboard-write" '
        'style="display:block;width:100%;height:0;border:0;visibility:hidden"></iframe></div>\n'
        f'<script async src="{html.escape(base)}embed.js"></script>'
    )


def is_of(address: str, base: str) -> bool:
    """Whether an address leads to a view of the dashboard or site that stands at `base`, over HTTP or HTTPS."""
    try:
        theirs, ours = urlsplit(address), urlsplit(base)
    except ValueError:
        return False
    same = theirs.scheme in {"http", "https"} and theirs.netloc.lower() == ours.netloc.lower() != ""
    return same and theirs.path.rstrip("/") == ours.path.rstrip("/")
