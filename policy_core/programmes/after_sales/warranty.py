"""How long the warranty runs: the proof's clock, the factory's, or the cover after a repair (AS-W1, AS-W3)."""

from ...codes import ProofValidity
from ...counting import Count, later
from ...facts import Facts
from ...figures import ParameterName
from ...verdict import Period


def _proof_clock(facts: Facts) -> Count | None:
    if facts.proof.validity is not ProofValidity.VALID:
        return None
    return facts.count_from_proof(ParameterName.WARRANTY_DAYS_WITH_PROOF)


def _factory_clock(facts: Facts) -> Count | None:
    if facts.factory_shipped_on is None:
        return None
    return facts.count(
        "line.factory_shipped_on",
        facts.factory_shipped_on,
        ParameterName.WARRANTY_DAYS_WITHOUT_PROOF,
    )


def _both_clocks(facts: Facts) -> bool:
    """AS-A1: a shop may give a customer with a valid proof the later of the two clocks."""
    return facts.proof.validity is ProofValidity.VALID and facts.term(ParameterName.MOST_FAVOURABLE_CLOCK) is True


def _purchase_cover(facts: Facts) -> Count | None:
    """The cover that rests on the purchase (AS-W1), as far as it is known."""
    match facts.proof.validity:
        case ProofValidity.INVALID:
            return _factory_clock(facts)
        case ProofValidity.VALID if _both_clocks(facts):
            return later(_proof_clock(facts), _factory_clock(facts))
        case ProofValidity.VALID:
            return _proof_clock(facts)
        case _:
            return None


def _repair_cover(facts: Facts) -> Count | None:
    if facts.repaired_and_sent_back_on is None:
        return None
    return facts.count(
        "line.repaired_and_sent_back_on", facts.repaired_and_sent_back_on, ParameterName.REPAIR_COVER_DAYS
    )


def cover(facts: Facts) -> Count | None:
    """The warranty: of what is known, what runs longest (AS-W3); None while nothing is."""
    return later(_purchase_cover(facts), _repair_cover(facts))


def rests_on_repair(facts: Facts) -> bool:
    """Whether the cover after a repair is what runs longest, or the only end known."""
    repair_cover = _repair_cover(facts)
    return repair_cover is not None and repair_cover == cover(facts)


def repair_cover_runs(facts: Facts) -> bool:
    """While it does, the proof does not matter (AS-W3)."""
    repair_cover = _repair_cover(facts)
    return repair_cover is not None and not facts.is_over(repair_cover)


def proof_date_needed(facts: Facts) -> bool:
    """With the kinder of the two clocks the date cannot matter as long as the factory's clock runs."""
    if facts.proof.validity is ProofValidity.VALID and facts.proof.day is None:
        factory_clock = _factory_clock(facts)
        return not _both_clocks(facts) or factory_clock is None or facts.is_over(factory_clock)
    return facts.proof.validity is None


def factory_day_needed(facts: Facts) -> bool:
    """Without a valid proof always; with the kinder of the two clocks only once the proof's has run out."""
    if facts.factory_shipped_on is not None:
        return False
    if _both_clocks(facts):
        return facts.is_over(_proof_clock(facts))
    return facts.proof.validity is ProofValidity.INVALID


def ended(facts: Facts) -> bool:
    """Over for certain: no fact still unknown could make it run."""
    open_end = facts.proof.validity is ProofValidity.FORGED or proof_date_needed(facts) or factory_day_needed(facts)
    return not open_end and facts.is_over(cover(facts))


def warranty_period(facts: Facts) -> Period | None:
    """When the warranty ends (AS-W1, or AS-W3 where the cover after a repair runs longest)."""
    window = cover(facts)
    return None if window is None else Period("warranty_ends", "AS-W3" if rests_on_repair(facts) else "AS-W1", window)
