"""Files from outside are read in a process with limits: whatever happens in it becomes one sentence, none is left."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.paths import ROOT

from mapcore.base import language
from mapcore.base.errors import ChoiceNeededError, LineFileError, MapcoreError
from mapcore.base.limits import Limits
from mapcore.confine import order as confine_order
from mapcore.confine.confinement import Confinement, Question
from mapcore.confine.messages import AnswerError
from mapcore.confine.turns import Asker, asked_by

HERE = ROOT / "tests"
SMALL = Limits(read_seconds=1, read_mb=150, answer_mb=20, archive_mb=30, wait_seconds=60)


@pytest.fixture(scope="module")
def faulty() -> Iterator[Confinement]:
    """Readers with the faults of `faulty_jobs`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
        found = Confinement("support.faulty_jobs")
        assert _ask(found, "told") == {}
        assert _ask(found, "is_warm") == {"times": 0}
        yield found


def _ask(readers: Confinement, job: str, limits: Limits = SMALL, *, long: bool = False, **arguments: Any) -> Any:
    question = Question(job, arguments, "a.kml", LineFileError, is_long=long)
    return readers.ask(question, lambda told, _: told, limits)


def test_an_answer_comes_back(faulty: Confinement) -> None:
    asked: list[tuple[Mapping[str, Any], bytes]] = []
    question = Question("told", {"word": "Донецьк", "number": 1.5}, "a", LineFileError)
    faulty.ask(question, lambda told, content: asked.append((told, content)), SMALL)
    assert asked == [({"word": "Донецьк", "number": 1.5}, b"bytes")]


def test_what_is_asked_often_works_out_beforehand_what_readers_need_and_once(faulty: Confinement) -> None:
    assert [_ask(faulty, "is_warm") for _ in range(6)][-3:] == [{"times": 1}] * 3


def test_a_refusal_comes_back_whole_and_in_the_readers_language(faulty: Confinement) -> None:
    with language.speaking("uk"), pytest.raises(ChoiceNeededError, match=r"a\.kml: b: ключ відсутній") as found:
        _ask(faulty, "refuse")
    assert found.value.problems[0].way_out == "12\N{NO-BREAK SPACE}345"
    assert found.value.classes == {"side": {"red": 2, "blue": 1}}
    assert found.value.findings == ("half of the country",)


def test_a_reader_has_nothing_of_its_parents_and_leaves_nothing_behind(faulty: Confinement) -> None:
    with asked_by(Asker(nice=7)), language.speaking("uk"):
        found = _ask(faulty, "where")
    assert found["open"] == 1, "only the way of its answer is open"
    assert found["language"] == "uk"
    assert found["nice"] == min(os.nice(0) + 7, 19)
    assert found["cwd"] == str(Path.cwd())
    assert "mapcore-reading-" in found["folder"]
    assert not Path(found["folder"]).parent.exists()


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        ("memory", "needs more than 150 MB of memory to read; .*MAPCORE_LIMIT_READ_MB"),
        ("memory_at_once", "needs more than 150 MB of memory to read; .*MAPCORE_LIMIT_READ_MB"),
        ("work", "takes longer than 1 s to read; .*MAPCORE_LIMIT_READ_SECONDS"),
        ("deaf", "takes longer than 1 s to read; .*MAPCORE_LIMIT_READ_SECONDS"),
        ("wait", "makes its reader wait for something that does not come; export it again"),
        ("long_answer", "holds more than 20 MB when it is read; .*MAPCORE_LIMIT_ANSWER_MB"),
        ("fall", "breaks the program that reads it; export it again"),
        ("leave", "breaks the program that reads it; export it again"),
        ("junk", "breaks the program that reads it; export it again"),
        ("deep", "breaks the program that reads it; export it again"),
        ("other_class", "breaks the program that reads it; export it again"),
        ("no_disk", r"could not use the temporary folder \(No space left on device\); free space there, or set TMPDIR"),
        ("fill_disk", r"could not use the temporary folder \(File too large\); free space there, or set TMPDIR"),
        ("kill_keeper", "cannot be read now: no process can be started for it .*; try again later"),
    ],
)
def test_each_fault_is_one_sentence(faulty: Confinement, job: str, sentence: str) -> None:
    with pytest.raises(LineFileError, match=f"^a.kml: .*{sentence}") as found:
        _ask(faulty, job)
    assert "\n" not in str(found.value)
    assert _ask(faulty, "told", still="reads") == {"still": "reads"}


@pytest.mark.parametrize("kind", ["KeyError", "RuntimeError", "RecursionError"])
def test_any_exception_of_a_library_is_a_refusal_and_is_logged(
    faulty: Confinement, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(LineFileError, match=rf"^a.kml: cannot be read: its reader stopped at it \({kind}\); export"):
        _ask(faulty, "fail", kind=kind)
    assert f"{kind}: in a library" in caplog.text.replace("'", "")
    assert "faulty_jobs.py" in caplog.text


def test_what_is_made_of_an_answer_may_refuse_it(faulty: Confinement, caplog: pytest.LogCaptureFixture) -> None:
    def check(_told: object, _content: bytes) -> None:
        raise AnswerError("not what was asked for")

    with pytest.raises(LineFileError, match="breaks the program that reads it"):
        faulty.ask(Question("told", {}, "a", LineFileError), check, SMALL)
    assert "not what was asked for" in caplog.text


def test_a_larger_file_may_take_more(faulty: Confinement) -> None:
    question = Question("work", {}, "a.kml", LineFileError, size_mb=0.5)
    with pytest.raises(LineFileError, match=r"takes longer than 1\.5 s"):
        faulty.ask(question, lambda told, _: told, SMALL)


def test_a_process_that_a_reader_left_goes_with_it(faulty: Confinement) -> None:
    reader = _ask(faulty, "leave_another")["left"]
    with pytest.raises(ProcessLookupError):
        _until(lambda: os.killpg(reader, 0))


def _until(tried: Callable[[], object], seconds: float = 10) -> None:
    """Try again and again for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        tried()
        time.sleep(0.02)


def test_a_stem_that_died_is_replaced(faulty: Confinement) -> None:
    for stem in _children(os.getpid(), "import process"):
        os.kill(stem, signal.SIGKILL)
    time.sleep(0.1)
    assert _ask(faulty, "told", again=1) == {"again": 1}


def _children(parent: int, words: str = "") -> list[int]:
    """Return the processes that a process started and that still run, by words of their command."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, above = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (folder / "cmdline").read_text()
        except OSError:
            continue
        if int(above) == parent and state != "Z" and words in command:
            found.append(int(folder.name))
    return found


def test_work_ends_when_nobody_waits_for_it(faulty: Confinement) -> None:
    there = threading.Event()
    there.set()
    timer = threading.Timer(0.5, there.clear)
    timer.start()
    began = time.monotonic()
    limits = replace(SMALL, read_seconds=100)
    with (
        asked_by(Asker("one", there.is_set)),
        pytest.raises(
            LineFileError, match="was not read to the end, because nobody is waiting for it; upload it again"
        ),
    ):
        _ask(faulty, "work", limits)
    assert time.monotonic() - began < 20
    stem = _children(os.getpid(), "support.faulty_jobs")[0]
    _gone(lambda: _children(stem))


def _gone(running: Callable[[], list[int]], seconds: float = 20) -> None:
    """Wait until nothing runs any more."""
    end = time.monotonic() + seconds
    while running():
        assert time.monotonic() < end, f"still running: {running()}"
        time.sleep(0.05)


def test_no_process_outlives_the_one_that_asked(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import os
        from mapcore.confine.confinement import Confinement, Question
        from mapcore.base.errors import LineFileError
        from mapcore.base.limits import Limits
        readers = Confinement("support.faulty_jobs")
        question = Question("pause", {"seconds": 600, "log": os.environ["PAUSE_LOG"]}, "a", LineFileError)
        readers.ask(question, lambda told, _: told, Limits(read_seconds=100))
    """)
    log = tmp_path / "log"
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "PAUSE_LOG": str(log)}
    with subprocess.Popen([sys.executable, "-c", script], env=environment) as asking:
        end = time.monotonic() + 60
        while not (log.exists() and log.read_text()):
            assert time.monotonic() < end
            time.sleep(0.05)
        reader = int(log.read_text().split()[0])
        stem = _children(asking.pid)[0]
        asking.kill()
    _gone(lambda: [one for one in (reader, stem) if Path(f"/proc/{one}").exists() and not _is_dead(one)])


def _is_dead(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _most_at_once(log: Path) -> int:
    """Return how many pauses ran at the same time."""
    times: dict[str, list[float]] = {}
    for process, moment in map(str.split, log.read_text().splitlines()):
        times.setdefault(process, []).append(float(moment))
    return max(sum(begin <= start < end for begin, end in times.values()) for start, _ in times.values())


def _pauses(faulty: Confinement, log: Path, askers: list[Asker], limits: Limits = SMALL) -> int:
    def pause(asker: Asker) -> None:
        with asked_by(asker):
            _ask(faulty, "pause", limits, seconds=0.5, log=str(log))

    with ThreadPoolExecutor(len(askers)) as threads:
        list(threads.map(pause, askers))
    return _most_at_once(log)


def test_readers_are_bounded_in_all(faulty: Confinement, tmp_path: Path) -> None:
    limits = replace(SMALL, readers=2, read_seconds=5)
    assert _pauses(faulty, tmp_path / "log", [Asker(str(one)) for one in range(5)], limits) == 2


def test_a_session_has_one_reader_at_a_time(faulty: Confinement, tmp_path: Path) -> None:
    limits = replace(SMALL, readers=4, read_seconds=5)
    assert _pauses(faulty, tmp_path / "one", [Asker("one")] * 3, limits) == 1
    assert _pauses(faulty, tmp_path / "two", [*[Asker("one")] * 3, *[Asker("two")] * 3], limits) == 2


def test_who_waits_too_long_is_told(faulty: Confinement) -> None:
    limits = replace(SMALL, readers=1, read_seconds=30)
    there = threading.Event()
    there.set()

    def hold() -> None:
        with asked_by(Asker("one", there.is_set)), pytest.raises(LineFileError, match="nobody is waiting"):
            _ask(faulty, "work", limits)

    with ThreadPoolExecutor(1) as threads:
        held = threads.submit(hold)
        time.sleep(0.5)
        with pytest.raises(LineFileError, match=r"because 1 other file is being read here; .*MAPCORE_LIMIT_READERS"):
            _ask(faulty, "told", replace(limits, wait_seconds=0.3))
        there.clear()
        held.result()


def test_long_work_leaves_a_turn_to_others(faulty: Confinement) -> None:
    limits = replace(SMALL, readers=2, read_seconds=30)
    there = threading.Event()
    there.set()

    def hold(name: str) -> None:
        with asked_by(Asker(name, there.is_set)), pytest.raises(LineFileError, match="nobody is waiting"):
            _ask(faulty, "work", limits, long=True)

    with ThreadPoolExecutor(2) as threads:
        held = [threads.submit(hold, name) for name in ("one", "two")]
        time.sleep(0.5)
        with asked_by(Asker("three")):
            assert _ask(faulty, "told", limits, at="once") == {"at": "once"}
        there.clear()
        for one in held:
            one.result()


def test_without_fork_each_file_has_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setattr("mapcore.confine.confinement._START_S", 10.0)
    alone = Confinement("support.faulty_jobs", forks=False)
    assert _ask(alone, "told", word="Донецьк") == {"word": "Донецьк"}
    with language.speaking("uk"), pytest.raises(ChoiceNeededError, match="ключ відсутній"):
        _ask(alone, "refuse")
    for job, sentence in [("wait", "takes longer than"), ("fall", "breaks the program"), ("long_answer", "holds more")]:
        with pytest.raises(LineFileError, match=sentence):
            _ask(alone, job)
    caplog.set_level(logging.WARNING)
    with pytest.raises(LineFileError, match="KeyError"):
        _ask(alone, "fail", kind="KeyError")


def test_an_order_is_done_whatever_comes_of_it() -> None:
    order = confine_order.Order("fails", {}, "en", 1, 1, 1, 1, 0, ".")

    def fails() -> tuple[dict[str, Any], bytes]:
        raise SystemExit(3)

    assert b'"reason": "SystemExit"' in confine_order.done(order, {"fails": fails})
    assert issubclass(LineFileError, MapcoreError)
