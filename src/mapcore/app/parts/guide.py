"""Help where it is needed: a tour of the page for who asks for it, what a status means, what a range means."""

from __future__ import annotations

import html
from typing import Any, Final

from mapcore.app.parts import page_elements
from mapcore.base.language import cached, mark, number_text, percent_text, tr
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured
from mapcore.measurement.likely import DRAWS, SHARE
from mapcore.present import wording
from mapcore.proposals.shipped import load_statuses

#: Each step's title, its text, and what on the page it is about.
_STEPS: Final = (
    (
        mark("What the map shows"),
        mark(
            "Who would hold which land if the chosen proposal were carried out. Click an area on the map, or "
            "choose it under the map, to see its figures and the clause behind it."
        ),
        'iframe[title^="streamlit_folium"]',
    ),
    (
        mark("Switch proposals"),
        mark(
            "Choose a proposal from the list, or go through them one by one. The map, the figures and the text follow."
        ),
        ".st-key-choose_proposal",
    ),
    (
        mark("What a range means"),
        mark(
            "The line of contact is known only to within a few kilometres. So each area has a range, and beside it a "
            "likely one: mostly within it, for a buffer sometimes beyond."
        ),
        ".ledger",
    ),
    (
        mark("Compare"),
        mark("“Compare” puts two proposals side by side; “All proposals” shows every text in one table."),
        ".head",
    ),
    (
        mark("Share what you see"),
        mark(
            "The address of the page holds every choice. Under the map, “Share” copies it, “Download” has pictures and "
            "data, and “Embed” puts the map on a page of yours."
        ),
        ".st-key-below",
    ),
)
_WORDS: Final = {
    "tour": mark("Short tour of this page"),
    "step": mark("Step {step} of {count}"),
    "back": mark("Back"),
    "next": mark("Next"),
    "skip": mark("Skip the tour"),
    "done": mark("Done"),
}

#: The panel of the tour, which `web/app/tour.js` fills and the button for help in the row above the page opens.
TOUR: Final = (
    '<section class="tour" popover="manual" tabindex="-1" role="dialog"><small></small>'
    '<div class="said" aria-live="polite"><h2></h2><p></p></div><div class="steps">'
    '<button type="button" class="back"></button><button type="button" class="next"></button>'
    '<button type="button" class="skip"></button></div></section>'
)


@cached(maxsize=8)
def tour() -> dict[str, Any]:
    """Return the words of the tour: its steps, each with what on the page it is about, and its buttons."""
    steps = [{"title": tr(title), "text": tr(text), "target": target} for title, text, target in _STEPS]
    return {"steps": steps, "words": {key: tr(text) for key, text in _WORDS.items()}}


def _more(summary: str, content: str) -> str:
    return f'<details class="help"><summary>{html.escape(summary)}</summary>{content}</details>'


@cached(maxsize=64)
def statuses(measured: Measured, *, dark: bool) -> str:
    """Return what each status on the map means, folded under a line of its own."""
    present = set(measured.zones["status"])
    listed = "".join(
        f"<dt>{page_elements.swatch(status.fill, dark=dark)}{html.escape(tr(status.label))}</dt>"
        f"<dd>{html.escape(tr(status.sentence))}</dd>"
        for status in load_statuses().values()
        if status.id in present
    )
    return _more(tr("What each status means"), f"<dl>{listed}</dl>")


def ranges(control: Control) -> str:
    """Return what both ranges of a figure mean, folded under a line of its own."""
    paragraphs = (
        tr("The line of contact is known only to within about {error} km. Whatever depends on it has a range."),
        tr("Range: the figure if the whole line is shifted {error} km in either direction."),
        tr(
            "Likely: {share} of the figures on {draws} simulated lines, each shifted by a different amount "
            "from place to place."
        ),
        tr(
            "Neither range reflects how a text might be interpreted. Figures that depend only on oblast "
            "borders have no range."
        ),
    )
    values = {"error": f"{control.provenance.error_km:g}", "share": percent_text(SHARE), "draws": number_text(DRAWS)}
    texts = [
        *(paragraph.format(**values) for paragraph in paragraphs),
        *filter(None, [wording.contested_note(control)]),
    ]
    content = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    return _more(tr("What the figures and their ranges mean"), page_elements.meanings() + content)
