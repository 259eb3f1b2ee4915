"""Why a verdict is what it is: for every reason the facts that its rule looked at, and how its window was counted.

The facts are not listed by hand beside each rule: a rule is watched while it looks at a case.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from typing import TypeAlias, cast

from .case import Case
from .deciding import decide
from .facts import Facts
from .loading import default_policy
from .parameters import Policy
from .programmes import REMEDIES
from .rules import Remedy, Row
from .verdict import Reason, RemedyVerdict, Verdict

Told: TypeAlias = datetime | date | bool | int | str

_PUBLIC_PATHS = {"claim.proof.day": "claim.proof.date", "claim.proof.validity": "claim.proof.valid"}
_NOT_OF_THE_MATTER = ("as_of", "shop.", "rma.programme")


@dataclass(frozen=True, slots=True)
class Ground:
    """What an outcome rests on: a reason (None: facts are still missing), and the known facts looked at for it.

    `facts` are values by fact path, in the order they were looked at; instants are UTC.
    """

    reason: Reason | None
    facts: dict[str, Told]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A remedy's verdict with what it rests on."""

    verdict: RemedyVerdict
    grounds: tuple[Ground, ...]


def explain(case: Case, policy: Policy | None = None) -> tuple[Verdict, tuple[Explanation, ...]]:
    """The verdict of `decide`, and the explanation of each of its remedies, in the same order."""
    edition = policy or default_policy()
    verdict = decide(case, edition)
    tables = {(each.programme, each.name): each for remedies in REMEDIES.values() for each in remedies}
    return verdict, tuple(
        Explanation(each, _grounds(each, tables[each.programme, each.remedy], case, edition))
        for each in verdict.remedies
    )


def _grounds(verdict: RemedyVerdict, remedy: Remedy, case: Case, policy: Policy) -> tuple[Ground, ...]:
    def looked_at(conditions: Iterable[Callable[[Facts], object]]) -> dict[str, Told]:
        told: dict[str, Told] = {}
        facts = Facts(cast(Case, _Watched(case, "", told)), policy)
        for condition in conditions:
            condition(facts)
        return told

    rows = ([remedy.silent] if remedy.silent else []) + list(remedy.rows)
    if verdict.outcome.is_open or not verdict.reasons:
        # Granted, or not settled yet, is what no row stands against: all of them were looked at.
        of_all = looked_at([each.when for each in rows] + [each.when for each in remedy.questions])
        return tuple(Ground(reason, of_all) for reason in verdict.reasons) or (Ground(None, of_all),)
    return tuple(Ground(reason, looked_at([_row_of(reason, verdict, rows).when])) for reason in verdict.reasons)


def _row_of(reason: Reason, verdict: RemedyVerdict, rows: list[Row]) -> Row:
    told = (verdict.outcome, reason.code, reason.clause)
    return next(row for row in rows if (row.outcome, row.code, row.clause) == told)


class _Watched:
    """A part of a case that notes which of its known facts are looked at."""

    def __init__(self, part: object, path: str, told: dict[str, Told]) -> None:
        self._part = part
        self._path = path
        self._told = told

    def __getattr__(self, name: str) -> object:
        value = getattr(self._part, name)
        path = self._path + name
        if is_dataclass(value):
            return _Watched(value, f"{path}.", self._told)
        if value is not None and not path.startswith(_NOT_OF_THE_MATTER):
            self._told[_PUBLIC_PATHS.get(path, path)] = value
        return value
