"""A mailbox of files: one .eml for each letter, to be read by any mail program."""

import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from worker.mail import Mail, NotDelivered

_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9.@-]+")


@dataclass(frozen=True, slots=True)
class FolderMailbox:
    """Writes every letter into `folder`, whole or not at all, under a name made from its Message-ID.

    A letter written again, since nobody knows any more that it was, takes its own place.
    """

    folder: Path
    lease: timedelta = timedelta(seconds=15)

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.folder)

    def deliver(self, mail: Mail, enter: Callable[[], None]) -> None:
        """Writes the letter and waits for the disk. Raises NotDelivered where that fails."""
        place = self.folder / file_name(mail.message_id)
        draft = self.folder / f".{place.stem}.{secrets.token_hex(4)}"
        try:
            # Letters hold names and addresses: nobody else on the machine reads them.
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(mail.content)
                file.flush()
                os.fsync(file.fileno())
            enter()
            draft.replace(place)
            _sync(self.folder)
        except OSError as error:
            raise NotDelivered(type(error).__name__, f"{self.folder} cannot be written ({error.strerror})") from error
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def rest(self) -> None:
        """Nothing is held open."""


def file_name(message_id: str) -> str:
    """The name of the letter's file: its Message-ID without the brackets."""
    return _NOT_IN_A_NAME.sub("_", message_id.strip("<>")) + ".eml"


def _sync(folder: Path) -> None:
    """The new name itself has to reach the disk, not only what the file holds."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
