"""Whether the system is up, as told to whoever runs it."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from gateway.app import create_app
from order_store import beat


def test_the_process_is_alive_whatever_is_behind_it(start):
    gateway = start({"AFTERCARE_RASA_URL": "http://127.0.0.1:9"})
    answer = gateway.http.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_it_is_ready_when_every_part_answers(gateway):
    answer = gateway.http.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "parts": {"database": "ok", "rasa": "ok", "actions": "ok", "worker": "ok"}}


@pytest.mark.parametrize(
    ("variables", "part", "state"),
    [
        ({"AFTERCARE_RASA_URL": "http://127.0.0.1:9"}, "rasa", "unreachable"),
        ({"AFTERCARE_ACTIONS_URL": "http://127.0.0.1:9/webhook"}, "actions", "unreachable"),
    ],
)
def test_it_is_not_ready_while_a_part_is_missing(start, variables, part, state):
    answer = start(variables).http.get("/readyz")
    assert answer.status_code == 503
    expected = {"database": "ok", "rasa": "ok", "actions": "ok", "worker": "ok", part: state}
    assert answer.json() == {"ready": False, "parts": expected}


def test_it_is_not_ready_while_a_part_answers_with_an_error(gateway, rasa):
    rasa.healthy = 500
    assert gateway.http.get("/readyz").json()["parts"]["rasa"] == "status 500"


@pytest.mark.parametrize(("seconds", "state"), [(60, "ok"), (120, "silent")])
def test_it_is_ready_while_the_worker_says_that_it_is_at_work(gateway, database, seconds, state):
    with database.write() as session:
        beat(session, "worker", datetime.now(UTC) - timedelta(seconds=seconds))
    answer = gateway.http.get("/readyz")
    assert answer.json()["parts"]["worker"] == state
    assert answer.status_code == (200 if state == "ok" else 503)


def test_however_many_ask_the_parts_are_asked_once_at_a_time(gateway, rasa):
    async def eight_at_once():
        transport = httpx.ASGITransport(create_app(gateway.settings))
        async with httpx.AsyncClient(transport=transport, base_url=gateway.url) as http:
            asked = asyncio.gather(*(http.get("/readyz") for _ in range(8)))
            while rasa.looked_at < 2:
                await asyncio.sleep(0.01)
            rasa.released.set()
            return [answer.status_code for answer in await asked]

    rasa.holds_back()
    assert asyncio.run(eight_at_once()) == [200] * 8
    assert rasa.looked_at == 2


def test_it_is_not_ready_before_the_tables_are_made(start, tmp_path):
    answer = start({"AFTERCARE_DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"}).http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "not migrated"
