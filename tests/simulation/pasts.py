"""What has happened at the shop before a customer writes: an RMA issued, its parcel sent, taken back, paid for.

It is done by what does it in the product; what it comes to is worked out here once more, from the policy alone.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

import order_store
import policy_core
from casework import returns
from casework.acting import DESK, Acting
from casework.cases import shop_zone
from casework.dossier import Dossier
from casework.granting import grant
from casework.identity import Asker
from order_store import Refund
from policy_core import Programme, RemedyName, decide, local_day

STAGES: Mapping[str, Mapping[str, int]] = {
    "rma": {"approved": 55, "sent": 20, "received": 15, "refunded": 10},
    "refund_status": {"approved": 15, "sent": 20, "accepted": 25, "refunded": 25, "cancelled": 15},
}
"""In how many of a hundred matters of a goal it has come how far."""
SAYS_IT_WENT_BACK = re.compile(
    r"\b(?:sent|posted|dropped|handed|returned|given back|received|got it|arrived|tracking)\b", re.I
)
ISSUED_AGO = (0, 1, 2, 3, 5, 7, 8, 12, 20, 29, 30, 31, 40)
TAKEN_BACK_FOR = timedelta(days=60)
"""Within so many days of its arrival every shop takes back what is faulty."""
LONGEST_STEP = timedelta(days=2)
GRANTED_ON = {"complete": True, "caused_by_customer": False, "labels_intact": True, "photos": 1}
STEPS: Mapping[str, tuple[str, ...]] = {
    "approved": (),
    "sent": ("send",),
    "received": ("send", "receive"),
    "accepted": ("send", "receive", "inspect", "accept"),
    "refunded": ("send", "receive", "inspect", "accept", "refund"),
}


@dataclass(frozen=True)
class Past:
    """How far it has come. `tracking`: of the parcel the customer has sent, whether the shop knows of it or not."""

    stage: str
    issued_ago: int
    tracking: str | None
    carrier: str

    @property
    def is_untold(self) -> bool:
        """Whether the customer has sent the parcel and still has to tell so."""
        return self.stage == "approved" and self.tracking is not None


@dataclass(frozen=True)
class Standing:
    """What is true after it: of the RMA, and of the `refund` as its state, amount, currency and cause.

    `status` is the RMA's as it is told, "" without one; `days` are those that may be named.
    """

    number: str | None
    status: str
    last_day: date | None
    refund: tuple[str, str, str, str] | None
    days: frozenset[date]


def make_past(rng: random.Random, goal: str, opening: str) -> Past | None:
    """Something that may well have happened to somebody who begins with `opening`; None for most goals."""
    if goal not in STAGES:
        return None
    went_back = SAYS_IT_WENT_BACK.search(opening) is not None
    stages = dict(STAGES[goal])
    if goal == "rma" and not went_back:
        stages = {"approved": 100}
    elif went_back and goal == "refund_status":
        stages = {stage: share for stage, share in stages.items() if stage not in ("approved", "cancelled")}
    stage = rng.choices(list(stages), list(stages.values()))[0]
    untold = stage == "approved" and goal == "rma" and went_back
    tracking = f"TR{rng.randrange(10**8, 10**9)}" if untold or "send" in STEPS.get(stage, ()) else None
    issued_ago = rng.choice(ISSUED_AGO[:4] if untold else ISSUED_AGO)
    return Past(stage, issued_ago, tracking, rng.choice(("Parcel Post", "Swift Couriers")))


def happen(session: Session, past: Past, order: order_store.Order, position: int, now: datetime) -> Standing:
    """Lets it happen to the line at `position`, each step at its time before `now`, and gives what is true then."""
    line = order.lines[position]
    cancels = past.stage == "cancelled"
    began = order.paid_at if cancels else _issued_at(line, now - timedelta(days=past.issued_ago))
    assert began is not None
    dossier = Dossier.from_slots(
        {
            "goal": "cancel_order" if cancels else "report_defect",
            "order_number": order.number,
            "verified_order": order.number,
            "contact": order.customer.email,
            "line": position,
            **({} if cancels else {"reason": "defective", **GRANTED_ON}),
        },
        Asker(order.shop_key, f"before-{order.number}", "before"),
    )
    remedy = RemedyName.CANCEL if cancels else RemedyName.RETURN_REFUND
    granted = grant(session, dossier, line, remedy, began, f"before-{order.number}", DESK)
    pause = min((now - began) / 6, LONGEST_STEP)
    last_day = None
    zone = shop_zone(order.shop)
    today = local_day(now, zone)
    days = {local_day(instant, zone) for instant in (began, *(began + pause * step for step in range(1, 6)))}
    rma = order_store.latest_rma(session, line.id)
    if rma is not None:
        issued = replace(granted.judged.case, rma=policy_core.Rma(Programme(rma.programme), began))
        terms = decide(issued).remedy(remedy, Programme(rma.programme))
        last_day = terms.last_day if terms is not None else None
        for place, step in enumerate(STEPS[past.stage], start=1):
            acting = Acting(session, began + pause * place, DESK)
            options = {"carrier": past.carrier, "tracking": past.tracking} if step == "send" else {}
            _step(step)(acting, rma, **options)
    session.flush()
    refund = session.query(Refund).filter_by(line_id=line.id).one_or_none()
    return Standing(
        number=rma.number if rma is not None else None,
        status=_status(past, last_day, today) if rma is not None else "",
        last_day=last_day,
        refund=_refund(past, order, position) if refund is not None else None,
        days=frozenset(days | ({last_day} if last_day is not None else set()) | ({today} if past.is_untold else set())),
    )


def _step(name: str) -> Callable[..., None]:
    found: Callable[..., None] = getattr(returns, name)
    return found


def _status(past: Past, last_day: date | None, today: date) -> str:
    if past.stage == "approved":
        return "expired" if last_day is not None and last_day < today else "approved"
    return {"accepted": "accepted_return_refund"}.get(past.stage, past.stage)


def _refund(past: Past, order: order_store.Order, position: int) -> tuple[str, str, str, str]:
    line = order.lines[position]
    state = "paid" if past.stage == "refunded" else "requested"
    because = "cancelled" if past.stage == "cancelled" else "returned"
    return state, f"{line.unit_price * line.quantity:.2f}", line.currency, because


def _issued_at(line: order_store.Line, meant: datetime) -> datetime:
    """The instant next to the one that is `meant` at which the item was there, and could be sent back."""
    assert line.shipment is not None
    assert line.shipment.delivered_at is not None
    came_at = line.shipment.delivered_at
    return max(came_at, min(meant, came_at + TAKEN_BACK_FOR))
