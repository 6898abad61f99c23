"""Which settlements a proposal moves, what is known of who lives there, and how large the land is."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from mapcore.analysis.known_areas import has_outline, known_area, load_known_areas
from mapcore.analysis.settlements import (
    POPULATION_NOTE,
    Remaining,
    count_by_zone,
    load_remaining,
    local_names,
    moved_places,
    places_in,
)
from mapcore.app.pages import map_page
from mapcore.app.parts import assets, bar, copying, guide, html_table, page_elements, place_search
from mapcore.app.parts import people_scale as scale
from mapcore.app.session import lines, viewer_proposal, web_files
from mapcore.base import memory
from mapcore.base.csv_file import ENCODING, csv_text
from mapcore.base.language import (
    DEFAULT_LANGUAGE,
    cached,
    date_text,
    exact_text,
    language,
    number_text,
    speaking,
    tr,
    trc,
)
from mapcore.base.schema import DEFAULT_STATUS
from mapcore.base.sources import data_version
from mapcore.land import boundaries
from mapcore.measurement.areas import Measured, measure_proposal
from mapcore.present import folium_map, land_in_question, links, map_geometry, settlement_marks, wording
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_statuses
from mapcore.publish import first_screen

#: Rows of the settlements' table; the file to download has all.
_LISTED: Final = 40
#: Radii of the marks in the legend, in pixels: those of the map's script.
_RADII: Final = (13, 10, 7.5, 5.5, 4, 2.8)

STYLE: Final = web_files.style("people.css")


def draw(view: links.View, units: Units) -> None:
    """Draw the page."""
    measured = measure_proposal(
        viewer_proposal.load(view.proposal, view.viewers_proposal),
        control=lines.load(view.control),
        parameters=view.parameters,
    )
    above, first = st.container(gap=None, key="above"), st.container(key="first")
    with first:
        with st.container(key="stage"):
            _map(measured, view, units)
        with st.container(key="beside"):
            place_search.card(view, measured)
            st.html(_summary(measured) + scale.themed(_marks_legend(measured)))
            page_elements.sliders(measured.proposal.parameters, view.parameters)
            with st.container(key="below"):
                laid_words = _laid_words()
                st.selectbox(
                    tr("Lay over the zone, to scale"), list(laid_words), format_func=laid_words.__getitem__, key="scale"
                )
                copying.link_button()
    with above:
        bar.draw(view, {"proposal": tr("Proposal")}, find=True)
        st.html(STYLE + scale.STYLE + _headline(measured))
    st.html(lines.in_use(measured.control) + guide.statuses(measured, dark=page_elements.is_dark()))
    st.html(html_table.STYLE + _places(measured))
    st.download_button(
        tr("Download the settlements (CSV)"),
        lambda: settlements_file(measured).encode(ENCODING),
        f"mapcore-places-{measured.proposal.id}-{measured.control.id}-{data_version()}.csv",
        "text/csv",
        on_click="ignore",
    )
    st.html(_remaining())
    scale.draw(measured, view, units)


def _map(measured: Measured, view: links.View, units: Units) -> None:
    laid = view.choice("scale")
    lon, lat, corners = _place_of(measured, laid)
    over = folium_map.Overlay(
        assets.places_url(measured),
        assets.overlay_url(laid, lon, lat) if laid else "",
        corners,
        legend=True,
        whole=view.whole,
    )
    found = place_search.on_map(view, measured)
    map_page.frame(measured, view, units, over=replace(over, fit=found.fit, found=found.found) if found else over)
    st.html(page_elements.legend(measured, units, dark=page_elements.is_dark()))


@cached(maxsize=64)
def _headline(measured: Measured) -> str:
    """Return in a headline how many settlements would change hands."""
    return first_screen.settlements(measured)


@memory.kept(maxsize=64)
def _place_of(measured: Measured, laid: str) -> tuple[float, float, list[list[float]]]:
    """Return where what is laid over the land stands, longitude and latitude, and the corners around both."""
    _, zone, _ = land_in_question.zone_of(measured)
    lon, lat = map_geometry.middle(zone)
    return lon, lat, map_geometry.bounds(zone, laid, lon=lon, lat=lat)


@cached(maxsize=8)
def _laid_words() -> dict[str, str]:
    return {"": trc("overlay", "nothing"), **{found.id: _scale_words(found.id) for found in load_known_areas()}}


def _scale_words(area_id: str) -> str:
    name = tr(known_area(area_id).name)
    return name if has_outline(area_id) else tr("{name} (a circle of its area)").format(name=name)


@cached(maxsize=64)
def _marks_legend(measured: Measured) -> str:
    drawn = {mark["fate"] for mark in settlement_marks.place_marks(measured)}
    kinds = "".join(
        f'<span><i class="{fate}" style="width:.85em;height:.85em"></i>{html.escape(tr(words))}</span>'
        for fate, words in settlement_marks.FATE_WORDS.items()
        if fate in drawn
    )
    sizes = "".join(
        f'<span><i class="size" style="width:{2 * radius}px;height:{2 * radius}px"></i>'
        f"{html.escape(_size_words(least))}</span>"
        for radius, least in zip(_RADII, settlement_marks.PLACE_SIZES, strict=True)
    )
    drawn_from = tr(
        "The map shows every settlement that would change hands and, of those that Russia keeps, the "
        "ones with at least {count} people."
    ).format(count=number_text(settlement_marks.STAYING_FROM))
    return (
        f'<div class="marks">{kinds}</div><div class="marks">{html.escape(tr("Pre-war population:"))} {sizes}</div>'
        f'<p class="meta">{html.escape(drawn_from)}</p>'
    )


def _size_words(least: int) -> str:
    return tr("{count} or more").format(count=number_text(least)) if least else tr("fewer, or no count")


@cached(maxsize=64)
def _summary(measured: Measured) -> str:
    """Return how many settlements change their holder, with those whose side of the line is not sure."""
    entries = []
    for words, rows, count in settlement_marks.counted(places_in(measured)):
        entries.append(
            f"<div><dt>{html.escape(words)}</dt><dd>{html.escape(count)}"
            f"<small>{html.escape(_about(rows, measured))}</small></dd></div>"
        )
    return f'<dl class="ledger">{"".join(entries)}</dl><p class="meta">{html.escape(tr(POPULATION_NOTE))}</p>'


def _about(rows: gpd.GeoDataFrame, measured: Measured) -> str:
    """Return in sentences how many people lived in some settlements, the largest, and those whose side is not sure."""
    sentences = []
    if len(rows):
        biggest = local_names(rows.sort_values("population", ascending=False).head(4))
        people = number_text(int(rows["population"].sum()))
        sentences.append(tr("Pre-war population in all: {count}.").format(count=people))
        sentences.append(tr("Among them {names}.").format(names=", ".join(biggest)))
    near = int(rows["near_line"].sum())
    if near:
        sentence = tr("{count} of them within {distance} km of the line: which side they are on is uncertain.")
        sentences.append(
            sentence.format(count=number_text(near), distance=exact_text(measured.control.provenance.error_km))
        )
    return " ".join(sentences)


def settlements(measured: Measured) -> pd.DataFrame:
    """Return the settlements whose holder the proposal would change, the most populous first, in words."""
    rows = moved_places(measured)
    names = boundaries.oblast_names()
    in_other_letters = (
        {tr("In Latin letters"): rows["name_en"]} if language() == "uk" else {tr("In Ukrainian"): rows["name_uk"]}
    )
    return pd.DataFrame(
        {
            tr("Settlement"): local_names(rows),
            **in_other_letters,
            tr("Oblast"): rows["oblast"].map(names),
            tr("Pre-war population"): rows["population"].map(settlement_marks.population_text),
            tr("Record updated"): rows["modified"].fillna("").replace("", trc("date", "not given")),
            tr("Held now by"): rows["held_by"].map(wording.holder_words()),
            tr("Under this text"): rows["status"].map(_status_words()),
            tr("Side of the line"): rows["near_line"].map(
                {True: tr("within its error"), False: trc("side of the line", "clear")}
            ),
        }
    )


def _status_words() -> dict[str, str]:
    return {name: tr(status.label) for name, status in load_statuses().items()}


def settlements_file(measured: Measured) -> str:
    """Return the settlements as the text of a file, which is the same in every language."""
    with speaking(DEFAULT_LANGUAGE):
        return csv_text(settlements(measured))


def zones_table(measured: Measured) -> pd.DataFrame:
    """Return how many settlements lie in each zone that the proposal or the line touches."""
    rows = count_by_zone(measured)
    rows = rows[(rows["status"] != DEFAULT_STATUS["ukraine"]) | (rows["held_by"] == "russia")]
    rows = rows.sort_values("population", ascending=False)
    return pd.DataFrame(
        {
            tr("Oblast"): rows["oblast"].map(boundaries.oblast_names()),
            tr("Held now by"): rows["held_by"].map(wording.holder_words()),
            tr("Under this text"): rows["status"].map(_status_words()),
            tr("Settlements"): rows["places"],
            tr("Within the line's error"): rows["near_line"],
            tr("Pre-war population"): rows["population"],
            tr("Without a count"): rows["without_count"],
            tr("Largest"): rows["cities"],
        }
    )


def _wide(frame: pd.DataFrame) -> str:
    """Return a table that a phone scrolls sideways rather than breaking each cell into many lines."""
    return f'<div class="wide">{html_table.as_html(frame)}</div>'


@cached(maxsize=64)
def _places(measured: Measured) -> str:
    rows = settlements(measured)
    count = number_text(len(rows))
    shown = (
        _wide(rows.head(_LISTED))
        if len(rows)
        else f"<p>{html.escape(tr('No settlement would change hands under this text.'))}</p>"
    )
    more = tr("The {listed} largest of {count}; the file below has all.").format(listed=_LISTED, count=count)
    about = tr(
        "Settlements from 500 people, GeoNames (CC BY 4.0); names as in Ukraine's register (KATOTTG). "
        '"Record updated": when GeoNames last changed the record, not when people were counted. Districts of cities '
        "are left out."
    )
    head = tr("Settlements that change hands ({count})").format(count=count)
    sums = tr("Totals add up counts of whole settlements; settlements without a count are not included.")
    return (
        f"<h2>{html.escape(head)}</h2>{shown}"
        f'<p class="meta">{html.escape(f"{more} " if len(rows) > _LISTED else "")}{html.escape(about, quote=False)}</p>'
        f"<h2>{html.escape(tr('Settlements by zone'))}</h2>{_wide(zones_table(measured))}"
        f'<p class="meta">{html.escape(sums)}</p>'
    )


@cached(maxsize=8)
def _remaining() -> str:
    rows = "".join(
        f"<article><h3>{html.escape(tr(found.place))}: {number_text(found.count)}</h3>"
        f"<p>{html.escape(_said_by(found))} {page_elements.linked(tr(found.text), found.source)}</p></article>"
        for found in load_remaining()
    )
    about = tr(
        "Each as its source gives it on its date. They are not added up, and say nothing about places "
        "that they do not name."
    )
    return (
        f"<h2>{html.escape(tr('Who remains: published estimates'))}</h2><p class='meta'>{html.escape(about)}</p>"
        f"<div class='entries'>{rows}</div>"
    )


def _said_by(remaining: Remaining) -> str:
    return tr("{date}, {source}.").format(date=date_text(remaining.date), source=tr(remaining.said_by))
