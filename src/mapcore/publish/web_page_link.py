"""What a page without a server reads in its link: each key, what it may hold, and what is said of anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mapcore.base.language import DEFAULT_LANGUAGE, languages, mark, tr
from mapcore.base.schema import PLACE, PlacePart
from mapcore.base.sources import data_version
from mapcore.present import link_notices, links
from mapcore.present.wording import Units
from mapcore.publish.view_content import Framing

#: What such a page shows instead, where it is not what the dashboard does.
_INSTEAD: Final = {
    "proposal": mark("The link names a proposal that is not here; the first one is shown."),
    "control": mark("The link names a line of contact that is not in this copy; {control} is used."),
    "lang": mark("The link names a language that is not here; this one is used."),
}


def one_view(units: Units, place: Mapping[str, float], frame: Framing) -> dict[str, Any]:
    """Return what the link of a page with one view may hold, JSON-ready; `web/page/link.js` says what each part is."""
    return _contract({"units": units, "zone": "", "frame": frame}, place=place)


def several(proposals: Sequence[str], *, compare: str, control: str) -> dict[str, Any]:
    """Return what the link of a folder of views may hold, by the ids of its proposals, the first of them shown."""
    defaults = {"proposal": proposals[0], "page": "map", "compare": compare, "control": control, "units": "km2"}
    here = {"proposal": proposals, "page": ("map", "compare"), "compare": proposals, "control": (control,)}
    defaults |= {"lang": DEFAULT_LANGUAGE, "zone": "", "frame": "subject"}
    return _contract(defaults, {**here, "lang": tuple(languages())})


def _contract(
    defaults: Mapping[str, str],
    here: Mapping[str, Sequence[str]] | None = None,
    *,
    place: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    values = {key: [*(here or {}).get(key, links.answers(key))] for key in defaults}
    return {
        "choices": {
            key: {"values": values[key], "default": default, "refused": _refused(key, default)}
            for key, default in defaults.items()
        },
        "number": links.NUMBER,
        "place": {key: _part(key, part) for key, part in PLACE.items()},
        "at": dict(place or {}),
        "apart": tr(link_notices.APART),
        "version": data_version(),
        "moved": tr(link_notices.MOVED),
    }


def _refused(key: str, default: str) -> str:
    words = _INSTEAD.get(key, link_notices.REFUSED[key])
    return tr(words).format(control=default)


def _part(key: str, part: PlacePart) -> dict[str, Any]:
    return part._asdict() | {"refused": link_notices.refused_number(key, part.min, part.max)}
