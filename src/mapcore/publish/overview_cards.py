"""The sheet of all proposals as HTML: a card of each with its small map and its lead figures, by group."""

from __future__ import annotations

import html
from collections.abc import Callable

from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.publish import overview_address, overview_content
from mapcore.publish.view_content import Figure


def cards(control: Control, units: Units, there: Callable[[str], str], *, maps: bool) -> str:
    """
    Return the cards of all built-in proposals on a line.

    Parameters
    ----------
    there
        Returns the address of the map of a proposal.
    maps
        Whether a server has the small maps of this line.
    """
    groups = "".join(
        f'<section><h2>{html.escape(label)}</h2><div class="row">'
        f"{''.join(_card(subject, units, there(subject.proposal.id), maps=maps) for subject in group)}</div></section>"
        for label, group in overview_content.measure_all(control).items()
    )
    return f'<div class="overview">{groups}</div>'


def small_map(measured: Measured) -> str:
    """Return the small map of a built-in proposal with its own settings; of another one there is none."""
    proposal = measured.proposal
    usual = {name: parameter.default for name, parameter in proposal.parameters.items()}
    if viewer.is_viewers(proposal) or dict(measured.parameters) != usual:
        return ""
    address = overview_address.small_map(measured.control.id, proposal.id)
    return f'<img src="{html.escape(address)}" alt="" width="120" height="84" loading="lazy">'


def _card(measured: Measured, units: Units, address: str, *, maps: bool) -> str:
    title = html.escape(viewer.title_of(measured.proposal))
    figures = "".join(map(_figure, overview_content.lead_figures(measured, units)))
    drawn = small_map(measured) if maps else ""
    return (
        f'<article>{drawn}<div><a href="{html.escape(address)}" target="_self">{title}</a>'
        f"<small>{html.escape(overview_content.when(measured))}</small><dl>{figures}</dl></div></article>"
    )


def _figure(figure: Figure) -> str:
    beside = f"<small>{html.escape(figure.bounds)}</small>" if figure.bounds else ""
    more = f'<small class="more">{html.escape(figure.more)}</small>' if figure.more else ""
    return f"<div><dt>{html.escape(figure.label)}</dt><dd>{html.escape(figure.text)}{beside}{more}</dd></div>"
