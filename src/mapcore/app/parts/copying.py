"""Texts to copy, each with its button, and the button that copies the page's address."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import streamlit as st

from mapcore.app.session import web_files
from mapcore.base.language import tr
from mapcore.base.sources import data_version

_copying = st.components.v2.component(
    "mapcore_copying",
    html=(
        '<div class="fields"></div><template><section><label></label><textarea readonly spellcheck="false"></textarea>'
        '<button type="button"></button><span role="status"></span></section></template>'
    ),
    css=web_files.text("copying.css"),
    js=web_files.text("copying.js"),
)


@dataclass(frozen=True)
class Field:
    """
    A text to copy.

    Attributes
    ----------
    label, button
        What stands over the text and on its button; without a label there is the button alone.
    text
        None for the page's address, which holds every choice, with the data version.
    rows
        Lines of the text that are seen at once in a browser that does not fit them to the text.
    code
        Whether it is written for a program.
    """

    label: str
    button: str
    text: str | None
    rows: int = 2
    code: bool = False


def fields(key: str, *shown: Field) -> None:
    """Draw texts below each other, each with its button."""
    done = tr("Copied")
    _copying(key=key, data={"version": data_version(), "fields": [asdict(field) | {"done": done} for field in shown]})


def link_button() -> None:
    """Draw a button that copies the page's address."""
    fields("copy_link", link_field(""))


def link_field(label: str) -> Field:
    """Return the page's address."""
    return Field(label, tr("Copy link"), None, code=True)
