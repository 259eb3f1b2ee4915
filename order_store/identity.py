"""Counting failed attempts to prove who one is."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_store.finding import order_key as key_of
from order_store.tables import IdentityAttempt


def record_attempt(
    session: Session,
    *,
    at: datetime,
    shop_key: str,
    conversation_id: str,
    client: str,
    order_key: str,
    succeeded: bool,
) -> IdentityAttempt:
    """Notes one try at an order, known or not; `order_key` may also be the number as typed."""
    attempt = IdentityAttempt(
        at=at,
        shop_key=shop_key,
        conversation_id=conversation_id,
        client=client,
        order_key=_fitting(order_key),
        succeeded=succeeded,
    )
    session.add(attempt)
    return attempt


def failures_since(
    session: Session,
    *,
    since: datetime,
    until: datetime | None = None,
    shop_key: str | None = None,
    conversation_id: str | None = None,
    client: str | None = None,
    order_key: str | None = None,
) -> int:
    """How many tries failed after `since`, and not after `until`, that match everything given.

    One conversation: `conversation_id`; one client address: `client`; one order from one client address:
    `client`, `order_key` and `shop_key`. Raises ValueError when none of the first two is given: a
    stranger's failures must never count against an order's owner.
    """
    if conversation_id is None and client is None:
        raise ValueError("failures are counted for a conversation or for a client address")
    query = select(func.count()).where(IdentityAttempt.succeeded.is_(False), IdentityAttempt.at > since)
    if until is not None:
        query = query.where(IdentityAttempt.at <= until)
    if shop_key is not None:
        query = query.where(IdentityAttempt.shop_key == shop_key)
    if conversation_id is not None:
        query = query.where(IdentityAttempt.conversation_id == conversation_id)
    if client is not None:
        query = query.where(IdentityAttempt.client == client)
    if order_key is not None:
        query = query.where(IdentityAttempt.order_key == _fitting(order_key))
    return session.scalars(query).one()


def _fitting(order_key: str) -> str:
    return key_of(order_key)[:64]
