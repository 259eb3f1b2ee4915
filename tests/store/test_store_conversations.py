"""Turns, their answers, and the numbers of the messages."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from order_store import (
    Conversation,
    Database,
    Message,
    Turn,
    UnknownConversation,
    add_messages,
    answer_turn,
    answers,
    begin_turn,
    find_choice,
    messages_after,
    said_after,
    standings,
    start_conversation,
    transcript,
)
from tests.store.conftest import NOW


@pytest.fixture
def conversation(database: Database, shop: str) -> str:
    with database.write() as session:
        return start_conversation(
            session, shop_key=shop, at=NOW, expires_at=NOW + timedelta(hours=12), client="home"
        ).id


def say(database: Database, conversation: str, client_id: str, text: str, *replies: str) -> None:
    with database.write() as session:
        turn, _ = begin_turn(session, conversation, client_id, {"text": text}, NOW)
    with database.write() as session:
        answer_turn(session, turn, [{"text": reply} for reply in replies], NOW)


def test_every_conversation_gets_an_id_of_its_own_that_fits_its_column(database: Database, shop: str) -> None:
    with database.write() as session:
        ids = {start_conversation(session, shop_key=shop, at=NOW, expires_at=NOW, client="home").id for _ in range(20)}
    assert len(ids) == 20
    assert all(32 <= len(id_) <= 64 for id_ in ids)


def test_a_turn_is_new_once_and_keeps_what_was_said_first(database: Database, conversation: str) -> None:
    with database.write() as session:
        first, first_is_new = begin_turn(session, conversation, "a", {"text": "hello"}, NOW)
    with database.write() as session:
        again, again_is_new = begin_turn(session, conversation, "a", {"text": "changed"}, NOW)
    assert (first_is_new, again_is_new) == (True, False)
    assert again.id == first.id
    assert again.said == {"text": "hello"}
    assert again.answered_at is None


def test_a_client_id_is_another_turn_in_another_conversation(database: Database, shop: str, conversation: str) -> None:
    with database.write() as session:
        start_conversation(session, shop_key=shop, at=NOW, expires_at=NOW, client="home", conversation_id="other")
        assert begin_turn(session, conversation, "a", {"text": "hello"}, NOW)[1]
        assert begin_turn(session, "other", "a", {"text": "hello"}, NOW)[1]


def test_the_same_message_sent_twice_at_once_is_one_turn(database: Database, conversation: str) -> None:
    news: list[bool] = []

    def send() -> None:
        with database.write() as session:
            news.append(begin_turn(session, conversation, "a", {"text": "hello"}, NOW)[1])

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(news) == [False] * 5 + [True]


@pytest.mark.parametrize("client_id", ["", "x" * 129])
def test_a_client_id_that_does_not_fit_is_refused(database: Database, conversation: str, client_id: str) -> None:
    with pytest.raises(ValueError, match="1 to 128"), database.write() as session:
        begin_turn(session, conversation, client_id, {"text": "hello"}, NOW)


def test_a_conversation_nobody_started_is_unknown(database: Database) -> None:
    with pytest.raises(UnknownConversation), database.write() as session:
        begin_turn(session, "made-up", "a", {"text": "hello"}, NOW)
    with pytest.raises(UnknownConversation), database.write() as session:
        add_messages(session, "made-up", [{"text": "hello"}], NOW)


def test_messages_are_numbered_without_gaps_from_one(database: Database, conversation: str) -> None:
    say(database, conversation, "a", "hello", "Hi.", "What is it about?")
    say(database, conversation, "b", "my pen", "Which order?")
    with database.read() as session:
        assert [message.seq for message in messages_after(session, conversation, 0)] == [2, 3, 5]
        assert [turn.seq for turn in session.scalars(select(Turn).order_by(Turn.id))] == [1, 4]
        assert [message.text for message in messages_after(session, conversation, 3)] == ["Which order?"]
        assert messages_after(session, conversation, 5) == []
        assert session.get_one(Conversation, conversation).last_seq == 5


def test_what_was_said_by_whomever_is_found_in_the_order_of_its_numbers(database: Database, conversation: str) -> None:
    say(database, conversation, "a", "hello", "Hi.", "What is it about?")
    say(database, conversation, "b", "my pen", "Which order?")
    with database.read() as session:
        said = said_after(session, conversation, 1, 3)
        assert [(type(one), one.seq) for one in said] == [(Message, 2), (Message, 3), (Turn, 4)]
        assert said_after(session, conversation, 5, 3) == []
        assert standings(session, [conversation, "made-up"]) == {conversation: (5, 0)}


def test_a_turn_is_answered_once(database: Database, conversation: str) -> None:
    with database.write() as session:
        turn, _ = begin_turn(session, conversation, "a", {"text": "hello"}, NOW)
    with database.write() as session:
        first = answer_turn(session, turn, [{"text": "Hi."}], NOW)
    with database.write() as session:
        second = answer_turn(session, turn, [{"text": "Something else."}], NOW + timedelta(seconds=1))
    with database.read() as session:
        stored = answers(session, turn)
    assert [message.id for message in first] == [message.id for message in second] == [stored[0].id]
    assert len(stored) == 1


def test_an_answer_without_replies_is_an_answer(database: Database, conversation: str) -> None:
    with database.write() as session:
        turn, _ = begin_turn(session, conversation, "a", {"text": "hello"}, NOW)
        assert answer_turn(session, turn, [], NOW) == []
    with database.write() as session:
        again, is_new = begin_turn(session, conversation, "a", {"text": "hello"}, NOW)
    assert not is_new
    assert again.answered_at == NOW


def test_answers_written_at_once_never_share_a_number(database: Database, conversation: str) -> None:
    with database.write() as session:
        turns = [begin_turn(session, conversation, str(n), {"text": "hello"}, NOW)[0] for n in range(6)]

    def answer(number: int) -> None:
        with database.write() as session:
            answer_turn(session, turns[number], [{"text": "one"}, {"text": "two"}], NOW)

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        messages = messages_after(session, conversation, 0)
    assert [message.seq for message in messages] == list(range(7, 19))
    assert [message.text for message in messages] == ["one", "two"] * 6


def test_a_choice_is_found_by_the_id_it_was_given(database: Database, shop: str, conversation: str) -> None:
    offered = {"text": "Which?", "choices": [{"label": "Yes", "payload": "/affirm"}, {"id": "no", "label": "No"}]}
    with database.write() as session:
        add_messages(session, conversation, [{"text": "Hello."}, offered], NOW)
        start_conversation(session, shop_key=shop, at=NOW, expires_at=NOW, client="home", conversation_id="other")
    with database.read() as session:
        assert find_choice(session, conversation, "2-1") == {"id": "2-1", "label": "Yes", "payload": "/affirm"}
        assert find_choice(session, conversation, "no") == {"id": "no", "label": "No"}
        assert find_choice(session, conversation, "1-1") is None
        assert find_choice(session, "other", "2-1") is None


def test_a_message_keeps_its_custom_part(database: Database, conversation: str) -> None:
    custom = {"v": 1, "kind": "question", "asks": "order.number"}
    with database.write() as session:
        add_messages(session, conversation, [{"custom": custom}], NOW)
    with database.read() as session:
        (message,) = messages_after(session, conversation, 0)
    assert (message.text, message.custom, message.choices, message.sender) == ("", custom, [], "bot")


def test_a_transcript_holds_everything_said_in_its_order(database: Database, conversation: str) -> None:
    # All at the same instant, as under a clock that stands still.
    say(database, conversation, "a", "hello", "Hi.", "What is it about?")
    with database.write() as session:
        turn, _ = begin_turn(session, conversation, "b", {"choice": "3-1", "label": "A return"}, NOW)
    with database.write() as session:
        answer_turn(session, turn, [{"text": "Which order?"}], NOW)
        add_messages(session, conversation, [{"text": "I take over.", "sender": "agent"}], NOW + timedelta(minutes=2))
    with database.read() as session:
        said = transcript(session, conversation)
    assert [(part["from"], part["text"]) for part in said] == [
        ("customer", "hello"),
        ("bot", "Hi."),
        ("bot", "What is it about?"),
        ("customer", "A return"),
        ("bot", "Which order?"),
        ("agent", "I take over."),
    ]
    assert said[0]["at"] == "2026-03-10T09:30:00+00:00"
