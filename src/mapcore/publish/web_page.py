"""A view as a web page without a server: its words for `web/page/page.js`, and one file that opens from a disk."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import jinja2
import xstatic.pkg.leaflet
import xstatic.pkg.leaflet_gesturehandling

from mapcore.analysis.compare import Comparison, answer_columns
from mapcore.base import memory
from mapcore.base.data_files import WEB_DIR
from mapcore.base.language import language, mark, percent_text, tr
from mapcore.base.schema import DEFAULT_STATUS
from mapcore.base.sources import data_version
from mapcore.land import boundaries
from mapcore.measurement.areas import Measured, zone_records
from mapcore.measurement.ranges import Range
from mapcore.present import line_notice, map_geometry, map_settings, tooltips, wording
from mapcore.present.difference_classes import words_of
from mapcore.present.land_in_question import frame_of
from mapcore.present.rivers import rivers
from mapcore.present.wording import AREA_UNITS, Units, area_text, clause_name, holder_words, range_text, unit_labels
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_statuses
from mapcore.publish.build_content import figures_of, legend_of, make_sheet
from mapcore.publish.citation import bibtex, citation
from mapcore.publish.view_content import Chosen, Figure, Sheet, Subject, control_of, subjects_of
from mapcore.publish.web_page_link import one_view
from mapcore.publish.web_page_words import page_words

LEAFLET_DIR: Final = Path(str(xstatic.pkg.leaflet.BASE_DIR))
_GESTURES_DIR: Final = Path(str(xstatic.pkg.leaflet_gesturehandling.BASE_DIR))
#: The scripts and styles of a page, in the order in which they are loaded.
SCRIPTS: Final = (
    "leaflet.js",
    "leaflet-gesture-handling.min.js",
    *(f"map/{name}.js" for name in map_settings.MAP_SCRIPTS),
    *(f"page/{name}.js" for name in ("link", "content", "elements", "page")),
)
STYLES: Final = (
    "leaflet.css",
    *(f"map/{name}.css" for name in map_settings.MAP_STYLES),
    *(f"page/{name}.css" for name in ("page", "page_print")),
)
#: What a line of our scripts and styles can begin with and do without; none of them holds a text of several lines.
_SPARE: Final = re.compile(r"^\s*(?:(?://[^\n]*|/\*(?!!).*?\*/)\s*)*", re.MULTILINE | re.DOTALL)
#: The units that a page can switch between; its words hold both.
_GROUND: Final = DEFAULT_STATUS["ukraine"]
#: The columns of the table, and whether each holds figures.
_HEAD: Final = {
    Measured: (
        (mark("Oblast"), False), (mark("Status"), False), (mark("Held now by"), False), (mark("Area"), True),
        (mark("Range"), True), (mark("Share of oblast"), True), (mark("Clause"), False),
    ),
    Comparison: (
        (mark("Oblast"), False), (mark("Under A"), False), (mark("Under B"), False), (mark("Area"), True),
        (mark("Range"), True),
    ),
}  # fmt: skip


@memory.shared
def web_file(name: str) -> str:
    """
    Return one of mapcore's own web files, or one of Leaflet or its plugin, as text that asks for nothing else.

    Ours travel without their indents and comments, apart from those that begin with ``/*!``.
    """
    folders = {"leaflet": LEAFLET_DIR, "leaflet-gesture-handling": _GESTURES_DIR}
    folder = folders.get(name.partition(".")[0])
    text = ((folder or WEB_DIR) / name).read_text(encoding="utf-8")
    if folder is None:
        text = _SPARE.sub("", text)
    return re.sub(r"url\(images/[^)]*\)", "none", re.sub(r"//# sourceMappingURL=\S+", "", text))


@memory.shared
def _whole_style(name: str) -> str:
    """Return a style with the typeface inside that it names."""

    def inside(match: re.Match[str]) -> str:
        packed = base64.b64encode((WEB_DIR / match[1]).read_bytes()).decode()
        return f"url(data:font/woff2;base64,{packed})"

    return re.sub(r"url\(\.\./(typeface/[\w.-]+)\)", inside, web_file(name))


def view_words(subject: Subject, chosen: Chosen | None = None) -> dict[str, Any]:
    """Return what a page says of a view, every area in all units; JSON-ready, without geometry."""
    chosen = chosen or Chosen()
    sheet, in_units = make_sheet(subject, chosen), {units: replace(chosen, units=units) for units in AREA_UNITS}
    legends = {units: [figure for _, figure in legend_of(subject, choice)] for units, choice in in_units.items()}
    figures = {units: figures_of(subject, choice) for units, choice in in_units.items()}
    return {
        "name": sheet.name,
        "title": sheet.title,
        "byline": sheet.byline,
        "summary": sheet.summary,
        "notes": [*filter(None, [sheet.viewers_mark, sheet.note, sheet.reviewed])],
        "legend": [
            asdict(fill) | _in_units({units: legend[place] for units, legend in legends.items()})
            for place, (fill, _) in enumerate(sheet.legend)
        ],
        "fit": frame_of(*subjects_of(subject)),
        "contested": wording.contested_legend(sheet.control),
        "figures": [
            _in_units({units: found[place] for units, found in figures.items()}) for place in range(len(sheet.figures))
        ],
        "table": {
            "head": [[tr(name), figures] for name, figures in _HEAD[type(subject)]],
            "rows": {units: _rows(subject, choice) for units, choice in in_units.items()},
        },
        "clauses": [[clause_name(clause.id), clause.text, _web(clause.source)] for clause in sheet.clauses],
        "readings": sheet.readings,
        "unspecified": sheet.unspecified,
        "sources": [[source.title, _web(source.url)] for source in sheet.sources],
        "line": f"{sheet.line} {sheet.facts['legal_status']}",
        "credit": html.escape(_credit(sheet)),
        "attribution": sheet.attribution,
        "method": sheet.facts["method"],
        "link": sheet.facts["link"],
        "citation": citation(sheet),
        "bibtex": bibtex(sheet),
    }  # fmt: skip


def _credit(sheet: Sheet) -> str:
    """Return the credit in the corner of the map; a viewer's own proposal is marked there, since a map is cut out."""
    sentence = tr("Boundaries: Natural Earth. {line}").format(line=map_settings.line_credit(sheet.control))
    return f"{tr(viewer.MARK)}. {sentence}" if sheet.viewers_mark else sentence


def _web(url: str) -> str:
    """Return an address that is safe to link to, or nothing."""
    return url if urlsplit(url).scheme in {"http", "https"} else ""


def _in_units(figures: Mapping[Units, Figure]) -> dict[str, Any]:
    return {
        "label": figures["km2"].label,
        "text": {units: figure.text for units, figure in figures.items()},
        "bounds": {units: figure.bounds for units, figure in figures.items()},
        "more": {units: " ".join(filter(None, [figure.contested, figure.more])) for units, figure in figures.items()},
    }


def _rows(subject: Subject, chosen: Chosen) -> list[list[str]]:
    names, units, over = boundaries.oblast_names(), chosen.units, chosen.over
    if isinstance(subject, Comparison):
        return [
            [names[oblast], words_of(over, ours), words_of(over, theirs), *_area(area, units)]
            for (oblast, ours, theirs), area in subject.summed(("oblast", *answer_columns(over)), over=over)
        ]
    statuses, holders = load_statuses(), holder_words()
    return [
        [
            names[row.oblast], tr(statuses[row.status].label), holders[row.held_by],
            *_area(Range.of(row), units), percent_text(row.share_of_oblast, 1),
            clause_name(row.clause),
        ]
        for row in zone_records(subject)
        if row.status != _GROUND or row.held_by == "russia"
    ]  # fmt: skip


def _area(figure: Range, units: Units) -> tuple[str, str]:
    return area_text(figure.value, units), range_text(figure, units)


def view_shapes(subject: Subject) -> dict[str, Any]:
    """Return the pieces of a view and its line of contact as GeoJSON for the page's map, each with its id."""
    return map_geometry.zone_shapes(subject) if isinstance(subject, Measured) else map_geometry.change_shapes(subject)


def view_tips(subject: Subject, chosen: Chosen) -> dict[str, dict[str, Any]]:
    """Return the class and the escaped tooltip of each piece, by its id in `view_shapes`."""
    if isinstance(subject, Measured):
        return _with_clauses(tooltips.zone_words(subject, units=chosen.units), subject)
    return tooltips.change_words(subject, chosen.over, units=chosen.units)


def _with_clauses(words: dict[str, dict[str, str]], measured: Measured) -> dict[str, dict[str, str]]:
    """Add the clause to each tooltip, since it is all that the page says of a piece of land that is chosen."""
    clauses = {
        piece: "<br>" + html.escape(wording.clause_heading(row.clause)) if row.clause else ""
        for piece, row in zip(map_geometry.piece_ids(measured.zones), zone_records(measured), strict=True)
    }
    return {piece: word | {"tip": word["tip"] + clauses[piece]} for piece, word in words.items()}


def as_json(content: Any) -> str:
    """Return content as compact JSON that may stand inside a script element."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


@memory.shared
def template() -> jinja2.Template:
    """Return the page's template; it escapes what it is given."""
    source = (WEB_DIR / "page/page.html").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)


def overview(subjects: Iterable[Measured]) -> list[dict[str, Any]]:
    """Return the ledgers of proposals in km² as rows of a table that needs no script; its head names the unit."""
    return [
        {
            "id": subject.proposal.id,
            "title": sheet.title,
            "figures": [
                {"label": figure.label, "text": _bare(figure.text), "bounds": _bare(figure.bounds)}
                for figure in sheet.figures
            ],
        }
        for subject in subjects
        if (sheet := make_sheet(subject))
    ]


def _bare(text: str) -> str:
    return text.replace(unit_labels()["km2"], "").rstrip()


def page_settings(**more: Any) -> dict[str, Any]:
    """Return what `web/page/page.js` starts with, in the language in use."""
    return {
        "paints": map_settings.status_fills(),
        "lang": language(),
        "words": page_words(),
        "mapWords": map_settings.map_words(),
        **more,
    }


def page_frame(**more: Any) -> dict[str, Any]:
    """Return what the template needs in the language in use, apart from what it shows."""
    return {"lang": language(), "words": page_words(), "units": unit_labels(), "version": data_version(), **more}


def html_page(subject: Subject, chosen: Chosen | None = None) -> bytes:
    """
    Return a view as one HTML file with an interactive map, which opens from a disk and asks for nothing.

    Leaflet, scripts, styles and geometry are inside; a policy in its head forbids every request, so that it cannot
    tell anyone that it is read.
    """
    chosen = chosen or Chosen()
    words = view_words(subject, chosen)
    name = subject.proposal.id if isinstance(subject, Measured) else "comparison"
    data = f"mapcorePage.start({as_json(_one_page(subject, chosen, name, words))});"
    scripts = [*map(web_file, SCRIPTS), data]
    frame = page_frame(
        title=words["title"],
        summary=words["summary"],
        line=words["line"],
        age=line_notice.kept(control_of(subject)),
        attribution=words["attribution"],
        policy=page_policy(scripts),
        styles=[_whole_style(style) for style in STYLES],
        scripts=scripts,
        overview=overview(subjects_of(subject)),
        site=None,
    )
    return template().render(**frame).encode()


def _one_page(subject: Subject, chosen: Chosen, name: str, words: dict[str, Any]) -> dict[str, Any]:
    """Return what the script of a page with one view starts with: all of its content."""
    content = {
        "base": map_geometry.base_content() | {"later": {"rivers": "rivers"}},
        "rivers": rivers(),
        "shapes": view_shapes(subject),
        **{f"tips-{unit}": view_tips(subject, replace(chosen, units=unit)) for unit in AREA_UNITS},
        name: words | {"shapes": "shapes", "tips": {unit: f"tips-{unit}" for unit in AREA_UNITS}},
    }
    place = dict(zip(("lat", "lon", "zoom"), chosen.place or (), strict=False))
    return page_settings(only=name, link=one_view(chosen.units, place, chosen.frame), content=content)


def page_policy(scripts: Iterable[str], *, files: str = "") -> str:
    """
    Return the policy in a page's head: these scripts within the page run and no others, and nothing else is asked for.

    `files` are the sources from which scripts, styles, pictures and fonts may be loaded too. Who may frame the page
    cannot be said here, only in a header of whoever serves it; and Leaflet writes styles into the page while it runs.
    """
    hashes = (f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts)
    loaded = {"script-src": " ".join(hashes), "style-src": "'unsafe-inline'", "img-src": "data:", "font-src": "data:"}
    rules = [f"{name} {' '.join([*files.split(), value])}" for name, value in loaded.items()]
    return "; ".join(["default-src 'none'", *rules, "base-uri 'none'", "form-action 'none'"])
