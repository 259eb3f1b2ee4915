"""`python -m worker`: sends letters and does what falls due, until told to stop.

The work runs in a thread of its own. Told to stop, it finishes the letter in hand; a letter that a slow server
holds up is given back instead, unless all of it has gone out and only the server's answer is awaited.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from casework.clock import Clock, ClockError
from casework.log_lines import LogFormatError, start_logging
from casework.picture_files import PictureFolder
from casework.words import MissingWordsError
from gateway.channels.accounts import switched_on
from gateway.settings import SettingsError as ChannelSettingsError
from order_store import Database, StoreUnavailable
from worker.delivering import Delivering, Retrying
from worker.gate import Gate
from worker.mail import Mailbox
from worker.rounds import Round, expire, go_round, plan_reminders, pulse, sweep
from worker.settings import Settings, SettingsError

SECONDS_TO_FINISH = 0.7
SECONDS_BETWEEN_LOOKS = 0.5
UNUSABLE_SETTINGS = 2

if TYPE_CHECKING:
    from worker.channel_threads import Channels

log = logging.getLogger("worker")


def rounds(database: Database, delivering: Delivering, clock: Clock, pictures: PictureFolder) -> Sequence[Round]:
    """Every job of the worker, with the seconds it rests when there is nothing to do."""
    return (
        Round("pulse", 10, lambda: pulse(database, datetime.now(UTC))),
        Round("letters", 0.5, delivering.deliver_one),
        Round("reminders", 5, lambda: plan_reminders(database, clock.now())),
        Round("sweeping", 60, lambda: sweep(database, clock.now())),
        Round("pictures", 600, lambda: expire(database, pictures, clock.now())),
    )


def main() -> int:
    """Works until SIGTERM or SIGINT; 2 when the settings cannot be used or the tables are not this version's."""
    for quiet in ("alembic", "httpx"):  # the addresses httpx would log hold tokens
        logging.getLogger(quiet).setLevel(logging.WARNING)
    told: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Of all that one thread can wait for, a SimpleQueue alone may be put to from a signal's handler.
        signal.signal(number, lambda number, _: told.put(number))
    try:
        start_logging(os.environ)
        settings = Settings.from_environment(os.environ)
        clock = Clock.from_environment(os.environ)
    except (SettingsError, LogFormatError, ClockError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE_SETTINGS
    database, mailbox = Database(settings.database_url), settings.mailbox()
    current = _wait_for(database, told)
    if current is None:
        return 0
    if not current:
        sys.stderr.write(f"{database.name} does not have this version's tables; run: aftercare migrate\n")
        return UNUSABLE_SETTINGS
    try:
        channels = _channels(database)
    except (ChannelSettingsError, MissingWordsError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE_SETTINGS
    gate, stopping = Gate(), threading.Event()
    delivering = Delivering(
        database,
        mailbox,
        business=clock.now,
        machine=partial(datetime.now, UTC),
        gate=gate,
        stopping=stopping,
        sender=settings.sender,
        public_url=settings.public_url,
        retrying=Retrying(tries=settings.tries),
        redirected=channels.notices.redirected if channels else None,
    )
    jobs = rounds(database, delivering, clock, PictureFolder.from_environment(os.environ))
    work = threading.Thread(target=go_round, args=(jobs, stopping), name="work", daemon=True)
    work.start()
    sending = channels.start(settings.mailbox, stopping) if channels else []
    log.info("ready: letters go to %s; %s", mailbox.name, ", ".join(job.name for job in jobs))
    with _said_ready(settings.ready_file):
        while not _is_told(told):
            pass
        stopping.set()
        for thread in sending:
            thread.join(SECONDS_TO_FINISH)
        _end(work, delivering, mailbox, gate)
    log.info("stopped")
    return 0


def _channels(database: Database) -> "Channels | None":
    """The channels' end; without one that is switched on nothing of theirs is even loaded."""
    if not switched_on(os.environ):
        return None
    from worker.channel_threads import Channels

    return Channels.from_environment(os.environ, database)


def _wait_for(database: Database, told: "SimpleQueue[int]") -> bool | None:
    """Whether the store has this version's tables, once it answers; None when told to stop before."""
    waiting = False
    while True:
        try:
            return database.is_current()
        except StoreUnavailable as error:
            if not waiting:
                log.warning("waiting for the store: %s", error)
                waiting = True
        if _is_told(told):
            return None


def _is_told(told: "SimpleQueue[int]") -> bool:
    """Whether the end has been told, after a short wait: one without end misses a signal that comes as it begins."""
    with suppress(Empty):
        told.get(timeout=SECONDS_BETWEEN_LOOKS)
        return True
    return False


def _end(work: threading.Thread, delivering: Delivering, mailbox: Mailbox, gate: Gate) -> None:
    work.join(SECONDS_TO_FINISH)
    if not work.is_alive():
        mailbox.rest()
    elif gate.close():
        delivering.let_go()
    else:
        log.info("waiting for what becomes of a letter that has gone out")
        work.join()


@contextmanager
def _said_ready(file: Path | None) -> Iterator[None]:
    """Keeps `file` there, with the process's id, while the worker works."""
    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{os.getpid()}\n", encoding="ascii")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    # A thread may still wait for a server that hangs; taking the interpreter down beneath it helps nobody.
    os._exit(status)
