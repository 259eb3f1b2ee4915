"""Sending goods back to the shop with an RMA: for a refund or an exchange (ST-1, ST-2, ST-N1 to ST-N3, ST-D, ST-M)."""

from ...codes import Cause, ClaimReason, NextStep, Payer, Programme, RemedyName
from ...conditions import CUSTOMER_CHOICES, FAULTS, Condition, both, claim_is, claim_unknown, reason_in, reason_is
from ...counting import Count
from ...facts import Facts
from ...figures import ParameterName
from ...rules import Question, Remedy, Row, Terms, after_inspection, eligible, not_eligible, pays_both, refer_to_person
from ...verdict import Obligation, Period
from ..after_sales import warranty

_ST = Programme.STORE_POLICY
_NO_GROUND = frozenset({ClaimReason.OUT_OF_STOCK, ClaimReason.SOFTWARE_UPGRADE})
_SILENT = frozenset({ClaimReason.MISSING_PARTS, ClaimReason.NOT_RECEIVED, ClaimReason.RETURNED_BY_CUSTOMS})

_fault = reason_in(FAULTS)
_customer_choice = reason_in(CUSTOMER_CHOICES)


def _has_rma(facts: Facts) -> bool:
    return facts.rma(_ST) is not None


def _not_delivered(facts: Facts) -> bool:
    return not facts.delivered and not _has_rma(facts)


def _change_of_mind_window(facts: Facts) -> Count | None:
    """ST-A2: None where the shop has set no limit, or has already taken the return."""
    if facts.term(ParameterName.CHANGE_OF_MIND_DAYS) is None or _has_rma(facts):
        return None
    return facts.count_from_delivery(ParameterName.CHANGE_OF_MIND_DAYS)


def _change_of_mind_closed(facts: Facts) -> bool:
    return facts.is_over(_change_of_mind_window(facts))


def _damage_by_customer(facts: Facts) -> bool:
    return facts.claim.caused_by_customer is True or (facts.cause is not None and facts.cause is not Cause.MISUSE)


def _misused(facts: Facts) -> bool:
    return facts.cause is Cause.MISUSE


def _line_warranty(facts: Facts) -> Count | None:
    until = facts.line.warranty_until
    return None if until is None else Count.told("line.warranty_until", until)


def _warranty(facts: Facts) -> Count | None:
    """ST-A3: the line's own warranty, else the manufacturer's where that policy covers the line, else none."""
    return _line_warranty(facts) or (warranty.cover(facts) if facts.covers(Programme.AFTER_SALES) else None)


def _warranty_ended(facts: Facts) -> bool:
    if _has_rma(facts):
        return False
    if (own := _line_warranty(facts)) is not None:
        return facts.is_over(own)
    return facts.covers(Programme.AFTER_SALES) and warranty.ended(facts)


def _return_by(facts: Facts) -> Count | None:
    """ST-D2: the days to return a defective item; None without an RMA."""
    rma = facts.rma(_ST)
    return None if rma is None else facts.count_rma(rma, ParameterName.RMA_RETURN_DAYS)


def _rma_expired(facts: Facts) -> bool:
    rma, return_by = facts.rma(_ST), _return_by(facts)
    if rma is None or return_by is None:
        return False
    return facts.is_over(return_by) and not facts.sent_by(rma, return_by)


def _no_photos(facts: Facts) -> bool:
    return facts.claim.photos == 0


def _terms(facts: Facts) -> Terms:
    obligations = [
        Obligation("rma_required", "ST-D1"),
        Obligation("original_package", "ST-M3"),
        Obligation("mark_rma_outside", "ST-M4"),
        Obligation("insure_and_track", "ST-M5"),
    ]
    if _fault(facts):
        return_by = _return_by(facts)
        due = None if return_by is None else return_by.last_day
        obligations.append(Obligation("return_within_30_days", "ST-D2", due))
    # ST-N1, ST-1, ST-D5: the customer bears both ways; for the shop's own mistake the page names no payer.
    customer_pays = _fault(facts) or _customer_choice(facts)
    return Terms(
        pays=pays_both(Payer.CUSTOMER if customer_pays else Payer.UNSPECIFIED),
        obligations=tuple(obligations),
        next_step=NextStep.SEND_BACK if _has_rma(facts) else NextStep.REQUEST_RMA,
    )


def _of_a_fault(condition: Condition) -> Condition:
    return both(_fault, condition)


_ROWS = (
    not_eligible("not_a_ground", "ST-N2", reason_in(_NO_GROUND)),
    not_eligible("not_delivered_yet", "ST-N2", _not_delivered),
    refer_to_person("incomplete", "ST-M3", claim_is("complete", False)),
    not_eligible(
        "change_of_mind_closed", "ST-A2", both(_customer_choice, _change_of_mind_closed), _change_of_mind_window
    ),
    not_eligible("damage_by_customer", "ST-D4", _of_a_fault(_damage_by_customer)),
    not_eligible("misused", "ST-D3", _of_a_fault(_misused)),
    not_eligible("warranty_ended", "ST-D3", _of_a_fault(_warranty_ended), _warranty),
    not_eligible("rma_expired", "ST-D2", _of_a_fault(_rma_expired), _return_by),
    refer_to_person("no_photos", "ST-2", _of_a_fault(_no_photos)),
)


def _send_back(name: RemedyName, rows: tuple[Row, ...], grants: tuple[Row, ...]) -> Remedy:
    return Remedy(
        name=name,
        programme=_ST,
        # ST-A5: the page does not speak of missing parts, orders that never arrive, or customs.
        silent=refer_to_person("not_stated", "ST-A5", reason_in(_SILENT)),
        rows=rows,
        questions=(
            Question("claim.caused_by_customer", _of_a_fault(claim_unknown("caused_by_customer"))),
            Question("claim.photos", _of_a_fault(claim_unknown("photos"))),
        ),
        grants=grants,
        terms=_terms,
    )


_GRANTS = (
    eligible("wrong_product", "ST-N3", reason_is(ClaimReason.WRONG_ITEM)),
    eligible("wrong_product", "ST-A4", reason_is(ClaimReason.NOT_AS_DESCRIBED)),
    after_inspection("defective", "ST-D1", _fault, _return_by),
)

RETURN_REFUND = _send_back(
    RemedyName.RETURN_REFUND,
    _ROWS,
    (
        eligible("change_of_mind", "ST-N1", reason_is(ClaimReason.CHANGE_OF_MIND), _change_of_mind_window),
        eligible("change_of_mind", "ST-1", reason_is(ClaimReason.ORDERED_WRONG), _change_of_mind_window),
        *_GRANTS,
    ),
)
# ST-N3: an exchange is for what the shop got wrong.
EXCHANGE = _send_back(RemedyName.EXCHANGE, (*_ROWS, not_eligible("not_a_ground", "ST-N3", _customer_choice)), _GRANTS)


def warranty_until(facts: Facts) -> Period | None:
    """The end of the line's own warranty (ST-D3)."""
    window = _line_warranty(facts)
    return None if window is None else Period("warranty_ends", "ST-D3", window)


def rma_return_by(facts: Facts) -> Period | None:
    """The last day to return a defective item under its RMA (ST-D2)."""
    window = _return_by(facts) if _fault(facts) else None
    return None if window is None else Period("rma_return_by", "ST-D2", window)
