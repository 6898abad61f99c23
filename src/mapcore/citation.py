"""How to cite a view: in one line, and as BibTeX."""

from __future__ import annotations

from mapcore.sheet import LICENCE, MAKER, Sheet, day


def citation(sheet: Sheet) -> str:
    """Return how to cite an export, in one line."""
    return (
        f"{MAKER} ({sheet.control.as_of.year}): {sheet.title}. Territory by status on the line of contact of "
        f"{day(sheet.control.as_of)}. mapcore, data version {sheet.facts['data_version']}. {LICENCE}. "
        f"{_address(sheet)}"
    ).strip()


def bibtex(sheet: Sheet) -> str:
    """Return how to cite an export, as a BibTeX entry."""
    rows = {
        "title": f"{{{_tex(sheet.title)}}}: territory by status on the line of contact of {day(sheet.control.as_of)}",
        "author": f"{{{MAKER}}}",
        "year": str(sheet.control.as_of.year),
        "version": sheet.facts["data_version"],
        **({"howpublished": f"\\url{{{_address(sheet)}}}"} if _address(sheet) else {}),
        "note": f"{_tex(sheet.facts['attribution'])}. {LICENCE}",
    }
    listed = ",\n".join(f"  {key} = {{{value}}}" for key, value in rows.items())
    return f"@misc{{{sheet.name},\n{listed}\n}}\n"


def _address(sheet: Sheet) -> str:
    """Return the link where it has a host; a bare query string is nothing to cite."""
    return "" if sheet.facts["link"].startswith("?") else sheet.facts["link"]


def _tex(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "&%$#_{}" else sign for sign in text)
