"""What a server makes once for those after it: found again, made anew where it is damaged, bounded, and shared."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest

from mapcore.app.server.disk_cache import MOST_BYTES, cached, folder
from mapcore.app.server.packing import Packed

WORDS = b"the same words again, " * 4000


def not_again():
    raise AssertionError("made again")


def files():
    return sorted(folder().iterdir())


@pytest.mark.usefixtures("home")
def test_what_was_made_is_found_again_and_another_recipe_or_source_is_another_file():
    assert cached("one", b"a", lambda: b"made") == b"made"
    assert cached("one", b"a", not_again) == b"made"
    assert cached("two", b"a", lambda: b"other") == b"other"
    assert cached("one", b"b", lambda: b"third") == b"third"
    assert len(files()) == 3
    assert cached("one", b"a", not_again) == b"made"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("damage", [lambda whole: whole[:0], lambda whole: whole[:-1], lambda whole: whole[:-1] + b"X"])
def test_a_damaged_file_is_made_anew(damage):
    cached("one", b"a", lambda: b"made")
    (file,) = files()
    file.write_bytes(damage(file.read_bytes()))
    assert cached("one", b"a", lambda: b"made again") == b"made again"
    assert cached("one", b"a", not_again) == b"made again"
    file.unlink()
    file.mkdir()
    assert cached("one", b"a", lambda: b"no file") == b"no file"


def test_a_folder_that_cannot_be_written_costs_time_only(home):
    home.write_text("a file where the folder should be")
    for content in (b"first", b"second"):
        assert cached("one", b"a", lambda content=content: content) == content


@pytest.mark.usefixtures("home")
def test_what_was_used_longest_ago_goes_first():
    part = MOST_BYTES // 4
    for source in (b"a", b"b", b"c"):
        cached("one", source, lambda source=source: source * part)
    long_ago = time.time() - 1000
    for age, file in enumerate(files()):
        os.utime(file, (long_ago - age, long_ago - age))
    used = cached("one", b"b", not_again)
    cached("one", b"d", lambda: b"d" * part)
    assert sum(file.stat().st_size for file in files()) <= MOST_BYTES
    assert len(files()) == 3
    assert cached("one", b"b", not_again) == used
    assert cached("one", b"d", not_again) == b"d" * part


@pytest.mark.usefixtures("home")
def test_two_at_once_leave_one_whole_file():
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: cached("one", WORDS, lambda: b"x" * 100_000), range(40)))
    assert set(found) == {b"x" * 100_000}
    assert len(files()) == 1


def test_scripts_that_one_server_packed_are_answered_by_the_next(home):
    first, second = Packed(WORDS, "text/plain"), Packed(WORDS, "text/plain")
    first.tighten()
    (file,) = (home / "server").iterdir()
    written = file.stat().st_ino
    second.tighten()
    assert second.form("br") == first.form("br") == file.read_bytes()[32:]
    assert brotli.decompress(second.form("br")) == WORDS
    assert [one.stat().st_ino for one in files()] == [written]
