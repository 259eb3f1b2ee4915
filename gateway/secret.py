"""The secret behind the gateway's tokens: kept in a file when nobody gives one, and one key per purpose."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path


class SecretFileError(Exception):
    """The file that keeps the secret can be neither read nor written; the message says which and why."""


def kept_secret(path: Path) -> bytes:
    """The secret kept in `path` (mode 0600), made at the first call; later starts read the same.

    Raises:
        SecretFileError: the file or its folder cannot be used, or the file is empty.
    """
    try:
        if not path.exists():
            _make(path)
        secret = path.read_bytes().strip()
    except OSError as error:
        raise SecretFileError(f"{path} cannot be used to keep the chat secret: {error.strerror}") from error
    if not secret:
        raise SecretFileError(f"{path} is empty: delete it and a new chat secret is made")
    return secret


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        # Of two processes starting together only one can link, and what it links is a whole file.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def key_for(purpose: str, secret: bytes) -> bytes:
    """A 32-byte key for one purpose, so that a chat token can never be replayed as something else."""
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


def keyed_hash(key: bytes, value: str) -> str:
    """A 64-digit hex fingerprint of `value` that nobody without the key can guess back."""
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
