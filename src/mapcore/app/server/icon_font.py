"""
The typeface of Streamlit's icons with those icons that its page and ours can show: an eighth of its bytes.

Streamlit's page loads it before all else, 375 kB of more than four thousand icons, whether it shows one or not. An icon
is written as its name, which the typeface draws as one sign (a ligature). What is kept is each icon whose name stands
in quotes in a script of Streamlit's, or in a source of ours as ``:material/name:``.
"""

from __future__ import annotations

import hashlib
import io
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import mapcore

_IN_SCRIPT: Final = re.compile(r"""["'`](?::material/)?([a-z0-9_]{2,60}):?["'`]""")
_IN_SOURCE: Final = re.compile(r":material/([a-z0-9_]+):")


def names_used(scripts: Path) -> set[str]:
    """Return what may be names of icons: in the scripts of a folder, and in our own sources."""
    found = {name for path in scripts.glob("*.js") for name in _IN_SCRIPT.findall(path.read_text(encoding="utf-8"))}
    ours = (Path(mapcore.__file__).parent / "app").rglob("*.py")
    return found | {name for path in ours for name in _IN_SOURCE.findall(path.read_text(encoding="utf-8"))}


def recipe() -> str:
    """Say how `reduced` makes a typeface: a sum of its own steps, and the versions of what it uses."""
    steps = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return f"icons {steps}, fonttools {version('fonttools')}, brotli {version('brotli')}"


def reduced(font_file: Path, names: set[str]) -> bytes:
    """
    Return a typeface of icons with some of them, as WOFF2.

    Raises
    ------
    ValueError
        If the typeface has none of these names: it is not made as expected.
    """
    from fontTools import subset  # noqa: PLC0415, too much for the server's start, as is the next
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    with TTFont(font_file, lazy=True) as font:
        letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
        drawn = _keep_ligatures(font, letters, names)
        if not drawn:
            raise ValueError(f"{font_file.name}: no icon of the scripts is in it")
        options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True, hinting=False)
        cut = subset.Subsetter(options)
        ascii_codes = [code for code in font.getBestCmap() if code < 128]
        cut.populate(unicodes=ascii_codes, glyphs=sorted(set(drawn.values())))
        cut.subset(font)
        packed = io.BytesIO()
        font.flavor = "woff2"
        font.save(packed)
        return packed.getvalue()


def _keep_ligatures(font: Any, letters: dict[str, str], names: set[str]) -> dict[str, str]:
    """Leave only the ligatures of these names in a typeface; return the glyph of each name that it has."""
    drawn: dict[str, str] = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in (getattr(subtable, "ExtSubTable", subtable) for subtable in lookup.SubTable):
            for first, ligatures in list(getattr(table, "ligatures", {}).items()):
                named = {_name([first, *ligature.Component], letters): ligature for ligature in ligatures}
                kept = {name: ligature for name, ligature in named.items() if name in names}
                table.ligatures[first] = list(kept.values())
                drawn |= {name: ligature.LigGlyph for name, ligature in kept.items()}
    return drawn


def _name(glyphs: list[str], letters: dict[str, str]) -> str:
    return "".join(letters.get(glyph, "\0") for glyph in glyphs)
