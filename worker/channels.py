"""Sending by messenger, text message and e-mail thread: claim, hand to the provider, settle; several at a time."""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from casework.log_lines import fields
from gateway.channels.adapter import Carrier, Recipient, Sender
from gateway.channels.calling import new_client
from gateway.channels.content import Content, NothingToSay
from gateway.channels.errors import ChannelError, NotNow, Refused
from gateway.channels.registry import Adapters
from gateway.channels.shapes import Part
from order_store import Correspondent, Database, Dispatch, Letter, Shop, StoreUnavailable, dispatches, outbox
from worker.delivering import Retrying
from worker.faults import place_of
from worker.mail import Mail, Mailbox, MailError
from worker.mail import Refused as MailRefused

LEASE: Final = timedelta(seconds=90)
"""Longer than one call to a provider takes; renewed after each."""

log = logging.getLogger("worker.channels")


@dataclass
class Sending:
    """One thread's way of sending; any number of them may do so at once. `machine` tells the machine's time."""

    database: Database
    adapters: Adapters
    content: Content
    mailbox: Mailbox
    machine: Callable[[], datetime]
    stopping: threading.Event
    retrying: Retrying

    def __post_init__(self) -> None:
        self._me = secrets.token_hex(8)
        self._carrier = Carrier(new_client(), self._post)

    def send_one(self) -> bool:
        """Sends what has been due longest; whether there was something. Raises StoreUnavailable."""
        at = self.machine()
        with self.database.read() as session:
            if not dispatches.any_due(session, at):
                self.mailbox.rest()
                return False
        with self.database.write() as session:
            dispatch = dispatches.claim(session, self._me, at, at + LEASE)
        if dispatch is None:
            return False
        outcome = self._outcome(dispatch)
        to = dispatch.correspondent
        log.info(
            "dispatch", extra=fields(dispatch=dispatch.id, channel=to.channel, tries=dispatch.tries, outcome=outcome)
        )
        return True

    def _outcome(self, dispatch: Dispatch) -> str:
        to = dispatch.correspondent
        adapter = self.adapters.get((to.channel, to.shop_key))
        try:
            if dispatch.tries > self.retrying.tries:
                raise Refused("every try ended before its outcome was known")
            if adapter is None:
                raise NotNow("the channel is switched off")
            with self.database.read() as session:
                name = session.get_one(Shop, to.shop_key).name
                made = self.content.parts(session, dispatch, adapter.shape, self.machine())
            self._send(dispatch, adapter, name, made)
        except NothingToSay:
            self._dead(dispatch, "nothing left to say", by_letter=False)
            return "dropped, nothing left to say"
        except Refused as failure:
            self._dead(dispatch, str(failure), by_letter=True)
            return f"dead, {failure}"
        except NotNow as failure:
            return self._later(dispatch, failure)
        except ChannelError as failure:
            return self._later(dispatch, NotNow(str(failure)))
        except StoreUnavailable:
            raise
        except Exception as fault:
            # A fault of ours in one message must not end the others.
            return self._later(dispatch, NotNow(f"not made: {place_of(fault)}"))
        with self.database.write() as session:
            dispatches.mark_sent(session, dispatch, len(made), self.machine())
        return f"sent, {len(made)} messages"

    def _send(self, dispatch: Dispatch, sender: Sender, shop_name: str, made: list[Part]) -> None:
        to = dispatch.correspondent
        for place, part in enumerate(made):
            if place < dispatch.parts_sent:
                continue
            if self.stopping.is_set() and place > dispatch.parts_sent:
                raise NotNow("the worker was told to stop", 0)
            recipient = Recipient(to.address, to.thread, to.reply_with, dispatch.id, shop_name)
            sender.send(self._carrier, recipient, part)
            if place + 1 < len(made):
                with self.database.write() as session:
                    dispatches.note_part(session, dispatch, place + 1, self.machine() + LEASE)

    def _post(self, message_id: str, message: EmailMessage) -> None:
        sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        content = message.as_bytes(policy=SMTP)
        try:
            self.mailbox.deliver(Mail(message_id, sender, recipient, content, not recipient.isascii()), _go_on)
        except MailRefused as failure:
            raise Refused(f"mail: {failure.code}") from None
        except MailError as failure:
            raise NotNow(f"mail: {failure.code}") from None

    def _later(self, dispatch: Dispatch, failure: NotNow) -> str:
        if dispatch.tries >= self.retrying.tries:
            self._dead(dispatch, str(failure), by_letter=True)
            return f"dead after {dispatch.tries} tries, {failure}"
        pause = self.retrying.pause(dispatch.tries)
        if failure.after is not None:
            pause = max(pause, timedelta(seconds=failure.after)) if failure.after else timedelta()
        until = self.machine() + pause
        with self.database.write() as session:
            dispatches.put_off(session, dispatch, until, str(failure))
            if failure.everybody and failure.after is not None:
                to: Correspondent = dispatch.correspondent
                dispatches.hold_channel(session, to.channel, to.shop_key, until)
        return f"put off for {pause.total_seconds():.0f} s, {failure}"

    def _dead(self, dispatch: Dispatch, reason: str, *, by_letter: bool) -> None:
        """A notice that cannot be given by the channel goes by e-mail after all."""
        with self.database.write() as session:
            dispatches.mark_dead(session, dispatch, reason)
            if by_letter and dispatch.letter_id is not None:
                outbox.send_after_all(session, session.get_one(Letter, dispatch.letter_id))


def _go_on() -> None:
    """A thread's mail is not held at the gate: it is sent again under the same Message-ID."""
