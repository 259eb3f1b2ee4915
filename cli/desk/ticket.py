"""`aftercare ticket`: what the chat handed to a person."""

from typing import Annotated

import typer
from sqlalchemy import select

from casework import approving
from casework.cases import shop_zone
from order_store import Ticket

from .at_desk import NOBODY_NAMED, By, Everything, InShop, Why, at_desk, code, looking, the
from .showing import say, say_state, show_facts, show_history, show_rows

app = typer.Typer(help="What the chat handed to a person.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The ticket's number (TKT-…), however it is written.")]


@app.command("list")
def list_tickets(shop: InShop = None, everything: Everything = False) -> None:
    """The tickets nobody has settled, the oldest first."""
    query = select(Ticket).order_by(Ticket.id)
    if not everything:
        query = query.where(Ticket.closed_at.is_(None))
    if shop is not None:
        query = query.where(Ticket.shop_key == shop)
    with looking() as acting:
        show_rows(
            "Tickets",
            ("number", "shop", "order", "about", "why", "to approve", "course"),
            (
                (
                    *(ticket.number, ticket.shop_key, ticket.line.order.number if ticket.line is not None else None),
                    *(ticket.goal, ticket.why, ticket.remedy, ticket.course),
                )
                for ticket in acting.session.scalars(query)
            ),
            "There is no ticket" + ("." if everything else " that waits."),
        )


@app.command()
def show(number: Number) -> None:
    """One ticket with what was said, the customer's contact included."""
    with looking() as acting:
        ticket = the(acting, Ticket, number)
        line, shop = ticket.line, ticket.shop
        show_facts(
            ticket.number,
            (
                ("shop", shop.name),
                ("order", line.order.number if line is not None else None),
                ("item", line.title if line is not None else None),
                ("answer to", ticket.contact),
                ("about", ticket.goal),
                ("why", ticket.why),
                ("to approve", ticket.remedy),
                ("opened", f"{ticket.opened_at.astimezone(shop_zone(shop)):%Y-%m-%d %H:%M}"),
            ),
        )
        for each in ticket.transcript:
            say(_said(str(each.get("from", "?")), str(each.get("text", ""))))
        say_state(ticket)
        show_history(acting, ticket, shop)


def _said(sender: str, text: str) -> str:
    """What one side said: every line after the first stands further in, so that none looks like another's words."""
    first, *more = text.splitlines() or [""]
    return "\n".join((f"  {sender}: {first}", *(f"      {line}" for line in more)))


@app.command()
def close(number: Number, why: Why = "answered", by: By = NOBODY_NAMED) -> None:
    """A person has settled it. To grant or refuse what it asks for, use: rma approve, rma reject."""
    with at_desk(by) as acting:
        ticket = the(acting, Ticket, number)
        approving.answer(acting, ticket, code(why, "--why"))
    say_state(ticket)
