"""One remedy in the customer's words: open until when, or closed and why; who pays, and what it does not hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import order_store
from policy_core import Outcome, Payer, Pays, Period, RemedyName, RemedyVerdict

from .cases import shop_zone
from .deadlines import day_in_words, deadline_in_words, last_day_in_words
from .judged import Judged
from .words import Words

NOTHING_TRAVELS = Pays(Payer.NONE, Payer.NONE)

_TOLD_CLOSED = frozenset({Outcome.NOT_ELIGIBLE, Outcome.NOT_YET, Outcome.REFER_TO_PERSON})

SAID_BEFORE_A_YES = frozenset({"duties_not_refunded", "provider_terms_apply"})
"""Obligations that make a remedy worth less than it sounds; the others are told with the number."""


@dataclass(frozen=True, slots=True)
class RemedyTeller:
    """Tells of one order line's remedies and periods as of `now` (UTC), in `words`."""

    words: Words
    line: order_store.Line
    now: datetime

    def open(self, judged: Judged) -> list[str]:
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
        return [] if remedy.pays == NOTHING_TRAVELS else self.pays(remedy)

    def _open_sentence(self, remedy: RemedyVerdict) -> str:
        name = f"open_{remedy.remedy}"
        if remedy.closes_at is None:
            return self.words(name, item=self.line.title)
        if remedy.closes_at < self.now:
            return self.words("sent_in_time", item=self.line.title)
        return self.words(f"{name}_until", item=self.line.title, deadline=self.deadline(remedy.closes_at))

    def _same_remedy_sentence(self, remedy: RemedyVerdict) -> str | None:
        """That another of the shop's programmes gives the same; None where only the sentence of its own fits."""
        programme = self.words(f"programme_{remedy.programme}")
        if remedy.closes_at is None:
            return self.words("also_by", programme=programme)
        if remedy.closes_at < self.now:
            return None
        return self.words("also_by_until", programme=programme, deadline=self.deadline(remedy.closes_at))

    def closed_by_other_terms(self, judged: Judged) -> list[str]:
        """Why another of the shop's programmes does not give what the customer came for, and can have all the same."""
        sentences = []
        for each in judged.remedies:
            if each.remedy is judged.wanted and each.outcome in _TOLD_CLOSED:
                programme = self.words(f"programme_{each.programme}")
                key, reasons = f"other_terms_{each.outcome}", " ".join(self._why(each))
                sentences.append(self.words(key, programme=programme, reasons=reasons))
                sentences += self._opens(each)
        return sentences

    def closed(self, judged: Judged) -> list[str]:
        """What the customer cannot have and every reason why: all of it, or, where something else is open, only
        what they came for. The payload always holds the rest."""
        sentences: dict[str, None] = {}
        for each in judged.remedies:
            if each.outcome.is_open or each.outcome is Outcome.NEEDS_INFORMATION:
                continue
            if judged.open and each.remedy is not judged.wanted:
                continue
            sentences |= dict.fromkeys(self.closed_sentence(each))
        return list(sentences)

    def closed_sentence(self, remedy: RemedyVerdict) -> list[str]:
        """That a remedy cannot be had, why, and from when it can."""
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

    def pays(self, remedy: RemedyVerdict) -> list[str]:
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

    def periods(self, periods: Iterable[Period]) -> list[str]:
        """Each with its clause."""
        return [f"{self._period(period)} ({period.clause})" for period in periods]

    def _period(self, period: Period) -> str:
        zone = shop_zone(self.line.order.shop)
        return self.words(
            f"date_{period.code}" if self.runs(period) else f"date_{period.code}_over",
            item=self.line.title,
            day=day_in_words(period.last_day, self.words),
            deadline=last_day_in_words(period.last_day, zone, self.now, self.words),
        )

    def runs(self, period: Period) -> bool:
        """Whether its last day is still to come, or today."""
        return period.last_day >= self.now.astimezone(shop_zone(self.line.order.shop)).date()

    def deadline(self, instant: datetime) -> str:
        """An end in the shop's zone, with what is left until then."""
        return deadline_in_words(instant, shop_zone(self.line.order.shop), self.now, self.words)

    def day(self, instant: datetime) -> str:
        """The shop's day of it."""
        return day_in_words(instant.astimezone(shop_zone(self.line.order.shop)).date(), self.words)
