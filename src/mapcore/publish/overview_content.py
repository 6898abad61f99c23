"""What the sheet of all proposals says: their groups, lead figures and headline; without a library that draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapcore.base.language import DEFAULT_LANGUAGE, cached, language, short_date_text, tr, trn
from mapcore.base.sources import data_version
from mapcore.land.contact_line import Control
from mapcore.measurement.areas import Measured, ledger_figure, measure_proposal
from mapcore.present import proposal_groups, wording
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_proposal
from mapcore.publish.view_content import Figure, make_figure, settings_of


def measure_all(control: Control) -> dict[str, list[Measured]]:
    """Return the built-in proposals on a line as the chooser groups them, each once, by the heading of its group."""
    return {
        group.label: [
            measure_proposal(load_proposal(option.id), control=control)
            for option in group.options
            if not option.other_text
        ]
        for group in proposal_groups.groups()
    }


def file_name(control: Control) -> str:
    """Return the name of a file of the sheet without its ending."""
    spoken = "" if language() == DEFAULT_LANGUAGE else f"-{language()}"
    return f"mapcore-all-proposals-{control.id}-{data_version()}{spoken}"


def headline(measured: Sequence[Measured]) -> str:
    """Return in a sentence without a full stop under how many proposals each side would withdraw from land."""
    ours, theirs = (sum(_leaves(subject, holder) for subject in measured) for holder in ("ukraine", "russia"))
    sentence = trn(
        "Ukraine would withdraw from land under {ours} of {count} proposal, Russia under {theirs}",
        "Ukraine would withdraw from land under {ours} of {count} proposals, Russia under {theirs}",
        len(measured),
    )
    return sentence.format(count=len(measured), ours=ours, theirs=theirs)


def _leaves(measured: Measured, holder: str) -> bool:
    figure = ledger_figure(measured, f"{holder}_leaves")
    return figure is not None and wording.number(figure.value) != wording.number(0)


@cached(maxsize=256)
def lead_figures(measured: Measured, units: Units) -> tuple[Figure, ...]:
    """Return from how much each side would withdraw, and the net; the unit of a range stands at its figure."""
    return tuple(_figure(measured, key, words, units) for key, words in _words().items())


def _words() -> dict[str, str]:
    """Return short labels of the lines of the ledger that lead."""
    return {
        "ukraine_leaves": tr("Ukraine's withdrawal"),
        "russia_leaves": tr("Russia's withdrawal"),
        "net_to_russia": tr("Net"),
    }


def _figure(measured: Measured, key: str, label: str, units: Units) -> Figure:
    value = ledger_figure(measured, key)
    left_open = wording.left_open_text(measured, key, units) if value else ""
    shown = make_figure(label, value, units, more=left_open if key == "russia_leaves" else "")
    if value is None or not shown.bounds:
        return shown
    low, high = (wording.area_number(bound, units) for bound in (value.low, value.high))
    return replace(shown, bounds=tr("{low} to {high}").format(low=low, high=high))


def when(measured: Measured) -> str:
    """Return when a proposal was made, what became of it, and how its parameters are set."""
    proposal = measured.proposal
    standing = [wording.standing_word(proposal)] if proposal.standing else []
    settled = [value for _, value in settings_of(measured)]
    return ", ".join([short_date_text(proposal.date), *map(_small_letter, standing), *settled])


def _small_letter(words: str) -> str:
    return words[:1].lower() + words[1:]
