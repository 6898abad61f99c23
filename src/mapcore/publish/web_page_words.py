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
    "broken_compare": mark(
        "The link names a proposal to compare with that is not here; the line as it stands is used."
    ),
    "broken_control": mark("The link names a line of contact that is not in this copy; {control} is used."),
    "broken_language": mark("The link names a language that is not here; this one is used."),
    "broken_number": mark("The link's {key} is not a number from {low} to {high}; its default is shown."),
    "broken_proposal": mark("The link names a proposal that is not here; the first one is shown."),
    "broken_units": mark("The link names a unit that is not known; km² is used."),
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
    "moved": mark("This link was made with another version of the data; figures may have moved since."),
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
