"""What the policies say where no order is at hand: usual situations, each decided as a model case of one programme.

A situation has its sentences in domain.yml: `right_<name>` says what the customer can have, `case_<name>` names it
where only the postage is asked about. Figures, payers and clauses in them are policy_core's, as of the day asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from policy_core import (
    Case,
    Claim,
    ClaimReason,
    Line,
    Order,
    ParameterName,
    Payer,
    Policy,
    Programme,
    RemedyName,
    RemedyVerdict,
    Shop,
    Stock,
    decide,
    default_policy,
)

from .figures import figure

_FAULTS = frozenset({ClaimReason.DEFECTIVE, ClaimReason.DAMAGED})
_SPOTLESS = Claim(
    complete=True, activated=False, resalable=True, caused_by_customer=False, labels_intact=True, photos=1
)

_ST, _AS, _BP = Programme.STORE_POLICY, Programme.AFTER_SALES, Programme.BUYER_PROTECTION


@dataclass(frozen=True, slots=True)
class Situation:
    """One remedy, asked for in the plainest case of its kind.

    `figures` are the parameters its sentence names; `clauses` those it rests on beside the verdict's own, among them
    `payer_clause`, which names who pays the postage (None: one of the verdict's does, or none). `stage`:
    how far the order has come ("paid", "delivered" or "completed"). `is_right` and `is_carriage`: whether it is told
    among the rights, and among who pays the postage.
    """

    name: str
    programme: Programme
    remedy: RemedyName
    reason: ClaimReason
    clauses: tuple[str, ...] = ()
    figures: tuple[ParameterName, ...] = ()
    payer_clause: str | None = None
    stage: str = "delivered"
    claim: Mapping[str, Any] = field(default_factory=dict)
    is_right: bool = True
    is_carriage: bool = True

    def case(self, shop: Shop, now: datetime) -> Case:
        """The model case as of `now`: paid, sent and received just now, nothing wrong that would bar it."""
        order = Order(paid_at=now, on_platform=True)
        if self.stage == "completed":
            # the waiting days have just ended
            waited = timedelta(days=1 + (figure(ParameterName.SERVICE_WAITING_DAYS, shop, now) or 0))
            order = replace(order, paid_at=now - waited, completed_at=now - waited)
        if self.stage != "paid":
            order = replace(order, shipped_at=order.paid_at, delivered_at=now, receipt_confirmed_at=now)
        out_of_stock = self.reason is ClaimReason.OUT_OF_STOCK
        return Case(
            as_of=now.astimezone(UTC),
            shop=replace(shop, programmes=(self.programme,)),
            order=order,
            line=Line(stock=Stock.OUT_OF_STOCK if out_of_stock else Stock.IN_STOCK, one_year_service=True),
            claim=replace(_SPOTLESS, reason=self.reason, **self.claim),
        )


SITUATIONS = (
    Situation("cancel", _ST, RemedyName.CANCEL, ClaimReason.CHANGE_OF_MIND, stage="paid"),
    Situation(
        "change_of_mind",
        _ST,
        RemedyName.RETURN_REFUND,
        ClaimReason.CHANGE_OF_MIND,
        ("ST-N2",),
        (ParameterName.CHANGE_OF_MIND_DAYS,),
        "ST-N1",
    ),
    Situation("ordered_wrong", _ST, RemedyName.RETURN_REFUND, ClaimReason.ORDERED_WRONG, is_right=False),
    Situation("shops_mistake", _ST, RemedyName.RETURN_REFUND, ClaimReason.WRONG_ITEM),
    Situation(
        "fault",
        _ST,
        RemedyName.RETURN_REFUND,
        ClaimReason.DEFECTIVE,
        ("ST-2", "ST-D2", "ST-D4"),
        (ParameterName.RMA_RETURN_DAYS,),
        "ST-D5",
    ),
    Situation("ran_out", _ST, RemedyName.REFUND_NOW, ClaimReason.OUT_OF_STOCK, stage="paid", is_carriage=False),
    Situation(
        "return_unused",
        _AS,
        RemedyName.RETURN_REFUND,
        ClaimReason.CHANGE_OF_MIND,
        ("AS-X2",),
        (ParameterName.RETURN_DAYS,),
    ),
    Situation(
        "return_fault",
        _AS,
        RemedyName.RETURN_REFUND,
        ClaimReason.DEFECTIVE,
        ("AS-X7",),
        (ParameterName.RETURN_DAYS, ParameterName.SEND_BY_DAYS),
    ),
    Situation(
        "warranty",
        _AS,
        RemedyName.WARRANTY_REPAIR,
        ClaimReason.DEFECTIVE,
        ("AS-W2",),
        (ParameterName.WARRANTY_DAYS_WITH_PROOF, ParameterName.WARRANTY_DAYS_WITHOUT_PROOF),
    ),
    Situation(
        "own_damage",
        _AS,
        RemedyName.PAID_REPAIR,
        ClaimReason.DAMAGED,
        payer_clause="AS-F1",
        claim={"caused_by_customer": True},
        is_right=False,
    ),
    Situation("software", _AS, RemedyName.SOFTWARE_UPGRADE, ClaimReason.SOFTWARE_UPGRADE, is_right=False),
    Situation(
        "dispute",
        _BP,
        RemedyName.DISPUTE,
        ClaimReason.NOT_AS_DESCRIBED,
        ("BP-4b", "BP-4c", "BP-4d"),
        (ParameterName.DISPUTE_DAYS,),
    ),
    Situation(
        "service",
        _BP,
        RemedyName.ONE_YEAR_SERVICE,
        ClaimReason.DEFECTIVE,
        ("OW-1", "OW-3"),
        (ParameterName.SERVICE_WAITING_DAYS, ParameterName.SERVICE_YEARS),
        stage="completed",
        is_carriage=False,
    ),
)
"""Every situation that is told, in the order it is told in."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A situation with what the shop's policy says of it: open, and on which terms."""

    situation: Situation
    verdict: RemedyVerdict

    @property
    def clauses(self) -> tuple[str, ...]:
        """Each once, those of the verdict's reasons first."""
        payer = () if self.situation.payer_clause is None else (self.situation.payer_clause,)
        return tuple(dict.fromkeys((*_clauses_of(self.verdict), *self.situation.clauses, *payer)))

    @property
    def payer_clauses(self) -> tuple[str, ...]:
        """Those that say who pays the postage, or that nobody is named."""
        return payer_clauses(self.verdict, self.situation.reason)


def payer_clauses(verdict: RemedyVerdict, reason: ClaimReason | None) -> tuple[str, ...]:
    """The clauses by which the payer of an open remedy is known, for a claim of this reason: else the verdict's own."""
    alike = _FAULTS if reason in _FAULTS else {reason}
    of_the_kind = (
        each.payer_clause
        for each in SITUATIONS
        if (each.programme, each.remedy) == (verdict.programme, verdict.remedy) and each.reason in alike
    )
    named = tuple(clause for clause in of_the_kind if clause is not None)
    pays = verdict.pays
    is_named = pays is not None and Payer.CUSTOMER in (pays.original_shipping, pays.return_shipping)
    return named if named and is_named else _clauses_of(verdict)


def _clauses_of(verdict: RemedyVerdict) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reason.clause for reason in verdict.reasons))


def decided(shop: Shop, now: datetime, policy: Policy | None = None) -> Iterator[Decided]:
    """The situations of the shop's programmes in which its policy gives the remedy, as of `now` (UTC)."""
    for situation in SITUATIONS:
        if situation.programme not in shop.programmes:
            continue
        verdict = decide(situation.case(shop, now), policy or default_policy()).remedy(situation.remedy)
        if verdict is not None and verdict.outcome.is_open:
            yield Decided(situation, verdict)
