"""Who is asking: order number and e-mail (or phone) have to belong together before any fact leaves.

A wrong pair, an unknown order and somebody else's order get the same answer after the same work. Failures
are counted in the store per conversation and per client address, never per order alone: a stranger's tries
do not lock the owner out.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy.orm import Session

import order_store

MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)
FEWEST_PHONE_DIGITS = 8
LONGEST_COUNTRY_CODE = 3


@dataclass(frozen=True, slots=True)
class Asker:
    """Where the question comes from. `client` is a keyed hash of the address, `email` and `orders` what a
    token signed by the shop vouches for (`orders` None: all of that customer's)."""

    shop_key: str
    conversation: str
    client: str
    email: str | None = None
    orders: tuple[str, ...] | None = None


class Refusal(Enum):
    """Why no order was shown."""

    NO_MATCH = "no_match"
    WAIT = "wait"


def identify(
    session: Session, asker: Asker, number: str, contact: str | None, now: datetime
) -> order_store.Order | Refusal:
    """The order, if `contact` (e-mail or phone; not needed with a signed token) is its customer's.

    An order can be named by the number of an RMA given for it as well.

    Needs a writing session: the attempt is recorded whatever its outcome.
    """
    key = order_store.order_key(number)
    if _too_many(session, asker, now):
        return Refusal.WAIT
    order = _order_named(session, asker.shop_key, number)
    proven = _proven(order, asker, contact or "")
    if order is not None and proven:
        key = order.number_key
    order_store.record_attempt(
        session,
        at=now,
        shop_key=asker.shop_key,
        conversation_id=asker.conversation,
        client=asker.client,
        order_key=key,
        succeeded=proven,
    )
    return order if order is not None and proven else Refusal.NO_MATCH


def _order_named(session: Session, shop_key: str, number: str) -> order_store.Order | None:
    order = order_store.find_order(session, shop_key, number)
    rma = order_store.find_rma(session, shop_key, number) if order is None else None
    return order_store.find_order(session, shop_key, rma.line.order.number) if rma is not None else order


def own_order(session: Session, asker: Asker, number: str, contact: str | None) -> order_store.Order | None:
    """The order again, later in the conversation that proved it; ownership is checked where data is read.

    A session reads it once: what is asked again in the same transaction is the same order.
    """
    orders = session.info.setdefault(own_order, {})
    named = (asker.shop_key, order_store.order_key(number))
    if named not in orders:
        orders[named] = order_store.find_order(session, asker.shop_key, number)
    order: order_store.Order | None = orders[named]
    return order if order is not None and _proven(order, asker, contact or "") else None


def _proven(order: order_store.Order | None, asker: Asker, contact: str) -> bool:
    customer = order.customer if order is not None else None
    email = customer.email if customer is not None else ""
    phone = (customer.phone if customer is not None else None) or ""
    vouched = asker.email is not None and _same(asker.email.lower(), email) and _named(order, asker)
    matches_email = _same(contact.strip().lower(), email)
    return customer is not None and (vouched or matches_email or _same_phone(contact, phone))


def _named(order: order_store.Order | None, asker: Asker) -> bool:
    if order is None or asker.orders is None:
        return order is not None
    return order.number_key in {order_store.order_key(number) for number in asker.orders}


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode()) and bool(one)


def _same_phone(given: str, stored: str) -> bool:
    """Whether two ways of writing one number agree: with +49 or 0049 in front, or the national 0."""
    national, full = _digits(given).lstrip("0"), _digits(stored)
    if "@" in given or len(national) < FEWEST_PHONE_DIGITS:
        return False
    return _same(national, full[-len(national) :]) and len(full) - len(national) <= LONGEST_COUNTRY_CODE


def _digits(phone: str) -> str:
    """Without the "(0)" of "+49 (0)30 …", which nobody dials."""
    return re.sub(r"\D", "", re.sub(r"\(0\)", "", phone))


def _too_many(session: Session, asker: Asker, now: datetime) -> bool:
    """The client's tries at this order are among the client's, so two counts say it all."""
    since = now - WINDOW
    by_conversation = order_store.failures_since(session, since=since, until=now, conversation_id=asker.conversation)
    by_client = order_store.failures_since(session, since=since, until=now, client=asker.client)
    return max(by_conversation, by_client) >= MOST_FAILURES
