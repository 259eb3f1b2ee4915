"""What the customer is told by e-mail, and when: one letter per event, queued in the transaction that writes it.

Each function is called where the thing happens, with the row just written and `now`; called again for the same
event it queues nothing. The figures of a letter (last day, amount, who pays) are fixed here, from the verdict
and the row of this moment; names and titles are read when it is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ScalarSelect, String, cast, func, literal, select
from sqlalchemy.orm import Session

import order_store
from order_store import outbox
from order_store.codes import LetterKind
from policy_core import CaseError, Verdict, decide

from .cases import Told, build_case, shop_zone
from .paper import return_by, standing_terms

RESTOCKED = "line.restock"
"""What the audit trail calls it when a line can be sent again."""


def rma_issued(session: Session, rma: order_store.Rma, now: datetime) -> order_store.Letter:
    """ST-M2: the RMA's number by e-mail, with its last day, what to put in the parcel, and the slip."""
    remedy, periods = standing_terms(rma)
    end = return_by(remedy, periods, shop_zone(rma.line.order.shop)) if remedy else None
    pays = remedy.pays if remedy else None
    variables = {
        "rma": rma.id,
        "return_by": end[0].isoformat() if end else None,
        "clause": end[1] if end else None,
        "obligations": [[each.code, each.clause] for each in remedy.obligations] if remedy else [],
        "pays": [pays.original_shipping, pays.return_shipping] if pays else None,
    }
    attachments = [{"kind": "slip", "rma": rma.id}, *([{"kind": "return_by", "rma": rma.id}] if end else [])]
    return _queue(session, rma.line, "rma_issued", f"rma:{rma.id}:issued", now, variables, attachments)


def item_out_of_stock(session: Session, line: order_store.Line, now: datetime) -> order_store.Letter:
    """ST-O1, ST-O2: the item ran out; wait for it, or have the money back at once. One each time it runs out."""
    key = session.scalars(select(out_of_stock_key()).where(order_store.Line.id == line.id)).one()
    paid = line.order.paid_at is not None
    variables = {
        "line": line.id,
        "restock_expected_on": _iso(line.restock_expected_on),
        "amount": _money(line.unit_price * line.quantity, line.currency) if paid else None,
    }
    return _queue(session, line, "item_out_of_stock", key, now, variables)


def out_of_stock_key() -> ScalarSelect[str]:
    """The key of the letter that tells of a `Line` that ran out: another one each time it has been restocked."""
    line, entry = order_store.Line, order_store.AuditEntry
    subject = literal("line:") + cast(line.id, String)
    restocks = select(func.coalesce(func.max(entry.id), 0)).where(entry.subject == subject, entry.what == RESTOCKED)
    last = restocks.correlate(line).scalar_subquery()
    return select(subject + ":out_of_stock:" + cast(last, String)).correlate(line).scalar_subquery()


def dispute_decided(session: Session, dispute: order_store.Dispute, now: datetime) -> order_store.Letter:
    """How a dispute was decided; in the buyer's favour, also how much is refunded, where anything is left to."""
    variables = {
        "dispute": dispute.id,
        "decision": dispute.decision,
        "refund_follows": dispute.settlement == "due",
        "amount": _refund_of(session, dispute),
    }
    return _queue(session, dispute.line, "dispute_decided", f"dispute:{dispute.id}:decided", now, variables)


def refund_due(session: Session, dispute: order_store.Dispute, now: datetime) -> order_store.Letter:
    """BP-7: how much is refunded for a dispute, and by which day it is there."""
    variables = {
        "dispute": dispute.id,
        "amount": _refund_of(session, dispute),
        **_refund_term(session, dispute, now),
    }
    return _queue(session, dispute.line, "refund_due", f"dispute:{dispute.id}:refund_due", now, variables)


def repair_quoted(session: Session, repair: order_store.Repair, now: datetime) -> order_store.Letter:
    """AS-P3: what the repair costs; it starts only once the customer has agreed. One letter for each quote."""
    amount, currency = repair.quote_amount, repair.quote_currency
    if amount is None or currency is None:
        raise ValueError(f"repair {repair.id} has no quote to tell of")
    variables = {
        "repair": repair.id,
        "amount": _money(amount, currency),
        "valid_until": _iso(repair.quote_valid_until),
    }
    quoted = (repair.quoted_at or now).isoformat()
    return _queue(session, repair.line, "repair_quoted", f"repair:{repair.id}:quoted:{quoted}", now, variables)


def last_day_of(verdict: Verdict, code: str) -> date | None:
    """The last day of the verdict's period `code`; None where it lists none."""
    return next((period.last_day for period in verdict.dates if period.code == code), None)


def _refund_of(session: Session, dispute: order_store.Dispute) -> list[str] | None:
    """The money that goes back for the dispute, the newest request of it."""
    requested = select(order_store.Refund).filter_by(dispute_id=dispute.id).order_by(order_store.Refund.id.desc())
    refund = session.scalar(requested.limit(1))
    return _money(refund.amount, refund.currency) if refund else None


def _refund_term(session: Session, dispute: order_store.Dispute, now: datetime) -> dict[str, Any]:
    """The last day for the refund and its clause; null while the claim process runs, and where nobody can say."""
    try:
        case = build_case(session, dispute.line, Told.from_slots(dispute.facts), now)
    except CaseError:
        return {"last_day": None, "clause": None}
    verdict = decide(replace(case, claim_closed_at=dispute.claim_closed_at))
    period = next((each for each in verdict.dates if each.code == "refund_due"), None)
    return {"last_day": _iso(period.last_day) if period else None, "clause": period.clause if period else None}


def _queue(
    session: Session,
    line: order_store.Line,
    kind: LetterKind,
    key: str,
    now: datetime,
    variables: Mapping[str, Any],
    attachments: Sequence[Mapping[str, Any]] = (),
) -> order_store.Letter:
    return outbox.queue(
        session,
        shop=line.order.shop,
        kind=kind,
        key=key,
        now=now,
        customer_id=line.order.customer_id,
        variables=variables,
        attachments=attachments,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _money(amount: Decimal, currency: str) -> list[str]:
    """An amount as its decimal text, at least two places, and its ISO 4217 currency."""
    exact = max(2, -int(amount.as_tuple().exponent))
    return [f"{amount:.{exact}f}", currency]
