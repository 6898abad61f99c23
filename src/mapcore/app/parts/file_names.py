"""What the name of a file with a line says of it: its date, and who published it."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from mapcore.base.dates import dates_in

#: Publishers as their files are called, and as their lines are credited.
_PUBLISHERS: Final = {
    "DeepState": re.compile(r"deep[-_. ]?state", re.IGNORECASE),
    "ISW": re.compile(r"(?<![^\W\d_])isw(?![^\W\d_])", re.IGNORECASE),
}


def date_of(name: str, *, least: date, most: date) -> date | None:
    """Return the date that stands in a name, if there is one alone, it has one reading, and it lies in these bounds."""
    dates = dates_in(name)
    day = dates[0].settled(None) if len(dates) == 1 else None
    return day if day is not None and least <= day <= most else None


def publisher_of(name: str) -> str:
    """Return who published a file after its name; empty where that says none or several."""
    publishers = [publisher for publisher, sign in _PUBLISHERS.items() if sign.search(name)]
    return publishers[0] if len(publishers) == 1 else ""
