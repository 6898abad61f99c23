"""The dashboard: choose a proposal, see it on the map, read its figures. Run with `streamlit run dashboard.py`."""

from typing import cast

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

import mapcore_app.assets  # noqa: F401  (serves Leaflet; must come before a map is built)
from mapcore import links, maps, theme
from mapcore.areas import Measured, measure_proposal
from mapcore.control import load_control
from mapcore.scenario import load_proposal, load_proposals, load_statuses, scan_proposals
from mapcore.schema import UNITS
from mapcore.theme import Units

st.set_page_config("mapcore: territorial proposals for Ukraine", "🗺️", layout="wide")
st.html("<style>.block-container{padding-top:2.2rem}[data-testid=stMetricValue]{font-size:1.5rem}</style>")


def choose() -> links.View:
    view, notices = links.from_query(st.query_params.to_dict())
    for notice in notices:
        st.warning(notice)
    titles = {proposal.id: proposal.title for proposal in load_proposals()}
    if st.session_state.get("_from_url") != view.proposal:
        st.session_state["proposal"] = view.proposal
    left, right = st.columns([5, 1])
    chosen = left.pills("Proposal", list(titles), format_func=titles.__getitem__, key="proposal", required=True)
    if st.session_state.get("_units_url") != view.units:
        st.session_state["units"] = view.units
    units = right.segmented_control(
        "Units", list(theme.UNIT_LABELS), format_func=theme.UNIT_LABELS.__getitem__, key="units", required=True
    )
    proposal = load_proposal(chosen or view.proposal)
    parameters = {}
    for name, parameter in proposal.parameters.items():
        parameters[name] = st.slider(
            f"{parameter.label}, {parameter.unit}",
            float(parameter.min),
            float(parameter.max),
            float(view.parameters.get(name, parameter.default)),
            float(parameter.step),
            key=name,
        )
    settled = links.View(proposal.id, view.control, units or view.units, parameters, view.lat, view.lon, view.zoom)
    st.session_state["_from_url"], st.session_state["_units_url"] = settled.proposal, settled.units
    query = links.to_query(settled)
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    return settled


def show_map(measured: Measured, view: links.View) -> None:
    start = st.session_state.setdefault("_start", (view.lat, view.lon, round(view.zoom)))
    st_folium(
        maps.base_map(lat=start[0], lon=start[1], zoom=start[2]),
        key="map",
        feature_group_to_add=maps.proposal_layer(measured, units=cast("Units", view.units)),
        returned_objects=[],
        use_container_width=True,
        height=560,
    )
    present = set(measured.zones["status"])
    swatches = [
        '<span style="white-space:nowrap;margin-right:1.1em"><span style="display:inline-block;width:1em;height:1em;'
        "vertical-align:-0.15em;border:1px solid #888;background:"
        + (f"repeating-linear-gradient(45deg,{s.colour} 0 3px,{s.colour}40 3px 6px)" if s.hatch else s.colour)
        + f'"></span> {s.label}</span>'
        for s in load_statuses().values()
        if s.id in present
    ]
    st.html(
        f'<div style="font-size:0.9rem;line-height:1.9">{"".join(swatches)}</div>'
        '<div style="font-size:0.8rem;opacity:0.8">Thick black: line of contact. Thin black: recognised border of '
        f"Ukraine. {measured.control.attribution}. Boundaries: Natural Earth.</div>"
    )


def show_ledger(measured: Measured, units: Units) -> None:
    for key, (label, meaning) in theme.LEDGER_WORDS.items():
        figure = getattr(measured.ledger, key)
        if figure.value or key == "held_by_russia_now":
            st.metric(label, theme.area_text(figure.value, units), help=meaning)
            if figure.low != figure.high:
                st.caption(f"Range {theme.range_text(figure, units)}")
    if not measured.ledger.ukraine_leaves.value and not measured.ledger.russia_leaves.value:
        st.info("This text moves no land: nobody leaves what they hold.")


def table(measured: Measured, units: Units) -> pd.DataFrame:
    statuses = load_statuses()
    rows = measured.zones[measured.zones["status"] != "retained"]
    unit = theme.UNIT_LABELS[units]
    return pd.DataFrame(
        {
            "Oblast": rows["oblast"].map(UNITS),
            "Status": rows["status"].map(lambda status: statuses[status].label),
            "Held now by": rows["held_by"].map(theme.HOLDER_WORDS),
            unit: rows["area_km2"].map(lambda km2: round(theme.area(km2, units))),
            f"Low, {unit}": rows["low_km2"].map(lambda km2: round(theme.area(km2, units))),
            f"High, {unit}": rows["high_km2"].map(lambda km2: round(theme.area(km2, units))),
            "Share of oblast, %": (rows["share_of_oblast"] * 100).round(1),
            "Clause": rows["clause"],
        }
    )


def show_text(measured: Measured) -> None:
    proposal = measured.proposal
    st.subheader("What the text says on territory")
    for clause in proposal.clauses:
        st.markdown(f"**{clause.id}** {clause.text} [source]({clause.source})")
    if proposal.unspecified:
        st.markdown("**Not specified:** " + " ".join(proposal.unspecified))
    with st.expander("Other terms"):
        for term in proposal.terms:
            source = f" [source]({term.source})" if term.source and term.text != "not specified" else ""
            st.markdown(f"**{term.topic.replace('_', ' ').capitalize()}:** {term.text}{source}")


def show_method(measured: Measured) -> None:
    control = measured.control
    st.subheader("Method, sources, limits")
    st.markdown(
        f"**Line of contact:** {control.title}. {control.method} Positional error: about {control.error_km:g} km. "
        f"Licence: {control.licence}.\n\n"
        f"**Ranges:** each figure is also computed with the whole line moved {control.error_km:g} km outwards and "
        "inwards; the range is an outer bound, since real errors partly cancel.\n\n"
        "**Areas** are geodesic, on the WGS 84 ellipsoid, within Natural Earth's oblast boundaries (public domain); "
        "shares use the measured area of the oblast, not the official one.\n\n"
        "**Limits:** both sides dispute places along the line; a proposal's words leave questions open, listed above."
    )


view = choose()
measured = measure_proposal(
    load_proposal(view.proposal), control=load_control(view.control), parameters=view.parameters
)
units = cast("Units", view.units)
st.title(measured.proposal.title, anchor=False)
st.markdown(
    f"{measured.proposal.summary}  \n*{measured.proposal.by}, {measured.proposal.date:%-d %B %Y}. Line of contact as "
    f"of {measured.control.as_of:%-d %B %Y}, known to about {measured.control.error_km:g} km.*"
)
beside, ledger = st.columns([3, 1])
with beside:
    show_map(measured, view)
with ledger:
    show_ledger(measured, units)
st.subheader("By oblast and status")
st.dataframe(table(measured, units), hide_index=True, width="stretch")
show_text(measured)
show_method(measured)
for problem in scan_proposals()[1]:
    st.error(problem)
