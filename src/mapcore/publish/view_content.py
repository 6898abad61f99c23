"""What an export says, in words and shapes that every format shares; its link, its line, its metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final, Literal
from urllib.parse import urlencode

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from mapcore.analysis.compare import Comparison, Over
from mapcore.base.fill import Fill
from mapcore.base.language import date_text, language, mark, number_text, tr
from mapcore.base.sources import data_version
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured
from mapcore.measurement.ranges import Range
from mapcore.present import line_age
from mapcore.present.links import View, fits, to_query
from mapcore.present.wording import Units, figure_text, reviewed_words
from mapcore.proposals import viewer
from mapcore.proposals.shipped import Clause, PublishedSource

#: What can be exported: one proposal on a line, or two of them compared.
Subject = Measured | Comparison
Theme = Literal["light", "dark"]
#: What a map on paper is framed on: the front and the land that a view is about, or the whole country.
Framing = Literal["subject", "country"]
#: West, south, east and north in metres of `AREA_CRS`.
Extent = tuple[float, float, float, float]

LICENCE: Final = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
MAKER: Final = mark("mapcore contributors")
#: The units of parameters, which their files name.
_PARAMETER_UNITS: Final = (mark("km"),)


@dataclass(frozen=True)
class Chosen:
    """
    What a reader chose about a view besides its subject and the language in use.

    Attributes
    ----------
    base
        Address of a dashboard or static site that links lead to; without one they are query strings, which any of them
        understands.
    over
        What a difference map is drawn over.
    place
        Latitude, longitude and zoom at which the map of an interactive page opens; None where `frame` says it.
    frame
        What the map shows.
    settlement
        What links call the settlement that the view of one proposal is about, or nothing.
    """

    units: Units = "km2"
    base: str = ""
    over: Over = "all"
    place: tuple[float, float, float] | None = None
    frame: Framing = "subject"
    settlement: str = ""


@dataclass(frozen=True)
class Figure:
    """
    A key figure in words.

    Attributes
    ----------
    bounds
        Empty where the line's error does not matter or nothing is specified.
    value
        The same in km², None where nothing is specified.
    more
        What the text leaves open beside the figure, in sentences, or nothing.
    contested
        How much of its land was contested, in a sentence, or nothing; a picture has no room for it.
    """

    label: str
    text: str
    bounds: str
    value: Range | None
    more: str = ""
    contested: str = ""


@dataclass(frozen=True, eq=False)
class Sheet:
    """
    One view in words and shapes, the same for every format.

    Attributes
    ----------
    name
        A file name without its ending.
    kicker
        What stands over the finding: the proposal, or the question that a comparison answers.
    finding
        What the view finds, as a headline without a full stop.
    viewers_mark
        The sentence that marks a viewer's own proposal, or nothing.
    find_land, find_sides, find_changes
        Find `shapes` and `in_question`, `sides`, and `changes`, in the language in use; a page needs none of them.
    extent
        What the map is framed on; None for the whole country.
    legend
        The fills on the map with their figures, in the legend's order.
    figures
        The key figures.
    note, readings
        What the text is, and how the map reads it where it can be read in more than one way.
    facts
        Metadata by key, the same words in every file.
    """

    name: str
    title: str
    kicker: str
    finding: str
    byline: str
    summary: str
    viewers_mark: str
    control: Control
    find_land: Callable[[], tuple[gpd.GeoDataFrame, NDArray[np.object_]]]
    extent: Extent | None
    legend: tuple[tuple[Fill, Figure], ...]
    figures: tuple[Figure, ...]
    find_sides: Callable[[], tuple[tuple[str, tuple[Figure, ...]], ...]]
    find_changes: Callable[[], tuple[str, ...]]
    note: str
    clauses: tuple[Clause, ...]
    readings: tuple[str, ...]
    unspecified: tuple[str, ...]
    sources: tuple[PublishedSource, ...]
    facts: Mapping[str, str]

    @property
    def shapes(self) -> gpd.GeoDataFrame:
        """In `AREA_CRS`, `fill` and geometry; land whose fill is empty is the ground."""
        return self.find_land()[0]

    @property
    def in_question(self) -> NDArray[np.object_]:
        """The land that the view is about, which nothing on its map should hide; pieces in `AREA_CRS`."""
        return self.find_land()[1]

    @cached_property
    def sides(self) -> tuple[tuple[str, tuple[Figure, ...]], ...]:
        """Of a comparison: the titles of A and B, each with its ledger."""
        return self.find_sides()

    @cached_property
    def changes(self) -> tuple[str, ...]:
        """Of a comparison: what differs by oblast, a line each."""
        return self.find_changes()

    @property
    def line(self) -> str:
        """The date, error and source of the line in one sentence, and its age on this day in another."""
        return line_words(self.control)

    @property
    def reviewed(self) -> str:
        """When the texts were last held against their sources and up to which day these go, or nothing."""
        found = (self.facts.get("sources_reviewed_on"), self.facts.get("newest_source"))
        return reviewed_words(*(date.fromisoformat(day) if day else None for day in found))

    @property
    def about(self) -> str:
        """What is shown, whose, on which line, and what it says of law, for the metadata of a picture or brief."""
        return " ".join(filter(None, [ended(self.byline), self.viewers_mark, self.line, self.facts["legal_status"]]))

    @property
    def attribution(self) -> str:
        """Whom to credit, and the licence."""
        sentence = tr("{credit}. Map and figures: mapcore, {licence}. Data version {version}.")
        return sentence.format(credit=self.facts["attribution"], licence=LICENCE, version=data_version())


def ended(text: str) -> str:
    """Return a text with a full stop, once also where it ends in one, as a date does in Ukrainian."""
    return text if text.endswith(".") else f"{text}."


def subjects_of(subject: Subject) -> tuple[Measured, ...]:
    """Return the one or two measured proposals of a view."""
    return (subject,) if isinstance(subject, Measured) else (subject.a, subject.b)


def control_of(subject: Subject) -> Control:
    """Return the line of contact of a view."""
    return subjects_of(subject)[0].control


def viewers_mark(subject: Subject) -> str:
    """Return the sentence that marks a viewer's own proposal wherever it is shown, or nothing."""
    marked = [measured.proposal for measured in subjects_of(subject) if viewer.is_viewers(measured.proposal)]
    if not marked:
        return ""
    if isinstance(subject, Measured):
        return tr("A viewer's own proposal; no party has put it forward.")
    sentence = tr("“{title}” is a viewer's own proposal; no party has put it forward.")
    return " ".join(sentence.format(title=viewer.title_of(proposal)) for proposal in marked)


def plain_number(value: float) -> str:
    """Return a number such as a depth in km: no decimals where it has none."""
    return number_text(value, 0 if value == round(value) else 1)


def settings_of(measured: Measured) -> list[tuple[str, str]]:
    """Return the label and the value with its unit of each parameter of a measured proposal."""
    known = measured.proposal.parameters
    return [
        (tr(known[name].label), f"{plain_number(value)} {tr(known[name].unit)}")
        for name, value in measured.parameters.items()
    ]


def named(measured: Measured) -> str:
    """Return the title of a measured proposal with the values of its parameters."""
    settled = ", ".join(value for _, value in settings_of(measured))
    title = viewer.title_of(measured.proposal)
    return f"{title} ({settled})" if settled else title


def line_words(control: Control) -> str:
    """Return the date, error and source of a line in one sentence, and its age on this day in another."""
    sentence = tr("Line of contact of {day}, known to about {error} km: {source}.")
    provenance = control.provenance
    words = sentence.format(
        day=date_text(control.as_of), error=plain_number(provenance.error_km), source=tr(provenance.source)
    )
    return " ".join(filter(None, [words, line_age.sentence(control.as_of)]))


def make_figure(label: str, value: Range | None, units: Units, *, more: str = "", contested: str = "") -> Figure:
    """Return a range in words, or that nothing is specified."""
    return Figure(label, *figure_text(value, units), value, more, contested)


def link(subject: Subject, chosen: Chosen | None = None) -> str:
    """
    Return the link to the view of a subject in the language in use.

    Nothing where a viewer's own proposal is too long for a link, since no address opens that view.
    """
    chosen = chosen or Chosen()
    first, *others = subjects_of(subject)
    lat, lon, zoom = chosen.place or (None, None, None)
    view = View(
        control=first.control.id, units=chosen.units, lang=language(), lat=lat, lon=lon, zoom=zoom,
        whole=chosen.frame == "country",
    )  # fmt: skip
    # Written out even where they are the defaults, which may change.
    written = {"control": first.control.id}
    marked = [measured.proposal for measured in (first, *others) if viewer.is_viewers(measured.proposal)]
    packed = viewer.pack(marked[0]) if marked else ""
    if not fits(packed) or any(proposal is not marked[0] for proposal in marked):
        return ""
    view = replace(view, viewers_proposal=packed)
    if marked and not others:
        return _address(chosen.base, written | to_query(replace(view, page="own")))
    view = replace(view, proposal=viewer.link_id(first.proposal), parameters=dict(first.parameters))
    if chosen.settlement and not others:
        view = replace(view, choices={"place": chosen.settlement})
    written = {"proposal": view.proposal} | written
    for second in others:
        view = replace(
            view, page="compare", compare=viewer.link_id(second.proposal), compare_parameters=dict(second.parameters),
            question=chosen.over,
        )  # fmt: skip
        written = {"page": "compare", "compare": view.compare} | written
    return _address(chosen.base, written | to_query(view))


def _address(base: str, query: Mapping[str, str]) -> str:
    address = base.split("?", maxsplit=1)[0]
    if address.count("/") == 2:
        address += "/"
    return f"{address}?{urlencode(query)}"
