"""`aftercare rma`: what happens to a return, an exchange or a repair under its number."""

from datetime import datetime
from typing import Annotated

import typer

from casework import approving, returns
from casework.acting import DeskError
from casework.clock import ClockError, instant
from order_store import Rma, Ticket, find_numbered
from policy_core import RemedyName

from .at_desk import (
    NOBODY_NAMED,
    By,
    Carrier,
    Tracking,
    Why,
    amount_of,
    at_desk,
    code,
    the,
)
from .pictures import save_pictures
from .rma_shown import Number, list_rmas, show
from .showing import say, say_state

app = typer.Typer(help="Returns, exchanges and repairs under their RMA number.", no_args_is_help=True)

Quantity = Annotated[int | None, typer.Option("--quantity", min=1, help="How many pieces; default: all of them.")]
Amount = Annotated[str | None, typer.Option("--amount", help="What is refunded, in the order's currency.")]


app.command("list")(list_rmas)
app.command("show")(show)
app.command("pictures")(save_pictures)


@app.command()
def approve(
    number: Annotated[str, typer.Argument(help="The ticket's number (TKT-…), or an RMA's that waits for approval.")],
    remedy: Annotated[RemedyName | None, typer.Option(help="What to grant, where the ticket does not say.")] = None,
    why: Annotated[
        str | None, typer.Option("--why", help="A code or a clause: grants also what the policy leaves to you.")
    ] = None,
    by: By = NOBODY_NAMED,
) -> None:
    """Grant what a customer said yes to, judged as of now: the RMA is issued and goes to them by e-mail."""
    with at_desk(by) as acting:
        because = code(why, "--why") if why is not None else None
        waiting = find_numbered(acting.session, Rma, number)
        if waiting is not None:
            acting.step(waiting, "approve", because or "approved")
            granted = f"{waiting.number} is approved"
        else:
            ticket = the(acting, Ticket, number)
            given = approving.approve(acting, ticket, remedy, because)
            before = " was there already" if given.again else ""
            granted = f"{ticket.number} is approved: {given.kind} {given.number or ''}".rstrip() + before
    say(granted)


@app.command()
def sent(
    number: Number,
    carrier: Carrier = None,
    tracking: Tracking = None,
    on: Annotated[str | None, typer.Option("--at", help="When it was handed over: an instant with its offset.")] = None,
    why: Why = "sent",
    by: By = NOBODY_NAMED,
) -> None:
    """The parcel is with the carrier; only with a tracking number does that day count as the day of return."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        since = _instant(on)
        returns.send(acting, rma, carrier=carrier, tracking=tracking, handed_over_at=since, why=code(why, "--why"))
    say_state(rma)


@app.command()
def receive(number: Number, quantity: Quantity = None, why: Why = "arrived", by: By = NOBODY_NAMED) -> None:
    """The parcel came; with --quantity only a part of it."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.receive(acting, rma, quantity, code(why, "--why"))
    say_state(rma)
    say(f"{rma.received_quantity} of {rma.quantity} pieces came")


@app.command()
def inspect(number: Number, why: Why = "inspected", by: By = NOBODY_NAMED) -> None:
    """Somebody has looked at what came; what is missing is not waited for."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.inspect(acting, rma, code(why, "--why"))
    say_state(rma)


@app.command()
def accept(
    number: Number,
    quantity: Quantity = None,
    amount: Amount = None,
    why: Why = "accepted",
    by: By = NOBODY_NAMED,
) -> None:
    """Take back what came, or --quantity of it: its refund, replacement or repair is due."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.accept(acting, rma, quantity, amount_of(amount), code(why, "--why"))
    say_state(rma)


@app.command()
def reject(
    number: Annotated[str, typer.Argument(help="The RMA's number, or the ticket's (TKT-…) that waits for approval.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, as a code or a clause, such as ST-D4.")],
    by: By = NOBODY_NAMED,
) -> None:
    """Take nothing back; the goods return to the customer."""
    with at_desk(by) as acting:
        rma, why = find_numbered(acting.session, Rma, number), code(reason, "--reason")
        if rma is not None:
            returns.reject(acting, rma, why)
        else:
            ticket = the(acting, Ticket, number)
            approving.decline(acting, ticket, why)
    say_state(rma or ticket)


@app.command()
def refunded(number: Number, amount: Amount = None, why: Why = "paid", by: By = NOBODY_NAMED) -> None:
    """The money has been sent, or takes the place of a replacement that cannot be had."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.refund(acting, rma, amount_of(amount), code(why, "--why"))
    say_state(rma)


@app.command()
def exchanged(
    number: Number, carrier: Carrier = None, tracking: Tracking = None, why: Why = "replaced", by: By = NOBODY_NAMED
) -> None:
    """The replacement is on its way."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.exchange(acting, rma, carrier=carrier, tracking=tracking, why=code(why, "--why"))
    say_state(rma)


@app.command()
def repaired(number: Number, why: Why = "repaired", by: By = NOBODY_NAMED) -> None:
    """The item is repaired; it still has to go back."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.repair(acting, rma, code(why, "--why"))
    say_state(rma)


@app.command("sent-back")
def sent_back(
    number: Number, carrier: Carrier = None, tracking: Tracking = None, why: Why = "sent_back", by: By = NOBODY_NAMED
) -> None:
    """What was not taken back, or is repaired, is on its way to the customer."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.send_back(acting, rma, carrier=carrier, tracking=tracking, why=code(why, "--why"))
    say_state(rma)


@app.command()
def keep(number: Number, why: Why = "customer_leaves_it", by: By = NOBODY_NAMED) -> None:
    """What was rejected stays with the shop: the customer does not want it back."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.keep(acting, rma, code(why, "--why"))
    say_state(rma)


@app.command()
def waive(number: Number, why: Why = "settled_otherwise", by: By = NOBODY_NAMED) -> None:
    """Nothing is due any more: the customer has it otherwise, or no longer wants it."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.waive(acting, rma, code(why, "--why"))
    say_state(rma)


@app.command()
def cancel(number: Number, why: Why = "customer_asked", by: By = NOBODY_NAMED) -> None:
    """The customer keeps the item; nothing was sent."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.cancel(acting, rma, code(why, "--why"))
    say_state(rma)


@app.command()
def lost(number: Number, why: Why = "lost", by: By = NOBODY_NAMED) -> None:
    """The parcel is lost on its way; accept or reject says whose loss that is."""
    with at_desk(by) as acting:
        rma = the(acting, Rma, number)
        returns.lose(acting, rma, code(why, "--why"))
    say_state(rma)


def _instant(text: str | None) -> datetime | None:
    try:
        return None if text is None else instant(text)
    except ClockError as error:
        raise DeskError(f"--at: {error}") from None
