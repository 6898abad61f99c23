"""The refusals a caller can act on: each message says where, what, and the way out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mapcore.base.language import number_text, tr, trn

#: Signs of an unknown name that are held against the known ones.
_MOST_SIGNS: Final = 100


@dataclass(frozen=True)
class Problem:
    """One mistake in a file: which file, which key (empty for the file as a whole), what is wrong, the way out."""

    file: str
    key: str
    problem: str
    way_out: str

    def __str__(self) -> str:
        sentence = "; ".join(part for part in (self.problem, self.way_out) if part)
        return ": ".join(part for part in (self.file, self.key, sentence) if part)


class MapcoreError(ValueError):
    """Base class of every refusal; the command line and the dashboard catch this and nothing else."""


class UnknownIdError(MapcoreError):
    """A proposal, line of contact or status was named that is not there."""


class DataFileError(MapcoreError):
    """
    A data file cannot be read, or says something that cannot be true.

    Attributes
    ----------
    problems
        Each mistake, where it is known to the key; the message has one line for each.
    more
        How many there are beside them: of a file with many mistakes the first ones are told.
    blames_file
        Whether it speaks of what is in the file. Where it does not, the file was not read to its end, for want of a
        turn, time, memory or a temporary folder, and may be read another time.
    """

    blames_file: bool = True

    def __init__(self, *problems: Problem | str, more: int = 0) -> None:
        super().__init__("\n".join([*map(str, problems), *([_and_more(more)] if more else [])]))
        self.problems = tuple(problem for problem in problems if isinstance(problem, Problem))
        self.more = more

    def told(self) -> tuple[Problem, ...]:
        """Return the mistakes, and as a last one how many more there are."""
        file = self.problems[0].file if self.problems else ""
        return (*self.problems, *([Problem(file, "", _and_more(self.more), "")] if self.more else []))


def _and_more(count: int) -> str:
    return trn("and {count} more", "and {count} more", count).format(count=number_text(count))


class ProposalError(DataFileError):
    """A proposal file holds a mistake; the other proposals go on working."""


class LineFileError(DataFileError):
    """A file with a published line of contact is refused; nothing of it was kept, and what was there before stays."""


class ChoiceNeededError(LineFileError):
    """
    A file with a line can be read in more than one way, or gives a line that is hard to believe; nothing was kept.

    Attributes
    ----------
    classes
        For each property that may tell classes apart, its values with the number of shapes of each; empty where there
        is no class to choose. `Reading.class_field` and `Reading.classes` choose, `Reading.every_class` counts all.
    findings
        What is hard to believe of the line as read, one sentence each, in the language in use; empty where there is
        nothing. `Reading.confirmed` takes it all the same.
    """

    def __init__(
        self,
        *problems: Problem | str,
        classes: Mapping[str, Mapping[str, int]] | None = None,
        findings: Sequence[str] = (),
    ) -> None:
        super().__init__(*problems)
        self.classes = {name: dict(values) for name, values in (classes or {}).items()}
        self.findings = tuple(findings)


class FetchError(MapcoreError):
    """A line of contact could not be downloaded; the lines that are there go on working."""


class TermsError(FetchError):
    """An archive's terms were not accepted yet; the message says them."""


class ParameterError(MapcoreError):
    """A proposal's parameter is unknown, not a number, or out of its range."""


class CRSMismatchError(MapcoreError):
    """A layer has no coordinate reference system, so it cannot be laid over another one."""


class BoundariesError(MapcoreError):
    """Oblasts that a caller brings cannot be cut: a name is missing or repeats, a shape is invalid, or two overlap."""


class ComparisonError(MapcoreError):
    """Two proposals were measured on different lines or boundaries, so that their difference would say nothing."""


class MissingPackageError(MapcoreError):
    """What was asked for needs packages that are not installed; the message says which extra brings them."""


class ExportError(MapcoreError):
    """A file cannot be made: its ending, size or address is not one that there is, or it cannot be written."""


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return the way out of an unknown name: the nearest known one, or all of them when none is near."""
    names = list(known)
    close = difflib.get_close_matches(str(word)[:_MOST_SIGNS], names, n=1)
    if close:
        return "; " + tr("did you mean '{word}'?").format(word=close[0])
    return "; " + tr("there are: {words}").format(words=", ".join(names) or tr("none"))
