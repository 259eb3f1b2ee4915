"""`aftercare mail`: what waits, what was given up and why, and another try for it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from casework import reminders
from cli.main import app
from order_store import AuditEntry, Database, outbox
from tests.casework.orders import NOW, open_shops, tell, the_line, told

MACHINE = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Three letters: one sent, one waiting after a failure, one given up."""
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", sqlite_database.engine.url.render_as_string())
    monkeypatch.setenv("COLUMNS", "200")
    open_shops(sqlite_database)
    tell(sqlite_database, told())
    for number in range(3):
        with sqlite_database.write() as session:
            line = the_line(session)
            outbox.queue(
                session,
                shop=line.order.shop,
                kind="rma_issued",
                key=f"test:{number}",
                now=NOW,
                customer_id=line.order.customer_id,
                variables={"rma": 1},
            )
        with sqlite_database.write() as session:
            letter = outbox.claim(session, "worker", MACHINE, MACHINE + timedelta(minutes=1))
            assert letter is not None
            if number == 0:
                outbox.mark_sent(session, letter, MACHINE, NOW)
            elif number == 1:
                outbox.put_off(session, letter, MACHINE + timedelta(minutes=7), "451 try later")
            else:
                outbox.mark_dead(session, letter, "550 <ada.fenn@example.com> unknown [red]", NOW)
    return sqlite_database


def mail(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["mail", *arguments])
    return done.exit_code, done.output


def test_what_waits_is_listed_with_its_next_try(store: Database) -> None:
    code, output = mail("list")
    assert code == 0
    assert "451 try later" in output
    assert "2026-03-20 12:07" in output
    assert "550" not in output
    assert [word for word in output.split() if word in {"waiting", "sent", "dead", "withdrawn"}]


def test_what_was_given_up_is_listed_with_its_reason_and_nobody_s_address(store: Database) -> None:
    code, output = mail("dead")
    assert code == 0
    assert "550 <(address)> unknown [red]" in output
    assert "@" not in output
    assert "451" not in output


def test_a_letter_given_up_is_put_back(store: Database) -> None:
    assert mail("retry", "3") == (0, "1 put back: 3\n")
    assert mail("dead") == (0, "No letter was given up.\n")
    with store.read() as session:
        assert outbox.count_letters(session) == {"sent": 1, "waiting": 2}


def test_a_number_no_letter_can_have_is_refused_without_a_traceback(store: Database) -> None:
    code, output = mail("retry", "99999999999999999999")
    assert code == 2
    assert "should be less than or equal to 9223372036854775807" in output
    assert "Traceback" not in output
    assert mail("retry", "9223372036854775807")[0] == 1


def test_who_replied_that_they_want_no_more_reminders_gets_none(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERCARE_ENV", "test")
    monkeypatch.setenv("AFTERCARE_CLOCK", NOW.isoformat())
    tell(store, told(shop="bazaar", receipt_confirmed_at="2026-03-05T12:00:00-05:00"))
    with store.write() as session:
        assert reminders.remind_me(session, the_line(session, shop="bazaar"), "protection", NOW) is not None
    stop = ("stop-reminding", "QC-1001", "--shop", "bazaar")
    assert mail(*stop, "--by", "mara") == (0, "QC-1001, line 1: no more reminders (protection)\n")
    assert mail(*stop) == (1, "QC-1001, line 1: its customer asked for no reminder\n")
    with store.read() as session:
        ended = session.scalars(select(AuditEntry).where(AuditEntry.what == "reminder.ended")).one()
    assert (ended.who, ended.why) == ("shop:mara", "stopped")


def test_all_of_them_are_put_back(store: Database) -> None:
    assert mail("retry", "--all") == (0, "1 put back: 3\n")
    assert mail("retry", "--all") == (0, "0 put back\n")


def test_a_letter_that_was_not_given_up_is_said_not_to_be(store: Database) -> None:
    code, output = mail("retry", "1", "3", "77")
    assert code == 1
    assert "1 put back: 3" in output
    assert "not among those given up: 1, 77" in output


@pytest.mark.parametrize("arguments", [(), ("3", "--all")])
def test_which_letters_has_to_be_said(store: Database, arguments: tuple[str, ...]) -> None:
    code, output = mail("retry", *arguments)
    assert code == 2
    assert "or say --all" in output


def test_a_store_that_cannot_be_reached_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("nothing like a database " * 100)
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    code, output = mail("list")
    assert code == 2
    assert "not a database" in " ".join(output.split())
