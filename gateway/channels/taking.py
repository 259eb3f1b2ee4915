"""Taking one delivery: whose it is, in which conversation, with which pictures; then it is a turn like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from sqlalchemy.orm import Session

from casework.evidence import PictureRefusedError, take
from casework.picture_files import PictureFolder
from casework.pictures import keep
from gateway.channels.about_itself import Aside
from gateway.channels.adapter import Heard, Receiver
from gateway.channels.choosing import said_by
from gateway.channels.errors import NotNow, Refused
from gateway.channels.handover_codes import HandoverCodes
from gateway.channels.telling import client_id, say_words
from gateway.said import Said, Typed
from gateway.secret import keyed_hash
from order_store import Conversation, Correspondent, Database, Delivery, channels, start_conversation

MOST_PICTURES = 10
"""Of one message."""

TRIES_FOR_A_PICTURE = 5
"""After that the words are taken without it."""


Lost = tuple[str, dict[str, str]]
"""The words for a picture that is not taken: the name of a sentence of domain.yml, and its values."""


@dataclass(frozen=True)
class Ready:
    """What is to be said in which conversation, and where it came from; `said` None: there is nothing to say.

    `moves` is how often the conversation had gone on elsewhere when the delivery was placed in it.
    """

    correspondent_id: int
    conversation_id: str
    moves: int
    client_id: str
    client: str
    said: Said | None


@dataclass(frozen=True)
class Taking:
    """Makes turns of deliveries."""

    database: Database
    folder: PictureFolder
    http: httpx.Client
    codes: HandoverCodes
    client_key: bytes
    lifetime: timedelta
    """How long a conversation waits for the customer's next word until it is over."""

    def ready(self, delivery: Delivery, adapter: Receiver, now: datetime, at: datetime) -> Ready | None:
        """Puts the delivery into its conversation, pictures and all; None where another gateway has taken it since.

        `now` is business time, `at` machine time.
        May be called again after it broke off. Raises NotNow where a picture cannot be fetched yet.
        """
        with self.database.read() as session:
            kept_as = session.get_one(Delivery, delivery.id)
        if kept_as.state != "waiting":
            return None
        heard = Heard.from_kept(delivery.provider_id, kept_as.said)
        pictures = self._fetched(delivery, heard, adapter)
        with self.database.write() as session:
            correspondent, conversation, moved = self._placed(session, delivery, heard, now)
            moves = conversation.moves
            said = said_by(session, conversation, heard, adapter.shape)
            # With the move itself: taken up again after a crash, the link is used already.
            aside = Aside(session, correspondent, delivery, heard, now, at)
            said_here = aside.answered(moved, self.codes, in_few_words=adapter.shape.costs is not None)
        kept, refused = self._kept(conversation.id, pictures, now)
        with self.database.write() as session:
            for place, why in enumerate(refused):
                say_words(session, correspondent, f"picture:{delivery.id}:{place}", *why, at)
        if isinstance(said, Typed):
            said = Typed(said.text, tuple(kept))
        nothing = said_here or (isinstance(said, Typed) and not said.text.strip() and not kept)
        return Ready(
            correspondent.id,
            conversation.id,
            moves,
            client_id(delivery.channel, delivery.id),
            keyed_hash(self.client_key, f"{delivery.channel} {delivery.shop_key} {heard.address}"),
            None if nothing else said,
        )

    def give_up(self, session: Session, delivery: Delivery, at: datetime) -> None:
        """Nobody can take it; who wrote it is told, where it is known already who that is. `at` is machine time."""
        said = session.get_one(Delivery, delivery.id).said
        address, thread = str(said.get("address")), str(said.get("thread"))
        known = channels.find_correspondent(session, delivery.channel, delivery.shop_key, address, thread)
        if known is not None and known.left_at is None:
            say_words(session, known, f"given-up:{delivery.id}", "unavailable", {}, at)
        channels.give_up_delivery(session, delivery.id)

    def _placed(
        self, session: Session, delivery: Delivery, heard: Heard, now: datetime
    ) -> tuple[Correspondent, Conversation, bool]:
        """The correspondent and their conversation, and whether it was brought here from elsewhere just now."""
        known = channels.find_correspondent(session, delivery.channel, delivery.shop_key, heard.address, heard.thread)
        handover = self.codes.read(heard.text)
        brought = channels.take_over(session, handover, delivery.shop_key, now) if handover is not None else None
        conversation = brought or (known.conversation if known is not None and known.left_at is None else None)
        if conversation is None or (brought is None and conversation.expires_at <= now):
            conversation = self._new(session, delivery, heard, now)
        conversation.expires_at = max(conversation.expires_at, now + self.lifetime)
        if known is None or known.left_at is not None or known.conversation_id != conversation.id:
            known = channels.put_in_conversation(
                session,
                channel=delivery.channel,
                shop_key=delivery.shop_key,
                address=heard.address,
                thread=heard.thread,
                conversation=conversation,
                reply_with=heard.reply_with,
                at=delivery.received_at,
            )
        known.reply_with, known.heard_at = heard.reply_with, delivery.received_at
        return known, conversation, brought is not None

    def _new(self, session: Session, delivery: Delivery, heard: Heard, now: datetime) -> Conversation:
        client = keyed_hash(self.client_key, f"{delivery.channel} {delivery.shop_key} {heard.address}")
        expires_at = now + self.lifetime
        return start_conversation(session, shop_key=delivery.shop_key, at=now, expires_at=expires_at, client=client)

    def _fetched(self, delivery: Delivery, heard: Heard, adapter: Receiver) -> list[bytes | Lost]:
        """The pictures, or for one that cannot be fetched the words that say so. Raises NotNow."""
        found: list[bytes | Lost] = []
        for picture in heard.pictures[:MOST_PICTURES]:
            try:
                found.append(adapter.fetch(self.http, picture))
            except Refused:
                found.append(("channel_picture_lost", {}))
            except NotNow:
                if delivery.tries < TRIES_FOR_A_PICTURE:
                    raise
                found.append(("channel_picture_lost", {}))
        return found

    def _kept(
        self, conversation_id: str, pictures: Sequence[bytes | Lost], now: datetime
    ) -> tuple[list[str], list[Lost]]:
        """The ids of those kept, and the words for those that were not, by the same checks as the website's."""
        kept: list[str] = []
        refused: list[Lost] = []
        for picture in pictures:
            if not isinstance(picture, bytes):
                refused.append(picture)
                continue
            try:
                evidence = take(picture)
            except PictureRefusedError as error:
                refused.append(("channel_picture_refused", {"why": str(error)}))
                continue
            kept.append(keep(self.database, self.folder, conversation_id, evidence, now).attachment_id)
        return kept, refused
