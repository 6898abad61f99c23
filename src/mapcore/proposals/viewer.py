"""A viewer's own proposal: marked as such wherever it goes, and carried whole in a link."""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from mapcore.base import language, memory
from mapcore.base.errors import Problem, ProposalError
from mapcore.base.language import tr
from mapcore.proposals.model import Proposal, settle_parameters
from mapcore.proposals.reader import check_content, dated
from mapcore.proposals.writer import to_json_content

#: What a viewer's own proposal is called and signed with, whatever its name.
MARK: Final = language.mark("Viewer's own")
UNNAMED: Final = language.mark("Untitled")
#: What stands for it where a link names proposals by their ids; its rules are in the link's `own`.
LINK_ID: Final = "own"
#: Characters that a link gives to a proposal, so that the whole address stays under some 6,000.
MAX_LINK_CHARS: Final = 5_600
#: Limits of what a viewer's own proposal may hold, so that one link cannot keep the server busy: bytes of its content,
#: rules, those of them that cut (by distance or outline), points of all outlines, characters.
MAX_BYTES: Final = 100_000
MAX_RULES: Final = 40
MAX_CUTS: Final = 15
MAX_OUTLINE_POINTS: Final = 600
MAX_NAME: Final = 80
MAX_SUMMARY: Final = 600
_VERSION: Final = "1"
#: Signs that HTML or Markdown reads as markup: a name is shown in many places, and is plain text in all of them.
_MARKUP: Final = dict.fromkeys(map(ord, "<>[]`*_$~|\\&"), " ")
_ORDER: Final = 900
NO_SUMMARY: Final = language.mark("A proposal that a viewer put together; no party has put it forward.")
_PACKED: Final = re.compile(r"(\d{1,3})\.([A-Za-z0-9_-]+)")
_STARTED: Final = language.mark("A viewer started from the rules of: {title}, {date}.")
_WAY_OUT: Final = language.mark("copy the whole link again, or load the proposal's file")


def blank(made: date) -> Proposal:
    """Return a viewer's own proposal with no rules yet: all land is as it is, and its future open."""
    return mark(
        Proposal(
            id=LINK_ID, title=UNNAMED, by=MARK, date=made, order=_ORDER, summary=NO_SUMMARY, status_note="",
            parameters={}, rules=(), clauses=(), terms=(), unspecified=(), sources=(), notes=(),
        )
    )  # fmt: skip


def start_from(base: Proposal, made: date, *, parameters: Mapping[str, float] | None = None) -> Proposal:
    """
    Return a viewer's own proposal with the rules of another one, at these values of its parameters.

    Clauses, terms and sources stay behind, since they speak of the other text; a note says where the rules come from.
    """
    settled = _settled(base, parameters)
    rules = tuple(replace(rule, clause="", note="") for rule in settled.rules)
    note = _STARTED.format(title=base.title, date=base.date.isoformat())
    return replace(blank(made), rules=rules, notes=(note,))


def _settled(proposal: Proposal, parameters: Mapping[str, float] | None = None) -> Proposal:
    """Return a proposal with numbers in place of its parameters."""
    if not proposal.parameters:
        return proposal
    values = settle_parameters(proposal, parameters)
    rules = tuple(
        replace(rule, within_km=values[rule.within_km]) if isinstance(rule.within_km, str) else rule
        for rule in proposal.rules
    )
    return replace(proposal, parameters={}, rules=rules)


def is_viewers(proposal: Proposal) -> bool:
    """Whether a proposal is marked as a viewer's own."""
    return proposal.by == MARK


def link_id(proposal: Proposal) -> str:
    """Return how a link names a proposal; the rules of a viewer's own one it has to carry besides."""
    return LINK_ID if is_viewers(proposal) else proposal.id


def title_of(proposal: Proposal) -> str:
    """Return a proposal's title in the language in use; what a viewer named stays as written, with the mark before."""
    if not is_viewers(proposal):
        return tr(proposal.title)
    return tr("Viewer's own: {name}").format(name=shown_name(proposal))


def shown_name(proposal: Proposal) -> str:
    """Return the name of a viewer's own proposal for its heading: as written, or that it has none."""
    name = name_of(proposal)
    return tr(name) if name == UNNAMED else name


def shown_summary(proposal: Proposal) -> str:
    """Return what is said of a proposal in the language in use; what a viewer wrote stays as written."""
    is_written = is_viewers(proposal) and proposal.summary != NO_SUMMARY
    return proposal.summary if is_written else tr(proposal.summary)


def name_of(proposal: Proposal) -> str:
    """Return the name that the viewer gave, without the mark and without signs that are markup somewhere."""
    name = " ".join(proposal.title.translate(_MARKUP).split())
    while name.casefold().startswith(MARK.casefold()):
        name = name[len(MARK) :].lstrip(": ")
    return name or UNNAMED


def shown_notes(proposal: Proposal) -> tuple[str, ...]:
    """Return the notes on a proposal in the language in use; what a viewer wrote stays as written."""
    if not is_viewers(proposal):
        return tuple(tr(note) for note in proposal.notes)
    return tuple(_shown_note(note) for note in proposal.notes)


def _shown_note(note: str) -> str:
    pattern = re.escape(_STARTED).replace(r"\{title\}", "(.+)").replace(r"\{date\}", r"(\d{4}-\d\d-\d\d)")
    match = re.fullmatch(pattern, note)
    return tr(_STARTED).format(title=tr(match[1]), date=match[2]) if match else note


def mark(proposal: Proposal) -> Proposal:
    """
    Return a proposal marked as a viewer's own: in its title, its id (and so its file's name), and who it is by.

    The mark is in English whatever the language, so that files and links are the same in each; `title_of` has it in the
    language in use. Parameters give way to their values, since a link has no place for them; what sides said of another
    text, what became of it, and when it was reviewed, stay behind.
    """
    name = name_of(proposal)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "proposal"
    return replace(
        _settled(proposal), id=f"viewers-own-{slug}", title=f"{MARK}: {name}", by=MARK, order=_ORDER, reactions=(),
        reviewed_on=None, side="", standing="", outcome="", versions=(),
    )  # fmt: skip


def pack(proposal: Proposal) -> str:
    """
    Return a viewer's own proposal as text for a link: a version, a dot, and compressed JSON in base64url.

    Raises
    ------
    ProposalError
        If it is over one of the limits of this module.
    """
    content = to_json_content(mark(proposal)) | {"title": name_of(proposal)}
    kept = {key: value for key, value in content.items() if key not in {"id", "by", "order"}}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    _check_limits(kept, len(text))
    return f"{_VERSION}.{base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip('=')}"


def unpack(packed: str) -> Proposal:
    """
    Read what `pack` wrote; the same text gives the same object, so that what was measured is found again.

    Raises
    ------
    ProposalError
        If the text is cut off, of another version, over a limit, or holds a mistake as in a proposal's file.
    """
    return _unpacked(packed, memory.current())


@memory.kept(maxsize=256)
def _unpacked(packed: str, _: memory.Memory | None) -> Proposal:
    match = _PACKED.fullmatch(packed)
    if not match or match[1] != _VERSION:
        raise _refusal(tr("is not a proposal that this version can read"))
    try:
        content = json.loads(_unzipped(match[2]))
    except (binascii.Error, zlib.error, ValueError, RecursionError) as problem:
        if isinstance(problem, ProposalError):
            raise
        raise _refusal(tr("is cut off or changed")) from problem
    if not isinstance(content, dict):
        raise _refusal(tr("holds no proposal"))
    _check_limits(content, 0)
    return mark(check_content(dated(content) | {"id": LINK_ID, "by": MARK, "order": _ORDER}, name="link", draft=True))


def _unzipped(text: str) -> bytes:
    """Decompress with a limit, so that a few characters cannot fill the memory."""
    opener = zlib.decompressobj()
    content = opener.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _refusal(tr("is larger than {size} kB").format(size=MAX_BYTES // 1000))
    if not opener.eof:
        raise _refusal(tr("is cut off or changed"))
    return content


def _check_limits(content: Mapping[str, Any], size: int) -> None:
    listed = content.get("zones", [])
    rules = [rule for rule in listed if isinstance(rule, dict)] if isinstance(listed, list) else []
    places = [rule["where"] for rule in rules if isinstance(rule.get("where"), dict)]
    cuts = [place for place in places if {"within_km_of_line", "inside"} & set(place)]
    points = sum(_points(place) for place in cuts)
    for is_over, problem in (
        (size > MAX_BYTES, tr("is larger than {size} kB").format(size=MAX_BYTES // 1000)),
        (len(rules) > MAX_RULES, tr("has more than {limit} rules").format(limit=MAX_RULES)),
        (len(cuts) > MAX_CUTS, tr("has more than {limit} buffers and drawn zones").format(limit=MAX_CUTS)),
        (
            points > MAX_OUTLINE_POINTS,
            tr("has outlines of more than {limit} points in all").format(limit=MAX_OUTLINE_POINTS),
        ),
        (
            len(str(content.get("title", ""))) > MAX_NAME + len(MARK) + 2,
            tr("has a name of over {limit} characters").format(limit=MAX_NAME),
        ),
    ):
        if is_over:
            raise _refusal(problem, tr("shorten it"))


def _points(place: dict[str, Any]) -> int:
    """Count the points of a rule's outlines, in a content that is not checked yet."""
    outlines = place.get("inside")
    rows = outlines if isinstance(outlines, list) else []
    return sum(len(row) if isinstance(row, list) and row and isinstance(row[0], list) else 1 for row in rows)


def _refusal(problem: str, way_out: str = "") -> ProposalError:
    return ProposalError(Problem(tr("own proposal"), "", problem, way_out or tr(_WAY_OUT)))
