"""The ordered rules of the viewer's own proposal: moved, deleted, given another status."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from mapcore.app.session import viewer_proposal
from mapcore.app.session.callbacks import callback
from mapcore.base import memory
from mapcore.base.language import tr
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured
from mapcore.measurement.zones import idle_rules
from mapcore.present import links
from mapcore.proposals import edits
from mapcore.proposals.model import Proposal


@memory.kept(maxsize=64)
def idle(proposal: Proposal, control: Control) -> tuple[int, ...]:
    """Return the indices of rules that match no land on a line."""
    return tuple(idle_rules(proposal, control=control))


def draw(measured: Measured, _: links.View) -> None:
    """Draw the list of rules and the buttons that change it."""
    rules = measured.proposal.rules
    if not rules:
        sentence = tr("No rules yet: all land is as it is now, and its future is left open.")
        st.html(f'<div class="prose">{sentence}</div>')
        return
    without_land = idle(measured.proposal, measured.control)
    picked = st.session_state.get("own_rule", 0)
    st.session_state["own_rule"] = picked = min(picked if isinstance(picked, int) else 0, len(rules) - 1)
    labels = viewer_proposal.status_words()
    words = [f"{index + 1}\\. {edits.rule_words(rule)}: **{labels[rule.status]}**" for index, rule in enumerate(rules)]
    warning = tr("matches no land: move it up, or delete it")
    st.radio(
        tr("The first rule that matches a piece of land decides"),
        range(len(rules)),
        format_func=words.__getitem__,
        captions=[warning if index in without_land else "" for index in range(len(rules))] if without_land else None,
        key="own_rule",
    )
    with st.container(horizontal=True):
        st.button(tr("Move up"), key="own_up", on_click=_on_move, args=(-1,), disabled=picked == 0)
        st.button(tr("Move down"), key="own_down", on_click=_on_move, args=(1,), disabled=picked == len(rules) - 1)
        st.button(tr("Delete"), key="own_delete", on_click=_on_delete)
    st.session_state["own_rule_status"] = rules[picked].status
    st.selectbox(
        tr("Status of rule {number}").format(number=picked + 1),
        list(labels),
        format_func=labels.__getitem__,
        key="own_rule_status",
        on_change=_on_status,
    )


@callback
def _on_move(by: int) -> None:
    picked = st.session_state["own_rule"]
    viewer_proposal.change(edits.move_rule(viewer_proposal.now(), picked, by))
    st.session_state["own_rule"] = picked + by


@callback
def _on_delete() -> None:
    viewer_proposal.change(edits.delete_rule(viewer_proposal.now(), st.session_state["own_rule"]))


@callback
def _on_status() -> None:
    proposal, picked = viewer_proposal.now(), st.session_state["own_rule"]
    rules = list(proposal.rules)
    rules[picked] = replace(rules[picked], status=st.session_state["own_rule_status"])
    viewer_proposal.change(replace(proposal, rules=tuple(rules)))
