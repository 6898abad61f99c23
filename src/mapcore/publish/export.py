"""Files for others: one view in the format that a file's ending names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mapcore.base.errors import ExportError, did_you_mean
from mapcore.base.files_out import put, try_place
from mapcore.base.language import mark, tr
from mapcore.base.memory import owner, working_for
from mapcore.publish import tables_out
from mapcore.publish.brief import draw_brief
from mapcore.publish.build_content import make_sheet
from mapcore.publish.citation import bibtex, citation
from mapcore.publish.picture import Picture, draw_picture, read_size
from mapcore.publish.view_content import Chosen, Subject, Theme
from mapcore.publish.web_page import html_page


@dataclass(frozen=True)
class FileFormat:
    """What a file's ending stands for."""

    label: str
    mime: str


#: By ending, in the order in which the dashboard offers them.
FORMATS: Final[dict[str, FileFormat]] = {
    "png": FileFormat(mark("Picture (PNG)"), "image/png"),
    "svg": FileFormat(mark("Picture (SVG)"), "image/svg+xml"),
    "pdf": FileFormat(mark("One-page brief (PDF)"), "application/pdf"),
    "html": FileFormat(mark("Interactive map in one file (HTML)"), "text/html"),
    "geojson": FileFormat(mark("Shapes and figures (GeoJSON)"), "application/geo+json"),
    "gpkg": FileFormat(mark("Shapes and figures (GeoPackage)"), "application/geopackage+sqlite3"),
    "csv": FileFormat(mark("Figures (CSV)"), "text/csv"),
    "xlsx": FileFormat(mark("Figures (Excel)"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "bib": FileFormat(mark("Citation (BibTeX)"), "application/x-bibtex"),
    "txt": FileFormat(mark("Citation (text)"), "text/plain"),
}


@dataclass(frozen=True, kw_only=True)
class Wishes(Chosen):
    """
    What a reader may choose about a file, besides what `Chosen` has for every view.

    Attributes
    ----------
    size
        Of a picture: a name of `pictures.SIZES`, or pixels such as ``1600x900``.
    theme
        Of a picture; a brief is light, and a page follows its reader's system.
    """

    size: str = "print"
    theme: Theme = "light"


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
    size = _checked(ending, wishes)
    with working_for(owner(subject)):
        return _written(subject, ending, wishes, size)


def _written(subject: Subject, ending: str, wishes: Wishes, size: tuple[int, int]) -> bytes:
    if ending in tables_out.WRITERS:
        return tables_out.WRITERS[ending](subject, wishes)
    if ending == "html":
        return html_page(subject, wishes)
    sheet = make_sheet(subject, wishes)
    if ending == "pdf":
        return draw_brief(sheet, units=wishes.units)
    if ending in {"bib", "txt"}:
        cited = bibtex(sheet) if ending == "bib" else f"{citation(sheet)}\n{sheet.facts['legal_status']}\n"
        return cited.encode()
    picture = Picture(size, wishes.theme, wishes.units)
    return draw_picture(sheet, picture, form="svg" if ending == "svg" else "png")


def _checked(ending: str, wishes: Wishes) -> tuple[int, int]:
    """Refuse what cannot be made, and return the size of a picture in pixels."""
    if not ending:
        raise ExportError(tr("the file has no ending; give it one: {endings}").format(endings=", ".join(FORMATS)))
    if ending not in FORMATS:
        raise ExportError(tr("no format '{ending}'").format(ending=ending) + did_you_mean(ending, FORMATS))
    if wishes.base and not wishes.base.startswith(("https://", "http://")):
        sentence = tr("'{address}' is not a web address; write it out, such as https://maps.example.org/")
        raise ExportError(sentence.format(address=wishes.base))
    return read_size(wishes.size)


def write_export(subject: Subject, path: Path | str, wishes: Wishes | None = None) -> int:
    """
    Write a view to a file in the format of its ending, over any that is there; return its size in bytes.

    Raises
    ------
    ExportError
        As `export`, or if the file cannot be written.
    """
    try_place(Path(path))
    content = export(subject, Path(path).suffix, wishes)
    put(Path(path), content)
    return len(content)
