"""All proposals side by side: rows are questions, columns proposals, and each cell leads to its sources and the map."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from mapcore.app.parts import bar, copying, page_elements
from mapcore.app.session import lines, viewer_proposal, web_files
from mapcore.base import memory
from mapcore.base.fill import Fill
from mapcore.base.language import cached, short_date_text, tr
from mapcore.base.schema import DEFAULT_STATUS, MAP_CRS
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured, measure_proposal
from mapcore.present import links, matrix
from mapcore.present.matrix import Cell, Matrix, Row
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.publish import first_screen, overview_address, overview_cards, overview_content

STYLE: Final = web_files.style("matrix.css")
#: How near the map shows the land that a cell is about.
_NEAR: Final = 7.5
#: Less of an oblast than this is a strip along the line.
_STRIP: Final = 0.02


def draw(view: links.View, units: Units) -> None:
    """Draw the page."""
    control = lines.load(view.control)
    bar.draw(view)
    st.html(STYLE + _overview(control, units, _kept(view), maps=lines.kind(control.id) != "session"))
    st.html(lines.in_use(control))
    st.subheader(tr("What each text says on each question"), anchor=False)
    deck = tr(
        "Rows on oblasts and on what it does to the land are computed from the same rules as the map; the others are "
        "the texts' own terms, abbreviated."
    )
    leads = tr("The links in a cell lead to its source and to the area on the map.")
    st.html(f'<p class="meta">{html.escape(f"{deck} {leads}", quote=False)}</p>')
    titles = viewer_proposal.titles(view)
    _filters(titles)
    proposals = [
        viewer_proposal.load(proposal_id, view.viewers_proposal)
        for proposal_id in titles
        if not view.columns or proposal_id in view.columns
    ]
    chosen = {view.compare: view.compare_parameters, view.proposal: view.parameters}
    columns = tuple(
        measure_proposal(proposal, control=control, parameters=chosen.get(viewer.link_id(proposal)))
        for proposal in proposals
    )
    rows = [row for row in _matrix(columns, units).rows if not view.rows or row.section in view.rows]
    st.html(_table(rows, columns, view))
    copying.link_button()


@cached(maxsize=16)
def _overview(control: Control, units: Units, kept: tuple[tuple[str, str], ...], *, maps: bool) -> str:
    """Return under how many proposals land changes hands, the card of each, and the sheet's files."""
    measured = [member for group in overview_content.measure_all(control).values() for member in group]
    note = html.escape(tr("Net: Ukraine's withdrawal minus Russia's."))
    head = first_screen.headed(overview_content.headline(measured), note, of=tr("All proposals"))
    shown = overview_cards.cards(
        control, units, lambda proposal: f"?{urlencode({**dict(kept), 'page': 'map', 'proposal': proposal})}", maps=maps
    )
    files = "".join(
        f'<a href="{html.escape(overview_address.sheet(control.id, form, units))}" target="_blank" '
        f'download="{overview_content.file_name(control)}.{form}">{form.upper()}</a>'
        for form in ("png", "svg", "pdf")
    )
    sheet = f'<p class="meta sheet">{html.escape(tr("All proposals on one sheet:"))} {files}</p>' if maps else ""
    return f"{head}{shown}{sheet}"


@cached(maxsize=64)
def _matrix(columns: tuple[Measured, ...], units: Units) -> Matrix:
    return matrix.build_matrix(columns, units=units)


def _filters(titles: Mapping[str, str]) -> None:
    groups = {str(section): tr(label) for section, label in matrix.SECTIONS.items()}
    st.pills(
        tr("Questions (all unless chosen)"),
        list(groups),
        format_func=groups.__getitem__,
        selection_mode="multi",
        key="rows",
    )
    st.multiselect(
        tr("Proposals (all unless chosen)"),
        list(titles),
        format_func=titles.__getitem__,
        key="columns",
        placeholder=tr("All proposals"),
    )


def _table(rows: Iterable[Row], columns: tuple[Measured, ...], view: links.View) -> str:
    has_maps = lines.kind(view.control) != "session"
    head = "".join(
        f'<th scope="col">{overview_cards.small_map(column) if has_maps else ""}'
        f"{html.escape(viewer.title_of(column.proposal))}<small>{html.escape(tr(column.proposal.by))}, "
        f"{short_date_text(column.proposal.date)}</small></th>"
        for column in columns
    )
    queries = [_map_query(column, view) for column in columns]
    body, section = [], ""
    for row in rows:
        if row.section != section:
            section = row.section
            body.append(
                f'<tr class="group"><th scope="row">{html.escape(tr(matrix.SECTIONS[row.section]))}</th>'
                f'<td colspan="{len(columns)}"></td></tr>'
            )
        cells = "".join(_cell(*each) for each in zip(row.cells, columns, queries, strict=True))
        question = f'<details name="question"><summary>{html.escape(row.label)}</summary></details>'
        body.append(f'<tr><th scope="row">{question}</th>{cells}</tr>')
    alone = " alone" if len(columns) == 1 else ""
    label = html.escape(tr("All proposals by question"))
    return (
        f'<div class="matrix{alone}" tabindex="0" role="region" aria-label="{label}">'
        f'<table><thead><tr><th scope="col">{html.escape(tr("Question"))}</th>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _cell(cell: Cell, measured: Measured, query: dict[str, str]) -> str:
    fills = cell.fills or ((),) * len(cell.lines)
    paragraphs = "".join(
        f"<p>{''.join(map(_chip, fill))}{html.escape(line)}</p>" for line, fill in zip(cell.lines, fills, strict=True)
    )
    leads = [
        f'<a href="{html.escape(url)}" target="_blank" rel="noopener">{html.escape(_source_words(place))}</a>'
        for place, url in enumerate(cell.sources, start=1)
    ]
    zone = _zone(measured, cell.oblasts)
    if zone:
        address = "?" + urlencode(query | _place_of(zone))
        leads.append(f'<a href="{html.escape(address)}" target="_self">{html.escape(tr("map"))}</a>')
    silent = "" if cell.specified else ' class="silent"'
    of = html.escape(viewer.title_of(measured.proposal))
    return f'<td data-of="{of}"><div{silent}>{paragraphs}</div><div class="leads">{"".join(leads)}</div></td>'


def _chip(fill: Fill) -> str:
    return page_elements.swatch(fill, dark=page_elements.is_dark())


def _source_words(place: int) -> str:
    return tr("source {number}").format(number=place) if place > 1 else tr("source")


@memory.kept(maxsize=1024)
def _zone(measured: Measured, oblasts: tuple[str, ...]) -> str:
    """
    Return the piece of land in some oblasts that a cell is about, or nothing.

    It is what Ukraine holds there and the text changes, if it is more than a strip of the oblast; else the largest
    piece that the text changes or Russia holds.
    """
    zones = measured.zones[measured.zones["oblast"].isin(oblasts)].sort_values("area_km2")
    if zones.empty:
        return ""
    about = zones[zones["status"] != DEFAULT_STATUS["ukraine"]]
    moved = about[(about["held_by"] == "ukraine") & (about["share_of_oblast"] >= _STRIP)]
    row = next(part for part in (moved, about, zones) if not part.empty).iloc[-1]
    return f"{row['oblast']}.{row['held_by']}"


@memory.shared
def _middles() -> dict[str, tuple[float, float]]:
    """Return the latitude and longitude of the middle of each first-level unit."""
    oblasts = boundaries.load_oblasts().to_crs(MAP_CRS)
    bounds = oblasts.geometry.bounds
    lat, lon = (bounds["miny"] + bounds["maxy"]) / 2, (bounds["minx"] + bounds["maxx"]) / 2
    return dict(zip(oblasts["iso"], zip(lat, lon, strict=True), strict=True))


def _kept(view: links.View) -> tuple[tuple[str, str], ...]:
    """Return the part of a query that leads on to other pages with the viewer's line, units and language."""
    shown = {"control": view.control, "units": view.units, "lang": view.lang, "embed": ""}
    return tuple((key, value) for key, value in st.query_params.to_dict().items() if key in shown)


def _map_query(measured: Measured, view: links.View) -> dict[str, str]:
    """Return the query of the map of a proposal with the viewer's other choices, without a piece of land."""
    shown = viewer.link_id(measured.proposal)
    target = replace(links.unplaced(view), page="map", proposal=shown, zone="", parameters=measured.parameters)
    kept = st.query_params.to_dict()
    ours = {*links.CHOICES, *links.LISTS, "own", "tiles", "lat", "lon", "zoom", "v", *measured.parameters}
    foreign = {key: value for key, value in kept.items() if key not in ours}
    if st.context.is_embedded:
        foreign["embed"] = "true"
    return foreign | {"page": "map", "proposal": shown} | links.to_query(target)


@memory.shared(maxsize=64)
def _place_of(zone: str) -> dict[str, str]:
    """Return the part of a query that leads to a piece of land, near by."""
    lat, lon = _middles()[zone.partition(".")[0]]
    return links.to_query(links.View(zone=zone, lat=lat, lon=lon, zoom=_NEAR))
