"""What the dashboard's pages are called, and what stands above all of them."""

from __future__ import annotations

from typing import Final

from mapcore.base.language import mark

#: The names of the pages by their id in a link, in the order in which they are offered.
PAGE_NAMES: Final = {
    "map": mark("Map"),
    "compare": mark("Compare"),
    "matrix": mark("All proposals"),
    "own": mark("Build your own"),
    "claims": mark("Claims"),
    "people": mark("People and places"),
    "timeline": mark("Timeline"),
    "lines": mark("Lines of contact"),
    "methods": mark("Methods and sources"),
}
#: The pages that are offered first, under names that fit into one row.
FIRST_PAGES: Final = {
    "map": mark("Map"),
    "compare": mark("Compare"),
    "matrix": mark("All proposals"),
    "own": mark("Build"),
    "claims": mark("Claims"),
    "people": mark("People"),
}
#: What the dashboard is, in one line.
ABOUT: Final = mark("What each proposal for ending the war would mean on the map of Ukraine, with ranges and sources")
