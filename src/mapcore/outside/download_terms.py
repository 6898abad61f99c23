"""Archives of published lines: where they are, whose they are, under which terms, and who accepted these."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from mapcore.base import memory
from mapcore.base.data_files import display_path, geo_path, user_dir, write_whole
from mapcore.base.errors import DataFileError, Problem, TermsError, UnknownIdError, did_you_mean
from mapcore.base.language import tr
from mapcore.base.records import table_of
from mapcore.base.safe_text import checked, plain
from mapcore.base.schema import Holder
from mapcore.base.table_reader import read_records
from mapcore.land.provenance import Provenance

DEFAULT_ARCHIVE: Final = "deepstate"
#: Hosts that are this machine itself, to which plain http leads nowhere else.
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Archive:
    """One table of an `archives.toml`: dated snapshots of one source behind addresses of one form."""

    id: str
    title: str
    provenance: Provenance
    url: str
    first: date
    terms: str
    held_by: Holder = "russia"
    class_field: str = ""
    classes: tuple[str, ...] = ()

    def address(self, on: date) -> str:
        """Return the address of the snapshot of a date."""
        parts = {"{YYYY}": f"{on.year:04d}", "{MM}": f"{on.month:02d}", "{DD}": f"{on.day:02d}"}
        url = self.url
        for sign, digits in parts.items():
            url = url.replace(sign, digits)
        return url


def load_archives() -> dict[str, Archive]:
    """
    Return the archives by id: the shipped ones, and those of the user's own `archives.toml`, which come first in rank.

    Raises
    ------
    DataFileError
        If a table is not complete, or has an address that is neither https nor on this machine.
    """
    users = user_dir() / "archives.toml"
    paths = [geo_path("archives.toml"), *([users] if users.is_file() else [])]
    archives = [archive for path in paths for archive in _read(path, path.stat().st_mtime_ns)]
    return {archive.id: archive for archive in archives}


def load_archive(archive_id: str = DEFAULT_ARCHIVE) -> Archive:
    """
    Return one archive.

    Raises
    ------
    UnknownIdError
        If there is none of this id.
    """
    archives = load_archives()
    if archive_id not in archives:
        sentence = tr("no archive '{id}'").format(id=plain(archive_id))
        raise UnknownIdError(f"{sentence}{did_you_mean(archive_id, archives)}")
    return archives[archive_id]


@memory.shared(maxsize=8)
def _read(path: Path, _: int) -> tuple[Archive, ...]:
    found = read_records(path, "archive", Archive, needed=("source", "licence", "attribution"))
    for index, archive in enumerate(found):
        place = f"archive[{index}]"
        for name, value in table_of(archive).items():
            if isinstance(value, str):
                checked(value, key=f"{display_path(path)}: {place}.{name}", most=2000)
        if not may_call(archive.url):
            way_out = tr("write https://…, with YYYY, MM and DD in braces for the date")
            raise DataFileError(Problem(display_path(path), f"{place}.url", tr("is not an https address"), way_out))
    return found


def may_call(url: str) -> bool:
    """Say whether an address may be called: https, or http on this machine, without a password in it."""
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        return bool(secure and parts.hostname and parts.username is None and (parts.port or 1) > 0)
    except ValueError:
        return False


def _terms_path() -> Path:
    return user_dir() / "accepted_terms.json"


def _terms_sum(archive: Archive) -> str:
    return hashlib.sha256(f"{archive.url}\n{archive.provenance.licence}\n{archive.terms}".encode()).hexdigest()


def _accepted() -> dict[str, object]:
    try:
        accepted = json.loads(_terms_path().read_bytes())
    except (OSError, ValueError):
        return {}
    return accepted if isinstance(accepted, dict) else {}


def terms_accepted(archive: Archive) -> bool:
    """Say whether the archive's terms, as they stand today, were accepted on this machine."""
    accepted = _accepted().get(archive.id)
    return isinstance(accepted, dict) and accepted.get("sha256") == _terms_sum(archive)


def accept_terms(archive: Archive, *, on: date) -> None:
    """Record in the user's data folder that the archive's terms were accepted on a date; changed terms ask anew."""
    record = {**_accepted(), archive.id: {"sha256": _terms_sum(archive), "on": on.isoformat()}}
    write_whole(_terms_path(), (json.dumps(record, indent=1) + "\n").encode())


def check_terms(archive: Archive) -> None:
    """
    Refuse an archive whose terms were not accepted yet.

    Raises
    ------
    TermsError
        With the terms and the way to accept them.
    """
    if not terms_accepted(archive):
        sentence = tr(
            "{id}: terms of {title}: {terms} Licence: {licence}. Nothing was downloaded; to accept them, run the same "
            "command once with --accept-terms"
        )
        words = {"title": tr(archive.title), "terms": tr(archive.terms), "licence": tr(archive.provenance.licence)}
        raise TermsError(sentence.format(id=archive.id, **words))
