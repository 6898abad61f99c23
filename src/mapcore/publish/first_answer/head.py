"""What a first answer says of itself in the head of the document: for the tab, for search engines, for messengers."""

from __future__ import annotations

import html
from dataclasses import replace
from urllib.parse import urlencode

from mapcore.base.language import languages
from mapcore.publish import data_addresses, head_tags
from mapcore.publish.corrections_feed import MEDIA_TYPE, feed_address
from mapcore.publish.first_answer import card_of_link
from mapcore.publish.first_answer.linked_view import Linked
from mapcore.publish.first_answer.page import Page
from mapcore.publish.head_tags import Head
from mapcore.publish.web_page import web_file

#: Keys of a link that do not make another page of it: the version of the data, and how Streamlit shows it.
_APART = ("v", "embed", "embed_options")


def tags(linked: Linked, page: Page) -> list[str]:
    """Return the tags of a page in the language in use, each a line of HTML, escaped."""
    scheme = "light dark" if linked.theme == "auto" else linked.theme
    lines = [*head_tags.tags(of_page(linked, page)), f'<meta name="color-scheme" content="{scheme}">']
    if linked.base:
        asked = urlencode({"url": address(linked)})
        kind = "application/json+oembed"
        lines.append(f'<link rel="alternate" type="{kind}" href="{html.escape(f"{linked.base}oembed?{asked}")}">')
        lines.append(f'<link rel="alternate" type="{MEDIA_TYPE}" href="{html.escape(feed_address(linked.base))}">')
    if linked.is_embedded:
        lines.append(f"<script>{web_file('embed/height.js')}</script>")
    if linked.view.viewers_proposal:
        # One viewer's sketch: whoever has the link sees its card, and no search engine lists it.
        lines.append('<meta name="robots" content="noindex">')
    return lines


def of_page(linked: Linked, page: Page) -> Head:
    """Return what a page says of itself; without the address that it stands at, no more than title and description."""
    description = f"{page.deck} {page.sheet.line}" if page.sheet else page.deck
    head = Head(page.title, description.strip())
    if not linked.base:
        return head
    head = replace(
        head,
        address=address(linked),
        others={code: address(linked, lang=code) for code in languages()},
        card=linked.base + card_of_link.address(linked),
    )
    if page.sheet and not linked.view.viewers_proposal and not linked.view.choice("place"):
        head = replace(
            head, dataset=head_tags.dataset(page.sheet, head, data_addresses.of_view(linked.view, linked.base))
        )
    return head


def address(linked: Linked, **changed: str) -> str:
    """Return the address by which a view is to be known: without its place on the map and the version of the data."""
    query = {key: value for key, value in linked.query(**changed).items() if key not in _APART}
    return linked.base + (f"?{urlencode(query)}" if query else "")
