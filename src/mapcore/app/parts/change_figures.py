"""What differs between two proposals as light HTML: sums, legend, tables, and a picture of the flows."""

from __future__ import annotations

import html
from typing import Final

import pandas as pd

from mapcore.analysis.compare import QUESTION_WORDS, Comparison, Over, answer_columns, sum_changes, what_words
from mapcore.app.parts import html_table, page_elements
from mapcore.app.session import web_files
from mapcore.base.language import cached, mark, tr
from mapcore.land import boundaries
from mapcore.measurement.areas import Measured, ledger_figure, settles_nothing
from mapcore.measurement.ranges import Range
from mapcore.present import difference_classes, wording
from mapcore.present.difference_classes import words_of
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.publish import first_screen

STYLE: Final = web_files.style("changes.css")


#: In what the two differ, by what they are compared on.
_DIFFER_IN: Final[dict[Over, str]] = {
    "all": mark("In who holds it, whose it is recognised as, or the military regime."),
    "holder": mark("In who holds it."),
    "recognised": mark("In whose it is recognised as."),
    "regime": mark("In the military regime."),
}


@cached(maxsize=64)
def silent(comparison: Comparison) -> str:
    """Say which of the two texts settles nothing."""
    titles = [viewer.title_of(side.proposal) for side in (comparison.a, comparison.b) if settles_nothing(side)]
    open_words = tr(
        "{title} does not settle the future of the land that Russia holds. Where it is compared, one "
        "text gives an answer and the other does not; no land changes hands under that text."
    )
    texts = [html.escape(open_words).format(title=f"<b>{html.escape(title)}</b>") for title in dict.fromkeys(titles)]
    return "".join(f'<p class="meta">{words}</p>' for words in texts)


@cached(maxsize=64)
def headline(comparison: Comparison, over: Over, units: Units) -> str:
    """Return in a headline on how much land A and B differ over a question, and below it what A and B are."""
    return first_screen.difference(comparison, over, units)


@cached(maxsize=64)
def sums(comparison: Comparison, over: Over, units: Units) -> str:
    """Return how much land A and B treat differently over a question and how much alike, with ranges."""
    changed, alike = difference_classes.totals(comparison, over)
    same = tr("The same answer to all three questions.") if over == "all" else tr("The same answer to this question.")
    entries = [
        (tr("A and B differ on"), changed, tr(_DIFFER_IN[over])),
        (tr("A and B treat alike"), alike, same),
    ]
    listed = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd>{wording.area_text(figure.value, units)}"
        f"<small>{html.escape(_bounds(figure, units))} {html.escape(meaning)}</small></dd></div>"
        for label, figure, meaning in entries
    )
    return f'<h2>{html.escape(tr("What differs"))}</h2><dl class="sums">{listed}</dl>'


def _bounds(figure: Range, units: Units) -> str:
    return tr("Range {bounds}.").format(bounds=wording.range_text(figure, units))


def _letters(a_words: str, b_words: str) -> str:
    return f'<p><b class="letter">A</b>{html.escape(a_words)}</p><p><b class="letter">B</b>{html.escape(b_words)}</p>'


@cached(maxsize=64)
def legend(comparison: Comparison, over: Over, units: Units, *, dark: bool) -> str:
    """Return the difference map's legend: each class in plain words with its colour, its area and its range."""
    asked = tr("all three questions") if over == "all" else tr(QUESTION_WORDS[over])
    changed, _ = difference_classes.totals(comparison, over)
    items = [
        f"<li>{page_elements.swatch(change.fill, dark=dark)}<div>{_letters(change.a_words, change.b_words)}"
        f'<p class="sum">{_sized(change.area_km2, units)}</p></div></li>'
        for change in difference_classes.classes(comparison, over)
    ]
    items += [
        f"<li>{page_elements.swatch(difference_classes.ALIKE[holder][1], dark=dark)}<div>"
        f"<p>{html.escape(difference_classes.alike_words()[holder])}</p>"
        f'<p class="sum">{_sized(alike, units)}</p></div></li>'
        for holder, alike in difference_classes.alike_by_holder(comparison, over).items()
    ]
    if contested := wording.contested_legend(comparison.a.control):
        items.append(f'<li><i class="swatch contested"></i><div><p>{html.escape(contested)}</p></div></li>')
    same = tr("A and B give each piece of land the same answer.")
    nothing = "" if changed.value else f"<p>{html.escape(same)}</p>"
    heading = html.escape(tr("Difference map: {question}").format(question=asked))
    return f'<h2>{heading}</h2>{nothing}<ul class="changes">{"".join(items)}</ul>'


def _sized(figure: Range, units: Units) -> str:
    return wording.figure_text(figure, units).with_bounds("<span>({bounds})</span>")


def _areas(rows: pd.DataFrame, units: Units) -> dict[str, pd.Series]:
    unit = wording.unit_labels()[units]
    names = {"area_km2": tr("Area, {unit}"), "low_km2": tr("Low, {unit}"), "high_km2": tr("High, {unit}")}
    return {
        name.format(unit=unit): rows[key].map(lambda km2: wording.area(km2, units)).astype(float)
        for key, name in names.items()
    }


def _answers(rows: pd.DataFrame, comparison: Comparison, over: Over) -> dict[str, pd.Series]:
    sides = zip("AB", answer_columns(over), (comparison.a, comparison.b), strict=True)
    return {
        tr("Under {letter}, {title}").format(letter=letter, title=viewer.title_of(side.proposal)): rows[key].map(
            lambda answer: words_of(over, answer)
        )
        for letter, key, side in sides
    }


@cached(maxsize=64)
def tables(comparison: Comparison, units: Units, over: Over) -> str:
    """Return what differs, by kind, and by oblast and kind, as HTML."""
    return (
        f'<div class="wide"><h2>{html.escape(tr("What differs, by kind"))}</h2>'
        f"{html_table.areas_html(kinds(comparison, units, over), units)}"
        f"<h2>{html.escape(tr('What differs, by oblast and kind'))}</h2>"
        f"{html_table.areas_html(oblasts(comparison, units, over), units)}</div>"
    )


def kinds(comparison: Comparison, units: Units, over: Over = "all") -> pd.DataFrame:
    """Return the land on which A and B differ over a question by what each makes of it, in full precision."""
    rows = sum_changes(comparison, _keys(over), over=over)
    return pd.DataFrame(_answers(rows, comparison, over) | _what(rows) | _areas(rows, units))


def _keys(over: Over) -> tuple[str, ...]:
    """Return what rows are told apart by; over one question, what differs is that question in every row."""
    return (*answer_columns(over), *(("what_changes",) if over == "all" else ()))


def _what(rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {tr("What differs"): rows["what_changes"].map(what_words)} if "what_changes" in rows else {}


def oblasts(comparison: Comparison, units: Units, over: Over = "all") -> pd.DataFrame:
    """Return the same by oblast; the oblast with most such land first."""
    rows = sum_changes(comparison, ("oblast", *_keys(over)), over=over)
    order = rows.groupby("oblast")["area_km2"].sum().sort_values(ascending=False).index
    rows = rows.sort_values("oblast", key=lambda column: column.map(list(order).index), kind="stable")
    return pd.DataFrame(
        {tr("Oblast"): rows["oblast"].map(boundaries.oblast_names())}
        | _answers(rows, comparison, over)
        | _what(rows)
        | _areas(rows, units)
    )


@cached(maxsize=64)
def ledgers(comparison: Comparison, units: Units) -> str:
    """Return the ledgers of A and B in two columns, with ranges; "not specified" where a text is silent."""
    sides = (comparison.a, comparison.b)
    head = "".join(
        f'<th scope="col"><b class="letter">{letter}</b>{html.escape(viewer.title_of(side.proposal))}</th>'
        for letter, side in zip("AB", sides, strict=True)
    )
    body = "".join(
        f'<tr><th scope="row">{html.escape(label)}</th>{"".join(_entry(side, key, units) for side in sides)}</tr>'
        for key, (label, _) in wording.ledger_words().items()
    )
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{html.escape(tr("The ledgers of A and B"))}">'
        f'<table class="figures two"><thead><tr><th scope="col">{html.escape(tr("Figure"))}</th>'
        f"{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _entry(measured: Measured, key: str, units: Units) -> str:
    shown, bounds = map(html.escape, wording.figure_text(ledger_figure(measured, key), units))
    return f"<td>{shown}<small>{bounds}</small></td>" if bounds else f"<td>{shown}</td>"
