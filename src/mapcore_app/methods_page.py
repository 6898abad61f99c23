"""Where the figures come from, how they are made, and what they cannot say."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from mapcore import boundaries, links, theme
from mapcore.displacement import CORRELATION_KM
from mapcore.ranges import DRAWS, SEED, SHARE
from mapcore.scenario import load_statuses
from mapcore.snapshots import load_stretches
from mapcore.sources import data_version, load_sources
from mapcore.theme import Units
from mapcore_app import figures, lines


def draw(view: links.View, units: Units) -> None:
    """Draw the page."""
    control = lines.load(view.control)
    st.title("Methods and sources", anchor=False)
    st.markdown(
        "mapcore turns the territorial clauses of each proposal into map layers, measures them, and says how sure each "
        "figure is. Everything on this page may be quoted.\n\n"
        f"**Data version** `{data_version()}`; it changes when any data file changes, and every link carries it."
    )
    st.subheader("The line of contact", anchor=False)
    said = (f"{control.title}. {control.method}", f"Source: {control.source}. Licence: {control.licence}.",
            f"Believed positional error: about {control.error_km:g} km.")  # fmt: skip
    st.html(f'<div class="prose">{"".join(f"<p>{html.escape(one)}</p>" for one in said)}</div>')
    if lines.kind(control.id) == "shipped":
        with st.expander("Every vertex of the line: between which places it runs, and its source"):
            vertices = load_stretches(control.id)
            st.dataframe(pd.DataFrame(vertices.drop(columns="geometry")), hide_index=True, width="stretch")
    st.subheader("Areas and ranges", anchor=False)
    st.markdown(
        "Areas are geodesic, on the WGS 84 ellipsoid, of the full geometry; the map shows a simplified copy. Shares "
        "are of the oblast as measured here, so that the parts of an oblast add up to 100 %.\n\n"
        "Each figure has two ranges, for one cause: the line of contact is known to a few kilometres only.\n\n"
        f"- **Range** (the outer bound): the same figure with the whole line moved {control.error_km:g} km outwards "
        "from Russian-held land, and the same distance inwards. It asks: what if the line is off everywhere, by its "
        "full error, to the same side?\n"
        f"- **Likely** range: what if it is off here to one side and there to the other? {DRAWS:,} lines are displaced "
        f"at random, with offsets that go together over about {CORRELATION_KM:g} km along the line; {SHARE:.0%} of the "
        f"figures on them lie in the range. The seed is {SEED}, so that the same line gives the same digits. Nothing "
        "systematic is in it, such as reports that are all late. For a buffer its upper end can pass the outer "
        "bound.\n\n"
        "A figure that follows administrative borders alone has no such range; its error is that of the boundaries, "
        "in the table below. Neither range covers how a text is read, or that sources mean different things by "
        "*held*: for that, see the page on the lines of contact."
    )
    st.subheader("Official and measured areas", anchor=False)
    st.html(figures.STYLE + figures.as_html(_areas(units)))
    st.caption(
        "Official areas count inland water and bays that the boundary file leaves out, most of all in Kherson. "
        "Populations are estimates of the State Statistics Service for the date given, before the invasion of 24 "
        "February 2022, as commonly cited; those of Donetsk and Luhansk include areas outside Kyiv's control since "
        "2014."
    )
    st.subheader("What each status means", anchor=False)
    st.html(figures.as_html(_statuses()))
    st.subheader("Data files, origins, licences", anchor=False)
    st.html(figures.as_html(_files()))
    st.subheader("Limits", anchor=False)
    st.markdown(
        "- Both sides dispute places along the line; where reports conflict, the line runs through the place.\n"
        "- The texts are drafts, leaks or reported positions. Where one is silent, mapcore says *not specified*.\n"
        "- A proposal's words can be read in more than one way; each page says how the map reads them.\n"
        "- Boundaries are generalised for a scale of about 1:10 million and can be off by a kilometre or two.\n"
        "- Sources that count differently (with or without contested land, with or without water) give other figures "
        "for the same day."
    )


def _areas(units: Units) -> pd.DataFrame:
    oblasts = boundaries.load_oblasts()
    unit = theme.unit_labels()[units]
    official, measured = oblasts["official_area_km2"], oblasts["measured_area_km2"]
    return pd.DataFrame(
        {
            "Unit": oblasts["name_en"],
            "Name in Ukrainian": oblasts["name_uk"],
            "ISO 3166-2": oblasts["iso"],
            f"Official area, {unit}": official.map(lambda km2: round(theme.area(km2, units))),
            f"Measured area, {unit}": measured.map(lambda km2: round(theme.area(km2, units))),
            "Measured against official, %": ((measured / official - 1) * 100).round(1),
            "Population": oblasts["population"],
            "On": oblasts["population_date"].astype(str),
        }
    )


def _statuses() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Status": status.label,
            "Held by": theme.holder_words()[status.holder],
            "Recognised as": theme.recognition_words()[status.recognised],
            "Military regime": theme.regime_words()[status.regime],
            "In words": status.sentence,
        }
        for status in load_statuses().values()
    )


def _files() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "File": f"geo/{source.path}",
            "What": source.title,
            "Origin": source.origin,
            "Licence": source.licence,
            "Date": source.date,
            "SHA-256": source.sha256[:12],
        }
        for source in load_sources()
    )
