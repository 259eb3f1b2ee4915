"""Keeping evidence pictures, row and file together, and letting go of them when their time is over.

The row is committed before the file is written and deleted before the file is removed. Whatever breaks off in
between leaves either a row without a file, which is served to nobody and expires like one never sent, or a file
without a row, which the next sweep takes away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

import order_store
from order_store import Database, Dispute, Rma, Ticket

from .evidence import Evidence
from .picture_files import PictureFolder

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep let go of: pictures whose time was over, and files that were no picture's."""

    expired: int
    leftovers: int


def keep(
    database: Database, folder: PictureFolder, conversation_id: str, evidence: Evidence, now: datetime
) -> order_store.Picture:
    """Keep a picture of this conversation, not sent yet. Raises OSError where the folder cannot be written."""
    with database.write() as session:
        picture = order_store.add_picture(
            session,
            conversation_id,
            file=folder.new_name(),
            sha256=evidence.sha256,
            size=len(evidence.data),
            width=evidence.width,
            height=evidence.height,
            at=now,
        )
    folder.write(picture.file, evidence.data)
    return picture


def bind_evidence(session: Session, conversation_id: str, case: Rma | Dispute | Ticket) -> None:
    """Make what the customer has shown in this conversation the evidence for `case`, just written."""
    if isinstance(case, Ticket):
        pictures = order_store.unclaimed_pictures(session, conversation_id)
    else:
        pictures = order_store.waiting_evidence(session, conversation_id, case.line_id)
    order_store.bind_pictures(session, pictures, case)


def expire_pictures(database: Database, folder: PictureFolder, now: datetime) -> Swept:
    """Let go of every picture whose time is over as of `now` (aware), and of files that are no picture's.

    May run beside uploads, messages and other sweeps. Raises OSError where a file cannot be removed; the next
    sweep goes on from there.
    """
    # Files first, rows second: a file listed here had its row before, so one without a row has lost it.
    names = folder.names()
    expired = 0
    while True:
        with database.write() as session:
            files = order_store.forget_expired(session, now, _BATCH)
        folder.remove(files)
        names.difference_update(files)
        expired += len(files)
        if len(files) < _BATCH:
            break
    leftovers = 0
    for batch in _batches(sorted(names)):
        with database.read() as session:
            known = order_store.files_known(session, batch)
        lost = [name for name in batch if name not in known]
        folder.remove(lost)
        leftovers += len(lost)
    return Swept(expired, leftovers)


def _batches(names: list[str]) -> Iterator[list[str]]:
    remaining = iter(names)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
