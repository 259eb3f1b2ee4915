"""Taking a conversation up again after its session is over."""

from datetime import datetime

from sqlalchemy.orm import Session

from order_store.tables import Conversation


def resume_conversation(
    session: Session,
    conversation_id: str,
    *,
    shop_key: str,
    moves: int,
    at: datetime,
    expires_at: datetime,
    client: str,
    customer_email: str | None = None,
    customer_orders: list[str] | None = None,
) -> Conversation | None:
    """The conversation under a new session until `expires_at`; as it is, where its session is not over yet.

    `customer_email` and `customer_orders` are what a verified customer token says now, else null. None where there is
    no such conversation of the shop, it is not this customer's (what one was vouched for, nobody else reads), or it
    went on elsewhere more than `moves` times. A new session begins behind everything said before (`session_from`).
    """
    conversation = session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    if conversation is None or conversation.shop_key != shop_key or conversation.moves != moves:
        return None
    if (conversation.customer_email or "").lower() != (customer_email or "").lower():
        return None
    if conversation.expires_at <= at:
        conversation.expires_at = expires_at
        conversation.session_from = conversation.last_seq
        conversation.client = client
        conversation.customer_orders = customer_orders
        session.flush()
    return conversation
