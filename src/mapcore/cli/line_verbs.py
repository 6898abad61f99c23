"""`mapcore control add`, `fetch` and `remove`: arguments, and the answers to them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from mapcore.base.language import exact_text, mark, tr
from mapcore.base.safe_text import from_the_shell
from mapcore.base.today import today
from mapcore.cli.text_answers import Answer
from mapcore.land.contact_line import Control
from mapcore.land.provenance import DEFAULT_ERROR_KM, Provenance
from mapcore.lines.importing import About, Reading
from mapcore.lines.user_lines import remove_control, save_control
from mapcore.outside.confined_lines import import_file
from mapcore.outside.download_terms import DEFAULT_ARCHIVE, accept_terms, load_archive
from mapcore.publish.answers import line_content

_EPILOGS = {
    "control": mark("""
Own lines lie in the platform's data folder, or where MAPCORE_HOME says. docs/control.md tells what is read and refused.

examples:
  mapcore control add held.geojson --as-of 2025-11-20 --source DeepState
  mapcore control fetch --accept-terms
  mapcore control remove 2025-11-20-deepstate
"""),
    "control add": mark("""
Reads GeoJSON, GeoJSON.gz, GeoPackage, a zipped Shapefile or KML of polygons of held land. Slivers along oblast edges
are removed and told in km². A file that is refused changes nothing.

examples:
  mapcore control add held.geojson --as-of 2025-11-20 --source DeepState --error-km 1
  mapcore control add archive.geojson.gz --as-of 2025-11-20 --source DeepState --id mine
  mapcore control add layers.zip --as-of 2025-11-20 --source ISW --class-field class --class "Assessed control"
"""),
    "control fetch": mark("""
Archives are configured in geo/archives.toml and in archives.toml of your data folder. Their terms are shown first;
--accept-terms accepts them once. Without --date the newest snapshot of the last days is taken.

examples:
  mapcore control fetch
  mapcore control fetch --accept-terms
  mapcore control fetch --date 2025-11-20 --from deepstate --json
"""),
    "control remove": mark("""
examples:
  mapcore control remove 2025-11-20-deepstate
"""),
}


def _kept(line: Control, *, replace: bool) -> Answer:
    """Keep an imported line, and say what was done to it."""
    save_control(line, replace=replace)
    provenance = line.provenance
    content = {**line_content(line), "licence": provenance.licence, "attribution": provenance.attribution}
    head = tr("{id}: {title}, ±{error} km; licence: {licence}").format(
        id=line.id, title=tr(line.title), error=exact_text(provenance.error_km), licence=tr(provenance.licence)
    )
    used = tr("Use it: {command}").format(command=f"mapcore areas us-28-point --control {line.id}")
    return Answer({**content, "notes": list(line.notes)}, "\n".join([head, *line.notes, used]))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = tr("'{text}' is not a date; write it as {example}").format(text=text, example="2025-12-02")
        raise argparse.ArgumentTypeError(sentence) from None


def _control_add(arguments: argparse.Namespace) -> Answer:
    about = About(
        as_of=arguments.as_of,
        provenance=Provenance(arguments.source, arguments.licence, arguments.attribution, arguments.error_km),
        id=arguments.id,
    )
    line = import_file(Path(arguments.file), about=about, reading=reading_of(arguments))
    return _kept(line, replace=arguments.replace)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say how files of polygons are read."""
    parser.add_argument("--held-by", choices=["russia", "ukraine"], default="russia", help=tr("default: %(default)s"))
    parser.add_argument(
        "--class-field", type=from_the_shell, default="", metavar="NAME", help=tr("the property that names the classes")
    )
    parser.add_argument(
        "--class",
        type=from_the_shell,
        dest="classes",
        action="append",
        default=[],
        metavar="TEXT",
        help=tr("one that counts"),
    )
    parser.add_argument("--all-classes", action="store_true", help=tr("count all classes"))
    parser.add_argument("--crs", default="", metavar="EPSG:N", help=tr("coordinate system, where a file does not say"))
    parser.add_argument(
        "--date-field",
        type=from_the_shell,
        default="date",
        metavar="NAME",
        help=tr("of a combined archive; '' for none"),
    )
    parser.add_argument("--confirm", action="store_true", help=tr("take a line that is hard to believe as it is"))


def reading_of(arguments: argparse.Namespace) -> Reading:
    """Return how files are read, from the arguments that `add_reading` added."""
    return Reading(
        held_by=arguments.held_by,
        class_field=arguments.class_field,
        classes=tuple(arguments.classes),
        every_class=arguments.all_classes,
        crs=arguments.crs,
        date_field=arguments.date_field,
        confirmed=arguments.confirm,
    )


def _control_remove(arguments: argparse.Namespace) -> Answer:
    remove_control(arguments.id)
    return Answer({"removed": arguments.id}, tr("{id} was removed").format(id=arguments.id))


def _control_fetch(arguments: argparse.Namespace) -> Answer:
    from mapcore.outside.snapshot_download import fetch_control  # noqa: PLC0415, HTTP is for this verb alone

    day = today()
    if arguments.accept_terms:
        accept_terms(load_archive(arguments.archive), on=day)
    line = fetch_control(
        arguments.archive, today=day, on=arguments.date, refresh=arguments.refresh, confirmed=arguments.confirm
    )
    return _kept(line, replace=True)


def add_verbs(verbs: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add `mapcore control add`, `fetch` and `remove`."""
    shape = {"formatter_class": argparse.RawDescriptionHelpFormatter}
    text = tr("Add a line of contact, or remove one of your own.")
    control = verbs.add_parser("control", help=text, description=text, epilog=tr(_EPILOGS["control"]), **shape)
    works = control.add_subparsers(dest="work_name", required=True, metavar="WORK", parser_class=parser_class)

    def work(name: str, text: str, do: Callable[[argparse.Namespace], Answer]) -> argparse.ArgumentParser:
        texts = {"help": tr(text), "description": tr(text), "epilog": tr(_EPILOGS[f"control {name}"])}
        added: argparse.ArgumentParser = works.add_parser(name, **texts, **shape)
        added.add_argument("--json", action="store_true", help=tr("answer in JSON"))
        added.add_argument(
            "--lang", default=argparse.SUPPRESS, metavar="CODE", help=tr("language of the answer, such as uk")
        )
        added.set_defaults(work=do)
        return added

    add = work("add", mark("Add a line from a file of published polygons."), _control_add)
    add.add_argument("file", metavar="FILE", help=tr("polygons of held land"))
    add.add_argument("--as-of", type=_date, required=True, metavar="DATE", help=tr("the date they are of: 2025-11-20"))
    add.add_argument("--source", type=from_the_shell, required=True, metavar="TEXT", help=tr("who published them"))
    add.add_argument(
        "--licence", type=from_the_shell, default="", metavar="TEXT", help=tr("under which they may be passed on")
    )
    add.add_argument(
        "--attribution", type=from_the_shell, default="", metavar="TEXT", help=tr("the credit shown with each figure")
    )
    error = tr("positional error of the line (default: %(default)s)")
    add.add_argument("--error-km", type=float, default=DEFAULT_ERROR_KM, metavar="KM", help=error)
    add.add_argument("--id", type=from_the_shell, default="", metavar="ID", help=tr("default: date and source"))
    add_reading(add)
    add.add_argument("--replace", action="store_true", help=tr("put it in place of a line of your own with this id"))
    fetch = work("fetch", mark("Download a line from an archive and add it."), _control_fetch)
    fetch.add_argument("--date", type=_date, metavar="DATE", help=tr("default: the newest"))
    fetch.add_argument(
        "--from", dest="archive", default=DEFAULT_ARCHIVE, metavar="ARCHIVE", help=tr("default: %(default)s")
    )
    fetch.add_argument("--accept-terms", action="store_true", help=tr("accept the archive's terms, once"))
    fetch.add_argument("--refresh", action="store_true", help=tr("download again what is in the cache"))
    fetch.add_argument("--confirm", action="store_true", help=tr("take a line that is hard to believe as it is"))
    remove = work("remove", mark("Remove a line of your own."), _control_remove)
    remove.add_argument("id", metavar="ID", help=tr("as `mapcore controls` lists it"))
