"""The gateway's parts, made once per process and shared by all its routes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import httpx
from starlette.requests import Request

from casework.clock import Clock
from casework.picture_files import PictureFolder
from casework.words import Words
from gateway.addresses import client_address
from gateway.answering import Answering
from gateway.asking import Apologies
from gateway.channels.assembling import hub
from gateway.channels.handover_codes import HandoverCodes
from gateway.channels.hub import Hub
from gateway.known_shops import KnownShops
from gateway.limits import RateLimit
from gateway.links import Links
from gateway.metrics import Metrics
from gateway.owed import Owed
from gateway.rasa import Rasa
from gateway.secret import key_for, keyed_hash
from gateway.settings import Settings
from gateway.streams import Streams
from gateway.turns import Turns
from order_store import Database

UNPACKED_AT_ONCE = 2
"""Pictures; one of the largest takes a few hundred megabytes while it is painted anew."""


@dataclass(frozen=True)
class Parts:
    settings: Settings
    database: Database
    shops: KnownShops
    http: httpx.AsyncClient
    """For the parts behind: Rasa and the action server."""
    clock: Clock
    turns: Turns
    owed: Owed
    metrics: Metrics
    machine: Callable[[], datetime]
    """The machine's own clock (UTC): parts that are alive say so by it, whatever the business's says."""
    streams: Streams
    calls: RateLimit
    """Per client address."""
    sessions: RateLimit
    """Per client address."""
    messages: RateLimit
    """Per conversation."""
    pictures: RateLimit
    """Per client address."""
    shop_calls: RateLimit
    """Per shop."""
    channels: Hub
    codes: HandoverCodes
    moved: str
    """What is said first where a conversation goes on that was had elsewhere."""
    picture_folder: PictureFolder
    unpacking: asyncio.Semaphore
    links: Links
    chat_key: bytes
    client_key: bytes

    @classmethod
    def made(cls, settings: Settings) -> Parts:
        """The parts as `settings` describe them; nothing is connected to yet.

        Raises:
            ClockError: AFTERCARE_CLOCK cannot be used.
            SettingsError: a channel that is switched on lacks something.
            MissingWordsError: the domain file lacks a sentence the gateway says itself.
        """
        clock = Clock.from_environment(settings.variables)
        database = Database(settings.database_url)
        # No proxy of the environment may come between: what is called is on loopback or the private network.
        # A connection is given up before Rasa does so (after 5 s unused): a message sent into one that is just
        # being closed would be lost.
        http = httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=500, keepalive_expiry=2))
        rasa = Rasa(http, settings.rasa_url, settings.longest_call)
        streams = Streams(database, settings.look, settings.streams_per_address)
        words = Words.load(settings.domain)
        apologies = Apologies(later=words("utter_answer_comes_later"), unavailable=words("utter_unavailable"))
        metrics = Metrics()
        answering = Answering(database, rasa, clock, apologies, streams.tell, metrics)
        owed = Owed(answering, settings.first_retry)
        metrics.watch("open_streams", "Streams of events open now.", lambda: len(streams))
        metrics.watch("conversations_owed", "Conversations that wait for an answer.", lambda: len(owed))
        turns = Turns(answering, owed, settings.turn_timeout)
        codes = HandoverCodes(settings.secret)
        return cls(
            settings=settings,
            database=database,
            shops=KnownShops(database),
            http=http,
            clock=clock,
            turns=turns,
            owed=owed,
            metrics=metrics,
            machine=partial(datetime.now, UTC),
            channels=hub(settings, database, turns, clock, codes),
            codes=codes,
            moved=words("utter_channel_moved"),
            streams=streams,
            calls=RateLimit(settings.calls_per_minute),
            sessions=RateLimit(settings.sessions_per_minute),
            messages=RateLimit(settings.messages_per_minute),
            pictures=RateLimit(settings.pictures_per_minute),
            shop_calls=RateLimit(settings.shop_calls_per_minute),
            picture_folder=PictureFolder.from_environment(settings.variables),
            unpacking=asyncio.Semaphore(UNPACKED_AT_ONCE),
            links=Links(settings.secret, settings.public_url),
            chat_key=key_for("chat token", settings.secret),
            client_key=key_for("client address", settings.secret),
        )

    def address(self, request: Request) -> str:
        """Where the request comes from; for limits alone, and never written down."""
        return client_address(request, self.settings.trusted_proxies)

    def client(self, request: Request) -> str:
        """The same as a fingerprint that may be kept and passed on."""
        return keyed_hash(self.client_key, self.address(request))

    async def close(self) -> None:
        """End the streams, let the turns under way come to their end, and let go of everything."""
        self.streams.end()
        await self.channels.close()
        await self.turns.close()
        await self.http.aclose()
        self.database.dispose()


def parts_of(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts
