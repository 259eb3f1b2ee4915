"""How a remedy is written down, and how its rows become one outcome.

A remedy is a table. Every row is tried and every reason of the winning outcome is kept: refusals beat
"not yet", which beats a person, which beats questions; only where nothing of these holds is it granted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from .codes import NextStep, Outcome, Payer, Programme, RemedyName
from .conditions import Condition, always
from .facts import Facts
from .verdict import Obligation, Pays, Reason, RemedyVerdict

REASON = "claim.reason"


@dataclass(frozen=True, slots=True)
class Row:
    """When `when` holds, the policy says `outcome`, for the reason `code` of `clause`."""

    outcome: Outcome
    code: str
    clause: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Question:
    """The fact at `path` is still needed when `when` holds."""

    path: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms the customer has a remedy. Instants are UTC."""

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


def not_eligible(code: str, clause: str, when: Condition) -> Row:
    return Row(Outcome.NOT_ELIGIBLE, code, clause, when)


def not_yet(code: str, clause: str, when: Condition) -> Row:
    return Row(Outcome.NOT_YET, code, clause, when)


def refer_to_person(code: str, clause: str, when: Condition) -> Row:
    return Row(Outcome.REFER_TO_PERSON, code, clause, when)


def eligible(code: str, clause: str, when: Condition = always) -> Row:
    return Row(Outcome.ELIGIBLE, code, clause, when)


def after_inspection(code: str, clause: str, when: Condition = always) -> Row:
    return Row(Outcome.ELIGIBLE_AFTER_INSPECTION, code, clause, when)


def pays_both(payer: Payer) -> Pays:
    return Pays(original_shipping=payer, return_shipping=payer)


_PRECEDENCE = (Outcome.NOT_ELIGIBLE, Outcome.NOT_YET, Outcome.REFER_TO_PERSON)


def judge(remedy: Remedy, facts: Facts) -> RemedyVerdict:
    """What the policy says of `remedy` for `facts`: one outcome, with every reason for it."""
    if remedy.silent is not None:
        if facts.reason is None:
            return _verdict(remedy, Outcome.NEEDS_INFORMATION, questions=(REASON,))
        if remedy.silent.when(facts):
            return _verdict(remedy, remedy.silent.outcome, (remedy.silent,))
    holding = [row for row in remedy.rows if row.when(facts)]
    for outcome in _PRECEDENCE:
        if reasons := tuple(row for row in holding if row.outcome is outcome):
            terms = remedy.while_waiting(facts) if outcome is Outcome.NOT_YET else _NO_TERMS
            return _verdict(remedy, outcome, reasons, terms=terms)
    if remedy.asks_reason and facts.reason is None:
        return _verdict(remedy, Outcome.NEEDS_INFORMATION, questions=(REASON,))
    if questions := tuple(question.path for question in remedy.questions if question.when(facts)):
        return _verdict(remedy, Outcome.NEEDS_INFORMATION, questions=questions)
    granted = next(row for row in remedy.grants if row.when(facts))
    terms = remedy.terms(facts)
    last_day = None if terms.closes_at is None else facts.day(terms.closes_at)
    return _verdict(remedy, granted.outcome, (granted,), terms=terms, last_day=last_day)


def _verdict(
    remedy: Remedy,
    outcome: Outcome,
    rows: tuple[Row, ...] = (),
    questions: tuple[str, ...] = (),
    terms: Terms = _NO_TERMS,
    last_day: date | None = None,
) -> RemedyVerdict:
    return RemedyVerdict(
        remedy=remedy.name,
        programme=remedy.programme,
        outcome=outcome,
        reasons=tuple(Reason(row.code, row.clause) for row in rows),
        questions=questions,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        last_day=last_day,
        pays=terms.pays,
        obligations=terms.obligations,
        next_step=terms.next_step,
    )
