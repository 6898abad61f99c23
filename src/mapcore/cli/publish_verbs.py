"""The verbs of the `mapcore` command that write files for others."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final

from mapcore.analysis.compare import OVERS
from mapcore.base.extras import needs
from mapcore.base.language import mark, number_text, tr, trn
from mapcore.land.contact_line import Control
from mapcore.present.wording import AREA_UNITS
from mapcore.publish.on_request import export, export_overview
from mapcore.publish.view_content import Subject

# The libraries that draw are an extra and take a second to load: the verbs that need them import them when they run.

EPILOGS: Final = {
    "export": mark("""
The ending of FILE says the format: png, svg (pictures), pdf (a brief on one page), html (an interactive map that opens
offline), geojson, gpkg (shapes), csv, xlsx (figures), bib, txt (citations). The same input gives the same bytes.
Links in the file lead to the address of --link-base, or are query strings for any mapcore dashboard or site.

examples:
  mapcore export us-28-point --out plan.png --size social --theme dark
  mapcore export us-28-point --out plan.svg --frame country
  mapcore export donetsk-narrow-buffer --set depth_km=40 --out buffer.gpkg
  mapcore export us-28-point --compare line-as-is --out change.pdf
  mapcore export us-28-point --compare line-as-is --question recognised --lang uk --out change.png
"""),
    "overview": mark("""
All proposals on one sheet: a small map of each on the same land, from what Ukraine and Russia would withdraw, net, with
ranges, and one legend. The ending of FILE says the format: png, svg, pdf (A3). The same input gives the same bytes.

examples:
  mapcore overview --out all.pdf
  mapcore overview --out all.png --lang uk --units mi2
"""),
    "site": mark("""
Writes index.html with all proposals and comparisons into a new or empty folder, or over an older copy. Any file host
serves it; it also opens from a disk, and asks for nothing outside. Its links have the keys of the dashboard's. It holds
each language; --lang is only about what this command answers.

examples:
  mapcore site --out public
  mapcore site --out public --link-base https://maps.example.org/
"""),
}


def add_arguments(
    exported: argparse.ArgumentParser, overview: argparse.ArgumentParser, site: argparse.ArgumentParser
) -> None:
    """Add what `export`, `overview` and `site` take, apart from line and parameters, which others take too."""
    exported.add_argument("proposal", metavar="PROPOSAL", help=tr("id of a proposal, as `mapcore proposals` lists it"))
    exported.add_argument("--compare", metavar="ID", help=tr("show what differs between PROPOSAL (A) and this one (B)"))
    exported.add_argument(
        "--question", default="all", choices=OVERS, help=tr("what differs, with --compare (default: %(default)s)")
    )
    exported.add_argument(
        "--size", default="print", help=tr("of a picture: print, social, square, portrait or 1600x900")
    )
    text = tr("of a picture and a brief: what changes and the front, or the whole country (default: %(default)s)")
    exported.add_argument("--frame", default="subject", choices=("subject", "country"), help=text)
    for parser in (exported, overview):
        parser.add_argument(
            "--out", required=True, metavar="FILE", help=tr("file to write; its ending says the format")
        )
        parser.add_argument("--theme", default="light", choices=("light", "dark"), help=tr("of a picture"))
        parser.add_argument("--units", default="km2", choices=AREA_UNITS, help=tr("of areas (default: %(default)s)"))
    site.add_argument("--out", required=True, metavar="DIR", help=tr("folder to write"))
    for parser in (exported, site):
        parser.add_argument(
            "--link-base", default="", metavar="URL", help=tr("address that links in the files lead to")
        )


def export_answer(subject: Subject, arguments: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Write a view to the file that the arguments name; return the answer as JSON and as text."""
    path = Path(arguments.out)
    size = export(
        subject, path, size=arguments.size, theme=arguments.theme, units=arguments.units, base=arguments.link_base,
        over=arguments.question, frame=arguments.frame,
    )  # fmt: skip
    return _written(path, size)


def overview_answer(control: Control, arguments: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Write all proposals on one sheet to the file that the arguments name; return the answer as JSON and as text."""
    path = Path(arguments.out)
    return _written(path, export_overview(path, control=control, units=arguments.units, theme=arguments.theme))


def _written(path: Path, size: int) -> tuple[dict[str, Any], str]:
    sentence = trn("{path}: {count} byte", "{path}: {count} bytes", size).format(path=path, count=number_text(size))
    return {"file": str(path), "bytes": size}, sentence


def site_answer(control: Control, arguments: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Write the static site into the folder that the arguments name; return the answer as JSON and as text."""
    with needs("publish"):
        from mapcore.publish.site import write_site  # noqa: PLC0415

    sizes = write_site(Path(arguments.out), control=control, base=arguments.link_base)
    content = {"folder": arguments.out, "files": len(sizes), "bytes": sum(sizes.values())}
    sentence = tr("{folder}: {files} files, {bytes} bytes; open index.html").format(
        folder=arguments.out, files=number_text(len(sizes)), bytes=number_text(content["bytes"])
    )
    return content, sentence
