"""`aftercare stock`: articles that run out and come back, and the lines that wait for them."""

from datetime import datetime
from typing import Annotated

import typer

from casework import stock
from casework.acting import DeskError
from order_store import Line
from policy_core import RemedyName

from .at_desk import (
    NOBODY_NAMED,
    By,
    Carrier,
    InShop,
    LineNumber,
    Tracking,
    Why,
    at_desk,
    code,
    looking,
    the_line,
)
from .showing import say, show_rows

app = typer.Typer(help="Articles that run out and come back.", no_args_is_help=True)

Shop = Annotated[str, typer.Argument(help="The shop's key.")]
CHOICES = {"wait": RemedyName.WAIT_BACKORDER, "refund": RemedyName.REFUND_NOW}
"""What the letter offers (ST-O2), as people at the shop type it."""

Sku = Annotated[str, typer.Argument(help="The article's SKU, as the orders tell it.")]


@app.command("list")
def list_waiting(shop: InShop = None) -> None:
    """The lines that ran out and are not shipped, and what their customers chose."""
    with looking() as acting:
        show_rows(
            "Out of stock",
            ("shop", "order", "line", "sku", "pieces", "expected", "chosen"),
            (
                (
                    *(line.order.shop_key, line.order.number, line.position + 1, line.sku, line.quantity),
                    *(line.restock_expected_on, choice.course if choice is not None else "not yet"),
                )
                for line, choice in stock.waiting_lines(acting.session, shop)
            ),
            "No line waits for an article that ran out.",
        )


@app.command()
def out(
    shop: Shop,
    sku: Sku,
    expected: Annotated[
        datetime | None, typer.Option("--expected", formats=["%Y-%m-%d"], help="The day it is expected back.")
    ] = None,
    by: By = NOBODY_NAMED,
) -> None:
    """An article has run out: every customer whose line is not shipped is told by e-mail at once."""
    with at_desk(by) as acting:
        day = expected.date() if expected is not None else None
        names = [_name(line) for line in stock.run_out(acting, shop, sku, day)]
    _say(f"{sku} is out of stock", names)


@app.command()
def restock(shop: Shop, sku: Sku, by: By = NOBODY_NAMED) -> None:
    """An article is there again; the lines that wait for it can be sent."""
    with at_desk(by) as acting:
        names = [_name(line) for line in stock.restock(acting, shop, sku)]
    _say(f"{sku} is in stock again", names)


@app.command()
def chose(
    order: Annotated[str, typer.Argument(help="The order's number.")],
    choice: Annotated[str, typer.Argument(help="What the customer replied: wait or refund.")],
    line: LineNumber = None,
    shop: InShop = None,
    by: By = NOBODY_NAMED,
) -> None:
    """The customer of a line that ran out has replied: they wait for it, or have their money back."""
    with at_desk(by) as acting:
        remedy = CHOICES.get(choice)
        if remedy is None:
            raise DeskError(f"{choice!r}: a customer chooses {' or '.join(CHOICES)}")
        found = the_line(acting, order, line, shop)
        granted = stock.choose(acting, found, remedy)
        name, before = _name(found), " already" if granted.again else ""
    if granted.kind == "backorder":
        say(f"{name} is{before} waited for")
    elif granted.refund is None:
        say(f"{name} is{before} called off; nothing was paid")
    else:
        say(f"{name} is{before} called off; to pay back: {' '.join(granted.refund)}")


@app.command()
def shipped(
    order: Annotated[str, typer.Argument(help="The order's number.")],
    line: LineNumber = None,
    shop: InShop = None,
    carrier: Carrier = None,
    tracking: Tracking = None,
    why: Why = "ST-O2",
    by: By = NOBODY_NAMED,
) -> None:
    """A line whose customer waited has been sent."""
    with at_desk(by) as acting:
        found = the_line(acting, order, line, shop)
        stock.ship(acting, found, carrier=carrier, tracking=tracking, why=code(why, "--why"))
        name = _name(found)
    say(f"{name} is shipped")


def _say(what: str, names: list[str]) -> None:
    say(f"{what}; lines changed: {len(names)}")
    for name in names:
        say(f"  {name}")


def _name(line: Line) -> str:
    return f"{line.order.number}, line {line.position + 1}"
