"""Where an RMA stands, in words: the goods, what was decided, what became of the money, and what comes next."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

import order_store
from order_store import Rma
from policy_core import local_day

from .cases import shop_zone
from .deadlines import day_in_words
from .granted import Granted
from .paper import return_by, standing_terms
from .refunds import refund_of
from .telling import VERSION, Teller, Telling

NEXT = {
    "requested": "approve",
    "sent": "inspect",
    "received_in_part": "inspect",
    "received": "inspect",
    "inspected": "decide",
    "lost": "decide",
    "accepted_return_refund": "refund",
    "accepted_exchange": "exchange",
    "accepted_warranty_repair": "repair",
}
"""What happens next, for the states in which the shop has something to do."""

_BACK_AGAIN = {"sent_back": "went_back", "kept": "kept", "lost": "lost_for_good"}


def status_of(rma: Rma, lapsed: bool) -> str:
    """One code for where the RMA stands. `lapsed`: its last day has passed, whether that is noted already or not."""
    match rma.decision:
        case "cancelled" | "requested" | "rejected":
            return rma.decision
        case "expired":
            return "expired" if rma.goods == "awaited" else "expired_received"
        case "approved" if rma.goods == "awaited":
            return "expired" if lapsed else "approved"
        case "approved":
            return rma.goods
        case _:
            settled = {"due": f"accepted_{rma.remedy}", "void": "waived"}
            return settled.get(rma.settlement, rma.settlement)


def last_day_of(rma: Rma) -> tuple[datetime, str] | None:
    """By when the parcel had to be on its way (UTC), and the clause; None where the policy names no day."""
    remedy, periods = standing_terms(rma)
    return return_by(remedy, periods, shop_zone(rma.line.order.shop)) if remedy is not None else None


def tell_approved(teller: Teller, granted: Granted) -> Telling:
    """An RMA whose parcel is awaited: the number, by when, how to send it, and to tell when that is done."""
    told = teller.granted(granted)
    return Telling(f"{told.text}\n{teller.words('rma_approved')}", {**told.custom, "status": "approved"})


def tell_rma(session: Session, teller: Teller, rma: Rma, status: str) -> Telling:
    """An RMA in any other state: where it stands, and what comes next and by when."""
    words = teller.words
    refund = refund_of(session, rma)
    amount = f"{refund.amount:.2f} {refund.currency}" if refund is not None else ""
    end = last_day_of(rma)
    sentences = [
        words(
            f"rma_{status}",
            item=teller.line.title,
            number=rma.number,
            amount=amount,
            because=rma.decided_because or "",
            came=rma.received_quantity,
            pieces=rma.quantity,
            day=_day(teller, _instant_told(rma, status, end)),
            clause=end[1] if end is not None else "",
        )
    ]
    if rma.decision == "accepted_in_part":
        sentences.append(words("rma_accepted_in_part", accepted=rma.accepted_quantity, pieces=rma.quantity))
    sentences += _parcel(teller, rma, status)
    if status == "lost" and rma.programme == "store_policy":
        sentences.append(words("rma_loss_on_the_way"))
    if status in NEXT:
        sentences += [words(f"rma_next_{NEXT[status]}"), words("rma_no_day")]
    return Telling("\n".join(sentences), _payload(rma, status, refund))


def _instant_told(rma: Rma, status: str, end: tuple[datetime, str] | None) -> datetime | None:
    match status:
        case "sent" | "lost":
            return rma.handed_over_at
        case "expired" | "expired_received":
            return end[0] if end is not None else None
        case _:
            return rma.received_at


def _day(teller: Teller, instant: datetime | None) -> str:
    if instant is None:
        return ""
    day: date = local_day(instant, shop_zone(teller.line.order.shop))
    return day_in_words(day, teller.words)


def _parcel(teller: Teller, rma: Rma, status: str) -> list[str]:
    """The parcel that travels, and where it is that is not taken back."""
    words, sentences = teller.words, []
    if status == "sent" and rma.tracking is None:
        sentences.append(words("rma_untracked"))
    elif status == "sent":
        carrier = rma.carrier or words("phrase_the_carrier")
        sentences.append(words("tracking", carrier=carrier, tracking=rma.tracking))
    if status in ("rejected", "expired_received", "repaired") or rma.decision == "accepted_in_part":
        back = _BACK_AGAIN.get(rma.goods, "goes_back")
        sentences.append(words(f"rma_{back}", item=teller.line.title))
    if rma.outbound_tracking and status in ("rejected", "exchanged", "repaired", "expired_received"):
        carrier = rma.outbound_carrier or words("phrase_the_carrier")
        sentences.append(words("tracking", carrier=carrier, tracking=rma.outbound_tracking))
    return sentences


def _payload(rma: Rma, status: str, refund: order_store.Refund | None) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "v": VERSION,
        "kind": "rma_status",
        "number": rma.number,
        "status": status,
        "carrier": rma.carrier,
        "tracking": rma.tracking,
    }
    if refund is not None:
        payload |= {"amount": f"{refund.amount:.2f}", "currency": refund.currency}
    return payload
