"""A view as a web page without a server: its words for `web/page.js`, and one file that opens from a disk."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import jinja2
import xstatic.pkg.leaflet

from mapcore import maps
from mapcore.areas import Measured, Range
from mapcore.citation import bibtex, citation
from mapcore.compare import Comparison, table
from mapcore.scenario import load_statuses
from mapcore.schema import DEFAULT_STATUS
from mapcore.sheet import Figure, Sheet, Subject, make_sheet
from mapcore.sources import data_version
from mapcore.theme import Units, area_text, holder_words, range_text, unit_labels

LEAFLET_DIR: Final = Path(str(xstatic.pkg.leaflet.BASE_DIR))
#: The units that a page can switch between; its words hold both.
UNITS: Final[tuple[Units, ...]] = ("km2", "mi2")
_GROUND: Final = DEFAULT_STATUS["ukraine"]
#: The class of land that goes to the ground under B and not under A, in the colours of `sheet`.
_STAYS: Final = {"id": "stays", "colour": "#b4cfe4", "colour_dark": "#48677f", "hatch": False}
_HEAD: Final = {
    Measured: ("Oblast", "Status", "Held now by", "Area", "Range", "Share of oblast", "Clause"),
    Comparison: ("Oblast", "Change", "What changes", "Area", "Range"),
}


@cache
def web_file(name: str) -> str:
    """Return one of mapcore's own web files, or Leaflet's, as text that asks for nothing else."""
    folder = LEAFLET_DIR if name.startswith("leaflet.") else maps.WEB_DIR
    text = (folder / name).read_text(encoding="utf-8")
    return re.sub(r"url\(images/[^)]*\)", "none", re.sub(r"//# sourceMappingURL=\S+", "", text))


def paints() -> list[dict[str, Any]]:
    """Return how the page's map paints each class of land, of proposals and comparisons."""
    return [*maps.status_paints(), _STAYS]


def view_words(subject: Subject, *, base: str = "") -> dict[str, Any]:
    """Return what a page says of a view, every area in all units; JSON-ready, without geometry."""
    sheets = {units: make_sheet(subject, units=units, base=base) for units in UNITS}
    sheet = sheets["km2"]
    return {
        "name": sheet.name,
        "title": sheet.title,
        "byline": sheet.byline,
        "summary": sheet.summary,
        "note": sheet.note,
        "legend": [
            asdict(paint) | _figures(sheets, lambda one, place=place: one.legend[place][1])
            for place, (paint, _) in enumerate(sheet.legend)
        ],
        "figures": [
            _figures(sheets, lambda one, place=place: one.figures[place]) for place in range(len(sheet.figures))
        ],
        "table": {"head": _HEAD[type(subject)], "rows": {units: _rows(subject, units) for units in UNITS}},
        "clauses": [[clause.id, clause.text, _web(clause.source)] for clause in sheet.clauses],
        "readings": sheet.readings,
        "unspecified": sheet.unspecified,
        "sources": [[source.title, _web(source.url)] for source in sheet.sources],
        "line": sheet.line,
        "credit": html.escape(f"Boundaries: Natural Earth. {maps.line_credit(sheet.control)}"),
        "attribution": sheet.attribution,
        "method": sheet.facts["method"],
        "link": sheet.facts["link"],
        "citation": citation(sheet),
        "bibtex": bibtex(sheet),
    }  # fmt: skip


def _web(url: str) -> str:
    """Return an address that is safe to link to, or nothing."""
    return url if urlsplit(url).scheme in {"http", "https"} else ""


def _figures(sheets: Mapping[Units, Sheet], pick: Any) -> dict[str, Any]:
    figures: dict[Units, Figure] = {units: pick(sheet) for units, sheet in sheets.items()}
    return {
        "label": figures["km2"].label,
        "text": {units: figure.text for units, figure in figures.items()},
        "bounds": {units: figure.bounds for units, figure in figures.items()},
        "more": {units: figure.more for units, figure in figures.items()},
    }


def _rows(subject: Subject, units: Units) -> list[list[str]]:
    names = maps.oblast_names()
    if isinstance(subject, Comparison):
        found = table(subject, ("oblast", "kind", "what_changes"))
        cells = found.itertuples(index=False, name=None)
        return [
            [names[oblast], kind, what, area_text(km2, units), range_text(Range(km2, low, high), units)]
            for oblast, kind, what, km2, low, high in cells
        ]
    statuses = load_statuses()
    zones = subject.zones
    shown = zones[(zones["status"] != _GROUND) | (zones["held_by"] == "russia")]
    return [
        [
            names[row.oblast], statuses[row.status].label, holder_words()[row.held_by], *_area(row, units),
            f"{row.share_of_oblast:.1%}", row.clause,
        ]
        for row in shown.itertuples()
    ]  # fmt: skip


def _area(row: Any, units: Units) -> tuple[str, str]:
    figure = Range(row.area_km2, row.low_km2, row.high_km2)
    return area_text(figure.value, units), range_text(figure, units)


def view_shapes(subject: Subject) -> dict[str, Any]:
    """Return the pieces of a view and its line of contact as GeoJSON for the page's map, each with its id."""
    return maps.zone_shapes(subject) if isinstance(subject, Measured) else maps.change_shapes(subject)


def view_tips(subject: Subject, *, units: Units) -> dict[str, dict[str, str]]:
    """Return the class and the escaped tooltip of each piece, by its id in `view_shapes`."""
    if isinstance(subject, Measured):
        return _with_clauses(maps.zone_words(subject, units=units), subject)
    names = maps.oblast_names()
    words = {}
    for piece, row in zip(maps.piece_ids(subject.changes), subject.changes.itertuples(), strict=True):
        shown = ("stays" if row.to_status == _GROUND else row.to_status) if row.changed else _GROUND
        area, bounds = _area(row, units)
        lines = [
            f"<b>{html.escape(row.kind if row.changed else 'Alike under both')}</b>",
            f"{html.escape(names[row.oblast])}, held now by {holder_words()[row.held_by]}",
            area if area == bounds else f"{area}. Range: {bounds}",
            *([f"What changes: {html.escape(row.what_changes)}"] if row.changed else []),
        ]
        words[piece] = {"status": shown, "tip": "<br>".join(lines)}
    return words


def _with_clauses(words: dict[str, dict[str, str]], measured: Measured) -> dict[str, dict[str, str]]:
    """Add the clause to each tooltip, since it is all that the page says of a piece of land that is chosen."""
    told = {
        piece: f"<br>Clause {html.escape(clause)}" if clause else ""
        for piece, clause in zip(maps.piece_ids(measured.zones), measured.zones["clause"], strict=True)
    }
    return {piece: word | {"tip": word["tip"] + told[piece]} for piece, word in words.items()}


def as_json(content: Any) -> str:
    """Return content as compact JSON that may stand inside a script element."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


@cache
def template() -> jinja2.Template:
    """Return the page's template; it escapes what it is given."""
    source = (maps.WEB_DIR / "page.html").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)


def overview(subjects: Iterable[Measured], units: Units = "km2") -> list[dict[str, Any]]:
    """Return the ledgers of proposals as rows of a table that needs no script."""
    return [{"id": one.proposal.id, "sheet": make_sheet(one, units=units)} for one in subjects]


def page_settings(**more: Any) -> dict[str, Any]:
    """Return what `web/page.js` starts with."""
    return {"version": data_version(), "units": unit_labels(), "paints": paints(), "mapWords": maps.map_words(), **more}


def html_page(subject: Subject, *, units: Units = "km2", base: str = "") -> bytes:
    """
    Return a view as one HTML file with an interactive map, which opens from a disk and asks for nothing.

    Leaflet, scripts, styles and geometry are inside; a policy in its head forbids every request, so that it cannot
    tell anyone that it is read.
    """
    words = view_words(subject, base=base)
    name = subject.proposal.id if isinstance(subject, Measured) else "comparison"
    view = words | {"shapes": "shapes", "tips": {unit: f"tips-{unit}" for unit in UNITS}}
    content = {
        "base": maps.base_content(),
        "shapes": view_shapes(subject),
        **{f"tips-{unit}": view_tips(subject, units=unit) for unit in UNITS},
        name: view,
    }
    settings = page_settings(only=name, start={"units": units}, content=content)
    scripts = [*(web_file(script) for script in ("leaflet.js", "map.js", "page.js"))]
    data = f"mapcorePage.start({as_json(settings)});"
    styles = [web_file(style) for style in ("leaflet.css", "map.css", "page.css")]
    hashes = " ".join(f"'sha256-{_digest(text)}'" for text in [*scripts, data])
    return (
        template()
        .render(
            title=words["title"],
            summary=words["summary"],
            line=words["line"],
            attribution=words["attribution"],
            version=data_version(),
            policy=f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:",
            styles=styles,
            scripts=[*scripts, data],
            overview=overview([subject] if isinstance(subject, Measured) else [subject.a, subject.b]),
            site=None,
        )
        .encode()
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
