"""A repair in words: its quote with what a yes and a no lead to (AS-P3, AS-P4, AS-F1), and where it stands."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

import order_store
from order_store import Repair
from policy_core import CaseError, ClaimReason, Payer, Pays, Programme, RemedyName, decide, end_of_day

from .cases import Told, build_case, shop_zone
from .deadlines import day_in_words, deadline_in_words
from .telling import VERSION, Teller, Telling

NOT_SAID = Pays(Payer.UNSPECIFIED, Payer.UNSPECIFIED)
NO_QUALITY_FAULT = "AS-W2"
"""The clause by which the shop rejects what its test finds to be no fault of the item's make."""


def tell_quote(session: Session, teller: Teller, repair: Repair) -> Telling:
    """What the repair costs, until when that holds, and what follows from agreeing and from declining."""
    words, item = teller.words, teller.line.title
    pays = carriage(session, teller, repair)
    sentences = [
        words("quote", item=item, number=repair.number, amount=amount_of(repair)),
        _until(teller, repair),
        words("quote_if_agreed", item=item),
        words("quote_if_declined", item=item),
        words(f"pays_{pays.original_shipping}_{pays.return_shipping}"),
    ]
    return Telling("\n".join(sentences), {**_payload(repair), "kind": "quote"})


def tell_repair(teller: Teller, repair: Repair, lapsed: bool = False) -> Telling:
    """Where the repair stands, and what comes next and by when. `lapsed`: the quote's last day is past."""
    words, item = teller.words, teller.line.title
    course = "lapsed" if lapsed else repair.course
    day = day_in_words(repair.due_on, words) if repair.due_on is not None else None
    sentences = [words(f"repair_{course}", item=item, number=repair.number)]
    if course == "agreed" and day is not None:
        sentences.append(words("repair_due", day=day))
    if course in ("agreed", "repaired", "unrepairable") and repair.fee != "none":
        sentences.append(words(f"repair_fee_{repair.fee}", amount=amount_of(repair)))
    if course == "sent_back" and repair.tracking:
        carrier = repair.carrier or words("phrase_the_carrier")
        sentences.append(words("tracking", carrier=carrier, tracking=repair.tracking))
    return Telling("\n".join(sentences), _payload(repair))


def amount_of(repair: Repair) -> str:
    """What was quoted, as decimal text with its ISO 4217 currency; empty where nothing was."""
    return f"{repair.quote_amount:.2f} {repair.quote_currency}" if repair.quote_amount is not None else ""


def carriage(session: Session, teller: Teller, repair: Repair) -> Pays:
    """Who pays for the item's way back, by the policy, on what the shop has found (AS-F1, AS-A2)."""
    rma = repair.rma
    told = Told.from_slots(rma.facts) if rma is not None else Told()
    if rma is not None and rma.decided_because == NO_QUALITY_FAULT:
        told = replace(told, caused_by_customer=True)
    try:
        verdict = decide(build_case(session, teller.line, told.because(ClaimReason.DEFECTIVE), teller.now))
    except CaseError:
        return NOT_SAID
    remedy = verdict.remedy(RemedyName.PAID_REPAIR, Programme.AFTER_SALES)
    return remedy.pays if remedy is not None and remedy.pays is not None else NOT_SAID


def _until(teller: Teller, repair: Repair) -> str:
    if repair.quote_valid_until is None:
        return teller.words("quote_no_last_day")
    zone = shop_zone(teller.line.order.shop)
    end = end_of_day(repair.quote_valid_until, zone)
    return teller.words("quote_until", deadline=deadline_in_words(end, zone, teller.now, teller.words))


def _payload(repair: Repair) -> dict[str, Any]:
    amount = repair.quote_amount
    return {
        "v": VERSION,
        "kind": "repair",
        "number": repair.number,
        "item": repair.line.title,
        **{column: value for column, value in order_store.state_of(repair).items() if column != "case"},
        "amount": f"{amount:.2f}" if amount is not None else None,
        "currency": repair.quote_currency,
        "valid_until": repair.quote_valid_until.isoformat() if repair.quote_valid_until else None,
        "due_on": repair.due_on.isoformat() if repair.due_on else None,
    }
