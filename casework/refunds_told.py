"""Where a customer's money is, in their words: paid, asked for, or what it still waits for, line by line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from order_store import Dispute, Line, Order, Refund, Rma
from policy_core import ParameterName, default_policy, local_day

from .cases import shop_zone
from .deadlines import day_in_words, deadline_in_words, last_day_in_words
from .paper import return_by, standing_terms
from .refunds_owed import LineMoney, Owed
from .telling import VERSION, Telling
from .words import Words

_PENDING_RMA = ("requested", "approved")


@dataclass(frozen=True, slots=True)
class RefundTeller:
    """Tells what is known of the money for the lines of `order`, the customer's own, as of `now` (UTC)."""

    words: Words
    order: Order
    now: datetime

    def tell(self, moneys: list[LineMoney]) -> Telling:
        """What was paid or asked for, each with its days, and what is still needed; where nothing is owed, that."""
        sentences = [sentence for each in moneys for sentence in self._line(each)]
        if any(owed.refund.state == "requested" and owed.due_on is None for each in moneys for owed in each.refunds):
            sentences.append(self._when_is_unsaid(moneys))
        empty = [each.line.title for each in moneys if each.is_empty]
        if empty and self.order.paid_at is None:
            sentences.append(self.words("no_refund_unpaid", order=self.order.number))
        elif empty:
            sentences.append(self.words("no_refund", items=", ".join(empty)))
        payload = {
            "v": VERSION,
            "kind": "refund_status",
            "order": self.order.number,
            "lines": [self._payload(each) for each in moneys],
        }
        return Telling("\n".join(sentences), payload)

    def _line(self, money: LineMoney) -> list[str]:
        line, sentences = money.line, []
        for owed in money.refunds:
            sentences += self._refund(line, owed)
        if money.rma is not None:
            sentences += self._rma(line, money.rma)
        if money.dispute is not None:
            sentences.append(self._dispute(line, money.dispute))
        if money.cancellation is not None and not money.refunds:
            sentences.append(self.words("granted_cancellation_unpaid", item=line.title))
        for ticket in money.approvals:
            remedy = self.words(f"name_{ticket.remedy}")
            sentences.append(self.words("refund_approval", item=line.title, remedy=remedy, number=ticket.number))
        return sentences

    def _refund(self, line: Line, owed: Owed) -> list[str]:
        refund = owed.refund
        number = owed.owed_for.number if owed.owed_for is not None else None
        told = {
            "item": line.title,
            "amount": f"{refund.amount:.2f} {refund.currency}",
            "why": self.words(f"refund_for_{refund.because}", number=number),
        }
        if refund.state == "paid":
            return [self.words("refund_paid", day=self._day(refund.paid_at or refund.requested_at), **told)]
        if refund.state == "dropped":
            return [self.words("refund_dropped", **told)]
        return [self.words("refund_requested", day=self._day(refund.requested_at), **told), *self._due(owed)]

    def _due(self, owed: Owed) -> list[str]:
        """By when it is there, where a clause says it (BP-7)."""
        if owed.due_on is None:
            return []
        key = "date_refund_due_over" if self._is_overdue(owed) else "date_refund_due"
        sentence = self.words(
            key,
            day=day_in_words(owed.due_on, self.words),
            deadline=last_day_in_words(owed.due_on, self._zone, self.now, self.words),
        )
        return [f"{sentence} ({_due_clause()})"]

    def _when_is_unsaid(self, moneys: list[LineMoney]) -> str:
        """A dispute's money has a day as soon as its process is over; for other money the policy names none."""
        waits_for_its_end = any(
            isinstance(owed.owed_for, Dispute) and owed.refund.state == "requested" and owed.due_on is None
            for each in moneys
            for owed in each.refunds
        )
        if waits_for_its_end:
            return f"{self.words('refund_due_later')} ({_due_clause()})"
        return self.words("refund_no_day")

    def _rma(self, line: Line, rma: Rma) -> list[str]:
        told = {"item": line.title, "number": rma.number}
        if rma.decision in _PENDING_RMA and rma.remedy == "return_refund":
            sentences = [self.words(f"refund_rma_{rma.goods}", **told)]
            return sentences + (self._send_by(rma) if rma.goods == "awaited" else [])
        if rma.decision == "rejected":
            because = f"reason_{rma.decided_because}"
            rejected = self.words("refund_rma_rejected", **told)
            return [rejected, self.words(because)] if because in self.words else [rejected]
        if rma.decision in ("cancelled", "expired"):
            return [self.words(f"refund_rma_{rma.decision}", **told)]
        return [self.words("refund_rma_no_money", **told)]

    def _send_by(self, rma: Rma) -> list[str]:
        """What the customer still has to do, and by when, where the policy sets a last day."""
        remedy, periods = standing_terms(rma)
        end = return_by(remedy, periods, self._zone) if remedy is not None else None
        if end is None:
            return []
        closes_at, clause = end
        if closes_at < self.now:
            return [f"{self.words('date_rma_return_by_over', day=self._day(closes_at))} ({clause})"]
        deadline = deadline_in_words(closes_at, self._zone, self.now, self.words)
        return [f"{self.words('return_by', deadline=deadline)} ({clause})"]

    def _dispute(self, line: Line, dispute: Dispute) -> str:
        return self.words(f"refund_dispute_{dispute.decision}", item=line.title, number=dispute.number)

    def _is_overdue(self, owed: Owed) -> bool:
        return owed.due_on is not None and owed.due_on < local_day(self.now, self._zone)

    @property
    def _zone(self) -> ZoneInfo:
        return shop_zone(self.order.shop)

    def _day(self, instant: datetime) -> str:
        return day_in_words(local_day(instant, self._zone), self.words)

    def _payload(self, money: LineMoney) -> dict[str, Any]:
        rma, dispute = money.rma, money.dispute
        return {
            "line": money.line.position + 1,
            "item": money.line.title,
            "refunds": [self._refund_payload(owed) for owed in money.refunds],
            "rma": rma
            and {
                "number": rma.number,
                "goods": rma.goods,
                "decision": rma.decision,
                "settlement": rma.settlement,
            },
            "dispute": dispute
            and {"number": dispute.number, "decision": dispute.decision, "settlement": dispute.settlement},
        }

    def _refund_payload(self, owed: Owed) -> dict[str, Any]:
        refund: Refund = owed.refund
        return {
            "state": refund.state,
            "amount": f"{refund.amount:.2f}",
            "currency": refund.currency,
            "because": refund.because,
            "requested_at": refund.requested_at.isoformat(),
            "paid_at": refund.paid_at.isoformat() if refund.paid_at else None,
            "due_on": owed.due_on.isoformat() if owed.due_on else None,
        }


def _due_clause() -> str:
    return default_policy().parameters[ParameterName.REFUND_DUE_DAYS].clause
