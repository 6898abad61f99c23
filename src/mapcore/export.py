"""Files for others: one view in the format that a file's ending names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mapcore import tables
from mapcore.brief import draw_brief
from mapcore.citation import bibtex, citation
from mapcore.errors import ExportError, did_you_mean
from mapcore.pages import html_page
from mapcore.pictures import Picture, draw_picture, read_size
from mapcore.sheet import Subject, Theme, make_sheet
from mapcore.theme import Units


@dataclass(frozen=True)
class Format:
    """What a file's ending stands for."""

    label: str
    mime: str


#: By ending, in the order in which the dashboard offers them.
FORMATS: Final[dict[str, Format]] = {
    "png": Format("Picture (PNG)", "image/png"),
    "svg": Format("Picture (SVG)", "image/svg+xml"),
    "pdf": Format("One-page brief (PDF)", "application/pdf"),
    "html": Format("Interactive map in one file (HTML)", "text/html"),
    "geojson": Format("Shapes and figures (GeoJSON)", "application/geo+json"),
    "gpkg": Format("Shapes and figures (GeoPackage)", "application/geopackage+sqlite3"),
    "csv": Format("Figures (CSV)", "text/csv"),
    "xlsx": Format("Figures (Excel)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "bib": Format("Citation (BibTeX)", "application/x-bibtex"),
    "txt": Format("Citation (text)", "text/plain"),
}
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")


@dataclass(frozen=True)
class Wishes:
    """
    What a reader may choose about a file.

    Attributes
    ----------
    size
        Of a picture: a name of `pictures.SIZES`, or pixels such as ``1600x900``.
    theme
        Of a picture; a brief is light, and a page follows its reader's system.
    base
        Address of the dashboard or static site that links in the file lead to; without one they are query strings.
    """

    size: str = "print"
    theme: Theme = "light"
    units: Units = "km2"
    base: str = ""


def export(subject: Subject, ending: str, wishes: Wishes | None = None) -> bytes:
    """
    Return a measured proposal or a comparison as a file; the same input, the same bytes.

    Raises
    ------
    ExportError
        If there is no such format, or the size or the address cannot be.
    """
    wishes = wishes or Wishes()
    ending = ending.removeprefix(".").lower()
    if ending not in FORMATS:
        known = did_you_mean(ending, FORMATS) if ending else f"; give the file an ending: {', '.join(FORMATS)}"
        raise ExportError(f"no format '{ending}'{known}")
    if wishes.base and not wishes.base.startswith(("https://", "http://")):
        raise ExportError(f"'{wishes.base}' is not a web address; write it out, such as https://maps.example.org/")
    size = read_size(wishes.size)
    if ending in tables.WRITERS:
        return tables.WRITERS[ending](subject, units=wishes.units, base=wishes.base)
    if ending == "html":
        return html_page(subject, units=wishes.units, base=wishes.base)
    sheet = make_sheet(subject, units=wishes.units, base=wishes.base)
    if ending == "pdf":
        return draw_brief(sheet, units=wishes.units)
    if ending in {"bib", "txt"}:
        return (bibtex(sheet) if ending == "bib" else f"{citation(sheet)}\n").encode()
    picture = Picture(size, wishes.theme, wishes.units)
    return draw_picture(sheet, picture, form="svg" if ending == "svg" else "png")


def write_export(subject: Subject, path: Path, wishes: Wishes | None = None) -> int:
    """
    Write a view to a file in the format of its ending, over any that is there; return its size in bytes.

    Raises
    ------
    ExportError
        As `export`, or if the file cannot be written.
    """
    content = export(subject, path.suffix, wishes)
    put(path, content)
    return len(content)


def put(path: Path, content: bytes) -> None:
    """
    Write a file.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise ExportError(f"{path}: cannot be written ({reason}); name a folder that is there and yours") from problem
