"""E-mail addresses and phone numbers in the one form they are stored and compared in."""

import re
import unicodedata
from typing import Final

_EMAIL: Final = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f]+@(?:[\w](?:[\w-]*[\w])?\.)+[\w](?:[\w-]*[\w])?")
_PHONE: Final = re.compile(r"\+[1-9]\d{5,14}")
_PHONE_MARKS: Final = re.compile(r"\(0\)|[\s().\-/\u2010-\u2015]")


def normalise_email(text: str) -> str | None:
    """The address lower-cased, or None when `text` is no address of the form name@domain.tld."""
    address = unicodedata.normalize("NFKC", text).strip().lower()
    return address if len(address) <= 254 and _EMAIL.fullmatch(address) else None


def normalise_phone(text: str) -> str | None:
    """+ and 6 to 15 digits, or None when `text` is no number with its country code.

    Spaces, hyphens, dots, slashes, brackets and a "(0)" are left out; 00 in front reads as +.
    """
    digits = _PHONE_MARKS.sub("", unicodedata.normalize("NFKC", text).strip())
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    return digits if digits.isascii() and _PHONE.fullmatch(digits) else None
