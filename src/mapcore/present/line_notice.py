"""
What stands above every page of its line of contact: its date and age where it is old, and why no newer one serves.

`notice` is for a page that is answered when it is asked for, `kept` for one that stays without a server.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from mapcore.base.language import date_text, mark, tr
from mapcore.land.contact_line import Control
from mapcore.lines import operators_line
from mapcore.lines.catalogue import line_meta, list_controls
from mapcore.lines.operators_line import Served
from mapcore.present import line_age
from mapcore.present.links import View, to_query

#: Why no newer line of the operator's archive serves, by what the last look at it brought.
_TROUBLES: Final = {
    "unreachable": mark("On {day} no newer line could be downloaded from {source}."),
    "missing": mark("On {day} {source} had no newer line."),
    "unreadable": mark("On {day} the newest file of {source} could not be read as a line."),
    "doubtful": mark("On {day} the newest line of {source} was hard to believe and was not taken."),
    "unwritable": mark("On {day} the newest line of {source} could not be stored."),
}


def notice(control: Control, view: View, shell: Mapping[str, str] | None = None, *, scripted: bool = False) -> str:
    """
    Return the notice of a view on a line as escaped HTML, or nothing where the line is fresh and the newest there is.

    Parameters
    ----------
    shell
        What a link says to Streamlit's page itself, which links within this one say again.
    scripted
        Whether a script leads on: the link says what it chooses, as those of `page_head` do, and not where it leads.
    """
    old = line_age.age_days(control.as_of) is not None
    reason = _reason(control, operators_line.served())
    if not old and not reason:
        return ""
    heading = html.escape(line_age.line_and_age(control.as_of))
    step = _step(control, view, shell or {}, scripted=scripted) if old else ""
    since = html.escape(tr("What has changed since is not in these figures."))
    # A notice has one line, which ends where the page does: what is cut off stands on the page of lines too.
    rest = f"{step} {html.escape(reason)}".strip() if reason else f"{since} {step}"
    return f'<p class="line-age"><b>{heading}.</b> {rest}</p>'


def _reason(control: Control, served: Served | None) -> str:
    """Say why the line that serves is not of today, where an operator has the newest one fetched; else nothing."""
    if served is None or control.id != operators_line.default_control():
        return ""
    waiting = "" if served.line else tr("The built-in line is used until this server has downloaded a newer one.")
    return _trouble(served) or waiting


def _trouble(served: Served) -> str:
    if not served.trouble or not served.looked_on:
        return ""
    return tr(_TROUBLES[served.trouble]).format(day=date_text(served.looked_on), source=served.source)


def daily() -> str:
    """Return whose lines this server downloads, when it last looked, and why it took none; or nothing."""
    served = operators_line.served()
    if served is None or served.looked_on is None:
        return ""
    words = tr("This server downloads the newest line of {source} once a day; it last looked on {day}.")
    sentence = words.format(source=served.source, day=date_text(served.looked_on).removesuffix("."))
    return f"{sentence} {_trouble(served)}".strip()


def _step(control: Control, view: View, shell: Mapping[str, str], *, scripted: bool) -> str:
    """Return the way to a newer line: one that is here already, or the page where one is uploaded or downloaded."""
    newest = line_meta(list_controls()[0])
    if newest.as_of > control.as_of:
        words = tr("Use the line of {date}").format(date=date_text(newest.as_of))
        key, value = "control", newest.id
    elif view.page == "lines":
        return html.escape(tr("Upload or download a newer one below."))
    else:
        words, key, value = tr("Use a newer line"), "page", "lines"
    if scripted:
        return f'<a href="?" data-key="{key}" data-value="{html.escape(value)}">{html.escape(words)}</a>'
    to = replace(view, lat=None, lon=None, zoom=None, zone="")
    to = replace(to, control=value) if key == "control" else replace(to, page=value)
    query = dict(shell) | to_query(to)
    return f'<a href="?{html.escape(urlencode(query))}" target="_self">{html.escape(words)}</a>'


def kept(control: Control) -> str:
    """Return the same for a page that is kept without a server: escaped HTML with the day on which it was made."""
    if line_age.age_days(control.as_of) is None:
        return ""
    return f'<p class="line-age"><b>{html.escape(line_age.dated(control.as_of))}</b></p>'
