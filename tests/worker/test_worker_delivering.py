"""Every letter reaches the mail server, once; what fails for now is tried again, what fails for good is listed."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from order_store import AuditEntry, Database, outbox
from tests.casework.orders import EMAIL, the_line
from tests.worker.conftest import MACHINE, RETRYING, Machine, a_worker, letter, queued, smtp, working
from tests.worker.mail_server import DROP, HANG, PAUSE, MailServer
from worker.composing import compose
from worker.delivering import Retrying
from worker.mail import Mail
from worker.smtp import SmtpMailbox, SmtpServer


def audit(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as session:
        about_letters = select(AuditEntry).where(AuditEntry.what.like("letter.%")).order_by(AuditEntry.id)
        return [(entry.what, entry.who, entry.why) for entry in session.scalars(about_letters)]


def test_a_letter_is_sent_and_marked_and_never_sent_again(
    store: Database, mail_server: MailServer, machine: Machine
) -> None:
    queued(store)
    with working(mail_server, store, machine) as worker:
        assert worker.deliver_one()
        assert not worker.deliver_one()
        machine.pass_on(days=30)
        assert not worker.deliver_one()
    (taken,) = mail_server.taken
    sent = letter(store)
    assert (taken.recipients, taken.message_id) == ([EMAIL], sent.message_id)
    assert (sent.state, sent.sent_at, sent.tries, sent.last_error) == ("sent", MACHINE, 1, None)
    assert audit(store) == [("letter.sent", "worker", "accepted")]


def test_a_letter_that_holds_no_longer_is_withdrawn_with_the_reason_and_nothing_reaches_the_server(
    store: Database, mail_server: MailServer, machine: Machine
) -> None:
    queued(store)
    with store.write() as session:
        the_line(session).stock = "in_stock"
    with working(mail_server, store, machine) as worker:
        assert worker.deliver_one()
        assert not worker.deliver_one()
    assert (letter(store).state, letter(store).last_error) == ("withdrawn", "in_stock_again")
    assert (mail_server.taken, audit(store)) == ([], [("letter.withdrawn", "worker", "in_stock_again")])


def test_letters_share_a_connection_and_it_is_closed_when_there_are_no_more(
    sqlite_store: Database, mail_server: MailServer, machine: Machine
) -> None:
    queued(sqlite_store, 5)
    with working(mail_server, sqlite_store, machine) as worker:
        while worker.deliver_one():
            pass
        assert (len(mail_server.taken), mail_server.connections) == (5, 1)
        assert len(queued(sqlite_store, 6)) == 6
        assert worker.deliver_one()
    assert (len(mail_server.taken), mail_server.connections) == (6, 2)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("mail", "421 closing down"),
        ("mail", "550 your domain is not known here"),  # the shop's own address: a setting to mend
        ("rcpt", "451 4.3.0 try again later"),
        ("rcpt", "552 mailbox full"),  # RFC 5321, 4.5.3.1.10
        ("data", "451 not now"),
        ("letter", "452 disk full"),
        ("mail", DROP),
        ("rcpt", DROP),
        ("data", DROP),
        ("middle", DROP),
        ("rcpt", HANG),
        ("middle", HANG),
        ("letter", HANG),
    ],
)
def test_what_fails_for_now_is_tried_again_with_the_same_message_id(
    store: Database, mail_server: MailServer, machine: Machine, step: str, answer: str
) -> None:
    queued(store)
    mail_server.answers[step].append(answer)
    with working(mail_server, store, machine, to_talk=0.5, for_the_yes=0.5) as worker:
        assert worker.deliver_one()
        waiting = letter(store)
        assert (waiting.state, waiting.tries, mail_server.taken) == ("waiting", 1, [])
        assert waiting.last_error
        assert 5 <= (waiting.due_at - MACHINE).total_seconds() <= 10
        assert not worker.deliver_one()
        machine.pass_on(seconds=10)
        assert worker.deliver_one()
    (taken,) = mail_server.taken
    assert taken.message_id == waiting.message_id == letter(store).message_id
    assert (letter(store).state, letter(store).tries) == ("sent", 2)


def test_a_server_that_is_not_there_is_tried_again(store: Database, mail_server: MailServer, machine: Machine) -> None:
    queued(store)
    nobody = MailServer()
    with nobody.listening():
        pass  # its port is free again
    assert a_worker(store, smtp(nobody), machine).deliver_one()
    assert letter(store).state == "waiting"
    assert "refused" in (letter(store).last_error or "").lower()
    machine.pass_on(seconds=10)
    assert a_worker(store, smtp(mail_server), machine).deliver_one()
    assert letter(store).state == "sent"


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("rcpt", "550 5.1.1 <ada.fenn@example.com>: no such user"),
        ("data", "554 no"),
        ("letter", "554 5.7.1 looks like spam"),
    ],
)
def test_what_is_refused_for_good_goes_dead_at_once_with_the_reason_and_no_address(
    store: Database, mail_server: MailServer, machine: Machine, step: str, answer: str
) -> None:
    queued(store, 2)
    mail_server.answers[step].append(answer)
    with working(mail_server, store, machine) as worker:
        assert worker.deliver_one()
        dead = letter(store)
        assert (dead.state, dead.tries) == ("dead", 1)
        assert (dead.last_error or "").startswith(answer[:3])
        assert "@" not in (dead.last_error or "")
        assert worker.deliver_one()  # the others go on
        assert not worker.deliver_one()
    assert letter(store, 2).state == "sent"
    assert audit(store)[0] == ("letter.dead", "worker", "not_deliverable")


def test_a_letter_is_given_up_after_its_last_try_and_goes_out_once_it_is_put_back(
    store: Database, mail_server: MailServer, machine: Machine
) -> None:
    queued(store)
    mail_server.answers["rcpt"].extend(["450 not yet"] * 3)
    with working(mail_server, store, machine) as worker:
        pauses = []
        for _ in range(RETRYING.tries):
            assert worker.deliver_one()
            pauses.append((letter(store).due_at - machine.now).total_seconds())
            machine.pass_on(minutes=2)
        assert letter(store).state == "dead"
        assert not worker.deliver_one()
        assert 10 <= pauses[1] <= 20
        with store.write() as session:
            assert outbox.retry(session, None, MACHINE, "cli") == [1]
        assert worker.deliver_one()
    assert (letter(store).state, letter(store).tries, len(mail_server.taken)) == ("sent", 1, 1)
    assert [what for what, _, _ in audit(store)] == ["letter.dead", "letter.retried", "letter.sent"]


def test_pauses_double_up_to_the_longest_and_no_two_need_be_alike() -> None:
    retrying = Retrying()
    for tries, most in ((1, 10), (2, 20), (5, 160), (12, 20480), (13, 21600), (400, 21600)):
        pauses = {retrying.pause(tries).total_seconds() for _ in range(50)}
        assert most / 2 <= min(pauses) < max(pauses) <= most


def test_a_connection_that_breaks_after_the_yes_breaks_nothing(
    store: Database, mail_server: MailServer, machine: Machine
) -> None:
    queued(store, 3)
    mail_server.answers["after"].extend([DROP] * 3)
    with working(mail_server, store, machine) as worker:
        while worker.deliver_one():
            pass
    assert [taken.message_id for taken in mail_server.taken] == [letter(store, each).message_id for each in (1, 2, 3)]


def test_a_yes_that_is_lost_on_its_way_leads_to_the_same_message_id_again(
    store: Database, mail_server: MailServer, machine: Machine
) -> None:
    queued(store)
    mail_server.answers["letter"].append(DROP)
    with working(mail_server, store, machine) as worker:
        assert worker.deliver_one()
        assert (letter(store).state, len(mail_server.taken)) == ("waiting", 1)
        machine.pass_on(seconds=10)
        assert worker.deliver_one()
    assert {taken.message_id for taken in mail_server.taken} == {letter(store).message_id}
    assert (letter(store).state, len(mail_server.taken)) == ("sent", 2)


def test_a_clock_of_the_shop_that_stands_still_stops_no_post(
    sqlite_store: Database, mail_server: MailServer, machine: Machine
) -> None:
    queued(sqlite_store)
    mail_server.answers["rcpt"].append("450 not yet")
    with working(mail_server, sqlite_store, machine) as worker:
        assert worker.deliver_one()
        machine.pass_on(minutes=1)
        assert worker.deliver_one()
    assert letter(sqlite_store).state == "sent"
    assert mail_server.taken[0].message["Date"] == "Tue, 10 Mar 2026 09:30:00 +0000"


def test_what_a_dead_worker_had_claimed_comes_due_when_its_claim_ends(
    store: Database, mail_server: MailServer, machine: Machine
) -> None:
    queued(store)
    mailbox = smtp(mail_server)
    with store.write() as session:
        assert outbox.claim(session, "a worker that dies", machine.now, machine.now + mailbox.lease) is not None
    worker = a_worker(store, mailbox, machine)
    assert not worker.deliver_one()
    machine.now += mailbox.lease
    assert worker.deliver_one()
    assert (letter(store).state, letter(store).tries, len(mail_server.taken)) == ("sent", 2, 1)


def test_a_letter_that_kills_every_worker_is_given_up(
    store: Database, mail_server: MailServer, machine: Machine
) -> None:
    queued(store)
    for _ in range(RETRYING.tries):
        with store.write() as session:
            assert outbox.claim(session, "a worker that dies", machine.now, machine.now) is not None
    assert a_worker(store, smtp(mail_server), machine).deliver_one()
    assert (letter(store).state, mail_server.taken) == ("dead", [])


def test_a_letter_that_cannot_be_made_holds_up_no_other_and_its_reason_names_a_place_in_the_code_alone(
    store: Database, mail_server: MailServer, machine: Machine
) -> None:
    queued(store, 2)
    with store.write() as session:
        outbox.letters(session, "waiting")[0].variables = {"line": 999}
    with working(mail_server, store, machine) as worker:
        while worker.deliver_one():
            pass
    assert (letter(store, 1).state, letter(store, 2).state) == ("waiting", "sent")
    assert "NoResultFound at " in (letter(store).last_error or "")


def test_a_letter_that_is_out_is_noted_as_soon_as_the_store_can_be_told(
    sqlite_store: Database, mail_server: MailServer, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(sqlite_store)
    mail_server.answers["letter"].append(PAUSE)
    monkeypatch.setattr("order_store.connecting.WAIT_SECONDS", 0.05)
    impatient = Database(sqlite_store.engine.url.render_as_string())
    thread = threading.Thread(target=a_worker(impatient, smtp(mail_server), machine).deliver_one)
    thread.start()
    assert mail_server.reached["letter"].wait(10)
    with sqlite_store.write():
        mail_server.released.set()
        thread.join(1)
        assert thread.is_alive()
        assert letter(sqlite_store).state == "waiting"
    thread.join(10)
    impatient.dispose()
    assert (letter(sqlite_store).state, len(mail_server.taken)) == ("sent", 1)


def test_a_claim_is_renewed_for_as_long_as_the_server_takes(store: Database, mail_server: MailServer) -> None:
    queued(store)
    mail_server.answers["letter"].append(PAUSE)

    class Hasty(SmtpMailbox):
        lease = timedelta(seconds=0.3)

    slow = Hasty(SmtpServer("127.0.0.1", mail_server.port, "none"))
    thread = threading.Thread(target=a_worker(store, slow, partial(datetime.now, UTC)).deliver_one)
    thread.start()
    assert mail_server.reached["letter"].wait(10)
    first = letter(store).due_at
    other = a_worker(store, smtp(mail_server), partial(datetime.now, UTC))
    while letter(store).due_at < first + timedelta(seconds=0.6):
        assert not other.deliver_one()
    mail_server.released.set()
    thread.join(10)
    assert (letter(store).state, letter(store).tries, len(mail_server.taken)) == ("sent", 1, 1)


def test_a_worker_that_overslept_its_claim_leaves_the_letter_to_the_next(
    store: Database, mail_server: MailServer, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(store)
    composing = "worker.delivering.compose"
    made = []

    def overslept(*arguments: Any) -> Mail:
        made.append(compose(*arguments))
        machine.pass_on(hours=1)
        return made[-1]

    monkeypatch.setattr(composing, overslept)
    assert a_worker(store, smtp(mail_server), machine).deliver_one()
    assert mail_server.taken == []
    monkeypatch.setattr(composing, compose)
    assert a_worker(store, smtp(mail_server), machine).deliver_one()
    assert [taken.message_id for taken in mail_server.taken] == [made[0].message_id]


@pytest.mark.parametrize("workers", [4])
def test_four_workers_send_two_hundred_letters_once_each(
    store: Database, mail_server: MailServer, workers: int
) -> None:
    ids = queued(store, 200)

    def work() -> None:
        mailbox = smtp(mail_server)
        worker = a_worker(store, mailbox, partial(datetime.now, UTC))
        while worker.deliver_one():
            pass
        mailbox.rest()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = Counter(taken.message_id for taken in mail_server.taken)
    with store.read() as session:
        letters = outbox.letters(session, "sent", most=500)
    assert sorted(each.id for each in letters) == ids
    assert sent == Counter(each.message_id for each in letters)
    assert {each.tries for each in letters} == {1}
