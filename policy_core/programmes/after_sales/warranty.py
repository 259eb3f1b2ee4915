"""How long the warranty runs: the proof's clock, the factory's, or the cover after a repair (AS-W1, AS-W3)."""

from datetime import date

from ...codes import ProofValidity
from ...days import after_days
from ...facts import Facts
from ...verdict import Period


def _proof_clock(facts: Facts) -> date | None:
    if facts.proof.validity is not ProofValidity.VALID or facts.proof.day is None:
        return None
    return after_days(facts.proof.day, facts.days("warranty_days_with_proof"))


def _factory_clock(facts: Facts) -> date | None:
    if facts.factory_shipped_on is None:
        return None
    return after_days(facts.factory_shipped_on, facts.days("warranty_days_without_proof"))


def _both_clocks(facts: Facts) -> bool:
    """AS-A1: a shop may give a customer with a valid proof the later of the two clocks."""
    return facts.proof.validity is ProofValidity.VALID and facts.term("most_favourable_clock") is True


def _purchase_end(facts: Facts) -> date | None:
    """The end that rests on the purchase (AS-W1), as far as it is known."""
    match facts.proof.validity:
        case ProofValidity.INVALID:
            return _factory_clock(facts)
        case ProofValidity.VALID if _both_clocks(facts):
            known = [end for end in (_proof_clock(facts), _factory_clock(facts)) if end is not None]
            return max(known, default=None)
        case ProofValidity.VALID:
            return _proof_clock(facts)
        case _:
            return None


def _repair_end(facts: Facts) -> date | None:
    if facts.repaired_and_sent_back_on is None:
        return None
    return after_days(facts.repaired_and_sent_back_on, facts.days("repair_cover_days"))


def last_day(facts: Facts) -> date | None:
    """The last day of the warranty: the later of the known ends (AS-W3); None while none is known."""
    known = [end for end in (_purchase_end(facts), _repair_end(facts)) if end is not None]
    return max(known, default=None)


def rests_on_repair(facts: Facts) -> bool:
    """Whether the cover after a repair is what runs longest, or the only end known."""
    purchase_end, repair_end = _purchase_end(facts), _repair_end(facts)
    return repair_end is not None and (purchase_end is None or repair_end > purchase_end)


def repair_cover_runs(facts: Facts) -> bool:
    """While it does, the proof does not matter (AS-W3)."""
    repair_end = _repair_end(facts)
    return repair_end is not None and not facts.is_over(repair_end)


def proof_date_needed(facts: Facts) -> bool:
    return facts.proof.validity is None or (facts.proof.validity is ProofValidity.VALID and facts.proof.day is None)


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
    return not open_end and facts.is_over(last_day(facts))


def warranty_period(facts: Facts) -> Period | None:
    """When the warranty ends (AS-W1, or AS-W3 where the cover after a repair runs longest)."""
    end = last_day(facts)
    return None if end is None else Period("warranty_ends", "AS-W3" if rests_on_repair(facts) else "AS-W1", end)
