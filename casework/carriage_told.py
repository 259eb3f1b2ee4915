"""Who pays the postage: by the verdict on the customer's own item where there is one, else by the general rule."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import order_store
from policy_core import ClaimReason, Pays, RemedyName, RemedyVerdict, Shop

from .situations import Decided, decided, payer_clauses
from .telling import VERSION, Telling
from .words import Words


def tell_carriage(words: Words, shop: Shop, now: datetime) -> Telling:
    """The general rule, one line for each payer: in which situations, by which clauses."""
    by_payer: dict[Pays, list[Decided]] = {}
    for each in decided(shop, now):
        if each.situation.is_carriage and each.verdict.pays is not None:
            by_payer.setdefault(each.verdict.pays, []).append(each)
    sentences = [words("shipping_cost")]
    for pays, cases in by_payer.items():
        named = ", ".join(f"{words(f'case_{each.situation.name}')} ({', '.join(each.payer_clauses)})" for each in cases)
        sentences.append(f"• {words('carriage', situations=named, payer=_payer(words, pays))}")
    payload = {"v": VERSION, "kind": "carriage", "item": None, "cases": _payloads(by_payer)}
    return Telling("\n".join(sentences), payload)


def tell_own_carriage(
    words: Words, line: order_store.Line, remedies: Iterable[RemedyVerdict], reason: ClaimReason | None
) -> Telling | None:
    """What the verdicts on `line` say of the postage, for every one that is open; None where they say nothing."""
    sentences = [words("carriage_of", item=line.title)]
    cases: list[dict[str, Any]] = []
    for each in remedies:
        if not each.outcome.is_open or each.pays is None or each.remedy is RemedyName.DISPUTE:
            continue
        clauses = payer_clauses(each, reason)
        named = f"{words(f'name_{each.remedy}')} ({', '.join(clauses)})"
        sentences.append(f"• {words('carriage', situations=named, payer=_payer(words, each.pays))}")
        cases.append(_payload(each.remedy, each.pays, clauses))
    if not cases:
        return None
    return Telling("\n".join(sentences), {"v": VERSION, "kind": "carriage", "item": line.title, "cases": cases})


def _payer(words: Words, pays: Pays) -> str:
    return words(f"pays_{pays.original_shipping}_{pays.return_shipping}")


def _payloads(by_payer: dict[Pays, list[Decided]]) -> list[dict[str, Any]]:
    return [
        _payload(each.situation.remedy, pays, each.payer_clauses) | {"reason": each.situation.reason}
        for pays, cases in by_payer.items()
        for each in cases
    ]


def _payload(remedy: RemedyName, pays: Pays, clauses: tuple[str, ...]) -> dict[str, Any]:
    return {
        "remedy": remedy,
        "pays": {"original_shipping": pays.original_shipping, "return_shipping": pays.return_shipping},
        "clauses": list(clauses),
    }
