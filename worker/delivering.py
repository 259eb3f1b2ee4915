"""Sending one letter after the other: claim, send, settle, each step in a transaction of its own."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy.orm import Session

from casework.letters import obsolete, render
from order_store import Database, Letter, StoreUnavailable, outbox
from worker.composing import compose
from worker.faults import place_of
from worker.gate import STOPPING, Gate
from worker.leases import Lease
from worker.mail import Mail, Mailbox, MailError, NotDelivered, Refused

log = logging.getLogger("worker.delivering")

SECONDS_TO_SETTLE = 5.0
"""How long a worker that was told to stop goes on noting that a letter was sent, where the store is away."""


@dataclass(frozen=True, slots=True)
class Retrying:
    """How often a letter is tried, and how long it waits in between: doubled each time, somewhat at random."""

    tries: int = 16
    first: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(hours=6)

    def pause(self, tries: int) -> timedelta:
        """Before the next try, after `tries` of them; letters that failed together do not come back together."""
        doubled = self.first * 2 ** min(tries - 1, 30)
        return timedelta(seconds=min(doubled, self.longest).total_seconds() * SystemRandom().uniform(0.5, 1.0))


def by_mail(letter: Letter, now: datetime) -> bool:
    """No letter goes anywhere but by mail."""
    return False


class Delivering:
    """One worker's way of sending letters; any number of workers may do so at once."""

    def __init__(
        self,
        database: Database,
        mailbox: Mailbox,
        *,
        business: Callable[[], datetime],
        machine: Callable[[], datetime],
        gate: Gate,
        stopping: threading.Event,
        sender: str | None = None,
        public_url: str | None = None,
        retrying: Retrying | None = None,
        redirected: Callable[[Letter, datetime], bool] | None = None,
    ) -> None:
        """`business` is the time the shop goes by, which may stand still; leases and tries go by `machine`.

        `redirected` gives a letter to the channel its customer last used, where it is one for that, and says whether.
        """
        self._database = database
        self._mailbox = mailbox
        self._business = business
        self._machine = machine
        self._gate = gate
        self._stopping = stopping
        self._sender = sender
        self._public_url = public_url
        self._retrying = retrying or Retrying()
        self._redirected = redirected or by_mail
        self._me = secrets.token_hex(8)
        self._in_hand: Letter | None = None

    def deliver_one(self) -> bool:
        """Sends the letter that has been due longest; whether there was one.

        Raises StoreUnavailable; the letter then comes due again when its claim ends.
        """
        until = self._machine() + self._mailbox.lease
        letter = self._claimed(until)
        if letter is None:
            self._mailbox.rest()
            return False
        began = time.monotonic()
        self._in_hand = letter
        try:
            with Lease(self._database, letter, until, self._mailbox.lease, self._machine) as lease:
                outcome = self._deliver(letter, lease)
        finally:
            self._gate.leave()
            self._in_hand = None
        took = time.monotonic() - began
        log.info("letter %d (%s), try %d: %s, %.2f s", letter.id, letter.kind, letter.tries, outcome, took)
        return True

    def let_go(self) -> None:
        """Gives back the letter in hand, of a worker that ends before the letter has gone out."""
        letter = self._in_hand
        if letter is not None:
            with suppress(StoreUnavailable), self._database.write() as session:
                outbox.give_back(session, letter)

    def _claimed(self, until: datetime) -> Letter | None:
        at = self._machine()
        with self._database.read() as session:
            if not outbox.any_due(session, at):
                return None
        with self._database.write() as session:
            return outbox.claim(session, self._me, at, until)

    def _deliver(self, letter: Letter, lease: Lease) -> str:
        """What became of the letter, as a word for the log."""
        if letter.tries > self._retrying.tries:
            return self._failed(letter, Refused("gave_up", "every try ended before its outcome was known"))
        try:
            with self._database.read() as session:
                made = self._made(session, letter)
            if isinstance(made, str):
                self._settle(lambda session: outbox.withdraw(session, letter, made, self._business()))
                return f"withdrawn, {made}"
            if self._redirected(letter, self._business()):
                return "given to the channel the customer last used"
            if not lease.holds:
                return "left alone, since its claim has been lost"
            self._mailbox.deliver(made, self._gate.enter)
        except MailError as failure:
            return self._failed(letter, failure)
        self._note_sent(letter)
        return "sent"

    def _made(self, session: Session, letter: Letter) -> Mail | str:
        """The letter as it goes out, or the code of why it must not any more."""
        try:
            why = obsolete(session, letter, self._business())
            if why is not None:
                return why
            return compose(letter, render(session, letter, self._public_url), self._sender)
        except (MailError, StoreUnavailable):
            raise
        except Exception as error:
            raise NotDelivered("not_made", f"the letter could not be made: {place_of(error)}") from error

    def _failed(self, letter: Letter, failure: MailError) -> str:
        if failure.code == STOPPING:
            self._settle(lambda session: outbox.give_back(session, letter))
            return "given back"
        if isinstance(failure, Refused) or letter.tries >= self._retrying.tries:
            self._settle(lambda session: outbox.mark_dead(session, letter, str(failure), self._business()))
            return f"dead, {failure.code}"
        pause = self._retrying.pause(letter.tries)
        self._settle(lambda session: outbox.put_off(session, letter, self._machine() + pause, str(failure)))
        return f"put off for {pause.total_seconds():.0f} s, {failure.code}"

    def _settle(self, change: Callable[[Session], None]) -> None:
        with self._database.write() as session:
            change(session)

    def _note_sent(self, letter: Letter) -> None:
        """The letter is out: this is noted as soon as the store can be reached, and nothing else done before."""
        sent_at = self._machine()
        gives_up: float | None = None
        while True:
            try:
                self._settle(lambda session: outbox.mark_sent(session, letter, sent_at, self._business()))
            except StoreUnavailable:
                now = time.monotonic()
                if self._stopping.is_set():
                    gives_up = gives_up or now + SECONDS_TO_SETTLE
                    if now > gives_up:
                        raise
                log.warning("letter %d is sent, but the store cannot be told yet", letter.id)
                time.sleep(0.2)
            else:
                return
