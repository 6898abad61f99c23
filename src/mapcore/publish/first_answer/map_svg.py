"""Maps in the first answer: what the live map shows, as SVG within the page, with its names and its credit."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mapcore.base.fill import Fill
from mapcore.base.language import tr
from mapcore.land.contact_line import Control
from mapcore.present import map_geometry, map_settings
from mapcore.present.map_settings import MAP_WORDS
from mapcore.proposals import viewer
from mapcore.publish.first_answer import geometry
from mapcore.publish.first_answer.geometry import HOME, ZOOM, Drawn, Paths

#: Radius of a settlement's mark by its size, as in `web/map/marks.js`.
_RADII: Final = (13, 10, 7.5, 5.5, 4, 2.8)
#: The frame that a map is laid out for until its script has measured the real one.
_FRAME: Final = (784, 580)
#: The zoom at which the country fills that frame.
_USUAL_ZOOM: Final = 5.75
#: Pixels that stay free around what a map is fitted to, and at its left for a legend over it, as in `web/map/home.js`.
_PADDING: Final = (14, 24)
_LEGEND: Final = 270


@dataclass(frozen=True)
class Frame:
    """
    What one map shows of the land.

    Attributes
    ----------
    title
        What it shows in words, for a reader who does not see it.
    place
        Latitude, longitude and zoom of its middle; None where `fit` decides.
    fit
        South-west and north-east corner of what it is fitted to; None for the whole country.
    whole
        Whether the whole country is shown at first all the same.
    legend
        Whether the page has its legend over the left of the map.
    there
        The link to the whole country, or back from it.
    marks
        Settlements over the zones, as `settlement_marks.place_marks` has them.
    mark
        What is written on the map itself, or nothing.
    earlier
        A line of another day, or nothing.
    found
        A settlement to mark, as `place_frame.on_map` has it.
    contested
        Whether the page's contested land is drawn on it.
    """

    title: str
    place: tuple[float, float, float] | None = None
    fit: list[list[float]] | None = None
    whole: bool = False
    legend: bool = False
    there: str = ""
    marks: Sequence[Mapping[str, Any]] = ()
    mark: str = ""
    earlier: Paths = ""
    found: Mapping[str, Any] | None = None
    contested: bool = False

    @property
    def is_about(self) -> bool:
        """Whether the map shows a part of the country."""
        return bool(self.fit) and not self.whole


def shared_shapes(drawn: Drawn, fills: Sequence[Fill]) -> str:
    """Return what all maps of the page refer to: neighbouring land, country, edges, line, and the hatches."""
    base = geometry.base()
    shapes = {
        "context": base["context"], "country": base["country"], "pieces": drawn.pieces,
        "rivers": base["rivers"], "contested": drawn.contested, "line": drawn.line, "border": base["border"],
    }  # fmt: skip
    drawn_once = '<path id="{0}" vector-effect="non-scaling-stroke" d="{1}"/>'
    listed = "".join(drawn_once.format(name, path) for name, path in shapes.items() if path)
    return f'<svg class="a-shapes" width="0" height="0" aria-hidden="true"><defs>{listed}{_hatches(fills)}</defs></svg>'


def _hatches(fills: Sequence[Fill]) -> str:
    """Return the patterns of `web/map/paint.js`; the page's script keeps their width at any size of the map."""
    scale = 2 ** (ZOOM - _USUAL_ZOOM)
    return "".join(
        f'<pattern id="hatch-{class_of(fill)}" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45) scale({scale:.3f})"><rect width="7" height="7" class="{class_of(fill)}" '
        f'opacity=".28"/><rect width="3" height="7" class="{class_of(fill)}"/></pattern>'
        for fill in fills
        if fill.hatch
    )


def class_of(fill: Fill) -> str:
    """Return the class that elements of a fill bear: the same fill, the same class."""
    return f"f{fill.colour[1:]}{fill.colour_dark[1:]}{'h' if fill.hatch else ''}"


def fill_style(fills: Sequence[Fill]) -> tuple[dict[str, str], dict[str, str], str]:
    """Return the colours of fills by variable in the light and the dark theme, and the rules that use them."""
    light, dark = ({class_of(fill): fill.hue(dark=is_dark) for fill in fills} for is_dark in (False, True))
    rules = []
    for fill in fills:
        name = class_of(fill)
        paint = f"url(#hatch-{name})" if fill.hatch else f"var(--{name})"
        rules.append(f"rect.{name}{{fill:var(--{name})}}path.{name}{{fill:{paint}}}")
        rules.append(f"i.{name}{{background:{_swatch(name) if fill.hatch else f'var(--{name})'}}}")
    return light, dark, "".join(rules)


def _swatch(name: str) -> str:
    pale = f"color-mix(in srgb,var(--{name}) 28%,transparent)"
    return f"repeating-linear-gradient(135deg,var(--{name}) 0 3px,{pale} 3px 7px)"


def map_html(frame: Frame, filled: Sequence[tuple[Fill, Paths]], *controls: Control) -> str:
    """Return a map, with what `shared_shapes` has under and over its own fills."""
    _, _, width, height = geometry.rectangle(*HOME)
    use = '<use href="#{0}" class="{1}"/>'
    under = use.format("context", "base-context") + use.format("country", "base-outlines")
    zones = "".join(f'<path class="zone {class_of(fill)}" d="{path}"/>' for fill, path in filled)
    over = [
        use.format(name, kind)
        for name, kind in (
            ("pieces", "a-pieces"), ("rivers", "river"), ("line", "contact-casing"), ("line", "contact-line"),
            ("country", "base-coast"), ("border", "base-border"),
        )
    ]  # fmt: skip
    if frame.contested:
        over.insert(2, use.format("contested", "contested-land"))
    if frame.earlier:
        over.insert(2, f'<path class="contact-earlier" vector-effect="non-scaling-stroke" d="{frame.earlier}"/>')
    credit = map_settings.map_credit(*controls, settlements=bool(frame.marks))
    written = f'<b class="a-own-map">{html.escape(frame.mark)}</b>' if frame.mark else ""
    dense = " a-dense" if frame.marks else ""
    return (
        f'<figure class="a-map{dense}" {_fitted(frame)}><div class="a-stage" {_stage(frame, width, height)}>'
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{html.escape(frame.title)}">'
        f"{under}{zones}{''.join(over)}{_marks(frame.marks)}</svg>{_names(frame, width, height)}"
        f"{_found(frame.found, width, height)}</div>{written}{_locator(frame, width, height)}"
        f"<figcaption>{html.escape(credit)}</figcaption></figure>"
    )


def _locator(frame: Frame, width: float, height: float) -> str:
    """Return where in the country the map is, as a link to the whole of it; the page's script marks the part."""
    if not frame.fit:
        return ""
    words = tr(MAP_WORDS["closer" if frame.whole else "whole"])
    return (
        f'<a class="locator" href="{html.escape(frame.there)}"><svg aria-hidden="true" '
        f'viewBox="0 0 {width:.0f} {height:.0f}"><use href="#country" class="locator-land"/>'
        f'<rect class="locator-part" width="{width:.0f}" height="{height:.0f}"/></svg>'
        f"<span>{html.escape(words)}</span></a>"
    )


def _fitted(frame: Frame) -> str:
    """Return what the page's script fits the map to: left, top, width, height, and padding across and down."""
    if frame.place:
        return ""
    corners = [coordinate for corner in frame.fit or () for coordinate in corner] if frame.is_about else HOME
    padding = _PADDING if frame.is_about else (0, 0)
    numbers = (*geometry.rectangle(*corners), *padding, _LEGEND if frame.is_about and frame.legend else 0)
    return f'data-fit="{" ".join(f"{number:.1f}" for number in numbers)}"'


def _stage(frame: Frame, width: float, height: float) -> str:
    """Return how the country is laid out in the frame where no script does it."""
    if frame.place:
        lat, lon, zoom = frame.place
        (x, y), scale = geometry.pixels(lon, lat), 2 ** (zoom - ZOOM)
    elif frame.fit and not frame.whole:
        (south, west), (north, east) = frame.fit
        left, top, across, down = geometry.rectangle(south, west, north, east)
        scale = min(
            (length - 2 * padding) / inner
            for length, padding, inner in zip(_FRAME, _PADDING, (across, down), strict=True)
        )
        x, y = left + across / 2, top + down / 2
    else:
        return f'style="aspect-ratio:{width:.0f}/{height:.0f}"'
    return (
        f'style="width:{width * scale:.0f}px;height:{height * scale:.0f}px;'
        f'left:calc(50% - {x * scale:.0f}px);top:calc(50% - {y * scale:.0f}px);translate:none;max-height:none"'
    )


def _marks(marks: Sequence[Mapping[str, Any]]) -> str:
    """Return settlements as dots: one path a size and fate, since there may be hundreds."""
    places: dict[tuple[str, int], list[str]] = {}
    for mark in marks:
        x, y = geometry.pixels(mark["lon"], mark["lat"])
        places.setdefault((mark["fate"], mark["size"]), []).append(f"M{x:.0f} {y:.0f}h0")
    return "".join(
        f'<path class="a-dot {kind}-{fate}" style="stroke-width:{2 * _RADII[size] + wider}px" d="{"".join(dots)}"/>'
        for (fate, size), dots in places.items()
        for kind, wider in (("around", 1.4), ("inside", -1.4))
    )


def _found(place: Mapping[str, Any] | None, width: float, height: float) -> str:
    """Return the mark of the settlement that was searched for, with its name."""
    if place is None:
        return ""
    x, y = geometry.pixels(place["lon"], place["lat"])
    at = f"left:{100 * x / width:.2f}%;top:{100 * y / height:.2f}%"
    return f'<div class="found-pin" style="{at}"><span>{html.escape(place["name"])}</span></div>'


def _names(frame: Frame, width: float, height: float) -> str:
    """Return the names of cities, and of the settlements that are marked by name, by where they are in per cent."""
    searched = frame.found["name"] if frame.found else ""
    named = [mark for mark in frame.marks if mark["rank"] and mark["name"] != searched]
    beside = {searched, *(mark["name"] for mark in named)}
    listed = [
        _name(mark["name"], f"beside rank-{mark['rank']}", mark, width, height, off=_RADII[mark["size"]] + 3)
        for mark in named
    ]
    for place in map_geometry.base_content()["places"]:
        if place["name"] not in beside:
            capital = " capital" if place["capital"] else ""
            listed.append(_name(place["name"], f"rank-{place['rank']}{capital}", place, width, height))
    return f'<div class="names" aria-hidden="true">{"".join(listed)}</div>'


def _name(name: str, kind: str, at: Mapping[str, Any], width: float, height: float, *, off: float = 0) -> str:
    x, y = geometry.pixels(at["lon"], at["lat"])
    apart = f' style="--off:{off:g}px"' if off else ""
    return (
        f'<div class="place {kind}" style="left:{100 * x / width:.2f}%;top:{100 * y / height:.2f}%">'
        f"<span{apart}>{html.escape(name)}</span></div>"
    )


def own_mark(*proposals: Any) -> str:
    """Return what is written on a map that shows a viewer's own proposal, since a map is cut out of its page."""
    return tr(viewer.MARK) if any(map(viewer.is_viewers, proposals)) else ""
