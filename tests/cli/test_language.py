"""The command in two languages: help, argparse's own words and refusals, in two processes and in one."""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mapcore.base.language import speaking
from mapcore.cli import main
from mapcore.cli.arguments import language_asked_for, make_parser


def texts_of(parser, path="mapcore"):
    """Yield what a parser and those of its verbs say of themselves and of each argument."""
    yield path, parser.description
    yield path, parser.epilog
    for action in parser._actions:
        if action.help != argparse.SUPPRESS and not isinstance(action, argparse._SubParsersAction):
            yield f"{path} {action.dest}", action.help
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from ((f"{path} {one.dest}", one.help) for one in action._choices_actions)
            for name, verb in action.choices.items():
                yield from texts_of(verb, f"{path} {name}")


def said_by(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        main.main(list(arguments))
    printed = capsys.readouterr()
    return left.value.code, printed.out + printed.err


def test_each_word_of_help_has_a_translation():
    with speaking("en"):
        english = list(texts_of(make_parser()))
    with speaking("uk"):
        ukrainian = list(texts_of(make_parser()))
    assert [where for where, _ in english] == [where for where, _ in ukrainian]
    assert len(english) > 100
    same = [
        where for (where, text), (_, other) in zip(english, ukrainian, strict=True)
        if not text or text.strip() == other.strip()
    ]  # fmt: skip
    assert same == []


def test_help_is_in_the_language_asked_for_before_or_after_the_verb(capsys):
    for arguments in (["--lang", "uk", "--help"], ["--lang=uk", "-h"]):
        code, told = said_by(capsys, *arguments)
        assert code == 0
        assert "використання: mapcore" in told
        assert "Показати перелік пропозицій." in told
    for arguments in (["areas", "--lang", "uk", "--help"], ["--lang=uk", "areas", "--help"]):
        code, told = said_by(capsys, *arguments)
        assert code == 0
        for words in ("позиційні аргументи:", "параметри:", "показати цю довідку", "приклади:", "90% випадково"):
            assert words in told
        assert "positional" not in told
        assert "options" not in told
    assert "usage: mapcore areas" in said_by(capsys, "areas", "--help")[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["areas"], "бракує обов’язкових аргументів: PROPOSAL; довідка: mapcore areas --help"),
        (["areas", "us-28-point", "--jsn"], "невідомі аргументи: --jsn"),
        (["areas", "us-28-point", "--control"], "аргумент --control: потрібне одне значення"),
        (["areas", "us-28-point", "--likely=9"], "аргумент --likely: цей параметр не має значення, а вказано '9'"),
        (["check"], "бракує обов’язкових аргументів: FILE"),
        (["control", "ad"], "недопустиме значення: 'ad' (можна вказати: "),
        (["control", "add", "x", "--as-of", "today", "--source", "X"], "аргумент --as-of: «today» не є датою"),
        (["dashboard", "--port", "x"], "аргумент --port: недопустиме значення типу int: 'x'"),
        (["export", "us-28-point", "--l", "x"], "неоднозначний параметр: --l може означати --lang, --link-base"),
        (["series", ".", "--out", "x", "--workers", "0"], "недопустима кількість процесів: «0»"),
        (["area"], "немає команди «area»; можливо, малося на увазі «areas»?"),
    ],
)
def test_refusals_of_argparse_are_in_ukrainian(capsys, arguments, told):
    code, words = said_by(capsys, *arguments, "--lang", "uk")
    assert code == 2
    assert told in words
    assert words.count("\n") == 1


def test_a_language_that_there_is_not_is_refused(capsys):
    assert main.main(["--lang", "xx", "--help"]) == 2
    assert "no language 'xx'; there are: en" in capsys.readouterr().err
    assert language_asked_for(["series", "--source=--lang=uk", "--", "--lang", "uk"]) == "en"
    assert language_asked_for(["areas", "--lan", "uk"]) == "uk"


def test_two_processes_speak_a_language_each():
    command = [sys.executable, "-m", "mapcore", "control", "add"]
    started = [
        subprocess.Popen(
            [*command, "--lang", code], env=os.environ | {"LC_ALL": "C"}, stderr=subprocess.PIPE, encoding="utf-8"
        )
        for code in ("uk", "en")
    ]
    ukrainian, english = (one.communicate()[1] for one in started)
    assert [one.returncode for one in started] == [2, 2]
    assert ukrainian.startswith("mapcore: бракує обов’язкових аргументів: FILE, --as-of, --source; довідка: ")
    assert english.startswith("mapcore: the following arguments are required: FILE, --as-of, --source; try ")


def test_two_contexts_of_one_process_speak_a_language_each():
    def usage(code):
        with speaking(code):
            return make_parser().format_usage().split()[0]

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(usage, ["uk", "en"] * 4)) == ["використання:", "usage:"] * 4
