"""What the gateway is told by its environment.

Errors: `SettingsError` names the variable, what it holds and what it may hold.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from casework.words import DOMAIN_FILE
from gateway.secret import SecretFileError, kept_secret
from order_store import StoreUnavailable, database_url

ROOT = Path(__file__).resolve().parent.parent

SHORTEST_METRICS_TOKEN = 16

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsError(ValueError):
    """A variable of the environment cannot be used; the message says which and what to write instead."""


class Environment(StrEnum):
    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


@dataclass(frozen=True)
class Settings:
    """Everything the gateway can be set to. Times are durations; rates are calls a minute."""

    environment: Environment
    database_url: str
    secret: bytes = field(repr=False)
    rasa_url: str
    actions_url: str
    variables: Mapping[str, str] = field(repr=False)
    """The environment itself: the shops' token secrets are looked up here by the name the shop gives."""
    trusted_proxies: tuple[Network, ...] = ()
    session_lifetime: timedelta = timedelta(hours=24)
    resumable: timedelta = timedelta(days=30)
    """How long after its end a session's token still opens the next one of its conversation."""
    heartbeat: timedelta = timedelta(seconds=15)
    """The longest a stream of events is silent."""
    look: timedelta = timedelta(milliseconds=250)
    """How soon a stream tells what another process wrote."""
    turn_timeout: timedelta = timedelta(seconds=20)
    """What Rasa has before the customer is told that the answer comes later."""
    longest_call: timedelta = timedelta(seconds=120)
    """What Rasa has before it is asked again."""
    first_retry: timedelta = timedelta(seconds=1)
    """The pause before that; the next ones are longer."""
    messages_per_minute: int = 30
    """Of one conversation."""
    calls_per_minute: int = 240
    """Of one client address, whatever it calls."""
    sessions_per_minute: int = 30
    """Opened from one client address."""
    pictures_per_minute: int = 20
    """Added from one client address."""
    shop_calls_per_minute: int = 6_000
    """Sessions, messages and pictures of one shop, whoever sends them: one shop's rush is not the others' outage."""
    streams_per_address: int = 60
    """Of events, open at a time from one client address."""
    metrics_token: str = field(default="", repr=False)
    """Who sends it may read the metrics; "": nobody, or in demo and test this machine."""
    public_url: str = ""
    """What the gateway is reached at from outside, without a slash at its end; "": nobody has said."""
    host: str = "127.0.0.1"
    port: int = 8000
    domain: Path = DOMAIN_FILE
    """The file that holds the bot's words."""

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Settings:
        """The settings an environment describes; what it leaves out has the default above.

        Raises:
            SettingsError: a variable holds something it may not hold.
        """
        environment = _environment(variables.get("AFTERCARE_ENV", "production"))
        return cls(
            environment=environment,
            database_url=_database_url(variables),
            secret=_secret(variables.get("AFTERCARE_SECRET", ""), environment),
            rasa_url=_url(variables, "AFTERCARE_RASA_URL", "http://127.0.0.1:5005"),
            actions_url=_url(variables, "AFTERCARE_ACTIONS_URL", "http://127.0.0.1:5055/webhook"),
            variables=variables,
            trusted_proxies=_networks(variables.get("AFTERCARE_TRUSTED_PROXIES", "")),
            session_lifetime=timedelta(hours=_whole(variables, "AFTERCARE_SESSION_HOURS", 24)),
            resumable=timedelta(days=_whole(variables, "AFTERCARE_RESUME_DAYS", 30)),
            turn_timeout=timedelta(seconds=_whole(variables, "AFTERCARE_TURN_SECONDS", 20)),
            messages_per_minute=_whole(variables, "AFTERCARE_MESSAGES_PER_MINUTE", 30),
            calls_per_minute=_whole(variables, "AFTERCARE_CALLS_PER_MINUTE", 240),
            sessions_per_minute=_whole(variables, "AFTERCARE_SESSIONS_PER_MINUTE", 30),
            pictures_per_minute=_whole(variables, "AFTERCARE_PICTURES_PER_MINUTE", 20),
            shop_calls_per_minute=_whole(variables, "AFTERCARE_SHOP_CALLS_PER_MINUTE", 6_000),
            streams_per_address=_whole(variables, "AFTERCARE_STREAMS_PER_ADDRESS", 60),
            metrics_token=_metrics_token(variables.get("AFTERCARE_METRICS_TOKEN", "")),
            public_url=_public_url(variables),
            host=variables.get("AFTERCARE_HOST") or _host(environment),
            port=_whole(variables, "AFTERCARE_PORT", 8000),
        )


def _environment(value: str) -> Environment:
    try:
        return Environment(value)
    except ValueError:
        raise SettingsError(f"AFTERCARE_ENV is {value!r}; it may be production, demo or test") from None


def _secret(value: str, environment: Environment) -> bytes:
    if not value:
        try:
            return kept_secret(ROOT / "var" / "secret")
        except SecretFileError as error:
            raise SettingsError(f"{error}; or set AFTERCARE_SECRET") from error
    secret = value.encode()
    if environment is Environment.PRODUCTION and len(secret) < 32:
        raise SettingsError(
            f"AFTERCARE_SECRET is {len(secret)} bytes long and can be guessed from one chat token; "
            "write at least 32 random ones, for example the output of: openssl rand -hex 32"
        )
    return secret


def _database_url(variables: Mapping[str, str]) -> str:
    try:
        return database_url(variables)
    except StoreUnavailable as error:
        raise SettingsError(str(error)) from error


def _metrics_token(value: str) -> str:
    if value and (
        len(value) < SHORTEST_METRICS_TOKEN or not value.isascii() or not value.isprintable() or " " in value
    ):
        raise SettingsError(
            f"AFTERCARE_METRICS_TOKEN cannot be used: write at least {SHORTEST_METRICS_TOKEN} letters and digits, "
            "for example the output of: openssl rand -hex 32"
        )
    return value


def _host(environment: Environment) -> str:
    """A shop's gateway is meant to be reached; what somebody tries out at home is not."""
    return "0.0.0.0" if environment is Environment.PRODUCTION else "127.0.0.1"  # noqa: S104 - the one public door


def _url(variables: Mapping[str, str], name: str, default: str) -> str:
    value = variables.get(name, default)
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"{name} is {value!r}; write an address such as {default}")
    return value.rstrip("/")


def _public_url(variables: Mapping[str, str]) -> str:
    given = variables.get("AFTERCARE_PUBLIC_URL")
    return _url(variables, "AFTERCARE_PUBLIC_URL", "https://help.example.com") if given else ""


def _whole(variables: Mapping[str, str], name: str, default: int) -> int:
    value = variables.get(name, str(default))
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 1_000_000):
        raise SettingsError(f"{name} is {value!r}; write a whole number from 1 to 1000000, for example {default}")
    return int(value)


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(
            f"AFTERCARE_TRUSTED_PROXIES is {value!r} ({error}); "
            "write addresses or networks with commas between them, for example 10.0.0.0/8, ::1"
        ) from None
