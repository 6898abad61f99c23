"""A proposal back into the tables and the text of a file, which read to the same proposal again."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from mapcore.proposals.model import Proposal, Rule


def to_content(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as the tables of its file: the reader's keys, without those that say nothing."""
    content: dict[str, Any] = {
        "id": proposal.id,
        "title": proposal.title,
        "by": proposal.by,
        "date": proposal.date,
        "order": proposal.order,
        "reviewed_on": proposal.reviewed_on,
        "side": proposal.side,
        "standing": proposal.standing,
        "outcome": proposal.outcome,
        "summary": proposal.summary,
        "status_note": proposal.status_note,
        "unspecified": list(proposal.unspecified),
        "parameters": {
            name: _said({**asdict(parameter), "id": "", "named": list(parameter.named)})
            for name, parameter in proposal.parameters.items()
        },
        "zones": [_rule(rule) for rule in proposal.rules],
        "clauses": [_said(asdict(clause)) for clause in proposal.clauses],
        "terms": [_said(asdict(term)) for term in proposal.terms],
        "reactions": [_said(asdict(reaction)) for reaction in proposal.reactions],
        "versions": [asdict(version) for version in proposal.versions],
        "sources": [_said(asdict(source)) for source in proposal.sources],
        "notes": [{"text": note} for note in proposal.notes],
    }
    return _said(content)


def to_json_content(proposal: Proposal) -> dict[str, Any]:
    """Return the same for JSON, which has no dates: they are text, which `reader.dated` turns back."""
    content = to_content(proposal)
    if "versions" in content:
        content["versions"] = [_undated(version) for version in content["versions"]]
    return _undated(content)


def _undated(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in table.items()}


def _said(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value not in ("", None, [], {})}


def _rule(rule: Rule) -> dict[str, Any]:
    rings = [[list(point) for point in ring] for ring in rule.inside or ()]
    where = {
        "oblasts": list(rule.oblasts or ()),
        "held_by": rule.held_by,
        "within_km_of_line": rule.within_km,
        "inside": rings[0] if len(rings) == 1 else rings,
    }
    return _said({"status": rule.status, "clause": rule.clause, "where": _said(where), "note": rule.note})


def to_toml(proposal: Proposal) -> str:
    """
    Write a proposal as the text of its file, ``geo/scenarios/<id>.toml``.

    Read again, the text gives an equal proposal; written again, the same text. `mapcore check` accepts it where each
    rule matches land.

    Examples
    --------
    >>> import mapcore
    >>> print(mapcore.to_toml(mapcore.load_proposal("us-28-point")).splitlines()[0])
    id = "us-28-point"
    """
    content = to_content(proposal)
    lines = [f"{key} = {_value(value)}" for key, value in content.items() if not _is_table(value)]
    for name, parameter in content.get("parameters", {}).items():
        lines += ["", f"[parameters.{name}]", *_pairs(parameter)]
    for key, rows in content.items():
        if isinstance(rows, list) and _is_table(rows):
            for row in rows:
                lines += ["", f"[[{key}]]", *_pairs(row)]
    return "\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict))


def _pairs(table: dict[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(_pairs(value)) + " }"
    if isinstance(value, list):
        return _list(value)
    return str(value)


def _list(items: list[Any]) -> str:
    """Write a list on one line, or each entry on its own where they are sentences, or points of an outline."""
    shown = [_value(item) for item in items]
    short = sum(map(len, shown)) <= 70 and all(
        isinstance(item, str) or not isinstance(items[0], list) for item in items
    )
    return f"[{', '.join(shown)}]" if short else "[\n" + "".join(f"    {item},\n" for item in shown) + "]"
