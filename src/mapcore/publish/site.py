"""All proposals and comparisons as a folder of files that any file host serves, or that opens from a disk."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from mapcore.analysis.compare import Comparison, compare
from mapcore.base.data_files import TYPEFACE_DIR
from mapcore.base.errors import ExportError
from mapcore.base.files_out import left_in, put_folder, try_folder
from mapcore.base.language import DEFAULT_LANGUAGE, language, languages, speaking, tr
from mapcore.base.schema import DEFAULT_COMPARE
from mapcore.base.sources import data_version
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import list_controls, load_control
from mapcore.measurement.areas import Measured, measure_proposal
from mapcore.present import line_notice, link_notices, map_geometry, place_words
from mapcore.present.place_index import place_index
from mapcore.present.rivers import rivers
from mapcore.present.towns import towns
from mapcore.proposals import viewer
from mapcore.proposals.shipped import Proposal, load_proposals
from mapcore.publish import head_tags, site_places, site_stubs, site_tables
from mapcore.publish.build_content import make_sheet
from mapcore.publish.site_bundle import Bundle
from mapcore.publish.tables_out import figure_rows
from mapcore.publish.view_content import Chosen
from mapcore.publish.web_page import (
    LEAFLET_DIR,
    SCRIPTS,
    STYLES,
    as_json,
    overview,
    page_frame,
    page_policy,
    page_settings,
    template,
    web_file,
)
from mapcore.publish.web_page_link import several

#: What the site offers of each proposal for download.
_FILES: Final = ("png", "pdf", "geojson", "csv", "xlsx")
#: A proposal with more settings of its parameters than this is shown with their defaults only.
_MOST_SETTINGS: Final = 150
#: Where the pages load their files from: their own host, or, for browsers to which that says nothing, the disk.
_FROM: Final = "'self' file:"
#: The mark of a folder that this module wrote, and may write over.
_MARK: Final = "mapcore-site.json"


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
        raise ExportError(tr("no proposal to show; name at least one"))
    measured = [measure_proposal(proposal, control=control) for proposal in shown]
    bundle, chosen = Bundle(), Chosen(base=base)
    bundle.give("base", {key: content for key, content in map_geometry.base_content().items() if key != "places"})
    for subject in measured:
        _add_proposal(bundle, subject, chosen)
    pairs: list[Comparison] = []
    for (i, a), (j, b) in itertools.permutations(enumerate(measured), 2):
        found = compare(a, b)
        bundle.view(f"compare/{a.proposal.id}--{b.proposal.id}", found, chosen)
        if base and i < j:
            pairs.append(found)
    _add_assets(bundle)
    bundle.give("names", place_index())
    bundle.give("fates", site_places.fates(measured))
    for code in languages():
        with speaking(code):
            bundle.give(f"{code}/cards", site_places.words(measured))
            bundle.give(f"{code}/places", map_geometry.base_content()["places"])
            bundle.give(f"{code}/rivers", rivers())
            bundle.give(f"{code}/towns", towns())
            _add_page(bundle, measured, base)
            if base:
                bundle.files |= site_stubs.stubs(measured, base) | site_stubs.pairs(pairs, base)
                if control.id in list_controls():
                    bundle.files |= site_tables.tables(control, base, f"cards/{measured[0].proposal.id}.{code}.png")
    _add_record(bundle, measured)
    return dict(sorted(bundle.files.items()))


def _add_proposal(bundle: Bundle, measured: Measured, chosen: Chosen) -> None:
    proposal = measured.proposal
    bundle.view(f"proposals/{proposal.id}", measured, chosen, endings=_FILES)
    for settings in _settings(proposal):
        key = "".join(
            f"--{parameter}-{value:g}"
            for parameter, value in settings.items()
            if value != proposal.parameters[parameter].default
        )
        if key:
            found = measure_proposal(proposal, control=measured.control, parameters=settings)
            bundle.view(f"proposals/{proposal.id}{key}", found, chosen)


def _settings(proposal: Proposal) -> Iterator[dict[str, float]]:
    """Yield the settings of a proposal's parameters step by step, or none but the defaults where they are too many."""
    steps = [
        [
            parameter.min + step * parameter.step
            for step in range(round((parameter.max - parameter.min) / parameter.step) + 1)
        ]
        for parameter in proposal.parameters.values()
    ]
    if steps and math.prod(map(len, steps)) <= _MOST_SETTINGS:
        for chosen in itertools.product(*steps):
            yield dict(zip(proposal.parameters, chosen, strict=True))


def _add_assets(bundle: Bundle) -> None:
    for name in (*SCRIPTS, *STYLES, *site_places.SCRIPTS, *site_places.STYLES):
        bundle.files[f"assets/{name}"] = web_file(name).encode()
    licence = next(iter(sorted(LEAFLET_DIR.glob("LICENSE*"))), None)
    if licence:
        bundle.files["assets/LICENSE-leaflet.txt"] = licence.read_bytes()
    for name in ("mapcore-sans.woff2", "OFL.txt"):
        bundle.files[f"assets/typeface/{name}"] = (TYPEFACE_DIR / name).read_bytes()


def _page(code: str) -> str:
    """Return the file of the page in a language; a folder opens on that of the default one."""
    return "index.html" if code == DEFAULT_LANGUAGE else f"{code}.html"


def listed(proposal: Proposal) -> dict[str, Any]:
    """Return what the choice of proposals says of one: its title, and its parameters where each step is there."""
    parameters = proposal.parameters if list(_settings(proposal)) else {}
    return {
        "id": proposal.id,
        "title": viewer.title_of(proposal),
        "parameters": {
            name: {
                "label": tr(parameter.label), "unit": tr(parameter.unit),
                "min": parameter.min, "max": parameter.max, "step": parameter.step, "default": parameter.default,
                "refused": link_notices.refused_number(name, parameter.min, parameter.max),
            }
            for name, parameter in parameters.items()
        },
    }  # fmt: skip


def _add_page(bundle: Bundle, measured: list[Measured], base: str) -> None:
    """Add the page in the language in use, and what its script starts with."""
    ids, start = [subject.proposal.id for subject in measured], f"{language()}.js"
    proposals = [listed(subject.proposal) for subject in measured]
    pages = {code: _page(code) for code in languages()}
    settings = page_settings(
        proposals=proposals,
        find=place_words.search_words(),
        site=pages,
        link=several(
            ids,
            compare=DEFAULT_COMPARE if DEFAULT_COMPARE in ids else ids[0],
            control=measured[0].control.id,
        ),
    )
    bundle.files[f"assets/{start}"] = f"mapcorePage.start({as_json(settings)});\n".encode()
    sheet = make_sheet(measured[0])
    turn = f"{web_file('page/turn.js')}mapcoreTurn({as_json(pages)},{as_json(language())});"
    frame = page_frame(
        title=sheet.title,
        summary=sheet.summary,
        line=sheet.line,
        age=line_notice.kept(sheet.control),
        attribution=sheet.attribution,
        policy=page_policy([turn], files=_FROM),
        overview=overview(measured),
        site={
            "proposals": proposals,
            "styles": [f"assets/{name}" for name in (*STYLES, *site_places.STYLES)],
            "scripts": [f"assets/{name}" for name in (*SCRIPTS, *site_places.SCRIPTS, start)],
            "box": web_file("place/box.html"),
            "pages": [{"code": code, "file": pages[code], "name": name} for code, name in languages().items()],
            "turn": turn,
            "lang": "" if language() == DEFAULT_LANGUAGE else f"&lang={language()}",
            "tags": _own_tags(measured[0], base) if base else [],
        },
    )
    bundle.files[_page(language())] = template().render(**frame).encode()


def _own_tags(measured: Measured, base: str) -> list[str]:
    """Return what the page itself tells messengers: it opens on the first proposal, whose card it has."""
    head = site_stubs.head(measured, base, f"cards/{measured.proposal.id}.{language()}.png")
    address = f"{base.rstrip('/')}/{'' if language() == DEFAULT_LANGUAGE else _page(language())}"
    # Title, description and languages stand in the page.
    return head_tags.tags(replace(head, address=address, others={}, dataset={}))[2:]


def _add_record(bundle: Bundle, measured: list[Measured]) -> None:
    """Add the key figures for machines, which also mark the folder as a copy of the site."""
    figures = {subject.proposal.id: json.loads(figure_rows(subject).to_json(orient="records")) for subject in measured}
    about = {
        "data_version": data_version(), "control": measured[0].control.id, "figures": figures,
        "facts": dict(make_sheet(measured[0]).facts),
    }  # fmt: skip
    bundle.files[_MARK] = json.dumps(about, ensure_ascii=False, indent=1).encode()


def write_site(
    folder: Path | str, *, proposals: Iterable[Proposal] | None = None, control: Control | None = None, base: str = ""
) -> dict[str, int]:
    """
    Write the site into a folder that is new, empty, or an older copy of it; return each file's size by its path.

    Raises
    ------
    ExportError
        If the folder holds anything else, or cannot be written.
    """
    folder = Path(folder)
    try:
        held = left_in(folder) if folder.is_dir() else [folder] * folder.exists()
        foreign = held and folder / _MARK not in held
    except OSError as problem:
        sentence = tr("{folder}: cannot be read ({reason}); name a folder that is yours")
        raise ExportError(sentence.format(folder=folder, reason=problem.strerror or problem)) from problem
    if foreign:
        sentence = tr("{folder} exists and is not a copy of the site; name a new or empty folder")
        raise ExportError(sentence.format(folder=folder))
    try_folder(folder)
    files = build_site(proposals=proposals, control=control, base=base)
    put_folder(folder, files)
    return {name: len(content) for name, content in files.items()}
