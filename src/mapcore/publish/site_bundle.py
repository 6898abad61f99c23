"""The files of the site by their path: views in each language, shapes told as what differs from those of another."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

import shapely

from mapcore.analysis.compare import Comparison
from mapcore.base.language import language, languages, speaking
from mapcore.present import map_geometry
from mapcore.present.wording import AREA_UNITS
from mapcore.publish.export import Wishes, export
from mapcore.publish.view_content import Chosen, Subject
from mapcore.publish.web_page import as_json, view_shapes, view_tips, view_words


@dataclass
class Bundle:
    """The files of the site by their path in it; shapes are told as what differs from the first ones."""

    files: dict[str, bytes] = field(default_factory=dict)
    first: dict[str, Any] | None = None
    #: The key of shapes by the land, as WKB, and the ids of its pieces: most comparisons cut it as a proposal does.
    known: dict[tuple[object, ...], str] = field(default_factory=dict)

    def give(self, key: str, content: Any) -> None:
        """Add content under a key, as a script, since a page opened from a disk may not fetch files."""
        self.files[f"data/{key}.js"] = f"mapcorePage.give({json.dumps(key)},{as_json(content)});\n".encode()

    def shapes(self, subject: Subject) -> str:
        """Add the shapes of a view, once however many views share them, and return their key."""
        land = subject.changes if isinstance(subject, Comparison) else subject.zones
        asked = (*shapely.to_wkb(land.geometry.to_numpy()), *map_geometry.piece_ids(land))
        if asked not in self.known:
            self.known[asked] = self._drawn(subject)
        return self.known[asked]

    def _drawn(self, subject: Subject) -> str:
        content = view_shapes(subject)
        key = f"shapes-{_short(content)}"
        if f"data/{key}.js" not in self.files:
            if self.first is None:
                self.first = {"key": key, "shapes": {feature["id"]: _text(feature) for feature in content["features"]}}
                self.give(key, content)
            else:
                self.give(key, _difference(content["features"], **self.first))
        return key

    def view(self, key: str, subject: Subject, chosen: Chosen, *, endings: tuple[str, ...] = ()) -> None:
        """Add a view: its shapes, and in each language its words, its tooltips in all units, and files of it."""
        shapes = self.shapes(subject)
        for code in languages():
            with speaking(code):
                words = view_words(subject, chosen)
                tips = {units: self._tips(subject, replace(chosen, units=units)) for units in AREA_UNITS}
                files = [self._file(words["name"], subject, ending, chosen) for ending in endings]
                self.give(f"{code}/{key}", words | {"shapes": shapes, "tips": tips, "files": files})

    def _tips(self, subject: Subject, chosen: Chosen) -> str:
        words = view_tips(subject, chosen)
        key = f"{language()}/tips-{_short(words)}"
        self.give(key, words)
        return key

    def _file(self, name: str, subject: Subject, ending: str, chosen: Chosen) -> str:
        self.files[f"files/{name}.{ending}"] = export(subject, ending, Wishes(size="social", base=chosen.base))
        return f"{name}.{ending}"


def _text(content: Any) -> str:
    """Return content as text in which neither the order of keys nor tuples against lists makes a difference."""
    return json.dumps(content, sort_keys=True)


def _short(content: Any) -> str:
    return hashlib.sha256(_text(content).encode()).hexdigest()[:12]


def _difference(features: list[dict[str, Any]], *, key: str, shapes: dict[str, str]) -> dict[str, Any]:
    """Tell shapes as what differs from those under `key`, told as text by id: the pieces that changed or went."""
    same = {feature["id"] for feature in features if shapes.get(feature["id"]) == _text(feature)}
    present = {feature["id"] for feature in features}
    return {
        "differs": key,
        "features": [feature for feature in features if feature["id"] not in same],
        "gone": [piece for piece in shapes if piece not in present],
    }
