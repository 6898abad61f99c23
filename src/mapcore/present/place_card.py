"""A settlement's card as HTML: where it is, what is known of it, what each proposal makes of it, whom that is from."""

from __future__ import annotations

import html
from collections.abc import Callable

from mapcore.analysis.place_answers import PlaceAnswer, Under
from mapcore.base.fill import Fill
from mapcore.base.language import number_text, tr
from mapcore.present import place_words
from mapcore.proposals import viewer
from mapcore.proposals.shipped import Status


def card_html(answer: PlaceAnswer, *, shown: str = "", named: Callable[[Under], str] | None = None) -> str:
    """
    Return the card of a settlement in the language in use, all of it escaped; its style is `web/place/card.css`.

    Parameters
    ----------
    shown
        Id of the proposal that the view is about, which is marked.
    named
        Returns the HTML of a proposal's name; its title alone when left out.
    """
    place, named = answer.place, named or _title
    label = tr(place_words.CARD_LABEL).format(place=place.name)
    facts = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd>{html.escape(words)}</dd></div>"
        for label, words in place_words.facts(answer)
    )
    groups = "".join(_group(status, rows, shown, named) for status, rows in place_words.by_status(answer.under))
    found = place_words.finding(answer).removeprefix(f"{place.name}: ")
    return (
        f'<section class="town" aria-label="{html.escape(label)}">'
        f"<h2>{html.escape(place.name)}<small>{html.escape(place_words.where(place))}</small></h2>"
        f'<p class="town-finding">{html.escape(found[:1].upper() + found[1:])}.</p>'
        f'<dl class="town-facts">{facts}</dl><ul class="town-groups">{groups}</ul>'
        f"<footer>{html.escape(place_words.credit(answer.control))}</footer></section>"
    )


def _title(row: Under) -> str:
    return html.escape(viewer.title_of(row.measured.proposal))


def _group(status: Status, rows: list[Under], shown: str, named: Callable[[Under], str]) -> str:
    listed = "".join(_row(row, named, is_shown=row.measured.proposal.id == shown) for row in rows)
    return (
        f"<li><h3>{_swatch(status.fill)}{html.escape(tr(status.label))}<b>{number_text(len(rows))}</b></h3>"
        f"<p>{html.escape(place_words.answers_text(status))}</p><ul>{listed}</ul></li>"
    )


def _row(row: Under, named: Callable[[Under], str], *, is_shown: bool) -> str:
    doubt = place_words.doubt(row)
    remark = f" <em>{html.escape(doubt)}</em>" if doubt else ""
    far = html.escape(place_words.km_text(row.distance_km))
    return f"<li{' aria-current=true' * is_shown}><div>{named(row)}{remark}</div><span>{far}</span></li>"


def _swatch(fill: Fill) -> str:
    kind = ' class="hatched"' if fill.hatch else ""
    return f'<i{kind} style="--light:{fill.hue(dark=False)};--dark:{fill.hue(dark=True)}"></i>'
