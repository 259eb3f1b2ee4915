"""Numbers a customer writes on a parcel or reads out on the phone: RMA-7K4P-9XQ-M3C.

Ten characters after the prefix: nine drawn at random (23^9, 40.7 bits) and a check character. The alphabet
has a prime number of characters and every place another weight, so any single wrong character and any two
characters swapped, next to each other or not, break the sum. The prefix is in the sum as well: an RMA
number with the prefix of a ticket is no ticket number.

No letter of the alphabet looks like another or like a digit (no I L O U, no B G S Z), few sound alike (of
B C D E G P T V only C P T, of M N only M, of F S only F, of A H J K only H J K), and without vowels the
numbers spell nothing.
"""

import secrets
import unicodedata
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from order_store.tables import Dispute, PrivacyRequest, Repair, Rma, Ticket

NumberKind = Literal["rma", "dispute", "ticket", "repair", "privacy"]

ALPHABET: Final = "0123456789CFHJKMPQRTWXY"
PREFIXES: Final[dict[NumberKind, str]] = {
    "rma": "RMA",
    "dispute": "DSP",
    "ticket": "TKT",
    "repair": "RPR",
    "privacy": "PRV",
}

_RANDOM_PLACES: Final = 9
_BASE: Final = len(ALPHABET)
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
# What people read or hear for a character of the alphabet.
_READ_AS: Final = str.maketrans("OILSZBGN", "0115286M")
_START: Final[dict[NumberKind, int]] = {"rma": 0, "dispute": 7, "ticket": 15, "repair": 3, "privacy": 11}
_COLUMN: Final[dict[NumberKind, InstrumentedAttribute[str]]] = {
    "rma": Rma.number,
    "dispute": Dispute.number,
    "ticket": Ticket.number,
    "repair": Repair.number,
    "privacy": PrivacyRequest.number,
}


def new_number(kind: NumberKind) -> str:
    """A fresh number, not guessable from any other; `unused_number` also looks whether it is taken."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_PLACES))
    return _printed(kind, body + _check_character(kind, body))


def unused_number(session: Session, kind: NumberKind) -> str:
    """A fresh number that no row of its kind has; two at the same instant are left to the unique column."""
    column = _COLUMN[kind]
    while True:
        number = new_number(kind)
        if session.scalar(select(column).where(column == number)) is None:
            return number


def normalise_number(text: str, kind: NumberKind | None = None) -> str | None:
    """The number as printed, however it was typed; None when it is none or has a slip in it.

    Case, spaces, hyphens and other marks do not matter, look-alikes are read as what is meant (O as 0, I
    and L as 1, S as 5, Z as 2, B as 8, G as 6) and N as M. With `kind` the prefix may be left out, and a
    number of another kind is none.
    """
    typed = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).upper()))
    for candidate in PREFIXES if kind is None else (kind,):
        body = typed.removeprefix(PREFIXES[candidate])
        if (body == typed and kind is None) or len(body) != _RANDOM_PLACES + 1:
            continue
        body = body.translate(_READ_AS)
        if set(body) <= _VALUE.keys() and _sum(candidate, body) == 0:
            return _printed(candidate, body)
    return None


def _printed(kind: NumberKind, body: str) -> str:
    return f"{PREFIXES[kind]}-{body[:4]}-{body[4:7]}-{body[7:]}"


def _sum(kind: NumberKind, body: str) -> int:
    # Weights count down to 1 at the last place, so that the check character is what the rest lacks.
    weights = range(_RANDOM_PLACES + 1, 0, -1)
    return (_START[kind] + sum(w * _VALUE[c] for w, c in zip(weights, body, strict=False))) % _BASE


def _check_character(kind: NumberKind, body: str) -> str:
    return ALPHABET[-_sum(kind, body) % _BASE]
