"""One page of a first answer, and what of it goes into the head of the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mapcore.base.fill import Fill
from mapcore.publish.view_content import Sheet


@dataclass(frozen=True, eq=False)
class Page:
    """
    A page in the language in use.

    Attributes
    ----------
    title
        What the page finds, in one line, for the head of the document.
    deck
        A sentence or two, for the same.
    body
        HTML below the header.
    fills
        How the land on its maps and in its legends is filled.
    maps
        How many maps the live page must have drawn before it takes the place of this one.
    sheet
        What an export of the view says; None for a page about no view.
    style
        Rules of CSS that this page has alone.
    """

    title: str
    deck: str
    body: str
    fills: Sequence[Fill] = field(default=())
    maps: int = 0
    sheet: Sheet | None = None
    style: str = ""
