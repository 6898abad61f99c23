"""The `mapcore` command: arguments, exit codes, error printing."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from mapcore.areas import Measured, measure_proposal
from mapcore.control import list_controls, load_control
from mapcore.errors import MapcoreError, ParameterError
from mapcore.scenario import load_proposal, load_proposals, load_statuses, read_proposal
from mapcore.schema import DEFAULT_CONTROL, UNITS
from mapcore.theme import LEDGER_WORDS, area_text, range_text


def _proposals(_: argparse.Namespace) -> tuple[Any, str]:
    rows = [
        {"id": found.id, "title": found.title, "by": found.by, "date": found.date.isoformat()}
        for found in load_proposals()
    ]
    return rows, "\n".join(f"{row['id']:24} {row['date']}  {row['title']} ({row['by']})" for row in rows)


def _controls(_: argparse.Namespace) -> tuple[Any, str]:
    found = [load_control(control_id) for control_id in list_controls()]
    rows = [
        {"id": line.id, "as_of": line.as_of.isoformat(), "source": line.source, "error_km": line.error_km}
        for line in found
    ]
    return rows, "\n".join(
        f"{row['id']:12} as of {row['as_of']}, ±{row['error_km']} km: {row['source']}" for row in rows
    )


def _parameters(pairs: list[str]) -> dict[str, float]:
    chosen = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        try:
            chosen[name] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise ParameterError(f"--set {pair}: write a name and a number, such as --set depth_km=30")
    return chosen


def _zone_rows(measured: Measured) -> list[dict[str, Any]]:
    rows = pd.DataFrame(measured.zones.drop(columns="geometry"))
    keys = ["area_km2", "low_km2", "high_km2", "share_of_oblast"]
    merged = rows.groupby(["oblast", "status"], as_index=False)[keys].sum()
    return [
        {str(key): round(value, 6) if isinstance(value, float) else value for key, value in row.items()}
        for row in merged.to_dict("records")
    ]


def _areas(arguments: argparse.Namespace) -> tuple[Any, str]:
    measured = measure_proposal(
        load_proposal(arguments.proposal),
        control=load_control(arguments.control),
        parameters=_parameters(arguments.set),
    )
    zones = _zone_rows(measured)
    ledger = asdict(measured.ledger)
    answer = {
        "proposal": measured.proposal.id,
        "control": measured.control.id,
        "zones": zones,
        "ledger": {f"{key}_km2": round(figure["value"], 6) for key, figure in ledger.items()},
    }
    labels = load_statuses()
    lines = [f"{measured.proposal.title}, on the line of {measured.control.as_of}", ""]
    lines += [
        f"  {LEDGER_WORDS[key][0]:28} {area_text(getattr(measured.ledger, key).value, 'km2'):>14}"
        f"   ({range_text(getattr(measured.ledger, key), 'km2')})"
        for key in ledger
    ]
    lines.append("")
    lines += [
        f"  {UNITS[row['oblast']]:18} {labels[row['status']].label:38} {area_text(row['area_km2'], 'km2'):>12}"
        f" {row['share_of_oblast']:7.1%}"
        for row in zones
        if row["status"] != "retained"
    ]
    return answer, "\n".join([*lines, "", measured.control.attribution])


def _check(arguments: argparse.Namespace) -> int:
    problems = []
    for name in arguments.files:
        try:
            read_proposal(Path(name))
        except MapcoreError as problem:
            problems.append(str(problem))
    print(json.dumps(problems) if arguments.json else "\n".join(problems) or "no problem found")
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mapcore",
        description="Measure what each proposal for ending Russia's war against Ukraine means on the map.",
        epilog="Example: mapcore areas us-28-point --json",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, text: str, work: Any) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=text)
        added.add_argument("--json", action="store_true", help="answer in JSON instead of a table")
        added.set_defaults(work=work)
        return added

    verb("proposals", "List the proposals.", _proposals)
    verb("controls", "List the lines of contact.", _controls)
    areas = verb("areas", "Measure a proposal: its zones and its ledger, with ranges.", _areas)
    areas.add_argument("proposal", help="id of a proposal, as `mapcore proposals` lists it")
    areas.add_argument("--control", default=DEFAULT_CONTROL, help="id of a line of contact (default: %(default)s)")
    areas.add_argument("--set", action="append", default=[], metavar="NAME=KM", help="set a parameter: depth_km=30")
    check = verb("check", "Check proposal files; one line a problem.", None)
    check.add_argument("files", nargs="+", metavar="FILE", help="a proposal in TOML")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 fine, 1 an answer that fails, 2 a refusal with one line on stderr."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.verb == "check":
            return _check(chosen)
        answer, text = chosen.work(chosen)
    except MapcoreError as problem:
        print(f"mapcore: {problem}", file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False, indent=2) if chosen.json else text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
