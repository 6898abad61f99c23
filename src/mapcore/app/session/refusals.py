"""
Refusals of forms: each stands at the field that it is about, in the words of that field, until the form is sent again.
In another language it is no longer told: it would be the one sentence of the page that is not in it.

A refusal that names one of the values of a form begins with its name on the command line (`source: …`); here the label
of the field takes that place.
"""

from __future__ import annotations

import html
import re
from typing import Final

import streamlit as st

from mapcore.app.session import web_files
from mapcore.base.errors import MapcoreError
from mapcore.base.language import language, tr

#: How a refusal and the field above it are marked; FIELD stands for the field's key.
_STYLE: Final = web_files.style("refusal.css")
_MARK: Final = web_files.style("refused_field.css")

#: What a value is called on the command line, and its field in a form.
_NAMED: Final = {
    "source": "source",
    "licence": "licence",
    "error_km": "error",
    "held_by": "holder",
    "as_of": "date",
}


def paragraph(sentence: str) -> str:
    """Return a refusal as an alert, escaped."""
    words = html.escape(re.sub(r"[ \t\r\n]+", " ", sentence).strip())  # a number's no-break space stays
    return f'{_STYLE}<p class="refusal" role="alert">{words}</p>'


def refuse(form: str, problem: MapcoreError | str, field: str) -> None:
    """Keep a refusal for a form: at the field that the problem names by itself, or else at this one."""
    head, _, rest = str(problem).partition(": ")
    about, sentence = (_NAMED[head], rest) if rest and head in _NAMED else (field, str(problem))
    st.session_state[f"{form}_refused"] = (about, f"{sentence.rstrip('.')}.", language())


def accept(form: str) -> None:
    """Forget the refusal of a form, which is sent again or begun anew."""
    st.session_state.pop(f"{form}_refused", None)


def at(form: str, field: str, label: str = "", *, key: str = "") -> None:
    """Draw the refusal of a form under the field that was just drawn, if it is about that one, and mark the field."""
    # The place is always there, so that the fields below keep theirs, and with it what is being typed into them.
    place = st.empty()
    about, sentence, spoken = st.session_state.get(f"{form}_refused", ("", "", ""))
    if sentence and about == field and spoken == language():
        text = tr("{field}: {problem}").format(field=label, problem=sentence) if label else sentence
        place.html(paragraph(text) + _MARK.replace("FIELD", key or f"{form}_{field}"))
