"""What the pages of a first answer are made of: choices as links, ledger, legend, tables; all of it escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from mapcore.base.fill import Fill
from mapcore.base.language import date_text, exact_text, tr
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import line_meta, list_controls
from mapcore.lines.operators_line import is_operators
from mapcore.lines.user_lines import is_user_line
from mapcore.measurement.areas import Measured
from mapcore.present import line_words, page_head
from mapcore.present.proposal_groups import Group, Option, groups
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.publish import data_addresses, first_screen
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
    """Return what stands above every page, as links."""
    view = linked.view

    def address(key: str, value: str) -> str:
        return f"?{urlencode(linked.query(**{key: value}))}"

    return f"<header>{page_head.head(view.page, view.units, view.lang, address, scripted=False)}</header>"


def bar(
    linked: Linked, choosers: Mapping[str, str] | None = None, *, title: str = "", mark: str = "", find: str = ""
) -> str:
    """Return the second row: choices of proposals by key, or what stands in their place, a search, and the line."""
    day = tr("Line of {date}").format(date=date_text(linked.control.as_of))
    heading = f"<h1>{html.escape(title)}</h1>" if title else ""
    heading += f'<span class="own-mark">{html.escape(mark, quote=False)}</span>' if mark else ""
    chosen = "".join(chooser(linked, key, label) for key, label in (choosers or {}).items())
    return f'<div class="a-bar">{heading}{chosen}{find}<span class="a-field">{html.escape(day)}</span></div>'


def notices(linked: Linked) -> str:
    """Return what has to be said of the link, or nothing."""
    listed = "".join(f"<li>{html.escape(notice)}</li>" for notice in linked.notices)
    return f'<ul class="a-notices">{listed}</ul>' if listed else ""


def settings(linked: Linked) -> str:
    """Return the values of the proposal's parameters, in the place of the live page's sliders."""
    view = linked.view
    return "".join(
        f'<p class="a-setting">{html.escape(tr(parameter.label))}, {html.escape(tr(parameter.unit))}'
        f"<b>{exact_text(view.parameters[name])}</b></p>"
        for name, parameter in proposals(linked)[view.proposal].parameters.items()
    )


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
                (linked.query(**{key: option.id}), option.words, option.id == shown and not option.other_text)
                for option in group.options
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


def titled(linked: Linked, title: str, deck: str = "", after: str = "") -> str:
    """Return the head of a page without a choice: its heading and the line, a sentence, and what follows it."""
    sentence = f'<p class="deck">{html.escape(deck, quote=False)}</p>' if deck else ""
    return bar(linked, title=title) + sentence + after


def headline(title: str, deck: str = "", after: str = "") -> str:
    """Return the heading of a page, with a sentence and what follows it."""
    sentence = f'<p class="deck">{html.escape(deck, quote=False)}</p>' if deck else ""
    return f"<h1>{html.escape(title)}</h1>{sentence}{after}"


def figures(entries: Iterable[tuple[str, str, str]]) -> str:
    """Return figures as a list: label, figure, and what stands below it."""
    listed = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd>{html.escape(figure)}<small>{html.escape(below)}</small></dd></div>"
        for label, figure, below in entries
    )
    return f'<dl class="ledger">{listed}</dl>'


def legend(measured: Measured, units: Units) -> str:
    """Return the legend of the zones on a map and of its lines."""
    return first_screen.legend(measured, units, swatch)


def legend_of(fills: Iterable[tuple[Fill, str]], lines: Iterable[tuple[str, str]] = (), *, contested: str = "") -> str:
    """Return a legend of fills, with lines by their classes or else the two of every map."""
    items = [f"<span>{swatch(fill)}{html.escape(words)}</span>" for fill, words in fills]
    if contested:
        items.append(f'<span><i class="swatch contested"></i>{html.escape(contested)}</span>')
    usual = (("a-rule", tr("Line of contact")), ("a-rule a-border", tr("Recognised border of Ukraine")))
    for kind, words in lines or usual:
        items.append(f'<span><i class="{kind}"></i>{html.escape(words)}</span>')
    return f'<div class="legend">{"".join(items)}</div>'


def swatch(fill: Fill) -> str:
    """Return the small square of a class of land."""
    return f'<i class="swatch {class_of(fill)}"></i>'


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
        f"<tr>{cells([html.escape(heading) for heading in head], 'th')}</tr></thead><tbody>{body}</tbody></table></div>"
    )
