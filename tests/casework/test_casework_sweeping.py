"""What a day that passes brings about: an RMA never sent is void the day after its last, and no other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from casework import stock
from casework.acting import WORKER, Acting
from casework.granting import NoLongerOpenError
from casework.sweeping import SWEPT, overdue
from casework.sweeping import expire as expire_rma
from order_store import AuditEntry, Database, Rma, history, unused_number
from tests.casework.desk import FAULT, a_return, a_warranty_repair, at_desk, letters, rma, say_yes, states, step
from tests.casework.orders import NOW, a_line, tell, the_line, told

LAST = datetime(2026, 4, 9, 21, 59, 59, 999999, tzinfo=UTC)  # the end of 9 April in Berlin: 10 March and 30 days
OVER = LAST + timedelta(microseconds=1)


@pytest.fixture
def defective(shops: Database) -> Database:
    """RMA 1: two kettles with a fault, to be sent back within 30 days (ST-D2)."""
    tell(shops, told())
    with shops.write() as session:
        session.add(
            Rma(
                line_id=the_line(session).id,
                programme="store_policy",
                remedy="return_refund",
                number=unused_number(session, "rma"),
                reason="defective",
                issued_at=NOW,
                decision="approved",
                quantity=2,
                facts=FAULT,
                verdict={},
                idempotency_key="a",
            )
        )
    return shops


def expire(shops: Database, now: datetime) -> list[int]:
    with shops.read() as session:
        found = list(overdue(session, now))
    expired = []
    for each in found:
        with shops.write() as session:
            if expire_rma(Acting(session, now, WORKER), each):
                expired.append(each)
    assert found == expired
    return expired


def test_an_rma_lapses_the_day_after_its_thirtieth_day(defective: Database) -> None:
    assert expire(defective, LAST) == []
    assert expire(defective, OVER) == [1]
    assert states(rma(defective)) == ("awaited", "expired", "void", "closed")
    assert rma(defective).closed_at == OVER
    with defective.read() as session:
        entry = history(session, session.get_one(Rma, 1))[-2]
    assert (entry.what, entry.who, entry.why) == ("rma.expire", "worker", "ST-D2")
    assert expire(defective, OVER) == []


def test_what_has_lapsed_is_not_granted_anew(defective: Database) -> None:
    expire(defective, OVER)
    with pytest.raises(NoLongerOpenError) as closed:
        say_yes(defective, "report_defect", "return_refund", now=OVER, key="c2:1", **FAULT)
    assert "rma_expired" in {reason.code for each in closed.value.judged.remedies for reason in each.reasons}
    changed = say_yes(defective, "return_item", "return_refund", now=OVER, key="c2:2", reason="change_of_mind")
    assert (changed.kind, changed.again) == ("rma", False)


def test_a_lapsed_return_of_the_manufacturer_bars_every_other(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    say_yes(shops, "report_defect", "return_refund", shop="voltaic", **FAULT)
    over = datetime(2026, 3, 17, 16, 0, tzinfo=UTC)
    expire(shops, over)
    unused = {"complete": True, "activated": False, "resalable": True, "caused_by_customer": False}
    said = {"reason": "change_of_mind", "labels_intact": True, **unused}
    with pytest.raises(NoLongerOpenError) as closed:
        say_yes(shops, "return_item", "return_refund", shop="voltaic", now=over, key="c2:1", **said)
    assert "confirmed_return_lapsed" in {
        reason.code for each in closed.value.judged.remedies for reason in each.reasons
    }


def test_a_confirmed_return_lapses_the_day_after_its_seventh_day(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    say_yes(shops, "report_defect", "return_refund", shop="voltaic", **FAULT)
    last = datetime(2026, 3, 17, 15, 59, 59, 999999, tzinfo=UTC)
    assert expire(shops, last) == []
    assert expire(shops, last + timedelta(microseconds=1)) == [1]


def test_what_is_on_its_way_does_not_lapse_however_late_it_comes(defective: Database) -> None:
    step(defective, "send", tracking="PP 1")
    assert expire(defective, OVER + timedelta(days=90)) == []


def test_what_was_sent_without_tracking_is_left_to_a_person(defective: Database) -> None:
    step(defective, "send")
    assert expire(defective, OVER) == []


def test_a_return_without_a_last_day_and_a_repair_never_lapse(shops: Database) -> None:
    a_return(shops)
    a_warranty_repair(shops)
    assert expire(shops, NOW + timedelta(days=900)) == []


def test_a_looser_term_of_the_shop_is_kept(defective: Database) -> None:
    with defective.write() as session:
        session.get_one(Rma, 1).line.order.shop.parameters = {"rma_return_days": 60}
    assert expire(defective, OVER) == []


def test_an_order_that_contradicts_itself_is_left_to_a_person(defective: Database) -> None:
    with defective.write() as session:
        shipment = session.get_one(Rma, 1).line.shipment
        assert shipment is not None
        assert shipment.shipped_at is not None
        shipment.delivered_at = shipment.shipped_at - timedelta(days=1)
    assert expire(defective, OVER) == []


def sweep(shops: Database, now: datetime) -> dict[str, int]:
    """How many of each kind were found and settled."""
    counts = {}
    for kind in SWEPT:
        with shops.read() as session:
            found = list(kind.find(session, now))
        for each in found:
            with shops.write() as session:
                assert kind.settle(Acting(session, now, WORKER), each)
        if found:
            counts[kind.name] = len(found)
    return counts


def test_what_is_settled_is_not_found_again(defective: Database) -> None:
    assert sweep(defective, LAST) == {}
    assert sweep(defective, OVER) == {"expired": 1}
    assert sweep(defective, OVER) == {}


def test_what_was_sent_between_the_look_and_the_lock_is_left_alone(defective: Database) -> None:
    with defective.read() as session:
        (found,) = overdue(session, OVER)
    step(defective, "send", tracking="PP 1")
    with defective.write() as session:
        assert not expire_rma(Acting(session, OVER, WORKER), found)
    assert states(rma(defective)) == ("sent", "approved", "none", "open")


def out_of_stock(**changes: Any) -> dict[str, Any]:
    """An order of an item that ran out, as an import tells it."""
    return told(shipments=[], lines=[a_line(stock="out_of_stock")], **changes)


def test_who_waits_for_an_item_that_an_import_told_to_have_run_out_is_told_once(shops: Database) -> None:
    tell(shops, out_of_stock())
    assert sweep(shops, NOW) == {"told": 1}
    assert sweep(shops, NOW + timedelta(days=3)) == {}
    assert letters(shops) == ["item_out_of_stock"]


def test_an_item_that_an_import_told_to_be_back_and_to_have_run_out_again_is_told_again_once(shops: Database) -> None:
    tell(shops, out_of_stock())
    sweep(shops, NOW)
    tell(shops, told(shipments=[]))
    assert sweep(shops, NOW) == {"restocked": 1}
    assert sweep(shops, NOW) == {}
    tell(shops, out_of_stock())
    assert sweep(shops, NOW) == {"told": 1}
    assert sweep(shops, NOW + timedelta(days=3)) == {}
    assert letters(shops) == ["item_out_of_stock"] * 2
    with shops.read() as session:
        trail = session.scalars(select(AuditEntry).where(AuditEntry.what == "line.restock")).all()
    assert [(entry.who, entry.why) for entry in trail] == [("worker", "import")]


def test_an_item_restocked_at_the_desk_that_an_import_told_to_have_run_out_again_is_told_again(
    shops: Database,
) -> None:
    tell(shops, out_of_stock())
    sweep(shops, NOW)
    with at_desk(shops) as acting:
        stock.restock(acting, "quill", "K-1")
    assert sweep(shops, NOW) == {}
    tell(shops, out_of_stock(invoice="R-1"))
    assert sweep(shops, NOW) == {"told": 1}
    assert letters(shops) == ["item_out_of_stock"] * 2


def test_back_by_an_import_and_out_again_at_the_desk_before_anybody_looked_is_told_again(shops: Database) -> None:
    tell(shops, out_of_stock())
    sweep(shops, NOW)
    tell(shops, told(shipments=[]))
    with at_desk(shops) as acting:
        assert len(stock.run_out(acting, "quill", "K-1")) == 1
    assert letters(shops) == ["item_out_of_stock"] * 2
    assert sweep(shops, NOW) == {}


def test_who_has_chosen_or_has_the_parcel_is_not_told(shops: Database) -> None:
    order = told()
    order["lines"] = [{**each, "stock": "out_of_stock"} for each in order["lines"]]
    tell(shops, order, out_of_stock(number="QC-1002"))
    say_yes(shops, "out_of_stock", "wait_backorder", order_number="QC-1002", verified_order="QC-1002")
    assert sweep(shops, NOW) == {}
