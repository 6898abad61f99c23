"""The lines of contact side by side: which there are, what differs, how fast, and a line of the viewer's own."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from mapcore.analysis.history import Pace, at_this_pace, change_between, pace_between
from mapcore.app.parts import (
    archive_page,
    archive_results,
    bar,
    bring_line,
    choosers,
    html_table,
    line_figures,
    line_map,
    page_elements,
    run_chart,
)
from mapcore.app.session import lines, refusals, viewer_proposal
from mapcore.app.session.callbacks import callback
from mapcore.base.errors import MapcoreError
from mapcore.base.language import cached, date_text, number_text, tr, trn
from mapcore.base.safe_text import as_plain_markdown
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import list_controls
from mapcore.lines.operators_line import default_control
from mapcore.measurement.areas import Measured, measure_proposal
from mapcore.present import held_by_lines, line_notice, links, wording
from mapcore.present.wording import Units
from mapcore.proposals import viewer

#: Lines that stand in the tables; more of them would not be read, and each must be measured.
_MOST_SHOWN = 12
#: The longest window, in months, for which a pace is carried over to the land of a proposal.
_LONGEST_WINDOW_MONTHS = 24


def draw(view: links.View, units: Units) -> None:
    """Draw the page."""
    _tell_of_removed()
    control = lines.load(view.control)
    shown = _shown(control, view.choice("against"))
    bar.draw(view, title=tr("Lines of contact"))
    deck = tr(
        "Every figure rests on a line of contact. Lines differ by date and by source; this page shows "
        "them side by side."
    )
    in_use = lines.in_use(control, before=line_notice.daily())
    st.html(f'{html_table.STYLE}{line_figures.STYLE}<p class="deck">{html.escape(deck)}</p>{in_use}')
    st.html(line_figures.lines_table(shown, units, in_use=control.id) + _left_out(shown))
    _removal()
    bring_line.draw()
    archive_page.bring()
    measured = measure_proposal(
        viewer_proposal.load(view.proposal, view.viewers_proposal), control=control, parameters=view.parameters
    )
    archive_page.draw(measured, units)
    _between(measured, view, units)
    among = _among(shown)
    if len(among) > 2:
        _all_of_them(among, control, view, units)
    _on_each(measured, among, view, units)
    _over_time(shown, units)


def _left_out(shown: Sequence[Control]) -> str:
    count = len(lines.known()) - len(shown)
    more = trn("{count} more can be chosen above.", "{count} more can be chosen above.", count)
    return f'<p class="meta">{html.escape(more.format(count=number_text(count)))}</p>' if count > 0 else ""


def _shown(control: Control, against: str) -> list[Control]:
    """Return the lines to show, newest first: the chosen ones, the session's, the default one, and the newest."""
    wanted = dict.fromkeys([control.id, against, *lines.in_session(), default_control(), *list_controls()])
    controls: list[Control] = []
    for control_id in wanted:
        if control_id in lines.known() and len(controls) < _MOST_SHOWN:
            try:
                controls.append(lines.load(control_id))
            except MapcoreError as problem:
                st.html(refusals.paragraph(str(problem)))
    return sorted(controls, key=lambda line: (line.as_of, line.id), reverse=True)


def _removal() -> None:
    """Draw a button for each line that the viewer brought into this session, to take it out again."""
    brought = [known_id for known_id in lines.known() if known_id in lines.in_session()]
    if brought:
        with st.container(horizontal=True, key="line_removal"):
            for control_id in brought:
                words = tr("Remove: {line}").format(line=as_plain_markdown(lines.label(control_id)))
                st.button(words, key=f"line_remove_{control_id}", on_click=_remove, args=(control_id,))


@callback
def _remove(control_id: str) -> None:
    in_use = st.session_state.get("control") == control_id
    sentence = tr("{line}: removed from this session.").format(line=lines.label(control_id))
    lines.remove_from_session(control_id)
    if in_use:
        st.session_state["control"] = default_control()
        sentence += " " + tr("The default line is used.")
    st.session_state["line_removed"] = sentence


def _tell_of_removed() -> None:
    notice = st.session_state.pop("line_removed", None)
    if notice:
        st.session_state["notices"] = [*st.session_state["notices"], as_plain_markdown(notice)]


def _between(measured: Measured, view: links.View, units: Units) -> None:
    """Draw what differs between the line in use and another one, and the pace between them."""
    control = measured.control
    others = [control_id for control_id in lines.known() if control_id != control.id]
    if not others:
        return
    st.header(tr("What differs from another line"), anchor=False)
    if st.session_state.get("against") not in others:
        st.session_state["against"] = lines.nearest(control.id) or others[0]
    labels = {control_id: lines.label(control_id) for control_id in others}
    st.selectbox(tr("Compare the line in use with"), others, format_func=labels.__getitem__, key="against")
    try:
        other = lines.load(st.session_state["against"])
    except MapcoreError as problem:
        st.html(refusals.paragraph(str(problem)))
        return
    before, after = sorted((control, other), key=lambda line: line.as_of)
    picture, table = st.columns([1.4, 1], gap="medium")
    with picture, st.container(key="map_two"):
        line_map.draw_change(before, after, units, tiles=view.tiles)
        classes = list(held_by_lines.changes(before, after).values())
        st.html(line_map.legend(classes, units, before=before, after=after))
    with table:
        st.html(line_figures.change_table(before, after, units))
    if before.as_of == after.as_of:
        words = tr("Both lines are of one date: what differs is how their sources see it.")
        st.html(f'<p class="meta">{html.escape(words)}</p>')
        return
    st.html(_pace(before, after, measured, units))


@cached(maxsize=32)
def _pace(before: Control, after: Control, measured: Measured, units: Units) -> str:
    """Return the pace between two lines, and the arithmetic for the land that the chosen proposal would transfer."""
    change, pace = change_between(before, after), pace_between(before, after)
    words = tr(
        "Net change of the land held by Russia: {pace} a month, over the window {since} to {until}, {months} months: "
        "gained {gained}, lost {lost}. Another window gives another pace."
    )
    text = html.escape(words).format(
        pace=f"<b>{html.escape(wording.area_text(pace.km2_per_month, units))}</b>",
        since=date_text(pace.since),
        until=date_text(pace.until),
        months=number_text(pace.months, 1),
        gained=html.escape(wording.area_text(change.gained_km2, units)),
        lost=html.escape(wording.area_text(change.lost_km2, units)),
    )
    head = html.escape(tr("At this pace: arithmetic, not a forecast"))
    return f"<h3>{html.escape(tr('Pace'))}</h3><p>{text}</p><h4>{head}</h4><p>{arithmetic(pace, measured, units)}</p>"


def arithmetic(pace: Pace, measured: Measured, units: Units) -> str:
    """Return what the land that a proposal would transfer is, divided by a pace: escaped sentences, no forecast."""
    land = measured.ledger.ukraine_leaves
    title = f"<b>{html.escape(viewer.title_of(measured.proposal))}</b>"
    if pace.months > _LONGEST_WINDOW_MONTHS:
        words = tr(
            "The window is {months} months long and joins times that have little in common. Choose two lines "
            "that lie at most {most} months apart; you can upload a published line above."
        )
        return html.escape(words.format(months=number_text(pace.months), most=_LONGEST_WINDOW_MONTHS))
    if land.value <= 0:
        words = tr("Under {title}, Ukraine would withdraw from no land, so there is nothing to divide.")
        return html.escape(words).format(title=title)
    left = html.escape(tr("Under {title}, Ukraine would withdraw from {area} (range {bounds}).")).format(
        title=title,
        area=html.escape(wording.area_text(land.value, units)),
        bounds=html.escape(wording.range_text(land, units)),
    )
    return f"{left} {html.escape(divided(pace, land.value, units))}"


def divided(pace: Pace, land_km2: float, units: Units) -> str:
    """Return in a sentence what land divided by a pace is."""
    months = at_this_pace(land_km2, pace).months
    a_month, land = wording.area_text(pace.km2_per_month, units), wording.area_text(land_km2, units)
    if months is None:
        return tr("At {pace} a month, {land} would never change hands.").format(pace=a_month, land=land)
    words = tr("At {pace} a month, {land} would take {span}. This is arithmetic, not a forecast.")
    return words.format(pace=a_month, land=land, span=archive_results.span_text(months))


def _among(shown: Sequence[Control]) -> tuple[Control, ...]:
    """Draw the choice of lines that are held against each other, where there are more than two, and return them."""
    by_id = {line.id: line for line in shown}
    if len(by_id) < 3:
        return tuple(shown)
    st.header(tr("All lines against each other"), anchor=False)
    chosen = [control_id for control_id in st.session_state.get("among", []) if control_id in by_id]
    st.session_state["among"] = chosen
    named = held_by_lines.names(shown)
    st.multiselect(
        tr("Lines to compare (none chosen: all)"),
        list(by_id),
        format_func=named.__getitem__,
        key="among",
        placeholder=tr("All lines of the table"),
    )
    return tuple(by_id[control_id] for control_id in by_id if control_id in chosen) if len(chosen) > 1 else tuple(shown)


def _all_of_them(among: tuple[Control, ...], control: Control, view: links.View, units: Units) -> None:
    """Draw how many of the lines call land Russian-held."""
    words = tr(
        "How many of the {count} lines show land as held by Russia. Where they disagree, either the line "
        "moved between their dates or their sources see it differently."
    )
    st.html(f'<p class="meta">{html.escape(words.format(count=len(among)))}</p>')
    picture, table = st.columns([1.4, 1], gap="medium")
    with picture, st.container(key="map_all"):
        line_map.draw_counts(among, control, units, tiles=view.tiles)
        st.html(line_map.legend(list(held_by_lines.counts(among).values()), units, after=control))
    with table:
        st.html(line_figures.counts_table(among, units))


def _on_each(measured: Measured, among: Sequence[Control], view: links.View, units: Units) -> None:
    st.header(tr("The chosen proposal on each line"), anchor=False)
    choosers.proposal(view, key="proposal", label=tr("Proposal"))
    page_elements.sliders(measured.proposal.parameters, view.parameters)
    words = tr(
        "The spread between lines is not a margin of error: lines from different dates and sources "
        "measure different things."
    )
    title = html.escape(viewer.title_of(measured.proposal))
    st.html(f"{line_figures.spread_table(measured, among, units)}<p class='meta'>{title}. {html.escape(words)}</p>")


def _over_time(shown: Sequence[Control], units: Units) -> None:
    """Draw the land held over the dates of the lines, one line a date."""
    one_a_day = {control.as_of: control for control in shown}
    if len(one_a_day) < 2:
        return
    chosen = [one_a_day[when] for when in sorted(one_a_day)]
    st.header(tr("Land held by Russia over time"), anchor=False)
    picture, table = line_figures.over_time(chosen, units)
    run_chart.show(picture, key="line_held")
    words = tr(
        "On the dates of the lines above; straight segments between two dates say nothing about the days "
        "between. Where a date has several lines, one of them is used."
    )
    st.html(f"{table}<p class='meta'>{html.escape(words)}</p>")
