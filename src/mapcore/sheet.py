"""What an export says: title, figures with ranges, clauses, line, sources, licence, link, citation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal
from urllib.parse import urlencode

import geopandas as gpd

from mapcore import own
from mapcore.areas import Measured, Range, left_open_km2
from mapcore.compare import Comparison, table
from mapcore.control import Control
from mapcore.links import PAGES, View, to_query
from mapcore.scenario import Clause, Reference, load_statuses
from mapcore.schema import DEFAULT_STATUS
from mapcore.sources import data_version, load_sources
from mapcore.theme import Units, area_text, ledger_words, left_open_text, range_text

#: What can be exported: one proposal on a line, or two of them compared.
Subject = Measured | Comparison
Theme = Literal["light", "dark"]

METHOD: Final = (
    "Oblasts cut along the line of contact; the first rule of the proposal that matches a piece of land gives its "
    "status. Areas are geodesic on WGS 84. Low and high: the whole line moved by its error one way and the other."
)
LICENCE: Final = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
MAKER: Final = "mapcore contributors"
NOT_SPECIFIED: Final = "Not specified"
_GROUND: Final = DEFAULT_STATUS["ukraine"]


@dataclass(frozen=True)
class Figure:
    """
    A key figure in words.

    Attributes
    ----------
    bounds
        Empty where the line's error does not matter or nothing is specified.
    more
        What the text leaves open beside the figure, in sentences, or nothing.
    """

    label: str
    text: str
    bounds: str
    more: str = ""


@dataclass(frozen=True)
class Paint:
    """How land is coloured in the light and the dark theme."""

    colour: str
    colour_dark: str
    hatch: bool


#: Land that stays with Ukraine under one text and not under the other, on the map of what changes.
_STAYS: Final = Paint("#b4cfe4", "#48677f", hatch=False)


@dataclass(frozen=True, eq=False)
class Sheet:
    """
    One view in words and shapes, the same for every format.

    Attributes
    ----------
    name
        A file name without its ending.
    shapes
        In `AREA_CRS`, `paint` and geometry; land whose paint is empty is the ground.
    legend
        The paints on the map with their figures, in the legend's order.
    figures, ranges
        The key figures in words and in km², None where nothing is specified.
    note, readings
        What the text is, and how the map reads it where it can be read in more than one way.
    facts
        Metadata by key, the same words in every file.
    """

    name: str
    title: str
    byline: str
    summary: str
    control: Control
    shapes: gpd.GeoDataFrame
    legend: tuple[tuple[Paint, Figure], ...]
    figures: tuple[Figure, ...]
    ranges: tuple[Range | None, ...]
    note: str
    clauses: tuple[Clause, ...]
    readings: tuple[str, ...]
    unspecified: tuple[str, ...]
    sources: tuple[Reference, ...]
    facts: Mapping[str, str]

    @property
    def line(self) -> str:
        """The date, error and source of the line in one sentence."""
        return line_words(self.control)

    @property
    def attribution(self) -> str:
        """Whom to credit, and the licence."""
        return f"{self.facts['attribution']}. Map and figures: mapcore, {LICENCE}. Data version {data_version()}."


def day(when: date) -> str:
    """Return a date in words, such as ``2 December 2025``."""
    return f"{when.day} {when:%B %Y}"


def line_words(control: Control) -> str:
    """Return the date, error and source of a line in one sentence."""
    return f"Line of contact of {day(control.as_of)}, known to about {control.error_km:g} km: {control.source}."


def link(subject: Subject, *, units: Units = "km2", base: str = "") -> str:
    """
    Return the link to the view of a subject.

    Parameters
    ----------
    base
        Address of a dashboard or a static site; without one the link is a query string that any of them understands.
    """
    first = subject if isinstance(subject, Measured) else subject.b
    view = View(
        proposal=first.proposal.id, control=first.control.id, units=units, parameters=dict(first.parameters)
    )  # fmt: skip
    if first.proposal.by == own.MARK:
        packed = own.pack(first.proposal)
        view = View(page="own", own=packed, control=first.control.id, units=units)
        return _address(base, {"control": first.control.id} | to_query(view))
    # Written out even where they are the defaults, which may change.
    query = {"proposal": first.proposal.id, "control": first.control.id} | to_query(view)
    if isinstance(subject, Comparison):
        page = {"page": "compare"} if "compare" in PAGES else {}
        query = page | {"compare": subject.a.proposal.id} | query
    return _address(base, query)


def _address(base: str, query: Mapping[str, str]) -> str:
    address = base.split("?", maxsplit=1)[0]
    if address.count("/") == 2:
        address += "/"
    return f"{address}?{urlencode(query)}"


def make_sheet(subject: Subject, *, units: Units = "km2", base: str = "") -> Sheet:
    """Return what an export of a measured proposal or a comparison says, with areas in `units`."""
    if isinstance(subject, Comparison):
        return _of_comparison(subject, units, base)
    return _of_proposal(subject, units, base)


def _of_proposal(measured: Measured, units: Units, base: str) -> Sheet:
    proposal = measured.proposal
    settled = "".join(
        f". {proposal.parameters[name].label}: {value:g} {proposal.parameters[name].unit}"
        for name, value in measured.parameters.items()
    )
    byline = f"{proposal.by}, {day(proposal.date)}{settled}"
    marks = "".join(f"-{name.replace('_', '-')}-{value:g}" for name, value in measured.parameters.items())
    facts = _facts(measured, proposal.title, byline, measured.control, units, base)
    ledger = _ledger(measured)
    shown = {status: figure for status, figure in _by_status(measured).items() if status != _GROUND}
    return Sheet(
        name=f"mapcore-{proposal.id}{marks}-{measured.control.id}-{data_version()}",
        title=proposal.title,
        byline=byline,
        summary=proposal.summary,
        control=measured.control,
        shapes=measured.zones[["geometry"]].assign(paint=[_paint(status) for status in measured.zones["status"]]),
        legend=tuple(
            (paint, _figure(load_statuses()[status].label, figure, units))
            for status, figure in shown.items()
            if (paint := _paint(status))
        ),
        figures=tuple(_key_figure(measured, key, figure, units) for key, figure in ledger.items()),
        ranges=tuple(ledger.values()),
        note=proposal.status_note,
        clauses=proposal.clauses,
        readings=tuple(rule.note for rule in proposal.zones if rule.note),
        unspecified=proposal.unspecified,
        sources=proposal.sources,
        facts=facts,
    )  # fmt: skip


def _of_comparison(found: Comparison, units: Units, base: str) -> Sheet:
    a, b = found.a.proposal, found.b.proposal
    title = f"From {_named(found.a)} to {_named(found.b)}"
    byline = f"What changes from {a.by}, {day(a.date)}, to {b.by}, {day(b.date)}"
    paints = [
        (_paint(row.to_status) or _STAYS) if row.changed else None for row in found.changes.itertuples()
    ]  # fmt: skip
    changes = {
        "Treated differently": _sum(found, changed=True),
        "Treated alike": _sum(found, changed=False),
        **{
            kind: Range(value, low, high)
            for kind, value, low, high in table(found, ("kind",)).itertuples(index=False, name=None)
        },
    }
    changed = table(found, ("to_status",)).set_index("to_status")
    order = [status for status in load_statuses() if status in changed.index]
    return Sheet(
        name=f"mapcore-{a.id}-to-{b.id}-{found.a.control.id}-{data_version()}",
        title=title,
        byline=byline,
        summary="Coloured: land on which the two answer differently who holds it, whose it is recognised as, or "
        "which military regime applies, as the second would have it.",
        control=found.a.control,
        shapes=found.changes[["geometry"]].assign(paint=paints),
        legend=tuple(
            (_paint(status) or _STAYS, _figure(load_statuses()[status].label, Range(*changed.loc[status]), units))
            for status in order
        ),
        figures=tuple(_figure(label, figure, units) for label, figure in changes.items()),
        ranges=tuple(changes.values()),
        note="",
        clauses=(),
        readings=(),
        unspecified=(),
        sources=(*a.sources, *b.sources),
        facts=_facts(found, title, byline, found.a.control, units, base),
    )  # fmt: skip


def _paint(status_id: str) -> Paint | None:
    """Return the paint of a status, or nothing for land that stays with Ukraine and is the ground."""
    status = load_statuses()[status_id]
    return None if status_id == _GROUND else Paint(status.colour, status.colour_dark, status.hatch)


def _named(measured: Measured) -> str:
    settled = [f"{value:g} {measured.proposal.parameters[name].unit}" for name, value in measured.parameters.items()]
    return f"{measured.proposal.title} ({', '.join(settled)})" if settled else measured.proposal.title


def _sum(found: Comparison, *, changed: bool) -> Range:
    sums = [float(one.loc[one["changed"] == changed, "area_km2"].sum()) for one in found.variants]
    return Range(sums[0], min(sums), max(sums))


def _by_status(measured: Measured) -> dict[str, Range]:
    """Return the land of each status over the country, its range over the lines that ranges run over."""
    sums = [one.groupby("status")["area_km2"].sum() for one in measured.variants]
    found = {}
    for status in load_statuses():
        if status in sums[0].index:
            values = [float(one.get(status, 0.0)) for one in sums]
            found[status] = Range(values[0], min(values), max(values))
    return found


def _figure(label: str, figure: Range, units: Units) -> Figure:
    text, bounds = area_text(figure.value, units), range_text(figure, units)
    return Figure(label, text, "" if text == bounds else bounds)


def _ledger(measured: Measured) -> dict[str, Range | None]:
    """Return the ledger by its keys; where a text settles nothing there is no figure."""
    left_open, ledger = left_open_km2(measured), {key: getattr(measured.ledger, key) for key in ledger_words()}
    return {key: None if left_open.get(key) and not figure.value else figure for key, figure in ledger.items()}


def _key_figure(measured: Measured, key: str, figure: Range | None, units: Units) -> Figure:
    label = ledger_words()[key][0]
    if not figure:
        return Figure(label, NOT_SPECIFIED, "")
    return replace(_figure(label, figure, units), more=left_open_text(measured, key, units))


def _facts(subject: Subject, title: str, byline: str, control: Control, units: Units, base: str) -> dict[str, str]:
    first = (subject,) if isinstance(subject, Measured) else (subject.a, subject.b)
    cited = dict.fromkeys(source.url for one in first for source in one.proposal.sources)
    settled = [f"{key} = {value:g}" for one in first for key, value in one.parameters.items()]
    credited = dict.fromkeys([control.attribution, *_boundaries_credit()])
    return {
        "title": title,
        "proposal": " to ".join(one.proposal.id for one in first),
        "put_forward": byline,
        "parameters": ", ".join(settled) or "none",
        "line_of_contact": control.as_of.isoformat(),
        "line_source": control.source,
        "line_error_km": f"{control.error_km:g}",
        "method": METHOD,
        "proposal_sources": " ".join(cited),
        "attribution": ". ".join(credited),
        "licence": "; ".join([LICENCE, "boundaries: public domain", *_line_licence(control)]),
        "data_version": data_version(),
        "link": link(subject, units=units, base=base),
    }  # fmt: skip


def _line_licence(control: Control) -> list[str]:
    """Return the licence of an imported line, which is not ours to give."""
    return [f"line of contact: {control.licence}"] if control.origin else []


def _boundaries_credit() -> list[str]:
    return [source.attribution for source in load_sources() if source.path == "oblasts.geojson"]
