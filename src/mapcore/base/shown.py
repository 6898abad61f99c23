"""Values that show themselves: several of one kind as a table, a result as a picture or a map."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import pandas as pd


class Listed(Protocol):
    """A value that is a row of a table."""

    def row(self) -> Mapping[str, Any]:
        """Return its cells by column, those of the same verb's JSON."""


_Value_co = TypeVar("_Value_co", bound=Listed, covariant=True)


class Rows(tuple[_Value_co, ...]):
    """Several values of one kind: a tuple that also gives a table."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row a value, by the columns of the same verb's JSON."""
        return pd.DataFrame([value.row() for value in self])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, na_rep="")


@dataclass(frozen=True, repr=False)
class Picture:
    """A picture as a notebook shows it; `png` is the file."""

    png: bytes

    def __repr__(self) -> str:
        return f"<picture, PNG, {len(self.png):,} bytes>"

    def _repr_png_(self) -> bytes:
        return self.png


@dataclass(frozen=True, repr=False)
class Page:
    """An interactive map as a notebook shows it; `html` is the file, which asks for nothing outside."""

    html: str

    def __repr__(self) -> str:
        return f"<interactive map, HTML, {len(self.html):,} signs>"

    def _repr_html_(self) -> str:
        inside = self.html.replace("&", "&amp;").replace('"', "&quot;")
        return f'<iframe srcdoc="{inside}" style="width: 100%; height: 640px; border: 0"></iframe>'


class Shown:
    """
    A result with a map.

    What draws it is in a later stage, and an extra: it is found by its name when a value is to be shown, as pandas
    finds its plotting backend.
    """

    def plot(self, **wishes: Any) -> Picture:
        """
        Return its picture, with the colours, hatches and legend of the dashboard.

        Parameters
        ----------
        wishes
            As `mapcore.export` takes them: `size`, `theme`, `units`, `over`, `base`.

        Raises
        ------
        ExportError
            If the size cannot be.
        MissingPackageError
            If the extra `publish` is not installed.
        """
        return Picture(_publish().content(self, "png", **wishes))

    def explore(self, **wishes: Any) -> Page:
        """Return it as a map that can be moved and asked, drawn like `plot`, with the arguments and refusals of it."""
        return Page(_publish().content(self, "html", **wishes).decode())


def _publish() -> Any:
    return importlib.import_module("mapcore.publish.on_request")
