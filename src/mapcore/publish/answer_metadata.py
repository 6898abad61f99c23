"""What stands beside an answer to a program: method, sources, licences, data version, caveats, columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from mapcore.analysis.claims import load_claims
from mapcore.analysis.compare import Comparison
from mapcore.analysis.settlements import POPULATION_NOTE
from mapcore.base.language import language, mark, tr
from mapcore.base.sources import Source, data_version, load_sources
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured
from mapcore.present.wording import LEGAL_STATUS, contested_note
from mapcore.proposals.shipped import load_proposals
from mapcore.publish.answer_tables import Column
from mapcore.publish.build_content import METHOD, make_sheet
from mapcore.publish.view_content import LICENCE, Chosen, Sheet, Subject, line_words, named, subjects_of, viewers_mark

_BOUNDS: Final = mark(
    "Low and high are an outer bound: the whole line moved by its error one way and the other. They "
    "do not add up over rows, because land gained by one row is lost by another."
)
_LIKELY: Final = mark(
    "Likely bounds are those of 90 % of lines displaced at random; they do not add up over rows either."
)
_IN_ENGLISH: Final = mark("Texts of the data are in English, whatever language is asked for.")
_OPEN: Final = mark("The text does not specify: {what}")
_OPEN_LINES: Final = mark(
    "A row of the ledger without figures is one that the text leaves open; it does not mean zero."
)
_POSITIONS: Final = mark(
    "A settlement is one point, and counts in its own oblast. Where sure is false, the line may run on either side of "
    "it."
)
_EFFECTS: Final = mark(
    "A length is that of the line as it is drawn: one drawn finer is longer. Land that a text leaves open counts with "
    "who holds it now. The position of a civil object may be off by within_km of its file; all are civil and long "
    "published."
)
_CLAIMS_METHOD: Final = mark(
    "Each published figure is compared with the same quantity computed here, in the unit of the "
    "figure. It agrees if our range, widened by how the figure is rounded, includes it."
)
_LISTED: Final = mark("A list of what is built into this version of the data; nothing in it is computed.")


def _columns(columns: Iterable[Column]) -> list[dict[str, Any]]:
    return [
        {"name": column.name, "type": column.kind, "meaning": tr(column.meaning), "may_be_empty": column.may_be_empty}
        for column in columns
    ]


def _files(*starts: str) -> list[dict[str, str]]:
    """Return where shipped data files come from, by how their paths start."""
    return [_file(source) for source in load_sources() if source.path.startswith(starts)]


def _file(source: Source) -> dict[str, str]:
    translated = {key: tr(getattr(source, key)) for key in ("title", "origin", "licence", "attribution")}
    return {"path": f"geo/{source.path}", **translated, "date": source.date, "sha256": source.sha256}


def _about(
    title: str,
    *,
    method: str,
    files: Sequence[dict[str, str]],
    caveats: Iterable[str],
    columns: Iterable[Column],
    sources: Iterable[dict[str, str]] = (),
) -> dict[str, Any]:
    return {
        "title": title,
        "method": tr(method),
        "licence": LICENCE,
        "attribution": ". ".join(dict.fromkeys(file["attribution"] for file in files)),
        "data_version": data_version(),
        "language": language(),
        "caveats": [*filter(None, caveats)],
        "sources": [*sources],
        "data_files": [*files],
        "columns": _columns(columns),
    }


def of_view(subject: Subject, columns: Sequence[Column], chosen: Chosen | None = None) -> dict[str, Any]:
    """Return the metadata of a measured proposal or a comparison: those of its files, and what those cannot hold."""
    sheet, control = make_sheet(subject, chosen), subjects_of(subject)[0].control
    starts = [f"scenarios/{measurement.proposal.id}.toml" for measurement in subjects_of(subject)]
    about = _about(
        sheet.title,
        method=sheet.facts["method"],
        files=_files("oblasts.geojson", f"control/{control.id}.", *starts),
        caveats=_caveats_of_view(subject, sheet, columns),
        columns=columns,
        sources=map(asdict, sheet.sources),
    )
    return {**about, **sheet.facts}


def _caveats_of_view(subject: Subject, sheet: Sheet, columns: Sequence[Column]) -> list[str]:
    likely = any(column.name.startswith("likely") for column in columns)
    return [
        sheet.viewers_mark, tr(LEGAL_STATUS), tr(_BOUNDS), tr(_LIKELY) if likely else "", sheet.line,
        contested_note(sheet.control), _generalised(), sheet.note, *sheet.readings, *_unspecified(subject),
    ]  # fmt: skip


def _generalised() -> str:
    return tr("Boundaries are generalised for a scale of about 1:10 million and can be off by a kilometre or two.")


def _unspecified(subject: Subject) -> list[str]:
    """Say what the text, or each of two, leaves open."""
    several = isinstance(subject, Comparison)
    return [
        (f"{named(measurement)}. " if several else "") + tr(_OPEN).format(what=tr(what))
        for measurement in subjects_of(subject)
        for what in measurement.proposal.unspecified
    ]


def of_places(measured: Sequence[Measured], columns: Sequence[Column]) -> dict[str, Any]:
    """Return the metadata of settlements under proposals."""
    title = tr("Settlements under: {proposals}").format(proposals=", ".join(map(named, measured)))
    return _of_several(measured, columns, title, files=["places.csv"], caveats=[tr(_POSITIONS), tr(POPULATION_NOTE)])


def of_ledgers(measured: Sequence[Measured], columns: Sequence[Column]) -> dict[str, Any]:
    """Return the metadata of the ledgers of proposals."""
    title = tr("Ledgers of: {proposals}").format(proposals=", ".join(map(named, measured)))
    return _of_several(measured, columns, title, files=[], caveats=[tr(_OPEN_LINES), tr(_BOUNDS)])


def of_effects(measured: Sequence[Measured], columns: Sequence[Column]) -> dict[str, Any]:
    """Return the metadata of what proposals do to the land."""
    title = tr("What these proposals do to the land: {proposals}").format(proposals=", ".join(map(named, measured)))
    caveats = [tr(_EFFECTS), tr(_BOUNDS), tr(_POSITIONS), tr(POPULATION_NOTE)]
    return _of_several(measured, columns, title, files=["places.csv", "civil_objects.csv"], caveats=caveats)


def _of_several(
    measured: Sequence[Measured], columns: Sequence[Column], title: str, *, files: list[str], caveats: list[str]
) -> dict[str, Any]:
    control = measured[0].control
    starts = [f"scenarios/{measurement.proposal.id}.toml" for measurement in measured]
    about = _about(
        title,
        method=METHOD,
        files=_files(*files, "oblasts.geojson", f"control/{control.id}.", *starts),
        caveats=[
            *map(viewers_mark, measured),
            tr(LEGAL_STATUS),
            *caveats,
            line_words(control),
            contested_note(control),
            _generalised(),
        ],
        columns=columns,
        sources=map(
            asdict, dict.fromkeys(source for measurement in measured for source in measurement.proposal.sources)
        ),
    )
    return about | {"line_of_contact": control.as_of.isoformat()}


def of_claims(control: Control, columns: Sequence[Column]) -> dict[str, Any]:
    """Return the metadata of the published figures held against ours."""
    about = _about(
        tr("Published figures against ours"),
        method=_CLAIMS_METHOD,
        files=_files("claims.toml", "oblasts.geojson", f"control/{control.id}."),
        caveats=[tr(LEGAL_STATUS), line_words(control), _generalised(), tr(_IN_ENGLISH)],
        columns=columns,
        sources=(
            {"title": tr(claim.source_title), "url": claim.source, "date": claim.date.isoformat()}
            for claim in load_claims()
        ),
    )
    return about | {"line_of_contact": control.as_of.isoformat()}


def of_proposals(columns: Sequence[Column]) -> dict[str, Any]:
    """Return the metadata of the list of proposals."""
    sources = dict.fromkeys(source for proposal in load_proposals() for source in proposal.sources)
    return _about(
        tr("Proposals"), method=_LISTED, files=_files("scenarios/"), caveats=[tr(_IN_ENGLISH)], columns=columns,
        sources=map(asdict, sources),
    )  # fmt: skip


def of_controls(lines: Sequence[Control], columns: Sequence[Column]) -> dict[str, Any]:
    """Return the metadata of the list of lines of contact."""
    return _about(
        tr("Lines of contact"),
        method=_LISTED,
        files=_files("control/"),
        caveats=[tr(LEGAL_STATUS), *map(line_words, lines), tr(_IN_ENGLISH)],
        columns=columns,
    )
