"""The proof of purchase, as both the return and the warranty ask for it (AS-X3, AS-W1, AS-A4)."""

from ...codes import ProofValidity
from ...facts import Facts

PROOF = "claim.proof"


def forged(facts: Facts) -> bool:
    """Never an accusation: a person looks at it."""
    return facts.proof.validity is ProofValidity.FORGED


def not_valid(facts: Facts) -> bool:
    return facts.proof.validity is ProofValidity.INVALID


def not_said(facts: Facts) -> bool:
    return facts.proof.validity is None
