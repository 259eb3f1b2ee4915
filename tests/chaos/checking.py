"""What has to hold after a storm: between what customers were told, the store, its audit trail and the letters."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from order_store import AuditEntry, Base, Conversation, Database, Letter, Line, Message, Turn, replay, state_of
from tests.chaos.chat import Chat
from tests.chaos.matters import Matter
from tests.chaos.storm import Talk, chats
from tests.worker.mail_server import Taken

TABLES: Mapping[str, type[Base]] = {
    "rmas": order_store.Rma,
    "disputes": order_store.Dispute,
    "cancellations": order_store.Cancellation,
    "choices": order_store.BackorderChoice,
    "refunds": order_store.Refund,
    "tickets": order_store.Ticket,
}
SUBJECTS = {
    "rmas": "rma",
    "disputes": "dispute",
    "cancellations": "cancellation",
    "choices": "backorder",
    "refunds": "refund",
    "tickets": "ticket",
}
NUMBERED = {"rma": "rmas", "dispute": "disputes", "ticket": "tickets"}
"""The replies that tell a number, and the table it is in."""


def violations(database: Database, talks: Sequence[Talk], taken: Sequence[Taken]) -> list[str]:
    """Everything that does not hold, one sentence each; empty is what it should be."""
    with database.read() as session:
        return [
            *_talks(talks),
            *_rows(session, talks),
            *_trail(session),
            *_letters(session, taken),
            *_conversations(session, list(chats(talks))),
        ]


def _talks(talks: Sequence[Talk]) -> Iterator[str]:
    for talk in talks:
        if talk.wrong is not None:
            yield f"{talk.matter.number} ({talk.matter.kind.name}): {talk.wrong}"
        for client_id in talk.told_otherwise:
            yield f"{client_id}: sent once more, it was answered otherwise than the first time"


def _rows(session: Session, talks: Sequence[Talk]) -> Iterator[str]:
    """What each matter wrote for its line: once, and as it was told."""
    by_order: dict[str, list[Talk]] = defaultdict(list)
    for talk in talks:
        by_order[talk.matter.number].append(talk)
    accounted = Counter[str]()
    for told in by_order.values():
        matter = told[0].matter
        order = order_store.find_order(session, matter.kind.shop, matter.number)
        if order is None:
            yield f"{matter.number}: the order is gone"
            continue
        found = {name: _of_line(session, table, order.lines[0]) for name, table in TABLES.items()}
        accounted.update({name: len(rows) for name, rows in found.items()})
        yield from _as_said(matter, found, told)
    for name, table in TABLES.items():
        stored = len(session.scalars(select(table)).all())
        if stored != accounted[name]:
            yield f"{name}: {stored} rows, of which {accounted[name]} belong to somebody's matter"


def _of_line(session: Session, table: type[Base], line: Line) -> list[Any]:
    query = select(table).where(table.line_id == line.id)  # type: ignore[attr-defined]
    return list(session.scalars(query))


def _as_said(matter: Matter, found: Mapping[str, list[Any]], told: Sequence[Talk]) -> Iterator[str]:
    where = f"{matter.number} ({matter.kind.name})"
    for name, rows in found.items():
        expected = _expected(matter, name, told)
        if len(rows) != expected:
            numbers = [getattr(row, "number", row.id) for row in rows]
            yield f"{where}: {len(rows)} {name} where there should be {expected}: {numbers}"
    for kind, name in NUMBERED.items():
        stored = {row.number for row in found[name]}
        for talk in told:
            for turn in talk.chat.turns if talk.chat is not None else ():
                for payload in turn.custom(kind):
                    if payload["number"] not in stored:
                        yield f"{where}: {turn.client_id} was told {payload['number']}; stored are {sorted(stored)}"
    for choice in found["choices"]:
        if choice.choice != matter.kind.name:
            yield f"{where}: the choice stored is {choice.choice}"


def _expected(matter: Matter, name: str, told: Sequence[Talk]) -> int:
    """How many rows of a table there should be. Each session that asks for a person gets a ticket of its own."""
    if name not in matter.kind.tables:
        return 0
    return len(told) if matter.kind.name == "person" else 1


def _trail(session: Session) -> Iterator[str]:
    """Every row has its entry from the beginning, every entry its row, and the entries lead to the row's state."""
    entries: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        entries[entry.subject].append(entry)
    for name, table in TABLES.items():
        stored = set()
        for row in session.scalars(select(table)):
            subject = f"{SUBJECTS[name]}:{row.id}"  # type: ignore[attr-defined]
            stored.add(subject)
            whats = [entry.what for entry in entries.get(subject, [])]
            if not whats or len(set(whats)) != len(whats):
                yield f"{subject}: its audit trail is {whats}"
            if name != "cancellations" and replay(session, row) != state_of(row):
                yield f"{subject}: its audit trail leads to {replay(session, row)}, it is {state_of(row)}"
        for subject in entries:
            if subject.startswith(f"{SUBJECTS[name]}:") and subject not in stored:
                yield f"{subject}: an audit entry and no row"


def _letters(session: Session, taken: Sequence[Taken]) -> Iterator[str]:
    """Every RMA has its letter, every letter reached the server, every copy is the same letter."""
    copies: dict[str, list[Taken]] = defaultdict(list)
    for each in taken:
        copies[each.message_id].append(each)
    letters = list(session.scalars(select(Letter)))
    keys = Counter(letter.idempotency_key for letter in letters)
    for rma in session.scalars(select(order_store.Rma)):
        if keys[f"rma:{rma.id}:issued"] != 1:
            yield f"{rma.number}: {keys[f'rma:{rma.id}:issued']} letters"
    for letter in letters:
        about = f"letter {letter.id} ({letter.idempotency_key})"
        arrived = copies.pop(letter.message_id, [])
        if letter.kind == "item_out_of_stock" and letter.state == "withdrawn":
            continue  # its customer had chosen before it went out
        if letter.state != "sent" or not arrived:
            yield f"{about}: {letter.state}, {len(arrived)} copies arrived"
        to, says = letter.customer.email if letter.customer else letter.address, _names(session, letter)
        for each in arrived:
            if each.recipients != [to] or says not in _text(each):
                yield f"{about} reached {each.recipients} as: {_text(each)[:200]!r}"
    for message_id in copies:
        yield f"{message_id} reached the mail server and is no letter of the store"


def _names(session: Session, letter: Letter) -> str:
    """What a letter of its kind has to hold: the RMA's number, else the item's title."""
    if "rma" in letter.variables:
        return session.get_one(order_store.Rma, letter.variables["rma"]).number
    return session.get_one(Line, letter.variables["line"]).title


def _text(taken: Taken) -> str:
    body = taken.message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def second_copies(taken: Sequence[Taken]) -> int:
    """How many letters came once more under the same Message-ID."""
    return sum(count - 1 for count in Counter(each.message_id for each in taken).values())


def _conversations(session: Session, held: Sequence[Chat]) -> Iterator[str]:
    for chat in held:
        if not chat.turns:
            continue
        sent = [turn.client_id for turn in chat.turns]
        first = session.scalar(select(Turn).where(Turn.client_id == sent[0]))
        if first is None:
            yield f"{sent[0]}: answered, and not stored"
            continue
        turns = list(session.scalars(select(Turn).filter_by(conversation_id=first.conversation_id).order_by(Turn.id)))
        stored = [turn.client_id for turn in turns]
        if stored != sent:
            yield f"{chat.name}: sent were {sent}, stored are {stored}"
            continue
        conversation = session.get_one(Conversation, first.conversation_id)
        messages = order_store.messages_after(session, conversation.id, 0)
        numbers = sorted([message.seq for message in messages] + [turn.seq or 0 for turn in turns])
        if numbers != list(range(1, conversation.last_seq + 1)):
            yield f"{chat.name}: its messages are numbered {numbers}, the last is {conversation.last_seq}"
        told = [_as_told(reply) for turn in chat.turns for reply in turn.replies]
        # What came later came as events, which this customer does not follow.
        kept = [_as_kept(message) for message in messages if message.turn_id is not None]
        if told != kept:
            at = next((place for place, pair in enumerate(zip(told, kept, strict=False)) if pair[0] != pair[1]), -1)
            yield f"{chat.name}: {len(told)} replies told, {len(kept)} stored; they part at {at}"


def _as_told(reply: Mapping[str, Any]) -> tuple[Any, ...]:
    labels = tuple(choice["label"] for choice in reply["choices"])
    custom = reply["custom"] or {}
    return reply["seq"], reply["text"], labels, custom.get("kind"), custom.get("number")


def _as_kept(message: Message) -> tuple[Any, ...]:
    labels = tuple(choice["label"] for choice in message.choices)
    custom = message.custom or {}
    return message.seq, message.text, labels, custom.get("kind"), custom.get("number")
