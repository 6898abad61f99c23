"""Readers that do what no reader may, each in its own way: what the tests of the confinement run."""

from __future__ import annotations

import ctypes
import os
import signal
import stat
import tempfile
import time
from pathlib import Path
from typing import Any

from mapcore.base.errors import ChoiceNeededError, Problem
from mapcore.base.language import language, number_text, tr

Answer = tuple[dict[str, Any], bytes]


_warmed: list[bool] = []


def prepare() -> None:
    pass


def warm() -> None:
    _warmed.append(True)


def is_warm() -> Answer:
    return {"times": len(_warmed)}, b""


def _open_ways() -> list[int]:
    """Return the numbers of the sockets and pipes that are open."""
    kinds = {int(one.name): one.stat().st_mode for one in Path("/dev/fd").iterdir() if one.exists()}
    return [number for number, kind in kinds.items() if stat.S_ISSOCK(kind) or stat.S_ISFIFO(kind)]


def _answer_pipe() -> int:
    return _open_ways()[0]


def told(**said: Any) -> Answer:
    return said, b"bytes"


def refuse() -> Answer:
    raise ChoiceNeededError(
        Problem("a.kml", "b", tr("is missing"), number_text(12345)),
        classes={"side": {"red": 2, "blue": 1}},
        findings=["half of the country"],
    )


def where() -> Answer:
    folder = tempfile.mkdtemp()
    Path(folder, "left").write_text("behind")
    said = {"folder": folder, "language": language(), "nice": os.nice(0), "cwd": str(Path.cwd())}
    return {"open": len(_open_ways()), **said}, b""


def memory() -> Answer:
    kept = [bytes(bytearray(os.urandom(1024)) * 1024) for _ in range(2000)]
    return {"kept": len(kept)}, b""


def memory_at_once() -> Answer:
    return {"kept": len(bytearray(8_000_000_000))}, b""


def work() -> Answer:
    while True:
        pass


def wait() -> Answer:
    time.sleep(1000)
    return {}, b""


def deaf() -> Answer:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    return work()


def long_answer() -> Answer:
    return {}, bytes(50_000_000)


def fall() -> Answer:
    ctypes.string_at(0)
    return {}, b""


def leave() -> Answer:
    os._exit(0)


def junk() -> Answer:
    os.write(_answer_pipe(), b"\x00\x00\x00\x05\x00\x00\x00\x00{]")
    os._exit(0)


def deep() -> Answer:
    text = b"[" * 60_000
    os.write(_answer_pipe(), len(text).to_bytes(4, "big") + bytes(4) + text)
    os._exit(0)


def other_class() -> Answer:
    text = b'{"refused": {"kind": "SystemExit", "message": "out"}}'
    os.write(_answer_pipe(), len(text).to_bytes(4, "big") + bytes(4) + text)
    os._exit(0)


def no_disk() -> Answer:
    raise OSError(28, "No space left on device")


def fill_disk() -> Answer:
    with tempfile.TemporaryFile() as file:
        while True:
            file.write(bytes(10_000_000))


def fail(kind: str) -> Answer:
    raise {"KeyError": KeyError, "RuntimeError": RuntimeError, "RecursionError": RecursionError}[kind]("in a library")


def leave_another() -> Answer:
    if os.fork() == 0:
        time.sleep(1000)
    return {"left": os.getpid()}, b""


def kill_keeper() -> Answer:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(1000)
    return {}, b""


def pause(seconds: float, log: str) -> Answer:
    with Path(log).open("a") as file:
        file.write(f"{os.getpid()} {time.monotonic()}\n")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)
    with Path(log).open("a") as file:
        file.write(f"{os.getpid()} {time.monotonic()}\n")
    return {}, b""


JOBS = {
    name: job
    for name, job in list(globals().items())
    if callable(job) and getattr(job, "__module__", "") == __name__ and name not in {"prepare", "warm"}
}
