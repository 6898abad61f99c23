"""Files for others, whose libraries are an extra and are loaded when a file is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mapcore.base.errors import ExportError, did_you_mean
from mapcore.base.extras import needs
from mapcore.base.files_out import put, try_place
from mapcore.base.language import tr
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import load_control
from mapcore.present.wording import Units
from mapcore.publish.view_content import Subject, Theme


def content(subject: Subject, ending: str, **wishes: Any) -> bytes:
    """Return a measured proposal or a comparison as a file of this ending; see `export`."""
    with needs("publish"):
        from mapcore.publish.export import Wishes, export  # noqa: PLC0415
    return export(subject, ending, Wishes(**wishes))


def export(subject: Subject, path: Path | str, **wishes: Any) -> int:
    """
    Write a measured proposal or a comparison to a file in the format of its ending, over any that is there.

    Parameters
    ----------
    path
        Its ending is one of png, svg, pdf, html, geojson, gpkg, csv, xlsx, bib, txt.
    wishes
        `size` of a picture (``print``, ``social``, ``square``, ``portrait`` or pixels such as ``1600x900``), `theme`
        (``light`` or ``dark``), `units` (``km2`` or ``mi2``), `over` (of a comparison: ``all``, ``holder``,
        ``recognised`` or ``regime``), `frame` of a picture and a brief (``subject``: what changes and the front, with
        a small map of the country; or ``country``), `base` (the address that links in it lead to).

    Returns
    -------
    size
        Of the file, in bytes. The same input gives the same bytes.

    Raises
    ------
    ExportError
        If there is no such format, the size or the address cannot be, or the file cannot be written.
    MissingPackageError
        If the extra `publish` is not installed.

    Examples
    --------
    >>> import mapcore, tempfile, pathlib
    >>> plan = mapcore.measure_proposal(mapcore.load_proposal("us-28-point"))
    >>> file = pathlib.Path(tempfile.mkdtemp(), "plan.csv")
    >>> mapcore.export(plan, file) == file.stat().st_size
    True
    """
    with needs("publish"):
        from mapcore.publish.export import Wishes, write_export  # noqa: PLC0415
    return write_export(subject, path, Wishes(**wishes))


def export_overview(
    path: Path | str, *, control: Control | None = None, units: Units = "km2", theme: Theme = "light"
) -> int:
    """
    Write all built-in proposals on one sheet, with a small map and the lead figures of each, over any file there.

    Parameters
    ----------
    path
        Its ending is one of png (2480 by 1753 pixels), svg, pdf (A3).
    control
        The line of contact; without one the default.
    theme
        ``light`` or ``dark``.

    Returns
    -------
    size
        Of the file, in bytes. The same input gives the same bytes.

    Raises
    ------
    ExportError
        If there is no such format, or the file cannot be written.
    MissingPackageError
        If the extra `publish` is not installed.

    Examples
    --------
    >>> import mapcore, tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "all.png")
    >>> mapcore.export_overview(file) == file.stat().st_size
    True
    """
    with needs("publish"):
        from mapcore.publish import overview  # noqa: PLC0415
    ending = Path(path).suffix.removeprefix(".").lower()
    if ending not in overview.FORMATS:
        hint = did_you_mean(ending, overview.FORMATS)
        raise ExportError(tr("no format '{ending}' of the sheet; there are png, svg, pdf").format(ending=ending) + hint)
    try_place(Path(path))
    content = overview.draw_overview(control or load_control(), ending, units=units, theme=theme)  # type: ignore[arg-type]
    put(Path(path), content)
    return len(content)
