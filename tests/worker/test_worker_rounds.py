"""The worker's jobs: each in its rhythm, none in another's way, every one by the shop's clock."""

import logging
import threading
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework import reminders
from casework.picture_files import PictureFolder
from order_store import Database, Letter, Rma, StoreUnavailable, outbox
from tests.casework.letters import CONFIRMED, a_store_rma, in_days
from tests.casework.orders import NOW, a_line, open_shops, tell, the_line, told
from tests.worker.conftest import Machine, a_worker
from worker.folder import FolderMailbox
from worker.rounds import Round, expire, go_round, plan_reminders, sweep


def test_a_round_goes_on_as_long_as_there_is_more_and_the_others_get_their_turn() -> None:
    stopping, ran = threading.Event(), []

    def first() -> bool:
        ran.append("first")
        return len(ran) < 6

    def second() -> bool:
        ran.append("second")
        if ran.count("second") == 3:
            stopping.set()
        return True

    go_round([Round("first", 60, first), Round("second", 60, second)], stopping)
    assert ran == ["first", "second"] * 3


def test_a_round_that_fails_is_told_without_its_words_and_tried_again_in_its_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stopping, ran = threading.Event(), []

    def away() -> bool:
        raise StoreUnavailable("the store is busy; try again")

    def faulty() -> bool:
        ran.append("faulty")
        if len(ran) == 2:
            stopping.set()
        raise LookupError("Ada Fenn")

    with caplog.at_level(logging.INFO):
        go_round([Round("away", 60, away), Round("faulty", 0.01, faulty)], stopping)
    assert ran == ["faulty", "faulty"]
    assert "away: the store is busy; try again" in caplog.text
    assert "faulty failed: LookupError at rounds.py:" in caplog.text
    assert "Ada" not in caplog.text


def test_told_to_stop_it_begins_nothing_more() -> None:
    stopping, ran = threading.Event(), []

    def last() -> bool:
        ran.append("last")
        stopping.set()
        return True

    go_round([Round("last", 1, last), Round("never", 1, lambda: bool(ran.append("never")))], stopping)
    assert ran == ["last"]


def test_a_reminder_is_planned_and_sent_and_one_met_meanwhile_is_withdrawn(
    database: Database, tmp_path: Path, machine: Machine
) -> None:
    open_shops(database)
    tell(database, told(), told(shop="bazaar", **CONFIRMED))
    a_store_rma(database)
    with database.write() as session:
        reminders.remind_me(session, the_line(session), "rma", NOW)
        reminders.remind_me(session, the_line(session, shop="bazaar"), "protection", NOW)
    now = in_days(8)
    while plan_reminders(database, now):
        pass
    worker = a_worker(database, FolderMailbox(tmp_path / "mail"), machine, business=lambda: now)
    assert worker.deliver_one()
    assert not worker.deliver_one()
    now = in_days(27)
    while plan_reminders(database, now):
        pass
    with database.write() as session:
        session.get_one(Rma, 1).handed_over_at = now
    assert worker.deliver_one()
    with database.read() as session:
        states = {letter.kind: letter.state for letter in outbox.letters(session, "sent", "withdrawn")}
        assert session.get_one(Letter, 2).last_error == "met_or_over"
    assert states == {"protection_reminder": "sent", "rma_reminder": "withdrawn"}
    assert len(list((tmp_path / "mail").iterdir())) == 1


def test_what_a_day_that_passes_brings_about_is_done(sqlite_database: Database, tmp_path: Path) -> None:
    open_shops(sqlite_database)
    tell(sqlite_database, told())
    a_store_rma(sqlite_database)
    last = in_days(30)
    sweep(sqlite_database, last)
    assert _decision(sqlite_database) == "approved"
    sweep(sqlite_database, last + timedelta(days=1))
    assert _decision(sqlite_database) == "expired"
    assert not sweep(sqlite_database, last + timedelta(days=2))
    assert not expire(sqlite_database, PictureFolder(tmp_path / "pictures"), last)


def test_a_row_that_cannot_be_settled_is_logged_by_its_place_and_the_others_go_on(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    two_awaited(database)
    with database.write() as session:
        session.get_one(Rma, 1).facts = {"reason": "Ada Fenn told us"}
    with caplog.at_level(logging.INFO):
        assert not sweep(database, in_days(31))
    assert [_decision(database, number) for number in (1, 2)] == ["approved", "expired"]
    assert "sweeping what is to be expired: row 1 skipped: ValueError at " in caplog.text
    assert "swept: 1 expired, 0 lapsed" in caplog.text
    assert "Ada" not in caplog.text


def test_each_row_is_settled_in_a_transaction_of_its_own_and_a_look_locks_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_awaited(database)
    begun = []
    write = Database.write

    def counted(store: Database) -> AbstractContextManager[Session]:
        begun.append("write")
        return write(store)

    monkeypatch.setattr(Database, "write", counted)
    sweep(database, in_days(29))
    assert begun == []
    sweep(database, in_days(31))
    assert begun == ["write", "write"]


@pytest.mark.parametrize(("refused", "left"), [({1}, ["approved", "expired"]), ({1, 2}, ["approved", "approved"])])
def test_one_row_that_is_held_too_long_is_skipped_and_a_store_that_is_away_ends_the_round(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, refused: set[int], left: list[str]
) -> None:
    two_awaited(sqlite_database)
    write, asked = Database.write, iter(range(1, 9))

    def sometimes(store: Database) -> AbstractContextManager[Session]:
        if next(asked) in refused:
            raise StoreUnavailable("the store is busy; try again")
        return write(store)

    monkeypatch.setattr(Database, "write", sometimes)
    with pytest.raises(StoreUnavailable) if len(refused) == 2 else nullcontext():
        sweep(sqlite_database, in_days(31))
    assert [_decision(sqlite_database, number) for number in (1, 2)] == left


def two_awaited(database: Database) -> None:
    """RMA 1 and 2, both to be sent back within 30 days."""
    open_shops(database)
    tell(database, told(lines=[a_line(), a_line(sku="K-2")]))
    a_store_rma(database)
    with database.write() as session:
        first = session.get_one(Rma, 1)
        session.add(
            Rma(
                line_id=the_line(session, position=1).id,
                programme=first.programme,
                remedy=first.remedy,
                number="RMA-TEST-2",
                reason=first.reason,
                issued_at=first.issued_at,
                decision="approved",
                facts=first.facts,
                verdict={},
                idempotency_key="rma:test:2",
            )
        )


def _decision(database: Database, number: int = 1) -> str:
    with database.read() as session:
        return session.get_one(Rma, number).decision
