"""A picture is its conversation's alone, is sent once, and stays as long as a case needs it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import order_store
from order_store import Database, Dispute, Order, Picture, Rma, Ticket, UnknownPicture
from tests.store.conftest import NOW

DAY = timedelta(days=1)


@pytest.fixture
def conversation(database: Database, shop: str) -> str:
    return _conversation(database, shop)


def _conversation(database: Database, shop: str) -> str:
    with database.write() as session:
        return order_store.start_conversation(session, shop_key=shop, at=NOW, expires_at=NOW + DAY, client="k1").id


def _add(database: Database, conversation: str, number: int = 0, **changes: Any) -> str:
    told = {"file": f"{number:032x}.jpg", "sha256": "0" * 64, "size": 9, "width": 3, "height": 2, "at": NOW} | changes
    with database.write() as session:
        return order_store.add_picture(session, conversation, **told).attachment_id


def _send(database: Database, conversation: str, *ids: str, client_id: str = "m1", at: datetime = NOW) -> list[int]:
    with database.write() as session:
        turn, _ = order_store.begin_turn(session, conversation, client_id, {"text": ""}, at)
        return [picture.id for picture in order_store.send_pictures(session, turn, ids)]


def _left(database: Database, now: datetime) -> int:
    """How many pictures are left after a sweep as of `now`."""
    with database.write() as session:
        order_store.forget_expired(session, now)
        return session.query(Picture).count()


def _a_case(session: Session, kind: str, order: Order, key: str = "1", **changes: Any) -> Rma | Dispute | Ticket:
    judged = {"facts": {}, "verdict": {}, "reason": "defective", "line_id": order.lines[0].id}
    row: Rma | Dispute | Ticket
    match kind:
        case "rma":
            row = Rma(programme="store_policy", remedy="exchange", number=f"R{key}", issued_at=NOW, **judged, **changes)
        case "dispute":
            row = Dispute(number=f"D{key}", opened_at=NOW, **judged, **changes)
        case _:
            row = Ticket(number=f"T{key}", shop_key=order.shop_key, why="asked_for_person", opened_at=NOW, **changes)
    row.idempotency_key = f"{kind}:{key}"
    session.add(row)
    session.flush()
    return row


def _close(row: Rma | Dispute | Ticket, at: datetime) -> None:
    if isinstance(row, Dispute):
        row.claim_closed_at = at
    else:
        row.closed_at = at


def test_pictures_are_sent_once_in_the_order_told(database: Database, conversation: str) -> None:
    first, second, third = (_add(database, conversation, n) for n in range(3))
    sent = _send(database, conversation, second, first)
    with database.read() as session:
        assert order_store.count_unclaimed(session, conversation) == 2
        assert order_store.count_unsent(session, conversation) == 1
        assert {picture.id for picture in order_store.sent_pictures(session, conversation)} == set(sent)
    with pytest.raises(UnknownPicture) as caught:
        _send(database, conversation, third, first, client_id="m2")
    assert caught.value.position == 1
    with database.read() as session:
        assert order_store.count_unsent(session, conversation) == 1


def test_another_conversations_picture_and_one_nobody_has_are_told_apart_by_nobody(
    database: Database, shop: str, conversation: str
) -> None:
    foreign = _add(database, _conversation(database, shop))
    told = []
    for attachment_id in (foreign, "nobody's"):
        with pytest.raises(UnknownPicture) as caught:
            _send(database, conversation, attachment_id)
        told.append(str(caught.value))
    assert len(set(told)) == 1


def test_a_picture_told_twice_in_one_message_is_refused(database: Database, conversation: str) -> None:
    attachment_id = _add(database, conversation)
    with pytest.raises(UnknownPicture) as caught:
        _send(database, conversation, attachment_id, attachment_id)
    assert caught.value.position == 1


@pytest.mark.parametrize("changes", [{"size": 0}, {"width": 0}, {"height": -1}])
def test_a_picture_without_substance_is_no_picture(
    database: Database, conversation: str, changes: dict[str, int]
) -> None:
    with pytest.raises(IntegrityError):
        _add(database, conversation, **changes)


@pytest.mark.parametrize("kind", ["rma", "dispute", "ticket"])
def test_a_picture_is_bound_to_its_case_and_stays_ninety_days_after_it_is_closed(
    database: Database, order: Order, conversation: str, kind: str
) -> None:
    _send(database, conversation, _add(database, conversation))
    with database.write() as session:
        case = _a_case(session, kind, order)
        pictures = order_store.sent_pictures(session, conversation)
        order_store.bind_pictures(session, pictures, case)
        order_store.bind_pictures(session, pictures, case)
        assert order_store.pictures_of(session, case) == pictures
    assert _left(database, NOW + 1000 * DAY) == 1
    with database.write() as session:
        _close(session.merge(case), NOW + 5 * DAY)
    assert _left(database, NOW + 95 * DAY - timedelta(microseconds=1)) == 1
    assert _left(database, NOW + 95 * DAY) == 0


def test_evidence_for_two_cases_stays_for_the_one_that_closes_last(
    database: Database, order: Order, conversation: str
) -> None:
    _send(database, conversation, _add(database, conversation))
    with database.write() as session:
        rma, ticket = _a_case(session, "rma", order), _a_case(session, "ticket", order)
        for case in (rma, ticket):
            order_store.bind_pictures(session, order_store.sent_pictures(session, conversation), case)
        _close(rma, NOW + DAY)
    assert _left(database, NOW + 400 * DAY) == 1
    with database.write() as session:
        _close(session.merge(ticket), NOW + 10 * DAY)
    assert _left(database, NOW + 99 * DAY) == 1
    assert _left(database, NOW + 100 * DAY) == 0


def test_evidence_for_a_second_rma_of_the_line_stays_for_that_one(
    database: Database, order: Order, conversation: str
) -> None:
    _send(database, conversation, _add(database, conversation))
    with database.write() as session:
        pictures = order_store.sent_pictures(session, conversation)
        lapsed = _a_case(session, "rma", order, closed_at=NOW + DAY)
        order_store.bind_pictures(session, pictures, lapsed)
        order_store.bind_pictures(session, pictures, _a_case(session, "rma", order, "2"))
        assert order_store.pictures_of(session, lapsed) == []
    assert _left(database, NOW + 400 * DAY) == 1


def test_a_picture_sent_late_about_a_closed_case_has_its_ninety_days_too(
    database: Database, order: Order, conversation: str
) -> None:
    _send(database, conversation, _add(database, conversation), at=NOW + 80 * DAY)
    with database.write() as session:
        case = _a_case(session, "rma", order, closed_at=NOW)
        order_store.bind_pictures(session, order_store.sent_pictures(session, conversation), case)
    assert _left(database, NOW + 169 * DAY) == 1
    assert _left(database, NOW + 170 * DAY) == 0


def test_a_sweep_takes_so_many_at_a_time_and_tells_their_files(database: Database, conversation: str) -> None:
    for n in range(5):
        _add(database, conversation, n)
    with database.write() as session:
        files = order_store.forget_expired(session, NOW + DAY, 3)
    assert sorted(files) == [f"{n:032x}.jpg" for n in range(3)]
    with database.read() as session:
        assert order_store.files_known(session, [*files, f"{4:032x}.jpg"]) == {f"{4:032x}.jpg"}


def test_erasing_a_customer_forgets_every_picture_of_their_conversations(
    database: Database, shop: str, conversation: str
) -> None:
    other = _conversation(database, shop)
    _send(database, conversation, _add(database, conversation, 1))
    _add(database, conversation, 2)
    _add(database, other, 3)
    with database.write() as session:
        assert order_store.forget_pictures(session, [conversation]) == 2
    assert _left(database, NOW) == 1
