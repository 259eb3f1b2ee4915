"""What the worker does again and again, each job in its own rhythm."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import order_store
from casework import reminders, sweeping
from casework.acting import WORKER, Acting
from casework.picture_files import PictureFolder
from casework.pictures import expire_pictures
from order_store import Database, StoreUnavailable
from worker.faults import place_of

log = logging.getLogger("worker.rounds")


@dataclass(frozen=True, slots=True)
class Round:
    """A job: `run` does a piece of it and says whether there may be more; if not, it rests for `every` seconds."""

    name: str
    every: float
    run: Callable[[], bool]


def pulse(database: Database, machine: datetime) -> bool:
    """Says that the worker is at work, by the machine's clock."""
    with database.write() as session:
        order_store.beat(session, "worker", machine)
    return False


def plan_reminders(database: Database, now: datetime) -> bool:
    """Queues the reminders whose day has come, a few at a time; whether there may be more. Business time."""
    with database.read() as session:
        if not reminders.any_to_look_at(session, now):
            return False
    with database.write() as session:
        return reminders.plan_due(session, now) > 0


def sweep(database: Database, now: datetime) -> bool:
    """Does what the days that passed and the imports bring about, each row in a transaction of its own.

    A row that cannot be settled is logged, by its place alone, and skipped. Business time.
    """
    counts = {each.name: _swept(database, each, now) for each in sweeping.SWEPT}
    if any(counts.values()):
        log.info("swept: %s", ", ".join(f"{count} {what}" for what, count in counts.items()))
    return False


def _swept(database: Database, kind: sweeping.Swept, now: datetime) -> int:
    """How many rows of this kind were settled. Raises StoreUnavailable once that is not about one row."""
    with database.read() as session:
        found = list(kind.find(session, now))
    done, was_away = 0, False
    for row_id in found:
        try:
            with database.write() as session:
                settled = kind.settle(Acting(session, now, WORKER), row_id)
            done, was_away = done + settled, False
        except StoreUnavailable as error:
            if was_away:
                raise
            was_away = True
            log.warning("sweeping what is to be %s: row %d skipped: %s", kind.name, row_id, error)
        except Exception as error:
            # One row that nobody can judge must not keep the others from what is due to them.
            log.error("sweeping what is to be %s: row %d skipped: %s", kind.name, row_id, place_of(error))
    return done


def expire(database: Database, folder: PictureFolder, now: datetime) -> bool:
    """Lets go of pictures whose time is over. Business time."""
    expire_pictures(database, folder, now)
    return False


def go_round(rounds: Sequence[Round], stopping: threading.Event) -> None:
    """Runs every round when it is due until `stopping` is set. A round that fails is tried again in its time."""
    due = {each.name: 0.0 for each in rounds}
    while not stopping.is_set():
        for each in rounds:
            if stopping.is_set():
                return
            if time.monotonic() >= due[each.name] and not _more(each):
                due[each.name] = time.monotonic() + each.every
        stopping.wait(max(0.0, min(due.values()) - time.monotonic()))


def _more(each: Round) -> bool:
    try:
        return each.run()
    except StoreUnavailable as error:
        log.warning("%s: %s", each.name, error)
    except Exception as error:
        # A fault of one job must not end the others.
        log.error("%s failed: %s", each.name, place_of(error))
    return False
