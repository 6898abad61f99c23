"""Makes the sheet of a view: of one proposal on a line, or of what differs between two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Final, cast

import geopandas as gpd
import shapely

from mapcore.analysis.compare import Comparison, Over, answer_columns
from mapcore.base import memory
from mapcore.base.fill import Fill
from mapcore.base.language import DEFAULT_LANGUAGE, date_text, language, mark, tr
from mapcore.base.schema import AREA_CRS, MAP_CRS
from mapcore.base.sources import data_version, load_sources
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import KEPT, Measured, ledger_figure, settles_nothing
from mapcore.measurement.ranges import Range, ranges_over
from mapcore.present import difference_classes, line_age
from mapcore.present.difference_classes import ALIKE, words_of
from mapcore.present.land_in_question import frame_of
from mapcore.present.wording import (
    LEGAL_STATUS,
    Units,
    contested_text,
    figure_text,
    ledger_words,
    left_open_text,
    standing_text,
    standing_word,
)
from mapcore.proposals import viewer
from mapcore.proposals.shipped import Clause, PublishedSource, load_statuses
from mapcore.publish.findings import differing, withdrawals
from mapcore.publish.sheet_land import land_compared, land_fill, land_of
from mapcore.publish.view_content import (
    LICENCE,
    Chosen,
    Extent,
    Figure,
    Sheet,
    Subject,
    control_of,
    ended,
    link,
    make_figure,
    named,
    settings_of,
    subjects_of,
    viewers_mark,
)

METHOD: Final = mark(
    "Oblasts cut along the line of contact; the first rule of the proposal that matches a piece of land gives its "
    "status. Areas are geodesic on WGS 84. Low and high: the whole line moved by its error one way and the other."
)
#: What the colours of a difference map say, by what it is drawn over.
_SUMMARIES: Final[dict[Over, str]] = {
    "all": mark(
        "Coloured: land on which A and B answer differently who holds it, whose it is recognised as, or which military "
        "regime applies."
    ),
    "holder": mark("Coloured: land on which A and B answer differently who holds it."),
    "recognised": mark("Coloured: land on which A and B answer differently whose it is recognised as."),
    "regime": mark("Coloured: land on which A and B answer differently which military regime applies."),
}


def make_sheet(subject: Subject, chosen: Chosen | None = None) -> Sheet:
    """Return what an export of a measured proposal or a comparison says, in the language in use."""
    chosen = chosen or Chosen()
    return _of_comparison(subject, chosen) if isinstance(subject, Comparison) else _of_proposal(subject, chosen)


def _of_proposal(measured: Measured, chosen: Chosen) -> Sheet:
    proposal, units = measured.proposal, chosen.units
    settled = [f"{label}: {value}" for label, value in settings_of(measured)]
    standing = [standing_word(proposal)] if proposal.standing else []
    title, byline = viewer.title_of(proposal), _sentences([_put_forward(measured), *standing, *settled])
    return Sheet(
        name=_name(measured),
        title=title,
        kicker=title,
        finding=withdrawals(measured, units),
        byline=byline,
        summary=viewer.shown_summary(proposal),
        viewers_mark=viewers_mark(measured),
        control=measured.control,
        find_land=partial(land_of, measured),
        extent=_extent(chosen, measured),
        legend=legend_of(measured, chosen),
        figures=figures_of(measured, chosen),
        find_sides=tuple,
        find_changes=tuple,
        note=" ".join(filter(None, [tr(proposal.status_note), standing_text(proposal)])),
        clauses=tuple(_translated(clause) for clause in proposal.clauses),
        readings=tuple(tr(rule.note) for rule in proposal.rules if rule.note),
        unspecified=tuple(map(tr, proposal.unspecified)),
        sources=_cited(proposal.sources),
        facts=_facts(measured, title, byline, chosen),
    )  # fmt: skip


def _extent(chosen: Chosen, *measured: Measured) -> Extent | None:
    return None if chosen.frame == "country" else shared_extent(*measured)


def shared_extent(*measured: Measured) -> Extent:
    """Return what a map is framed on that shows the front and what changes hands under proposals on one line."""
    (south, west), (north, east) = frame_of(*measured)
    return _in_metres(west, south, east, north)


@memory.kept(maxsize=64)
def _in_metres(west: float, south: float, east: float, north: float) -> Extent:
    corners = gpd.GeoSeries([shapely.box(west, south, east, north)], crs=MAP_CRS)
    return cast("Extent", tuple(map(float, corners.to_crs(AREA_CRS).total_bounds)))


def _sentences(texts: list[str]) -> str:
    """Put texts together with full stops between them, the last one without."""
    return " ".join([*map(ended, texts[:-1]), texts[-1]])


def _put_forward(measured: Measured) -> str:
    return f"{tr(measured.proposal.by)}, {date_text(measured.proposal.date)}"


def _cited(sources: Iterable[PublishedSource]) -> tuple[PublishedSource, ...]:
    return tuple(replace(source, title=tr(source.title)) for source in sources)


def _translated(clause: Clause) -> Clause:
    return replace(clause, text=tr(clause.text))


def _of_comparison(comparison: Comparison, chosen: Chosen) -> Sheet:
    a, b, units = comparison.a, comparison.b, chosen.units
    title = tr("“{a}” compared with “{b}”").format(a=named(a), b=named(b))
    byline = _sentences([f"A: {named(a)}, {_put_forward(a)}", f"B: {named(b)}, {_put_forward(b)}"])
    return Sheet(
        name=_name(comparison, chosen),
        title=title,
        kicker=tr(difference_classes.OVER_WORDS[chosen.over]),
        finding=differing(comparison, chosen.over, units),
        byline=byline,
        summary=tr(_SUMMARIES[chosen.over]),
        viewers_mark=viewers_mark(comparison),
        control=control_of(comparison),
        find_land=partial(land_compared, comparison, chosen.over),
        extent=_extent(chosen, a, b),
        legend=legend_of(comparison, chosen),
        figures=figures_of(comparison, chosen),
        find_sides=partial(_sides, comparison, units),
        find_changes=partial(_changes, comparison, chosen),
        note=_silence(comparison),
        clauses=(),
        readings=(),
        unspecified=(),
        sources=_cited(dict.fromkeys((*a.proposal.sources, *b.proposal.sources))),
        facts=_facts(comparison, title, byline, chosen),
    )  # fmt: skip


def legend_of(subject: Subject, chosen: Chosen) -> tuple[tuple[Fill, Figure], ...]:
    """Return the fills on the map of a view with their figures, in the legend's order."""
    units = chosen.units
    if isinstance(subject, Measured):
        return tuple(
            (fill, make_figure(tr(load_statuses()[status].label), figure, units))
            for status, figure in _by_status(subject).items()
            if (fill := land_fill(status))
        )
    words = difference_classes.alike_words()
    legend = [(change.fill, make_figure(_pair(change.a_words, change.b_words), change.area_km2, units))
              for change in difference_classes.classes(subject, chosen.over)]  # fmt: skip
    legend += [
        (ALIKE[holder][1], make_figure(words[holder], area, units))
        for holder, area in difference_classes.alike_by_holder(subject, chosen.over).items()
    ]
    return tuple(legend)


def figures_of(subject: Subject, chosen: Chosen) -> tuple[Figure, ...]:
    """Return the key figures of a view."""
    if isinstance(subject, Measured):
        return _ledger(subject, chosen.units)
    words = tr("A and B differ on"), tr("A and B treat alike")
    totals = difference_classes.totals(subject, chosen.over)
    return tuple(make_figure(label, area, chosen.units) for label, area in zip(words, totals, strict=True))


def _sides(comparison: Comparison, units: Units) -> tuple[tuple[str, tuple[Figure, ...]], ...]:
    return tuple(
        (f"{letter}: {named(measurement)}", _ledger(measurement, units))
        for letter, measurement in zip("AB", subjects_of(comparison), strict=True)
    )


def _pair(a_words: str, b_words: str) -> str:
    return tr("A: {a}; B: {b}").format(a=a_words, b=b_words)


def _changes(comparison: Comparison, chosen: Chosen) -> tuple[str, ...]:
    """Say by oblast what A and B make of the land, the largest piece first."""
    over, units = chosen.over, chosen.units
    names = boundaries.oblast_names()
    return tuple(
        f"{names[oblast]}, {figure_text(area, units)}. {_pair(words_of(over, ours), words_of(over, theirs))}"
        for (oblast, ours, theirs), area in comparison.summed(("oblast", *answer_columns(over)), over=over)
    )


def _silence(comparison: Comparison) -> str:
    """Say which of the two settles nothing, so that a difference from it is no change of hands."""
    sentence = tr(
        "{title} does not settle the future of the land that Russia holds: there one text gives an "
        "answer and the other does not, and no land changes hands under that text."
    )
    silent = dict.fromkeys(
        viewer.title_of(measurement.proposal) for measurement in subjects_of(comparison) if settles_nothing(measurement)
    )
    return " ".join(sentence.format(title=title) for title in silent)


def _name(subject: Subject, chosen: Chosen | None = None) -> str:
    names = [
        measurement.proposal.id
        + "".join(f"-{key.replace('_', '-')}-{value:g}" for key, value in measurement.parameters.items())
        for measurement in subjects_of(subject)
    ]
    over = f"-{chosen.over}" if chosen and chosen.over != "all" else ""
    spoken = "" if language() == DEFAULT_LANGUAGE else f"-{language()}"
    return f"mapcore-{'-and-'.join(names)}{over}-{control_of(subject).id}-{data_version()}{spoken}"


@memory.kept(maxsize=KEPT)
def _by_status(measured: Measured) -> dict[str, Range]:
    """Return the land of each status over the country, its range over the lines that ranges run over."""
    counted = [variant.groupby("status")["area_km2"].sum().to_dict() for variant in measured.variants]
    found = ranges_over(counted)
    return {status: found[status] for status in load_statuses() if status in counted[0]}


def _ledger(measured: Measured, units: Units) -> tuple[Figure, ...]:
    return tuple(_key_figure(measured, key, units) for key in ledger_words())


def _key_figure(measured: Measured, key: str, units: Units) -> Figure:
    """Return a line of the ledger; where a text settles nothing there is no figure."""
    value = ledger_figure(measured, key)
    more = left_open_text(measured, key, units) if value else ""
    contested = contested_text(measured.ledger.contested_of(key), units)
    return make_figure(ledger_words()[key][0], value, units, more=more, contested=contested)


def _facts(subject: Subject, title: str, byline: str, chosen: Chosen) -> dict[str, str]:
    measured, control = subjects_of(subject), control_of(subject)
    cited = dict.fromkeys(source.url for measurement in measured for source in measurement.proposal.sources)
    settled = [f"{key} = {value:g}" for measurement in measured for key, value in measurement.parameters.items()]
    credited = dict.fromkeys(map(tr, [control.provenance.attribution, *_boundaries_credit()]))
    marked = viewers_mark(subject)
    return {
        "title": title,
        **({"own": marked} if marked else {}),
        "proposal": measured[0].proposal.id,
        **({"compare": subject.b.proposal.id, "question": chosen.over} if isinstance(subject, Comparison) else {}),
        "put_forward": byline,
        "parameters": ", ".join(settled) or tr("none"),
        "line_of_contact": control.as_of.isoformat(),
        "line_source": tr(control.provenance.source),
        "line_error_km": f"{control.provenance.error_km:g}",
        **({"line_age": age} if (age := line_age.sentence(control.as_of)) else {}),
        "legal_status": tr(LEGAL_STATUS),
        "method": tr(METHOD),
        "proposal_sources": " ".join(cited),
        **_reviewed(measured),
        "attribution": ". ".join(credited),
        "licence": "; ".join([LICENCE, tr("boundaries: public domain"), *_line_licence(control)]),
        "data_version": data_version(),
        "language": language(),
        "link": link(subject, chosen),
    }  # fmt: skip


def _reviewed(measured: tuple[Measured, ...]) -> dict[str, str]:
    """Say when the texts were last held against their sources, and up to which day these go: the earlier of two."""
    days = {
        "sources_reviewed_on": [measurement.proposal.reviewed_on for measurement in measured],
        "newest_source": [measurement.proposal.newest_source for measurement in measured],
    }
    known = {key: [day for day in found if day] for key, found in days.items()}
    return {key: min(found).isoformat() for key, found in known.items() if found}


def _line_licence(control: Control) -> list[str]:
    """Return the licence of an imported line, which is not ours to give."""
    if not control.origin:
        return []
    return [tr("line of contact: {licence}").format(licence=control.provenance.licence)]


def _boundaries_credit() -> list[str]:
    return [source.attribution for source in load_sources() if source.path == "oblasts.geojson"]
