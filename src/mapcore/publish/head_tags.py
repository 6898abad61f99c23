"""What a page says of itself to messengers and search engines: Open Graph, Twitter cards, schema.org, languages."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mapcore.base.language import DEFAULT_LANGUAGE, language, languages, tr
from mapcore.publish.card import SIZE
from mapcore.publish.view_content import MAKER, Sheet

#: Languages as Open Graph writes them: with a country.
_LOCALES: Final = {"en": "en_GB", "uk": "uk_UA"}
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Head:
    """
    What a page says of itself, in the language in use.

    Attributes
    ----------
    title
        What it finds, in one line.
    address
        Its own, absolute, by which it is to be known; empty where none is known or it is nobody's to find. Without one
        there is no card and no data set.
    others
        The same view's address in each language, by its code.
    card
        The absolute address of its card.
    dataset
        Its figures as a ``Dataset`` of schema.org; nothing where it has none of its own.
    """

    title: str
    description: str
    address: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    card: str = ""
    dataset: Mapping[str, Any] = field(default_factory=dict)


def tags(head: Head) -> list[str]:
    """Return the tags of a page, each a line of HTML, escaped; first its title."""
    title = html.escape(tr("{finding} | mapcore").format(finding=head.title), quote=False)
    lines = [f"<title>{title}</title>", _meta("name", "description", head.description)]
    if not head.address:
        return lines
    others = {code: head.others[code] for code in languages() if code in head.others}
    lines.append(f'<link rel="canonical" href="{html.escape(head.address)}">')
    spoken = {**others, **({"x-default": others[DEFAULT_LANGUAGE]} if DEFAULT_LANGUAGE in others else {})}
    lines += [
        f'<link rel="alternate" hreflang="{code}" href="{html.escape(address)}">' for code, address in spoken.items()
    ]
    lines += [_meta("property", f"og:{name}", content) for name, content in _open_graph(head)]
    lines += [
        _meta("property", "og:locale:alternate", _LOCALES.get(code, code)) for code in others if code != language()
    ]
    # The rest Twitter takes from Open Graph.
    lines.append(_meta("name", "twitter:card", "summary_large_image" if head.card else "summary"))
    if head.dataset:
        # A text with "</script>" in it would end the script.
        content = json.dumps(head.dataset, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        lines.append(f'<script type="application/ld+json">{content}</script>')
    return lines


def _open_graph(head: Head) -> list[tuple[str, str]]:
    properties = [
        ("type", "website"),
        ("site_name", "mapcore"),
        ("title", head.title),
        ("description", head.description),
        ("url", head.address),
        ("locale", _LOCALES.get(language(), language())),
    ]
    if head.card:
        width, height = map(str, SIZE)
        properties += [
            ("image", head.card),
            ("image:type", "image/png"),
            ("image:width", width),
            ("image:height", height),
        ]
        properties.append(("image:alt", tr("Map: {finding}").format(finding=head.title)))
    return properties


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{html.escape(content)}">'


def dataset(sheet: Sheet, head: Head, files: Mapping[str, str]) -> dict[str, Any]:
    """
    Return a view as a ``Dataset`` of schema.org.

    Parameters
    ----------
    files
        The absolute address of each file of its figures, by media type.
    """
    named = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": head.title,
        "description": head.description,
        "url": head.address,
        "inLanguage": language(),
        "license": _LICENCE,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": tr(MAKER)},
        "creditText": sheet.attribution,
        "version": sheet.facts["data_version"],
        "temporalCoverage": sheet.control.as_of.isoformat(),
        "spatialCoverage": {"@type": "Place", "name": tr("Ukraine")},
        "measurementTechnique": sheet.facts["method"],
        "variableMeasured": [figure.label for figure in sheet.figures],
    }
    found = [{"@type": "DataDownload", "encodingFormat": kind, "contentUrl": at} for kind, at in files.items()]
    return {**named, **({"distribution": found} if found else {})}
