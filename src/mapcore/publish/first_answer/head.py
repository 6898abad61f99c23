"""What a first answer says of itself in the head of the document: for the tab, for search engines, for messengers."""

from __future__ import annotations

import html

from mapcore.base.language import tr
from mapcore.publish.first_answer.linked_view import Linked
from mapcore.publish.first_answer.page import Page


def tags(linked: Linked, page: Page) -> list[str]:
    """Return the tags of a page in the language in use, each a line of HTML, escaped."""
    title = tr("{finding} | mapcore").format(finding=page.title)
    return [
        f"<title>{html.escape(title, quote=False)}</title>",
        f'<meta name="description" content="{html.escape(_description(page))}">',
        f'<meta name="color-scheme" content="{"light dark" if linked.theme == "auto" else linked.theme}">',
    ]


def _description(page: Page) -> str:
    return f"{page.deck} {page.sheet.line}" if page.sheet else page.deck
