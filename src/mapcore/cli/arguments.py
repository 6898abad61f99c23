"""The arguments of the `mapcore` command: its verbs, what each takes, and what its help says."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import pairwise
from typing import NoReturn

import mapcore
from mapcore.analysis.compare import OVERS
from mapcore.base import language
from mapcore.base.errors import did_you_mean
from mapcore.base.language import mark, tr
from mapcore.base.safe_text import from_the_shell
from mapcore.base.schema import DEFAULT_CONTROL
from mapcore.cli import argparse_words, dashboard_verb, effects_verb, line_verbs, place_verb, publish_verbs, verbs
from mapcore.cli.text_answers import Answer
from mapcore.land.provenance import DEFAULT_ERROR_KM


class _Parser(argparse.ArgumentParser):
    """Refuses in one line that ends with the way to learn more."""

    def error(self, message: str) -> NoReturn:
        way_out = tr("{problem}; try '{command} --help'").format(problem=message, command=self.prog)
        self.exit(2, f"{self.prog.split()[0]}: {way_out}\n")


_EPILOG = mark("""examples:
  mapcore proposals
  mapcore areas us-28-point
  mapcore areas --help
  mapcore --lang uk --help

exit codes: 0 fine, 1 an answer that fails (a problem under check), 2 a refusal, one line on stderr""")
_EPILOGS = {
    "proposals": mark("""
examples:
  mapcore proposals                      the ids that `mapcore areas` takes
  mapcore proposals --json | jq '.[].id'
"""),
    "controls": mark("""
Each line of contact says who held what on one date; its error is how far it may be off, in km. Your own lines, which
`mapcore control` adds, are marked.

examples:
  mapcore controls
  mapcore controls --json
"""),
    "areas": mark("""
The ledger compares who holds the land now with who would hold it: "net" is what Ukraine would withdraw from minus what
Russia would withdraw from. The range comes from moving the whole line of contact by its error, outwards and inwards.
Areas are geodesic; shares are of the oblast as measured here. In JSON, the zones add up to the country; a row of the
ledger that the text leaves open is null.

examples:
  mapcore areas us-28-point
  mapcore areas donetsk-narrow-buffer --set depth_km=40
  mapcore areas russia-claim --json | jq .ledger
  mapcore areas us-28-point --likely     with the range that 90 % of randomly displaced lines fall into
"""),
    "compare": mark("""
Both are measured on the same line. Land on which they agree who holds it, whose it is recognised as and which military
regime applies is unchanged; the rest is listed by what it changes from and to.

examples:
  mapcore compare us-28-point free-economic-zone
  mapcore compare line-as-is us-28-point --json | jq .unchanged_km2
  mapcore compare us-28-point russia-claim --question holder    in who holds the land alone
"""),
    "claims": mark("""
Each published figure is compared with ours on the line. It agrees if our range, widened by how the figure is rounded,
takes it in. In JSON, stated, computed, low, high and difference are in the claim's own unit, difference being ours less
the stated one; they are null where the figure cannot be computed.

examples:
  mapcore claims
  mapcore claims --json | jq '.[] | select(.verdict == "differs") | .statement'
"""),
    "series": mark("""
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
"""),
    **publish_verbs.EPILOGS,
    "dashboard": dashboard_verb.EPILOG,
    "effects": effects_verb.EPILOG,
    "place": place_verb.EPILOG,
    "check": mark("""
Prints one line a problem: file, key, what is wrong, the way out. Files are also checked against each other for one id,
and each rule against the default line: one that matches no land there is reported. Exit code 1 if there is a problem.

examples:
  mapcore check my-proposal.toml
  mapcore check geo/scenarios/*.toml --json
"""),
}


def language_asked_for(arguments: list[str]) -> str:
    """Return the code after `--lang`, before the arguments are parsed: help and refusals are in that language too."""
    before_rest = arguments[: arguments.index("--")] if "--" in arguments else arguments
    code = language.DEFAULT_LANGUAGE
    for word, following in pairwise([*before_rest, ""]):
        option, equals, value = word.partition("=")
        if len(option) > len("--l") and "--lang".startswith(option):
            code = value if equals else following or code
    return code


def _add_language(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--lang", default=default, metavar="CODE", help=tr("language of the answer, such as uk"))


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command, in the language in use; what it parses has the verb's work as `work`."""
    argparse_words.speak()
    parser = _Parser(
        prog="mapcore",
        description=tr("Measure what each proposal for ending Russia's war against Ukraine means on the map."),
        epilog=tr(_EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_language(parser, language.DEFAULT_LANGUAGE)
    text = tr("show program's version number and exit")
    parser.add_argument("--version", action="version", version=f"mapcore {mapcore.__version__}", help=text)
    added_verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=_Parser)

    def verb(name: str, text: str, work: Callable[[argparse.Namespace], Answer]) -> argparse.ArgumentParser:
        added = added_verbs.add_parser(
            name,
            help=tr(text),
            description=tr(text),
            epilog=tr(_EPILOGS[name]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.add_argument("--json", action="store_true", help=tr("answer in JSON instead of a table"))
        _add_language(added, argparse.SUPPRESS)
        added.set_defaults(work=work)
        return added

    verb("proposals", mark("List the proposals."), verbs.proposals_answer)
    areas = verb("areas", mark("Measure a proposal: its ledger and its zones, with ranges."), verbs.areas_answer)
    areas.add_argument("proposal", metavar="PROPOSAL", help=tr("id of a proposal, as `mapcore proposals` lists it"))
    compared = verb("compare", mark("Say what changes between two proposals."), verbs.compare_answer)
    for name in ("a", "b"):
        compared.add_argument(name, metavar=name.upper(), help=tr("id of a proposal"))
    text = tr("in what they are compared (default: %(default)s)")
    compared.add_argument("--question", default="all", choices=OVERS, help=text)
    effects = effects_verb.with_arguments(
        verb("effects", mark("Say what proposals do to the land, beyond km²."), verbs.effects_answer)
    )
    claims = verb("claims", mark("Compare published figures with ours."), verbs.claims_answer)
    exported = verb(
        "export", mark("Write a proposal, or what changes between two, to a file for others."), verbs.export_answer
    )
    overview = verb(
        "overview", mark("Write all proposals on one sheet, with their lead figures."), verbs.overview_answer
    )
    site = verb("site", mark("Write all proposals and comparisons as a folder for any file host."), verbs.site_answer)
    publish_verbs.add_arguments(exported, overview, site)
    place = verb("place", mark("Say what a settlement is under every proposal."), place_verb.place_answer)
    place_verb.add_arguments(place)
    for subparser in (areas, compared, effects, claims, exported, overview, site, place):
        subparser.add_argument(
            "--control", default=DEFAULT_CONTROL, metavar="ID", help=tr("line of contact (default: %(default)s)")
        )
    for subparser in (areas, compared, effects, exported):
        subparser.add_argument(
            "--set", action="append", default=[], metavar="NAME=KM", help=tr("set a parameter: depth_km=30")
        )
    areas.add_argument("--likely", action="store_true", help=tr("add likely ranges: 90 %% of randomly displaced lines"))
    verb("controls", mark("List the lines of contact."), verbs.controls_answer)
    line_verbs.add_verbs(added_verbs, _Parser)
    archive = verb("series", mark("Measure all proposals on each day of an archive of lines."), verbs.series_answer)
    archive.add_argument(
        "archive", metavar="ARCHIVE", help=tr("folder, pattern or zip of daily files, or a combined file")
    )
    archive.add_argument("--out", required=True, metavar="DIR", help=tr("folder of the table, made if need be"))
    text = tr("only this proposal; may be repeated")
    archive.add_argument("--proposal", dest="proposals", action="append", default=[], metavar="ID", help=text)
    line_verbs.add_reading(archive)
    archive.add_argument(
        "--source", type=from_the_shell, default="", metavar="TEXT", help=tr("who published it; goes into the table")
    )
    archive.add_argument(
        "--licence", type=from_the_shell, default="", metavar="TEXT", help=tr("its licence; goes into the table")
    )
    archive.add_argument(
        "--attribution", type=from_the_shell, default="", metavar="TEXT", help=tr("its credit; goes into the table")
    )
    archive.add_argument(
        "--error-km", type=float, default=DEFAULT_ERROR_KM, metavar="KM", help=tr("how far its lines may be off")
    )
    archive.add_argument(
        "--days", metavar="DIR", help=tr("folder of measured days (default: days/ in the one of --out)")
    )
    text = tr("json: a line for each day as it ends, and the answer as the last one")
    archive.add_argument("--progress", choices=["json"], help=text)
    archive.add_argument("--workers", type=_count, metavar="N", help=tr("processes (default: as many as cores)"))
    archive.add_argument("--scheduler", metavar="ADDRESS", help=tr("a Dask scheduler instead of processes here"))
    check = verb("check", mark("Check proposal files."), verbs.check_answer)
    check.add_argument("files", nargs="+", metavar="FILE", help=tr("a proposal in TOML"))
    dashboard_verb.add_arguments(verb("dashboard", mark("Serve the dashboard to a browser."), dashboard_verb.serve))
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(
            tr("invalid number of processes: '{text}'; write a whole number from 1 on").format(text=text)
        )
    return int(text)


def verb_hint(arguments: list[str]) -> str | None:
    """Return the sentence for a verb that does not exist, which argparse would answer with a list."""
    words = arguments[2:] if arguments[:1] == ["--lang"] else arguments
    verb = next((word for word in words if not word.startswith("-")), None)
    known = sorted([*_EPILOGS, "control"])
    if verb is None or verb in known:
        return None
    return tr("no verb '{verb}'").format(verb=verb) + did_you_mean(verb, known)
