"""The corrections as an Atom feed (RFC 4287), for readers of feeds and for those who quote a figure."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final
from xml.etree import ElementTree as ET

from mapcore.analysis.corrections import Correction, load_corrections
from mapcore.base.language import DEFAULT_LANGUAGE, language, tr
from mapcore.publish.view_content import MAKER

MEDIA_TYPE: Final = "application/atom+xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"


def feed_address(base: str) -> str:
    """Return the address of the feed of a dashboard in the language in use."""
    return f"{base}corrections.atom" + ("" if language() == DEFAULT_LANGUAGE else f"?lang={language()}")


def feed(base: str) -> bytes:
    """
    Return the feed in the language in use.

    Parameters
    ----------
    base
        The absolute address of the dashboard, with a slash at its end; entries lead to its page on methods.
    """
    ET.register_namespace("", _ATOM)
    rows = load_corrections()
    lang = "" if language() == DEFAULT_LANGUAGE else f"&lang={language()}"
    root = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": language()})
    _add(root, "id", _id("corrections"))
    _add(root, "title", tr("mapcore: corrections"))
    _add(root, "subtitle", tr("What the data said wrongly, and what it says now"))
    _add(root, "updated", _at(max(row.date for row in rows)))
    ET.SubElement(_add(root, "author"), f"{{{_ATOM}}}name").text = tr(MAKER)
    _add(root, "link", rel="self", type=MEDIA_TYPE, href=feed_address(base))
    _add(root, "link", rel="alternate", type="text/html", href=f"{base}?page=methods{lang}")
    for row in rows:
        _add_entry(root, row, f"{base}?page=methods{lang}#correction-{row.id}")
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_entry(root: ET.Element, row: Correction, address: str) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", _id(row.id))
    _add(entry, "title", tr(row.title))
    _add(entry, "updated", _at(row.date))
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    _add(entry, "link", rel="via", href=row.source)
    _add(entry, "category", term=row.kind)
    _add(entry, "summary", " ".join(row.words))


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text
    return element


def _id(name: str) -> str:
    """Return an address that stays the same wherever the feed is served, as Atom asks of an id."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"mapcore/corrections/{name}").urn


def _at(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
