"""A reminder goes out three days before the deadline of that day, once, to who asked for it and can still miss it."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import reminders
from casework.acting import Acting
from casework.returns import send
from order_store import AuditEntry, Cancellation, Database, Dispute, Letter, Line, Reminder, Rma, Shop
from tests.casework.letters import CONFIRMED, a_store_rma, an_rma, granted, letters
from tests.casework.orders import NOW, a_line, tell, the_line, told

# Each kind with its shop, the last day it reminds of, and the local midnight three days before as the tests' UTC.
KINDS: dict[str, tuple[str, date, datetime]] = {
    "rma": ("quill", date(2026, 4, 9), datetime(2026, 4, 5, 22, 0, tzinfo=UTC)),
    "ship_by": ("voltaic", date(2026, 3, 17), datetime(2026, 3, 13, 16, 0, tzinfo=UTC)),
    "protection": ("bazaar", date(2026, 3, 20), datetime(2026, 3, 17, 4, 0, tzinfo=UTC)),
}


def under_way(database: Database, kind: str) -> str:
    """The kind's deadline runs; gives the key of its shop."""
    shop = KINDS[kind][0]
    tell(database, told(shop=shop, **(CONFIRMED if kind == "protection" else {})))
    if kind == "rma":
        a_store_rma(database)
    elif kind == "ship_by":
        an_rma(database)
    return shop


def remind_me(database: Database, kind: Any, now: datetime = NOW) -> date | None:
    with database.write() as session:
        return reminders.remind_me(session, the_line(session, shop=KINDS[kind][0]), kind, now)


def plan(database: Database, now: datetime) -> None:
    """All that is due as of `now`."""
    while True:
        with database.write() as session:
            if not reminders.plan_due(session, now):
                return


def reminded(database: Database) -> list[str]:
    """The last days letters were queued for."""
    return [letter.variables["last_day"] for letter in letters(database) if letter.kind.endswith("_reminder")]


@pytest.mark.parametrize("kind", KINDS)
def test_it_goes_out_at_the_start_of_the_third_day_before_in_the_shop_s_zone(shops: Database, kind: str) -> None:
    _, last_day, begins = KINDS[kind]
    under_way(shops, kind)
    assert remind_me(shops, kind) == last_day - timedelta(days=3)
    plan(shops, NOW)
    plan(shops, begins - timedelta(microseconds=1))
    assert reminded(shops) == []
    plan(shops, begins)
    assert reminded(shops) == [last_day.isoformat()]
    for hours in (1, 25, 49, 500):
        plan(shops, begins + timedelta(hours=hours))
    assert reminded(shops) == [last_day.isoformat()]
    with shops.read() as session:
        assert session.scalars(select(Reminder.ended_because)).all() == ["met_or_over"]


@pytest.mark.parametrize("kind", KINDS)
def test_asking_twice_is_asking_once(shops: Database, kind: str) -> None:
    under_way(shops, kind)
    assert remind_me(shops, kind) == remind_me(shops, kind, NOW + timedelta(hours=1))
    with shops.read() as session:
        (wish,) = session.scalars(select(Reminder)).all()
        asked = session.scalars(select(AuditEntry).where(AuditEntry.what == "reminder.asked")).all()
    assert wish.asked_at == NOW
    assert [(entry.who, entry.details) for entry in asked] == [("customer", {"line": wish.line_id, "kind": kind})]


def test_asked_by_many_at_once_it_is_one_wish(shops: Database) -> None:
    under_way(shops, "protection")
    days: list[date | None] = []
    threads = [threading.Thread(target=lambda: days.append(remind_me(shops, "protection"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert days == [date(2026, 3, 17)] * 8
    with shops.read() as session:
        assert len(session.scalars(select(Reminder)).all()) == 1


def test_planned_by_many_at_once_it_is_one_letter(shops: Database) -> None:
    under_way(shops, "protection")
    remind_me(shops, "protection")
    threads = [threading.Thread(target=plan, args=(shops, KINDS["protection"][2])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reminded(shops)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_with_less_than_three_days_left_there_is_nothing_to_be_reminded_of(sqlite_shops: Database, kind: str) -> None:
    begins = KINDS[kind][2]
    under_way(sqlite_shops, kind)
    assert remind_me(sqlite_shops, kind, begins + timedelta(days=1)) is None
    assert remind_me(sqlite_shops, kind, begins + timedelta(days=1, microseconds=-1)) is not None


def test_where_no_deadline_runs_there_is_nothing_to_be_reminded_of(sqlite_shops: Database) -> None:
    tell(sqlite_shops, *(told(shop=shop) for shop, _, _ in KINDS.values()))
    assert [remind_me(sqlite_shops, kind) for kind in KINDS] == [None, None, None]  # no RMA; no end stored yet
    granted(sqlite_shops, "quill", "return_item", "return_refund", reason="change_of_mind")
    assert remind_me(sqlite_shops, "rma") is None  # an RMA without a last day


def _sent(session: Session, line: Line, at: datetime) -> None:
    send(Acting(session, at, "customer"), session.scalars(select(Rma)).one(), carrier="Parcel Post", tracking="PP1")


def _received(session: Session, line: Line, at: datetime) -> None:
    session.scalars(select(Rma)).one().received_at = at


def _closed(session: Session, line: Line, at: datetime) -> None:
    session.scalars(select(Rma)).one().closed_at = at


def _disputed(session: Session, line: Line, at: datetime) -> None:
    session.add(
        Dispute(
            line_id=line.id,
            number="DSP-TEST",
            reason="defective",
            opened_at=at,
            facts={},
            verdict={},
            idempotency_key="dispute:test",
        )
    )


def _cancelled(session: Session, line: Line, at: datetime) -> None:
    session.add(Cancellation(line_id=line.id, cancelled_at=at, facts={}, verdict={}, idempotency_key="cancel:test"))


MET: list[tuple[str, Callable[[Session, Line, datetime], None]]] = [
    ("rma", _sent),
    ("rma", _received),
    ("rma", _closed),
    ("ship_by", _sent),
    ("ship_by", _closed),
    ("protection", _disputed),
    ("protection", _cancelled),
]


@pytest.mark.parametrize(("kind", "met"), MET)
def test_who_has_met_the_deadline_is_not_reminded(
    sqlite_shops: Database, kind: str, met: Callable[[Session, Line, datetime], None]
) -> None:
    shop = under_way(sqlite_shops, kind)
    remind_me(sqlite_shops, kind)
    with sqlite_shops.write() as session:
        met(session, the_line(session, shop=shop), NOW + timedelta(hours=1))
    plan(sqlite_shops, KINDS[kind][2])
    assert reminded(sqlite_shops) == []


@pytest.mark.parametrize(("kind", "met"), MET)
def test_who_has_met_it_after_the_letter_was_queued_does_not_get_it(
    sqlite_shops: Database, kind: str, met: Callable[[Session, Line, datetime], None]
) -> None:
    shop, _, begins = KINDS[kind]
    under_way(sqlite_shops, kind)
    remind_me(sqlite_shops, kind)
    plan(sqlite_shops, begins)
    assert _obsolete(sqlite_shops, begins) is None
    with sqlite_shops.write() as session:
        met(session, the_line(session, shop=shop), begins)
    assert _obsolete(sqlite_shops, begins) == "met_or_over"


def _obsolete(database: Database, now: datetime) -> str | None:
    with database.read() as session:
        letter = session.scalars(select(Letter).where(Letter.kind.like("%_reminder"))).one()
        return reminders.obsolete(session, letter, now)


def test_a_letter_that_comes_too_late_is_not_sent(sqlite_shops: Database) -> None:
    under_way(sqlite_shops, "protection")
    remind_me(sqlite_shops, "protection")
    plan(sqlite_shops, KINDS["protection"][2])
    ends = datetime(2026, 3, 21, 3, 59, 59, 999999, tzinfo=UTC)
    assert _obsolete(sqlite_shops, ends) is None
    assert _obsolete(sqlite_shops, ends + timedelta(microseconds=1)) == "met_or_over"


def test_a_deadline_that_moves_away_is_reminded_of_on_its_new_day(sqlite_shops: Database) -> None:
    under_way(sqlite_shops, "protection")
    remind_me(sqlite_shops, "protection")
    _set_days(sqlite_shops, 25)
    plan(sqlite_shops, KINDS["protection"][2])
    assert reminded(sqlite_shops) == []
    plan(sqlite_shops, KINDS["protection"][2] + timedelta(days=10))
    assert reminded(sqlite_shops) == ["2026-03-30"]


def test_one_that_moves_after_its_letter_was_queued_has_another_and_the_first_is_not_sent(
    sqlite_shops: Database,
) -> None:
    under_way(sqlite_shops, "protection")
    remind_me(sqlite_shops, "protection")
    begins = KINDS["protection"][2]
    plan(sqlite_shops, begins)
    _set_days(sqlite_shops, 25)
    assert _obsolete(sqlite_shops, begins) == "moved"
    plan(sqlite_shops, begins + timedelta(days=10))
    assert reminded(sqlite_shops) == ["2026-03-20", "2026-03-30"]


def test_one_that_comes_nearer_is_noticed_within_a_day(sqlite_shops: Database) -> None:
    """BP-A1: once receipt is confirmed, the end that was stored before counts no longer."""
    tell(sqlite_shops, told(shop="bazaar", protection_ends_at="2026-06-01T00:00:00Z"))
    assert remind_me(sqlite_shops, "protection") == date(2026, 5, 28)
    plan(sqlite_shops, NOW)
    tell(sqlite_shops, told(shop="bazaar", protection_ends_at="2026-06-01T00:00:00Z", **CONFIRMED))
    for day in range(1, 9):
        plan(sqlite_shops, NOW + timedelta(days=day))
    assert reminded(sqlite_shops) == ["2026-03-20"]


def test_a_protection_that_ends_at_an_instant_is_reminded_of_to_that_instant(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shop="bazaar", protection_ends_at="2026-03-20T10:00:00-04:00"))
    remind_me(sqlite_shops, "protection")
    plan(sqlite_shops, KINDS["protection"][2])
    (letter,) = letters(sqlite_shops)
    assert (letter.variables["closes_at"], letter.variables["clause"]) == ("2026-03-20T14:00:00+00:00", "BP-1")
    assert _obsolete(sqlite_shops, datetime(2026, 3, 20, 14, 0, 1, tzinfo=UTC)) == "met_or_over"


def test_who_wants_no_more_of_it_gets_none_and_can_want_it_again(shops: Database) -> None:
    shop = under_way(shops, "protection")
    begins = KINDS["protection"][2]
    remind_me(shops, "protection")

    def stop() -> bool:
        with shops.write() as session:
            return reminders.stop_reminding(session, the_line(session, shop=shop), "protection", NOW)

    assert (stop(), stop()) == (True, False)
    plan(shops, begins)
    assert reminded(shops) == []
    assert remind_me(shops, "protection", NOW + timedelta(hours=2)) is not None
    plan(shops, begins)
    assert len(reminded(shops)) == 1
    assert stop()
    assert _obsolete(shops, begins) == "stopped"


def test_who_noted_that_no_more_is_wanted_stands_in_the_audit_trail(sqlite_shops: Database) -> None:
    shop = under_way(sqlite_shops, "protection")
    remind_me(sqlite_shops, "protection")
    with sqlite_shops.write() as session:
        line = the_line(session, shop=shop)
        assert reminders.stop_reminding(session, line, "protection", NOW, "shop:mara")
        ended = session.scalars(select(AuditEntry).where(AuditEntry.what == "reminder.ended")).one()
    assert (ended.who, ended.why) == ("shop:mara", "stopped")


def test_a_second_rma_of_the_line_can_be_reminded_of_as_well(sqlite_shops: Database) -> None:
    under_way(sqlite_shops, "rma")
    remind_me(sqlite_shops, "rma")
    with sqlite_shops.write() as session:
        rma = session.scalars(select(Rma)).one()
        rma.closed_at, rma.number, rma.idempotency_key = NOW, "RMA-OLD", "rma:old"
    plan(sqlite_shops, NOW + timedelta(days=1))
    a_store_rma(sqlite_shops)
    assert remind_me(sqlite_shops, "rma", NOW + timedelta(days=2)) == date(2026, 4, 6)
    plan(sqlite_shops, KINDS["rma"][2])
    (letter,) = letters(sqlite_shops)
    assert letter.variables["rma"] == 2


def test_many_wishes_are_looked_at_a_few_at_a_time(sqlite_shops: Database) -> None:
    lines = [a_line(sku=f"K-{number}") for number in range(7)]
    tell(sqlite_shops, told(shop="bazaar", lines=lines, **CONFIRMED))
    with sqlite_shops.write() as session:
        for position in range(7):
            reminders.remind_me(session, the_line(session, shop="bazaar", position=position), "protection", NOW)
    begins, counts = KINDS["protection"][2], []
    with sqlite_shops.read() as session:
        assert reminders.any_to_look_at(session, begins)
    for _ in range(4):
        with sqlite_shops.write() as session:
            counts.append(reminders.plan_due(session, begins, most=3))
    assert counts == [3, 3, 1, 0]
    assert len(reminded(sqlite_shops)) == 7
    with sqlite_shops.read() as session:
        assert not reminders.any_to_look_at(session, begins)


def _set_days(database: Database, days: int) -> None:
    with database.write() as session:
        session.get_one(Shop, "bazaar").parameters = {"dispute_days": days}
