"""A verdict, an RMA, a parcel in the customer's words: the sentences of domain.yml, filled and put in order.

Every telling is a text and the same thing for machines (`custom`, versioned). Nothing here decides: what is
told is the verdict, to the letter.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from policy_core import RemedyVerdict, Verdict

from .cases import shop_zone
from .deadlines import day_in_words
from .granted import Granted
from .judged import SENT_IN, Judged
from .remedies_told import RemedyTeller

VERSION = 1
"""The version of every `custom` payload."""

STAND_BY_THEMSELVES = frozenset(
    {"protection_ends", "one_year_service_opens", "one_year_service_ends", "warranty_ends", "refund_due"}
)
"""Periods worth naming beside a refusal; the others end with what was refused."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One reply: its text, and its payload for machines."""

    text: str
    custom: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Teller(RemedyTeller):
    """Tells about one order line as of `now` (UTC), in `words`: verdicts, announcements, what was granted."""

    def verdict(self, judged: Judged, told_day: date | None = None) -> Telling:
        """What the customer can have, until when, why, who pays, and what they cannot have and why.

        `told_day`: the day of arrival, where it is known from the customer only.
        """
        wanted_is_open = any(each.remedy is judged.wanted for each in judged.open)
        closed = self.closed_by_other_terms(judged) if wanted_is_open else self.closed(judged)
        opened = self.open(judged)
        sentences = [*opened, *closed] if wanted_is_open else [*closed, *opened]
        if told_day is not None:
            sentences.append(self.words("as_you_told_us", day=day_in_words(told_day, self.words)))
        if not judged.open:
            sentences += self.periods(
                period for period in judged.verdict.dates if period.code in STAND_BY_THEMSELVES and self.runs(period)
            )
        return Telling("\n".join(sentences), self._verdict_payload(judged))

    def dates(self, judged: Judged) -> Telling:
        """Every period of the line: to come, running or over."""
        verdict = judged.verdict
        sentences = self.periods(verdict.dates) or [self.words("no_dates", item=self.line.title)]
        return Telling("\n".join(sentences), self._verdict_payload(judged))

    def announcement(self, remedy: RemedyVerdict, pieces: int | None = None) -> str:
        """What a yes will do, by when the customer has to act and who pays, before it is done.

        `remedy` is the one as it will stand once granted (`granting.preview`); `pieces` how many of the line's the
        customer means, which only what is sent in can be done for.
        """
        sentences = [self.words(f"announce_{remedy.remedy}", item=self.line.title)]
        if pieces is not None and pieces < self.line.quantity:
            key = "announce_pieces" if remedy.remedy in SENT_IN else "announce_all_pieces"
            sentences.append(self.words(key, pieces=pieces, quantity=self.line.quantity))
        if remedy.closes_at is not None:
            key = "announce_send_by" if remedy.remedy in SENT_IN else "announce_open_until"
            sentences.append(self.words(key, deadline=self.deadline(remedy.closes_at)))
        return " ".join((*sentences, *self.pays(remedy)))

    def granted(self, granted: Granted) -> Telling:
        """What was done: the number, the date to keep, and what to do next."""
        remedy = granted.remedy
        amount = " ".join(granted.refund or ())
        key = f"granted_{granted.kind}"
        if granted.kind in ("cancellation", "refund") and granted.refund is None:
            key += "_unpaid"
        elif granted.again:
            key += "_again"
        sentences = [self.words(key, item=self.line.title, number=granted.number, amount=amount)]
        if granted.pieces is not None:
            sentences.append(self.words("granted_pieces", pieces=granted.pieces, quantity=self.line.quantity))
        if granted.kind == "rma":
            if not remedy.outcome.is_open:
                sentences += self.closed_sentence(remedy)
            elif remedy.closes_at is not None and remedy.closes_at < self.now:
                sentences.append(self.words("sent_in_time", item=self.line.title))
            elif remedy.closes_at is not None:
                sentences.append(self.words("return_by", deadline=self.deadline(remedy.closes_at)))
            else:
                sentences.append(self.words("return_by_none"))
            sentences += [
                f"• {self.words(f'obligation_{each.code}')} ({each.clause})"
                for each in remedy.obligations
                if each.code != "return_within_30_days"
            ]
            if self.line.order.shop.service_center:
                address = ", ".join(self.line.order.shop.service_center)
                sentences.append(self.words("send_to", address=address))
        return Telling("\n".join(sentences), self._granted_payload(granted))

    def _verdict_payload(self, judged: Judged) -> dict[str, Any]:
        verdict: Verdict = judged.verdict
        whole = verdict.as_dict()
        return {
            "v": VERSION,
            "kind": "verdict",
            "policy": whole["policy"],
            "as_of": whole["as_of"],
            "order": self.line.order.number,
            "line": self.line.position + 1,
            "item": self.line.title,
            "remedies": [verdict.remedy_as_dict(each) for each in judged.remedies],
            "dates": whole["dates"],
        }

    def _granted_payload(self, granted: Granted) -> dict[str, Any]:
        zone = shop_zone(self.line.order.shop)
        closes_at = granted.remedy.closes_at
        return_by = closes_at.astimezone(zone).isoformat() if closes_at else None
        payload: dict[str, Any] = {"v": VERSION, "kind": granted.kind, "number": granted.number}
        if granted.kind == "rma":
            payload |= {"return_by": return_by, "slip_url": None}
        if granted.refund is not None:
            payload |= {"amount": granted.refund[0], "currency": granted.refund[1]}
        return payload
