"""
What stands below the map of a view that another page shows: the legend of a comparison, a row of figures, credit with
date, the way to more.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

from mapcore.base.fill import Fill
from mapcore.base.language import tr
from mapcore.base.memory import shared
from mapcore.present import line_age
from mapcore.present.wording import contested_legend
from mapcore.publish.view_content import Figure, Sheet, ended
from mapcore.publish.web_page import web_file

#: Figures that a row has room for.
_MOST: Final = 4


def below_map(sheet: Sheet, query: Mapping[str, str]) -> str:
    """
    Return the row, the credit and the link as HTML with its style.

    Parameters
    ----------
    query
        Of the view in full.
    """
    row = "".join(map(_entry, sheet.figures[:_MOST]))
    day = line_age.dated(sheet.control.as_of)
    credit = tr("Map and figures: mapcore, CC BY 4.0. {credit}").format(credit=sheet.facts["attribution"])
    foot = " ".join(ended(text) for text in (sheet.viewers_mark, day, credit) if text)
    address = f"?{html.escape(urlencode(query))}"
    way = f'<a href="{address}" target="_blank" rel="noopener">{html.escape(tr("Open in full"))}</a>'
    return f'<style>{_style()}</style><dl class="e-row">{row}</dl><p class="e-foot">{html.escape(foot)} {way}</p>'


def legend(sheet: Sheet, swatch: Callable[[Fill], str]) -> str:
    """
    Return the classes of a difference map with their areas as HTML, for which `below_map` brings the style.

    Parameters
    ----------
    swatch
        What makes the small square of a class.
    """
    items = "".join(
        f"<li>{swatch(fill)}<span>{html.escape(figure.label)} <b>{html.escape(figure.text)}</b></span></li>"
        for fill, figure in sheet.legend
    )
    contested = html.escape(contested_legend(sheet.control))
    if contested:
        items += f'<li><i class="swatch contested"></i><span>{contested}</span></li>'
    return f'<ul class="e-legend">{items}</ul>'


def _entry(figure: Figure) -> str:
    bounds = f"<small>{html.escape(figure.bounds)}</small>" if figure.bounds else ""
    return f"<div><dt>{html.escape(figure.label)}</dt><dd>{html.escape(figure.text)}{bounds}</dd></div>"


@shared
def _style() -> str:
    return web_file("embed/embed.css").replace("\n", "")
