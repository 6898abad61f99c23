"""What a file leaves open, asked in the form that brought it: which classes count, and whether to believe the line."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mapcore.app.session.callbacks import callback
from mapcore.base.errors import ChoiceNeededError
from mapcore.base.language import language, number_text, tr


@dataclass(frozen=True)
class Question:
    """What a refusal asks, in a language: its reason, the values of each property with their shapes, and findings."""

    reason: str
    classes: dict[str, dict[str, int]]
    findings: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class Answers:
    """What was answered so far of the file of a form, as `importing.Reading` names it."""

    class_field: str = ""
    classes: tuple[str, ...] = ()
    every_class: bool = False
    confirmed: bool = False


def asked(form: str) -> Question | None:
    """Return what a form is asking, if anything; in another language it must be sent again to be asked."""
    question: Question | None = st.session_state.get(f"{form}_question")
    return question if question and question.language == language() else None


def ask(form: str, problem: ChoiceNeededError) -> None:
    """Keep what a refusal asks for the form to show."""
    first = problem.problems[0] if problem.problems else None
    reason = f"{first.file} {first.problem.partition(': ')[0]}" if first else str(problem)
    for key in [f"{form}_every_class", *(key for key in st.session_state if str(key).startswith(f"{form}_classes_"))]:
        st.session_state.pop(key, None)
    st.session_state[f"{form}_question"] = Question(reason, problem.classes, problem.findings, language())


def forget(form: str) -> None:
    """Forget questions and answers: another file is chosen, or the line is in use."""
    for kept in ("question", "answers"):
        st.session_state.pop(f"{form}_{kept}", None)


def answers(form: str, *, confirmed: bool = False) -> Answers:
    """
    Return what was answered so far; what the form shows now counts, and is kept for the next question.

    It is never kept that a line was believed: another reading of the file is asked about again.
    """
    state, question = st.session_state, asked(form)
    kept: Answers = state.get(f"{form}_answers", Answers())
    if question and question.classes:
        field = state.get(f"{form}_field") or next(iter(question.classes))
        every = bool(state.get(f"{form}_every_class"))
        chosen = tuple(state.get(_classes_key(form, question, field), ()))
        kept = Answers("" if every or not chosen else field, () if every else chosen, every)
        state[f"{form}_answers"] = kept
    return Answers(kept.class_field, kept.classes, kept.every_class, confirmed)


def _classes_key(form: str, question: Question, field: str) -> str:
    """Return the key of the choice of classes, which is another one for each property."""
    return f"{form}_classes_{list(question.classes).index(field)}"


def draw(form: str, send: Callable[..., None]) -> None:
    """Draw what a form asks; `send` sends it again, with `confirmed` where the line is believed."""
    question = asked(form)
    if question is None:
        return
    with st.container(border=True, key=f"{form}_asked"):
        if question.classes:
            st.html(f'<p role="alert"><b>{html.escape(_sentence(question.reason))}</b></p>')
            _classes(form, question)
            st.button(tr("Use what is chosen"), key=f"{form}_choose", on_click=callback(send))
        else:
            sentence = tr("The line is hard to believe:")
            findings = "".join(f"<li>{html.escape(finding)}</li>" for finding in question.findings)
            way_out = tr("Check the date, whose land it is, and which classes count; or use it as it is.")
            st.html(f'<div role="alert"><p><b>{html.escape(sentence)}</b></p><ul>{findings}</ul></div>')
            st.html(f"<p class='meta'>{html.escape(way_out)}</p>")
            wanted: dict[str, Any] = {"confirmed": True}
            st.button(tr("Use it all the same"), key=f"{form}_confirm", on_click=callback(send), kwargs=wanted)


def _sentence(reason: str) -> str:
    return tr("{reason}. Choose what counts.").format(reason=reason)


def _classes(form: str, question: Question) -> None:
    fields = list(question.classes)
    if st.session_state.get(f"{form}_field") not in fields:
        st.session_state[f"{form}_field"] = fields[0]
    every = bool(st.session_state.get(f"{form}_every_class"))
    if len(fields) > 1:
        st.selectbox(tr("Property that tells the classes apart"), fields, key=f"{form}_field", disabled=every)
    field = st.session_state[f"{form}_field"]
    counts = question.classes[field]
    st.multiselect(
        tr("Classes of “{field}” that count, with the number of their shapes").format(field=field),
        sorted(counts, key=lambda value: (-counts[value], value)),
        format_func=lambda value: f"{value or tr('no value')} ({number_text(counts[value])})",
        key=_classes_key(form, question, field),
        placeholder=tr("Choose options"),
        disabled=every,
    )
    st.checkbox(tr("All classes count"), key=f"{form}_every_class")
