"""What Rasa keeps of conversations in a file of its own: it goes when the customer is erased."""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from casework.acting import NotPossibleError
from order_store.location import PROJECT_ROOT


def forget_dialogues(conversations: Iterable[str]) -> None:
    """Deletes Rasa's events of these conversations from its file of dialogues, and their room in it.

    Raises NotPossibleError where the file is there and cannot be written.
    """
    file = Path(os.environ.get("AFTERCARE_TRACKER_DB") or PROJECT_ROOT / "var" / "conversations.db")
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(file, timeout=10)) as dialogues, dialogues:
            if dialogues.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone() is None:
                return
            dialogues.execute("PRAGMA secure_delete = ON")
            # Each session after the first is a sender of its own: the conversation, a full stop, where it begins.
            of_it = "DELETE FROM events WHERE sender_id = :id OR substr(sender_id, 1, length(:id) + 1) = :id || '.'"
            dialogues.executemany(of_it, ({"id": each} for each in conversations))
            dialogues.commit()
            # Rasa keeps the file open, and with it the log in which they stand as well.
            dialogues.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise NotPossibleError(f"{file}: Rasa's dialogues cannot be erased ({error}); try again") from None
