"""What the verbs of the `mapcore` command answer, as JSON and as text."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from mapcore.analysis.claims import check_claims
from mapcore.analysis.compare import compare
from mapcore.analysis.series import run
from mapcore.base.data_files import display_path
from mapcore.base.errors import ParameterError, Problem, ProposalError
from mapcore.base.language import exact_text, number_text, tr, trn
from mapcore.base.schema import DEFAULT_CONTROL
from mapcore.base.table_reader import MAX_TOLD
from mapcore.cli import effects_verb, line_verbs, publish_verbs
from mapcore.cli.progress import end_with_reader, tell_in_json, tell_on_terminal
from mapcore.cli.text_answers import (
    Answer,
    areas_text,
    claims_text,
    compare_text,
    series_content,
    series_text,
    text_table,
)
from mapcore.land.provenance import Provenance
from mapcore.lines.catalogue import load_control, scan_controls
from mapcore.lines.user_lines import is_user_line
from mapcore.measurement.areas import measure_proposal
from mapcore.measurement.likely import likely_ranges
from mapcore.outside.confined_archive import open_archive
from mapcore.outside.confined_rules import check_file
from mapcore.proposals.shipped import (
    Proposal,
    load_proposal,
    load_proposals,
    read_proposals,
    scan_proposals,
)
from mapcore.publish.answers import (
    areas_content,
    claims_content,
    compare_content,
    line_content,
    measure_together,
    proposals_content,
)


def proposals_answer(_: argparse.Namespace) -> Answer:
    """List the proposals."""
    proposals = load_proposals()
    content = proposals_content(proposals)
    head = [tr("id"), tr("dated"), tr("title"), tr("by")]
    rows = [head, *([row["id"], row["date"], tr(row["title"]), tr(row["by"])] for row in content)]
    return Answer(content, text_table(rows), notices=scan_proposals()[1])


def controls_answer(_: argparse.Namespace) -> Answer:
    """List the lines of contact, and say which files of lines are refused."""
    ids, notices = scan_controls()
    controls = [load_control(control_id) for control_id in ids]
    rows = [
        [
            control.id,
            control.as_of.isoformat(),
            tr("±{distance} km").format(distance=exact_text(provenance.error_km)),
            tr("own") if is_user_line(control.id) else "",
            tr(provenance.source),
        ]
        for control in controls
        for provenance in [control.provenance]
    ]
    text = text_table([[tr("id"), tr("as of"), tr("error"), "", tr("source")], *rows])
    return Answer(list(map(line_content, controls)), text, notices=notices)


def _parameters(pairs: list[str]) -> dict[str, float]:
    chosen: dict[str, float] = {}
    for pair in pairs:
        name, _, value = (part.strip() for part in pair.partition("="))
        if name in chosen:
            raise ParameterError(tr("--set {pair}: {name} is set twice; set it once").format(pair=pair, name=name))
        try:
            chosen[name] = float(value)
        except ValueError:
            sentence = tr("--set {pair}: write a name and a number, such as --set depth_km=30")
            raise ParameterError(sentence.format(pair=pair)) from None
    return chosen


def areas_answer(arguments: argparse.Namespace) -> Answer:
    """Measure a proposal."""
    measured = measure_proposal(
        load_proposal(arguments.proposal),
        control=load_control(arguments.control),
        parameters=_parameters(arguments.set),
    )
    likely = likely_ranges(measured) if arguments.likely else None
    return Answer(areas_content(measured, likely), areas_text(measured, likely))


def series_answer(arguments: argparse.Namespace) -> Answer:
    """Measure an archive, and tell of each day as it ends."""
    in_lines = arguments.progress == "json"
    if in_lines:
        end_with_reader()
    series = run(
        open_archive(
            arguments.archive,
            reading=line_verbs.reading_of(arguments),
            provenance=Provenance(
                arguments.source, arguments.licence, arguments.attribution, error_km=arguments.error_km
            ),
        ),
        arguments.out,
        proposals=[load_proposal(proposal_id) for proposal_id in arguments.proposals] or None,
        workers=arguments.workers,
        scheduler=arguments.scheduler,
        kept=arguments.days,
        on_day=tell_in_json if in_lines else tell_on_terminal,
    )
    skipped = tr("skipped {day}: {reason}")
    notices = tuple(skipped.format(day=entry.date or entry.name, reason=entry.reason) for entry in series.skipped)
    content = series_content(series)
    return Answer(content, json.dumps(content) if in_lines else series_text(series), notices=notices)


def compare_answer(arguments: argparse.Namespace) -> Answer:
    """Compare two proposals on one line."""
    control, chosen = load_control(arguments.control), _parameters(arguments.set)
    proposals = [load_proposal(arguments.a), load_proposal(arguments.b)]
    comparison = compare(*measure_together(proposals, control=control, parameters=chosen))
    over = arguments.question
    return Answer(compare_content(comparison, over), compare_text(comparison, over))


def effects_answer(arguments: argparse.Namespace) -> Answer:
    """Say what proposals do to the land."""
    return effects_verb.effects_answer(arguments, _parameters(arguments.set))


def claims_answer(arguments: argparse.Namespace) -> Answer:
    """Hold the published figures against ours on a line."""
    control = load_control(arguments.control)
    checked = check_claims(control=control)
    return Answer(claims_content(checked), claims_text(checked, control))


def _idle(path: Path, rules: Sequence[int]) -> tuple[Problem, ...]:
    """Say which rules of a file match no land."""
    problem = tr("matches no land on the line of {date}").format(date=DEFAULT_CONTROL)
    reasons = problem, tr("correct its oblasts or held_by, or delete it")
    listed = [Problem(display_path(path), f"zones[{index}]", *reasons) for index in rules]
    return ProposalError(*listed[:MAX_TOLD], more=max(0, len(listed) - MAX_TOLD)).told()


def check_answer(arguments: argparse.Namespace) -> Answer:
    """Check the files, each by itself, against each other for one id, and each rule against the default line."""
    idle: dict[Path, tuple[int, ...]] = {}

    def read(path: Path) -> Proposal:
        proposal, idle[path] = check_file(path)
        return proposal

    sound, problems_found = read_proposals(map(Path, arguments.files), read=read)
    problems = [*problems_found, *(problem for path in sound for problem in _idle(path, idle[path]))]
    fine = trn("no problem found in {count} file", "no problem found in {count} files", len(sound))
    text = "\n".join(map(str, problems)) if problems else fine.format(count=number_text(len(sound)))
    return Answer([asdict(problem) for problem in problems], text, code=1 if problems else 0)


def export_answer(arguments: argparse.Namespace) -> Answer:
    """Write a proposal, or what changes between two, to a file."""
    control, chosen = load_control(arguments.control), _parameters(arguments.set)
    proposals = [load_proposal(name) for name in (arguments.proposal, arguments.compare) if name]
    measured = measure_together(proposals, control=control, parameters=chosen)
    subject = compare(*measured) if arguments.compare else measured[0]
    return Answer(*publish_verbs.export_answer(subject, arguments))


def overview_answer(arguments: argparse.Namespace) -> Answer:
    """Write all proposals on one sheet to a file."""
    return Answer(*publish_verbs.overview_answer(load_control(arguments.control), arguments))


def site_answer(arguments: argparse.Namespace) -> Answer:
    """Write all proposals and comparisons as a folder."""
    return Answer(*publish_verbs.site_answer(load_control(arguments.control), arguments))
