"""What the templates are given, kind by kind: names and figures from the rows, days and codes as words.

Every figure comes from the letter's variables, fixed when it was queued, or from a row; none is worked out here.
"""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

import order_store

from ..cases import shop_zone
from ..deadlines import day_in_words
from ..paper import chat_words, instant_on_paper

LONGEST_NAME = 300
"""Characters of a name or a title that are shown; an import may hold pages of text in one."""

SAID_BY_THE_DATE = frozenset({"return_within_30_days"})
"""Obligations that are the letter's own last day."""

_NO_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})

Content = dict[str, Any]


def content_of(session: Session, letter: order_store.Letter, public_url: str | None) -> Content:
    """The values for the template of the letter's kind. `session` reads the rows the letter is about."""
    line, particular = _PARTICULAR[letter.kind](session, letter)
    shop, customer = letter.shop, letter.customer
    return {
        "shop": one_line(shop.name),
        "shop_phone": one_line(shop.contact.get("phone") or ""),
        "name": one_line((customer.name if customer else None) or ""),
        "order": one_line(line.order.number),
        "item": one_line(line.title),
        "chat": f"{public_url}/?shop={quote(shop.key, safe='')}" if public_url else None,
        **particular,
    }


def one_line(text: str) -> str:
    """`text` without line breaks and control characters, so that it can end no header and begin no line."""
    kept = "".join(" " if unicodedata.category(each) in _NO_TEXT else each for each in text)
    short = " ".join(kept.split())
    return short if len(short) <= LONGEST_NAME else f"{short[: LONGEST_NAME - 1]}…"


def _rma_issued(session: Session, letter: order_store.Letter) -> tuple[order_store.Line, Content]:
    told, words = letter.variables, chat_words()
    rma = session.get_one(order_store.Rma, told["rma"])
    obligations = [
        f"{words(f'obligation_{code}')} ({clause})"
        for code, clause in told["obligations"]
        if code not in SAID_BY_THE_DATE
    ]
    return rma.line, {
        "number": rma.number,
        "remedy": rma.remedy,
        "return_by": _instant(letter, told["return_by"]),
        "clause": told["clause"],
        "obligations": obligations,
        "pays": words("pays_" + "_".join(told["pays"])) if told["pays"] else None,
        "address": _address(letter.shop),
        "attached": [each["kind"] for each in letter.attachments],
    }


def _item_out_of_stock(session: Session, letter: order_store.Letter) -> tuple[order_store.Line, Content]:
    told = letter.variables
    line = session.get_one(order_store.Line, told["line"])
    return line, {"expected": _day(told["restock_expected_on"]), "amount": _money(told["amount"])}


def _dispute_decided(session: Session, letter: order_store.Letter) -> tuple[order_store.Line, Content]:
    told = letter.variables
    dispute = session.get_one(order_store.Dispute, told["dispute"])
    return dispute.line, {
        "number": dispute.number,
        "decision": told["decision"],
        "refund_follows": told["refund_follows"],
        "amount": _money(told["amount"]),
    }


def _refund_due(session: Session, letter: order_store.Letter) -> tuple[order_store.Line, Content]:
    told = letter.variables
    dispute = session.get_one(order_store.Dispute, told["dispute"])
    return dispute.line, {
        "number": dispute.number,
        "amount": _money(told["amount"]),
        "last_day": _day(told["last_day"]),
        "clause": told["clause"],
    }


def _repair_quoted(session: Session, letter: order_store.Letter) -> tuple[order_store.Line, Content]:
    told = letter.variables
    repair = session.get_one(order_store.Repair, told["repair"])
    return repair.line, {
        "number": repair.number,
        "amount": _money(told["amount"]),
        "valid_until": _day(told["valid_until"]),
    }


def _reminder(session: Session, letter: order_store.Letter) -> tuple[order_store.Line, Content]:
    told = letter.variables
    rma = session.get_one(order_store.Rma, told["rma"]) if told["rma"] is not None else None
    return session.get_one(order_store.Line, told["line"]), {
        "number": rma.number if rma else None,
        "deadline": _instant(letter, told["closes_at"]),
        "clause": told["clause"],
        "address": _address(letter.shop),
    }


_PARTICULAR: dict[str, Callable[[Session, order_store.Letter], tuple[order_store.Line, Content]]] = {
    "rma_issued": _rma_issued,
    "item_out_of_stock": _item_out_of_stock,
    "dispute_decided": _dispute_decided,
    "refund_due": _refund_due,
    "repair_quoted": _repair_quoted,
    "rma_reminder": _reminder,
    "ship_by_reminder": _reminder,
    "protection_reminder": _reminder,
}


def _address(shop: order_store.Shop) -> list[str]:
    return [one_line(each) for each in shop.service_center]


def _instant(letter: order_store.Letter, iso: str | None) -> str | None:
    return instant_on_paper(datetime.fromisoformat(iso), shop_zone(letter.shop)) if iso else None


def _day(iso: str | None) -> str | None:
    return day_in_words(date.fromisoformat(iso), chat_words()) if iso else None


def _money(told: list[str] | None) -> str | None:
    return " ".join(told) if told else None
