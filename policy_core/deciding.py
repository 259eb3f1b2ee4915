"""From a case to its verdict."""

from .case import Case
from .codes import Outcome, Payer
from .facts import Facts
from .loading import default_policy
from .parameters import Policy
from .programmes import PERIODS, REMEDIES
from .rules import judge
from .verdict import RemedyVerdict, Verdict

_COST = {Payer.NONE: 0, Payer.SHOP: 0, Payer.UNSPECIFIED: 1, Payer.CUSTOMER: 2}
_RANK = {
    Outcome.ELIGIBLE: 0,
    Outcome.ELIGIBLE_AFTER_INSPECTION: 0,
    Outcome.NEEDS_INFORMATION: 1,
    Outcome.NOT_YET: 2,
    Outcome.REFER_TO_PERSON: 3,
    Outcome.NOT_ELIGIBLE: 4,
}


def decide(case: Case, policy: Policy | None = None) -> Verdict:
    """Judge `case` under every programme of its shop, as of its instant.

    `policy` is the edition to judge by (default: the shipped one). The same case gives the same verdict every
    time: nothing but the case and the edition is looked at. Never raises on a checked case.
    """
    edition = policy or default_policy()
    facts = Facts(case, edition)
    judged = (judge(remedy, facts) for programme in case.shop.programmes for remedy in REMEDIES[programme])
    periods = (period(facts) for programme, period in PERIODS if facts.covers(programme))
    return Verdict(
        policy=edition.version,
        as_of=case.as_of,
        zone=case.shop.timezone,
        remedies=tuple(sorted(judged, key=_rank)),
        dates=tuple(period for period in periods if period is not None),
    )


def _rank(verdict: RemedyVerdict) -> tuple[int, int, int, float]:
    """Open ones first: the cheaper for the customer, the surer, the sooner over; equals keep their order."""
    if not verdict.outcome.is_open:
        return (_RANK[verdict.outcome], 0, 0, 0.0)
    pays = verdict.pays
    cost = 0 if pays is None else _COST[pays.original_shipping] + _COST[pays.return_shipping]
    closes = float("inf") if verdict.closes_at is None else verdict.closes_at.timestamp()
    return (0, cost, int(verdict.outcome is Outcome.ELIGIBLE_AFTER_INSPECTION), closes)
