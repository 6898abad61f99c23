"""
Tables as light HTML.

A chart component and a data grid take the browser so long at each click that the map, which shares its thread, would
answer late; a table of HTML is also what a screen reader can read.
"""

from __future__ import annotations

import html
from collections.abc import Collection
from typing import Final

import pandas as pd

from mapcore.app.session import web_files
from mapcore.base.language import exact_text, tr
from mapcore.present import wording
from mapcore.present.wording import Units

STYLE: Final = web_files.style("table.css")


def areas_html(frame: pd.DataFrame, units: Units, *, numbers: Collection[str] = ()) -> str:
    """Return a table as HTML, its areas (columns whose names end with the unit) rounded as everywhere."""
    areas = [name for name in frame.columns if name.endswith(wording.unit_labels()[units])]
    shown = frame.assign(**{name: frame[name].map(wording.number) for name in areas})
    return as_html(shown, numbers={*areas, *numbers})


def as_html(frame: pd.DataFrame, *, numbers: Collection[str] = ()) -> str:
    """Return a table as HTML, every cell escaped; columns of numbers, and those named in `numbers`, to the right."""
    numeric = [name in numbers or pd.api.types.is_numeric_dtype(kind) for name, kind in frame.dtypes.items()]
    head = "".join(
        f'<th scope="col"{" class=n" if number else ""}>{html.escape(name)}</th>'
        for name, number in zip(frame.columns, numeric, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=n' if number else ''}>"
            f"{html.escape(value if isinstance(value, str) else exact_text(value))}</td>"
            for value, number in zip(row, numeric, strict=True)
        )
        + "</tr>"
        for row in frame.itertuples(index=False)
    )
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{html.escape(_named(frame))}">'
        f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _named(frame: pd.DataFrame) -> str:
    """Return a name for a table; what scrolls must be within reach of the keyboard, and say what it is."""
    return tr("Table: {columns}").format(columns=", ".join(map(str, frame.columns)))
