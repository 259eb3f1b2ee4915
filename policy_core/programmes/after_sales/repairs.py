"""Repairs: under warranty, paid for, and software upgrades (AS-W1 to AS-W3, AS-F1, AS-F2, AS-P1 to AS-P3)."""

from ...codes import ClaimReason, Payer, Programme, RemedyName
from ...conditions import FAULTS, both, claim_unknown, negated, reason_not_in
from ...facts import Facts
from ...rules import Question, Remedy, Terms, after_inspection, eligible, not_eligible, pays_both, refer_to_person
from ...verdict import Obligation, Pays
from . import proof, warranty

_AS = Programme.AFTER_SALES
_UPGRADE = frozenset({ClaimReason.SOFTWARE_UPGRADE})


def _no_quality_fault(facts: Facts) -> bool:
    """What the customer did or what befell the item is none of its quality (AS-W2)."""
    return facts.claim.caused_by_customer is True or facts.cause is not None


def _unless_repair_cover_runs(facts: Facts) -> bool:
    return not warranty.repair_cover_runs(facts)


def _warranty_terms(_: Facts) -> Terms:
    return Terms(
        # AS-A2: who pays the freight for a quality fault under warranty is not stated.
        pays=pays_both(Payer.UNSPECIFIED),
        obligations=(
            Obligation("diagnose_first", "AS-P1"),
            Obligation("include_proof_and_note", "AS-P2"),
            Obligation("regular_carrier_and_notice", "AS-F3"),
        ),
    )


WARRANTY_REPAIR = Remedy(
    name=RemedyName.WARRANTY_REPAIR,
    programme=_AS,
    rows=(
        not_eligible("not_a_ground", "AS-W2", reason_not_in(FAULTS)),
        not_eligible(
            "warranty_ended", "AS-W1", both(warranty.ended, negated(warranty.rests_on_repair)), warranty.cover
        ),
        not_eligible("warranty_ended", "AS-W3", both(warranty.ended, warranty.rests_on_repair), warranty.cover),
        not_eligible("not_a_quality_fault", "AS-W2", both(negated(warranty.ended), _no_quality_fault)),
        refer_to_person("proof_in_doubt", "AS-X3", both(proof.forged, _unless_repair_cover_runs)),
    ),
    questions=(
        Question(proof.PROOF, both(warranty.proof_date_needed, _unless_repair_cover_runs)),
        Question("line.factory_shipped_on", both(warranty.factory_day_needed, _unless_repair_cover_runs)),
        Question("claim.caused_by_customer", claim_unknown("caused_by_customer")),
    ),
    grants=(
        after_inspection("within_warranty", "AS-W3", warranty.rests_on_repair, warranty.cover),
        after_inspection("within_warranty", "AS-W1", window=warranty.cover),
    ),
    terms=_warranty_terms,
)


def _known_in_warranty(facts: Facts) -> bool:
    cover = warranty.cover(facts)
    return cover is not None and not facts.is_over(cover)


def _paid_repair_terms(facts: Facts) -> Terms:
    customer_pays = _known_in_warranty(facts) and _no_quality_fault(facts)  # AS-F1
    return Terms(pays=Pays(Payer.UNSPECIFIED, Payer.CUSTOMER if customer_pays else Payer.UNSPECIFIED))


PAID_REPAIR = Remedy(
    name=RemedyName.PAID_REPAIR,
    programme=_AS,
    rows=(not_eligible("not_a_ground", "AS-P3", reason_not_in(FAULTS)),),
    grants=(after_inspection("quote_first", "AS-P3"),),
    terms=_paid_repair_terms,
)

SOFTWARE_UPGRADE = Remedy(
    name=RemedyName.SOFTWARE_UPGRADE,
    programme=_AS,
    rows=(not_eligible("not_a_ground", "AS-F2", reason_not_in(_UPGRADE)),),
    grants=(eligible("software_upgrade", "AS-F2"),),
    terms=lambda _: Terms(pays=pays_both(Payer.CUSTOMER)),
)
