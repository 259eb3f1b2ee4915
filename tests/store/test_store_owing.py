"""Answers that come later, and conversations taken up again: on every kind of database."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from order_store import (
    Conversation,
    Database,
    Message,
    Turn,
    answers,
    begin_turn,
    conversations_owed,
    find_choice,
    messages_after,
    owe_answer,
    owed_turns,
    pay_answer,
    resume_conversation,
    start_conversation,
    transcript,
)
from tests.store.conftest import NOW

LATER = {"text": "The answer comes later."}
DAY = timedelta(days=1)


@pytest.fixture
def conversation(database: Database, shop: str) -> str:
    with database.write() as session:
        return start_conversation(session, shop_key=shop, at=NOW, expires_at=NOW + DAY, client="home").id


def owe(database: Database, conversation: str, client_id: str) -> Turn:
    with database.write() as session:
        turn, _ = begin_turn(session, conversation, client_id, {"text": client_id}, NOW)
        owe_answer(session, turn, LATER, NOW)
        return turn


def test_what_is_owed_is_known_until_it_is_paid_once(database: Database, conversation: str) -> None:
    first, second = owe(database, conversation, "a"), owe(database, conversation, "b")
    with database.read() as session:
        assert conversations_owed(session) == [conversation]
        assert [turn.id for turn in owed_turns(session, conversation)] == [first.id, second.id]
    with database.write() as session:
        assert [paid.seq for paid in pay_answer(session, first, [{"text": "Here."}], NOW)] == [5]
        assert pay_answer(session, first, [{"text": "Again."}], NOW) == []
        assert pay_answer(session, second, [], NOW) == []
    with database.read() as session:
        assert conversations_owed(session) == []
        assert [message.text for message in messages_after(session, conversation, 4)] == ["Here."]


def test_a_message_sent_again_gets_its_first_answer_whatever_came_later(database: Database, conversation: str) -> None:
    turn = owe(database, conversation, "a")
    with database.write() as session:
        pay_answer(session, turn, [{"text": "Here."}], NOW)
    with database.write() as session:
        again, is_new = begin_turn(session, conversation, "a", {"text": "a"}, NOW)
        assert not is_new
        assert [message.text for message in answers(session, again)] == [LATER["text"]]
        assert [message.text for message in owe_answer(session, again, {"text": "Other."}, NOW)] == [LATER["text"]]
        assert conversations_owed(session) == []


def test_an_answer_paid_by_two_at_once_is_there_once(database: Database, conversation: str) -> None:
    turn = owe(database, conversation, "a")
    paid: list[list[Message]] = []

    def pay() -> None:
        with database.write() as session:
            paid.append(pay_answer(session, turn, [{"text": "Here."}], NOW))

    threads = [threading.Thread(target=pay) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, paid)) == [0, 0, 0, 0, 1]


def test_a_transcript_tells_a_late_answer_where_it_came(database: Database, conversation: str) -> None:
    turn = owe(database, conversation, "a")
    owe(database, conversation, "b")
    with database.write() as session:
        pay_answer(session, turn, [{"text": "Here."}], NOW + timedelta(minutes=1))
    with database.read() as session:
        said = [part["text"] for part in transcript(session, conversation)]
    assert said == ["a", LATER["text"], "b", LATER["text"], "Here."]


def resume(database: Database, conversation: str, at: Any, **told: Any) -> Conversation | None:
    with database.write() as session:
        return resume_conversation(
            session,
            conversation,
            **{"shop_key": "inkwell", "at": at, "moves": 0, "expires_at": at + DAY, "client": "work"} | told,
        )


def test_a_conversation_is_taken_up_behind_what_was_said(database: Database, conversation: str) -> None:
    owe(database, conversation, "a")
    resumed = resume(database, conversation, NOW + 2 * DAY)
    assert resumed is not None
    assert (resumed.session_from, resumed.expires_at, resumed.client) == (2, NOW + 3 * DAY, "work")


def test_a_session_that_is_not_over_stays_as_it_is(database: Database, conversation: str) -> None:
    resumed = resume(database, conversation, NOW + DAY - timedelta(seconds=1))
    assert resumed is not None
    assert (resumed.session_from, resumed.expires_at, resumed.client) == (0, NOW + DAY, "home")


def test_a_conversation_that_went_on_elsewhere_is_taken_up_there_alone(database: Database, conversation: str) -> None:
    with database.write() as session:
        session.get_one(Conversation, conversation).moves = 1
    assert resume(database, conversation, NOW) is None
    assert resume(database, conversation, NOW + 2 * DAY) is None
    assert resume(database, conversation, NOW + 2 * DAY, moves=1) is not None


def test_an_earlier_session_offers_no_choice_any_more(database: Database, conversation: str) -> None:
    with database.write() as session:
        turn, _ = begin_turn(session, conversation, "a", {"text": "a"}, NOW)
        owe_answer(session, turn, {"text": "Shall I?", "choices": [{"label": "Yes", "payload": "/affirm"}]}, NOW)
        assert find_choice(session, conversation, "2-1") is not None
    resume(database, conversation, NOW + 2 * DAY)
    with database.read() as session:
        assert find_choice(session, conversation, "2-1") is None


def test_what_was_offered_elsewhere_for_others_eyes_is_no_choice_any_more(
    database: Database, conversation: str
) -> None:
    with database.write() as session:
        turn, _ = begin_turn(session, conversation, "a", {"text": "a"}, NOW)
        owe_answer(session, turn, {"text": "Shall I?", "choices": [{"label": "Yes", "payload": "/affirm"}]}, NOW)
        assert find_choice(session, conversation, "2-1") is not None
        session.get_one(Conversation, conversation).hidden_seq = 2
        assert find_choice(session, conversation, "2-1") is None


@pytest.mark.parametrize(
    "told",
    [{"shop_key": "another"}, {"customer_email": "eve@example.com"}],
    ids=["of another shop", "another customer"],
)
def test_nobody_else_takes_a_conversation_up(database: Database, conversation: str, told: dict[str, str]) -> None:
    assert resume(database, conversation, NOW + 2 * DAY, **told) is None


def test_what_nobody_started_is_not_taken_up(database: Database) -> None:
    assert resume(database, "made-up", NOW) is None
