"""A first answer as a whole: what goes into the head and the body of a document."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mapcore.base import memory
from mapcore.base.language import speaking, tr
from mapcore.base.memory import Memory, working_for
from mapcore.lines.user_lines import listed_once
from mapcore.present import line_notice
from mapcore.publish.first_answer import head, land_pages, linked_view, map_svg, parts, table_pages, waiting
from mapcore.publish.first_answer.linked_view import Linked
from mapcore.publish.first_answer.page import Page
from mapcore.publish.frame_style import palette, themed
from mapcore.publish.web_page import web_file

#: What each page shows before it is live.
_PAGES: Final[Mapping[str, Callable[[Linked], Page]]] = {
    "map": land_pages.of_proposal,
    "compare": land_pages.of_comparison,
    "matrix": table_pages.of_matrix,
    "own": land_pages.of_own,
    "claims": table_pages.of_claims,
    "people": land_pages.of_people,
    "timeline": table_pages.of_timeline,
    "lines": table_pages.of_lines,
    "methods": table_pages.of_methods,
}
#: The pages that on another page are a map and what belongs to it; settlements are left for the page in full.
_ON_ANOTHER_PAGE: Final = {**_PAGES, "people": land_pages.of_proposal}
#: Those of them that say the age of their line under their map.
_WITH_FOOT: Final = frozenset({"map", "people", "own", "compare"})
#: The colours of the page around the map: those of `.streamlit/config.toml`.
_LIGHT: Final = {"page": "#ffffff", "field": "#f3f5f7", "text": "#1c252c", "accent": "#2f5d7c", "rim": "#868e96"}
_DARK: Final = {"page": "#12181d", "field": "#1c252c", "text": "#e8edf0", "accent": "#8fb8d6", "rim": "#6b7a85"}
#: A rule of the map's style for one kind of path.
_PATH_RULE: Final = re.compile(r"^path\.([\w-]+) \{(.*?)\}", re.DOTALL | re.MULTILINE)
#: What a live map alone has.
_LIVE_ALONE: Final = frozenset({"error-band", "focus-casing", "focus-ring", "zone-alike", "zone-alike-occupied"})


@dataclass(frozen=True)
class FirstAnswer:
    """
    What a link is answered with.

    Attributes
    ----------
    lang
        The language of the answer, as ISO 639-1 has it.
    head
        Tags for the head of the document.
    body
        One element that stands before the live page, and takes itself out once that is drawn.
    """

    lang: str
    head: tuple[str, ...]
    body: str


def reading(query: Mapping[str, str], base: str = "") -> Linked:
    """Read a link to a page at an address, and remember nothing of a viewer's own proposal in it."""
    with working_for(Memory() if "own" in query else None):
        return linked_view.read(query, base)


def first_answer(linked: Linked) -> FirstAnswer:
    """
    Return the answer to a link.

    A viewer's own proposal is read within the limits of `proposals.viewer`; what is worked out of it is forgotten.
    """
    memory_of_link = Memory() if linked.view.viewers_proposal else None
    with speaking(linked.view.lang), working_for(memory_of_link), listed_once():
        page = (_ON_ANOTHER_PAGE if linked.is_embedded else _PAGES)[linked.view.page](linked)
        return FirstAnswer(linked.view.lang, tuple(head.tags(linked, page)), _body(linked, page))


def while_waiting(linked: Linked) -> FirstAnswer:
    """Return what a link is answered with as long as its view takes too long: its head, and a page without figures."""
    memory_of_link = Memory() if linked.view.viewers_proposal else None
    with speaking(linked.view.lang), working_for(memory_of_link), listed_once():
        page = waiting.page(linked)
        return FirstAnswer(linked.view.lang, (*head.tags(linked, page), waiting.AGAIN), _body(linked, page))


def standing(linked: Linked, above: str) -> tuple[Page, str]:
    """Return a page that stays as it is, with no script, under an element of its own: what it says, and its body."""
    with speaking(linked.view.lang):
        page = _PAGES[linked.view.page](linked)
        credit = f'<footer class="meta">{html.escape(page.sheet.attribution)}</footer>' if page.sheet else ""
        above += line_notice.kept(linked.control)
        return page, (
            f'<div id="first-answer"><style>{_style(linked, page)}</style>'
            f'<div class="a-block">{above}<main>{page.body}</main>{credit}</div></div>'
        )


def title(linked: Linked) -> str:
    """Return what a link's page finds, in one line and in its language."""
    with speaking(linked.view.lang), working_for(Memory() if linked.view.viewers_proposal else None):
        return _PAGES[linked.view.page](linked).title


def _body(linked: Linked, page: Page) -> str:
    note = tr(
        "This is the first answer of an interactive page. Without scripts the map cannot be moved; every link and "
        "figure here works."
    )
    embedded = linked.is_embedded
    credit = (
        f'<footer class="meta">{html.escape(page.sheet.attribution)}</footer>' if page.sheet and not embedded else ""
    )
    header = "" if embedded else parts.header(linked)
    has_foot = embedded and linked.view.page in _WITH_FOOT
    age = "" if has_foot else line_notice.notice(linked.control, linked.view, dict(linked.shell))
    notices = age + parts.notices(linked)
    return (
        f'<div id="first-answer" lang="{linked.view.lang}" data-maps="{page.maps}"{" data-embedded" * embedded}>'
        f"<style>{_style(linked, page)}</style><script>{web_file('answer/letters.js')}</script>"
        f'<div class="a-block">{header}{f"<aside>{notices}</aside>" if notices else ""}'
        f'<noscript><p class="a-notices">{html.escape(note)}</p></noscript><main>{page.body}</main>{credit}</div>'
        f"<script>{_script()}</script></div>"
    )


def _style(linked: Linked, page: Page) -> str:
    light, dark, fills = map_svg.fill_style(page.fills)
    rules = f"{_rules()}{fills}{page.style}"
    schemes = ({**palette("light"), **_LIGHT, **light}, {**palette("dark"), **_DARK, **dark})
    light, dark = ({name: colour for name, colour in scheme.items() if f"(--{name})" in rules} for scheme in schemes)
    return themed(light, dark, linked.theme, within="#first-answer") + rules


@memory.shared
def _rules() -> str:
    """Return the style of every first answer; paths look as on the live map."""
    rules = _PATH_RULE.findall(web_file("map/map.css"))
    paths = "".join(f".{name}{{{rule}}}" for name, rule in rules if name not in _LIVE_ALONE)
    # Those of the live page hold here alone, and over what this page sets for elements.
    shared = "".join(map(web_file, ("app/head.css", "app/first_screen.css")))
    of_map = "".join(web_file(f"map/{name}.css") for name in ("labels", "found", "locator"))
    return f"{paths}{of_map}#first-answer{{{shared}}}{web_file('answer/answer.css')}".replace("\n", "")


@memory.shared
def _script() -> str:
    return web_file("map/labels.js") + web_file("answer/answer.js")
