"""What stands above every page where its line of contact is old: its date, its age, and the one step to a newer one."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from mapcore.base.language import date_text, tr
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import list_controls, load_control
from mapcore.present import line_age
from mapcore.present.links import View, to_query


def notice(control: Control, view: View, shell: Mapping[str, str] | None = None) -> str:
    """
    Return the notice of a view on a line as escaped HTML, or nothing where the line is fresh.

    Parameters
    ----------
    shell
        What a link says to Streamlit's page itself, which links within this one say again.
    """
    if line_age.age_days(control.as_of) is None:
        return ""
    said = html.escape(line_age.line_and_age(control.as_of))
    since = html.escape(tr("What has changed since is not in these figures."))
    return f'<p class="line-age"><b>{said}.</b> {since} {_step(control, view, shell or {})}</p>'


def _step(control: Control, view: View, shell: Mapping[str, str]) -> str:
    """Return the way to a newer line: one that is here already, or the page where one is uploaded or downloaded."""
    newest = load_control(list_controls()[0])
    if newest.as_of > control.as_of:
        words = tr("Use the line of {date}").format(date=date_text(newest.as_of))
        to = replace(view, control=newest.id)
    elif view.page == "lines":
        return html.escape(tr("Upload or download a newer one below."))
    else:
        words, to = tr("Use a newer line"), replace(view, page="lines")
    query = dict(shell) | to_query(replace(to, lat=None, lon=None, zoom=None, zone=""))
    return f'<a href="?{html.escape(urlencode(query))}" target="_self">{html.escape(words)}</a>'


def kept(control: Control) -> str:
    """Return the same for a page that is kept without a server: escaped HTML with the day on which it was made."""
    if line_age.age_days(control.as_of) is None:
        return ""
    return f'<p class="line-age"><b>{html.escape(line_age.dated(control.as_of))}</b></p>'
