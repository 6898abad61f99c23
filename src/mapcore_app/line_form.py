"""What the forms for a line and for an archive of lines both ask; keys of fields begin with the name of the form."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mapcore.imports import DEFAULT_ERROR_KM
from mapcore.language import mark, tr
from mapcore.schema import HOLDERS

_HOLDER_WORDS: Final = {"russia": mark("Russia holds the polygons"), "ukraine": mark("Ukraine holds the polygons")}


def about(form: str) -> None:
    """Draw the fields for who published the lines, under which licence, how exact they are, and who holds the land."""
    left, right = st.columns(2, gap="small")
    with left:
        st.text_input(tr("Who published it"), key=f"{form}_source", max_chars=200)
        st.text_input(tr("Licence (if known)"), key=f"{form}_licence", max_chars=500)
    with right:
        st.number_input(tr("Error, km"), 0.0, 50.0, DEFAULT_ERROR_KM, 0.5, key=f"{form}_error")
        st.radio(tr("Whose land"), HOLDERS[::-1], format_func=lambda one: tr(_HOLDER_WORDS[one]), key=f"{form}_holder")


def classes(form: str) -> None:
    """Draw the fields for the classes of polygons that count."""
    st.text_input(tr("Field that holds the class"), key=f"{form}_field", max_chars=80)
    st.text_input(tr("Classes that count, with commas between"), key=f"{form}_classes", max_chars=500)


def chosen_classes(form: str) -> tuple[str, ...]:
    """Return the classes that the form names."""
    return tuple(one.strip() for one in st.session_state[f"{form}_classes"].split(",") if one.strip())
