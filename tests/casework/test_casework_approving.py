"""Where the shop approves by hand: a yes waits in one ticket, and a person's yes is judged as of that day."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from casework import approving
from casework.acting import DeskError
from casework.dossier import Dossier
from casework.granted import Granted
from casework.granting import NoLongerOpenError, grant
from casework.tickets import open_ticket
from order_store import AuditEntry, Database, ImpossibleTransition, Rma, Ticket, history
from policy_core import RemedyName
from tests.casework.desk import at_desk, counted, letters, rma, states
from tests.casework.orders import NOW, ON_ITS_WAY, a_dossier, line_of, tell, told


def ask(shops: Database, key: str = "c1:1", remedy: str = "return_refund", **slots: Any) -> str:
    """A customer's yes, handed to a person as the bot does it; gives the ticket's number."""
    said = {"reason": "change_of_mind", "remedy": remedy} | slots
    dossier = a_dossier("return_item", shop="workshop", **said)
    with shops.write() as session:
        line = line_of(session, dossier)
        granted = grant(session, dossier, line, RemedyName(remedy), NOW, key)
        assert granted.kind == "person"
        return open_ticket(
            session, dossier, why=f"approve_{remedy}", now=NOW, key=key, line=line, judged=granted.judged
        ).number


def approve(shops: Database, number: int = 1, remedy: RemedyName | None = None, **options: Any) -> Granted:
    with at_desk(shops, **options) as acting:
        return approving.approve(acting, acting.session.get_one(Ticket, number), remedy)


@pytest.fixture
def waiting(shops: Database) -> Database:
    """Ticket 1: a return that waits for approval."""
    tell(shops, told(shop="workshop"))
    ask(shops)
    return shops


def test_a_person_s_yes_issues_the_rma_and_closes_the_ticket(waiting: Database) -> None:
    granted = approve(waiting, who="shop:mara")
    assert (granted.kind, granted.again, granted.number) == ("rma", False, rma(waiting).number)
    assert states(rma(waiting)) == ("awaited", "approved", "none", "open")
    assert letters(waiting) == ["rma_issued"]
    with waiting.read() as session:
        ticket = session.get_one(Ticket, 1)
        assert (ticket.course, ticket.closed_at, ticket.remedy) == ("approved", NOW, "return_refund")
        whos = [(entry.what, entry.who) for entry in history(session, session.get_one(Rma, 1))]
    assert whos == [("rma.issued", "shop:mara"), ("rma.approve", "shop:mara")]


def test_a_ticket_keeps_how_many_pieces_were_meant(shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    ask(shops, pieces=1)
    assert approve(shops).pieces == 1
    assert rma(shops).quantity == 1


def test_saying_it_again_finds_the_ticket_that_waits(waiting: Database) -> None:
    numbers = {ask(waiting, key) for key in ("c1:1", "c1:2", "c7:1")}
    assert len(numbers) == 1
    assert counted(waiting, Ticket) == 1


def test_another_remedy_is_another_ticket(shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    first = ask(shops, reason="wrong_item")
    assert ask(shops, "c1:2", "exchange", reason="wrong_item") != first


def test_after_it_was_declined_it_can_be_asked_for_again(waiting: Database) -> None:
    with at_desk(waiting) as acting:
        approving.decline(acting, acting.session.get_one(Ticket, 1), "ST-M3")
    ask(waiting, "c1:2")
    assert counted(waiting, Ticket) == 2
    with waiting.read() as session:
        assert session.get_one(Ticket, 1).course == "declined"


def test_at_the_same_time_one_ticket_is_opened(shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    start, numbers = threading.Barrier(3), []

    def say(key: int) -> None:
        start.wait()
        numbers.append(ask(shops, f"c{key}:1"))

    threads = [threading.Thread(target=say, args=(key,)) for key in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 3
    assert len(set(numbers)) == 1


def test_what_closed_meanwhile_is_not_approved_and_the_ticket_still_waits(waiting: Database) -> None:
    with waiting.write() as session:
        shop = session.get_one(Ticket, 1).shop
        shop.parameters = {"change_of_mind_days": 3}
    with pytest.raises(NoLongerOpenError):
        approve(waiting, now=NOW + timedelta(days=5))
    assert counted(waiting, Rma) == 0
    with waiting.read() as session:
        assert session.get_one(Ticket, 1).course == "waiting"


def test_a_ticket_is_approved_once(waiting: Database) -> None:
    approve(waiting)
    with pytest.raises(ImpossibleTransition, match="approve is not possible; nothing can happen to it any more"):
        approve(waiting)
    assert counted(waiting, Rma) == 1


def test_a_ticket_that_does_not_say_which_remedy_is_asked_for_it(shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    dossier = a_dossier("report_wrong_item", shop="workshop")
    with shops.write() as session:
        line = line_of(session, dossier)
        judged = dossier.judge(session, line, NOW)
        open_ticket(session, dossier, why="asked_for_person", now=NOW, key="c1:1", line=line, judged=judged)
    with pytest.raises(DeskError, match="open now: return_refund, exchange; name one"):
        approve(shops)
    assert approve(shops, remedy=RemedyName.EXCHANGE).kind == "rma"
    assert rma(shops).remedy == "exchange"


def test_a_ticket_about_no_order_grants_nothing(shops: Database) -> None:
    with shops.write() as session:
        open_ticket(
            session, Dossier.from_slots({}, a_dossier("rma").asker), why="asked_for_person", now=NOW, key="c1:1"
        )
    with pytest.raises(DeskError, match="about no order line"):
        approve(shops)


def test_what_is_no_return_is_approved_too(shops: Database) -> None:
    tell(shops, told(shop="workshop", shipments=[]))
    dossier = a_dossier("cancel_order", shop="workshop", remedy="cancel")
    with shops.write() as session:
        line = line_of(session, dossier)
        judged = dossier.judge(session, line, NOW)
        open_ticket(session, dossier, why="approve_cancel", now=NOW, key="c1:1", line=line, judged=judged)
    granted = approve(shops)
    assert (granted.kind, granted.refund) == ("cancellation", ("79.80", "EUR"))


def test_a_ticket_somebody_settled_by_hand_is_closed(waiting: Database) -> None:
    with at_desk(waiting) as acting:
        approving.answer(acting, acting.session.get_one(Ticket, 1))
    with waiting.read() as session:
        assert session.get_one(Ticket, 1).course == "answered"
        assert session.get_one(AuditEntry, session.query(AuditEntry).count()).what == "ticket.answer"


def test_a_return_on_its_way_when_it_was_asked_for_is_judged_on_the_present_facts(shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    ask(shops)
    tell(shops, told(shop="workshop", shipments=[ON_ITS_WAY]))
    with pytest.raises(NoLongerOpenError):
        approve(shops)


def test_who_asked_for_a_person_can_be_given_all_that_is_open(shops: Database) -> None:
    tell(shops, told(shop="workshop"))
    dossier = a_dossier("human_handoff", shop="workshop", reason="wrong_item")
    with shops.write() as session:
        line = line_of(session, dossier)
        judged = dossier.judge(session, line, NOW)
        assert judged.open == ()
        open_ticket(session, dossier, why="asked_for_person", now=NOW, key="c1:1", line=line, judged=judged)
    with pytest.raises(DeskError, match=r"open now: .*return_refund.*name one"):
        approve(shops)
    assert approve(shops, remedy=RemedyName.EXCHANGE).kind == "rma"


def test_a_reason_does_not_open_what_the_policy_refuses(waiting: Database) -> None:
    with waiting.write() as session:
        session.get_one(Ticket, 1).shop.parameters = {"change_of_mind_days": 3}
    with pytest.raises(NoLongerOpenError), at_desk(waiting, NOW + timedelta(days=5)) as acting:
        approving.approve(acting, acting.session.get_one(Ticket, 1), RemedyName.RETURN_REFUND, "goodwill")
