"""The printable slip of an RMA: its number for the outside of the parcel, and a note for the inside.

One page, in a PDF that is the same, byte for byte, whenever and however often it is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import order_store

from .cases import shop_zone
from .paper import chat_words, instant_on_paper, paper_words, return_by, standing_terms
from .slip_page import drawn

LANGUAGE = "en"
"""The language of the words, as the document tells a reader that speaks."""

TO_PUT_IN = ("original_package", "include_proof_and_note")
"""Obligations that are about what the parcel holds (ST-M1, ST-M3, AS-P2)."""

TOLD_OTHERWISE = frozenset({"return_within_30_days", "send_within_7_days", "rma_required", "diagnose_first"})
"""Obligations the slip needs no sentence for: its last day and its number say them, or they are done with."""

LETTER_PAPER = frozenset({"US", "CA"})
"""Countries (ISO 3166) that print on US Letter; the others have A4."""

LONGEST_FIELD = 300
"""Characters of a title or an address line that are printed; an import may hold pages of text in one."""

MOST_ADDRESS_LINES = 8


@dataclass(frozen=True, slots=True)
class Slip:
    """All that stands on a slip, in words. `country` is the shop's, ISO 3166; `wishes` the remedy granted."""

    number: str
    shop: str
    country: str
    address: tuple[str, ...]
    order: str
    item: str
    return_by: str
    put_in: tuple[str, ...]
    sending: tuple[str, ...]
    reason: str
    wishes: str

    @property
    def letter_paper(self) -> bool:
        """Whether the page is US Letter."""
        return self.country in LETTER_PAPER


def slip_pdf(rma: order_store.Rma, shop: order_store.Shop, now: datetime) -> bytes:
    """The slip of `rma` as a PDF of one page. `rma` belongs to a session that is still open.

    The bytes depend on the RMA, its order line and the shop alone: `now` (aware) changes nothing, so a slip
    printed twice, or sent by e-mail and printed from the chat, is the same slip.
    """
    del now  # a slip holds no "9 days left", which would be wrong on the day it is read
    words = paper_words()
    slip = slip_of(rma, shop)
    return drawn(
        slip,
        words,
        title=words("slip_title", number=slip.number),
        subject=words("slip_subject", shop=slip.shop),
        language=LANGUAGE,
    )


def slip_of(rma: order_store.Rma, shop: order_store.Shop) -> Slip:
    """What the slip of `rma` says. `rma` belongs to a session that is still open."""
    words, chat, line = paper_words(), chat_words(), rma.line
    obligations = _obligations(rma.verdict)
    item = _short(line.title)
    return Slip(
        number=rma.number,
        shop=_short(shop.name),
        country=shop.country,
        address=tuple(_short(each) for each in shop.service_center[:MOST_ADDRESS_LINES]),
        order=line.order.number,
        item=item if rma.quantity == 1 else words("slip_pieces", quantity=rma.quantity, item=item),
        return_by=_return_by_in_words(rma, shop),
        put_in=(
            *(chat(f"obligation_{code}") for code in obligations if code in TO_PUT_IN),
            words("slip_this_page"),
        ),
        sending=tuple(
            chat(f"obligation_{code}") for code in obligations if code not in TO_PUT_IN and code not in TOLD_OTHERWISE
        ),
        reason=words(f"slip_reason_{rma.reason}"),
        wishes=chat(f"name_{rma.remedy}"),
    )


def _return_by_in_words(rma: order_store.Rma, shop: order_store.Shop) -> str:
    remedy, periods = standing_terms(rma)
    if remedy is None:
        return paper_words()("slip_ask_for_day")
    zone = shop_zone(shop)
    end = return_by(remedy, periods, zone)
    return chat_words()("return_by_none") if end is None else instant_on_paper(end[0], zone)


def _obligations(verdict: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of what the customer took on with their yes, from the verdict kept with the RMA."""
    return tuple(str(each["code"]) for each in verdict.get("obligations", ()))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_FIELD else f"{text[: LONGEST_FIELD - 1]}…"
