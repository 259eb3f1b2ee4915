"""Each event queues one letter in its own transaction: with the event or not at all, and not again when repeated."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from casework import notices, repairs, stock
from casework.acting import Acting
from order_store import Database, Dispute, Refund, Repair, Rma
from tests.casework.letters import a_dispute, a_store_rma, an_rma, decided, in_days, letters, quoted, ran_out
from tests.casework.orders import NOW, tell, the_line, told


def test_an_rma_is_told_once_with_its_figures_fixed(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    rma = an_rma(shops)
    (letter,) = letters(shops)
    assert (letter.kind, letter.queued_at, letter.state, letter.customer_id, letter.address) == (
        "rma_issued",
        NOW,
        "waiting",
        1,
        None,
    )
    assert letter.variables == {
        "rma": rma.id,
        "return_by": "2026-03-17T15:59:59.999999+00:00",
        "clause": "AS-X7",
        "obligations": [
            ["send_within_7_days", "AS-X7"],
            ["regular_carrier_and_notice", "AS-F3"],
            ["include_proof_and_note", "AS-P2"],
        ],
        "pays": ["unspecified", "unspecified"],
    }
    assert letter.attachments == [{"kind": "slip", "rma": rma.id}, {"kind": "return_by", "rma": rma.id}]
    assert letter.message_id.endswith("@example.com>")
    with shops.write() as session:
        again = notices.rma_issued(session, session.get_one(Rma, rma.id), in_days(2))
    assert (again.id, again.message_id, again.queued_at) == (letter.id, letter.message_id, NOW)
    assert len(letters(shops)) == 1


def test_a_store_s_rma_has_thirty_days(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told())
    rma = a_store_rma(sqlite_shops)
    with sqlite_shops.write() as session:
        notices.rma_issued(session, session.get_one(Rma, rma.id), NOW)
    (letter,) = letters(sqlite_shops)
    assert (letter.variables["return_by"], letter.variables["clause"]) == ("2026-04-09T21:59:59.999999+00:00", "ST-D2")


def test_what_is_undone_takes_its_letter_with_it(shops: Database) -> None:
    tell(shops, told())

    def fails() -> None:
        with shops.write() as session:
            notices.item_out_of_stock(session, the_line(session), NOW)
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fails()
    assert letters(shops) == []


def test_an_item_that_ran_out_is_told_once_however_long_it_is_missing_and_again_after_it_was_back(
    shops: Database,
) -> None:
    tell(shops, told(shipments=[]))
    ran_out(shops)
    ran_out(shops)
    with shops.write() as session:
        notices.item_out_of_stock(session, the_line(session), in_days(9))
    assert len(letters(shops)) == 1
    with shops.write() as session:
        stock.restock(Acting(session, NOW, "shop:cli"), "quill", "K-1")
    ran_out(shops)
    assert len(letters(shops)) == 2


def test_a_refund_s_day_is_counted_from_the_end_of_the_claim_process(sqlite_shops: Database) -> None:
    a_dispute(sqlite_shops)
    decided(sqlite_shops, "buyer", in_days(1))
    verdict, refund = letters(sqlite_shops)
    assert verdict.variables == {
        "dispute": 1,
        "decision": "for_buyer",
        "refund_follows": True,
        "amount": ["79.80", "EUR"],
    }
    assert refund.variables == {"dispute": 1, "amount": ["79.80", "EUR"], "last_day": "2026-03-26", "clause": "BP-7"}


def test_an_order_that_contradicts_itself_stops_no_decision(sqlite_shops: Database) -> None:
    a_dispute(sqlite_shops)
    with sqlite_shops.write() as session:
        line = the_line(session, shop="bazaar")
        assert line.shipment is not None
        line.shipment.delivered_at = in_days(-60)  # before it was shipped
        dispute = session.scalars(select(Dispute)).one()
        dispute.claim_closed_at = NOW
        letter = notices.refund_due(session, dispute, NOW)
    assert (letter.variables["last_day"], letter.variables["amount"]) == (None, None)


def test_amounts_keep_their_digits(sqlite_shops: Database) -> None:
    a_dispute(sqlite_shops)
    for amount, shown in (("5", "5.00"), ("5.5", "5.50"), ("5.125", "5.125"), ("1E+3", "1000.00")):
        with sqlite_shops.write() as session:
            session.add(
                Refund(
                    line_id=the_line(session, shop="bazaar").id,
                    amount=Decimal(amount),
                    currency="KWD",
                    because="dispute",
                    requested_at=NOW,
                    dispute_id=1,
                    idempotency_key=amount,
                )
            )
            session.flush()
            assert notices._refund_of(session, session.get_one(Dispute, 1)) == [shown, "KWD"]


def test_every_quote_of_a_repair_is_told(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told())
    quoted(sqlite_shops)
    with sqlite_shops.write() as session:
        repair = session.scalars(select(Repair)).one()
        notices.repair_quoted(session, repair, NOW)
        repair.quoted_at, repair.quote_amount = in_days(1), Decimal("39")
        notices.repair_quoted(session, repair, in_days(1))
    told_of = [letter.variables["amount"] for letter in letters(sqlite_shops)]
    assert told_of == [["48.50", "EUR"], ["39.00", "EUR"]]


def test_a_repair_without_a_quote_cannot_be_told_of(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told())
    with sqlite_shops.write() as session:
        repair = repairs.start(Acting(session, NOW, "shop:cli"), the_line(session))
        with pytest.raises(ValueError, match="has no quote"):
            notices.repair_quoted(session, repair, NOW)
