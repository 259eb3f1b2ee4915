"""What each remedy writes. All of it runs inside the one transaction that decided again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from policy_core import RemedyName, RemedyVerdict

from . import notices
from .acting import POLICY
from .cases import to_check
from .dossier import Dossier
from .granted import Granted, case_record, told_rma
from .judged import SENT_IN, Judged
from .pictures import bind_evidence
from .refunds import money_back


@dataclass(frozen=True, slots=True)
class Yes:
    """A customer's yes to `chosen`, an open remedy of their own `line`. `key` names it: it never writes twice.

    `who` gives it: the customer where the policy is enough, else who approved it at the shop, for the reason
    `approved_because` where they said one.
    """

    session: Session
    dossier: Dossier
    line: order_store.Line
    judged: Judged
    chosen: RemedyVerdict
    now: datetime
    key: str
    who: str = "customer"
    approved_because: str | None = None

    @property
    def record(self) -> dict[str, Any]:
        """What every written row keeps: what was decided, and on which facts."""
        return {
            "facts": case_record(self.judged, self.dossier.told),
            "verdict": self.judged.verdict.remedy_as_dict(self.chosen),
        }

    @property
    def why(self) -> str:
        """What it stands on: the code of who approved it, else the clause."""
        return self.approved_because or self.chosen.reasons[0].clause

    @property
    def details(self) -> dict[str, Any]:
        """What the audit trail keeps of it."""
        overridden = {} if self.chosen.outcome.is_open else {"overrides": self.chosen.outcome}
        return {
            "line": self.line.id,
            "remedy": self.chosen.remedy,
            "conversation": self.dossier.asker.conversation,
            **overridden,
        }

    def written(self, row: Any, what: str, subject: str) -> None:
        """Add `row`, with its entry in the audit trail."""
        self.session.add(row)
        self.session.flush()
        order_store.record(
            self.session,
            at=self.now,
            who=self.who,
            what=what,
            subject=f"{subject}:{row.id}",
            why=self.why,
            details=self.details,
        )

    def step(self, row: order_store.Base, event: str, who: str | None = None) -> None:
        """Let `event` happen to `row`."""
        order_store.transition(
            self.session, row, event, at=self.now, who=who or self.who, why=self.why, details=self.details
        )


def _issue_rma(yes: Yes) -> Granted:
    rma = order_store.open_rma(yes.session, yes.line.id)
    if rma is not None:
        return told_rma(yes.session, yes.dossier, yes.line, rma, yes.now)
    rma = order_store.Rma(
        line_id=yes.line.id,
        programme=str(yes.chosen.programme),
        remedy=str(yes.chosen.remedy),
        number=order_store.unused_number(yes.session, "rma"),
        reason=str(yes.judged.case.claim.reason),
        issued_at=yes.now,
        to_check=to_check(yes.line, yes.dossier.told, yes.now),
        quantity=_pieces(yes),
        idempotency_key=f"rma:{yes.key}",
        **yes.record,
    )
    yes.written(rma, "rma.issued", "rma")
    bind_evidence(yes.session, yes.dossier.asker.conversation, rma)
    yes.step(rma, "approve", POLICY if yes.who == "customer" else yes.who)
    notices.rma_issued(yes.session, rma, yes.now)
    return told_rma(yes.session, yes.dossier, yes.line, rma, yes.now, again=False)


def _pieces(yes: Yes) -> int:
    """As many as the customer said, of those that have not gone back already."""
    left, told = money_back(yes.session, yes.line).pieces, yes.dossier.told.pieces
    return left if told is None else min(told, left)


def _open_dispute(yes: Yes) -> Granted:
    dispute = order_store.open_dispute(yes.session, yes.line.id)
    again = dispute is not None
    if dispute is None:
        dispute = order_store.Dispute(
            line_id=yes.line.id,
            number=order_store.unused_number(yes.session, "dispute"),
            reason=str(yes.judged.case.claim.reason),
            opened_at=yes.now,
            to_check=to_check(yes.line, yes.dossier.told, yes.now),
            idempotency_key=f"dispute:{yes.key}",
            **yes.record,
        )
        yes.written(dispute, "dispute.opened", "dispute")
        bind_evidence(yes.session, yes.dossier.asker.conversation, dispute)
    return Granted("dispute", yes.chosen, yes.judged, number=dispute.number, again=again)


def _cancel(yes: Yes) -> Granted:
    found = _cancellation(yes)
    if found is None:
        cancellation = order_store.Cancellation(
            line_id=yes.line.id, cancelled_at=yes.now, idempotency_key=f"cancel:{yes.key}", **yes.record
        )
        yes.written(cancellation, "line.cancelled", "cancellation")
        choice = _choice(yes)
        if choice is not None and "release" in order_store.possible_events(choice):
            yes.step(choice, "release")
    refund = _request_refund(yes, "cancelled")
    return Granted("cancellation", yes.chosen, yes.judged, refund=refund, again=found is not None)


def _cancellation(yes: Yes) -> order_store.Cancellation | None:
    return yes.session.scalar(select(order_store.Cancellation).filter_by(line_id=yes.line.id))


def _wait_for_stock(yes: Yes) -> Granted:
    if _cancellation(yes) is not None:
        return _cancel(yes)  # nothing is sent any more, so there is nothing to wait for
    choice, again = _backorder_choice(yes, "wait")
    kind = "backorder" if choice == "wait" else "refund"
    refund = _request_refund(yes, "out_of_stock") if choice == "refund" else None
    return Granted(kind, yes.chosen, yes.judged, refund=refund, again=again)


def _refund_now(yes: Yes) -> Granted:
    if _cancellation(yes) is not None:
        return _cancel(yes)
    _, again = _backorder_choice(yes, "refund")
    return Granted("refund", yes.chosen, yes.judged, refund=_request_refund(yes, "out_of_stock"), again=again)


def _backorder_choice(yes: Yes, wanted: Literal["wait", "refund"]) -> tuple[str, bool]:
    """ST-O2. Who waits may still take the money; who was promised the money is not made to wait again."""
    found = _choice(yes)
    if found is None:
        found = order_store.BackorderChoice(
            line_id=yes.line.id,
            choice=wanted,
            chosen_at=yes.now,
            idempotency_key=f"backorder:{yes.key}",
            **yes.record,
        )
        yes.session.add(found)
        yes.session.flush()
        yes.step(found, _backorder_step(yes, wanted))
        return wanted, False
    if found.choice == "wait" and wanted == "refund":
        yes.step(found, _backorder_step(yes, wanted))
        found.choice, found.chosen_at = wanted, yes.now
        return wanted, False
    return found.choice, True


def _backorder_step(yes: Yes, wanted: Literal["wait", "refund"]) -> str:
    """Where nothing was paid, there is nothing to refund: the line is only not sent any more."""
    return "release" if wanted == "refund" and yes.line.order.paid_at is None else wanted


def _choice(yes: Yes) -> order_store.BackorderChoice | None:
    return yes.session.scalar(select(order_store.BackorderChoice).filter_by(line_id=yes.line.id))


def _request_refund(yes: Yes, because: Literal["cancelled", "out_of_stock"]) -> tuple[str, str] | None:
    """Ask for the line's money back, once; None where nothing was paid. Gives amount and currency."""
    if yes.line.order.paid_at is None:
        return None
    key = f"refund:line:{yes.line.id}"
    refund = yes.session.scalar(select(order_store.Refund).filter_by(idempotency_key=key))
    if refund is None:
        refund = order_store.Refund(
            line_id=yes.line.id,
            amount=money_back(yes.session, yes.line).amount,
            currency=yes.line.currency,
            because=because,
            requested_at=yes.now,
            idempotency_key=key,
        )
        yes.written(refund, "refund.requested", "refund")
    return f"{refund.amount:.2f}", refund.currency


WRITERS: dict[RemedyName, Callable[[Yes], Granted]] = {
    **dict.fromkeys(SENT_IN, _issue_rma),
    RemedyName.DISPUTE: _open_dispute,
    RemedyName.CANCEL: _cancel,
    RemedyName.WAIT_BACKORDER: _wait_for_stock,
    RemedyName.REFUND_NOW: _refund_now,
}
"""What writes each remedy; one that has no writer goes to a person."""
