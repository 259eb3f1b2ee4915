"""Evidence pictures: whose they are, which message they came with, and which case they are evidence for."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from order_store.errors import UnknownPicture
from order_store.tables import Dispute, Picture, Rma, Ticket, Turn

KEPT_UNSENT: Final = timedelta(hours=24)
KEPT_AFTER_CASE: Final = timedelta(days=90)
"""After the last of a picture's cases is closed; evidence for no case, after the message it came with."""


def add_picture(
    session: Session,
    conversation_id: str,
    *,
    file: str,
    sha256: str,
    size: int,
    width: int,
    height: int,
    at: datetime,
) -> Picture:
    """A picture of this conversation that is not sent yet, under an attachment id nobody can guess.

    Commit it before the file is written: a file without a row is taken for a leftover.
    """
    picture = Picture(
        attachment_id=secrets.token_urlsafe(18),
        conversation_id=conversation_id,
        file=file,
        sha256=sha256,
        size=size,
        width=width,
        height=height,
        added_at=at,
    )
    session.add(picture)
    session.flush()
    return picture


def count_unsent(session: Session, conversation_id: str) -> int:
    """How many pictures of the conversation wait to be sent with a message."""
    return _count(session, Picture.conversation_id == conversation_id, Picture.turn_id.is_(None))


def send_pictures(session: Session, turn: Turn, attachment_ids: Sequence[str]) -> list[Picture]:
    """Sends pictures with a new turn, in its own transaction, so that each is sent once.

    Raises UnknownPicture for the first id that is told twice, of another conversation, sent already or expired;
    a stranger's id and one nobody ever had are the same to whoever asks.
    """
    own = select(Picture).where(
        Picture.conversation_id == turn.conversation_id,
        Picture.attachment_id.in_(attachment_ids),
        Picture.turn_id.is_(None),
    )
    unsent = {picture.attachment_id: picture for picture in session.scalars(own.with_for_update())}
    sent = []
    for position, attachment_id in enumerate(attachment_ids):
        picture = unsent.pop(attachment_id, None)
        if picture is None:
            raise UnknownPicture(position)
        picture.turn_id = turn.id
        sent.append(picture)
    session.flush()
    return sent


def sent_pictures(session: Session, conversation_id: str) -> list[Picture]:
    """The pictures the conversation has sent, in the order they were sent."""
    return _in_order(session, *_sent(conversation_id))


def unclaimed_pictures(session: Session, conversation_id: str) -> list[Picture]:
    """Those of the sent pictures that are evidence for no case yet: what the matter at hand has to show."""
    return _in_order(session, *_sent(conversation_id), _FOR_NO_CASE)


def count_unclaimed(session: Session, conversation_id: str) -> int:
    """How many pictures `unclaimed_pictures` gives."""
    return _count(session, *_sent(conversation_id), _FOR_NO_CASE)


def waiting_evidence(session: Session, conversation_id: str, line_id: int) -> list[Picture]:
    """What the conversation has to show for a case about this line: unclaimed pictures, and those its tickets hold."""
    ticket_of_line = select(Ticket.id).where(Ticket.id == Picture.ticket_id, Ticket.line_id == line_id).exists()
    for_no_case_but_a_ticket = and_(Picture.rma_id.is_(None), Picture.dispute_id.is_(None), ticket_of_line)
    return _in_order(session, *_sent(conversation_id), or_(_FOR_NO_CASE, for_no_case_but_a_ticket))


def pictures_of(session: Session, case: Rma | Dispute | Ticket) -> list[Picture]:
    """The evidence for a case, in the order it was sent."""
    return _in_order(session, _of(case))


def bind_pictures(session: Session, pictures: Iterable[Picture], case: Rma | Dispute | Ticket) -> None:
    """Makes pictures evidence for `case`, in its transaction; again it changes nothing.

    A picture is evidence for one case of each kind, the newest it was bound to.
    """
    for picture in pictures:
        match case:
            case Rma():
                picture.rma_id = case.id
            case Dispute():
                picture.dispute_id = case.id
            case Ticket():
                picture.ticket_id = case.id
    session.flush()


def forget_pictures(session: Session, conversation_ids: Collection[str]) -> int:
    """Deletes every picture of these conversations, as when a customer's data is erased; how many there were.

    Their files are no picture's any more and go with the next sweep.
    """
    return len(_delete(session, Picture.conversation_id.in_(conversation_ids)))


def forget_expired(session: Session, now: datetime, most: int = 500) -> list[str]:
    """Deletes up to `most` pictures whose time is over as of `now`; gives the names of their files to remove.

    Over: a day after it was added, if it was never sent; 90 days after the last of its cases closed; 90 days
    after it was sent, if it is evidence for no case.
    """
    unsent_since, closed_since = now - KEPT_UNSENT, now - KEPT_AFTER_CASE
    expired = (
        select(Picture.id)
        .outerjoin(Turn, Picture.turn_id == Turn.id)
        .outerjoin(Rma, Picture.rma_id == Rma.id)
        .outerjoin(Dispute, Picture.dispute_id == Dispute.id)
        .outerjoin(Ticket, Picture.ticket_id == Ticket.id)
        .where(
            or_(
                and_(Picture.turn_id.is_(None), Picture.added_at <= unsent_since),
                and_(
                    Turn.received_at <= closed_since,
                    or_(Picture.rma_id.is_(None), Rma.closed_at <= closed_since),
                    or_(Picture.dispute_id.is_(None), Dispute.claim_closed_at <= closed_since),
                    or_(Picture.ticket_id.is_(None), Ticket.closed_at <= closed_since),
                ),
            )
        )
        .order_by(Picture.id)
        .limit(most)
        # One being sent or swept by somebody else this moment is left to the next sweep.
        .with_for_update(of=Picture, skip_locked=True)
    )
    return _delete(session, Picture.id.in_(session.scalars(expired).all()))


def files_known(session: Session, names: Collection[str]) -> set[str]:
    """Those of the file `names` that some picture has."""
    return set(session.scalars(select(Picture.file).where(Picture.file.in_(names))))


_FOR_NO_CASE: Final = and_(Picture.rma_id.is_(None), Picture.dispute_id.is_(None), Picture.ticket_id.is_(None))


def _sent(conversation_id: str) -> tuple[ColumnElement[bool], ...]:
    return Picture.conversation_id == conversation_id, Picture.turn_id.is_not(None)


def _in_order(session: Session, *conditions: ColumnElement[bool]) -> list[Picture]:
    return list(session.scalars(select(Picture).where(*conditions).order_by(Picture.turn_id, Picture.id)))


def _of(case: Rma | Dispute | Ticket) -> ColumnElement[bool]:
    match case:
        case Rma():
            return Picture.rma_id == case.id
        case Dispute():
            return Picture.dispute_id == case.id
        case Ticket():
            return Picture.ticket_id == case.id


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Picture).where(*conditions)) or 0


def _delete(session: Session, condition: ColumnElement[bool]) -> list[str]:
    return list(session.scalars(delete(Picture).where(condition).returning(Picture.file)))
