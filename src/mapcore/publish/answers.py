"""What mapcore answers to a program: the values and keys that `--json` on the command line and the API share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from typing import Any

import pandas as pd

from mapcore.analysis.claims import CheckedClaim
from mapcore.analysis.compare import Comparison, Over, sum_changes
from mapcore.analysis.place_answers import PlaceAnswer, place_answers, places_by_key, under_proposal
from mapcore.analysis.settlements import load_places
from mapcore.base.sources import load_sources
from mapcore.base.units import written
from mapcore.land.contact_line import Control
from mapcore.lines.user_lines import is_user_line
from mapcore.measurement.areas import Measured, ledger_figure, measure_proposal
from mapcore.measurement.likely import LikelyRanges
from mapcore.measurement.ranges import numbers_of
from mapcore.present import difference_classes
from mapcore.present.wording import ledger_words
from mapcore.proposals.shipped import Proposal, settle_parameters

_ZONE_KEYS = ["oblast", "status", "area_km2", "low_km2", "high_km2", "contested_km2", "share_of_oblast"]
_RANGE = ["area_km2", "low_km2", "high_km2"]
_APOSTROPHES = dict.fromkeys(map(ord, "’ʼ‘`´"), "'")
_NAMES = ["name_en", "name_uk", "former_names"]


def rounded(value: Any) -> Any:
    """Return a value as data have it: a number without what is only noise, see `units.written`; unknown is None."""
    return (None if isnan(value) else written(value)) if isinstance(value, float) else value


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): rounded(value) for key, value in row.items()} for row in rows.to_dict("records")]


def measure_together(
    proposals: Sequence[Proposal], *, control: Control, parameters: Mapping[str, float]
) -> list[Measured]:
    """
    Measure proposals on one line; a parameter goes to whichever of them has it.

    Raises
    ------
    ParameterError
        If none of them has a parameter, or a value is out of its range.
    """
    known = {name for proposal in proposals for name in proposal.parameters}
    settle_parameters(proposals[0], {name: value for name, value in parameters.items() if name not in known})
    return [
        measure_proposal(
            proposal,
            control=control,
            parameters={name: value for name, value in parameters.items() if name in proposal.parameters},
        )
        for proposal in proposals
    ]


def proposals_content(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """Return proposals: id, title, by and date of each, and what became of it."""
    return [proposal.row() | {"date": proposal.date.isoformat()} for proposal in proposals]


def line_content(line: Control) -> dict[str, Any]:
    """Return a line of contact; only a user's own is marked."""
    provenance = line.provenance
    shown = {
        "id": line.id,
        "as_of": line.as_of.isoformat(),
        "source": provenance.source,
        "error_km": provenance.error_km,
    }
    return {**shown, "own": True} if is_user_line(line.id) else shown


def areas_content(measured: Measured, likely: LikelyRanges | None = None) -> dict[str, Any]:
    """Return a measured proposal: its zones by oblast and status, which add up to the country, and its ledger."""
    content = {
        "proposal": measured.proposal.id,
        "control": measured.control.id,
        "zones": _records(measured.by_status[_ZONE_KEYS]),
        "ledger": _ledger_content(measured),
        "contested_km2": {key: rounded(measured.ledger.contested_of(key)) for key in ledger_words()},
    }
    return content if likely is None else {**content, "likely": _likely_content(measured, likely)}


def _ledger_content(measured: Measured) -> dict[str, float | None]:
    """Return the ledger, None where the text leaves a line of it open."""
    figures = {key: ledger_figure(measured, key) for key in ledger_words()}
    return {f"{key}_km2": rounded(numbers_of(figure)[0]) for key, figure in figures.items()}


def ledgers_content(measured: Iterable[Measured]) -> list[dict[str, Any]]:
    """Return the ledgers of proposals, a row for each line with its range; None where the text leaves it open."""
    return [
        {
            "proposal": measurement.proposal.id,
            "control": measurement.control.id,
            "figure": key,
            **dict(zip(_RANGE, map(rounded, numbers_of(ledger_figure(measurement, key))), strict=True)),
            "contested_km2": rounded(measurement.ledger.contested_of(key)),
        }
        for measurement in measured
        for key in ledger_words()
    ]


def _likely_content(measured: Measured, likely: LikelyRanges) -> dict[str, Any]:
    """Return likely ranges: with what they were computed, and the bounds of zones and ledger."""
    ledger = {key: figure if ledger_figure(measured, key) else None for key, figure in likely.ledger.items()}
    return {
        **{key: getattr(likely, key) for key in ("share", "error_km", "correlation_km", "draws", "seed")},
        "zones": _records(likely.by_status[["oblast", "status", "likely_low_km2", "likely_high_km2"]]),
        "ledger": {
            key: {"likely_low_km2": rounded(low), "likely_high_km2": rounded(high)}
            for key, figure in ledger.items()
            for _, low, high in [numbers_of(figure)]
        },
    }


def compare_content(comparison: Comparison, over: Over = "all") -> dict[str, Any]:
    """Return a comparison over a question; the changes and the land that is alike add up to the country."""
    return {
        "a": comparison.a.proposal.id,
        "b": comparison.b.proposal.id,
        "question": over,
        "changes": _records(changed_rows(comparison, over)[["oblast", "from", "to", "area_km2"]]),
        "unchanged_km2": rounded(difference_classes.totals(comparison, over)[1].value),
    }


def changed_rows(comparison: Comparison, over: Over = "all") -> pd.DataFrame:
    """Return the land for which two proposals answer `over` otherwise: `oblast`, `from`, `to` (statuses), areas."""
    rows = sum_changes(comparison, ("oblast", "from_status", "to_status"), over=over)
    ordered = rows.sort_values(["oblast", "from_status", "to_status"], ignore_index=True)
    return ordered.rename(columns={"from_status": "from", "to_status": "to"})


def claims_content(checked: Iterable[CheckedClaim]) -> list[dict[str, Any]]:
    """Return checked claims, figures in each claim's own unit, None where one cannot be computed."""
    figures = ("computed", "low", "high", "difference")
    return [row | {key: rounded(row[key]) for key in figures} for row in (claim.row() for claim in checked)]


def _letters(name: str) -> str:
    """Return a name for comparison: without regard to case, and to which of its signs an apostrophe is written with."""
    return name.casefold().translate(_APOSTROPHES)


def find_places(
    measured: Sequence[Measured], *, name: str = "", oblast: str = "", status: str = ""
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """
    Find settlements, the most populous first, and what they are under each of several measured proposals.

    Parameters
    ----------
    name
        A part of the name in Latin or Ukrainian letters, or of a former name, whatever their case and apostrophes;
        empty for all.
    oblast
        ISO code; empty for all.
    status
        Those alone that have it under one of the proposals; empty for all.

    Returns
    -------
    places, under
        The rows of `load_places`, and for each proposal those of `under_proposal` in the same order.
    """
    places = load_places()
    wanted = pd.Series(data=True, index=places.index)
    if name:
        spelt = _letters(name)
        wanted &= pd.concat(
            [places[key].map(_letters).str.contains(spelt, regex=False) for key in [*_NAMES, "other_names"]], axis=1
        ).any(axis=1)
    if oblast:
        wanted &= places["oblast"] == oblast
    under = [under_proposal(measurement) for measurement in measured]
    if status:
        wanted &= pd.concat([rows["status"] == status for rows in under], axis=1).any(axis=1)
    found = places[wanted].sort_values(["population", "id"], ascending=[False, True])
    return found, [rows.loc[found.index] for rows in under]


def places_content(measured: Sequence[Measured], places: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what settlements are under measured proposals, by rows of `load_places`: `place_content` of each."""
    known = places_by_key()
    found = [known[str(place_id)] for place_id in places["id"]]
    return list(map(place_content, place_answers(found, measured))) if found else []


def place_content(answer: PlaceAnswer) -> dict[str, Any]:
    """
    Return what a settlement is now and under proposals.

    `population` is None where there is no count; `sure` is False where the status may be another within the line's
    error; `distance_km` is None where no other holds any land.
    """
    place = answer.place
    return {
        **{key: getattr(place, key) for key in ("id", "katottg", *_NAMES, "oblast", "raion", "lat", "lon")},
        "population": place.population or None,
        "held_by": answer.held_by,
        "distance_km": _km(answer.distance_km),
        "changes": answer.changes,
        "proposals": [
            {
                "proposal": under.measured.proposal.id,
                "status": under.status.id,
                "holder": under.status.holder,
                "recognised": under.status.recognised,
                "regime": under.status.regime,
                "moves": under.moves,
                "sure": under.sure,
                "distance_km": _km(under.distance_km),
            }
            for under in answer.under
        ],
        "control": answer.control.id,
        "error_km": answer.control.provenance.error_km,
        "source": place_source(),
    }


def _km(far_km: float | None) -> float | None:
    """Return a distance to a tenth of a kilometre: a settlement is one point of land that is wider than that."""
    return None if far_km is None else round(far_km, 1)


def place_source() -> str:
    """Return whom position, names and count of a settlement are from, in English."""
    return next(source.attribution for source in load_sources() if source.path == "places.csv")
