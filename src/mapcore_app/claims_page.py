"""Published figures against ours, and a figure of the visitor's own."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, cast

import streamlit as st

from mapcore import links, maps, theme
from mapcore.areas import Range
from mapcore.claims import VERDICT_WORDS, Check, CheckedClaim, Metric, Verdict, check_claims, check_figure, read_figure
from mapcore.control import Control
from mapcore.errors import ParameterError
from mapcore.places import POPULATION_NOTE, load_places
from mapcore.quantities import UNITS_OF, Argument, Quantity, Unit, quantities
from mapcore.scenario import load_proposals
from mapcore.theme import Units
from mapcore_app import lines

#: The verdicts by their id in a link, and their words.
VERDICTS: Final[dict[str, Verdict]] = {
    "agrees": "agrees",
    "differs": "differs",
    "missing": "cannot be computed",
}
WORDS: Final[dict[Verdict, str]] = {
    "agrees": "Agrees within our range",
    "differs": "Differs",
    "cannot be computed": "Cannot be computed",
}
_UNIT_WORDS: Final[dict[str, str]] = {
    "km2": theme.unit_labels()["km2"],
    "mi2": theme.unit_labels()["mi2"],
    "percent": "per cent",
    "km": "km",
    "people": "people",
}
_ARGUMENT_WORDS: Final = {
    "holder": "Side",
    "oblasts": "Oblasts (none chosen: the whole country)",
    "proposal": "Proposal",
    "key": "Line of the ledger",
    "within_km": "Within, km of the line",
    "since": "Since",
    "places": "Places",
}
#: Places from this population on are offered; a link may name smaller ones.
_OFFERED_FROM: Final = 5_000

STYLE = """<style>
.claims{list-style:none;margin:0!important;padding:0!important}
.claims li{border-top:1px solid color-mix(in srgb,currentColor 22%,transparent);padding:.75rem 0 .8rem!important;
margin:0!important;display:grid;grid-template-columns:minmax(0,1fr) minmax(0,19rem);gap:.2rem 1.6rem;
font-size:.95rem;line-height:1.45}
.claims h4{margin:0;padding:0;font-size:1rem;font-weight:600;line-height:1.35}
.claims p{margin:.15rem 0}.claims .small{font-size:.85rem;opacity:.8}.claims a{color:inherit}
.verdict{display:inline-block;font-size:.8rem;line-height:1.3;padding:.1rem .5rem;border:1.5px solid currentColor;
border-radius:.2rem;white-space:nowrap}
.verdict.agrees{background:#2f5d7c;border-color:#2f5d7c;color:#fff}
.verdict.missing{border-style:dashed}
.pair{display:grid;grid-template-columns:max-content 1fr;gap:0 .8rem;margin:.3rem 0 0!important;
padding:0!important;font-variant-numeric:tabular-nums}
.pair dt{opacity:.75;font-size:.87rem}.pair dd{margin:0!important;font-size:.95rem}.pair dd b{font-weight:600}
.gauge{position:relative;height:1.15rem;margin:.45rem 0 .1rem;
border-bottom:1px solid color-mix(in srgb,currentColor 30%,transparent)}
.gauge i{position:absolute;display:block;box-sizing:border-box}
.gauge .band{top:.28rem;height:.62rem;background:#6f9dbd;opacity:.65;min-width:2px}
.gauge .ours{top:.1rem;height:.98rem;width:2.5px;margin-left:-1.25px;background:currentColor}
.gauge .open{top:.56rem;height:2px;background:currentColor;opacity:.65}
.gauge .said{top:.29rem;width:.62rem;height:.62rem;margin-left:-.31rem;border-radius:50%;
border:2px solid currentColor;background:var(--st-background-color,Canvas)}
.key{font-size:.82rem;opacity:.85;display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;margin:.2rem 0 .5rem}
.key .gauge{display:inline-block;width:1.7rem;height:1rem;margin:0 .35rem 0 0;border:0;vertical-align:-.2rem}
.answer{font-size:.95rem;line-height:1.45}.answer .pair{margin-bottom:.4rem}.answer p{margin:.25rem 0}
.st-key-own{position:sticky;top:4.2rem}
@media (max-width:760px){.claims li{grid-template-columns:1fr}}
</style>"""

_KEY = (
    '<div class="key"><span><span class="gauge"><i class="band" style="left:0;width:100%"></i></span>our range</span>'
    '<span><span class="gauge"><i class="ours" style="left:50%"></i></span>our figure</span>'
    '<span><span class="gauge"><i class="open" style="left:0;width:100%"></i>'
    '<i class="said" style="left:50%"></i></span>the published figure, and what its rounding leaves open</span></div>'
)


def amount(value: float, unit: Unit, units: Units, *, decimals: int = 1) -> str:
    """Return a figure with its unit, an area in the viewer's units."""
    if unit in UNITS_OF["area"]:
        return theme.area_text(value * UNITS_OF["area"][unit], units)
    if unit == "people":
        return f"{value:,.0f} people"
    text = f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    return f"{text}\N{NO-BREAK SPACE}{'%' if unit == 'percent' else 'km'}"


def span(figure: Range, unit: Unit, units: Units, *, decimals: int = 1) -> str:
    """Return the bounds of a figure, or nothing where they read alike."""
    low, high = (amount(bound, unit, units, decimals=decimals) for bound in (figure.low, figure.high))
    return "" if low == high else f"{low[: -len(low.lstrip('−0123456789.,'))]} to {high}"


def difference(value: float, unit: Unit, units: Units, *, decimals: int = 1) -> str:
    """Return what ours is more or less than the published figure, with its sign."""
    text = amount(abs(value), unit, units, decimals=decimals)
    if text == amount(0, unit, units, decimals=decimals):
        return "none"
    if unit == "percent":
        text = text.replace("%", "percentage points")
    return f"ours is {text} {'more' if value > 0 else 'less'}"


def gauge(stated: float, rounding: float, ours: Range, words: str) -> str:
    """Return both figures on one axis of their own; `words` say the same to a screen reader."""
    ends = (stated - rounding, stated + rounding, ours.low, ours.high)
    low, high = min(ends), max(ends)
    if high - low <= 1e-9 * max(1.0, abs(high)):
        return ""
    margin = (high - low) * 0.06

    def at(value: float) -> float:
        return 100 * (value - low + margin) / (high - low + 2 * margin)

    return (
        f'<div class="gauge" role="img" aria-label="{html.escape(words)}">'
        f'<i class="band" style="left:{at(ours.low):.2f}%;width:{at(ours.high) - at(ours.low):.2f}%"></i>'
        f'<i class="open" style="left:{at(stated - rounding):.2f}%;'
        f'width:{at(stated + rounding) - at(stated - rounding):.2f}%"></i>'
        f'<i class="ours" style="left:{at(ours.value):.2f}%"></i>'
        f'<i class="said" style="left:{at(stated):.2f}%"></i></div>'
    )


def _badge(verdict: Verdict) -> str:
    kind = next(key for key, words in VERDICTS.items() if words == verdict)
    return f'<span class="verdict {kind}">{WORDS[verdict]}</span>'


def _facts(facts: Mapping[str, str]) -> str:
    listed = "".join(f"<dt>{html.escape(key)}</dt><dd>{text}</dd>" for key, text in facts.items() if text)
    return f'<dl class="pair">{listed}</dl>'


def _ours(check: Check, unit: Unit, units: Units, *, decimals: int = 1) -> dict[str, str]:
    """Return our figure, its range and the difference, each escaped."""
    if check.computed is None or check.difference is None:
        return {"Ours": "none"}
    found = check.computed
    return {
        "Ours": f"<b>{html.escape(amount(found.value, unit, units, decimals=decimals))}</b>",
        "Range": html.escape(span(found, unit, units, decimals=decimals) or "does not depend on the line"),
        "Difference": html.escape(difference(check.difference, unit, units, decimals=decimals)),
    }


def _decimals(stated: float) -> int:
    """Return as many decimals as the published figure has, but one at least."""
    return max(1, len(f"{stated:.6f}".rstrip("0").partition(".")[2]))


def _claim(one: CheckedClaim, units: Units) -> str:
    claim, check = one.claim, one.check
    decimals = _decimals(claim.stated)
    published = html.escape(claim.stated_text)
    if claim.unit in UNITS_OF["area"] and claim.unit != units:
        published += f" ({html.escape(amount(claim.stated, claim.unit, units))})"
    facts = {"Published": f"<b>{published}</b>", **_ours(check, claim.unit, units, decimals=decimals)}
    drawn = ""
    if check.computed:
        words = f"Published {claim.stated_text}; ours {amount(check.computed.value, claim.unit, units)}"
        drawn = gauge(claim.stated, claim.rounding, check.computed, words)
    near = "".join(
        f"<p class=small>{html.escape(metric.label)}: <b>{html.escape(amount(ours.value, unit, units))}</b>"
        f"{_in_brackets(span(ours, unit, units))}</p>"
        for metric, unit, ours in one.near
    )
    reason = ""
    if one.reason:
        head = "Why they differ" if check.verdict == "differs" else "What is missing"
        reason = f"<p><b>{head}:</b> {html.escape(one.reason)}</p>"
    source = html.escape(claim.source_title)
    if claim.source:
        source = f'<a href="{html.escape(claim.source)}" target="_blank" rel="noopener">{source}</a>'
    return (
        f'<li id="claim-{html.escape(claim.id)}"><div><h4>{html.escape(claim.statement)}</h4>'
        f"<p class=small>{source}, {claim.date:%-d %B %Y}; speaks of {claim.as_of:%-d %B %Y}</p>"
        f"<p class=small>How it counts: {html.escape(claim.definition)}</p>{reason}{near and '<p><b>Nearest:</b></p>'}"
        f"{near}</div><div>{_badge(check.verdict)}{_facts(facts)}{drawn}</div></li>"
    )


def _in_brackets(text: str) -> str:
    return f" ({html.escape(text)})" if text else ""


@lru_cache(maxsize=64)
def listed(control: Control, units: Units, verdict: str) -> str:
    """Return the claims of one verdict, or all, as HTML: those of the article first."""
    found = [one for one in check_claims(control=control) if not verdict or one.check.verdict == VERDICTS[verdict]]
    groups = (
        ("From the article", [one for one in found if one.claim.article]),
        ("From reports and counts", [one for one in found if not one.claim.article]),
    )
    return "".join(
        f'<h3>{head}</h3><ul class="claims">{"".join(_claim(one, units) for one in group)}</ul>'
        for head, group in groups
        if group
    )


def draw(view: links.View, units: Units) -> None:
    """Draw the page."""
    control = lines.load(view.control)
    found = check_claims(control=control)
    st.title("Claims: published figures against ours", anchor=False)
    st.html(
        f"{STYLE}<p class='deck'>Each figure as its source gives it, and the same quantity as measured here. Verdicts "
        "are computed from the two; that a figure differs does not make it wrong: most often it counts something "
        "else.</p>"
        f"{lines.in_use(control)}"
    )
    own, published = st.columns([1, 2.3], gap="large")
    with own, st.container(key="own"):
        _own_figure(control, units)
    with published:
        st.subheader("Published figures", anchor=False)
        counts = {key: sum(one.check.verdict == verdict for one in found) for key, verdict in VERDICTS.items()}
        st.pills(
            "Show",
            ["", *VERDICTS],
            format_func=lambda key: f"{WORDS[VERDICTS[key]]} ({counts[key]})" if key else f"All ({len(found)})",
            key="verdict",
            required=True,
            label_visibility="collapsed",
        )
        chosen = [VERDICTS[view.choice("verdict")]] if view.choice("verdict") else list(VERDICT_WORDS)
        meant = " ".join(f"<b>{WORDS[verdict]}:</b> {html.escape(VERDICT_WORDS[verdict])}" for verdict in chosen)
        st.html(f"<p class='meta'>{meant}</p>{_KEY}{listed(control, units, view.choice('verdict'))}")


@lru_cache(maxsize=1)
def _place_names() -> dict[str, str]:
    places = load_places()
    names = maps.oblast_names()
    return {str(row.id): f"{row.name_en} ({names[row.oblast]})" for row in places.sort_values("name_en").itertuples()}


@lru_cache(maxsize=1)
def _offered_places() -> tuple[str, ...]:
    places = load_places()
    large = set(places.loc[places["population"] >= _OFFERED_FROM, "id"].astype(str))
    return tuple(place for place in _place_names() if place in large)


def _words_of(argument: Argument) -> Callable[[str], str]:
    if argument.name == "holder":
        return lambda side: theme.holder_words()[side]
    if argument.name == "proposal":
        titles = {proposal.id: proposal.title for proposal in load_proposals()}
        return titles.__getitem__
    if argument.name == "key":
        return lambda key: theme.ledger_words()[key][0]
    if argument.kind == "units":
        return maps.oblast_names().__getitem__
    if argument.kind == "places":
        return _place_names().__getitem__
    return str


def _ask(argument: Argument) -> Any:
    """Draw the widget of an argument, whose state `state.keep` has seeded, and return its answer for `evaluate`."""
    key, label, words = f"check_{argument.name}", _ARGUMENT_WORDS[argument.name], _words_of(argument)
    if argument.kind == "number":
        return st.number_input(label, min_value=1.0, max_value=500.0, step=5.0, format="%g", key=key)
    if argument.kind == "units":
        return tuple(st.multiselect(label, list(argument.choices), format_func=words, key=key)) or argument.choices
    if argument.kind == "places":
        offered = [*_offered_places()]
        offered += [place for place in st.session_state[key] if place not in offered]
        chosen = st.multiselect(label, offered, format_func=words, key=key, max_selections=links.MOST_PLACES)
        return tuple(int(place) for place in chosen)
    return st.selectbox(label, list(argument.choices), format_func=words, key=key)


def _own_figure(control: Control, units: Units) -> None:
    st.subheader("Check a figure of your own", anchor=False)
    known = quantities()
    name = st.selectbox("Quantity", list(links.checkable()), format_func=lambda one: known[one].label, key="check")
    chosen = known[name]
    arguments = {argument.name: _ask(argument) for argument in chosen.arguments}
    fitting = list(UNITS_OF[chosen.kind])
    if st.session_state["check_unit"] not in fitting:
        st.session_state["check_unit"] = fitting[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        written = st.text_input("Figure", key="check_figure", max_chars=20, placeholder="5,000 or 19.25")
        unit = st.selectbox("Unit", fitting, format_func=_UNIT_WORDS.__getitem__, key="check_unit")
    st.html(f'<div class="answer">{_answer(chosen, arguments, written, unit, control, units)}</div>')


def _as_written(figure: float, unit: Unit) -> str:
    """Return a figure to the last digit, with its unit."""
    decimals = len(f"{figure:.7f}".rstrip("0").partition(".")[2])
    return f"{figure:,.{decimals}f}".replace("-", "\N{MINUS SIGN}") + f" {_UNIT_WORDS[unit]}"


def _answer(
    chosen: Quantity, arguments: dict[str, Any], written: str, unit: Unit, control: Control, units: Units
) -> str:
    """Return the verdict on what was typed; without a figure, ours alone. What was typed is never put out again."""
    if not arguments.get("places", True):
        return "<p>Choose at least one place.</p>"
    metric = Metric(chosen.id, arguments)
    shown = cast("Units", unit) if unit in UNITS_OF["area"] else units
    definition = f"<p class=meta>What is counted: {html.escape(chosen.definition)}</p>"
    if chosen.kind == "people":
        definition += f"<p class=meta>{html.escape(POPULATION_NOTE)}</p>"
    stated, rounding, hint = 0.0, 0.0, ""
    given = bool(written.strip())
    if given:
        try:
            stated, rounding = read_figure(written)
        except ParameterError as problem:
            given, hint = False, f"<p>What was typed is {html.escape(str(problem))}.</p>"
    check = check_figure(stated, unit, metric, rounding=rounding, control=control)
    facts = _ours(check, unit, shown, decimals=_decimals(stated))
    if not given or check.computed is None:
        facts.pop("Difference", None)
        reason = f"<p>{html.escape(check.reason)}</p>" if check.reason else ""
        return hint + (_badge(check.verdict) if check.computed is None else "") + _facts(facts) + reason + definition
    yours, low, high = (_as_written(figure, unit) for figure in (stated, stated - rounding, stated + rounding))
    facts = {"Yours": f"<b>{yours}</b>", **facts}
    drawn = gauge(stated, rounding, check.computed, f"Yours {yours}; ours {amount(check.computed.value, unit, shown)}")
    return (
        f"{_badge(check.verdict)}{_facts(facts)}{drawn}<p class=meta>As written, yours stands for "
        f"{low} to {high}.</p>{definition}"
    )
