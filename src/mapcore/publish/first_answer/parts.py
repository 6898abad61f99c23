"""What the pages of a first answer are made of: choices as links, ledger, legend, tables; all of it escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from mapcore.base.fill import Fill
from mapcore.base.language import date_text, exact_text, languages, tr
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import line_meta, list_controls
from mapcore.lines.operators_line import is_operators
from mapcore.lines.user_lines import is_user_line
from mapcore.measurement.areas import Measured
from mapcore.present import line_words, wording
from mapcore.present.page_names import ABOUT, PAGE_NAMES
from mapcore.present.proposal_groups import Group, Option, groups
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_statuses
from mapcore.publish import data_addresses
from mapcore.publish.first_answer.linked_view import Linked, proposals
from mapcore.publish.first_answer.map_svg import class_of

#: Lines of the choice of a date: what a row has room for.
_MOST_DATES: Final = 4
#: Cells of a table, each escaped already.
Row = Sequence[str]


def choices(label: str, kind: str, options: Iterable[tuple[Mapping[str, str], str, bool]]) -> str:
    """Return choices as links, each with its query, its words and whether it is the one that is shown."""
    listed = "".join(
        f'<a href="?{html.escape(urlencode(query))}"{" aria-current=page" if shown else ""}>{html.escape(words)}</a>'
        for query, words, shown in options
    )
    return f'<nav class="{kind}" aria-label="{html.escape(label)}">{listed}</nav>'


def link(query: Mapping[str, str], words: str) -> str:
    """Return a link to another view."""
    return f'<a href="?{html.escape(urlencode(query))}">{html.escape(words)}</a>'


def header(linked: Linked) -> str:
    """Return what stands above every page: the name, the languages, the pages, the units, the line in use."""
    view = linked.view
    spoken = [(linked.query(lang=code), name, code == view.lang) for code, name in languages().items()]
    pages = [(linked.query(page=page), tr(words), page == view.page) for page, words in PAGE_NAMES.items()]
    units = [(linked.query(units=unit), sign, unit == view.units) for unit, sign in wording.unit_labels().items()]
    day = tr("Line of {date}").format(date=date_text(linked.control.as_of))
    return (
        f'<header><div class="a-top"><p class="a-masthead"><b>mapcore</b><span>{html.escape(tr(ABOUT))}</span></p>'
        f"{choices(tr('Language'), 'row', spoken)}</div>"
        f'<div class="a-bar">{choices(tr("Page"), "a-row", pages)}{choices(tr("Units"), "a-row", units)}'
        f'<span class="a-field">{html.escape(day)}</span></div></header>'
    )


def notices(linked: Linked) -> str:
    """Return what has to be said of the link, or nothing."""
    listed = "".join(f"<li>{html.escape(notice)}</li>" for notice in linked.notices)
    return f'<ul class="a-notices">{listed}</ul>' if listed else ""


def proposal_choice(linked: Linked) -> str:
    """Return the choice of a proposal, and the values of its parameters."""
    found = proposals(linked)
    view = linked.view
    settings = "".join(
        f'<p class="a-setting">{html.escape(tr(parameter.label))}, {html.escape(tr(parameter.unit))}'
        f"<b>{exact_text(view.parameters[name])}</b></p>"
        for name, parameter in found[view.proposal].parameters.items()
    )
    return chooser(linked, "proposal", tr("Proposal")) + settings


def chooser(linked: Linked, key: str, label: str) -> str:
    """Return the choice of a proposal as a list of links by group, which opens below the one that is shown."""
    found, shown = proposals(linked), getattr(linked.view, key)
    listed = list(groups())
    if viewer.LINK_ID in found:
        listed.append(Group(tr("Your own"), (Option(viewer.LINK_ID, viewer.title_of(found[viewer.LINK_ID])),)))
    named = "".join(
        f"<p>{html.escape(group.label)}</p>"
        + choices(
            group.label,
            "a-list",
            [
                (linked.query(**{key: one.id}), one.words, one.id == shown and not one.other_text)
                for one in group.options
            ],
        )
        for group in listed
    )
    return (
        f'<details class="a-chooser"><summary><span>{html.escape(label)}</span>'
        f"<b>{html.escape(viewer.title_of(found[shown]))}</b></summary>{named}</details>"
    )


def date_choice(linked: Linked) -> str:
    """Return the choice of a line by its date, in the place of the live page's slider; nothing where there is one."""
    controls = {line.as_of: line for line in map(line_meta, reversed(list_controls()[:_MOST_DATES]))}
    controls[linked.control.as_of] = linked.control
    if len(controls) < 2:
        return ""
    label = tr("Date of the line of contact")
    options = [
        (linked.query(control=controls[day].id), date_text(day), controls[day].id == linked.view.control)
        for day in sorted(controls)
    ]
    return f'<div class="a-dates"><p>{html.escape(label)}</p>{choices(label, "a-row", options)}</div>'


def files(linked: Linked) -> str:
    """Return links to the view's figures and shapes, in the place of what stands under the live page's map."""
    words = {"text/csv": tr("Figures (CSV)"), "application/geo+json": tr("Shapes and figures (GeoJSON)")}
    found = data_addresses.of_view(linked.view)
    links = "".join(
        f'<a href="{html.escape(found[media])}">{html.escape(label)}</a>'
        for media, label in words.items()
        if media in found
    )
    return f'<p class="a-files">{links}</p>'


def line_in_use(control: Control, *, before: str = "") -> str:
    """Return date, source, error and licence of the line in use, after words of the page's own."""
    kept = tr("fetched daily") if is_operators(control.id) else tr("own") if is_user_line(control.id) else ""
    return line_words.in_use(control, kept=kept, before=before)


def headline(title: str, deck: str = "", after: str = "") -> str:
    """Return the heading of a page, with a sentence and what follows it."""
    said = f'<p class="deck">{html.escape(deck, quote=False)}</p>' if deck else ""
    return f"<h1>{html.escape(title)}</h1>{said}{after}"


def ledger(measured: Measured, units: Units) -> str:
    """Return the lead figures of a proposal, each with its range."""
    entries = []
    for key, (label, meaning) in wording.ledger_words().items():
        shown, beside = wording.ledger_text(measured, key, units)
        entries.append((label, shown, f"{beside} {meaning}".strip()))
    return figures(entries)


def figures(entries: Iterable[tuple[str, str, str]]) -> str:
    """Return figures as a list: label, figure, and what stands below it."""
    listed = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd>{html.escape(figure)}<small>{html.escape(below)}</small></dd></div>"
        for label, figure, below in entries
    )
    return f'<dl class="a-ledger">{listed}</dl>'


def legend(measured: Measured) -> str:
    """Return the legend of the zones on a map and of its lines."""
    present = set(measured.zones["status"])
    shown = [status for status in load_statuses().values() if status.id in present]
    contested = wording.contested_legend(measured.control)
    return legend_of([(status.fill, tr(status.label)) for status in shown], contested=contested)


def legend_of(fills: Iterable[tuple[Fill, str]], lines: Iterable[tuple[str, str]] = (), *, contested: str = "") -> str:
    """Return a legend of fills, with lines by their classes or else the two of every map."""
    items = [f"<span>{swatch(fill)}{html.escape(words)}</span>" for fill, words in fills]
    if contested:
        items.append(f'<span><i class="a-swatch a-contested"></i>{html.escape(contested)}</span>')
    usual = (("a-rule", tr("Line of contact")), ("a-rule a-border", tr("Recognised border of Ukraine")))
    for kind, words in lines or usual:
        items.append(f'<span><i class="{kind}"></i>{html.escape(words)}</span>')
    return f'<div class="a-legend">{"".join(items)}</div>'


def swatch(fill: Fill) -> str:
    """Return the small square of a class of land."""
    return f'<i class="a-swatch {class_of(fill)}"></i>'


def linked_source(text: str, url: str) -> str:
    """Return a text with a link to its source after it."""
    if not url:
        return html.escape(text)
    return f'{html.escape(text)} <a href="{html.escape(url)}" rel="noopener">{html.escape(tr("source"))}</a>'


def table(label: str, head: Sequence[str], rows: Iterable[Row], *, numbers: frozenset[int] = frozenset()) -> str:
    """Return a table whose cells are escaped already; the columns of `numbers` stand to the right."""

    def cells(row: Row, tag: str) -> str:
        return "".join(
            f"<{tag}{' class=a-n' if place in numbers else ''}>{cell}</{tag}>" for place, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return (
        f'<div class="a-scroll" tabindex="0" role="region" aria-label="{html.escape(label)}"><table><thead>'
        f"<tr>{cells([html.escape(one) for one in head], 'th')}</tr></thead><tbody>{body}</tbody></table></div>"
    )
