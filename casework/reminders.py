"""Reminders a customer asked for: one letter three days before a deadline of a line, worked out anew by then.

A wish is kept per line and kind. The deadline is never stored: the policy is asked for it whenever the wish is
looked at, once a day and on the day of the reminder. One that moved is reminded of on its new day, one that has
been met not at all.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from order_store import outbox
from order_store.codes import LetterKind, ReminderKind
from order_store.inserting import insert_once
from policy_core import CaseError, decide, end_of_day, local_day, start_of_day

from .cases import Told, build_case, shop_zone

AHEAD = timedelta(days=3)
LOOKS_AGAIN_AFTER = timedelta(days=1)

PERIODS: dict[ReminderKind, str] = {
    "rma": "rma_return_by",
    "ship_by": "send_by",
    "protection": "protection_ends",
}
"""The period of the verdict each kind is about: ST-D2, AS-X7, and BP-3 or BP-1."""

LETTERS: dict[ReminderKind, LetterKind] = {
    "rma": "rma_reminder",
    "ship_by": "ship_by_reminder",
    "protection": "protection_reminder",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a customer can still miss: its last local day, its end in UTC, the clause, and the RMA it is about."""

    last_day: date
    closes_at: datetime
    clause: str
    rma_id: int | None = None

    @property
    def remind_on(self) -> date:
        """The local day of the reminder."""
        return self.last_day - AHEAD


def remind_me(session: Session, line: order_store.Line, kind: ReminderKind, now: datetime) -> date | None:
    """Notes the customer's wish, once: gives the local day of the shop on which the letter goes out.

    None, and nothing is noted, where no such deadline runs, it has been met, or it is nearer than the reminder
    would be. Needs a writing session.
    """
    found = deadline(session, line, kind, now)
    if found is None or local_day(now, shop_zone(line.order.shop)) > found.remind_on:
        return None
    row = {"line_id": line.id, "kind": kind, "asked_at": now, "look_at": now}
    noted = insert_once(session, order_store.Reminder, "line_id", "kind", **row)
    reminder = _of(session, line, kind)
    if not noted and reminder.ended_at is not None:
        reminder.asked_at = reminder.look_at = now
        reminder.ended_at = reminder.ended_because = None
        noted = True
    if noted:
        _note(session, reminder, "reminder.asked", "asked_to", now, who="customer")
    return found.remind_on


def can_remind(session: Session, line: order_store.Line, now: datetime) -> bool:
    """Whether `remind_me` would note anything for the line."""
    today = local_day(now, shop_zone(line.order.shop))
    found = (deadline(session, line, kind, now) for kind in PERIODS)
    return any(each is not None and today <= each.remind_on for each in found)


def stop_reminding(
    session: Session, line: order_store.Line, kind: ReminderKind, now: datetime, who: str = "customer"
) -> bool:
    """Ends the customer's wish, a letter already queued for it included; whether there was one.

    `who` notes it: the customer, or somebody at the shop to whom they wrote so.
    """
    wished = select(order_store.Reminder).filter_by(line_id=line.id, kind=kind, ended_at=None)
    reminder = session.scalar(wished.with_for_update())
    if reminder is None:
        return False
    _end(session, reminder, "stopped", now, who)
    return True


def deadline(session: Session, line: order_store.Line, kind: ReminderKind, now: datetime) -> Deadline | None:
    """What there is to remind of as of `now`, by the policy; None where it is not known, met or over.

    Met: the item is on its way or its return closed; for the protection, a dispute was opened or the line
    cancelled.
    """
    rma = None if kind == "protection" else order_store.open_rma(session, line.id)
    if kind == "protection":
        if order_store.latest_dispute(session, line.id) is not None or _cancelled(session, line):
            return None
    elif rma is None or any(at is not None and at <= now for at in (rma.handed_over_at, rma.received_at)):
        return None
    try:
        verdict = decide(build_case(session, line, Told.from_slots(rma.facts if rma else {}), now))
    except CaseError:
        return None  # the order contradicts itself: nothing can be said of its days
    period = next((each for each in verdict.dates if each.code == PERIODS[kind]), None)
    if period is None:
        return None
    closes_at = end_of_day(period.last_day, verdict.zone)
    if kind == "protection" and period.clause == "BP-1" and line.order.protection_ends_at is not None:
        closes_at = line.order.protection_ends_at  # an instant of its own, not the end of a day (BP-A1)
    if now > closes_at:
        return None
    return Deadline(period.last_day, closes_at, period.clause, rma.id if rma else None)


def plan_due(session: Session, now: datetime, most: int = 20) -> int:
    """Looks at the wishes whose time has come, `most` at once, and queues their letters; how many it looked at.

    Several workers may do so at the same time: each takes other wishes.
    """
    due = (
        select(order_store.Reminder)
        .where(order_store.Reminder.ended_at.is_(None), order_store.Reminder.look_at <= now)
        .order_by(order_store.Reminder.look_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    reminders = session.scalars(due).all()
    for reminder in reminders:
        _look(session, reminder, now)
    return len(reminders)


def any_to_look_at(session: Session, now: datetime) -> bool:
    """Whether `plan_due` would find something; for a look that locks nothing."""
    waiting = select(order_store.Reminder.id).where(
        order_store.Reminder.ended_at.is_(None), order_store.Reminder.look_at <= now
    )
    return session.scalar(waiting.limit(1)) is not None


def obsolete(session: Session, letter: order_store.Letter, now: datetime) -> str | None:
    """Why a queued reminder must not be sent any more, as a code; None: it still holds, or is no reminder."""
    reminder_id = letter.variables.get("reminder")
    if reminder_id is None:
        return None
    reminder = session.get_one(order_store.Reminder, reminder_id)
    if reminder.ended_because == "stopped":
        return "stopped"
    found = deadline(session, reminder.line, reminder.kind, now)
    if found is None:
        return "met_or_over"
    return None if found.closes_at.isoformat() == letter.variables["closes_at"] else "moved"


def _look(session: Session, reminder: order_store.Reminder, now: datetime) -> None:
    line = reminder.line
    zone = shop_zone(line.order.shop)
    found = deadline(session, line, reminder.kind, now)
    if found is None:
        _end(session, reminder, "met_or_over", now, who="worker")
        return
    # Once a day at least: a deadline can come nearer as well, when a receipt is confirmed (BP-3).
    reminder.look_at = now + LOOKS_AGAIN_AFTER
    if local_day(now, zone) < found.remind_on:
        reminder.look_at = min(reminder.look_at, start_of_day(found.remind_on, zone))
        return
    outbox.queue(
        session,
        shop=line.order.shop,
        kind=LETTERS[reminder.kind],
        key=f"reminder:{reminder.id}:{found.closes_at.isoformat()}",
        now=now,
        customer_id=line.order.customer_id,
        variables={
            "reminder": reminder.id,
            "line": line.id,
            "rma": found.rma_id,
            "last_day": found.last_day.isoformat(),
            "closes_at": found.closes_at.isoformat(),
            "clause": found.clause,
        },
    )


def _of(session: Session, line: order_store.Line, kind: ReminderKind) -> order_store.Reminder:
    wished = select(order_store.Reminder).filter_by(line_id=line.id, kind=kind)
    return session.scalars(wished.with_for_update().execution_options(populate_existing=True)).one()


def _cancelled(session: Session, line: order_store.Line) -> bool:
    return session.scalar(select(order_store.Cancellation.id).filter_by(line_id=line.id)) is not None


def _end(session: Session, reminder: order_store.Reminder, because: str, now: datetime, who: str) -> None:
    reminder.ended_at, reminder.ended_because = now, because
    _note(session, reminder, "reminder.ended", because, now, who)


def _note(session: Session, reminder: order_store.Reminder, what: str, why: str, now: datetime, who: str) -> None:
    order_store.record(
        session,
        at=now,
        who=who,
        what=what,
        subject=f"reminder:{reminder.id}",
        why=why,
        details={"line": reminder.line_id, "kind": reminder.kind},
    )
