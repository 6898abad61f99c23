"""The name of the viewer's own proposal, what the viewer says of it, and its file."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from mapcore.app.parts import rule_list
from mapcore.app.server import uploads
from mapcore.app.session import lines, refusals, viewer_proposal
from mapcore.app.session.callbacks import callback
from mapcore.base.errors import DataFileError, ProposalError
from mapcore.base.language import tr, trn
from mapcore.measurement.areas import Measured
from mapcore.outside.confined_rules import read_viewers_proposal
from mapcore.present import links
from mapcore.proposals import viewer
from mapcore.proposals.model import Proposal
from mapcore.proposals.writer import to_toml

#: Largest file of rules, in MB.
MOST_MB: Final = 1


def draw(measured: Measured, _: links.View) -> None:
    """Draw the fields for name and description, and the file to download, to read and to load."""
    proposal = measured.proposal
    name, summary = viewer.name_of(proposal), proposal.summary
    st.session_state["own_name"] = "" if name == viewer.UNNAMED else name
    st.session_state["own_summary"] = "" if summary == viewer.NO_SUMMARY else summary
    st.text_input(
        tr("Name"), key="own_name", max_chars=viewer.MAX_NAME, placeholder=tr(viewer.UNNAMED), on_change=_on_words
    )
    st.text_area(
        tr("Description"),
        key="own_summary",
        max_chars=viewer.MAX_SUMMARY,
        height=90,
        placeholder=tr(viewer.NO_SUMMARY),
        on_change=_on_words,
    )
    text = _file_text(proposal)
    with st.container(horizontal=True):
        st.download_button(
            tr("Download the rules (TOML)"), text, f"{proposal.id}.toml", "application/toml", on_click="ignore"
        )
    with st.expander(tr("The rules as text")):
        st.code(text, language="toml", wrap_lines=True)
    st.file_uploader(
        tr("Load a file of rules"), type=["toml"], max_upload_size=MOST_MB, key="own_upload", on_change=_on_upload
    )
    refusals.at("own", "upload")
    sentence = tr(
        "The file says that it is a viewer's own. Rules that match no land on the default line are left out of it. A "
        "proposal here has at most {rules} rules, {cuts} of them buffers and drawn zones."
    )
    st.caption(sentence.format(rules=viewer.MAX_RULES, cuts=viewer.MAX_CUTS))


def _file_text(proposal: Proposal) -> str:
    """Return the proposal's file as `mapcore check` accepts it: without rules that match no land."""
    idle = rule_list.idle(proposal, lines.load(links.View().control))
    kept = tuple(rule for index, rule in enumerate(proposal.rules) if index not in idle)
    return to_toml(replace(proposal, rules=kept))


@callback
def _on_words() -> None:
    name = st.session_state["own_name"].strip() or viewer.UNNAMED
    summary = " ".join((st.session_state["own_summary"] or "").split()) or viewer.NO_SUMMARY
    viewer_proposal.change(replace(viewer_proposal.now(), title=name, summary=summary))


@callback
def _on_upload() -> None:
    upload = st.session_state.get("own_upload")
    refusals.accept("own")
    try:
        content = uploads.taken(upload, most_mb=MOST_MB)
        if upload is None or content is None:
            return
        loaded = read_viewers_proposal(content, name=upload.name)
    except ProposalError as refusal:
        first, more = refusal.problems[0], len(refusal.problems) - 1 + refusal.more
        others = trn("{first} (and {count} more).", "{first} (and {count} more).", more)
        viewer_proposal.tell(others.format(first=first, count=more) if more else str(first), "upload")
        return
    except DataFileError as refusal:
        viewer_proposal.tell(str(refusal), "upload")
        return
    viewer_proposal.change(loaded)
