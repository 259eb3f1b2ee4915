"""What is known of a case at its instant: the one place where told facts become usable ones.

Events still to come count as not known, events imply the earlier ones they need, and the proof of purchase
is filled from the order (AS-A4). Everything is worked out on first use and then kept.
"""

from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from .case import Case, Claim, Line, Proof, Rma
from .codes import Cause, ClaimReason, Programme, ProofValidity
from .counting import Count, Step
from .days import end_of_day, local_day, start_of_day
from .figures import SHAPES, ParameterName
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

    # -- days and terms -----------------------------------------------------------------------------------

    def day(self, instant: datetime) -> date:
        return local_day(instant, self.zone)

    def end(self, day: date) -> datetime:
        return end_of_day(day, self.zone)

    def start(self, day: date) -> datetime:
        return start_of_day(day, self.zone)

    def is_over(self, window: Count | None) -> bool:
        """Whether the last day of `window` is past; one without a known end is not over.

        Where the clock goes back over midnight a date comes twice: the day is over after its second end.
        """
        return window is not None and self.today > window.last_day and self.now > self.end(window.last_day)

    @cached_property
    def today(self) -> date:
        return self.day(self.now)

    def term(self, name: ParameterName) -> Value:
        """A parameter in force on the day the order was paid; not paid: on the day asked (GEN-A1)."""
        return self.policy.value(name, self._judged_on, self.case.shop.parameters)

    def count(self, fact: str, day: date, *names: ParameterName) -> Count:
        """From the day of `fact` by the figures in force for the order (GEN-A1), one after the other."""
        return self._counted(fact, day, names, self._judged_on)

    def count_rma(self, rma: Rma, name: ParameterName) -> Count:
        """From an RMA's day of issue by the figure in force on that day (GEN-A1)."""
        issued_on = self.day(rma.issued_at)
        return self._counted("rma.issued_at", issued_on, (name,), issued_on)

    def _counted(self, fact: str, day: date, names: tuple[ParameterName, ...], on: date) -> Count:
        count = Count.told(fact, day)
        for name in names:
            figure = self.policy.number(name, on, self.case.shop.parameters)
            count = count.plus(Step(figure, SHAPES[name].unit, name))
        return count

    @cached_property
    def _judged_on(self) -> date:
        return self.today if self.paid_at is None else self.day(self.paid_at)

    def covers(self, programme: Programme) -> bool:
        return programme in self.case.shop.programmes

    # -- what the customer says ---------------------------------------------------------------------------

    @cached_property
    def reason(self) -> ClaimReason | None:
        return self.claim.reason

    @cached_property
    def cause(self) -> Cause | None:
        return self.claim.cause

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

    def count_from_delivery(self, name: ParameterName) -> Count | None:
        """From the day the item came; None while that is not known."""
        if self.delivered_at is None:
            return None
        by_carrier = self._happened(self.case.order.delivered_at) is not None
        fact = "order.delivered_at" if by_carrier else "order.receipt_confirmed_at"
        return self.count(fact, self.day(self.delivered_at), name)

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

    def count_from_proof(self, name: ParameterName) -> Count | None:
        """From the date on the proof; None while that is not known."""
        if self.proof.day is None:
            return None
        told = self.claim.proof is not None and self._come(self.claim.proof.day) is not None
        return self.count("claim.proof.date" if told else "order.paid_at", self.proof.day, name)

    def rma(self, programme: Programme) -> Rma | None:
        """The RMA (or confirmed return) already given under `programme`; one issued in the future is none."""
        rma = self.case.rma
        return rma if rma is not None and rma.programme is programme and self._happened(rma.issued_at) else None

    def sent_by(self, rma: Rma, window: Count) -> bool:
        """Whether the goods were on their way within `window`: handed over with tracking, else received (ST-A1).

        Whether there was tracking not being known, a handing over proves nothing.
        """
        handed_over_at = self._happened(rma.handed_over_at) if rma.tracked else None
        received_at = self._happened(rma.received_at)
        end = self.end(window.last_day)
        return any(instant is not None and instant <= end for instant in (handed_over_at, received_at))
