"""
Makes of matplotlib's SVG a drawing that a graphics editor takes apart: named layers, live text, the typeface inside.

An artist whose id is ``layer|part`` belongs to a part of a layer, such as the fill of one status to the zones; what has
no such id stays where it is.
"""

from __future__ import annotations

import base64
import re
from typing import Final
from xml.etree import ElementTree as ET

from mapcore.base import memory
from mapcore.base.data_files import TYPEFACE_DIR

_SVG: Final = "http://www.w3.org/2000/svg"
_INKSCAPE: Final = "http://www.inkscape.org/namespaces/inkscape"
_NAMESPACES: Final = {
    "": _SVG,
    "xlink": "http://www.w3.org/1999/xlink",
    "inkscape": _INKSCAPE,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "cc": "http://creativecommons.org/ns#",
}
for _prefix, _address in _NAMESPACES.items():
    ET.register_namespace(_prefix, _address)
_GROUP: Final = f"{{{_SVG}}}g"
#: As matplotlib writes our typefaces, and as they are named in the file: editors look for installed ones by name, and
#: the open typeface that ours was made from has the same letters.
_FAMILIES: Final = re.compile(r"font-family: [^;\"]*")
_NAMED: Final = "font-family: 'mapcore Sans', 'Source Sans 3', 'Source Sans Pro', 'Noto Sans', Arial, sans-serif"


@memory.shared
def _typeface() -> str:
    """Return the rule that brings the typeface, for browsers."""
    content = base64.b64encode((TYPEFACE_DIR / "mapcore-sans.woff2").read_bytes()).decode("ascii")
    source = f"url(data:font/woff2;base64,{content}) format('woff2')"
    return f"@font-face{{font-family:'mapcore Sans';font-weight:400 700;src:{source}}}"


def layered(svg: bytes) -> bytes:
    """Return matplotlib's SVG with its artists in named layers; the same bytes for the same drawing."""
    root = ET.fromstring(svg)  # noqa: S314, our own drawing
    figure = root.find(f"{_GROUP}[@id='figure_1']")
    style = root.find(f".//{{{_SVG}}}style")
    if figure is None or style is None:
        raise ValueError("matplotlib's SVG has no figure or no style")
    style.text = f"{style.text or ''}{_typeface()}"
    for text in root.iter(f"{{{_SVG}}}text"):
        text.set("style", _FAMILIES.sub(_NAMED, text.get("style", "")))
    _sort(figure, _Ids())
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


class _Ids:
    """Gives each layer an id of its own: the first of a name bears it, the next ones a number beside it."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def next(self, name: str) -> str:
        plain = re.sub(r"\W+", "-", name).strip("-") or "layer"
        self._seen[plain] = self._seen.get(plain, 0) + 1
        return plain if self._seen[plain] == 1 else f"{plain}-{self._seen[plain]}"


def _sort(parent: ET.Element, ids: _Ids) -> None:
    """Put the children of a group into its layers: each stands where its last artist was drawn."""
    layers: dict[str, dict[str, list[ET.Element]]] = {}
    order: list[str | ET.Element] = []
    for child in list(parent):
        parent.remove(child)
        name, mark, part = child.get("id", "").partition("|")
        if not mark:
            order.append(child)
            continue
        if name in order:
            order.remove(name)
        order.append(name)
        layers.setdefault(name, {}).setdefault(part, []).append(child)
    for entry in order:
        parent.append(entry if isinstance(entry, ET.Element) else _layer(entry, layers[entry], ids))


def _layer(name: str, parts: dict[str, list[ET.Element]], ids: _Ids) -> ET.Element:
    layer = _group(name, ids.next(name))
    layer.set(f"{{{_INKSCAPE}}}groupmode", "layer")
    for part, artists in parts.items():
        into = layer if not part else ET.SubElement(layer, _GROUP)
        if part:
            _name(into, part, ids.next(f"{name}-{part}"))
        for artist in artists:
            artist.attrib.pop("id")
            if any("|" in child.get("id", "") for child in artist):
                _sort(artist, ids)
            into.extend(list(artist))
    return layer


def _group(label: str, key: str) -> ET.Element:
    group = ET.Element(_GROUP)
    _name(group, label, key)
    return group


def _name(group: ET.Element, label: str, key: str) -> None:
    group.set("id", key)
    group.set(f"{{{_INKSCAPE}}}label", label)
