"""Deliveries, dispatches and links to move by: on every kind of database, and by many at once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from order_store import (
    Conversation,
    Correspondent,
    Database,
    Delivery,
    Dispatch,
    Handover,
    answer_turn,
    begin_turn,
    channels,
    dispatches,
    owe_answer,
    owed_turns,
    record_attempt,
    start_conversation,
)
from tests.store.conftest import NOW

DAY = timedelta(days=1)
LEASE = timedelta(minutes=1)


@pytest.fixture
def conversation(database: Database, shop: str) -> str:
    with database.write() as session:
        return start_conversation(session, shop_key=shop, at=NOW, expires_at=NOW + DAY, client="home").id


def at_once(many: int, do: Callable[[int], Any]) -> list[Any]:
    """What `do` gives, called by so many threads at the same moment."""
    ready, found = threading.Barrier(many), [None] * many

    def run(number: int) -> None:
        ready.wait()
        found[number] = do(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def keep(database: Database, shop: str, provider_id: str, sender: str = "ada", at: Any = NOW) -> bool:
    with database.write() as session:
        return channels.keep_delivery(
            session,
            channel="telegram",
            shop_key=shop,
            provider_id=provider_id,
            sender=sender,
            said={"text": provider_id},
            at=at,
        )


def waiting(database: Database, at: Any = NOW) -> list[str]:
    with database.read() as session:
        return [each.provider_id for each in channels.waiting_deliveries(session, at)]


def correspond(database: Database, shop: str, conversation_id: str, address: str = "ada") -> int:
    with database.write() as session:
        return channels.put_in_conversation(
            session,
            channel="telegram",
            shop_key=shop,
            address=address,
            thread="",
            conversation=session.get_one(Conversation, conversation_id),
            reply_with={},
            at=NOW,
        ).id


def queue(database: Database, correspondent: int, key: str) -> bool:
    with database.write() as session:
        return dispatches.queue(session, correspondent, key=key, holds={"words": key, "values": {}}, at=NOW)


def claim(database: Database, at: Any = NOW, by: str = "w") -> Dispatch | None:
    with database.write() as session:
        return dispatches.claim(session, by, at, at + LEASE)


def test_what_is_delivered_by_many_at_once_is_kept_once(database: Database, shop: str) -> None:
    assert sorted(at_once(4, lambda _: keep(database, shop, "u1"))) == [False, False, False, True]


def test_of_each_sender_the_first_comes_next(database: Database, shop: str) -> None:
    for provider_id, sender in (("u1", "ada"), ("u2", "ada"), ("u3", "bob")):
        keep(database, shop, provider_id, sender)
    assert waiting(database) == ["u1", "u3"]
    with database.write() as session:
        first = session.scalars(select(Delivery).order_by(Delivery.id).limit(1)).one()
        channels.put_off_delivery(session, first.id, NOW + LEASE)
    assert waiting(database) == ["u3"]
    assert waiting(database, NOW + LEASE) == ["u1", "u3"]
    with database.write() as session:
        channels.finish_delivery(session, first.id)
    assert waiting(database) == ["u2", "u3"]


def test_a_delivery_that_is_done_holds_nothing_and_is_known_for_a_month(database: Database, shop: str) -> None:
    keep(database, shop, "u1")
    with database.write() as session:
        delivery = session.scalars(select(Delivery)).one()
        channels.finish_delivery(session, delivery.id)
    assert not keep(database, shop, "u1")
    with database.write() as session:
        assert session.get_one(Delivery, delivery.id, populate_existing=True).said == {}
        assert channels.forget_done(session, NOW + channels.KEPT_DONE) == 0
        assert channels.forget_done(session, NOW + channels.KEPT_DONE + LEASE) == 1


def test_a_signature_is_used_once_but_for_the_same_thing(database: Database, shop: str) -> None:
    def use(for_what: str) -> bool:
        with database.write() as session:
            return channels.use_once(session, channel="email", shop_key=shop, nonce="t", for_what=for_what, at=NOW)

    assert [use("a"), use("a"), use("b"), use("a")] == [True, True, False, True]
    assert waiting(database) == []


def test_nothing_overtakes_what_was_queued_before_it(database: Database, shop: str, conversation: str) -> None:
    ada, bob = correspond(database, shop, conversation), correspond(database, shop, conversation, "bob")
    for key, correspondent in (("a1", ada), ("a2", ada), ("b1", bob)):
        assert queue(database, correspondent, key)
    assert not queue(database, ada, "a1")
    claimed = [claim(database), claim(database), claim(database)]
    assert [each and each.idempotency_key for each in claimed] == ["a1", "b1", None]
    assert claimed[0] is not None
    with database.write() as session:
        dispatches.put_off(session, claimed[0], NOW + 3 * LEASE, "away")
    assert claim(database) is None
    with database.write() as session:
        dispatches.hold_channel(session, "telegram", shop, NOW + 5 * LEASE)
    assert claim(database, NOW + 4 * LEASE) is not None  # bob's, whose claim ended
    assert claim(database, NOW + 4 * LEASE) is None
    again = claim(database, NOW + 5 * LEASE)
    assert again is not None
    assert (again.idempotency_key, again.tries) == ("a1", 2)
    with database.write() as session:
        dispatches.mark_dead(session, again, "refused")
    following = claim(database, NOW + 5 * LEASE)
    assert following is not None
    assert following.idempotency_key in ("a2", "b1")


def test_many_workers_take_a_dispatch_each(database: Database, shop: str, conversation: str) -> None:
    for number in range(4):
        queue(database, correspond(database, shop, conversation, f"p{number}"), f"k{number}")
    claimed = at_once(4, lambda number: claim(database, by=f"w{number}"))
    taken = {each.idempotency_key for each in claimed if each is not None}
    while (each := claim(database)) is not None:
        assert each.idempotency_key not in taken
        taken.add(each.idempotency_key)
    assert taken == {"k0", "k1", "k2", "k3"}


def test_who_lost_the_claim_settles_nothing(database: Database, shop: str, conversation: str) -> None:
    queue(database, correspond(database, shop, conversation), "k")
    lost, held = claim(database, by="slow"), claim(database, NOW + LEASE, by="quick")
    assert lost is not None
    assert held is not None
    with database.write() as session:
        dispatches.mark_dead(session, lost, "refused")
        dispatches.mark_sent(session, held, 1, NOW)
    with database.read() as session:
        assert dispatches.count_dispatches(session) == {"sent": 1}


def test_a_link_taken_by_many_at_once_moves_the_conversation_once(
    database: Database, shop: str, conversation: str
) -> None:
    correspond(database, shop, conversation)
    with database.write() as session:
        link = channels.hand_over(session, conversation, NOW).id

    def take(_: int) -> bool:
        with database.write() as session:
            return channels.take_over(session, link, shop, NOW) is not None

    assert sorted(at_once(4, take)) == [False, False, False, True]
    with database.read() as session:
        assert session.scalars(select(Correspondent)).one().left_at == NOW
        assert session.get_one(Conversation, conversation).moves == 1


def test_who_handed_out_several_links_brings_nobody_back_with_another(
    database: Database, shop: str, conversation: str
) -> None:
    with database.write() as session:
        one, other = (channels.hand_over(session, conversation, NOW).id for _ in range(2))
        assert channels.take_over(session, one, shop, NOW) is not None
        assert channels.take_over(session, other, shop, NOW) is None
        onward = channels.hand_over(session, conversation, NOW).id
        assert channels.take_over(session, onward, shop, NOW) is not None


def test_a_link_is_over_in_time_and_leads_to_no_other_shop_nor_to_what_has_lapsed(
    database: Database, shop: str, conversation: str
) -> None:
    with database.write() as session:
        link = channels.hand_over(session, conversation, NOW).id
        late = Handover(conversation_id=conversation, expires_at=NOW + 2 * DAY)
        session.add(late)
        session.flush()
        assert channels.take_over(session, link, "lantern", NOW) is None
        assert channels.take_over(session, link, shop, NOW + channels.HANDOVER_HOLDS) is None
        assert channels.take_over(session, late.id, shop, NOW + DAY) is None
        assert channels.take_over(session, link, shop, NOW) is not None


def test_of_whoever_is_forgotten_no_address_is_left(database: Database, shop: str, conversation: str) -> None:
    keep(database, shop, "u1")
    queue(database, correspond(database, shop, conversation), "k")
    with database.write() as session:
        channels.hand_over(session, conversation, NOW)
        channels.forget_correspondents(session, [conversation])
    with database.read() as session:
        (left,) = session.scalars(select(Correspondent)).all()
        assert (left.address, left.reply_with) == (f"erased-{left.id}", {})
        (delivery,) = session.scalars(select(Delivery)).all()
        assert (delivery.sender, delivery.said, delivery.state) == ("", {}, "done")
        assert session.scalars(select(Dispatch)).all() == []
        assert session.scalars(select(Handover)).all() == []


def test_who_sends_very_much_keeps_nobody_else_waiting(database: Database, shop: str) -> None:
    for number in range(5):
        keep(database, shop, f"u{number}", "ada")
    keep(database, shop, "u9", "bob")
    with database.read() as session:
        assert [each.provider_id for each in channels.waiting_deliveries(session, NOW, most=2)] == ["u0", "u9"]


def test_what_came_by_a_channel_that_is_off_keeps_nobody_else_waiting(database: Database, shop: str) -> None:
    for number in range(3):
        keep(database, shop, f"old{number}", sender=f"sender{number}")
    with database.read() as session:
        assert channels.waiting_deliveries(session, NOW, [("slack", shop)], most=1) == []
        assert len(channels.waiting_deliveries(session, NOW, [("telegram", shop), ("slack", shop)])) == 3


def test_a_link_that_was_used_ends_every_other(database: Database, shop: str, conversation: str) -> None:
    with database.write() as session:
        it = session.get_one(Conversation, conversation)
        first, second = (channels.hand_over(session, conversation, NOW).id for _ in range(2))
        assert channels.take_over(session, second, shop, NOW) is not None
        assert channels.take_over(session, first, shop, NOW) is None
        third = channels.hand_over(session, conversation, NOW).id
        assert channels.take_over(session, third, None, NOW) is not None
        assert it.moves == 2
        move = channels.last_move(session, conversation)
        assert move is not None
        assert move.id == third


def test_what_waits_for_its_answer_is_let_go_of_and_hidden_where_the_conversation_goes(
    database: Database, shop: str, conversation: str
) -> None:
    with database.write() as session:
        turn, _ = begin_turn(session, conversation, "m1", {"text": "IW-1, ada@example.com"}, NOW)
        owe_answer(session, turn, {"text": "The answer comes later."}, NOW)
    for moves in (1, 2):
        with database.write() as session:
            link = channels.hand_over(session, conversation, NOW).id
            it = channels.take_over(session, link, shop, NOW)
            assert it is not None
            assert owed_turns(session, conversation) == []
            assert channels.holds_secrets(session, it)
            assert (it.moves, it.hidden_seq, it.last_seq) == (moves, 2, 2)


def test_what_is_not_answered_at_all_yet_is_hidden_too(database: Database, shop: str, conversation: str) -> None:
    with database.write() as session:
        begin_turn(session, conversation, "m1", {"text": "IW-1, ada@example.com"}, NOW)
        it = channels.take_over(session, channels.hand_over(session, conversation, NOW).id, shop, NOW)
        assert it is not None
        assert it.hidden_seq == 1


def test_what_is_answered_and_proves_nothing_goes_along(database: Database, shop: str, conversation: str) -> None:
    with database.write() as session:
        turn, _ = begin_turn(session, conversation, "m1", {"text": "My nib is bent"}, NOW)
        answer_turn(session, turn, [{"text": "Which order?"}], NOW)
        it = channels.take_over(session, channels.hand_over(session, conversation, NOW).id, shop, NOW)
        assert it is not None
        assert it.hidden_seq == 0


def test_two_links_taken_at_once_move_the_conversation_once(database: Database, shop: str, conversation: str) -> None:
    with database.write() as session:
        links = [channels.hand_over(session, conversation, NOW).id for _ in range(4)]

    def take(number: int) -> bool:
        with database.write() as session:
            return channels.take_over(session, links[number], shop, NOW) is not None

    assert sorted(at_once(4, take)) == [False, False, False, True]


def test_where_somebody_was_identified_something_may_have_been_told(
    database: Database, shop: str, conversation: str
) -> None:
    with database.write() as session:
        it = session.get_one(Conversation, conversation)
        attempt = {"at": NOW, "shop_key": shop, "conversation_id": conversation, "client": "k", "order_key": "1"}
        record_attempt(session, **attempt, succeeded=False)
        assert not channels.holds_secrets(session, it)
        record_attempt(session, **attempt, succeeded=True)
        assert channels.holds_secrets(session, it)
