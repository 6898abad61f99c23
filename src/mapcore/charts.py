"""Charts as Altair specifications."""

from __future__ import annotations

import altair as alt
import pandas as pd

from mapcore.areas import Measured
from mapcore.scenario import load_statuses
from mapcore.schema import DEFAULT_STATUS
from mapcore.theme import UNIT_LABELS, Units, area


def shares_by_oblast(measured: Measured, names: dict[str, str], *, units: Units, dark: bool) -> alt.Chart:
    """
    Draw who would hold what: one bar per oblast that the proposal touches, parted by status, summing to 100 %.

    Parameters
    ----------
    names
        The name of each first-level unit by its ISO code.
    """
    statuses = load_statuses()
    zones = pd.DataFrame(measured.zones.drop(columns="geometry"))
    touched = zones.loc[
        (zones["status"] != DEFAULT_STATUS["ukraine"]) | (zones["held_by"] == "russia"), "oblast"
    ].unique()
    rows = (
        zones[zones["oblast"].isin(touched)]
        .groupby(["oblast", "status"], as_index=False)[["area_km2", "share_of_oblast"]]
        .sum()
    )
    order = [status for status in statuses if status in set(rows["status"])]
    moved = (
        rows[rows["status"] != DEFAULT_STATUS["ukraine"]]
        .groupby("oblast")["area_km2"]
        .sum()
        .sort_values(ascending=False)
    )
    unit = UNIT_LABELS[units]
    shown = pd.DataFrame(
        {
            "Oblast": rows["oblast"].map(names),
            "Status": rows["status"].map(lambda status: statuses[status].label),
            "Share": rows["share_of_oblast"],
            unit: rows["area_km2"].map(lambda km2: round(area(km2, units))),
            "order": rows["status"].map(lambda status: -order.index(status)),
        }
    )
    colours = [statuses[status].colour_dark if dark else statuses[status].colour for status in order]
    chart: alt.Chart = (
        alt.Chart(shown)
        .mark_bar(height=16, stroke="#8a8a86", strokeWidth=0.5)
        .encode(
            x=alt.X("Share:Q", axis=alt.Axis(format="%", title="Share of the oblast", grid=True, tickCount=5)),
            y=alt.Y("Oblast:N", sort=[names[oblast] for oblast in moved.index], title=None),
            color=alt.Color(
                "Status:N",
                scale=alt.Scale(domain=[statuses[status].label for status in order], range=colours),
                legend=None,
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                "Oblast:N",
                "Status:N",
                alt.Tooltip("Share:Q", format=".1%"),
                alt.Tooltip(f"{unit}:Q", format=","),
            ],
        )
        .properties(height=26 * len(moved) + 40)
    )
    return chart
