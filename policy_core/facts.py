"""What is known of a case at its instant: the one place where told facts become usable ones.

Events still to come count as not known, events imply the earlier ones they need, and the proof of purchase
is filled from the order (AS-A4). Everything is worked out on first use and then kept.
"""

from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from .case import Case, Claim, Line, Proof, Rma
from .codes import Cause, ClaimReason, Programme, ProofValidity
from .days import end_of_day, local_day, start_of_day
from .parameters import Policy, Value


class Facts:
    """The facts of `case` as of its instant. Instants are UTC, days are local days of the shop."""

    def __init__(self, case: Case, policy: Policy) -> None:
        self.case = case
        self.policy = policy
        self.now: datetime = case.as_of
        self.zone: ZoneInfo = case.shop.timezone
        self.line: Line = case.line
        self.claim: Claim = case.claim
        self.reason: ClaimReason | None = case.claim.reason
        self.cause: Cause | None = case.claim.cause

    # -- days and terms -----------------------------------------------------------------------------------

    def day(self, instant: datetime) -> date:
        return local_day(instant, self.zone)

    def end(self, day: date) -> datetime:
        return end_of_day(day, self.zone)

    def start(self, day: date) -> datetime:
        return start_of_day(day, self.zone)

    def is_over(self, day: date | None) -> bool:
        """Whether the window whose last day is `day` has closed; one without a known end has not."""
        return day is not None and self.today > day

    @cached_property
    def today(self) -> date:
        return self.day(self.now)

    def term(self, name: str) -> Value:
        """A parameter in force on the day the order was paid; not paid: on the day asked (GEN-A1)."""
        return self.policy.value(name, self._judged_on, self.case.shop.parameters)

    def days(self, name: str) -> int:
        """A term that is a plain number of days or years."""
        return self.policy.number(name, self._judged_on, self.case.shop.parameters)

    def rma_days(self, name: str, rma: Rma) -> int:
        """A term of an RMA: the one in force on the RMA's day of issue (GEN-A1)."""
        return self.policy.number(name, self.day(rma.issued_at), self.case.shop.parameters)

    @cached_property
    def _judged_on(self) -> date:
        return self.today if self.paid_at is None else self.day(self.paid_at)

    def covers(self, programme: Programme) -> bool:
        return programme in self.case.shop.programmes

    # -- events -------------------------------------------------------------------------------------------

    def _happened(self, instant: datetime | None) -> datetime | None:
        return instant if instant is not None and instant <= self.now else None

    def _come(self, day: date | None) -> date | None:
        return day if day is not None and day <= self.today else None

    @cached_property
    def paid_at(self) -> datetime | None:
        return self._happened(self.case.order.paid_at)

    @cached_property
    def receipt_confirmed_at(self) -> datetime | None:
        return self._happened(self.case.order.receipt_confirmed_at)

    @cached_property
    def delivered_at(self) -> datetime | None:
        """When the item came: the carrier's word, else the customer's."""
        return self._happened(self.case.order.delivered_at) or self.receipt_confirmed_at

    @cached_property
    def delivery_day(self) -> date | None:
        return None if self.delivered_at is None else self.day(self.delivered_at)

    @property
    def delivered(self) -> bool:
        return self.delivered_at is not None

    @cached_property
    def shipped(self) -> bool:
        return self.delivered or self._happened(self.case.order.shipped_at) is not None

    @cached_property
    def completed_day(self) -> date | None:
        completed_at = self._happened(self.case.order.completed_at)
        return None if completed_at is None else self.day(completed_at)

    @cached_property
    def claim_closed_day(self) -> date | None:
        closed_at = self._happened(self.case.claim_closed_at)
        return None if closed_at is None else self.day(closed_at)

    @cached_property
    def factory_shipped_on(self) -> date | None:
        return self._come(self.line.factory_shipped_on)

    @cached_property
    def repaired_and_sent_back_on(self) -> date | None:
        return self._come(self.line.repaired_and_sent_back_on)

    # -- proof and RMA ------------------------------------------------------------------------------------

    @cached_property
    def proof(self) -> Proof:
        """The proof as told, its gaps filled from a paid order, which is itself valid proof (AS-A4)."""
        told = self.claim.proof or Proof()
        day, validity = self._come(told.day), told.validity
        if self.paid_at is not None:
            day = day or self.day(self.paid_at)
            validity = validity or ProofValidity.VALID
        return Proof(day, validity)

    def rma(self, programme: Programme) -> Rma | None:
        """The RMA (or confirmed return) already given under `programme`; one issued in the future is none."""
        rma = self.case.rma
        return rma if rma is not None and rma.programme is programme and self._happened(rma.issued_at) else None

    def sent_by(self, rma: Rma, last_day: date) -> bool:
        """Whether the goods were on their way by `last_day`: handed over with tracking, else received (ST-A1).

        Whether there was tracking not being known, a handing over proves nothing.
        """
        handed_over_at = self._happened(rma.handed_over_at) if rma.tracked else None
        received_at = self._happened(rma.received_at)
        end = self.end(last_day)
        return any(instant is not None and instant <= end for instant in (handed_over_at, received_at))
