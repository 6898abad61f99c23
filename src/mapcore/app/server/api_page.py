"""The page that describes the API to people: which answers there are, their keys, examples to copy; plain HTML."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any, Final

import jinja2

from mapcore.app.server.api_description import KEYS, own_parameters, parameter_words
from mapcore.app.server.api_limits import Limits
from mapcore.app.server.api_resources import METADATA, RESOURCES, Resource
from mapcore.base import memory
from mapcore.base.data_files import WEB_DIR
from mapcore.base.language import DEFAULT_LANGUAGE, language, languages, mark, number_text, tr
from mapcore.base.schema import DEFAULT_COMPARE, DEFAULT_PROPOSAL
from mapcore.base.sources import data_version

#: The address that examples have where the reader's own cannot be told.
LOCAL: Final = "http://localhost:8501/api/v1/"
_ADDRESS: Final = re.compile(r"https?://[\w.:\[\]-]+(/[\w.~-]+)*/api/v1/")
#: By the program that runs each; `docs/api.md` has the same.
EXAMPLES: Final = {
    "curl": f"""\
curl "{LOCAL}areas?proposal=us-28-point"
curl -o areas.csv "{LOCAL}areas.csv?proposal=us-28-point"
curl -o areas.metadata.json "{LOCAL}areas.metadata.json?proposal=us-28-point"
""",
    "Python": f"""\
import geopandas as gpd
import pandas as pd

api = "{LOCAL}"
areas = pd.read_csv(api + "areas.csv?proposal=us-28-point")
print(areas.groupby("status")[["area_km2"]].sum().round())
zones = gpd.read_file(api + "zones.geojson?proposal=donetsk-narrow-buffer&depth_km=40")
print(zones.crs, len(zones))
""",
    "R": f"""\
api <- "{LOCAL}"
areas <- read.csv(paste0(api, "areas.csv?proposal=us-28-point"), fileEncoding = "UTF-8-BOM")
print(aggregate(area_km2 ~ status, areas, sum))
""",
}
_HOW: Final = (
    mark(
        "The values and keys in JSON are those of the command line with --json; in GeoJSON those of its export. The "
        "keys of an address are those of the dashboard's links. Areas are in km²."
    ),
    mark(
        "CSV is one table with one header row and no comment, with the unit in the name of each column: "
        "it pastes into a spreadsheet or a chart tool. What goes with it (method, sources, licence, data "
        "version, caveats) is at the same address with the ending .metadata.json. Without an ending, the "
        "header Accept decides."
    ),
)
_SAID: Final = (
    mark(
        "Every site may read here with a script of its own. Each answer has an ETag, so that If-None-Match is answered"
        " with 304 until the answer changes, and in the header Data-Version 12 digits that change with the data."
    ),
    mark(
        "What cannot be answered gets 400, or 404 where something is named that is not there, in JSON: where, what, "
        "way_out. An unknown key is refused and not passed over."
    ),
    mark(
        "One address may ask {per_minute} times a minute, and {burst} times at once; over that comes 429 with "
        "Retry-After. Where many ask at once, 503 says the same."
    ),
    mark(
        "Only built-in proposals and lines of contact are here. A viewer's own proposal is answered with "
        "proposal=own and its rules in own, as its link has them; such an answer is kept for nobody."
    ),
)


@memory.shared
def _template() -> jinja2.Template:
    source = (WEB_DIR / "api/page.html").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)


@memory.shared
def _style() -> str:
    return (WEB_DIR / "api/page.css").read_text(encoding="utf-8")


def policy() -> str:
    """Return the policy of the page: its own style, and no request at all."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'"


def page(address: str, limits: Limits) -> str:
    """Return the page in the language in use, with examples for the address at which it is read."""
    root = address if _ADDRESS.fullmatch(address) else LOCAL
    return _template().render(
        lang=language(),
        languages=languages(),
        home="" if language() == DEFAULT_LANGUAGE else f"?lang={language()}",
        style=_style(),
        words=_words(limits),
        answers=[_answer(name, kind) for name, kind in RESOURCES.items()],
        keys={key: tr(meaning) for key, meaning in KEYS.items()}
        | {name: parameter_words(*found) for name, found in own_parameters().items()},
        examples={name: code.replace(LOCAL, root) for name, code in EXAMPLES.items()},
    )


def _words(limits: Limits) -> dict[str, Any]:
    asked = {"per_minute": number_text(limits.per_minute), "burst": number_text(limits.burst)}
    return {
        "title": tr("Data by address"),
        "about": tr("What each proposal would mean on the map, as JSON, CSV and GeoJSON for programs and charts."),
        "how": [tr(text) for text in _HOW],
        "machines": tr("The same for machines:"),
        "language": tr("Language"),
        "answers": tr("Answers"),
        "keys_title": tr("Keys"),
        "examples": tr("Examples"),
        "rules": tr("Rules"),
        "said": [tr(text).format(**asked) for text in _SAID],
        "version": tr("Data version {version}").format(version=data_version()),
    }


def _answer(name: str, kind: Resource) -> dict[str, Any]:
    example = {"proposal": DEFAULT_PROPOSAL, "compare": DEFAULT_COMPARE, "name": "Kramatorsk"}
    asked = "&".join([*(f"{key}={example[key]}" for key in kind.keys[: kind.needed]), *_lang()])
    forms = {form: f"{name}.{form}{'?' if asked else ''}{asked}" for form in (*kind.forms, METADATA)}
    return {"name": name, "meaning": tr(kind.meaning), "forms": forms, "asked": kind.keys}


def _lang() -> list[str]:
    return [] if language() == DEFAULT_LANGUAGE else [f"lang={language()}"]
