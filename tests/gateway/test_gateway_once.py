"""A message is answered once, whatever happens on the way."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import jwt
import pytest

from order_store import Database, messages_after, parse_shops, save_shops

ROOT = Path(__file__).resolve().parents[2]


def conversation_id(token):
    return jwt.decode(token, options={"verify_signature": False})["conversation"]


def test_the_same_client_id_gets_the_same_answer_and_nothing_happens_twice(gateway, rasa):
    token = gateway.session()
    first = gateway.say(token, "Hello", "m1")
    gateway.say(token, "And more", "m2")
    assert gateway.say(token, "Hello", "m1") == first
    assert gateway.say(token, "Something else", "m1") == first
    assert [heard["message"] for heard in rasa.heard] == ["Hello", "And more"]


def test_the_same_client_id_in_another_conversation_is_another_message(gateway, rasa):
    assert gateway.say(gateway.session(), "Hello", "m1")
    assert gateway.say(gateway.session(), "Hello", "m1")
    assert len(rasa.heard) == 2


def test_the_same_message_sent_twice_at_once_is_answered_once(gateway, rasa):
    token = gateway.session()
    rasa.holds_back()
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(gateway.say, token, "Hello", "m1") for _ in range(4)]
        assert rasa.asked.acquire(timeout=10)
        rasa.released.set()
        first, *others = [answer.result(20) for answer in answers]
    assert all(other == first for other in others)
    assert len(rasa.heard) == 1


def test_the_same_message_sent_twice_at_once_is_answered_once_on_postgresql_too(start, rasa, known, postgresql_url):
    store = Database(postgresql_url)
    with store.write() as session:
        save_shops(session, parse_shops(known.shops))
    store.dispose()
    gateway = start({"AFTERCARE_DATABASE_URL": postgresql_url})
    token = gateway.session()
    rasa.holds_back()
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(gateway.say, token, "Hello", "m1") for _ in range(4)]
        assert rasa.asked.acquire(timeout=10)
        rasa.released.set()
        first, *others = [answer.result(20) for answer in answers]
    assert all(other == first for other in others)
    assert gateway.say(token, "More", "m2")["last_seq"] == 4
    assert len(rasa.heard) == 2
    gateway.close()


def test_two_messages_of_one_conversation_never_reach_rasa_together(gateway, rasa):
    token = gateway.session()
    under_way, most = [], []

    def answer(body):
        under_way.append(1)
        most.append(len(under_way))
        under_way.pop()
        return [{"text": body["message"]}]

    rasa.answer = answer
    rasa.holds_back()
    with ThreadPoolExecutor(5) as pool:
        answers = [pool.submit(gateway.say, token, f"Hello {n}", f"m{n}") for n in range(5)]
        assert rasa.asked.acquire(timeout=10)
        assert len(rasa.heard) == 1
        rasa.released.set()
        seqs = sorted(answer.result(20)["last_seq"] for answer in answers)
    assert seqs == [2, 4, 6, 8, 10]
    assert max(most) == 1


def test_a_slow_conversation_keeps_no_other_waiting(gateway, rasa):
    slow, quick = gateway.session(), gateway.session()
    held = conversation_id(slow)
    rasa.holds_back()
    plain = rasa.answer
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(gateway.say, slow, "Hello")
        assert rasa.asked.acquire(timeout=10)
        second = pool.submit(gateway.say, quick, "Hello")
        assert rasa.asked.acquire(timeout=10)
        rasa.answer = plain
        rasa.released.set()
        assert first.result(20)
        assert second.result(20)
    assert {heard["sender"] for heard in rasa.heard} == {held, conversation_id(quick)}


def test_too_many_messages_waiting_in_one_conversation_are_turned_away(gateway, rasa):
    token = gateway.session()
    rasa.holds_back()
    with ThreadPoolExecutor(12) as pool:
        answers = [pool.submit(gateway.send, token, f"m{n}", text="Hello") for n in range(12)]
        while sum(answer.done() for answer in answers) < 4:
            time.sleep(0.01)
        rasa.released.set()
        statuses = sorted(answer.result(20).status_code for answer in answers)
    assert statuses == [200] * 8 + [429] * 4
    assert len(gateway.app.state.parts.turns._queues) == 0


def test_after_a_restart_the_same_client_id_gets_the_same_answer(start, rasa):
    before = start()
    token = before.session()
    first = before.say(token, "Hello")
    before.close()
    assert start().say(token, "Hello") == first
    assert len(rasa.heard) == 1


def test_a_turn_cut_short_by_a_crash_is_taken_again_as_the_same_turn(environ, rasa, tmp_path, database):
    port = free_port()
    variables = {**os.environ, **environ, "AFTERCARE_PORT": str(port), "PYTHONPATH": str(ROOT)}
    rasa.holds_back()
    with GatewayProcess(variables, port) as first:
        http = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, verify=False, timeout=30)
        token = http.post("/api/v1/sessions", json={"shop": "inkwell"}).json()["token"]
        with ThreadPoolExecutor(1) as pool:
            lost = pool.submit(send_by, http, token)
            assert rasa.asked.acquire(timeout=20)
            first.send_signal(signal.SIGKILL)
            with pytest.raises(httpx.HTTPError):
                lost.result(20)
    rasa.released.set()
    with GatewayProcess(variables, port):
        answer = send_by(http, token)
        assert answer.status_code == 200
        assert send_by(http, token).json() == answer.json()
    turns = [heard["metadata"]["turn"] for heard in rasa.heard]
    assert len(turns) == 2
    assert len(set(turns)) == 1
    with database.read() as session:
        assert len(messages_after(session, conversation_id(token), 0)) == 1


def send_by(http, token):
    return http.post(
        "/api/v1/messages",
        json={"client_id": "m1", "text": "Hello"},
        headers={"Authorization": f"Bearer {token}"},
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class GatewayProcess:
    """`python -m gateway` as a process of its own, from answering to ended."""

    def __init__(self, variables, port):
        self.variables, self.port = variables, port

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-m", "gateway"], env=self.variables, cwd=ROOT)
        while self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self.process
            time.sleep(0.05)
        raise AssertionError("the gateway ended before it answered")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)


def test_a_turn_goes_on_when_the_customer_closes_the_page(gateway, rasa, database):
    token = gateway.session()
    rasa.holds_back()
    hurried = httpx.Client(base_url=gateway.url, timeout=0.3, trust_env=False, verify=False)
    with pytest.raises(httpx.ReadTimeout):
        send_by(hurried, token)
    hurried.close()
    rasa.released.set()
    answer = gateway.say(token, "Hello", "m1")
    assert len(rasa.heard) == 1
    assert answer["last_seq"] == 2


def test_a_store_that_does_not_answer_is_a_problem_and_the_message_is_not_lost(gateway, rasa, database, tmp_path):
    token = gateway.session()
    file = tmp_path / "aftercare.db"
    gateway.app.state.parts.database.dispose()
    hidden = tmp_path / "hidden.db"
    file.rename(hidden)
    file.mkdir()
    answer = gateway.send(token, text="Hello")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    file.rmdir()
    hidden.rename(file)
    assert gateway.say(token, "Hello")["last_seq"] == 2


def test_a_gateway_is_closed_only_after_the_turns_under_way(start, rasa, database):
    gateway = start()
    token = gateway.session()
    rasa.holds_back()
    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(gateway.say, token, "Hello")
        assert rasa.asked.acquire(timeout=10)
        gateway.server.should_exit = True
        rasa.released.set()
        assert answer.result(20)["last_seq"] == 2
