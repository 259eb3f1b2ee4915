"""The channels' end in the gateway, put together from its settings and parts."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from casework.clock import Clock
from casework.picture_files import PictureFolder
from gateway.channels.accounts import read_accounts
from gateway.channels.calling import new_client
from gateway.channels.handover_codes import HandoverCodes
from gateway.channels.hub import Hub
from gateway.channels.registry import adapters
from gateway.channels.taking import Taking
from gateway.limits import RateLimit
from gateway.secret import key_for
from gateway.settings import Settings
from gateway.turns import Turns
from order_store import Database


def hub(settings: Settings, database: Database, turns: Turns, clock: Clock, codes: HandoverCodes) -> Hub:
    """Raises SettingsError where a channel that is switched on lacks something."""
    accounts = read_accounts(settings.variables)
    taking = Taking(
        database,
        PictureFolder.from_environment(settings.variables),
        new_client(),
        codes,
        key_for("channel sender", settings.secret),
        settings.session_lifetime,
    )
    return Hub(
        database,
        accounts,
        adapters(accounts, settings.secret),
        taking,
        turns,
        RateLimit(settings.messages_per_minute),
        clock,
        partial(datetime.now, UTC),
    )
