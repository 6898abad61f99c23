"""What is told of a view whose figures are still being worked out: its name, its sentence, and that the rest comes."""

from __future__ import annotations

import html
from typing import Final

from mapcore.base.language import tr
from mapcore.present.page_names import PAGE_NAMES
from mapcore.proposals import viewer
from mapcore.publish.first_answer import linked_view, parts
from mapcore.publish.first_answer.linked_view import Linked
from mapcore.publish.first_answer.page import Page

#: Maps that the live page must have drawn before it takes the place of this one, and proposals that a page names.
_MAPS: Final = {"map": 1, "people": 1, "own": 1, "compare": 2}
#: Where no script runs, the page is asked for again after so many seconds.
AGAIN: Final = '<noscript><meta http-equiv="refresh" content="5"></noscript>'


def page(linked: Linked) -> Page:
    """Return the page of a view in the language in use, with nothing in it that has to be measured."""
    view = linked.view
    found = linked_view.proposals(linked)
    name = tr(PAGE_NAMES[view.page])
    about = tr("mapcore: territorial proposals for Ukraine")
    if view.page == "compare":
        titles = [viewer.title_of(found[proposal_id]) for proposal_id in (view.proposal, view.compare)]
        title, deck = f"{name}: {tr('A: {a}; B: {b}').format(a=titles[0], b=titles[1])}", about
    elif view.page in _MAPS:
        shown = found[viewer.LINK_ID if view.page == "own" else view.proposal]
        title, deck = viewer.title_of(shown), viewer.shown_summary(shown)
        title = tr("People and places: {title}").format(title=title) if view.page == "people" else title
    else:
        title, deck = name, about
    note = html.escape(tr("The figures of this view are being worked out; they come in a moment."))
    body = f'{parts.headline(title, deck)}<p class="a-notices" role="status">{note}</p>'
    return Page(title, deck, body, maps=_MAPS.get(view.page, 0))
