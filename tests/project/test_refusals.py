"""Every refusal is in the reader's language: none is written without a look-up, many are raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box
from support.paths import ROOT

import mapcore
from mapcore.analysis import known_areas
from mapcore.analysis.quantities import quantity, settle_arguments
from mapcore.base import data_files, errors, geometry, typed_numbers
from mapcore.base.errors import MapcoreError
from mapcore.base.language import speaking
from mapcore.base.limits import Limits
from mapcore.base.records import record_of
from mapcore.land import boundaries, contact_line
from mapcore.lines import catalogue, importing
from mapcore.outside import download_terms, snapshot_download
from mapcore.proposals import reader

#: What looks a text up; `did_you_mean` does it itself.
LOOK_UPS = {"tr", "trn", "trc", "did_you_mean"}
#: Functions that take the words of a refusal, beside the classes of `mapcore.base.errors`.
REFUSALS = {"Problem", "refusal", "wrong", "note", "_refusal", "_problem", "ArgumentTypeError"}
REFUSALS |= {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, MapcoreError)}
#: A file of the data and a table in it, which stand before the words.
PLACE = re.compile(r"geo/[\w./]+: [\w.]+\[|, |--[a-z-]+ ")
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def name_of(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def words_without_look_up(value: ast.AST, assigned: dict[str, list[ast.AST]], depth: int = 3) -> Iterator[str]:
    """Yield each piece of text that a value is made of, and that no catalogue knows; variables are followed."""
    if isinstance(value, ast.Call) and name_of(value) in LOOK_UPS:
        return
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        if " " in PLACE.sub("", value.value) and re.search(r"[^\W\d_]{3,}", PLACE.sub("", value.value)):
            yield value.value
    elif isinstance(value, ast.Name) and depth:
        for before in assigned.get(value.id, []):
            yield from words_without_look_up(before, assigned, depth - 1)
    else:
        for part in ast.iter_child_nodes(value):
            yield from words_without_look_up(part, assigned, depth)


def assignments(function: ast.AST) -> dict[str, list[ast.AST]]:
    found: dict[str, list[ast.AST]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def untold(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the words of each refusal that is written without a look-up."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in [tree, *functions]:
        assigned = assignments(scope) if scope is not tree else {}
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and name_of(node) in REFUSALS:
                for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                    for words in words_without_look_up(argument, assigned):
                        yield node.lineno, words


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_refusal_is_written_without_a_look_up(path):
    found = sorted(set(untold(ast.parse(path.read_text(encoding="utf-8")))))
    assert found == [], f"{path.name}: put these words through tr with named values (CONTRIBUTING, Write a text)"


@pytest.mark.parametrize(
    "code",
    [
        "raise ParameterError('is not a number')",
        "raise ParameterError(f'{x}: is out of range; choose less')",
        "raise errors.DataFileError(Problem(str(p), 'key', tr('must be a list'), 'write a list'))",
        "def f():\n    told = 'is not there'\n    raise UnknownIdError(told)",
        "def f():\n    told = f'{x} is not there'\n    raise UnknownIdError(told.format(x=1))",
        "raise UnknownIdError(tr('{x} is not there').format(x='the other one'))",
        "self.note('key', tr('must be a list'), 'write' + ' a list')",
        "raise FetchError('cannot be ' + tr('reached'))",
    ],
)
def test_the_check_finds_words_without_a_look_up(code):
    assert list(untold(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "raise ParameterError(tr('{x}: is not a number').format(x=x))",
        "raise DataFileError(Problem(file, f'zones[{n}].where', tr('must be a list'), tr('write one')))",
        "raise UnknownIdError(tr('no line {id}').format(id=i) + did_you_mean(i, known))",
        "def f():\n    told = tr('is not there')\n    raise UnknownIdError(told)",
        "raise FetchError(f'{a}: {b}; {c}')",
    ],
)
def test_the_check_lets_pass_what_is_looked_up(code):
    assert not list(untold(ast.parse(code)))


#: Latin words that a refusal may have in any language: names of files, keys, ids, functions, options, formats, units.
KEPT = re.compile(
    r"""
    (?:є|такі|має|одну\sз\sтаких|одиниць|на\sувазі):\s.*$        # a list of ids at the end
    | ^[\w.-]+:\s[\w.\[\]]+: | ^[\w.-]+(?:\[\d+\])?(?:\.\w+)*: | ^\w+\sдля   # the file and the key, at the start
    | [\w./-]*/[\w./*-]+ | [\w-]+\.(?:toml|csv|geojson|json|kml|zip) | https?\S* | \bUA-\w+
    | --[a-z-]+ | MAPCORE_\w+ | \b\w+\(\) | \b[a-z]+(?:_[a-z0-9]+)+\b
    | «[^»]*» | '[^']*' | "[^"]*" | \[\[?[^\]]*\]\]?
    | \b(?:mapcore|GeoJSON|FeatureCollection|zip|KML|EPSG|ISO|GeoNames|JSON|TOML|UTF-8|True|id|where)\b
    """,
    re.VERBOSE,
)


def oblasts(**columns):
    return gpd.GeoDataFrame(columns or {"iso": ["A"]}, geometry=[box(30, 48, 31, 49)] * 1, crs=4326)


def us():
    return mapcore.load_proposal("us-28-point")


def narrow():
    return mapcore.load_proposal("donetsk-narrow-buffer")


def about(**more):
    return record_of(importing.About, {"as_of": date(2025, 12, 1), "source": "Drawn", "licence": "CC0", **more})


def imported(content, name="line.geojson", **more):
    return lambda: importing.import_bytes(content, name, about=about(**more))


def proposal(text):
    return lambda: reader.read_proposal_text(text.encode(), name="own.toml")


REALLY = {
    "no proposal": lambda: mapcore.load_proposal("us-29-point"),
    "no line": lambda: mapcore.load_control("1991-12-01"),
    "no stretches": lambda: catalogue.load_stretches("1991-12-01"),
    "no parameter": lambda: mapcore.measure_proposal(us(), parameters={"depth_km": 30}),
    "a parameter out of range": lambda: mapcore.measure_proposal(narrow(), parameters={"depth_km": 900}),
    "a parameter that is no number": lambda: mapcore.measure_proposal(narrow(), parameters={"depth_km": True}),
    "oblasts without a column": lambda: boundaries.prepare_oblasts(oblasts(name=["A"])),
    "oblasts without a CRS": lambda: boundaries.prepare_oblasts(oblasts().set_crs(None, allow_override=True)),
    "oblasts twice": lambda: boundaries.prepare_oblasts(pd.concat([oblasts(), oblasts()])),
    "oblasts that overlap": lambda: boundaries.prepare_oblasts(pd.concat([oblasts(), oblasts(iso=["B"])])),
    "held land without a CRS": lambda: contact_line.draw_control(
        gpd.GeoSeries([box(30, 48, 31, 49)]), as_of=date(2025, 12, 1), source="Drawn"
    ),
    "a layer without a CRS": lambda: geometry.geodesic_areas_km2(gpd.GeoSeries([box(30, 48, 31, 49)])),
    "shapes without a CRS": lambda: known_areas.laid_over(gpd.GeoSeries([box(30, 48, 31, 49)]), lon=1, lat=2),
    "no reference": lambda: known_areas.known_area("belgiun"),
    "no quantity": lambda: quantity("heldd"),
    "no argument": lambda: settle_arguments(quantity("held"), {"colour": 1}),
    "no archive": lambda: download_terms.load_archive("deepstat"),
    "before the first day": lambda: snapshot_download.fetch_control(
        today=date(2025, 12, 1), on=date(1999, 1, 1), accepted=True
    ),
    "a figure": lambda: typed_numbers.implied_rounding("about five"),
    "a number": lambda: typed_numbers.plain_figure("about five"),
    "a limit": lambda: Limits.from_environment({"MAPCORE_LIMIT_FILE_MB": "many"}),
    "a data file": lambda: data_files.geo_path("no-such-file.csv"),
    "an empty file": imported(b""),
    "a web page": imported(b"<html><body>Not found</body></html>"),
    "broken JSON": imported(b'{"type": "FeatureCollection"'),
    "another JSON": imported(b'{"error": 1}'),
    "no polygon": imported(b'{"type": "Point", "coordinates": [37, 48]}'),
    "a broken zip": imported(b"PK\x03\x04" + bytes(40), "line.zip"),
    "broken KML": imported(b"<kml><Document>", "line.kml"),
    "no source": imported(b"{}", source=""),
    "no licence": imported(b"{}", licence=""),
    "an error out of range": imported(b"{}", error_km=-1.0),
    "broken TOML": proposal("id = "),
    "a proposal of nothing": proposal(""),
    "keys that are unknown": proposal('idd = "x"\ntitle = 5\ndate = "today"\norder = "first"\nzones = 3\n'),
    "a rule": proposal('[[zones]]\nstatus = "gone"\nclause = "9"\nwhere = { oblasts = ["UA-99"], held_by = "me" }\n'),
}  # fmt: skip


@pytest.mark.parametrize("refused", REALLY.values(), ids=REALLY)
def test_a_refusal_has_no_english_on_a_ukrainian_page(refused, home):
    with speaking("uk"), pytest.raises(MapcoreError, match=r"[а-яіїє]") as problem:
        refused()
    for line in str(problem.value).splitlines():
        words = re.findall(r"[A-Za-z]{2,}", KEPT.sub(" ", line))
        assert words == [], line
    assert home
