"""The outbox: letters queued in the caller's transaction, claimed by workers one at a time, settled afterwards.

A claim is a lease: a worker that dies leaves a letter that comes due again. What nobody can tell apart from a
letter not sent (a worker that died between the mail server's yes and its own commit) is sent again under the
same Message-ID; nothing else is sent twice.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, joinedload

from order_store.audit import record
from order_store.codes import LetterKind, LetterState
from order_store.inserting import insert_once
from order_store.tables import Letter, Shop

LONGEST_REASON: Final = 500

# Before any retry that was put off, whatever clock the transaction that queued it goes by.
_AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")


def queue(
    session: Session,
    *,
    shop: Shop,
    kind: LetterKind,
    key: str,
    now: datetime,
    variables: Mapping[str, Any],
    customer_id: int | None = None,
    address: str | None = None,
    attachments: Sequence[Mapping[str, Any]] = (),
) -> Letter:
    """Queues one letter in the caller's write transaction; the same `key` again gives the letter there is.

    To `customer_id` (their address at the time of sending) or to `address`, exactly one of them. `variables`
    are ids, codes, numbers, and days and instants as ISO text; `now` is business time. The Message-ID is fixed
    here, so that every try sends the same letter.
    """
    insert_once(
        session,
        Letter,
        "idempotency_key",
        shop_key=shop.key,
        kind=kind,
        customer_id=customer_id,
        address=address,
        variables=dict(variables),
        attachments=[dict(each) for each in attachments],
        message_id=f"<{secrets.token_hex(16)}@{_domain(shop)}>",
        idempotency_key=key,
        queued_at=now,
        state="waiting",
        tries=0,
        due_at=_AT_ONCE,
    )
    return session.scalars(_whole().where(Letter.idempotency_key == key)).one()


def any_due(session: Session, at: datetime) -> bool:
    """Whether a letter can be claimed at `at` (machine time); for a look that locks nothing."""
    return session.scalar(select(Letter.id).where(*_due(at)).limit(1)) is not None


def claim(session: Session, by: str, at: datetime, until: datetime) -> Letter | None:
    """Takes the letter that has been due longest, for the worker `by` alone until `until`; None: none is due.

    Both instants are machine time. The letter's shop and customer are loaded. Commit before sending.
    """
    letter = session.scalar(
        select(Letter).where(*_due(at)).order_by(Letter.due_at, Letter.id).limit(1).with_for_update(skip_locked=True)
    )
    if letter is None:
        return None
    letter.claimed_by, letter.due_at, letter.tries = by, until, letter.tries + 1
    session.flush()
    return session.scalars(_whole().where(Letter.id == letter.id)).one()


def extend(session: Session, letter: Letter, until: datetime) -> bool:
    """Holds the claim until `until` (machine time) instead; False where it has been lost meanwhile."""
    extended = (
        update(Letter)
        .where(Letter.id == letter.id, Letter.state == "waiting", Letter.claimed_by == letter.claimed_by)
        .values(due_at=until)
        .returning(Letter.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(extended) is not None


def mark_sent(session: Session, letter: Letter, at: datetime, now: datetime) -> None:
    """The mail server said yes at `at` (machine time): sent, whoever holds the claim by now."""
    changed = _settle(session, letter, None, state="sent", sent_at=at, last_error=None)
    if changed:
        _note(session, letter, "letter.sent", "accepted", now)


def put_off(session: Session, letter: Letter, until: datetime, reason: str) -> None:
    """A passing failure: tried again at `until` (machine time). Nothing, where the claim has been lost."""
    _settle(session, letter, letter.claimed_by, due_at=until, last_error=without_addresses(reason))


def give_back(session: Session, letter: Letter) -> None:
    """Not tried after all: due again at once, and the try not counted."""
    _settle(session, letter, letter.claimed_by, due_at=_AT_ONCE, tries=letter.tries - 1)


def mark_dead(session: Session, letter: Letter, reason: str, now: datetime) -> None:
    """Not to be tried again until a person says so. Nothing, where the claim has been lost."""
    if _settle(session, letter, letter.claimed_by, state="dead", last_error=without_addresses(reason)):
        _note(session, letter, "letter.dead", "not_deliverable", now)


def withdraw(session: Session, letter: Letter, why: str, now: datetime, who: str = "worker") -> None:
    """What the letter says holds no longer, for the code `why`: never sent. Nothing, where the claim has been lost."""
    if _settle(session, letter, letter.claimed_by, state="withdrawn", last_error=why):
        _note(session, letter, "letter.withdrawn", why, now, who)


def send_after_all(session: Session, letter: Letter) -> None:
    """Puts back a letter that was given to a channel, which did not take it."""
    session.execute(
        update(Letter)
        .where(Letter.id == letter.id, Letter.state == "sent")
        .values(state="waiting", tries=0, due_at=_AT_ONCE, claimed_by=None, sent_at=None)
        .execution_options(synchronize_session=False)
    )


def retry(session: Session, ids: Sequence[int] | None, now: datetime, who: str) -> list[int]:
    """Puts dead letters back, with all their tries before them; `ids` None means every dead one. Gives the ids."""
    query = select(Letter.id).where(Letter.state == "dead").order_by(Letter.id).with_for_update()
    found = list(session.scalars(query if ids is None else query.where(Letter.id.in_(ids))))
    session.execute(
        update(Letter)
        .where(Letter.id.in_(found))
        .values(state="waiting", tries=0, due_at=_AT_ONCE, claimed_by=None)
        .execution_options(synchronize_session=False)
    )
    for letter_id in found:
        record(session, at=now, who=who, what="letter.retried", subject=f"letter:{letter_id}", why="asked_to")
    return found


def letters(session: Session, *states: LetterState, most: int = 100) -> list[Letter]:
    """The oldest letters in one of `states`, with shop and customer."""
    return list(session.scalars(_whole().where(Letter.state.in_(states)).order_by(Letter.id).limit(most)))


def count_letters(session: Session) -> dict[str, int]:
    """How many letters there are in each state that has any."""
    return dict(session.execute(select(Letter.state, func.count()).group_by(Letter.state)).tuples().all())


def without_addresses(text: str) -> str:
    """`text` on one line, at most 500 characters, with no e-mail address in it: a reason is shown and kept."""
    return _ADDRESS.sub("(address)", " ".join(text.split()))[:LONGEST_REASON]


def _due(at: datetime) -> tuple[Any, ...]:
    return Letter.state == "waiting", Letter.due_at <= at


def _whole() -> Select[tuple[Letter]]:
    return (
        select(Letter)
        .options(joinedload(Letter.shop), joinedload(Letter.customer))
        .execution_options(populate_existing=True)
    )


def _settle(session: Session, letter: Letter, by: str | None, **values: Any) -> bool:
    """Changes the letter unless it was sent meanwhile, or (with `by`) is another worker's; whether it did."""
    still = [Letter.id == letter.id, Letter.state != "sent"]
    if by is not None:
        still += [Letter.state == "waiting", Letter.claimed_by == by]
    settled = (
        update(Letter)
        .where(*still)
        .values(claimed_by=None, **values)
        .returning(Letter.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(settled) is not None


def _note(session: Session, letter: Letter, what: str, why: str, now: datetime, who: str = "worker") -> None:
    details = {"kind": letter.kind, "tries": letter.tries}
    record(session, at=now, who=who, what=what, subject=f"letter:{letter.id}", why=why, details=details)


def _domain(shop: Shop) -> str:
    """What a Message-ID ends with: the shop's own domain, where it names an address."""
    domain = (shop.contact.get("email") or "").rpartition("@")[2]
    try:
        return domain.encode("idna").decode("ascii") or "aftercare.invalid"
    except UnicodeError:
        return "aftercare.invalid"
