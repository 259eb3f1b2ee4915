"""The shop's policy in general, where no order is named: which rights there are, for how long, at whose cost."""

import re
from datetime import datetime
from typing import Any

from policy_core import ParameterName, Payer, Pays, Programme, RemedyName, Shop, default_policy

from .figures import figure, figure_in_words
from .situations import Decided, decided
from .telling import VERSION, Telling
from .words import Words

_HOW_LONG = re.compile(
    r"\bhow (?:long|soon|fast|quick\w*|many (?:\w+ )?(?:days|weeks))\b|\bwhen (?:do|does|will|would|can)\b", re.I
)
_MONEY = re.compile(r"\b(?:refund\w*|reimburs\w+|money|paid back|credited|payout)\b", re.I)
_ASKING_FOR_IT = re.compile(
    r"\b(?:ask|apply|claim|request|open|return (?:it|them|this|something|an?|my|the)|to return|send\w* (?:it )?back"
    r"|bring|do (?:i|we|you) have|eligible|possible|allowed|entitled|until)\b",
    re.I,
)
_REPAIR = re.compile(
    r"\bhow (?:long|soon|fast|quick\w*|many (?:\w+ )?(?:days|weeks))\b[^.?!]{0,30}\b(?:repair\w*|fix\w*|mend\w*)\b"
    r"|\bhow (?:long|soon|fast|quickly)\b[^.?!]{0,30}\b(?:take|last)s?\b[^.?!]{0,30}\b(?:repair|fix|mend)",
    re.I,
)
_NOT_ITS_LENGTH = re.compile(
    r"\b(?:cover\w*|warranty|guarantee\w*|entitled|eligible|ask|claim|request|free|until|valid|was|were|been|ago)\b",
    re.I,
)
_TIME_TO_ASK_FOR_IT = re.compile(
    r"\b(?:do|have|can|could|may|must) (?:i|we)\b"
    r"|(?<!before )\b(?:i|we) (?:have|can)\b|\b(?:have|['\u2019]ve) got\b"
    r"|\b(?:do|will|would) you (?:still |even )?(?:repair|fix|mend)\b(?=.*\b(?:things|items|goods|products|old)\b)"
    r"|\b(?:left|open|after)\b",
    re.I,
)
_IT_TAKES = re.compile(
    r"\btakes?\b(?! (?:it|them|this|my|the|advantage)\b)|\bwait\b(?! (?:before|until|to|with)\b)", re.I
)
"""Words that make it a question of the repair's length, though such of a time to ask for one stand beside them."""
NO_PAYER_WORTH_NAMING = frozenset({RemedyName.DISPUTE, RemedyName.ONE_YEAR_SERVICE})
"""Remedies for which nothing is sent in by the customer at first."""


def asks_how_long_money_takes(text: str) -> bool:
    """Whether a question is about when the money comes, not about how long it can be asked for."""
    return bool(_HOW_LONG.search(text) and _MONEY.search(text) and not _ASKING_FOR_IT.search(text))


def asks_how_long_a_repair_takes(text: str) -> bool:
    """Whether a question is about the time a repair takes, not about the time in which there is a right to one."""
    if _TIME_TO_ASK_FOR_IT.search(text) and not _IT_TAKES.search(text):
        return False
    return bool(_REPAIR.search(text) and not _NOT_ITS_LENGTH.search(text))


def tell_policy(words: Words, shop: Shop, now: datetime) -> Telling:
    """Every right the shop's policy gives, one line each: for how long, from when, at whose cost, by which clause."""
    rights = [each for each in decided(shop, now) if each.situation.is_right]
    sentences = [words("refund_policy"), *(f"• {_right(words, each, shop, now)}" for each in rights)]
    if any(_is_unsaid(each.verdict.pays) and each.verdict.remedy not in NO_PAYER_WORTH_NAMING for each in rights):
        sentences.append(words("payer_unsaid"))
    sentences += _refund_time(words, shop, now)
    payload = {"v": VERSION, "kind": "policy", "rights": [_payload(each, shop, now) for each in rights]}
    return Telling("\n".join(sentences), payload)


def tell_refund_time(words: Words, shop: Shop, now: datetime) -> Telling:
    """How long a refund takes, where a clause says it (BP-7); else that none does."""
    return Telling("\n".join(_refund_time(words, shop, now)), {"v": VERSION, "kind": "note"})


def tell_repair_time(words: Words, shop: Shop, now: datetime) -> Telling:
    """The working days a repair takes from when its need is confirmed, where a clause says it (AS-P4)."""
    name = ParameterName.REPAIR_WORKING_DAYS
    days = figure(name, shop, now) if Programme.AFTER_SALES in shop.programmes else None
    if days is None:
        return Telling(words("repair_time_unsaid"), {"v": VERSION, "kind": "note"})
    clause = default_policy().parameters[name].clause
    told = words("repair_time", repair_working_days=figure_in_words(name, days, words))
    return Telling(f"{told} ({clause})", {"v": VERSION, "kind": "note"})


def _refund_time(words: Words, shop: Shop, now: datetime) -> list[str]:
    if Programme.BUYER_PROTECTION not in shop.programmes:
        return [words("refund_time_unsaid")]
    name = ParameterName.REFUND_DUE_DAYS
    days = figure(name, shop, now)
    if days is None:
        return [words("refund_time_unsaid")]
    clause = default_policy().parameters[name].clause
    sentences = [f"{words('refund_time', refund_due_days=figure_in_words(name, days, words))} ({clause})"]
    if len(shop.programmes) > 1:
        sentences.append(words("refund_time_unsaid_else"))
    return sentences


def _right(words: Words, right: Decided, shop: Shop, now: datetime) -> str:
    situation, pays = right.situation, right.verdict.pays
    figures = {name: figure(name, shop, now) for name in situation.figures}
    key = f"right_{situation.name}" + ("_unlimited" if None in figures.values() else "")
    told = {str(name): figure_in_words(name, each, words) for name, each in figures.items() if each is not None}
    sentence = words(key, **told)
    if pays is not None and not _is_unsaid(pays):
        sentence += " " + words(f"pays_{pays.original_shipping}_{pays.return_shipping}")
    return f"{sentence} ({', '.join(right.clauses)})"


def _is_unsaid(pays: Pays | None) -> bool:
    return pays is not None and Payer.UNSPECIFIED in (pays.original_shipping, pays.return_shipping)


def _payload(right: Decided, shop: Shop, now: datetime) -> dict[str, Any]:
    situation, pays = right.situation, right.verdict.pays
    return {
        "right": situation.name,
        "programme": situation.programme,
        "remedy": situation.remedy,
        "figures": {str(name): figure(name, shop, now) for name in situation.figures},
        "pays": pays and {"original_shipping": pays.original_shipping, "return_shipping": pays.return_shipping},
        "clauses": list(right.clauses),
    }
