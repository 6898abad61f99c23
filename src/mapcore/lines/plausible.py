"""Whether a line that somebody brings can be believed: how much land it gives, and how far it is from a known line."""

from __future__ import annotations

from datetime import date
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from mapcore.base.data_files import shipped_controls
from mapcore.base.language import date_text, percent_text, tr
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import line_meta, load_control

#: Share of the country held by Russia above which a line is asked about; the most since 2022 was about as much.
MOST_HELD: Final = 0.25
#: Share of the country that may be on the other side of a line than of the known one nearest in date. To move the whole
#: front of 2025 by 8 km changes 1.2 %, and in half a year of 2025 the line moved by 0.5 %.
MOST_MOVED: Final = 0.03
#: Days between a line and a known one up to which they are compared.
_NEAR_DAYS: Final = 183
#: A line from before this day says nothing about one from after it.
_INVASION: Final = date(2022, 2, 24)


def doubts(held: BaseGeometry, *, as_of: date, country: BaseGeometry) -> list[str]:
    """
    Say what is hard to believe of land held by Russia on a date, one sentence each; nothing where nothing is.

    Parameters
    ----------
    held, country
        In `AREA_CRS`; `country` is the union of the shipped oblasts.
    """
    reasons = []
    share = held.area / country.area
    if share > MOST_HELD:
        words = tr("after this file, Russia holds {share} of Ukraine, more than {most}")
        reasons.append(words.format(share=percent_text(share, 1), most=percent_text(MOST_HELD)))
    known = _nearest(as_of)
    if known is None:
        return reasons
    moved = shapely.symmetric_difference(held, known.held).area / country.area
    if moved > MOST_MOVED:
        words = tr("{share} of Ukraine is on the other side of it than of our line of {date} (more than {most})")
        reasons.append(
            words.format(share=percent_text(moved, 1), date=date_text(known.as_of), most=percent_text(MOST_MOVED))
        )
    return reasons


def _nearest(day: date) -> Control | None:
    """Return the shipped line nearest in date, if it is near enough to be held against."""
    dated = {control_id: line_meta(control_id).as_of for control_id in sorted(shipped_controls())}
    near = [
        control_id
        for control_id, as_of in dated.items()
        if abs((as_of - day).days) <= _NEAR_DAYS and (as_of < _INVASION) == (day < _INVASION)
    ]
    nearest = min(
        near, key=lambda control_id: (abs((dated[control_id] - day).days), -dated[control_id].toordinal()), default=None
    )
    return None if nearest is None else load_control(nearest)
