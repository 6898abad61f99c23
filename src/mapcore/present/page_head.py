"""The row above every page: the name, the pages, the languages, the units, help; the first answer has the same."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from typing import Final

from mapcore.base.language import languages, tr
from mapcore.present import wording
from mapcore.present.page_names import FIRST_PAGES, PAGE_NAMES

#: What languages are called where there is no room for their names.
_SHORT: Final = {"en": "EN", "uk": "УКР"}
#: Returns the address of a view that differs from the one shown in the answer to one key.
Address = Callable[[str, str], str]


def head(page: str, units: str, spoken: str, address: Address, *, scripted: bool) -> str:
    """
    Return the row as HTML: pages that have no room in it, and on a phone all of them, are in a list that opens.

    Where no script runs, help leads to the page on methods.
    """
    words = html.escape(tr("Help"))
    to_methods = f'<a class="help" href="{html.escape(address("page", "methods"))}">{words}</a>'
    helping = f'<button type="button" class="help">{words}</button>' if scripted else to_methods
    names = {page_id: tr(words) for page_id, words in PAGE_NAMES.items()}
    short = [
        _choice("page", page_id, tr(words), address, shown=page_id == page) for page_id, words in FIRST_PAGES.items()
    ]
    full = [
        _choice("page", page_id, words, address, shown=page_id == page, kind="first" if page_id in FIRST_PAGES else "")
        for page_id, words in names.items()
    ]
    spoken_in = [
        _choice("lang", code, _SHORT.get(code, code.upper()), address, shown=code == spoken, name=name)
        for code, name in languages().items()
    ]
    measured_in = [
        _choice("units", unit, sign, address, shown=unit == units) for unit, sign in wording.unit_labels().items()
    ]
    more = tr("More") if page in FIRST_PAGES else names[page]
    return (
        f'<div class="head"><b class="brand">mapcore</b><nav aria-label="{html.escape(tr("Page"))}">'
        f'<span class="row">{"".join(short)}</span>'
        f'<details><summary{"" if page in FIRST_PAGES else " data-shown"}><span class="wide">{html.escape(more)}</span>'
        f'<span class="narrow">{html.escape(names[page])}</span></summary>'
        f'<div class="list">{"".join(full)}</div></details></nav>'
        f"{_group(tr('Language'), spoken_in)}{_group(tr('Units'), measured_in)}"
        f"{helping}</div>"
    )


def _choice(
    key: str,
    value: str,
    words: str,
    address: Address,
    *,
    shown: bool,
    name: str = "",
    kind: str = "",
) -> str:
    attributes = f' title="{html.escape(name)}" lang="{value}" hreflang="{value}"' if name else ""
    attributes += ' aria-current="true"' if shown else ""
    attributes += f' class="{kind}"' if kind else ""
    there = html.escape(address(key, value))
    return f'<a href="{there}" data-key="{key}" data-value="{value}"{attributes}>{html.escape(words)}</a>'


def _group(label: str, choices: Iterable[str]) -> str:
    return f'<span class="row pair" role="group" aria-label="{html.escape(label)}">{"".join(choices)}</span>'
