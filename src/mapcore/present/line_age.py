"""
How old a line of contact is, in words: every page, file, card and frame says it of one that is over 30 days old.

What is read on the day that it is made says the age alone. What is kept and read later (a file, a picture, a page
without a server) says on which day the line was that old, so that the sentence stays true.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from mapcore.base.language import date_text, number_text, tr, trn
from mapcore.base.today import today

#: Days up to which a line is told by its date alone.
FRESH_DAYS: Final = 30


def age_days(as_of: date) -> int | None:
    """Return how many days old a line of a date is today; None up to `FRESH_DAYS`, where its age is not told."""
    days = (today() - as_of).days
    return days if days > FRESH_DAYS else None


def line_and_age(as_of: date) -> str:
    """Return a line by its date, with its age where that is told: ``Line of 2 December 2025, 361 days old``."""
    days = age_days(as_of)
    if days is None:
        return tr("Line of {date}").format(date=date_text(as_of))
    words = trn("Line of {date}, {count} day old", "Line of {date}, {count} days old", days)
    return words.format(date=date_text(as_of), count=number_text(days))


def dated(as_of: date) -> str:
    """Return the same for what is kept, without a full stop; the age with the day on which it is that."""
    days = age_days(as_of)
    if days is None:
        return tr("Line of contact of {day}").format(day=date_text(as_of))
    words = trn(
        "Line of contact of {day}, {count} day old on {today}",
        "Line of contact of {day}, {count} days old on {today}",
        days,
    )
    return words.format(day=date_text(as_of), count=number_text(days), today=date_text(today()))


def sentence(as_of: date) -> str:
    """Return a sentence on how old a line was and on which day, for what is kept; nothing where its age is not told."""
    days = age_days(as_of)
    if days is None:
        return ""
    words = trn("The line was {count} day old on {today}.", "The line was {count} days old on {today}.", days)
    return words.format(count=number_text(days), today=date_text(today()))
