"""A yes writes exactly what it says, once, on the facts of that moment; on both kinds of database."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

import order_store
from casework.asking_next import next_slots
from casework.dossier import Dossier
from casework.granted import Granted, preview, told_rma
from casework.granting import NoLongerOpenError, grant
from casework.telling import Teller
from casework.tickets import open_ticket
from casework.words import Words
from order_store import Base, Database, Ticket, begin_turn, start_conversation, transition
from policy_core import RemedyName
from tests.casework.orders import EMAIL, NOW, ON_ITS_WAY, a_dossier, a_line, an_asker, line_of, tell, the_line, told

TABLES: dict[str, type[Base]] = {
    "rmas": order_store.Rma,
    "disputes": order_store.Dispute,
    "cancellations": order_store.Cancellation,
    "choices": order_store.BackorderChoice,
    "refunds": order_store.Refund,
    "tickets": order_store.Ticket,
}
BY_CUSTOMERS = select(order_store.AuditEntry).where(order_store.AuditEntry.who == "customer").order_by("id")
WORDS = Words.load()
UNSHIPPED: list[dict[str, Any]] = []
OUT_OF_STOCK = [a_line(stock="out_of_stock", restock_expected_on="2026-03-24")]
FAULT = {"reason": "defective", "complete": True, "caused_by_customer": False, "labels_intact": True}


def _grant(database: Database, dossier: Dossier, remedy: str, now: datetime = NOW, key: str = "c1:1") -> Granted:
    with database.write() as session:
        return grant(session, dossier, line_of(session, dossier), RemedyName(remedy), now, key)


def _written(database: Database) -> dict[str, int]:
    with database.read() as session:
        counts = {name: session.scalar(select(func.count()).select_from(table)) for name, table in TABLES.items()}
        counts["audit"] = len(session.scalars(BY_CUSTOMERS).all())
    return {name: count for name, count in counts.items() if count}


def _audit(database: Database) -> list[str]:
    with database.read() as session:
        return [entry.what for entry in session.scalars(BY_CUSTOMERS)]


@pytest.mark.parametrize(
    ("shop", "goal", "remedy", "slots", "order", "rows", "audit"),
    [
        ("quill", "return_item", "return_refund", {"reason": "change_of_mind"}, {}, {"rmas": 1}, ["rma.issued"]),
        ("quill", "report_wrong_item", "exchange", {}, {}, {"rmas": 1}, ["rma.issued"]),
        ("voltaic", "report_defect", "return_refund", FAULT, {}, {"rmas": 1}, ["rma.issued"]),
        ("voltaic", "warranty", "warranty_repair", FAULT, {}, {"rmas": 1}, ["rma.issued"]),
        ("bazaar", "missing_order", "dispute", {}, {"shipments": [ON_ITS_WAY]}, {"disputes": 1}, ["dispute.opened"]),
        (
            "quill",
            "cancel_order",
            "cancel",
            {},
            {"shipments": UNSHIPPED},
            {"cancellations": 1, "refunds": 1},
            ["line.cancelled", "refund.requested"],
        ),
        (
            "quill",
            "cancel_order",
            "cancel",
            {},
            {"shipments": UNSHIPPED, "paid_at": None},
            {"cancellations": 1},
            ["line.cancelled"],
        ),
        (
            "quill",
            "out_of_stock",
            "wait_backorder",
            {},
            {"shipments": UNSHIPPED, "lines": OUT_OF_STOCK},
            {"choices": 1},
            ["backorder.wait"],
        ),
        (
            "quill",
            "out_of_stock",
            "refund_now",
            {},
            {"shipments": UNSHIPPED, "lines": OUT_OF_STOCK},
            {"choices": 1, "refunds": 1},
            ["backorder.refund", "refund.requested"],
        ),
    ],
)
def test_each_remedy_writes_its_row_and_its_audit_and_saying_it_again_writes_nothing(
    shops: Database, shop: str, goal: str, remedy: str, slots: Any, order: Any, rows: dict[str, int], audit: list[str]
) -> None:
    tell(shops, told(shop=shop, **order))
    dossier = a_dossier(goal, shop=shop, **slots)
    first = _grant(shops, dossier, remedy)
    expected = rows | {"audit": len(audit)}
    assert _written(shops) == expected
    assert _audit(shops) == audit
    assert not first.again
    with shops.read() as session:
        assert Teller(WORDS, the_line(session, shop=shop), NOW).granted(first).text
    for key in ("c1:1", "c2:7"):
        again = _grant(shops, dossier, remedy, NOW + timedelta(hours=1), key)
        assert again.again
        assert (again.number, again.refund) == (first.number, first.refund)
    assert _written(shops) == expected


def test_a_row_keeps_the_facts_and_the_verdict_it_stands_on(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    _grant(shops, a_dossier("report_defect", shop="voltaic", **FAULT), "return_refund")
    with shops.read() as session:
        rma = session.scalars(select(order_store.Rma)).one()
        entry = session.scalars(BY_CUSTOMERS).one()
    assert rma.facts["reason"] == "defective"
    assert rma.facts["as_of"] == NOW.isoformat()
    assert rma.verdict["remedy"] == "return_refund"
    assert rma.verdict["programme"] == rma.programme == "after_sales"
    assert (rma.issued_at, rma.to_check, rma.closed_at) == (NOW, [], None)
    assert (entry.why, entry.subject) == ("AS-R2", f"rma:{rma.id}")


@pytest.mark.parametrize("threads", [2, 4])
def test_at_the_same_time_one_number_is_given(shops: Database, threads: int) -> None:
    tell(shops, told())
    dossier = a_dossier("return_item", reason="change_of_mind")
    start, given, failed = threading.Barrier(threads), [], []

    def say_yes(number: int) -> None:
        start.wait()
        try:
            given.append(_grant(shops, dossier, "return_refund", key=f"c1:{number}").number)
        except Exception as error:
            failed.append(error)

    workers = [threading.Thread(target=say_yes, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
    assert len(set(given)) == 1
    assert _written(shops) == {"rmas": 1, "audit": 1}


def test_what_closed_between_question_and_yes_is_not_done(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    dossier = a_dossier("report_defect", shop="voltaic", **FAULT)
    last = datetime(2026, 3, 12, 15, 59, 59, 999999, tzinfo=UTC)  # end of 12 March in Shanghai
    with pytest.raises(NoLongerOpenError) as closed:
        _grant(shops, dossier, "return_refund", last + timedelta(microseconds=1))
    refused = closed.value.judged.verdict.remedy(RemedyName.RETURN_REFUND)
    assert refused is not None
    assert refused.reasons[0].clause == "AS-X1"
    assert _written(shops) == {}
    assert _grant(shops, dossier, "return_refund", last).number


def test_what_was_shipped_between_question_and_yes_is_not_cancelled(shops: Database) -> None:
    tell(shops, told(shipments=UNSHIPPED))
    tell(shops, told(shipments=[ON_ITS_WAY], lines=[a_line(shipment=0)]))
    with pytest.raises(NoLongerOpenError):
        _grant(shops, a_dossier("cancel_order"), "cancel")
    assert _written(shops) == {}


def test_what_another_worker_wrote_before_the_lock_is_seen_after_it(postgresql_url: str) -> None:
    from tests.casework.orders import open_shops
    from tests.postgres import closing_database

    with closing_database(postgresql_url) as database:
        open_shops(database)
        unsent = {"carrier": None, "tracking": None, "shipped_at": None}
        tell(database, told(shipments=[unsent]))
        dossier = a_dossier("cancel_order")
        with database.write() as session:
            line = line_of(session, dossier)
            tell(database, told(shipments=[ON_ITS_WAY]))
            with pytest.raises(NoLongerOpenError):
                grant(session, dossier, line, RemedyName.CANCEL, NOW, "c1:1")
        assert _written(database) == {}


def test_where_the_shop_approves_by_hand_nothing_is_written(shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    granted = _grant(shops, a_dossier("return_item", shop="workshop", reason="change_of_mind"), "return_refund")
    assert granted.kind == "person"
    assert _written(shops) == {}


def _out_of_stock(shops: Database) -> Dossier:
    tell(shops, told(shipments=UNSHIPPED, lines=OUT_OF_STOCK))
    return a_dossier("out_of_stock")


def test_who_waits_may_still_take_the_money(shops: Database) -> None:
    dossier = _out_of_stock(shops)
    _grant(shops, dossier, "wait_backorder")
    refunded = _grant(shops, dossier, "refund_now", key="c1:2")
    assert (refunded.kind, refunded.refund, refunded.again) == ("refund", ("79.80", "EUR"), False)
    with shops.read() as session:
        assert session.scalars(select(order_store.BackorderChoice.choice)).all() == ["refund"]
    assert _audit(shops) == ["backorder.wait", "backorder.refund", "refund.requested"]


def test_who_was_promised_the_money_is_not_made_to_wait_again(shops: Database) -> None:
    dossier = _out_of_stock(shops)
    _grant(shops, dossier, "refund_now")
    waits = _grant(shops, dossier, "wait_backorder", key="c1:2")
    assert (waits.kind, waits.again) == ("refund", True)
    assert _audit(shops) == ["backorder.refund", "refund.requested"]


@pytest.mark.parametrize("remedy", ["wait_backorder", "refund_now"])
def test_what_was_cancelled_is_neither_waited_for_nor_refunded_twice(shops: Database, remedy: str) -> None:
    dossier = _out_of_stock(shops)
    _grant(shops, dossier, "cancel")
    later = _grant(shops, dossier, remedy, key="c1:2")
    assert (later.kind, later.again, later.refund) == ("cancellation", True, ("79.80", "EUR"))
    assert _written(shops) == {"cancellations": 1, "refunds": 1, "audit": 2}


def test_a_day_only_the_customer_told_is_marked_and_never_written_to_the_order(shops: Database) -> None:
    tell(shops, told(shop="voltaic", shipments=[ON_ITS_WAY]))
    dossier = a_dossier("report_defect", shop="voltaic", **FAULT, delivered_on="2026-03-06")
    granted = _grant(shops, dossier, "return_refund")
    assert granted.number
    with shops.read() as session:
        assert session.scalars(select(order_store.Rma)).one().to_check == ["order.delivered_at"]
        shipment = the_line(session, shop="voltaic").shipment
    assert shipment is not None
    assert shipment.delivered_at is None


def test_a_day_the_order_holds_wins_over_the_one_told(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    dossier = a_dossier("report_defect", shop="voltaic", **FAULT, delivered_on="2026-03-09")
    granted = _grant(shops, dossier, "return_refund")
    assert granted.judged.case.order.delivered_at == datetime(2026, 3, 5, 10, 30, tzinfo=UTC)
    with shops.read() as session:
        assert session.scalars(select(order_store.Rma)).one().to_check == []


def test_a_delivery_still_to_come_does_not_hide_the_day_that_was_told(shops: Database) -> None:
    ahead = ON_ITS_WAY | {"delivered_at": "2026-03-11T10:00:00+08:00"}
    tell(shops, told(shop="voltaic", shipments=[ahead]))
    with shops.read() as session:
        dossier = a_dossier("report_defect", shop="voltaic", **FAULT, delivered_on="2026-03-09")
        assert next_slots(session, dossier, NOW) == ["remedy"]


def test_an_rma_told_in_a_new_conversation_still_names_its_day(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    _grant(shops, a_dossier("report_defect", shop="voltaic", **FAULT), "return_refund")
    elsewhere = replace(a_dossier("rma", shop="voltaic"), asker=an_asker("voltaic", "c2", "k2"))
    later = NOW + timedelta(days=3)
    with shops.read() as session:
        assert next_slots(session, elsewhere, later) == []
        line = line_of(session, elsewhere)
        rma = order_store.open_rma(session, line.id)
        assert rma is not None
        telling = Teller(WORDS, line, later).granted(told_rma(session, elsewhere, line, rma, later))
    assert "You already have an RMA number" in telling.text
    assert "Send it back by Tuesday 17 March 2026, end of day, Shanghai time (4 days left)" in telling.text
    assert telling.custom["return_by"] == "2026-03-17T23:59:59.999999+08:00"


def test_an_rma_on_a_day_told_outlives_the_window_it_was_granted_in(shops: Database) -> None:
    tell(shops, told(shop="voltaic", shipments=[ON_ITS_WAY]))
    _grant(shops, a_dossier("report_defect", shop="voltaic", **FAULT, delivered_on="2026-03-03"), "return_refund")
    elsewhere = a_dossier("rma", shop="voltaic")
    with shops.read() as session:
        line = line_of(session, elsewhere)
        rma = order_store.open_rma(session, line.id)
        assert rma is not None
        granted = told_rma(session, elsewhere, line, rma, NOW + timedelta(days=5))
    assert granted.remedy.outcome.is_open


def test_the_preview_names_the_day_the_grant_will_set(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    dossier = a_dossier("report_defect", shop="voltaic", **FAULT)
    with shops.read() as session:
        judged = dossier.judge(session, line_of(session, dossier), NOW)
        chosen = judged.verdict.remedy(RemedyName.RETURN_REFUND)
        assert chosen is not None
        promised = preview(judged, chosen, NOW)
    _grant(shops, dossier, "return_refund")
    with shops.read() as session:
        line = line_of(session, dossier)
        rma = order_store.open_rma(session, line.id)
        assert rma is not None
        assert told_rma(session, dossier, line, rma, NOW).remedy.closes_at == promised.closes_at


def _ask_for_a_person(shops: Database, key: str, conversation: str = "c1", why: str = "asked_for_person") -> Ticket:
    dossier = replace(a_dossier("human_handoff"), asker=an_asker(conversation=conversation))
    with shops.write() as session:
        return open_ticket(session, dossier, why=why, now=NOW, key=key, line=line_of(session, dossier))


def test_who_asks_for_a_person_again_has_the_one_ticket_as_long_as_it_waits(shops: Database) -> None:
    tell(shops, told())
    first = _ask_for_a_person(shops, "c1:1")
    assert (first.contact, first.goal) == (EMAIL, "human_handoff")
    assert {_ask_for_a_person(shops, key).number for key in ("c1:1", "c1:2")} == {first.number}
    assert _written(shops) == {"tickets": 1, "audit": 1}
    with shops.write() as session:
        transition(session, session.get_one(Ticket, 1), "answer", at=NOW, who="shop:desk", why="answered")
    assert _ask_for_a_person(shops, "c1:1").number == first.number
    assert _ask_for_a_person(shops, "c1:3").number != first.number


def test_one_turn_that_ends_two_matters_has_a_ticket_for_each(shops: Database) -> None:
    tell(shops, told())
    person = _ask_for_a_person(shops, "c1:1")
    approval = _ask_for_a_person(shops, "c1:1", why="approve_return_refund")
    assert approval.number != person.number
    again = [_ask_for_a_person(shops, "c1:1", why=each.why).number for each in (person, approval)]
    assert again == [person.number, approval.number]
    assert _written(shops) == {"tickets": 2, "audit": 2}


def test_another_conversation_or_another_cause_has_a_ticket_of_its_own(shops: Database) -> None:
    tell(shops, told())
    numbers = {
        _ask_for_a_person(shops, "c1:1").number,
        _ask_for_a_person(shops, "c2:2", conversation="c2").number,
        _ask_for_a_person(shops, "c1:3", why="fact_unknown").number,
    }
    assert len(numbers) == 3


def test_a_ticket_asked_for_again_holds_what_was_said_meanwhile(shops: Database) -> None:
    tell(shops, told())
    said = {"at": NOW, "said": {"text": "a human, please"}}
    with shops.write() as session:
        expires_at = NOW + timedelta(days=1)
        start_conversation(session, shop_key="quill", at=NOW, expires_at=expires_at, client="k1", conversation_id="c1")
        begin_turn(session, "c1", "m1", **said)
    assert len(_ask_for_a_person(shops, "c1:1").transcript) == 1
    with shops.write() as session:
        begin_turn(session, "c1", "m2", **said)
    assert len(_ask_for_a_person(shops, "c1:2").transcript) == 2


def test_the_audit_trail_holds_nothing_personal(shops: Database) -> None:
    tell(shops, told())
    _grant(shops, a_dossier("return_item", reason="change_of_mind"), "return_refund")
    with shops.read() as session:
        entry = session.scalars(BY_CUSTOMERS).one()
        rma = session.scalars(select(order_store.Rma)).one()
    for held in (repr(entry.details), repr(rma.facts), repr(rma.verdict)):
        assert EMAIL not in held
        assert "Ada" not in held
