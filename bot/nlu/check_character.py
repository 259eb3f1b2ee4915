"""Whether what was typed is one of our own numbers: RMA-7K4P-9XQ-M3C.

Ten characters of an alphabet of 23 (a prime) after the prefix, the last of them a check character. Each place has
its weight, 10 down to 1; the weighted values and the start of the prefix add up to a multiple of 23. Other rooms
may not be imported here, so the rule that numbers are given out by stands here a second time.
"""

from __future__ import annotations

import unicodedata
from typing import Final

ALPHABET: Final = "0123456789CFHJKMPQRTWXY"
# What the prefix adds to the sum: a number under another prefix is none.
STARTS: Final = {"RMA": 0, "DSP": 7, "TKT": 15}

_PLACES: Final = 10
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
# What people read or hear for a character of the alphabet.
_READ_AS: Final = str.maketrans("OILSZBGN", "0115286M")


def printed_number(prefix: str, typed: str) -> str | None:
    """`typed`, what stands behind `prefix`, as it is printed: PREFIX-XXXX-XXX-XXX; None when it is no such number.

    Case and marks do not matter, look-alikes are read as what is meant.
    """
    body = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", typed).upper())).translate(_READ_AS)
    if len(body) != _PLACES or not set(body) <= _VALUE.keys():
        return None
    weights = range(_PLACES, 0, -1)
    weighted = sum(weight * _VALUE[character] for weight, character in zip(weights, body, strict=True))
    if (STARTS[prefix] + weighted) % len(ALPHABET):
        return None
    return f"{prefix}-{body[:4]}-{body[4:7]}-{body[7:]}"
