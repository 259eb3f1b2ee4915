"""A line's case with its verdict, and what of it the customer came for."""

from dataclasses import dataclass

from policy_core import Case, RemedyName, RemedyVerdict, Verdict

from .cases import DELIVERED_AT

WRITTEN = frozenset(
    {
        RemedyName.RETURN_REFUND,
        RemedyName.EXCHANGE,
        RemedyName.WARRANTY_REPAIR,
        RemedyName.DISPUTE,
        RemedyName.CANCEL,
        RemedyName.WAIT_BACKORDER,
        RemedyName.REFUND_NOW,
        RemedyName.ONE_YEAR_SERVICE,
        RemedyName.PAID_REPAIR,
        RemedyName.SOFTWARE_UPGRADE,
    }
)
"""Remedies that a customer's yes writes down; refusing a parcel is done at the door."""

SENT_IN = frozenset({RemedyName.RETURN_REFUND, RemedyName.EXCHANGE, RemedyName.WARRANTY_REPAIR})
"""Remedies for which the item travels under an RMA number."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A line's case, its verdict, and the remedies of it that the goal is about, best first.

    `wanted` is the one the customer came for in the first place.
    """

    case: Case
    verdict: Verdict
    remedies: tuple[RemedyVerdict, ...]
    wanted: RemedyName | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        """The fact paths still needed, each once, in the order of the remedies.

        As long as there is another way out, nobody is asked when something came that has not been shipped, or that
        they want to cancel because it is still on its way.
        """
        not_here = not self._is_shipped or self.wanted is RemedyName.CANCEL
        in_vain = DELIVERED_AT if self.open and not_here else None
        asked = (path for each in self.remedies if in_vain not in each.questions for path in each.questions)
        return tuple(dict.fromkeys(asked))

    @property
    def _is_shipped(self) -> bool:
        shipped_at = self.case.order.shipped_at
        return shipped_at is not None and shipped_at <= self.case.as_of

    @property
    def open(self) -> tuple[RemedyVerdict, ...]:
        """What the customer can have, best first."""
        return tuple(each for each in self.remedies if each.outcome.is_open)

    @property
    def offers(self) -> tuple[RemedyVerdict, ...]:
        """What the customer can have by saying yes, each remedy once, under the best of its programmes."""
        best: dict[RemedyName, RemedyVerdict] = {}
        for each in self.open:
            if each.remedy in WRITTEN:
                best.setdefault(each.remedy, each)
        return tuple(best.values())
