"""How large a file from outside may be, and how long a download may take; each can be moved."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from mapcore.base.errors import ParameterError
from mapcore.base.language import tr

#: Environment variables that move a limit start like this: ``MAPCORE_LIMIT_FILE_MB=200``.
_PREFIX = "MAPCORE_LIMIT_"


@dataclass(frozen=True)
class Limits:
    """
    What is refused when it is larger.

    Attributes
    ----------
    file_mb
        Size of a file as it comes, in MB (a million bytes).
    unpacked_mb
        Size of what a gzip or zip file holds, in MB; unpacking stops there.
    zip_entries
        Files within one zip file.
    polygons, vertices
        Polygons and corners of the land that is counted, after the choice of date.
    crossings
        Times that edges of that land may cross each other, within one polygon or between several.
    download_seconds
        A download as a whole; each single wait for the server is at most a third of it.
    archive_mb, archive_days
        Size of a whole archive, as it comes and unpacked, in MB, and its days; one day of it is a file as above.
    days_back
        Days before today on which a newest snapshot is looked for.
    read_seconds, read_mb
        Seconds that the process may work which reads a file from outside, and MB of memory that it may take. For each
        MB of the file it may work a second longer, and take 15 MB more.
    answer_mb
        What such a process may hand back, in MB.
    readers
        Such processes at once; each session has one at most.
    archives
        Archives that a server measures or has waiting; it measures one at a time, and each session has one at most.
    wait_seconds
        How long a file waits for its turn to be read.
    """

    file_mb: float = 64.0
    unpacked_mb: float = 160.0
    zip_entries: int = 64
    polygons: int = 20_000
    vertices: int = 500_000
    crossings: int = 10_000
    download_seconds: float = 60.0
    archive_mb: float = 2000.0
    archive_days: int = 5000
    days_back: int = 10
    read_seconds: float = 2.5
    read_mb: float = 250.0
    answer_mb: float = 80.0
    readers: int = 2
    archives: int = 8
    wait_seconds: float = 30.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Limits:
        """
        Return the limits, moved by variables such as ``MAPCORE_LIMIT_VERTICES``.

        Raises
        ------
        ParameterError
            If such a variable is no positive number.
        """
        variables = os.environ if environment is None else environment
        names = [field.name for field in fields(cls) if f"{_PREFIX}{field.name.upper()}" in variables]
        moved = {name: positive_number(f"{_PREFIX}{name.upper()}", variables) for name in names}
        return cls(**{name: int(value) if isinstance(getattr(cls, name), int) else value
                      for name, value in moved.items()})  # type: ignore[arg-type]  # fmt: skip


def positive_number(variable: str, environment: Mapping[str, str], default: float = math.nan) -> float:
    """
    Return the number that an environment variable sets, or the default.

    Raises
    ------
    ParameterError
        If it is no positive number.
    """
    try:
        value = float(environment.get(variable, default))
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        sentence = tr("{variable}: this limit must be a positive number; correct or unset it")
        raise ParameterError(sentence.format(variable=variable))
    return value
