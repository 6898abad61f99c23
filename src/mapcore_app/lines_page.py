"""The lines of contact side by side: which there are, what differs, how fast, and a line of the viewer's own."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from mapcore import links, theme
from mapcore.areas import Measured, measure_proposal
from mapcore.control import Control
from mapcore.errors import MapcoreError
from mapcore.history import Change, at_this_pace, change_between, pace_between
from mapcore.scenario import load_proposal
from mapcore.schema import DEFAULT_CONTROL
from mapcore.theme import Units
from mapcore_app import bring_line, figures, line_figures, lines, map_page

#: Lines that stand in the tables; more of them would not be read, and each must be measured.
_MOST_SHOWN = 12


def draw(view: links.View, units: Units) -> None:
    """Draw the page."""
    control = lines.load(view.control)
    shown = _shown(control, view.choice("against"))
    st.title("Lines of contact", anchor=False)
    st.html(
        figures.STYLE
        + line_figures.STYLE
        + '<p class="deck">Every figure rests on a line of contact. Lines differ by date and by source; here they '
        "stand side by side.</p>" + lines.in_use(control)
    )
    left_out = len(lines.known()) - len(shown)
    more = f'<p class="meta">{left_out} more can be chosen above.</p>' if left_out > 0 else ""
    st.html(line_figures.lines_table(shown, units, in_use=control.id) + more)
    bring_line.draw()
    _between(control, view, units)
    st.subheader("The chosen proposal on each line", anchor=False)
    measured = measure_proposal(load_proposal(view.proposal), control=control, parameters=view.parameters)
    map_page.choices(view, measured)
    st.html(
        f"{line_figures.spread_table(measured, shown, units)}<p class='meta'>{html.escape(measured.proposal.title)}. "
        "A spread over lines is no range of error: lines of other dates and sources count other things.</p>"
    )
    _over_time(shown, units)


def _shown(control: Control, against: str) -> list[Control]:
    """Return the lines to show, newest first: the chosen ones, the session's, the default one, and the newest."""
    wanted = dict.fromkeys([control.id, against, *lines.in_session(), DEFAULT_CONTROL, *lines.known()])
    found: list[Control] = []
    for one in wanted:
        if one in lines.known() and len(found) < _MOST_SHOWN:
            try:
                found.append(lines.load(one))
            except MapcoreError as problem:
                bring_line.refused(problem)
    return sorted(found, key=lambda line: (line.as_of, line.id), reverse=True)


def _between(control: Control, view: links.View, units: Units) -> None:
    """Draw what differs between the line in use and another one, and the pace between them."""
    others = [one for one in lines.known() if one != control.id]
    if not others:
        return
    st.subheader("What differs from another line", anchor=False)
    if st.session_state.get("against") not in others:
        st.session_state["against"] = others[0]
    labels = {one: lines.label(one) for one in others}
    st.selectbox("Compare the line in use with", others, format_func=labels.__getitem__, key="against")
    try:
        other = lines.load(st.session_state["against"])
    except MapcoreError as problem:
        bring_line.refused(problem)
        return
    before, after = sorted((control, other), key=lambda line: line.as_of)
    picture, table = st.columns([1.4, 1], gap="medium")
    with picture:
        line_figures.show(line_figures.change_map(before, after), key="line_change")
        st.html(line_figures.change_key(before, after))
    with table:
        st.html(line_figures.change_table(before, after, units))
    if before.as_of == after.as_of:
        st.html("<p class='meta'>Both lines are of one date: what differs is how their sources see it.</p>")
        return
    proposal = load_proposal(view.proposal)
    measured = measure_proposal(proposal, control=control, parameters=view.parameters)
    st.html(_pace(change_between(before, after), measured, units))


def _pace(change: Change, measured: Measured, units: Units) -> str:
    """Return the pace between two lines, and the arithmetic for the land that the chosen proposal would transfer."""
    pace = pace_between(change.before, change.after)
    window = f"{line_figures.day(pace.since)} to {line_figures.day(pace.until)}, {pace.months:,.1f} months"
    land = measured.ledger.ukraine_leaves
    title = html.escape(measured.proposal.title)
    if land.value > 0:
        told = f"<b>{title}</b>, Ukraine would leave {theme.area_text(land.value, units)} (range "
        told += f"{theme.range_text(land, units)}). {html.escape(at_this_pace(land.value, pace).sentence)}"
    else:
        told = f"<b>{title}</b> names no land that Ukraine would leave, so there is nothing to divide."
    return (
        f"<h3>Pace</h3><p>Net change of the land held by Russia: <b>{theme.area_text(pace.km2_per_month, units)} a "
        f"month</b>, over the window {window}: gained {theme.area_text(change.gained_km2, units)}, lost "
        f"{theme.area_text(change.lost_km2, units)}. Another window gives another pace.</p>"
        f"<h4>At this pace: arithmetic, not a forecast</h4><p>{told}</p>"
    )


def _over_time(shown: Sequence[Control], units: Units) -> None:
    """Draw the land held over the dates of the lines, one line a date."""
    one_a_day = {control.as_of: control for control in shown}
    if len(one_a_day) < 2:
        return
    chosen = [one_a_day[when] for when in sorted(one_a_day)]
    st.subheader("Land held by Russia over time", anchor=False)
    picture, table = line_figures.over_time(chosen, units)
    line_figures.show(picture, key="line_held")
    st.html(
        f"{table}<p class='meta'>On the dates of the lines above; straight runs "
        "between two dates say nothing of the days between. Where a date has several lines, one of them is used.</p>"
    )
