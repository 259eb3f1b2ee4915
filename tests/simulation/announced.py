"""What a yes will do, as the customer reads it in the question that asks for it."""

import re
from collections.abc import Iterable

from casework.words import Words
from tests.simulation.personas import Persona
from tests.simulation.talk import Yes

OPEN_END = "\0"


def announced_in(text: str, persona: Persona, words: Words, remedies: Iterable[str]) -> Yes | None:
    """What `text` announces.

    A parcel that is to be noted is only the customer's where it has the number of theirs.
    """
    for line, title in enumerate(persona.bought.titles):
        for remedy in remedies:
            if words(f"announce_{remedy}", item=title) in text:
                return Yes(line, remedy, _pieces(text, words))
        known = {"order": persona.number, "item": title}
        for name, wish in _WISHES.items():
            tracking = persona.past.tracking if persona.past is not None else None
            if _beginning(words, name, known) in text and (wish != "sent" or (tracking or OPEN_END) in text):
                return Yes(line if wish == "sent" else persona.line, wish)
    return None


def _pieces(text: str, words: Words) -> int | None:
    told = re.search(words("announce_pieces", pieces=r"(\d+)", quantity=r"\d+"), text)
    return int(told[1]) if told is not None else None


_WISHES = {
    "announce_invoice": "invoice",
    "announce_sent": "sent",
    "announce_privacy_access": "access",
    "announce_privacy_correction": "correction",
    "announce_privacy_erasure": "erasure",
}


def _beginning(words: Words, name: str, known: dict[str, str]) -> str:
    """The sentence up to what only the bot knows."""
    unknown = dict.fromkeys(("carrier", "tracking", "number", "wish"), OPEN_END)
    return words(name, **unknown, **known).split(OPEN_END)[0]
