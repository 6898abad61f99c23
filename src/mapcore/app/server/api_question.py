"""
What is asked of the API: how the query of an address is read, and refused.

The keys are those of links. A link falls back to a default and says so to its reader; a program that reads figures has
no reader, so here each unknown key and value is refused.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from mapcore.analysis.compare import OVERS, Over
from mapcore.app.server.api_resources import (
    FEW_PLACES,
    MOST_NAME,
    MOST_OFFSET,
    MOST_PLACES,
    RESOURCES,
    RefusedError,
    Resource,
)
from mapcore.base.data_files import shipped_controls
from mapcore.base.errors import MapcoreError, did_you_mean
from mapcore.base.language import DEFAULT_LANGUAGE, languages, mark, tr
from mapcore.base.schema import DEFAULT_CONTROL, UNITS
from mapcore.base.sources import data_version
from mapcore.present import links
from mapcore.proposals import viewer
from mapcore.proposals.shipped import Proposal, load_proposal, load_proposals, load_statuses, settle_parameters

_A_NAME: Final = mark("give a part of a name, such as {example}")


@dataclass(frozen=True)
class Question:
    """
    What is asked, read and checked; equal where the answer is the same.

    Attributes
    ----------
    proposals
        Ids, `viewer.LINK_ID` for the viewer's own, whose rules `own` holds as a link does.
    parameters
        Those that differ from their defaults, by name.
    """

    resource: str
    lang: str = DEFAULT_LANGUAGE
    proposals: tuple[str, ...] = ()
    control: str = DEFAULT_CONTROL
    parameters: tuple[tuple[str, float], ...] = ()
    own: str = ""
    likely: bool = False
    question: Over = "all"
    name: str = ""
    oblast: str = ""
    status: str = ""
    limit: int = FEW_PLACES
    offset: int = 0

    def load_proposals(self) -> list[Proposal]:
        """Return the proposals that are asked about."""
        return [
            viewer.unpack(self.own) if proposal_id == viewer.LINK_ID else load_proposal(proposal_id)
            for proposal_id in self.proposals
        ]


def read_language(pairs: Iterable[tuple[str, str]]) -> str:
    """
    Return the language that is asked for.

    Raises
    ------
    RefusedError
        If there is none with this code.
    """
    code = dict(pairs).get("lang", DEFAULT_LANGUAGE)
    if code not in languages():
        raise _unknown("lang", tr("no language '{code}'").format(code=_short(code)), code, languages(), status=400)
    return code


def read_question(resource: str, pairs: list[tuple[str, str]]) -> Question:
    """
    Read the query of an address for an answer.

    Raises
    ------
    RefusedError
        With 400, or 404 where a proposal, line, oblast or status is named that is not there.
    """
    kind, query, times = RESOURCES[resource], dict(pairs), Counter(key for key, _ in pairs)
    for key, count in times.items():
        if count > 1:
            raise RefusedError(400, _short(key), tr("is given more than once"), tr("give it once"))
    for key in kind.keys[: kind.needed]:
        if not query.get(key):
            known = ", ".join(proposal.id for proposal in load_proposals())
            way_out = tr(_A_NAME).format(example="Kramatorsk") if key == "name" else ""
            raise RefusedError(400, key, tr("is missing"), way_out or tr("there are: {words}").format(words=known))
    if "question" in query and "compare" not in query:
        raise RefusedError(400, "question", tr("is asked of two proposals"), tr("add compare, or leave it out"))
    if query.get("v", data_version()) != data_version():
        raise RefusedError(
            404, "v", tr("there is no such version"), tr("there are: {words}").format(words=data_version())
        )
    found = Question(resource, read_language(pairs), control=_control(query), limit=kind.few)
    found = replace(found, **_choices(kind, query))
    if not kind.measures:
        _refuse_unknown(query, {"lang", "v", *kind.keys})
        return found
    found = replace(found, **_proposals(kind, query))
    return replace(found, parameters=_parameters(found, query, {"lang", "own", "v", *kind.keys}))


def _short(text: str) -> str:
    """Return what of a stranger's text is told back."""
    return "".join(sign for sign in text[:60] if sign.isprintable())


def _unknown(key: str, what: str, value: str, known: Iterable[str], *, status: int = 404) -> RefusedError:
    return RefusedError(status, key, what, did_you_mean(value, known).removeprefix("; "))


def _refuse_unknown(query: Mapping[str, str], known: set[str]) -> None:
    for key in query:
        if key not in known:
            raise _unknown(_short(key), tr("is not asked here"), key, sorted(known), status=400)


def _control(query: Mapping[str, str]) -> str:
    """Return the line asked for; what the keeper of a server added is not passed on, since its terms may forbid it."""
    control = query.get("control", DEFAULT_CONTROL)
    if control not in shipped_controls():
        what = tr("no line of contact '{id}'").format(id=_short(control))
        raise _unknown("control", what, control, sorted(shipped_controls()))
    return control


def _proposals(kind: Resource, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the ids of the proposals that are asked about, and the rules of the viewer's own if it is among them."""
    if kind.several:
        named = {"proposal": query.get("proposal", "").split(",") if query.get("proposal") else []}
    else:
        named = {key: [query[key]] for key in ("proposal", "compare") if key in query and key in kind.keys}
    ids = [proposal.id for proposal in load_proposals()]
    for key, values in named.items():
        for value in values:
            if value not in {*ids, viewer.LINK_ID}:
                raise _unknown(key, tr("no proposal '{id}'").format(id=_short(value)), value, ids)
    chosen = [value for values in named.values() for value in values]
    if kind.several:
        chosen = list(dict.fromkeys(chosen)) or ids
    return {"proposals": tuple(chosen), "own": _own(query, asked=viewer.LINK_ID in chosen)}


def _own(query: Mapping[str, str], *, asked: bool) -> str:
    packed = query.get("own", "")
    if not asked:
        if "own" in query:
            what = tr("no proposal is asked about that it could be")
            raise RefusedError(400, "own", what, tr("add proposal=own, or leave it out"))
        return ""
    way_out = tr("copy the whole link again")
    if not packed or not links.fits(packed):
        what = tr("is longer than {limit} characters").format(limit=viewer.MAX_LINK_CHARS) if packed else ""
        raise RefusedError(400, "own", what or tr("is missing"), way_out)
    try:
        viewer.unpack(packed)
    except MapcoreError as refusal:
        # Only our own words: what the address holds is not told back.
        raise RefusedError(400, "own", tr("is not a proposal that can be read"), way_out) from refusal
    return packed


def _parameters(found: Question, query: Mapping[str, str], known: set[str]) -> tuple[tuple[str, float], ...]:
    """Return the parameters that a query sets, each of whichever proposal has it."""
    proposals = found.load_proposals()
    ours = {name for owner in proposals for name in owner.parameters}
    _refuse_unknown(query, known | ours)
    settled: dict[str, float] = {}
    for name in sorted(ours & set(query)):
        written = query[name]
        value = float(written) if re.fullmatch(links.NUMBER, written) else math.nan
        for proposal in proposals:
            parameter = proposal.parameters.get(name)
            if parameter is None:
                continue
            limits = tr("choose from {low} to {high}").format(low=f"{parameter.min:g}", high=f"{parameter.max:g}")
            if math.isnan(value):
                raise RefusedError(400, name, tr("is not a number"), limits)
            if not parameter.min <= value <= parameter.max:
                unit = tr(parameter.unit)
                raise RefusedError(
                    400, name, tr("{value} {unit} is out of range").format(value=f"{value:g}", unit=unit), limits
                )
            if value != parameter.default:
                settled[name] = settle_parameters(proposal, {name: value})[name]
    return tuple(settled.items())


def _choices(kind: Resource, query: Mapping[str, str]) -> dict[str, Any]:
    """Return what is chosen besides line, proposals and parameters."""
    read: dict[str, Callable[[str], Any]] = {
        "likely": lambda text: _one_of("likely", text, ("false", "true"), status=400) == "true",
        "question": lambda text: _one_of("question", text, OVERS, status=400),
        "oblast": lambda text: _one_of("oblast", text, UNITS),
        "status": lambda text: _one_of("status", text, load_statuses()),
        "name": _name,
        "limit": lambda text: _whole("limit", text, 1, MOST_PLACES),
        "offset": lambda text: _whole("offset", text, 0, MOST_OFFSET),
    }
    return {key: read[key](query[key]) for key in kind.keys if key in read and key in query}


def _one_of(key: str, text: str, known: Iterable[str], *, status: int = 404) -> str:
    if text not in known:
        what = tr("'{value}' is not known").format(value=_short(text))
        raise _unknown(key, what, text, known, status=status)
    return text


def _name(text: str) -> str:
    if not 0 < len(text) <= MOST_NAME:
        what = tr("has no letter, or more than {limit}").format(limit=MOST_NAME)
        raise RefusedError(400, "name", what, tr(_A_NAME).format(example="Kramat"))
    return text


def _whole(key: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
        what = tr("is not a whole number from {low} to {high}").format(low=least, high=most)
        raise RefusedError(400, key, what, tr("choose one of these"))
    return int(text)
