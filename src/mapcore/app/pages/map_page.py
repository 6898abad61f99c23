"""The map of one proposal, its ledger, its text, its tables."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from mapcore.app.parts import (
    assets,
    bar,
    guide,
    html_table,
    land_effects,
    map_frame,
    page_elements,
    place_search,
    proposal_figures,
    publish,
    time_slider,
)
from mapcore.app.session import first_run, likely, lines, viewer_proposal
from mapcore.base.language import cached, date_text, exact_text, percent_text, tr, trc
from mapcore.base.schema import DEFAULT_STATUS
from mapcore.land import boundaries
from mapcore.measurement.areas import Measured, measure_proposal
from mapcore.measurement.ranges import Range
from mapcore.present import folium_map, land_in_question, links, wording
from mapcore.present.matrix import topic_name
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.proposals.model import Proposal, Version


def draw(view: links.View, units: Units) -> None:
    """Draw the page: the map first, whatever its place, so that it is the first to answer a click."""
    proposal = viewer_proposal.load(view.proposal, view.viewers_proposal)
    measured = measure_proposal(proposal, control=lines.load(view.control), parameters=view.parameters)
    above, first = st.container(gap=None, key="above"), st.container(key="first")
    with first:
        with st.container(key="stage"):
            show_map(measured, view, units)
        with st.container(key="beside"):
            place_search.card(view, measured)
            likely_ranges = likely.known(measured)
            ledger = st.html(page_elements.ledger(measured, units, likely_ranges=likely_ranges))
            page_elements.sliders(proposal.parameters, view.parameters)
            publish.at_map(measured, view, units)
            st.html(lines.in_use(measured.control))
    with above:
        bar.draw(view, {"proposal": tr("Proposal")}, find=True)
        st.html(page_elements.headline(measured, units))
    in_short(measured, units)
    if first_run.holds_back():
        return
    below(measured)
    details(measured, view, units)
    land_effects.draw(measured, units)
    numbers(measured, units)
    if proposal.clauses or proposal.terms:
        st.html(page_elements.Markup(_text(proposal)))
    if likely_ranges is None:
        likely.later(
            measured,
            lambda likely_ranges: ledger.html(page_elements.ledger(measured, units, likely_ranges=likely_ranges)),
        )


def in_short(measured: Measured, units: Units) -> None:
    """Draw what follows the first screen: the text in short, and then what words and figures mean."""
    deck = f'<p class="deck">{html.escape(viewer.shown_summary(measured.proposal))}</p>'
    meanings = "" if first_run.holds_back() else _meanings(measured, units, dark=page_elements.is_dark())
    st.html(page_elements.Markup(deck + meanings))


@cached(maxsize=64)
def _meanings(measured: Measured, units: Units, *, dark: bool) -> str:
    proposal = measured.proposal
    reach = _reach(measured, units) if any(parameter.named for parameter in proposal.parameters.values()) else ""
    return (
        f"{page_elements.legal_status()}{guide.statuses(measured, dark=dark)}{guide.ranges(measured.control)}"
        f"{_items(tr('Notes'), viewer.shown_notes(proposal), small=True)}{reach}"
    )


def below(measured: Measured) -> None:
    """Draw the line's other dates, and the switch of the background."""
    time_slider.draw(measured)
    publish.tiles()


def frame(measured: Measured, view: links.View, units: Units, *, over: folium_map.Overlay | None = None) -> None:
    """Draw the map's frame alone, with what a page lays over the zones."""
    placed = view.lat is not None and view.lon is not None
    map_frame.draw(
        "map",
        folium_map.zones_shown(
            assets.shapes_url(measured),
            assets.words_url(measured, units),
            measured.control,
            name=measured.proposal.id,
            title=viewer.title_of(measured.proposal),
            theme="dark" if page_elements.is_dark() else "light",
            zone=view.zone,
            tiles=view.tiles,
            placed=placed,
            over=over or folium_map.Overlay(fit=land_in_question.frame_of(measured), whole=view.whole),
        ),
        center=(view.lat, view.lon) if view.lat is not None and view.lon is not None else None,
        zoom=view.zoom if placed else None,
        returned=["last_active_drawing"],
        height=580,
    )


def show_map(measured: Measured, view: links.View, units: Units, *, draw: Mapping[str, Any] | None = None) -> None:
    """Draw the map with its legend; with `map_settings.draw_options` the viewer may draw an outline on it."""
    shown = folium_map.Overlay(fit=land_in_question.frame_of(measured), whole=view.whole, legend=True, draw=draw)
    found = None if draw else place_search.on_map(view, measured)
    over = replace(shown, fit=found.fit, found=found.found) if found else shown
    frame(measured, view, units, over=land_effects.on_map(view, measured, over))
    map_frame.give_head_start(0.05)
    st.html(page_elements.legend(measured, units, dark=page_elements.is_dark()))


def _reach(measured: Measured, units: Units) -> str:
    """Say how much of what Ukraine holds in the buffer's oblasts lies within the depths that the debate names."""
    name, parameter = next(
        (name, candidate) for name, candidate in measured.proposal.parameters.items() if candidate.named
    )
    oblasts = {oblast for rule in measured.proposal.rules for oblast in rule.oblasts or ()}
    entries = []
    for depth_km in parameter.named:
        at_depth = measure_proposal(measured.proposal, control=measured.control, parameters={name: depth_km})
        sums = []
        for zones in at_depth.variants:
            ours = zones[(zones["held_by"] == "ukraine") & zones["oblast"].isin(oblasts)]
            reached = ours.loc[ours["status"] != DEFAULT_STATUS["ukraine"], "area_km2"].sum()
            sums.append((float(reached), float(ours["area_km2"].sum())))
        figure = Range.over(reached for reached, _ in sums)
        share = percent_text(figure.value / sums[0][1])
        within = tr("Within {depth} km").format(depth=exact_text(depth_km))
        entries.append(
            f"<dt>{html.escape(within)}</dt><dd>{wording.area_text(figure.value, units)}, {share}"
            f" ({wording.range_text(figure, units)})</dd>"
        )
    head = tr("How much of the part of {oblasts} that Ukraine holds lies near the line").format(
        oblasts=", ".join(boundaries.oblast_names()[oblast] for oblast in sorted(oblasts))
    )
    return f'<div class="details"><b>{html.escape(head)}</b><dl>{"".join(entries)}</dl></div>'


def details(measured: Measured, view: links.View, units: Units) -> None:
    """Draw the choice of a piece of land, and what becomes of the one that is chosen."""
    names = page_elements.zone_names(measured)
    chosen = view.zone if view.zone in names else ""
    if st.session_state.get("zone") not in {*names, ""}:
        st.session_state["zone"] = chosen
    st.selectbox(
        tr("Details of a piece of land: click it on the map, or choose it here"),
        ["", *names],
        format_func={"": trc("piece of land", "none"), **names}.__getitem__,
        key="zone",
    )
    if chosen:
        st.html(page_elements.zone_details(measured, chosen, units, dark=page_elements.is_dark()))


def numbers(measured: Measured, units: Units) -> None:
    """Draw the bars and the table."""
    st.html(page_elements.Markup(_numbers(measured, units, dark=page_elements.is_dark())))


@cached(maxsize=64)
def _numbers(measured: Measured, units: Units, *, dark: bool) -> str:
    held, by_status = html.escape(tr("Who would hold what, by oblast")), html.escape(tr("By oblast and status"))
    note = tr(
        "Shares are of the oblast as measured here, not of its official area. Low and high: the line of contact moved "
        "{error} km one way and the other."
    ).format(error=exact_text(measured.control.provenance.error_km))
    return (
        f"{html_table.STYLE}{proposal_figures.STYLE}<h2>{held}</h2>"
        f"{proposal_figures.bars(measured, units, dark=dark)}"
        f"<h2>{by_status}</h2>{proposal_figures.zones_html(measured, units)}"
        f'<p class="meta">{html.escape(note)}</p>'
    )


def _items(heading: str, items: Iterable[str], *, small: bool = False) -> str:
    listed = "".join(f"<li>{html.escape(tr(item))}</li>" for item in items)
    kind, level = ("prose small", 2) if small else ("prose", 3)
    return f'<div class="{kind}"><h{level}>{html.escape(heading)}</h{level}><ul>{listed}</ul></div>' if listed else ""


def _became(text: Proposal | Version) -> str:
    words = wording.standing_text(text)
    return f"<p>{html.escape(words)}</p>" if words else ""


def _versions(proposal: Proposal) -> str:
    """Return the other texts that the map shows too, each with its day and what became of it."""
    listed = "".join(
        f"<h3>{html.escape(tr(version.title))}</h3>"
        f"<p>{html.escape(tr(version.by))}, {date_text(version.date)}. "
        f"{page_elements.linked(tr(version.text), version.source)}</p>"
        f"{_became(version)}"
        for version in proposal.versions
    )
    return f"<h2>{html.escape(tr('Other texts with the same map'))}</h2>{listed}" if listed else ""


@cached(maxsize=64)
def _text(proposal: Proposal) -> str:
    """Return what a text says, and how the map reads it."""
    clauses = "".join(
        f"<p><b>{html.escape(wording.clause_name(clause.id))}</b> "
        f"{page_elements.linked(tr(clause.text), clause.source)}</p>"
        for clause in proposal.clauses
    )
    terms = "".join(
        f"<li><b>{html.escape(topic_name(term.topic))}:</b> "
        + (page_elements.linked(tr(term.text), term.source) if term.source else html.escape(tr(term.text)))
        + "</li>"
        for term in proposal.terms
    )
    sources = "; ".join(
        f'<a href="{html.escape(source.url)}" target="_blank" rel="noopener">{html.escape(tr(source.title))}</a>'
        + (f", {html.escape(source.date)}" if source.date else "")
        for source in proposal.sources
    )
    reactions = "".join(
        f"<li><b>{html.escape(tr(reaction.by))}:</b> "
        + (
            page_elements.linked(tr(reaction.text), reaction.source)
            if reaction.source
            else html.escape(tr(reaction.text))
        )
        + "</li>"
        for reaction in proposal.reactions
    )
    if reactions:
        reactions = f"<h2>{html.escape(tr('What others said about it'))}</h2><ul>{reactions}</ul>"
    reviewed = html.escape(wording.reviewed_words(proposal.reviewed_on, proposal.newest_source))
    heads = [html.escape(head) for head in (tr("What the text says on territory"), tr("Other terms"), tr("Sources:"))]
    return (
        f'<div class="prose"><h2>{heads[0]}</h2><p>{html.escape(tr(proposal.status_note))}</p>'
        f"{_became(proposal)}{clauses}"
        + _items(tr("Not specified"), proposal.unspecified)
        + _items(tr("How the map reads it"), (rule.note for rule in proposal.rules if rule.note))
        + _versions(proposal)
        + f"<h2>{heads[1]}</h2><ul>{terms}</ul>{reactions}<p><b>{heads[2]}</b> {sources}</p><p>{reviewed}</p></div>"
    )
