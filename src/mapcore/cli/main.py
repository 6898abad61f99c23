"""The `mapcore` command: arguments, exit codes, error printing."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import mapcore
from mapcore.analysis.claims import check_claims
from mapcore.analysis.compare import compare
from mapcore.analysis.series import run
from mapcore.base import language
from mapcore.base.data_files import display_path
from mapcore.base.errors import MapcoreError, ParameterError, Problem, ProposalError, UnknownIdError, did_you_mean
from mapcore.base.language import tr
from mapcore.base.safe_text import from_the_shell
from mapcore.base.schema import DEFAULT_CONTROL
from mapcore.base.table_reader import MAX_TOLD
from mapcore.cli import dashboard_verb, line_verbs, publish_verbs
from mapcore.cli.progress import end_with_reader, tell_in_json, tell_on_terminal
from mapcore.cli.text_answers import (
    Answer,
    areas_text,
    claims_content,
    claims_text,
    compare_content,
    compare_text,
    ledger_content,
    likely_content,
    rounded,
    series_content,
    series_text,
    text_table,
)
from mapcore.land.contact_line import Control
from mapcore.land.provenance import DEFAULT_ERROR_KM, Provenance
from mapcore.lines.catalogue import load_control, scan_controls
from mapcore.lines.user_lines import is_user_line
from mapcore.measure.areas import Measured, measure_proposal
from mapcore.measure.likely import likely_ranges
from mapcore.outside.confined_archive import open_archive
from mapcore.outside.confined_lines import READERS
from mapcore.outside.confined_rules import check_file
from mapcore.proposals.shipped import (
    Proposal,
    load_proposal,
    load_proposals,
    read_proposals,
    scan_proposals,
    settle_parameters,
)


def _proposals(_: argparse.Namespace) -> Answer:
    proposals = load_proposals()
    content = [one.row() | {"date": one.date.isoformat()} for one in proposals]
    rows = [["id", "date", "title", "by"], *([row[key] for key in ("id", "date", "title", "by")] for row in content)]
    return Answer(content, text_table(rows), notices=scan_proposals()[1])


def _controls(_: argparse.Namespace) -> Answer:
    ids, notices = scan_controls()
    controls = [load_control(control_id) for control_id in ids]
    rows = [
        [
            one.id,
            one.as_of.isoformat(),
            f"±{provenance.error_km:g} km",
            "own" if is_user_line(one.id) else "",
            provenance.source,
        ]
        for one in controls
        for provenance in [one.provenance]
    ]
    text = text_table([["id", "as of", "error", "", "source"], *rows])
    return Answer([line_verbs.line_content(line) for line in controls], text, notices=notices)


def _parameters(pairs: list[str]) -> dict[str, float]:
    chosen = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            chosen[name.strip()] = float(value)
        except ValueError:
            sentence = tr("--set {pair}: write a name and a number, such as --set depth_km=30")
            raise ParameterError(sentence.format(pair=pair)) from None
    return chosen


def _areas(arguments: argparse.Namespace) -> Answer:
    measured = measure_proposal(
        load_proposal(arguments.proposal),
        control=load_control(arguments.control),
        parameters=_parameters(arguments.set),
    )
    keys = ["oblast", "status", "area_km2", "low_km2", "high_km2", "share_of_oblast"]
    rows = measured.by_status[keys].to_dict("records")
    content = {
        "proposal": measured.proposal.id,
        "control": measured.control.id,
        "zones": [{str(key): rounded(value) for key, value in row.items()} for row in rows],
        "ledger": ledger_content(measured),
    }
    if not arguments.likely:
        return Answer(content, areas_text(measured))
    likely = likely_ranges(measured)
    return Answer({**content, "likely": likely_content(measured, likely)}, areas_text(measured, likely))


def _series(arguments: argparse.Namespace) -> Answer:
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
        proposals=[load_proposal(one) for one in arguments.proposals] or None,
        workers=arguments.workers,
        scheduler=arguments.scheduler,
        kept=arguments.days,
        on_day=tell_in_json if in_lines else tell_on_terminal,
    )
    notices = tuple(f"skipped {one.date or one.name}: {one.reason}" for one in series.skipped)
    content = series_content(series)
    return Answer(content, json.dumps(content) if in_lines else series_text(series), notices=notices)


def _compare(arguments: argparse.Namespace) -> Answer:
    control, chosen = load_control(arguments.control), _parameters(arguments.set)
    proposals = [load_proposal(arguments.a), load_proposal(arguments.b)]
    comparison = compare(*_measured_together(proposals, control, chosen))
    return Answer(compare_content(comparison), compare_text(comparison))


def _measured_together(proposals: list[Proposal], control: Control, chosen: dict[str, float]) -> list[Measured]:
    """Measure proposals on one line; a parameter goes to whichever of them has it, or is refused by the first."""
    known = {name for proposal in proposals for name in proposal.parameters}
    settle_parameters(proposals[0], {name: value for name, value in chosen.items() if name not in known})
    return [
        measure_proposal(
            proposal,
            control=control,
            parameters={name: value for name, value in chosen.items() if name in proposal.parameters},
        )
        for proposal in proposals
    ]


def _claims(arguments: argparse.Namespace) -> Answer:
    control = load_control(arguments.control)
    checked = check_claims(control=control)
    return Answer(claims_content(checked), claims_text(checked, control))


def _idle(path: Path, rules: Sequence[int]) -> tuple[Problem, ...]:
    """Say which rules of a file match no land."""
    problem = tr("matches no land on the line of {date}").format(date=DEFAULT_CONTROL)
    reasons = problem, tr("correct its oblasts or held_by, or delete it")
    listed = [Problem(display_path(path), f"zones[{index}]", *reasons) for index in rules]
    return ProposalError(*listed[:MAX_TOLD], more=max(0, len(listed) - MAX_TOLD)).told()


def _check(arguments: argparse.Namespace) -> Answer:
    """Check the files, each by itself, against each other for one id, and each rule against the default line."""
    idle: dict[Path, tuple[int, ...]] = {}

    def read(path: Path) -> Proposal:
        proposal, idle[path] = check_file(path)
        return proposal

    sound, problems_found = read_proposals(map(Path, arguments.files), read=read)
    problems = [*problems_found, *(problem for path in sound for problem in _idle(path, idle[path]))]
    fine = f"no problem found in {len(sound)} file{'s' if len(sound) > 1 else ''}"
    text = "\n".join(map(str, problems)) if problems else fine
    return Answer([asdict(problem) for problem in problems], text, code=1 if problems else 0)


def _export(arguments: argparse.Namespace) -> Answer:
    control, chosen = load_control(arguments.control), _parameters(arguments.set)
    proposals = [load_proposal(name) for name in (arguments.proposal, arguments.compare) if name]
    measured = _measured_together(proposals, control, chosen)
    subject = compare(*measured) if arguments.compare else measured[0]
    return Answer(*publish_verbs.export_answer(subject, arguments))


def _site(arguments: argparse.Namespace) -> Answer:
    return Answer(*publish_verbs.site_answer(load_control(arguments.control), arguments))


class _Parser(argparse.ArgumentParser):
    """Refuses in one line that ends with the way to learn more."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog.split()[0]}: {message}; try '{self.prog} --help'\n")


_EPILOGS = {
    "proposals": """
examples:
  mapcore proposals                      the ids that `mapcore areas` takes
  mapcore proposals --json | jq '.[].id'
""",
    "controls": """
Each line of contact says who held what on one date; its error is how far it may be off, in km. Your own lines, which
`mapcore control` adds, are marked.

examples:
  mapcore controls
  mapcore controls --json
""",
    "areas": """
The ledger compares who holds the land now with who would hold it: "net" is what Ukraine leaves minus what Russia
leaves. The range comes from moving the whole line of contact by its error, outwards and inwards. Areas are geodesic;
shares are of the oblast as measured here. In JSON, the zones add up to the country; a line of the ledger that the
text leaves open is null.

examples:
  mapcore areas us-28-point
  mapcore areas donetsk-narrow-buffer --set depth_km=40
  mapcore areas russia-claim --json | jq .ledger
  mapcore areas us-28-point --likely     with the range that 90 % of randomly displaced lines fall into
""",
    "compare": """
Both are measured on the same line. Land on which they agree who holds it, whose it is recognised as and which military
regime applies is unchanged; the rest is listed by what it changes from and to.

examples:
  mapcore compare us-28-point free-economic-zone
  mapcore compare line-as-is us-28-point --json | jq .unchanged_km2
""",
    "claims": """
Each published figure is held against ours on the line. It agrees if our range, widened by how the figure is rounded,
takes it in. In JSON, stated, computed, low, high and difference are in the claim's own unit, difference being ours less
the stated one; they are null where the figure cannot be computed.

examples:
  mapcore claims
  mapcore claims --json | jq '.[] | select(.verdict == "differs") | .statement'
""",
    "series": """
Measures every proposal on the line of each day, read as `mapcore control add` reads it. An archive is a folder, a
pattern or a zip of files of land held by Russia, one a day with the date in its name, or one GeoJSON file, plain or
packed with gzip, whose features have a date. Writes series.parquet, series.csv and skipped.csv. Run it again after an
interruption: days that are there are kept. With --scheduler the work goes to Dask (pip install 'mapcore[cluster]').

examples:
  mapcore series data/ --out history
  mapcore series deepstate-map-data.geojson.gz --out history --proposal line-as-is
  mapcore series 'data/deepstatemap_data_2025*.geojson' --out history --workers 4
  mapcore series data/ --out history --progress json | jq .state
  mapcore series data/ --out history --scheduler tcp://10.0.0.1:8786
""",
    **publish_verbs.EPILOGS,
    "dashboard": dashboard_verb.EPILOG,
    "check": """
Prints one line a problem: file, key, what is wrong, the way out. Files are also checked against each other for one id,
and each rule against the default line: one that matches no land there is reported. Exit code 1 if there is a problem.

examples:
  mapcore check my-proposal.toml
  mapcore check geo/scenarios/*.toml --json
""",
}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mapcore",
        description="Measure what each proposal for ending Russia's war against Ukraine means on the map.",
        epilog="examples:\n  mapcore proposals\n  mapcore areas us-28-point\n  mapcore areas --help\n\n"
        "exit codes: 0 fine, 1 an answer that fails (a problem under check), 2 a refusal, one line on stderr",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"mapcore {mapcore.__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=_Parser)

    def verb(name: str, text: str, work: Callable[[argparse.Namespace], Answer]) -> argparse.ArgumentParser:
        added = verbs.add_parser(
            name,
            help=text,
            description=text,
            epilog=_EPILOGS[name],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.add_argument("--json", action="store_true", help="answer in JSON instead of a table")
        added.add_argument(
            "--lang", default=language.DEFAULT_LANGUAGE, metavar="CODE", help="language of the answer, such as uk"
        )
        added.set_defaults(work=work)
        return added

    verb("proposals", "List the proposals.", _proposals)
    areas = verb("areas", "Measure a proposal: its ledger and its zones, with ranges.", _areas)
    areas.add_argument("proposal", metavar="PROPOSAL", help="id of a proposal, as `mapcore proposals` lists it")
    compared = verb("compare", "Say what changes between two proposals.", _compare)
    for name in ("a", "b"):
        compared.add_argument(name, metavar=name.upper(), help="id of a proposal")
    claims = verb("claims", "Hold published figures against ours.", _claims)
    exported = verb("export", "Write a proposal, or what changes between two, to a file for others.", _export)
    site = verb("site", "Write all proposals and comparisons as a folder for any file host.", _site)
    publish_verbs.add_arguments(exported, site)
    for one in (areas, compared, claims, exported, site):
        one.add_argument(
            "--control", default=DEFAULT_CONTROL, metavar="ID", help="line of contact (default: %(default)s)"
        )
    for one in (areas, compared, exported):
        one.add_argument("--set", action="append", default=[], metavar="NAME=KM", help="set a parameter: depth_km=30")
    areas.add_argument("--likely", action="store_true", help="add likely ranges: 90 %% of randomly displaced lines")
    verb("controls", "List the lines of contact.", _controls)
    line_verbs.add_verbs(verbs, _Parser)
    archive = verb("series", "Measure all proposals on each day of an archive of lines.", _series)
    archive.add_argument("archive", metavar="ARCHIVE", help="folder, pattern or zip of daily files, or a combined file")
    archive.add_argument("--out", required=True, metavar="DIR", help="folder of the table, made if need be")
    text = "only this proposal; may be repeated"
    archive.add_argument("--proposal", dest="proposals", action="append", default=[], metavar="ID", help=text)
    line_verbs.add_reading(archive)
    archive.add_argument(
        "--source", type=from_the_shell, default="", metavar="TEXT", help="who published it; goes into the table"
    )
    archive.add_argument(
        "--licence", type=from_the_shell, default="", metavar="TEXT", help="its licence; goes into the table"
    )
    archive.add_argument(
        "--attribution", type=from_the_shell, default="", metavar="TEXT", help="its credit; goes into the table"
    )
    archive.add_argument(
        "--error-km", type=float, default=DEFAULT_ERROR_KM, metavar="KM", help="how far its lines may be off"
    )
    archive.add_argument("--days", metavar="DIR", help="folder of measured days (default: days/ in the one of --out)")
    text = "json: a line for each day as it ends, and the answer as the last one"
    archive.add_argument("--progress", choices=["json"], help=text)
    archive.add_argument("--workers", type=_count, metavar="N", help="processes (default: as many as cores)")
    archive.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler instead of processes here")
    check = verb("check", "Check proposal files.", _check)
    check.add_argument("files", nargs="+", metavar="FILE", help="a proposal in TOML")
    dashboard_verb.add_arguments(verb("dashboard", "Serve the dashboard to a browser.", dashboard_verb.serve))
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _known_language(code: str) -> str:
    """
    Return the code of a language that there is.

    Raises
    ------
    UnknownIdError
        If there is none; the sentence lists those that there are.
    """
    if code not in language.languages():
        listed = ", ".join(f"{known} ({name})" for known, name in language.languages().items())
        raise UnknownIdError(tr("no language '{code}'; there are: {languages}").format(code=code, languages=listed))
    return code


def _verb_hint(arguments: list[str]) -> str | None:
    """Return the sentence for a verb that does not exist, which argparse would answer with a list."""
    verb = next((word for word in arguments if not word.startswith("-")), None)
    known = sorted([*_EPILOGS, "control"])
    if verb is None or verb in known:
        return None
    return tr("no verb '{verb}'").format(verb=verb) + did_you_mean(verb, known)


def _run(arguments: list[str]) -> int:
    parser = _parser()
    hint = _verb_hint(arguments)
    if hint:
        parser.error(hint)
    chosen = parser.parse_args(arguments)
    with language.speaking(_known_language(getattr(chosen, "lang", language.DEFAULT_LANGUAGE))):
        answer: Answer = chosen.work(chosen)
    for notice in answer.notices:
        print(f"mapcore: {notice}", file=sys.stderr)
    print(json.dumps(answer.content, ensure_ascii=False, indent=2) if chosen.json else answer.text, flush=True)
    return answer.code


def _keep_log(path: str) -> None:
    """Write what libraries stopped at to a file, or nowhere: a refusal is one line."""
    try:
        logging.getLogger("mapcore").addHandler(logging.FileHandler(path) if path else logging.NullHandler())
    except OSError as problem:
        print(f"mapcore: MAPCORE_LOG: {path} cannot be written ({problem.strerror})", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 fine, 1 an answer that fails, 2 a refusal with one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # In the C locale Python writes ASCII; no terminal of today reads that, and not UTF-8.
            plain = (stream.encoding or "").lower() in {"ascii", "ansi_x3.4-1968", "646"}
            stream.reconfigure(encoding="utf-8" if plain else None, errors="replace")
    if arguments is None:
        # This process is the command's own: readers of files are forked from it, and libraries' errors go into a log.
        READERS.from_here = True
        _keep_log(os.environ.get("MAPCORE_LOG", ""))
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except MapcoreError as problem:
        print("mapcore: " + " | ".join(str(problem).splitlines()), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("mapcore: interrupted; what was finished stays", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader, such as `head`, has what it wanted; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
