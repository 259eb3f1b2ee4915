"""The alphabet of text messages (GSM 03.38): 160 characters to one, where any other letter leaves room for 70."""

from __future__ import annotations

import unicodedata
from typing import Final

from gateway.channels.texts import utf16_units

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€")
_WRITTEN: Final = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2026": "...",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2022": "-", "\u00d7": "x", "\u00ab": '"', "\u00bb": '"',
        "\t": " ", "\u0141": "L", "\u0142": "l", "\u0110": "D", "\u0111": "d", "\u0131": "i", "\u0152": "OE",
        "\u0153": "oe",
    }
)  # fmt: skip


def written(text: str) -> str:
    """`text` with typographic signs as a typewriter has them, and with letters of the alphabet where that loses
    accents at most; what is of another script stays as it is."""
    plain = unicodedata.normalize("NFC", text).translate(_WRITTEN)
    return "".join(each if _fits(each) else _without_accents(each) for each in plain)


def segments(text: str) -> int:
    """How many text messages a phone company counts `text` as."""
    if all(_fits(each) for each in text):
        length = sum(2 if each in _EXTENDED else 1 for each in text)
        return 1 if length <= 160 else -(-length // 153)
    units = utf16_units(text)
    return 1 if units <= 70 else -(-units // 67)


def _fits(character: str) -> bool:
    return character in _BASIC or character in _EXTENDED


def _without_accents(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[:1]
    return base if base and _fits(base) else character
