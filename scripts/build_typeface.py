"""
Rebuild the typeface of names, pages and pictures in src/mapcore/web/typeface from Adobe's Source Sans 3.

    npm pack source-sans@3.52.0
    pip install "fonttools[woff]==4.68.0"
    python scripts/build_typeface.py source-sans-3.52.0.tgz

One file for browsers, which holds every weight from regular to bold, and two for matplotlib, which knows no variable
ones. They keep Latin, Cyrillic and the signs that maps and tables use. The Open Font License reserves the name "Source"
for Adobe's own files, so these bear another: a typeface of that name on the reader's machine is never taken for ours.
"""

from __future__ import annotations

import io
import sys
import tarfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

OUT = Path(__file__).resolve().parents[1] / "src/mapcore/web/typeface"
FAMILY = "mapcore Sans"
#: The letters of Latin and Cyrillic alphabets, accents, punctuation and the signs of maps and tables.
LETTERS = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), 0x218, 0x219, 0x21A, 0x21B, 0x2BB, 0x2BC, 0x300, 0x301, 0x302, 0x304,
    0x306, 0x308, 0x30C, *range(0x400, 0x500), *range(0x2000, 0x2070),
)  # fmt: skip
SIGNS = "⁰⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₴€₽№™←↑→↓↔↗↘−≈≠≤≥∞√∙■□▲▶▼◀◆●○✓⌘"
FEATURES = ["ccmp", "kern", "locl", "mark", "mkmk", "pnum", "tnum"]
#: What the name table keeps of Adobe's: copyright, maker, designer, their addresses, and the licence.
KEPT_NAMES = {0, 8, 9, 11, 12, 13, 14}


def member(archive: Path, name: str) -> bytes:
    """Read a file of an npm package."""
    with tarfile.open(archive) as package:
        content = package.extractfile(f"package/{name}")
        if content is None:
            raise SystemExit(f"{archive}: package/{name} is missing")
        return content.read()


def subset(content: bytes) -> bytes:
    """Return the variable font with the letters that we keep."""
    options = Options(hinting=False, layout_features=FEATURES, name_IDs=["*"], notdef_outline=True)
    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[*LETTERS, *map(ord, SIGNS)])
    subsetter.subset(font)
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def write(content: bytes, name: str, style: str, weight: int | tuple[int, int]) -> None:
    """Write the font at a weight, or with every weight between two, under our own name."""
    font = instantiateVariableFont(TTFont(io.BytesIO(content), recalcTimestamp=False), {"wght": weight})
    names = font["name"]
    names.names = [one for one in names.names if one.nameID in KEPT_NAMES or one.nameID > 255]
    told = {1: FAMILY, 2: style, 3: f"{FAMILY} {style}", 4: f"{FAMILY} {style}", 5: "Version 3.052", 6: name}
    for place, text in told.items():
        names.setName(text, place, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 700 if style == "Bold" else 400
    bold = style == "Bold"
    font["OS/2"].fsSelection = font["OS/2"].fsSelection & ~0x61 | (0x20 if bold else 0x40)
    font["head"].macStyle = int(bold)
    font.flavor = "woff2" if isinstance(weight, tuple) else None
    path = OUT / f"{name}.{font.flavor or 'ttf'}"
    font.save(path)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def main(archive: Path) -> None:
    """Write the three files and the licence."""
    OUT.mkdir(exist_ok=True)
    content = subset(member(archive, "VF/SourceSans3VF-Upright.ttf"))
    write(content, "mapcore-sans", "Regular", (400, 700))
    write(content, "mapcore-sans-regular", "Regular", 400)
    write(content, "mapcore-sans-bold", "Bold", 700)
    licence = member(archive, "LICENSE.md").decode().replace("\r\n", "\n")
    (OUT / "OFL.txt").write_text(licence, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
