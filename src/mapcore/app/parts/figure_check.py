"""A figure of the visitor's own, held against a quantity that they choose."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any, Final, cast

import streamlit as st

from mapcore.analysis.claims import Metric, check_figure
from mapcore.analysis.quantities import Argument, Quantity, quantities
from mapcore.analysis.settlements import POPULATION_NOTE, load_places, local_names
from mapcore.app.session import refusals
from mapcore.base.errors import ParameterError
from mapcore.base.language import cached, mark, number_text, sort_key, tr
from mapcore.base.typed_numbers import figure_examples, implied_rounding, plain_figure
from mapcore.base.units import UNIT_SIGNS, UNITS_OF, Unit
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.present import claim_figures as figures
from mapcore.present import links, page_choices, wording
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_proposals

_ARGUMENT_WORDS: Final = {
    "holder": mark("Side"),
    "oblasts": mark("Oblasts (none chosen: the whole country)"),
    "proposal": mark("Proposal"),
    "key": mark("Row of the ledger"),
    "within_km": mark("Within, km of the line"),
    "since": mark("Since"),
    "places": mark("Places"),
}
#: Places from this population on are offered; a link may name smaller ones.
_OFFERED_FROM: Final = 5_000


def draw(view: links.View, control: Control, units: Units) -> None:
    """Draw the choices and the answer."""
    st.header(tr("Check a figure of your own"), anchor=False)
    known = quantities()
    labels = {name: tr(known[name].label) for name in page_choices.checkable()}
    name = st.selectbox(tr("Quantity"), list(labels), format_func=labels.__getitem__, key="check")
    chosen = known[name]
    arguments = {argument.name: _ask(argument) for argument in chosen.arguments}
    fitting = list(UNITS_OF[chosen.kind])
    if st.session_state["check_unit"] not in fitting:
        st.session_state["check_unit"] = fitting[0]
    signs: dict[str, str] = {unit: _unit_words(unit) for unit in fitting}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(tr("Figure"), key="check_figure", max_chars=20, placeholder=figure_examples())
        unit = st.selectbox(tr("Unit"), fitting, format_func=signs.__getitem__, key="check_unit")
    _refuse(typed, view)
    st.html(f'<div class="answer">{_answered(chosen, arguments, view, unit, control, units)}</div>')


def _unit_words(unit: Unit) -> str:
    return tr("per cent") if unit == "percent" else tr(UNIT_SIGNS[unit])


@cached(maxsize=4)
def _place_names() -> dict[str, str]:
    """
    Return each place with its oblast, by id, in the order of the language's alphabet.

    Places of one oblast that share a name bear their latitude and longitude too: a choice is told by its words.
    """
    places, oblasts = load_places(), boundaries.oblast_names()
    named = places.assign(name=local_names(places), shared=lambda rows: rows.duplicated(["name", "oblast"], keep=False))
    words = {}
    for row in sorted(named.itertuples(), key=lambda row: sort_key(row.name)):
        where = [oblasts[row.oblast], *([number_text(row.lat, 2), number_text(row.lon, 2)] if row.shared else [])]
        words[str(row.id)] = f"{row.name} ({'; '.join(where)})"
    return words


@cached(maxsize=4)
def _offered_places() -> tuple[str, ...]:
    places = load_places()
    large = set(places.loc[places["population"] >= _OFFERED_FROM, "id"].astype(str))
    return tuple(place for place in _place_names() if place in large)


def _words_of(argument: Argument) -> Mapping[str, str]:
    """Return the answers of an argument in words, in the order to offer them in."""
    if argument.name == "holder":
        return {side: wording.holder_words()[side] for side in argument.choices}
    if argument.name == "proposal":
        return {proposal.id: tr(proposal.title) for proposal in load_proposals()}
    if argument.name == "key":
        return {key: wording.ledger_words()[key][0] for key in argument.choices}
    if argument.kind == "units":
        names = boundaries.oblast_names()
        return {
            oblast: names[oblast]
            for oblast in sorted(argument.choices, key=lambda oblast_id: sort_key(names[oblast_id]))
        }
    if argument.kind == "places":
        return _place_names()
    return {choice: choice for choice in argument.choices}


def _ask(argument: Argument) -> Any:
    """Draw the widget of an argument, whose state `state.keep` has seeded, and return its answer for `evaluate`."""
    key, label, words = f"check_{argument.name}", tr(_ARGUMENT_WORDS[argument.name]), _words_of(argument)
    if argument.kind == "number":
        return st.number_input(label, min_value=1.0, max_value=500.0, step=5.0, format="%g", key=key)
    if argument.kind == "units":
        chosen = st.multiselect(
            label, list(words), format_func=words.__getitem__, key=key, placeholder=tr("Choose options")
        )
        return tuple(chosen) or argument.choices
    if argument.kind == "places":
        offered = [*_offered_places()]
        offered += [place for place in st.session_state[key] if place not in offered]
        chosen = st.multiselect(
            label,
            offered,
            format_func=words.__getitem__,
            key=key,
            max_selections=page_choices.MOST_PLACES,
            placeholder=tr("Choose options"),
        )
        return tuple(int(place) for place in chosen)
    return st.selectbox(label, list(words), format_func=words.__getitem__, key=key)


def _paragraph(text: str, *, small: bool = False) -> str:
    return f"<p{' class=meta' if small else ''}>{html.escape(text)}</p>"


def _answered(
    chosen: Quantity,
    arguments: dict[str, Any],
    view: links.View,
    unit: Unit,
    control: Control,
    units: Units,
) -> str:
    """Return the verdict on the figure of the view; without one, ours alone."""
    if not arguments.get("places", True):
        return _paragraph(tr("Choose at least one place."))
    notes = _paragraph(tr("What is counted: {definition}").format(definition=tr(chosen.definition)), small=True)
    if chosen.kind == "people":
        notes += _paragraph(tr(POPULATION_NOTE), small=True)
    plain = view.choice("check_figure")
    return _answer(plain, Metric(chosen.id, arguments), unit, control, units) + notes


def _refuse(typed: str, view: links.View) -> None:
    """Say at its field why what was typed is no figure. It is never put out again itself."""
    refusals.accept("check")
    try:
        if typed.strip() and not view.choice("check_figure"):
            plain_figure(typed)
    except ParameterError as problem:
        refusals.refuse("check", problem, "figure")
    refusals.at("check", "figure", tr("Figure"))


def _answer(plain: str, metric: Metric, unit: Unit, control: Control, units: Units) -> str:
    """Return ours and, where a figure is given as links hold it and ours can be computed, the verdict on it."""
    stated, rounding = (float(plain), implied_rounding(plain)) if plain else (0.0, 0.0)
    shown = cast("Units", unit) if unit in UNITS_OF["area"] else units
    check = check_figure(stated, unit, metric, rounding=rounding, control=control)
    decimals = figures.decimals_of(stated)
    ours = figures.ours(check, unit, shown, decimals=decimals)
    if check.computed is None:
        return figures.badge(check.verdict) + figures.facts(ours) + _paragraph(check.reason)
    if not plain:
        return figures.facts(ours)
    yours, low, high = (figures.as_written(value, unit) for value in (stated, stated - rounding, stated + rounding))
    rows = {tr("Yours"): f"<b>{html.escape(yours)}</b>", **ours}
    rows |= figures.apart(check, unit, shown, decimals=decimals)
    words = tr("Yours {yours}; ours {ours}").format(yours=yours, ours=figures.amount(check.computed.value, unit, shown))
    meant = tr("As rounded, your figure covers {low} to {high}.").format(low=low, high=high)
    return (
        f"{figures.badge(check.verdict)}{figures.facts(rows)}{figures.gauge(stated, rounding, check.computed, words)}"
        f"{_paragraph(meant, small=True)}"
    )
