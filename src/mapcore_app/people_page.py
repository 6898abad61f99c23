"""Which settlements a proposal moves, what is known of who lives there, and how large the land is."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from mapcore import links, maps, theme
from mapcore.areas import Measured, Range, measure_proposal
from mapcore.places import POPULATION_NOTE, count_by_zone, load_remaining, moved_places, places_in
from mapcore.references import has_outline, load_references, reference
from mapcore.scenario import load_proposal, load_statuses
from mapcore.schema import DEFAULT_STATUS
from mapcore.sources import data_version
from mapcore.theme import Units
from mapcore_app import assets, figures, lines, map_page, parts

#: Rows of the settlements' table; the file to download has all.
_LISTED: Final = 40
#: Radii of the marks in the legend, in pixels: those of the map's script.
_RADII: Final = (13, 10, 7.5, 5.5, 4, 2.8)

STYLE = """<style>
.marks{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;font-size:.88rem;line-height:1.6;align-items:center}
.marks span{white-space:nowrap;display:inline-flex;align-items:center;gap:.4em}
.marks i{display:inline-block;border-radius:50%;box-sizing:border-box;border:1px solid rgba(128,128,128,.6)}
.marks .ukraine_leaves{background:#5f3478}.marks .russia_leaves{background:#1f77b4}
.marks .stays_russia{background:#f3d3b8}
.dark .ukraine_leaves{background:#d9a8d8}.dark .russia_leaves{background:#5aaee6}
.dark .stays_russia{background:#ab8e76}
.marks .size{background:currentColor;opacity:.55;border:0}
.scale{display:grid;grid-template-columns:max-content 1fr max-content;gap:.3rem .8rem;align-items:center;
font-size:.9rem;font-variant-numeric:tabular-nums;max-width:62rem}
.scale .track{position:relative;height:1rem}
.scale .track i{position:absolute;left:0;top:0;height:100%;background:#8a97a1;opacity:.75}
.scale .track u{position:absolute;top:42%;height:16%;background:currentColor}
.scale .zone i{background:#5f3478;opacity:1}.dark .scale .zone i{background:#d9a8d8}
.scale .chosen i{background:#2f5d7c;opacity:1}.dark .scale .chosen i{background:#8fb8d6}
.scale b{font-weight:600}
.ledger{padding:0!important}.legend .swatch{opacity:.6}.wide table.figures{min-width:47rem}
.entries{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:.4rem 1.6rem}
.entries article{border-top:2px solid currentColor;padding:.45rem 0 .7rem;font-size:.92rem;line-height:1.45}
.entries h4{margin:0;padding:0;font-size:1rem}.entries p{margin:.2rem 0}.entries a{color:inherit}
.entries dl{display:grid;grid-template-columns:max-content 1fr;gap:0 .8rem;margin:.25rem 0!important;
padding:0!important}
.entries dt{opacity:.75}.entries dd{margin:0!important;font-variant-numeric:tabular-nums}
@media (max-width:640px){.scale{grid-template-columns:max-content 1fr;gap:.15rem .6rem}
.scale>span:nth-child(3n){grid-column:2;
margin:-.1rem 0 .2rem;font-size:.82rem}}
</style>"""


def draw(view: links.View, units: Units) -> None:
    """Draw the page."""
    measured = measure_proposal(
        load_proposal(view.proposal), control=lines.load(view.control), parameters=view.parameters
    )
    above = st.container()
    left, right = st.columns([2.5, 1], gap="medium")
    with left:
        _map(measured, view, units)
    with above:
        map_page.choices(view, measured)
        st.title(f"People and places: {measured.proposal.title}", anchor=False)
        said_by = f"{measured.proposal.by}, {measured.proposal.date:%-d %B %Y}."
        st.html(STYLE + lines.in_use(measured.control, before=said_by))
    with right:
        st.html(_summary(measured))
    st.html(figures.STYLE + _places(measured))
    st.download_button(
        "Download the settlements (CSV)",
        lambda: settlements(measured).to_csv(index=False),
        f"mapcore-places-{measured.proposal.id}-{measured.control.id}-{data_version()}.csv",
        "text/csv",
        on_click="ignore",
    )
    st.html(_remaining())
    _scale(measured, view, units)
    st.html(_precedents(units))


@lru_cache(maxsize=64)
def zone_of(measured: Measured) -> tuple[str, gpd.GeoDataFrame, Range]:
    """
    Return the land that a proposal is about, to compare its size: words for it, its zones, and its area.

    It is what Ukraine would leave; if nothing, what Russia would leave; if nothing again, what Russia holds.
    """
    statuses, zones, ledger = load_statuses(), measured.zones, measured.ledger
    moves = zones["status"].map(lambda status: statuses[status].holder) != zones["held_by"]
    for holder, words, area in (
        ("ukraine", "Land that Ukraine would leave", ledger.ukraine_leaves),
        ("russia", "Land that Russia would leave", ledger.russia_leaves),
    ):
        chosen = zones[(zones["held_by"] == holder) & moves]
        if not chosen.empty:
            return words, chosen, area
    return "Land that Russia holds", zones[zones["held_by"] == "russia"], ledger.held_by_russia_now


def _map(measured: Measured, view: links.View, units: Units) -> None:
    _, zone, _ = zone_of(measured)
    scale = view.choice("scale")
    lon, lat = maps.middle(zone)
    over = maps.Overlay(
        assets.places_url(measured),
        assets.overlay_url(scale, lon, lat) if scale else "",
        maps.bounds(zone, scale, lon=lon, lat=lat),
    )
    map_page.frame(measured, view, units, over=over)
    st.html(_marks_legend(measured) + parts.legend(measured))
    with st.container(horizontal=True, vertical_alignment="center", key="below"):
        parts.copy_button(data_version())
        st.selectbox(
            "Lay over the zone, to scale",
            ["", *(found.id for found in load_references())],
            format_func=lambda found: _scale_words(found) if found else "nothing",
            key="scale",
        )


def _scale_words(reference_id: str) -> str:
    name = reference(reference_id).name
    return name if has_outline(reference_id) else f"{name} (a circle of its area)"


def _themed(content: str) -> str:
    return f'<div class="{"dark" if parts.is_dark() else "light"}">{content}</div>'


def _marks_legend(measured: Measured) -> str:
    drawn = {mark["fate"] for mark in maps.place_marks(measured)}
    kinds = "".join(
        f'<span><i class="{fate}" style="width:.85em;height:.85em"></i>{words}</span>'
        for fate, words in maps.FATE_WORDS.items()
        if fate in drawn
    )
    sizes = "".join(
        f'<span><i class="size" style="width:{2 * radius}px;height:{2 * radius}px"></i>'
        f"{f'{least:,} or more' if least else 'fewer, or no count'}</span>"
        for radius, least in zip(_RADII, maps.PLACE_SIZES, strict=True)
    )
    return _themed(
        f'<div class="marks">{kinds}</div><div class="marks">Pre-war population: {sizes}</div>'
        f'<p class="meta">Every settlement that the text moves is drawn, of those that Russia keeps the ones from '
        f"{maps.STAYING_FROM:,} people.</p>"
    )


def _summary(measured: Measured) -> str:
    """Return how many settlements change their holder, with those whose side of the line is not sure."""
    places = places_in(measured)
    fate = maps.fates(places)
    entries = []
    for key, words in maps.FATE_WORDS.items():
        rows = places[fate == key]
        if rows.empty and key != "ukraine_leaves":
            continue
        biggest = rows.sort_values("population", ascending=False)["name_en"].head(4)
        small = [f"Pre-war population in all: {rows['population'].sum():,}"] if len(rows) else []
        small += [f"Among them {', '.join(biggest)}"] if len(rows) else []
        near = int(rows["near_line"].sum())
        if near:
            small.append(f"{near} of them within {measured.control.error_km:g} km of the line: their side is not sure")
        count = f"{len(rows):,} settlement{'' if len(rows) == 1 else 's'}" if len(rows) else "No settlement"
        entries.append(
            f"<div><dt>{words}</dt><dd>{count}<small>{html.escape('. '.join(small) + ('.' if small else ''))}"
            "</small></dd></div>"
        )
    return f'<dl class="ledger">{"".join(entries)}</dl><p class="meta">{html.escape(POPULATION_NOTE)}</p>'


def settlements(measured: Measured) -> pd.DataFrame:
    """Return the settlements whose holder the proposal would change, the most populous first, in words."""
    rows = moved_places(measured)
    statuses, names = load_statuses(), maps.oblast_names()
    return pd.DataFrame(
        {
            "Settlement": rows["name_en"],
            "In Ukrainian": rows["name_uk"],
            "Oblast": rows["oblast"].map(names),
            "Pre-war population": rows["population"].map(maps.population_text),
            "Record of": rows["modified"].fillna("").replace("", "not given"),
            "Held now by": rows["held_by"].map(theme.holder_words()),
            "Under this text": rows["status"].map(lambda status: statuses[status].label),
            "Side of the line": rows["near_line"].map({True: "within its error", False: "clear"}),
        }
    )


def zones_table(measured: Measured) -> pd.DataFrame:
    """Return how many settlements lie in each zone that the proposal or the line touches."""
    rows = count_by_zone(measured)
    rows = rows[(rows["status"] != DEFAULT_STATUS["ukraine"]) | (rows["held_by"] == "russia")]
    rows = rows.sort_values("population", ascending=False)
    statuses, names = load_statuses(), maps.oblast_names()
    return pd.DataFrame(
        {
            "Oblast": rows["oblast"].map(names),
            "Held now by": rows["held_by"].map(theme.holder_words()),
            "Under this text": rows["status"].map(lambda status: statuses[status].label),
            "Settlements": rows["places"],
            "Within the line's error": rows["near_line"],
            "Pre-war population": rows["population"],
            "Without a count": rows["without_count"],
            "Largest": rows["cities"],
        }
    )


def _wide(frame: pd.DataFrame) -> str:
    """Return a table that a phone scrolls sideways rather than breaking each cell into many lines."""
    return f'<div class="wide">{figures.as_html(frame)}</div>'


@lru_cache(maxsize=64)
def _places(measured: Measured) -> str:
    rows = settlements(measured)
    shown = _wide(rows.head(_LISTED)) if len(rows) else "<p>This text moves no settlement.</p>"
    more = f"The {_LISTED} largest of {len(rows):,}; the file below has all. " if len(rows) > _LISTED else ""
    return (
        f"<h3>Settlements that change hands ({len(rows):,})</h3>{shown}"
        f'<p class="meta">{more}Settlements from 500 people, GeoNames (CC BY 4.0). "Record of": when GeoNames last '
        "changed the record, not when people were counted. Districts of cities are left out.</p>"
        f"<h3>Settlements by zone</h3>{_wide(zones_table(measured))}"
        '<p class="meta">Sums of counts of whole places; people in places without a count are missing.</p>'
    )


def _remaining() -> str:
    rows = "".join(
        f"<article><h4>{html.escape(count.place)}: {count.count:,}</h4>"
        f"<p>{count.date:%-d %B %Y}, {html.escape(count.said_by)}. {parts.linked(count.text, count.source)}</p>"
        "</article>"
        for count in load_remaining()
    )
    return (
        "<h3>Who remains: published counts</h3><p class='meta'>Each as its source gives it on its date. They are not "
        f"added up, and say nothing of places that they do not name.</p><div class='entries'>{rows}</div>"
    )


def _scale(measured: Measured, view: links.View, units: Units) -> None:
    words, _, area = zone_of(measured)
    known = sorted(load_references(), key=lambda found: found.area_km2, reverse=True)
    most = max(area.high, *(found.area_km2 for found in known))

    def row(kind: str, name: str, value: float, text: str, bounds: str = "") -> str:
        return (
            f'<span class="{kind}">{html.escape(name)}</span><span class="track {kind}">'
            f'<i style="width:{100 * value / most:.2f}%"></i>{bounds}</span><span>{html.escape(text)}</span>'
        )

    whisker = f'<u style="left:{100 * area.low / most:.2f}%;width:{100 * (area.high - area.low) / most:.2f}%"></u>'
    rows = [row("zone", words, area.value, theme.area_text(area.value, units), whisker)]
    for found in known:
        kind = "chosen" if found.id == view.choice("scale") else "other"
        times = area.value / found.area_km2
        text = f"{theme.area_text(found.area_km2, units)}; the zone is {_times(times)} as large"
        rows.append(row(kind, found.name, found.area_km2, text))
    st.html(
        _themed(
            "<h3>A sense of scale</h3>"
            f"<p class='meta'>{html.escape(words)}: {theme.area_text(area.value, units)}, range "
            f"{theme.range_text(area, units)} (the thin line). The choice under the map lays an area over the zone, "
            f"drawn to its published size.</p><div class='scale'>{''.join(rows)}</div>"
        )
    )


def _times(ratio: float) -> str:
    return f"{ratio:.1f} times" if ratio < 10 else f"{ratio:.0f} times"


@lru_cache(maxsize=4)
def _precedents(units: Units) -> str:
    articles = "".join(
        f"<article><h4>{html.escape(found.name)}</h4><dl><dt>Area</dt><dd>{theme.area_text(found.area_km2, units)}, "
        f'<a href="{html.escape(found.source)}" target="_blank" rel="noopener">source</a></dd>'
        f"<dt>Population</dt><dd>{found.population:,} ({html.escape(found.population_date)}), "
        f'<a href="{html.escape(found.population_source)}" target="_blank" rel="noopener">source</a></dd>'
        f"<dt>Since</dt><dd>{html.escape(found.since)}</dd></dl><p>{html.escape(found.status)}</p>"
        f'<p class="meta">{html.escape(found.note)}</p></article>'
        for found in load_references()
        if found.precedent
    )
    return (
        "<h3>Frozen conflicts that are named as precedents</h3><p class='meta'>Outside the control of the state that "
        f"they are recognised as part of, since the year given.</p><div class='entries'>{articles}</div>"
    )
