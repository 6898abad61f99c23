"""Drawn examples: a country of three squares, and proposals made of bare rules."""

from datetime import date

import geopandas as gpd
from shapely import box
from shapely.geometry.base import BaseGeometry

from mapcore import Control, Proposal, draw_control
from mapcore.base.schema import AREA_CRS
from mapcore.proposals.model import Clause, Parameter, Rule

KM = 1000.0


def oblasts() -> gpd.GeoDataFrame:
    """
    Draw three oblasts; numbers are km.

        120 +-----------+
            |   UA-65   |
         60 +-----------+-----------+
            |   UA-14   |   UA-09   |
          0 +-----------+-----------+
            0          120         240
    """
    shapes = {"UA-14": box(0, 0, 120, 60), "UA-09": box(120, 0, 240, 60), "UA-65": box(0, 60, 120, 120)}
    return frame({name: scaled(shape) for name, shape in shapes.items()})


def frame(shapes: dict[str, BaseGeometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"iso": list(shapes)}, geometry=list(shapes.values()), crs=AREA_CRS)


def scaled(shape: BaseGeometry) -> BaseGeometry:
    """Turn km into the metres of `AREA_CRS`."""
    return gpd.GeoSeries([shape]).scale(KM, KM, origin=(0, 0)).item()


def control(held: BaseGeometry, country: gpd.GeoDataFrame | None = None, *, error_km: float = 0.0) -> Control:
    """Say that Russia holds `held`, drawn in km."""
    land = gpd.GeoSeries([scaled(held)], crs=AREA_CRS)
    within = oblasts() if country is None else country
    return draw_control(land, within, as_of=date(2025, 12, 2), source="drawn", error_km=error_km)


def rule(
    status: str,
    *,
    oblasts: tuple[str, ...] | None = None,
    held_by: str | None = None,
    within_km: float | str | None = None,
) -> Rule:
    return Rule(status=status, clause="1", oblasts=oblasts, held_by=held_by, within_km=within_km, note="")


def proposal(*rules: Rule, **parameters: Parameter) -> Proposal:
    return Proposal(
        id="drawn", title="Drawn", by="Nobody", date=date(2025, 12, 2), order=1, summary="Drawn.", status_note="",
        parameters=parameters, rules=rules, clauses=(Clause("1", "Text.", "https://example.org"),), terms=(),
        unspecified=(), sources=(), notes=(),
    )  # fmt: skip
