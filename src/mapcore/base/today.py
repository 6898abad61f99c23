"""The day that it is, for all that depends on it."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import Final

from mapcore.base.errors import ParameterError
from mapcore.base.language import tr

#: Sets the day, so that a file or a site can be made again with the same bytes on another one.
VARIABLE: Final = "MAPCORE_TODAY"


def today() -> date:
    """
    Return the day that it is in UTC, or that of `MAPCORE_TODAY` where it is set, such as ``2026-11-28``.

    Raises
    ------
    ParameterError
        If the variable holds no date.
    """
    given = os.environ.get(VARIABLE, "").strip()
    if not given:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(given)
    except ValueError as problem:
        sentence = tr("{variable}: '{value}' is not a date; write such as 2026-11-28, or leave it out")
        raise ParameterError(sentence.format(variable=VARIABLE, value=given)) from problem
