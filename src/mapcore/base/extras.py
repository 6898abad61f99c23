"""What needs more packages than the core has: a refusal that says which to install."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from mapcore.base.errors import MissingPackageError
from mapcore.base.language import tr

Extra = Literal["app", "cluster", "publish"]


@contextmanager
def needs(extra: Extra) -> Iterator[None]:
    """
    Do what needs the packages of an extra of `pyproject.toml`.

    Raises
    ------
    MissingPackageError
        If one of them is not installed; the message says what to type.
    """
    try:
        yield
    except ModuleNotFoundError as problem:
        if (problem.name or "mapcore").split(".")[0] == "mapcore":
            raise
        hint = tr("this needs {package}, which is not installed; install it with: pip install 'mapcore[{extra}]'")
        raise MissingPackageError(hint.format(package=problem.name, extra=extra)) from problem
