"""A sheet of paper to draw on: text that wraps, colours of the theme, and files whose bytes depend on nothing else."""

from __future__ import annotations

import io
import re
import threading
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import Rectangle
from matplotlib.patheffects import PathEffectRenderer, Stroke
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from mapcore.base import memory
from mapcore.base.data_files import TYPEFACE_DIR
from mapcore.base.fill import Fill
from mapcore.publish.frame_style import palette
from mapcore.publish.svg_layers import layered
from mapcore.publish.view_content import Theme

DrawingFormat = Literal["png", "svg", "pdf"]
#: Points to an inch, the unit of all lengths on paper; the origin is the upper left corner.
_INCH: Final = 72.0
#: Our typeface, and for letters that it has not the one that matplotlib brings: a picture looks the same everywhere.
_FAMILY: Final = ["mapcore Sans", "DejaVu Sans"]
_STYLE: Any = {
    "font.family": _FAMILY,
    "svg.hashsalt": "mapcore",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "hatch.linewidth": 1.3,
    # Letters as wide as `wrapped` measures them, at any number of pixels.
    "text.hinting": "no_hinting",
    "path.simplify": False,
}
for _face in sorted(TYPEFACE_DIR.glob("*.ttf")):
    fontManager.addfont(_face)
#: matplotlib's settings hold for the whole process, and a dashboard draws for several viewers at once.
_DRAWING: Final = threading.RLock()
#: The size in points at which matplotlib measures letters for all others.
_MEASURED: Final = float(text_to_path.FONT_SCALE)
#: How far a line may be from the sum of its words and spaces, of the size of its letters.
_KERNED: Final = 0.5
#: How much of its hue the ground of a hatch has, as in `web/map/paint.js`.
_PALE: Final = 0.28


def drawn_fill(fill: Fill, theme: Theme) -> dict[str, Any]:
    """
    Return how matplotlib fills land: a plain colour, or a hatch on a pale ground of the same hue.

    The ground of a hatch is opaque, as its hue looks on the map's own ground: matplotlib's SVG leaves the transparency
    of a pattern's ground out, which drowned the hatch in its own colour.
    """
    colour = fill.hue(dark=theme == "dark")
    if not fill.hatch:
        return {"facecolor": colour}
    hue, ground = np.array(mpl.colors.to_rgb(colour)), np.array(mpl.colors.to_rgb(palette(theme)["ground"]))
    pale = tuple(_PALE * hue + (1 - _PALE) * ground)
    return {"facecolor": pale, "hatch": "//////", "hatchcolor": colour}


@memory.kept(maxsize=20_000)
def unscaled_width(text: str, weight: str) -> float:
    """Return the width of a line of text as it is measured, once for all sizes."""
    font = FontProperties(family=_FAMILY, size=_MEASURED, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a line of text in points."""
    return unscaled_width(text, weight) * (size / _MEASURED)


@memory.kept(maxsize=4_000)
def wrapped(text: str, *, size: float, width: float, weight: str = "normal") -> list[str]:
    """
    Break a text at its spaces into lines that are no wider than `width` points; a longer word is broken within.

    A space that does not break keeps a number and its unit on one line.
    """
    lines, reach, space = [""], 0.0, text_width(" ", size, weight)
    for whole in re.split(r"[ \t\r\n]+", text):
        for word in _broken(whole, size, width, weight):
            longer, sum_of_words = f"{lines[-1]} {word}".strip(), reach + space + text_width(word, size, weight)
            # Words and spaces alone say what letters set closer or wider at a space would not change.
            close = abs(sum_of_words - width) < _KERNED * size
            if lines[-1] and (text_width(longer, size, weight) if close else sum_of_words) > width:
                lines.append(word)
                reach = text_width(word, size, weight)
            else:
                reach = sum_of_words if lines[-1] else text_width(word, size, weight)
                lines[-1] = longer
    return lines


def shortened(text: str, *, size: float, width: float, weight: str = "normal", most: int) -> list[str]:
    """Break a text into at most so many lines; where it has more, the last one ends in an ellipsis."""
    lines = wrapped(text, size=size, width=width, weight=weight)
    if len(lines) <= most:
        return lines
    words = lines[most - 1].split()
    while len(words) > 1 and text_width(f"{' '.join(words)} …", size, weight) > width:
        words.pop()
    return [*lines[: most - 1], " ".join(words).rstrip(" .,;") + " …"]


def fitting_size(text: str, sizes: Sequence[float], *, width: float, weight: str = "normal", most: int) -> float:
    """Return the first size at which a text takes at most so many lines, or the last one."""
    return next(
        (candidate for candidate in sizes if len(wrapped(text, size=candidate, width=width, weight=weight)) <= most),
        sizes[-1],
    )


def _broken(word: str, size: float, width: float, weight: str) -> list[str]:
    """Return a word in pieces of as many letters as the width holds, one at least."""
    pieces = []
    while len(word) > 1 and text_width(word, size, weight) > width:
        counts = range(1, len(word))
        most = bisect_right(counts, width, key=lambda count: text_width(word[:count], size, weight))
        pieces.append(word[: max(most, 1)])
        word = word[max(most, 1) :]
    return [*pieces, word]


class _Line(Text):
    """
    A line of text on a baseline.

    matplotlib measures every text to lay out a box around it, which one that starts at its point needs for nothing.
    """

    def __init__(self, x: float, y: float, text: str, **look: Any) -> None:
        super().__init__(x, y, text, va="baseline", parse_math=False, clip_on=False, **look)

    def draw(self, renderer: RendererBase) -> None:
        """Draw as `Text` does what starts at its point; what ends there or has its middle there is measured."""
        if self.get_horizontalalignment() != "left":
            super().draw(renderer)
            return
        x, y = self.get_transform().transform(self.get_position())
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        renderer.open_group("text", self.get_gid())
        ink = renderer.new_gc()
        ink.set_foreground(mpl.colors.to_rgba(self.get_color()), isRGBA=True)
        ink.set_url(self.get_url())
        effects = self.get_path_effects()
        on = PathEffectRenderer(effects, renderer) if effects else renderer
        on.draw_text(ink, x, y, self.get_text(), self.get_fontproperties(), 0.0, ismath=False, mtext=self)
        ink.restore()
        renderer.close_group("text")


def halo_text(
    axes: Axes, text: str, at: tuple[float, float], *, size: float, weight: str = "normal", colours: Mapping[str, str],
    zorder: float, gid: str, ha: str = "left",
) -> None:  # fmt: skip
    """
    Write a text on a map from its baseline, with a halo that keeps it legible.

    The halo is a drawing and the text over it a text: matplotlib makes a drawing of both where one artist has both.
    """
    look: dict[str, Any] = {"size": size, "weight": weight, "ha": ha, "gid": gid}
    around = [Stroke(linewidth=2.0, foreground=colours["halo"])]
    axes.add_artist(_Line(*at, text, color=colours["halo"], path_effects=around, zorder=zorder - 0.1, **look))
    axes.add_artist(_Line(*at, text, color=colours["ink"], zorder=zorder, **look))


@dataclass(frozen=True)
class Paper:
    """A figure of `width` by `height` points with text and boxes placed from its upper left corner."""

    figure: Figure
    width: float
    height: float
    colours: Mapping[str, str]

    def write(  # noqa: PLR0913
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: float,
        width: float,
        weight: str = "normal",
        colour: str = "ink",
        most: int = 99,
        leading: float = 1.32,
        align: Literal["left", "right"] = "left",
        link: str = "",
    ) -> float:
        """Write a text from its upper corner, at most so many lines of it, and return where the next may start."""
        lines = [] if not text else shortened(text, size=size, width=width, weight=weight, most=most)
        for line in lines:
            look: dict[str, Any] = {
                "size": size,
                "weight": weight,
                "color": self.colours.get(colour, colour),
                "ha": align,
            }
            at = (x / self.width, 1 - (y + size) / self.height)
            self.figure.add_artist(_Line(*at, line, url=link or None, **look))
            y += size * leading
        return y

    @contextmanager
    def layer(self, name: str) -> Iterator[None]:
        """Put what is written and drawn meanwhile into a layer of that name, see `svg_layers`."""
        before = len(self.figure.artists)
        yield
        for artist in self.figure.artists[before:]:
            artist.set_gid(f"{name}|")

    def box(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        """Draw a rectangle from its upper left corner."""
        corner = (x / self.width, 1 - (y + height) / self.height)
        look = {"edgecolor": self.colours["ink"], "linewidth": 0.6, **look}
        self.figure.add_artist(
            Rectangle(corner, width / self.width, height / self.height, transform=self.figure.transFigure, **look)
        )

    def rule(self, x: float, y: float, width: float, *, weight: float = 0.6, colour: str = "edge") -> None:
        """Draw a horizontal line."""
        self.box(x, y - weight / 2, width, weight, facecolor=self.colours[colour], linewidth=0)

    def panel(self, x: float, y: float, width: float, height: float, *, name: str = "map") -> Axes:
        """Return axes without ticks that fill a rectangle given by its upper left corner, a layer of that name."""
        place = (x / self.width, 1 - (y + height) / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(place, gid=f"{name}|")
        axes.set_xticks([])
        axes.set_yticks([])
        return axes


class Press:
    """
    Holds matplotlib while one paper is drawn and printed: `with Press(…) as paper: …; press.printed("png", …)`.

    Parameters
    ----------
    width, height
        In points.
    dpi
        Pixels to the inch of a PNG.
    """

    def __init__(self, width: float, height: float, *, theme: Theme, dpi: float = 100) -> None:
        self._size, self._theme, self._dpi = (width, height), theme, dpi

    def __enter__(self) -> Press:
        _DRAWING.acquire()
        self._settings = mpl.rc_context()
        self._settings.__enter__()
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        width, height = self._size
        colours = palette(self._theme)
        figure = Figure(figsize=(width / _INCH, height / _INCH), dpi=self._dpi, facecolor=colours["paper"])
        FigureCanvasAgg(figure)
        self.paper = Paper(figure, width, height, colours)
        return self

    def __exit__(self, *raised: object) -> None:
        self._settings.__exit__(None, None, None)
        _DRAWING.release()

    def printed(self, form: DrawingFormat, *, title: str, subject: str, rights: str, source: str) -> bytes:
        """Return the paper as a file with its metadata inside: no time of making, no version of a library."""
        metadata: dict[DrawingFormat, dict[str, str | None]] = {
            "png": {
                "Title": title, "Author": "mapcore contributors", "Description": subject, "Copyright": rights,
                "Source": source, "Software": "mapcore",
            },
            "svg": {
                "Title": title, "Creator": "mapcore contributors", "Description": subject, "Rights": rights,
                "Source": source, "Date": None, "Type": "StillImage",
            },
            "pdf": {
                "Title": title, "Author": "mapcore contributors", "Subject": f"{subject} {rights}",
                "Keywords": source, "Creator": "mapcore", "Producer": "mapcore", "CreationDate": None,
            },
        }  # fmt: skip
        file = io.BytesIO()
        self.paper.figure.savefig(
            file, format=form, dpi=self._dpi, metadata=metadata[form], facecolor=self.paper.colours["paper"]
        )
        return layered(file.getvalue()) if form == "svg" else file.getvalue()
