"""What people write of a parcel they have sent: that it is gone, with which carrier, under which tracking number."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .goals import GOALS

if TYPE_CHECKING:
    from .messages import Message

_SENT = re.compile(
    r"\b(?:i|we|i've|we've|just|already|have|has been|was|is|it's)\s+(?:\w+\s+){0,2}?"
    r"(?:sent|shipped|posted|mailed|dispatched|returned|dropped|handed)\b"
    r"|^\W*(?:sent|shipped|posted|mailed|dropped)\b",
    re.I,
)
_BY_ME = re.compile(
    r"\b(?:i|we)(?:['\u2019]ve)?\s+(?:\w+\s+){0,2}?(?:sent|shipped|posted|mailed|dispatched|returned|dropped|handed)\b"
    r"(?!\s+(?:you|them|over)?\s*(?:an?|my|the|some|several|many|two|three)?\s*"
    r"(?:e-?mails?|messages?|letters?|photos?|pictures?|proof|complaints?|tickets?|money)\b)",
    re.I,
)
_BY_THE_SHOP = re.compile(
    r"\b(?:you|you've|they|shop|seller|store)\s+(?:\w+\s+){0,3}?(?:sent|shipped|posted|mailed)\b", re.I
)
_NOT_YET = re.compile(r"(?:\b(?:not|never|haven't|havent|didn't|didnt|cannot|can't|when|if|once|before|until)\b)", re.I)
_TRACKING = re.compile(
    r"^\W*(?:(?:it|the number|tracking(?: number| no\.?)?)\s*(?:is|:)?\s*)?"
    r"(?P<value>[A-Z0-9][A-Z0-9 -]{4,38}[A-Z0-9])\W*$",
    re.I,
)
_FEWEST_DIGITS = 4
LONGEST_LETTERS = 4
"""Letters in a row that may stand by themselves in a number ("RR 123 456 785 DE"); more are a word."""

_CARRIERS = {
    "DHL": r"dhl",
    "UPS": r"ups",
    "FedEx": r"fed\s?-?ex",
    "DPD": r"dpd",
    "GLS": r"gls",
    "Hermes": r"hermes",
    "Evri": r"evri",
    "TNT": r"tnt",
    "USPS": r"usps",
    "EMS": r"ems",
    "Royal Mail": r"royal\s?mail",
    "Parcelforce": r"parcel\s?force",
    "Yodel": r"yodel",
    "InPost": r"in\s?post(?=\b)",
    "Deutsche Post": r"deutsche\s+post",
    "PostNL": r"post\s?nl",
    "bpost": r"bpost",
    "Colissimo": r"colissimo",
    "Chronopost": r"chronopost",
    "Mondial Relay": r"mondial\s+relay",
    "Correos": r"correos",
    "SEUR": r"seur",
    "Poste Italiane": r"poste\s+italiane",
    "Canada Post": r"canada\s+post",
    "Australia Post": r"australia\s+post|auspost",
    "An Post": r"an\s+post\b",
    "China Post": r"china\s+post",
    "SF Express": r"sf[\s-]?express",
    "Aramex": r"aramex",
    "PostNord": r"post\s?nord",
}
_CARRIER = {name: re.compile(rf"\b(?:{pattern})\b", re.I) for name, pattern in _CARRIERS.items()}


def says_it_is_sent(text: str) -> bool:
    """Whether the customer says to have sent something off; not what the shop sent, and not what is still to be."""
    found = _SENT.search(text)
    if found is None or _BY_THE_SHOP.search(text):
        return False
    return _NOT_YET.search(text[: found.end()]) is None


def says_i_sent_it(text: str) -> bool:
    """Whether the customer themselves has sent it, told so plainly that it needs no other word to be about a return."""
    return _BY_ME.search(text) is not None and says_it_is_sent(text)


def is_parcel_of_the_return(message: "Message", slots: Mapping[str, Any]) -> bool:
    """Whether, the return just told of, the number of its parcel is told, however much that sounds like tracking."""
    own = message.intent in ("track_order", "missing_order", "rma") or message.intent not in GOALS
    just_told = slots.get("settled") and slots.get("goal") == "rma" and message.answer is None
    return bool(just_told and own and message.values("tracking_number") and not message.values("order_number"))


def carrier_in(text: str) -> str | None:
    """The carrier named in `text`, as it writes itself; None where none is, or two are."""
    named = [name for name, pattern in _CARRIER.items() if pattern.search(text)]
    return named[0] if len(named) == 1 else None


def typed_tracking(text: str) -> str | None:
    """The tracking number that an answer to the question for it consists of, without blanks; None where it is none."""
    found = _TRACKING.match(text)
    if found is None:
        return None
    if any(part.isalpha() and len(part) > LONGEST_LETTERS for part in re.split(r"[\s-]+", found["value"])):
        return None
    value = re.sub(r"[\s-]", "", found["value"]).upper()
    return value if sum(each.isdigit() for each in value) >= _FEWEST_DIGITS else None
