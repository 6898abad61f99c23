"""A view as data: GeoJSON, GeoPackage, CSV and Excel, each with its metadata inside and the same bytes each time."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
import xlsxwriter
from shapely.geometry.base import BaseGeometry

from mapcore.analysis.compare import QUESTIONS, Comparison, Over, differs
from mapcore.base import memory
from mapcore.base.csv_file import ENCODING, csv_text
from mapcore.base.errors import ExportError
from mapcore.base.geometry import counterclockwise
from mapcore.base.language import mark, tr
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.base.units import written
from mapcore.land.boundaries import oblast_names
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured
from mapcore.measurement.ranges import numbers_of
from mapcore.present.difference_classes import words_of
from mapcore.present.wording import FigureText, Units, area
from mapcore.proposals.shipped import load_statuses
from mapcore.publish.build_content import make_sheet
from mapcore.publish.view_content import MAKER, Chosen, Figure, Subject, control_of

#: Decimals of a degree: 7 are about a centimetre.
_DIGITS: Final = 7
_UNIT_NAMES: Final[dict[Units, str]] = {"km2": "km2", "mi2": "sq_mi"}
_LAYER_WORDS: Final = {
    "zones": mark("Land by present holder and status"),
    "changes": mark("Land by what it changes from and to"),
    "line_of_contact": mark("Line of contact"),
    "figures": mark("Key figures with ranges"),
    "about": mark("Metadata"),
}
#: How a workbook shows areas: to the digit that data have, since no format of it rounds to tens as pages do.
_FULL: Final = "#,##0.0#####"
#: GDAL's settings hold for the whole process.
_GDAL: Final = threading.Lock()


def zone_rows(subject: Subject, units: Units = "km2", *, over: Over = "all") -> gpd.GeoDataFrame:
    """Return the pieces of a view as `zone_table` does, with their shapes at full precision in EPSG:4326."""
    return gpd.GeoDataFrame(zone_table(subject, units, over=over), geometry=_degrees(_land(subject)), crs=MAP_CRS)


def _land(subject: Subject) -> gpd.GeoSeries:
    return (subject.zones if isinstance(subject, Measured) else subject.changes).geometry


def zone_table(subject: Subject, units: Units = "km2", *, over: Over = "all") -> pd.DataFrame:
    """
    Return the pieces of a view for a reader's own use, without their shapes.

    Returns
    -------
    rows
        Of a proposal: one row per (oblast, held_by, status) with what the status means, its clause, areas and share;
        of a comparison: one row per (oblast, held_by, from_status, to_status) with what A (from) and B (to) answer to
        each question, and in `changed` whether they answer `over` otherwise.
        Areas in `units`, named in the columns, such as `area_km2` or `area_sq_mi`.
    """
    if isinstance(subject, Measured):
        rows, head = _zone_columns(subject)
    else:
        rows, head = _change_columns(subject, over)
    for key in ("area", "low", "high"):
        values = rows[f"{key}_km2"].map(lambda km2: written(area(km2, units)))
        head[f"{key}_{_UNIT_NAMES[units]}"] = values
    if isinstance(subject, Measured):
        head[f"contested_{_UNIT_NAMES[units]}"] = rows["contested_km2"].map(lambda km2: written(area(km2, units)))
        head["share_of_oblast"] = rows["share_of_oblast"].map(written)
    return head


def _degrees(shapes: gpd.GeoSeries) -> Any:
    """
    Return shapes in EPSG:4326, rounded, so that neighbours keep sharing their vertices; valid, and wound as in RFC
    7946.

    A splinter of some square metres, too thin for degrees, may cross itself there; it is mended where it does.
    """
    rounded = shapely.set_precision(shapes.to_crs(MAP_CRS).to_numpy(), 10.0**-_DIGITS, mode="pointwise")
    broken = ~shapely.is_valid(rounded)
    rounded[broken] = shapely.make_valid(rounded[broken], method="structure", keep_collapsed=False)
    return counterclockwise(rounded)


def _zone_columns(measured: Measured) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    rows, statuses = measured.zones, load_statuses()
    row_statuses = [statuses[status] for status in rows["status"]]
    head = pd.DataFrame({
        "oblast": rows["oblast"],
        "oblast_name": rows["oblast"].map(oblast_names()),
        "held_by": rows["held_by"],
        "status": rows["status"],
        "status_label": [tr(status.label) for status in row_statuses],
        "holder": [status.holder for status in row_statuses],
        "recognised": [status.recognised for status in row_statuses],
        "regime": [status.regime for status in row_statuses],
        "clause": rows["clause"],
    })  # fmt: skip
    return rows, head


def _change_columns(comparison: Comparison, over: Over) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    rows = comparison.changes
    answers = [f"{question}_{side}" for question in QUESTIONS for side in ("from", "to")]
    labels = [[words_of("all", status) for status in rows[f"{side}_status"]] for side in ("from", "to")]
    head = pd.DataFrame({
        "oblast": rows["oblast"],
        "oblast_name": rows["oblast"].map(oblast_names()),
        **{key: rows[key] for key in ("held_by", "from_status", "to_status")},
        **dict(zip(("from_label", "to_label"), labels, strict=True)),
        **{key: rows[key] for key in answers},
        "changed": differs(rows, over),
    })  # fmt: skip
    return rows, head


def figure_rows(subject: Subject, chosen: Chosen | None = None) -> pd.DataFrame:
    """
    Return the key figures of a view: `figure`, its value, low and high, empty where not specified, and `shown`, the
    figure as every page and picture has it.

    Of a comparison: the sums, the classes of the difference map, and the ledgers of A and B.
    """
    chosen = chosen or Chosen()
    unit = _UNIT_NAMES[chosen.units]
    sheet = make_sheet(subject, chosen)
    figures = [*sheet.figures]
    if isinstance(subject, Comparison):
        figures += [figure for _, figure in sheet.legend[:-1]]
        figures += [replace(figure, label=f"{title}: {figure.label}") for title, own in sheet.sides for figure in own]
    rows = [[figure.label, _shown(figure), *_numbers(figure, chosen.units), figure.more] for figure in figures]
    return pd.DataFrame(rows, columns=["figure", "shown", unit, f"low_{unit}", f"high_{unit}", "note"])


def _numbers(figure: Figure, units: Units) -> list[float | None]:
    return [km2 if km2 is None else written(area(km2, units)) for km2 in numbers_of(figure.value)]


def _shown(figure: Figure) -> str:
    return str(FigureText(figure.text, figure.bounds))


def geojson(subject: Subject, chosen: Chosen) -> bytes:
    """Return the pieces as GeoJSON with the line of contact as its last feature; metadata under ``mapcore``."""
    table = zone_table(subject, chosen.units, over=chosen.over)
    bare = gpd.GeoDataFrame(table, geometry=[None] * len(table)).iterfeatures(drop_id=True)
    # One at a time: while `json` writes, no other thread of a server runs.
    features = [
        f'{{"type":"Feature","properties":{_json(feature["properties"])},"geometry":{shape}}}'
        for feature, shape in zip(bare, _shape_texts(tuple(_land(subject))), strict=True)
    ]
    line = _line(control_of(subject))
    about = {"feature": "line of contact", "as_of": line["as_of"].iloc[0], "error_km": float(line["error_km"].iloc[0])}
    shape = shapely.geometry.mapping(line.geometry.iloc[0])
    features.append(_json({"type": "Feature", "properties": about, "geometry": shape}))
    facts = _json(dict(make_sheet(subject, chosen).facts))
    return f'{{"type":"FeatureCollection","mapcore":{facts},"features":[{",".join(features)}]}}'.encode()


@memory.kept(maxsize=4)
def _shape_texts(land: tuple[BaseGeometry, ...]) -> tuple[str, ...]:
    """Return shapes in `AREA_CRS` as GeoJSON, once for a view's files in all languages."""
    shapes = _degrees(gpd.GeoSeries(land, crs=AREA_CRS))
    return tuple(_json(shapely.geometry.mapping(shape)) if shape else "null" for shape in shapes)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _line(control: Control) -> gpd.GeoDataFrame:
    shape = _degrees(gpd.GeoSeries([control.line], crs=AREA_CRS))
    provenance = control.provenance
    about = {"as_of": [control.as_of.isoformat()], "source": [tr(provenance.source)], "error_km": [provenance.error_km]}
    return gpd.GeoDataFrame(about, geometry=shape, crs=MAP_CRS)


def csv_table(subject: Subject, chosen: Chosen) -> bytes:
    """Return the pieces without geometry; metadata in lines before the header that start with ``#``."""
    rows = zone_table(subject, chosen.units, over=chosen.over)
    return csv_text(rows, make_sheet(subject, chosen).facts).encode(ENCODING)


def geopackage(subject: Subject, chosen: Chosen) -> bytes:
    """Return layers `zones` (or `changes`), `line_of_contact`, `figures` and `about`; its times are the line's date."""
    sheet = make_sheet(subject, chosen)
    facts = dict(sheet.facts)
    pieces = "zones" if isinstance(subject, Measured) else "changes"
    layers: dict[str, pd.DataFrame] = {
        pieces: zone_rows(subject, chosen.units, over=chosen.over),
        "line_of_contact": _line(sheet.control),
        "figures": figure_rows(subject, chosen),
        "about": pd.DataFrame(facts.items(), columns=["key", "value"]),
    }
    with _refusing(), tempfile.TemporaryDirectory() as folder, _dated(sheet.control.as_of):
        path = Path(folder) / "mapcore.gpkg"
        for name, rows in layers.items():
            pyogrio.write_dataframe(
                rows, path, layer=name, driver="GPKG", layer_options={"DESCRIPTION": tr(_LAYER_WORDS[name])},
                layer_metadata=facts if name == pieces else None, append=path.exists(),
            )  # fmt: skip
        _settle(path, sheet.control.as_of)
        return path.read_bytes()


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what stands in the way of a file in the temporary folder into a refusal."""
    try:
        yield
    except (OSError, RuntimeError, sqlite3.Error) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else None
        sentence = tr("a GeoPackage needs room in the temporary folder ({reason}); set TMPDIR to a folder of yours")
        raise ExportError(sentence.format(reason=" ".join(str(reason or problem).split()))) from problem


@contextmanager
def _dated(when: date) -> Iterator[None]:
    """Let GDAL write this date instead of the present time."""
    with _GDAL:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{when.isoformat()}T00:00:00.000Z"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _settle(path: Path, when: date) -> None:
    """Give the metadata's own time, which GDAL takes from the clock, the same date."""
    stamp = f"{when.isoformat()}T00:00:00.000Z"
    database = sqlite3.connect(path)
    try:
        known = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        database.execute("UPDATE gpkg_contents SET last_change = ?", [stamp])
        if "gpkg_metadata_reference" in known:
            database.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", [stamp])
        database.commit()
        database.execute("VACUUM")
    finally:
        database.close()


def excel(subject: Subject, chosen: Chosen) -> bytes:
    """Return a workbook with sheets `Figures`, `Zones` (or `Changes`), `Clauses` and `About`."""
    sheet = make_sheet(subject, chosen)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = datetime(sheet.control.as_of.year, sheet.control.as_of.month, sheet.control.as_of.day, tzinfo=UTC)
    book.set_properties({
        "title": sheet.title, "author": MAKER, "subject": sheet.about, "comments": sheet.attribution,
        "created": made.replace(tzinfo=None),
    })  # fmt: skip
    pieces = "Zones" if isinstance(subject, Measured) else "Changes"
    clauses = pd.DataFrame(
        [[clause.id, clause.text, clause.source] for clause in sheet.clauses], columns=["clause", "text", "source"]
    )
    pages = {
        "Figures": figure_rows(subject, chosen),
        pieces: zone_table(subject, chosen.units, over=chosen.over),
        "Clauses": clauses,
        "About": pd.DataFrame(sheet.facts.items(), columns=["key", "value"]),
    }
    for name, rows in pages.items():
        if len(rows):
            _write_page(book, name, rows)
    book.close()
    return file.getvalue()


def _write_page(book: xlsxwriter.Workbook, name: str, rows: pd.DataFrame) -> None:
    page = book.add_worksheet(name)
    bold, full = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": _FULL})
    share, wrap = book.add_format({"num_format": "0.0%"}), book.add_format({"text_wrap": True, "valign": "top"})
    page.freeze_panes(1, 0)
    for column, key in enumerate(rows.columns):
        page.write_string(0, column, key, bold)
        longest = max([len(key), *(len(str(value)) for value in rows[key])])
        page.set_column(column, column, min(longest, 90) + 2)
        for row, value in enumerate(rows[key], start=1):
            if isinstance(value, str):
                page.write_string(row, column, value, wrap if len(value) > 90 else None)
            elif isinstance(value, bool):
                page.write_boolean(row, column, value)
            elif not pd.isna(value):
                page.write_number(row, column, float(value), share if key == "share_of_oblast" else full)


#: What writes each format, by its ending.
WRITERS: Final = {"geojson": geojson, "gpkg": geopackage, "csv": csv_table, "xlsx": excel}
