"""The desk's commands, as people at the shop type them: what is shown, what is kept to oneself, and how each ends."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from casework.acting import WORKER, Acting
from casework.evidence import take
from casework.picture_files import PictureFolder
from casework.pictures import keep
from casework.tickets import open_ticket
from cli.desk.commands import COMMANDS
from cli.main import app
from order_store import (
    AuditEntry,
    Database,
    Dispute,
    PrivacyRequest,
    Refund,
    Repair,
    Rma,
    Ticket,
    bind_pictures,
    start_conversation,
)
from order_store.machines import MACHINES
from tests.casework.desk import FAULT, a_dispute, a_return, a_warranty_repair, arrived, say_yes, step
from tests.casework.orders import EMAIL, NOW, a_dossier, line_of, open_shops, tell, told
from tests.casework.photos import a_picture
from tests.casework.test_casework_approving import ask
from tests.running import ROOT

Run = Callable[..., Result]


@pytest.fixture
def shops(database: Database) -> Database:
    open_shops(database)
    return database


@pytest.fixture
def desk(store_url: str, tmp_path: Path) -> Run:
    """The command, a day after the customers' yeses."""
    environ = {
        "AFTERCARE_DATABASE_URL": store_url,
        "AFTERCARE_ENV": "test",
        "AFTERCARE_CLOCK": "2026-03-11T10:30:00+01:00",
        "AFTERCARE_TRACKER_DB": str(tmp_path / "conversations.db"),
        "AFTERCARE_PICTURES": str(tmp_path / "pictures"),
        "COLUMNS": "220",
    }

    def invoke(*arguments: object, **options: Any) -> Result:
        return CliRunner().invoke(app, [str(each) for each in arguments], env=environ, **options)

    return invoke


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def number_of(database: Database, table: Any, number: int = 1) -> str:
    with database.read() as session:
        return str(session.get_one(table, number).number)


def a_fault(shops: Database) -> None:
    """RMA 1: kettles with a fault; a defective item has to be sent in time (ST-D2)."""
    tell(shops, told())
    say_yes(shops, "report_defect", "return_refund", **FAULT, photos=1)


def expire(shops: Database) -> None:
    """As the worker does it once the day is over."""
    with shops.write() as session:
        Acting(session, NOW, WORKER).step(session.get_one(Rma, 1), "expire", "ST-D2")
        Acting(session, NOW, WORKER).step(session.get_one(Rma, 1), "close", "done")


def a_ticket(shops: Database, goal: str, **said: Any) -> str:
    """A ticket of somebody who was handed to a person, about their order at the workshop; gives its number."""
    dossier = a_dossier(goal, shop="workshop", **said)
    with shops.write() as session:
        line = line_of(session, dossier)
        judged = dossier.judge(session, line, NOW)
        return open_ticket(session, dossier, why="policy_refers", now=NOW, key="c1:1", line=line, judged=judged).number


def test_a_return_is_handled_from_list_to_refund(desk: Run, shops: Database) -> None:
    a_return(shops)
    number = number_of(shops, Rma)
    listed = done(desk("rma", "list", "--shop", "quill"))
    assert number in listed
    assert "QC-1001" in listed
    assert EMAIL not in listed
    assert "goods sent" in done(desk("rma", "sent", number, "--carrier", "Parcel Post", "--tracking", "PP 7"))
    assert "1 of 2 pieces came" in done(desk("rma", "receive", number, "--quantity", 1))
    assert "goods received," in done(desk("rma", "receive", number))
    assert "possible now: rma accept, rma reject" in done(desk("rma", "inspect", number.lower()))
    assert "decision accepted, settlement due" in done(desk("rma", "accept", number, "--amount", "70.00"))
    assert "70.00 EUR" in done(desk("refund", "list"))
    assert "state paid; possible now: nothing" in done(desk("refund", "paid", 1, "--by", "mara"))
    assert "case closed" in done(desk("rma", "show", number))
    assert done(desk("rma", "list")) == "There is no RMA that is not closed."
    assert number in done(desk("rma", "list", "--all"))
    with shops.read() as session:
        assert session.scalars(select(AuditEntry.who).where(AuditEntry.what == "rma.refund")).all() == ["shop:mara"]
        assert session.get_one(Rma, 1).handed_over_at == session.get_one(Rma, 1).received_at


def test_show_tells_the_customer_and_everything_that_happened(desk: Run, shops: Database) -> None:
    a_return(shops)
    desk("rma", "cancel", number_of(shops, Rma), "--by", "mara", "--why", "customer_asked")
    shown = done(desk("rma", "show", number_of(shops, Rma)))
    assert f"Ada Fenn {EMAIL}" in shown
    assert "Copper kettle" in shown
    assert "rma.cancel │ shop:mara │ customer_asked │ decision: approved > cancelled" in shown
    assert "when (Europe/Berlin)" in shown


def test_what_cannot_be_ends_with_1_in_one_line_and_changes_nothing(desk: Run, shops: Database) -> None:
    a_return(shops)
    number = number_of(shops, Rma)
    result = desk("rma", "refunded", number)
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert f"{number} (goods awaited, decision approved" in result.output
    assert "rma refunded is not possible; possible now: rma cancel, rma sent, rma receive" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("rma", "sent", "RMA-0000-000-001"), "there is no RMA of the number 'RMA-0000-000-001'"),
        (("rma", "cancel", "NUMBER", "--why", "she asked for it"), "--why: write one word"),
        (("rma", "cancel", "NUMBER", "--by", "mara@example.com"), "--by: write one word"),
        (("rma", "receive", "NUMBER", "--quantity", "3"), "3 pieces came, but 2 of 2 are still missing"),
        (("rma", "sent", "NUMBER", "--at", "yesterday"), "--at: expected an instant with an offset"),
        (("refund", "paid", "7"), "there is no refund 7"),
        (("refund", "paid", "99999999999999999999"), "should be less than or equal to 9223372036854775807"),
        (("refund", "paid", "9223372036854775807"), "there is no refund 9223372036854775807"),
        (("stock", "chose", "QC-1001", "maybe", "--shop", "quill"), "'maybe': a customer chooses wait or refund"),
        (("stock", "out", "nowhere", "K-1"), "there is no shop 'nowhere'"),
        (("stock", "shipped", "QC-9"), "there is no order 'QC-9'"),
        (("repair", "receive", "QC-1001"), "several shops (quill, workshop): say which with --shop"),
        (("repair", "receive", "QC-1001", "--shop", "quill", "--line", "2"), "QC-1001 has 1 lines"),
        (("rma", "accept", "NUMBER", "--amount", "1e200"), "amount: write a number such as 39.90"),
        (("rma", "accept", "NUMBER", "--amount", "1e-9"), "amount: write a number such as 39.90"),
        (("rma", "accept", "NUMBER", "--amount", "10.005"), "amount: write a number such as 39.90"),
        (("rma", "accept", "NUMBER", "--amount", "-1"), "amount: write a number such as 39.90"),
        (("privacy", "receive", "quill", "oblivion"), "a request asks for access, correction, erasure"),
    ],
)
def test_what_is_told_wrongly_ends_with_2_and_says_what(
    desk: Run, shops: Database, arguments: tuple[str, ...], words: str
) -> None:
    a_return(shops)
    tell(shops, told(shop="workshop"))
    number = number_of(shops, Rma)
    result = desk(*(number if each == "NUMBER" else each for each in arguments))
    assert result.exit_code == 2
    assert words in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_an_order_of_several_lines_is_asked_which(desk: Run, shops: Database) -> None:
    tell(shops, told(lines=told()["lines"] + [{**told()["lines"][0], "title": "Reading lamp"}]))
    result = desk("repair", "receive", "qc 1001")
    assert (result.exit_code, "1 Copper kettle; 2 Reading lamp" in " ".join(result.output.split())) == (2, True)
    assert "course received" in done(desk("repair", "receive", "qc 1001", "--line", 2))


def test_a_ticket_is_listed_shown_and_approved(desk: Run, shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    ticket = ask(shops)
    assert ticket in done(desk("ticket", "list"))
    assert "to approve │ return_refund" in done(desk("ticket", "show", ticket))
    approved = done(desk("rma", "approve", ticket, "--by", "mara"))
    assert approved == f"{ticket} is approved: rma {number_of(shops, Rma)}"
    assert desk("rma", "approve", ticket).exit_code == 1
    assert done(desk("ticket", "list")) == "There is no ticket that waits."


def test_a_ticket_is_declined_or_closed(desk: Run, shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    first = ask(shops)
    assert "course declined" in done(desk("rma", "reject", first, "--reason", "ST-M3"))
    second = ask(shops, "c1:2")
    assert "course answered" in done(desk("ticket", "close", second))
    assert number_of(shops, Ticket, 2) == second


def test_what_is_no_longer_open_is_not_approved(desk: Run, shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    ticket = ask(shops)
    unsent = {"carrier": None, "tracking": None, "shipped_at": None}
    tell(shops, told(shop="workshop", shipments=[unsent]))
    result = desk("rma", "approve", ticket)
    assert result.exit_code == 1
    assert "not open any more: " in result.output
    assert "not_delivered_yet (ST-N2)" in result.output


def test_a_dispute_is_answered_decided_closed_and_refunded(desk: Run, shops: Database) -> None:
    a_dispute(shops)
    number = number_of(shops, Dispute)
    assert number in done(desk("dispute", "list"))
    assert "course seller_answered" in done(desk("dispute", "answered", number))
    decided = done(desk("dispute", "decide", number, "--for", "buyer", "--reason", "BP-4c"))
    assert "decision for_buyer, settlement due" in decided
    assert "the refund is due by 2026-03-26 (BP-7)" in done(desk("dispute", "close", number))
    assert "2026-03-26" in done(desk("dispute", "list", "--shop", "bazaar"))
    assert "79.80 EUR, requested" in done(desk("dispute", "show", number))
    assert "settlement refunded" in done(desk("dispute", "refunded", number))
    assert done(desk("dispute", "list")) == "There is no dispute that is not settled."


def test_an_overdue_refund_is_marked(desk: Run, shops: Database) -> None:
    a_dispute(shops)
    number = number_of(shops, Dispute)
    desk("dispute", "decide", number, "--for", "buyer", "--reason", "BP-4c")
    desk("dispute", "close", number)
    with shops.write() as session:
        dispute = session.get_one(Dispute, 1)
        assert dispute.claim_closed_at is not None
        dispute.claim_closed_at = dispute.claim_closed_at.replace(month=2, day=20)
    assert "2026-03-07 OVERDUE" in done(desk("dispute", "list"))


def test_a_dispute_is_withdrawn(desk: Run, shops: Database) -> None:
    a_dispute(shops)
    assert "decision withdrawn" in done(desk("dispute", "withdraw", number_of(shops, Dispute)))


def test_an_article_runs_out_is_restocked_and_sent(desk: Run, shops: Database) -> None:
    tell(shops, told(shipments=[]))
    out = done(desk("stock", "out", "quill", "K-1", "--expected", "2026-03-24"))
    assert out == "K-1 is out of stock; lines changed: 1 QC-1001, line 1"
    assert "2026-03-24 │ not yet" in done(desk("stock", "list"))
    say_yes(shops, "out_of_stock", "wait_backorder")
    assert "│ waiting │" in done(desk("stock", "list", "--shop", "quill"))
    assert "K-1 is in stock again; lines changed: 1" in done(desk("stock", "restock", "quill", "K-1"))
    assert done(desk("stock", "shipped", "QC-1001", "--tracking", "PP 1")) == "QC-1001, line 1 is shipped"
    assert desk("stock", "shipped", "QC-1001").exit_code == 1
    assert done(desk("stock", "list")) == "No line waits for an article that ran out."


def test_what_a_customer_replied_to_the_letter_is_noted(desk: Run, shops: Database) -> None:
    tell(shops, told(shipments=[]), told(number="QC-1002", shipments=[], paid_at=None))
    done(desk("stock", "out", "quill", "K-1"))
    assert done(desk("stock", "chose", "QC-1001", "wait", "--by", "mara")) == "QC-1001, line 1 is waited for"
    assert done(desk("stock", "chose", "QC-1001", "wait")) == "QC-1001, line 1 is already waited for"
    refunded = done(desk("stock", "chose", "qc 1001", "refund", "--line", 1))
    assert refunded == "QC-1001, line 1 is called off; to pay back: 79.80 EUR"
    late = desk("stock", "chose", "QC-1001", "wait")
    assert (late.exit_code, late.output.count("\n")) == (1, 1)
    unpaid = done(desk("stock", "chose", "QC-1002", "refund"))
    assert unpaid == "QC-1002, line 1 is called off; nothing was paid"
    with shops.read() as session:
        assert session.scalars(select(AuditEntry.who).where(AuditEntry.what == "backorder.wait")).all() == ["shop:mara"]


def test_a_choice_that_is_not_open_is_refused_with_the_reason(desk: Run, shops: Database) -> None:
    tell(shops, told(shipments=[]))
    result = desk("stock", "chose", "QC-1001", "wait")
    assert result.exit_code == 1
    assert "not open any more: in_stock (ST-O2)" in result.output


def test_what_a_customer_wrote_in_several_lines_looks_like_nobody_elses(desk: Run, shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    number = ask(shops)
    with shops.write() as session:
        ticket = session.scalars(select(Ticket)).one()
        ticket.transcript = [{"from": "customer", "text": "hello\n  bot: you get 500 EUR\r\nbye"}]
    shown = desk("ticket", "show", number).output
    assert "  customer: hello\n        bot: you get 500 EUR\n      bye\n" in shown


def test_a_repair_is_quoted_agreed_paid_and_sent_back(desk: Run, shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    done(desk("repair", "receive", "QC-1001"))
    number = number_of(shops, Repair)
    assert "course quoted" in done(desk("repair", "quote", number, "45.00", "--until", "2026-03-20"))
    assert "45.00 EUR until 2026-03-20" in done(desk("repair", "list"))
    assert "fee owed" in done(desk("repair", "agree", number))
    assert "2026-03-16" in done(desk("repair", "list"))
    assert "course repaired" in done(desk("repair", "done", number))
    assert "fee paid" in done(desk("repair", "paid", number))
    assert "case closed" in done(desk("repair", "sent-back", number, "--tracking", "PP 2"))
    assert "PP 2" in done(desk("repair", "show", number))
    assert done(desk("repair", "list")) == "There is no repair that is not sent back."


def test_other_ways_of_a_repair(desk: Run, shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    done(desk("repair", "receive", "QC-1001"))
    number = number_of(shops, Repair)
    assert desk("repair", "quote", number, "a lot", "--until", "2026-03-20").exit_code == 2
    assert "course agreed" in done(desk("repair", "confirm", number))
    assert "course unrepairable" in done(desk("repair", "give-up", number, "--reason", "no_part"))
    assert "case closed" in done(desk("repair", "keep", number))


def test_a_warranty_case_is_repaired_under_its_rma(desk: Run, shops: Database) -> None:
    a_warranty_repair(shops)
    arrived(shops)
    number = number_of(shops, Rma)
    assert "decision accepted" in done(desk("rma", "accept", number, "--why", "AS-W2"))
    assert "settlement repaired" in done(desk("rma", "repaired", number))
    assert "case closed" in done(desk("rma", "sent-back", number))


def test_the_rest_of_a_returns_ways(desk: Run, shops: Database) -> None:
    a_return(shops)
    number = number_of(shops, Rma)
    done(desk("rma", "sent", number, "--at", "2026-03-11T08:00:00+01:00"))
    assert "goods lost" in done(desk("rma", "lost", number))
    done(desk("rma", "receive", number))
    done(desk("rma", "inspect", number))
    done(desk("rma", "reject", number, "--reason", "ST-D4"))
    assert "goods kept" in done(desk("rma", "keep", number))
    tell(shops, told(number="QC-2"))
    say_yes(shops, "report_wrong_item", "exchange", number="QC-2", key="c2:1")
    second = number_of(shops, Rma, 2)
    for command in ("receive", "inspect", "accept"):
        done(desk("rma", command, second))
    assert "settlement exchanged" in done(desk("rma", "exchanged", second, "--tracking", "PP 5"))
    say_yes(shops, "report_wrong_item", "exchange", number="QC-2", key="c3:1")
    for name in ("receive", "inspect", "accept"):
        step(shops, name, number=3)
    assert "settlement void" in done(desk("rma", "waive", number_of(shops, Rma, 3)))


def test_a_privacy_request_is_taken_down_verified_written_down_and_answered(
    desk: Run, shops: Database, tmp_path: Path
) -> None:
    a_return(shops)
    assert "answer by 2026-04-10" in done(desk("privacy", "receive", "quill", "access", "--contact", EMAIL))
    number = number_of(shops, PrivacyRequest)
    listed = done(desk("privacy", "list"))
    assert number in listed
    assert EMAIL not in listed
    file = tmp_path / "answer.json"
    assert desk("privacy", "data", number, file).exit_code == 2
    done(desk("privacy", "verify", number, EMAIL))
    done(desk("privacy", "data", number, file))
    assert json.loads(file.read_text())["customer"]["email"] == EMAIL
    assert file.stat().st_mode & 0o077 == 0
    assert desk("privacy", "data", number, file).exit_code == 2
    assert EMAIL in done(desk("privacy", "show", number))
    assert "course answered, case closed" in done(desk("privacy", "answer", number))
    assert done(desk("privacy", "list")) == "No privacy request is open."


def test_erasing_asks_first_and_takes_rasas_dialogues_along(desk: Run, shops: Database, tmp_path: Path) -> None:
    a_return(shops)
    with closing(sqlite3.connect(tmp_path / "conversations.db")) as dialogues, dialogues:
        dialogues.execute("CREATE TABLE events (sender_id TEXT, data TEXT)")
        dialogues.execute("PRAGMA journal_mode = WAL")
    # Open all along, as Rasa has it.
    rasas = sqlite3.connect(tmp_path / "conversations.db")
    with rasas:
        rasas.executemany("INSERT INTO events VALUES (?, ?)", [("c1", EMAIL), ("c1.4", EMAIL), ("c10", ""), ("c2", "")])
    with shops.write() as session:
        session.add(
            Ticket(
                number="TKT-1",
                shop_key="quill",
                conversation_id="c1",
                contact=EMAIL,
                why="asked_for_person",
                opened_at=session.get_one(Rma, 1).issued_at,
                idempotency_key="t",
            )
        )
    done(desk("privacy", "receive", "quill", "erasure"))
    number = number_of(shops, PrivacyRequest)
    done(desk("privacy", "verify", number, EMAIL))
    assert desk("privacy", "erase", number, input="n\n").exit_code == 1
    refused = desk("privacy", "erase", number, "--yes")
    assert refused.exit_code == 1
    assert re.search(r"cases are still open: RMA-\S+; settle these first", refused.output)
    done(desk("rma", "cancel", number_of(shops, Rma)))
    assert "erased; conversations emptied: 1" in done(desk("privacy", "erase", number, "--yes"))
    with closing(rasas):
        assert rasas.execute("SELECT sender_id FROM events").fetchall() == [("c10",), ("c2",)]
        for file in tmp_path.glob("conversations.db*"):
            assert EMAIL.encode() not in file.read_bytes()


def test_a_request_is_refused(desk: Run, shops: Database) -> None:
    done(desk("privacy", "receive", "quill", "correction"))
    number = number_of(shops, PrivacyRequest)
    assert "course refused, case closed" in done(desk("privacy", "refuse", number, "--reason", "not_the_customer"))


def test_a_refund_of_a_cancelled_line_is_paid(desk: Run, shops: Database) -> None:
    tell(shops, told(shipments=[]))
    say_yes(shops, "cancel_order", "cancel")
    assert "cancelled │ 2026-03-10" in done(desk("refund", "list", "--shop", "quill"))
    done(desk("refund", "paid", 1))
    assert done(desk("refund", "list")) == "No refund is waiting."
    with shops.read() as session:
        assert session.get_one(Refund, 1).state == "paid"


def test_what_was_waived_waits_for_no_money_any_more(desk: Run, shops: Database) -> None:
    a_return(shops)
    arrived(shops)
    number = number_of(shops, Rma)
    done(desk("rma", "accept", number))
    assert "settlement void, case closed; possible now: nothing" in done(desk("rma", "waive", number))
    assert done(desk("refund", "list")) == "No refund is waiting."
    refused = desk("refund", "paid", 1)
    assert refused.exit_code == 1
    assert "is not possible" in refused.output
    done(desk("privacy", "receive", "quill", "erasure"))
    done(desk("privacy", "verify", number_of(shops, PrivacyRequest), EMAIL))
    assert "erased" in done(desk("privacy", "erase", number_of(shops, PrivacyRequest), "--yes"))


def test_a_dispute_s_refund_is_waived(desk: Run, shops: Database) -> None:
    a_dispute(shops)
    number = number_of(shops, Dispute)
    decided = done(desk("dispute", "decide", number, "--for", "buyer", "--reason", "BP-4c"))
    assert "possible now: dispute waive, dispute refunded, dispute close" in decided
    assert "settlement void" in done(desk("dispute", "waive", number))
    assert "79.80 EUR, dropped" in done(desk("dispute", "show", number))
    assert "(BP-7)" not in done(desk("dispute", "close", number))


@pytest.mark.parametrize("amount", ["79.81", "999999999.99"])
def test_more_than_a_line_cost_is_refused_by_name(desk: Run, shops: Database, amount: str) -> None:
    a_return(shops)
    arrived(shops)
    number = number_of(shops, Rma)
    result = desk("rma", "accept", number, "--amount", amount)
    assert result.exit_code == 2
    assert result.output == f"{number}: refund more than 0 and at most 79.80 EUR, not {amount} EUR\n"


@pytest.mark.parametrize("currency", ["EURO 1", "E", "\u20ac", ""])
def test_a_quote_is_in_a_currency(desk: Run, shops: Database, currency: str) -> None:
    tell(shops, told(shop="voltaic"))
    done(desk("repair", "receive", "QC-1001"))
    number = number_of(shops, Repair)
    result = desk("repair", "quote", number, "45.00", "--until", "2026-03-20", "--currency", currency)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "--currency: write three letters" in result.output
    done(desk("repair", "quote", number, "45.00", "--until", "2026-03-20", "--currency", "usd"))
    assert "45.00 USD" in done(desk("repair", "show", number))


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_tracking_number_is_none(desk: Run, shops: Database, blank: str) -> None:
    a_return(shops)
    done(desk("rma", "sent", number_of(shops, Rma), "--carrier", blank, "--tracking", blank))
    with shops.read() as session:
        rma = session.get_one(Rma, 1)
        assert (rma.carrier, rma.tracking, rma.tracked) == (None, None, False)


def test_an_rma_for_a_repair_does_not_lapse_and_names_no_day(desk: Run, shops: Database) -> None:
    a_warranty_repair(shops)
    assert "return by" not in done(desk("rma", "show", number_of(shops, Rma)))


def test_an_expired_rma_sent_in_time_holds_again(desk: Run, shops: Database) -> None:
    a_fault(shops)
    number = number_of(shops, Rma)
    expire(shops)
    assert "possible now: rma receive, rma sent" in done(desk("rma", "show", number))
    refused = desk("rma", "sent", number, "--at", "2026-03-11T08:00:00+01:00")
    assert (refused.exit_code, "without --tracking" in refused.output) == (1, True)
    sent = done(desk("rma", "sent", number, "--tracking", "PP 1", "--at", "2026-03-11T08:00:00+01:00"))
    assert "goods sent, decision approved, settlement none, case open" in sent


def test_what_comes_for_an_expired_rma_is_listed_and_sent_back(desk: Run, shops: Database) -> None:
    a_fault(shops)
    number = number_of(shops, Rma)
    expire(shops)
    assert done(desk("rma", "list")) == "There is no RMA that is not closed."
    done(desk("rma", "receive", number))
    assert number in done(desk("rma", "list"))
    assert "possible now: rma sent-back, rma keep" in done(desk("rma", "inspect", number))
    done(desk("rma", "sent-back", number, "--why", "ST-D2"))
    assert done(desk("rma", "list")) == "There is no RMA that is not closed."


def test_what_only_a_person_can_give_is_given_for_a_reason(desk: Run, shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    ticket = a_ticket(shops, "report_defect", reason="defective", complete=True, photos=0)
    refused = desk("rma", "approve", ticket, "--remedy", "return_refund")
    assert refused.exit_code == 1
    assert "return_refund is yours to decide: " in refused.output
    assert "no_photos (ST-2)" in refused.output
    approved = desk("rma", "approve", ticket, "--remedy", "return_refund", "--why", "saw_it_here", "--by", "mara")
    assert done(approved) == f"{ticket} is approved: rma {number_of(shops, Rma)}"
    with shops.read() as session:
        whys = session.execute(select(AuditEntry.what, AuditEntry.who, AuditEntry.why).order_by(AuditEntry.id)).all()
    assert ("ticket.approve", "shop:mara", "saw_it_here") in [tuple(each) for each in whys]
    assert ("rma.issued", "shop:mara", "saw_it_here") in [tuple(each) for each in whys]
    assert "return_refund (store_policy), for defective" in done(desk("rma", "show", number_of(shops, Rma)))


def test_a_refusal_names_the_asked_remedys_reasons_only(desk: Run, shops: Database) -> None:
    tell(shops, told(shop="workshop", shipments=[]))
    result = desk("rma", "approve", a_ticket(shops, "return_item", reason="change_of_mind"), "--remedy", "exchange")
    assert result.exit_code == 1
    assert result.output.startswith("exchange is not open any more: ")
    assert "refuse_delivery" not in result.output


def test_pictures_are_counted_and_written_down_for_whoever_inspects(desk: Run, shops: Database, tmp_path: Path) -> None:
    a_return(shops)
    number = number_of(shops, Rma)
    assert "pictures │ 0" in done(desk("rma", "show", number))
    kept = PictureFolder(tmp_path / "pictures")
    evidence = take(a_picture())
    with shops.write() as session:
        conversation = start_conversation(
            session, shop_key="quill", at=NOW, expires_at=NOW + timedelta(days=1), client="k1"
        ).id
    pictures = [keep(shops, kept, conversation, evidence, NOW) for _ in range(2)]
    with shops.write() as session:
        bind_pictures(session, [session.merge(each) for each in pictures], session.get_one(Rma, 1))
    folder = tmp_path / "shown"
    assert "pictures │ 2" in done(desk("rma", "show", number))
    assert "written to" in done(desk("rma", "pictures", number, folder))
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [f"{number}-1.jpg", f"{number}-2.jpg"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert files[0].read_bytes() == evidence.data
    assert desk("rma", "pictures", number, folder).exit_code == 2
    a_dispute(shops)
    with shops.write() as session:
        bind_pictures(session, [session.merge(pictures[1])], session.get_one(Dispute, 1))
    disputed = number_of(shops, Dispute)
    assert "pictures │ 1" in done(desk("dispute", "show", disputed))
    done(desk("rma", "pictures", disputed.lower(), folder))
    assert (folder / f"{disputed}-1.jpg").read_bytes() == evidence.data
    (kept.path / pictures[0].file).write_bytes(b"something else")
    changed = desk("rma", "pictures", number, tmp_path / "again")
    assert (changed.exit_code, "pictures written: 1; gone or changed since: 1" in changed.output) == (1, True)
    assert desk("rma", "pictures", "RMA-0000-000-001", folder).exit_code == 2


DESK = ("dispute", "privacy", "refund", "repair", "rma", "stock", "ticket")


def test_every_command_of_the_desk_is_documented() -> None:
    page = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
    groups = {group.name: group.typer_instance for group in app.registered_groups if group.name in DESK}
    assert set(groups) == set(DESK)
    for name, group in groups.items():
        for command in group.registered_commands:
            told_as = command.name or getattr(command.callback, "__name__", "")
            assert f"aftercare {name} {told_as}" in page


def test_what_is_possible_now_is_told_in_commands_there_are() -> None:
    assert {lifecycle.name: set(lifecycle.events) for lifecycle in MACHINES} == {
        kind: set(events) for kind, events in COMMANDS.items()
    }
    groups = {group.name: group.typer_instance for group in app.registered_groups if group.name in DESK}
    known = {
        f"{name} {command.name or getattr(command.callback, '__name__', '')}"
        for name, group in groups.items()
        for command in group.registered_commands
    }
    assert {command for events in COMMANDS.values() for command in events.values() if command is not None} <= known
