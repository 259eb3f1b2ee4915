"""`aftercare dispute`: a claim under buyer protection, from the seller's answer to the refund."""

from enum import StrEnum
from typing import Annotated

import typer
from sqlalchemy import or_, select

from casework import disputes
from casework.refunds import refund_of
from order_store import Dispute, Line, Order, pictures_of

from .at_desk import NOBODY_NAMED, By, Everything, InShop, Why, amount_of, at_desk, code, looking, the
from .showing import say, say_state, show_facts, show_history, show_rows

app = typer.Typer(help="Disputes under buyer protection.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The dispute's number, however it is written.")]


class Side(StrEnum):
    """For whom a dispute is decided."""

    buyer = "buyer"
    seller = "seller"


@app.command("list")
def list_disputes(shop: InShop = None, everything: Everything = False) -> None:
    """The disputes that are not closed, or whose refund is still to come; one that is overdue is marked."""
    query = select(Dispute).join(Dispute.line).join(Line.order).order_by(Dispute.id)
    if not everything:
        query = query.where(or_(Dispute.claim_closed_at.is_(None), Dispute.settlement == "due"))
    if shop is not None:
        query = query.where(Order.shop_key == shop)
    with looking() as acting:
        rows = []
        for dispute in acting.session.scalars(query):
            order = dispute.line.order
            due = disputes.refund_due_on(acting.session, dispute, acting.now)
            late = due is not None and dispute.settlement == "due" and due < acting.today(order.shop)
            rows.append(
                (
                    *(dispute.number, order.shop_key, order.number, dispute.reason),
                    *(dispute.course, dispute.decision, dispute.settlement),
                    f"{due} OVERDUE" if late else due,
                )
            )
        show_rows(
            "Disputes",
            ("number", "shop", "order", "reason", "course", "decision", "settlement", "refund due"),
            rows,
            "There is no dispute" + ("." if everything else " that is not settled."),
        )


@app.command()
def show(number: Number) -> None:
    """Everything about one dispute, the customer's name and address included."""
    with looking() as acting:
        dispute = the(acting, Dispute, number)
        order, refund = dispute.line.order, refund_of(acting.session, dispute)
        show_facts(
            dispute.number,
            (
                ("shop", order.shop.name),
                ("order", order.number),
                ("item", dispute.line.title),
                ("customer", " ".join(filter(None, (order.customer.name, order.customer.email)))),
                ("reason", dispute.reason),
                ("pictures", len(pictures_of(acting.session, dispute))),
                ("decided because", dispute.decided_because),
                ("refund", f"{refund.amount} {refund.currency}, {refund.state}" if refund is not None else None),
                ("refund due", disputes.refund_due_on(acting.session, dispute, acting.now)),
            ),
        )
        say_state(dispute)
        show_history(acting, dispute, order.shop)


@app.command()
def answered(number: Number, why: Why = "seller_answered", by: By = NOBODY_NAMED) -> None:
    """The seller has answered."""
    with at_desk(by) as acting:
        dispute = the(acting, Dispute, number)
        disputes.answered(acting, dispute, code(why, "--why"))
    say_state(dispute)


@app.command()
def decide(
    number: Number,
    side: Annotated[Side, typer.Option("--for", help="Who is right.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, as a code or a clause, such as BP-4b.")],
    amount: Annotated[str | None, typer.Option("--amount", help="What is refunded; default: all.")] = None,
    by: By = NOBODY_NAMED,
) -> None:
    """Decide the dispute; the buyer is told by e-mail."""
    with at_desk(by) as acting:
        dispute = the(acting, Dispute, number)
        disputes.decide_for(acting, dispute, side.value, code(reason, "--reason"), amount_of(amount))
    say_state(dispute)


@app.command()
def withdraw(number: Number, why: Why = "buyer_asked", by: By = NOBODY_NAMED) -> None:
    """The buyer takes the claim back; it is closed with that."""
    with at_desk(by) as acting:
        dispute = the(acting, Dispute, number)
        disputes.withdraw(acting, dispute, code(why, "--why"))
    say_state(dispute)


@app.command()
def close(number: Number, why: Why = "decided", by: By = NOBODY_NAMED) -> None:
    """End the claim process: from today counts by when the refund is there."""
    with at_desk(by) as acting:
        dispute = the(acting, Dispute, number)
        due = disputes.close(acting, dispute, code(why, "--why"))
    say_state(dispute)
    if due is not None:
        say(f"the refund is due by {due} (BP-7)")


@app.command()
def refunded(number: Number, why: Why = "paid", by: By = NOBODY_NAMED) -> None:
    """The money has been sent."""
    with at_desk(by) as acting:
        dispute = the(acting, Dispute, number)
        disputes.refunded(acting, dispute, code(why, "--why"))
    say_state(dispute)


@app.command()
def waive(number: Number, why: Why = "settled_otherwise", by: By = NOBODY_NAMED) -> None:
    """Nothing is refunded any more: the buyer has it otherwise, or no longer wants it."""
    with at_desk(by) as acting:
        dispute = the(acting, Dispute, number)
        disputes.waive(acting, dispute, code(why, "--why"))
    say_state(dispute)
