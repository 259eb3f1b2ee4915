"""Letters are queued once, claimed by one, and settled by whoever still holds them; on both kinds of database."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from order_store import AuditEntry, Database, Letter, Order, Shop, outbox
from tests.store.conftest import NOW

MACHINE = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)


def queue(database: Database, key: str = "rma:1:issued", **told: Any) -> Letter:
    with database.write() as session:
        given = {"kind": "rma_issued", "now": NOW, "variables": {"rma": 1}, "address": "ada@example.com"}
        return outbox.queue(session, shop=session.get_one(Shop, "inkwell"), key=key, **given | told)


def claim(database: Database, by: str = "one", at: datetime = MACHINE) -> Letter | None:
    with database.write() as session:
        return outbox.claim(session, by, at, at + LEASE)


def stored(database: Database, letter_id: int = 1) -> Letter:
    with database.read() as session:
        return session.get_one(Letter, letter_id)


def test_the_same_key_is_the_same_letter(database: Database, shop: str) -> None:
    first = queue(database)
    again = queue(database, now=NOW + timedelta(days=1), variables={"rma": 2}, address="other@example.com")
    assert (again.id, again.message_id, again.variables) == (first.id, first.message_id, {"rma": 1})
    assert queue(database, "rma:2:issued").message_id != first.message_id


def test_queued_by_many_at_once_it_is_one_letter(database: Database, shop: str) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(queue(database).id)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (12, 1)


def test_a_message_id_ends_with_the_shop_s_own_domain(database: Database, shop: str) -> None:
    domains = {
        "help@example.com": "example.com",
        "hilfe@bücher.example": "xn--bcher-kva.example",
        None: "aftercare.invalid",
    }
    for number, (email, domain) in enumerate(domains.items()):
        with database.write() as session:
            session.get_one(Shop, shop).contact = {"name": None, "email": email, "phone": None}
        assert queue(database, f"test:{number}").message_id.endswith(f"@{domain}>")


@pytest.mark.parametrize("recipient", [{"address": None}, {"customer_id": 1}])
def test_a_letter_goes_to_a_customer_or_to_an_address(database: Database, order: Order, recipient: Any) -> None:
    with pytest.raises(IntegrityError):
        queue(database, **recipient)


def test_a_customer_s_address_is_that_of_the_moment_of_sending(database: Database, order: Order) -> None:
    queue(database, address=None, customer_id=order.customer_id)
    with database.write() as session:
        session.merge(order.customer).email = "new@example.com"
    letter = claim(database)
    assert letter is not None
    assert letter.customer is not None
    assert (letter.customer.email, letter.shop.key) == ("new@example.com", "inkwell")


def test_a_claimed_letter_is_nobody_else_s_until_its_claim_ends(database: Database, shop: str) -> None:
    queue(database)
    first = claim(database, "one")
    assert first is not None
    assert claim(database, "two", MACHINE + LEASE - timedelta(microseconds=1)) is None
    second = claim(database, "two", MACHINE + LEASE)
    assert second is not None
    assert (first.tries, second.tries, second.claimed_by) == (1, 2, "two")


def test_claimed_by_many_at_once_every_letter_has_one_worker(database: Database, shop: str) -> None:
    for number in range(40):
        queue(database, f"test:{number}")
    taken: list[tuple[str, int]] = []

    def work(name: str) -> None:
        while (letter := claim(database, name)) is not None:
            taken.append((name, letter.id))

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(letter_id for _, letter_id in taken) == list(range(1, 41))


def test_new_letters_go_before_those_that_failed(database: Database, shop: str) -> None:
    queue(database, "old")
    old = claim(database)
    assert old is not None
    with database.write() as session:
        outbox.put_off(session, old, MACHINE + LEASE, "451 later")
    queue(database, "new")
    order = [claim(database, at=MACHINE + LEASE) for _ in range(2)]
    assert [letter.idempotency_key for letter in order if letter] == ["new", "old"]


def test_a_claim_that_was_lost_settles_nothing_but_a_letter_that_is_out_is_out(database: Database, shop: str) -> None:
    queue(database)
    lost, held = claim(database, "one"), claim(database, "two", MACHINE + LEASE)
    assert lost is not None
    assert held is not None
    with database.write() as session:
        assert not outbox.extend(session, lost, MACHINE + timedelta(days=1))
        outbox.put_off(session, lost, MACHINE + timedelta(days=1), "451")
        outbox.mark_dead(session, lost, "550", NOW)
        outbox.withdraw(session, lost, "moved", NOW)
        outbox.give_back(session, lost)
    assert (stored(database).state, stored(database).claimed_by, stored(database).tries) == ("waiting", "two", 2)
    with database.write() as session:
        outbox.mark_sent(session, lost, MACHINE, NOW)
        outbox.mark_dead(session, held, "550", NOW)
        outbox.mark_sent(session, held, MACHINE + LEASE, NOW)
    assert (stored(database).state, stored(database).sent_at) == ("sent", MACHINE)
    assert claim(database, at=MACHINE + timedelta(days=9)) is None
    with database.read() as session:
        assert session.scalars(select(AuditEntry.what)).all() == ["letter.sent"]


def test_a_letter_given_back_is_due_at_once_and_has_not_been_tried(database: Database, shop: str) -> None:
    queue(database)
    letter = claim(database)
    assert letter is not None
    with database.write() as session:
        outbox.give_back(session, letter)
    again = claim(database)
    assert again is not None
    assert again.tries == 1


def test_dead_letters_are_put_back_by_number_or_all_and_others_left_alone(database: Database, shop: str) -> None:
    for number in range(4):
        queue(database, f"test:{number}")
    for _ in range(3):
        letter = claim(database)
        assert letter is not None
        with database.write() as session:
            outbox.mark_dead(session, letter, "550 no", NOW)
    with database.write() as session:
        assert outbox.retry(session, [2, 4, 99], NOW, "cli") == [2]
        assert outbox.retry(session, None, NOW, "cli") == [1, 3]
        assert outbox.retry(session, None, NOW, "cli") == []
    with database.read() as session:
        assert outbox.count_letters(session) == {"waiting": 4}
        assert [letter.id for letter in outbox.letters(session, "waiting", most=2)] == [1, 2]
    assert (stored(database, 2).tries, stored(database, 2).last_error) == (0, "550 no")


def test_a_look_tells_whether_anything_is_due(database: Database, shop: str) -> None:
    def due(at: datetime = MACHINE) -> bool:
        with database.read() as session:
            return outbox.any_due(session, at)

    assert not due()
    queue(database)
    assert due()
    claim(database)
    assert (due(), due(MACHINE + LEASE)) == (False, True)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("550 5.1.1 <Ada.Fenn@example.com>: no such user", "550 5.1.1 <(address)>: no such user"),
        ("550 to:ada+x@sub.example.com,b@example.com", "550 to:(address),(address)"),
        ("two\r\nlines", "two lines"),
        ("x" * 900, "x" * 500),
    ],
)
def test_a_reason_holds_no_address(text: str, kept: str) -> None:
    assert outbox.without_addresses(text) == kept


def test_a_clock_without_a_zone_is_no_clock(database: Database, shop: str) -> None:
    with pytest.raises(Exception, match="offset"):
        queue(database, now=NOW.replace(tzinfo=None))


def test_a_letter_withdrawn_is_never_claimed_again_and_the_trail_says_by_whom(database: Database, shop: str) -> None:
    for number, who in enumerate(("worker", "cli")):
        letter = queue(database, f"test:{number}")
        with database.write() as session:
            outbox.withdraw(session, letter, "erased", NOW, who)
    assert claim(database) is None
    with database.read() as session:
        told = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.what, entry.why, entry.who) for entry in told] == [
        ("letter.withdrawn", "erased", "worker"),
        ("letter.withdrawn", "erased", "cli"),
    ]
