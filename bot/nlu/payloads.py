"""What stands behind a button ("/choose{…}"): Rasa itself makes of it the intent and entities that it names."""

from __future__ import annotations


def is_payload(text: str | None) -> bool:
    """Whether `text` is no sentence, but what a button of the bot's sends: there is nothing in it to understand."""
    # As Rasa takes it; before anything typed comes here, the gateway takes away what looks so.
    return (text or "").lstrip().startswith("/")
