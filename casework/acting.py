"""Who does something to a case, when, and in which transaction: what every step at the desk needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

import order_store
from order_store import Base
from policy_core import local_day

from .cases import shop_zone

DESK = "shop:desk"
"""Who acts at the shop when nobody is named."""

WORKER = "worker"
"""Who acts when a day has passed."""

POLICY = "policy"
"""Who approves what the policy gives, where the shop lets it."""


class DeskError(Exception):
    """What was told does not fit the case; the message says what and what to do."""


class NotPossibleError(DeskError):
    """What was asked cannot be done now, because of another case or of the day; the message says why."""


@dataclass(frozen=True, slots=True)
class Acting:
    """`who` (a code: "customer", "shop:desk", "worker") acts as of `now` (UTC) in the writing `session`."""

    session: Session
    now: datetime
    who: str

    def step(self, row: Base, event: str, why: str, details: Mapping[str, Any] | None = None) -> None:
        """Let `event` happen to `row`. Raises ImpossibleTransition."""
        order_store.transition(self.session, row, event, at=self.now, who=self.who, why=why, details=details)

    def step_if_possible(self, row: Base, event: str, why: str) -> bool:
        """Let `event` happen where it can; whether it did."""
        order_store.hold(self.session, row)
        if event not in order_store.possible_events(row):
            return False
        self.step(row, event, why)
        return True

    def added(self, row: Base, what: str, why: str, details: Mapping[str, Any] | None = None) -> None:
        """Store a new row, with its entry in the audit trail."""
        self.session.add(row)
        self.session.flush()
        order_store.record(
            self.session,
            at=self.now,
            who=self.who,
            what=what,
            subject=order_store.subject_of(row),
            why=why,
            details=details,
        )

    def today(self, shop: order_store.Shop) -> date:
        """The local day at the shop."""
        return local_day(self.now, shop_zone(shop))
