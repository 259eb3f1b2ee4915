"""How a remedy is written down, and how its rows become one outcome.

A remedy is a table. Every row is tried and every reason of the winning outcome is kept: refusals beat
"not yet", which beats a person, which beats questions; only where nothing of these holds is it granted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .codes import NextStep, Outcome, Payer, Programme, RemedyName
from .conditions import Condition, Window, always
from .facts import Facts
from .verdict import Obligation, Pays, Reason, RemedyVerdict

REASON = "claim.reason"


@dataclass(frozen=True, slots=True)
class Row:
    """When `when` holds, the policy says `outcome`, for the reason `code` of `clause`.

    `window` is the one that the row lies in or past, where it is about one.
    """

    outcome: Outcome
    code: str
    clause: str
    when: Condition
    window: Window | None = None

    def reason(self, facts: Facts) -> Reason:
        """Why, for this case."""
        return Reason(self.code, self.clause, None if self.window is None else self.window(facts))


@dataclass(frozen=True, slots=True)
class Question:
    """The fact at `path` is still needed when `when` holds."""

    path: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms the customer has a remedy. Instants are UTC.

    It closes at the instant `closes_at`, or else at the end of the window of the row that grants it.
    """

    pays: Pays | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    obligations: tuple[Obligation, ...] = ()
    next_step: NextStep | None = None


_NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Remedy:
    """One remedy of one programme.

    `silent` is the row where the policy says nothing and a person decides; it stands alone. `terms` are those
    of an open remedy, `while_waiting` those of one that is not open yet. With `asks_reason`, a customer who
    has not said why is asked that first.
    """

    name: RemedyName
    programme: Programme
    rows: tuple[Row, ...]
    grants: tuple[Row, ...]
    terms: Callable[[Facts], Terms]
    questions: tuple[Question, ...] = ()
    silent: Row | None = None
    asks_reason: bool = True
    while_waiting: Callable[[Facts], Terms] = lambda _: _NO_TERMS


def not_eligible(code: str, clause: str, when: Condition, window: Window | None = None) -> Row:
    return Row(Outcome.NOT_ELIGIBLE, code, clause, when, window)


def not_yet(code: str, clause: str, when: Condition, window: Window | None = None) -> Row:
    return Row(Outcome.NOT_YET, code, clause, when, window)


def refer_to_person(code: str, clause: str, when: Condition) -> Row:
    return Row(Outcome.REFER_TO_PERSON, code, clause, when)


def eligible(code: str, clause: str, when: Condition = always, window: Window | None = None) -> Row:
    return Row(Outcome.ELIGIBLE, code, clause, when, window)


def after_inspection(code: str, clause: str, when: Condition = always, window: Window | None = None) -> Row:
    return Row(Outcome.ELIGIBLE_AFTER_INSPECTION, code, clause, when, window)


def pays_both(payer: Payer) -> Pays:
    return Pays(original_shipping=payer, return_shipping=payer)


_PRECEDENCE = (Outcome.NOT_ELIGIBLE, Outcome.NOT_YET, Outcome.REFER_TO_PERSON)


def judge(remedy: Remedy, facts: Facts) -> RemedyVerdict:
    """What the policy says of `remedy` for `facts`: one outcome, with every reason for it."""
    if remedy.silent is not None:
        if facts.reason is None:
            return _asking(remedy, (REASON,))
        if remedy.silent.when(facts):
            return _verdict(remedy, facts, (remedy.silent,))
    holding = [row for row in remedy.rows if row.when(facts)]
    for outcome in _PRECEDENCE:
        if rows := tuple(row for row in holding if row.outcome is outcome):
            terms = remedy.while_waiting(facts) if outcome is Outcome.NOT_YET else _NO_TERMS
            return _verdict(remedy, facts, rows, terms)
    if remedy.asks_reason and facts.reason is None:
        return _asking(remedy, (REASON,))
    if questions := tuple(question.path for question in remedy.questions if question.when(facts)):
        return _asking(remedy, questions)
    granted = next(row for row in remedy.grants if row.when(facts))
    return _verdict(remedy, facts, (granted,), remedy.terms(facts))


def _asking(remedy: Remedy, questions: tuple[str, ...]) -> RemedyVerdict:
    return RemedyVerdict(remedy.name, remedy.programme, Outcome.NEEDS_INFORMATION, questions=questions)


def _verdict(remedy: Remedy, facts: Facts, rows: tuple[Row, ...], terms: Terms = _NO_TERMS) -> RemedyVerdict:
    reasons = tuple(row.reason(facts) for row in rows)
    outcome, closes_at = rows[0].outcome, terms.closes_at
    if outcome.is_open and closes_at is None and (window := reasons[0].window) is not None:
        closes_at = facts.end(window.last_day)
    return RemedyVerdict(
        remedy=remedy.name,
        programme=remedy.programme,
        outcome=outcome,
        reasons=reasons,
        opens_at=terms.opens_at,
        closes_at=closes_at,
        last_day=None if closes_at is None else facts.day(closes_at),
        pays=terms.pays,
        obligations=terms.obligations,
        next_step=terms.next_step,
    )
