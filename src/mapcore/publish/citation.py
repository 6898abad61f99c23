"""How to cite a view: in one line, and as BibTeX."""

from __future__ import annotations

from mapcore.base.language import date_text, tr
from mapcore.publish.view_content import LICENCE, MAKER, Sheet


def citation(sheet: Sheet) -> str:
    """Return how to cite an export, in one line."""
    sentence = tr(
        "{maker} ({year}): {title}. Territory by status on the line of contact of {day}. mapcore, data version "
        "{version}."
    ).format(
        maker=tr(MAKER),
        year=sheet.control.as_of.year,
        title=sheet.title,
        day=date_text(sheet.control.as_of).removesuffix("."),
        version=sheet.facts["data_version"],
    )
    age = sheet.facts.get("line_age", "")
    return " ".join(filter(None, [sentence, age, sheet.viewers_mark, f"{LICENCE}.", _address(sheet)]))


def bibtex(sheet: Sheet) -> str:
    """Return how to cite an export, as a BibTeX entry."""
    title = tr("{title}: territory by status on the line of contact of {day}")
    rows = {
        "title": title.format(title=f"{{{_tex(sheet.title)}}}", day=date_text(sheet.control.as_of)),
        "author": f"{{{tr(MAKER)}}}",
        "year": str(sheet.control.as_of.year),
        "version": sheet.facts["data_version"],
        **({"howpublished": f"\\url{{{_address(sheet)}}}"} if _address(sheet) else {}),
        "note": " ".join(
            filter(
                None,
                [
                    _tex(sheet.facts.get("line_age", "")),
                    _tex(sheet.viewers_mark),
                    f"{_tex(sheet.facts['attribution'])}. {LICENCE}.",
                    _tex(sheet.facts["legal_status"]),
                ],
            )
        ),
    }
    listed = ",\n".join(f"  {key} = {{{value}}}" for key, value in rows.items())
    return f"@misc{{{sheet.name},\n{listed}\n}}\n"


def _address(sheet: Sheet) -> str:
    """Return the link where it has a host; a bare query string is nothing to cite."""
    return "" if sheet.facts["link"].startswith("?") else sheet.facts["link"]


def _tex(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "&%$#_{}" else sign for sign in text)
