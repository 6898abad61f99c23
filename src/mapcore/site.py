"""All proposals and comparisons as a folder of files that any file host serves, or that opens from a disk."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mapcore import maps
from mapcore.areas import Measured, measure_proposal
from mapcore.compare import compare
from mapcore.control import Control
from mapcore.errors import ExportError
from mapcore.export import Wishes, export, put
from mapcore.pages import (
    LEAFLET_DIR,
    UNITS,
    as_json,
    overview,
    page_settings,
    template,
    view_shapes,
    view_tips,
    view_words,
    web_file,
)
from mapcore.scenario import Proposal, load_proposals
from mapcore.schema import DEFAULT_COMPARE
from mapcore.sheet import Subject, make_sheet
from mapcore.snapshots import load_control
from mapcore.sources import data_version
from mapcore.tables import figure_rows

_SCRIPTS: Final = ("leaflet.js", "map.js", "page.js")
_STYLES: Final = ("leaflet.css", "map.css", "page.css")
#: What the site offers of each proposal for download.
_FILES: Final = ("png", "pdf", "geojson", "csv", "xlsx")
#: A proposal with more settings of its parameters than this is shown with their defaults only.
_MOST_SETTINGS: Final = 150
#: The mark of a folder that this module wrote, and may write over.
_MARK: Final = "mapcore-site.json"


@dataclass
class _Bundle:
    """The files of the site by their path in it; shapes are told as what differs from the first ones."""

    files: dict[str, bytes] = field(default_factory=dict)
    first: dict[str, Any] | None = None

    def give(self, key: str, content: Any) -> None:
        """Add content under a key, as a script, since a page opened from a disk may not fetch files."""
        self.files[f"data/{key}.js"] = f"mapcorePage.give({json.dumps(key)},{as_json(content)});\n".encode()

    def shapes(self, subject: Subject) -> str:
        """Add the shapes of a view, once however many views share them, and return their key."""
        content = view_shapes(subject)
        key = f"shapes-{_short(content)}"
        if f"data/{key}.js" not in self.files:
            if self.first is None:
                self.first = {"key": key, "shapes": {one["id"]: one for one in content["features"]}}
                self.give(key, content)
            else:
                self.give(key, _difference(content["features"], **self.first))
        return key

    def view(self, key: str, subject: Subject, *, base: str, files: Iterable[str] = ()) -> None:
        """Add a view: its words, tooltips in all units, and shapes."""
        tips = {}
        for units in UNITS:
            words = view_tips(subject, units=units)
            tips[units] = f"tips-{_short(words)}"
            self.give(tips[units], words)
        content = view_words(subject, base=base) | {"shapes": self.shapes(subject), "tips": tips, "files": list(files)}
        self.give(key, content)


def _text(content: Any) -> str:
    """Return content as text in which neither the order of keys nor tuples against lists makes a difference."""
    return json.dumps(content, sort_keys=True)


def _short(content: Any) -> str:
    return hashlib.sha256(_text(content).encode()).hexdigest()[:12]


def _difference(features: list[dict[str, Any]], *, key: str, shapes: dict[str, Any]) -> dict[str, Any]:
    """Tell shapes as what differs from those under `key`: the pieces that changed, and the ids of those that went."""
    same = {one["id"] for one in features if _text(shapes.get(one["id"])) == _text(one)}
    present = {one["id"] for one in features}
    return {
        "differs": key,
        "features": [one for one in features if one["id"] not in same],
        "gone": [piece for piece in shapes if piece not in present],
    }


def build_site(
    *, proposals: Iterable[Proposal] | None = None, control: Control | None = None, base: str = ""
) -> dict[str, bytes]:
    """
    Return the files of the site by their path; the same data, the same bytes.

    Parameters
    ----------
    proposals
        All that ship when left out.
    control
        The line of contact of every view; the default one when left out.
    base
        Address at which the site will stand, for the links in its files.

    Raises
    ------
    ExportError
        If there is no proposal.
    """
    control, shown = control or load_control(), tuple(load_proposals() if proposals is None else proposals)
    if not shown:
        raise ExportError("no proposal to show; name at least one")
    measured = [measure_proposal(proposal, control=control) for proposal in shown]
    bundle = _Bundle()
    bundle.give("base", maps.base_content())
    for one in measured:
        _add_proposal(bundle, one, base)
    for a, b in itertools.permutations(measured, 2):
        bundle.view(f"compare/{a.proposal.id}--{b.proposal.id}", compare(a, b), base=base)
    _add_assets(bundle)
    _add_index(bundle, measured, control)
    return dict(sorted(bundle.files.items()))


def _add_proposal(bundle: _Bundle, measured: Measured, base: str) -> None:
    name, proposal = make_sheet(measured).name, measured.proposal
    files = [f"{name}.{ending}" for ending in _FILES]
    bundle.view(f"proposals/{proposal.id}", measured, base=base, files=files)
    for file, ending in zip(files, _FILES, strict=True):
        bundle.files[f"files/{file}"] = export(measured, ending, Wishes(size="social", base=base))
    for settings in _settings(proposal):
        key = "".join(
            f"--{parameter}-{value:g}"
            for parameter, value in settings.items()
            if value != proposal.parameters[parameter].default
        )
        if key:
            found = measure_proposal(proposal, control=measured.control, parameters=settings)
            bundle.view(f"proposals/{proposal.id}{key}", found, base=base)


def _settings(proposal: Proposal) -> Iterator[dict[str, float]]:
    """Yield the settings of a proposal's parameters step by step, or none but the defaults where they are too many."""
    steps = [
        [one.min + step * one.step for step in range(round((one.max - one.min) / one.step) + 1)]
        for one in proposal.parameters.values()
    ]
    if steps and math.prod(map(len, steps)) <= _MOST_SETTINGS:
        for chosen in itertools.product(*steps):
            yield dict(zip(proposal.parameters, chosen, strict=True))


def _add_assets(bundle: _Bundle) -> None:
    for name in (*_SCRIPTS, *_STYLES):
        bundle.files[f"assets/{name}"] = web_file(name).encode()
    licence = next(iter(sorted(LEAFLET_DIR.glob("LICENSE*"))), None)
    if licence:
        bundle.files["assets/LICENSE-leaflet.txt"] = licence.read_bytes()


def _add_index(bundle: _Bundle, measured: list[Measured], control: Control) -> None:
    ids = [one.proposal.id for one in measured]
    listed = [
        {
            "id": one.proposal.id,
            "title": one.proposal.title,
            "parameters": {
                name: {
                    "label": found.label, "unit": found.unit, "min": found.min, "max": found.max, "step": found.step,
                    "default": found.default,
                }
                for name, found in one.proposal.parameters.items()
                if list(_settings(one.proposal))
            },
        }
        for one in measured
    ]  # fmt: skip
    start = {
        "proposal": ids[0],
        "compare": DEFAULT_COMPARE if DEFAULT_COMPARE in ids else ids[0],
        "control": control.id,
    }
    bundle.files["assets/start.js"] = (
        f"mapcorePage.start({as_json(page_settings(proposals=listed, start=start))});\n"
    ).encode()
    sheet = make_sheet(measured[0])
    bundle.files["index.html"] = (
        template()
        .render(
            title=sheet.title,
            summary=sheet.summary,
            line=sheet.line,
            attribution=sheet.attribution,
            version=data_version(),
            policy="",
            overview=overview(measured),
            site={
                "proposals": listed,
                "styles": [f"assets/{name}" for name in _STYLES],
                "scripts": [f"assets/{name}" for name in (*_SCRIPTS, "start.js")],
            },
        )
        .encode()
    )
    figures = {one.proposal.id: json.loads(figure_rows(one).to_json(orient="records")) for one in measured}
    about = {"data_version": data_version(), "control": control.id, "figures": figures, "facts": dict(sheet.facts)}
    bundle.files[_MARK] = json.dumps(about, ensure_ascii=False, indent=1).encode()


def write_site(
    folder: Path, *, proposals: Iterable[Proposal] | None = None, control: Control | None = None, base: str = ""
) -> dict[str, int]:
    """
    Write the site into a folder that is new, empty, or an older copy of it; return each file's size by its path.

    Raises
    ------
    ExportError
        If the folder holds anything else, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / _MARK).is_file())):
        raise ExportError(f"{folder} is there and is not a copy of the site; name a new or empty folder")
    files = build_site(proposals=proposals, control=control, base=base)
    try:
        for old in ("data", "files", "assets"):
            shutil.rmtree(folder / old, ignore_errors=True)
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise ExportError(f"{folder}: cannot be written ({reason}); name a folder that is yours") from problem
    for name, content in files.items():
        put(folder / name, content)
    return {name: len(content) for name, content in files.items()}
