"""The civil objects that a map marks on request."""

from __future__ import annotations

from typing import Any, Final

from mapcore.analysis.civil_objects import KINDS, object_names, objects_in
from mapcore.base.language import number_text, tr
from mapcore.measurement.areas import Measured
from mapcore.present.settlement_marks import fates
from mapcore.present.wording import holder_words
from mapcore.proposals.shipped import load_statuses

#: Index of the size of a mark, as settlements have them.
_SIZE: Final = 3


def object_marks(measured: Measured, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the civil objects of some kinds under a measured proposal in the form of `place_marks`."""
    objects = objects_in(measured)
    chosen = objects[objects["kind"].isin(kinds)]
    chosen = chosen.assign(name=object_names(chosen), fate=fates(chosen).replace("", "stays_ukraine"))
    return [
        {"name": row.name, "lat": row.lat, "lon": row.lon, "size": _SIZE, "fate": row.fate, "rank": 0, "tip": _tip(row)}
        for row in chosen.itertuples()
    ]


def _tip(row: Any) -> list[str]:
    position = tr("Position known to about {distance} km; public by {year}: {source}")
    return [
        row.name,
        tr(KINDS[row.kind]),
        tr("Held now by {holder}").format(holder=holder_words()[row.held_by]),
        tr("Under this text: {status}").format(status=tr(load_statuses()[row.status].label)),
        *([] if row.sure else [tr("Within the error of the line or of its position")]),
        position.format(distance=number_text(row.within_km), year=row.public_by[:4], source=row.source),
    ]
