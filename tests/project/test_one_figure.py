"""One quantity reads the same wherever it is shown: pages, command line, pictures, tables, exports, site."""

import html
import io
import json
import math
import re
from itertools import product

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapcore import compare, load_control, load_proposal, load_proposals, measure_proposal, spread
from mapcore.analysis.compare import OVERS, answer_columns
from mapcore.analysis.metrics import NotComputableError
from mapcore.analysis.quantities import LEDGER_KEYS, evaluate
from mapcore.app.parts import change_figures, flow_picture, html_table, line_figures, page_elements, proposal_figures
from mapcore.base.language import languages, speaking, tr
from mapcore.cli import main
from mapcore.cli.text_answers import areas_text, compare_text
from mapcore.land.boundaries import oblast_names
from mapcore.measurement.areas import ledger_figure
from mapcore.measurement.ranges import Range
from mapcore.present.difference_classes import ALIKE, alike_by_holder, alike_words, classes, totals, words_of
from mapcore.present.map_geometry import piece_ids
from mapcore.present.matrix import build_matrix
from mapcore.present.tooltips import change_words, zone_words
from mapcore.present.wording import (
    AREA_UNITS,
    area,
    area_number,
    area_text,
    figure_text,
    lead_words,
    ledger_words,
    number,
    range_text,
    unit_labels,
)
from mapcore.proposals.shipped import load_statuses
from mapcore.publish.build_content import make_sheet
from mapcore.publish.export import Wishes, export
from mapcore.publish.tables_out import figure_rows, zone_table
from mapcore.publish.view_content import Chosen
from mapcore.publish.web_page import overview, view_words

IDS = [proposal.id for proposal in load_proposals()]
VIEWS = list(product(AREA_UNITS, languages()))
#: Each text against the line as it stands and against one that says something on every question.
PAIRS = [*((one, "line-as-is") for one in IDS), *((one, "russia-claim") for one in IDS)]
LEFT_OPEN = {
    ("russia-claim", "russia_leaves"),
    ("donetsk-narrow-buffer", "recognised_as_russian"),
    ("free-economic-zone", "recognised_as_russian"),
    ("twenty-point", "recognised_as_russian"),
    ("twenty-point-zone", "recognised_as_russian"),
    ("european-24-point", "recognised_as_russian"),
    ("joint-administration-zone", "recognised_as_russian"),
    ("joint-administration-zone", "russia_leaves"),
    ("russia-national-guard", "recognised_as_russian"),
    ("russia-national-guard", "russia_leaves"),
    ("russia-anchorage", "russia_leaves"),
}


def measured(proposal):
    return measure_proposal(load_proposal(proposal))


def compared(a, b):
    return compare(measured(a), measured(b))


def plain(markup):
    return re.sub(r"[ \n]+", " ", html.unescape(re.sub(r"<[^>]*>", " ", markup))).strip()


def cells(markup):
    """The rows of the first table of a page, each a list of the texts of its cells; a figure and its range in one."""
    body = markup.split("<tbody>")[1].split("</tbody>")[0]
    return [[plain(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)] for row in body.split("</tr>")[:-1]]


def entries(markup):
    """What is written in each place of a list of figures, by its label."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", markup, flags=re.DOTALL))


@pytest.mark.parametrize(("units", "code"), VIEWS)
@pytest.mark.parametrize("proposal", IDS)
def test_a_line_of_the_ledger_reads_the_same_in_every_place(proposal, units, code):
    """A figure with its bounds, or "not specified": the same on map page, Compare, sheets, command line and site."""
    found = measured(proposal)
    with speaking(code):
        page = entries(page_elements.ledger(found, units))
        sides = {row[0]: row[1:] for row in cells(change_figures.ledgers(compare(found, found), units))}
        sheet = {figure.label: figure for figure in make_sheet(found, Chosen(units=units)).figures}
        words = {one["label"]: one for one in view_words(found)["figures"]}
        rows = figure_rows(found, Chosen(units=units)).set_index("figure")
        site = {one["label"]: one for one in overview([found])[0]["figures"]}
        listed = areas_text(found).splitlines()
        for key, (label, _) in ledger_words().items():
            figure = ledger_figure(found, key)
            shown, bounds = figure_text(figure, units)
            assert (figure is None) == (shown == tr("Not specified"))
            assert page[html.escape(lead_words().get(key, label))].startswith(html.escape(shown)), key
            assert sides[label] == [f"{shown} {bounds}".strip()] * 2, key
            assert (sheet[label].text, sheet[label].bounds) == (shown, bounds), key
            assert (words[label]["text"][units], words[label]["bounds"][units]) == (shown, bounds), key
            assert rows.loc[label, "shown"] == (f"{shown} ({bounds})" if bounds else shown), key
            assert pd.isna(rows.loc[label].iloc[1]) == (figure is None), key
            if units == "km2":
                assert site[label]["text"] == shown.replace(unit_labels()["km2"], "").rstrip(), key
                line = next(line for line in listed if line.startswith(label))
                assert re.search(rf"\s{re.escape(shown)}(\s|$)", line), key


@pytest.mark.parametrize("proposal", IDS)
def test_json_claims_spread_and_matrix_follow_the_same_rule(proposal, capsys):
    found = measured(proposal)
    assert main.main(["areas", proposal, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)["ledger"]
    lines = spread(found.proposal, [load_control("2025-12-02")])
    for key in LEDGER_KEYS:
        figure = ledger_figure(found, key)
        if figure is None:
            assert content[f"{key}_km2"] is None
            assert lines.loc[key].isna().all()
            with pytest.raises(NotComputableError, match="does not specify it"):
                evaluate("ledger", proposal=proposal, key=key)
        else:
            assert content[f"{key}_km2"] == round(figure.value, 6)
            assert (lines.loc[key] == figure.value).all()
            assert evaluate("ledger", proposal=proposal, key=key) == figure
    cell = next(row for row in build_matrix([found]).rows if row.id == "buffer").cells[0]
    figure = ledger_figure(found, "demilitarised")
    assert cell.specified == (figure is not None)
    shown, bounds = figure_text(figure, "km2")
    assert cell.lines[0].endswith(f"{shown} ({bounds})" if bounds else shown if figure else "not specified")


def test_what_a_text_leaves_open_is_known():
    silent = {(one, key) for one in IDS for key in LEDGER_KEYS if ledger_figure(measured(one), key) is None}
    assert silent == LEFT_OPEN | {("e3-counter", key) for key in LEDGER_KEYS if key != "held_by_russia_now"}


def test_a_claim_on_what_a_text_leaves_open_has_no_zero():
    """Asked of a part of the country too; where the text leaves nothing open there, zero is an answer."""
    with pytest.raises(NotComputableError, match="does not specify it"):
        evaluate("leaves", proposal="e3-counter", holder="russia", oblasts=("UA-14",))
    with pytest.raises(NotComputableError, match="does not specify it"):
        evaluate("gains", proposal="e3-counter", holder="ukraine")
    assert evaluate("leaves", proposal="e3-counter", holder="russia", oblasts=("UA-46",)).value == 0
    assert evaluate("leaves", proposal="line-as-is", holder="russia").value == 0


@pytest.mark.parametrize(("units", "code"), VIEWS)
@pytest.mark.parametrize("proposal", IDS)
def test_a_zone_reads_the_same_in_every_place(proposal, units, code):
    found = measured(proposal)
    with speaking(code):
        table = {tuple(row[:3]): row[3:] for row in cells(proposal_figures.zones_html(found, units))}
        tips = zone_words(found, units=units)
        exported = {tuple(row[:3]): row[3:] for row in view_words(found)["table"]["rows"][units]}
        listed = areas_text(found)
        bars = plain(" ".join(re.findall(r'aria-label="([^"]*)"', proposal_figures.bars(found, units, dark=False))))
        holders = page_elements.wording.holder_words()
        for piece, row in zip(piece_ids(found.zones), found.zones.itertuples(), strict=True):
            figure = Range(row.area_km2, row.low_km2, row.high_km2)
            shown, bounds = area_text(figure.value, units), range_text(figure, units)
            status = load_statuses()[row.status]
            key = (oblast_names()[row.oblast], tr(status.label), holders[row.held_by])
            tip = plain(tips[piece]["tip"])
            assert shown in tip, key
            assert (tr("Range: {bounds}").format(bounds=bounds) in tip) == (bounds != shown), key
            details = plain(page_elements.zone_details(found, f"{row.oblast}.{row.held_by}", units, dark=False))
            assert shown in details, key
            assert bounds in details, key
            if key in table:
                assert table[key][:3] == [area_number(km2, units) for km2 in (row.area_km2, row.low_km2, row.high_km2)]
                assert re.search(rf"\b{re.escape(table[key][3])}\s?%", details), key
                assert table[key][4] == area_number(row.contested_km2, units), key
            if row.contested_km2:
                assert area_text(row.contested_km2, units) in tip, key
                assert area_text(row.contested_km2, units) in details, key
            if key in exported:
                assert exported[key][:2] == [shown, bounds], key
        for row in found.by_status.itertuples():
            shown = area_text(row.area_km2, units)
            if row.status != "retained" and units == "km2":
                assert shown in listed
            if row.oblast in proposal_figures.touched(found):
                assert f"{tr(load_statuses()[row.status].label)}: " in bars
                assert shown in bars


@pytest.mark.parametrize(("units", "code"), [("km2", "uk"), ("mi2", "en")])
@pytest.mark.parametrize("over", OVERS)
@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_everything_on_compare_answers_the_question_of_its_map(a, b, over, units, code):
    """Headline, legend, flows, tables, files and the page in one file say what the map shows."""
    comparison = compared(a, b)
    with speaking(code):
        chosen = Chosen(units=units, over=over)
        changed, alike = totals(comparison, over)
        sizes = [area_text(one.value, units) for one in (changed, alike)]
        told = change_figures.sums(comparison, over, units)
        assert [plain(size) for size in re.findall(r"<dd>(.*?)<small>", told)] == sizes
        assert not changed.value or sizes[0] in plain(change_figures.headline(comparison, over, units))
        sheet = make_sheet(comparison, chosen)
        assert [figure.text for figure in sheet.figures] == sizes
        found = {(one.a_words, one.b_words): figure_text(one.area_km2, units) for one in classes(comparison, over)}
        legend = plain(change_figures.legend(comparison, over, units, dark=False))
        kinds = {tuple(row[:2]): row[-3:] for row in cells(kinds_html(comparison, over, units))}
        assert set(kinds) == set(found)
        for (ours, theirs), (shown, bounds) in found.items():
            assert f"A {ours} B {theirs} {shown}{f' ({bounds})' if bounds else ''}" in legend
            assert tr("{number} {unit}").format(number=kinds[ours, theirs][0], unit=unit_labels()[units]) == shown
        parts = alike_by_holder(comparison, over)
        assert math.fsum(part.value for part in parts.values()) == pytest.approx(alike.value)
        shown_alike = [area_text(part.value, units) for part in parts.values()]
        assert [figure.text for _, figure in sheet.legend] == [shown for shown, _ in found.values()] + shown_alike
        for words, shown in zip((alike_words()[holder] for holder in parts), shown_alike, strict=True):
            assert f"{words} {shown}" in legend
        rows = change_figures.oblasts(comparison, units, over)
        assert rows[f"{tr('Area, {unit}').format(unit=unit_labels()[units])}"].sum() == pytest.approx(
            area(changed.value, units)
        )
        page = view_words(comparison, chosen)
        shown = cells(html_table.areas_html(rows, units))
        told = [[row[0], row[1], row[2], *row[-3:-2]] for row in shown]
        unit = unit_labels()[units]
        offered = [[row[0], row[1], row[2], row[3].replace(unit, "").rstrip()] for row in page["table"]["rows"][units]]
        assert sorted(told) == sorted(offered)
        pieces = zone_table(comparison, units, over=over)
        column = "area_km2" if units == "km2" else "area_sq_mi"
        assert pieces.loc[pieces["changed"], column].sum() == pytest.approx(area(changed.value, units), abs=0.01)
        tips = change_words(comparison, over, units=units)
        coloured = [word["status"] not in dict(ALIKE.values()) for word in tips.values()]
        assert coloured == list(pieces["changed"])
        if changed.value:
            picture = plain(flow_picture.picture(comparison, units, dark=False, over=over))
            assert all(words_of(over, answer) in picture for answer in answers(comparison, over))


def kinds_html(comparison, over, units):
    return html_table.areas_html(change_figures.kinds(comparison, units, over), units)


def answers(comparison, over):
    return {getattr(change, side) for change in classes(comparison, over) for side in ("a", "b")}


def test_a_file_of_a_comparison_says_its_question():
    comparison = compared("us-28-point", "russia-claim")
    told = {over: export(comparison, "csv", Wishes(over=over)).decode() for over in OVERS}
    for over, text in told.items():
        assert f"# question: {over}\n" in text
        rows = pd.read_csv(io.StringIO(text), comment="#")
        ours, theirs = (rows[column] for column in answer_columns(over))
        if over != "all":
            assert (rows["changed"] == (ours != theirs)).all()
        assert rows.loc[rows["changed"], "area_km2"].sum() == pytest.approx(totals(comparison, over)[0].value, abs=0.01)
    assert len(set(told.values())) == len(OVERS)


def test_excel_has_the_same_figure_on_each_sheet():
    found = measured("us-28-point")
    book = openpyxl.load_workbook(io.BytesIO(export(found, "xlsx")))
    names, *sums = book["Figures"].values
    figure = next(
        row for row in (dict(zip(names, row, strict=True)) for row in sums) if row["figure"] == "Demilitarised"
    )
    head, *rows = book["Zones"].values
    zones = [dict(zip(head, row, strict=True)) for row in rows]
    zone = next(row for row in zones if row["regime"] == "demilitarised")
    shown, bounds = figure_text(Range(zone["area_km2"], zone["low_km2"], zone["high_km2"]), "km2")
    assert figure["shown"] == f"{shown} ({bounds})"
    assert [figure[column] for column in ("km2", "low_km2", "high_km2")] == [
        zone[column] for column in ("area_km2", "low_km2", "high_km2")
    ]


@given(st.floats(min_value=0, max_value=600_000))
def test_a_table_rounds_the_full_value_once(km2):
    """5,414.7 is 5,410; rounded to 5,415 first it was 5,420."""
    for units in AREA_UNITS:
        head = f"Area, {unit_labels()[units]}"
        shown = cells(html_table.areas_html(pd.DataFrame({head: [area(km2, units)]}), units))
        assert shown == [[number(area(km2, units))]]
        assert area_text(km2, units) == f"{shown[0][0]} {unit_labels()[units]}"


def test_known_figures_that_were_rounded_twice():
    assert number(5414.7) == "5,410"
    found = measured("us-28-point")
    crimea = next(row for row in cells(proposal_figures.zones_html(found, "km2")) if row[0] == "Crimea")
    assert crimea[3:6] == ["26,350"] * 3
    assert "26,350 km²" in areas_text(found)
    assert "26,350 km²" in compare_text(compared("us-28-point", "line-as-is"))


def test_lines_side_by_side_say_not_specified_too():
    found = measured("e3-counter")
    told = cells(line_figures.spread_table(found, [load_control("2025-12-02"), load_control("2022-02-23")], "km2"))
    assert {row[0]: row[1] for row in told}["Russia would withdraw from"] == "Not specified"
