"""The `mapcore` command: arguments, exit codes, error printing."""

from __future__ import annotations

import gc
import json
import logging
import os
import sys

import pandas as pd

from mapcore.base import language
from mapcore.base.errors import ExportError, MapcoreError, UnknownIdError
from mapcore.base.language import tr
from mapcore.cli.arguments import language_asked_for, make_parser, verb_hint
from mapcore.cli.text_answers import Answer
from mapcore.outside.confined_lines import READERS


def _known_language(code: str) -> str:
    """
    Return the code of a language that there is.

    Raises
    ------
    UnknownIdError
        If there is none; the sentence lists those that there are.
    """
    if code not in language.language_codes():
        listed = ", ".join(f"{known} ({name})" for known, name in language.languages().items())
        raise UnknownIdError(tr("no language '{code}'; there are: {languages}").format(code=code, languages=listed))
    return code


def _run(arguments: list[str]) -> int:
    with language.speaking(_known_language(language_asked_for(arguments))):
        parser = make_parser()
        hint = verb_hint(arguments)
        if hint:
            parser.error(hint)
        chosen = parser.parse_args(arguments)
        try:
            answer: Answer = chosen.work(chosen)
        except KeyboardInterrupt:
            print("mapcore: " + tr("interrupted; what was finished stays"), file=sys.stderr)
            return 130
        for notice in answer.notices:
            print(f"mapcore: {notice}", file=sys.stderr)
        _tell(json.dumps(answer.content, ensure_ascii=False, indent=2) if chosen.json else answer.text)
    return answer.code


def _tell(text: str) -> None:
    """
    Print an answer.

    Raises
    ------
    ExportError
        If it goes into a file that cannot take it.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as problem:
        _tell_no_more()
        sentence = tr("{path}: cannot be written ({reason}); {way_out}")
        way_out = tr("name a folder that is there and yours, on a disk with room")
        raise ExportError(sentence.format(path="stdout", reason=problem.strerror, way_out=way_out)) from problem


def _tell_no_more() -> None:
    """Drop what could not be printed, and all that follows, also at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _keep_log(path: str) -> None:
    """Write what libraries stopped at to a file, or nowhere: a refusal is one line."""
    try:
        logging.getLogger("mapcore").addHandler(logging.FileHandler(path) if path else logging.NullHandler())
    except OSError as problem:
        print(f"mapcore: MAPCORE_LOG: {path} cannot be written ({problem.strerror})", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 0 fine, 1 an answer that fails, 2 a refusal with one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # In the C locale Python writes ASCII; no terminal of today reads that, and not UTF-8.
            plain = (stream.encoding or "").lower() in {"ascii", "ansi_x3.4-1968", "646"}
            stream.reconfigure(encoding="utf-8" if plain else None, errors="replace")
    if arguments is None:
        # This process is the command's own: readers of files are forked from it, and libraries' errors go into a log.
        READERS.from_here = True
        # What it is made of stays to its end: no collection goes through that, those at its end least of all.
        gc.freeze()
        # Text in our tables is read as Python's: fetched from Arrow each time, it costs a twentieth of a command.
        pd.set_option("mode.string_storage", "python")
        _keep_log(os.environ.get("MAPCORE_LOG", ""))
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except MapcoreError as problem:
        print("mapcore: " + " | ".join(str(problem).splitlines()), file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader, such as `head`, has what it wanted.
        _tell_no_more()
        return 0


if __name__ == "__main__":
    sys.exit(main())
