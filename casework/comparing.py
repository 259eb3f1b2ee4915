"""What another set of parameters would change for the orders in the store.

A line is judged twice, as the chat would judge it at the first word: for each reason a customer can give,
nothing else of the goods being said yet. What has been over under both sets is no change to anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

import order_store
import policy_core
from policy_core import Case, CaseError, ClaimReason, Outcome, Policy, check_events, decide, local_day

from .cases import Told, build_case
from .figure_changes import figure_changes, setting_changes
from .parameter_sets import ParameterSet


@dataclass(frozen=True, slots=True)
class Answer:
    """A remedy's outcome with its last day, where it has one; or, without an outcome, a period's last day."""

    outcome: Outcome | None
    last_day: date | None

    def is_over(self, today: date) -> bool:
        """Whether nothing comes of it any more."""
        if self.outcome is not None:
            return self.outcome is Outcome.NOT_ELIGIBLE
        return self.last_day is not None and self.last_day < today


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer for `reasons`. `subject`: "programme.remedy", or a period's code and page: "send_by (AS)".

    An answer is None where that set's programmes do not know the subject.
    """

    subject: str
    reasons: tuple[ClaimReason, ...]
    old: Answer | None
    new: Answer | None


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """An order line looked at; `position` counts from 0 within its order.

    `left_out`: its shop is not in both sets. `problem`: why it cannot be judged: the field and what was expected.
    """

    shop: str
    order: str
    position: int
    sku: str | None
    changes: tuple[Change, ...] = ()
    left_out: bool = False
    problem: str | None = None


def verdict_changes(old: Case, new: Case, old_policy: Policy, new_policy: Policy) -> tuple[Change, ...]:
    """What differs between `old` judged by `old_policy` and `new` by `new_policy`, for each reason a customer can give.

    Left out is what is over on both sides: not eligible, or a period whose last day has passed.
    """
    grouped: dict[tuple[str, Answer | None, Answer | None], list[ClaimReason]] = {}
    for reason in ClaimReason:
        before, after = _answers(old, old_policy, reason), _answers(new, new_policy, reason)
        for subject in dict.fromkeys((*before, *after)):
            was, becomes = before.get(subject), after.get(subject)
            if was != becomes and not (_is_over(was, old) and _is_over(becomes, new)):
                grouped.setdefault((subject, was, becomes), []).append(reason)
    return tuple(Change(subject, tuple(reasons), was, becomes) for (subject, was, becomes), reasons in grouped.items())


def compare_orders(session: Session, old: ParameterSet, new: ParameterSet, now: datetime) -> Iterator[ComparedLine]:
    """Every line in the store, by shop and order number, judged as of `now` (aware) under both sets.

    Reads only, a batch of orders at a time. Raises ParameterError where a shop's stored values are none that one
    of the editions takes.
    """
    pairs: dict[str, _Terms] = {}
    for order in order_store.every_order(session):
        if order.shop_key not in pairs:
            pairs[order.shop_key] = _Terms.of(order.shop, old, new)
        for line in order.lines:
            yield _compared(session, line, pairs[order.shop_key], now)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What one shop's lines are judged on under both sets; None where a set does not tell the shop."""

    old: policy_core.Shop | None
    new: policy_core.Shop | None
    old_policy: Policy
    new_policy: Policy
    differ: bool

    @classmethod
    def of(cls, shop: order_store.Shop, old: ParameterSet, new: ParameterSet) -> "_Terms":
        was, becomes = old.terms(shop), new.terms(shop)
        differ = (
            was is not None
            and becomes is not None
            and bool(
                setting_changes(was, becomes)
                or figure_changes(old.policy, new.policy, was.parameters, becomes.parameters)
            )
        )
        return cls(was, becomes, old.policy, new.policy, differ)


def _compared(session: Session, line: order_store.Line, terms: _Terms, now: datetime) -> ComparedLine:
    looked_at = ComparedLine(line.order.shop_key, line.order.number, line.position, line.sku)
    if terms.old is None or terms.new is None:
        return replace(looked_at, left_out=True)
    if not terms.differ:
        return looked_at
    try:
        old = build_case(session, line, Told(), now, terms.old)
        new = replace(old, shop=terms.new)
        check_events(new)
    except CaseError as error:
        return replace(looked_at, problem=str(error))
    return replace(looked_at, changes=verdict_changes(old, new, terms.old_policy, terms.new_policy))


def _answers(case: Case, policy: Policy, reason: ClaimReason) -> dict[str, Answer]:
    verdict = decide(replace(case, claim=replace(case.claim, reason=reason)), policy)
    answers = {f"{each.programme}.{each.remedy}": Answer(each.outcome, each.last_day) for each in verdict.remedies}
    for period in verdict.dates:
        # Two pages can have a period of one name, and the clause it rests on can itself change (AS-W1 to AS-W3).
        page = period.clause.partition("-")[0]
        answers[f"{period.code} ({page})"] = Answer(None, period.last_day)
    return answers


def _is_over(answer: Answer | None, case: Case) -> bool:
    return answer is None or answer.is_over(local_day(case.as_of, case.shop.timezone))
