"""Published figures against ours, and a figure of the visitor's own."""

from __future__ import annotations

import html
from typing import Final

import streamlit as st

from mapcore.analysis.claims import VERDICT_WORDS, CheckedClaim, check_claims
from mapcore.app.parts import bar, figure_check
from mapcore.app.session import lines, web_files
from mapcore.base.language import cached, date_text, tr
from mapcore.base.units import UNITS_OF
from mapcore.land.contact_line import Control
from mapcore.present import claim_figures as figures
from mapcore.present import links
from mapcore.present.claim_figures import VERDICTS, WORDS
from mapcore.present.wording import Units

STYLE: Final = web_files.style("claims.css")


def _near(checked: CheckedClaim, units: Units) -> str:
    """Return our figures for the quantities beside a claim, as HTML."""
    rows = []
    for metric, unit, found in checked.near:
        bounds = figures.span(found, unit, units)
        label = html.escape(tr(metric.label))
        figure = f"<b>{html.escape(figures.amount(found.value, unit, units))}</b>"
        rows.append(f"<p class=small>{label}: {figure}{f' ({html.escape(bounds)})' if bounds else ''}</p>")
    return f"<p><b>{html.escape(tr('Nearest:'))}</b></p>{''.join(rows)}" if rows else ""


def _figures(checked: CheckedClaim, units: Units) -> str:
    """Return a claim's verdict, both figures and how far they are apart, as HTML."""
    claim, check, decimals = checked.claim, checked.check, figures.decimals_of(checked.claim.stated)
    stated_text = figures.stated(claim)
    published = f"<b>{html.escape(stated_text)}"
    if claim.unit in UNITS_OF["area"] and claim.unit != units:
        published += f" ({html.escape(figures.amount(claim.stated, claim.unit, units))})"
    rows = {
        tr("Published"): f"{published}</b>",
        tr("Read as"): html.escape(figures.read_as(claim)),
        **figures.ours(check, claim.unit, units, decimals=decimals),
        **figures.apart(check, claim.unit, units, decimals=decimals),
    }
    drawn = ""
    if check.computed:
        ours = figures.amount(check.computed.value, claim.unit, units)
        words = tr("Published {published}; ours {ours}").format(published=stated_text, ours=ours)
        drawn = figures.gauge(claim.stated, claim.rounding, check.computed, words)
    return f"{figures.badge(check.verdict)}{figures.facts(rows)}{drawn}"


def _claim(checked: CheckedClaim, units: Units) -> str:
    claim = checked.claim
    reason = ""
    if checked.reason:
        head = tr("Why they differ:") if checked.check.verdict == "differs" else tr("What is missing:")
        reason = f"<p><b>{html.escape(head)}</b> {html.escape(checked.reason)}</p>"
    source = html.escape(tr(claim.source_title))
    if claim.source:
        source = f'<a href="{html.escape(claim.source)}" target="_blank" rel="noopener">{source}</a>'
    publication = html.escape(tr("{source}, {published}; speaks of {as_of}")).format(
        source=source, published=date_text(claim.date), as_of=date_text(claim.as_of)
    )
    counts = html.escape(tr("How it counts: {definition}").format(definition=tr(claim.definition)))
    return (
        f'<li id="claim-{html.escape(claim.id)}"><div><h4>{html.escape(tr(claim.statement))}</h4>'
        f"<p class=small>{publication}</p><p class=small>{counts}</p>{reason}{_near(checked, units)}</div>"
        f"<div>{_figures(checked, units)}</div></li>"
    )


@cached(maxsize=64)
def listed(control: Control, units: Units, verdict: str) -> str:
    """Return the claims of one verdict, or all, as HTML: those of the article first."""
    checked = [
        figure for figure in check_claims(control=control) if not verdict or figure.check.verdict == VERDICTS[verdict]
    ]
    groups = (
        (tr("From the article"), [figure for figure in checked if figure.claim.article]),
        (tr("From reports and counts"), [figure for figure in checked if not figure.claim.article]),
    )
    return "".join(
        f'<h3>{html.escape(head)}</h3><ul class="claims">{"".join(_claim(figure, units) for figure in group)}</ul>'
        for head, group in groups
        if group
    )


def draw(view: links.View, units: Units) -> None:
    """Draw the page."""
    control = lines.load(view.control)
    bar.draw(view, title=tr("Claims: published figures against ours"))
    deck = tr(
        "Each figure as its source gives it, and the same quantity as measured here. Verdicts are "
        "computed from the two. A figure that differs is not necessarily wrong; it usually measures "
        "something else."
    )
    st.html(f"{STYLE}<p class='deck'>{html.escape(deck)}</p>{lines.in_use(control)}")
    own, published = st.columns([1, 2.3], gap="large")
    with own, st.container(key="own"):
        figure_check.draw(view, control, units)
    with published:
        _published(view, control, units)


def _published(view: links.View, control: Control, units: Units) -> None:
    checked = check_claims(control=control)
    counts = {key: sum(figure.check.verdict == verdict for figure in checked) for key, verdict in VERDICTS.items()}
    labels = {key: f"{tr(WORDS[verdict])} ({counts[key]})" for key, verdict in VERDICTS.items()}
    labels = {"": tr("All ({count})").format(count=len(checked)), **labels}
    st.header(tr("Published figures"), anchor=False)
    st.pills(
        tr("Show"),
        list(labels),
        format_func=labels.__getitem__,
        key="verdict",
        required=True,
        label_visibility="collapsed",
    )
    chosen = [VERDICTS[view.choice("verdict")]] if view.choice("verdict") else list(VERDICT_WORDS)
    meant = " ".join(
        f"<b>{html.escape(tr(WORDS[verdict]))}:</b> {html.escape(tr(VERDICT_WORDS[verdict]))}" for verdict in chosen
    )
    st.html(f"<p class='meta'>{meant}</p>{figures.gauge_key()}{listed(control, units, view.choice('verdict'))}")
