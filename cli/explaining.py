"""`aftercare explain`: a verdict as a person reads it, with the facts, the arithmetic and the clauses behind it."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policy_core import (
    Case,
    Count,
    Explanation,
    Ground,
    Payer,
    Reason,
    RemedyVerdict,
    Told,
    Unit,
    Verdict,
    default_clauses,
    end_of_day,
    local_day,
    read_case,
    read_text,
)
from policy_core import explain as explained

from .deciding import read_input, refusing_bad_input

FACTS = {
    "order.paid_at": "paid",
    "order.shipped_at": "shipped",
    "order.delivered_at": "received",
    "order.receipt_confirmed_at": "receipt confirmed",
    "order.completed_at": "completed",
    "order.protection_ends_at": "protection stored until",
    "order.on_platform": "bought on the platform",
    "order.account_standing": "account",
    "order.address_error": "address error",
    "line.stock": "stock",
    "line.factory_shipped_on": "left the factory",
    "line.warranty_until": "warranty until",
    "line.one_year_service": "one-year service",
    "line.repaired_and_sent_back_on": "repaired and sent back",
    "claim.reason": "reason",
    "claim.proof.date": "proof of purchase dated",
    "claim.proof.valid": "proof of purchase",
    "claim.complete": "complete",
    "claim.activated": "activated",
    "claim.resalable": "sellable as new",
    "claim.caused_by_customer": "damage by the customer",
    "claim.cause": "cause",
    "claim.labels_intact": "labels intact",
    "claim.photos": "pictures",
    "rma.issued_at": "RMA issued",
    "rma.handed_over_at": "handed to the carrier",
    "rma.received_at": "received back",
    "rma.tracked": "sent with tracking",
    "claim_closed_at": "claim closed",
}
"""What each fact is called here, by its path."""

ENDS = frozenset({"order.protection_ends_at", "line.warranty_until"})
"""Facts that are ends, not events: they count although they lie ahead."""


def explain(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="One case as JSON or YAML; - reads it from standard input.")
    ],
) -> None:
    """Explain one case: its verdict as a person reads it, with the facts, the arithmetic and the clauses.

    Exits with 2, and one line on standard error that names the file and the field, where the input is no case.
    """
    with refusing_bad_input(file):
        case = read_case(read_text(read_input(file)))
    verdict, explanations = explained(case)
    page = _Page(Console(highlight=False, markup=False, emoji=False), case)
    page.show(verdict, explanations)


class _Page:
    """One explanation, printed; days are the shop's."""

    def __init__(self, console: Console, case: Case) -> None:
        self._console = console
        self._zone: ZoneInfo = case.shop.timezone
        self._now = case.as_of

    def show(self, verdict: Verdict, explanations: tuple[Explanation, ...]) -> None:
        self._console.print(f"As of {self._instant(self._now)}, {self._zone.key}. Policy {verdict.policy}.\n")
        self._console.print(self._remedies(verdict))
        for explanation in explanations:
            self._explanation(explanation)
        if verdict.dates:
            self._heading("The periods of this item")
            for period in verdict.dates:
                self._line(f"{period.clause}  {_words(period.code)}: {self._arithmetic(period.window)}")

    def _remedies(self, verdict: Verdict) -> Table:
        table = Table("remedy", "programme", "outcome", "last day", "carriage there, back")
        for each in verdict.remedies:
            last_day = self._end(each.closes_at) if each.closes_at else ""
            table.add_row(_words(each.remedy), _words(each.programme), _words(each.outcome), last_day, _carriage(each))
        return table

    def _explanation(self, explanation: Explanation) -> None:
        verdict = explanation.verdict
        self._heading(f"{_words(verdict.remedy)}, {_words(verdict.programme)}: {_words(verdict.outcome)}")
        for path in verdict.questions:
            self._line(f"still needed: {_fact_name(path)} ({path})")
        for ground in explanation.grounds:
            self._ground(ground)
        if verdict.opens_at:
            self._line(f"opens {self._instant(verdict.opens_at)}")
        for duty in verdict.obligations:
            due = f", by {self._day(duty.due)}" if duty.due else ""
            self._line(f"the customer's part: {_words(duty.code)} ({duty.clause}{due})")
        if verdict.next_step:
            self._line(f"next step: {_words(verdict.next_step)}")

    def _ground(self, ground: Ground) -> None:
        if ground.reason is not None:
            self._reason(ground.reason)
        facts = [f"{_fact_name(path)} {self._fact(path, value)}" for path, value in ground.facts.items()]
        if facts:
            self._line(f"known: {'; '.join(facts)}", indent=4 if ground.reason else 2)

    def _reason(self, reason: Reason) -> None:
        self._line(f"{reason.clause}  {_words(reason.code)}: {default_clauses()[reason.clause].says}")
        if reason.window is not None:
            self._line(self._arithmetic(reason.window), indent=4)

    def _arithmetic(self, window: Count) -> str:
        """ "received Tue 10 Feb + 7 days = Tue 17 Feb, end of day, Shanghai"."""
        counted = f"{_fact_name(window.fact)} {self._day(window.start)}"
        if not window.steps:
            return f"{counted}, {self._city}"
        for step in window.steps:
            unit = "year" if step.unit is Unit.YEARS else "day"
            counted += f" + {step.figure} {unit}{'' if step.figure == 1 else 's'}"
        figures = ", ".join(step.parameter for step in window.steps if step.parameter)
        moment = "start of day" if window.steps[-1].parameter is None else "end of day"
        return f"{counted} = {self._day(window.last_day)}, {moment}, {self._city} ({figures})"

    @property
    def _city(self) -> str:
        return self._zone.key.rpartition("/")[2].replace("_", " ")

    def _day(self, day: date) -> str:
        """The year is left out where it is that of the day asked."""
        year = "" if day.year == local_day(self._now, self._zone).year else f" {day.year}"
        return f"{day:%a} {day.day} {day:%b}{year}"

    def _instant(self, instant: datetime) -> str:
        local = instant.astimezone(self._zone)
        time = f"{local:%H:%M:%S}" + (f".{local.microsecond:06}" if local.microsecond else "")
        return f"{local:%a} {local.day} {local:%b} {local.year} {time}"

    def _end(self, instant: datetime) -> str:
        day = local_day(instant, self._zone)
        return self._day(day) if instant == end_of_day(day, self._zone) else self._instant(instant)

    def _fact(self, path: str, value: Told) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, datetime):
            return self._instant(value) + self._to_come(path, value > self._now)
        if isinstance(value, date):
            return self._day(value) + self._to_come(path, value > local_day(self._now, self._zone))
        return _words(str(value))

    @staticmethod
    def _to_come(path: str, ahead: bool) -> str:
        return " (still to come, so it does not count)" if ahead and path not in ENDS else ""

    def _heading(self, text: str) -> None:
        self._console.print(Text(f"\n{text}", style="bold"))

    def _line(self, text: str, indent: int = 2) -> None:
        self._console.print(Padding(Text(text), (0, 0, 0, indent), expand=False))


def _words(code: str) -> str:
    return " ".join("RMA" if word == "rma" else word for word in code.split("_"))


def _fact_name(path: str) -> str:
    return FACTS.get(path) or FACTS.get(f"{path}.valid") or path


def _carriage(verdict: RemedyVerdict) -> str:
    if verdict.pays is None:
        return ""
    there, back = verdict.pays.original_shipping, verdict.pays.return_shipping
    if {there, back} == {Payer.NONE}:
        return "nothing travels"
    return f"{_words(there)}, {_words(back)}"
