"""What becomes of every settlement, packed for a site without a server; `web/place/card.js` makes their cards of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from mapcore.analysis.place_answers import is_new, now_km, under_proposal
from mapcore.analysis.settlements import near_line
from mapcore.measurement.areas import Measured
from mapcore.present import place_frame, place_words
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_statuses

#: The scripts and styles that a page of the site has for them, in the order in which they are loaded.
SCRIPTS: Final = (*(f"place/{name}.js" for name in ("alike", "search", "box", "card")), "page/town.js")
STYLES: Final = ("place/box.css", "place/card.css")


def fates(measured: Sequence[Measured]) -> dict[str, Any]:
    """
    Return what proposals on one line make of all settlements, the same in every language; JSON-ready.

    Returns
    -------
    fates
        In the order of `load_places`: `held` (``u`` or ``r`` for each), `patterns` and `of` (the statuses under the
        proposals, one letter each, and which of these patterns each has), `near` (rows near the line), `now` (km to
        the line). By proposal: `unsure` (rows), `far` (km, which of the `columns` each has). Distances are as they are
        told; None without a line. `holders` of the statuses in the order of the letters, `news` whether they change
        anything, `reach` as in `place_frame`.
    """
    control, statuses = measured[0].control, list(load_statuses().values())
    under = [under_proposal(subject) for subject in measured]
    letters = {status.id: chr(ord("a") + place) for place, status in enumerate(statuses)}
    patterns = ["".join(row) for row in zip(*(table["status"].map(letters) for table in under), strict=True)]
    known = {pattern: place for place, pattern in enumerate(dict.fromkeys(patterns))}
    far = [_told(table["distance_km"].to_numpy()) for table in under]
    columns = {str(column): column for column in far}
    return {
        "held": "".join(holder[0] for holder in under[0]["held_by"]),
        "patterns": list(known),
        "of": [known[pattern] for pattern in patterns],
        "near": np.flatnonzero(near_line(control)).tolist(),
        "now": _told(now_km(control)),
        "unsure": [np.flatnonzero(~table["sure"]).tolist() for table in under],
        "far": {"of": [list(columns).index(str(column)) for column in far], "columns": list(columns.values())},
        "holders": [status.holder for status in statuses],
        "news": [is_new(status) for status in statuses],
        "proposals": [subject.proposal.id for subject in measured],
        "reach": place_frame.reach(),
    }


def words(measured: Sequence[Measured]) -> dict[str, Any]:
    """Return what the cards say in the language in use; JSON-ready."""
    card_words = place_words.card_words(measured[0].control)
    return card_words | {"titles": [viewer.title_of(subject.proposal) for subject in measured]}


def _told(far_km: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    """Return distances as they are told: whole ones without a point."""
    distances = [None if np.isnan(km) else round(float(km), place_words.km_digits(km)) for km in far_km]
    return [int(km) if km is not None and km >= place_words.WHOLE_FROM_KM else km for km in distances]
