"""What the forms for a line and for an archive of lines both ask; keys of fields begin with the name of the form."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mapcore.app.session import refusals
from mapcore.base.language import mark, tr
from mapcore.base.schema import HOLDERS
from mapcore.land.provenance import DEFAULT_ERROR_KM

_HOLDER_WORDS: Final = {"russia": mark("Russia holds the polygons"), "ukraine": mark("Ukraine holds the polygons")}


def about(form: str) -> None:
    """Draw the fields for who published the lines, under which licence, how exact they are, and who holds the land."""
    left, right = st.columns(2, gap="small")
    with left:
        label = tr("Who published it")
        st.text_input(label, key=f"{form}_source", max_chars=200)
        refusals.at(form, "source", label)
        label = tr("Licence (if known)")
        st.text_input(label, key=f"{form}_licence", max_chars=500)
        refusals.at(form, "licence", label)
    with right:
        label = tr("Error, km")
        st.number_input(label, 0.0, 50.0, DEFAULT_ERROR_KM, 0.5, key=f"{form}_error")
        refusals.at(form, "error", label)
        label = tr("Whose land")
        words = {holder: tr(_HOLDER_WORDS[holder]) for holder in HOLDERS[::-1]}
        st.radio(label, list(words), format_func=words.__getitem__, key=f"{form}_holder")
        refusals.at(form, "holder", label)
