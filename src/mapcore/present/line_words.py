"""The line of contact in words, for the head of a page."""

from __future__ import annotations

import html

from mapcore.base.language import date_text, number_text, tr
from mapcore.land.contact_line import Control


def km_text(value: float) -> str:
    """Return a length in km as a number without needless digits."""
    return number_text(value, len(f"{value:g}".partition(".")[2]))


def in_use(control: Control, *, kept: str = "", before: str = "") -> str:
    """
    Return date, source, error and licence of the line in use, escaped, after words of the page's own.

    `kept` says in words where a line lives that does not ship.
    """
    provenance = control.provenance
    if not kept:
        sentence = tr("On the line of contact of {date}, known to about {error} km: {source}. Licence: {licence}.")
    elif provenance.source in provenance.attribution:
        sentence = tr("On the line of contact of {date} ({kept}), known to about {error} km. {credit}.")
    else:
        sentence = tr("On the line of contact of {date} ({kept}), known to about {error} km: {source}. {credit}.")
    text = html.escape(sentence).format(
        date=f"<b>{date_text(control.as_of)}</b>",
        kept=html.escape(kept),
        error=km_text(provenance.error_km),
        source=html.escape(tr(provenance.source)),
        licence=html.escape(tr(provenance.licence)),
        credit=html.escape(tr(provenance.attribution)),
    )
    return f'<p class="meta">{html.escape(before)} {text}</p>'
