"""Which of the things on offer a message picks: one of the order's lines, or one of the remedies."""

import re
from collections.abc import Sequence

from policy_core import RemedyName

_REMEDY_OF_INTENT = {
    "exchange_item": (RemedyName.EXCHANGE,),
    "cancel_order": (RemedyName.CANCEL,),
    "request_refund": (RemedyName.REFUND_NOW, RemedyName.RETURN_REFUND),
    "return_item": (RemedyName.RETURN_REFUND,),
    "warranty": (RemedyName.WARRANTY_REPAIR,),
    "deny": ("none",),
}
_REMEDY_WORDS = (
    (re.compile(r"\bwait", re.I), (RemedyName.WAIT_BACKORDER,)),
    (re.compile(r"\b(?:exchange|replace|swap)", re.I), (RemedyName.EXCHANGE,)),
    (re.compile(r"\bquote", re.I), (RemedyName.PAID_REPAIR,)),
    (re.compile(r"\brepair|\bfix", re.I), (RemedyName.WARRANTY_REPAIR, RemedyName.PAID_REPAIR)),
    (re.compile(r"\b(?:one.?year|1.?year)?\s?service\b", re.I), (RemedyName.ONE_YEAR_SERVICE,)),
    (re.compile(r"\bup(?:grade|date)", re.I), (RemedyName.SOFTWARE_UPGRADE,)),
    (re.compile(r"\bdispute", re.I), (RemedyName.DISPUTE,)),
    (re.compile(r"\bcancel", re.I), (RemedyName.CANCEL,)),
    (re.compile(r"\brefund|\bmoney", re.I), (RemedyName.REFUND_NOW, RemedyName.RETURN_REFUND)),
    (re.compile(r"\breturn|\bsend (?:it )?back", re.I), (RemedyName.RETURN_REFUND,)),
    (re.compile(r"\b(?:none|neither|nothing)\b", re.I), ("none",)),
)
_ASKS_ABOUT = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|wait|well|sorry)\W+)*"
    r"(?:(?:how|what)(?! about)|when|who|why|where|until when|do i (?:have|need) to)\b.*\?",
    re.I | re.S,
)
_TURNED_DOWN = re.compile(
    r"(?:\b(?:not|no|never|without|dont|instead of|rather than)|n['\u2019]t)\s+(?:\w+\s+){0,4}?(?:a\s+|an\s+|the\s+)?$",
    re.I,
)
_OTHER_LINE = re.compile(
    r"\bother\b(?!\s+(?:order|parcel|package|shipment|number|version|model|size|colou?r|kind|type|way|side|day))",
    re.I,
)
_TAKES_BACK = re.compile(r"^\W*(?:no|nope|not|wrong|sorry|oops|actually|wait|the other)\b", re.I)
_OTHER_ORDER = re.compile(r"\b(?:other|different|another)\s+(?:order|parcel|package|shipment)", re.I)
_INSTEAD = re.compile(r"\b(?:not|instead of|rather than)\b", re.I)


def pick_remedy(text: str, intent: str, offered: Sequence[str]) -> str | None:
    """The remedy among `offered` that typed words name and do not turn down, or "none"; None where none is.

    A question about one ("how long does a repair take?") picks none.
    """
    if _ASKS_ABOUT.search(text):
        return None
    turned_down = False
    for pattern, names in _REMEDY_WORDS:
        name = _first(names, (*offered, "none"))
        found = pattern.search(text) if name is not None else None
        if found is None:
            continue
        if not _TURNED_DOWN.search(text[: found.start()]):
            return name
        turned_down = True
    return None if turned_down else _first(_REMEDY_OF_INTENT.get(intent, ()), (*offered, "none"))


def is_meant_by(intent: str, remedy: str | None) -> bool:
    """Whether the remedy is what a message of this intent asks for."""
    return remedy is not None and remedy in _REMEDY_OF_INTENT.get(intent, ())


def pick_line(text: str, titles: Sequence[str]) -> int | None:
    """The line, counted from 0, that typed words name: by its number in the list (from 1), or by its title."""
    typed = re.fullmatch(r"\D{0,5}(\d{1,2})\D{0,3}", text)
    if typed and 1 <= int(typed[1]) <= len(titles):
        return int(typed[1]) - 1
    return match_title(text, titles)


def named_line(products: Sequence[str], titles: Sequence[str]) -> int | None:
    """The one line whose title is the product understanding found, blanks and case aside; None for several."""
    if len(products) != 1:
        return None
    named = " ".join(products[0].split()).casefold()
    found = [place for place, title in enumerate(titles) if " ".join(title.split()).casefold() == named]
    return found[0] if len(found) == 1 else None


def match_title(text: str, titles: Sequence[str]) -> int | None:
    """The one title that shares the most words with `text`; None when none does or two do alike."""
    meant = _INSTEAD.split(text)[0]
    if meant != text and (picked := match_title(meant, titles)) is not None:
        return picked
    said = title_words(text)
    shared = [len(said & title_words(title)) for title in titles]
    best = max(shared, default=0)
    return shared.index(best) if best and shared.count(best) == 1 else None


def means_the_other_line(text: str) -> bool:
    """Whether another item is meant than the one spoken of so far: "no, the other one"."""
    return bool(_OTHER_LINE.search(text))


def takes_back(text: str) -> bool:
    """Whether the message begins as people do who take back what they said: "not that, the lamp"."""
    return bool(_TAKES_BACK.search(text))


def means_another_order(text: str) -> bool:
    """Whether another order is meant than the one spoken of so far."""
    return bool(_OTHER_ORDER.search(text))


def _first(names: Sequence[str], offered: Sequence[str]) -> str | None:
    return next((str(name) for name in names if name in offered), None)


def title_words(text: str) -> set[str]:
    """The words that tell one title from another, in the singular."""
    words = re.findall(r"[^\W\d_]{3,}", text.lower())
    return {word.removesuffix("s") for word in words} - {"the", "and", "for", "with"}
