"""Writes files for others whole or not at all: a full disk leaves what was there before, and nothing half-written."""

from __future__ import annotations

import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from mapcore.base.errors import ExportError
from mapcore.base.language import tr

#: What a folder that is being written is called until it is whole.
_UNFINISHED: Final = ".mapcore-new-"


def put(path: Path, content: bytes) -> None:
    """
    Write a file over any that is there, which stays until the new one is whole.

    Raises
    ------
    ExportError
        If it cannot be written: a folder that is missing or not the writer's, a full disk, a name that is a folder.
    """
    with _refusing(path, tr("name a folder that is there and yours, on a disk with room")):
        if path.is_dir():
            raise ExportError(tr("{path}: is a folder; add the name of a file, such as plan.png").format(path=path))
        target = path.resolve()
        if target.exists() and not target.is_file():
            # A device or a pipe takes what it is given, and cannot be replaced.
            target.write_bytes(content)
        else:
            _replace(target, content)


def put_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """
    Write files by their path in a folder that is made if need be; the folders at its top are replaced as a whole.

    Everything is written beside the old files first, so that a failure leaves these as they were.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    fresh = folder / f"{_UNFINISHED}{secrets.token_hex(4)}"
    with _refusing(folder, tr("name a folder that is yours, on a disk with room")):
        try:
            for name, content in files.items():
                (fresh / "new" / name).parent.mkdir(parents=True, exist_ok=True)
                (fresh / "new" / name).write_bytes(content)
            _swap(fresh, folder)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            with suppress(OSError):
                for one in made:
                    one.rmdir()
            raise
        shutil.rmtree(fresh, ignore_errors=True)


def clear_unfinished(folder: Path) -> None:
    """Take away what a writer of `put_folder` that was killed left in a folder."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)


def _replace(target: Path, content: bytes) -> None:
    unfinished = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
        if target.exists():
            unfinished.chmod(stat.S_IMODE(target.stat().st_mode))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _swap(fresh: Path, folder: Path) -> None:
    """Put the new folders and files in the place of the old ones; renaming takes no room."""
    (fresh / "old").mkdir()
    for one in sorted((fresh / "new").iterdir(), key=lambda path: (path.is_file(), path.name)):
        if (folder / one.name).is_dir():
            (folder / one.name).rename(fresh / "old" / one.name)
        one.replace(folder / one.name)


@contextmanager
def _refusing(path: Path, way_out: str) -> Iterator[None]:
    """Turn what the disk says into a refusal of one line."""
    try:
        yield
    except (OSError, RuntimeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else None
        sentence = tr("{path}: cannot be written ({reason}); {way_out}")
        raise ExportError(sentence.format(path=path, reason=reason or problem, way_out=way_out)) from problem
