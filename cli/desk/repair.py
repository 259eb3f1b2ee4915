"""`aftercare repair`: an item at the service centre, its quote, and its way back."""

from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import select

from casework import repairs
from casework.acting import DeskError
from order_store import Line, Order, Repair

from .at_desk import (
    NOBODY_NAMED,
    By,
    Carrier,
    Everything,
    InShop,
    LineNumber,
    Tracking,
    Why,
    amount_of,
    at_desk,
    code,
    currency_of,
    looking,
    the,
    the_line,
)
from .showing import say_state, show_facts, show_history, show_rows

app = typer.Typer(help="Repairs: quotes, due days and the way back.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The repair's number (RPR-…), however it is written.")]


@app.command("list")
def list_repairs(shop: InShop = None, everything: Everything = False) -> None:
    """The repairs that are not sent back; one that is overdue is marked."""
    query = select(Repair).join(Repair.line).join(Line.order).order_by(Repair.id)
    if not everything:
        query = query.where(Repair.closed_at.is_(None))
    if shop is not None:
        query = query.where(Order.shop_key == shop)
    with looking() as acting:
        rows = []
        for repair in acting.session.scalars(query):
            order = repair.line.order
            late = repair.course == "agreed" and repair.due_on is not None and repair.due_on < acting.today(order.shop)
            rows.append(
                (
                    *(repair.number, order.shop_key, order.number, repair.line.title),
                    *(repair.course, repair.fee, _quote(repair)),
                    f"{repair.due_on} OVERDUE" if late else repair.due_on,
                )
            )
        show_rows(
            "Repairs",
            ("number", "shop", "order", "item", "course", "fee", "quote", "due"),
            rows,
            "There is no repair" + ("." if everything else " that is not sent back."),
        )


@app.command()
def show(number: Number) -> None:
    """Everything about one repair, the customer's name and address included."""
    with looking() as acting:
        repair = the(acting, Repair, number)
        order = repair.line.order
        show_facts(
            repair.number,
            (
                ("shop", order.shop.name),
                ("order", order.number),
                ("item", repair.line.title),
                ("RMA", repair.rma.number if repair.rma is not None else None),
                ("customer", " ".join(filter(None, (order.customer.name, order.customer.email)))),
                ("under warranty", repair.under_warranty),
                ("quote", _quote(repair)),
                ("due", repair.due_on),
                ("parcel", " ".join(filter(None, (repair.carrier, repair.tracking))) or None),
            ),
        )
        say_state(repair)
        show_history(acting, repair, order.shop)


@app.command()
def receive(
    order: Annotated[str, typer.Argument(help="The order's number.")],
    line: LineNumber = None,
    shop: InShop = None,
    why: Why = "arrived",
    by: By = NOBODY_NAMED,
) -> None:
    """An item came in for repair without an RMA; with one, use: rma receive."""
    with at_desk(by) as acting:
        repair = repairs.start(acting, the_line(acting, order, line, shop), why=code(why, "--why"))
    say_state(repair)


@app.command()
def quote(
    number: Number,
    amount: Annotated[str, typer.Argument(help="What the repair costs, such as 45.00.")],
    valid_until: Annotated[
        datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day the quote holds.")
    ],
    currency: Annotated[str | None, typer.Option(help="ISO 4217; default: the order's.")] = None,
    by: By = NOBODY_NAMED,
) -> None:
    """Say what it costs; the customer is told by e-mail, and nothing starts before they agree."""
    with at_desk(by) as acting:
        repair = the(acting, Repair, number)
        cost, paid_in = amount_of(amount), currency_of(repair.line.currency if currency is None else currency)
        if cost is None:
            raise DeskError(f"{repair.number}: say what it costs")
        repairs.quote(acting, repair, cost, paid_in, valid_until.date())
    say_state(repair)


@app.command()
def agree(number: Number, by: By = NOBODY_NAMED) -> None:
    """The customer agrees to the quote: the repair starts, its fee is owed."""
    with at_desk(by) as acting:
        repair = the(acting, Repair, number)
        repairs.agree(acting, repair)
    say_state(repair)


@app.command()
def confirm(number: Number, why: Why = "AS-W2", by: By = NOBODY_NAMED) -> None:
    """It is a case of the warranty: the repair starts, nothing is owed. Under an RMA, use: rma accept."""
    with at_desk(by) as acting:
        repair = the(acting, Repair, number)
        repairs.confirm(acting, repair, code(why, "--why"))
    say_state(repair)


@app.command()
def decline(number: Number, why: Why = "customer_declined", by: By = NOBODY_NAMED) -> None:
    """Nothing is repaired; the item goes back as it is."""
    with at_desk(by) as acting:
        repair = the(acting, Repair, number)
        repairs.decline(acting, repair, code(why, "--why"))
    say_state(repair)


@app.command()
def paid(number: Number, why: Why = "paid", by: By = NOBODY_NAMED) -> None:
    """The customer has paid the fee."""
    with at_desk(by) as acting:
        repair = the(acting, Repair, number)
        repairs.fee_paid(acting, repair, code(why, "--why"))
    say_state(repair)


@app.command()
def done(number: Number, why: Why = "repaired", by: By = NOBODY_NAMED) -> None:
    """The item is repaired; it still has to go back."""
    with at_desk(by) as acting:
        repair = the(acting, Repair, number)
        repairs.finish(acting, repair, code(why, "--why"))
    say_state(repair)


@app.command("give-up")
def give_up(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="Why, as a code.")],
    by: By = NOBODY_NAMED,
) -> None:
    """It cannot be repaired: a fee still owed is waived, one paid has to be returned."""
    with at_desk(by) as acting:
        repair = the(acting, Repair, number)
        repairs.give_up(acting, repair, code(reason, "--reason"))
    say_state(repair)


@app.command("fee-returned")
def fee_returned(number: Number, why: Why = "unrepairable", by: By = NOBODY_NAMED) -> None:
    """The fee of a repair that failed has been paid back."""
    with at_desk(by) as acting:
        repair = the(acting, Repair, number)
        repairs.fee_returned(acting, repair, code(why, "--why"))
    say_state(repair)


@app.command("sent-back")
def sent_back(
    number: Number, carrier: Carrier = None, tracking: Tracking = None, why: Why = "sent_back", by: By = NOBODY_NAMED
) -> None:
    """The item is on its way to the customer; after a repair outside the warranty its cover begins."""
    with at_desk(by) as acting:
        repair = the(acting, Repair, number)
        repairs.send_back(acting, repair, carrier=carrier, tracking=tracking, why=code(why, "--why"))
    say_state(repair)


@app.command()
def keep(number: Number, why: Why = "customer_leaves_it", by: By = NOBODY_NAMED) -> None:
    """What was not repaired stays with the shop."""
    with at_desk(by) as acting:
        repair = the(acting, Repair, number)
        repairs.leave(acting, repair, code(why, "--why"))
    say_state(repair)


def _quote(repair: Repair) -> str | None:
    if repair.quote_amount is None:
        return None
    return f"{repair.quote_amount} {repair.quote_currency} until {repair.quote_valid_until}"
