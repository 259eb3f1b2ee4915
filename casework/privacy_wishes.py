"""Privacy requests made in the chat (BP-8): what is asked for, whose data it is, and what is open already."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from order_store import Customer, Order, PrivacyRequest, Shop
from order_store.states import PRIVACY_KINDS, PrivacyKind

from . import privacy
from .acting import Acting
from .identity import Asker

LONGEST_WISH = 1000
"""Characters of what is to be corrected that a request holds; the conversation has the rest."""


@dataclass(frozen=True, slots=True)
class PrivacyWish:
    """What the customer asks of their data; `correction`: what to correct, in their own words."""

    kind: PrivacyKind | None = None
    correction: str | None = None

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> "PrivacyWish":
        """Read the slots `privacy_kind` and `correction`."""
        kind = next((each for each in PRIVACY_KINDS if each == slots.get("privacy_kind")), None)
        return cls(kind, slots.get("correction") if kind == "correction" else None)

    @property
    def missing(self) -> str | None:
        """The slot that still has to be asked for."""
        if self.kind is None:
            return "privacy_kind"
        return "correction" if self.kind == "correction" and self.correction is None else None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data it is: proven by an order, or vouched for by the shop. `email`: where the answer goes.

    `customer` is None for somebody signed in of whom the shop's store holds nothing.
    """

    shop: Shop
    email: str
    customer: Customer | None


def subject_of(session: Session, asker: Asker, order: Order | None) -> Subject | None:
    """Whose data is asked for, given the order they have proven to be theirs; None while nobody is known.

    A token that vouches for some orders only vouches for these, so one of them has to be named.
    """
    if order is not None:
        return Subject(order.shop, order.customer.email, order.customer)
    if asker.email is None or asker.orders is not None:
        return None
    shop = order_store.find_shop(session, asker.shop_key)
    return Subject(shop, asker.email, privacy.find_customer(session, shop.key, asker.email))


def next_slots(
    session: Session, wish: PrivacyWish, asker: Asker, order: Order | None, confirmed: bool | None
) -> list[str]:
    """The slots to ask for: what is wanted, then who it is, then the yes; none: there is nothing left to ask."""
    if wish.missing is not None:
        return [wish.missing]
    subject = subject_of(session, asker, order)
    if subject is None:
        return ["order_number"] if asker.email else ["order_number", "contact"]
    if is_taken_down(open_request(session, subject, wish), wish):
        return []
    return ["confirm"] if confirmed is None else []


def open_request(session: Session, subject: Subject, wish: PrivacyWish) -> PrivacyRequest | None:
    """The request of this kind that the subject has made and that is not answered yet."""
    query = select(PrivacyRequest).where(
        PrivacyRequest.shop_key == subject.shop.key,
        PrivacyRequest.kind == wish.kind,
        PrivacyRequest.closed_at.is_(None),
    )
    if subject.customer is not None:
        query = query.where(PrivacyRequest.customer_id == subject.customer.id)
    else:
        query = query.where(PrivacyRequest.contact == subject.email)
    return session.scalar(query.order_by(PrivacyRequest.id).limit(1))


def is_taken_down(request: PrivacyRequest | None, wish: PrivacyWish) -> bool:
    """Whether all that is wished stands in the `request` already."""
    if request is None:
        return False
    return wish.correction is None or _plain(wish.correction) in _plain(request.wish or "")


def take_down(acting: Acting, subject: Subject, wish: PrivacyWish, key: str, conversation: str) -> PrivacyRequest:
    """The request, verified; the one that is open already, with what is new in it, where there is one.

    `key` names the customer's yes: the same key gives the same request. Raises ValueError for a wish of no kind.
    """
    if wish.kind is None:
        raise ValueError("a privacy request asks for access, correction or erasure")
    if subject.customer is not None:
        acting.session.refresh(subject.customer, with_for_update=True)
    found = open_request(acting.session, subject, wish)
    if found is not None:
        if not is_taken_down(found, wish):
            _add(acting, found, wish.correction or "")
        return found
    request = privacy.receive(
        acting, subject.shop, wish.kind, key, contact=subject.email, conversation=conversation, wish=wish.correction
    )
    if subject.customer is not None and request.course == "received":
        privacy.verify(acting, request, subject.email)
    return request


def due_on(session: Session, subject: Subject, wish: PrivacyWish, now: datetime) -> date:
    """The last local day to answer it: the open request's own, else what one made now gets."""
    found = open_request(session, subject, wish)
    return found.due_on if found is not None else privacy.due_day(subject.shop, now)


def _add(acting: Acting, request: PrivacyRequest, correction: str) -> None:
    order_store.hold(acting.session, request)
    request.wish = "\n".join(each for each in (request.wish, correction) if each)
    order_store.record(
        acting.session,
        at=acting.now,
        who=acting.who,
        what="privacy.added",
        subject=order_store.subject_of(request),
        why="BP-8",
        details={"kind": request.kind},
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()
