"""A verdict, an RMA, a parcel in the customer's words: the sentences of domain.yml, filled and put in order.

Every telling is a text and the same thing for machines (`custom`, versioned). Nothing here decides: what is
told is the verdict, to the letter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import order_store
from policy_core import Outcome, Payer, Pays, Period, RemedyName, RemedyVerdict, Verdict

from .cases import shop_zone
from .deadlines import day_in_words, deadline_in_words, last_day_in_words
from .dossier import SENT_IN, Judged
from .granted import Granted
from .words import Words

VERSION = 1
"""The version of every `custom` payload."""

NOTHING_TRAVELS = Pays(Payer.NONE, Payer.NONE)

_TOLD_CLOSED = frozenset({Outcome.NOT_ELIGIBLE, Outcome.NOT_YET, Outcome.REFER_TO_PERSON})

SAID_BEFORE_A_YES = frozenset({"duties_not_refunded", "provider_terms_apply"})
"""Obligations that make a remedy worth less than it sounds; the others are told with the number."""

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
class Teller:
    """Tells about one order line as of `now` (UTC), in `words`."""

    words: Words
    line: order_store.Line
    now: datetime

    def verdict(self, judged: Judged, told_day: date | None = None) -> Telling:
        """What the customer can have, until when, why, who pays, and what they cannot have and why.

        `told_day`: the day of arrival, where it is known from the customer only.
        """
        wanted_is_open = any(each.remedy is judged.wanted for each in judged.open)
        closed = self._closed_by_other_terms(judged) if wanted_is_open else self._closed(judged)
        opened = self._open(judged)
        sentences = [*opened, *closed] if wanted_is_open else [*closed, *opened]
        if told_day is not None:
            sentences.append(self.words("as_you_told_us", day=day_in_words(told_day, self.words)))
        if not judged.open:
            sentences += self._periods(
                period for period in judged.verdict.dates if period.code in STAND_BY_THEMSELVES and self._runs(period)
            )
        return Telling("\n".join(sentences), self._verdict_payload(judged))

    def dates(self, judged: Judged) -> Telling:
        """Every period of the line: to come, running or over."""
        verdict = judged.verdict
        sentences = self._periods(verdict.dates) or [self.words("no_dates", item=self.line.title)]
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
            sentences.append(self.words(key, deadline=self._deadline(remedy.closes_at)))
        return " ".join((*sentences, *self._pays(remedy)))

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
                sentences += self._closed_sentence(remedy)
            elif remedy.closes_at is not None and remedy.closes_at < self.now:
                sentences.append(self.words("sent_in_time", item=self.line.title))
            elif remedy.closes_at is not None:
                sentences.append(self.words("return_by", deadline=self._deadline(remedy.closes_at)))
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

    # -- the parts of a verdict -----------------------------------------------------------------------------

    def _open(self, judged: Judged) -> list[str]:
        """What the customer came for first, if it is open; else the best there is."""
        if not judged.open:
            return []
        first = next((each for each in judged.open if each.remedy is judged.wanted), judged.open[0])
        sentences = [self._open_sentence(first), *self._why(first), *self._carriage(first), *self._limits(first)]
        if first.outcome is Outcome.ELIGIBLE_AFTER_INSPECTION:
            sentences.append(self.words("after_inspection"))
        if first.next_step is not None:
            sentences.append(self.words(f"next_{first.next_step}"))
        for other in (each for each in judged.open if each is not first):
            clauses = ", ".join(reason.clause for reason in other.reasons)
            same = self._same_remedy_sentence(other) if other.remedy is first.remedy else None
            also = (same,) if same is not None else (self.words("also"), self._open_sentence(other))
            sentences.append(" ".join((*also, *self._carriage(other), f"({clauses})", *self._limits(other))))
        expected = self.line.restock_expected_on
        if expected is not None and any(each.remedy is RemedyName.WAIT_BACKORDER for each in judged.open):
            sentences.append(self.words("restock_expected", day=day_in_words(expected, self.words)))
        return sentences

    def _carriage(self, remedy: RemedyVerdict) -> list[str]:
        """Who pays, where something travels."""
        return [] if remedy.pays == NOTHING_TRAVELS else self._pays(remedy)

    def _open_sentence(self, remedy: RemedyVerdict) -> str:
        name = f"open_{remedy.remedy}"
        if remedy.closes_at is None:
            return self.words(name, item=self.line.title)
        if remedy.closes_at < self.now:
            return self.words("sent_in_time", item=self.line.title)
        return self.words(f"{name}_until", item=self.line.title, deadline=self._deadline(remedy.closes_at))

    def _same_remedy_sentence(self, remedy: RemedyVerdict) -> str | None:
        """That another of the shop's programmes gives the same; None where only the sentence of its own fits."""
        programme = self.words(f"programme_{remedy.programme}")
        if remedy.closes_at is None:
            return self.words("also_by", programme=programme)
        if remedy.closes_at < self.now:
            return None
        return self.words("also_by_until", programme=programme, deadline=self._deadline(remedy.closes_at))

    def _closed_by_other_terms(self, judged: Judged) -> list[str]:
        """Why another of the shop's programmes does not give what the customer came for, and can have all the same."""
        sentences = []
        for each in judged.remedies:
            if each.remedy is judged.wanted and each.outcome in _TOLD_CLOSED:
                programme = self.words(f"programme_{each.programme}")
                key, reasons = f"other_terms_{each.outcome}", " ".join(self._why(each))
                sentences.append(self.words(key, programme=programme, reasons=reasons))
                sentences += self._opens(each)
        return sentences

    def _closed(self, judged: Judged) -> list[str]:
        """What the customer cannot have and every reason why: all of it, or, where something else is open, only
        what they came for. The payload always holds the rest."""
        sentences: dict[str, None] = {}
        for each in judged.remedies:
            if each.outcome.is_open or each.outcome is Outcome.NEEDS_INFORMATION:
                continue
            if judged.open and each.remedy is not judged.wanted:
                continue
            sentences |= dict.fromkeys(self._closed_sentence(each))
        return list(sentences)

    def _closed_sentence(self, remedy: RemedyVerdict) -> list[str]:
        name, reasons = self.words(f"name_{remedy.remedy}"), " ".join(self._why(remedy))
        sentence = self.words(f"closed_{remedy.outcome}", remedy=name, reasons=reasons)
        return [" ".join((sentence, *self._opens(remedy)))]

    def _opens(self, remedy: RemedyVerdict) -> list[str]:
        return [] if remedy.opens_at is None else [self.words("opens", day=self.day(remedy.opens_at))]

    def _why(self, remedy: RemedyVerdict) -> list[str]:
        by_code: dict[str, list[str]] = {}
        for reason in remedy.reasons:
            by_code.setdefault(reason.code, []).append(reason.clause)
        return [f"{self.words(f'reason_{code}')} ({', '.join(clauses)})" for code, clauses in by_code.items()]

    def _pays(self, remedy: RemedyVerdict) -> list[str]:
        """Who bears the carriage; a dispute sends nothing, and whether it comes to that is not its matter."""
        pays = remedy.pays
        if pays is None or remedy.remedy is RemedyName.DISPUTE:
            return []
        return [self.words(f"pays_{pays.original_shipping}_{pays.return_shipping}")]

    def _limits(self, remedy: RemedyVerdict) -> list[str]:
        """What the remedy does not hold, and whose terms apply to it (BP-4f, OW-3)."""
        sentences = [
            f"{self.words(f'obligation_{each.code}')} ({each.clause})"
            for each in remedy.obligations
            if each.code in SAID_BEFORE_A_YES
        ]
        service = self.line.one_year_service or {}
        if remedy.remedy is RemedyName.ONE_YEAR_SERVICE:
            named = {"provider": service.get("provider"), "terms": service.get("terms_url")}
            sentences += [self.words(f"service_{name}", **{name: value}) for name, value in named.items() if value]
        return sentences

    def _periods(self, periods: Iterable[Period]) -> list[str]:
        return [f"{self._period(period)} ({period.clause})" for period in periods]

    def _period(self, period: Period) -> str:
        zone = shop_zone(self.line.order.shop)
        return self.words(
            f"date_{period.code}" if self._runs(period) else f"date_{period.code}_over",
            item=self.line.title,
            day=day_in_words(period.last_day, self.words),
            deadline=last_day_in_words(period.last_day, zone, self.now, self.words),
        )

    def _runs(self, period: Period) -> bool:
        return period.last_day >= self.now.astimezone(shop_zone(self.line.order.shop)).date()

    def _deadline(self, instant: datetime) -> str:
        return deadline_in_words(instant, shop_zone(self.line.order.shop), self.now, self.words)

    def day(self, instant: datetime) -> str:
        return day_in_words(instant.astimezone(shop_zone(self.line.order.shop)).date(), self.words)

    # -- the payloads ---------------------------------------------------------------------------------------

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
