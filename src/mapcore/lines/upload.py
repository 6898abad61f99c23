"""A file from outside on its way in: the name that messages give it, its bytes, and its refusal by whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mapcore.base.errors import ChoiceNeededError, LineFileError, Problem
from mapcore.base.language import tr
from mapcore.base.limits import Limits
from mapcore.base.safe_text import file_name, plain


@dataclass(frozen=True)
class Named:
    """A file, or a part of one, by the name that messages give it, which is harmless: `file_name` made it so."""

    name: str

    def refuse(self, problem: str, way_out: str) -> LineFileError:
        """Return the refusal of this file: which, what is wrong, the way out."""
        return LineFileError(Problem(self.name, "", problem, way_out))

    def ask(
        self,
        problem: str,
        way_out: str,
        *,
        classes: Mapping[str, Mapping[str, int]] | None = None,
        findings: Sequence[str] = (),
    ) -> ChoiceNeededError:
        """Return the question that this file puts to a person, who may choose among `classes` or confirm `findings`."""
        return ChoiceNeededError(Problem(self.name, "", problem, way_out), classes=classes, findings=findings)


@dataclass(frozen=True)
class Upload(Named):
    """A file as it came, with its bytes."""

    content: bytes = field(repr=False)


def read_upload(path: Path, limits: Limits) -> Upload:
    """
    Read a file that is not larger than the limit, and no more of it than that.

    Raises
    ------
    LineFileError
        If it is missing, a folder, cannot be read, or is too large.
    """
    named = Named(file_name(path.name))
    if path.is_dir():
        raise named.refuse(tr("is a folder"), tr("name the file in it"))
    try:
        with path.open("rb") as file:
            content = file.read(int(limits.file_mb * 1_000_000) + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        sentence = tr("cannot be read ({reason})").format(reason=plain(reason))
        raise named.refuse(sentence, tr("check the path and the rights to it")) from problem
    upload = Upload(named.name, content)
    check_size(upload, limits)
    return upload


def check_size(upload: Upload, limits: Limits) -> None:
    """Refuse a file that is larger than the limit."""
    if len(upload.content) > int(limits.file_mb * 1_000_000):
        way_out = tr("give one date of it, or simplify it; MAPCORE_LIMIT_FILE_MB sets the limit")
        raise upload.refuse(tr("is larger than {size} MB").format(size=f"{limits.file_mb:g}"), way_out)
