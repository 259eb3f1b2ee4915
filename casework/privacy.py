"""Privacy requests (BP-8): taken down, the person verified, answered in writing within the shop's term, closed.

Every function that changes something takes who acts (`Acting`) and the stored request. Raises ImpossibleTransition
for what cannot happen now, DeskError for what does not fit.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from order_store import Customer, PrivacyRequest, Shop, normalise_email
from order_store.states import PrivacyKind
from policy_core import local_day

from .acting import Acting, DeskError, NotPossibleError
from .cases import shop_zone
from .erasing import erase_customer


def receive(
    acting: Acting,
    shop: Shop,
    kind: PrivacyKind,
    key: str,
    *,
    contact: str | None = None,
    conversation: str | None = None,
    wish: str | None = None,
) -> PrivacyRequest:
    """Takes a request down; `key` names it: the same key gives the same request. `contact`: where the answer goes.

    `wish`: what is to be corrected, in the customer's own words.
    """
    idempotency_key = f"privacy:{key}"
    found = acting.session.scalar(select(PrivacyRequest).filter_by(idempotency_key=idempotency_key))
    if found is not None:
        return found
    request = PrivacyRequest(
        number=order_store.unused_number(acting.session, "privacy"),
        shop_key=shop.key,
        conversation_id=conversation,
        kind=kind,
        contact=contact,
        wish=wish,
        received_at=acting.now,
        due_on=due_day(shop, acting.now),
        idempotency_key=idempotency_key,
    )
    acting.added(request, "privacy.received", "BP-8", {"kind": kind, "conversation": conversation})
    return request


def due_day(shop: Shop, now: datetime) -> date:
    """The last local day to answer a request made as of `now`: the shop's `privacy_answer_days`; today is day 0."""
    return local_day(now, shop_zone(shop)) + timedelta(days=shop.privacy_answer_days)


def verify(acting: Acting, request: PrivacyRequest, email: str, why: str = "identity_proven") -> None:
    """The request is the customer's own, whose stored address is `email`. Raises DeskError for an unknown one."""
    customer = find_customer(acting.session, request.shop_key, email)
    if customer is None:
        raise DeskError(f"{request.number}: the shop {request.shop_key} has no customer of this address")
    acting.step(request, "verify", why)
    request.customer_id, request.verified_at = customer.id, acting.now


def answer(acting: Acting, request: PrivacyRequest, why: str = "answered_in_writing") -> None:
    """The answer has gone out in writing; the request is closed. One for erasure is answered by `erase`."""
    if request.kind == "erasure":
        raise NotPossibleError(f"{request.number} asks for erasure: erase, or refuse it with a reason")
    _answered(acting, request, why)


def refuse(acting: Acting, request: PrivacyRequest, why: str) -> None:
    """The request is not met, for the reason code `why`, and the person has been told so; it is closed."""
    acting.step(request, "refuse", why)
    request.answered_at = acting.now
    acting.step(request, "close", why)


def erase(acting: Acting, request: PrivacyRequest, why: str = "BP-8") -> Sequence[str]:
    """Empties everything stored of the request's customer, and closes it; gives the ids of their conversations.

    Raises NotPossibleError, naming them, while cases of theirs are open: settle those first.
    """
    order_store.hold(acting.session, request)
    if request.kind != "erasure":
        raise NotPossibleError(f"{request.number} asks for {request.kind}, not for erasure: answer it")
    if request.customer is None:
        raise NotPossibleError(f"{request.number}: verify first whose data it is")
    conversations = erase_customer(acting, request.customer, why, request.conversation_id)
    request.erased_at = acting.now
    _answered(acting, request, why)
    return conversations


def find_customer(session: Session, shop_key: str, email: str) -> Customer | None:
    """The shop's customer of this e-mail address, however it is written."""
    address = normalise_email(email)
    if address is None:
        return None
    return session.scalar(select(Customer).filter_by(shop_key=shop_key, email=address))


def unanswered(session: Session, shop_key: str | None = None) -> list[PrivacyRequest]:
    """The requests that are not closed, the most urgent first."""
    query = select(PrivacyRequest).where(PrivacyRequest.closed_at.is_(None)).order_by(PrivacyRequest.due_on)
    if shop_key is not None:
        query = query.where(PrivacyRequest.shop_key == shop_key)
    return list(session.scalars(query))


def _answered(acting: Acting, request: PrivacyRequest, why: str) -> None:
    acting.step(request, "answer", why)
    request.answered_at = acting.now
    acting.step(request, "close", why)
