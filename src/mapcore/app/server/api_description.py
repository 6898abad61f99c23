"""The API described for machines: OpenAPI 3.1 in the language in use, from what the answers themselves are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import mapcore
from mapcore.analysis.compare import OVERS
from mapcore.app.server.api_answers import MEDIA
from mapcore.app.server.api_resources import (
    FEW_FOUND,
    FEW_PLACES,
    METADATA,
    MOST_NAME,
    MOST_OFFSET,
    MOST_PLACES,
    RESOURCES,
)
from mapcore.base.data_files import shipped_controls
from mapcore.base.language import DEFAULT_LANGUAGE, languages, mark, tr
from mapcore.base.schema import DEFAULT_CONTROL, UNITS
from mapcore.base.sources import data_version
from mapcore.present.wording import ledger_words
from mapcore.proposals import viewer
from mapcore.proposals.shipped import Parameter, Proposal, load_proposals, load_statuses
from mapcore.publish.answer_tables import COLUMNS, LIKELY, Column

Schema = dict[str, Any]

#: What each key asks, for `tr`.
KEYS: Final = {
    "proposal": mark("The proposal, A where two are compared: an id, or own with the rules in own."),
    "compare": mark("The proposal that it is compared with, B."),
    "control": mark("The line of contact, a built-in one."),
    "likely": mark("true adds the ranges that 90 % of randomly displaced lines fall into."),
    "question": mark("With compare: all three questions, or one of them."),
    "name": mark("A part of the name, in Latin or Ukrainian letters."),
    "oblast": mark("First-level unit, ISO 3166-2 code."),
    "status": mark("Only settlements with this status under one of the proposals."),
    "limit": mark("How many settlements."),
    "offset": mark("How many settlements are left out before the first one."),
    "own": mark("The rules of a viewer's own proposal, as a link of the dashboard holds them."),
    "v": mark("The version of the data that the answer is to be of, as links hold it; another one is refused."),
    "lang": mark("The language of words in answers and refusals; ids, keys and names of columns stay as they are."),
}
_SEVERAL: Final = mark("Proposals separated by commas; all built-in ones where it is left out.")
_NAMED: Final = mark(
    "A name, present or former, in Ukrainian, Latin or Russian letters; its beginning will do, and a slip or two."
)
_CHANGES: Final = mark("Whether one of the proposals makes its holder, recognition or regime another one than now.")
_PARAMETER: Final = mark("{label}, {unit}: {low} to {high}; of {proposal} alone.")
_ABOUT: Final = mark(
    "What each territorial proposal for ending Russia's war against Ukraine would mean on the map. The values are "
    "those of the command line. Read by everybody from any site; nothing is written."
)
_FORMS: Final = {
    "json": mark("{answer} In JSON."),
    "csv": mark("{answer} One table in CSV, with no comment in it."),
    "geojson": mark("{answer} In GeoJSON."),
    METADATA: mark("What goes with the table: method, sources, licence, data version, caveats, columns."),
}
_REFUSED: Final = {
    "400": mark("The question cannot be: where, what is wrong, and the way out."),
    "404": mark("A proposal, line, oblast, status or address is named that is not there."),
    "406": mark("The form that Accept names is not one of the answer's."),
    "429": mark("Too many questions from one address; Retry-After says when there is a turn."),
    "503": mark("Too many questions at once; Retry-After says when to ask again."),
}


def description() -> Schema:
    """Return the document; its server is given relative to its own address, so that it holds behind any prefix."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "mapcore",
            "version": mapcore.__version__,
            "summary": tr("Data by address"),
            "description": tr(_ABOUT),
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": "../v1"}],
        "paths": {path: {"get": operation} for name in RESOURCES for path, operation in _operations(name)},
        "components": {
            "schemas": _schemas(),
            "parameters": _parameters(),
            "headers": _headers(),
            "responses": _responses(),
        },
    }


def _operations(name: str) -> Iterable[tuple[str, Schema]]:
    kind = RESOURCES[name]
    yield f"/{name}", _operation(name, "", kind.forms)
    for form in (*kind.forms, METADATA):
        yield f"/{name}.{form}", _operation(name, form, (form,))


def _operation(name: str, form: str, forms: Iterable[str]) -> Schema:
    kind = RESOURCES[name]
    content = {MEDIA[answer_form].partition(";")[0]: {"schema": _schema(name, answer_form)} for answer_form in forms}
    meaning = tr(_FORMS[form]).format(answer=tr(kind.meaning)) if form else tr(kind.meaning)
    refused = {code: _component("responses", code) for code in _REFUSED if code != "406" or not form}
    headers = ["ETag", "Data-Version", "Link", *(["Total-Count"] if name == "places" and form != METADATA else [])]
    return {
        "operationId": "_".join([name, *filter(None, [form.replace(".", "_")])]),
        "summary": meaning,
        "parameters": [_component("parameters", key) for key in _keys_of(name)],
        "responses": {
            "200": {
                "description": meaning,
                "headers": {key: _component("headers", key) for key in headers},
                "content": content,
            },
            "304": _component("responses", "304"),
            **refused,
        },
    }


def _keys_of(name: str) -> list[str]:
    kind = RESOURCES[name]
    keys = [f"{key}_needed" if place < kind.needed else key for place, key in enumerate(kind.keys)]
    if kind.several:
        keys = ["proposals" if key == "proposal" else key for key in keys]
    if kind.few == FEW_FOUND:
        keys = ["limit_found" if key == "limit" else key for key in keys]
    return [*keys, *(["own", *own_parameters()] if kind.measures else []), "v", "lang"]


def own_parameters() -> dict[str, tuple[Proposal, Parameter]]:
    """Return each parameter of a shipped proposal with the proposal that has it."""
    return {
        name: (proposal, parameter) for proposal in load_proposals() for name, parameter in proposal.parameters.items()
    }


def parameter_words(proposal: Proposal, one: Parameter) -> str:
    """Return what a parameter asks, and what may be answered."""
    return tr(_PARAMETER).format(
        label=tr(one.label), unit=tr(one.unit), low=f"{one.min:g}", high=f"{one.max:g}", proposal=proposal.id
    )


def _parameters() -> Schema:
    proposals = [*(shipped_proposal.id for shipped_proposal in load_proposals()), viewer.LINK_ID]
    schemas: dict[str, Schema] = {
        "proposal": {"type": "string", "enum": proposals},
        "compare": {"type": "string", "enum": proposals},
        "control": {"type": "string", "enum": sorted(shipped_controls()), "default": DEFAULT_CONTROL},
        "likely": {"type": "string", "enum": ["false", "true"], "default": "false"},
        "question": {"type": "string", "enum": list(OVERS), "default": "all"},
        "name": {"type": "string", "minLength": 1, "maxLength": MOST_NAME},
        "oblast": {"type": "string", "enum": list(UNITS)},
        "status": {"type": "string", "enum": list(load_statuses())},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST_PLACES, "default": FEW_PLACES},
        "offset": {"type": "integer", "minimum": 0, "maximum": MOST_OFFSET, "default": 0},
        "own": {"type": "string", "maxLength": viewer.MAX_LINK_CHARS},
        "v": {"type": "string", "enum": [data_version()]},
        "lang": {"type": "string", "enum": list(languages()), "default": DEFAULT_LANGUAGE},
    }
    found = {key: _in_query(key, tr(KEYS[key]), schema) for key, schema in schemas.items()}
    found |= {f"{key}_needed": found[key] | {"required": True} for key in ("proposal", "compare")}
    found["name_needed"] = _in_query("name", tr(_NAMED), schemas["name"]) | {"required": True}
    found["limit_found"] = _in_query("limit", tr(KEYS["limit"]), schemas["limit"] | {"default": FEW_FOUND})
    several = {"type": "array", "items": {"type": "string", "enum": proposals}}
    found["proposals"] = _in_query("proposal", tr(_SEVERAL), several) | {"style": "form", "explode": False}
    for name, (proposal, parameter) in own_parameters().items():
        schema = {"type": "number", "minimum": parameter.min, "maximum": parameter.max, "default": parameter.default}
        words = parameter_words(proposal, parameter)
        found[name] = _in_query(name, words, schema)
    return found


def _in_query(name: str, words: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _headers() -> Schema:
    words = {
        "ETag": tr("The tag of the answer, for If-None-Match."),
        "Data-Version": tr("12 hexadecimal digits that change when any data file changes."),
        "Link": tr("Where the metadata are (describedby), and the next part of a list (next)."),
        "Total-Count": tr("How many there are in all."),
    }
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in words.items()}


def _responses() -> Schema:
    """Return the answers that are none, by their status."""
    content = {"application/problem+json": {"schema": _component("schemas", "Problem")}}
    known = {"304": {"description": tr("The client has it already, as its If-None-Match says.")}}
    return {**known, **{code: {"description": tr(words), "content": content} for code, words in _REFUSED.items()}}


def _component(kind: str, name: str) -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def _schema(name: str, form: str) -> Schema:
    if form == "csv":
        return {"type": "string"}
    if form == METADATA:
        return _component("schemas", "metadata")
    return _component("schemas", name)


def _object(properties: Schema, *, optional: Iterable[str] = ()) -> Schema:
    left_out = set(optional)
    needed = [key for key in properties if key not in left_out]
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _of(columns: Iterable[Column], *names: str) -> Schema:
    """Return the properties of an object whose keys are columns of a table, all or those named."""
    return {
        column.name: {
            "type": [column.kind, "null"] if column.may_be_empty else column.kind,
            "description": tr(column.meaning),
        }
        for column in columns
        if not names or column.name in names
    }


_PLACE = (
    "id", "katottg", "name_en", "name_uk", "former_names", "oblast", "raion", "lat", "lon", "population", "held_by",
    "distance_km",
)  # fmt: skip
_UNDER = ("proposal", "status", "holder", "recognised", "regime", "moves", "sure", "distance_km")


_EFFECT = (
    *("proposal", "control", "measure", "of", "when", "unit", "value", "low", "high", "lat", "lon"),
    *("start_lat", "start_lon"),
)


def _schemas() -> Schema:
    text: Schema = {"type": "string"}
    open_area: Schema = {"type": ["number", "null"]}
    likely = _object({column.name: open_area for column in LIKELY})
    contested = _of(COLUMNS["ledger"], "contested_km2")["contested_km2"]
    places = _list_of(_object({
        **_of(COLUMNS["places"], *_PLACE),
        "changes": {"type": "boolean", "description": tr(_CHANGES)},
        "proposals": _list_of(_object(_of(COLUMNS["places"], *_UNDER))),
        **_of(COLUMNS["places"], "control"),
        **_of(COLUMNS["controls"], "error_km"),
        "source": text,
    }))  # fmt: skip
    zone = ("oblast", "status", "area_km2", "low_km2", "high_km2", "contested_km2", "share_of_oblast")
    areas = {
        **_of(COLUMNS["areas"], "proposal", "control"),
        "zones": _list_of(_object(_of(COLUMNS["areas"], *zone))),
        "ledger": _object({
            f"{key}_km2": open_area | {"description": f"{label}. {meaning}"}
            for key, (label, meaning) in ledger_words().items()
        }),
        "contested_km2": _object(dict.fromkeys(ledger_words(), contested)),
        "likely": _object({
            **{key: {"type": "number"} for key in ("share", "error_km", "correlation_km", "draws", "seed")},
            "zones": _list_of(_object(_of(COLUMNS["areas"], "oblast", "status") | _of(LIKELY))),
            "ledger": _object(dict.fromkeys(ledger_words(), likely)),
        }),
    }  # fmt: skip
    return {
        "proposals": _list_of(_object(_of(COLUMNS["proposals"]))),
        "controls": _list_of(_object(_of(COLUMNS["controls"]))),
        "areas": _object(areas, optional=["likely"]),
        "ledger": _list_of(_object(_of(COLUMNS["ledger"], "proposal", "control", "figure", *zone[2:6]))),
        "effects": _list_of(_object(_of(COLUMNS["effects"], *_EFFECT))),
        "compare": _object({
            **_of(COLUMNS["compare"], "a", "b"),
            "question": {"type": "string", "enum": list(OVERS)},
            "changes": _list_of(_object(_of(COLUMNS["compare"], "oblast", "from", "to", "area_km2"))),
            "unchanged_km2": {"type": "number"},
        }),
        "claims": _list_of(_object(_of(COLUMNS["claims"]))),
        "place": places,
        "places": places,
        "zones": {"type": "object", "description": "RFC 7946", "required": ["type", "features", "mapcore"]},
        "metadata": {
            "type": "object",
            "required": [
                "title", "method", "licence", "attribution", "data_version", "language", "caveats", "sources",
                "data_files", "columns",
            ],
        },
        "Problem": _object({
            "type": text, "title": text, "status": {"type": "integer"}, "detail": text, "where": text, "what": text,
            "way_out": text,
        }),
    }  # fmt: skip
