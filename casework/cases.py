"""From an order line and what the customer said of it to the case that is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

import order_store
import policy_core
from policy_core import (
    AddressError,
    Case,
    Cause,
    Claim,
    ClaimReason,
    Policy,
    Programme,
    Standing,
    Stock,
    default_policy,
    local_day,
    start_of_day,
)

RETURN_REMEDIES = frozenset({"return_refund", "exchange"})
DELIVERED_AT = "order.delivered_at"


@dataclass(frozen=True, slots=True)
class Told:
    """What the customer said of the goods; `None`: nothing yet. `delivered_on` is a local day of the shop.

    `pieces` are how many of the line's pieces it is about; None: all there are.
    """

    reason: ClaimReason | None = None
    complete: bool | None = None
    activated: bool | None = None
    resalable: bool | None = None
    caused_by_customer: bool | None = None
    cause: Cause | None = None
    labels_intact: bool | None = None
    photos: int | None = None
    delivered_on: date | None = None
    pieces: int | None = None

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> "Told":
        """Read the slots of the same names; days come as ISO text, codes as their values."""
        reason, cause, delivered_on = slots.get("reason"), slots.get("cause"), slots.get("delivered_on")
        return cls(
            reason=ClaimReason(reason) if reason else None,
            complete=slots.get("complete"),
            activated=slots.get("activated"),
            resalable=slots.get("resalable"),
            caused_by_customer=slots.get("caused_by_customer"),
            cause=Cause(cause) if cause else None,
            labels_intact=slots.get("labels_intact"),
            photos=slots.get("photos"),
            delivered_on=date.fromisoformat(delivered_on) if delivered_on else None,
            pieces=slots.get("pieces"),
        )

    def because(self, reason: ClaimReason | None) -> "Told":
        """The same, for `reason` where none was said."""
        return self if self.reason is not None else replace(self, reason=reason)


def shop_zone(shop: order_store.Shop) -> ZoneInfo:
    """The zone the shop's days are counted in."""
    return ZoneInfo(shop.timezone)


def receipt_day_known(line: order_store.Line, now: datetime) -> bool:
    """Whether the order itself says, as of `now`, when the line came."""
    shipment = line.shipment
    if shipment is None:
        return False
    told = (shipment.delivered_at, line.order.receipt_confirmed_at)
    return any(instant is not None and instant <= now for instant in told)


def to_check(line: order_store.Line, told: Told, now: datetime) -> list[str]:
    """The fact paths the verdict rests on by the customer's word alone, for the shop to check."""
    return [DELIVERED_AT] if told.delivered_on is not None and not receipt_day_known(line, now) else []


def shop_terms(shop: order_store.Shop, policy: Policy | None = None) -> policy_core.Shop:
    """What a shop's lines are judged on, its own values read by the edition `policy` (default: the shipped one).

    Raises ParameterError where a value is none the edition takes.
    """
    return policy_core.Shop(
        programmes=tuple(Programme(each) for each in shop.programmes),
        timezone=shop_zone(shop),
        country=shop.country,
        parameters=(policy or default_policy()).read_overrides(shop.parameters, f"shop {shop.key}"),
    )


def build_case(
    session: Session, line: order_store.Line, told: Told, now: datetime, terms: policy_core.Shop | None = None
) -> Case:
    """The case of `line` as of `now`, on `terms` (default: its shop's, under the shipped edition).

    A receipt day the order does not hold is taken from the customer. Raises CaseError when that day contradicts
    the order (it came before it was shipped).
    """
    order, shipment = line.order, line.shipment
    terms = terms or shop_terms(order.shop)
    zone = terms.timezone
    shipped_at = shipment.shipped_at if shipment else None
    delivered_at = shipment.delivered_at if shipment else None
    if told.delivered_on is not None and not receipt_day_known(line, now):
        delivered_at = _instant_on(told.delivered_on, shipped_at, zone)
    dispute, rma = _granted(session, line)
    case = Case(
        as_of=now.astimezone(UTC),
        shop=terms,
        order=policy_core.Order(
            paid_at=order.paid_at,
            shipped_at=shipped_at,
            delivered_at=delivered_at,
            receipt_confirmed_at=order.receipt_confirmed_at if shipment is not None else None,
            completed_at=order.completed_at,
            protection_ends_at=order.protection_ends_at,
            on_platform=order.on_platform,
            account_standing=Standing(order.customer.standing),
            address_error=AddressError(order.address_error),
        ),
        line=policy_core.Line(
            stock=Stock(line.stock),
            factory_shipped_on=line.factory_shipped_on,
            warranty_until=line.warranty_until,
            one_year_service=line.one_year_service is not None,
            repaired_and_sent_back_on=line.repaired_and_sent_back_on,
        ),
        claim=Claim(
            reason=told.reason,
            complete=told.complete,
            activated=told.activated,
            resalable=told.resalable,
            caused_by_customer=told.caused_by_customer,
            cause=told.cause,
            labels_intact=told.labels_intact,
            photos=told.photos,
        ),
        rma=_rma(rma, told),
        claim_closed_at=_claim_closed_at(dispute),
    )
    policy_core.check_events(case)
    return case


def only_reads(session: Session) -> Session:
    """The same session, whose transaction writes nothing: what stands of a line's claims is read once in it."""
    session.info.setdefault(only_reads, {})
    return session


def _granted(session: Session, line: order_store.Line) -> tuple[order_store.Dispute | None, order_store.Rma | None]:
    """The line's newest dispute, and its RMA: the open one, else the newest."""
    known: dict[int, tuple[order_store.Dispute | None, order_store.Rma | None]] = session.info.get(only_reads, {})
    if line.id not in known:
        known[line.id] = order_store.latest_dispute(session, line.id), order_store.latest_rma(session, line.id)
    return known[line.id]


def _rma(rma: order_store.Rma | None, told: Told) -> policy_core.Rma | None:
    """The return given for the line, open or lapsed; an item sent in for repair is no confirmed return.

    A lapsed one goes on barring what it was for (AS-X7; ST-D2: defective goods), and nothing else.
    """
    if rma is None or rma.remedy not in RETURN_REMEDIES:
        return None
    if rma.closed_at is not None and not (rma.decision == "expired" and _still_bars(rma, told)):
        return None
    return policy_core.Rma(Programme(rma.programme), rma.issued_at, rma.handed_over_at, rma.received_at, rma.tracked)


def _still_bars(rma: order_store.Rma, told: Told) -> bool:
    return Programme(rma.programme) is Programme.AFTER_SALES or told.reason in (
        ClaimReason.DEFECTIVE,
        ClaimReason.DAMAGED,
    )


def _claim_closed_at(dispute: order_store.Dispute | None) -> datetime | None:
    """The end of a claim that leaves a refund to come (BP-7); one lost, withdrawn or waived leaves none."""
    if dispute is None or dispute.decision in ("for_seller", "withdrawn") or dispute.settlement == "void":
        return None
    return dispute.claim_closed_at


def _instant_on(day: date, shipped_at: datetime | None, zone: ZoneInfo) -> datetime:
    """An instant on `day`: its start, or the shipping on the same day, so that the order of events holds."""
    if shipped_at is not None and local_day(shipped_at, zone) == day:
        return shipped_at
    return start_of_day(day, zone)
