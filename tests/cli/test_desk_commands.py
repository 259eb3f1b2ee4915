"""The desk's commands, as people at the shop type them: what is shown, what is kept to oneself, and how each ends."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from cli.main import app
from order_store import AuditEntry, Database, Dispute, PrivacyRequest, Refund, Repair, Rma, Ticket
from tests.casework.desk import a_dispute, a_return, a_warranty_repair, arrived, say_yes, step
from tests.casework.orders import EMAIL, open_shops, tell, told
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
    assert "possible now: accept, accept_in_part, reject" in done(desk("rma", "inspect", number.lower()))
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
    assert "refund is not possible; possible now: cancel, expire, send" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("rma", "sent", "RMA-0000-000-001"), "there is no RMA of the number 'RMA-0000-000-001'"),
        (("rma", "cancel", "NUMBER", "--why", "she asked for it"), "--why: write one word"),
        (("rma", "cancel", "NUMBER", "--by", "mara@example.com"), "--by: write one word"),
        (("rma", "receive", "NUMBER", "--quantity", "3"), "3 pieces came, but 2 of 2 are still missing"),
        (("rma", "sent", "NUMBER", "--at", "yesterday"), "--at: expected an instant with an offset"),
        (("refund", "paid", "7"), "there is no refund 7"),
        (("stock", "out", "nowhere", "K-1"), "there is no shop 'nowhere'"),
        (("stock", "shipped", "QC-9"), "there is no order 'QC-9'"),
        (("repair", "receive", "QC-1001"), "several shops (quill, workshop): say which with --shop"),
        (("repair", "receive", "QC-1001", "--shop", "quill", "--line", "2"), "QC-1001 has 1 lines"),
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
        dialogues.executemany("INSERT INTO events VALUES (?, ?)", [("c1", EMAIL), ("c2", "bo@example.com")])
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
    with closing(sqlite3.connect(tmp_path / "conversations.db")) as dialogues:
        assert dialogues.execute("SELECT sender_id FROM events").fetchall() == [("c2",)]
    assert EMAIL.encode() not in (tmp_path / "conversations.db").read_bytes()


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


DESK = ("dispute", "privacy", "refund", "repair", "rma", "stock", "ticket")


def test_every_command_of_the_desk_is_documented() -> None:
    page = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
    groups = {group.name: group.typer_instance for group in app.registered_groups if group.name in DESK}
    assert set(groups) == set(DESK)
    for name, group in groups.items():
        for command in group.registered_commands:
            told_as = command.name or getattr(command.callback, "__name__", "")
            assert f"aftercare {name} {told_as}" in page
