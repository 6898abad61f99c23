"""The words of a page without a server: its template and its script have none of their own."""

from __future__ import annotations

from typing import Final

from mapcore.base.language import mark, tr

#: By name; `{braces}` are filled in by the page's script.
_WORDS: Final = {
    "about": mark("What each proposal for ending the war would mean on the map of Ukraine, with ranges and sources"),
    "all_proposals": mark("All proposals"),
    "area_of": mark("{label}, {unit}"),
    "border": mark("Recognised border of Ukraine"),
    "by_oblast": mark("By oblast"),
    "choices": mark("Choices"),
    "cite": mark("Cite"),
    "compare_with": mark("Compare with"),
    "dark": mark("Dark"),
    "files": mark("Files"),
    "key_figures": mark("Key figures"),
    "language": mark("Language"),
    "light": mark("Light"),
    "line": mark("Line of contact"),
    "map": mark("Map; the tables below carry every figure"),
    "missing": mark("This view is not in this copy ({file})."),
    "no_script": mark("The map needs JavaScript; the table above does not."),
    "not_specified": mark("Not specified"),
    "proposal": mark("Proposal"),
    "range": mark("Range {bounds}"),
    "readings": mark("How the map reads it"),
    "same": mark("Compared with itself a proposal changes nothing; choose another."),
    "source": mark("source"),
    "sources": mark("Sources"),
    "table_of_figures": mark("Table of key figures"),
    "table_of_land": mark("Table by oblast"),
    "text": mark("What the text says on territory"),
    "units": mark("Units"),
}


def page_words() -> dict[str, str]:
    """Return the words of a page by name, in the language in use."""
    return {name: tr(text) for name, text in _WORDS.items()}
