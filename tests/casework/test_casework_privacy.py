"""A privacy request is answered in time, and erasing leaves the orders and nothing of the person."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from casework import privacy
from casework.acting import DeskError, NotPossibleError
from casework.identity import identify
from casework.personal_data import personal_data
from casework.tickets import open_ticket
from order_store import (
    AuditEntry,
    Conversation,
    Customer,
    Database,
    ImpossibleTransition,
    Letter,
    Order,
    PrivacyRequest,
    Reminder,
    add_messages,
    add_picture,
    begin_turn,
    find_order,
    find_shop,
    import_orders,
    normalise_email,
    start_conversation,
)
from order_store.states import PrivacyKind
from tests.casework.desk import a_return, arrived, at_desk, say_yes, step
from tests.casework.orders import EMAIL, NOW, PHONE, a_dossier, a_line, an_asker, line_of, tell, told

NAME = "Ada Fenn"
BERLIN_EVENING = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)  # 11 March in Berlin


def receive(shops: Database, kind: PrivacyKind = "erasure", key: str = "k", now: datetime = NOW) -> int:
    with at_desk(shops, now) as acting:
        return privacy.receive(acting, find_shop(acting.session, "quill"), kind, key, contact=EMAIL).id


def take(shops: Database, name: str, *arguments: Any, **options: Any) -> Any:
    with at_desk(shops) as acting:
        return getattr(privacy, name)(acting, acting.session.get_one(PrivacyRequest, 1), *arguments, **options)


def request_of(shops: Database) -> PrivacyRequest:
    with shops.read() as session:
        return session.get_one(PrivacyRequest, 1)


@pytest.fixture
def talked(shops: Database) -> Database:
    """A customer who bought, asked in the chat, sent something back and wrote to a person."""
    tell(shops, told(invoice="R-1", lines=[{**told()["lines"][0], "serial": "SN-77120"}]))
    with shops.write() as session:
        start_conversation(
            session, shop_key="quill", at=NOW, expires_at=NOW + timedelta(days=1), client="k1", conversation_id="c1"
        )
        begin_turn(session, "c1", "t1", {"text": f"I am {NAME}, {EMAIL}, {PHONE}"}, NOW)
        add_messages(session, "c1", [{"text": f"Hello {NAME}", "custom": {"v": 1, "to": EMAIL}}], NOW)
        identify(session, an_asker(), "QC-1001", EMAIL, NOW)
    a_return(shops, invoice="R-1", lines=[{**told()["lines"][0], "serial": "SN-77120"}])
    with shops.write() as session:
        dossier = a_dossier("human_handoff")
        open_ticket(session, dossier, why="asked_for_person", now=NOW, key="c1:9", line=line_of(session, dossier))
        nameless = a_dossier("human_handoff", contact="030 / 23125-111")
        open_ticket(session, nameless, why="asked_for_person", now=NOW, key="c1:10")
        session.add(Reminder(line_id=line_of(session, dossier).id, kind="rma", asked_at=NOW, look_at=NOW))
    return shops


@pytest.fixture
def settled(talked: Database) -> Database:
    """The same customer, once everything of theirs has come to its end."""
    arrived(talked)
    step(talked, "accept")
    step(talked, "refund")
    receive(talked)
    take(talked, "verify", EMAIL)
    return talked


def everything(shops: Database) -> str:
    """All rows of all tables, as one text."""
    with shops.read() as session:
        connection = session.connection()
        known = MetaData()
        known.reflect(connection)
        return json.dumps(
            [
                [str(value) for value in row]
                for table in known.sorted_tables
                for row in connection.execute(table.select())
            ]
        )


def test_a_request_is_due_on_the_thirtieth_day_of_the_shop(shops: Database) -> None:
    receive(shops, now=BERLIN_EVENING)
    assert request_of(shops).due_on == date(2026, 4, 10)


def test_the_shop_sets_its_own_term(shops: Database) -> None:
    with shops.write() as session:
        find_shop(session, "quill").privacy_answer_days = 14
    receive(shops)
    assert request_of(shops).due_on == date(2026, 3, 24)


def test_the_same_request_is_taken_down_once(shops: Database) -> None:
    assert {receive(shops, key="a"), receive(shops, key="a"), receive(shops, key="b")} == {1, 2}


def test_what_is_to_be_corrected_is_told_to_its_customer_and_goes_with_their_data(settled: Database) -> None:
    with at_desk(settled) as acting:
        shop = find_shop(acting.session, "quill")
        request = privacy.receive(acting, shop, "correction", "w", contact=EMAIL, wish="Fennimore, not Fenn")
        number = request.number
        document = personal_data(acting.session, acting.session.get_one(Customer, 1))
    assert "Fennimore, not Fenn" in json.dumps(document["privacy_requests"])
    take(settled, "erase")
    with settled.read() as session:
        assert session.scalars(select(PrivacyRequest.wish).filter_by(number=number)).one() is None
    assert "Fennimore" not in everything(settled)


def test_a_request_is_verified_answered_and_closed(talked: Database) -> None:
    receive(talked, "access")
    with pytest.raises(ImpossibleTransition, match="answer is not possible; possible now: verify, refuse"):
        take(talked, "answer")
    with pytest.raises(DeskError, match="no customer of this address"):
        take(talked, "verify", "eve@example.com")
    take(talked, "verify", " Ada.Fenn@Example.com ")
    take(talked, "answer")
    request = request_of(talked)
    assert (request.course, request.answered_at, request.closed_at) == ("answered", NOW, NOW)


def test_a_request_may_be_refused(shops: Database) -> None:
    receive(shops)
    take(shops, "refuse", "not_the_customer")
    assert (request_of(shops).course, request_of(shops).closed_at) == ("refused", NOW)


def test_erasure_is_not_answered_and_access_does_not_erase(settled: Database) -> None:
    with pytest.raises(NotPossibleError, match="asks for erasure"):
        take(settled, "answer")
    receive(settled, "access", "other")
    with at_desk(settled) as acting, pytest.raises(NotPossibleError, match="asks for access"):
        privacy.erase(acting, acting.session.get_one(PrivacyRequest, 2))


def test_nobody_unknown_is_erased(talked: Database) -> None:
    receive(talked)
    with pytest.raises(NotPossibleError, match="verify first"):
        take(talked, "erase")


def test_open_cases_are_settled_first(talked: Database) -> None:
    receive(talked)
    take(talked, "verify", EMAIL)
    with pytest.raises(NotPossibleError, match=r"cases are still open: RMA-.*; settle these first"):
        take(talked, "erase")
    assert EMAIL in everything(talked)


def test_everything_stored_of_a_customer_can_be_written_down(talked: Database) -> None:
    with talked.read() as session:
        document = personal_data(session, session.scalars(select(Customer)).one())
    assert document["customer"] == {"name": NAME, "email": EMAIL, "phone": "+493023125111", "standing": "good"}
    assert [order["number"] for order in document["orders"]] == ["QC-1001"]
    assert document["returns"][0]["goods"] == "awaited"
    assert document["conversations"][0]["said"][0]["text"].startswith("I am Ada")
    assert document["tickets"][0]["transcript"]
    assert json.loads(json.dumps(document)) == document


def test_what_was_told_sent_paid_and_asked_is_written_down_too(talked: Database) -> None:
    step(talked, "send", carrier="Parcel Post", tracking="PP 7")
    for name in ("receive", "inspect", "accept"):
        step(talked, name)
    tell(talked, told(number="QC-1002", shipments=[], lines=[a_line(stock="out_of_stock")]))
    other = {"order_number": "QC-1002", "verified_order": "QC-1002"}
    say_yes(talked, "out_of_stock", "wait_backorder", key="c1:1", **other)
    say_yes(talked, "cancel_order", "cancel", key="c1:2", **other)
    receive(talked, "access")
    with talked.write() as session:
        add_picture(session, "c1", file="f" * 32, sha256="0" * 64, size=812, width=40, height=30, at=NOW)
    with talked.read() as session:
        document = personal_data(session, session.scalars(select(Customer)).one())
    assert json.loads(json.dumps(document)) == document
    (returned,) = document["returns"]
    assert (returned["order"], returned["line"], returned["reason"]) == ("QC-1001", 1, "change_of_mind")
    assert returned["told"]["reason"] == "change_of_mind"
    assert returned["sent_in"] == {"at": NOW.isoformat(), "carrier": "Parcel Post", "tracking": "PP 7"}
    assert [(each["because"], each["amount"], each["currency"]) for each in document["refunds"]] == [
        ("returned", "79.80", "EUR"),
        ("cancelled", "79.80", "EUR"),
    ]
    assert [(each["order"], each["choice"], each["course"]) for each in document["choices"]] == [
        ("QC-1002", "wait", "released")
    ]
    assert [each["order"] for each in document["cancellations"]] == ["QC-1002"]
    assert [each["kind"] for each in document["reminders"]] == ["rma"]
    assert [(each["kind"], each["queued_at"]) for each in document["letters"]] == [("rma_issued", NOW.isoformat())]
    assert [(each["added_at"], each["bytes"]) for each in document["pictures"]] == [(NOW.isoformat(), 812)]
    assert [(each["asks_for"], each["contact"]) for each in document["privacy_requests"]] == [("access", EMAIL)]


def test_erasing_empties_the_address_in_every_privacy_request_of_theirs_and_no_other(settled: Database) -> None:
    with at_desk(settled) as acting:
        shop = find_shop(acting.session, "quill")
        for key, contact, conversation in (
            ("typed", " Ada.Fenn@Example.com ", None),
            ("phone", "+49 (0)30 23125-111", None),
            ("chat", "ada@elsewhere.example.net", "c1"),
            ("other", "bo@example.com", "c2"),
        ):
            privacy.receive(acting, shop, "access", key, contact=contact, conversation=conversation)
        privacy.receive(acting, find_shop(acting.session, "double"), "access", "elsewhere", contact=EMAIL)
    take(settled, "erase")
    with settled.read() as session:
        left = session.scalars(select(PrivacyRequest.contact).order_by(PrivacyRequest.id)).all()
    assert left == [None, None, None, None, "bo@example.com", EMAIL]


def test_who_erased_is_noted_with_each_letter_that_was_withdrawn(settled: Database) -> None:
    with at_desk(settled, who="shop:mara") as acting:
        privacy.erase(acting, acting.session.get_one(PrivacyRequest, 1))
    with settled.read() as session:
        trail = session.scalars(select(AuditEntry).where(AuditEntry.what == "letter.withdrawn")).all()
    assert [(entry.who, entry.why) for entry in trail] == [("shop:mara", "erased")]


def test_erasing_leaves_nothing_of_the_person_in_the_store(settled: Database) -> None:
    for held in (NAME, EMAIL, "23125111", "23125-111", "PP5519", "SN-77120", "R-1", "Hello"):
        assert held in everything(settled)
    assert take(settled, "erase") == ["c1"]
    left = everything(settled)
    for held in (NAME, "Ada", "ada.fenn", "23125", "PP5519", "SN-77120", "R-1", "Hello"):
        assert held not in left


def test_orders_and_cases_stay_without_the_person(settled: Database) -> None:
    take(settled, "erase")
    with settled.read() as session:
        order = find_order(session, "quill", "QC-1001")
        assert order is not None
        assert (order.lines[0].title, order.paid_at is not None) == ("Copper kettle", True)
        assert (order.customer.name, order.customer.phone) == (None, None)
        assert normalise_email(order.customer.email) is None
        reminder = session.scalars(select(Reminder)).one()
        assert (reminder.ended_at, reminder.ended_because) == (NOW, "erased")
        assert session.scalars(select(Letter.state)).all() == ["withdrawn"]
        assert session.get_one(Conversation, "c1").client == ""
    request = request_of(settled)
    assert (request.erased_at, request.closed_at, request.contact) == (NOW, NOW, None)


def test_who_was_erased_is_not_found_by_any_address(settled: Database) -> None:
    take(settled, "erase")
    with settled.write() as session:
        for contact in (EMAIL, PHONE, "erased-1", "erased", ""):
            assert not isinstance(identify(session, an_asker(client="k9"), "QC-1001", contact, NOW), Order)


def test_the_same_order_imported_again_does_not_bring_the_person_back(settled: Database) -> None:
    take(settled, "erase")
    same = told(invoice="R-1", lines=[{**told()["lines"][0], "serial": "SN-77120"}])
    for again in (same, told(invoice="R-2"), told(shipments=[])):
        report = import_orders(settled, [again], NOW)
        assert (report.unchanged, report.changed, report.new) == (1, 0, 0)
    assert EMAIL not in everything(settled)


def test_what_they_order_later_is_taken(settled: Database) -> None:
    take(settled, "erase")
    assert import_orders(settled, [told(number="QC-1002")], NOW).new == 1
    with settled.read() as session:
        later, erased = (find_order(session, "quill", number) for number in ("QC-1002", "QC-1001"))
        assert later is not None
        assert erased is not None
        assert (later.customer.email, erased.customer.name) == (EMAIL, None)


def test_other_customers_keep_what_they_have(settled: Database) -> None:
    other = told(number="QC-2", customer={"name": "Bo Lund", "email": "bo@example.com"})
    tell(settled, other)
    with settled.write() as session:
        start_conversation(
            session,
            shop_key="quill",
            at=NOW,
            expires_at=NOW,
            client="k2",
            conversation_id="c2",
            customer_email="bo@example.com",
        )
        begin_turn(session, "c2", "t1", {"text": "where is my kettle"}, NOW)
    take(settled, "erase")
    left = everything(settled)
    assert all(held in left for held in ("Bo Lund", "bo@example.com", "where is my kettle"))
