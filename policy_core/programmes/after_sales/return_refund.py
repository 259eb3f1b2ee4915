"""A return to the manufacturer within days of receipt (AS-R1, AS-R2, AS-X1 to AS-X7)."""

from ...codes import Cause, ClaimReason, NextStep, Payer, Programme, RemedyName
from ...conditions import CUSTOMER_CHOICES, FAULTS, both, claim_is, claim_unknown, reason_in
from ...counting import Count
from ...facts import Facts
from ...figures import ParameterName
from ...rules import Question, Remedy, Terms, eligible, not_eligible, pays_both, refer_to_person
from ...verdict import Obligation, Period
from . import proof

_AS = Programme.AFTER_SALES
_NO_GROUND = frozenset(
    {
        ClaimReason.NOT_RECEIVED,
        ClaimReason.RETURNED_BY_CUSTOMS,
        ClaimReason.OUT_OF_STOCK,
        ClaimReason.SOFTWARE_UPGRADE,
    }
)
_SILENT = frozenset({ClaimReason.WRONG_ITEM, ClaimReason.NOT_AS_DESCRIBED, ClaimReason.MISSING_PARTS})

_customer_choice = reason_in(CUSTOMER_CHOICES)


def _window(facts: Facts) -> Count | None:
    """AS-R1, AS-R2: unknown while the receipt day is."""
    return facts.count_from_delivery(ParameterName.RETURN_DAYS)


def _send_by(facts: Facts) -> Count | None:
    """AS-X7: the days to send off a confirmed return; None while none is confirmed."""
    rma = facts.rma(_AS)
    return None if rma is None else facts.count_rma(rma, ParameterName.SEND_BY_DAYS)


def _open_window(facts: Facts) -> Count | None:
    return _send_by(facts) or _window(facts)


def _confirmed(facts: Facts) -> bool:
    return facts.rma(_AS) is not None


def _window_closed(facts: Facts) -> bool:
    # What was confirmed in time is not closed by the window that ends later.
    return not _confirmed(facts) and facts.is_over(_window(facts))


def _confirmation_lapsed(facts: Facts) -> bool:
    rma, send_by = facts.rma(_AS), _send_by(facts)
    if rma is None or send_by is None:
        return False
    return facts.is_over(send_by) and not facts.sent_by(rma, send_by)


def _receipt_day_unknown(facts: Facts) -> bool:
    return not _confirmed(facts) and not facts.delivered


def _excluded_cause(facts: Facts) -> bool:
    return facts.cause is not None and facts.cause is not Cause.FORCE_MAJEURE


def _force_majeure(facts: Facts) -> bool:
    return facts.cause is Cause.FORCE_MAJEURE


def _terms(facts: Facts) -> Terms:
    send_by = _send_by(facts)
    return Terms(
        # The page names no payer for a return.
        pays=pays_both(Payer.UNSPECIFIED),
        obligations=(
            Obligation("send_within_7_days", "AS-X7", None if send_by is None else send_by.last_day),
            Obligation("regular_carrier_and_notice", "AS-F3"),
            Obligation("include_proof_and_note", "AS-P2"),
        ),
        next_step=NextStep.CONFIRM_RETURN,
    )


RETURN_REFUND = Remedy(
    name=RemedyName.RETURN_REFUND,
    programme=_AS,
    # AS-A5: the page does not speak of wrong, misdescribed or incomplete deliveries.
    silent=refer_to_person("not_stated", "AS-A5", reason_in(_SILENT)),
    rows=(
        not_eligible("not_a_ground", "AS-R1", reason_in(_NO_GROUND)),
        not_eligible("return_window_closed", "AS-X1", _window_closed, _window),
        not_eligible("confirmed_return_lapsed", "AS-X7", _confirmation_lapsed, _send_by),
        not_eligible("no_proof", "AS-X3", proof.not_valid),
        refer_to_person("proof_in_doubt", "AS-X3", proof.forged),
        not_eligible("damage_by_customer", "AS-X2", claim_is("caused_by_customer", True)),
        not_eligible("incomplete", "AS-X2", claim_is("complete", False)),
        not_eligible("excluded_cause", "AS-X4", _excluded_cause),
        not_eligible("excluded_cause", "AS-X6", _force_majeure),
        not_eligible("labels_altered", "AS-X5", claim_is("labels_intact", False)),
        not_eligible("activated", "AS-R1", both(_customer_choice, claim_is("activated", True))),
        not_eligible("not_resalable", "AS-R1", both(_customer_choice, claim_is("resalable", False))),
    ),
    questions=(
        Question("order.delivered_at", _receipt_day_unknown),
        Question(proof.PROOF, proof.not_said),
        Question("claim.complete", claim_unknown("complete")),
        Question("claim.caused_by_customer", claim_unknown("caused_by_customer")),
        Question("claim.labels_intact", claim_unknown("labels_intact")),
        Question("claim.activated", both(_customer_choice, claim_unknown("activated"))),
        Question("claim.resalable", both(_customer_choice, claim_unknown("resalable"))),
    ),
    grants=(
        eligible("within_return_window", "AS-R1", _customer_choice, _open_window),
        eligible("within_return_window", "AS-R2", reason_in(FAULTS), _open_window),
    ),
    terms=_terms,
)


def return_window(facts: Facts) -> Period | None:
    """The last day a return can be asked for (AS-R1)."""
    window = _window(facts)
    return None if window is None else Period("return_window_ends", "AS-R1", window)


def send_by(facts: Facts) -> Period | None:
    """The last day to send off a confirmed return (AS-X7)."""
    window = _send_by(facts)
    return None if window is None else Period("send_by", "AS-X7", window)
