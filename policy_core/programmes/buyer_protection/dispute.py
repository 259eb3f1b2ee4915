"""A dispute: money back when the item is not as promised, or never comes (BP-1 to BP-7)."""

from datetime import datetime

from ...codes import AddressError, ClaimReason, NextStep, Payer, Programme, RemedyName, Standing
from ...conditions import FAULTS, both, negated, reason_is, reason_not_in
from ...counting import Count
from ...facts import Facts
from ...figures import ParameterName
from ...rules import Remedy, Terms, eligible, not_eligible, pays_both, refer_to_person
from ...verdict import Obligation, Period

GROUNDS = FAULTS | {
    ClaimReason.NOT_AS_DESCRIBED,
    ClaimReason.WRONG_ITEM,
    ClaimReason.MISSING_PARTS,
    ClaimReason.NOT_RECEIVED,
    ClaimReason.RETURNED_BY_CUSTOMS,
}

_not_received = reason_is(ClaimReason.NOT_RECEIVED)


def _not_paid(facts: Facts) -> bool:
    return facts.paid_at is None


def _bought_elsewhere(facts: Facts) -> bool:
    return facts.case.order.on_platform is False


def _address_error_by_customer(facts: Facts) -> bool:
    return facts.case.order.address_error is AddressError.CUSTOMER


def _account_suspended(facts: Facts) -> bool:
    return facts.case.order.account_standing is Standing.SUSPENDED


def _receipt_confirmed(facts: Facts) -> bool:
    return facts.receipt_confirmed_at is not None


def _after_confirmation(facts: Facts) -> Count | None:
    """BP-3. Once receipt is confirmed, whatever end was stored before no longer counts (BP-A1).

    None for an order that is not paid: what has not begun (BP-1) does not end.
    """
    if facts.paid_at is None or facts.receipt_confirmed_at is None:
        return None
    confirmed_on = facts.day(facts.receipt_confirmed_at)
    return facts.count("order.receipt_confirmed_at", confirmed_on, ParameterName.DISPUTE_DAYS)


def _ended_after_confirmation(facts: Facts) -> bool:
    return facts.is_over(_after_confirmation(facts))


def _stored_end(facts: Facts) -> datetime | None:
    """BP-1, BP-A1: before receipt is confirmed the period ends at the instant stored with the order."""
    if facts.paid_at is None or _receipt_confirmed(facts):
        return None
    return facts.case.order.protection_ends_at


def _until_stored_end(facts: Facts) -> Count | None:
    end = _stored_end(facts)
    return None if end is None else Count.told("order.protection_ends_at", facts.day(end))


def _ended_unconfirmed(facts: Facts) -> bool:
    end = _stored_end(facts)
    return end is not None and facts.now > end


def _terms(facts: Facts) -> Terms:
    obligations = [Obligation("contact_seller_first", "BP-6"), Obligation("open_dispute", "BP-4d")]
    if facts.reason is ClaimReason.RETURNED_BY_CUSTOMS:
        obligations.append(Obligation("duties_not_refunded", "BP-4f"))
    return Terms(
        pays=pays_both(Payer.UNSPECIFIED),
        opens_at=facts.paid_at,
        closes_at=_stored_end(facts),
        obligations=tuple(obligations),
        # BP-A2: talking to the seller comes first, but is never a bar; the period runs meanwhile.
        next_step=NextStep.CONTACT_SELLER,
    )


DISPUTE = Remedy(
    name=RemedyName.DISPUTE,
    programme=Programme.BUYER_PROTECTION,
    rows=(
        not_eligible("not_covered_yet", "BP-1", _not_paid),
        not_eligible("not_on_platform", "BP-4a", _bought_elsewhere),
        not_eligible("not_a_ground", "BP-4b", reason_not_in(GROUNDS)),
        not_eligible("address_error_by_customer", "BP-4c", both(_not_received, _address_error_by_customer)),
        refer_to_person("receipt_was_confirmed", "BP-4c", both(_not_received, _receipt_confirmed)),
        refer_to_person("account_not_in_good_standing", "BP-4e", _account_suspended),
        not_eligible("protection_ended", "BP-3", _ended_after_confirmation, _after_confirmation),
        not_eligible("protection_ended", "BP-1", _ended_unconfirmed, _until_stored_end),
    ),
    grants=(
        eligible("within_protection", "BP-3", _receipt_confirmed, _after_confirmation),
        eligible("within_protection", "BP-1", negated(_receipt_confirmed), _until_stored_end),
    ),
    terms=_terms,
)


def protection_period(facts: Facts) -> Period | None:
    """When the protection of a paid order ends (BP-3 once confirmed, else BP-1)."""
    if (window := _after_confirmation(facts)) is not None:
        return Period("protection_ends", "BP-3", window)
    if (window := _until_stored_end(facts)) is not None:
        return Period("protection_ends", "BP-1", window)
    return None


def refund_due(facts: Facts) -> Period | None:
    """When the refund has to have arrived, once the claim process is over (BP-7)."""
    if facts.claim_closed_day is None:
        return None
    window = facts.count("claim_closed_at", facts.claim_closed_day, ParameterName.REFUND_DUE_DAYS)
    return Period("refund_due", "BP-7", window)
