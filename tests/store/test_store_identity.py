"""Failed attempts are counted for a conversation, a client, and a client at one order."""

from datetime import timedelta
from typing import Any

import pytest

from order_store import Database, failures_since, record_attempt
from tests.store.conftest import NOW

SINCE = NOW - timedelta(minutes=15)
ATTEMPT: dict[str, Any] = {
    "at": NOW,
    "shop_key": "inkwell",
    "conversation_id": "c1",
    "client": "home",
    "order_key": "IW10482",
    "succeeded": False,
}


@pytest.fixture
def attempts(database: Database) -> Database:
    with database.write() as session:
        for changes in (
            {},
            {"conversation_id": "c2"},
            {"conversation_id": "c2", "order_key": "IW99"},
            {"client": "stranger"},
            {"shop_key": "papermill"},
            {"succeeded": True},
            {"at": SINCE},
            {"at": SINCE + timedelta(microseconds=1)},
        ):
            record_attempt(session, **(ATTEMPT | changes))
    return database


@pytest.mark.parametrize(
    ("matching", "count"),
    [
        ({"conversation_id": "c1"}, 4),
        ({"conversation_id": "c2"}, 2),
        ({"client": "home"}, 5),
        ({"client": "home", "order_key": "IW10482"}, 4),
        ({"client": "home", "order_key": "IW10482", "shop_key": "inkwell"}, 3),
        ({"client": "home", "order_key": "#iw-10 482", "shop_key": "inkwell"}, 3),
        ({"client": "stranger", "order_key": "IW10482"}, 1),
        ({"client": "nobody"}, 0),
    ],
)
def test_failures_after_the_moment_count_where_everything_given_matches(
    attempts: Database, matching: dict[str, str], count: int
) -> None:
    with attempts.read() as session:
        assert failures_since(session, since=SINCE, **matching) == count


def test_failures_are_never_counted_against_an_order_alone(database: Database) -> None:
    with database.read() as session, pytest.raises(ValueError, match="conversation or for a client"):
        failures_since(session, since=SINCE, order_key="IW10482")


def test_an_order_number_of_any_length_can_be_tried(database: Database) -> None:
    with database.write() as session:
        record_attempt(session, **(ATTEMPT | {"order_key": "9" * 5000}))
    with database.read() as session:
        assert failures_since(session, since=SINCE, client="home", order_key="9" * 5000) == 1


def test_failures_can_be_counted_up_to_a_moment(attempts: Database) -> None:
    before = NOW - timedelta(minutes=1)
    with attempts.read() as session:
        assert failures_since(session, since=SINCE, until=before, conversation_id="c1") == 1
