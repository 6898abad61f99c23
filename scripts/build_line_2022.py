"""
Draw the line of 23 February 2022 midway between the settlements that fix it.

Usage: `python scripts/build_line_2022.py`

Reads `geo/control/settlements-2022-02-23.csv` and `geo/oblasts.geojson`, and writes `geo/control/2022-02-23.csv`: one
vertex halfway between the two places of each pair below, and the edge of Crimea to the vertex. The same input gives the
same bytes. Prints half the distance between the two places of a pair, by which the line can be off at most there.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

GEO = Path(__file__).resolve().parents[1] / "geo"
SETTLEMENTS = GEO / "control" / "settlements-2022-02-23.csv"
LINE = GEO / "control" / "2022-02-23.csv"
COLUMNS = ["line", "seq", "lon", "lat", "stretch", "between", "source"]
#: Stretch, then pairs of the nearest place that Ukraine held and the nearest that Russia held, from north to south.
STRETCHES = {
    "The Siverskyi Donets": [
        ("Stanytsia Luhanska", "Mykolaivka (Luhansk)"),
        ("Stanytsia Luhanska", "Krasnyi Yar"),
        ("Stanytsia Luhanska", "Vesela Hora"),
        ("Shchastia", "Vesela Hora"),
        ("Shchastia", "Zhovte"),
        ("Trokhizbenka", "Zhovte"),
        ("Trokhizbenka", "Slovianoserbsk"),
        ("Trokhizbenka", "Sokilnyky"),
        ("Krymske", "Sokilnyky"),
    ],
    "Krymske to Popasna": [
        ("Krymske", "Sentianivka"),
        ("Novotoshkivske", "Donetskyi"),
        ("Zolote", "Holubivka"),
        ("Katerynivka", "Pervomaisk"),
        ("Novooleksandrivka", "Pervomaisk"),
        ("Novooleksandrivka", "Kalynove"),
        ("Troitske", "Kalynove"),
    ],
    "Debaltseve": [
        ("Troitske", "Sanzharivka"),
        ("Rozsadky", "Sanzharivka"),
        ("Rozsadky", "Nyzhnie Lozove"),
        ("Svitlodarsk", "Lohvynove"),
        ("Luhanske", "Vuhlehirsk"),
        ("Novoluhanske", "Vuhlehirsk"),
    ],
    "Horlivka": [
        ("Novoluhanske", "Holmivskyi"),
        ("Travneve", "Holmivskyi"),
        ("Hladosove", "Holmivskyi"),
        ("Zaitseve", "Holmivskyi"),
        ("Zaitseve", "Horlivka, Mykytivka"),
        ("Shumy", "Horlivka, Mykytivka"),
        ("Pivdenne", "Shyroka Balka"),
        ("Niu-York", "Shyroka Balka"),
        ("Novoselivka", "Stavky"),
    ],
    "Avdiivka and Donetsk": [
        ("Verkhnotoretske", "Mykhailivka"),
        ("Verkhnotoretske", "Yasynuvata"),
        ("Kamianka", "Kruta Balka"),
        ("Avdiivka", "Kashtanove"),
        ("Avdiivka", "Spartak"),
        ("Opytne", "Spartak"),
        ("Opytne", "Vesele"),
        ("Pisky", "Vesele"),
        ("Pisky", "Staromykhailivka"),
        ("Nevelske", "Staromykhailivka"),
        ("Krasnohorivka", "Staromykhailivka"),
        ("Marinka", "Donetsk, Trudivski"),
        ("Marinka", "Oleksandrivka"),
    ],
    "Marinka to Dokuchaievsk": [
        ("Novomykhailivka", "Kreminets"),
        ("Slavne", "Syhnalne"),
        ("Taramchuk", "Olenivka"),
        ("Berezove", "Yasne"),
        ("Novotroitske", "Dokuchaievsk"),
        ("Mykolaivka (Volnovakha)", "Dokuchaievsk"),
    ],
    "The Kalmius": [
        ("Bohdanivka", "Styla"),
        ("Bohdanivka", "Petrivske"),
        ("Starohnativka", "Novolaspa"),
        ("Starohnativka", "Bila Kamianka"),
        ("Novohryhorivka", "Bila Kamianka"),
        ("Hranitne", "Nova Marivka"),
        ("Staromarivka", "Hryhorivka"),
        ("Novoselivka Druha", "Mykolaivka (Boikivske)"),
        ("Chermalyk", "Kaplany"),
        ("Chermalyk", "Naberezhne"),
        ("Pavlopil", "Sosnivske"),
        ("Pyshchevyk", "Verkhnoshyrokivske"),
    ],
    "Shyrokyne": [
        ("Hnutove", "Pikuzy"),
        ("Vodiane", "Pikuzy"),
        ("Vodiane", "Uzhivka"),
        ("Shyrokyne", "Sakhanka"),
    ],
}
#: Where the line leaves the country, just outside `geo/oblasts.geojson`: the mouth of the Derkul, and the Sea of Azov.
START, END = (39.645, 48.597), (37.855, 47.06)
BORDER = ("beyond the state border", "state border as in geo/oblasts.geojson")
SHORE = ("beyond the shore", "coast as in geo/oblasts.geojson")


def contact_line(places: pd.DataFrame) -> list[list[object]]:
    """Return the rows of the line between the places of `places`, indexed by name, with `lat`, `lon`, `held_by`."""
    rows: list[list[object]] = [[*START, next(iter(STRETCHES)), *BORDER]]
    for stretch, pairs in STRETCHES.items():
        for ours, theirs in pairs:
            ends = places.loc[[ours, theirs]]
            if ends["held_by"].tolist() != ["ukraine", "russia"]:
                raise SystemExit(f"{ours}, {theirs}: the first must be held by Ukraine, the second by Russia")
            between = f"{ours} (held by Ukraine) / {theirs} (held by Russia)"
            rows.append([ends["lon"].mean(), ends["lat"].mean(), stretch, between, " | ".join(ends["source"])])
    return [["contact", seq, *row] for seq, row in enumerate([*rows, [*END, list(STRETCHES)[-1], *SHORE]], start=1)]


def crimea() -> list[list[object]]:
    """Return the rows of the edge between Crimea and the Kherson oblast, with every digit of the boundary file."""
    oblasts = gpd.read_file(GEO / "oblasts.geojson").set_index("iso").geometry
    edge = shapely.line_merge(shapely.intersection(oblasts["UA-43"].boundary, oblasts["UA-65"].boundary))
    between = "Autonomous Republic of Crimea (held by Russia) / Kherson oblast (held by Ukraine)"
    points = max(shapely.get_parts(edge), key=lambda part: part.length).coords
    return [
        ["crimea", seq, lon, lat, "Crimea", between, "administrative edge as in geo/oblasts.geojson"]
        for seq, (lon, lat) in enumerate(points, start=1)
    ]


def half_gaps(places: pd.DataFrame) -> pd.Series[float]:
    """Return half the distance between the places of each pair, in km, by stretch and pair."""
    pairs = [(stretch, *pair) for stretch, found in STRETCHES.items() for pair in found]
    ours, theirs = (places.loc[[pair[side] for pair in pairs]] for side in (1, 2))
    _, _, metres = Geod(ellps="WGS84").inv(*(end[key].to_numpy() for end in (ours, theirs) for key in ("lon", "lat")))
    index = pd.MultiIndex.from_tuples(pairs, names=["stretch", "ukraine", "russia"])
    return pd.Series(np.asarray(metres) / 2000, index=index, name="half_gap_km")


def load_places() -> pd.DataFrame:
    """Return the settlements by name."""
    return pd.read_csv(SETTLEMENTS, index_col="settlement")


def rebuild(places: pd.DataFrame) -> str:
    """Return the file of the line."""
    rows = [
        [name, seq, *(f"{degrees:.5f}" if name == "contact" else repr(degrees) for degrees in (lon, lat)), *texts]
        for name, seq, lon, lat, *texts in [*contact_line(places), *crimea()]
    ]
    lines: list[str] = []
    writer = csv.writer(type("Lines", (), {"write": staticmethod(lines.append)})(), lineterminator="\n")
    writer.writerows([COLUMNS, *rows])
    return "".join(lines)


def main() -> int:
    """Write the line and print the half gaps."""
    places = load_places()
    LINE.write_text(rebuild(places), encoding="utf-8")
    gaps = half_gaps(places)
    print(gaps.groupby("stretch", sort=False).agg(["count", "mean", "max"]).round(1).to_string())
    print(f"Half gap: mean {gaps.mean():.1f} km, median {gaps.median():.1f}, largest {gaps.max():.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
