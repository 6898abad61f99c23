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
from mapcore.base.file_lock import alone_in
from mapcore.base.language import tr

#: What a folder that is being written is called until it is whole.
_UNFINISHED: Final = ".mapcore-new-"


def try_place(path: Path) -> None:
    """
    Refuse at once what `put` would refuse after seconds of drawing; nothing is left where it stands.

    Raises
    ------
    ExportError
        As `put`.
    """
    with _file_for(path) as target:
        if _is_plain(target):
            with _beside(target) as unfinished:
                unfinished.touch(exist_ok=False)


def put(path: Path, content: bytes) -> None:
    """
    Write a file over any that is there, which stays until the new one is whole.

    Raises
    ------
    ExportError
        If it cannot be written: a folder that is missing or not the writer's, a full disk, a name that is a folder.
    """
    with _file_for(path) as target:
        if _is_plain(target):
            _replace(target, content)
        else:
            # A device or a pipe takes what it is given, and cannot be replaced.
            target.write_bytes(content)


def put_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """
    Write files by their path in a folder that is made if need be; the folders at its top are replaced as a whole.

    Everything is written beside the old files first, so that a failure leaves these as they were. Of several writers,
    one follows the other, so that the files of one are never among those of another.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    with _folder_for(folder) as fresh:
        fresh.mkdir(parents=True)
        with alone_in(folder):
            for name, content in files.items():
                (fresh / "new" / name).parent.mkdir(parents=True, exist_ok=True)
                (fresh / "new" / name).write_bytes(content)
            _swap(fresh, folder)


def try_folder(folder: Path) -> None:
    """
    Refuse at once what `put_folder` would refuse after minutes of drawing; nothing is left where it stands.

    Raises
    ------
    ExportError
        As `put_folder`.
    """
    with suppress(_TriedError), _folder_for(folder) as fresh:
        fresh.mkdir(parents=True)
        raise _TriedError


def left_in(folder: Path) -> list[Path]:
    """
    Return what is in a folder, after what a writer of `put_folder` that was killed left there is taken away.

    One who writes there now is waited for, and what is there only while another one tries whether it can is not named.
    """
    with alone_in(folder):
        for left in folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
    return [path for path in folder.iterdir() if not path.name.startswith(_UNFINISHED)]


class _TriedError(Exception):
    """A folder can be written, and was not."""


@contextmanager
def _folder_for(folder: Path) -> Iterator[Path]:
    """Give the folder to write in before files are put in place; where that fails, all that was made goes again."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    fresh = folder / f"{_UNFINISHED}{secrets.token_hex(4)}"
    with _refusing(folder, tr("name a folder that is yours, on a disk with room")):
        try:
            yield fresh
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            with suppress(OSError):
                for path in made:
                    path.rmdir()
            raise
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def _file_for(path: Path) -> Iterator[Path]:
    """Give the file that a path leads to, through links."""
    with _refusing(path, tr("name a folder that is there and yours, on a disk with room")):
        if path.is_dir():
            raise ExportError(tr("{path}: is a folder; add the name of a file, such as plan.png").format(path=path))
        yield path.resolve()


def _is_plain(target: Path) -> bool:
    return target.is_file() or not target.exists()


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give the name of a file beside another, which is gone in the end."""
    unfinished = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


def _replace(target: Path, content: bytes) -> None:
    with _beside(target) as unfinished:
        with unfinished.open("xb") as file:
            file.write(content)
        if target.exists():
            unfinished.chmod(stat.S_IMODE(target.stat().st_mode))
        unfinished.replace(target)


def _swap(fresh: Path, folder: Path) -> None:
    """Put the new folders and files in the place of the old ones; renaming takes no room."""
    (fresh / "old").mkdir()
    for entry in sorted((fresh / "new").iterdir(), key=lambda path: (path.is_file(), path.name)):
        if (folder / entry.name).is_dir():
            (folder / entry.name).rename(fresh / "old" / entry.name)
        entry.replace(folder / entry.name)


@contextmanager
def _refusing(path: Path, way_out: str) -> Iterator[None]:
    """Turn what the disk says into a refusal of one line."""
    try:
        yield
    except (OSError, RuntimeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else None
        sentence = tr("{path}: cannot be written ({reason}); {way_out}")
        raise ExportError(sentence.format(path=path, reason=reason or problem, way_out=way_out)) from problem
