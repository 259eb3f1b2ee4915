"""What the worker is told by its environment.

Errors: `SettingsError` names the variable, what it holds and what it may hold; never a password.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from order_store import StoreUnavailable, database_url, normalise_email
from order_store.location import PROJECT_ROOT
from worker.folder import FolderMailbox
from worker.mail import Mailbox
from worker.smtp import Encryption, SmtpMailbox, SmtpPatience, SmtpServer

SMTP_EXAMPLE: Final = "smtp://user:password@mail.example.com:587 or smtps://user:password@mail.example.com:465"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS: Final[dict[Encryption, int]] = {"starttls": 587, "implicit": 465, "none": 25}


class SettingsError(ValueError):
    """A variable of the environment cannot be used; the message says which and what to write instead."""


@dataclass(frozen=True)
class Settings:
    """Everything the worker can be set to.

    `server` None: letters become files in `folder`. `sender` None: each letter is from its shop's own address.
    `public_url` None: nobody said where the chat is found, so letters hold no link to it.
    """

    database_url: str = field(repr=False)
    server: SmtpServer | None
    smtp_seconds: int
    folder: Path
    sender: str | None
    public_url: str | None
    tries: int
    ready_file: Path | None

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> "Settings":
        """The settings an environment describes. Raises SettingsError."""
        try:
            store = database_url(variables)
        except StoreUnavailable as error:
            raise SettingsError(str(error)) from error
        ready = variables.get("AFTERCARE_WORKER_READY", "")
        return cls(
            database_url=store,
            server=_server(variables.get("AFTERCARE_SMTP_URL", "")),
            smtp_seconds=_whole(variables, "AFTERCARE_SMTP_SECONDS", 30),
            folder=PROJECT_ROOT / (variables.get("AFTERCARE_MAIL_FOLDER") or "var/mail"),
            sender=_sender(variables.get("AFTERCARE_MAIL_FROM", "")),
            public_url=_public_url(variables),
            tries=_whole(variables, "AFTERCARE_MAIL_TRIES", 16),
            ready_file=Path(ready) if ready else None,
        )

    def mailbox(self) -> Mailbox:
        """Where letters go; connects to nothing yet."""
        if self.server is None:
            return FolderMailbox(self.folder)
        return SmtpMailbox(self.server, SmtpPatience(to_talk=self.smtp_seconds))


def _server(value: str) -> SmtpServer | None:
    if not value:
        return None
    problem = SettingsError(f"AFTERCARE_SMTP_URL is no address of a mail server; write {SMTP_EXAMPLE}")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise problem from None
    asked = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/") or parts.fragment:
        raise problem
    plain = asked.pop("tls", None)
    asked.pop("starttls", None)  # what smtp:// means anyway
    if asked or plain not in (None, ["none"]) or (plain and parts.scheme == "smtps"):
        raise SettingsError("AFTERCARE_SMTP_URL: after the ? only tls=none is known, and only with smtp://")
    encryption: Encryption = "implicit" if parts.scheme == "smtps" else "none" if plain else "starttls"
    if encryption == "none" and parts.username and parts.hostname not in LOOPBACK:
        raise SettingsError("AFTERCARE_SMTP_URL: with tls=none anybody on the way can read the password; drop one")
    return SmtpServer(
        host=parts.hostname,
        port=port or PORTS[encryption],
        encryption=encryption,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _sender(value: str) -> str | None:
    if not value:
        return None
    address = normalise_email(value)
    if address is None:
        raise SettingsError(f"AFTERCARE_MAIL_FROM is {value!r}; write a bare address such as service@example.com")
    return address


def _public_url(variables: Mapping[str, str]) -> str | None:
    value = variables.get("AFTERCARE_PUBLIC_URL", "")
    if not value:
        # What is tried out at home is found at home; of a shop's own machine nobody knows from outside.
        in_production = variables.get("AFTERCARE_ENV", "production") == "production"
        return None if in_production else f"http://localhost:{variables.get('AFTERCARE_PORT') or 8000}"
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"AFTERCARE_PUBLIC_URL is {value!r}; write an address such as https://chat.example.com")
    return value.rstrip("/")


def _whole(variables: Mapping[str, str], name: str, default: int) -> int:
    value = variables.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 1000):
        raise SettingsError(f"{name} is {value!r}; write a whole number from 1 to 1000, for example {default}")
    return int(value)
