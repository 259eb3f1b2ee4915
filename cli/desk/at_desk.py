"""What every command at the desk has in common: one transaction, who acts, and how it ends.

A command exits with 1 for what cannot happen now, and with 2 for what was told wrongly; nothing is changed then.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Final

import typer
from rich.console import Console
from sqlalchemy import select

from casework.acting import DESK, Acting, DeskError, NotPossibleError
from casework.clock import Clock
from casework.granting import NoLongerOpenError
from order_store import (
    Dispute,
    ImpossibleTransition,
    Line,
    Order,
    PrivacyRequest,
    Repair,
    Rma,
    Ticket,
    find_numbered,
    order_key,
)
from order_store.numbered import Numbered
from policy_core import Outcome, PolicyError

from ..importing import NOT_READABLE, exit_on_error, opened_store
from .commands import COMMANDS, commands_of

NOT_POSSIBLE: Final = 1

By = Annotated[str, typer.Option("--by", help="Who does it, as a code for the audit trail: no name, no address.")]
Why = Annotated[str, typer.Option("--why", help="The reason as a code or a clause, such as ST-D4.")]
InShop = Annotated[str | None, typer.Option("--shop", help="The shop's key.")]
LineNumber = Annotated[int | None, typer.Option("--line", min=1, help="Which line of the order, counted from 1.")]


def _told(text: str | None) -> str | None:
    """The text, where there is any: a blank one says nothing."""
    return (text or "").strip() or None


Carrier = Annotated[str | None, typer.Option("--carrier", callback=_told, help="Who carries the parcel.")]
Tracking = Annotated[str | None, typer.Option("--tracking", callback=_told, help="The parcel's tracking number.")]
Everything = Annotated[bool, typer.Option("--all", help="Closed ones too.")]

NOBODY_NAMED: Final = DESK.removeprefix("shop:")

_KINDS: Final[dict[type, str]] = {
    Rma: "RMA",
    Dispute: "dispute",
    Ticket: "ticket",
    Repair: "repair",
    PrivacyRequest: "privacy request",
}
_CODE: Final = re.compile(r"[\w.:+/#-]{1,64}")
_AMOUNT: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


@contextmanager
def at_desk(by: str) -> Iterator[Acting]:
    """One write transaction at the shop's desk, as of the clock; committed only if the command goes well."""
    with _explained(), opened_store() as database:
        who, now = f"shop:{code(by, '--by')}", Clock.from_environment(os.environ).now()
        with database.write() as session:
            yield Acting(session, now, who)


@contextmanager
def looking() -> Iterator[Acting]:
    """The store as it is, for a command that changes nothing."""
    with _explained(), opened_store() as database, database.read() as session:
        yield Acting(session, Clock.from_environment(os.environ).now(), DESK)


@contextmanager
def _explained() -> Iterator[None]:
    errors = Console(stderr=True)
    with exit_on_error(errors):
        try:
            yield
        except ImpossibleTransition as problem:
            _end(errors, _not_possible(problem), NOT_POSSIBLE)
        except NotPossibleError as problem:
            _end(errors, str(problem), NOT_POSSIBLE)
        except NoLongerOpenError as closed:
            _end(errors, _not_open(closed), NOT_POSSIBLE)
        except (DeskError, PolicyError) as problem:
            _end(errors, str(problem), NOT_READABLE)


def _not_possible(problem: ImpossibleTransition) -> str:
    """The refusal in the words of the commands."""
    asked = COMMANDS[problem.kind].get(problem.event) or problem.event
    state = ", ".join(f"{column} {value}" for column, value in problem.state.items())
    possible = commands_of(problem.kind, problem.possible)
    return f"{problem.name} ({state}): {asked} is not possible; possible now: {possible}"


def _not_open(closed: NoLongerOpenError) -> str:
    """Why the remedy asked for cannot be given, and what a person can do about it."""
    asked = [each for each in closed.judged.verdict.remedies if each.remedy is closed.remedy]
    reasons = {f"{reason.code} ({reason.clause})" for each in asked for reason in each.reasons}
    missing = {f"{path} is not known" for each in asked for path in each.questions}
    why = ", ".join(sorted(reasons) + sorted(missing)) or "not for this order"
    if any(each.outcome is Outcome.REFER_TO_PERSON for each in asked):
        return f"{closed.remedy} is yours to decide: {why}; to grant it, say --remedy {closed.remedy} and --why CODE"
    return f"{closed.remedy} is not open any more: {why}"


def code(text: str, option: str) -> str:
    """`text` as it may stand in the audit trail. Raises DeskError for anything but one short word."""
    if not _CODE.fullmatch(text):
        raise DeskError(f"{option}: write one word of letters, digits and . : + / # - such as ST-D4, not {text!r}")
    return text


def the(acting: Acting, table: type[Numbered], number: str) -> Numbered:
    """The row of this number. Raises DeskError where there is none, or the number has a slip in it."""
    found = find_numbered(acting.session, table, number)
    if found is None:
        raise DeskError(f"there is no {_KINDS[table]} of the number {number!r}: look for a slip in it")
    return found


def the_line(acting: Acting, number: str, line: int | None, shop: str | None) -> Line:
    """The line of an order, counted from 1; it need not be said where there is one. Raises DeskError."""
    orders = acting.session.scalars(
        select(Order).where(Order.number_key == order_key(number), *([Order.shop_key == shop] if shop else []))
    ).all()
    if len(orders) > 1:
        shops = ", ".join(sorted(order.shop_key for order in orders))
        raise DeskError(f"{number!r} is an order of several shops ({shops}): say which with --shop")
    if not orders:
        raise DeskError(f"there is no order {number!r}" + (f" in the shop {shop}" if shop else ""))
    lines = orders[0].lines
    if line is None and len(lines) > 1:
        titles = "; ".join(f"{place} {each.title}" for place, each in enumerate(lines, start=1))
        raise DeskError(f"{orders[0].number} has several lines: say which with --line ({titles})")
    if line is not None and line > len(lines):
        raise DeskError(f"{orders[0].number} has {len(lines)} lines")
    return lines[(line or 1) - 1]


def amount_of(text: str | None) -> Decimal | None:
    """An amount as written, "39.90", of two decimal places at most. Raises DeskError for anything else."""
    if text is None:
        return None
    if not _AMOUNT.fullmatch(text):
        raise DeskError(f"amount: write a number such as 39.90, not {text!r}")
    return Decimal(text)


def currency_of(text: str) -> str:
    """An ISO 4217 currency, in capitals. Raises DeskError for what has not its form."""
    currency = text.upper()
    if not _CURRENCY.fullmatch(currency):
        raise DeskError(f"--currency: write three letters such as EUR, not {text!r}")
    return currency


def _end(errors: Console, problem: str, status: int) -> None:
    errors.print(problem, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(status) from None
