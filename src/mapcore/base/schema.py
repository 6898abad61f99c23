"""Names and reference systems that every layer shares: no geometry, no files."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

#: Lambert azimuthal equal-area centred on Ukraine, metres on WGS 84: all cutting happens here.
AREA_CRS: Final = "+proj=laea +lat_0=48.5 +lon_0=31.5 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
#: Longitude and latitude on WGS 84: files, maps and geodesic measurement.
MAP_CRS: Final = "EPSG:4326"

Holder = Literal["ukraine", "russia"]
HOLDERS: Final[tuple[Holder, ...]] = ("ukraine", "russia")

#: ISO 3166-2 codes of the 27 first-level units, with the short English name.
UNITS: Final[dict[str, str]] = {
    "UA-05": "Vinnytsia",
    "UA-07": "Volyn",
    "UA-09": "Luhansk",
    "UA-12": "Dnipropetrovsk",
    "UA-14": "Donetsk",
    "UA-18": "Zhytomyr",
    "UA-21": "Zakarpattia",
    "UA-23": "Zaporizhzhia",
    "UA-26": "Ivano-Frankivsk",
    "UA-30": "Kyiv (city)",
    "UA-32": "Kyiv",
    "UA-35": "Kirovohrad",
    "UA-40": "Sevastopol",
    "UA-43": "Crimea",
    "UA-46": "Lviv",
    "UA-48": "Mykolaiv",
    "UA-51": "Odesa",
    "UA-53": "Poltava",
    "UA-56": "Rivne",
    "UA-59": "Sumy",
    "UA-61": "Ternopil",
    "UA-63": "Kharkiv",
    "UA-65": "Kherson",
    "UA-68": "Khmelnytskyi",
    "UA-71": "Cherkasy",
    "UA-74": "Chernihiv",
    "UA-77": "Chernivtsi",
}

#: Columns of a zones frame, in order; one row per non-empty (oblast, held_by, status).
ZONE_COLUMNS: Final = ["oblast", "held_by", "status", "clause", "geometry"]
#: The status of land that no rule of a proposal matches, by who holds it: Ukraine's stays with Ukraine, and for land
#: that Russia holds a silent text settles nothing.
DEFAULT_STATUS: Final[dict[str, str]] = {"ukraine": "retained", "russia": "open"}
DEFAULT_CONTROL: Final = "2025-12-02"
DEFAULT_PROPOSAL: Final = "us-28-point"
#: What a proposal is compared with unless the viewer says otherwise: then the difference is its ledger.
DEFAULT_COMPARE: Final = "line-as-is"


class PlacePart(NamedTuple):
    """A part of a place on the map in a link: its bounds, and with how many decimals it is written."""

    min: float
    max: float
    digits: int


#: The middle of a map in degrees, and its zoom.
PLACE: Final = {"lat": PlacePart(40, 56, 3), "lon": PlacePart(18, 46, 3), "zoom": PlacePart(3, 14, 2)}
#: What a link carries besides a proposal's own parameters, which therefore cannot bear these names.
LINK_KEYS: Final = (
    frozenset({"page", "proposal", "own", "compare", "control", "units", "lang", "tiles", "zone"})
    | {*PLACE, "frame", "v", "question", "rows", "columns"}
    | {"verdict", "scale", "check", "check_figure", "check_unit", "check_holder", "check_oblasts", "check_proposal"}
    | {"check_key", "check_within_km", "check_since", "check_places", "against", "among", "kinds", "actors", "place"}
    | {"objects"}
)
