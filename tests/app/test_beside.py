"""What is worked out beside the pages: sessions take turns, and who leaves or asks anew holds nobody up."""

from concurrent.futures import CancelledError
from functools import partial
from threading import Event
from types import SimpleNamespace

import pytest
import streamlit as st

from mapcore import load_proposal, load_proposals, measure_proposal
from mapcore.app.session import beside, likely, viewer_proposal
from mapcore.app.session.beside import Question, Turns
from mapcore.confine.turns import LeftError
from mapcore.measurement.likely import likely_ranges
from mapcore.proposals import viewer


@pytest.fixture
def held():
    """The thread at work on something that a third session asked for, until the test lets it go on."""
    turns, begun, answer = Turns(), Event(), Event()

    def work():
        begun.set()
        assert answer.wait(30)

    turns.ask("third", "likely", Question(work, lambda: True))
    assert begun.wait(30)
    yield SimpleNamespace(turns=turns, let_go=answer.set)
    answer.set()


def test_sessions_take_turns_and_a_newer_question_takes_the_place_of_the_older(held):
    done = []

    def asked(session, kind, words):
        question = Question(partial(done.append, words), lambda: True)
        held.turns.ask(session, kind, question)
        return question

    first = [asked("A", "ahead", "A1"), asked("A", "likely", "A2"), asked("A", "likely", "A3")]
    second = [asked("B", "likely", "B1"), asked("B", "ahead", "B2"), asked("B", "likely", "B3")]
    held.let_go()
    for question in (first[0], first[2], second[1], second[2]):
        question.answer.result(timeout=30)
    assert done == ["A1", "B2", "A3", "B3"]
    assert all(question.answer.cancelled() for question in (first[1], second[0]))
    assert held.turns._waiting == {}


def test_who_has_left_before_their_turn_is_passed_over(held):
    done = []
    gone = Question(partial(done.append, "gone"), lambda: False)
    here = Question(partial(done.append, "here"), lambda: True)
    held.turns.ask("A", "likely", gone)
    held.turns.ask("B", "likely", here)
    held.let_go()
    here.answer.result(timeout=30)
    assert done == ["here"]
    with pytest.raises(CancelledError):
        gone.answer.result(timeout=30)


def test_who_leaves_while_their_ranges_are_worked_out_holds_the_next_up_no_longer():
    looks = []

    def is_there():
        looks.append(None)
        return len(looks) < 2

    turns, plan = Turns(), measure_proposal(load_proposal("donetsk-narrow-buffer"))
    left = Question(partial(likely_ranges, plan, draws=20), is_there)
    stays = Question(partial(likely_ranges, plan, draws=20), lambda: True)
    turns.ask("A", "likely", left)
    turns.ask("B", "likely", stays)
    assert stays.answer.result(timeout=60).ledger
    with pytest.raises(LeftError):
        left.answer.result(timeout=30)
    assert len(looks) == 2


def test_a_mistake_in_one_answer_is_for_who_asked_and_the_next_is_answered(held):
    wrong, right = Question(lambda: 1 / 0, lambda: True), Question(lambda: 1, lambda: True)
    held.turns.ask("A", "likely", wrong)
    held.turns.ask("B", "likely", right)
    held.let_go()
    assert right.answer.result(timeout=30) == 1
    with pytest.raises(ZeroDivisionError):
        wrong.answer.result(timeout=30)


def test_what_a_session_no_longer_asks_for_is_not_worked_out(monkeypatch):
    begun, answer, done = Event(), Event(), []

    def slow(measured):
        begun.set()
        assert answer.wait(30)
        done.append(measured)

    monkeypatch.setattr(likely, "likely_ranges", slow)
    monkeypatch.setattr(st, "session_state", {})
    plans = [measure_proposal(viewer.start_from(one, viewer_proposal.today())) for one in load_proposals()[:3]]
    waiting = [beside.ask("likely ranges", partial(likely._computed, plans[0]))]
    assert begun.wait(30)
    waiting += [beside.ask("likely ranges", partial(likely._computed, plan)) for plan in plans[1:]]
    answer.set()
    waiting[-1].answer.result(timeout=30)
    assert done == [plans[0], plans[2]]
