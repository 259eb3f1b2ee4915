"""The channels' end in the worker, put together from the environment."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, Self

from sqlalchemy.orm import Session

from casework.clock import Clock
from casework.letters import in_few_words, obsolete
from casework.words import Words
from gateway.channels.accounts import Accounts, read_accounts
from gateway.channels.content import Content
from gateway.channels.handover_codes import HandoverCodes
from gateway.channels.registry import Adapters, adapters, mail_reader
from gateway.links import Links
from gateway.settings import Settings, SettingsError
from order_store import Database, Letter
from worker.channels import Sending
from worker.delivering import Retrying
from worker.imap import Fetching, ImapServer, MailboxAddressError
from worker.mail import Mailbox
from worker.notices import Notices
from worker.rounds import Round, go_round

THREADS: Final = 4
SECONDS_BETWEEN_LOOKS: Final = 0.2
SECONDS_BETWEEN_FETCHES: Final = 15
RETRYING: Final = Retrying(tries=12, first=timedelta(seconds=2), longest=timedelta(hours=1))
"""A customer waits for these: the first tries come quickly, and after half a day nobody does any more."""


@dataclass(frozen=True)
class Channels:
    """What is sent, by which adapters, and which notices go there."""

    database: Database
    adapters: Adapters
    content: Content
    notices: Notices
    mailboxes: Sequence[Fetching] = ()
    retrying: Retrying = RETRYING

    @classmethod
    def from_environment(cls, variables: Mapping[str, str], database: Database) -> Self:
        """Raises SettingsError where a channel that is switched on lacks something, MissingWordsError."""
        machine = partial(datetime.now, UTC)
        accounts = read_accounts(variables)
        settings = Settings.from_environment(variables)
        made = adapters(accounts, settings.secret)
        content = content_of(
            settings.domain, settings.secret, settings.public_url, accounts, Clock.from_environment(variables)
        )
        mailboxes = [
            Fetching(database, _mailbox(account["imap_url"]), mail_reader(account, settings.secret), shop, machine)
            for (_, shop), account in accounts.items()
            if account.get("imap_url")
        ]
        return cls(database, made, content, Notices(database, made, accounts, machine), mailboxes)

    def start(self, mailbox: Callable[[], Mailbox], stopping: threading.Event) -> list[threading.Thread]:
        """The threads that send, begun."""
        threads = []
        for number in range(THREADS):
            machine = partial(datetime.now, UTC)
            args = (self.database, self.adapters, self.content, mailbox(), machine, stopping, self.retrying)
            rounds = (Round("channels", SECONDS_BETWEEN_LOOKS, Sending(*args).send_one),)
            thread = threading.Thread(target=go_round, args=(rounds, stopping), name=f"channels-{number}", daemon=True)
            thread.start()
            threads.append(thread)
        return [*threads, *(self._fetching(fetching, stopping) for fetching in self.mailboxes)]

    def _fetching(self, fetching: Fetching, stopping: threading.Event) -> threading.Thread:
        rounds = (Round("mailbox", SECONDS_BETWEEN_FETCHES, fetching.fetch),)
        thread = threading.Thread(target=go_round, args=(rounds, stopping), name="mailbox", daemon=True)
        thread.start()
        return thread


def _mailbox(url: str) -> ImapServer:
    try:
        return ImapServer.from_url(url)
    except MailboxAddressError as error:
        raise SettingsError(str(error)) from None


def content_of(domain: Path, secret: bytes, public_url: str, accounts: Accounts, clock: Clock) -> Content:
    """What dispatches say, in the words of `domain`."""

    def in_short(session: Session, letter: Letter) -> tuple[str, str] | None:
        holds = obsolete(session, letter, clock.now()) is None
        return in_few_words(session, letter) if holds else None

    codes, links = HandoverCodes(secret), Links(secret, public_url)
    return Content(Words.load(domain), links, codes, accounts, public_url, in_short)
