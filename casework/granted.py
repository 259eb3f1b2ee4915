"""What a customer was given, as it is told: the number, the terms it stands on, what is to be checked."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

import order_store
from policy_core import RemedyName, RemedyVerdict, Rma, decide

from .cases import Told
from .dossier import Dossier
from .judged import Judged

CONFIRMED_RETURNS = frozenset({RemedyName.RETURN_REFUND, RemedyName.EXCHANGE})
"""Remedies whose RMA changes what the policies say of the line."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What was written. `kind`: rma, dispute, cancellation, backorder, refund or person (a ticket is needed).

    `remedy` is the verdict it stands on; `number` the one to quote, where there is one; `again`: it was there
    before, and nothing was written now; `refund` an amount (decimal text) and its ISO 4217 currency; `pieces`: it is
    for so many of the line's, not for all.
    """

    kind: str
    remedy: RemedyVerdict
    judged: Judged
    number: str | None = None
    refund: tuple[str, str] | None = None
    again: bool = False
    pieces: int | None = None


def preview(judged: Judged, remedy: RemedyVerdict, now: datetime) -> RemedyVerdict:
    """The terms of `remedy` once it is granted as of `now`: with its RMA issued, and the last day that sets."""
    if remedy.remedy not in CONFIRMED_RETURNS or judged.case.rma is not None:
        return remedy
    with_rma = replace(judged.case, rma=Rma(remedy.programme, now))
    return decide(with_rma).remedy(remedy.remedy, remedy.programme) or remedy


def told_rma(
    session: Session, dossier: Dossier, line: order_store.Line, rma: order_store.Rma, now: datetime, again: bool = True
) -> Granted:
    """An RMA as the customer is told of it as of `now`, judged on the facts it was issued on."""
    judged = replace(dossier, told=Told.from_slots(rma.facts)).judge(session, line, now)
    verdict = next(
        each for each in judged.verdict.remedies if each.remedy == rma.remedy and each.programme == rma.programme
    )
    pieces = rma.quantity if rma.quantity < line.quantity else None
    return Granted("rma", verdict, judged, number=rma.number, again=again, pieces=pieces)


def case_record(judged: Judged, told: Told) -> dict[str, Any]:
    """What the customer claimed, and as of when it was judged: codes, flags and days, nothing personal.

    `Told.from_slots` reads it back.
    """
    claim = judged.case.claim
    return {
        "as_of": judged.case.as_of.isoformat(),
        "reason": claim.reason,
        "complete": claim.complete,
        "activated": claim.activated,
        "resalable": claim.resalable,
        "caused_by_customer": claim.caused_by_customer,
        "cause": claim.cause,
        "labels_intact": claim.labels_intact,
        "photos": claim.photos,
        "delivered_on": told.delivered_on.isoformat() if told.delivered_on else None,
        "pieces": told.pieces,
    }
