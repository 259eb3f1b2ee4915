"""What goes out by messengers, text messages and e-mail threads: queued, claimed under a lease, settled.

It is the outbox's way, for messages of which the next must not overtake the one before. Instants are machine time.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from order_store.codes import Channel
from order_store.inserting import insert_once
from order_store.outbox import without_addresses
from order_store.tables import Conversation, Correspondent, Dispatch, Message

_AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)


def queue(
    session: Session,
    correspondent_id: int,
    *,
    key: str,
    holds: Mapping[str, Any],
    at: datetime,
    letter_id: int | None = None,
) -> bool:
    """Queues one dispatch in the caller's transaction; False where the `key` is known already."""
    return insert_once(
        session,
        Dispatch,
        "idempotency_key",
        correspondent_id=correspondent_id,
        idempotency_key=key,
        holds=dict(holds),
        letter_id=letter_id,
        queued_at=at,
        state="waiting",
        tries=0,
        parts_sent=0,
        due_at=_AT_ONCE,
    )


def untold(session: Session, most: int = 200) -> list[int]:
    """The ids of correspondents in whose conversation something was said that was not handed to their channel yet."""
    query = (
        select(Correspondent.id)
        .join(Conversation, Correspondent.conversation_id == Conversation.id)
        .where(Correspondent.left_at.is_(None), Conversation.last_seq > Correspondent.told_seq)
    )
    return list(session.scalars(query.order_by(Correspondent.id).limit(most)))


def unread(session: Session, correspondent: Correspondent) -> list[Message]:
    """The messages of the conversation the channel has not been handed yet, in order."""
    query = select(Message).where(
        Message.conversation_id == correspondent.conversation_id, Message.seq > correspondent.told_seq
    )
    return list(session.scalars(query.order_by(Message.seq)))


def claim(session: Session, by: str, at: datetime, until: datetime) -> Dispatch | None:
    """Takes the dispatch that has been due longest, for `by` alone until `until`; None: none is due.

    Nothing overtakes what was queued for the same correspondent before it. Commit before sending.
    """
    before = aliased(Dispatch)
    earlier = exists().where(
        before.correspondent_id == Dispatch.correspondent_id, before.id < Dispatch.id, before.state == "waiting"
    )
    dispatch = session.scalar(
        select(Dispatch)
        .where(Dispatch.state == "waiting", Dispatch.due_at <= at, ~earlier)
        .order_by(Dispatch.due_at, Dispatch.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if dispatch is None:
        return None
    dispatch.claimed_by, dispatch.due_at, dispatch.tries = by, until, dispatch.tries + 1
    session.flush()
    whole = select(Dispatch).where(Dispatch.id == dispatch.id).options(joinedload(Dispatch.correspondent))
    return session.scalars(whole).one()


def any_due(session: Session, at: datetime) -> bool:
    """Whether there may be something to claim at `at`; for a look that locks nothing."""
    due = select(Dispatch.id).where(Dispatch.state == "waiting", Dispatch.due_at <= at)
    return session.scalar(due.limit(1)) is not None


def note_part(session: Session, dispatch: Dispatch, sent: int, until: datetime) -> None:
    """The provider took `sent` parts of it by now; the claim holds until `until`."""
    _settle(session, dispatch, parts_sent=sent, due_at=until)


def mark_sent(session: Session, dispatch: Dispatch, sent: int, at: datetime) -> None:
    _settle(session, dispatch, state="sent", parts_sent=sent, sent_at=at, last_error=None, claimed_by=None)


def put_off(session: Session, dispatch: Dispatch, until: datetime, reason: str) -> None:
    """A passing failure: tried again at `until`."""
    _settle(session, dispatch, due_at=until, last_error=without_addresses(reason), claimed_by=None)


def mark_dead(session: Session, dispatch: Dispatch, reason: str) -> None:
    """Not to be tried again; what was queued after it does not wait for it."""
    _settle(session, dispatch, state="dead", last_error=without_addresses(reason), claimed_by=None)


def hold_channel(session: Session, channel: Channel, shop_key: str, until: datetime) -> None:
    """The provider takes nothing of this account before `until`: nothing of it comes due sooner."""
    ours = select(Correspondent.id).where(Correspondent.channel == channel, Correspondent.shop_key == shop_key)
    session.execute(
        update(Dispatch)
        .where(Dispatch.state == "waiting", Dispatch.due_at < until, Dispatch.claimed_by.is_(None))
        .where(Dispatch.correspondent_id.in_(ours))
        .values(due_at=until)
        .execution_options(synchronize_session=False)
    )


def tried_for(session: Session, letter_id: int) -> str | None:
    """The state of the dispatch that carries this letter; None where none does."""
    return session.scalar(select(Dispatch.state).where(Dispatch.letter_id == letter_id).limit(1))


def count_dispatches(session: Session) -> dict[str, int]:
    """How many dispatches there are in each state that has any."""
    return dict(session.execute(select(Dispatch.state, func.count()).group_by(Dispatch.state)).tuples().all())


def _settle(session: Session, dispatch: Dispatch, **values: Any) -> None:
    """Nothing, where the claim has been lost."""
    session.execute(
        update(Dispatch)
        .where(Dispatch.id == dispatch.id, Dispatch.state == "waiting", Dispatch.claimed_by == dispatch.claimed_by)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
