"""What the API does for strangers is bounded: questions, work, memory; and what is a viewer's own stays theirs."""

import threading

import pytest
from support.api import V1
from support.asgi import Client

from mapcore import load_proposal, measure_proposal
from mapcore.app.server import api, api_answers
from mapcore.app.server.api_limits import Limits, Turns
from mapcore.app.server.api_question import read_question
from mapcore.app.server.api_resources import METADATA, RefusedError
from mapcore.base import memory
from mapcore.base.errors import ParameterError
from mapcore.measurement import areas as measured_areas
from mapcore.proposals import viewer


@pytest.fixture(scope="module")
def client():
    """
    With more turns than the tests take.

    What other files' tests have left is forgotten: the oldest of all that is kept, it would make room for what comes.
    """
    memory.forget(measured_areas._measure_shipped)
    memory.forget(viewer._unpacked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAPCORE_API_PER_MINUTE", "100000")
        return Client(api.routes())


def test_a_viewers_own_proposal_is_answered_and_remembered_for_nobody(client):
    start = load_proposal("us-28-point")
    own = viewer.pack(viewer.start_from(start, start.date))
    theirs = client.ask(f"{V1}areas?proposal=us-28-point").json()
    shelves = len(measured_areas._measure_shipped.shelf), len(viewer._unpacked.shelf)
    desk = client.app.routes[0].app._desk
    held = set(desk.kept._held)
    answer = client.ask(f"{V1}areas?proposal=own&own={own}")
    assert answer.status == 200
    ours = answer.json()
    assert (ours["ledger"], ours["zones"]) == (theirs["ledger"], theirs["zones"])
    assert ours["proposal"] == "viewers-own-untitled"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert (len(measured_areas._measure_shipped.shelf), len(viewer._unpacked.shelf)) == shelves
    assert {key for key in desk.kept._held if getattr(key[0], "own", "")} == set()
    assert set(desk.kept._held) == held
    about = client.ask(f"{V1}compare.{METADATA}?proposal=us-28-point&compare=own&own={own}").json()
    assert any("viewer's own proposal" in caveat for caveat in about["caveats"])


def test_depths_that_strangers_ask_for_push_nothing_out_of_what_is_measured(client):
    measure_proposal(load_proposal("donetsk-narrow-buffer"))
    before = len(measured_areas._measure_shipped.shelf)
    for depth in (11.5, 12.5):
        assert client.ask(f"{V1}areas?proposal=donetsk-narrow-buffer&depth_km={depth}").status == 200
    assert len(measured_areas._measure_shipped.shelf) == before


def test_questions_that_mean_the_same_are_one():
    plain = read_question("areas", [("proposal", "donetsk-narrow-buffer")])
    default = str(load_proposal("donetsk-narrow-buffer").parameters["depth_km"].default)
    written = [("control", "2025-12-02"), ("depth_km", default), ("proposal", "donetsk-narrow-buffer")]
    assert read_question("areas", written) == plain
    assert read_question("areas", [*written[:2], ("proposal", "donetsk-narrow-buffer"), ("likely", "true")]) != plain


def test_a_client_that_asks_too_often_waits_and_the_others_do_not():
    now = [0.0]
    turns = Turns(Limits(per_minute=60), clock=lambda: now[0])
    assert [turns.take("192.0.2.1") for _ in range(13)] == [0] * 12 + [1]
    assert turns.take("192.0.2.2") == 0
    now[0] += 1
    assert [turns.take("192.0.2.1") for _ in range(2)] == [0, 1]
    now[0] += 60
    assert [turns.take("192.0.2.1") for _ in range(13)] == [0] * 12 + [1]
    for host in range(12):
        assert turns.take(f"2001:db8::{host}") == 0
    assert turns.take("2001:db8::ffff") == 1
    assert turns.take("2001:db8:0:1::1") == 0
    assert turns.take("::ffff:192.0.2.1") == 1
    for host in range(20_000):
        turns.take(f"10.0.{host // 256}.{host % 256}")
    assert len(turns._full_at) == 10_000


def test_over_the_rate_comes_429_with_when_to_ask_again(monkeypatch):
    monkeypatch.setenv("MAPCORE_API_PER_MINUTE", "10")
    client = Client(api.routes())
    answers = [client.ask(f"{V1}proposals", address="192.0.2.7") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 6
    assert answers[-1].headers["access-control-allow-origin"] == "*"
    assert client.ask(f"{V1}proposals", address="192.0.2.8").status == 200
    assert client.ask(f"{V1}areas", "OPTIONS", address="192.0.2.7").status == 204


@pytest.mark.parametrize("variable", ["MAPCORE_API_PER_MINUTE", "MAPCORE_API_AT_ONCE", "MAPCORE_API_KEPT_MB"])
def test_a_limit_that_is_no_positive_number_ends_the_start(variable, monkeypatch):
    with pytest.raises(ParameterError, match=f"^{variable}: "):
        Limits.from_environment({variable: "none"})
    monkeypatch.setenv(variable, "0")
    with pytest.raises(SystemExit, match=f"^mapcore: {variable}: "):
        api.routes()


@pytest.fixture
def work(monkeypatch):
    """Answers that are worked out when the test says so, and who works on them."""
    release, threads, running, most = threading.Event(), [], [], []
    make = api_answers.make_answer

    def slowly(question, form):
        threads.append(threading.current_thread())
        running.append(question)
        most.append(len(running))
        release.wait(20)
        running.remove(question)
        return make(question, form)

    monkeypatch.setattr(api, "make_answer", slowly)
    return release, threads, most


def test_answers_are_worked_out_beside_the_loop_a_few_at_once_and_once_for_all_who_ask(work):
    release, threads, most = work
    client = Client(api.routes())
    threading.Timer(0.3, release.set).start()
    paths = [f"{V1}places?name={name}&proposal=line-as-is" for name in ("kyiv", "kyiv", "odesa", "lviv")]
    answers = client.ask_together(paths)
    assert [answer.status for answer in answers] == [200] * 4
    assert answers[0].body == answers[1].body
    assert len(threads) == 3
    assert threading.main_thread() not in threads
    assert max(most) <= 2
    assert client.ask(paths[0]).status == 200
    assert len(threads) == 3


def test_a_viewers_own_rules_are_read_beside_the_loop(monkeypatch):
    threads, unpack = [], viewer.unpack

    def noted(packed):
        threads.append(threading.current_thread())
        return unpack(packed)

    monkeypatch.setattr(viewer, "unpack", noted)
    own = viewer.pack(viewer.blank(load_proposal("us-28-point").date))
    assert Client(api.routes()).ask(f"{V1}areas?proposal=own&own={own}").status == 200
    assert len(threads) >= 2
    assert threading.main_thread() not in threads


def test_more_than_may_wait_are_told_to_come_again(work, monkeypatch):
    release, threads, _ = work
    monkeypatch.setenv("MAPCORE_API_AT_ONCE", "1")
    client = Client(api.routes())
    threading.Timer(0.3, release.set).start()
    answers = client.ask_together([f"{V1}places?name=a{'b' * n}&proposal=line-as-is" for n in range(12)])
    told = [answer for answer in answers if answer.status == 503]
    assert len(told) == 3
    assert len(threads) == 9
    assert all(answer.headers["retry-after"] == "5" for answer in told)


def test_kept_answers_have_a_budget_in_bytes(monkeypatch):
    monkeypatch.setenv("MAPCORE_API_KEPT_MB", "1")
    client = Client(api.routes())
    desk = client.app.routes[0].app._desk
    for proposal in ("us-28-point", "line-as-is", "russia-claim"):
        assert client.ask(f"{V1}zones?proposal={proposal}", Accept_Encoding="br").headers["content-encoding"] == "br"
        assert client.ask(f"{V1}proposals").status == 200
    held = [one.answer.packed for one in desk.kept._held.values()]
    assert 0 < sum(packed.size for packed in held) <= 1_000_000
    assert desk.kept.size == sum(packed.size for packed in held)


def test_an_error_of_ours_is_no_refusal_and_is_not_kept(client, monkeypatch):
    def broken(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr(api, "make_answer", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        client.ask(f"{V1}places?name=never&proposal=line-as-is")
    monkeypatch.undo()
    assert client.ask(f"{V1}places?name=never&proposal=line-as-is").status == 200
    with pytest.raises(RefusedError, match="proposal: is missing"):
        read_question("areas", [])
