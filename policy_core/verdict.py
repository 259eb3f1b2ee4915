"""What the policies give a customer: every remedy with its outcome, and every period of the line."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from .codes import NextStep, Outcome, Payer, Programme, RemedyName
from .counting import Count


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an outcome came about: a code, the clause it rests on, and the window it lies in or past, if any."""

    code: str
    clause: str
    window: Count | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Obligation:
    """What the customer has to do to keep an open remedy; `due` is the last day for it, once it is known."""

    code: str
    clause: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Pays:
    """Who bears the carriage to the customer and the one back."""

    original_shipping: Payer
    return_shipping: Payer


@dataclass(frozen=True, slots=True)
class RemedyVerdict:
    """One remedy under one programme. `opens_at` and `closes_at` are UTC; `last_day` is closes_at's local day."""

    remedy: RemedyName
    programme: Programme
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    questions: tuple[str, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    last_day: date | None = None
    pays: Pays | None = None
    obligations: tuple[Obligation, ...] = ()
    next_step: NextStep | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the line whose last day is known: to come, running or over."""

    code: str
    clause: str
    window: Count

    @property
    def last_day(self) -> date:
        """Local to the shop; of `one_year_service_opens` it is the first day to apply."""
        return self.window.last_day


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every remedy of every programme that covers the line, best first, and the line's periods."""

    policy: str
    as_of: datetime
    zone: ZoneInfo
    remedies: tuple[RemedyVerdict, ...]
    dates: tuple[Period, ...]

    def remedy(self, name: RemedyName, programme: Programme | None = None) -> RemedyVerdict | None:
        """The best-ranked verdict on `name` (under `programme`); None where no programme knows it."""
        for each in self.remedies:
            if each.remedy is name and programme in (None, each.programme):
                return each
        return None

    def as_dict(self) -> dict[str, Any]:
        """The public JSON shape; instants are shown in the shop's zone, days as ISO dates."""
        return {
            "policy": self.policy,
            "as_of": self._shown(self.as_of),
            "remedies": [self.remedy_as_dict(each) for each in self.remedies],
            "dates": [
                {"code": each.code, "clause": each.clause, "last_day": each.last_day.isoformat()} for each in self.dates
            ],
        }

    def remedy_as_dict(self, verdict: RemedyVerdict) -> dict[str, Any]:
        """One remedy in the public JSON shape."""
        pays = verdict.pays
        return {
            "remedy": verdict.remedy,
            "programme": verdict.programme,
            "outcome": verdict.outcome,
            "opens_at": self._shown(verdict.opens_at),
            "closes_at": self._shown(verdict.closes_at),
            "last_day": _iso(verdict.last_day),
            "reasons": [{"code": each.code, "clause": each.clause} for each in verdict.reasons],
            "pays": pays and {"original_shipping": pays.original_shipping, "return_shipping": pays.return_shipping},
            "obligations": [
                {"code": each.code, "clause": each.clause, "due": _iso(each.due)} for each in verdict.obligations
            ],
            "questions": list(verdict.questions),
            "next_step": verdict.next_step,
        }

    def to_json(self) -> str:
        """The same case always gives the same bytes."""
        return _JSON.encode(self.as_dict())

    def _shown(self, instant: datetime | None) -> str | None:
        return None if instant is None else instant.astimezone(self.zone).isoformat()


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
