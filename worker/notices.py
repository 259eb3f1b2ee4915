"""Which notices go to the channel their customer last used, within its rules, instead of by e-mail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.whose import conversations_of, is_known_where_it_is
from gateway.channels.accounts import Accounts
from gateway.channels.content import may_write
from gateway.channels.registry import Adapters
from gateway.channels.telling import used_last
from order_store import Correspondent, Database, Letter, dispatches, outbox
from order_store.codes import LetterKind

BY_CHANNEL: Final[frozenset[LetterKind]] = frozenset(
    {"item_out_of_stock", "rma_reminder", "ship_by_reminder", "protection_reminder"}
)
"""The others hold papers, or are due in writing: an RMA's slip, a decision, a quote."""


@dataclass(frozen=True)
class Notices:
    """`machine` tells the machine's time, which the channels' own rules go by."""

    database: Database
    adapters: Adapters
    accounts: Accounts
    machine: Callable[[], datetime]

    def redirected(self, letter: Letter, now: datetime) -> bool:
        """Whether the letter goes by a channel, and has been queued there. `now` is business time."""
        if letter.kind not in BY_CHANNEL or not self.accounts:
            return False
        with self.database.read() as session:
            if self._reached(session, letter) is None:
                return False
        with self.database.write() as session:
            to = self._reached(session, letter)
            if to is None:
                return False
            at = self.machine()
            key, holds = f"letter:{letter.id}", {"letter": letter.id}
            dispatches.queue(session, to.id, key=key, holds=holds, at=at, letter_id=letter.id)
            outbox.mark_sent(session, letter, at, now)
        return True

    def _reached(self, session: Session, letter: Letter) -> Correspondent | None:
        """The one the customer wrote as last, in a conversation in which they were known; None: by e-mail."""
        if letter.customer is None or dispatches.tried_for(session, letter.id) is not None:
            return None
        turn = used_last(session, conversations_of(session, letter.customer))
        if turn is None or not is_known_where_it_is(session, letter.customer, turn.conversation_id):
            return None
        found = session.scalars(select(Correspondent).filter_by(conversation_id=turn.conversation_id, left_at=None))
        for each in found:
            adapter = self.adapters.get((each.channel, each.shop_key))
            from_here = turn.client_id.startswith(f"{each.channel}:")
            if from_here and adapter and may_write(each, adapter.shape, self.accounts, self.machine()):
                return each
        return None
